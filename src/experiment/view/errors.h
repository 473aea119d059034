/* Errors that experiments have and tables do not show. */
#ifndef MECH_EXPERIMENT_VIEW_ERRORS_H
#define MECH_EXPERIMENT_VIEW_ERRORS_H

#include "data/design/design.h"
#include "experiment/view/conventions.h"

/* A model that was trained on exact loadings, times and starts takes an error in them for chemistry, and is sure of
 * what it says. What it says of one experiment is therefore averaged over what the experiment may have been:
 *
 *     p(mechanism | table) = integral of p(mechanism | table, errors) p(errors) d errors,
 *
 * by so many draws of the errors that the design `laboratory` has. What the readings tell of the errors is left
 * out, which keeps the answer wider than it would have to be. With n draws a probability p has a standard error of at
 * most sqrt(p (1 - p) / n). */
enum { ERROR_DRAWS = 128 };

/* Writes draw number `draw` of what the runs may have been to x1[4] and x2[n_points + 1][12]: a pure function of
 * design, view and number. */
void mech_draw_errors(const design *laboratory, const model_view *view, size_t draw, float *x1, float *x2);

#endif
