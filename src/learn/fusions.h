/* How networks join what they know of the loadings (a static row) with what they know of the curves (a series): one
 * short file for each fusion, the published ones written with the branches that they share. */
#ifndef MECH_LEARN_FUSIONS_H
#define MECH_LEARN_FUSIONS_H

#include "learn/graph.h"

/* A fusion appends all of a network's nodes to a graph whose widths are set; the last one gives the probabilities. */
typedef void fusion(graph *g, size_t hidden);

fusion fusion_average, fusion_attention, fusion_gate, fusion_hadamard, fusion_nature, fusion_kinetic,
    fusion_comparative, fusion_experts, fusion_joint, fusion_separate;

/* Loadings -> dense layer, ReLU: c[hidden]. */
int static_branch(graph *g, size_t hidden);

/* Curves -> LSTM, all steps -> LSTM, last step: k[hidden]. */
int dynamic_branch(graph *g, size_t hidden);

/* Inputs of each run -> LSTM of that name, all steps; the runs side by side -> LSTM, last step: code[2 hidden]. */
int shared_encoder(graph *g, const char *of_runs, const char *of_all, int inputs, size_t hidden);

/* Dense layer "joined" with twice as many units as the code, ReLU -> head. */
int code_head(graph *g, int code);

/* Dense layer, ReLU -> dense layer, softmax over the classes. */
int classification_head(graph *g, int input, size_t hidden);

/* A linear layer with as many outputs as inputs that brings a branch into the space in which both are joined. */
int projection(graph *g, const char *name, int input);

#endif
