/* One encoder shared by the runs reads the kinetics of each; a second one reads the states of all runs side by side, so
 * that what is learned on one run holds for all and what tells runs apart is seen at every reading. */
#include "learn/fusions.h"

int shared_encoder(graph *g, int inputs, size_t hidden) {
    const int each = graph_lstm(g, "lstm_1", inputs, hidden, true);
    const int code = graph_lstm(g, "lstm_2", graph_together(g, each), 2 * hidden, false);
    const int joined = graph_dense(g, "joined", code, 4 * hidden, ACTIVATION_RELU, INITIALISE_HE_UNIFORM);
    return classification_head(g, joined, 2 * hidden);
}

void fusion_kinetic(graph *g, size_t hidden) {
    const int loadings = graph_static(g), series = graph_series(g);
    shared_encoder(g, graph_kinetics(g, loadings, series), hidden);
}
