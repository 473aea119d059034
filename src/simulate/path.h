/* The continuous solution of one initial value problem: a cubic for each species on each accepted step. Where
 * derivatives were asked for, they are further columns behind the species. */
#ifndef MECH_SIMULATE_PATH_H
#define MECH_SIMULATE_PATH_H

#include <stdbool.h>
#include <stddef.h>

typedef struct path {
    int n_species; /* columns */
    size_t n_steps;
    const double *t;     /* [n_steps + 1]: ascending, t[0] = 0 */
    const double *cubic; /* [n_steps][n_species][4]: y(t[i] + s h) = c0 + s (c1 + s (c2 + s c3)), 0 <= s <= 1 */
} path;

/* Writes y[n_species] at `time`; times outside the path are taken at its ends. */
void mech_path_at(const path *solution, double time, double *y);

/* Writes values[n_times][n_species] at ascending times in one pass. */
void mech_path_at_times(const path *solution, const double *times, size_t n_times, double *values);

/* Writes d(value)/dt of one column at ascending times; 0 outside the path. */
void mech_path_rates_at_times(const path *solution, int column, const double *times, size_t n_times, double *rates);

/* The first time at which a species reaches `level` (from either side), on the continuous solution, to 1e-12 of the
 * step; false where it never does. */
bool mech_path_first_crossing(const path *solution, int species, double level, double *time);

/* The smallest and the largest value of a species on [from, to], interior extrema of the cubics included. */
void mech_path_extrema(const path *solution, int species, double from, double to, double *smallest, double *largest);

#endif
