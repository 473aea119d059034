/* Long short-term memory (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000), as Keras computes it:
 *
 *   z = x W + h' U + b,   i, f, o = sigmoid(z_i, z_f, z_o),   g = tanh(z_c),
 *   c = f c' + i g,       h = o tanh(c),
 *
 * h' and c' being those of the step before, zero at first. One panel of the product holds i, f, g, o of a vector of
 * units, so that its cells are computed while it is in the first-level cache. */
#include "learn/layers/tile_lanes.h"

/* The cells of one vector of units, for all rows; the gates' pre-activations are replaced by the gates. */
INLINE void cells_forward(size_t n_rows, real *gates, size_t gates_step, const real *before, size_t before_step,
                          real *cells, real *cells_tanh, real *states, size_t step) {
    for (size_t r = 0; r < n_rows; r++) {
        real *z = gates + r * gates_step;
        const lanes i = sigmoid(load(z)), f = sigmoid(load(z + LANES));
        const lanes g = hyperbolic_tangent(load(z + 2 * LANES)), o = sigmoid(load(z + 3 * LANES));
        const lanes c = f * load(before + r * before_step) + i * g, c_tanh = hyperbolic_tangent(c);
        store(cells + r * step, c);
        store(states + r * step, o * c_tanh);
        if (!cells_tanh) continue;
        store(z, i);
        store(z + LANES, f);
        store(z + 2 * LANES, g);
        store(z + 3 * LANES, o);
        store(cells_tanh + r * step, c_tanh);
    }
}

void LANES_NAME(lstm_forward)(tile *t, int node) {
    const node_plan *n = &t->layout->nodes[node], *input = &t->layout->nodes[t->g->nodes[node].inputs[0]];
    const size_t rows = t->n_rows * t->g->nodes[node].runs, step = rows * n->stride, units = t->g->nodes[node].width;
    const size_t inputs = t->g->nodes[t->g->nodes[node].inputs[0]].width;
    const bool series = t->g->nodes[node].series, training = t->layout->training;
    const real *x = t->workspace + input->values, *h_before = NULL, *c_before = t->zeros,
               *forward = t->packed + n->forward;
    size_t c_before_step = 0;
    for (size_t time = 0; time < t->layout->n_times; time++) {
        const size_t state_slot = series || training ? time : time % 2, kept_slot = training ? time : 0;
        real *h = t->workspace + n->states + state_slot * step, *c = t->workspace + n->cells + kept_slot * step;
        real *gates = t->workspace + n->gates + kept_slot * rows * n->gates_stride;
        real *c_tanh = training ? t->workspace + n->cells_tanh + kept_slot * step : NULL;
        const left_factor left[2] = {{x + time * rows * input->stride, input->stride, 1, inputs},
                                     {h_before, n->stride, 1, units}};
        for (size_t column = 0; column < n->columns; column += PANEL_COLUMNS) {
            const size_t unit = column / PANEL_VECTORS;
            const right_factor right =
                packed_panels(forward + column * (inputs + units), inputs + units, PANEL_COLUMNS);
            LANES_NAME(product)
            (rows, left, h_before ? 2 : 1, right, t->packed + n->bias + column, 0, gates + column, n->gates_stride);
            cells_forward(rows, gates + column, n->gates_stride, c_before + (c_before_step ? unit : 0), c_before_step,
                          c + unit, c_tanh ? c_tanh + unit : NULL, h + unit, n->stride);
        }
        h_before = h;
        c_before = c;
        c_before_step = n->stride;
    }
    if (series) return;
    real *last = t->workspace + n->values;
    for (size_t i = 0; i < step; i += LANES) store(last + i, load(h_before + i));
}

/* From the gradient of h, and that of c by way of later steps, to those of the pre-activations (in the place of the
 * gates) and of c' (in the place of c's). */
INLINE void cells_backward(size_t n_rows, size_t width, real *gates, size_t gates_step, const real *cells_tanh,
                           const real *before, size_t before_step, const real *states_gradient, real *cells_gradient,
                           size_t step, bool last) {
    for (size_t r = 0; r < n_rows; r++)
        for (size_t unit = 0; unit < width; unit += LANES) {
            real *z = gates + r * gates_step + unit * PANEL_VECTORS;
            const size_t at = r * step + unit;
            const lanes i = load(z), f = load(z + LANES), g = load(z + 2 * LANES), o = load(z + 3 * LANES);
            const lanes c_tanh = load(cells_tanh + at), dh = load(states_gradient + at);
            const lanes dc = dh * o * (1 - c_tanh * c_tanh) + (last ? fill(0) : load(cells_gradient + at));
            store(z, dc * g * i * (1 - i));
            store(z + LANES, dc * load(before + r * before_step + (before_step ? unit : 0)) * f * (1 - f));
            store(z + 2 * LANES, dc * i * (1 - g * g));
            store(z + 3 * LANES, dh * c_tanh * o * (1 - o));
            store(cells_gradient + at, dc * f);
        }
}

void LANES_NAME(lstm_backward)(tile *t, int node) {
    const node_plan *n = &t->layout->nodes[node];
    const size_t rows = t->n_rows * t->g->nodes[node].runs, step = rows * n->stride,
                 gates_step = rows * n->gates_stride;
    const size_t n_times = t->layout->n_times, units = t->g->nodes[node].width;
    const bool series = t->g->nodes[node].series;
    real *states_gradient = t->workspace + n->states_gradient, *gates = t->workspace + n->gates;
    const real *given = gradient_of(t, node), *cells = t->workspace + n->cells;
    for (size_t time = n_times; time-- > 0;) {
        const bool last = time == n_times - 1;
        const real *dh = !last ? states_gradient : series ? given + time * step : given;
        real *z = gates + time * gates_step;
        cells_backward(rows, n->padded_width, z, n->gates_stride, t->workspace + n->cells_tanh + time * step,
                       time ? cells + (time - 1) * step : t->zeros, time ? n->stride : 0, dh,
                       t->workspace + n->cells_gradient, n->stride, last);
        if (!time) break;
        const left_factor left = {z, n->gates_stride, 1, n->columns};
        const right_factor right = packed_panels(t->packed + n->to_states, n->columns, n->padded_width);
        LANES_NAME(product)
        (rows, &left, 1, right, series ? given + (time - 1) * step : t->zeros, series ? n->stride : 0, states_gradient,
         n->stride);
    }
    LANES_NAME(linear_backward)(t, node, gates, n->gates_stride);
    if (n_times == 1) return;
    const left_factor states = {t->workspace + n->states, 1, n->stride, (n_times - 1) * rows};
    real *sum = t->gradient + n->recurrent_gradient;
    LANES_NAME(product)
    (units, &states, 1, plain_rows(gates + gates_step, n->gates_stride, n->columns), sum, n->columns, sum, n->columns);
}
