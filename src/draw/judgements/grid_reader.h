/* Reading the table that `evaluate --grid --csv` writes. */
#ifndef MECH_DRAW_JUDGEMENTS_GRID_READER_H
#define MECH_DRAW_JUDGEMENTS_GRID_READER_H

#include "base/error.h"

/* One figure of a model at each number of points with each noise. */
typedef struct figure_grid {
    size_t n_points, n_noise;
    double *points; /* [n_points], after t = 0, ascending */
    double *noise;  /* [n_noise], in % of [S]0, ascending */
    double *values; /* [n_points][n_noise]; NaN where the table has no such cell */
} figure_grid;

/* Reads the column of that name from the table ("-": standard input). Messages are "file:line: what is wrong; what was
 * expected". On success, and only then, the caller frees what *grid holds with mech_grid_free(). */
mech_status mech_grid_read(const char *path, const char *column, figure_grid *grid, mech_error *error);
void mech_grid_free(figure_grid *grid);

#endif
