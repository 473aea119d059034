/* One encoder shared by the runs reads the kinetics of each; a second one reads the states of all runs side by side, so
 * that what is learned on one run holds for all and what tells runs apart is seen at every reading. */
#include "learn/fusions.h"

int shared_encoder(graph *g, const char *of_runs, const char *of_all, int inputs, size_t hidden) {
    const int each = graph_lstm(g, of_runs, inputs, hidden, true);
    return graph_lstm(g, of_all, graph_together(g, each), 2 * hidden, false);
}

int code_head(graph *g, int code) {
    const size_t width = g->nodes[code].width;
    const int joined = graph_dense(g, "joined", code, 2 * width, ACTIVATION_RELU, INITIALISE_HE_UNIFORM);
    return classification_head(g, joined, width);
}

void fusion_kinetic(graph *g, size_t hidden) {
    const int loadings = graph_static(g), series = graph_series(g);
    const int kinetics = graph_kinetics(g, loadings, series);
    code_head(g, shared_encoder(g, "lstm_1", "lstm_2", kinetics, hidden));
}
