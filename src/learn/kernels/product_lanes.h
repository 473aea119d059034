/* Products of matrices, the greater part of all arithmetic. */
#ifndef MECH_LEARN_KERNELS_PRODUCT_LANES_H
#define MECH_LEARN_KERNELS_PRODUCT_LANES_H

#include "learn/kernels/engine_plan.h"
#include "learn/kernels/lanes.h"

enum { PANEL_COLUMNS = PANEL_VECTORS * LANES };

/* A left factor A[n_rows][depth] with any strides: element (i, k) stands at a[i * row_step + k * depth_step]. */
typedef struct left_factor {
    const real *a;
    size_t row_step, depth_step, depth;
} left_factor;

/* A right factor B[depth][columns], in panels of PANEL_VECTORS vectors of columns: element (k, j) of panel p stands at
 * b[p * panel_step + k * row_step + j]. Columns are whole vectors. */
typedef struct right_factor {
    const real *b;
    size_t row_step, panel_step, columns;
} right_factor;

/* C[n_rows][columns] = start + A B, where A is one left factor or two side by side, whose depths add up to B's. The
 * rows of `start` are start_step apart: 0 for the same row (a bias or zeros) each time; `start` may be C itself. */
void LANES_NAME(product)(size_t n_rows, const left_factor *left, int n_left, right_factor right, const real *start,
                         size_t start_step, real *c, size_t c_step);

/* The whole rows B[depth][columns], `stride` apart. */
INLINE right_factor plain_rows(const real *b, size_t stride, size_t columns) {
    return (right_factor){.b = b, .row_step = stride, .panel_step = PANEL_COLUMNS, .columns = columns};
}

/* Panels that pack() laid out. */
INLINE right_factor packed_panels(const real *b, size_t depth, size_t columns) {
    return (right_factor){.b = b, .row_step = PANEL_COLUMNS, .panel_step = depth * PANEL_COLUMNS, .columns = columns};
}

#endif
