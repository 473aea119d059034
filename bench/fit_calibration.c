/* Simulation-based calibration of fits (Talts et al., arXiv:1804.06788): experiments of the design `laboratory` are
 * fitted with their own mechanism, and the rank of each true parameter in its posterior has to be uniform. Prints, for
 * each parameter, the histogram of ranks, its chi2 and the share of truths within the 95 % intervals, and the same of
 * the catalyst at hand in each run.
 *
 *   build/check-gcc/bench/fit_calibration [EXPERIMENTS [SEED [M1 M2 ...]]] */
#include "laboratory_case.h"

#include <stdio.h>
#include <stdlib.h>

enum { N_BINS = 10, MOST_PARAMETERS = 8 };

typedef struct ranks {
    size_t n, bins[N_BINS], covered;
} ranks;

static void add_rank(ranks *r, double below) {
    r->bins[below >= 1 ? N_BINS - 1 : (size_t)(below * N_BINS)]++;
    r->covered += below >= 0.025 && below <= 0.975;
    r->n++;
}

static void print_ranks(const char *mechanism, const char *name, const ranks *r) {
    double chi2 = 0;
    const double expected = (double)r->n / N_BINS;
    printf("%-4s %-9s", mechanism, name);
    for (size_t b = 0; b < N_BINS; b++) {
        printf(" %3zu", r->bins[b]);
        chi2 += ((double)r->bins[b] - expected) * ((double)r->bins[b] - expected) / expected;
    }
    printf("  chi2 %5.1f (9)  covered %.3f of %zu\n", chi2, (double)r->covered / (double)r->n, r->n);
}

static int calibrate(const mech_mechanism *m, size_t n, uint64_t seed) {
    run_sets *sets = NULL;
    mech_error error = {.message = ""};
    ranks of[MOST_PARAMETERS] = {{0}}, catalyst = {0};
    if (simulate_laboratory(m, n, seed, &sets, &error) != MECH_OK) {
        fprintf(stderr, "fit_calibration: %s\n", error.message);
        return 1;
    }
    mech_fit_options options = mech_fit_options_default();
    options.mechanisms = &m;
    options.n_mechanisms = 1;
    options.threads = 1;
    double effective = 0;
    size_t n_theta = 0, n_fitted = 0, flagged = 0;
    for (size_t i = 0; i < n; i++) {
        mech_run_set *set = NULL;
        mech_fits *fits = NULL;
        if (mech_run_sets_get(sets, i, &set, &error) == MECH_OK &&
            mech_fit_run_set(set, &options, NULL, &fits, &error) == MECH_OK) {
            const mechanism_case *c = &((const fit_result *)fits)->cases[0];
            double theta[FIT_MOST_THETA];
            true_theta(sets, i, &c->space, theta);
            n_theta = c->space.n_theta;
            n_fitted++;
            effective += fits->mechanisms[0].effective_samples;
            flagged += fits->none_of_these.flagged;
            for (size_t j = 0; j < n_theta && j < MOST_PARAMETERS; j++)
                add_rank(&of[j], share_below(&c->evidence, j, theta[j]));
            for (size_t r = 0; r < fits->mechanisms[0].n_runs; r++) {
                const mech_estimate *v = &fits->mechanisms[0].runs[r].catalyst_factor;
                const double truth = (double)sets->run_truths[TRUTH_CATALYST_FACTOR][sets->run_offset[i] + r];
                catalyst.n++;
                catalyst.covered += truth >= v->low && truth <= v->high;
            }
        } else {
            printf("%s experiment %zu: %s\n", mech_mechanism_id(m), i, error.message);
        }
        mech_fits_free(fits);
        mech_run_set_free(set);
    }
    for (size_t j = 0; j < n_theta && j < MOST_PARAMETERS; j++)
        print_ranks(mech_mechanism_id(m),
                    j < mech_mechanism_n_rate_constants(m) ? mech_mechanism_rate_constant(m, j) : "I", &of[j]);
    printf("%-4s catalyst factor covered %.3f of %zu; effective samples %.0f; none of these %.3f of %zu\n",
           mech_mechanism_id(m), (double)catalyst.covered / (double)catalyst.n, catalyst.n,
           effective / (double)n_fitted, (double)flagged / (double)n_fitted, n_fitted);
    fflush(stdout);
    mech_run_sets_free(sets);
    return 0;
}

int main(int argc, char **argv) {
    static const char *const some[] = {"M1", "M2", "M4", "M6", "M9", "M10", "M14", "M18"};
    const size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 100;
    const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 77;
    const size_t n_mechanisms = argc > 3 ? (size_t)argc - 3 : sizeof some / sizeof some[0];
    for (size_t i = 0; i < n_mechanisms; i++) {
        const mech_mechanism *m = mech_builtin_find(argc > 3 ? argv[3 + i] : some[i]);
        if (!m || calibrate(m, n, seed) != 0) return 1;
    }
    return 0;
}
