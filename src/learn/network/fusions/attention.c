/* The joined branches z = [c; k], weighted by an attention over their own elements: head(z * softmax(z W + b)). */
#include "learn/network/fusions/fusions.h"

void mech_fusion_attention(graph *g, size_t hidden) {
    const int c = mech_static_branch(g, hidden), k = mech_dynamic_branch(g, hidden);
    const int z = mech_graph_combine(g, NODE_CONCATENATION, c, k);
    const int weights =
        mech_graph_dense(g, "attention", z, g->nodes[z].width, ACTIVATION_SOFTMAX, INITIALISE_GLOROT_UNIFORM);
    mech_classification_head(g, mech_graph_combine(g, NODE_PRODUCT, z, weights), hidden);
}
