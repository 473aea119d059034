/* Delimited text as cells. */
#ifndef MECH_EXPERIMENT_READING_TABLE_H
#define MECH_EXPERIMENT_READING_TABLE_H

#include "base/error.h"

enum {
    MAX_TABLE_BYTES = 64 << 20, /* of a file */
    MAX_TABLE_CELLS = 4 << 20,
    MAX_TABLE_COLUMNS = 4096
};

typedef struct table_row {
    size_t line; /* in the file, from 1 on */
    size_t first_cell, n_cells;
} table_row;

/* Row 0 is the header. Cells are trimmed, without their quotes, and closed by a NUL; blank rows and comments are left
 * out. The struct owns everything in it. */
typedef struct table {
    char *content;
    char **cells;
    table_row *rows;
    size_t n_cells, n_rows;
    char separator;
} table;

/* Splits text into cells. The separator is the first of tab, semicolon and comma that stands in the header (or what a
 * line "sep=;" says); cells may be quoted ("" is a quote in quotes); lines end in LF, CRLF or CR; lines that begin with
 * # or % are comments. Rows may be shorter than the header; longer ones may only add blank cells. Fails naming the line
 * where a quote stays open, a row is too long or a limit is passed, or where there is no header. On success, and only
 * then, the caller frees *t with mech_table_free(). */
mech_status mech_table_parse(const char *text, size_t length, const char *source, table *t, mech_error *error);
void mech_table_free(table *t);

/* The cell; "" where the row ends before it. */
const char *mech_table_cell(const table *t, size_t row, size_t column);

/* How messages name a column: "column 2 ('S')". */
typedef struct column_label {
    char text[80];
} column_label;
column_label mech_label_column(const table *t, size_t column);

#endif
