/* Nodes of run sets in ONNX. A row for each reading is a value of shape (N, R, T, width), a row for each run one of
 * (N, R, width): R runs of T rows of readings for all N sets, padded where a set has fewer. The input `mask` (N, R, T)
 * says where there is a reading; a run has one at least. Where there is none, scores are so low that their weights are
 * zero. The computations are those of attention_lanes.c, pooled_lanes.c and normalised_lanes.c, operator by operator.
 */
#include "learn/onnx/onnx_formula.h"

/* Added to the score of a row that is padding: beside it no score counts, and it is finite in float32. */
#define SCORE_OF_PADDING 1e30

/* Sides before the rows: (N, R) of readings, (N) of runs. */
static int64_t sides_before(graph_rows rows) { return rows == ROWS_OF_READINGS ? 2 : 1; }

/* Appends to shape[rank] the sides before the rows, which stay, then n more. */
static size_t shape_of(graph_rows rows, size_t n, const int64_t *more, int64_t *shape) {
    size_t rank = 0;
    while (rank < (size_t)sides_before(rows)) shape[rank++] = 0;
    for (size_t i = 0; i < n; i++) shape[rank++] = more[i];
    return rank;
}

static onnx_name reshape_rows(formula *f, onnx_name x, graph_rows rows, size_t n, const int64_t *more) {
    int64_t shape[8];
    const size_t rank = shape_of(rows, n, more, shape);
    return reshape(f, x, rank, shape);
}

/* Reorders the three sides (rows, heads, depth): `order` counts them from 0. */
static onnx_name transpose_rows(formula *f, onnx_name x, graph_rows rows, const int64_t *order) {
    int64_t all[8];
    const int64_t before = sides_before(rows);
    for (int64_t i = 0; i < before; i++) all[i] = i;
    for (int64_t i = 0; i < 3; i++) all[before + i] = before + order[i];
    return transpose(f, x, (size_t)before + 3, all);
}

/* What is added to scores, one number for each row: 0, or for padding -SCORE_OF_PADDING. */
static onnx_name scores_of_padding(formula *f, graph_rows rows) {
    onnx_name mask = real_of(f, named(ONNX_MASK));
    /* A run that has a reading is no padding. */
    if (rows == ROWS_OF_RUNS) mask = apply(f, "Sign", sum(f, mask, 2));
    return combine(f, "Mul", combine(f, "Sub", mask, number(f, 1)), number(f, (double)SCORE_OF_PADDING));
}

static onnx_name softmax(formula *f, onnx_name x, int64_t side) {
    text attributes = {0};
    mech_onnx_whole_attribute(&attributes, "axis", side);
    return mech_onnx_append(f->e, "Softmax", x.text, NULL, next_name(f), &attributes);
}

onnx_name mech_onnx_attention(onnx_export *e, int number_of_node, const char *input) {
    formula f = {.e = e, .node = number_of_node};
    const graph_node *node = &e->model->g.nodes[number_of_node];
    const int64_t width = (int64_t)node->width, heads = (int64_t)node->heads, depth = width / heads;
    const int64_t by_head[] = {0, heads, depth}, heads_first[] = {1, 0, 2}, heads_first_turned[] = {1, 2, 0};
    const int64_t before = sides_before(node->rows);
    onnx_name part[3]; /* query, key, value */
    for (int i = 0; i < 3; i++) {
        const onnx_name rows = slice(&f, named(input), before + 1, i * width, (i + 1) * width);
        part[i] = transpose_rows(&f, reshape_rows(&f, rows, node->rows, 3, by_head), node->rows,
                                 i == 1 ? heads_first_turned : heads_first);
    }
    const onnx_name root = apply(&f, "Sqrt", number(&f, (double)depth));
    const onnx_name scores = combine(&f, "Div", combine(&f, "MatMul", part[0], part[1]), root);
    const onnx_name padding =
        reshape_rows(&f, scores_of_padding(&f, node->rows), node->rows, 3, (const int64_t[]){1, 1, -1});
    const onnx_name weights = softmax(&f, combine(&f, "Add", scores, padding), -1);
    const onnx_name seen = transpose_rows(&f, combine(&f, "MatMul", weights, part[2]), node->rows, heads_first);
    return reshape_rows(&f, seen, node->rows, 2, (const int64_t[]){0, width});
}

onnx_name mech_onnx_pooled(onnx_export *e, int number_of_node, const char *input, const char *scores) {
    formula f = {.e = e, .node = number_of_node};
    const graph_node *node = &e->model->g.nodes[number_of_node];
    const graph_rows rows = e->model->g.nodes[node->inputs[0]].rows; /* that are pooled */
    const int64_t width = (int64_t)node->width, heads = (int64_t)node->heads, side = sides_before(rows);
    const onnx_name padding = reshape_rows(&f, scores_of_padding(&f, rows), rows, 2, (const int64_t[]){-1, 1});
    const onnx_name weights = softmax(&f, combine(&f, "Add", named(scores), padding), side);
    const onnx_name by_head = reshape_rows(&f, named(input), rows, 3, (const int64_t[]){0, heads, width / heads});
    const onnx_name weighted =
        combine(&f, "Mul", by_head, reshape_rows(&f, weights, rows, 3, (const int64_t[]){0, heads, 1}));
    return reshape_rows(&f, sum(&f, weighted, side), rows, 1, (const int64_t[]){width});
}

onnx_name mech_onnx_normalised(onnx_export *e, int number_of_node, const char *input) {
    formula f = {.e = e, .node = number_of_node};
    const graph_node *node = &e->model->g.nodes[number_of_node];
    const int64_t side = node->rows == ROWS_OF_SAMPLES ? 1 : sides_before(node->rows) + 1;
    const onnx_name width = number(&f, (double)node->width);
    const onnx_name distance = combine(&f, "Sub", named(input), combine(&f, "Div", sum(&f, named(input), side), width));
    const onnx_name variance = combine(&f, "Div", sum(&f, combine(&f, "Mul", distance, distance), side), width);
    /* As a quotient of whole numbers it is as exact in float64 as there. */
    const onnx_name epsilon = combine(&f, "Div", number(&f, 1), number(&f, 1 / NORMALISED_EPSILON));
    const onnx_name scaled = combine(&f, "Div", distance, apply(&f, "Sqrt", combine(&f, "Add", variance, epsilon)));
    const onnx_name gamma = mech_onnx_parameters(e, node->kernel), beta = mech_onnx_parameters(e, node->bias);
    return combine(&f, "Add", combine(&f, "Mul", scaled, gamma), beta);
}
