/* Each projected branch passes a gate of its own: head(sigmoid(c' V + b) * c' + sigmoid(k' W + d) * k'). */
#include "learn/network/fusions/fusions.h"

static int gated(graph *g, const char *gate_name, int branch) {
    const int gate =
        mech_graph_dense(g, gate_name, branch, g->nodes[branch].width, ACTIVATION_SIGMOID, INITIALISE_GLOROT_UNIFORM);
    return mech_graph_combine(g, NODE_PRODUCT, gate, branch);
}

void mech_fusion_gate(graph *g, size_t hidden) {
    const int c = mech_static_branch(g, hidden), k = mech_dynamic_branch(g, hidden);
    const int c_projected = mech_projection(g, "static_projection", c);
    const int k_projected = mech_projection(g, "dynamic_projection", k);
    const int c_gated = gated(g, "static_gate", c_projected), k_gated = gated(g, "dynamic_gate", k_projected);
    mech_classification_head(g, mech_graph_combine(g, NODE_SUM, c_gated, k_gated), hidden);
}
