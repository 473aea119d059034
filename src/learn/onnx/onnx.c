/* A model's graph of layers, node by node, as an ONNX graph. */
#include "learn/onnx/onnx.h"

#include "base/files/file.h"
#include "learn/onnx/onnx_layers.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Numbers of fields in onnx.proto, by message. */
enum { MODEL_IR_VERSION = 1, MODEL_PRODUCER = 2, MODEL_PRODUCER_VERSION = 3, MODEL_DESCRIPTION = 6 };
enum { MODEL_GRAPH = 7, MODEL_OPERATOR_SET = 8, MODEL_METADATA = 14 };
enum { OPERATOR_SET_VERSION = 2, ENTRY_KEY = 1, ENTRY_VALUE = 2 };

/* The version of the format that came with the operator set. */
enum { IR_VERSION = 7 };

static onnx_name append_input(onnx_export *e, const char *input) {
    onnx_name name;
    snprintf(name.text, sizeof name.text, "%s", input);
    return mech_onnx_export_type(e) == ONNX_DOUBLE
               ? mech_onnx_cast(e, input, mech_onnx_name_of(input, "wide"), ONNX_DOUBLE)
               : name;
}

static onnx_name append_dense(onnx_export *e, const graph_node *node, const char *input) {
    static const char *const operators[] = {
        [ACTIVATION_RELU] = "Relu", [ACTIVATION_SIGMOID] = "Sigmoid", [ACTIVATION_SOFTMAX] = "Softmax"};
    const onnx_name layer = mech_onnx_layer_name(&e->model->g.tensors[node->kernel]);
    const onnx_name kernel = mech_onnx_parameters(e, node->kernel), bias = mech_onnx_parameters(e, node->bias);
    const onnx_name product =
        mech_onnx_append(e, "MatMul", input, kernel.text, mech_onnx_name_of(layer.text, "product"), NULL);
    const onnx_name sum =
        mech_onnx_append(e, "Add", product.text, bias.text, mech_onnx_name_of(layer.text, "sum"), NULL);
    if (node->activation == ACTIVATION_NONE) return sum;
    text attributes = {0};
    if (node->activation == ACTIVATION_SOFTMAX) mech_onnx_whole_attribute(&attributes, "axis", -1);
    return mech_onnx_append(e, operators[node->activation], sum.text, NULL, mech_onnx_name_of(layer.text, "activation"),
                            &attributes);
}

static onnx_name append_combination(onnx_export *e, const graph_node *node, onnx_name value_name, const char *first,
                                    const char *second) {
    text attributes = {0};
    if (node->kind == NODE_PRODUCT) return mech_onnx_append(e, "Mul", first, second, value_name, NULL);
    if (node->kind == NODE_SUM) return mech_onnx_append(e, "Add", first, second, value_name, NULL);
    if (node->kind == NODE_CONCATENATION) {
        mech_onnx_whole_attribute(&attributes, "axis", -1);
        return mech_onnx_append(e, "Concat", first, second, value_name, &attributes);
    }
    /* ONNX Runtime has the operator Mean in float32 only. */
    const onnx_name sum = mech_onnx_append(e, "Add", first, second, mech_onnx_name_of(value_name.text, "sum"), NULL);
    const onnx_name factor = mech_onnx_number(e, mech_onnx_name_of(value_name.text, "half"), 0.5f);
    return mech_onnx_append(e, "Mul", sum.text, factor.text, value_name, NULL);
}

/* Appends node number `i`; values[i] becomes the name of its value. */
static void append_graph_node(onnx_export *e, int i, onnx_name *values) {
    const graph_node *node = &e->model->g.nodes[i];
    const char *first = node->inputs[0] >= 0 ? values[node->inputs[0]].text : NULL;
    const char *second = node->inputs[1] >= 0 ? values[node->inputs[1]].text : NULL;
    onnx_name value_name;
    switch (node->kind) {
    case NODE_STATIC:
        values[i] = append_input(e, mech_graph_reads_run_sets(&e->model->g) ? "sets" : "x1");
        return;
    case NODE_SERIES:
        values[i] = append_input(e, "x2");
        return;
    case NODE_KINETICS:
        values[i] = mech_onnx_kinetics(e, i, first, second);
        return;
    case NODE_COMPARISONS:
        values[i] = mech_onnx_comparisons(e, i, first, second);
        return;
    case NODE_CATALYST:
        values[i] = mech_onnx_catalyst(e, i, first, second);
        return;
    case NODE_TOGETHER:
        values[i] = mech_onnx_together(e, i, first);
        return;
    case NODE_LSTM:
        values[i] = mech_onnx_lstm(e, node, first);
        return;
    case NODE_DENSE:
        values[i] = append_dense(e, node, first);
        return;
    case NODE_PRODUCT:
    case NODE_SUM:
    case NODE_MEAN:
    case NODE_CONCATENATION:
        snprintf(value_name.text, sizeof value_name.text, "combination_%d", i);
        values[i] = append_combination(e, node, value_name, first, second);
        return;
    case NODE_READINGS:
        values[i] = append_input(e, "readings");
        return;
    case NODE_RUNS:
        values[i] = append_input(e, "runs");
        return;
    case NODE_NORMALISED:
        values[i] = mech_onnx_normalised(e, i, first);
        return;
    case NODE_ATTENTION:
        values[i] = mech_onnx_attention(e, i, first);
        return;
    case NODE_POOLED:
        values[i] = mech_onnx_pooled(e, i, first, second);
        return;
    }
}

/* What the graph takes: samples of one shape, or run sets padded to one. */
static void append_interface(const graph *g, text *interface) {
    const onnx_side n = {.symbol = "N"}, runs = {.symbol = "R"}, rows = {.symbol = "T"};
    if (!mech_graph_reads_run_sets(g)) {
        mech_onnx_input(interface, "x1", ONNX_FLOAT, 2, (const onnx_side[]){n, {.size = g->static_width}});
        mech_onnx_input(interface, "x2", ONNX_FLOAT, 3, (const onnx_side[]){n, rows, {.size = g->series_width}});
        return;
    }
    mech_onnx_input(interface, "sets", ONNX_FLOAT, 2, (const onnx_side[]){n, {.size = g->static_width}});
    mech_onnx_input(interface, "runs", ONNX_FLOAT, 3, (const onnx_side[]){n, runs, {.size = g->run_width}});
    mech_onnx_input(interface, "readings", ONNX_FLOAT, 4,
                    (const onnx_side[]){n, runs, rows, {.size = g->reading_width}});
    mech_onnx_input(interface, ONNX_MASK, ONNX_FLOAT, 3, (const onnx_side[]){n, runs, rows});
}

static void append_graph(onnx_export *e, text *graph_message) {
    const graph *g = &e->model->g;
    onnx_name values[MAX_NODES];
    text interface = {0};
    /* What was learned beside the labels leads to no output. */
    for (int i = 0; i < g->n_nodes; i++)
        if (!g->side || i != g->side) append_graph_node(e, i, values);
    assert(!g->nodes[g->n_nodes - 1].series);
    const onnx_name value_name = {"probabilities"};
    mech_onnx_cast(e, values[g->n_nodes - 1].text, value_name, ONNX_FLOAT);
    append_interface(g, &interface);
    mech_onnx_output(&interface, value_name.text, ONNX_FLOAT, 2,
                     (const onnx_side[]){{.symbol = "N"}, {.size = g->n_labels}});
    mech_onnx_graph_finish(&e->g, g->network, &interface, graph_message);
}

static void append_metadata(text *file, const char *key, const char *value) {
    text entry = {0};
    mech_protobuf_string(&entry, ENTRY_KEY, key);
    mech_protobuf_string(&entry, ENTRY_VALUE, value);
    mech_protobuf_message(file, MODEL_METADATA, &entry);
}

/* The model's own metadata, and what is meant where these are silent (docs/model-files.md): a reader of the ONNX file
 * may not know. */
static void append_all_metadata(const mech_model *model, text *file) {
    for (size_t i = 0; i < model->n_metadata; i++)
        append_metadata(file, model->metadata[i].key, model->metadata[i].value);
    if (!mech_model_metadata(model, "protocol") && !mech_graph_reads_run_sets(&model->g))
        append_metadata(file, "protocol", "seed");
    if (mech_model_metadata(model, "mechanisms") || model->g.n_labels != mech_builtin_count()) return;
    text ids = {0};
    for (size_t i = 0; i < model->g.n_labels; i++) mech_text_format(&ids, "%s%s", i ? "," : "", model->labels[i]);
    file->failed |= ids.failed;
    if (!ids.failed) append_metadata(file, "mechanisms", ids.characters);
    mech_text_free(&ids);
}

mech_status mech_onnx_serialise(const mech_model *model, mech_precision precision, text *bytes, mech_error *error) {
    if (precision != MECH_PRECISION_FLOAT64 && precision != MECH_PRECISION_FLOAT32)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no precision %d; expected float64 or float32",
                         (int)precision);
    onnx_export e = {.model = model, .precision = precision};
    text graph_message = {0}, operator_set = {0};
    append_graph(&e, &graph_message);
    mech_protobuf_whole(&operator_set, OPERATOR_SET_VERSION, ONNX_OPERATOR_SET);
    mech_protobuf_whole(bytes, MODEL_IR_VERSION, IR_VERSION);
    mech_protobuf_string(bytes, MODEL_PRODUCER, "mechanist");
    mech_protobuf_string(bytes, MODEL_PRODUCER_VERSION, mech_version());
    mech_protobuf_string(
        bytes, MODEL_DESCRIPTION,
        mech_graph_reads_run_sets(&model->g)
            ? "sets, runs, readings: what mech_run_set_inputs_new() makes of N experiments of up to R runs with up to "
              "T "
              "readings each; mask: 1 where there is a reading, 0 where an experiment is padded; probabilities: of the "
              "mechanisms that the metadata list, in their order"
            : "x1: catalyst loadings of four runs as shares of the standard [S]0; x2: t, S, P of run 1 to run 4 at "
              "each of T times; probabilities: of the mechanisms that the metadata list, in their order");
    mech_protobuf_message(bytes, MODEL_GRAPH, &graph_message);
    mech_protobuf_message(bytes, MODEL_OPERATOR_SET, &operator_set);
    append_all_metadata(model, bytes);
    return bytes->failed ? mech_fail_memory(error) : MECH_OK;
}

mech_status mech_model_export_onnx(const mech_model *model, mech_precision precision, const char *path,
                                   mech_error *error) {
    text bytes = {0};
    mech_status status = mech_onnx_serialise(model, precision, &bytes, error);
    if (status == MECH_OK) status = mech_file_write(path, bytes.characters, bytes.length, error);
    mech_text_free(&bytes);
    return status;
}
