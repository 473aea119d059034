/* The headers over the columns of one table, and what stands above them. */
#ifndef MECH_EXPERIMENT_READING_HEADINGS_H
#define MECH_EXPERIMENT_READING_HEADINGS_H

#include "experiment/reading/layout.h"

/* The rows of one table of a sheet. */
typedef struct table_region {
    const sheet *s;
    size_t header, below; /* the header row and how many rows of headers follow it; header SIZE_MAX: none */
    size_t top;           /* the first row that may belong to it, above the header */
    size_t first, end;    /* rows of numbers */
    bool stacked;         /* one of several tables of its sheet */
} table_region;

/* The parts of the headers over one column. */
typedef struct table_heading {
    char name[MAX_LABEL], group[MAX_LABEL];
    table_unit unit_below; /* of a row of units */
    bool condition;        /* the group says what a run began with, and names none */
} table_heading;

/* Reads the headers over h[n_columns], and which run the rows above them name for each column. Returns how many of the
 * rows above were groups. */
size_t mech_read_headings(const table_region *r, size_t n_columns, table_heading *h);

/* Where headers tell runs apart by a number or letter each ("S1, P1, S2, P2", "A_S, B_S"), makes groups of them; false
 * where they do not. */
bool mech_group_by_suffix(table_heading *h, size_t n);

/* What the lines above a table say of its run. */
typedef struct lines_above {
    char name[MAX_LABEL]; /* of the line that names it; "" */
    said_amount loading;
    said_start starts[MOST_SAID_STARTS];
    size_t n_starts;
    size_t n_lines, n_told; /* all, and those that say one of these */
} lines_above;

/* Reads the rows from...to - 1. Only those that stand directly above one another before `to` name the run. */
void mech_read_lines_above(const sheet *s, size_t from, size_t to, bool stacked, lines_above *above);

#endif
