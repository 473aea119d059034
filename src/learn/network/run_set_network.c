/* The network of run sets: any number of runs with any number of readings each.
 *
 * The readings of a run look at each other (attention), then the run is what is pooled from them, together with what is
 * known of the run as a whole; the runs of a set look at each other, then the set is what is pooled from them. Nothing
 * depends on the order of runs, and all runs share all weights. Each block is x + attention(norm x), then
 * x + dense(ReLU(dense(norm x))) (Xiong et al. 2020, arXiv 2002.04745, "pre-norm"). */
#include "learn/network/fusions/fusions.h"

#include "learn/inputs/side.h"

#include <stdio.h>

enum { BLOCKS_OF_READINGS = 2, BLOCKS_OF_RUNS = 3, HEADS = 4 };

/* As many heads as divide the width, so that narrow networks have one. */
static size_t heads_of(size_t width) { return width % HEADS ? 1 : HEADS; }

static int dense(graph *g, const char *block, const char *part, int input, size_t units, activation a) {
    char name[MAX_TENSOR_NAME - 8];
    snprintf(name, sizeof name, "%s_%s", block, part);
    return mech_graph_dense(g, name, input, units, a,
                            a == ACTIVATION_RELU ? INITIALISE_HE_UNIFORM : INITIALISE_GLOROT_UNIFORM);
}

static int normalise(graph *g, const char *block, const char *part, int input) {
    char name[MAX_TENSOR_NAME - 8];
    snprintf(name, sizeof name, "%s_%s", block, part);
    return mech_graph_normalise(g, name, input);
}

static int attention_block(graph *g, const char *of, int number, int x) {
    char block[16];
    snprintf(block, sizeof block, "%s_%d", of, number);
    const size_t width = g->nodes[x].width;
    const int rows = dense(g, block, "attention", normalise(g, block, "norm_1", x), 3 * width, ACTIVATION_NONE);
    const int seen = dense(g, block, "mixed", mech_graph_attention(g, rows, heads_of(width)), width, ACTIVATION_NONE);
    x = mech_graph_combine(g, NODE_SUM, x, seen);
    const int inner = dense(g, block, "inner", normalise(g, block, "norm_2", x), 2 * width, ACTIVATION_RELU);
    return mech_graph_combine(g, NODE_SUM, x, dense(g, block, "outer", inner, width, ACTIVATION_NONE));
}

/* The weighted means of rows, of `width` numbers. */
static int pool(graph *g, const char *of, int x, size_t width) {
    const int rows = normalise(g, of, "norm", x);
    const int scores = dense(g, of, "scores", rows, heads_of(width), ACTIVATION_NONE);
    return mech_graph_pool(g, dense(g, of, "values", rows, width, ACTIVATION_NONE), scores);
}

void mech_fusion_set(graph *g, size_t hidden) {
    const size_t width = 2 * hidden;
    int x = dense(g, "reading", "inputs", mech_graph_readings(g, g->reading_width), hidden, ACTIVATION_NONE);
    for (int i = 1; i <= BLOCKS_OF_READINGS; i++) x = attention_block(g, "reading", i, x);
    const int seen = pool(g, "reading", x, width);
    x = mech_graph_combine(g, NODE_SUM, seen,
                           dense(g, "run", "inputs", mech_graph_runs(g, g->run_width), width, ACTIVATION_NONE));
    for (int i = 1; i <= BLOCKS_OF_RUNS; i++) x = attention_block(g, "run", i, x);
    const int runs = pool(g, "run", x, width);
    const int known =
        mech_graph_dense(g, "set_inputs", mech_graph_static(g), hidden, ACTIVATION_RELU, INITIALISE_HE_UNIFORM);
    const int joined = mech_graph_dense(g, "joined", mech_graph_combine(g, NODE_CONCATENATION, runs, known), width,
                                        ACTIVATION_RELU, INITIALISE_HE_UNIFORM);
    g->side = mech_graph_dense(g, "side", joined, SIDE_TARGETS, ACTIVATION_NONE, INITIALISE_GLOROT_UNIFORM);
    mech_classification_head(g, joined, width);
}
