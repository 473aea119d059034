#include "experiment/cells/sheet.h"

#include "base/error.h"
#include "base/files/text.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

cell_place mech_place_of(const sheet *s, size_t row, size_t column) {
    cell_place place;
    const unsigned line = row < s->n_rows ? s->rows[row].line : 1;
    if (s->turned) {
        snprintf(place.text, sizeof place.text, "%.200s: column %u", s->source, line);
        return place;
    }
    if (!s->of_workbook) {
        snprintf(place.text, sizeof place.text, "%.200s:%u", s->source, line);
        return place;
    }
    if (column == SIZE_MAX) {
        snprintf(place.text, sizeof place.text, "%.200s, sheet '%s', row %u", s->source, s->name, line);
        return place;
    }
    char letters[8];
    size_t n = 0;
    for (size_t c = column + 1; c && n + 1 < sizeof letters; c = (c - 1) / 26)
        letters[n++] = (char)('A' + (c - 1) % 26);
    char forward[8] = "";
    for (size_t i = 0; i < n; i++) forward[i] = letters[n - 1 - i];
    snprintf(place.text, sizeof place.text, "%.200s, sheet '%s', cell %s%u", s->source, s->name, forward, line);
    return place;
}

sheet_label mech_label_column(const sheet *s, size_t column) {
    sheet_label label;
    snprintf(label.text, sizeof label.text, "column %zu ('%.40s')", column + 1, mech_sheet_cell(s, 0, column));
    return label;
}

/* Room for `more` elements; the old array stays where there is no memory. */
static bool grow(void **array, size_t more, size_t *room, size_t size) {
    void *grown = realloc(*array, more * size);
    if (!grown) return false;
    mech_prefer_large_pages(grown, more * size);
    *array = grown;
    *room = more;
    return true;
}

/* Room for one more element, doubling. */
static bool reserve(void **array, size_t n, size_t *room, size_t size) {
    return n < *room || grow(array, *room ? 2 * *room : 256, room, size);
}

void mech_sheet_reserve(sheet *s, size_t n_rows, size_t n_cells) {
    void *rows = s->rows, *cells = s->cells;
    if (n_rows > s->row_room) (void)grow(&rows, n_rows, &s->row_room, sizeof *s->rows);
    if (n_cells > s->cell_room) (void)grow(&cells, n_cells, &s->cell_room, sizeof *s->cells);
    s->rows = rows;
    s->cells = cells;
}

mech_status mech_sheet_begin_row(sheet *s, uint32_t line, mech_error *error) {
    void *rows = s->rows;
    bool room = reserve(&rows, s->n_rows, &s->row_room, sizeof *s->rows);
    s->rows = rows;
    if (!room) return mech_fail_memory(error);
    s->rows[s->n_rows++] = (sheet_row){.line = line, .first_cell = (uint32_t)s->n_cells};
    return MECH_OK;
}

void mech_sheet_end_row(sheet *s) {
    sheet_row *row = &s->rows[s->n_rows - 1];
    while (row->n_cells && !s->content[s->cells[row->first_cell + row->n_cells - 1]]) row->n_cells--;
    s->n_cells = row->first_cell + row->n_cells;
    if (row->n_cells > s->n_columns) s->n_columns = row->n_cells;
    if (!row->n_cells) s->n_rows--;
}

mech_status mech_sheet_add_offset(sheet *s, size_t offset, mech_error *error) {
    sheet_row *row = &s->rows[s->n_rows - 1];
    if (row->n_cells >= MAX_TABLE_COLUMNS)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: more than %d cells in one line; expected a table of kinetic runs",
                         mech_place_of(s, s->n_rows - 1, SIZE_MAX).text, (int)MAX_TABLE_COLUMNS);
    if (s->n_cells >= MAX_TABLE_CELLS)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: more than %d cells; expected a smaller table",
                         mech_place_of(s, s->n_rows - 1, SIZE_MAX).text, (int)MAX_TABLE_CELLS);
    if (s->most_bytes && s->length + s->n_cells * sizeof *s->cells + s->n_rows * sizeof *s->rows > s->most_bytes)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: its cells take up more than %zu MB, far more than a file of this size holds; expected a "
                         "workbook that was not made to burst",
                         mech_place_of(s, s->n_rows - 1, SIZE_MAX).text, s->most_bytes >> 20);
    void *cells = s->cells;
    bool room = reserve(&cells, s->n_cells, &s->cell_room, sizeof *s->cells);
    s->cells = cells;
    if (!room) return mech_fail_memory(error);
    s->cells[s->n_cells++] = (uint32_t)offset;
    row->n_cells++;
    return MECH_OK;
}

mech_status mech_sheet_add_text(sheet *s, const char *words, size_t length, mech_error *error) {
    if (s->length + length + 1 > UINT32_MAX / 2)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: more words than a table can hold", s->source);
    if (s->length + length + 1 > s->room) {
        size_t room = 2 * s->room + length + 256;
        char *grown = realloc(s->content, room);
        if (!grown) return mech_fail_memory(error);
        s->content = grown;
        s->room = room;
    }
    /* Blanks at both ends say nothing. */
    while (length && (words[0] == ' ' || words[0] == '\t' || words[0] == '\n' || words[0] == '\r')) words++, length--;
    while (length && (words[length - 1] == ' ' || words[length - 1] == '\t' || words[length - 1] == '\n' ||
                      words[length - 1] == '\r'))
        length--;
    size_t offset = s->length;
    if (length) memcpy(s->content + offset, words, length);
    s->content[offset + length] = '\0';
    s->length += length + 1;
    return mech_sheet_add_offset(s, offset, error);
}

mech_status mech_sheet_turn(sheet *s, mech_error *error) {
    sheet turned = *s;
    turned.cells = NULL;
    turned.rows = NULL;
    turned.n_cells = turned.cell_room = turned.n_rows = turned.row_room = turned.n_columns = 0;
    turned.turned = true;
    mech_status status = MECH_OK;
    for (size_t column = 0; column < s->n_columns && status == MECH_OK; column++) {
        status = mech_sheet_begin_row(&turned, (uint32_t)column + 1, error);
        for (size_t row = 0; row < s->n_rows && status == MECH_OK; row++) {
            if (s->rows[row].remark) continue;
            const char *cell = mech_sheet_cell(s, row, column);
            /* The end of the first text is an empty one. */
            const size_t offset = *cell ? (size_t)(cell - s->content) : strlen(s->content);
            status = mech_sheet_add_offset(&turned, offset, error);
        }
        if (status == MECH_OK) mech_sheet_end_row(&turned);
    }
    if (status != MECH_OK) {
        free(turned.cells);
        free(turned.rows);
        return status;
    }
    free(s->cells);
    free(s->rows);
    *s = turned;
    return MECH_OK;
}

void mech_sheet_free(sheet *s) {
    free(s->content);
    free(s->cells);
    free(s->rows);
    *s = (sheet){0};
}

mech_status mech_sheet_find_column(const sheet *t, const char *name, const char *source, const char *expected,
                                   size_t *column, mech_error *error) {
    for (size_t i = 0; i < t->rows[0].n_cells; i++)
        if (strcmp(mech_sheet_cell(t, 0, i), name) == 0) {
            *column = i;
            return MECH_OK;
        }
    return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: there is no column '%.32s'; expected %s", source,
                     (size_t)t->rows[0].line, name, expected);
}

mech_status mech_sheet_number(const sheet *t, size_t row, size_t column, bool may_lack, const char *source,
                              double *value, mech_error *error) {
    const char *cell = mech_sheet_cell(t, row, column);
    if (may_lack && (!*cell || strcasecmp(cell, "nan") == 0)) {
        *value = NAN;
        return MECH_OK;
    }
    if (mech_parse_number(cell, strlen(cell), '.', value)) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: %s: '%.32s' is no number; expected one%s", source,
                     (size_t)t->rows[row].line, mech_label_column(t, column).text, cell, may_lack ? ", or nan" : "");
}
