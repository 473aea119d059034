/* The network of Bures & Larrosa, Nature 613, 689-695 (2023): the branches side by side, head([c; k]). */
#include "learn/fusions.h"

void fusion_nature(graph *g, size_t hidden) {
    const int c = static_branch(g, hidden), k = dynamic_branch(g, hidden);
    classification_head(g, graph_combine(g, NODE_CONCATENATION, c, k), hidden);
}
