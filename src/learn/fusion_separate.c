/* One encoder shared by the runs, which reads the kinetics of each; the runs' codes side by side go to the head. */
#include "learn/fusions.h"

void fusion_separate(graph *g, size_t hidden) {
    const int loadings = graph_static(g), series = graph_series(g);
    const int kinetics = graph_kinetics(g, loadings, series);
    const int states = graph_lstm(g, "lstm_1", kinetics, hidden, true);
    const int code = graph_lstm(g, "lstm_2", states, hidden, false);
    const int both = graph_together(g, code);
    const int joined = graph_dense(g, "joined", both, 4 * hidden, ACTIVATION_RELU, INITIALISE_HE_UNIFORM);
    classification_head(g, joined, 2 * hidden);
}
