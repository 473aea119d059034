/* Runs as kernels of transforms see them, for the tests of what networks read. */
#ifndef MECH_TESTS_TRANSFORM_CASE_H
#define MECH_TESTS_TRANSFORM_CASE_H

#include "engine_case.h"

enum { RUNS = 4, TIMES = 6, N = 7, ROWS = N * RUNS };

/* One run's readings. */
typedef struct run_case {
    double loading, t[TIMES], s[TIMES], p[TIMES];
} run_case;

/* What follows a transform so that there is a network: the transform is the node `transform`. */
static inline void case_end(graph *g, int transform) {
    const int code = mech_graph_lstm(g, "lstm_1", mech_graph_together(g, transform), 1, false);
    mech_graph_dense(g, "output", code, 2, ACTIVATION_SOFTMAX, INITIALISE_GLOROT_UNIFORM);
}

static inline graph case_without_nodes(void) {
    return (graph){.static_width = RUNS, .series_width = RUNS * 3, .n_labels = 2};
}

/* Runs the kernel over runs[ROWS] and copies out columns[time][run][width] of the node. */
static inline void case_transform(const engine_kernel *kernel, const graph *g, int node, const run_case *runs,
                                  double *columns) {
    float x1[N * RUNS], x2[N * TIMES * RUNS * 3];
    for (size_t i = 0; i < ROWS; i++) {
        x1[i] = (float)runs[i].loading;
        for (size_t time = 0; time < TIMES; time++) {
            float *x = x2 + (i / RUNS * TIMES + time) * RUNS * 3 + i % RUNS * 3;
            x[0] = (float)runs[i].t[time];
            x[1] = (float)runs[i].s[time];
            x[2] = (float)runs[i].p[time];
        }
    }
    plan layout;
    assert_true(mech_plan_make(&layout, g, kernel->lanes, kernel->real_bytes, N, TIMES, false));
    unsigned char *packed = case_array(layout.packed_size, kernel->real_bytes);
    unsigned char *workspace = case_array(layout.workspace_size, kernel->real_bytes);
    tile_job job = {.layout = &layout, .packed = packed, .workspace = workspace, .n_rows = N, .x1 = x1, .x2 = x2};
    kernel->run_tile(&job);
    const node_plan *place = &layout.nodes[node];
    const size_t width = g->nodes[node].width;
    for (size_t row = 0; row < TIMES * ROWS; row++)
        for (size_t j = 0; j < width; j++) {
            const size_t at = place->values + row * place->stride + j;
            columns[row * width + j] =
                kernel->real_bytes == sizeof(double) ? ((double *)workspace)[at] : (double)((float *)workspace)[at];
        }
    mech_release_array(packed);
    mech_release_array(workspace);
}

static inline double signed_logarithm(double x) { return copysign(log1p(fabs(x)), x); }

#endif
