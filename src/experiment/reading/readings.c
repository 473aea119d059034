#include "experiment/reading/readings.h"

#include "base/files/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct collector {
    const table *t;
    const column_layout *layout;
    const char *source;
    readings *collected;
} collector;

/* How many blocks a row reaches into: rows may end early. */
static size_t blocks_of_row(const table *t, const column_layout *layout, size_t row) {
    size_t n = 0;
    while (n < layout->n_blocks && layout->blocks[n].first_column < t->rows[row].n_cells) n++;
    return n;
}

/* The decimal separator: point or comma, whichever more cells of the columns of numbers are written with. */
static char find_decimal(const table *t, const column_layout *layout) {
    size_t with_point = 0, with_comma = 0;
    for (size_t row = 1; row < t->n_rows; row++)
        for (size_t b = 0, n = blocks_of_row(t, layout, row); b < n; b++)
            for (int role = 0; role < N_COLUMN_ROLES; role++) {
                int column = layout->blocks[b].column[role];
                if (column < 0 || (size_t)column >= t->rows[row].n_cells || role == COLUMN_RUN) continue;
                const char *cell = mech_table_cell(t, row, (size_t)column);
                double number;
                if (strchr(cell, ',') && mech_parse_number(cell, strlen(cell), ',', &number)) with_comma++;
                if (strchr(cell, '.') && mech_parse_number(cell, strlen(cell), '.', &number)) with_point++;
            }
    return with_comma > with_point ? ',' : '.';
}

/* Spreadsheets, R and pandas write a missing number so. */
static bool is_missing(const char *cell) {
    return !*cell || strcasecmp(cell, "na") == 0 || strcasecmp(cell, "n/a") == 0 || strcasecmp(cell, "nan") == 0;
}

/* Reads the cell in the column of that role; NaN where it is blank or there is no such column. */
static mech_status read_cell(const collector *c, size_t row, const column_block *block, column_role role,
                             double *number, mech_error *error) {
    *number = NAN;
    if (block->column[role] < 0) return MECH_OK;
    size_t column = (size_t)block->column[role];
    const char *cell = mech_table_cell(c->t, row, column);
    if (is_missing(cell) || mech_parse_number(cell, strlen(cell), c->collected->decimal, number)) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: %s: '%.40s' is not a number%s; expected one like 0%c25",
                     c->source, c->t->rows[row].line, mech_label_column(c->t, column).text, cell,
                     strpbrk(cell, ".,") ? " in the way the others are written" : "", c->collected->decimal);
}

/* The run of that name, new or known. */
static mech_status find_run(const collector *c, size_t line, const char *name, const column_block *block, size_t *run,
                            mech_error *error) {
    readings *r = c->collected;
    if (name)
        for (size_t i = r->n_runs; i-- > 0;)
            if (strcmp(r->runs[i].name, name) == 0) {
                *run = i;
                return MECH_OK;
            }
    if (r->n_runs >= MAX_RUNS)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s:%zu: more than %d runs; expected fewer: is this the run column?", c->source, line,
                         (int)MAX_RUNS);
    if (r->n_runs == r->run_room) {
        size_t room = r->run_room ? 2 * r->run_room : 8;
        run_header *grown = realloc(r->runs, room * sizeof *grown);
        if (!grown) return mech_fail_memory(error);
        r->runs = grown;
        r->run_room = room;
    }
    *run = r->n_runs;
    r->runs[r->n_runs++] = (run_header){
        .name = name, .block = block, .first_line = line, .last_time = NAN, .catalyst = NAN, .s0 = NAN, .p0 = NAN};
    return MECH_OK;
}

static mech_status append_reading(readings *r, reading point, mech_error *error) {
    if (r->n == r->room) {
        size_t room = r->room ? 2 * r->room : 256;
        reading *grown = realloc(r->readings, room * sizeof *grown);
        if (!grown) return mech_fail_memory(error);
        r->readings = grown;
        r->room = room;
    }
    r->readings[r->n++] = point;
    return MECH_OK;
}

/* A value that belongs to the whole run and may stand in any of its rows, but must not change. */
static mech_status settle_constant(const collector *c, size_t row, const run_header *run, column_role role,
                                   double *settled, mech_error *error) {
    double value;
    mech_status status = read_cell(c, row, run->block, role, &value, error);
    if (status != MECH_OK || isnan(value)) return status;
    size_t line = c->t->rows[row].line;
    column_label label = mech_label_column(c->t, (size_t)run->block->column[role]);
    if (value < 0 || (value == 0 && role != COLUMN_P0))
        return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: %s is %g; expected a positive number", c->source, line,
                         label.text, value);
    if (!isnan(*settled) && fabs(value - *settled) > 1e-6 * *settled)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s:%zu: %s changes from %g to %g within a run; expected one value for each run%s", c->source,
                         line, label.text, *settled, value,
                         run->first_time > 0 ? " (scattered points, each from a run of its own, are not read)" : "");
    if (isnan(*settled)) *settled = value;
    return MECH_OK;
}

static bool is_block_blank(const table *t, size_t row, const column_block *block) {
    for (int role = 0; role < N_COLUMN_ROLES; role++)
        if (block->column[role] >= 0 && role != COLUMN_RUN && *mech_table_cell(t, row, (size_t)block->column[role]))
            return false;
    return true;
}

/* Which run the row of a block belongs to. */
static mech_status assign_run(const collector *c, size_t row, const column_block *block, double time, size_t *run,
                              mech_error *error) {
    const readings *r = c->collected;
    size_t line = c->t->rows[row].line;
    if (block->column[COLUMN_RUN] >= 0) {
        const char *name = mech_table_cell(c->t, row, (size_t)block->column[COLUMN_RUN]);
        if (!*name)
            return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: %s is blank; expected the name of the run", c->source,
                             line, mech_label_column(c->t, (size_t)block->column[COLUMN_RUN]).text);
        return find_run(c, line, name, block, run, error);
    }
    for (size_t i = r->n_runs; i-- > 0;) {
        if (r->runs[i].block != block) continue;
        /* In a table without a run column a new run begins where time returns to 0. */
        if (c->layout->n_blocks == 1 && time == 0 && r->runs[i].last_time > 0) break;
        *run = i;
        return MECH_OK;
    }
    return find_run(c, line, NULL, block, run, error);
}

static mech_status collect_row(const collector *c, size_t row, const column_block *block, mech_error *error) {
    size_t line = c->t->rows[row].line, run = 0;
    column_label time_label = mech_label_column(c->t, (size_t)block->column[COLUMN_TIME]);
    reading point = {.line = line};
    mech_status status = read_cell(c, row, block, COLUMN_TIME, &point.time, error);
    if (status == MECH_OK) status = read_cell(c, row, block, COLUMN_SUBSTRATE, &point.substrate, error);
    if (status == MECH_OK) status = read_cell(c, row, block, COLUMN_PRODUCT, &point.product, error);
    if (status != MECH_OK) return status;
    if (isnan(point.time))
        return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: %s is blank; expected a time", c->source, line,
                         time_label.text);
    if (point.time < 0)
        return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: %s: the time %g is negative; expected 0 or later",
                         c->source, line, time_label.text, point.time);
    status = assign_run(c, row, block, point.time, &run, error);
    if (status != MECH_OK) return status;
    run_header *r = &c->collected->runs[run];
    if (r->n_readings && point.time <= r->last_time)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s:%zu: %s: the time %g does not lie after %g in line %zu; expected ascending times%s",
                         c->source, line, time_label.text, point.time, r->last_time, r->last_line,
                         r->name || c->layout->n_blocks > 1
                             ? " in each run"
                             : " (a new run begins at time 0, or name runs in a column 'run')");
    if (!r->n_readings) r->first_time = point.time;
    status = settle_constant(c, row, r, COLUMN_CATALYST, &r->catalyst, error);
    if (status == MECH_OK) status = settle_constant(c, row, r, COLUMN_S0, &r->s0, error);
    if (status == MECH_OK) status = settle_constant(c, row, r, COLUMN_P0, &r->p0, error);
    if (status != MECH_OK) return status;
    r->last_time = point.time;
    r->last_line = line;
    r->n_readings++;
    point.run = run;
    return append_reading(c->collected, point, error);
}

mech_status mech_collect_readings(const table *t, const column_layout *layout, const char *source, readings *collected,
                                  mech_error *error) {
    *collected = (readings){.decimal = find_decimal(t, layout)};
    collector c = {t, layout, source, collected};
    mech_status status = MECH_OK;
    for (size_t row = 1; row < t->n_rows && status == MECH_OK; row++)
        for (size_t b = 0, n = blocks_of_row(t, layout, row); b < n && status == MECH_OK; b++)
            if (!is_block_blank(t, row, &layout->blocks[b])) status = collect_row(&c, row, &layout->blocks[b], error);
    if (status == MECH_OK && !collected->n)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: no rows follow the header; expected measured points",
                           source, t->rows[0].line);
    if (status != MECH_OK) mech_readings_free(collected);
    return status;
}

void mech_readings_free(readings *collected) {
    free(collected->readings);
    free(collected->runs);
    *collected = (readings){0};
}
