/* Each branch classifies on its own; the probabilities are averaged. The baseline: nothing is learned across branches.
 */
#include "learn/network/fusions/fusions.h"

void mech_fusion_average(graph *g, size_t hidden) {
    const int c = mech_static_branch(g, hidden), k = mech_dynamic_branch(g, hidden);
    const int from_c =
        mech_graph_dense(g, "static_output", c, g->n_labels, ACTIVATION_SOFTMAX, INITIALISE_GLOROT_UNIFORM);
    const int from_k =
        mech_graph_dense(g, "dynamic_output", k, g->n_labels, ACTIVATION_SOFTMAX, INITIALISE_GLOROT_UNIFORM);
    mech_graph_combine(g, NODE_MEAN, from_c, from_k);
}
