/* The numbers of a table's columns, and which run each row belongs to. */
#ifndef MECH_EXPERIMENT_READING_SERIES_H
#define MECH_EXPERIMENT_READING_SERIES_H

#include "base/memory.h"
#include "experiment/reading/layout.h"
#include "experiment/words/values.h"

enum { MAX_RUNS = 1000, MOST_SPECIES = 24 };

/* One column of a block. */
typedef struct table_series {
    double *values;  /* [rows of the block], NaN where there is no number; NULL: a column of texts, or none; in the
                        numbers' memory, and shared with the block before where one time column serves both */
    table_unit unit; /* of the cells, else of the header */
    size_t n_numbers, n_missing, n_below, n_texts, n_moments; /* moments: clock times and dates, in seconds */
    size_t first_moment;
    size_t first_text;         /* the first row that is no number where others are */
    char decimal;              /* how the block's numbers are written */
    size_t n_converted;        /* cells in another unit than the column's */
    char other_unit[MAX_UNIT]; /* of the first of them */
    double below;              /* the highest limit of detection that cells name; NaN */
} table_series;

/* A run as the table has it. */
typedef struct found_run {
    char name[MAX_LABEL]; /* "" where it has none */
    size_t block;         /* the first that holds rows of it */
    size_t file;
    size_t first_row; /* in that block */
    size_t n_rows;
    bool unsorted; /* times run back in it */
    double last_time;
} found_run;

/* What a run's values of one variable do, in the order of rows. */
typedef struct course {
    double first, last, least, most;
    size_t n;
} course;

/* What a table of conditions, "run, [ArI]0, [Pd]", says of one run. */
typedef struct run_conditions {
    char run[MAX_LABEL];
    said_amount loading; /* NaN: none */
    said_start starts[MOST_SAID_STARTS];
    size_t n_starts;
} run_conditions;

/* Everything that is known of the numbers. Starts as {0}. */
typedef struct table_numbers {
    const table_layout *l;
    arena *memory;                          /* of all values, which outlive this struct; not owned */
    table_series (*series)[MOST_VARIABLES]; /* [n_blocks] */
    uint16_t **run_of;                      /* [n_blocks][rows]: UINT16_MAX: a row without any number */
    found_run *runs;                        /* [n_runs] in order of appearance */
    size_t n_runs, run_room;
    course *courses;            /* [n_runs][n_variables] */
    run_conditions *conditions; /* [n_conditions] */
    size_t n_conditions;
    size_t time, run, species, value; /* the variables with these roles; SIZE_MAX: none */
    bool scattered;                   /* each row is a run of its own */
    bool by_loading;                  /* the runs' names are their loadings */
    bool days;                        /* times were fractions of days */
} table_numbers;

/* Parses all columns into `memory`. Fails where units of one column contradict each other. */
mech_status mech_read_series(const table_layout *l, arena *memory, table_numbers *n, mech_error *error);

/* NaN for each of so many rows, in the memory of the numbers; NULL where it is short. */
double *mech_blank_values(const table_numbers *n, size_t n_rows);

/* Tells the rows' runs apart: by block, by the column of runs, by the return of time to 0; where no run is named and
 * rows of several loadings are mixed, by the loading; where none begins at time 0 and the catalyst of `loading` (a
 * variable; SIZE_MAX: none) changes from row to row each row is a run. Needs n->time and n->run. */
mech_status mech_find_runs(table_numbers *n, size_t loading, notes *list, mech_error *error);

/* What a table of conditions says of the run of that name; NULL: nothing. */
const run_conditions *mech_conditions_of(const table_numbers *n, const char *run);

/* Follows each variable through each run. */
mech_status mech_follow_courses(table_numbers *n, mech_error *error);

static inline const course *mech_course(const table_numbers *n, size_t run, size_t variable) {
    return &n->courses[run * n->l->n_variables + variable];
}

void mech_numbers_free(table_numbers *n);

#endif
