/* Fits of rate constants (src/fit/): simulated runs are found again, what is believed beforehand is what was drawn, the
 * evidence has the limits that it must have, and probabilities follow. With several threads the same comes out. */
#include "base/numbers/cholesky.h"
#include "base/random.h"
#include "data/conditions/conditions.h"
#include "fit/samples/search.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_TIMES = 9, M1 = 0, M4 = 3, M10 = 9, M11 = 10, M14 = 13 };

/* assert_float_equal() compares in single precision. */
#define assert_near(a, b, tolerance) assert_true(fabs((double)(a) - (double)(b)) <= (tolerance))

/* Runs of one mechanism: k[] in units of the sample's time. */
typedef struct sample {
    float x1[N_RUNS], x2[N_TIMES * SAMPLE_COLUMNS];
} sample;

static const double loadings[N_RUNS] = {0.02, 0.05, 0.09, 0.05}, starts[N_RUNS] = {1, 1, 1, 0.6};

static sample simulate(const mech_mechanism *mechanism, const double *k, double additive, double noise) {
    const size_t n_k = mech_mechanism_n_rate_constants(mechanism), n_species = mech_mechanism_n_species(mechanism);
    mech_solver_options options = mech_solver_options_default();
    double all_k[N_RUNS * MAX_RATE_CONSTANTS], start[N_RUNS * MAX_SPECIES], times[N_TIMES];
    double *y = malloc(N_RUNS * N_TIMES * n_species * sizeof *y);
    random_stream r = mech_random_open(5, RANDOM_TEST, 0, 0);
    mech_error error = {.message = ""};
    sample made;
    assert_non_null(y);
    options.rtol = 1e-9;
    options.atol = 1e-12;
    for (size_t i = 0; i < N_TIMES; i++) times[i] = (double)i / (N_TIMES - 1);
    for (size_t run = 0; run < N_RUNS; run++) {
        memcpy(all_k + run * n_k, k, n_k * sizeof *k);
        mech_start_run(mechanism, starts[run], 1 - starts[run], loadings[run], additive, start + run * n_species);
    }
    const mech_problems problems = {
        .n_problems = N_RUNS, .k = all_k, .start = start, .times = times, .n_times = N_TIMES, .times_shared = true};
    if (mech_simulate(mechanism, &options, &problems, y, NULL, &error) != MECH_OK) fail_msg("%s", error.message);
    for (size_t run = 0; run < N_RUNS; run++) {
        made.x1[run] = (float)loadings[run];
        for (size_t i = 0; i < N_TIMES; i++) {
            const double *state = y + (run * N_TIMES + i) * n_species, sigma = i ? noise : 0;
            float *to = made.x2 + i * SAMPLE_COLUMNS + run * RUN_COLUMNS;
            to[0] = (float)times[i];
            to[1] = (float)(state[mechanism->substrate] + sigma * mech_random_normal(&r));
            to[2] = (float)(state[mechanism->product] + sigma * mech_random_normal(&r));
        }
    }
    free(y);
    return made;
}

static fit_belief belief_of(size_t mechanism, size_t n_thetas) {
    fit_belief b = {0};
    mech_error error = {.message = ""};
    team *t = mech_team_new(1);
    assert_non_null(t);
    if (mech_fit_belief_draw(mech_builtin(mechanism), n_thetas, t, &b, &error) != MECH_OK)
        fail_msg("%s", error.message);
    mech_team_free(t);
    return b;
}

/* All four rate constants of M1 show in these: half of the catalyst carries substrate, and the product comes back. */
static const double cycle[] = {40, 12, 25, 18};

static void solves_small_systems(void **state) {
    (void)state;
    double a[] = {4, 0, 0, 2, 5, 0, 1, 3, 6}, b[] = {1, 2, 3};
    assert_true(mech_cholesky(3, a));
    /* det = 4 (30 - 9) - 2 (12 - 3) + (6 - 5) */
    assert_near(mech_cholesky_log_determinant(3, a), log(67), 1e-12);
    mech_cholesky_solve(3, a, b);
    assert_near(4 * b[0] + 2 * b[1] + b[2], 1, 1e-12);
    assert_near(2 * b[0] + 5 * b[1] + 3 * b[2], 2, 1e-12);
    assert_near(b[0] + 3 * b[1] + 6 * b[2], 3, 1e-12);
    double indefinite[] = {1, 0, 2, 1};
    assert_false(mech_cholesky(2, indefinite));
}

static void deviations_are_those_of_the_curves(void **state) {
    (void)state;
    const double k[] = {30, 10, 20, 5, 400};
    sample s = simulate(mech_builtin(M10), k, 0.004, 0);
    s.x2[3 * SAMPLE_COLUMNS + 2] = NAN; /* P of run 1 at the third reading */
    const fit_target t = mech_fit_target_of(N_TIMES, s.x1, s.x2);
    const fit_parameters p = mech_fit_parameters_of(mech_builtin(M10), MECH_DESIGN_NATURE);
    assert_int_equal(t.n_readings, N_RUNS * 2 * (N_TIMES - 1) - 1);
    assert_true(p.fits_additive);
    assert_int_equal(p.n, 6);
    /* Twice as fast for half as long is the same; I twice as much is not. */
    double x[3][6], deviations[3 * 2 * N_RUNS * 2 * (N_TIMES - 1)];
    for (size_t i = 0; i < 5; i++) {
        x[0][i] = x[2][i] = log(k[i]);
        x[1][i] = log(2 * k[i]);
    }
    x[0][5] = x[1][5] = log(0.004);
    x[2][5] = log(0.008);
    const double stretches[] = {0.5, 1};
    const size_t m = n_deviations(&t);
    mech_error error = {.message = ""};
    assert_int_equal(mech_fit_deviations(&p, &t, 3, &x[0][0], 2, stretches, 1e-8, deviations, &error), MECH_OK);
    double largest[3][2] = {0};
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 2; j++)
            for (size_t l = 0; l < m; l++) largest[i][j] = fmax(largest[i][j], fabs(deviations[(i * 2 + j) * m + l]));
    assert_true(largest[0][1] < 1e-6 && largest[1][0] < 1e-6);
    assert_true(largest[0][0] > 1e-2 && largest[1][1] > 1e-2 && largest[2][1] > 1e-3);
    assert_true(deviations[m + 2 * (3 - 1) + 1] == 0);
}

static void what_is_missing_at_the_start_follows(void **state) {
    (void)state;
    sample s = simulate(mech_builtin(M1), cycle, 0, 0);
    for (size_t i = 0; i < N_TIMES; i++)
        for (size_t run = 0; run < N_RUNS; run++) s.x2[i * SAMPLE_COLUMNS + run * RUN_COLUMNS + 1] = NAN;
    const fit_target t = mech_fit_target_of(N_TIMES, s.x1, s.x2);
    assert_int_equal(t.n_readings, N_RUNS * (N_TIMES - 1));
    for (size_t run = 0; run < N_RUNS; run++) assert_near(t.s0[run], starts[run], 1e-6);
}

static void belief_is_that_of_its_thetas(void **state) {
    (void)state;
    enum { N = 60 };
    fit_belief b = belief_of(M1, N), again = belief_of(M1, N);
    const size_t n = b.p.n;
    assert_int_equal(n, 4);
    assert_memory_equal(b.thetas, again.thetas, N * n * sizeof *b.thetas);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            double unity = 0;
            for (size_t l = 0; l < n; l++) {
                double covariance = 0;
                for (size_t q = 0; q < N; q++)
                    covariance +=
                        (b.thetas[q * n + l] - b.mean[l]) * (b.thetas[q * n + j] - b.mean[j]) / (double)(N - 1);
                unity += b.precision[i * n + l] * covariance;
            }
            assert_near(unity, i == j, 1e-4);
        }
    }
    mech_fit_belief_free(&b);
    mech_fit_belief_free(&again);
}

/* Searches M1 in a sample of it. */
static fit_point find(const fit_belief *b, const fit_target *t, search_memory *w) {
    const fit_search_options options = {.n_starts = 12, .n_iterations = 80};
    mech_error error = {.message = ""};
    fit_point found;
    if (mech_fit_search(b, t, &options, w, &found, &error) != MECH_OK) fail_msg("%s", error.message);
    return found;
}

static void rate_constants_are_found_again(void **state) {
    (void)state;
    const sample s = simulate(mech_builtin(M1), cycle, 0, 0);
    const fit_target t = mech_fit_target_of(N_TIMES, s.x1, s.x2);
    fit_belief b = belief_of(M1, 60);
    search_memory *w = mech_search_memory_new(N_TIMES, 60);
    assert_non_null(w);
    const fit_point found = find(&b, &t, w);
    assert_true(mech_fit_is_exact(&t, found.sum_of_squares));
    for (size_t i = 0; i < 4; i++) assert_near(found.x[i], log(cycle[i]), 2e-2);
    mech_search_memory_free(w);
    mech_fit_belief_free(&b);
}

static void noise_and_spread_are_told(void **state) {
    (void)state;
    const double noise = 0.005;
    const sample s = simulate(mech_builtin(M1), cycle, 0, noise);
    const fit_target t = mech_fit_target_of(N_TIMES, s.x1, s.x2);
    fit_belief b = belief_of(M1, 60);
    search_memory *w = mech_search_memory_new(N_TIMES, 60);
    assert_non_null(w);
    const fit_point found = find(&b, &t, w);
    const double sigma = mech_fit_sigma(&t, 4, found.sum_of_squares);
    /* 60 degrees of freedom: the standard deviation of an estimate is 9 %. */
    assert_true(sigma > 0.7 * noise && sigma < 1.3 * noise);
    double evidence, nothing, spread[4], wide[4], prior_spread[4];
    mech_error error = {.message = ""};
    descent_memory *d = mech_search_descent_memory(w);
    assert_int_equal(mech_fit_judge(&b, &t, &found, noise, d, &evidence, spread, &error), MECH_OK);
    for (size_t i = 0; i < 4; i++) assert_true(fabs(found.x[i] - log(cycle[i])) < 4 * spread[i]);
    /* Deviations ten times as large: wider, but no wider than what is believed anyway. */
    fit_point worse = found, worst = found;
    worse.sum_of_squares *= 100;
    worst.sum_of_squares *= 1e16;
    assert_int_equal(mech_fit_judge(&b, &t, &worse, noise, d, &evidence, wide, &error), MECH_OK);
    assert_int_equal(mech_fit_judge(&b, &t, &worst, 1e15, d, &nothing, prior_spread, &error), MECH_OK);
    for (size_t i = 0; i < 4; i++) assert_true(spread[i] < wide[i] && wide[i] < prior_spread[i]);
    /* Readings that say nothing leave the evidence at what the place was believed beforehand, relative to its best. */
    double surprise = 0;
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++)
            surprise += (found.x[i] - b.mean[i]) * b.precision[i * 4 + j] * (found.x[j] - b.mean[j]) / 2;
    assert_near(nothing, -surprise, 1e-6);
    mech_search_memory_free(w);
    mech_fit_belief_free(&b);
}

/* A fitter of M1, M4, a class without a mechanism, M11 and M14. */
static mech_fitter *open_fitter(void) {
    const mech_mechanism *const mechanisms[] = {mech_builtin(M1), mech_builtin(M4), NULL, mech_builtin(M11),
                                                mech_builtin(M14)};
    mech_fitter *fitter = NULL;
    mech_error error = {.message = ""};
    if (mech_fitter_new(5, mechanisms, &fitter, &error) != MECH_OK) fail_msg("%s", error.message);
    return fitter;
}

static void the_better_fit_gains(void **state) {
    (void)state;
    /* Deactivation of what carries substrate, where the product binds as well as the substrate: not M11. */
    const double k[] = {60, 5, 40, 60, 1.5};
    const sample s = simulate(mech_builtin(M14), k, 0, 0);
    mech_fitter *fitter = open_fitter();
    mech_error error = {.message = ""};
    double p[] = {0.001, 0.001, 0.001, 0.5, 0.497}, sum = 0;
    mech_fit fits[5];
    assert_int_equal(mech_fit_sample(fitter, N_TIMES, s.x1, s.x2, NULL, p, fits, &error), MECH_OK);
    for (size_t i = 0; i < 5; i++) sum += p[i];
    assert_near(sum, 1, 1e-12);
    assert_true(p[4] > 0.85 && p[3] < 0.12);
    assert_near(p[0] + p[1] + p[2], 0.003, 1e-12);
    assert_true(!fits[0].fitted && !fits[1].fitted && !fits[2].fitted && fits[3].fitted && fits[4].fitted);
    assert_true(fits[4].deviation < 1e-5 && fits[3].deviation > 10 * fits[4].deviation);
    for (size_t i = 0; i < 5; i++) assert_near(log(fits[4].k[i] / k[i]), 0, 0.1);

    /* One in question is fitted, and its probability stays. */
    double sure[] = {0.001, 0.001, 0.001, 0.001, 0.996}, before[5];
    memcpy(before, sure, sizeof sure);
    assert_int_equal(mech_fit_sample(fitter, N_TIMES, s.x1, s.x2, NULL, sure, fits, &error), MECH_OK);
    assert_memory_equal(before, sure, sizeof sure);
    assert_true(fits[4].fitted && !fits[3].fitted);

    /* What was known beforehand says what comes into question. */
    const double weights[] = {1, 0, 1, 1, 0};
    assert_int_equal(mech_fit_sample(fitter, N_TIMES, s.x1, s.x2, weights, sure, fits, &error), MECH_OK);
    assert_true(fits[0].fitted && fits[3].fitted && !fits[1].fitted && !fits[2].fitted && !fits[4].fitted);
    mech_fitter_free(fitter);
}

static void a_class_without_mechanism_keeps_its_probability(void **state) {
    (void)state;
    const sample s = simulate(mech_builtin(M1), cycle, 0, 0);
    mech_fitter *fitter = open_fitter();
    mech_error error = {.message = ""};
    double p[] = {0.3, 0.4, 0.3, 0, 0};
    mech_fit fits[5];
    assert_int_equal(mech_fit_sample(fitter, N_TIMES, s.x1, s.x2, NULL, p, fits, &error), MECH_OK);
    assert_near(p[2], 0.3, 1e-12);
    assert_near(p[0] + p[1], 0.7, 1e-12);
    assert_true(p[0] > 0.6 && !fits[2].fitted);
    mech_fitter_free(fitter);
}

/* One reading a run, of S alone: four readings for the four rate constants of M1 and of M4. */
static void few_readings_decide_nothing(void **state) {
    (void)state;
    sample s = simulate(mech_builtin(M1), cycle, 0, 0.01);
    const fit_target both = mech_fit_target_of(2, s.x1, s.x2);
    assert_true(mech_fit_tells_noise(&both, 4));
    for (size_t run = 0; run < N_RUNS; run++) s.x2[SAMPLE_COLUMNS + run * RUN_COLUMNS + 2] = NAN;
    mech_fitter *fitter = open_fitter();
    mech_error error = {.message = ""};
    double p[] = {0.45, 0.55, 0, 0, 0};
    mech_fit fits[5];
    assert_int_equal(mech_fit_sample(fitter, 2, s.x1, s.x2, NULL, p, fits, &error), MECH_OK);
    assert_true(p[0] == 0.45 && p[1] == 0.55);
    assert_true(fits[0].fitted && fits[1].fitted && isinf(fits[0].spread[0]) && isfinite(fits[0].k[0]));
    mech_fitter_free(fitter);
}

static bool stop_at_once(void *context) {
    (void)context;
    return true;
}

static void threads_change_nothing(void **state) {
    (void)state;
    enum { N = 3 };
    const sample s[N] = {simulate(mech_builtin(M1), cycle, 0, 0.01), simulate(mech_builtin(M4), cycle, 0, 0.01),
                         simulate(mech_builtin(M1), cycle, 0, 0)};
    const float hesitant[] = {0.5f, 0.49f, 0.01f, 0, 0}, sure[] = {0.99f, 0.01f, 0, 0, 0};
    float x1[N * N_RUNS], x2[N * N_TIMES * SAMPLE_COLUMNS], first[N * 5];
    mech_fitter *fitter = open_fitter();
    mech_error error = {.message = ""};
    for (size_t i = 0; i < N; i++) {
        memcpy(x1 + i * N_RUNS, s[i].x1, sizeof s[i].x1);
        memcpy(x2 + i * N_TIMES * SAMPLE_COLUMNS, s[i].x2, sizeof s[i].x2);
    }
    for (int threads = 1; threads <= 2; threads++) {
        float p[N * 5];
        memcpy(p, hesitant, sizeof hesitant);
        memcpy(p + 5, hesitant, sizeof hesitant);
        memcpy(p + 10, sure, sizeof sure);
        assert_int_equal(mech_fit_samples(fitter, N, N_TIMES, x1, x2, threads, p, NULL, &error), MECH_OK);
        if (threads == 1) memcpy(first, p, sizeof p);
        assert_memory_equal(first, p, sizeof p);
    }
    assert_memory_equal(first + 10, sure, sizeof sure);
    assert_true(first[0] > hesitant[0] && first[5] < hesitant[0]);
    double alone[5];
    mech_fit fits[5];
    for (size_t i = 0; i < 5; i++) alone[i] = (double)hesitant[i];
    assert_int_equal(mech_fit_sample(fitter, N_TIMES, s[0].x1, s[0].x2, NULL, alone, fits, &error), MECH_OK);
    for (size_t i = 0; i < 5; i++) assert_true((float)alone[i] == first[i]);

    const mech_progress stopping = {.should_stop = stop_at_once};
    float p[N * 5];
    for (size_t i = 0; i < N; i++) memcpy(p + 5 * i, sure, sizeof sure);
    assert_int_equal(mech_fit_samples(fitter, N, N_TIMES, x1, x2, 1, p, &stopping, &error), MECH_STOPPED);
    mech_fitter_free(fitter);
}

static void what_cannot_be_fitted_is_refused(void **state) {
    (void)state;
    const sample s = simulate(mech_builtin(M1), cycle, 0, 0);
    mech_fitter *fitter = open_fitter(), *none = NULL;
    mech_error error = {.message = ""};
    double p[5] = {1, 0, 0, 0, 0};
    float q[5] = {1, 0, 0, 0, 0};
    mech_fit fits[5];
    assert_int_equal(mech_fit_sample(fitter, 1, s.x1, s.x2, NULL, p, fits, &error), MECH_INVALID_ARGUMENT);
    assert_int_equal(mech_fit_samples(fitter, 1, 257, s.x1, s.x2, 1, q, NULL, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "a fit takes 2 to 256 times of each run, t = 0 included, not 257");
    assert_int_equal(mech_fitter_new(0, NULL, &none, &error), MECH_INVALID_ARGUMENT);
    assert_null(none);
    mech_fitter_free(fitter);
    mech_fitter_free(NULL);
}

/* An additive that a mechanism always starts with the same amount of is no parameter (the example of
 * docs/mechanism-files.md): its thetas vary only in what is drawn. */
static void a_constant_additive_does_not_keep_a_mechanism_from_being_fitted(void **state) {
    (void)state;
    static const char own[] = "cat + S <=> catS : k1, k-1\ncatS -> cat + P : k2\ncat + I <=> catI : k3, k-3\n"
                              "additive: I\nstart: I = 0.02\n";
    static const double k[] = {300, 10, 200, 50, 3};
    mech_mechanism *mechanism = NULL;
    mech_fitter *fitter = NULL;
    mech_error error = {.message = ""};
    mech_fit fits[2];
    double probabilities[2] = {0.5, 0.5};
    if (mech_mechanism_parse(own, sizeof own - 1, "own", &mechanism, &error) != MECH_OK) fail_msg("%s", error.message);
    const mech_mechanism *const both[2] = {mechanism, mech_builtin(M1)};
    const sample made = simulate(mechanism, k, 0.02, 1e-4);
    assert_int_equal(mech_fitter_new(2, both, &fitter, &error), MECH_OK);
    if (mech_fit_sample(fitter, N_TIMES, made.x1, made.x2, NULL, probabilities, fits, &error) != MECH_OK)
        fail_msg("%s", error.message);
    assert_true(fits[0].fitted && fits[0].deviation < 5e-4);
    assert_true(fits[0].additive == 0);
    mech_fitter_free(fitter);
    mech_mechanism_free(mechanism);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_constant_additive_does_not_keep_a_mechanism_from_being_fitted),
        cmocka_unit_test(solves_small_systems),
        cmocka_unit_test(deviations_are_those_of_the_curves),
        cmocka_unit_test(what_is_missing_at_the_start_follows),
        cmocka_unit_test(belief_is_that_of_its_thetas),
        cmocka_unit_test(rate_constants_are_found_again),
        cmocka_unit_test(noise_and_spread_are_told),
        cmocka_unit_test(the_better_fit_gains),
        cmocka_unit_test(a_class_without_mechanism_keeps_its_probability),
        cmocka_unit_test(few_readings_decide_nothing),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(what_cannot_be_fitted_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
