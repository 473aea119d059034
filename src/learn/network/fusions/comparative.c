/* As mech_fusion_kinetic.c; the shared encoder of a run is also told how that run differs from each of the others. */
#include "learn/network/fusions/fusions.h"

void mech_fusion_comparative(graph *g, size_t hidden) {
    const int loadings = mech_graph_static(g), series = mech_graph_series(g);
    const int kinetics = mech_graph_kinetics(g, loadings, series);
    const int comparisons = mech_graph_comparisons(g, loadings, kinetics);
    const int inputs = mech_graph_combine(g, NODE_CONCATENATION, kinetics, comparisons);
    mech_code_head(g, mech_shared_encoder(g, "lstm_1", "lstm_2", inputs, hidden));
}
