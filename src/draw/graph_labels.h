/* What a node of a network's graph is called in a diagram. */
#ifndef MECH_DRAW_GRAPH_LABELS_H
#define MECH_DRAW_GRAPH_LABELS_H

#include "draw/canvas.h"
#include "draw/notation.h"
#include "learn/graph.h"

typedef struct node_label {
    setting title;      /* "Dense, ReLU" */
    setting shape;      /* "T x 12 -> T x 64" */
    setting parameters; /* "lstm_1: 19,712 parameters"; "" where there are none */
    colour ink;         /* of its kind */
} node_label;

node_label label_node(const graph *g, int node);

/* Numbers that are trained in a node. */
size_t count_node_parameters(const graph *g, int node);

#endif
