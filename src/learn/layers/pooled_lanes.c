/* Pooling of readings to runs and of runs to sets: for each head the mean of the rows weighted by the softmax of their
 * scores, whatever their number and order. Weights stand head beside head, so that a vector holds those of a row. */
#include "learn/layers/tile_lanes.h"

static size_t weights_step(const graph_node *n) { return (n->heads + LANES - 1) / LANES * LANES; }

/* The softmax over the rows of a group, head by head. */
static void softmax_of_rows(row_group group, size_t step, const real *scores, size_t scores_step, real *weights) {
    for (size_t head = 0; head < step; head += LANES) {
        lanes greatest = load(scores + head), sum = fill(0);
        for (size_t r = 1; r < group.n; r++) {
            const lanes s = load(scores + r * scores_step + head);
            greatest = choose((lane_bits)(s > greatest), s, greatest);
        }
        for (size_t r = 0; r < group.n; r++) {
            const lanes w = exponential(load(scores + r * scores_step + head) - greatest);
            store(weights + r * step + head, w);
            sum += w;
        }
        for (size_t r = 0; r < group.n; r++) store(weights + r * step + head, load(weights + r * step + head) / sum);
    }
}

/* to[width] += weights[head] from[width]. */
static void add_weighted(size_t heads, size_t depth, const real *weights, const real *from, real *to) {
    for (size_t head = 0; head < heads; head++, from += depth, to += depth) {
        const real w = weights[head];
        size_t c = 0;
        for (; c + LANES <= depth; c += LANES) store(to + c, load(to + c) + w * load(from + c));
        for (; c < depth; c++) to[c] += w * from[c];
    }
}

void LANES_NAME(pooled_forward)(tile *t, int node) {
    const graph_node *n = &t->g->nodes[node];
    const size_t stride = t->layout->nodes[node].stride, x_stride = t->layout->nodes[n->inputs[0]].stride;
    const size_t scores_stride = t->layout->nodes[n->inputs[1]].stride, step = weights_step(n);
    real *all_weights = t->workspace + t->layout->nodes[node].weights;
    for (size_t g = 0; g < groups_of(t, n->inputs[0]); g++) {
        const row_group group = group_of(t, n->inputs[0], g);
        const real *x = values_of(t, n->inputs[0]) + group.first * x_stride;
        real *y = values_of(t, node) + g * stride, *weights = all_weights + group.first * step;
        for (size_t j = 0; j < stride; j++) y[j] = 0;
        if (!group.n) continue;
        softmax_of_rows(group, step, values_of(t, n->inputs[1]) + group.first * scores_stride, scores_stride, weights);
        for (size_t r = 0; r < group.n; r++)
            add_weighted(n->heads, n->width / n->heads, weights + r * step, x + r * x_stride, y);
    }
}

/* dx = w dy and, with d = x . dy of a row and head, ds = w (d - sum of w d over the rows). */
void LANES_NAME(pooled_backward)(tile *t, int node) {
    const graph_node *n = &t->g->nodes[node];
    const int input = n->inputs[0], scores = n->inputs[1];
    const size_t stride = t->layout->nodes[node].stride, x_stride = t->layout->nodes[input].stride;
    const size_t scores_stride = t->layout->nodes[scores].stride, step = weights_step(n), depth = n->width / n->heads;
    const bool x_differs = t->layout->nodes[input].differentiated, s_differ = t->layout->nodes[scores].differentiated;
    if (x_differs && !t->reached[input])
        for (size_t i = 0; i < rows_of(t, input) * x_stride; i++) gradient_of(t, input)[i] = 0;
    if (s_differ && !t->reached[scores])
        for (size_t i = 0; i < rows_of(t, scores) * scores_stride; i++) gradient_of(t, scores)[i] = 0;
    t->reached[input] = t->reached[scores] = true;
    for (size_t g = 0; g < groups_of(t, input); g++) {
        const row_group group = group_of(t, input, g);
        const real *dy = gradient_of(t, node) + g * stride, *x = values_of(t, input) + group.first * x_stride;
        const real *weights = t->workspace + t->layout->nodes[node].weights + group.first * step;
        for (size_t r = 0; x_differs && r < group.n; r++)
            add_weighted(n->heads, depth, weights + r * step, dy, gradient_of(t, input) + (group.first + r) * x_stride);
        for (size_t head = 0; s_differ && head < n->heads; head++) {
            real sum = 0;
            for (size_t r = 0; r < group.n; r++)
                sum += weights[r * step + head] * dot(depth, x + r * x_stride + head * depth, dy + head * depth);
            for (size_t r = 0; r < group.n; r++) {
                const real along = dot(depth, x + r * x_stride + head * depth, dy + head * depth);
                gradient_of(t, scores)[(group.first + r) * scores_stride + head] +=
                    weights[r * step + head] * (along - sum);
            }
        }
    }
}
