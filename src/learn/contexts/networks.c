/* Networks before they are trained, and how they are built. */
#include "base/error.h"
#include "base/files/text.h"
#include "data/conditions/layout.h"
#include "learn/model/model.h"

const char *mech_network_name(size_t index) { return mech_graph_network_name(index); }

mech_status mech_model_create(const char *network, size_t hidden, size_t n_labels, uint64_t seed, mech_model **model,
                              mech_error *error) {
    const graph_shape shape = {
        .static_width = SAMPLE_LOADINGS, .series_width = SAMPLE_ROW, .n_labels = n_labels, .hidden = hidden};
    graph g;
    *model = NULL;
    mech_status status = mech_graph_build(network, &shape, &g, error);
    if (status == MECH_OK) status = mech_model_new(&g, model, error);
    if (status == MECH_OK) mech_graph_initialise(&g, seed, (*model)->parameters);
    return status;
}

static const char *name_of_kind(node_kind kind) {
    switch (kind) {
    case NODE_STATIC:
        return "static";
    case NODE_SERIES:
        return "series";
    case NODE_KINETICS:
        return "kinetics";
    case NODE_COMPARISONS:
        return "comparisons";
    case NODE_CATALYST:
        return "catalyst";
    case NODE_TOGETHER:
        return "together";
    case NODE_LSTM:
        return "lstm";
    case NODE_DENSE:
        return "dense";
    case NODE_PRODUCT:
        return "product";
    case NODE_SUM:
        return "sum";
    case NODE_MEAN:
        return "mean";
    case NODE_CONCATENATION:
        return "concatenation";
    case NODE_READINGS:
        return "readings";
    case NODE_RUNS:
        return "runs";
    case NODE_NORMALISED:
        return "normalised";
    case NODE_ATTENTION:
        return "attention";
    case NODE_POOLED:
        return "pooled";
    }
    return "";
}

static const char *name_of_activation(activation a) {
    switch (a) {
    case ACTIVATION_NONE:
        return "none";
    case ACTIVATION_RELU:
        return "relu";
    case ACTIVATION_SIGMOID:
        return "sigmoid";
    case ACTIVATION_SOFTMAX:
        return "softmax";
    }
    return "";
}

mech_status mech_model_layers(const mech_model *model, char **layers, mech_error *error) {
    text t = {0};
    for (int i = 0; i < model->g.n_nodes; i++) {
        const graph_node *n = &model->g.nodes[i];
        mech_text_format(&t, "%s{\"kind\": \"%s\", \"activation\": \"%s\", \"inputs\": [", i ? ", " : "[",
                         name_of_kind(n->kind), name_of_activation(n->activation));
        for (int j = 0; j < 2 && n->inputs[j] >= 0; j++) mech_text_format(&t, "%s%d", j ? ", " : "", n->inputs[j]);
        mech_text_format(&t, "], \"width\": %zu, \"series\": %s, \"runs\": %zu}", n->width,
                         n->series ? "true" : "false", n->runs);
    }
    mech_text_add(&t, "]");
    return mech_text_take(&t, layers, error);
}
