/* Reading the table that `evaluate --grid --csv` writes. */
#ifndef MECH_DRAW_JUDGEMENTS_GRID_READER_H
#define MECH_DRAW_JUDGEMENTS_GRID_READER_H

#include "judge/grid/grid.h"

/* Reads the column of that name from the table ("-": standard input). Messages are "file:line: what is wrong; what was
 * expected". On success, and only then, the caller frees what *grid holds with mech_figure_grid_free(). */
mech_status mech_figure_grid_read(const char *path, const char *column, figure_grid *grid, mech_error *error);
void mech_figure_grid_free(figure_grid *grid);

#endif
