/* Where a run's reaction is over: what lies behind it is a plateau, of which models of design nature have seen
 * nothing. */
#ifndef MECH_EXPERIMENT_VIEW_ENDS_H
#define MECH_EXPERIMENT_VIEW_ENDS_H

#include "mechanist.h"

/* A change of S below this share of [S]0 is none: design nature follows such runs to the end, and conversions below
 * it leave nothing to tell mechanisms by. */
static const double LEAST_CHANGE = 0.01;

/* S and P of a run's reading, measured or from the mass balance. */
double mech_substrate_at(const mech_run *run, size_t reading);
double mech_product_at(const mech_run *run, size_t reading);

/* The final conversion of substrate in units of concentration: the median of the readings on the plateau, at least of
 * the last three. */
double mech_final_conversion(const mech_run *run);

/* The last reading that counts, 1 to n_readings - 1.
 *
 * The plateau is the change point behind which no reading lies further from the readings' common median than the run's
 * own noise explains. The run ends with the first of two readings in a row on it. Where a single reading follows long
 * after the others (overnight), the time at which the reaction would have been over is extrapolated from the
 * readings before it as of first order (every approach to rest ends so), and the run ends before a reading that lies
 * behind that. A run whose change of S may be noise is used to its end, and so is one that is still reacting. */
size_t mech_end_of_reaction(const mech_run *run);

#endif
