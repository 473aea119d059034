/* Dense layers: activation(x W + b). */
#include "learn/layers/tile_lanes.h"

/* softmax of each row; the greatest element is taken away first, so that nothing overflows. The padding becomes zero.
 */
static void softmax_rows(size_t n_rows, size_t width, real *rows, size_t step) {
    for (size_t r = 0; r < n_rows; r++) {
        real *row = rows + r * step, greatest = row[0], sum = 0;
        for (size_t j = 1; j < width; j++) greatest = row[j] > greatest ? row[j] : greatest;
        for (size_t j = 0; j < width; j += LANES) store(row + j, exponential(load(row + j) - greatest));
        for (size_t j = 0; j < width; j++) sum += row[j];
        for (size_t j = 0; j < width; j += LANES) store(row + j, load(row + j) / sum);
        for (size_t j = width; j < step; j++) row[j] = 0;
    }
}

/* From the gradient of y = softmax(z) to that of z, in its place: y (dy - sum(y dy)). */
static void softmax_rows_backward(size_t n_rows, size_t width, const real *y, real *gradient, size_t step) {
    for (size_t r = 0; r < n_rows; r++, y += step, gradient += step) {
        real sum = 0;
        for (size_t j = 0; j < width; j++) sum += y[j] * gradient[j];
        for (size_t j = 0; j < width; j += LANES) store(gradient + j, load(y + j) * (load(gradient + j) - sum));
    }
}

void LANES_NAME(dense_forward)(tile *t, int node) {
    const int input = t->g->nodes[node].inputs[0];
    const node_plan *n = &t->layout->nodes[node];
    const size_t inputs = t->g->nodes[input].width, stride = n->stride, rows = rows_of(t, node);
    const left_factor left = {values_of(t, input), t->layout->nodes[input].stride, 1, inputs};
    real *y = values_of(t, node);
    LANES_NAME(product)
    (rows, &left, 1, packed_panels(t->packed + n->forward, inputs, n->columns), t->packed + n->bias, 0, y, stride);
    switch (t->g->nodes[node].activation) {
    case ACTIVATION_NONE:
        break;
    case ACTIVATION_RELU:
        /* Written so that NaN stays NaN. */
        for (size_t i = 0; i < rows * stride; i += LANES) store(y + i, clamp(load(y + i), 0, (real)INFINITY));
        break;
    case ACTIVATION_SIGMOID:
        for (size_t i = 0; i < rows * stride; i += LANES) store(y + i, sigmoid(load(y + i)));
        break;
    case ACTIVATION_SOFTMAX:
        softmax_rows(rows, t->g->nodes[node].width, y, stride);
        break;
    }
}

void LANES_NAME(dense_backward)(tile *t, int node, bool before_activation) {
    const size_t stride = t->layout->nodes[node].stride, rows = rows_of(t, node);
    const real *y = values_of(t, node);
    real *dy = gradient_of(t, node);
    switch (before_activation ? ACTIVATION_NONE : t->g->nodes[node].activation) {
    case ACTIVATION_NONE:
        break;
    case ACTIVATION_RELU:
        for (size_t i = 0; i < rows * stride; i += LANES) store(dy + i, where_positive(load(y + i), load(dy + i)));
        break;
    case ACTIVATION_SIGMOID:
        for (size_t i = 0; i < rows * stride; i += LANES) {
            const lanes s = load(y + i);
            store(dy + i, load(dy + i) * s * (1 - s));
        }
        break;
    case ACTIVATION_SOFTMAX:
        softmax_rows_backward(rows, t->g->nodes[node].width, y, dy, stride);
        break;
    }
    LANES_NAME(linear_backward)(t, node, dy, stride);
}

void LANES_NAME(linear_backward)(tile *t, int node, const real *z, size_t z_step) {
    const int input = t->g->nodes[node].inputs[0];
    const node_plan *n = &t->layout->nodes[node], *before = &t->layout->nodes[input];
    const size_t rows = rows_of(t, input), inputs = t->g->nodes[input].width;
    real *sum = t->gradient + n->kernel_gradient, *bias_sum = t->gradient + n->bias_gradient;
    const left_factor x = {values_of(t, input), 1, before->stride, rows};
    LANES_NAME(product)
    (inputs, &x, 1, plain_rows(z, z_step, n->columns), sum, n->columns, sum, n->columns);
    for (size_t column = 0; column < n->columns; column += LANES) {
        lanes column_sum = load(bias_sum + column);
        for (size_t r = 0; r < rows; r++) column_sum += load(z + r * z_step + column);
        store(bias_sum + column, column_sum);
    }
    if (!before->differentiated) return;
    real *dx = gradient_of(t, input);
    const bool more = t->reached[input];
    const left_factor left = {z, z_step, 1, t->g->nodes[node].kind == NODE_LSTM ? n->columns : t->g->nodes[node].width};
    LANES_NAME(product)
    (rows, &left, 1, packed_panels(t->packed + n->to_input, n->columns, before->padded_width), more ? dx : t->zeros,
     more ? before->stride : 0, dx, before->stride);
    t->reached[input] = true;
}
