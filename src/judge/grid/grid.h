/* Figures of a model at each number of points with each noise (mech_grid of the public header). */
#ifndef MECH_JUDGE_GRID_GRID_H
#define MECH_JUDGE_GRID_GRID_H

#include "base/error.h"

enum { N_METRICS_FIGURES = 16 };

/* One figure of a grid. */
typedef struct figure_grid {
    size_t n_points, n_noise;
    double *points; /* [n_points], after t = 0, ascending */
    double *noise;  /* [n_noise], in % of [S]0, ascending */
    double *values; /* [n_points][n_noise]; NaN where the grid has no such place */
} figure_grid;

struct mech_grid {
    size_t n_points, n_noise;
    double *points, *noise;            /* as above */
    double *values[N_METRICS_FIGURES]; /* [n_points][n_noise] */
};

#endif
