/* From rows of runs to rows of samples, the runs side by side. */
#include "learn/layers/tile_lanes.h"

void LANES_NAME(together_forward)(tile *t, int node) {
    const int input = t->g->nodes[node].inputs[0];
    const size_t width = t->g->nodes[input].width, n_runs = t->g->nodes[input].runs;
    const size_t from_stride = t->layout->nodes[input].stride, stride = t->layout->nodes[node].stride;
    const real *x = values_of(t, input);
    real *y = values_of(t, node);
    for (size_t r = 0; r < rows_of(t, node); r++, y += stride) {
        for (size_t run = 0; run < n_runs; run++, x += from_stride)
            for (size_t j = 0; j < width; j++) y[run * width + j] = x[j];
        for (size_t j = n_runs * width; j < stride; j++) y[j] = 0;
    }
}

void LANES_NAME(together_backward)(tile *t, int node) {
    const int input = t->g->nodes[node].inputs[0];
    if (!t->layout->nodes[input].differentiated) return;
    const size_t width = t->g->nodes[input].width, n_runs = t->g->nodes[input].runs;
    const size_t to_stride = t->layout->nodes[input].stride, stride = t->layout->nodes[node].stride;
    const bool more = t->reached[input];
    const real *dy = gradient_of(t, node);
    real *dx = gradient_of(t, input);
    for (size_t r = 0; r < rows_of(t, node); r++, dy += stride)
        for (size_t run = 0; run < n_runs; run++, dx += to_stride) {
            for (size_t j = 0; j < width; j++) dx[j] = (more ? dx[j] : 0) + dy[run * width + j];
            for (size_t j = width; j < to_stride; j++) dx[j] = 0;
        }
    t->reached[input] = true;
}
