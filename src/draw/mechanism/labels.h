/* Inside the layout of a diagram: placing labels where nothing else is. */
#ifndef MECH_DRAW_MECHANISM_LABELS_H
#define MECH_DRAW_MECHANISM_LABELS_H

#include "draw/mechanism/layout.h"

/* Places what enters and leaves in a step, and its rate constants, along the arrow `main_arrow`. `outside` is the
 * preferred side of the molecules: 1 to the left of the arrow's direction, -1 to its right. Returns 0 where
 * all stands free, else the more the worse. */
double mech_place_step_labels(const mech_mechanism *mechanism, const step *s, int main_arrow, double outside,
                              bool against, canvas *c, mechanism_layout *layout);

/* A box of that size around a centre. */
box mech_box_around(point centre, double width, double height);
bool mech_boxes_meet(box a, box b, double margin);
bool mech_box_holds(box b, point p, double margin);

/* How much a box placed there, or an arrow along there, would collide with what is placed already. */
double mech_box_cost(const mechanism_layout *layout, box place);
double mech_path_cost(const mechanism_layout *layout, const point *path, int n);

/* "S + X", and "k1, k-1" or "k1", as they are set; `against`: in the other direction than written. */
void mech_join_molecules(const mech_mechanism *mechanism, const int *molecules, int n, char *words, size_t room);
void mech_join_rates(const mech_mechanism *mechanism, const step *s, bool against, char *words, size_t room);

/* Fills path[ARROW_POINTS] with a quadratic Bezier curve. */
void mech_bend(point from, point control, point to, point *path);

/* Adds a label around a centre. */
void mech_add_label(mechanism_layout *layout, const char *words, bool rate_constants, point centre, double width,
                    double height);

#endif
