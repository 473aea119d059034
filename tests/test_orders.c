/* Kinetics without a mechanism: orders, overlays, rates and pairs of runs, on simulated reactions whose rate law is
 * known. How often intervals hold the truth is asked in test_orders_slow.c. */
#include "simulated_runs.h"

static const double ONE[] = {1, 1, 1, 1, 1, 1};
static const planned_run STANDARD[] = {
    {1, 0, 0.01, 2}, {1, 0, 0.02, 2}, {1, 0, 0.04, 2}, {0.5, 0, 0.02, 2}, {1, 0, 0.02, 1}};

static const mech_order *find_order(const mech_kinetics *k, const char *species) {
    for (size_t i = 0; i < k->n_orders; i++)
        if (strcmp(k->orders[i].species, species) == 0) return &k->orders[i];
    fail_msg("no species %s", species);
    return NULL;
}

static const mech_run_pair *find_pair(const mech_kinetics *k, mech_pair_kind kind) {
    for (size_t i = 0; i < k->n_pairs; i++)
        if (k->pairs[i].kind == kind) return &k->pairs[i];
    fail_msg("no pair: %s", mech_pair_kind_name(kind));
    return NULL;
}

static mech_kinetics_options few_draws(size_t n) {
    mech_kinetics_options options = mech_kinetics_options_default();
    options.n_draws = n;
    return options;
}

static mech_kinetics *analyse(const plan *p, const mech_kinetics_options *options) {
    mech_run_set *set = simulate_plan(p);
    mech_kinetics *kinetics = NULL;
    mech_error error = {0};
    if (mech_kinetics_analyse(set, options, &kinetics, &error) != MECH_OK) fail_msg("%s", error.message);
    mech_run_set_free(set);
    return kinetics;
}

static void assert_near(double value, double expected, double tolerance, const char *what) {
    if (!(fabs(value - expected) <= tolerance)) fail_msg("%s: %g; expected %g +- %g", what, value, expected, tolerance);
}

static void exact_readings_give_the_orders(void **state) {
    (void)state;
    const struct {
        const char *mechanism;
        double cat, s, b;
        bool product_only;
    } cases[] = {
        {"cat + S -> cat + P : k\n", 1, 1, 0, false},
        {"cat + S -> cat + P : k\n", 1, 1, 0, true},
        {"2 cat + S -> 2 cat + P : k\n", 2, 1, 0, false},
        {"cat + 2 S -> cat + 2 P : k\n", 1, 2, 0, false},
        {"cat + S + B -> cat + P : k\n", 1, 1, 1, false},
        {"cat + S + B -> cat + P + B : k\n", 1, 1, 1, false}, /* B is no reactant but a second catalyst */
    };
    const mech_kinetics_options options = few_draws(20);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "%s%s", cases[i].mechanism, cases[i].b > 0 ? "additive: B\n" : "");
        const plan p = {.mechanism = text,
                        .k = ONE,
                        .n_runs = cases[i].b > 0 ? 5 : 4,
                        .n_times = 9,
                        .runs = STANDARD,
                        .share = 0.8,
                        .product_only = cases[i].product_only,
                        .measures_b = true,
                        .seed = 1};
        mech_kinetics *k = analyse(&p, &options);
        assert_near(find_order(k, "cat")->order.value, cases[i].cat, 0.02, text);
        assert_near(find_order(k, "S")->order.value, cases[i].s, 0.02, text);
        if (cases[i].b > 0) assert_near(find_order(k, "B")->order.value, cases[i].b, 0.02, text);
        assert_true(k->normalised && k->overlay.after < 0.002 && k->overlay.before > 0.02);
        mech_kinetics_free(k);
    }
}

/* Everything that all runs share stays out of the orders: product that slows the reaction, saturation. */
static void what_runs_share_does_not_move_orders(void **state) {
    (void)state;
    const double inhibited[] = {1, 20000, 4000}, saturated[] = {20, 0.1, 10};
    const mech_kinetics_options options = few_draws(20);
    plan p = {.mechanism = "cat + S -> cat + P : k1\ncat + P <=> catP : k2, k-2\n",
              .k = inhibited,
              .n_runs = 4,
              .n_times = 15,
              .runs = STANDARD,
              .share = 0.85,
              .seed = 1};
    mech_kinetics *k = analyse(&p, &options);
    assert_near(find_order(k, "cat")->order.value, 1, 0.03, "cat beside inhibition");
    assert_near(find_order(k, "S")->order.value, 1, 0.03, "S beside inhibition");
    mech_kinetics_free(k);
    p.mechanism = "cat + S <=> catS : k1, k-1\ncatS -> cat + P : k2\n";
    p.k = saturated;
    p.n_runs = 3;
    k = analyse(&p, &options);
    assert_near(find_order(k, "cat")->order.value, 1, 0.03, "cat beside saturation");
    assert_false(find_order(k, "S")->estimated);
    mech_kinetics_free(k);
}

static void no_unit_matters(void **state) {
    (void)state;
    const mech_kinetics_options options = few_draws(20);
    plan p = {.mechanism = "cat + S -> cat + P : k\n",
              .k = ONE,
              .n_runs = 4,
              .n_times = 12,
              .runs = STANDARD,
              .share = 0.85,
              .noise = 0.01,
              .seed = 5};
    mech_kinetics *k = analyse(&p, &options);
    p.time_factor = 60;
    p.unit = 1000;
    mech_kinetics *other = analyse(&p, &options);
    for (size_t i = 0; i < 2; i++) {
        assert_near(other->orders[i].order.value, k->orders[i].order.value, 1e-6, "order");
        assert_near(other->orders[i].order.low, k->orders[i].order.low, 1e-4, "its interval");
    }
    assert_near(other->overlay.before, k->overlay.before, 1e-6, "before");
    assert_near(other->overlay.after, k->overlay.after, 1e-6, "after");
    assert_near(other->overlay.noise, k->overlay.noise, 1e-6, "noise");
    const double factor = other->runs[1].initial_rate.value / k->runs[1].initial_rate.value;
    assert_near(factor * 60 / 1000, 1, 1e-4, "rates have units");
    mech_kinetics_free(k);
    mech_kinetics_free(other);
}

static void overlay_is_noise_once_normalised_whatever_the_outliers(void **state) {
    (void)state;
    const mech_kinetics_options options = few_draws(20);
    for (int outliers = 0; outliers < 2; outliers++) {
        const plan p = {.mechanism = "cat + S -> cat + P : k\n",
                        .k = ONE,
                        .n_runs = 4,
                        .n_times = 24,
                        .runs = STANDARD,
                        .share = 0.85,
                        .noise = 0.01,
                        .outliers = outliers ? 0.06 : 0,
                        .seed = 8};
        mech_kinetics *k = analyse(&p, &options);
        /* The largest extent is about 0.85, but for outliers, which enlarge it by a fifth. */
        assert_near(k->overlay.after, 0.01 / (outliers ? 1.05 : 0.87), 0.003, "after");
        assert_near(k->overlay.noise, 0.01 / (outliers ? 1.05 : 0.87), 0.003, "noise");
        assert_true(k->overlay.before > 3 * k->overlay.after);
        assert_near(find_order(k, "cat")->order.value, 1, 0.05, "cat");
        assert_near(find_order(k, "S")->order.value, 1, 0.1, "S");
        mech_kinetics_free(k);
    }
}

static void what_does_not_vary_has_no_order(void **state) {
    (void)state;
    const mech_kinetics_options options = few_draws(20);
    const planned_run repeats[] = {{1, 0, 0.02, 2}, {1, 0, 0.02, 2}};
    plan p = {.mechanism = "cat + S + B -> cat + P : k\nadditive: B\n",
              .k = ONE,
              .n_runs = 2,
              .n_times = 8,
              .runs = repeats,
              .share = 0.7,
              .noise = 0.005,
              .measures_b = true,
              .seed = 2};
    mech_kinetics *k = analyse(&p, &options);
    assert_false(k->normalised);
    for (size_t i = 0; i < k->n_orders; i++)
        assert_true(!k->orders[i].estimated && isnan(k->orders[i].order.value) && *k->orders[i].remark);
    assert_null(k->runs[0].normalised);
    const mech_run_pair *pair = find_pair(k, MECH_PAIR_REPEAT);
    assert_true(pair->ratio.low < 1 && pair->ratio.high > 1);
    mech_kinetics_free(k);
    p.n_runs = 1;
    k = analyse(&p, &options);
    assert_true(!k->normalised && k->n_pairs == 0 && k->n_remarks > 0);
    mech_kinetics_free(k);
}

/* S and B always lowered together: what they do cannot be told apart well, and the interval says so. */
static void orders_that_cannot_be_told_apart_are_wide(void **state) {
    (void)state;
    const planned_run together[] = {{1, 0, 0.02, 1.1}, {0.7, 0, 0.02, 0.77}, {0.5, 0, 0.02, 0.55}};
    const plan p = {.mechanism = "cat + S + B -> cat + P : k\nadditive: B\n",
                    .k = ONE,
                    .n_runs = 3,
                    .n_times = 12,
                    .runs = together,
                    .share = 0.7,
                    .noise = 0.01,
                    .measures_b = true,
                    .seed = 3};
    const mech_kinetics_options options = few_draws(100);
    mech_kinetics *k = analyse(&p, &options);
    const mech_order *s = find_order(k, "S"), *b = find_order(k, "B");
    assert_true(s->order.high - s->order.low > 0.5 && b->order.high - b->order.low > 0.5);
    assert_true(s->order.low < 1 && s->order.high > 1 && b->order.low < 1 && b->order.high > 1);
    assert_near(b->consumed, 1, 0.05, "B goes one for one");
    mech_kinetics_free(k);
}

static void rates_and_turnovers_are_those_of_the_rate_law(void **state) {
    (void)state;
    const double k2[] = {2.5};
    const mech_kinetics_options options = few_draws(50);
    for (int noisy = 0; noisy < 2; noisy++) {
        const plan p = {.mechanism = "cat + S -> cat + P : k\n",
                        .k = k2,
                        .n_runs = 4,
                        .n_times = 14,
                        .runs = STANDARD,
                        .share = 0.8,
                        .noise = noisy ? 0.005 : 0,
                        .seed = 4};
        mech_kinetics *k = analyse(&p, &options);
        for (size_t i = 0; i < 4; i++) {
            const mech_kinetic_run *r = &k->runs[i];
            const double rate = 2.5 * STANDARD[i].cat0 * STANDARD[i].s0;
            if (!noisy) assert_near(r->initial_rate.value / rate, 1, 0.005, "initial rate");
            assert_true(r->initial_rate.low <= 1.02 * rate && r->initial_rate.high >= rate / 1.02);
            assert_true(r->initial_rate.low <= r->initial_rate.value && r->initial_rate.value <= r->initial_rate.high);
            assert_near(r->initial_tof.value, r->initial_rate.value / STANDARD[i].cat0, 1e-9, "TOF");
            assert_near(r->ton / (0.8 * STANDARD[i].s0 / STANDARD[i].cat0), 1, noisy ? 0.03 : 0.005, "TON");
            if (!noisy) /* first order: the rate falls as S does */
                for (size_t j = 0; j < r->n_curve; j++)
                    assert_near(r->curve_rate[j] / rate, 1 - r->curve_extent[j] / STANDARD[i].s0, 0.005, "rate");
        }
        mech_kinetics_free(k);
    }
}

/* Reaction progress kinetic analysis: runs of the same excess, with and without product, tell loss of catalyst, product
 * that binds, and activation apart. */
static void same_excess_tells_loss_inhibition_and_activation_apart(void **state) {
    (void)state;
    const planned_run runs[] = {{1, 0, 0.02, 0}, {0.6, 0, 0.02, 0}, {0.6, 0.4, 0.02, 0}};
    const double inhibited[] = {1, 20000, 10000}, lost[] = {1, 0.01}, formed[] = {0.02, 2};
    const struct {
        const char *mechanism;
        const double *k;
        int without, with; /* sign of ln of the ratio of rates: 0 for none */
    } cases[] = {
        {"cat + S -> cat + P : k\n", ONE, 0, 0},
        {"cat + S -> cat + P : k1\ncat + P <=> catP : k2, k-2\n", inhibited, 1, 0},
        {"cat + S -> cat + P : k1\ncat -> dead : k2\n", lost, 1, 1},
        {"pre -> cat : k1\ncat + S -> cat + P : k2\ncat0: pre\n", formed, -1, -1},
    };
    const mech_kinetics_options options = few_draws(100);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const plan p = {.mechanism = cases[i].mechanism,
                        .k = cases[i].k,
                        .n_runs = 3,
                        .n_times = 16,
                        .runs = runs,
                        .share = 0.6,
                        .noise = 0.004,
                        .seed = 6};
        mech_kinetics *k = analyse(&p, &options);
        const mech_run_pair *pairs[2] = {find_pair(k, MECH_PAIR_SAME_EXCESS),
                                         find_pair(k, MECH_PAIR_SAME_EXCESS_PRODUCT)};
        for (size_t j = 0; j < 2; j++) {
            const mech_estimate r = pairs[j]->ratio;
            const int sign = r.low > 1 ? 1 : r.high < 1 ? -1 : 0;
            if (sign != (j ? cases[i].with : cases[i].without))
                fail_msg("%s: ratio %g (%g to %g)", cases[i].mechanism, r.value, r.low, r.high);
        }
        mech_kinetics_free(k);
    }
}

/* Where the catalyst on the cycle was measured, the order is that in it, and loss does not move it. */
static void active_catalyst_that_was_measured_is_what_counts(void **state) {
    (void)state;
    const double lost[] = {1, 0.02};
    const mech_kinetics_options options = few_draws(20);
    plan p = {.mechanism = "cat + S -> cat + P : k1\ncat -> dead : k2\n",
              .k = lost,
              .n_runs = 3,
              .n_times = 20,
              .runs = STANDARD,
              .share = 0.35,
              .seed = 7};
    mech_kinetics *without = analyse(&p, &options);
    p.measures_active = true;
    mech_kinetics *with = analyse(&p, &options);
    assert_near(find_order(with, "cat")->order.value, 1, 0.03, "order in active catalyst");
    assert_true(with->overlay.after < 0.003 && with->overlay.after < without->overlay.after);
    mech_kinetics_free(without);
    mech_kinetics_free(with);
}

static void same_seed_same_bits(void **state) {
    (void)state;
    const plan p = {.mechanism = "cat + S -> cat + P : k\n",
                    .k = ONE,
                    .n_runs = 3,
                    .n_times = 8,
                    .runs = STANDARD,
                    .share = 0.7,
                    .noise = 0.01,
                    .seed = 9};
    mech_kinetics_options options = few_draws(30);
    mech_kinetics *a = analyse(&p, &options), *b = analyse(&p, &options);
    options.seed = 2;
    mech_kinetics *c = analyse(&p, &options);
    assert_memory_equal(&a->orders[0].order, &b->orders[0].order, sizeof a->orders[0].order);
    assert_memory_equal(&a->runs[2].initial_rate, &b->runs[2].initial_rate, sizeof a->runs[2].initial_rate);
    assert_true(a->orders[0].order.value == c->orders[0].order.value);
    assert_true(a->orders[0].order.low != c->orders[0].order.low);
    mech_kinetics_free(a);
    mech_kinetics_free(b);
    mech_kinetics_free(c);
}

static void runs_that_cannot_be_used_are_named(void **state) {
    (void)state;
    const double time[] = {0, 1, 2, 3, 4}, falls[] = {1, 0.8, 0.65, 0.5, 0.4}, stays[] = {1, 1, 1.001, 0.999, 1};
    mech_run_set *set;
    mech_kinetics *k = NULL;
    mech_error error;
    assert_int_equal(mech_run_set_new("", "", &set, NULL), MECH_OK);
    mech_run run = {
        .size = sizeof run, .name = "blank", .n_readings = 5, .time = time, .substrate = stays, .s0 = 1, .cat0 = 0.01};
    assert_int_equal(mech_run_set_add(set, &run, NULL), MECH_OK);
    assert_int_equal(mech_kinetics_analyse(set, NULL, &k, &error), MECH_INVALID_INPUT);
    assert_non_null(strstr(error.message, "Run blank is left out: less than 1 % of S reacted"));
    assert_null(k);
    run.name = "bare";
    run.substrate = falls;
    run.cat0 = 0;
    assert_int_equal(mech_run_set_add(set, &run, NULL), MECH_OK);
    run.name = "short";
    run.cat0 = 0.01;
    run.n_readings = 3;
    assert_int_equal(mech_run_set_add(set, &run, NULL), MECH_OK);
    run.name = "good";
    run.n_readings = 5;
    assert_int_equal(mech_run_set_add(set, &run, NULL), MECH_OK);
    const mech_kinetics_options options = few_draws(20);
    assert_int_equal(mech_kinetics_analyse(set, &options, &k, &error), MECH_OK);
    assert_true(!k->runs[0].used && !k->runs[1].used && !k->runs[2].used && k->runs[3].used);
    assert_int_equal(k->n_remarks, 4); /* three left out, and no orders from one run */
    mech_kinetics_free(k);
    const mech_kinetics_options wrong[] = {{.size = 1}, few_draws(3), few_draws(20000)};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(mech_kinetics_analyse(set, &wrong[i], &k, &error), MECH_INVALID_ARGUMENT);
    mech_run_set_free(set);
    assert_int_equal(mech_run_set_new("", "", &set, NULL), MECH_OK);
    assert_int_equal(mech_kinetics_analyse(set, NULL, &k, &error), MECH_INVALID_INPUT);
    mech_run_set_free(set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_readings_give_the_orders),
        cmocka_unit_test(what_runs_share_does_not_move_orders),
        cmocka_unit_test(no_unit_matters),
        cmocka_unit_test(overlay_is_noise_once_normalised_whatever_the_outliers),
        cmocka_unit_test(what_does_not_vary_has_no_order),
        cmocka_unit_test(orders_that_cannot_be_told_apart_are_wide),
        cmocka_unit_test(rates_and_turnovers_are_those_of_the_rate_law),
        cmocka_unit_test(same_excess_tells_loss_inhibition_and_activation_apart),
        cmocka_unit_test(active_catalyst_that_was_measured_is_what_counts),
        cmocka_unit_test(same_seed_same_bits),
        cmocka_unit_test(runs_that_cannot_be_used_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
