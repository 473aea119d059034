/* Legends: which line and marker is what. */
#ifndef MECH_DRAW_AXES_LEGEND_H
#define MECH_DRAW_AXES_LEGEND_H

#include "draw/canvas/lettering.h"

typedef struct legend_entry {
    const char *words;
    colour ink;
    marker shape;
    double dash; /* of the line, as in stroke */
} legend_entry;

/* Draws one entry whose words have their baseline at `at`; returns its width. */
double mech_draw_legend_entry(canvas *c, point at, const legend_entry *entry);

/* Entries beside each other, from `at` on or, aligned right, up to it. */
void mech_draw_legend_row(canvas *c, point at, const legend_entry *entries, size_t n, alignment align);

#endif
