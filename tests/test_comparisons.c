/* How networks are told that runs differ (learn/inputs/comparisons.h), computed by the kernels of every instruction
 * set: against the words of the header written down once more, and against kinetics whose deviations are known. */
#include "transform_case.h"

#include "learn/inputs/comparisons.h"
#include "learn/inputs/kinetics.h"

#include <math.h>

enum { COLUMNS = COMPARISONS_COLUMNS(RUNS), SEEN = RUNS - 1, NOISE = 2 * (RUNS - 1) };

static void transform(const engine_kernel *kernel, const run_case *runs, double *columns) {
    graph g = case_without_nodes();
    const int loadings = mech_graph_static(&g), kinetics = mech_graph_kinetics(&g, loadings, mech_graph_series(&g));
    const int node = mech_graph_comparisons(&g, loadings, kinetics);
    assert_int_equal(g.nodes[node].width, COLUMNS);
    case_end(&g, node);
    case_transform(kernel, &g, node, runs, columns);
}

/* A run with what was not measured filled in. */
typedef struct curve {
    double loading, s[TIMES], p[TIMES], log_s[TIMES], turnover_time[TIMES];
    bool both[TIMES];
} curve;

static curve curve_of(const run_case *run) {
    curve c = {.loading = run->loading};
    const double p_start = isnan(run->p[0]) ? 0 : run->p[0];
    const double total = (isnan(run->s[0]) ? 1 - p_start : run->s[0]) + p_start;
    for (size_t i = 0; i < TIMES; i++) {
        c.both[i] = !isnan(run->s[i]) && !isnan(run->p[i]);
        c.s[i] = isnan(run->s[i]) ? total - run->p[i] : run->s[i];
        c.p[i] = isnan(run->p[i]) ? total - run->s[i] : run->p[i];
        c.log_s[i] = log(fmax(c.s[i], KINETICS_LEAST_SUBSTRATE)) / 4;
        c.turnover_time[i] = fmax(run->loading, KINETICS_LEAST_LOADING) * run->t[i];
    }
    return c;
}

/* b of a S + b ln S + c between the readings k and k + 1 by a third one. */
static double mech_bend(const curve *c, size_t k, size_t third) {
    const double s1 = c->s[k] - c->s[k + 1], s2 = c->s[k] - c->s[third];
    const double l1 = c->log_s[k] - c->log_s[k + 1], l2 = c->log_s[k] - c->log_s[third];
    const double t1 = c->turnover_time[k + 1] - c->turnover_time[k], t2 = c->turnover_time[third] - c->turnover_time[k];
    const double d = s1 * l2 - s2 * l1;
    const double least = (fabs(s1 * l2) + fabs(s2 * l1)) / 64 + (fabs(s1) + fabs(s2)) / 65536;
    return (s1 * t2 - s2 * t1) * d / fmax(d * d + least * least, 1e-30);
}

/* The turnover time at which the curve first came down to s, NAN if it never did. */
static double passage(const curve *c, double s) {
    const double log_s = log(fmax(s, KINETICS_LEAST_SUBSTRATE)) / 4;
    for (size_t k = 0; k + 1 < TIMES; k++) {
        if (!(c->s[k] >= s && s > c->s[k + 1])) continue;
        const double b = (mech_bend(c, k, k > 0 ? k - 1 : k + 2) + mech_bend(c, k, k + 2 < TIMES ? k + 2 : k - 1)) / 2;
        const double a = (c->turnover_time[k + 1] - c->turnover_time[k] - b * (c->log_s[k] - c->log_s[k + 1])) /
                         (c->s[k] - c->s[k + 1]);
        const double x = c->turnover_time[k] + a * (c->s[k] - s) + b * (c->log_s[k] - log_s);
        return fmin(fmax(x, c->turnover_time[k]), c->turnover_time[k + 1]);
    }
    return NAN;
}

static double noise_of_series(const curve *runs) {
    double squares = 0, count = 0;
    for (size_t run = 0; run < RUNS; run++)
        for (size_t i = 1; i < TIMES; i++) {
            const curve *c = &runs[run];
            const double missing = c->s[0] + c->p[0] - c->s[i] - c->p[i];
            if (!c->both[i]) continue;
            squares += pow(missing < 0 ? missing : fmax(missing - c->loading, 0), 2);
            count++;
        }
    return count > 0 ? sqrt(squares / count) : COMPARISONS_UNKNOWN_NOISE;
}

/* The columns of one run of a sample at one reading. */
static void expected_columns(const curve *sample, size_t run, size_t time, double *columns) {
    const curve *own = &sample[run];
    const double noise = noise_of_series(sample), s = own->s[time];
    for (size_t ahead = 1; ahead < RUNS; ahead++) {
        const curve *other = &sample[(run + ahead) % RUNS];
        const double start = fmin(own->s[0], other->s[0]);
        const double own_start = own->s[0] <= start ? 0 : passage(own, start);
        const double other_start = other->s[0] <= start ? 0 : passage(other, start);
        const double here = own->turnover_time[time] - own_start, there = passage(other, s) - other_start;
        const double f = (there - here) / fmax(fabs(there) + fabs(here), COMPARISONS_LEAST_TIME);
        const bool told = s < start && !isnan(here) && !isnan(there);
        const double error =
            1.0 / 1024 + noise / fmax(start - s, COMPARISONS_LEAST_CHANGE) + noise / fmax(s, COMPARISONS_LEAST_CHANGE);
        columns[ahead - 1] = told ? signed_logarithm(f / error) / 4 : 0;
        columns[SEEN + ahead - 1] = told;
    }
    columns[NOISE] = log(noise + COMPARISONS_LEAST_NOISE) / 8 + 1;
}

/* Runs of many kinds: rates of several orders, other starts of S and P, loadings over three decades, S or P not
 * measured, with and without noise, S that comes back and S below 0. All are floats, so that both sides see the same
 * numbers. */
static void draw_runs(run_case *runs) {
    random_stream r = mech_random_open(3, RANDOM_TEST, 0, 0);
    for (size_t i = 0; i < ROWS; i++) {
        run_case *run = &runs[i];
        const size_t sample = i / RUNS;
        run->loading = (double)(float)pow(10, -3 * mech_random_uniform(&r));
        const double s_start = i % 3 ? 1 : 0.75, p_start = sample % 2 ? 0 : 0.25;
        const double rate = 0.5 + 3 * mech_random_uniform(&r), noise = sample % 3 ? 0 : 0.05;
        for (size_t time = 0; time < TIMES; time++) {
            run->t[time] = (double)(float)((double)time / (TIMES - 1) * (i % 2 ? 1 : 0.3));
            const double left = exp(-rate * run->t[time]) - (sample == 4 && time == TIMES - 1 ? 0.2 : 0);
            const double disturbed = time ? noise : 0;
            run->s[time] = (double)(float)(s_start * left + disturbed * mech_random_normal(&r));
            run->p[time] = (double)(float)(p_start + s_start * (1 - left) + disturbed * mech_random_normal(&r));
        }
        for (size_t time = 1; time < TIMES; time++) {
            if (sample == 1) run->s[time] = NAN;
            if (sample == 2) run->p[time] = NAN;
        }
    }
}

static void columns_are_what_the_header_says(void **state) {
    (void)state;
    static run_case runs[ROWS];
    static double columns[TIMES * ROWS * COLUMNS];
    draw_runs(runs);
    size_t n_told = 0;
    for (int set = 0; set < N_INSTRUCTION_SETS; set++) {
        if (!mech_processor_has((instruction_set)set)) continue;
        for (int precision = ENGINE_FLOAT32; precision <= ENGINE_FLOAT64; precision++) {
            /* In float32 a turnover time is good to 1e-6, which the resolution of 2^-10 makes 1e-3 of a unit. */
            const double tolerance = precision == ENGINE_FLOAT64 ? 1e-11 : 2e-3;
            transform(mech_engine_kernel_of((instruction_set)set, (engine_precision)precision), runs, columns);
            for (size_t i = 0; i < ROWS; i++) {
                curve sample[RUNS];
                for (size_t run = 0; run < RUNS; run++) sample[run] = curve_of(&runs[i / RUNS * RUNS + run]);
                for (size_t time = 0; time < TIMES; time++) {
                    double expected[COLUMNS];
                    expected_columns(sample, i % RUNS, time, expected);
                    for (size_t j = 0; j < COLUMNS; j++) {
                        const double found = columns[(time * ROWS + i) * COLUMNS + j];
                        n_told += j >= SEEN && j < NOISE && expected[j] > 0;
                        if (!(fabs(found - expected[j]) <= tolerance))
                            fail_msg("%s, float%d, run %zu, time %zu, column %zu: %.9g is not %.9g",
                                     mech_instruction_set_name((instruction_set)set), precision ? 64 : 32, i, time, j,
                                     found, expected[j]);
                    }
                }
            }
        }
    }
    assert_true(n_told > 0);
}

/* All samples alike: S = what an order in the catalyst and one in the substrate make of time, all else product. */
static void runs_of_order(double in_catalyst, bool saturated, run_case *runs) {
    for (size_t i = 0; i < ROWS; i++) {
        run_case *run = &runs[i];
        run->loading = (double[RUNS]){0.02, 0.04, 0.05, 0.1}[i % RUNS];
        for (size_t time = 0; time < TIMES; time++) {
            /* By its integrated rate law, -dS/dt = k cat^n S / (K + S) or k cat^n S, from S, so that none is solved. */
            const double s = 1 - 0.17 * (double)time - 0.01 * (double)(i % RUNS) * (time > 0);
            const double work = saturated ? 1 - s - 0.5 * log(s) : -log(s);
            run->t[time] = work / (40 * pow(run->loading, in_catalyst));
            run->s[time] = s;
            run->p[time] = 1 - s;
        }
    }
}

/* First order in the catalyst: all runs lie on one curve, whether the rate is first order in the substrate or saturates
 * with it, and the deviation is that of interpolation: below a thousandth. */
static void first_order_in_the_catalyst_deviates_by_nothing(void **state) {
    (void)state;
    static run_case runs[ROWS];
    static double columns[TIMES * ROWS * COLUMNS];
    for (int saturated = 0; saturated < 2; saturated++) {
        runs_of_order(1, saturated, runs);
        transform(mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT64), runs, columns);
        for (size_t row = ROWS; row < (TIMES - 1) * ROWS; row++)
            for (size_t j = 0; j < SEEN; j++) {
                const double f = expm1(fabs(columns[row * COLUMNS + j]) * 4) / 1024;
                assert_true(columns[row * COLUMNS + SEEN + j] == 1);
                if (!(f < 1e-3)) fail_msg("saturated %d, row %zu: deviation %g", saturated, row, f);
            }
    }
}

/* Order n: T = t cat is proportional to cat^(1 - n), so that f = (cat'^(1 - n) - cat^(1 - n)) / (their sum). */
static void other_orders_deviate_as_the_loadings_do(void **state) {
    (void)state;
    static run_case runs[ROWS];
    static double columns[TIMES * ROWS * COLUMNS];
    for (double order = 0; order <= 2; order += 0.5) {
        runs_of_order(order, false, runs);
        transform(mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT64), runs, columns);
        for (size_t row = ROWS; row < (TIMES - 1) * ROWS; row++)
            for (size_t j = 0; j < SEEN; j++) {
                const size_t run = row % RUNS;
                const double own = pow(runs[run].loading, 1 - order);
                const double other = pow(runs[(run + j + 1) % RUNS].loading, 1 - order);
                const double x = columns[row * COLUMNS + j], f = copysign(expm1(fabs(x) * 4), x) / 1024;
                if (!(fabs(f - (other - own) / (other + own)) < 1e-3))
                    fail_msg("order %g, row %zu: deviation %g of %g", order, row, f, (other - own) / (other + own));
            }
    }
}

/* A run that stops at S = 0.6 says nothing about what comes below, in its own columns nor in those of others. */
static void what_no_run_came_to_is_not_told(void **state) {
    (void)state;
    static run_case runs[ROWS];
    static double columns[TIMES * ROWS * COLUMNS];
    runs_of_order(2, false, runs);
    for (size_t i = 0; i < ROWS; i += RUNS)
        for (size_t time = 1; time < TIMES; time++) {
            runs[i].s[time] = 1 - 0.08 * (double)time;
            runs[i].p[time] = 1 - runs[i].s[time];
        }
    transform(mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT64), runs, columns);
    for (size_t row = 0; row < TIMES * ROWS; row++) {
        const size_t run = row % RUNS, time = row / ROWS;
        for (size_t j = 0; j < SEEN; j++) {
            const size_t other = (run + j + 1) % RUNS;
            const double s = runs[run].s[time];
            const bool told = time > 0 && s > runs[other].s[TIMES - 1];
            assert_true(columns[row * COLUMNS + SEEN + j] == told);
            assert_true(told == (columns[row * COLUMNS + j] != 0));
        }
    }
}

/* Products that exceed the mass balance by 0.03, or fall short of it by the loading and 0.03, are noise of 0.03; where
 * no balance can be made, it is what the header says. */
static void noise_is_what_the_mass_balance_forbids(void **state) {
    (void)state;
    static run_case runs[ROWS];
    static double columns[TIMES * ROWS * COLUMNS];
    runs_of_order(1, false, runs);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t time = 1; time < TIMES; time++) {
            const size_t sample = i / RUNS;
            runs[i].p[time] += time % 2 ? 0.03 : -0.03 - runs[i].loading;
            if (sample == 0) runs[i].p[time] = 1 - runs[i].s[time] - runs[i].loading / 2;
            if (sample == 1) runs[i].p[time] = NAN;
        }
    transform(mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT64), runs, columns);
    for (size_t row = 0; row < TIMES * ROWS; row++) {
        const size_t sample = row % ROWS / RUNS;
        const double noise = sample == 0 ? 0 : sample == 1 ? COMPARISONS_UNKNOWN_NOISE : 0.03;
        assert_true(fabs(columns[row * COLUMNS + NOISE] - (log(noise + COMPARISONS_LEAST_NOISE) / 8 + 1)) < 1e-6);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(columns_are_what_the_header_says),
                                       cmocka_unit_test(first_order_in_the_catalyst_deviates_by_nothing),
                                       cmocka_unit_test(other_orders_deviate_as_the_loadings_do),
                                       cmocka_unit_test(what_no_run_came_to_is_not_told),
                                       cmocka_unit_test(noise_is_what_the_mass_balance_forbids)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
