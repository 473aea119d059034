/* Nodes without parameters that combine two others, row by row, or the rows of runs. */
#include "learn/layers/tile_lanes.h"

void LANES_NAME(combination_forward)(tile *t, int node) {
    const graph_node *n = &t->g->nodes[node];
    const size_t stride = t->layout->nodes[node].stride, rows = rows_of(t, node), count = rows * stride;
    const real *a = values_of(t, n->inputs[0]), *b = values_of(t, n->inputs[1]);
    real *y = values_of(t, node);
    if (n->kind == NODE_PRODUCT) {
        for (size_t i = 0; i < count; i += LANES) store(y + i, load(a + i) * load(b + i));
    } else if (n->kind == NODE_SUM) {
        for (size_t i = 0; i < count; i += LANES) store(y + i, load(a + i) + load(b + i));
    } else if (n->kind == NODE_MEAN) {
        for (size_t i = 0; i < count; i += LANES) store(y + i, (real)0.5 * (load(a + i) + load(b + i)));
    } else {
        const size_t a_width = t->g->nodes[n->inputs[0]].width, a_stride = t->layout->nodes[n->inputs[0]].stride;
        const size_t b_width = t->g->nodes[n->inputs[1]].width, b_stride = t->layout->nodes[n->inputs[1]].stride;
        for (size_t r = 0; r < rows; r++) {
            for (size_t j = 0; j < a_width; j++) y[r * stride + j] = a[r * a_stride + j];
            for (size_t j = 0; j < b_width; j++) y[r * stride + a_width + j] = b[r * b_stride + j];
            for (size_t j = a_width + b_width; j < stride; j++) y[r * stride + j] = 0;
        }
    }
}

/* Adds to the gradient dx of one input of a node of the same shape: factor (1 where it is NULL) times `scale` times dy.
 */
static void pass_back(size_t count, const real *dy, const real *factor, real scale, bool more, real *dx) {
    for (size_t i = 0; i < count; i += LANES) {
        lanes d = load(dy + i) * scale;
        if (factor) d *= load(factor + i);
        if (more) d += load(dx + i);
        store(dx + i, d);
    }
}

/* The same for an input that stands in columns `from` to `from` + width of a concatenation. The columns that pad dx
 * become zero. */
static void pass_part_back(size_t rows, const real *dy, size_t dy_stride, size_t from, size_t width, bool more,
                           real *dx, size_t dx_stride) {
    for (size_t r = 0; r < rows; r++) {
        const real *d = dy + r * dy_stride + from;
        real *row = dx + r * dx_stride;
        for (size_t j = 0; j < width; j++) row[j] = more ? row[j] + d[j] : d[j];
        for (size_t j = width; j < dx_stride; j++) row[j] = 0;
    }
}

void LANES_NAME(combination_backward)(tile *t, int node) {
    const graph_node *n = &t->g->nodes[node];
    const size_t stride = t->layout->nodes[node].stride, rows = rows_of(t, node);
    const real *dy = gradient_of(t, node);
    size_t from = 0;
    for (int i = 0; i < 2; i++) {
        const int input = n->inputs[i], other = n->inputs[1 - i];
        const node_plan *before = &t->layout->nodes[input];
        const size_t width = t->g->nodes[input].width;
        if (before->differentiated && n->kind == NODE_CONCATENATION)
            pass_part_back(rows, dy, stride, from, width, t->reached[input], gradient_of(t, input), before->stride);
        else if (before->differentiated)
            pass_back(rows * stride, dy, n->kind == NODE_PRODUCT ? values_of(t, other) : NULL,
                      n->kind == NODE_MEAN ? (real)0.5 : 1, t->reached[input], gradient_of(t, input));
        t->reached[input] = true;
        from += width;
    }
}

/* From rows of runs to rows of samples, the runs side by side. */
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
