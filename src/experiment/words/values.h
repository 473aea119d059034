/* What one cell says. */
#ifndef MECH_EXPERIMENT_WORDS_VALUES_H
#define MECH_EXPERIMENT_WORDS_VALUES_H

#include "experiment/words/units.h"

/* How numbers are written. */
typedef struct number_marks {
    char decimal;   /* '.' or ',' */
    char thousands; /* the mark between groups of three digits; '\0': none but blanks and apostrophes */
} number_marks;

typedef enum value_kind {
    VALUE_BLANK,
    VALUE_NUMBER,
    VALUE_MISSING, /* n.d., #N/A, -, NaN */
    VALUE_BELOW,   /* "<0.015", "<LOD": below what can be measured */
    VALUE_CLOCK,   /* hh:mm:ss or two numbers; number: seconds, by the larger reading where there are two */
    VALUE_DATE,    /* a date with or without a time; number: seconds since 1970 */
    VALUE_TEXT
} value_kind;

typedef struct cell_value {
    value_kind kind;
    double number;
    table_unit unit; /* of a cell that names one, "1 mol%" */
    bool two_parts;  /* of a clock: "12:30", which may be hours or minutes */
} cell_value;

/* Reads a cell. Blanks, apostrophes and thin spaces may group digits; a minus sign may be U+2212; a deviation
 * behind it, "± 0.004" or "(4)", is passed over. */
cell_value mech_read_value(const char *cell, number_marks marks);

/* Reads a plain decimal number as mech_parse_number() does, and faster. */
bool mech_read_number(const char *cell, char decimal, double *number);

/* How the numbers of a text are written, learned cell by cell. Starts as {0}. */
typedef struct mark_counts {
    size_t decimal_points, decimal_commas; /* cells that leave no doubt */
    size_t points, commas;                 /* cells with one mark and three digits behind it: "1,600" */
    size_t grouped_commas,
        grouped_points; /* cells in which they can be nothing but thousands: "1,234.5", "1,234,567" */
} mark_counts;
void mech_count_marks(const char *cell, mark_counts *counts);
number_marks mech_settle_marks(const mark_counts *counts);

#endif
