/* From raw columns to what a kineticist would plot (learn/kinetics.h), and from runs to samples. */
#include "learn/kinetics.h"
#include "data/samples.h"
#include "learn/tile_lanes.h"

#include <tgmath.h>

static const real LEAST_STEP = (real)1e-6, LEAST_TIME = (real)1e-4, LEAST_SHARE = (real)1e-3;

static void kinetics_of_run(const real *now, const real *before, const real *first, real cat, real *to) {
    const real t = now[0], s = now[1], p = now[2], dt = fmax(t - before[0], LEAST_STEP);
    const real total = first[1] + first[2];
    const bool begins = now == first;
    to[0] = t;
    to[1] = s;
    to[2] = p;
    to[3] = log(cat) / 2 + (real)1.6;
    to[4] = begins ? 0 : log(dt) / 4 + (real)0.7;
    to[5] = log(t + LEAST_TIME) / 4 + (real)0.7;
    to[6] = begins ? 0 : asinh((before[1] - s) / (dt * cat)) / 4;
    to[7] = begins ? 0 : asinh((p - before[2]) / (dt * cat)) / 4;
    to[8] = asinh((total - s - p) / cat) / 2;
    to[9] = log(fmax(s, LEAST_SHARE)) / 4 + (real)0.7;
}

void LANES_NAME(kinetics_forward)(tile *t, int node) {
    const graph_node *n = &t->g->nodes[node];
    const size_t stride = t->layout->nodes[node].stride, n_runs = n->runs, rows = t->n_rows * n_runs;
    const size_t static_stride = t->layout->nodes[n->inputs[0]].stride;
    const size_t series_stride = t->layout->nodes[n->inputs[1]].stride;
    const real *loadings = values_of(t, n->inputs[0]), *series = values_of(t, n->inputs[1]);
    real *values = values_of(t, node);
    for (size_t r = 0; r < t->n_rows; r++)
        for (size_t run = 0; run < n_runs; run++) {
            const real *first = series + r * series_stride + run * RUN_COLUMNS, *before = first, *now = first;
            for (size_t time = 0; time < t->layout->n_times; time++, now += t->n_rows * series_stride) {
                real *to = values + (time * rows + r * n_runs + run) * stride;
                kinetics_of_run(now, before, first, loadings[r * static_stride + run], to);
                for (size_t j = KINETICS_COLUMNS; j < stride; j++) to[j] = 0;
                before = now;
            }
        }
}

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
