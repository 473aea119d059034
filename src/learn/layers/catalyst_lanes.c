/* How the catalyst is divided (learn/inputs/catalyst.h), a vector of readings at a time. */
#include "learn/inputs/catalyst.h"

#include "learn/inputs/comparisons.h"
#include "learn/inputs/kinetics.h"
#include "learn/layers/tile_lanes.h"

void LANES_NAME(catalyst_forward)(tile *t, int node) {
    const graph_node *n = &t->g->nodes[node];
    const node_plan *nodes = t->layout->nodes;
    const size_t stride = nodes[node].stride, kinetics_stride = nodes[n->inputs[0]].stride;
    const size_t comparisons_stride = nodes[n->inputs[1]].stride;
    const size_t n_rows = t->n_rows * n->runs, n_readings = n_rows * t->layout->n_times;
    const real *kinetics = values_of(t, n->inputs[0]);
    const real *noise_levels = values_of(t, n->inputs[1]) + COMPARISONS_COLUMNS(n->runs) - 1;
    real *values = values_of(t, node);
    for (size_t first = 0; first < n_readings; first += LANES) {
        const size_t count = n_readings - first < LANES ? n_readings - first : LANES;
        real lost[LANES], log_loading[LANES], level[LANES], columns[CATALYST_COLUMNS][LANES];
        for (size_t i = 0; i < LANES; i++) {
            const size_t reading = first + (i < count ? i : count - 1);
            const real *x = kinetics + reading * kinetics_stride,
                       *start = kinetics + reading % n_rows * kinetics_stride;
            lost[i] = start[KINETICS_SUBSTRATE] + start[KINETICS_PRODUCT] - x[KINETICS_SUBSTRATE] - x[KINETICS_PRODUCT];
            log_loading[i] = x[KINETICS_LOG_LOADING];
            level[i] = noise_levels[reading * comparisons_stride];
        }
        const lanes loading =
            exponential((load(log_loading) - (real)KINETICS_LOADING_OFFSET) * (real)(1 / KINETICS_LOADING_SCALE));
        const lanes noise =
            at_least(exponential((load(level) - (real)COMPARISONS_NOISE_OFFSET) * (real)(1 / COMPARISONS_NOISE_SCALE)) -
                         (real)COMPARISONS_LEAST_NOISE,
                     0);
        const lanes unit = loading * (real)CATALYST_RESOLUTION + noise;
        store(columns[CATALYST_BUSY], signed_logarithm(load(lost) / unit) * (real)CATALYST_SCALE);
        store(columns[CATALYST_FREE], signed_logarithm((loading - load(lost)) / unit) * (real)CATALYST_SCALE);
        for (size_t i = 0; i < count; i++) {
            real *to = values + (first + i) * stride;
            for (size_t j = 0; j < stride; j++) to[j] = j < CATALYST_COLUMNS ? columns[j][i] : 0;
        }
    }
}
