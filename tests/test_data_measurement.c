/* How runs are measured: times and windows of both designs, held against the reference solver. */
#include "base/random.h"
#include "chemistry/mechanism.h"
#include "data/samples/sample.h"
#include "data/samples/samples.h"
#include "uniformity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

enum { N_SAMPLES = 600, N_THETAS = 3 };

/* Accepted thetas of M9 (its core cycle goes to the end, half-way, and slowly), found by `generate`. */
static double thetas[N_THETAS][5] = {
    {1110, 0.0034, 1720, 0.0273, 9.7}, {2.02, 114, 58900, 98.4, 0.0204}, {2520, 461, 1.49, 0.328, 0.0919}};
static double no_additive[N_THETAS];
static theta_pool pool = {.n = N_THETAS, .n_k = 5, .k = &thetas[0][0], .additive = no_additive};
static mech_solver_options solver;

static mech_samples *measure(mech_sample_design sample_design, dataset_split split) {
    const sample_series series = {.mechanism = mech_builtin(8),
                                  .label = 8,
                                  .split = split,
                                  .design = sample_design,
                                  .seed = 11,
                                  .solver = &solver,
                                  .pool = &pool};
    mech_error error;
    uint64_t failures = 0;
    solver = mech_solver_options_default();
    mech_samples *samples =
        mech_samples_new(sample_design, N_SAMPLES, mech_measured_times(sample_design, split), 6, 20);
    assert_non_null(samples);
    if (mech_simulate_samples(&series, 0, N_SAMPLES, samples, 0, 1, &failures, &error) != MECH_OK)
        fail_msg("%s", error.message);
    assert_int_equal(failures, 0);
    return samples;
}

static float value(const mech_samples *s, size_t sample, size_t time, size_t run, size_t column) {
    return s->x2[(sample * s->n_times + time) * SAMPLE_COLUMNS + run * RUN_COLUMNS + column];
}

/* Integrates run `run` of a sample with CVODE at tight tolerances: y[n_times][n_species]. */
static void reference_run(const mech_samples *s, size_t sample, size_t run, const double *times, size_t n_times,
                          double *y) {
    const mech_mechanism *mechanism = mech_builtin(8);
    mech_solver_options options = mech_solver_options_default();
    double start[MAX_SPECIES];
    mech_error error;
    options.solver = MECH_SOLVER_CVODE;
    options.rtol = 1e-10;
    options.atol = 1e-14;
    mech_mechanism_start(mechanism, value(s, sample, 0, run, 1), value(s, sample, 0, run, 2),
                         s->x1[sample * N_RUNS + run], start);
    const mech_problems problems = {
        .n_problems = 1, .k = s->theta + sample * s->n_theta, .start = start, .times = times, .n_times = n_times};
    if (mech_simulate(mechanism, &options, &problems, y, NULL, &error) != MECH_OK) fail_msg("%s", error.message);
}

static void labels_thetas_and_starts_are_those_of_the_sample(void **state) {
    (void)state;
    mech_samples *s = measure(MECH_DESIGN_NATURE, SPLIT_TRAIN);
    for (size_t i = 0; i < s->n; i++) {
        assert_int_equal(s->y[i], 8);
        assert_memory_equal(s->theta + i * 6, thetas[i % N_THETAS], sizeof thetas[0]);
        assert_true(isnan(s->theta[i * 6 + 5]));
        assert_true(s->additive[i] == 0);
        for (size_t run = 0; run < 3; run++) assert_true(value(s, i, 0, run, 1) == 1 && value(s, i, 0, run, 2) == 0);
        assert_true(value(s, i, 0, 3, 1) >= 0.4F && value(s, i, 0, 3, 1) <= 0.8F);
        assert_true(fabsf(value(s, i, 0, 3, 1) + value(s, i, 0, 3, 2) - 1) < 1e-6F);
    }
    mech_samples_free(s);
}

/* The number b for which the run's scaled times are a / b with whole a, up to single precision; 0: there is none. */
static size_t last_grid_number(const mech_samples *s, size_t sample, size_t run) {
    for (size_t b = s->n_times - 1; b < 5000; b++) {
        size_t i = 1;
        for (; i < s->n_times; i++) {
            const double a = (double)value(s, sample, i, run, 0) * (double)b;
            if (fabs(a - nearbyint(a)) > 1e-3) break;
        }
        if (i == s->n_times) return b;
    }
    return 0;
}

static void times_of_protocol_seed_are_of_the_dense_grid_without_repeats(void **state) {
    (void)state;
    static double last[N_SAMPLES * N_RUNS], others[N_SAMPLES * N_RUNS];
    for (int split = 0; split < N_SPLITS; split++) {
        mech_samples *s = measure(MECH_DESIGN_FIXED_WINDOW, (dataset_split)split);
        assert_int_equal(s->n_times, split == SPLIT_TEST ? 7 : 21);
        size_t n = 0;
        for (size_t i = 0; i < s->n; i++)
            for (size_t run = 0; run < N_RUNS; run++, n++) {
                assert_true(value(s, i, 0, run, 0) == 0);
                assert_true(value(s, i, s->n_times - 1, run, 0) == 1);
                for (size_t t = 1; t < s->n_times; t++)
                    assert_true(value(s, i, t, run, 0) > value(s, i, t - 1, run, 0));
                /* Every second run's grid is looked for: that is the slow part. */
                if (n % 2 == 0) assert_true(last_grid_number(s, i, run) > 0);
                others[n] = value(s, i, 1 + n % (s->n_times - 2), run, 0);
                last[n] = pow((double)last_grid_number(s, i, run) / 4999, (double)(s->n_times - 1));
            }
        /* The largest of n uniform numbers to the power n is uniform, and the others are so below it. */
        assert_true(uniformity_distance(last, n, 0, 1) < UNIFORM_AT_0_001);
        double sum = 0;
        for (size_t i = 0; i < n; i++) sum += others[i];
        /* Mean 1/2; the deviation of a mean of n uniform numbers is 1 / sqrt(12 n). */
        assert_true(fabs(sum / (double)n - 0.5) < 4 / sqrt(12.0 * (double)n));
        mech_samples_free(s);
    }
}

static void values_of_protocol_seed_are_those_of_the_reference(void **state) {
    (void)state;
    mech_samples *s = measure(MECH_DESIGN_FIXED_WINDOW, SPLIT_TRAIN);
    for (size_t i = 0; i < 30; i++)
        for (size_t run = 0; run < N_RUNS; run++) {
            double times[21], y[21 * MAX_SPECIES];
            const double unit = 100.0 * (double)last_grid_number(s, i, run) / 4999;
            for (size_t t = 0; t < 21; t++) times[t] = unit * (double)value(s, i, t, run, 0);
            reference_run(s, i, run, times, 21, y);
            for (size_t t = 0; t < 21; t++)
                for (size_t c = 0; c < 2; c++) assert_true(fabs(y[t * 5 + c] - value(s, i, t, run, 1 + c)) < 1e-5);
        }
    mech_samples_free(s);
}

/* The time at which the reference solution of a run passes `level` of S, which falls: bisection, 40 runs of CVODE. */
static double reference_crossing(const mech_samples *s, size_t sample, size_t run, double level) {
    double low = 0, high = 100;
    for (int i = 0; i < 40; i++) {
        const double times[1] = {(low + high) / 2};
        double y[MAX_SPECIES];
        reference_run(s, sample, run, times, 1, y);
        if (y[0] > level)
            low = times[0];
        else
            high = times[0];
    }
    return high;
}

static void windows_of_protocol_nature_end_at_a_share_of_the_conversion(void **state) {
    (void)state;
    static double shares[N_SAMPLES * N_RUNS];
    const double t_end[1] = {100};
    mech_samples *s = measure(MECH_DESIGN_NATURE, SPLIT_TEST);
    size_t n = 0;
    assert_int_equal(s->n_times, 21);
    for (size_t i = 0; i < s->n; i++)
        for (size_t run = 0; run < N_RUNS; run++, n++) {
            double y[MAX_SPECIES];
            const double s0 = value(s, i, 0, run, 1), last = value(s, i, 20, run, 1);
            reference_run(s, i, run, t_end, 1, y);
            assert_true(s0 - y[0] > 0.01);
            shares[n] = (s0 - last) / (s0 - y[0]);
            assert_true(shares[n] > 0.85 - 1e-4 && shares[n] < 0.995 + 1e-4);
        }
    assert_true(uniformity_distance(shares, n, 0.85, 0.995) < UNIFORM_AT_0_001);
    mech_samples_free(s);
}

static void times_of_protocol_nature_keep_the_relative_lengths_of_the_runs(void **state) {
    (void)state;
    mech_samples *s = measure(MECH_DESIGN_NATURE, SPLIT_TRAIN);
    for (size_t i = 0; i < 12; i++) {
        double windows[N_RUNS], longest = 0;
        for (size_t run = 0; run < N_RUNS; run++) {
            windows[run] = reference_crossing(s, i, run, value(s, i, 20, run, 1));
            longest = fmax(longest, windows[run]);
        }
        for (size_t run = 0; run < N_RUNS; run++) {
            double times[21], y[21 * MAX_SPECIES];
            assert_true(fabs(value(s, i, 20, run, 0) * longest / windows[run] - 1) < 1e-3);
            for (size_t t = 0; t < 21; t++) times[t] = longest * (double)value(s, i, t, run, 0);
            reference_run(s, i, run, times, 21, y);
            for (size_t t = 0; t < 21; t++)
                for (size_t c = 0; c < 2; c++) assert_true(fabs(y[t * 5 + c] - value(s, i, t, run, 1 + c)) < 1e-4);
        }
    }
    mech_samples_free(s);
}

static void times_of_protocol_nature_are_uniform_in_their_window(void **state) {
    (void)state;
    static double inner[N_SAMPLES * N_RUNS * 19];
    mech_samples *s = measure(MECH_DESIGN_NATURE, SPLIT_VALIDATION);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        float longest = 0;
        for (size_t run = 0; run < N_RUNS; run++) {
            assert_true(value(s, i, 0, run, 0) == 0);
            longest = fmaxf(longest, value(s, i, 20, run, 0));
            for (size_t t = 1; t < 20; t++)
                inner[n++] = (double)value(s, i, t, run, 0) / (double)value(s, i, 20, run, 0);
        }
        assert_true(longest == 1);
    }
    assert_true(uniformity_distance(inner, n, 0, 1) < UNIFORM_AT_0_001);
    mech_samples_free(s);
}

static void a_run_that_hardly_reacts_is_followed_to_the_end(void **state) {
    (void)state;
    /* The equilibrium of k1 k2 / (k-1 k-2) = 1.2: run 4, which starts with 20 to 60 % of product, changes by less than
     * 0.01 in some samples and by more in others. */
    static double slow[1][4] = {{120, 1, 1, 100}};
    static double nothing[1];
    theta_pool equilibrium = {.n = 1, .n_k = 4, .k = &slow[0][0], .additive = nothing};
    solver = mech_solver_options_default();
    const sample_series series = {
        .mechanism = mech_builtin(0), .design = MECH_DESIGN_NATURE, .seed = 3, .solver = &solver, .pool = &equilibrium};
    mech_samples *s = mech_samples_new(MECH_DESIGN_NATURE, N_SAMPLES, 21, 4, 1);
    uint64_t failures = 0;
    mech_error error;
    assert_non_null(s);
    assert_int_equal(mech_simulate_samples(&series, 0, N_SAMPLES, s, 0, 1, &failures, &error), MECH_OK);
    size_t followed = 0;
    for (size_t i = 0; i < s->n; i++) {
        /* S(100) of run 4 is at equilibrium: S + P = 1 less what the catalyst holds. */
        const float change = fabsf(value(s, i, 20, 3, 1) - value(s, i, 0, 3, 1));
        if (change < 0.008F) {
            followed++;
            /* To t = 100, while the others end earlier: the longest of the four. */
            assert_true(value(s, i, 20, 3, 0) == 1);
        } else if (change > 0.0101F) {
            assert_true(value(s, i, 20, 3, 0) < 1 || value(s, i, 20, 0, 0) < 1);
        }
    }
    assert_true(followed > 5 && followed < N_SAMPLES / 2);
    mech_samples_free(s);
}

static void samples_do_not_depend_on_how_they_are_cut_into_pieces(void **state) {
    (void)state;
    mech_samples *whole = measure(MECH_DESIGN_NATURE, SPLIT_TRAIN);
    mech_samples *parts = mech_samples_new(MECH_DESIGN_NATURE, 2 * 7, 21, 6, 20);
    const sample_series series = {.mechanism = mech_builtin(8),
                                  .label = 8,
                                  .split = SPLIT_TRAIN,
                                  .design = MECH_DESIGN_NATURE,
                                  .seed = 11,
                                  .solver = &solver,
                                  .pool = &pool};
    uint64_t failures = 0;
    mech_error error;
    assert_non_null(parts);
    assert_int_equal(mech_simulate_samples(&series, 100, 7, parts, 1, 2, &failures, &error), MECH_OK);
    const size_t row = 21 * SAMPLE_COLUMNS;
    for (size_t i = 0; i < 7; i++) {
        assert_memory_equal(parts->x2 + (1 + 2 * i) * row, whole->x2 + (100 + i) * row, row * sizeof *whole->x2);
        assert_memory_equal(parts->x1 + (1 + 2 * i) * N_RUNS, whole->x1 + (100 + i) * N_RUNS,
                            N_RUNS * sizeof *whole->x1);
        assert_true(parts->x1[2 * i * N_RUNS] == 0);
    }
    mech_samples_free(parts);
    mech_samples_free(whole);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_thetas_and_starts_are_those_of_the_sample),
        cmocka_unit_test(times_of_protocol_seed_are_of_the_dense_grid_without_repeats),
        cmocka_unit_test(values_of_protocol_seed_are_those_of_the_reference),
        cmocka_unit_test(windows_of_protocol_nature_end_at_a_share_of_the_conversion),
        cmocka_unit_test(times_of_protocol_nature_keep_the_relative_lengths_of_the_runs),
        cmocka_unit_test(times_of_protocol_nature_are_uniform_in_their_window),
        cmocka_unit_test(a_run_that_hardly_reacts_is_followed_to_the_end),
        cmocka_unit_test(samples_do_not_depend_on_how_they_are_cut_into_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
