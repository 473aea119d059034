/* What is quoted of catalysts, against closed forms: turnover frequency and number, half-life, resting state, rate law;
 * and what fits say of runs afterwards: bands, forms, draws. */
#include "fit/posterior/rate_law.h"
#include "fit/posterior/turnover.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

static const double RTOL = 1e-7;

static mech_mechanism *parse(const char *text) {
    mech_mechanism *m = NULL;
    mech_error error = {.message = ""};
    if (mech_mechanism_parse(text, strlen(text), "test", &m, &error) != MECH_OK) fail_msg("%s", error.message);
    return m;
}

/* One run of length 1 that starts with S = 1, and what the point (rate constants, no errors but those of its catalyst)
 * says of it. */
static run_turnover turnover_of(const mech_mechanism *m, const double *k, double cat0, double catalyst_factor) {
    static const double times[] = {0.5, 1}, product[] = {0.1, 0.2};
    mech_run_set *set = NULL;
    mech_error error = {.message = ""};
    observations data = {0};
    run_turnover t;
    bool ok = false;
    const mech_run run = {
        .size = sizeof run, .name = "1", .n_readings = 2, .time = times, .product = product, .s0 = 1, .cat0 = cat0};
    assert_int_equal(mech_run_set_new(NULL, NULL, &set, &error), MECH_OK);
    assert_int_equal(mech_run_set_add(set, &run, &error), MECH_OK);
    assert_int_equal(mech_observe(set, &data, &error), MECH_OK);
    const fit_space s = mech_fit_space(m, &data);
    double x[FIT_MOST_POINT] = {0};
    for (size_t i = 0; i < s.n_k; i++) x[i] = log(k[i]);
    x[mech_fit_run_errors(&s, 0) + ERROR_CATALYST] = log(catalyst_factor);
    if (mech_posterior_turnover(&s, x, 0, RTOL, &t, &ok, &error) != MECH_OK || !ok) fail_msg("%s", error.message);
    mech_observations_free(&data);
    mech_run_set_free(set);
    return t;
}

static void turnover_frequency_is_that_of_michaelis_and_menten(void **state) {
    (void)state;
    /* So little catalyst that S stays what it is: v = kcat [S] / (KM + [S]), whatever the amount of catalyst. */
    const double k[] = {2000, 500, 1500, 1e-6}, michaelis = (k[1] + k[2]) / k[0];
    const double expected = k[2] / (michaelis + 1);
    const double loadings[] = {1e-6, 3e-6}, factors[] = {1, 1.3};
    for (size_t i = 0; i < 2; i++) {
        const run_turnover t = turnover_of(mech_builtin(0), k, loadings[i], factors[i]);
        assert_near(t.highest_tof / expected, 1, 0.005);
        assert_near(t.ton / expected, 1, 0.005); /* of a run of length 1 */
        assert_true(isnan(t.half_life));
        /* The share of catalyst that holds S is [S] / (KM + [S]). */
        assert_near(t.shares[mech_mechanism_find_species(mech_builtin(0), "catS")], 1 / (michaelis + 1), 0.005);
    }
}

static void half_life_is_that_of_a_first_order_loss(void **state) {
    (void)state;
    mech_mechanism *m = parse("cat + S <=> catS : k1, k-1\n"
                              "catS -> cat + P : k2\n"
                              "cat -> dead : k3\n"
                              "catS -> dead + S : k4\n");
    /* Both forms die alike, so that what is left falls as exp(-k t): half of it by ln 2 / k, within the run, beyond its
     * end, and not within ten times its length. */
    const double rates[] = {3, 0.2, 0.05};
    for (size_t i = 0; i < 3; i++) {
        const double k[] = {1000, 100, 200, rates[i], rates[i]}, expected = log(2) / rates[i];
        const run_turnover t = turnover_of(m, k, 1e-5, 1);
        if (expected < LONGEST_FOLLOWED)
            assert_near(t.half_life / expected, 1, 0.002);
        else
            assert_near(t.half_life, LONGEST_FOLLOWED, 1e-9);
        const double made = 1e-5 * k[2] / (1 + (k[1] + k[2]) / k[0]) * (1 - exp(-rates[i])) / rates[i];
        assert_near(t.ton / (made / 1e-5), 1, 0.02);
    }
    mech_mechanism_free(m);
}

static mech_estimate about(double value) { return (mech_estimate){value, value / 1.2, value * 1.2}; }

static void rate_laws_name_what_is_left(void **state) {
    (void)state;
    const struct {
        double michaelis, product, equilibrium;
        const char *law;
    } cases[] = {
        {1e-3, 1, 1e6, "rate = kcat [cat]"},
        {1e-3, 1, 3, "rate = kcat [cat] ([S] - [P] / Keq) / [S]"},
        {1e-3, 1e-3, 1e6, "rate = kcat [cat] [S] / ([S] + (KM/KP) [P])"},
        {100, 100, 1e6, "rate = (kcat/KM) [cat] [S]"},
        {100, 1, 1e6, "rate = (kcat/KM) [cat] [S] / (1 + [P] / KP)"},
        {100, 100, 3, "rate = (kcat/KM) [cat] ([S] - [P] / Keq)"},
        {1, 100, 1e6, "rate = kcat [cat] [S] / (KM + [S])"},
        {1, 1, 3, "rate = kcat [cat] ([S] - [P] / Keq) / (KM + [S] + (KM/KP) [P])"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rate_law law;
        const cycle_estimates e = {.michaelis = about(cases[i].michaelis),
                                   .product = about(cases[i].product),
                                   .competition = about(cases[i].michaelis / cases[i].product),
                                   .equilibrium = about(cases[i].equilibrium),
                                   .most_substrate = 1};
        mech_rate_law(&e, &law);
        assert_string_equal(law.plain, cases[i].law);
        assert_non_null(strstr(law.latex, "v = "));
        assert_true((strstr(law.latex, "K_\\mathrm{eq}") != NULL) == (strstr(law.plain, "Keq") != NULL));
    }
}

/* Two runs of M9 without noise, in min and mM. */
static mech_run_set *simulate(const double *k) {
    enum { N_TIMES = 14 };
    static const double loading[] = {0.02, 0.05}, unit = 50;
    const mech_mechanism *m = mech_builtin(8);
    const size_t n = mech_mechanism_n_species(m);
    mech_run_set *set = NULL;
    mech_error error = {.message = ""};
    assert_int_equal(mech_run_set_new("min", "mM", &set, &error), MECH_OK);
    for (size_t run = 0; run < 2; run++) {
        double start[16], times[N_TIMES], y[N_TIMES * 16], s[N_TIMES];
        mech_mechanism_start(m, 1, 0, loading[run], start);
        for (size_t i = 0; i < N_TIMES; i++) times[i] = (run ? 2.0 : 4.0) * (double)i / (N_TIMES - 1);
        mech_solver_options options = mech_solver_options_default();
        const mech_problems problems = {.n_problems = 1, .k = k, .start = start, .times = times, .n_times = N_TIMES};
        assert_int_equal(mech_simulate(m, &options, &problems, y, NULL, &error), MECH_OK);
        for (size_t i = 0; i < N_TIMES; i++) s[i] = unit * y[i * n];
        const mech_run measured = {.size = sizeof measured,
                                   .name = run ? "more" : "less",
                                   .n_readings = N_TIMES,
                                   .time = times,
                                   .substrate = s,
                                   .s0 = unit,
                                   .cat0 = unit * loading[run]};
        if (mech_run_set_add(set, &measured, &error) != MECH_OK) fail_msg("%s", error.message);
    }
    return set;
}

static const mech_quantity *find(const mech_mechanism_fit *f, const char *name) {
    for (size_t i = 0; i < f->n_derived; i++)
        if (strcmp(f->derived[i].name, name) == 0) return &f->derived[i];
    fail_msg("there is no %s", name);
    return NULL;
}

static void assert_within(const mech_estimate *e, double value, double slack) {
    if (!(e->low <= value * (1 + slack) && e->high >= value * (1 - slack) && e->low <= e->value && e->value <= e->high))
        fail_msg("%g (%g to %g) leaves out %g", e->value, e->low, e->high, value);
}

static void fits_quote_them_in_the_units_of_the_runs(void **state) {
    (void)state;
    const double k[] = {30, 2, 25, 0.05, 0.9};
    mech_run_set *set = simulate(k);
    const mech_mechanism *list[] = {mech_builtin(8)};
    mech_fit_options options = mech_fit_options_default();
    mech_fits *fits = NULL;
    mech_error error = {.message = ""};
    options.mechanisms = list;
    options.n_mechanisms = 1;
    options.loading_error = options.start_error = options.clock_error = 0;
    options.noise = 0.003;
    options.gaussian = true;
    if (mech_fit_run_set(set, &options, NULL, &fits, &error) != MECH_OK) fail_msg("%s", error.message);
    const mech_mechanism_fit *f = &fits->mechanisms[0];
    assert_within(&find(f, "kcat")->interval, k[2], 0.02);
    assert_within(&find(f, "KM")->interval, 50 * (k[1] + k[2]) / k[0], 0.02);
    assert_int_equal(find(f, "KM")->concentration_power, 1);
    assert_int_equal(find(f, "TOF")->time_power, -1);
    assert_int_equal(find(f, "half-life")->time_power, 1);
    assert_non_null(f->rate_law);
    /* The first run's are the experiment's. */
    assert_int_equal(f->n_runs, 2);
    assert_near(find(f, "TON")->interval.value, f->runs[0].ton.value, 0);
    const mech_run *less = mech_run_set_run(mech_fits_runs(fits), 0);
    assert_within(&f->runs[0].ton, (less->s0 - less->substrate[13]) / less->cat0, 0.05);
    assert_true(f->runs[0].highest_tof.value < k[2] && f->runs[0].highest_tof.value > 0.2 * k[2]);
    assert_string_equal(f->runs[0].remarks, "");
    /* Bands hold the readings, and the forms of the catalyst make up all of it. */
    mech_estimate substrate[14], product[14], share[14 * 16];
    assert_int_equal(mech_fits_bands(fits, 0, 0, 14, less->time, substrate, product, &error), MECH_OK);
    assert_int_equal(mech_fits_catalyst(fits, 0, 0, 14, less->time, share, &error), MECH_OK);
    const size_t n = mech_mechanism_n_species(f->mechanism);
    for (size_t i = 0; i < 14; i++) {
        double all = 0;
        assert_true(substrate[i].low <= substrate[i].value && substrate[i].value <= substrate[i].high);
        assert_near(substrate[i].value, less->substrate[i], 0.01 * less->s0);
        for (size_t j = 0; j < n; j++) all += share[i * n + j].value;
        assert_near(all, 1, 0.02);
    }
    /* Draws have the medians that are told. */
    enum { N_DRAWS = 2001 };
    double *draws = malloc(N_DRAWS * f->n_rate_constants * sizeof *draws);
    assert_non_null(draws);
    assert_int_equal(mech_fits_draws(fits, 0, N_DRAWS, draws, &error), MECH_OK);
    for (size_t j = 0; j < f->n_rate_constants; j++) {
        size_t below = 0;
        for (size_t i = 0; i < N_DRAWS; i++)
            below += draws[i * f->n_rate_constants + j] <= f->rate_constants[j].interval.value;
        assert_near((double)below / N_DRAWS, 0.5, 0.03);
    }
    assert_int_equal(mech_fits_bands(fits, 0, 2, 14, less->time, substrate, product, &error), MECH_INVALID_ARGUMENT);
    assert_int_equal(mech_fits_draws(fits, 1, N_DRAWS, draws, &error), MECH_INVALID_ARGUMENT);
    free(draws);
    mech_fits_free(fits);
    mech_run_set_free(set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turnover_frequency_is_that_of_michaelis_and_menten),
        cmocka_unit_test(half_life_is_that_of_a_first_order_loss),
        cmocka_unit_test(rate_laws_name_what_is_left),
        cmocka_unit_test(fits_quote_them_in_the_units_of_the_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
