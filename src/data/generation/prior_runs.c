#include "data/generation/prior_runs.h"

#include "base/random.h"
#include "chemistry/mechanism.h"

#include <math.h>
#include <string.h>

void mech_prior_runs(const mech_mechanism *mechanism, uint64_t seed, uint64_t label, size_t n_thetas, double *k,
                     double *start) {
    const size_t n_k = mech_mechanism_n_rate_constants(mechanism), n_species = mech_mechanism_n_species(mechanism);
    for (size_t theta = 0; theta < n_thetas; theta++) {
        random_stream r = mech_random_open(seed, RANDOM_TEST, label, theta);
        double drawn[MAX_RATE_CONSTANTS], loadings[3];
        for (size_t i = 0; i < n_k; i++) drawn[i] = pow(10, 10 * mech_random_uniform(&r) - 5);
        for (size_t i = 0; i < 3; i++) loadings[i] = 0.01 + 0.03 * ((double)i + mech_random_uniform(&r));
        const double part = 0.4 + 0.4 * mech_random_uniform(&r);
        for (size_t run = 0; run < RUNS_A_THETA; run++) {
            const size_t problem = theta * RUNS_A_THETA + run;
            memcpy(k + problem * n_k, drawn, n_k * sizeof *drawn);
            mech_mechanism_start(mechanism, run < 3 ? 1 : part, run < 3 ? 0 : 1 - part, loadings[run % 3],
                                 start + problem * n_species);
        }
    }
}
