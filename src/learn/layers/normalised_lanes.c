/* Layer normalisation (Ba, Kiros & Hinton 2016, arXiv 1607.06450), row by row:
 *
 *   y = u gamma + beta,   u = (x - mean) / sqrt(variance + NORMALISED_EPSILON).
 *
 * The columns that pad rows have gamma = beta = 0. */
#include "learn/layers/tile_lanes.h"

/* Mean and 1 / sqrt(variance + epsilon) of a row. */
INLINE real statistics(size_t width, const real *x, real *mean) {
    const real m = sum_of(width, x) / (real)width;
    lanes squares = fill(0);
    size_t j = 0;
    for (; j + LANES <= width; j += LANES) squares += (load(x + j) - m) * (load(x + j) - m);
    real sum = sum_of_lanes(squares);
    for (; j < width; j++) sum += (x[j] - m) * (x[j] - m);
    *mean = m;
    return 1 / (real)sqrt((double)(sum / (real)width + (real)NORMALISED_EPSILON));
}

void LANES_NAME(normalised_forward)(tile *t, int node) {
    const int input = t->g->nodes[node].inputs[0];
    const node_plan *n = &t->layout->nodes[node];
    const size_t width = t->g->nodes[node].width, stride = n->stride, rows = rows_of(t, node);
    const real *gamma = t->packed + n->forward, *beta = t->packed + n->bias;
    for (size_t r = 0; r < rows; r++) {
        const real *x = values_of(t, input) + r * stride;
        real *y = values_of(t, node) + r * stride, mean;
        const real scale = statistics(width, x, &mean);
        for (size_t j = 0; j < n->padded_width; j += LANES)
            store(y + j, (load(x + j) - mean) * scale * load(gamma + j) + load(beta + j));
    }
}

/* With g = dy gamma: dx = (g - mean(g) - u mean(g u)) / sqrt(variance + epsilon). */
void LANES_NAME(normalised_backward)(tile *t, int node) {
    const int input = t->g->nodes[node].inputs[0];
    const node_plan *n = &t->layout->nodes[node], *before = &t->layout->nodes[input];
    const size_t width = t->g->nodes[node].width, stride = n->stride, rows = rows_of(t, node);
    const real *gamma = t->packed + n->forward;
    real *gamma_gradient = t->gradient + n->kernel_gradient, *beta_gradient = t->gradient + n->bias_gradient;
    const bool more = t->reached[input];
    for (size_t r = 0; r < rows; r++) {
        const real *x = values_of(t, input) + r * stride;
        real *dy = gradient_of(t, node) + r * stride, mean;
        const real scale = statistics(width, x, &mean);
        /* Padding becomes zero, so that sums over whole vectors are those over the row; dy becomes g. */
        for (size_t j = width; j < n->padded_width; j++) dy[j] = 0;
        lanes along = fill(0), sums = fill(0);
        for (size_t j = 0; j < n->padded_width; j += LANES) {
            const lanes d = load(dy + j), u = (load(x + j) - mean) * scale, g = d * load(gamma + j);
            store(gamma_gradient + j, load(gamma_gradient + j) + d * u);
            store(beta_gradient + j, load(beta_gradient + j) + d);
            store(dy + j, g);
            sums += g;
            along += g * u;
        }
        if (!before->differentiated) continue;
        const real g_mean = sum_of_lanes(sums) / (real)width, g_along = sum_of_lanes(along) / (real)width;
        real *dx = gradient_of(t, input) + r * stride;
        for (size_t j = 0; j < n->padded_width; j += LANES) {
            const lanes u = (load(x + j) - mean) * scale, d = (load(dy + j) - g_mean - u * g_along) * scale;
            store(dx + j, more ? load(dx + j) + d : d);
        }
        for (size_t j = width; j < stride; j++) dx[j] = 0;
    }
    t->reached[input] = true;
}
