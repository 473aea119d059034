/* The orthogonal factor of a matrix, for optimisers that use it as the direction of a step. */
#ifndef MECH_LEARN_KERNELS_ORTHOGONAL_LANES_H
#define MECH_LEARN_KERNELS_ORTHOGONAL_LANES_H

#include "learn/kernels/lanes.h"

/* Replaces matrix[rows][stride], with `columns` <= rows columns in use and zeros behind them, by a matrix with the same
 * singular vectors and singular values near 1 (between 0.7 and 1.2 where they were not below a thousandth of the
 * Euclidean norm): five steps of the Newton-Schulz iteration whose polynomial Jordan et al. chose for speed, not
 * convergence ("Muon: an optimizer for hidden layers in neural networks", 2024). `stride` is `columns` rounded up to
 * whole vectors; workspace[(rows + 2 columns + 1) stride]. A matrix of zeros stays. */
void LANES_NAME(orthogonalise)(size_t rows, size_t columns, void *matrix, void *workspace);

#endif
