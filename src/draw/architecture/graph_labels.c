#include "draw/architecture/graph_labels.h"

#include <stdio.h>
#include <string.h>

#define ARROW " \xE2\x86\x92 "
#define TIMES " \xC3\x97 "

static const char *activation_words(activation a) {
    /* No default: the compiler asks for the words of a new one. */
    switch (a) {
    case ACTIVATION_NONE:
        return "linear";
    case ACTIVATION_RELU:
        return "ReLU";
    case ACTIVATION_SIGMOID:
        return "sigmoid";
    case ACTIVATION_SOFTMAX:
        return "softmax";
    }
    return "";
}

/* What a kind of node is called, and the colour of its box. */
typedef struct kind_words {
    const char *title;
    const colour *ink;
} kind_words;

static kind_words words_of(const graph_node *node) {
    /* No default here, either. */
    switch (node->kind) {
    case NODE_STATIC:
        return (kind_words){"Loadings x_{1}", &GREY};
    case NODE_SERIES:
        return (kind_words){"Curves x_{2}", &GREY};
    case NODE_KINETICS:
        return (kind_words){"Kinetics of each run", &PURPLE};
    case NODE_COMPARISONS:
        return (kind_words){"Run against run", &PURPLE};
    case NODE_CATALYST:
        return (kind_words){"Catalyst busy and free", &PURPLE};
    case NODE_TOGETHER:
        return (kind_words){"Runs side by side", &ORANGE};
    case NODE_LSTM:
        return (kind_words){node->series ? "LSTM, all steps" : "LSTM, last step", &BLUE};
    case NODE_DENSE:
        return (kind_words){"Dense", &GREEN};
    case NODE_PRODUCT:
        return (kind_words){"Product, element-wise", &ORANGE};
    case NODE_SUM:
        return (kind_words){"Sum", &ORANGE};
    case NODE_MEAN:
        return (kind_words){"Mean", &ORANGE};
    case NODE_CONCATENATION:
        return (kind_words){"Concatenation", &ORANGE};
    case NODE_READINGS:
        return (kind_words){"Readings", &GREY};
    case NODE_RUNS:
        return (kind_words){"Runs", &GREY};
    case NODE_NORMALISED:
        return (kind_words){"Normalised", &PURPLE};
    case NODE_ATTENTION:
        return (kind_words){node->rows == ROWS_OF_READINGS ? "Attention in a run" : "Attention over runs", &BLUE};
    case NODE_POOLED:
        return (kind_words){node->rows == ROWS_OF_RUNS ? "Readings pooled" : "Runs pooled", &BLUE};
    }
    return (kind_words){"", &GREY};
}

/* Adds what stands before the shape, and the shape. */
static void add_shape(const char *before, const graph_node *node, setting *shape) {
    const size_t length = strlen(shape->words);
    char runs[32] = "";
    if (node->runs > 1) snprintf(runs, sizeof runs, "%zu" TIMES, node->runs);
    snprintf(shape->words + length, sizeof shape->words - length, "%s%s%s%zu", before, runs,
             node->series                     ? "T" TIMES
             : node->rows == ROWS_OF_READINGS ? "readings" TIMES
             : node->rows == ROWS_OF_RUNS     ? "runs" TIMES
                                              : "",
             node->width);
}

static size_t count_tensor(const graph *g, int tensor) {
    if (tensor < 0) return 0;
    const graph_tensor *t = &g->tensors[tensor];
    return (t->rows ? t->rows : 1) * t->columns;
}

size_t mech_count_node_parameters(const graph *g, int node) {
    const graph_node *n = &g->nodes[node];
    return count_tensor(g, n->kernel) + count_tensor(g, n->recurrent_kernel) + count_tensor(g, n->bias);
}

node_label mech_label_node(const graph *g, int node) {
    enum { N_INPUTS = sizeof((graph_node){0}.inputs) / sizeof(int) };
    const graph_node *n = &g->nodes[node];
    const kind_words kind = words_of(n);
    const size_t parameters = mech_count_node_parameters(g, node);
    node_label label = {.ink = *kind.ink};
    snprintf(label.title.words, sizeof label.title.words, "%s%s%s", kind.title, n->kind == NODE_DENSE ? ", " : "",
             n->kind == NODE_DENSE ? activation_words(n->activation) : "");
    bool any = false;
    for (int i = 0; i < N_INPUTS; i++) {
        if (n->inputs[i] < 0) continue;
        add_shape(any ? ", " : "", &g->nodes[n->inputs[i]], &label.shape);
        any = true;
    }
    add_shape(any ? ARROW : "", n, &label.shape);
    if (parameters) {
        const char *tensor = g->tensors[n->kernel >= 0 ? n->kernel : n->bias].name;
        snprintf(label.parameters.words, sizeof label.parameters.words, "%.*s: %.24s parameters",
                 (int)strcspn(tensor, "/"), tensor, mech_set_count(parameters).words);
    }
    return label;
}
