/* When a run is read. */
#ifndef MECH_DATA_LABORATORY_TIMES_H
#define MECH_DATA_LABORATORY_TIMES_H

#include "data/design/distribution.h"

#include <stdbool.h>

/* Fills times[n], 2 or more, ascending from 0 on. All but a grid end at `length`; the first is 0 where `at_0` says so.
 * Even: equal steps. Random: uniform draws on [0, length). Geometric: equal ratios, the first (after 0) at the share
 * how->low of the length. Dense: the powers how->low of equal steps. Grid: numbers of how->low uniform times from 0 to
 * `length`, without repeats, 0 among them only where `at_0` says so. */
void mech_draw_times(const choice *how, bool at_0, double length, size_t n, random_stream *r, double *times);

#endif
