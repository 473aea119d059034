/* The kinetics of all runs side by side, read by one recurrent branch: no shared encoder. */
#include "learn/fusions.h"

void fusion_joint(graph *g, size_t hidden) {
    const int loadings = graph_static(g), series = graph_series(g);
    const int kinetics = graph_together(g, graph_kinetics(g, loadings, series));
    const int states = graph_lstm(g, "lstm_1", kinetics, hidden, true);
    const int code = graph_lstm(g, "lstm_2", states, hidden, false);
    const int joined = graph_dense(g, "joined", code, 2 * hidden, ACTIVATION_RELU, INITIALISE_HE_UNIFORM);
    classification_head(g, joined, hidden);
}
