#include "experiment/reading/table.h"

#include "experiment/reading/encoding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A place in the text while it is cut into cells in place: cells never grow, so writing never overtakes reading. */
typedef struct cutter {
    const char *source;
    char *at, *end;
    size_t line;
    size_t cell_room, row_room;
} cutter;

static bool is_line_end(char c) { return c == '\n' || c == '\r'; }

static void pass_line_end(cutter *c) {
    if (c->at >= c->end) return;
    if (*c->at == '\r' && c->at + 1 < c->end && c->at[1] == '\n') c->at++;
    c->at++;
    c->line++;
}

/* Passes lines that are blank or comments. */
static void pass_idle_lines(cutter *c) {
    for (;;) {
        char *from = c->at;
        while (from < c->end && (*from == ' ' || *from == '\t')) from++;
        bool comment = from < c->end && (*from == '#' || *from == '%');
        if (!comment && !(from < c->end && is_line_end(*from))) return;
        while (from < c->end && !is_line_end(*from)) from++;
        c->at = from;
        if (from >= c->end) return;
        pass_line_end(c);
    }
}

/* The separator of the line at which the cutter stands: the first of tab, semicolon and comma that it holds outside
 * quotes. A decimal comma or a comma in a header so never hides a semicolon. */
static char find_separator(const cutter *c) {
    bool quoted = false, semicolon = false;
    for (const char *p = c->at; p < c->end && (quoted || !is_line_end(*p)); p++) {
        if (*p == '"') quoted = !quoted;
        if (quoted) continue;
        if (*p == '\t') return '\t';
        if (*p == ';') semicolon = true;
    }
    return semicolon ? ';' : ',';
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* Trims spaces, also those that do not break (U+00A0, which spreadsheets leave behind). */
static char *trimmed(char *cell, char *end) {
    for (;;) {
        if (cell < end && is_blank(*cell))
            cell++;
        else if (end - cell >= 2 && memcmp(cell, "\xC2\xA0", 2) == 0)
            cell += 2;
        else
            break;
    }
    for (;;) {
        if (cell < end && is_blank(end[-1]))
            end--;
        else if (end - cell >= 2 && memcmp(end - 2, "\xC2\xA0", 2) == 0)
            end -= 2;
        else
            break;
    }
    *end = '\0';
    return cell;
}

/* Cuts a quoted cell; the cutter stands at its opening quote and is left behind its closing one. */
static mech_status cut_quoted(cutter *c, char **cell, char **cell_end, mech_error *error) {
    size_t opened = c->line;
    char *to = c->at, *from = c->at + 1;
    *cell = to;
    for (;; from++) {
        if (from >= c->end)
            return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: a quote is not closed; expected another \"", c->source,
                             opened);
        if (*from == '"') {
            if (from + 1 < c->end && from[1] == '"')
                from++;
            else
                break;
        } else if (*from == '\n' || (*from == '\r' && !(from + 1 < c->end && from[1] == '\n'))) {
            c->line++;
        }
        *to++ = *from;
    }
    *cell_end = to;
    c->at = from + 1;
    return MECH_OK;
}

/* Cuts one cell. The cutter is left at the separator, the line's end or the text's. */
static mech_status cut_cell(cutter *c, char separator, char **cell, char **cell_end, mech_error *error) {
    while (c->at < c->end && is_blank(*c->at) && *c->at != separator) c->at++;
    *cell = *cell_end = c->at;
    if (c->at < c->end && *c->at == '"') {
        mech_status status = cut_quoted(c, cell, cell_end, error);
        if (status != MECH_OK) return status;
        while (c->at < c->end && is_blank(*c->at) && *c->at != separator) c->at++;
        if (c->at < c->end && *c->at != separator && !is_line_end(*c->at))
            return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: text follows a closing quote; expected a separator",
                             c->source, c->line);
        return MECH_OK;
    }
    while (c->at < c->end && *c->at != separator && !is_line_end(*c->at)) c->at++;
    *cell_end = c->at;
    return MECH_OK;
}

/* Room for one more element, doubling; the old array stays where there is no memory. */
static bool reserve(void **array, size_t n, size_t *room, size_t size) {
    if (n < *room) return true;
    size_t more = *room ? 2 * *room : 256;
    void *grown = realloc(*array, more * size);
    if (!grown) return false;
    *array = grown;
    *room = more;
    return true;
}

static mech_status add_cell(cutter *c, table *t, char *cell, mech_error *error) {
    if (t->n_cells >= MAX_TABLE_CELLS)
        return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: more than %d cells; expected a smaller table", c->source,
                         c->line, (int)MAX_TABLE_CELLS);
    void *cells = t->cells;
    bool room = reserve(&cells, t->n_cells, &c->cell_room, sizeof *t->cells);
    t->cells = cells;
    if (!room) return mech_fail_memory(error);
    t->cells[t->n_cells++] = cell;
    return MECH_OK;
}

/* Cuts one line into a row; a row without any text is dropped. */
static mech_status cut_row(cutter *c, table *t, mech_error *error) {
    void *rows = t->rows;
    bool room = reserve(&rows, t->n_rows, &c->row_room, sizeof *t->rows);
    t->rows = rows;
    if (!room) return mech_fail_memory(error);
    table_row row = {.line = c->line, .first_cell = t->n_cells};
    size_t used = 0; /* cells up to the last one with text */
    for (bool more = true; more;) {
        char *cell, *end;
        mech_status status = cut_cell(c, t->separator, &cell, &end, error);
        if (status != MECH_OK) return status;
        /* Look at what ends the cell before trimming puts a NUL there. */
        more = c->at < c->end && *c->at == t->separator;
        bool line_over = c->at < c->end && is_line_end(*c->at);
        if (line_over) pass_line_end(c);
        if (more) c->at++;
        cell = trimmed(cell, end);
        if (row.n_cells >= MAX_TABLE_COLUMNS)
            return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: more than %d cells in one line", c->source, row.line,
                             (int)MAX_TABLE_COLUMNS);
        status = add_cell(c, t, cell, error);
        if (status != MECH_OK) return status;
        row.n_cells++;
        if (*cell) used = row.n_cells;
    }
    t->n_cells = row.first_cell + used;
    row.n_cells = used;
    if (!used) return MECH_OK;
    if (t->n_rows && used > t->rows[0].n_cells)
        return mech_fail(
            error, MECH_INVALID_INPUT, "%s:%zu: has %zu cells, but the header in line %zu has %zu; expected %s",
            c->source, row.line, used, t->rows[0].line, t->rows[0].n_cells,
            t->separator == ',' ? "as many (decimal commas need semicolons or tabs between cells)" : "as many");
    t->rows[t->n_rows++] = row;
    return MECH_OK;
}

/* A first line "sep=;" is a spreadsheet's way to say how cells are separated. */
static bool pass_separator_line(cutter *c, char *separator) {
    if (c->end - c->at < 5 || memcmp(c->at, "sep=", 4) != 0) return false;
    char said = c->at[4];
    if ((said != ',' && said != ';' && said != '\t') || (c->end - c->at > 5 && !is_line_end(c->at[5]))) return false;
    c->at += 5;
    pass_line_end(c);
    *separator = said;
    return true;
}

mech_status mech_table_parse(const char *text, size_t length, const char *source, table *t, mech_error *error) {
    *t = (table){0};
    size_t n = 0;
    mech_status status = mech_decode_text(text, length, source, &t->content, &n, error);
    if (status != MECH_OK) goto cleanup;
    cutter c = {.source = source, .at = t->content, .end = t->content + n, .line = 1};
    bool said = pass_separator_line(&c, &t->separator);
    for (pass_idle_lines(&c); c.at < c.end; pass_idle_lines(&c)) {
        if (!t->n_rows && !said) t->separator = find_separator(&c);
        status = cut_row(&c, t, error);
        if (status != MECH_OK) goto cleanup;
    }
    if (!t->n_rows)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s:%zu: the file holds no table; expected a line of column headers", source, c.line);
cleanup:
    if (status != MECH_OK) mech_table_free(t);
    return status;
}

void mech_table_free(table *t) {
    free(t->content);
    free(t->cells);
    free(t->rows);
    *t = (table){0};
}

const char *mech_table_cell(const table *t, size_t row, size_t column) {
    const table_row *r = &t->rows[row];
    return column < r->n_cells ? t->cells[r->first_cell + column] : "";
}

column_label mech_label_column(const table *t, size_t column) {
    column_label label;
    snprintf(label.text, sizeof label.text, "column %zu ('%.40s')", column + 1, mech_table_cell(t, 0, column));
    return label;
}
