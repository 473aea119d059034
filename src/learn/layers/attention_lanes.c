/* Attention within runs and sets (Vaswani et al. 2017, arXiv 1706.03762), head by head, over rows that hold query, key
 * and value:
 *
 *   W = softmax(Q K^T / sqrt(depth)),   Y = W V,
 *
 * for the n rows of each run (or set), whatever n is: rows of different runs stand behind each other without padding,
 * and only the matrices of pairs are padded to whole vectors, with weights of zero. */
#include "learn/layers/tile_lanes.h"

/* Where one head of one group stands. */
typedef struct head_place {
    size_t n, padded;      /* rows of the group; in whole vectors */
    size_t depth, columns; /* numbers of a head; in whole vectors */
    size_t x_step, y_step; /* from one row to the next of input and output */
    const real *query, *key, *value;
    real *weights; /* [n][padded] */
} head_place;

/* The memory of plan.scratch. */
typedef struct head_scratch {
    real *transposed; /* [columns][padded] */
    real *pairs;      /* [longest][padded] */
    real *rows[4];    /* [longest][columns] */
} head_scratch;

static head_scratch scratch_of(const tile *t, int node) {
    const size_t longest = t->layout->ragged.longest, padded = (longest + LANES - 1) / LANES * LANES;
    const graph_node *n = &t->g->nodes[node];
    const size_t columns = (n->width / n->heads + LANES - 1) / LANES * LANES;
    head_scratch s = {.transposed = t->workspace + t->layout->scratch};
    s.pairs = s.transposed + columns * padded;
    s.rows[0] = s.pairs + longest * padded;
    for (int i = 1; i < 4; i++) s.rows[i] = s.rows[i - 1] + longest * columns;
    return s;
}

/* Rows of a head, transposed; the columns that pad it are zero. */
static void transpose(const head_place *h, const real *rows, real *transposed) {
    for (size_t c = 0; c < h->depth; c++) {
        real *to = transposed + c * h->padded;
        for (size_t j = 0; j < h->n; j++) to[j] = rows[j * h->x_step + c];
        for (size_t j = h->n; j < h->padded; j++) to[j] = 0;
    }
}

/* Rows of a head as a right factor: where they stand or, where they are not whole vectors, copied to `room`. */
static right_factor factor_of(const head_place *h, const real *rows, size_t step, real *room) {
    if (h->depth == h->columns) return plain_rows(rows, step, h->columns);
    for (size_t j = 0; j < h->n; j++) {
        for (size_t c = 0; c < h->depth; c++) room[j * h->columns + c] = rows[j * step + c];
        for (size_t c = h->depth; c < h->columns; c++) room[j * h->columns + c] = 0;
    }
    return plain_rows(room, h->columns, h->columns);
}

/* to[n][depth] <- (or, more, +=) left right; by way of `room` where rows are not whole vectors. */
static void multiply_rows(const tile *t, const head_place *h, const left_factor *left, right_factor right, bool more,
                          real *to, size_t step, real *room) {
    if (h->depth == h->columns) {
        LANES_NAME(product)(h->n, left, 1, right, more ? to : t->zeros, more ? step : 0, to, step);
        return;
    }
    LANES_NAME(product)(h->n, left, 1, right, t->zeros, 0, room, h->columns);
    for (size_t j = 0; j < h->n; j++)
        for (size_t c = 0; c < h->depth; c++)
            to[j * step + c] = (more ? to[j * step + c] : 0) + room[j * h->columns + c];
}

static void softmax_of_scores(const head_place *h, real scale) {
    for (size_t r = 0; r < h->n; r++) {
        real *row = h->weights + r * h->padded;
        for (size_t j = h->n; j < h->padded; j++) row[j] = row[0];
        lanes largest = load(row);
        for (size_t j = LANES; j < h->n; j += LANES)
            largest = choose((lane_bits)(load(row + j) > largest), load(row + j), largest);
        real greatest = largest[0];
        for (int i = 1; i < LANES; i++) greatest = largest[i] > greatest ? largest[i] : greatest;
        for (size_t j = 0; j < h->n; j += LANES) store(row + j, exponential((load(row + j) - greatest) * scale));
        for (size_t j = h->n; j < h->padded; j++) row[j] = 0;
        const lanes factor = fill(1 / sum_of(h->padded, row));
        for (size_t j = 0; j < h->n; j += LANES) store(row + j, load(row + j) * factor);
    }
}

/* The place of a head; `weights` are those of the group's first head. */
static head_place place_of(const tile *t, int node, row_group group, size_t head, real *weights) {
    const graph_node *n = &t->g->nodes[node];
    const size_t depth = n->width / n->heads, padded = (group.n + LANES - 1) / LANES * LANES;
    head_place h = {.n = group.n,
                    .padded = padded,
                    .depth = depth,
                    .columns = (depth + LANES - 1) / LANES * LANES,
                    .x_step = t->layout->nodes[n->inputs[0]].stride,
                    .y_step = t->layout->nodes[node].stride,
                    .weights = weights + head * group.n * padded};
    h.query = values_of(t, n->inputs[0]) + group.first * h.x_step + head * depth;
    h.key = h.query + n->width;
    h.value = h.key + n->width;
    return h;
}

static real scale_of(size_t depth) { return (real)(1 / sqrt((double)depth)); }

void LANES_NAME(attention_forward)(tile *t, int node) {
    const graph_node *n = &t->g->nodes[node];
    const head_scratch s = scratch_of(t, node);
    const size_t stride = t->layout->nodes[node].stride;
    real *weights = t->workspace + t->layout->nodes[node].weights;
    for (size_t g = 0; g < groups_of(t, node); g++) {
        const row_group group = group_of(t, node, g);
        if (!group.n) continue;
        real *y = values_of(t, node) + group.first * stride;
        for (size_t head = 0; head < n->heads; head++) {
            const head_place h = place_of(t, node, group, head, weights);
            const left_factor query = {h.query, h.x_step, 1, h.depth}, pairs = {h.weights, h.padded, 1, h.n};
            transpose(&h, h.key, s.transposed);
            LANES_NAME(product)
            (h.n, &query, 1, plain_rows(s.transposed, h.padded, h.padded), t->zeros, 0, h.weights, h.padded);
            softmax_of_scores(&h, scale_of(h.depth));
            multiply_rows(t, &h, &pairs, factor_of(&h, h.value, h.x_step, s.rows[0]), false, y + head * h.depth, stride,
                          s.rows[1]);
        }
        for (size_t r = 0; r < group.n; r++)
            for (size_t j = n->width; j < stride; j++) y[r * stride + j] = 0;
        weights += n->heads * group.n * ((group.n + LANES - 1) / LANES * LANES);
    }
}

/* From the gradient of W to that of the scores before they were scaled: W (dW - sum(W dW)) / sqrt(depth). */
static void softmax_of_scores_backward(const head_place *h, real scale, real *pairs) {
    for (size_t r = 0; r < h->n; r++) {
        const real *w = h->weights + r * h->padded;
        real *d = pairs + r * h->padded;
        const real sum = dot(h->padded, w, d);
        for (size_t j = 0; j < h->padded; j += LANES) store(d + j, load(w + j) * (load(d + j) - sum) * scale);
    }
}

/* dV = W^T dY; dW = dY V^T; with the gradient D of the scores dQ = D K and dK = D^T Q. */
void LANES_NAME(attention_backward)(tile *t, int node) {
    const graph_node *n = &t->g->nodes[node];
    const int input = n->inputs[0];
    if (!t->layout->nodes[input].differentiated) return;
    const head_scratch s = scratch_of(t, node);
    const size_t stride = t->layout->nodes[node].stride, x_stride = t->layout->nodes[input].stride;
    real *weights = t->workspace + t->layout->nodes[node].weights;
    if (!t->reached[input])
        for (size_t i = 0; i < rows_of(t, input) * x_stride; i++) gradient_of(t, input)[i] = 0;
    t->reached[input] = true;
    for (size_t g = 0; g < groups_of(t, node); g++) {
        const row_group group = group_of(t, node, g);
        if (!group.n) continue;
        for (size_t head = 0; head < n->heads; head++) {
            const head_place h = place_of(t, node, group, head, weights);
            const real *dy = gradient_of(t, node) + group.first * stride + head * h.depth;
            real *dx = gradient_of(t, input) + group.first * x_stride + head * h.depth;
            const left_factor given = {dy, stride, 1, h.depth}, turned = {h.weights, 1, h.padded, h.n};
            const left_factor scores = {s.pairs, h.padded, 1, h.n}, scores_turned = {s.pairs, 1, h.padded, h.n};
            transpose(&h, h.value, s.transposed);
            LANES_NAME(product)
            (h.n, &given, 1, plain_rows(s.transposed, h.padded, h.padded), t->zeros, 0, s.pairs, h.padded);
            softmax_of_scores_backward(&h, scale_of(h.depth), s.pairs);
            multiply_rows(t, &h, &turned, factor_of(&h, dy, stride, s.rows[0]), true, dx + 2 * n->width, x_stride,
                          s.rows[3]);
            multiply_rows(t, &h, &scores, factor_of(&h, h.key, h.x_step, s.rows[1]), true, dx, x_stride, s.rows[3]);
            multiply_rows(t, &h, &scores_turned, factor_of(&h, h.query, h.x_step, s.rows[2]), true, dx + n->width,
                          x_stride, s.rows[3]);
        }
        weights += n->heads * group.n * ((group.n + LANES - 1) / LANES * LANES);
    }
}
