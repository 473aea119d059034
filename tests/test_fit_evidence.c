/* The evidence of fits beside integration on a grid, where two or three numbers are all that is unknown; and the
 * derivatives that searches and samples rely on, of all mechanisms at random places. */
#include "fit/fits.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const double NOISE = 0.01;

static void check(mech_status status, const mech_error *error) {
    if (status != MECH_OK) fail_msg("%s", error->message);
}

/* S and P of a catalyst that dies, k = 2 and 0.6, in n_runs runs. */
static mech_run_set *simulate(size_t n_runs, uint64_t seed) {
    enum { N_TIMES = 8 };
    static const double cat0[] = {0.5, 1};
    mech_run_set *set = NULL;
    mech_error error = {.message = ""};
    random_stream r = mech_random_open(seed, RANDOM_TEST, 0, 0);
    check(mech_run_set_new("min", "M", &set, &error), &error);
    for (size_t run = 0; run < n_runs; run++) {
        double times[N_TIMES], s[N_TIMES], p[N_TIMES];
        for (size_t i = 0; i < N_TIMES; i++) {
            times[i] = 0.25 * (double)(i + 1);
            const double left = exp(-2 * cat0[run] * (1 - exp(-0.6 * times[i])) / 0.6);
            s[i] = left + NOISE * mech_random_normal(&r);
            p[i] = 1 - left + NOISE * mech_random_normal(&r);
        }
        const mech_run measured = {.size = sizeof measured,
                                   .name = run ? "b" : "a",
                                   .n_readings = N_TIMES,
                                   .time = times,
                                   .substrate = s,
                                   .product = p,
                                   .s0 = 1,
                                   .cat0 = cat0[run]};
        check(mech_run_set_add(set, &measured, &error), &error);
    }
    return set;
}

/* A grid that holds all samples that count, and half as much again on either side. */
typedef struct grid {
    double low[3], step[3];
} grid;

enum { N_POINTS = 41, MOST_POINTS = N_POINTS * N_POINTS * N_POINTS };

static grid lay_grid(const fit_evidence *e, double spread) {
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY}, most = -INFINITY;
    grid g = {.low = {[2] = -5 * spread}, .step = {[2] = 10 * spread / (N_POINTS - 1)}};
    for (size_t i = 0; i < e->n_samples; i++) most = fmax(most, e->samples[i].log_weight);
    for (size_t i = 0; i < e->n_samples; i++)
        for (size_t j = 0; j < 2 && e->samples[i].log_weight > most - 8; j++) {
            low[j] = fmin(low[j], e->samples[i].at[j]);
            high[j] = fmax(high[j], e->samples[i].at[j]);
        }
    for (size_t j = 0; j < 2; j++) {
        g.low[j] = low[j] - (high[j] - low[j]) / 4;
        g.step[j] = 1.5 * (high[j] - low[j]) / (N_POINTS - 1);
    }
    return g;
}

/* ln of the integral of likelihood and prior over both rate constants and, where its spread is not 0, the error of the
 * first run's catalyst, by the sum over a grid. */
static double integrate(const mechanism_case *c, double spread) {
    const fit_space *s = &c->space;
    const grid g = lay_grid(&c->evidence, spread);
    const size_t n_errors = spread > 0 ? N_POINTS : 1, rows = s->data->n;
    const noise_level noise = c->evidence.modes[0].at.noise;
    double *x = calloc(n_errors * s->n, sizeof *x), *values = calloc(n_errors * rows, sizeof *values);
    double *terms = calloc(MOST_POINTS, sizeof *terms), most = -INFINITY, sum = 0;
    bool ok[N_POINTS];
    mech_error error = {.message = ""};
    assert_true(x && values && terms);
    size_t n = 0;
    for (size_t i = 0; i < N_POINTS; i++)
        for (size_t j = 0; j < N_POINTS; j++) {
            const double theta[2] = {g.low[0] + g.step[0] * (double)i, g.low[1] + g.step[1] * (double)j};
            for (size_t k = 0; k < n_errors; k++) {
                memcpy(x + k * s->n, theta, sizeof theta);
                if (spread > 0) x[k * s->n + 2 + ERROR_CATALYST] = g.low[2] + g.step[2] * (double)k;
            }
            check(mech_fit_curves(s, n_errors, x, DERIVATIVES_NONE, 1e-8, values, NULL, ok, &error), &error);
            const double known = mech_theta_prior_log(&c->prior, theta, NULL, NULL);
            for (size_t k = 0; k < n_errors; k++) {
                const double z = spread > 0 ? x[k * s->n + 2 + ERROR_CATALYST] / spread : 0;
                assert_true(ok[k]);
                terms[n] = mech_noise_log(s->data, &noise, values + k * rows, NULL, NULL) + known;
                if (spread > 0) terms[n] += -z * z / 2 - log(spread * sqrt(2 * acos(-1)));
                most = fmax(most, terms[n++]);
            }
        }
    for (size_t i = 0; i < n; i++) sum += exp(terms[i] - most);
    const double cell = g.step[0] * g.step[1] * (spread > 0 ? g.step[2] : 1);
    free(x);
    free(values);
    free(terms);
    return most + log(sum * cell);
}

static void compare_with_grid(size_t n_runs, double loading_error, bool gaussian, uint64_t seed) {
    static const char text[] = "cat + S -> cat + P : k1\ncat -> dead : k2\n";
    mech_mechanism *m = NULL;
    mech_fits *fits = NULL;
    mech_error error = {.message = ""};
    mech_fit_options options = mech_fit_options_default();
    check(mech_mechanism_parse(text, strlen(text), "test", &m, &error), &error);
    mech_run_set *set = simulate(n_runs, seed);
    const mech_mechanism *list[] = {m};
    options.mechanisms = list;
    options.n_mechanisms = 1;
    options.loading_error = loading_error;
    options.start_error = options.clock_error = options.response_error = 0;
    options.noise = NOISE;
    options.gaussian = gaussian;
    options.threads = 1;
    check(mech_fit_run_set(set, &options, NULL, &fits, &error), &error);
    const mechanism_case *c = &((const fit_result *)fits)->cases[0];
    assert_int_equal(c->space.n_theta, 2);
    const double expected = integrate(c, loading_error), found = c->evidence.log_evidence;
    /* More than twice its numerical error. */
    const double allowed = 0.05;
    if (!(fabs(found - expected) <= allowed))
        fail_msg("ln of the evidence is %.3f +- %.3f, by quadrature %.3f", found, c->evidence.error, expected);
    mech_fits_free(fits);
    mech_run_set_free(set);
    mech_mechanism_free(m);
}

static void evidence_is_that_of_quadrature(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) compare_with_grid(2, 0, true, seed);
    compare_with_grid(2, 0, false, 5);
}

static void an_error_is_integrated_out_as_by_quadrature(void **state) {
    (void)state;
    compare_with_grid(1, 0.1, true, 6);
    compare_with_grid(1, 0.1, false, 7);
}

/* The largest deviation of derivatives by theta from differences at one place, relative to the largest derivative of
 * the same column; columns that change nothing do not count. */
static double worst_derivative(const fit_space *s, double *x) {
    const double step = 1e-3, least = 1e-3;
    const size_t rows = s->data->n, c = mech_fit_n_columns(s, DERIVATIVES_BY_ALL);
    double *values = calloc(rows * (c + 3), sizeof *values), worst = 0;
    assert_non_null(values);
    double *derivatives = values + rows, *above = derivatives + rows * c, *below = above + rows;
    mech_error error = {.message = ""};
    bool ok = false, all = true;
    check(mech_fit_curves(s, 1, x, DERIVATIVES_BY_ALL, FIT_RTOL, values, derivatives, &ok, &error), &error);
    for (size_t j = 0; j < s->n_theta && ok; j++) {
        const double at = x[j];
        double most = 0, farthest = 0;
        x[j] = at + step;
        check(mech_fit_curves(s, 1, x, DERIVATIVES_NONE, 1e-11, above, NULL, &ok, &error), &error);
        all &= ok;
        x[j] = at - step;
        check(mech_fit_curves(s, 1, x, DERIVATIVES_NONE, 1e-11, below, NULL, &ok, &error), &error);
        all &= ok;
        x[j] = at;
        for (size_t i = 0; i < rows && all; i++) {
            const double difference = (above[i] - below[i]) / (2 * step);
            most = fmax(most, fabs(difference));
            farthest = fmax(farthest, fabs(difference - derivatives[i * c + j]));
        }
        if (most > least) worst = fmax(worst, farthest / most);
    }
    free(values);
    return worst;
}

static void derivatives_are_exact_everywhere(void **state) {
    (void)state;
    enum { PLACES = 5 };
    mech_error error = {.message = ""};
    double worst = 0;
    for (size_t number = 0; number < mech_builtin_count(); number++) {
        const mech_mechanism *m = mech_builtin(number);
        mech_run_set *set = NULL;
        observations data = {0};
        theta_draws draws = {0};
        theta_prior known = {0};
        check(mech_simulate_experiment(m, "laboratory", 5, number, &set, NULL, &error), &error);
        check(mech_observe(set, &data, &error), &error);
        const fit_space s = mech_fit_space(m, &data);
        check(mech_theta_draws_new(m, NULL, 0, 300, NULL, &draws, &error), &error);
        check(mech_theta_prior_new(&draws, &s, &known, &error), &error);
        random_stream r = mech_random_open(3, RANDOM_TEST, number, 0);
        for (size_t i = 0; i < PLACES; i++) {
            double x[FIT_MOST_POINT] = {0};
            mech_theta_prior_draw(&known, &r, x);
            worst = fmax(worst, worst_derivative(&s, x));
        }
        mech_theta_prior_free(&known);
        mech_theta_draws_free(&draws);
        mech_observations_free(&data);
        mech_run_set_free(set);
    }
    if (!(worst < 1e-3)) fail_msg("a derivative is off by %.2g of the largest", worst);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evidence_is_that_of_quadrature),
        cmocka_unit_test(an_error_is_integrated_out_as_by_quadrature),
        cmocka_unit_test(derivatives_are_exact_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
