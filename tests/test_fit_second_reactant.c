/* Fits of run sets with a second reactant and with readings of the active catalyst. */
#include "base/random.h"
#include "data/prior/acceptance.h"
#include "fit/fits.h"
#include "fit/theta/compositions.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

enum { N_RUNS_HERE = 3, N_TIMES = 9, M1 = 0, M9 = 8 };

static mech_mechanism *compose(const char *name, double coefficient) {
    mech_parts *parts = NULL;
    mech_mechanism *m = NULL;
    mech_error error = {.message = ""};
    assert_int_equal(mech_parts_new(&parts, &error), MECH_OK);
    assert_int_equal(mech_parts_set_coefficient(parts, coefficient, &error), MECH_OK);
    if (mech_compose(parts, name, &m, &error) != MECH_OK) fail_msg("%s", error.message);
    mech_parts_free(parts);
    return m;
}

/* What is measured, and how exactly. */
typedef struct measuring {
    double noise, coefficient;
    bool b, active, computed; /* readings of B; of the active catalyst; P and B are computed from S */
} measuring;

static const double b_start[N_RUNS_HERE] = {1.1, 1.1, 2.2};

/* Three runs of B2+M9 in mM, of which B is short in two. */
static mech_run_set *simulate(const measuring *how) {
    static const double k[] = {40, 2, 20, 0.5, 0.6}, loadings[N_RUNS_HERE] = {0.03, 0.06, 0.04};
    const double unit = 50;
    mech_mechanism *m = compose("B2+M9", how->coefficient);
    const size_t n = mech_mechanism_n_species(m);
    const int b_at = mech_mechanism_find_species(m, "B"), dead = mech_mechanism_find_species(m, "inactive");
    mech_run_set *set = NULL;
    mech_error error = {.message = ""};
    random_stream r = mech_random_open(21, RANDOM_TEST, 0, 0);
    assert_int_equal(mech_run_set_new("min", "mM", &set, &error), MECH_OK);
    for (size_t run = 0; run < N_RUNS_HERE; run++) {
        double start[16], times[N_TIMES], y[N_TIMES * 16], s[N_TIMES], p[N_TIMES], b[N_TIMES], active[N_TIMES];
        mech_mechanism_start(m, 1, 0, loadings[run], start);
        start[b_at] = b_start[run];
        for (size_t i = 0; i < N_TIMES; i++) times[i] = 5.0 * (double)i / (N_TIMES - 1);
        mech_solver_options options = mech_solver_options_default();
        const mech_problems problems = {.n_problems = 1, .k = k, .start = start, .times = times, .n_times = N_TIMES};
        assert_int_equal(mech_simulate(m, &options, &problems, y, NULL, &error), MECH_OK);
        for (size_t i = 0; i < N_TIMES; i++) {
            const double noise = i ? how->noise : 0;
            s[i] = unit * (y[i * n] + noise * mech_random_normal(&r));
            p[i] = how->computed ? unit - s[i] : unit * (y[i * n + 1] + noise * mech_random_normal(&r));
            b[i] = how->coefficient * unit *
                   (how->computed ? b_start[run] - 1 + s[i] / unit
                                  : y[i * n + (size_t)b_at] + noise * mech_random_normal(&r));
            active[i] = unit * (loadings[run] - y[i * n + (size_t)dead]);
        }
        const mech_reactant second = {
            .species = "B", .start = how->coefficient * unit * b_start[run], .concentration = how->b ? b : NULL};
        const mech_run measured = {.size = sizeof measured,
                                   .name = "1",
                                   .n_readings = N_TIMES,
                                   .time = times,
                                   .substrate = s,
                                   .product = p,
                                   .active = how->active ? active : NULL,
                                   .s0 = unit,
                                   .cat0 = unit * loadings[run],
                                   .n_reactants = 1,
                                   .reactants = &second};
        if (mech_run_set_add(set, &measured, &error) != MECH_OK) fail_msg("%s", error.message);
    }
    mech_mechanism_free(m);
    return set;
}

static observations observe(const mech_run_set *set) {
    observations data;
    mech_error error = {.message = ""};
    if (mech_observe(set, &data, &error) != MECH_OK) fail_msg("%s", error.message);
    return data;
}

static void what_was_computed_counts_once(void **state) {
    (void)state;
    const measuring computed = {.noise = 0.01, .coefficient = 2, .b = true, .computed = true};
    const measuring measured = {.noise = 0.01, .coefficient = 2, .b = true, .active = true};
    mech_run_set *set = simulate(&computed), *other = simulate(&measured);
    observations one = observe(set), all = observe(other);
    assert_int_equal(one.n, N_RUNS_HERE * (N_TIMES - 1));
    assert_true(one.measured[READING_S] && !one.measured[READING_P] && !one.measured[READING_B]);
    assert_int_equal(all.n, N_RUNS_HERE * 4 * (N_TIMES - 1));
    assert_true(one.tells_second);
    assert_near(one.runs[2].b0, 2 * b_start[2], 1e-12);
    mech_observations_free(&one);
    mech_observations_free(&all);
    mech_run_set_free(set);
    mech_run_set_free(other);
}

/* Derivatives of all readings by all that a fit can move, beside differences. */
static void check_derivatives(const fit_space *s) {
    const observations *data = s->data;
    const size_t c = mech_fit_n_columns(s, DERIVATIVES_BY_ALL), rows = data->n;
    double x[FIT_MOST_POINT];
    const double step = 1e-4;
    double *values = check(calloc(rows, sizeof *values)), *derivatives = check(calloc(rows * c, sizeof *derivatives));
    double *above = check(calloc(rows, sizeof *above)), *below = check(calloc(rows, sizeof *below));
    bool ok;
    mech_error error = {.message = ""};
    for (size_t j = 0; j < s->n_theta; j++) x[j] = 2 + sin((double)(3 * j));
    for (size_t j = s->n_theta; j < s->n; j++) x[j] = 0.03 * sin((double)(7 * j));
    assert_int_equal(mech_fit_curves(s, 1, x, DERIVATIVES_BY_ALL, 1e-6, values, derivatives, &ok, &error), MECH_OK);
    assert_true(ok);
    for (size_t j = 0; j < s->n; j++) {
        const double at = x[j];
        x[j] = at + step;
        assert_int_equal(mech_fit_curves(s, 1, x, DERIVATIVES_NONE, 1e-10, above, NULL, &ok, &error), MECH_OK);
        x[j] = at - step;
        assert_int_equal(mech_fit_curves(s, 1, x, DERIVATIVES_NONE, 1e-10, below, NULL, &ok, &error), MECH_OK);
        x[j] = at;
        for (size_t r = 0; r < data->n_runs; r++)
            for (size_t i = data->runs[r].first; i < data->runs[r].first + data->runs[r].n; i++) {
                const size_t own = mech_fit_run_errors(s, r), shared = mech_fit_shared_errors(s);
                double derivative = 0;
                if (j < s->n_theta) derivative = derivatives[i * c + j];
                if (j >= own && j < own + RUN_ERRORS) derivative = derivatives[i * c + s->n_theta + j - own];
                if (j >= shared) derivative = derivatives[i * c + s->n_theta + RUN_ERRORS + j - shared];
                assert_near(derivative, (above[i] - below[i]) / (2 * step), 2e-3);
            }
    }
    free(values);
    free(derivatives);
    free(above);
    free(below);
}

static void derivatives_of_b_and_active_catalyst_match_differences(void **state) {
    (void)state;
    const measuring how = {.noise = 0.01, .coefficient = 2, .b = true, .active = true};
    mech_run_set *set = simulate(&how);
    observations data = observe(set);
    data.second_coefficient = 2;
    mech_mechanism *m = compose("B2+M9", 2);
    const fit_space with = mech_fit_space(m, &data), without = mech_fit_space(mech_builtin(M9), &data);
    assert_true(with.second >= 0 && without.second < 0);
    assert_near(with.second_start[2], b_start[2], 1e-12);
    check_derivatives(&with);
    check_derivatives(&without);
    mech_mechanism_free(m);
    mech_observations_free(&data);
    mech_run_set_free(set);
}

static const mech_mechanism_fit *find(const mech_fits *fits, const char *id) {
    for (size_t i = 0; i < fits->n_mechanisms; i++)
        if (strcmp(mech_mechanism_id(fits->mechanisms[i].mechanism), id) == 0) return &fits->mechanisms[i];
    fail_msg("there is no %s", id);
    return NULL;
}

static void a_second_reactant_that_runs_out_is_found(void **state) {
    (void)state;
    const measuring how = {.noise = 0.004, .coefficient = 2, .b = true, .active = true};
    mech_run_set *set = simulate(&how);
    mech_parts *parts = NULL;
    mech_error error = {.message = ""};
    assert_int_equal(mech_parts_new(&parts, &error), MECH_OK);
    assert_int_equal(mech_parts_set_coefficient(parts, 2, &error), MECH_OK);
    mech_mechanism *right = compose("B2+M9", 2), *cycle = compose("B2", 2);
    const mech_mechanism *list[] = {mech_builtin(M9), cycle, right};
    mech_fit_options options = mech_fit_options_default();
    options.mechanisms = list;
    options.n_mechanisms = 3;
    options.parts = parts;
    mech_fits *fits = NULL;
    if (mech_fit_run_set(set, &options, NULL, &fits, &error) != MECH_OK) fail_msg("%s", error.message);
    const mech_mechanism_fit *best = &fits->mechanisms[0];
    assert_string_equal(mech_mechanism_id(best->mechanism), "B2+M9");
    assert_int_equal(fits->n_warnings, 0);
    assert_true(best->log_evidence > find(fits, "M9")->log_evidence + 10);
    assert_true(best->log_evidence > find(fits, "B2")->log_evidence + 10);
    /* Rate constants belong to B in equivalents: k2 in units of 1 / (50 mM min). */
    const mech_quantity *k3 = &best->rate_constants[4];
    assert_true(k3->interval.low < 0.6 && 0.6 < k3->interval.high);
    mech_fits_free(fits);
    /* Those without B alone come with a word. */
    options.n_mechanisms = 1;
    options.fast = true;
    if (mech_fit_run_set(set, &options, NULL, &fits, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(fits->n_warnings, 1);
    assert_non_null(strstr(fits->warnings[0], "second reactant"));
    mech_fits_free(fits);
    mech_mechanism_free(right);
    mech_mechanism_free(cycle);
    mech_parts_free(parts);
    mech_run_set_free(set);
}

static void thetas_of_compositions_show_all_parts(void **state) {
    (void)state;
    static const char *const names[] = {"B2+PI+M9", "M6+PD+M13", "M3+M8+BG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        enum { N = 60 };
        mech_mechanism *m = compose(names[i], 1);
        const part *chosen[N_ROWS];
        timed_thetas thetas;
        uint8_t verdicts[N];
        size_t n_refused = 0;
        mech_error error = {.message = ""};
        assert_true(mech_decompose(m, chosen));
        assert_int_equal(mech_compose_thetas(chosen, N, NULL, &thetas, &error), MECH_OK);
        assert_int_equal(thetas.pool.n, N);
        const mech_solver_options solver = mech_solver_options_default();
        const candidates c = {.n = N, .k = thetas.pool.k, .additive = thetas.pool.additive};
        assert_int_equal(mech_judge_candidates(m, &solver, &c, verdicts, &error), MECH_OK);
        for (size_t j = 0; j < N; j++) n_refused += verdicts[j] != ACCEPTED;
        /* They were judged at a wider tolerance, which may change a mind at the border. */
        if (n_refused > 1) fail_msg("%s: %zu thetas are not accepted", names[i], n_refused);
        mech_timed_thetas_free(&thetas);
        mech_mechanism_free(m);
    }
}

static void a_base_at_hand_changes_no_bit(void **state) {
    (void)state;
    mech_mechanism *whole = compose("M6+PD+M13", 1), *less = compose("M6+PD", 1);
    theta_draws base, with, without;
    mech_error error = {.message = ""};
    assert_int_equal(mech_theta_draws_new(less, NULL, 0, mech_n_base_thetas(less), NULL, &base, &error), MECH_OK);
    assert_int_equal(mech_theta_draws_new(whole, NULL, 0, 40, &base, &with, &error), MECH_OK);
    assert_int_equal(mech_theta_draws_new(whole, NULL, 0, 40, NULL, &without, &error), MECH_OK);
    assert_int_equal(with.n, without.n);
    assert_int_equal(with.n, 40);
    assert_memory_equal(with.theta, without.theta, with.n * with.n_theta * sizeof *with.theta);
    mech_theta_draws_free(&base);
    mech_theta_draws_free(&with);
    mech_theta_draws_free(&without);
    mech_mechanism_free(whole);
    mech_mechanism_free(less);
}

static void odds_are_even_for_each_row_and_alike_within(void **state) {
    (void)state;
    const part_rows rows = mech_part_rows(NULL);
    int chosen[MOST_ROWS];
    double sum = 0;
    for (size_t row = 0; row < MOST_ROWS; row++) chosen[row] = -1;
    assert_int_equal(rows.n, N_ROWS);
    assert_near(mech_composition_odds(&rows, chosen), 1, 0);
    for (size_t i = 0; i < rows.n_parts; i++) {
        const size_t row = mech_part_row(&rows, i);
        if (strcmp(rows.name[row], "loss") != 0) continue;
        chosen[row] = (int)i;
        sum += mech_composition_odds(&rows, chosen);
    }
    assert_near(sum, 1, 1e-12);
}

/* Stops at the second question. */
static bool stop_soon(void *context) {
    int *asked = context;
    return ++*asked > 1;
}

static void a_search_stops_where_it_is_asked_to(void **state) {
    (void)state;
    const measuring how = {.noise = 0.01, .coefficient = 1};
    mech_run_set *set = simulate(&how);
    mech_fit_options options = mech_fit_options_default();
    mech_fits *fits = NULL;
    mech_error error = {.message = ""};
    int asked = 0;
    const mech_progress progress = {.context = &asked, .should_stop = stop_soon};
    options.composed = options.fast = true;
    options.threads = 1;
    assert_int_equal(mech_fit_run_set(set, &options, &progress, &fits, &error), MECH_STOPPED);
    assert_null(fits);
    assert_int_equal(asked, 2);
    mech_run_set_free(set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_computed_counts_once),
        cmocka_unit_test(derivatives_of_b_and_active_catalyst_match_differences),
        cmocka_unit_test(a_second_reactant_that_runs_out_is_found),
        cmocka_unit_test(thetas_of_compositions_show_all_parts),
        cmocka_unit_test(a_base_at_hand_changes_no_bit),
        cmocka_unit_test(odds_are_even_for_each_row_and_alike_within),
        cmocka_unit_test(a_search_stops_where_it_is_asked_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
