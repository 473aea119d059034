#include "learn/network/fusions/fusions.h"

int mech_static_branch(graph *g, size_t hidden) {
    return mech_graph_dense(g, "static", mech_graph_static(g), hidden, ACTIVATION_RELU, INITIALISE_GLOROT_UNIFORM);
}

int mech_dynamic_branch(graph *g, size_t hidden) {
    const int states = mech_graph_lstm(g, "lstm_1", mech_graph_series(g), hidden, true);
    return mech_graph_lstm(g, "lstm_2", states, hidden, false);
}

int mech_classification_head(graph *g, int input, size_t hidden) {
    const int layer = mech_graph_dense(g, "hidden", input, hidden, ACTIVATION_RELU, INITIALISE_HE_UNIFORM);
    return mech_graph_dense(g, "output", layer, g->n_labels, ACTIVATION_SOFTMAX, INITIALISE_GLOROT_UNIFORM);
}

int mech_projection(graph *g, const char *name, int input) {
    return mech_graph_dense(g, name, input, g->nodes[input].width, ACTIVATION_NONE, INITIALISE_GLOROT_UNIFORM);
}
