/* Cells of a text table or of one sheet of a workbook, before anything is understood of them. */
#ifndef MECH_EXPERIMENT_CELLS_SHEET_H
#define MECH_EXPERIMENT_CELLS_SHEET_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
    MAX_TABLE_BYTES = 256 << 20, /* of a file */
    MAX_TABLE_CELLS = 16 << 20,  /* of a sheet */
    MAX_TABLE_COLUMNS = 4096,
    MAX_SHEET_NAME = 64
};

typedef struct sheet_row {
    uint32_t line; /* in the file or sheet, from 1 on */
    uint32_t first_cell, n_cells;
    bool remark; /* a comment: looked at only where a table has no other header */
} sheet_row;

/* Texts are closed by a NUL; rows without any text are left out, rows may end early. The struct owns all of it. */
typedef struct sheet {
    char *content; /* the texts; a cell is an offset into it */
    size_t length, room;
    uint32_t *cells;
    size_t n_cells, cell_room;
    sheet_row *rows;
    size_t n_rows, row_room;
    size_t n_columns;  /* of the longest row */
    size_t most_bytes; /* that texts, cells and rows may take up; 0: as many as there are */
    char name[MAX_SHEET_NAME];
    const char *source; /* the file's name; not owned */
    bool of_workbook;   /* places are sheets and cells, not lines; numbers have a decimal point */
    char separator;     /* of a text; ' ' for runs of blanks */
    bool turned;        /* rows are the columns of the file: mech_sheet_turn() */
} sheet;

/* The text of a cell; "" where the row ends before it. */
static inline const char *mech_sheet_cell(const sheet *s, size_t row, size_t column) {
    const sheet_row *r = &s->rows[row];
    return column < r->n_cells ? s->content + s->cells[r->first_cell + column] : "";
}

/* Where something stands, for messages: "runs.csv:12" or "runs.xlsx, sheet 'run A', cell B4". With column SIZE_MAX the
 * place is the whole row. */
typedef struct cell_place {
    char text[320];
} cell_place;
cell_place mech_place_of(const sheet *s, size_t row, size_t column);

/* "column 3 ('cat')", by the header in row 0. */
typedef struct sheet_label {
    char text[96];
} sheet_label;
sheet_label mech_label_column(const sheet *s, size_t column);

/* Makes room for so many rows and cells, which may turn out to be more or fewer; does nothing where there is none. */
void mech_sheet_reserve(sheet *s, size_t n_rows, size_t n_cells);

/* Begins a row; a row that turns out to hold no text is taken back by mech_sheet_end_row(). */
mech_status mech_sheet_begin_row(sheet *s, uint32_t line, mech_error *error);
void mech_sheet_end_row(sheet *s);

/* Appends a cell to the last row where there is room at hand; false: mech_sheet_add_offset() finds it or says why not.
 */
static inline bool mech_sheet_push(sheet *s, size_t offset) {
    sheet_row *row = &s->rows[s->n_rows - 1];
    if (s->n_cells >= s->cell_room || s->n_cells >= MAX_TABLE_CELLS || row->n_cells >= MAX_TABLE_COLUMNS) return false;
    s->cells[s->n_cells++] = (uint32_t)offset;
    row->n_cells++;
    return true;
}

/* Appends a cell to the last row: the first writes down an offset into the content, the second copies the text there.
 */
mech_status mech_sheet_add_offset(sheet *s, size_t offset, mech_error *error);
mech_status mech_sheet_add_text(sheet *s, const char *text, size_t length, mech_error *error);

/* Makes columns of rows, so that row i is what was column i. */
mech_status mech_sheet_turn(sheet *s, mech_error *error);

void mech_sheet_free(sheet *s);

/* Cuts text[length], UTF-8, into the cells of *s. The separator is what most of the first lines hold, in the order of
 * tab, semicolon, comma and runs of blanks (or what a line "sep=;" says); cells may be quoted ("" is a quote in
 * quotes); lines end in LF, CRLF or CR; lines that begin with # or % are remarks. Takes `text` over, in which cells are
 * cut in place. Fails naming the line where a quote stays open, a row is too long or a limit is passed, or where there
 * is no row. */
mech_status mech_sheet_cut(sheet *s, char *text, size_t length, const char *source, mech_error *error);

/* The same from the bytes of a file of any text encoding, without its remarks: row 0 is the header. */
mech_status mech_sheet_parse(const char *bytes, size_t length, const char *source, sheet *s, mech_error *error);

/* The column whose header in the first row is `name`. MECH_INVALID_INPUT where there is none; `expected` says what kind
 * of table would have it. */
mech_status mech_sheet_find_column(const sheet *t, const char *name, const char *source, const char *expected,
                                   size_t *column, mech_error *error);

/* The number in a cell. With `may_lack`, an empty cell and "nan" are NaN. MECH_INVALID_INPUT where it is none. */
mech_status mech_sheet_number(const sheet *t, size_t row, size_t column, bool may_lack, const char *source,
                              double *value, mech_error *error);

#endif
