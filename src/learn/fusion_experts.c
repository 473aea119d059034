/* Two encoders as that of fusion_comparative.c, which can have learned from different data before (learn/start.h), for
 * instance without noise, where small deviations decide, and with it; the layers behind weigh what both say. */
#include "learn/fusions.h"

void fusion_experts(graph *g, size_t hidden) {
    const int inputs = compared_kinetics(g);
    const int first = shared_encoder(g, "lstm_1", "lstm_2", inputs, hidden);
    const int second = shared_encoder(g, "lstm_3", "lstm_4", inputs, hidden);
    code_head(g, graph_combine(g, NODE_CONCATENATION, first, second));
}
