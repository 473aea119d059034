/* Layers of a network as ONNX operators. A row of a sample is a value of shape (N, width), a series (N, T, width);
 * those of run sets stand in onnx_sets.c. */
#ifndef MECH_LEARN_ONNX_ONNX_LAYERS_H
#define MECH_LEARN_ONNX_ONNX_LAYERS_H

#include "learn/model/model.h"
#include "learn/onnx/onnx_graph.h"

/* A model on its way into an ONNX graph. */
typedef struct onnx_export {
    const mech_model *model;
    mech_precision precision;
    onnx_graph g;
} onnx_export;

/* The type that is computed with. */
onnx_type mech_onnx_export_type(const onnx_export *e);

/* The name of the layer that a tensor belongs to: "lstm_1" of "lstm_1/bias". */
onnx_name mech_onnx_layer_name(const graph_tensor *tensor);

/* Appends an operator with one output. `second` may be NULL, as may `attributes`, which is freed. Returns `output`. */
onnx_name mech_onnx_append(onnx_export *e, const char *kind, const char *first, const char *second, onnx_name output,
                           text *attributes);

/* Appends the parameters of tensor number `tensor` as a constant of the tensor's name and shape, and what makes them
 * the type that is computed with. Returns the value's name. */
onnx_name mech_onnx_parameters(onnx_export *e, int tensor);

/* Appends what turns a value into another type, or a constant without sides of the type that is computed with. Return
 * the value's name. */
onnx_name mech_onnx_cast(onnx_export *e, const char *value, onnx_name value_name, onnx_type type);
onnx_name mech_onnx_number(onnx_export *e, onnx_name name, float value);

/* Append a node of runs (onnx_runs.c). Return its value's name. */
onnx_name mech_onnx_kinetics(onnx_export *e, int number_of_node, const char *loadings, const char *series);
onnx_name mech_onnx_comparisons(onnx_export *e, int number_of_node, const char *loadings, const char *kinetics);
onnx_name mech_onnx_catalyst(onnx_export *e, int number_of_node, const char *kinetics, const char *comparisons);
onnx_name mech_onnx_together(onnx_export *e, int number_of_node, const char *input);

/* The input that says where run sets have a reading and where they are padded. */
#define ONNX_MASK "mask"

/* Append a node of run sets (onnx_sets.c). Return its value's name. */
onnx_name mech_onnx_attention(onnx_export *e, int number_of_node, const char *input);
onnx_name mech_onnx_pooled(onnx_export *e, int number_of_node, const char *input, const char *scores);
onnx_name mech_onnx_normalised(onnx_export *e, int number_of_node, const char *input);

/* Appends an LSTM of the series of that name. Returns the name of its hidden states. */
onnx_name mech_onnx_lstm(onnx_export *e, const graph_node *node, const char *series);

#endif
