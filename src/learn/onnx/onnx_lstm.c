/* LSTM layers in ONNX. In float32 they are the operator of that name. ONNX Runtime has it in no other precision, so
 * that in float64 the recurrence is spelled out: the operator Scan goes through the time steps. */
#include "base/memory.h"
#include "learn/onnx/onnx_layers.h"

#include <string.h>

enum { GATES = 4 };

/* The operator's gates are i, o, f, c; here they are i, f, c, o. */
static const size_t gate_here[GATES] = {0, 3, 1, 2};

/* The operator's kernels are (gates and units, inputs), behind a side for directions, of which there is one here. */
static mech_status append_transposed_kernel(onnx_export *e, const char *name, int tensor) {
    const graph_tensor *kernel = &e->model->g.tensors[tensor];
    const float *from = e->model->parameters + kernel->offset;
    const size_t inputs = kernel->rows, columns = kernel->columns, units = columns / GATES;
    float *to = mech_allocate_array(inputs * columns, sizeof *to);
    if (!to) return MECH_OUT_OF_MEMORY;
    for (size_t gate = 0; gate < GATES; gate++)
        for (size_t unit = 0; unit < units; unit++)
            for (size_t i = 0; i < inputs; i++)
                to[(gate * units + unit) * inputs + i] = from[i * columns + gate_here[gate] * units + unit];
    mech_onnx_floats(&e->g, name, 3, (const size_t[]){1, columns, inputs}, to);
    mech_release_array(to);
    return MECH_OK;
}

/* The operator has two biases, which it adds; the second one is zero. */
static mech_status append_biases(onnx_export *e, const char *name, int tensor) {
    const graph_tensor *bias = &e->model->g.tensors[tensor];
    const float *from = e->model->parameters + bias->offset;
    const size_t units = bias->columns / GATES;
    float *to = mech_allocate_array(2 * bias->columns, sizeof *to);
    if (!to) return MECH_OUT_OF_MEMORY;
    for (size_t gate = 0; gate < GATES; gate++)
        memcpy(to + gate * units, from + gate_here[gate] * units, units * sizeof *to);
    mech_onnx_floats(&e->g, name, 2, (const size_t[]){1, 2 * bias->columns}, to);
    mech_release_array(to);
    return MECH_OK;
}

static onnx_name append_operator(onnx_export *e, const graph_node *node, const char *layer, const char *series) {
    const onnx_name w = mech_onnx_name_of(layer, "W"), r = mech_onnx_name_of(layer, "R"),
                    b = mech_onnx_name_of(layer, "B");
    if (append_transposed_kernel(e, w.text, node->kernel) != MECH_OK ||
        append_transposed_kernel(e, r.text, node->recurrent_kernel) != MECH_OK ||
        append_biases(e, b.text, node->bias) != MECH_OK)
        e->g.nodes.failed = true;
    text attributes = {0};
    mech_onnx_wholes_attribute(&attributes, "perm", 3, (const int64_t[]){1, 0, 2});
    const onnx_name in_time =
        mech_onnx_append(e, "Transpose", series, NULL, mech_onnx_name_of(layer, "in_time"), &attributes);
    const onnx_name all = mech_onnx_name_of(layer, "all"), last = mech_onnx_name_of(layer, "last");
    const onnx_name direction = mech_onnx_name_of(layer, "direction"), states = mech_onnx_name_of(layer, "states");
    mech_onnx_whole_attribute(&attributes, "hidden_size", (int64_t)node->width);
    mech_onnx_operator(&e->g, "LSTM", (const char *[]){in_time.text, w.text, r.text, b.text, NULL},
                       (const char *[]){all.text, last.text, NULL}, &attributes);
    /* All states are (T, directions, N, units), the last one is (directions, N, units). */
    const int64_t side = node->series ? 2 : 0;
    mech_onnx_wholes(&e->g, direction.text, 1, &side);
    if (!node->series) return mech_onnx_append(e, "Squeeze", last.text, direction.text, states, NULL);
    mech_onnx_wholes_attribute(&attributes, "perm", 4, (const int64_t[]){2, 0, 1, 3});
    const onnx_name by_sample =
        mech_onnx_append(e, "Transpose", all.text, NULL, mech_onnx_name_of(layer, "all_by_sample"), &attributes);
    return mech_onnx_append(e, "Squeeze", by_sample.text, direction.text, states, NULL);
}

/* One time step as a graph of its own: h and c of the step before and x of this one in; h, c and once more h, for the
 * series, out. Its names begin with the layer's, for they share one space with those of the graph around it. */
static void append_step(const onnx_export *e, const graph_node *node, const char *layer, const char *kernel,
                        const char *recurrent_kernel, const char *bias, text *step) {
    static const char *const activations[GATES] = {"Sigmoid", "Sigmoid", "Tanh", "Sigmoid"};
    static const char *const sums[GATES] = {"step/i_sum", "step/f_sum", "step/g_sum", "step/o_sum"};
    static const char *const gates[GATES] = {"step/i", "step/f", "step/g", "step/o"};
    onnx_export inner = {.model = e->model, .precision = e->precision};
    const onnx_name h = mech_onnx_name_of(layer, "step/h"), c = mech_onnx_name_of(layer, "step/c");
    const onnx_name x = mech_onnx_name_of(layer, "step/x"), next_c = mech_onnx_name_of(layer, "step/next_c");
    const onnx_name next_h = mech_onnx_name_of(layer, "step/next_h"), state = mech_onnx_name_of(layer, "step/state");
    onnx_name sum[GATES], gate[GATES];
    text attributes = {0}, interface = {0};
    const onnx_name from_x =
        mech_onnx_append(&inner, "MatMul", x.text, kernel, mech_onnx_name_of(layer, "step/from_x"), NULL);
    const onnx_name from_h =
        mech_onnx_append(&inner, "MatMul", h.text, recurrent_kernel, mech_onnx_name_of(layer, "step/from_h"), NULL);
    const onnx_name both =
        mech_onnx_append(&inner, "Add", from_x.text, from_h.text, mech_onnx_name_of(layer, "step/from_both"), NULL);
    const onnx_name z = mech_onnx_append(&inner, "Add", both.text, bias, mech_onnx_name_of(layer, "step/z"), NULL);
    for (int i = 0; i < GATES; i++) sum[i] = mech_onnx_name_of(layer, sums[i]);
    mech_onnx_whole_attribute(&attributes, "axis", -1);
    mech_onnx_operator(&inner.g, "Split", (const char *[]){z.text, NULL},
                       (const char *[]){sum[0].text, sum[1].text, sum[2].text, sum[3].text, NULL}, &attributes);
    for (int i = 0; i < GATES; i++)
        gate[i] = mech_onnx_append(&inner, activations[i], sum[i].text, NULL, mech_onnx_name_of(layer, gates[i]), NULL);
    const onnx_name kept =
        mech_onnx_append(&inner, "Mul", gate[1].text, c.text, mech_onnx_name_of(layer, "step/kept"), NULL);
    const onnx_name added =
        mech_onnx_append(&inner, "Mul", gate[0].text, gate[2].text, mech_onnx_name_of(layer, "step/added"), NULL);
    mech_onnx_append(&inner, "Add", kept.text, added.text, next_c, NULL);
    const onnx_name shown =
        mech_onnx_append(&inner, "Tanh", next_c.text, NULL, mech_onnx_name_of(layer, "step/shown"), NULL);
    mech_onnx_append(&inner, "Mul", gate[3].text, shown.text, next_h, NULL);
    mech_onnx_append(&inner, "Identity", next_h.text, NULL, state, NULL);

    const char *const rows = node->runs > 1 ? "N_runs" : "N";
    const onnx_side row[] = {{.symbol = rows}, {.size = node->width}};
    const onnx_side x_row[] = {{.symbol = rows}, {.size = e->model->g.tensors[node->kernel].rows}};
    mech_onnx_input(&interface, h.text, ONNX_DOUBLE, 2, row);
    mech_onnx_input(&interface, c.text, ONNX_DOUBLE, 2, row);
    mech_onnx_input(&interface, x.text, ONNX_DOUBLE, 2, x_row);
    mech_onnx_output(&interface, next_h.text, ONNX_DOUBLE, 2, row);
    mech_onnx_output(&interface, next_c.text, ONNX_DOUBLE, 2, row);
    mech_onnx_output(&interface, state.text, ONNX_DOUBLE, 2, row);
    mech_onnx_graph_finish(&inner.g, layer, &interface, step);
}

/* Zeros of shape (N, units), N being that of the series. */
static onnx_name append_start(onnx_export *e, const graph_node *node, const char *layer, const char *series) {
    const onnx_name first = mech_onnx_name_of(layer, "first_side"), units = mech_onnx_name_of(layer, "units");
    const int64_t zero = 0, width = (int64_t)node->width;
    text attributes = {0};
    mech_onnx_wholes(&e->g, first.text, 1, &zero);
    mech_onnx_wholes(&e->g, units.text, 1, &width);
    const onnx_name shape = mech_onnx_append(e, "Shape", series, NULL, mech_onnx_name_of(layer, "shape"), NULL);
    const onnx_name n =
        mech_onnx_append(e, "Gather", shape.text, first.text, mech_onnx_name_of(layer, "n_samples"), NULL);
    mech_onnx_whole_attribute(&attributes, "axis", 0);
    const onnx_name row =
        mech_onnx_append(e, "Concat", n.text, units.text, mech_onnx_name_of(layer, "state_shape"), &attributes);
    mech_onnx_zero_attribute(&attributes, "value");
    return mech_onnx_append(e, "ConstantOfShape", row.text, NULL, mech_onnx_name_of(layer, "start"), &attributes);
}

/* Scan goes along the second side of the series, which stays (N, T, width), and x W is computed within: done before,
 * for all steps at once, it meets defects of ONNX Runtime (docs/decisions.md). */
static onnx_name append_scan(onnx_export *e, const graph_node *node, const char *layer, const char *series) {
    const onnx_name kernel = mech_onnx_parameters(e, node->kernel), bias = mech_onnx_parameters(e, node->bias);
    const onnx_name recurrent_kernel = mech_onnx_parameters(e, node->recurrent_kernel);
    const onnx_name start = append_start(e, node, layer, series);
    const onnx_name h = mech_onnx_name_of(layer, "last"), c = mech_onnx_name_of(layer, "last_c"),
                    all = mech_onnx_name_of(layer, "all");
    const int64_t time_side = 1;
    text attributes = {0}, step = {0};
    append_step(e, node, layer, kernel.text, recurrent_kernel.text, bias.text, &step);
    mech_onnx_graph_attribute(&attributes, "body", &step);
    mech_onnx_whole_attribute(&attributes, "num_scan_inputs", 1);
    mech_onnx_wholes_attribute(&attributes, "scan_input_axes", 1, &time_side);
    mech_onnx_wholes_attribute(&attributes, "scan_output_axes", 1, &time_side);
    mech_onnx_operator(&e->g, "Scan", (const char *[]){start.text, start.text, series, NULL},
                       (const char *[]){h.text, c.text, all.text, NULL}, &attributes);
    return node->series ? all : h;
}

onnx_name mech_onnx_lstm(onnx_export *e, const graph_node *node, const char *series) {
    const onnx_name layer = mech_onnx_layer_name(&e->model->g.tensors[node->kernel]);
    return mech_onnx_export_type(e) == ONNX_DOUBLE ? append_scan(e, node, layer.text, series)
                                                   : append_operator(e, node, layer.text, series);
}
