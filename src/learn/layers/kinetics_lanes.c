/* From raw columns to what a kineticist would plot (learn/inputs/kinetics.h), a vector of runs at a time. */
#include "learn/inputs/kinetics.h"

#include "data/samples/samples.h"
#include "learn/layers/tile_lanes.h"

static const real LEAST_STEP = (real)KINETICS_LEAST_STEP, LEAST_TIME = (real)KINETICS_LEAST_TIME,
                  LEAST_SUBSTRATE = (real)KINETICS_LEAST_SUBSTRATE, LEAST_LOADING = (real)KINETICS_LEAST_LOADING;

enum { SMOOTHED_STEPS = 3 };

/* One reading of as many runs as a vector holds. */
typedef struct readings {
    lanes t, s, p;
} readings;

/* The runs first, ..., first + count - 1 of a step's rows. Lanes beyond `count` repeat the last run. */
static readings gather(const real *step, size_t stride, size_t n_runs, size_t first, size_t count) {
    real t[LANES], s[LANES], p[LANES];
    for (size_t i = 0; i < LANES; i++) {
        const size_t row = first + (i < count ? i : count - 1);
        const real *x = step + row / n_runs * stride + row % n_runs * RUN_COLUMNS;
        t[i] = x[0];
        s[i] = x[1];
        p[i] = x[2];
    }
    return (readings){load(t), load(s), load(p)};
}

INLINE lanes scaled_logarithm(lanes x) { return logarithm(x) * (real)KINETICS_LOG_SCALE + (real)KINETICS_LOG_OFFSET; }

INLINE lanes turnover_frequency(lanes change, lanes step_times_loading) {
    return signed_logarithm(change / step_times_loading) * (real)KINETICS_TURNOVER_SCALE;
}

void LANES_NAME(kinetics_forward)(tile *t, int node) {
    const graph_node *n = &t->g->nodes[node];
    const size_t stride = t->layout->nodes[node].stride, n_runs = n->runs, rows = t->n_rows * n_runs;
    const size_t static_stride = t->layout->nodes[n->inputs[0]].stride;
    const size_t series_stride = t->layout->nodes[n->inputs[1]].stride;
    const real *all_loadings = values_of(t, n->inputs[0]), *series = values_of(t, n->inputs[1]);
    const lanes one = fill(1), none = fill(0);
    for (size_t first = 0; first < rows; first += LANES) {
        const size_t count = rows - first < LANES ? rows - first : LANES;
        real loadings[LANES];
        for (size_t i = 0; i < LANES; i++) {
            const size_t row = first + (i < count ? i : count - 1);
            loadings[i] = all_loadings[row / n_runs * static_stride + row % n_runs];
        }
        const lanes loading = at_least(load(loadings), LEAST_LOADING);
        const lanes log_loading = logarithm(loading) * (real)KINETICS_LOADING_SCALE + (real)KINETICS_LOADING_OFFSET;
        lanes total = none;
        readings past[SMOOTHED_STEPS];
        for (size_t time = 0; time < t->layout->n_times; time++) {
            readings now = gather(series + time * t->n_rows * series_stride, series_stride, n_runs, first, count);
            const lane_bits has_s = (lane_bits)(now.s == now.s), has_p = (lane_bits)(now.p == now.p);
            if (time == 0) {
                const lanes p = choose(has_p, now.p, none);
                total = choose(has_s, now.s, one - p) + p;
            }
            const lanes s = now.s;
            now.s = choose(has_s, s, total - now.p);
            now.p = choose(has_p, now.p, total - s);
            if (time == 0)
                for (int i = 0; i < SMOOTHED_STEPS; i++) past[i] = now;
            const readings before = past[0], earlier = past[SMOOTHED_STEPS - 1];
            const lanes step = at_least(now.t - before.t, LEAST_STEP);
            const lanes long_step = at_least(now.t - earlier.t, LEAST_STEP);
            const lanes columns[KINETICS_COLUMNS] = {
                [KINETICS_TIME] = now.t,
                [KINETICS_SUBSTRATE] = now.s,
                [KINETICS_PRODUCT] = now.p,
                [KINETICS_LOG_TIME] = scaled_logarithm(at_least(now.t, LEAST_TIME)),
                [KINETICS_LOG_STEP] = scaled_logarithm(step),
                [KINETICS_LOG_LOADING] = log_loading,
                [KINETICS_LOG_SUBSTRATE] = scaled_logarithm(at_least(now.s, LEAST_SUBSTRATE)),
                [KINETICS_CONSUMPTION] = turnover_frequency(before.s - now.s, step * loading),
                [KINETICS_FORMATION] = turnover_frequency(now.p - before.p, step * loading),
                [KINETICS_SMOOTHED_CONSUMPTION] = turnover_frequency(earlier.s - now.s, long_step * loading),
                [KINETICS_SMOOTHED_FORMATION] = turnover_frequency(now.p - earlier.p, long_step * loading),
                [KINETICS_CARRIED] = signed_logarithm((total - now.s - now.p) / loading),
                [KINETICS_SUBSTRATE_MEASURED] = choose(has_s, one, none),
                [KINETICS_PRODUCT_MEASURED] = choose(has_p, one, none),
            };
            real transposed[KINETICS_COLUMNS][LANES];
            for (int j = 0; j < KINETICS_COLUMNS; j++) store(transposed[j], columns[j]);
            real *to = values_of(t, node) + (time * rows + first) * stride;
            for (size_t i = 0; i < count; i++, to += stride) {
                for (size_t j = 0; j < KINETICS_COLUMNS; j++) to[j] = transposed[j][i];
                for (size_t j = KINETICS_COLUMNS; j < stride; j++) to[j] = 0;
            }
            for (int i = SMOOTHED_STEPS - 1; i > 0; i--) past[i] = past[i - 1];
            past[0] = now;
        }
    }
}
