/* The joined branches z = [c; k], weighted by an attention over their own elements: head(z * softmax(z W + b)). */
#include "learn/fusions.h"

void fusion_attention(graph *g, size_t hidden) {
    const int c = static_branch(g, hidden), k = dynamic_branch(g, hidden);
    const int z = graph_combine(g, NODE_CONCATENATION, c, k);
    const int weights =
        graph_dense(g, "attention", z, g->nodes[z].width, ACTIVATION_SOFTMAX, INITIALISE_GLOROT_UNIFORM);
    classification_head(g, graph_combine(g, NODE_PRODUCT, z, weights), hidden);
}
