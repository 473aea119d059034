/* Each projected branch passes a gate of its own: head(sigmoid(c' V + b) * c' + sigmoid(k' W + d) * k'). */
#include "learn/fusions.h"

static int gated(graph *g, const char *gate_name, int branch) {
    const int gate =
        graph_dense(g, gate_name, branch, g->nodes[branch].width, ACTIVATION_SIGMOID, INITIALISE_GLOROT_UNIFORM);
    return graph_combine(g, NODE_PRODUCT, gate, branch);
}

void fusion_gate(graph *g, size_t hidden) {
    const int c = static_branch(g, hidden), k = dynamic_branch(g, hidden);
    const int c_projected = projection(g, "static_projection", c);
    const int k_projected = projection(g, "dynamic_projection", k);
    const int c_gated = gated(g, "static_gate", c_projected), k_gated = gated(g, "dynamic_gate", k_projected);
    classification_head(g, graph_combine(g, NODE_SUM, c_gated, k_gated), hidden);
}
