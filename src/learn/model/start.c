#include "learn/model/start.h"

#include "base/files/digest.h"
#include "learn/model/model.h"

#include <stdio.h>
#include <string.h>

static bool is(const graph *g, const char *network) { return strcmp(g->network, network) == 0; }

/* Where the weights of a model's layer go: block number `index` of `n_rows` by `n_columns` equal ones, those of a row
 * or of a column or on the diagonal, times a factor. */
typedef struct block {
    const char *layer, *target;
    size_t index, n_rows, n_columns;
    float factor;
} block;

static const graph_tensor *find_tensor(const graph *g, const char *layer, const char *part) {
    char name[MAX_TENSOR_NAME];
    snprintf(name, sizeof name, "%s/%s", layer, part);
    for (int i = 0; i < g->n_tensors; i++)
        if (strcmp(g->tensors[i].name, name) == 0) return &g->tensors[i];
    return NULL;
}

/* Adds one tensor of a layer. Inputs that come behind those that the model knows keep their weights. */
static bool add_tensor(const mech_model *model, const graph *g, const block *b, const char *part, float *parameters) {
    const graph_tensor *from = find_tensor(&model->g, b->layer, part), *to = find_tensor(g, b->target, part);
    if (!from || !to) return from == to;
    const size_t n_rows = from->rows ? b->n_rows : 1, rows = from->rows ? from->rows : 1;
    const size_t row = n_rows > 1 ? b->index * rows : 0, column = b->n_columns > 1 ? b->index * from->columns : 0;
    const bool fits = n_rows > 1 ? to->rows == n_rows * rows : to->rows >= from->rows;
    if (!fits || !to->rows != !from->rows || to->columns != b->n_columns * from->columns) return false;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < from->columns; j++)
            parameters[to->offset + (row + i) * to->columns + column + j] +=
                b->factor * model->parameters[from->offset + i * from->columns + j];
    return true;
}

static bool add_layer(const mech_model *model, const graph *g, const block *b, float *parameters) {
    return add_tensor(model, g, b, "kernel", parameters) && add_tensor(model, g, b, "recurrent_kernel", parameters) &&
           add_tensor(model, g, b, "bias", parameters);
}

static bool add_blocks(const mech_model *model, const graph *g, const block *blocks, size_t n, float *parameters) {
    for (size_t i = 0; i < n; i++)
        if (!add_layer(model, g, &blocks[i], parameters)) return false;
    return true;
}

/* As one of the two experts. */
static bool add_expert(const mech_model *model, const graph *g, size_t index, float *parameters) {
    const block blocks[] = {
        {"lstm_1", index ? "lstm_3" : "lstm_1", 0, 1, 1, 1},
        {"lstm_2", index ? "lstm_4" : "lstm_2", 0, 1, 1, 1},
        {"joined", "joined", index, 2, 2, 1},
        {"hidden", "hidden", index, 2, 2, 1},
        {"output", "output", index, 2, 1, 0.5F},
    };
    return (is(&model->g, "kinetic") || is(&model->g, "comparative")) &&
           add_blocks(model, g, blocks, sizeof blocks / sizeof blocks[0], parameters);
}

/* As the same network, but for inputs that it did not have. */
static bool add_whole(const mech_model *model, const graph *g, float *parameters) {
    const graph *given = &model->g;
    if (!is(given, g->network) && !(is(given, "kinetic") && is(g, "comparative"))) return false;
    if (given->n_tensors != g->n_tensors) return false;
    for (int i = 0; i < given->n_tensors; i++) {
        char layer[MAX_TENSOR_NAME];
        const char *part = strrchr(given->tensors[i].name, '/') + 1;
        snprintf(layer, sizeof layer, "%.*s", (int)(part - 1 - given->tensors[i].name), given->tensors[i].name);
        const block whole = {layer, layer, 0, 1, 1, 1};
        if (!add_tensor(model, g, &whole, part, parameters)) return false;
    }
    return true;
}

static mech_status refuse_model(const char *path, const graph *given, const graph *g, bool expert, mech_error *error) {
    const char *expected = expert || is(g, "comparative") ? "comparative or kinetic" : g->network;
    return mech_fail(error, MECH_INVALID_INPUT,
                     "%s: network %s with %zu units for %zu labels; expected %s with %zu for %zu to start from", path,
                     given->network, mech_graph_hidden(given), given->n_labels, expected, mech_graph_hidden(g),
                     g->n_labels);
}

static mech_status add_model(const char *path, const start_models *from, const graph *g, size_t index,
                             float *parameters, mech_error *error) {
    const bool expert = from->second != NULL;
    mech_model *model = NULL;
    mech_status status = mech_model_read(path, &model, error);
    if (status != MECH_OK) return status;
    const char *labels = mech_model_metadata(model, "mechanisms");
    if (!(expert ? add_expert(model, g, index, parameters) : add_whole(model, g, parameters)))
        status = refuse_model(path, &model->g, g, expert, error);
    else if (labels && from->mechanisms && strcmp(labels, from->mechanisms) != 0)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: tells mechanisms %.200s apart; expected %s to start from",
                           path, labels, from->mechanisms);
    mech_model_free(model);
    return status;
}

mech_status mech_start_read(const start_models *from, const graph *g, float *parameters, uint64_t *sum,
                            mech_error *error) {
    if (from->second && !is(g, "experts"))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "start: two models; expected one, as network %s has no experts",
                         g->network);
    memset(parameters, 0, g->n_parameters * sizeof *parameters);
    mech_status status = add_model(from->first, from, g, 0, parameters, error);
    if (status == MECH_OK && from->second) status = add_model(from->second, from, g, 1, parameters, error);
    if (status == MECH_OK) *sum = mech_digest(DIGEST_START, parameters, g->n_parameters * sizeof *parameters);
    return status;
}
