/* One encoder shared by the runs reads the kinetics of each; a second one reads the states of all runs side by side, so
 * that what is learned on one run holds for all and what tells runs apart is seen at every reading. */
#include "learn/network/fusions/fusions.h"

int mech_shared_encoder(graph *g, const char *of_runs, const char *of_all, int inputs, size_t hidden) {
    const int each = mech_graph_lstm(g, of_runs, inputs, hidden, true);
    return mech_graph_lstm(g, of_all, mech_graph_together(g, each), 2 * hidden, false);
}

int mech_code_head(graph *g, int code) {
    const size_t width = g->nodes[code].width;
    const int joined = mech_graph_dense(g, "joined", code, 2 * width, ACTIVATION_RELU, INITIALISE_HE_UNIFORM);
    return mech_classification_head(g, joined, width);
}

void mech_fusion_kinetic(graph *g, size_t hidden) {
    const int loadings = mech_graph_static(g), series = mech_graph_series(g);
    const int kinetics = mech_graph_kinetics(g, loadings, series);
    mech_code_head(g, mech_shared_encoder(g, "lstm_1", "lstm_2", kinetics, hidden));
}
