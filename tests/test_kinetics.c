/* What the networks of kinetics read (learn/inputs/kinetics.h), computed by the kernels of every instruction set,
 * against the formulas written down once more and against numbers worked out by hand. */
#include "transform_case.h"

#include "learn/inputs/kinetics.h"

#include <math.h>

static void transform(const engine_kernel *kernel, const run_case *runs, double *columns) {
    graph g = case_without_nodes();
    const int node = mech_graph_kinetics(&g, mech_graph_static(&g), mech_graph_series(&g));
    case_end(&g, node);
    case_transform(kernel, &g, node, runs, columns);
}

/* The column at one time, from the words of learn/inputs/kinetics.h. */
static double expected_column(const run_case *run, size_t time, kinetics_column column) {
    const double p_start = isnan(run->p[0]) ? 0 : run->p[0];
    const double total = (isnan(run->s[0]) ? 1 - p_start : run->s[0]) + p_start;
    double s[TIMES], p[TIMES];
    for (size_t i = 0; i < TIMES; i++) {
        s[i] = isnan(run->s[i]) ? total - run->p[i] : run->s[i];
        p[i] = isnan(run->p[i]) ? total - run->s[i] : run->p[i];
    }
    const bool smoothed = column == KINETICS_SMOOTHED_CONSUMPTION || column == KINETICS_SMOOTHED_FORMATION;
    const size_t back = smoothed ? 3 : 1, from = time < back ? 0 : time - back;
    const double step = fmax(run->t[time] - run->t[from], KINETICS_LEAST_STEP);
    const double loading = fmax(run->loading, KINETICS_LEAST_LOADING);
    switch (column) {
    case KINETICS_TIME:
        return run->t[time];
    case KINETICS_SUBSTRATE:
        return s[time];
    case KINETICS_PRODUCT:
        return p[time];
    case KINETICS_LOG_TIME:
        return log(fmax(run->t[time], KINETICS_LEAST_TIME)) / 4 + 0.75;
    case KINETICS_LOG_STEP:
        return log(step) / 4 + 0.75;
    case KINETICS_LOG_LOADING:
        return log(loading) / 2 + 1.5;
    case KINETICS_LOG_SUBSTRATE:
        return log(fmax(s[time], KINETICS_LEAST_SUBSTRATE)) / 4 + 0.75;
    case KINETICS_CONSUMPTION:
    case KINETICS_SMOOTHED_CONSUMPTION:
        return signed_logarithm((s[from] - s[time]) / (step * loading)) / 4;
    case KINETICS_FORMATION:
    case KINETICS_SMOOTHED_FORMATION:
        return signed_logarithm((p[time] - p[from]) / (step * loading)) / 4;
    case KINETICS_CARRIED:
        return signed_logarithm((total - s[time] - p[time]) / loading);
    case KINETICS_SUBSTRATE_MEASURED:
        return !isnan(run->s[time]);
    case KINETICS_PRODUCT_MEASURED:
        return !isnan(run->p[time]);
    case KINETICS_COLUMNS:
        break;
    }
    fail_msg("there is no column %d", column);
    return NAN;
}

/* Runs of many kinds: with and without product at the start, loadings over six decades, times that coincide, S or P not
 * measured, with and without its start, and noise that takes S below 0. All are floats, so that both sides see the same
 * numbers. */
static void draw_runs(run_case *runs) {
    random_stream r = mech_random_open(3, RANDOM_TEST, 0, 0);
    for (size_t i = 0; i < ROWS; i++) {
        run_case *run = &runs[i];
        run->loading = (double)(float)pow(10, -7 * mech_random_uniform(&r));
        const double p_start = i % 3 ? 0 : 0.5;
        for (size_t time = 0; time < TIMES; time++) {
            run->t[time] = i % 5 == 4 && time ? 0.25 : (double)(float)((double)time / (TIMES - 1) * (i % 2 ? 1 : 0.3));
            run->s[time] = (double)(float)(exp(-3 * run->t[time]) - (time == TIMES - 1 ? 0.1 : 0));
            run->p[time] = (double)(float)(p_start + 0.9 - 0.9 * run->s[time]);
        }
        const size_t kind = i % 7;
        for (size_t time = kind == 1 || kind == 2 ? 1 : 0; time < TIMES && kind < 5; time++) {
            if (kind == 1 || kind == 3) run->s[time] = NAN;
            if (kind == 2 || kind == 4) run->p[time] = NAN;
        }
    }
}

static void columns_are_what_the_header_says(void **state) {
    (void)state;
    static run_case runs[ROWS];
    static double columns[TIMES * ROWS * KINETICS_COLUMNS];
    draw_runs(runs);
    for (int set = 0; set < N_INSTRUCTION_SETS; set++) {
        if (!mech_processor_has((instruction_set)set)) continue;
        for (int precision = ENGINE_FLOAT32; precision <= ENGINE_FLOAT64; precision++) {
            /* In float32 a difference of concentrations is good to 1e-7, which a short step and a low loading magnify:
             * that is what the logarithm is for. */
            const double tolerance = precision == ENGINE_FLOAT64 ? 1e-12 : 2e-3;
            transform(mech_engine_kernel_of((instruction_set)set, (engine_precision)precision), runs, columns);
            for (size_t time = 0; time < TIMES; time++)
                for (size_t i = 0; i < ROWS; i++)
                    for (int j = 0; j < KINETICS_COLUMNS; j++) {
                        const double found = columns[(time * ROWS + i) * KINETICS_COLUMNS + (size_t)j];
                        const double expected = expected_column(&runs[i], time, (kinetics_column)j);
                        /* The loading by which the rest of S + P is divided magnifies its rounding at once. */
                        const double rounding = precision == ENGINE_FLOAT64 ? 0 : 4e-7 / runs[i].loading;
                        const double within = j == KINETICS_CARRIED ? rounding + 1e-5 : tolerance;
                        if (!(fabs(found - expected) <= within))
                            fail_msg("%s, float%d, run %zu, time %zu, column %d: %.9g is not %.9g",
                                     mech_instruction_set_name((instruction_set)set), precision ? 64 : 32, i, time, j,
                                     found, expected);
                    }
        }
    }
}

/* 6.25 mol %, a reading at t = 0.5: half of S is gone, 0.4375 of P there, so that all of the catalyst carries
 * substrate. */
static void one_reading_by_hand(void **state) {
    (void)state;
    static run_case runs[ROWS];
    static double columns[TIMES * ROWS * KINETICS_COLUMNS];
    for (size_t i = 0; i < ROWS; i++) {
        runs[i] = (run_case){.loading = 0.0625, .s = {1}};
        for (size_t time = 1; time < TIMES; time++) {
            runs[i].t[time] = 0.5;
            runs[i].s[time] = 0.5;
            runs[i].p[time] = 0.4375;
        }
    }
    transform(mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT64), runs, columns);
    for (size_t i = 0; i < ROWS; i++) {
        const double *first = columns + i * KINETICS_COLUMNS, *second = columns + (ROWS + i) * KINETICS_COLUMNS;
        assert_true(first[KINETICS_CONSUMPTION] == 0 && first[KINETICS_FORMATION] == 0 && first[KINETICS_CARRIED] == 0);
        assert_true(fabs(second[KINETICS_CONSUMPTION] - log(1 + 16) / 4) < 1e-14); /* 0.5 / (0.5 * 0.0625) */
        assert_true(fabs(second[KINETICS_FORMATION] - log(1 + 14) / 4) < 1e-14);   /* 0.4375 / (0.5 * 0.0625) */
        assert_true(fabs(second[KINETICS_CARRIED] - log(2)) < 1e-14);              /* 0.0625 / 0.0625 */
        assert_true(second[KINETICS_SUBSTRATE_MEASURED] == 1 && second[KINETICS_PRODUCT_MEASURED] == 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(columns_are_what_the_header_says),
                                       cmocka_unit_test(one_reading_by_hand)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
