#include "learn/onnx/onnx_layers.h"

#include <stdio.h>
#include <string.h>

onnx_type mech_onnx_export_type(const onnx_export *e) {
    return e->precision == MECH_PRECISION_FLOAT64 ? ONNX_DOUBLE : ONNX_FLOAT;
}

onnx_name mech_onnx_layer_name(const graph_tensor *tensor) {
    onnx_name name;
    const char *slash = strrchr(tensor->name, '/');
    snprintf(name.text, sizeof name.text, "%.*s", (int)(slash - tensor->name), tensor->name);
    return name;
}

onnx_name mech_onnx_append(onnx_export *e, const char *kind, const char *first, const char *second,
                           onnx_name value_name, text *attributes) {
    mech_onnx_operator(&e->g, kind, (const char *[]){first, second, NULL}, (const char *[]){value_name.text, NULL},
                       attributes);
    return value_name;
}

onnx_name mech_onnx_cast(onnx_export *e, const char *value, onnx_name value_name, onnx_type type) {
    text attributes = {0};
    mech_onnx_whole_attribute(&attributes, "to", type);
    return mech_onnx_append(e, "Cast", value, NULL, value_name, &attributes);
}

onnx_name mech_onnx_parameters(onnx_export *e, int tensor) {
    const graph_tensor *t = &e->model->g.tensors[tensor];
    const size_t shape[] = {t->rows, t->columns};
    onnx_name name;
    snprintf(name.text, sizeof name.text, "%s", t->name);
    mech_onnx_floats(&e->g, t->name, t->rows ? 2 : 1, t->rows ? shape : shape + 1, e->model->parameters + t->offset);
    /* Weights are float32; widened when the file is loaded they are as exact as written in float64, and half as long.
     */
    return mech_onnx_export_type(e) == ONNX_DOUBLE
               ? mech_onnx_cast(e, t->name, mech_onnx_name_of(t->name, "wide"), ONNX_DOUBLE)
               : name;
}

onnx_name mech_onnx_number(onnx_export *e, onnx_name name, float value) {
    mech_onnx_floats(&e->g, name.text, 0, NULL, &value);
    return mech_onnx_export_type(e) == ONNX_DOUBLE
               ? mech_onnx_cast(e, name.text, mech_onnx_name_of(name.text, "wide"), ONNX_DOUBLE)
               : name;
}
