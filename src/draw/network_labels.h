/* Inside the layout of a diagram: placing labels where nothing else is. */
#ifndef MECH_DRAW_NETWORK_LABELS_H
#define MECH_DRAW_NETWORK_LABELS_H

#include "draw/network_layout.h"

/* Places what enters and leaves in a step, and its rate constants, along the arrow `main_arrow`. `outside` is the
 * preferred side of the molecules: 1 to the left of the arrow's direction, -1 to its right. Returns 0 where
 * all stands free, else the more the worse. */
double place_step_labels(const mech_network *network, const step *s, int main_arrow, double outside, bool against,
                         canvas *c, network_layout *layout);

/* A box of that size around a centre. */
box box_around(point centre, double width, double height);
bool boxes_meet(box a, box b, double margin);
bool box_holds(box b, point p, double margin);

/* How much a box placed there, or an arrow along there, would collide with what is placed already. */
double box_cost(const network_layout *layout, box place);
double path_cost(const network_layout *layout, const point *path, int n);

/* "S + X", and "k1, k-1" or "k1", as they are set; `against`: in the other direction than written. */
void join_molecules(const mech_network *network, const int *molecules, int n, char *words, size_t room);
void join_rates(const mech_network *network, const step *s, bool against, char *words, size_t room);

/* Fills path[ARROW_POINTS] with a quadratic Bezier curve. */
void bend(point from, point control, point to, point *path);

/* Adds a label around a centre. */
void add_label(network_layout *layout, const char *words, bool rate_constants, point centre, double width,
               double height);

#endif
