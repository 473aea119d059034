/* An ONNX graph in the making: what operators, constants and values look like in the file (onnx.proto of
 * https://github.com/onnx/onnx). Nothing here knows of networks. Functions append; memory that runs short shows in the
 * `failed` of the texts. */
#ifndef MECH_LEARN_ONNX_ONNX_GRAPH_H
#define MECH_LEARN_ONNX_ONNX_GRAPH_H

#include "base/files/protobuf.h"

/* Types of numbers, as the format counts them. */
typedef enum onnx_type { ONNX_FLOAT = 1, ONNX_INT64 = 7, ONNX_DOUBLE = 11 } onnx_type;

/* Operators in the order in which they are computed, and constants. Starts as {0}. */
typedef struct onnx_graph {
    text nodes, initialisers; /* fields of the message GraphProto */
} onnx_graph;

void mech_onnx_graph_free(onnx_graph *g);

/* The name of a value: "lstm_1/gates". */
typedef struct onnx_name {
    char text[96];
} onnx_name;

onnx_name mech_onnx_name_of(const char *layer, const char *part);

/* One side of a value's shape: a number or, where `symbol` is not NULL, a name for a number that is known only when the
 * graph runs. */
typedef struct onnx_side {
    const char *symbol;
    size_t size;
} onnx_side;

/* Appends an operator. inputs and outputs are names and end with NULL. `attributes` is NULL or is made with the
 * functions below; it is freed and is {0} again. */
void mech_onnx_operator(onnx_graph *g, const char *kind, const char *const *inputs, const char *const *outputs,
                        text *attributes);

void mech_onnx_whole_attribute(text *attributes, const char *name, int64_t value);
void mech_onnx_wholes_attribute(text *attributes, const char *name, size_t n, const int64_t *values);

/* One double 0, as ConstantOfShape takes it. */
void mech_onnx_zero_attribute(text *attributes, const char *name);

/* A graph within an operator; `body` is a GraphProto and is freed. */
void mech_onnx_graph_attribute(text *attributes, const char *name, text *body);

/* Append constants: float32 in row-major order with `rank` sides, or whole numbers in a row. */
void mech_onnx_floats(onnx_graph *g, const char *name, size_t rank, const size_t *shape, const float *values);
void mech_onnx_wholes(onnx_graph *g, const char *name, size_t n, const int64_t *values);

/* What a graph takes and gives, with types and shapes: the fields `input` and `output` of GraphProto. */
void mech_onnx_input(text *message, const char *name, onnx_type type, size_t rank, const onnx_side *shape);
void mech_onnx_output(text *message, const char *name, onnx_type type, size_t rank, const onnx_side *shape);

/* The GraphProto `message`, which starts as {0}: nodes, name, constants, then what was appended to `interface` with the
 * two functions above, inputs first. Frees graph and interface. */
void mech_onnx_graph_finish(onnx_graph *g, const char *name, text *interface, text *message);

#endif
