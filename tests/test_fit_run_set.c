/* Fits of run sets through the public interface: what is simulated is found again, with its errors. */
#include "mechanist.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

enum { M1 = 0, M2 = 1, M9 = 8, N_TIMES = 16, N_RUNS = 4 };

/* What is wrong with an experiment. */
typedef struct mistakes {
    double noise, catalyst_factor; /* the latter of run 2 */
    bool outlier;
} mistakes;

/* Four runs of M9, S and P, at times that suit it, in min and mM. */
static mech_run_set *simulate(const mistakes *wrong, uint64_t seed) {
    static const double k[] = {30, 2, 25, 0.5, 0.9};
    static const double loading[N_RUNS] = {0.02, 0.04, 0.08, 0.04}, s0[N_RUNS] = {1, 1, 1, 0.6};
    const double unit = 50; /* mM */
    mech_run_set *set = NULL;
    mech_error error = {.message = ""};
    random_stream r = mech_random_open(seed, RANDOM_TEST, 0, 0);
    assert_int_equal(mech_run_set_new("min", "mM", &set, &error), MECH_OK);
    for (size_t run = 0; run < N_RUNS; run++) {
        double start[16], times[N_TIMES], y[N_TIMES * 16], s[N_TIMES], p[N_TIMES];
        const mech_mechanism *m = mech_builtin(M9);
        const size_t n = mech_mechanism_n_species(m);
        mech_mechanism_start(m, s0[run], 0, loading[run] * (run == 1 ? wrong->catalyst_factor : 1), start);
        for (size_t i = 0; i < N_TIMES; i++)
            times[i] = 6.0 * (double)i / (N_TIMES - 1) * 0.02 / sqrt(loading[run] * 0.02);
        mech_solver_options options = mech_solver_options_default();
        const mech_problems problems = {.n_problems = 1, .k = k, .start = start, .times = times, .n_times = N_TIMES};
        assert_int_equal(mech_simulate(m, &options, &problems, y, NULL, &error), MECH_OK);
        for (size_t i = 0; i < N_TIMES; i++) {
            s[i] = unit * (y[i * n] + (i ? wrong->noise * mech_random_normal(&r) : 0));
            p[i] = unit * (y[i * n + 1] + (i ? wrong->noise * mech_random_normal(&r) : 0));
        }
        if (wrong->outlier && run == 2) s[7] += 0.3 * unit;
        const char *const names[] = {"a", "b", "c", "d"};
        const mech_run measured = {.size = sizeof measured,
                                   .name = names[run],
                                   .n_readings = N_TIMES,
                                   .time = times,
                                   .substrate = s,
                                   .product = p,
                                   .s0 = unit * s0[run],
                                   .p0 = 0,
                                   .cat0 = unit * loading[run]};
        if (mech_run_set_add(set, &measured, &error) != MECH_OK) fail_msg("%s", error.message);
    }
    return set;
}

static mech_fits *fit(const mech_run_set *set, const mech_fit_options *options) {
    mech_fits *fits = NULL;
    mech_error error = {.message = ""};
    if (mech_fit_run_set(set, options, NULL, &fits, &error) != MECH_OK) fail_msg("%s", error.message);
    return fits;
}

/* M1, M2 and M9. */
static mech_fit_options few_mechanisms(const mech_mechanism *list[3]) {
    list[0] = mech_builtin(M1);
    list[1] = mech_builtin(M2);
    list[2] = mech_builtin(M9);
    mech_fit_options options = mech_fit_options_default();
    options.mechanisms = list;
    options.n_mechanisms = 3;
    return options;
}

static const mech_quantity *find(const mech_quantity *all, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].name, name) == 0) return &all[i];
    fail_msg("there is no %s", name);
    return NULL;
}

static void the_mechanism_and_its_numbers_are_found(void **state) {
    (void)state;
    const mistakes wrong = {.noise = 0.004, .catalyst_factor = 1, .outlier = true};
    mech_run_set *set = simulate(&wrong, 1);
    const mech_mechanism *list[3];
    const mech_fit_options options = few_mechanisms(list);
    mech_fits *fits = fit(set, &options);
    const mech_mechanism_fit *best = &fits->mechanisms[0];
    assert_string_equal(mech_mechanism_id(best->mechanism), "M9");
    assert_true(best->probability > 0.9 && best->fitted);
    assert_near(fits->mechanisms[0].probability + fits->mechanisms[1].probability + fits->mechanisms[2].probability, 1,
                1e-12);
    assert_int_equal(fits->n_readings, N_RUNS * 2 * (N_TIMES - 1));
    assert_near(best->noise, 0.004, 0.0012);
    assert_int_equal(fits->classes[0].mechanism_class, MECH_CLASS_DEACTIVATION);
    if (!(fits->none_of_these.p_value > 0.01)) fail_msg("p = %g", fits->none_of_these.p_value);
    /* k3, a first-order loss, and the turnover are in min^-1 and well known; k1 is in mM^-1 min^-1. */
    const mech_quantity *k3 = find(best->rate_constants, best->n_rate_constants, "k3");
    assert_true(k3->interval.low < 0.9 && 0.9 < k3->interval.high && k3->interval.low < k3->interval.value);
    assert_int_equal(k3->time_power, -1);
    assert_int_equal(k3->concentration_power, 0);
    const mech_quantity *specificity = find(best->derived, best->n_derived, "kcat/KM");
    const double truth = 30.0 / 50 * 25 / 27;
    assert_int_equal(specificity->concentration_power, -1);
    assert_true(specificity->interval.low < truth && truth < specificity->interval.high);
    assert_int_equal(specificity->verdict, MECH_DETERMINED);
    /* Half of the catalyst is dead at the end of the first run; the curve passes through the readings. */
    const mech_active_catalyst *active = &fits->active[0];
    assert_string_equal(active->run, "a");
    assert_near(active->share[0].value, 1, 0.02);
    const mech_estimate end = active->share[active->n_times - 1];
    assert_true(end.low < end.value && end.value < end.high && end.high < 0.9 && end.low > 0.0);
    double s[2], p[2];
    const mech_run *run = mech_run_set_run(set, 0);
    const double times[] = {run->time[4], run->time[10]};
    mech_error error = {.message = ""};
    assert_int_equal(mech_fits_curves(fits, 0, 0, 2, times, s, p, &error), MECH_OK);
    assert_near(s[0], run->substrate[4], 1);
    assert_near(p[1], run->product[10], 1);
    assert_int_equal(mech_fits_curves(fits, 0, N_RUNS, 2, times, s, p, &error), MECH_INVALID_ARGUMENT);
    mech_fits_free(fits);
    mech_run_set_free(set);
}

static void a_run_with_less_catalyst_is_told(void **state) {
    (void)state;
    const mistakes wrong = {.noise = 0.003, .catalyst_factor = 0.75};
    mech_run_set *set = simulate(&wrong, 2);
    const mech_mechanism *list[3];
    mech_fit_options options = few_mechanisms(list);
    options.mechanisms = list + 2;
    options.n_mechanisms = 1;
    mech_fits *fits = fit(set, &options);
    const mech_mechanism_fit *best = &fits->mechanisms[0];
    assert_int_equal(best->n_runs, N_RUNS);
    const mech_estimate *b = &best->runs[1].catalyst_factor, *c = &best->runs[2].catalyst_factor;
    assert_true(b->high < 1 && b->low < 0.8 && b->value < c->value);
    /* Told that loadings are exact, curves miss the readings. */
    const double with = best->deviation;
    options.loading_error = options.clock_error = options.start_error = 0;
    mech_fits *exact = fit(set, &options);
    assert_true(exact->mechanisms[0].deviation > 2 * with);
    assert_true(exact->mechanisms[0].log_evidence < best->log_evidence - 20);
    assert_near(exact->mechanisms[0].runs[1].catalyst_factor.value, 1, 0);
    mech_fits_free(exact);
    mech_fits_free(fits);
    mech_run_set_free(set);
}

static void threads_and_calls_change_nothing(void **state) {
    (void)state;
    const mistakes wrong = {.noise = 0.01, .catalyst_factor = 1};
    mech_run_set *set = simulate(&wrong, 3);
    const mech_mechanism *list[3];
    mech_fit_options options = few_mechanisms(list);
    options.threads = 1;
    mech_fits *one = fit(set, &options);
    options.threads = 3;
    mech_fits *three = fit(set, &options);
    options.seed = 2;
    mech_fits *other = fit(set, &options);
    for (size_t i = 0; i < 3; i++) {
        const mech_mechanism_fit *a = &one->mechanisms[i], *b = &three->mechanisms[i];
        assert_ptr_equal(a->mechanism, b->mechanism);
        assert_true(a->log_evidence == b->log_evidence && a->probability == b->probability);
        for (size_t j = 0; j < a->n_rate_constants; j++)
            assert_memory_equal(&a->rate_constants[j].interval, &b->rate_constants[j].interval, sizeof(mech_estimate));
    }
    /* Another seed: the same within what the error says. */
    const mech_mechanism_fit *a = &one->mechanisms[0], *b = &other->mechanisms[0];
    assert_true(isfinite(a->log_evidence_error) && a->log_evidence_error > 0);
    if (a->mechanism == b->mechanism)
        assert_near(a->log_evidence, b->log_evidence, 5 * hypot(a->log_evidence_error, b->log_evidence_error) + 0.1);
    mech_fits_free(one);
    mech_fits_free(three);
    mech_fits_free(other);
    mech_run_set_free(set);
}

static void prior_odds_multiply_and_fast_is_near(void **state) {
    (void)state;
    const mistakes wrong = {.noise = 0.02, .catalyst_factor = 1};
    mech_run_set *set = simulate(&wrong, 4);
    const mech_mechanism *list[3];
    mech_fit_options options = few_mechanisms(list);
    options.fast = true;
    mech_fits *fast = fit(set, &options);
    options.fast = false;
    mech_fits *sampled = fit(set, &options);
    for (size_t i = 0; i < 3; i++) {
        assert_true(isinf(fast->mechanisms[i].log_evidence_error));
        for (size_t j = 0; j < 3; j++)
            if (fast->mechanisms[i].mechanism == sampled->mechanisms[j].mechanism &&
                isfinite(sampled->mechanisms[j].log_evidence_error))
                assert_near(fast->mechanisms[i].log_evidence, sampled->mechanisms[j].log_evidence, 4);
    }
    const double odds[] = {0, 1, 1};
    options.prior_odds = odds;
    mech_fits *without = fit(set, &options);
    for (size_t i = 0; i < 3; i++)
        if (without->mechanisms[i].mechanism == list[0]) assert_true(without->mechanisms[i].probability == 0);
    mech_fits_free(fast);
    mech_fits_free(sampled);
    mech_fits_free(without);
    mech_run_set_free(set);
}

/* Many at once have the probabilities that each has by itself, in the order of the options. */
static void many_run_sets_are_fitted_as_each(void **state) {
    (void)state;
    const mistakes wrong[2] = {{.noise = 0.02, .catalyst_factor = 1}, {.noise = 0.03, .catalyst_factor = 1}};
    mech_run_set *sets[2] = {simulate(&wrong[0], 6), simulate(&wrong[1], 7)};
    const mech_run_set *const both[2] = {sets[0], sets[1]};
    const mech_mechanism *list[3];
    mech_fit_options options = few_mechanisms(list);
    options.threads = 2;
    float p[2][3];
    mech_error error = {.message = ""};
    if (mech_fit_run_sets(2, both, &options, NULL, p[0], &error) != MECH_OK) fail_msg("%s", error.message);
    for (size_t i = 0; i < 2; i++) {
        mech_fits *fits = fit(sets[i], &options);
        for (size_t j = 0; j < 3; j++)
            for (size_t k = 0; k < 3; k++)
                if (fits->mechanisms[j].mechanism == list[k])
                    assert_true(p[i][k] == (float)fits->mechanisms[j].probability);
        mech_fits_free(fits);
        mech_run_set_free(sets[i]);
    }
    mech_run_set *empty = NULL;
    assert_int_equal(mech_run_set_new(NULL, NULL, &empty, &error), MECH_OK);
    const mech_run_set *const none[] = {empty};
    assert_int_equal(mech_fit_run_sets(1, none, &options, NULL, p[0], &error), MECH_INVALID_INPUT);
    assert_true(strncmp(error.message, "run set 0: ", 11) == 0);
    mech_run_set_free(empty);
}

static bool stop_at_once(void *context) {
    (void)context;
    return true;
}

static void what_cannot_be_fitted_is_refused(void **state) {
    (void)state;
    const mistakes wrong = {.noise = 0.01, .catalyst_factor = 1};
    mech_run_set *set = simulate(&wrong, 5), *empty = NULL;
    const mech_mechanism *list[3];
    mech_fit_options options = few_mechanisms(list);
    mech_error error = {.message = ""};
    mech_fits *fits = NULL;
    assert_int_equal(mech_run_set_new(NULL, NULL, &empty, &error), MECH_OK);
    assert_int_equal(mech_fit_run_set(empty, &options, NULL, &fits, &error), MECH_INVALID_INPUT);
    assert_null(fits);
    options.noise = 0;
    assert_int_equal(mech_fit_run_set(set, &options, NULL, &fits, &error), MECH_INVALID_ARGUMENT);
    options.noise = NAN;
    options.loading_error = -1;
    assert_int_equal(mech_fit_run_set(set, &options, NULL, &fits, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "the error of loadings is -1; expected a share from 0 to 1");
    options.loading_error = NAN;
    const double odds[] = {0, 0, 0};
    options.prior_odds = odds;
    assert_int_equal(mech_fit_run_set(set, &options, NULL, &fits, &error), MECH_INVALID_ARGUMENT);
    options.prior_odds = NULL;
    const mech_progress progress = {.should_stop = stop_at_once};
    assert_int_equal(mech_fit_run_set(set, &options, &progress, &fits, &error), MECH_STOPPED);
    assert_null(fits);
    mech_fits_free(NULL);
    mech_run_set_free(empty);
    mech_run_set_free(set);
}

/* One run of two readings leaves everything open, and says so. */
static void little_says_little(void **state) {
    (void)state;
    const double time[] = {0, 1, 3}, s[] = {1, 0.6, 0.2};
    mech_run_set *set = NULL;
    mech_error error = {.message = ""};
    assert_int_equal(mech_run_set_new(NULL, NULL, &set, &error), MECH_OK);
    const mech_run run = {
        .size = sizeof run, .name = "1", .n_readings = 3, .time = time, .substrate = s, .s0 = 1, .cat0 = 0.05};
    assert_int_equal(mech_run_set_add(set, &run, &error), MECH_OK);
    const mech_mechanism *list[3];
    const mech_fit_options options = few_mechanisms(list);
    mech_fits *fits = fit(set, &options);
    for (size_t i = 0; i < 3; i++) {
        const double p = fits->mechanisms[i].probability;
        if (!(p > 0.005 && p < 0.9)) fail_msg("%s: %g", mech_mechanism_id(fits->mechanisms[i].mechanism), p);
    }
    size_t undetermined = 0;
    const mech_mechanism_fit *best = &fits->mechanisms[0];
    for (size_t j = 0; j < best->n_rate_constants; j++)
        undetermined += best->rate_constants[j].verdict != MECH_DETERMINED;
    assert_true(undetermined >= 3);
    mech_fits_free(fits);
    mech_run_set_free(set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mechanism_and_its_numbers_are_found),
        cmocka_unit_test(a_run_with_less_catalyst_is_told),
        cmocka_unit_test(threads_and_calls_change_nothing),
        cmocka_unit_test(prior_odds_multiply_and_fast_is_near),
        cmocka_unit_test(many_run_sets_are_fitted_as_each),
        cmocka_unit_test(what_cannot_be_fitted_is_refused),
        cmocka_unit_test(little_says_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
