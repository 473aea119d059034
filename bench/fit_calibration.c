/* Simulation-based calibration of fits (Talts et al., arXiv:1804.06788): experiments of the design `laboratory` are
 * fitted with their own mechanism, and the rank of each true parameter in its posterior has to be uniform. Prints, for
 * each parameter, the histogram of ranks, its chi2 with how probable a larger one is, and the share of truths within
 * the intervals of 95 %; the same of the catalyst at hand in each run, and what the bands of the active catalyst hold.
 * In the end all of it over all mechanisms, and over those rate constants that are called determined.
 *
 *   build/check-gcc/bench/fit_calibration [EXPERIMENTS [SEED [M1 M2 ...]]] */
#include "laboratory_case.h"
#include "ranks.h"

#include <stdio.h>
#include <stdlib.h>

/* What is counted for one mechanism, or for all. */
typedef struct counts {
    ranks of[FIT_MOST_THETA], determined, catalyst;
    size_t n, n_active, active_held, flagged, shaky;
    double effective;
} counts;

/* A posterior that stands on fewer samples than this is shaky. */
static const double FEW = 50;

static double catalyst_below(const posterior_draws *draws, const fit_space *s, size_t r, double truth) {
    size_t below = 0, same = 0;
    for (size_t k = 0; k < draws->n; k++) {
        const double x = draws->x[k * s->n + mech_fit_run_errors(s, r) + ERROR_CATALYST];
        below += x < truth;
        same += x == truth;
    }
    /* Where it may be no error at all, draws tie. */
    return ((double)below + (double)same / 2) / (double)draws->n;
}

static mech_status count_fit(const run_sets *sets, size_t i, const mech_fits *fits, counts *c, mech_error *error) {
    enum { N_DRAWS = 200 };
    const mechanism_case *of = &((const fit_result *)fits)->cases[0];
    const mech_mechanism_fit *best = &fits->mechanisms[0];
    double truth[FIT_MOST_POINT];
    true_point(sets, i, &of->space, truth);
    c->n++;
    c->effective += best->effective_samples;
    c->shaky += best->effective_samples < FEW;
    c->flagged += fits->none_of_these.flagged;
    for (size_t j = 0; j < of->space.n_theta; j++) {
        const double below = share_below(&of->evidence, j, truth[j]);
        add_rank(&c->of[j], below);
        if (best->rate_constants[j].verdict == MECH_DETERMINED) add_rank(&c->determined, below);
    }
    posterior_draws draws = {0};
    mech_status status = mech_posterior_draws_new(&of->evidence, N_DRAWS, 1, 0, &draws, error);
    for (size_t r = 0; r < of->space.data->n_runs && status == MECH_OK; r++)
        add_rank(&c->catalyst,
                 catalyst_below(&draws, &of->space, r, truth[mech_fit_run_errors(&of->space, r) + ERROR_CATALYST]));
    mech_posterior_draws_free(&draws);
    if (status == MECH_OK) status = count_active(sets, i, &of->space, fits, &c->n_active, &c->active_held, error);
    return status;
}

static void print_counts(const char *name, const counts *c) {
    print_ranks(name, "determined", &c->determined);
    print_ranks(name, "catalyst", &c->catalyst);
    printf("%-4s active catalyst held %.3f of %zu points; effective samples %.0f, fewer than %.0f in %zu of %zu; none "
           "of these %.3f\n",
           name, (double)c->active_held / (double)c->n_active, c->n_active, c->effective / (double)c->n, FEW, c->shaky,
           c->n, (double)c->flagged / (double)c->n);
    fflush(stdout);
}

static int calibrate(const mech_mechanism *m, size_t n, uint64_t seed, counts *all) {
    run_sets *sets = NULL;
    mech_error error = {.message = ""};
    counts c = {.n = 0};
    if (simulate_laboratory(m, n, seed, &sets, &error) != MECH_OK) {
        fprintf(stderr, "fit_calibration: %s\n", error.message);
        return 1;
    }
    mech_fit_options options = mech_fit_options_default();
    options.mechanisms = &m;
    options.n_mechanisms = 1;
    options.threads = 1;
    for (size_t i = 0; i < n; i++) {
        mech_run_set *set = NULL;
        mech_fits *fits = NULL;
        mech_status status = mech_run_sets_get(sets, i, &set, &error);
        if (status == MECH_OK) status = mech_fit_run_set(set, &options, NULL, &fits, &error);
        if (status == MECH_OK) status = count_fit(sets, i, fits, &c, &error);
        if (status != MECH_OK) printf("%s experiment %zu: %s\n", mech_mechanism_id(m), i, error.message);
        mech_fits_free(fits);
        mech_run_set_free(set);
    }
    for (size_t j = 0; j < FIT_MOST_THETA && c.of[j].n; j++)
        print_ranks(mech_mechanism_id(m),
                    j < mech_mechanism_n_rate_constants(m) ? mech_mechanism_rate_constant(m, j) : "I", &c.of[j]);
    print_counts(mech_mechanism_id(m), &c);
    for (size_t j = 0; j < FIT_MOST_THETA; j++) join_ranks(&all->of[0], &c.of[j]);
    join_ranks(&all->determined, &c.determined);
    join_ranks(&all->catalyst, &c.catalyst);
    all->n += c.n;
    all->n_active += c.n_active;
    all->active_held += c.active_held;
    all->flagged += c.flagged;
    all->shaky += c.shaky;
    all->effective += c.effective;
    mech_run_sets_free(sets);
    return 0;
}

int main(int argc, char **argv) {
    static const char *const some[] = {"M1", "M2", "M4", "M6", "M9", "M10", "M14", "M18"};
    const size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 100;
    const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 77;
    const size_t n_mechanisms = argc > 3 ? (size_t)argc - 3 : sizeof some / sizeof some[0];
    counts all = {.n = 0};
    for (size_t i = 0; i < n_mechanisms; i++) {
        const mech_mechanism *m = mech_builtin_find(argc > 3 ? argv[3 + i] : some[i]);
        if (!m || calibrate(m, n, seed, &all) != 0) return 1;
    }
    print_ranks("all", "theta", &all.of[0]);
    print_counts("all", &all);
    return 0;
}
