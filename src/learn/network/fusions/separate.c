/* One encoder shared by the runs, which reads the kinetics of each; the runs' codes side by side go to the head. */
#include "learn/network/fusions/fusions.h"

void mech_fusion_separate(graph *g, size_t hidden) {
    const int loadings = mech_graph_static(g), series = mech_graph_series(g);
    const int kinetics = mech_graph_kinetics(g, loadings, series);
    const int states = mech_graph_lstm(g, "lstm_1", kinetics, hidden, true);
    const int code = mech_graph_lstm(g, "lstm_2", states, hidden, false);
    const int both = mech_graph_together(g, code);
    const int joined = mech_graph_dense(g, "joined", both, 4 * hidden, ACTIVATION_RELU, INITIALISE_HE_UNIFORM);
    mech_classification_head(g, joined, 2 * hidden);
}
