/* As fusion_kinetic.c; the shared encoder of a run is also told how that run differs from each of the others. */
#include "learn/fusions.h"

void fusion_comparative(graph *g, size_t hidden) {
    const int loadings = graph_static(g), series = graph_series(g);
    const int kinetics = graph_kinetics(g, loadings, series);
    const int comparisons = graph_comparisons(g, loadings, kinetics);
    const int inputs = graph_combine(g, NODE_CONCATENATION, kinetics, comparisons);
    code_head(g, shared_encoder(g, "lstm_1", "lstm_2", inputs, hidden));
}
