/* The kinetics of all runs side by side, read by one recurrent branch: no shared encoder. */
#include "learn/network/fusions/fusions.h"

void mech_fusion_joint(graph *g, size_t hidden) {
    const int loadings = mech_graph_static(g), series = mech_graph_series(g);
    const int kinetics = mech_graph_together(g, mech_graph_kinetics(g, loadings, series));
    const int states = mech_graph_lstm(g, "lstm_1", kinetics, hidden, true);
    const int code = mech_graph_lstm(g, "lstm_2", states, hidden, false);
    const int joined = mech_graph_dense(g, "joined", code, 2 * hidden, ACTIVATION_RELU, INITIALISE_HE_UNIFORM);
    mech_classification_head(g, joined, hidden);
}
