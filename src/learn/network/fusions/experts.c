/* Two encoders as that of mech_fusion_comparative.c, which can have learned from different data before
 * (learn/model/start.h), for instance without noise, where small deviations decide, and with it; the layers behind
 * weigh what both say. Both are also told how the catalyst of a run is divided. */
#include "learn/network/fusions/fusions.h"

void mech_fusion_experts(graph *g, size_t hidden) {
    const int loadings = mech_graph_static(g), series = mech_graph_series(g);
    const int kinetics = mech_graph_kinetics(g, loadings, series);
    const int comparisons = mech_graph_comparisons(g, loadings, kinetics);
    const int catalyst = mech_graph_catalyst(g, kinetics, comparisons);
    const int compared = mech_graph_combine(g, NODE_CONCATENATION, kinetics, comparisons);
    const int inputs = mech_graph_combine(g, NODE_CONCATENATION, compared, catalyst);
    const int first = mech_shared_encoder(g, "lstm_1", "lstm_2", inputs, hidden);
    const int second = mech_shared_encoder(g, "lstm_3", "lstm_4", inputs, hidden);
    mech_code_head(g, mech_graph_combine(g, NODE_CONCATENATION, first, second));
}
