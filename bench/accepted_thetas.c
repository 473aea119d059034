/* Writes src/fit/theta/accepted_thetas.h: which candidates of the prior the rules of acceptance keep, for each
 * mechanism of the library the first N_ACCEPTED. To be run again when prior, rules or tables change (test_fit_parts
 * says so):
 *
 *   build/check-gcc/bench/accepted_thetas > src/fit/theta/accepted_thetas.h && scripts/format */
#include "data/conditions/additive.h"
#include "data/conditions/split.h"
#include "data/prior/acceptance.h"
#include "data/prior/prior.h"
#include "fit/theta/prior.h"

#include <stdio.h>

enum { N_ACCEPTED = N_RECORDED_THETAS, A_PIECE = 1024, MOST_K = 32 };

static mech_status list_accepted(const mech_mechanism *m, mech_error *error) {
    static double k[A_PIECE * MOST_K], additive[A_PIECE];
    static uint8_t verdicts[A_PIECE];
    const size_t n_k = mech_mechanism_n_rate_constants(m);
    const mech_solver_options solver = mech_solver_options_default();
    prior *wide = NULL;
    mech_status status = mech_prior_new("wide", &m, 1, &wide, error);
    size_t n = 0;
    for (uint64_t first = 0; n < N_ACCEPTED && status == MECH_OK; first += A_PIECE) {
        for (size_t i = 0; i < A_PIECE; i++) mech_theta_candidate(wide, m, first + i, k + i * n_k, &additive[i]);
        const candidates c = {.n = A_PIECE, .k = k, .additive = additive};
        status = mech_judge_candidates(m, &solver, &c, verdicts, error);
        for (size_t i = 0; i < A_PIECE && n < N_ACCEPTED && status == MECH_OK; i++)
            if (verdicts[i] == ACCEPTED) printf("%s%llu", n++ ? ", " : "    {", (unsigned long long)(first + i));
    }
    printf("}, /* %s */\n", mech_mechanism_id(m));
    mech_prior_free(wide);
    return status;
}

int main(void) {
    mech_error error = {.message = ""};
    printf("/* Which candidates of the prior are accepted, for M1 to M20 and the single choices of compositions beside "
           "them:\n"
           " * written by bench/accepted_thetas.c. */\n"
           "#ifndef MECH_FIT_THETA_ACCEPTED_THETAS_H\n#define MECH_FIT_THETA_ACCEPTED_THETAS_H\n\n"
           "#include <stdint.h>\n\nenum { N_ACCEPTED_THETAS = %d };\n\n"
           "static const uint32_t accepted_thetas[%zu][N_ACCEPTED_THETAS] = {\n",
           (int)N_ACCEPTED, mech_builtin_count() + mech_recorded_compositions_size());
    for (size_t i = 0; i < mech_builtin_count(); i++)
        if (list_accepted(mech_builtin(i), &error) != MECH_OK) {
            fprintf(stderr, "accepted_thetas: %s\n", error.message);
            return 1;
        }
    for (size_t i = 0; i < mech_recorded_compositions_size(); i++) {
        mech_mechanism *m = NULL;
        if (mech_compose(NULL, mech_recorded_compositions[i], &m, &error) != MECH_OK ||
            list_accepted(m, &error) != MECH_OK) {
            fprintf(stderr, "accepted_thetas: %s\n", error.message);
            return 1;
        }
        mech_mechanism_free(m);
    }
    printf("};\n\n#endif\n");
    return 0;
}
