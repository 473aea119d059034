/* Where the tables of a workbook stand, and which of their columns belong together. */
#ifndef MECH_EXPERIMENT_READING_LAYOUT_H
#define MECH_EXPERIMENT_READING_LAYOUT_H

#include "experiment/cells/workbook.h"
#include "experiment/words/choice.h"
#include "experiment/words/header.h"
#include "experiment/words/phrases.h"

enum { MOST_VARIABLES = 40, MOST_BLOCKS = 4096, MAX_LABEL = 64, NO_COLUMN = UINT16_MAX };

/* What was measured or set, under one header: a column in each block. */
typedef struct table_variable {
    char label[MAX_LABEL]; /* the header without the run that it may name */
    header_meaning meaning;
    size_t ordinal;   /* of several columns with one name in one block: which */
    column_role role; /* found or chosen; N_COLUMN_ROLES: none */
    bool chosen;      /* by the user */
    bool as_reactant; /* kept in the runs under its label */
} table_variable;

/* Columns under one header line that belong together: those of one run where runs stand side by side or below each
 * other, all columns of a long table otherwise. */
typedef struct table_block {
    const sheet *cells;
    size_t header_row;   /* SIZE_MAX: there is none */
    size_t first, end;   /* rows of numbers: first...end - 1 */
    char run[MAX_LABEL]; /* the run that a title or header names; "" */
    said_amount loading; /* that a title, header or line above names; NaN: none */
    said_amount start;   /* [S]0 in the same way, once it is known which of `starts` is that */
    said_start starts[MOST_SAID_STARTS];
    size_t n_starts;
    size_t file;                      /* which of several files */
    uint16_t column[MOST_VARIABLES];  /* NO_COLUMN: this block has no such column */
    table_unit units[MOST_VARIABLES]; /* of the headers */
    uint64_t own;         /* of species with times of their own: a bit for each variable that these are of; 0: all */
    size_t value_columns; /* how many, to tell where a row is longer than its header */
} table_block;

typedef struct table_layout {
    table_variable variables[MOST_VARIABLES];
    size_t n_variables;
    table_block *blocks; /* [n_blocks]; owned */
    size_t n_blocks, block_room;
    bool headerless; /* some table has no header */
} table_layout;

/* Adds the tables of a workbook's sheets, the `file`-th of several, to *found, which starts as {0}. A run that nothing
 * in the table names is called `run` (NULL: nothing), or by its sheet where there are several. Lines above headers are
 * passed over with a note, as are sheets without numbers. Fails where no table is found or a chosen column is not
 * there. The book must outlive the layout. */
mech_status mech_find_tables(const workbook *book, size_t file, const char *run, const column_choice *choice,
                             table_layout *found, notes *list, mech_error *error);

/* Gives variables the roles that the user chose. */
mech_status mech_apply_choice(table_layout *found, const column_choice *choice, mech_error *error);

void mech_layout_free(table_layout *found);

/* "column 3 ('cat')" for messages. */
typedef struct column_label {
    char text[96];
} column_label;
column_label mech_label_variable(const table_layout *l, const table_block *b, size_t variable);

#endif
