/* The projected branches multiplied element by element: head(ReLU((c' * k') W + b)). */
#include "learn/network/fusions/fusions.h"

void mech_fusion_hadamard(graph *g, size_t hidden) {
    const int c = mech_static_branch(g, hidden), k = mech_dynamic_branch(g, hidden);
    const int c_projected = mech_projection(g, "static_projection", c);
    const int k_projected = mech_projection(g, "dynamic_projection", k);
    const int product = mech_graph_combine(g, NODE_PRODUCT, c_projected, k_projected);
    const int combined = mech_graph_dense(g, "combined", product, hidden, ACTIVATION_RELU, INITIALISE_GLOROT_UNIFORM);
    mech_classification_head(g, combined, hidden);
}
