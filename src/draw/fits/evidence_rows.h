/* Mechanisms by evidence, a row each: probability, ln evidence with its error, deviation. */
#ifndef MECH_DRAW_FITS_EVIDENCE_ROWS_H
#define MECH_DRAW_FITS_EVIDENCE_ROWS_H

#include "draw/canvas/lettering.h"

/* How many mechanisms get a row. */
size_t mech_evidence_rows(const mech_fits *fits);

/* How high they are, with the axis and what stands below. */
double mech_evidence_height(const mech_fits *fits);

/* Draws them into the frame from its top. */
void mech_draw_evidence(canvas *c, const mech_fits *fits, box frame);

#endif
