#include "learn/network/graph.h"

#include "data/samples/samples.h"
#include "learn/inputs/catalyst.h"
#include "learn/inputs/comparisons.h"
#include "learn/inputs/kinetics.h"

#include <assert.h>
#include <stdio.h>

static int append_node(graph *g, graph_node node) {
    assert(g->n_nodes < MAX_NODES);
    g->nodes[g->n_nodes] = node;
    return g->n_nodes++;
}

static int append_tensor(graph *g, const char *layer, const char *part, size_t rows, size_t columns,
                         initialiser start) {
    assert(g->n_tensors < MAX_TENSORS);
    graph_tensor *t = &g->tensors[g->n_tensors];
    *t = (graph_tensor){.rows = rows, .columns = columns, .offset = g->n_parameters, .start = start};
    snprintf(t->name, sizeof t->name, "%s/%s", layer, part);
    g->n_parameters += (rows ? rows : 1) * columns;
    return g->n_tensors++;
}

static graph_node node_without_tensors(node_kind kind, int first, int second, size_t width, bool series) {
    return (graph_node){.kind = kind,
                        .inputs = {first, second},
                        .width = width,
                        .series = series,
                        .runs = 1,
                        .kernel = -1,
                        .recurrent_kernel = -1,
                        .bias = -1};
}

int mech_graph_static(graph *g) {
    return append_node(g, node_without_tensors(NODE_STATIC, -1, -1, g->static_width, false));
}

int mech_graph_series(graph *g) {
    return append_node(g, node_without_tensors(NODE_SERIES, -1, -1, g->series_width, true));
}

int mech_graph_lstm(graph *g, const char *name, int input, size_t units, bool all_steps) {
    assert(g->nodes[input].series);
    graph_node node = node_without_tensors(NODE_LSTM, input, -1, units, all_steps);
    node.runs = g->nodes[input].runs;
    node.kernel = append_tensor(g, name, "kernel", g->nodes[input].width, 4 * units, INITIALISE_GLOROT_UNIFORM);
    node.recurrent_kernel = append_tensor(g, name, "recurrent_kernel", units, 4 * units, INITIALISE_ORTHOGONAL);
    node.bias = append_tensor(g, name, "bias", 0, 4 * units, INITIALISE_FORGET_ONE);
    return append_node(g, node);
}

int mech_graph_dense(graph *g, const char *name, int input, size_t units, activation a, initialiser kernel_start) {
    graph_node node = node_without_tensors(NODE_DENSE, input, -1, units, g->nodes[input].series);
    node.runs = g->nodes[input].runs;
    node.rows = g->nodes[input].rows;
    node.activation = a;
    node.kernel = append_tensor(g, name, "kernel", g->nodes[input].width, units, kernel_start);
    node.bias = append_tensor(g, name, "bias", 0, units, INITIALISE_ZERO);
    return append_node(g, node);
}

int mech_graph_combine(graph *g, node_kind kind, int first, int second) {
    const graph_node *a = &g->nodes[first], *b = &g->nodes[second];
    assert(a->series == b->series && a->runs == b->runs && a->rows == b->rows);
    assert(kind == NODE_CONCATENATION || a->width == b->width);
    const size_t width = kind == NODE_CONCATENATION ? a->width + b->width : a->width;
    graph_node node = node_without_tensors(kind, first, second, width, a->series);
    node.runs = a->runs;
    node.rows = a->rows;
    return append_node(g, node);
}

int mech_graph_kinetics(graph *g, int loadings, int series) {
    const size_t n_runs = g->nodes[loadings].width;
    assert(g->nodes[series].series && g->nodes[series].width == n_runs * RUN_COLUMNS);
    graph_node node = node_without_tensors(NODE_KINETICS, loadings, series, KINETICS_COLUMNS, true);
    node.runs = n_runs;
    return append_node(g, node);
}

int mech_graph_comparisons(graph *g, int loadings, int kinetics) {
    const size_t n_runs = g->nodes[kinetics].runs;
    assert(g->nodes[kinetics].kind == NODE_KINETICS && g->nodes[loadings].width == n_runs);
    graph_node node = node_without_tensors(NODE_COMPARISONS, loadings, kinetics, COMPARISONS_COLUMNS(n_runs), true);
    node.runs = n_runs;
    return append_node(g, node);
}

int mech_graph_catalyst(graph *g, int kinetics, int comparisons) {
    assert(g->nodes[kinetics].kind == NODE_KINETICS && g->nodes[comparisons].kind == NODE_COMPARISONS);
    graph_node node = node_without_tensors(NODE_CATALYST, kinetics, comparisons, CATALYST_COLUMNS, true);
    node.runs = g->nodes[kinetics].runs;
    return append_node(g, node);
}

const char *mech_graph_transform(const graph *g) {
    const char *transform = NULL;
    for (int i = 0; i < g->n_nodes; i++) {
        if (g->nodes[i].kind == NODE_KINETICS) transform = "kinetics";
        if (g->nodes[i].kind == NODE_COMPARISONS) transform = "comparisons";
        if (g->nodes[i].kind == NODE_CATALYST) transform = "catalyst";
        if (g->nodes[i].kind == NODE_READINGS) transform = "run-sets";
    }
    return transform;
}

size_t mech_graph_hidden(const graph *g) {
    for (int i = 0; i < g->n_nodes; i++)
        if (g->nodes[i].kind == NODE_LSTM || g->nodes[i].rows == ROWS_OF_READINGS)
            if (g->nodes[i].kernel >= 0) return g->nodes[i].width;
    return 0;
}

int mech_graph_together(graph *g, int input) {
    const graph_node *each = &g->nodes[input];
    return append_node(g, node_without_tensors(NODE_TOGETHER, input, -1, each->width * each->runs, each->series));
}

static int append_rows(graph *g, node_kind kind, graph_rows rows, size_t width) {
    graph_node node = node_without_tensors(kind, -1, -1, width, false);
    node.rows = rows;
    return append_node(g, node);
}

int mech_graph_readings(graph *g, size_t width) { return append_rows(g, NODE_READINGS, ROWS_OF_READINGS, width); }

int mech_graph_runs(graph *g, size_t width) { return append_rows(g, NODE_RUNS, ROWS_OF_RUNS, width); }

int mech_graph_normalise(graph *g, const char *name, int input) {
    const graph_node *x = &g->nodes[input];
    graph_node node = node_without_tensors(NODE_NORMALISED, input, -1, x->width, x->series);
    node.runs = x->runs;
    node.rows = x->rows;
    node.kernel = append_tensor(g, name, "gamma", 0, x->width, INITIALISE_ONE);
    node.bias = append_tensor(g, name, "beta", 0, x->width, INITIALISE_ZERO);
    return append_node(g, node);
}

int mech_graph_attention(graph *g, int input, size_t heads) {
    const graph_node *x = &g->nodes[input];
    assert(x->rows != ROWS_OF_SAMPLES && x->width % (3 * heads) == 0);
    graph_node node = node_without_tensors(NODE_ATTENTION, input, -1, x->width / 3, false);
    node.rows = x->rows;
    node.heads = heads;
    return append_node(g, node);
}

int mech_graph_pool(graph *g, int input, int scores) {
    const graph_node *x = &g->nodes[input], *s = &g->nodes[scores];
    assert(x->rows != ROWS_OF_SAMPLES && x->rows == s->rows && x->width % s->width == 0);
    graph_node node = node_without_tensors(NODE_POOLED, input, scores, x->width, false);
    node.rows = x->rows == ROWS_OF_READINGS ? ROWS_OF_RUNS : ROWS_OF_SAMPLES;
    node.heads = s->width;
    return append_node(g, node);
}

bool mech_graph_reads_run_sets(const graph *g) {
    for (int i = 0; i < g->n_nodes; i++)
        if (g->nodes[i].rows != ROWS_OF_SAMPLES) return true;
    return false;
}
