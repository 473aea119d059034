#include "learn/onnx/onnx_graph.h"

#include <stdio.h>
#include <string.h>

/* Numbers of fields in onnx.proto, by message. */
enum { GRAPH_NODE = 1, GRAPH_NAME = 2, GRAPH_INITIALISER = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_OPERATOR = 4, NODE_ATTRIBUTE = 5 };
enum { ATTRIBUTE_NAME = 1, ATTRIBUTE_I = 3, ATTRIBUTE_T = 5, ATTRIBUTE_G = 6, ATTRIBUTE_INTS = 8, ATTRIBUTE_TYPE = 20 };
enum { TENSOR_DIMS = 1, TENSOR_TYPE = 2, TENSOR_NAME = 8, TENSOR_RAW = 9 };
enum { VALUE_NAME = 1, VALUE_TYPE = 2, TYPE_TENSOR = 1, TENSOR_TYPE_ELEMENT = 1, TENSOR_TYPE_SHAPE = 2 };
enum { SHAPE_SIDE = 1, SIDE_SIZE = 1, SIDE_SYMBOL = 2 };

/* The enumeration AttributeProto.AttributeType. */
enum { TYPE_IS_INT = 2, TYPE_IS_TENSOR = 4, TYPE_IS_GRAPH = 5, TYPE_IS_INTS = 7 };

void mech_onnx_graph_free(onnx_graph *g) {
    mech_text_free(&g->nodes);
    mech_text_free(&g->initialisers);
}

onnx_name mech_onnx_name_of(const char *layer, const char *part) {
    onnx_name name;
    snprintf(name.text, sizeof name.text, "%s/%s", layer, part);
    return name;
}

void mech_onnx_operator(onnx_graph *g, const char *kind, const char *const *inputs, const char *const *outputs,
                        text *attributes) {
    text node = {0};
    for (; *inputs; inputs++) mech_protobuf_string(&node, NODE_INPUT, *inputs);
    /* A node is called by its first output, which no other node has. */
    const char *name = *outputs;
    for (; *outputs; outputs++) mech_protobuf_string(&node, NODE_OUTPUT, *outputs);
    mech_protobuf_string(&node, NODE_NAME, name);
    mech_protobuf_string(&node, NODE_OPERATOR, kind);
    if (attributes) {
        mech_text_append(&node, attributes->characters, attributes->length);
        node.failed |= attributes->failed;
        mech_text_free(attributes);
    }
    mech_protobuf_message(&g->nodes, GRAPH_NODE, &node);
}

void mech_onnx_whole_attribute(text *attributes, const char *name, int64_t value) {
    text attribute = {0};
    mech_protobuf_string(&attribute, ATTRIBUTE_NAME, name);
    mech_protobuf_whole(&attribute, ATTRIBUTE_I, value);
    mech_protobuf_whole(&attribute, ATTRIBUTE_TYPE, TYPE_IS_INT);
    mech_protobuf_message(attributes, NODE_ATTRIBUTE, &attribute);
}

void mech_onnx_wholes_attribute(text *attributes, const char *name, size_t n, const int64_t *values) {
    text attribute = {0};
    mech_protobuf_string(&attribute, ATTRIBUTE_NAME, name);
    for (size_t i = 0; i < n; i++) mech_protobuf_whole(&attribute, ATTRIBUTE_INTS, values[i]);
    mech_protobuf_whole(&attribute, ATTRIBUTE_TYPE, TYPE_IS_INTS);
    mech_protobuf_message(attributes, NODE_ATTRIBUTE, &attribute);
}

void mech_onnx_zero_attribute(text *attributes, const char *name) {
    static const char zero[sizeof(double)] = {0};
    text attribute = {0}, tensor = {0};
    mech_protobuf_whole(&tensor, TENSOR_DIMS, 1);
    mech_protobuf_whole(&tensor, TENSOR_TYPE, ONNX_DOUBLE);
    mech_protobuf_bytes(&tensor, TENSOR_RAW, zero, sizeof zero);
    mech_protobuf_string(&attribute, ATTRIBUTE_NAME, name);
    mech_protobuf_message(&attribute, ATTRIBUTE_T, &tensor);
    mech_protobuf_whole(&attribute, ATTRIBUTE_TYPE, TYPE_IS_TENSOR);
    mech_protobuf_message(attributes, NODE_ATTRIBUTE, &attribute);
}

void mech_onnx_graph_attribute(text *attributes, const char *name, text *body) {
    text attribute = {0};
    mech_protobuf_string(&attribute, ATTRIBUTE_NAME, name);
    mech_protobuf_message(&attribute, ATTRIBUTE_G, body);
    mech_protobuf_whole(&attribute, ATTRIBUTE_TYPE, TYPE_IS_GRAPH);
    mech_protobuf_message(attributes, NODE_ATTRIBUTE, &attribute);
}

static void append_little_endian(text *t, uint64_t bits, size_t n) {
    char bytes[sizeof bits];
    for (size_t i = 0; i < n; i++) bytes[i] = (char)(bits >> (8 * i) & 0xff);
    mech_text_append(t, bytes, n);
}

/* A constant; `raw` holds its numbers and is freed. */
static void append_constant(onnx_graph *g, const char *name, onnx_type type, size_t rank, const size_t *shape,
                            text *raw) {
    text tensor = {0};
    for (size_t i = 0; i < rank; i++) mech_protobuf_whole(&tensor, TENSOR_DIMS, (int64_t)shape[i]);
    mech_protobuf_whole(&tensor, TENSOR_TYPE, type);
    mech_protobuf_string(&tensor, TENSOR_NAME, name);
    mech_protobuf_message(&tensor, TENSOR_RAW, raw);
    mech_protobuf_message(&g->initialisers, GRAPH_INITIALISER, &tensor);
}

void mech_onnx_floats(onnx_graph *g, const char *name, size_t rank, const size_t *shape, const float *values) {
    text raw = {0};
    size_t n = 1;
    for (size_t i = 0; i < rank; i++) n *= shape[i];
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        append_little_endian(&raw, bits, sizeof bits);
    }
    append_constant(g, name, ONNX_FLOAT, rank, shape, &raw);
}

void mech_onnx_wholes(onnx_graph *g, const char *name, size_t n, const int64_t *values) {
    text raw = {0};
    for (size_t i = 0; i < n; i++) append_little_endian(&raw, (uint64_t)values[i], sizeof values[i]);
    append_constant(g, name, ONNX_INT64, 1, &n, &raw);
}

static void append_value(text *message, unsigned field, const char *name, onnx_type type, size_t rank,
                         const onnx_side *shape) {
    text sides = {0}, tensor = {0}, kind = {0}, value = {0};
    for (size_t i = 0; i < rank; i++) {
        text side = {0};
        if (shape[i].symbol)
            mech_protobuf_string(&side, SIDE_SYMBOL, shape[i].symbol);
        else
            mech_protobuf_whole(&side, SIDE_SIZE, (int64_t)shape[i].size);
        mech_protobuf_message(&sides, SHAPE_SIDE, &side);
    }
    mech_protobuf_whole(&tensor, TENSOR_TYPE_ELEMENT, type);
    mech_protobuf_message(&tensor, TENSOR_TYPE_SHAPE, &sides);
    mech_protobuf_message(&kind, TYPE_TENSOR, &tensor);
    mech_protobuf_string(&value, VALUE_NAME, name);
    mech_protobuf_message(&value, VALUE_TYPE, &kind);
    mech_protobuf_message(message, field, &value);
}

void mech_onnx_input(text *message, const char *name, onnx_type type, size_t rank, const onnx_side *shape) {
    append_value(message, GRAPH_INPUT, name, type, rank, shape);
}

void mech_onnx_output(text *message, const char *name, onnx_type type, size_t rank, const onnx_side *shape) {
    append_value(message, GRAPH_OUTPUT, name, type, rank, shape);
}

void mech_onnx_graph_finish(onnx_graph *g, const char *name, text *interface, text *message) {
    mech_text_append(message, g->nodes.characters, g->nodes.length);
    mech_protobuf_string(message, GRAPH_NAME, name);
    mech_text_append(message, g->initialisers.characters, g->initialisers.length);
    mech_text_append(message, interface->characters, interface->length);
    message->failed |= g->nodes.failed || g->initialisers.failed || interface->failed;
    mech_onnx_graph_free(g);
    mech_text_free(interface);
}
