/* Where everything of a mechanism's diagram stands. Lengths in points, the middle of the catalytic cycle at the origin.
 */
#ifndef MECH_DRAW_MECHANISM_LAYOUT_H
#define MECH_DRAW_MECHANISM_LAYOUT_H

#include "draw/canvas/lettering.h"
#include "draw/canvas/notation.h"
#include "draw/mechanism/steps.h"

enum { ARROW_POINTS = 41, MAX_WORDS = 4 * MAX_SETTING, MAX_ARROWS = 3 * MAX_REACTIONS, MAX_LABELS = 3 * MAX_REACTIONS };

typedef enum arrow_kind {
    ARROW_ONE_WAY,
    ARROW_REVERSIBLE,
    ARROW_ENTERING, /* a molecule joins: no head */
    ARROW_LEAVING
} arrow_kind;

typedef struct arrow {
    point path[ARROW_POINTS];
    arrow_kind kind;
} arrow;

typedef struct diagram_node {
    int species;
    point centre;
    box place;
} diagram_node;

typedef struct diagram_label {
    char words[MAX_WORDS];
    bool rate_constants; /* else molecules that enter or leave */
    point centre;
    box place;
} diagram_label;

typedef struct mechanism_layout {
    diagram_node nodes[MAX_SPECIES];
    arrow arrows[MAX_ARROWS];
    diagram_label labels[MAX_LABELS];
    int n_nodes, n_arrows, n_labels;
    box bounds; /* of all of it */
} mechanism_layout;

/* The letters of a diagram's parts. */
static const lettering NODE_LETTERS = {10.5, {0.13, 0.13, 0.15}, ALIGN_CENTRE, false, false};
static const lettering MOLECULE_LETTERS = {10.5, {0.13, 0.13, 0.15}, ALIGN_CENTRE, false, false};
static const lettering RATE_LETTERS = {9, {0.42, 0.44, 0.47}, ALIGN_CENTRE, false, true};

/* Lays the mechanism out: the catalyst forms of its cycle on a circle, the others outside, molecules that enter and
 * leave on curved arrows outside the cycle, rate constants inside. What no catalyst takes part in stands below. The
 * canvas measures letters only. */
void mech_lay_out_mechanism(const mech_mechanism *mechanism, canvas *c, mechanism_layout *layout);

/* How much of the layout's nodes and labels lies on each other, or under an arrow: 0 in a layout that can be read. */
double mech_layout_overlap(const mechanism_layout *layout);

#endif
