/* How networks are told what the catalyst carries (learn/inputs/catalyst.h), computed by the kernels of every
 * instruction set: for runs of which the noise is known. */
#include "transform_case.h"

#include "learn/inputs/catalyst.h"
#include "learn/inputs/comparisons.h"

#include <math.h>

static void transform(const engine_kernel *kernel, const run_case *runs, double *columns) {
    graph g = case_without_nodes();
    const int loadings = mech_graph_static(&g), kinetics = mech_graph_kinetics(&g, loadings, mech_graph_series(&g));
    const int node = mech_graph_catalyst(&g, kinetics, mech_graph_comparisons(&g, loadings, kinetics));
    assert_string_equal(mech_graph_transform(&g), "catalyst");
    case_end(&g, node);
    case_transform(kernel, &g, node, runs, columns);
}

/* A share of the catalyst carries substrate, from a ten-thousandth of it to all but that. */
static double busy_share(size_t i, size_t time) {
    static const double shares[TIMES] = {0, 1e-4, 1e-2, 0.5, 0.99, 0.9999};
    return time ? shares[1 + (i + time) % (TIMES - 1)] : 0;
}

/* Of the samples every third has no noise, every third 0.03 (by readings that the mass balance forbids), and of the
 * others P was not measured, so that nothing is known of noise or catalyst. */
enum { EXACT, NOISY, HALF_MEASURED, KINDS };

static void make_runs(run_case *runs) {
    for (size_t i = 0; i < ROWS; i++) {
        run_case *run = &runs[i];
        const size_t kind = i / RUNS % KINDS;
        run->loading = (double)(float)(0.01 * (double)(1 + i % 10));
        for (size_t time = 0; time < TIMES; time++) {
            const double s = 1 - 0.17 * (double)time;
            double lost = run->loading * busy_share(i, time);
            if (kind == NOISY && time) lost = time % 2 ? -0.03 : run->loading + 0.03;
            run->t[time] = 0.2 * (double)time;
            run->s[time] = s;
            run->p[time] = kind == HALF_MEASURED && time ? NAN : 1 - s - lost;
        }
    }
}

static void columns_tell_what_is_busy_and_what_is_free(void **state) {
    (void)state;
    static run_case runs[ROWS];
    static double columns[TIMES * ROWS * CATALYST_COLUMNS];
    static const double noise[KINDS] = {0, 0.03, COMPARISONS_UNKNOWN_NOISE};
    make_runs(runs);
    for (int set = 0; set < N_INSTRUCTION_SETS; set++) {
        if (!mech_processor_has((instruction_set)set)) continue;
        for (int precision = ENGINE_FLOAT32; precision <= ENGINE_FLOAT64; precision++) {
            transform(mech_engine_kernel_of((instruction_set)set, (engine_precision)precision), runs, columns);
            for (size_t row = 0; row < TIMES * ROWS; row++) {
                const size_t i = row % ROWS, time = row / ROWS, kind = i / RUNS % KINDS;
                const run_case *run = &runs[i];
                /* S and P reach either side as floats: their rounding is 1e-7 at most. */
                const double lost = isnan(run->p[time]) ? 0 : 1 - run->s[time] - run->p[time];
                const double unit = run->loading / 8192 + noise[kind];
                const double busy = signed_logarithm(lost / unit) / 8;
                const double unused = signed_logarithm((run->loading - lost) / unit) / 8;
                const double tolerance = 1e-5 + 2e-7 / unit / 8;
                const double *found = columns + row * CATALYST_COLUMNS;
                if (!(fabs(found[CATALYST_BUSY] - busy) < tolerance && fabs(found[CATALYST_FREE] - unused) < tolerance))
                    fail_msg("%s, float%d, run %zu, time %zu: %.9g and %.9g are not %.9g and %.9g",
                             mech_instruction_set_name((instruction_set)set), precision ? 64 : 32, i, time,
                             found[CATALYST_BUSY], found[CATALYST_FREE], busy, unused);
            }
        }
    }
}

/* What the share itself cannot show: without noise a ten-thousandth of the catalyst, free or busy, stands well above
 * none of it. */
static void a_ten_thousandth_is_seen(void **state) {
    (void)state;
    static run_case runs[ROWS];
    static double columns[TIMES * ROWS * CATALYST_COLUMNS];
    make_runs(runs);
    transform(mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT64), runs, columns);
    size_t n_free = 0, n_busy = 0;
    for (size_t row = ROWS; row < TIMES * ROWS; row++) {
        const size_t i = row % ROWS;
        if (i / RUNS % KINDS != EXACT) continue;
        const double share = busy_share(i, row / ROWS);
        if (share == 1e-4) n_busy += columns[row * CATALYST_COLUMNS + CATALYST_BUSY] > 0.05;
        if (share == 0.9999) n_free += columns[row * CATALYST_COLUMNS + CATALYST_FREE] > 0.05;
    }
    assert_true(n_busy >= RUNS && n_free >= RUNS);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(columns_tell_what_is_busy_and_what_is_free),
                                       cmocka_unit_test(a_ten_thousandth_is_seen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
