/* The network of Bures & Larrosa, Nature 613, 689-695 (2023): the branches side by side, head([c; k]). */
#include "learn/network/fusions/fusions.h"

void mech_fusion_nature(graph *g, size_t hidden) {
    const int c = mech_static_branch(g, hidden), k = mech_dynamic_branch(g, hidden);
    mech_classification_head(g, mech_graph_combine(g, NODE_CONCATENATION, c, k), hidden);
}
