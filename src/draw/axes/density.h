/* How numbers are distributed, as histograms and as smooth curves. */
#ifndef MECH_DRAW_AXES_DENSITY_H
#define MECH_DRAW_AXES_DENSITY_H

#include "draw/axes/axes.h"

/* The bin of a number among n_bins equal ones of the range, of which the last one holds its upper end; -1 outside. */
int mech_bin_of(range r, size_t n_bins, double number);

/* Adds to counts[n_bins] how many of the numbers fall into each bin. */
void mech_count_in_bins(range r, size_t n, const double *numbers, size_t n_bins, double *counts);

/* The outline of a histogram of equal bins of the range, steps[2 n_bins + 2]: from the axis up, over the bins, down to
 * the axis. */
void mech_outline_steps(const panel *p, range r, size_t n_bins, const double *heights, point *steps);

/* density[n_at] at uniform places from the lower to the upper end of the range (both included): the mean of normal
 * curves around the n >= 2 ascending numbers, whose width follows Silverman's rule (Density Estimation for Statistics
 * and Data Analysis, 1986, equation 3.31). False where the numbers have no width. */
bool mech_kernel_density(size_t n, const double *sorted, range r, size_t n_at, double *density);

#endif
