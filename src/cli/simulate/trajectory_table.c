/* Reading the table of trajectories: comma-separated, columns found by their names. */
#include "cli/simulate/trajectories.h"

#include "base/files/file.h"
#include "base/files/text.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_COLUMNS = 128 };
static const size_t MOST_BYTES = (size_t)1 << 30;

typedef enum column_kind {
    COLUMN_ID,
    COLUMN_MECHANISM,
    COLUMN_S0,
    COLUMN_P0,
    COLUMN_CAT0,
    COLUMN_T_END,
    COLUMN_POINTS,
    N_NAMED_COLUMNS
} column_kind;

static const char *const column_names[N_NAMED_COLUMNS] = {"id", "mechanism", "s0", "p0", "cat0", "t_end", "points"};

typedef struct layout {
    int named[N_NAMED_COLUMNS], theta[MOST_THETA]; /* where the columns stand; -1: absent */
} layout;

typedef struct reader {
    const char *path;
    const mech_mechanism *user;
    mech_error *error;
    size_t line;
    char *at; /* the beginning of the next line */
    char *fields[MOST_COLUMNS], *names[MOST_COLUMNS];
    size_t n_fields, n_names; /* names are known once the header was read */
} reader;

/* Reports "file:line: column 'name': WHAT 'VALUE'; expected ..."; column -1 is none, value NULL is none. */
static mech_status wrong(const reader *r, int column, const char *what, const char *value, const char *expected) {
    char where[80] = "";
    if (column >= 0 && (size_t)column < r->n_names)
        snprintf(where, sizeof where, "column '%.40s': ", r->names[column]);
    else if (column >= 0)
        snprintf(where, sizeof where, "column %d: ", column + 1);
    return mech_fail(r->error, MECH_INVALID_INPUT, "%s:%zu: %s%s%s%.60s%s; expected %s", r->path, r->line, where, what,
                     value ? " '" : "", value ? value : "", value ? "'" : "", expected);
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* Cuts a field at `from` in place, with its quotes (RFC 4180) taken off; returns where it ended, NULL for a quote that
 * is not closed. */
static char *cut_field(char *from, char **field) {
    while (is_blank(*from)) from++;
    char *end = from;
    if (*from == '"') {
        char *to = *field = ++from;
        for (; *from && (*from != '"' || from[1] == '"'); from++) {
            if (*from == '"') from++;
            *to++ = *from;
        }
        if (!*from++) return NULL;
        while (is_blank(*from)) from++;
        *to = '\0';
        return from;
    }
    *field = from;
    end = from + strcspn(from, ",");
    return end;
}

/* Splits the next line that is not empty; *more is false at the end. */
static mech_status next_line(reader *r, bool *more) {
    *more = false;
    for (;;) {
        if (!*r->at) return MECH_OK;
        char *line = r->at, *end = line + strcspn(line, "\n");
        r->at = *end ? end + 1 : end;
        *end = '\0';
        r->line++;
        if (!line[strspn(line, " \t\r")]) continue;
        r->n_fields = 0;
        for (char *from = line;;) {
            if (r->n_fields == MOST_COLUMNS) return wrong(r, -1, "too many columns", NULL, "at most 128");
            char *field = NULL, *stop = cut_field(from, &field);
            if (!stop || (*stop && *stop != ','))
                return wrong(r, (int)r->n_fields, "a quote is not closed or text follows it", NULL, "a field");
            const bool last = !*stop;
            *stop = '\0';
            for (char *tail = field + strlen(field); tail > field && is_blank(tail[-1]); tail--) tail[-1] = '\0';
            r->fields[r->n_fields++] = field;
            if (last) break;
            from = stop + 1;
        }
        *more = true;
        return MECH_OK;
    }
}

/* Where a column's place is kept, or NULL for a name that means nothing. */
static int *place_of(layout *columns, const char *name) {
    for (int c = 0; c < N_NAMED_COLUMNS; c++)
        if (strcasecmp(name, column_names[c]) == 0) return &columns->named[c];
    uint64_t number = 0;
    if (strncasecmp(name, "theta", 5) == 0 && mech_parse_whole(name + 5, strlen(name + 5), &number) && number >= 1 &&
        number <= MOST_THETA)
        return &columns->theta[number - 1];
    return NULL;
}

static mech_status mech_read_header(reader *r, layout *columns) {
    bool more = false;
    for (int c = 0; c < N_NAMED_COLUMNS; c++) columns->named[c] = -1;
    for (int c = 0; c < MOST_THETA; c++) columns->theta[c] = -1;
    mech_status status = next_line(r, &more);
    if (status != MECH_OK) return status;
    if (!more) return mech_fail(r->error, MECH_INVALID_INPUT, "%s: the table is empty; expected a header", r->path);
    for (size_t i = 0; i < r->n_fields; i++) {
        int *place = place_of(columns, r->fields[i]);
        if (!place)
            return wrong(r, -1, "there is no column", r->fields[i],
                         "id, mechanism, theta1, theta2, ..., s0, p0, cat0, t_end, points");
        if (*place >= 0) return wrong(r, -1, "a second column", r->fields[i], "each once");
        *place = (int)i;
    }
    memcpy(r->names, r->fields, sizeof r->names);
    r->n_names = r->n_fields;
    for (int c = 0; c < N_NAMED_COLUMNS; c++)
        if (columns->named[c] < 0) return wrong(r, -1, "the header lacks a column", column_names[c], "it");
    return MECH_OK;
}

/* Reads a number of which `positive` says whether 0 is excluded. */
static mech_status read_amount(const reader *r, int column, bool positive, double *number) {
    const char *field = r->fields[column];
    if (!mech_parse_number(field, strlen(field), '.', number) || *number < 0 || (positive && *number == 0))
        return wrong(r, column, "not a value:", field, positive ? "a number above 0" : "a number from 0 on");
    return MECH_OK;
}

static mech_status read_theta(const reader *r, const layout *columns, trajectory *row) {
    const size_t n = mech_mechanism_n_rate_constants(row->mechanism);
    for (size_t i = 0; i < MOST_THETA; i++) {
        const int column = columns->theta[i];
        const bool empty = column < 0 || !r->fields[column][0];
        char what[64];
        snprintf(what, sizeof what, "%zu rate constant%s", n, n == 1 ? "" : "s");
        if (i >= n && !empty)
            return wrong(r, column, "a rate constant more than the mechanism has:", r->fields[column], what);
        if (i >= n) continue;
        if (empty)
            return wrong(r, column, "rate constant is missing:", mech_mechanism_rate_constant(row->mechanism, i), what);
        mech_status status = read_amount(r, column, false, &row->k[i]);
        if (status != MECH_OK) return status;
    }
    return MECH_OK;
}

static bool is_utf8(const char *string) {
    for (size_t n; *string; string += n)
        if (!(n = mech_utf8_character(string, strlen(string)))) return false;
    return true;
}

static mech_status read_row(const reader *r, const layout *columns, trajectory *row) {
    if (r->n_fields != r->n_names) {
        char what[64], expected[64];
        snprintf(what, sizeof what, "the line has %zu fields", r->n_fields);
        snprintf(expected, sizeof expected, "%zu as in the header", r->n_names);
        return wrong(r, -1, what, NULL, expected);
    }
    const int mechanism = columns->named[COLUMN_MECHANISM], points = columns->named[COLUMN_POINTS];
    const char *id = r->fields[mechanism];
    row->id = r->fields[columns->named[COLUMN_ID]];
    row->line = r->line;
    if (!row->id[0]) return wrong(r, columns->named[COLUMN_ID], "the id is empty", NULL, "one");
    if (!is_utf8(row->id)) return wrong(r, columns->named[COLUMN_ID], "the id is not UTF-8", NULL, "text");
    row->mechanism = r->user && strcasecmp(id, mech_mechanism_id(r->user)) == 0 ? r->user : mech_builtin_find(id);
    if (!row->mechanism) return wrong(r, mechanism, "there is no mechanism", id, "M1 to M20");
    mech_status status = read_theta(r, columns, row);
    if (status == MECH_OK) status = read_amount(r, columns->named[COLUMN_S0], false, &row->s0);
    if (status == MECH_OK) status = read_amount(r, columns->named[COLUMN_P0], false, &row->p0);
    if (status == MECH_OK) status = read_amount(r, columns->named[COLUMN_CAT0], false, &row->cat0);
    if (status == MECH_OK) status = read_amount(r, columns->named[COLUMN_T_END], true, &row->t_end);
    if (status != MECH_OK) return status;
    uint64_t n = 0;
    if (!mech_parse_whole(r->fields[points], strlen(r->fields[points]), &n) || n < 2 || n > MOST_POINTS)
        return wrong(r, points, "not a number of points:", r->fields[points], "a whole number from 2 to 1000000");
    row->points = (size_t)n;
    return MECH_OK;
}

mech_status trajectory_table_read(const char *path, const mech_mechanism *user, trajectory_table *table,
                                  mech_error *error) {
    size_t length = 0, capacity = 0;
    bool more = false;
    layout columns;
    *table = (trajectory_table){0};
    mech_status status = mech_file_read(path, MOST_BYTES, &table->content, &length, error);
    if (status != MECH_OK) return status;
    table->name = strcmp(path, "-") == 0 ? "standard input" : path;
    reader r = {.path = table->name, .user = user, .error = error};
    if (memchr(table->content, '\0', length))
        return mech_fail(error, MECH_INVALID_INPUT, "%s: holds a NUL byte; expected a table as text", r.path);
    r.at = table->content + (strncmp(table->content, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0);
    status = mech_read_header(&r, &columns);
    while (status == MECH_OK && (status = next_line(&r, &more)) == MECH_OK && more) {
        if (table->n == capacity) {
            capacity = capacity ? 2 * capacity : 256;
            trajectory *rows = realloc(table->rows, capacity * sizeof *rows);
            if (!rows) return mech_fail_memory(error);
            table->rows = rows;
        }
        table->rows[table->n] = (trajectory){0};
        status = read_row(&r, &columns, &table->rows[table->n]);
        table->n_points += table->rows[table->n].points;
        if (status == MECH_OK && table->n_points > MOST_TABLE_POINTS)
            status = wrong(&r, columns.named[COLUMN_POINTS], "too many points in all rows so far", NULL,
                           "at most 200000000");
        table->n += status == MECH_OK;
    }
    return status;
}

void trajectory_table_free(trajectory_table *table) {
    mech_free(table->content);
    free(table->rows);
    *table = (trajectory_table){0};
}
