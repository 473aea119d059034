/* Kinetics without a mechanism: orders, overlays, rates and pairs of runs, on simulated reactions whose rate law is
 * known. */
#include "simulated_runs.h"
#include <stdio.h>

static const char FIRST[] = "cat + S -> cat + P : k\n";
static const double ONE[] = {1, 1, 1, 1, 1, 1};

static mech_kinetics *analyse(const plan *p, const mech_kinetics_options *options) {
    mech_run_set *set = simulate_plan(p);
    mech_kinetics *kinetics = NULL;
    mech_error error = {0};
    if (mech_kinetics_analyse(set, options, &kinetics, &error) != MECH_OK) fail_msg("%s", error.message);
    mech_run_set_free(set);
    return kinetics;
}

static const mech_order *find_order(const mech_kinetics *k, const char *species) {
    for (size_t i = 0; i < k->n_orders; i++)
        if (strcmp(k->orders[i].species, species) == 0) return &k->orders[i];
    fail_msg("no species %s", species);
    return NULL;
}

static const planned_run FIVE[] = {{1, 0, 0.01, 2}, {1, 0, 0.02, 2}, {1, 0, 0.04, 2}, {0.5, 0, 0.02, 2}, {1, 0, 0.02, 1}};

static void try_it(void **state) {
    (void)state;
    const struct { const char *text; double cat, s, b; } cases[] = {
        {"cat + S -> cat + P : k\n", 1, 1, 0},
        {"2 cat + S -> 2 cat + P : k\n", 2, 1, 0},
        {"cat + S + B -> cat + P : k\nadditive: B\n", 1, 1, 1},
        {"cat + 2 S -> cat + 2 P : k\n", 1, 2, 0},
    };
    for (size_t i = 0; i < 4; i++) 
    for (int noisy = 0; noisy < 2; noisy++) {
        const plan p = {.mechanism = cases[i].text, .k = ONE, .n_runs = i == 2 ? 5 : 4, .n_times = 14, .runs = FIVE, .share = 0.85, .noise = noisy ? 0.01 : 0, .loading_error = noisy ? 0.03:0, .measures_b = true, .seed = 3};
        mech_kinetics_options options = mech_kinetics_options_default();
        mech_kinetics *k = analyse(&p, &options);
        printf("%s", cases[i].text);
        for (size_t j = 0; j < k->n_orders; j++)
            printf("  %s %.3f (%.3f %.3f) %s\n", k->orders[j].species, k->orders[j].order.value, k->orders[j].order.low, k->orders[j].order.high, k->orders[j].remark);
        printf("  overlay %.4f %.4f %.4f spread %.3f\n", k->overlay.before, k->overlay.after, k->overlay.noise, k->overlay.spread);
        for (size_t j = 0; j < k->n_remarks; j++) printf("  %s\n", k->remarks[j]);
        for (size_t j = 0; j < k->n_runs; j++) printf("  run %s rate %.4g (%.4g %.4g) tof %.3g ton %.3g noise %.4f factor %.3f\n", k->runs[j].name, k->runs[j].initial_rate.value, k->runs[j].initial_rate.low, k->runs[j].initial_rate.high, k->runs[j].initial_tof.value, k->runs[j].ton, k->runs[j].noise, k->runs[j].factor);
        for (size_t j = 0; j < k->n_pairs; j++) printf("  %s %zu %zu: %s\n", mech_pair_kind_name(k->pairs[j].kind), k->pairs[j].first, k->pairs[j].second, k->pairs[j].finding);
        mech_kinetics_free(k);
    }
    (void)find_order; (void)FIRST;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(try_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
