/* What a node of a network's graph is called in a diagram. */
#ifndef MECH_DRAW_ARCHITECTURE_GRAPH_LABELS_H
#define MECH_DRAW_ARCHITECTURE_GRAPH_LABELS_H

#include "draw/canvas/canvas.h"
#include "draw/canvas/notation.h"
#include "learn/network/graph.h"

typedef struct node_label {
    setting title;      /* "Dense, ReLU" */
    setting shape;      /* "T x 12 -> T x 64" */
    setting parameters; /* "lstm_1: 19,712 parameters"; "" where there are none */
    colour ink;         /* of its kind */
} node_label;

node_label mech_label_node(const graph *g, int node);

/* Numbers that are trained in a node. */
size_t mech_count_node_parameters(const graph *g, int node);

#endif
