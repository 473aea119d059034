/* How networks join what they know of the loadings (a static row) with what they know of the curves (a series): one
 * short file for each fusion, the published ones written with the branches that they share. */
#ifndef MECH_LEARN_NETWORK_FUSIONS_FUSIONS_H
#define MECH_LEARN_NETWORK_FUSIONS_FUSIONS_H

#include "learn/network/graph.h"

/* A fusion appends all of a network's nodes to a graph whose widths are set; the last one gives the probabilities. */
typedef void fusion(graph *g, size_t hidden);

fusion mech_fusion_average, mech_fusion_attention, mech_fusion_gate, mech_fusion_hadamard, mech_fusion_nature,
    mech_fusion_kinetic, mech_fusion_comparative, mech_fusion_experts, mech_fusion_joint, mech_fusion_separate,
    mech_fusion_set;

/* Loadings -> dense layer, ReLU: c[hidden]. */
int mech_static_branch(graph *g, size_t hidden);

/* Curves -> LSTM, all steps -> LSTM, last step: k[hidden]. */
int mech_dynamic_branch(graph *g, size_t hidden);

/* Inputs of each run -> LSTM of that name, all steps; the runs side by side -> LSTM, last step: code[2 hidden]. */
int mech_shared_encoder(graph *g, const char *of_runs, const char *of_all, int inputs, size_t hidden);

/* Dense layer "joined" with twice as many units as the code, ReLU -> head. */
int mech_code_head(graph *g, int code);

/* Dense layer, ReLU -> dense layer, softmax over the labels. */
int mech_classification_head(graph *g, int input, size_t hidden);

/* A linear layer with as many outputs as inputs that brings a branch into the space in which both are joined. */
int mech_projection(graph *g, const char *name, int input);

#endif
