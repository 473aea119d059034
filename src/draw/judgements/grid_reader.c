#include "draw/judgements/grid_reader.h"

#include "base/files/file.h"
#include "base/files/text.h"
#include "base/memory.h"
#include "experiment/cells/sheet.h"

#include <math.h>
#include <string.h>

enum { MOST_ROWS = 4096 };

/* Where a number stands among n ascending ones; it is put in where it is new. */
static size_t place_of(double number, double *sorted, size_t *n) {
    size_t place = 0;
    while (place < *n && sorted[place] < number) place++;
    if (place < *n && sorted[place] == number) return place;
    memmove(sorted + place + 1, sorted + place, (*n - place) * sizeof *sorted);
    sorted[place] = number;
    ++*n;
    return place;
}

static mech_status read_rows(const sheet *t, const char *column, const char *source, figure_grid *grid,
                             mech_error *error) {
    const char *const names[3] = {"points", "noise", column};
    size_t columns[3];
    double cell[3];
    mech_status status = MECH_OK;
    for (int i = 0; i < 3 && status == MECH_OK; i++)
        status = mech_sheet_find_column(t, names[i], source, "a table that 'evaluate --csv' wrote", &columns[i], error);
    if (status != MECH_OK) return status;
    if (t->n_rows < 2 || t->n_rows > MOST_ROWS)
        return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: %zu rows follow the headers; expected 1 to %d", source,
                         (size_t)t->rows[0].line, t->n_rows - 1, MOST_ROWS - 1);
    grid->points = mech_allocate_array(t->n_rows, sizeof *grid->points);
    grid->noise = mech_allocate_array(t->n_rows, sizeof *grid->noise);
    if (!grid->points || !grid->noise) return mech_fail_memory(error);
    /* Once for the axes, once for what stands between them. */
    for (int pass = 0; pass < 2; pass++) {
        for (size_t row = 1; row < t->n_rows; row++) {
            for (int i = 0; i < 3 && status == MECH_OK; i++)
                status = mech_sheet_number(t, row, columns[i], false, source, &cell[i], error);
            if (status != MECH_OK) return status;
            const size_t i = place_of(cell[0], grid->points, &grid->n_points);
            const size_t j = place_of(cell[1], grid->noise, &grid->n_noise);
            if (pass) grid->values[i * grid->n_noise + j] = cell[2];
        }
        if (pass) break;
        grid->values = mech_allocate_array(grid->n_points, grid->n_noise * sizeof *grid->values);
        if (!grid->values) return mech_fail_memory(error);
        for (size_t i = 0; i < grid->n_points * grid->n_noise; i++) grid->values[i] = NAN;
    }
    return MECH_OK;
}

mech_status mech_figure_grid_read(const char *path, const char *column, figure_grid *grid, mech_error *error) {
    const char *source = strcmp(path, "-") == 0 ? "standard input" : path;
    char *content = NULL;
    size_t length = 0;
    sheet t = {0};
    *grid = (figure_grid){0};
    mech_status status = mech_file_read(path, MAX_TABLE_BYTES, &content, &length, error);
    if (status != MECH_OK) return status;
    status = mech_sheet_parse(content, length, source, &t, error);
    if (status == MECH_OK) {
        status = read_rows(&t, column, source, grid, error);
        mech_sheet_free(&t);
    }
    mech_free(content);
    if (status != MECH_OK) mech_figure_grid_free(grid);
    return status;
}

void mech_figure_grid_free(figure_grid *grid) {
    mech_release_array(grid->points);
    mech_release_array(grid->noise);
    mech_release_array(grid->values);
    *grid = (figure_grid){0};
}

mech_status mech_grid_read(const char *path, const char *figure, mech_grid **grid, mech_error *error) {
    *grid = NULL;
    const int number = mech_metrics_figure_find(figure);
    if (number < 0) return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no figure '%.32s' of a grid", figure);
    figure_grid read;
    mech_status status = mech_figure_grid_read(path, figure, &read, error);
    if (status != MECH_OK) return status;
    status = mech_grid_new(read.n_points, read.points, read.n_noise, read.noise, grid, error);
    if (status == MECH_OK)
        memcpy((*grid)->values[number], read.values, read.n_points * read.n_noise * sizeof *read.values);
    mech_figure_grid_free(&read);
    return status;
}
