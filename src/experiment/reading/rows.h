/* What kind of row a row of cells is: headers, units or numbers. */
#ifndef MECH_EXPERIMENT_READING_ROWS_H
#define MECH_EXPERIMENT_READING_ROWS_H

#include "experiment/cells/sheet.h"
#include "experiment/words/choice.h"
#include "experiment/words/units.h"

/* Cells of a row that are plain numbers, clock times or dates, and cells with any other text. */
size_t mech_count_numbers(const sheet *s, size_t row);
size_t mech_count_texts(const sheet *s, size_t row);

/* Whether a row holds a header that times have. */
bool mech_has_time_header(const sheet *s, size_t row);

/* Whether a row holds a header that the user names; numbers name columns, not headers. */
bool mech_has_chosen_header(const sheet *s, size_t row, const column_choice *choice);

/* Whether the user names columns by nothing but numbers. */
bool mech_chooses_numbers_only(const column_choice *choice);

/* The first header row from `from` on: one with a header that the user chose or that times have; else the last row of
 * texts before numbers. SIZE_MAX: none. */
size_t mech_find_header_row(const sheet *s, size_t from, const column_choice *choice, bool any_text);

/* Whether a cell is a unit and nothing else, in brackets or not, and which. */
bool mech_is_unit_text(const char *cell);
table_unit mech_unit_of_text(const char *cell);

/* A row between header and numbers holds units or the lower part of the headers. */
bool mech_is_below_header(const sheet *s, size_t row);

/* Whether two columns of a row have one name. */
bool mech_has_repeated_names(const sheet *s, size_t row);

/* Whether a sheet lies on its side: a header of times stands at the left of a row of numbers, with other headers below
 * or above it. */
bool mech_is_on_its_side(const sheet *s);

/* Where the numbers under a header end: at the next header, or at the sheet's end. Lines of text below the last reading
 * are not part of the table: *n_below of them. */
size_t mech_find_end(const sheet *s, size_t first, size_t header, const column_choice *choice, size_t *next_header,
                     size_t *n_below);

#endif
