#include "experiment/reading/series.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    ROWS_SAMPLED = 2000, /* of a block, to learn how its numbers are written */
    ROWS_AT_A_TIME = 256 /* that all columns are read from while they are at hand */
};

static size_t rows_of(const table_block *b) { return b->end > b->first ? b->end - b->first : 0; }

/* How the numbers of a block are written, from at most so many of its rows. */
static number_marks find_marks(const table_block *b, const table_layout *l) {
    if (b->cells->of_workbook) return (number_marks){.decimal = '.'};
    mark_counts counts = {0};
    const size_t step = 1 + rows_of(b) / ROWS_SAMPLED;
    for (size_t row = b->first; row < b->end; row += step)
        for (size_t v = 0; v < l->n_variables; v++)
            if (b->column[v] != NO_COLUMN) mech_count_marks(mech_sheet_cell(b->cells, row, b->column[v]), &counts);
    /* Where commas part cells, one within quotes and three digits is a mark of thousands. */
    if (b->cells->separator == ',' && counts.commas && !counts.decimal_commas) counts.grouped_commas++;
    return mech_settle_marks(&counts);
}

double *mech_blank_values(const table_numbers *n, size_t n_rows) {
    double *values = mech_arena_allocate(n->memory, n_rows + 1, sizeof *values);
    for (size_t i = 0; values && i < n_rows; i++) values[i] = NAN;
    return values;
}

/* A column without a number is one of texts: values begin with the first of them, in row `row`. */
static bool begin_values(arena *memory, table_series *s, size_t n_rows, size_t row) {
    s->values = mech_arena_allocate(memory, n_rows + 1, sizeof *s->values);
    for (size_t i = 0; s->values && i <= row; i++) s->values[i] = NAN;
    return s->values != NULL;
}

/* How far the reading of one column has come. */
typedef struct column_reader {
    const table_block *b;
    arena *memory;
    size_t v;
    number_marks marks;
    table_series *s;
    const table_series *same; /* of the block before it that has the same column; NULL: none */
    const char *last;         /* the last cell that was no plain number, and what it says */
    cell_value said;
} column_reader;

static void begin_column(column_reader *r, const table_numbers *n, size_t k, size_t v, number_marks marks) {
    const table_block *b = &n->l->blocks[k];
    table_series *s = &n->series[k][v];
    *r = (column_reader){.b = b, .memory = n->memory, .v = v, .marks = marks, .s = s};
    s->unit = b->units[v];
    s->first_text = SIZE_MAX;
    s->decimal = marks.decimal;
    s->below = NAN;
}

/* Takes what a cell says that is no plain number. */
static mech_status read_cell(column_reader *r, const table_layout *l, size_t row, const char *cell, mech_error *error) {
    const table_block *b = r->b;
    table_series *s = r->s;
    /* Names of runs and marks come again from row to row. */
    if (!r->last || strcmp(cell, r->last) != 0) r->said = mech_read_value(cell, r->marks);
    r->last = cell;
    const cell_value *c = &r->said;
    double value = c->number;
    switch (c->kind) {
    case VALUE_NUMBER:
        s->n_numbers++;
        break;
    case VALUE_CLOCK:
    case VALUE_DATE:
        if (!s->n_moments++) s->first_moment = b->first + row;
        /* Under "mm:ss" and "time / min", 12:30 is minutes and seconds. */
        const table_unit *header = &b->units[r->v];
        if (c->kind == VALUE_CLOCK && c->two_parts && header->scale < 3600 &&
            (header->kind == UNIT_CLOCK || header->kind == UNIT_TIME))
            value /= 60;
        break;
    case VALUE_MISSING:
        s->n_missing++;
        return MECH_OK;
    case VALUE_BELOW:
        s->n_below++;
        if (!isnan(c->number) && !(s->below >= c->number)) s->below = c->number;
        return MECH_OK;
    default:
        s->n_texts++;
        if (s->first_text == SIZE_MAX) s->first_text = b->first + row;
        return MECH_OK;
    }
    if (!s->values && !begin_values(r->memory, s, rows_of(b), row)) return mech_fail_memory(error);
    s->values[row] = value;
    if (c->unit.kind == UNIT_NONE) return MECH_OK;
    if (s->unit.kind == UNIT_NONE) s->unit = c->unit; /* the first unit in a cell is the column's */
    if (c->unit.kind != s->unit.kind)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: %s: '%.40s' is in %s, a cell before it in %s; expected one unit",
                         mech_place_of(b->cells, b->first + row, b->column[r->v]).text,
                         mech_label_variable(l, b, r->v).text, cell, c->unit.name, s->unit.name);
    if (mech_same_unit(&c->unit, &s->unit)) return MECH_OK;
    s->values[row] *= c->unit.scale / s->unit.scale;
    if (!s->n_converted++) memcpy(s->other_unit, c->unit.name, sizeof s->other_unit);
    return MECH_OK;
}

static mech_status read_rows(column_reader *r, const table_layout *l, size_t from, size_t to, mech_error *error) {
    const table_block *b = r->b;
    const sheet *cells = b->cells;
    const size_t column = b->column[r->v];
    mech_status status = MECH_OK;
    for (size_t i = from; i < to && status == MECH_OK; i++) {
        const char *cell = mech_sheet_cell(cells, b->first + i, column);
        double number = NAN;
        if (r->s->values) r->s->values[i] = NAN;
        if (!*cell || cells->rows[b->first + i].remark) continue;
        if (!mech_read_number(cell, r->marks.decimal, &number)) {
            status = read_cell(r, l, i, cell, error);
            continue;
        }
        if (!r->s->values && !begin_values(r->memory, r->s, rows_of(b), i)) return mech_fail_memory(error);
        r->s->values[i] = number;
        r->s->n_numbers++;
    }
    return status;
}

/* Blocks that stand side by side. */
static bool are_beside(const table_block *a, const table_block *b) {
    return a->cells == b->cells && a->first == b->first && a->end == b->end;
}

/* A column that several blocks have is read once. One time for all runs is shared; what was measured may be scaled in
 * each. */
static mech_status copy_column(const table_layout *l, const column_reader *r, mech_error *error) {
    const size_t n_rows = rows_of(r->b);
    *r->s = *r->same;
    if (!r->same->values || l->variables[r->v].meaning.role == COLUMN_TIME) return MECH_OK;
    r->s->values = mech_arena_allocate(r->memory, n_rows + 1, sizeof *r->s->values);
    if (!r->s->values) return mech_fail_memory(error);
    memcpy(r->s->values, r->same->values, n_rows * sizeof *r->s->values);
    return MECH_OK;
}

/* Reads the blocks first...end - 1, which stand side by side, a few rows at a time: a row's cells lie together. */
static mech_status read_blocks(table_numbers *n, size_t first, size_t end, mech_error *error) {
    const table_layout *l = n->l;
    column_reader *readers = malloc(((end - first) * l->n_variables + 1) * sizeof *readers);
    if (!readers) return mech_fail_memory(error);
    size_t n_readers = 0;
    number_marks marks = {0};
    for (size_t k = first; k < end; k++) {
        const number_marks before = marks;
        const table_block *b = &l->blocks[k];
        marks = find_marks(b, l);
        for (size_t v = 0; v < l->n_variables; v++) {
            if (b->column[v] == NO_COLUMN) continue;
            column_reader *r = &readers[n_readers++];
            begin_column(r, n, k, v, marks);
            if (k > first && b->column[v] == b[-1].column[v] && mech_same_unit(&b->units[v], &b[-1].units[v]) &&
                marks.decimal == before.decimal && marks.thousands == before.thousands)
                r->same = &n->series[k - 1][v];
        }
    }
    mech_status status = MECH_OK;
    const size_t n_rows = rows_of(&l->blocks[first]);
    for (size_t from = 0; from < n_rows && status == MECH_OK; from += ROWS_AT_A_TIME) {
        const size_t to = from + ROWS_AT_A_TIME < n_rows ? from + ROWS_AT_A_TIME : n_rows;
        for (size_t i = 0; i < n_readers && status == MECH_OK; i++)
            if (!readers[i].same) status = read_rows(&readers[i], l, from, to, error);
    }
    for (size_t i = 0; i < n_readers && status == MECH_OK; i++)
        if (readers[i].same) status = copy_column(l, &readers[i], error);
    free(readers);
    return status;
}

mech_status mech_read_series(const table_layout *l, arena *memory, table_numbers *n, mech_error *error) {
    *n = (table_numbers){
        .l = l, .memory = memory, .time = SIZE_MAX, .run = SIZE_MAX, .species = SIZE_MAX, .value = SIZE_MAX};
    n->series = calloc(l->n_blocks, sizeof *n->series);
    n->run_of = calloc(l->n_blocks, sizeof(uint16_t *));
    if (!n->series || !n->run_of) return mech_fail_memory(error);
    mech_status status = MECH_OK;
    for (size_t first = 0, end; first < l->n_blocks && status == MECH_OK; first = end) {
        for (end = first + 1; end < l->n_blocks && are_beside(&l->blocks[first], &l->blocks[end]);) end++;
        status = read_blocks(n, first, end, error);
    }
    return status;
}

static mech_status add_run(table_numbers *n, size_t b, size_t row, const char *name, size_t *run, mech_error *error) {
    const table_block *at = &n->l->blocks[b];
    if (n->n_runs >= MAX_RUNS)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: more than %d runs; expected fewer: is this the run column?",
                         mech_place_of(at->cells, at->first + row, SIZE_MAX).text, (int)MAX_RUNS);
    if (n->n_runs == n->run_room) {
        size_t room = n->run_room ? 2 * n->run_room : 16;
        found_run *grown = realloc(n->runs, room * sizeof *grown);
        if (!grown) return mech_fail_memory(error);
        n->runs = grown;
        n->run_room = room;
    }
    *run = n->n_runs;
    n->runs[n->n_runs++] = (found_run){.block = b, .file = at->file, .first_row = row, .last_time = NAN};
    snprintf(n->runs[*run].name, MAX_LABEL, "%.63s", name);
    return MECH_OK;
}

/* The run of that name in that file; SIZE_MAX where it is new. */
static size_t named_run(const table_numbers *n, size_t file, const char *name, size_t last) {
    if (last < n->n_runs && n->runs[last].file == file && strncmp(n->runs[last].name, name, MAX_LABEL - 1) == 0)
        return last;
    for (size_t i = n->n_runs; i-- > 0;)
        if (n->runs[i].file == file && strncmp(n->runs[i].name, name, MAX_LABEL - 1) == 0) return i;
    return SIZE_MAX;
}

/* The columns of numbers that make a row of a block one of readings: all but that of its runs, or those whose times the
 * block has; returns how many. */
static size_t list_values(const table_numbers *n, size_t b, const double **values) {
    const uint64_t own = n->l->blocks[b].own ? n->l->blocks[b].own : UINT64_MAX;
    size_t n_values = 0;
    for (size_t v = 0; v < n->l->n_variables; v++)
        if (v != n->run && n->series[b][v].values && own >> v & 1) values[n_values++] = n->series[b][v].values;
    return n_values;
}

static bool has_numbers(const double *const *values, size_t n_values, size_t row) {
    for (size_t i = 0; i < n_values; i++)
        if (!isnan(values[i][row])) return true;
    return false;
}

/* Whether a block's rows are scattered points. */
static bool is_scattered(const table_numbers *n, size_t b, size_t loading) {
    const table_block *at = &n->l->blocks[b];
    const double *time = n->series[b][n->time].values;
    if (n->run != SIZE_MAX || loading == SIZE_MAX || !time || !n->series[b][loading].values || *at->run) return false;
    const double *cat = n->series[b][loading].values;
    size_t changes = 0, drops = 0, rows = 0;
    double last = NAN, last_time = NAN;
    for (size_t i = 0; i < rows_of(at); i++) {
        if (isnan(time[i])) continue;
        if (time[i] == 0) return false;
        rows++;
        changes += !isnan(last) && cat[i] != last;
        drops += time[i] <= last_time;
        last = cat[i];
        last_time = time[i];
    }
    return rows >= 3 && drops > 0 && 2 * changes >= rows - 1;
}

/* Whether rows of several loadings are mixed in a block without names of runs, "time, loading, S" sorted by time: each
 * loading has its row at the first time, and several. */
static bool is_mixed(const table_numbers *n, size_t b, size_t loading) {
    enum { MOST_LOADINGS = 32, FEWEST_ROWS = 3 };
    const table_block *at = &n->l->blocks[b];
    const double *time = n->series[b][n->time].values;
    if (n->run != SIZE_MAX || loading == SIZE_MAX || !time || !n->series[b][loading].values || *at->run) return false;
    const double *cat = n->series[b][loading].values;
    double values[MOST_LOADINGS], first = INFINITY;
    size_t rows[MOST_LOADINGS] = {0}, at_first[MOST_LOADINGS] = {0}, n_values = 0, changes = 0, returns = 0;
    for (size_t i = 0; i < rows_of(at); i++) first = fmin(first, time[i]);
    double last = NAN, last_time = NAN;
    for (size_t i = 0; i < rows_of(at); i++) {
        if (isnan(time[i]) || isnan(cat[i])) continue;
        size_t k = 0;
        while (k < n_values && values[k] != cat[i]) k++;
        if (k == n_values) {
            if (n_values == MOST_LOADINGS) return false;
            values[n_values++] = cat[i];
        }
        rows[k]++;
        at_first[k] += time[i] == first;
        changes += !isnan(last) && cat[i] != last;
        returns += time[i] < last_time;
        last = cat[i];
        last_time = time[i];
    }
    for (size_t k = 0; k < n_values; k++)
        if (rows[k] < FEWEST_ROWS || !at_first[k]) return false;
    /* Blocks of one loading each, one behind the other, are told by the return of time. */
    return n_values >= 2 && changes > n_values - 1 && changes > returns;
}

/* Names the run of a block that has the name of a run in a block before it, and in which time begins anew: it is
 * another run. */
static void name_anew(const table_numbers *n, size_t b, char *name, notes *list) {
    const table_block *at = &n->l->blocks[b];
    const double *time = n->series[b][n->time].values;
    snprintf(name, MAX_LABEL, "%s", at->run);
    const size_t known = *name ? named_run(n, at->file, name, SIZE_MAX) : SIZE_MAX;
    size_t i = 0;
    while (time && i < rows_of(at) && isnan(time[i])) i++;
    if (known == SIZE_MAX || !time || i == rows_of(at) || !(time[i] < n->runs[known].last_time)) return;
    /* What was measured of one run may stand in two tables. */
    const table_block *before = &n->l->blocks[n->runs[known].block];
    bool shares = false;
    for (size_t v = 0; v < n->l->n_variables; v++)
        shares |= v != n->time && at->column[v] != NO_COLUMN && before->column[v] != NO_COLUMN &&
                  n->series[b][v].values && n->series[n->runs[known].block][v].values;
    if (!shares) return;
    for (size_t k = n->n_runs + 1; named_run(n, at->file, name, SIZE_MAX) != SIZE_MAX; k++)
        snprintf(name, MAX_LABEL, "%.40s (%zu)", at->run, k);
    mech_note(list, "the run '%.40s' comes again, with time from its start: it was taken for another, '%.50s'", at->run,
              name);
}

/* Gives the rows from `row` on to a run as long as they hold numbers and its times go on; returns the row behind them.
 */
static size_t go_on(const table_block *at, const double *time, const double *const *values, size_t n_values, size_t row,
                    size_t run, found_run *r, uint16_t *run_of) {
    const sheet_row *rows = at->cells->rows + at->first;
    const size_t n_rows = rows_of(at);
    double last = r->last_time;
    size_t i = row;
    for (; i < n_rows && !rows[i].remark && time[i] >= last && has_numbers(values, n_values, i); i++) {
        run_of[i] = (uint16_t)run;
        last = time[i];
    }
    r->last_time = last;
    r->n_rows += i - row;
    return i;
}

static mech_status assign_rows(table_numbers *n, size_t b, size_t loading, notes *list, mech_error *error) {
    const table_layout *l = n->l;
    const table_block *at = &l->blocks[b];
    const size_t n_rows = rows_of(at);
    const double *time = n->series[b][n->time].values;
    uint16_t *run_of = malloc((n_rows + 1) * sizeof *run_of);
    if (!run_of) return mech_fail_memory(error);
    n->run_of[b] = run_of;
    size_t run = SIZE_MAX, n_carried = 0;
    char own_name[MAX_LABEL];
    const double *values[MOST_VARIABLES];
    const size_t n_values = list_values(n, b, values);
    const bool by_column = n->run != SIZE_MAX && at->column[n->run] != NO_COLUMN;
    name_anew(n, b, own_name, list);
    const bool one_run = *own_name && time && !by_column && !n->by_loading && !n->scattered;
    for (size_t i = 0; i < n_rows; i++) {
        if (one_run && run != SIZE_MAX) {
            i = go_on(at, time, values, n_values, i, run, &n->runs[run], run_of);
            if (i == n_rows) break;
        }
        run_of[i] = UINT16_MAX;
        const char *name = own_name;
        if (by_column) name = mech_sheet_cell(at->cells, at->first + i, at->column[n->run]);
        if (n->by_loading) name = mech_sheet_cell(at->cells, at->first + i, at->column[loading]);
        if (at->cells->rows[at->first + i].remark || !has_numbers(values, n_values, i)) continue;
        mech_status status = MECH_OK;
        const double t = time ? time[i] : NAN;
        if (n->scattered) { /* NOLINT(bugprone-branch-clone): each reading, and a time that returns, begin a run */
            status = add_run(n, b, i, "", &run, error);
        } else if (by_column && !*name) {
            if (run == SIZE_MAX)
                return mech_fail(error, MECH_INVALID_INPUT, "%s: %s is blank; expected the name of the run",
                                 mech_place_of(at->cells, at->first + i, at->column[n->run]).text,
                                 mech_label_variable(l, at, n->run).text);
            n_carried++;
        } else if (*name) {
            /* A block's own name is looked up once. */
            const size_t known = name == own_name && run != SIZE_MAX ? run : named_run(n, at->file, name, run);
            if (known == SIZE_MAX)
                status = add_run(n, b, i, name, &run, error);
            else
                run = known;
        } else if (run == SIZE_MAX || (t == 0 && n->runs[run].last_time > 0)) {
            /* A run without a name goes on until time returns to 0. */
            status = add_run(n, b, i, "", &run, error);
        }
        if (status != MECH_OK) return status;
        found_run *r = &n->runs[run];
        if (isnan(t)) {
            if (!time || *mech_sheet_cell(at->cells, at->first + i, at->column[n->time]) == '\0')
                return mech_fail(error, MECH_INVALID_INPUT, "%s: %s is blank; expected a time",
                                 mech_place_of(at->cells, at->first + i, at->column[n->time]).text,
                                 mech_label_variable(l, at, n->time).text);
            return mech_fail(error, MECH_INVALID_INPUT, "%s: %s: '%.40s' is not a time",
                             mech_place_of(at->cells, at->first + i, at->column[n->time]).text,
                             mech_label_variable(l, at, n->time).text,
                             mech_sheet_cell(at->cells, at->first + i, at->column[n->time]));
        }
        if (r->last_time > t) {
            if (!*r->name && l->n_blocks == 1)
                return mech_fail(error, MECH_INVALID_INPUT,
                                 "%s: %s: the time %g lies before %g in the row above; expected ascending times (a new "
                                 "run begins at time 0, or name runs in a column 'run')",
                                 mech_place_of(at->cells, at->first + i, at->column[n->time]).text,
                                 mech_label_variable(l, at, n->time).text, t, r->last_time);
            r->unsorted = true;
        }
        r->last_time = t;
        r->n_rows++;
        run_of[i] = (uint16_t)run;
    }
    if (n_carried)
        mech_note(list, "%zu row%s without the name of a run %s counted to the run above", n_carried,
                  n_carried == 1 ? "" : "s", n_carried == 1 ? "was" : "were");
    return MECH_OK;
}

mech_status mech_find_runs(table_numbers *n, size_t loading, notes *list, mech_error *error) {
    mech_status status = MECH_OK;
    n->scattered = n->l->n_blocks == 1 && is_scattered(n, 0, loading);
    n->by_loading = n->l->n_blocks == 1 && !n->scattered && is_mixed(n, 0, loading);
    if (n->by_loading) mech_note(list, "rows of several loadings are mixed: each loading is a run");
    for (size_t b = 0; b < n->l->n_blocks && status == MECH_OK; b++) status = assign_rows(n, b, loading, list, error);
    if (status == MECH_OK && !n->n_runs)
        status =
            mech_fail(error, MECH_INVALID_INPUT, "%s: no rows follow the header; expected measured points",
                      mech_place_of(n->l->blocks[0].cells,
                                    n->l->blocks[0].header_row == SIZE_MAX ? 0 : n->l->blocks[0].header_row, SIZE_MAX)
                          .text);
    return status;
}

const run_conditions *mech_conditions_of(const table_numbers *n, const char *run) {
    for (size_t i = 0; *run && i < n->n_conditions; i++)
        if (strcasecmp(n->conditions[i].run, run) == 0) return &n->conditions[i];
    return NULL;
}

static void follow(course *c, double value) {
    if (!c->n) c->first = c->least = c->most = value;
    c->last = value;
    if (value < c->least) c->least = value;
    if (value > c->most) c->most = value;
    c->n++;
}

/* Half of what "<0.015" names, 0 of "<LOD"; NaN where a cell is neither. */
static double censored_value(const table_block *b, size_t v, size_t row) {
    const cell_value c =
        mech_read_value(mech_sheet_cell(b->cells, b->first + row, b->column[v]), (number_marks){.decimal = '.'});
    return c.kind != VALUE_BELOW ? NAN : isnan(c.number) ? 0 : 0.5 * c.number;
}

mech_status mech_follow_courses(table_numbers *n, mech_error *error) {
    const table_layout *l = n->l;
    free(n->courses);
    n->courses = calloc(n->n_runs * l->n_variables + 1, sizeof *n->courses);
    if (!n->courses) return mech_fail_memory(error);
    for (size_t b = 0; b < l->n_blocks; b++)
        for (size_t v = 0; v < l->n_variables; v++) {
            const double *values = n->series[b][v].values;
            const bool censored = n->series[b][v].n_below > 0;
            const uint16_t *run_of = n->run_of[b];
            const size_t n_rows = rows_of(&l->blocks[b]);
            for (size_t i = 0; values && i < n_rows;) {
                const uint16_t run = run_of[i];
                if (run == UINT16_MAX) {
                    i++;
                    continue;
                }
                course *c = &n->courses[run * l->n_variables + v], so_far = *c;
                for (; i < n_rows && run_of[i] == run; i++) {
                    /* A reading below what can be measured says where a course goes: to nothing. */
                    const double value = isnan(values[i]) && censored ? censored_value(&l->blocks[b], v, i) : values[i];
                    if (!isnan(value)) follow(&so_far, value);
                }
                *c = so_far;
            }
        }
    return MECH_OK;
}

void mech_numbers_free(table_numbers *n) {
    for (size_t b = 0; n->l && n->run_of && b < n->l->n_blocks; b++) free(n->run_of[b]);
    free(n->series);
    free(n->run_of);
    free(n->runs);
    free(n->courses);
    free(n->conditions);
    *n = (table_numbers){0};
}
