#include "learn/fusions.h"

int static_branch(graph *g, size_t hidden) {
    return graph_dense(g, "static", graph_static(g), hidden, ACTIVATION_RELU, INITIALISE_GLOROT_UNIFORM);
}

int dynamic_branch(graph *g, size_t hidden) {
    const int states = graph_lstm(g, "lstm_1", graph_series(g), hidden, true);
    return graph_lstm(g, "lstm_2", states, hidden, false);
}

int classification_head(graph *g, int input, size_t hidden) {
    const int layer = graph_dense(g, "hidden", input, hidden, ACTIVATION_RELU, INITIALISE_HE_UNIFORM);
    return graph_dense(g, "output", layer, g->n_classes, ACTIVATION_SOFTMAX, INITIALISE_GLOROT_UNIFORM);
}

int projection(graph *g, const char *name, int input) {
    return graph_dense(g, name, input, g->nodes[input].width, ACTIVATION_NONE, INITIALISE_GLOROT_UNIFORM);
}
