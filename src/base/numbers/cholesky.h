/* Symmetric positive definite systems of a few equations. */
#ifndef MECH_BASE_NUMBERS_CHOLESKY_H
#define MECH_BASE_NUMBERS_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/* Replaces the lower triangle of a[n][n] by its Cholesky factor (Golub & Van Loan, Matrix Computations, 4th ed.,
 * section 4.2); false where the matrix is not positive definite. */
bool mech_cholesky(size_t n, double *a);

/* Solves L L' x = b in place, with the factor in a's lower triangle. */
void mech_cholesky_solve(size_t n, const double *a, double *b);

/* ln of the determinant of L L'. */
double mech_cholesky_log_determinant(size_t n, const double *a);

#endif
