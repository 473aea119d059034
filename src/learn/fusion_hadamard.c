/* The projected branches multiplied element by element: head(ReLU((c' * k') W + b)). */
#include "learn/fusions.h"

void fusion_hadamard(graph *g, size_t hidden) {
    const int c = static_branch(g, hidden), k = dynamic_branch(g, hidden);
    const int c_projected = projection(g, "static_projection", c);
    const int k_projected = projection(g, "dynamic_projection", k);
    const int product = graph_combine(g, NODE_PRODUCT, c_projected, k_projected);
    const int combined = graph_dense(g, "combined", product, hidden, ACTIVATION_RELU, INITIALISE_GLOROT_UNIFORM);
    classification_head(g, combined, hidden);
}
