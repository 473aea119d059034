/* What fits of run sets are made of: curves and their derivatives, errors integrated out, the prior of theta. */
#include "base/numbers/cholesky.h"
#include "data/prior/acceptance.h"
#include "data/prior/prior.h"
#include "fit/fits.h"
#include "fit/likelihood/levels.h"
#include "fit/theta/accepted_thetas.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

enum { M1 = 0, M10 = 9, N_RUNS_HERE = 3, N_READINGS = 7 };

/* Three runs of S and P, the last one with product at the start, in units of their own. */
static mech_run_set *three_runs(void) {
    mech_run_set *set = NULL;
    mech_error error = {.message = ""};
    assert_int_equal(mech_run_set_new("min", "M", &set, &error), MECH_OK);
    static const double loadings[N_RUNS_HERE] = {0.02, 0.05, 0.05}, s0[N_RUNS_HERE] = {0.5, 0.5, 0.3},
                        p0[N_RUNS_HERE] = {0, 0, 0.2};
    for (size_t r = 0; r < N_RUNS_HERE; r++) {
        double time[N_READINGS], s[N_READINGS], p[N_READINGS];
        for (size_t i = 0; i < N_READINGS; i++) {
            time[i] = 3.0 * (double)(i + 1) / (double)(r + 1);
            s[i] = s0[r] * exp(-0.3 * (double)i);
            p[i] = i == 2 ? NAN : p0[r] + s0[r] - s[i] + 0.004 * sin((double)(3 * i + r)); /* no mirror of S */
        }
        const mech_run run = {.size = sizeof run,
                              .name = "run",
                              .n_readings = N_READINGS,
                              .time = time,
                              .substrate = s,
                              .product = p,
                              .s0 = s0[r],
                              .p0 = p0[r],
                              .cat0 = 0.5 * loadings[r]};
        if (mech_run_set_add(set, &run, &error) != MECH_OK) fail_msg("%s", error.message);
    }
    return set;
}

static observations observe(const mech_run_set *set) {
    observations data;
    mech_error error = {.message = ""};
    if (mech_observe(set, &data, &error) != MECH_OK) fail_msg("%s", error.message);
    return data;
}

/* A point of M10's space with every error in use. */
static void choose_point(const fit_space *s, double *x) {
    static const double theta[] = {4.1, 1.2, 3.4, 0.5, 5.5, -5.3};
    memcpy(x, theta, s->n_theta * sizeof *x);
    for (size_t j = s->n_theta; j < s->n; j++) x[j] = 0.03 * sin((double)(7 * j));
    x[mech_fit_shared_errors(s) + ERROR_SELECTIVITY] = -0.1;
    x[mech_fit_shared_errors(s) + ERROR_DEAD] = 0.1;
}

static void readings_at_the_start_say_nothing_new(void **state) {
    (void)state;
    const double time[] = {0, 1, 2}, s[] = {2, 1.5, NAN}, p[] = {0.01, 0.4, 0.9};
    mech_run_set *set = NULL;
    mech_error error = {.message = ""};
    assert_int_equal(mech_run_set_new(NULL, NULL, &set, &error), MECH_OK);
    const mech_run run = {.size = sizeof run,
                          .name = "1",
                          .n_readings = 3,
                          .time = time,
                          .substrate = s,
                          .product = p,
                          .s0 = 2,
                          .p0 = 0,
                          .cat0 = 0.1};
    assert_int_equal(mech_run_set_add(set, &run, &error), MECH_OK);
    observations data = observe(set);
    /* S at t = 0 is [S]0 itself; P at t = 0 is not [P]0 and was measured. */
    assert_int_equal(data.n, 4);
    assert_near(data.all[0].value, 0.75, 1e-15);
    assert_near(data.runs[0].times[1], 0.5, 1e-15);
    mech_observations_free(&data);
    mech_run_set_free(set);
}

static void derivatives_of_readings_match_differences(void **state) {
    (void)state;
    mech_run_set *set = three_runs();
    observations data = observe(set);
    const fit_space s = mech_fit_space(mech_builtin(M10), &data);
    const size_t c = mech_fit_n_columns(&s, DERIVATIVES_BY_ALL), rows = data.n;
    assert_int_equal(s.n_theta, 6);
    assert_int_equal(rows, N_RUNS_HERE * (2 * N_READINGS - 1));
    double x[FIT_MOST_POINT], step = 1e-4;
    double *values = check(calloc(rows, sizeof *values)), *derivatives = check(calloc(rows * c, sizeof *derivatives));
    double *above = check(calloc(rows, sizeof *above)), *below = check(calloc(rows, sizeof *below));
    double *by_errors = check(calloc(rows * FIT_ERRORS, sizeof *by_errors));
    bool ok;
    mech_error error = {.message = ""};
    choose_point(&s, x);
    assert_int_equal(mech_fit_curves(&s, 1, x, DERIVATIVES_BY_ALL, 1e-6, values, derivatives, &ok, &error), MECH_OK);
    assert_true(ok);
    for (size_t j = 0; j < s.n; j++) {
        const double at = x[j];
        x[j] = at + step;
        assert_int_equal(mech_fit_curves(&s, 1, x, DERIVATIVES_NONE, 1e-10, above, NULL, &ok, &error), MECH_OK);
        x[j] = at - step;
        assert_int_equal(mech_fit_curves(&s, 1, x, DERIVATIVES_NONE, 1e-10, below, NULL, &ok, &error), MECH_OK);
        x[j] = at;
        for (size_t r = 0; r < data.n_runs; r++)
            for (size_t i = data.runs[r].first; i < data.runs[r].first + data.runs[r].n; i++) {
                const size_t own = mech_fit_run_errors(&s, r), shared = mech_fit_shared_errors(&s);
                double derivative = 0;
                if (j < s.n_theta) derivative = derivatives[i * c + j];
                if (j >= own && j < own + RUN_ERRORS) derivative = derivatives[i * c + s.n_theta + j - own];
                if (j >= shared) derivative = derivatives[i * c + s.n_theta + RUN_ERRORS + j - shared];
                assert_near(derivative, (above[i] - below[i]) / (2 * step), 3e-4);
            }
    }
    /* Asked for by errors alone they are the same. */
    assert_int_equal(mech_fit_curves(&s, 1, x, DERIVATIVES_BY_ERRORS, 1e-6, values, by_errors, &ok, &error), MECH_OK);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < FIT_ERRORS; j++)
            assert_near(by_errors[i * FIT_ERRORS + j], derivatives[i * c + s.n_theta + j], 1e-9);
    free(values);
    free(derivatives);
    free(above);
    free(below);
    free(by_errors);
    mech_observations_free(&data);
    mech_run_set_free(set);
}

/* The integral over errors is exact where the readings depend on them linearly: against the density of the readings
 * themselves, which are then normal with covariance W^-1 + J D^2 J'. */
static void errors_are_integrated_out_exactly_where_they_are_linear(void **state) {
    (void)state;
    mech_run_set *set = three_runs();
    observations data = observe(set);
    const fit_space s = mech_fit_space(mech_builtin(M1), &data);
    const size_t n = data.n;
    random_stream r = mech_random_open(3, RANDOM_TEST, 0, 0);
    double *j = check(calloc(n * FIT_ERRORS, sizeof *j)), *e = check(calloc(3 * n, sizeof *e));
    double *covariance = check(calloc(n * n, sizeof *covariance)), *pull = e + n, *weight = pull + n;
    double errors[FIT_MOST_ERRORS];
    for (size_t i = 0; i < n * FIT_ERRORS; i++) j[i] = mech_random_normal(&r);
    for (size_t i = 0; i < s.n_errors; i++) errors[i] = 0.1 * mech_random_normal(&r);
    for (size_t i = 0; i < n; i++) {
        e[i] = 0.5 * mech_random_normal(&r);
        weight[i] = 1 + mech_random_uniform(&r);
        pull[i] = weight[i] * e[i];
    }
    const error_spreads level = {.spread = {0.3, 0, 0.2, 0.1, 0.2, 0, 0.4, 0.1}, .mean = {0, 0, 0, 0, 0, 0, -0.2, 0.1}};
    error_normal normal;
    assert_true(mech_error_normal_new(&s, &normal));
    mech_error_normal_fill(&s, pull, weight, j, DERIVATIVES_BY_ERRORS, &normal);
    const double integral = mech_error_integral(&s, &normal, errors, &level, NULL, NULL, NULL, NULL);
    /* Deviations at the mean of the errors, and the covariance of the readings. */
    double at_point = 0, direct = 0;
    for (size_t a = 0; a < n; a++) at_point -= weight[a] * e[a] * e[a] / 2 - log(weight[a]) / 2;
    for (size_t ra = 0; ra < data.n_runs; ra++)
        for (size_t a = data.runs[ra].first; a < data.runs[ra].first + data.runs[ra].n; a++) {
            for (size_t k = 0; k < FIT_ERRORS; k++) {
                const size_t place = k < RUN_ERRORS ? ra * RUN_ERRORS + k : data.n_runs * RUN_ERRORS + k - RUN_ERRORS;
                e[a] += j[a * FIT_ERRORS + k] * (level.mean[k] - errors[place]);
            }
            for (size_t rb = 0; rb < data.n_runs; rb++)
                for (size_t b = data.runs[rb].first; b < data.runs[rb].first + data.runs[rb].n; b++) {
                    covariance[a * n + b] = a == b ? 1 / weight[a] : 0;
                    for (size_t k = ra == rb ? 0 : RUN_ERRORS; k < FIT_ERRORS; k++)
                        covariance[a * n + b] +=
                            j[a * FIT_ERRORS + k] * level.spread[k] * level.spread[k] * j[b * FIT_ERRORS + k];
                }
        }
    assert_true(mech_cholesky(n, covariance));
    double *solved = check(calloc(n, sizeof *solved));
    memcpy(solved, e, n * sizeof *e);
    mech_cholesky_solve(n, covariance, solved);
    for (size_t a = 0; a < n; a++) direct -= e[a] * solved[a] / 2;
    direct -= mech_cholesky_log_determinant(n, covariance) / 2;
    assert_near(integral, direct - at_point, 1e-8);
    /* Draws have the mean that mech_error_draw() without a stream gives. */
    enum { N_DRAWS = 4000 };
    double mean[FIT_MOST_ERRORS], sum[FIT_MOST_ERRORS] = {0}, draw[FIT_MOST_ERRORS];
    assert_true(mech_error_draw(&s, &normal, errors, &level, NULL, NULL, mean));
    for (size_t i = 0; i < N_DRAWS; i++) {
        assert_true(mech_error_draw(&s, &normal, errors, &level, NULL, &r, draw));
        for (size_t k = 0; k < s.n_errors; k++) sum[k] += draw[k] / N_DRAWS;
    }
    for (size_t k = 0; k < s.n_errors; k++) assert_near(sum[k], mean[k], 0.4 * 5 / sqrt(N_DRAWS));
    mech_error_normal_free(&normal);
    free(solved);
    free(covariance);
    free(e);
    free(j);
    mech_observations_free(&data);
    mech_run_set_free(set);
}

static void levels_share_out_the_prior(void **state) {
    (void)state;
    mech_run_set *set = three_runs();
    observations data = observe(set);
    error_levels *levels = check(malloc(sizeof *levels));
    const told_errors unknown = {NAN, NAN, NAN, NAN}, exact = {0, 0, 0, 0}, some = {0.05, NAN, 0.01, NAN};
    const told_errors *told[] = {&unknown, &exact, &some};
    for (size_t i = 0; i < 3; i++) {
        double sum = 0;
        mech_error_levels(told[i], &data, levels);
        assert_true(levels->n >= 1 && levels->n <= MOST_LEVELS);
        for (size_t l = 0; l < levels->n; l++) {
            sum += exp(levels->level[l].log_weight);
            if (told[i] == &exact) /* What no run says of a second reactant stays open. */
                for (size_t k = 0; k < RUN_ERRORS; k++)
                    assert_true(levels->level[l].spread[k] == 0 || k == ERROR_SECOND);
            if (told[i] == &some) assert_near(levels->level[l].spread[ERROR_CATALYST], 0.05, 0);
        }
        assert_near(sum, 1, 1e-9);
    }
    free(levels);
    mech_observations_free(&data);
    mech_run_set_free(set);
}

/* All levels at once are what they are one by one, with theta and without. */
static void levels_are_summed_as_one_by_one(void **state) {
    (void)state;
    mech_run_set *set = three_runs();
    observations data = observe(set);
    const fit_space s = mech_fit_space(mech_builtin(M10), &data);
    const size_t rows = data.n, c = mech_fit_n_columns(&s, DERIVATIVES_BY_ALL);
    error_levels *levels = check(malloc(2 * sizeof *levels)), *kept = levels + 1;
    const told_errors unknown = {NAN, NAN, NAN, NAN};
    mech_error_levels(&unknown, &data, levels);
    random_stream r = mech_random_open(9, RANDOM_TEST, 0, 0);
    double *j = check(calloc(rows * (c + 2), sizeof *j)), *pull = j + rows * c, *weight = pull + rows;
    double errors[FIT_MOST_ERRORS], slope[FIT_MOST_THETA], curvature[FIT_MOST_THETA * FIT_MOST_THETA] = {0};
    double *terms = check(calloc(levels->n, sizeof *terms));
    for (size_t i = 0; i < rows * c; i++) j[i] = mech_random_normal(&r);
    for (size_t i = 0; i < s.n_errors; i++) errors[i] = 0.1 * mech_random_normal(&r);
    for (size_t i = 0; i < rows; i++) {
        weight[i] = 100 + 900 * mech_random_uniform(&r);
        pull[i] = 10 * mech_random_normal(&r);
    }
    for (size_t i = 0; i < s.n_theta; i++) {
        slope[i] = mech_random_normal(&r);
        curvature[i * s.n_theta + i] = 0.5 + (double)i;
    }
    error_normal normal;
    assert_true(mech_error_normal_new(&s, &normal));
    for (int with_theta = 0; with_theta < 2; with_theta++) {
        mech_error_normal_fill(&s, pull, weight, j, with_theta ? DERIVATIVES_BY_ALL : DERIVATIVES_BY_ERRORS, &normal);
        const double sum = mech_error_sum(&s, &normal, errors, levels, slope, curvature, terms);
        double most = -INFINITY, all = 0;
        for (size_t l = 0; l < levels->n; l++) {
            const double term =
                levels->level[l].log_weight +
                mech_error_integral(&s, &normal, errors, &levels->level[l], slope, curvature, NULL, NULL);
            assert_near(terms[l], term, 1e-8 * fabs(term) + 1e-8);
            most = fmax(most, term);
        }
        for (size_t l = 0; l < levels->n; l++) all += exp(terms[l] - most);
        assert_near(sum, most + log(all), 1e-8);
        /* What is left out of the sum does not count. */
        for (size_t l = 0; l < levels->n; l++) terms[l] = exp(terms[l] - most);
        mech_error_levels_keep(levels, 1, terms, 14, kept);
        assert_true(kept->n <= levels->n && kept->n % kept->n_shared == 0);
        assert_near(mech_error_sum(&s, &normal, errors, kept, slope, curvature, NULL), sum, 1e-4);
    }
    mech_error_normal_free(&normal);
    free(terms);
    free(j);
    free(levels);
    mech_observations_free(&data);
    mech_run_set_free(set);
}

static void thetas_on_record_are_accepted(void **state) {
    (void)state;
    enum { CHECKED = 40 };
    for (size_t m = 0; m < mech_builtin_count() + mech_recorded_compositions_size(); m++) {
        mech_mechanism *composed = NULL;
        mech_error problem;
        if (m >= mech_builtin_count())
            assert_int_equal(
                mech_compose(NULL, mech_recorded_compositions[m - mech_builtin_count()], &composed, &problem), MECH_OK);
        const mech_mechanism *mechanism = composed ? composed : mech_builtin(m);
        const size_t n_k = mech_mechanism_n_rate_constants(mechanism);
        prior *wide = NULL;
        mech_error error = {.message = ""};
        double k[CHECKED * MAX_RATE_CONSTANTS], additive[CHECKED];
        uint8_t verdicts[CHECKED];
        assert_int_equal(mech_prior_new("wide", &mechanism, 1, &wide, &error), MECH_OK);
        for (size_t i = 0; i < CHECKED; i++) {
            const uint32_t number = accepted_thetas[m][i * (N_ACCEPTED_THETAS / CHECKED)];
            mech_theta_candidate(wide, mechanism, number, k + i * n_k, &additive[i]);
        }
        const mech_solver_options solver = mech_solver_options_default();
        const candidates c = {.n = CHECKED, .k = k, .additive = additive};
        assert_int_equal(mech_judge_candidates(mechanism, &solver, &c, verdicts, &error), MECH_OK);
        for (size_t i = 0; i < CHECKED; i++)
            if (verdicts[i] != ACCEPTED) fail_msg("%s: a theta on record is not accepted", mechanism->id);
        mech_prior_free(wide);
        mech_mechanism_free(composed);
    }
}

static void the_prior_is_a_density_with_its_own_derivatives(void **state) {
    (void)state;
    mech_run_set *set = three_runs();
    observations data = observe(set);
    const size_t mechanisms[] = {M1, M10};
    for (size_t m = 0; m < 2; m++) {
        const fit_space s = mech_fit_space(mech_builtin(mechanisms[m]), &data);
        const size_t d = s.n_theta;
        theta_draws draws;
        theta_prior p;
        mech_error error = {.message = ""};
        assert_int_equal(mech_theta_draws_new(s.mechanism, NULL, 0, 300, NULL, &draws, &error), MECH_OK);
        assert_int_equal(mech_theta_prior_new(&draws, &s, &p, &error), MECH_OK);
        /* Its integral, by sampling from a wider normal distribution. */
        enum { N = 40000 };
        random_stream r = mech_random_open(5, RANDOM_TEST, m, 0);
        double sum = 0, squares = 0, theta[FIT_MOST_THETA], gradient[FIT_MOST_THETA];
        for (size_t i = 0; i < N; i++) {
            double log_density = 0;
            for (size_t j = 0; j < d; j++) {
                const double z = mech_random_normal(&r), sd = 1.3 * p.spread[j];
                theta[j] = p.mean[j] + sd * z;
                log_density += -z * z / 2 - log(sd * sqrt(2 * acos(-1)));
            }
            const double weight = exp(mech_theta_prior_log(&p, theta, NULL, NULL) - log_density);
            sum += weight / N;
            squares += weight * weight / N;
        }
        assert_near(sum, 1, 4 * sqrt((squares - 1) / N) + 0.02);
        for (size_t j = 0; j < d; j++) theta[j] = p.mean[j] + 0.7 * p.spread[j] * cos((double)j);
        double curvature[FIT_MOST_THETA * FIT_MOST_THETA];
        mech_theta_prior_log(&p, theta, gradient, curvature);
        for (size_t j = 0; j < d; j++) {
            const double at = theta[j], step = 1e-5;
            theta[j] = at + step;
            const double above = mech_theta_prior_log(&p, theta, NULL, NULL);
            theta[j] = at - step;
            assert_near(gradient[j], (above - mech_theta_prior_log(&p, theta, NULL, NULL)) / (2 * step), 1e-5);
            theta[j] = at;
        }
        assert_true(mech_cholesky(d, curvature));
        mech_theta_prior_free(&p);
        mech_theta_draws_free(&draws);
    }
    mech_observations_free(&data);
    mech_run_set_free(set);
}

static void noise_is_found_and_outliers_cost_little(void **state) {
    (void)state;
    enum { N = 4000 };
    observation *all = check(calloc(N, sizeof *all));
    double *values = check(calloc(3 * N, sizeof *values));
    random_stream r = mech_random_open(8, RANDOM_TEST, 0, 0);
    for (size_t i = 0; i < N; i++) values[i] = 0.01 * mech_random_normal(&r);
    observations data = {.n = N, .all = all};
    const noise_level start = {.additive = 0.03}, gaussian = {.additive = 0.03, .gaussian = true};
    noise_level found = {.additive = mech_noise_estimate(&data, &start, values, N)};
    assert_near(mech_noise_deviation(&found), 0.01, 0.0005);
    assert_near(mech_noise_estimate(&data, &gaussian, values, N), 0.01, 0.0005);
    const double before = mech_noise_log(&data, &found, values, NULL, NULL);
    values[0] = 0.5;
    assert_true(mech_noise_log(&data, &found, values, NULL, NULL) > before - 25);
    /* The derivative that is handed out. */
    values[0] = 0.02;
    double *pull = values + N, *weight = pull + N;
    const double at = mech_noise_log(&data, &found, values, pull, weight), slope = pull[0];
    values[0] += 1e-7;
    assert_near(slope, (at - mech_noise_log(&data, &found, values, NULL, NULL)) / 1e-7, 1e-2 * fabs(slope));
    free(all);
    free(values);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readings_at_the_start_say_nothing_new),
        cmocka_unit_test(derivatives_of_readings_match_differences),
        cmocka_unit_test(errors_are_integrated_out_exactly_where_they_are_linear),
        cmocka_unit_test(levels_share_out_the_prior),
        cmocka_unit_test(levels_are_summed_as_one_by_one),
        cmocka_unit_test(thetas_on_record_are_accepted),
        cmocka_unit_test(the_prior_is_a_density_with_its_own_derivatives),
        cmocka_unit_test(noise_is_found_and_outliers_cost_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
