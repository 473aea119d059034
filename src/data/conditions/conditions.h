/* The conditions under which a sample's four runs are started. */
#ifndef MECH_DATA_CONDITIONS_CONDITIONS_H
#define MECH_DATA_CONDITIONS_CONDITIONS_H

#include "base/random.h"
#include "data/conditions/additive.h"
#include "data/conditions/layout.h"
#include "data/conditions/split.h"
#include "mechanist.h"

/* Loadings of the training and validation samples. */
static const double LEAST_LOADING = 0.01, MOST_LOADING = 0.10;

/* [S]0 of the same-excess run as a share of the others'. */
static const double LEAST_SAME_EXCESS = 0.4, MOST_SAME_EXCESS = 0.8;

/* Reactions are simulated until then. */
static const double LAST_TIME = 100;

typedef struct conditions {
    double loadings[N_RUNS]; /* catalyst weighed in, as a fraction of the standard [S]0 */
    double s0[N_RUNS], p0[N_RUNS];
} conditions;

/* Draws the conditions of a sample from `sample`. For train and validation its loadings are three of the thirty that
 * are drawn from `theta`, the stream that all samples of one theta share; for test they come from three narrow
 * regions. */
void mech_draw_conditions(dataset_split s, random_stream *theta, random_stream *sample, conditions *c);

/* Fills start[n_species] of one run; `additive` is the start amount of mech_additive_species(). */
void mech_start_run(const mech_mechanism *mechanism, double s0, double p0, double cat0, double additive, double *start);

/* Of reactants besides S: takes from start[n_species] what went with the substrate that a run of [S]0 = s0 lacks to 1,
 * so that the excess of each over S stays the same. */
void mech_spend_reactants(const mech_mechanism *mechanism, double s0, double *start);

/* The first reactant besides S, or -1. */
int mech_reactant_species(const mech_mechanism *mechanism);

#endif
