/* One run of a fit: its readings with curves, what is left of the readings, its active catalyst; one below the other.
 */
#ifndef MECH_DRAW_FITS_RUN_CELL_H
#define MECH_DRAW_FITS_RUN_CELL_H

#include "draw/axes/axes.h"

enum { MOST_CURVES = 3 };

/* What all cells of a page share. */
typedef struct fit_cells {
    const mech_fits *fits;
    size_t n_curves;      /* mechanisms whose curves are drawn, the first ones */
    range concentrations; /* of all runs */
    double most_left;     /* of a reading, in % of [S]0, either way */
    double standard;      /* [S]0 */
    double width, height; /* of the panel with the readings */
} fit_cells;

/* What is below the panel with the readings is so high; above it stands the name of the run. */
static const double CELL_HEAD = 30, CELL_BELOW = 132;

/* Colours and lines of the page, for its legend, too. */
static const colour SUBSTRATE_INK = {0, 0.447, 0.698}, PRODUCT_INK = {0.835, 0.369, 0}, ACTIVE_INK = {0, 0.620, 0.451};
double mech_curve_dash(size_t rank);

/* Finds out what all runs have in common: `concentrations`, `most_left` and `standard`. */
mech_status mech_measure_cells(fit_cells *cells, mech_error *error);

/* `corner`: the upper left one of the frame with the head. Titles of axes stand in the first column and the last row.
 */
mech_status mech_draw_run_cell(canvas *c, const fit_cells *cells, size_t run, point corner, bool first_column,
                               bool last_row, mech_error *error);

#endif
