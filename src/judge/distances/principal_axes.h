/* The few directions along which many numbers vary most. */
#ifndef MECH_JUDGE_DISTANCES_PRINCIPAL_AXES_H
#define MECH_JUDGE_DISTANCES_PRINCIPAL_AXES_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the mean of points[n][length] and n_axes orthonormal directions, axes[length][n_axes] (one a column), that
 * come close to those of the largest variance, in its order: orthogonal iteration on the covariance (Golub & Van Loan,
 * Matrix Computations, section 8.2.4), a fixed number of times from a fixed start. Where points vary in fewer
 * directions the last axes are 0. Costs n length^2 / 2 and 20 n_axes length^2 multiplications. False where memory is
 * short. */
bool mech_principal_axes(size_t n, size_t length, const double *points, size_t n_axes, double *mean, double *axes);

#endif
