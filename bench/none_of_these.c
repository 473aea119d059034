/* What the score of a pattern (mech_posterior_pattern) is where the mechanism is right: experiments of the design
 * `laboratory` are fitted with their own mechanism. Prints one line an experiment (mechanism, readings, score), and in
 * the end the table src/fit/posterior/pattern_scores.h, which says how often a score is exceeded:
 *
 *   build/check-gcc/bench/none_of_these [EXPERIMENTS_OF_EACH_MECHANISM [SEED [M1 M2 ...]]] > scores.txt */
#include "laboratory_case.h"

#include <stdio.h>
#include <stdlib.h>

/* Shares of experiments that exceed the scores of the table. */
static const double SHARES[] = {0.9, 0.7, 0.5, 0.3, 0.2, 0.1, 0.07, 0.05, 0.035, 0.02, 0.01};
enum { N_SHARES = sizeof SHARES / sizeof SHARES[0] };

static int descending(const void *a, const void *b) {
    const double p = *(const double *)a, q = *(const double *)b;
    return (p < q) - (p > q);
}

static mech_status find_scores(const mech_mechanism *m, size_t n, uint64_t seed, double *scores, size_t *n_scores,
                               mech_error *error) {
    run_sets *sets = NULL;
    mech_status status = simulate_laboratory(m, n, seed, &sets, error);
    mech_fit_options options = mech_fit_options_default();
    options.mechanisms = &m;
    options.n_mechanisms = 1;
    options.threads = 1;
    options.fast = true; /* the score is that of the optimum */
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        mech_run_set *set = NULL;
        mech_fits *fits = NULL;
        status = mech_run_sets_get(sets, i, &set, error);
        if (status == MECH_OK) status = mech_fit_run_set(set, &options, NULL, &fits, error);
        if (status == MECH_OK) {
            const fit_result *r = (const fit_result *)fits;
            printf("%s readings %zu score %.3f p %.4f\n", mech_mechanism_id(m), r->data.n, r->pattern,
                   fits->none_of_these.p_value);
            fflush(stdout);
            scores[(*n_scores)++] = r->pattern;
        }
        mech_fits_free(fits);
        mech_run_set_free(set);
    }
    mech_run_sets_free(sets);
    return status;
}

static void print_table(size_t n, double *scores) {
    qsort(scores, n, sizeof *scores, descending);
    printf("/* Made by bench/none_of_these from %zu experiments. */\n", n);
    printf("static const struct pattern_score {\n    double score, share; /* of right mechanisms that exceed it */\n"
           "} PATTERN_SCORES[] = {\n");
    for (size_t i = 0; i < N_SHARES; i++)
        printf("    {%.3f, %g},\n", scores[(size_t)(SHARES[i] * (double)n)], SHARES[i]);
    printf("};\n");
}

int main(int argc, char **argv) {
    const size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 20;
    const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 31;
    const size_t n_mechanisms = argc > 3 ? (size_t)argc - 3 : mech_builtin_count();
    double *scores = mech_allocate_array(n * n_mechanisms, sizeof *scores);
    size_t n_scores = 0;
    mech_error error = {.message = "out of memory"};
    mech_status status = scores ? MECH_OK : MECH_OUT_OF_MEMORY;
    for (size_t i = 0; i < n_mechanisms && status == MECH_OK; i++) {
        const mech_mechanism *m = argc > 3 ? mech_builtin_find(argv[3 + i]) : mech_builtin(i);
        if (m) status = find_scores(m, n, seed + i, scores, &n_scores, &error);
    }
    if (status == MECH_OK && n_scores)
        print_table(n_scores, scores);
    else
        fprintf(stderr, "none_of_these: %s\n", error.message);
    mech_release_array(scores);
    return status == MECH_OK && n_scores ? 0 : 1;
}
