/* What networks of run sets are told: that it says what it should of curves that are known, bears outliers and the
 * worst readings, and does not depend on the order of runs. */
#include "base/random.h"
#include "learn/inputs/local_lines.h"
#include "learn/inputs/run_inputs.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 200, RUNS = 4 };

typedef struct made_run {
    double time[MOST], substrate[MOST], product[MOST];
    run_curve curve;
} made_run;

/* S = s0 exp(-k cat^order t) at n even times to `end`. */
static void make_run(made_run *r, size_t n, double cat, double order, double end, bool has_s, bool has_p) {
    for (size_t i = 0; i < n; i++) {
        r->time[i] = end * (double)(i + 1) / (double)n;
        const double s = exp(-40 * pow(cat, order) * (order > 1 ? 20 : 1) * r->time[i]);
        r->substrate[i] = has_s ? s : NAN;
        r->product[i] = has_p ? 1 - s : NAN;
    }
    r->curve = (run_curve){n, r->time, r->substrate, r->product, 1, 0, cat};
}

typedef struct inputs {
    float of_set[SET_INPUTS], of_runs[MECH_MOST_RUNS][RUN_INPUTS];
    float of_readings[MECH_MOST_RUNS * MOST_RUN_READINGS][READING_INPUTS];
} inputs;

static void fill(size_t n_runs, const made_run *runs, const mech_told_errors *told, inputs *to) {
    run_curve curves[MECH_MOST_RUNS];
    input_memory *m = mech_input_memory_new();
    assert_non_null(m);
    for (size_t k = 0; k < n_runs; k++) curves[k] = runs[k].curve;
    mech_fill_inputs(m, n_runs, curves, told, to->of_set, to->of_runs[0], to->of_readings[0]);
    mech_input_memory_free(m);
}

static made_run runs[RUNS];
static inputs first, second;

static void runs_of_known_order_are_compared_rightly(void **state) {
    (void)state;
    static const double loadings[RUNS] = {0.02, 0.035, 0.05, 0.09};
    for (int order = 1; order <= 2; order++) {
        for (int k = 0; k < RUNS; k++)
            make_run(&runs[k], 40, loadings[k], order,
                     order == 1 ? 0.05 / loadings[k] : 2e-4 / loadings[k] / loadings[k], true, true);
        fill(RUNS, runs, NULL, &first);
        for (size_t i = 10; i < 30; i++) {
            /* t' / t = (cat / cat')^order */
            assert_true(fabs((double)first.of_readings[i][READING_ORDER] - (order == 1 ? 0 : -1)) < 0.05);
            assert_true(first.of_readings[i][READING_COMPARED] == 3.0F / 8);
            if (order == 1) assert_true(fabsf(first.of_readings[i][READING_AHEAD]) < 0.02F);
            if (order == 2) assert_true(first.of_readings[i][READING_AHEAD] < -0.3F); /* of the least loading */
        }
        for (size_t j = 4; j < 10; j++)
            for (int k = 0; k < RUNS; k++) {
                if (first.of_runs[k][RUN_HAS_REACHED + j] == 0) continue;
                if (order == 1) assert_true(fabsf(first.of_runs[k][RUN_BEHIND + j]) < 0.03F);
            }
        /* f = s0 dx/dt / cat: S times 40 of the first order. */
        const double s = runs[1].substrate[20], f = 40 * s * (order == 2 ? 20 * loadings[1] : 1);
        assert_true(fabs((double)first.of_readings[40 + 20][READING_FREQUENCY] - log1p(f) / 4) < 0.01);
    }
}

static void what_was_not_measured_is_not_told(void **state) {
    (void)state;
    make_run(&runs[0], 12, 0.03, 1, 1, true, false);
    make_run(&runs[1], 12, 0.05, 1, 1, false, true);
    make_run(&runs[2], 12, 0.07, 1, 1, true, true);
    for (size_t i = 0; i < 12; i++) runs[2].product[i] -= 0.02;
    const mech_told_errors told = {sizeof told, 0.03, NAN, NAN, 0};
    fill(3, runs, &told, &first);
    for (size_t i = 0; i < 12; i++) {
        const float *s = first.of_readings[i], *p = first.of_readings[12 + i], *both = first.of_readings[24 + i];
        assert_true(s[READING_HAS_SUBSTRATE] == 1 && s[READING_HAS_PRODUCT] == 0 && s[READING_PRODUCT] == 0);
        assert_true(p[READING_HAS_SUBSTRATE] == 0 && p[READING_HAS_PRODUCT] == 1 && p[READING_SUBSTRATE] == 0);
        assert_true(s[READING_CARRIED] == 0 && p[READING_CARRIED] == 0 && p[READING_CARRIED_MEDIAN] == 0);
        /* L(0.02 / 0.07) */
        assert_true(fabs((double)both[READING_CARRIED] - log1p(0.02 / 0.07)) < 1e-6);
        assert_true(fabs((double)both[READING_CARRIED_MEDIAN] - log1p(0.02 / 0.07)) < 1e-6);
    }
    assert_true(first.of_set[SET_HAS_BALANCE] == 1 && first.of_set[SET_RUNS] == 3.0F / 8);
    assert_true(first.of_set[SET_IS_TOLD] == 1 && first.of_set[SET_IS_TOLD + 1] == 0 &&
                first.of_set[SET_IS_TOLD + 3] == 1);
    assert_true(first.of_set[SET_TOLD + 1] == 0);
    assert_true(first.of_set[SET_TOLD] > first.of_set[SET_TOLD + 3]);
    fill(3, runs, NULL, &second);
    for (size_t j = SET_TOLD; j < SET_INPUTS; j++) assert_true(second.of_set[j] == 0);
}

/* One reading that is off by 0.3 moves the slopes elsewhere by less than a tenth of what it does to neighbours'
 * differences. */
static void an_outlier_moves_little(void **state) {
    (void)state;
    random_stream r = mech_random_open(4, RANDOM_TEST, 0, 0);
    make_run(&runs[0], 40, 0.05, 1, 1, true, false);
    for (size_t i = 0; i < 40; i++) runs[0].substrate[i] += 0.003 * mech_random_normal(&r);
    fill(1, runs, NULL, &first);
    runs[0].substrate[15] += 0.3;
    fill(1, runs, NULL, &second);
    for (size_t i = 0; i < 40; i++) {
        const float moved = fabsf(second.of_readings[i][READING_SMOOTHED] - first.of_readings[i][READING_SMOOTHED]);
        assert_true(moved < 0.02F);
    }
    assert_true(second.of_readings[15][READING_RESIDUAL] < -1); /* and is seen to be one */
    assert_true(fabsf(second.of_set[SET_LOG_NOISE] - first.of_set[SET_LOG_NOISE]) < 0.2F);
}

static void noise_is_estimated(void **state) {
    (void)state;
    random_stream r = mech_random_open(9, RANDOM_TEST, 0, 0);
    static const double levels[] = {0.005, 0.02};
    for (int l = 0; l < 2; l++) {
        for (int k = 0; k < RUNS; k++) {
            make_run(&runs[k], 60, 0.03, 1, 1, true, false);
            for (size_t i = 0; i < 60; i++) runs[k].substrate[i] += levels[l] * mech_random_normal(&r);
        }
        fill(RUNS, runs, NULL, &first);
        const double found = exp(2 * (double)first.of_set[SET_LOG_NOISE] - 5) - 0x1p-11;
        assert_true(found > 0.75 * levels[l] && found < 1.3 * levels[l]);
    }
}

static void long_runs_become_medians_of_stretches(void **state) {
    (void)state;
    assert_int_equal(mech_input_rows(1), 1);
    assert_int_equal(mech_input_rows(64), 64);
    assert_int_equal(mech_input_rows(1000), 64);
    make_run(&runs[0], 192, 0.03, 1, 1, true, false);
    runs[0].substrate[3 * 20 + 1] = 40; /* of a stretch of three */
    fill(1, runs, NULL, &first);
    for (size_t k = 0; k < 64; k++) {
        assert_true(fabs((double)first.of_readings[k][READING_TIME] - runs[0].time[3 * k + 1]) < 1e-6);
        if (k != 20)
            assert_true(fabs((double)first.of_readings[k][READING_SUBSTRATE] - runs[0].substrate[3 * k + 1]) < 1e-6);
        else
            assert_true(first.of_readings[k][READING_SUBSTRATE] < 1);
    }
}

static void runs_keep_their_inputs_in_any_order(void **state) {
    (void)state;
    static made_run turned[RUNS];
    for (int k = 0; k < RUNS; k++) make_run(&runs[k], 7 + (size_t)k, 0.02 + 0.015 * k, 1.3, 1, true, k > 1);
    for (int k = 0; k < RUNS; k++) {
        turned[k] = runs[RUNS - 1 - k];
        turned[k].curve.time = turned[k].time;
        turned[k].curve.substrate = turned[k].substrate;
        turned[k].curve.product = turned[k].product;
    }
    fill(RUNS, runs, NULL, &first);
    fill(RUNS, turned, NULL, &second);
    for (int k = 0; k < RUNS; k++)
        for (size_t j = 0; j < RUN_INPUTS; j++)
            assert_true(fabsf(first.of_runs[k][j] - second.of_runs[RUNS - 1 - k][j]) < 1e-6F);
    assert_true(fabsf(first.of_set[SET_SCATTER] - second.of_set[SET_SCATTER]) < 1e-6F);
}

/* Whatever numbers a file has. */
static void everything_stays_finite(void **state) {
    (void)state;
    for (uint64_t round = 0; round < 3000; round++) {
        random_stream r = mech_random_open(21, RANDOM_TEST, 0, round);
        const size_t n_runs = 1 + mech_random_below(&r, RUNS);
        size_t n_rows = 0;
        for (size_t k = 0; k < n_runs; k++) {
            const size_t n = 1 + mech_random_below(&r, round % 10 ? 12 : MOST);
            const double scale = pow(10, 24 * mech_random_uniform(&r) - 12);
            double t = mech_random_below(&r, 2) ? 0 : mech_random_uniform(&r);
            for (size_t i = 0; i < n; i++) {
                const uint32_t kind = mech_random_below(&r, 3);
                runs[k].time[i] = t;
                if (mech_random_below(&r, 2)) t += mech_random_uniform(&r) * (mech_random_below(&r, 2) ? 1 : 1e-9);
                runs[k].substrate[i] = kind == 1 ? NAN : scale * mech_random_normal(&r);
                runs[k].product[i] = kind == 2 ? NAN : mech_random_below(&r, 2) ? 0 : mech_random_normal(&r);
            }
            runs[k].curve = (run_curve){n,
                                        runs[k].time,
                                        runs[k].substrate,
                                        runs[k].product,
                                        scale,
                                        mech_random_below(&r, 2) ? 0 : scale,
                                        mech_random_below(&r, 2) ? 0 : scale};
            n_rows += mech_input_rows(n);
        }
        fill(n_runs, runs, NULL, &first);
        for (size_t j = 0; j < SET_INPUTS; j++) assert_true(isfinite(first.of_set[j]));
        for (size_t j = 0; j < n_runs * RUN_INPUTS; j++)
            assert_true(isfinite(first.of_runs[j / RUN_INPUTS][j % RUN_INPUTS]));
        for (size_t j = 0; j < n_rows * READING_INPUTS; j++) {
            const float input = first.of_readings[j / READING_INPUTS][j % READING_INPUTS];
            if (!(fabsf(input) < 100)) fail_msg("column %zu: %g", j % READING_INPUTS, (double)input);
        }
    }
}

static void rising_curves_are_the_nearest_ones(void **state) {
    (void)state;
    double x[] = {0, 3, 1, 2, 5, 4, 4, 8};
    const double expected[] = {0, 2, 2, 2, 13.0 / 3, 13.0 / 3, 13.0 / 3, 8};
    mech_make_rising(8, x);
    for (int i = 0; i < 8; i++) assert_true(fabs(x[i] - expected[i]) < 1e-12);
    double falling[] = {4, 3, 2, 1};
    mech_make_rising(4, falling);
    for (int i = 0; i < 4; i++) assert_true(fabs(falling[i] - 2.5) < 1e-12);
}

static void local_lines_are_lines(void **state) {
    (void)state;
    double t[9], x[9];
    for (int i = 0; i < 9; i++) {
        t[i] = 0.1 * i * i;
        x[i] = 2 - 3 * t[i];
    }
    local_line line = mech_local_line(9, t, x, 3);
    assert_true(fabs(line.slope + 3) < 1e-12 && fabs(line.value - x[3]) < 1e-12 && line.slope_error < 1e-12);
    for (int i = 0; i < 9; i++) x[i] += i % 2 ? 0.01 : -0.01;
    x[5] += 5;
    line = mech_local_line(9, t, x, 3);
    assert_true(fabs(line.slope + 3) < 0.02);
    const double same[] = {1, 1, 1};
    line = mech_local_line(3, same, x, 1);
    assert_true(line.slope == 0 && isfinite(line.value));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_of_known_order_are_compared_rightly),
        cmocka_unit_test(what_was_not_measured_is_not_told),
        cmocka_unit_test(an_outlier_moves_little),
        cmocka_unit_test(noise_is_estimated),
        cmocka_unit_test(long_runs_become_medians_of_stretches),
        cmocka_unit_test(runs_keep_their_inputs_in_any_order),
        cmocka_unit_test(everything_stays_finite),
        cmocka_unit_test(rising_curves_are_the_nearest_ones),
        cmocka_unit_test(local_lines_are_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
