/* Where everything of a network's architecture stands: a layered drawing of its graph (Sugiyama, Tagawa & Toda, IEEE
 * Trans. SMC 11 (1981) 109), from the inputs at the top to the probabilities at the bottom. Lengths in points. */
#ifndef MECH_DRAW_ARCHITECTURE_GRAPH_LAYOUT_H
#define MECH_DRAW_ARCHITECTURE_GRAPH_LAYOUT_H

#include "draw/canvas/canvas.h"
#include "learn/network/graph.h"

enum { MAX_SLOTS = MAX_NODES * MAX_NODES, MAX_LINKS = MAX_SLOTS + 2 * MAX_NODES, LINK_POINTS = 24 };

/* What stands in one layer beside others: a node's box, or the way of its output past the boxes of that layer. */
typedef struct graph_slot {
    int node;
    bool is_box;
    int layer;
    double x;      /* of its middle */
    double height; /* of its box */
} graph_slot;

/* From a slot to one in the next layer. */
typedef struct graph_link {
    int from, to; /* slots */
    bool arrives; /* at a box: it ends in a head */
    point path[LINK_POINTS];
} graph_link;

typedef struct graph_layout {
    int n_layers, n_slots, n_links;
    graph_slot slots[MAX_SLOTS]; /* that of node i's box is number i */
    graph_link links[MAX_LINKS];
    double box_width;
    double tops[MAX_NODES], heights[MAX_NODES]; /* of the layers; y grows downwards from 0 */
    box bounds;
} graph_layout;

/* Lays the graph out with boxes of one width and of heights[n_nodes]. Each node stands below all that it is computed
 * from; those below an input stand as far down as what is computed from them allows. Lines run through the gaps
 * between layers and past the boxes within them, so that no box is crossed. */
void mech_lay_out_graph(const graph *g, double box_width, const double *heights, graph_layout *layout);

/* The place of node i's box. */
box mech_graph_box(const graph_layout *layout, int node);

/* How often boxes lie on each other or lines under boxes: 0 in a layout that can be read. */
int mech_graph_layout_overlaps(const graph_layout *layout);

#endif
