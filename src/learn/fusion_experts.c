/* Two encoders as that of fusion_comparative.c, which can have learned from different data before (learn/start.h), for
 * instance without noise, where small deviations decide, and with it; the layers behind weigh what both say. Both are
 * also told how the catalyst of a run is divided. */
#include "learn/fusions.h"

void fusion_experts(graph *g, size_t hidden) {
    const int loadings = graph_static(g), series = graph_series(g);
    const int kinetics = graph_kinetics(g, loadings, series);
    const int comparisons = graph_comparisons(g, loadings, kinetics);
    const int catalyst = graph_catalyst(g, kinetics, comparisons);
    const int compared = graph_combine(g, NODE_CONCATENATION, kinetics, comparisons);
    const int inputs = graph_combine(g, NODE_CONCATENATION, compared, catalyst);
    const int first = shared_encoder(g, "lstm_1", "lstm_2", inputs, hidden);
    const int second = shared_encoder(g, "lstm_3", "lstm_4", inputs, hidden);
    code_head(g, graph_combine(g, NODE_CONCATENATION, first, second));
}
