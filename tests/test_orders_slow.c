/* How often the intervals of orders hold the truth: simulated experiments with noise, outliers, and loadings that are
 * off as they are said to be. */
#include "simulated_runs.h"

static const double ONE[] = {1, 1}, SATURATED[] = {20, 0.1, 10}, INHIBITED[] = {1, 20000, 4000};
static const planned_run STANDARD[] = {
    {1, 0, 0.01, 2}, {1, 0, 0.02, 2}, {1, 0, 0.04, 2}, {0.5, 0, 0.02, 2}, {1, 0, 0.02, 1}};

static void intervals_hold_the_truth_as_often_as_they_say(void **state) {
    (void)state;
    enum { EXPERIMENTS = 40, MOST = 3 };
    const struct {
        const char *mechanism;
        const double *k;
        size_t n_runs, n_orders;
        const char *species[MOST];
        double noise, loading_error, outliers;
    } cases[] = {
        {"cat + S -> cat + P : k\n", ONE, 4, 2, {"cat", "S"}, 0.01, 0.05, 0},
        {"cat + S -> cat + P : k\n", ONE, 4, 2, {"cat", "S"}, 0.02, 0, 0.04},
        {"cat + S <=> catS : k1, k-1\ncatS -> cat + P : k2\n", SATURATED, 3, 1, {"cat"}, 0.01, 0.03, 0},
        {"cat + S -> cat + P : k1\ncat + P <=> catP : k2, k-2\n", INHIBITED, 4, 2, {"cat", "S"}, 0.01, 0.03, 0},
        {"cat + S + B -> cat + P : k\nadditive: B\n", ONE, 5, 3, {"cat", "S", "B"}, 0.01, 0.03, 0},
    };
    size_t n = 0, covered = 0;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
        for (size_t e = 0; e < EXPERIMENTS; e++) {
            const plan p = {.mechanism = cases[c].mechanism,
                            .k = cases[c].k,
                            .n_runs = cases[c].n_runs,
                            .n_times = 12,
                            .runs = STANDARD,
                            .share = 0.85,
                            .noise = cases[c].noise,
                            .loading_error = cases[c].loading_error,
                            .outliers = cases[c].outliers,
                            .measures_b = true,
                            .seed = 1000 * c + e};
            mech_run_set *set = simulate_plan(&p);
            mech_kinetics_options options = mech_kinetics_options_default();
            options.n_draws = 100;
            options.loading_error = cases[c].loading_error;
            mech_kinetics *k = NULL;
            assert_int_equal(mech_kinetics_analyse(set, &options, &k, NULL), MECH_OK);
            for (size_t j = 0; j < cases[c].n_orders; j++)
                for (size_t i = 0; i < k->n_orders; i++) {
                    if (strcmp(k->orders[i].species, cases[c].species[j]) != 0) continue;
                    n++;
                    covered += k->orders[i].order.low <= 1 && k->orders[i].order.high >= 1;
                }
            mech_kinetics_free(k);
            mech_run_set_free(set);
        }
    const double share = (double)covered / (double)n;
    printf("%zu of %zu intervals of 95 %% hold the truth: %.1f %%\n", covered, n, 100 * share);
    assert_int_equal(n, 400);
    assert_true(share >= 0.90 && share <= 0.99);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_hold_the_truth_as_often_as_they_say)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
