#include "experiment/reading/rows.h"

#include "experiment/words/values.h"

#include <string.h>
#include <strings.h>

enum { ROWS_LOOKED_AT = 200 };

static bool is_number(const char *cell) {
    const char c = *cell;
    if (!c || ((c < '0' || c > '9') && !strchr("+-.<,", c) && (unsigned char)c != 0xE2)) return false;
    const cell_value v = mech_read_value(cell, (number_marks){'.', ','});
    const cell_value w = mech_read_value(cell, (number_marks){',', '.'});
    return (v.kind == VALUE_NUMBER && v.unit.kind == UNIT_NONE) || v.kind == VALUE_CLOCK || v.kind == VALUE_DATE ||
           (w.kind == VALUE_NUMBER && w.unit.kind == UNIT_NONE);
}

/* Whether a cell is a number with a unit behind it, "5 min", which headers may be, too. */
static bool is_quantity(const char *cell) {
    if (*cell < '0' || *cell > '9') return false;
    return mech_read_value(cell, (number_marks){'.', ','}).kind == VALUE_NUMBER ||
           mech_read_value(cell, (number_marks){',', '.'}).kind == VALUE_NUMBER;
}

static size_t count_quantities(const sheet *s, size_t row) {
    size_t n = 0;
    for (size_t c = 0; c < s->rows[row].n_cells; c++) n += is_quantity(mech_sheet_cell(s, row, c));
    return n;
}

size_t mech_count_numbers(const sheet *s, size_t row) {
    size_t n = 0;
    for (size_t c = 0; c < s->rows[row].n_cells; c++) n += is_number(mech_sheet_cell(s, row, c));
    return n;
}

size_t mech_count_texts(const sheet *s, size_t row) {
    size_t n = 0;
    for (size_t c = 0; c < s->rows[row].n_cells; c++) {
        const char *cell = mech_sheet_cell(s, row, c);
        n += *cell && !is_number(cell);
    }
    return n;
}

bool mech_has_time_header(const sheet *s, size_t row) {
    for (size_t c = 0; c < s->rows[row].n_cells; c++)
        if (mech_is_time_header(mech_sheet_cell(s, row, c))) return true;
    return false;
}

bool mech_has_chosen_header(const sheet *s, size_t row, const column_choice *choice) {
    for (column_role role = 0; role < N_COLUMN_ROLES; role++) {
        if (!choice->header[role]) continue;
        for (size_t c = 0; c < s->rows[row].n_cells; c++) {
            const char *cell = mech_sheet_cell(s, row, c);
            if (mech_is_chosen(choice, role, cell) && !is_number(cell)) return true;
        }
    }
    return false;
}

static size_t next_row(const sheet *s, size_t row) {
    for (row++; row < s->n_rows && s->rows[row].remark;) row++;
    return row;
}

bool mech_chooses_numbers_only(const column_choice *choice) {
    bool any = false;
    for (column_role role = 0; role < N_COLUMN_ROLES; role++) {
        if (!choice->header[role]) continue;
        if (!mech_chosen_number(choice, role)) return false;
        any = true;
    }
    return any;
}

size_t mech_find_header_row(const sheet *s, size_t from, const column_choice *choice, bool any_text) {
    size_t chosen = SIZE_MAX;
    for (size_t row = from, seen = 0; row < s->n_rows && seen < ROWS_LOOKED_AT; row++, seen++)
        if (!s->rows[row].remark && mech_has_chosen_header(s, row, choice)) {
            chosen = row;
            break;
        }
    /* A line such as "Reaction time: 2 h" is no header while another has more. */
    size_t poor = SIZE_MAX;
    for (size_t row = from, seen = 0; row < s->n_rows && seen < ROWS_LOOKED_AT && row < chosen; row++, seen++) {
        if (s->rows[row].remark || !mech_has_time_header(s, row)) continue;
        if (mech_count_texts(s, row) >= 2 + count_quantities(s, row) || s->rows[row].n_cells > 2) return row;
        if (poor == SIZE_MAX) poor = row;
    }
    if (poor != SIZE_MAX && chosen == SIZE_MAX) return poor;
    if (chosen != SIZE_MAX || !any_text) return chosen;
    /* COPASI and TopSpin write their headers as a comment, directly above the numbers. */
    for (size_t row = from, seen = 0; row + 1 < s->n_rows && seen < ROWS_LOOKED_AT; row++, seen++) {
        if (!s->rows[row].remark || s->rows[row].n_cells < 2 || !mech_has_time_header(s, row)) continue;
        const size_t next = next_row(s, row);
        if (next < s->n_rows && mech_count_numbers(s, next) >= 2) return row;
    }
    for (size_t row = from, seen = 0; row < s->n_rows && seen < ROWS_LOOKED_AT; row++, seen++) {
        if (s->rows[row].remark || mech_count_numbers(s, row) || count_quantities(s, row) ||
            mech_count_texts(s, row) < 2)
            continue;
        const size_t next = next_row(s, row);
        if (next < s->n_rows && (mech_count_numbers(s, next) || count_quantities(s, next) > 1)) return row;
    }
    return SIZE_MAX;
}

/* "-", "[-]": what has no unit. */
static bool is_unitless_mark(const char *cell) {
    static const char *const marks[] = {"-", "[-]", "(-)", "\xE2\x80\x93", "[\xE2\x80\x93]", "(\xE2\x80\x93)"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strcmp(cell, marks[i]) == 0) return true;
    return false;
}

bool mech_is_unit_text(const char *cell) {
    const size_t n = strlen(cell);
    if (is_unitless_mark(cell)) return true;
    const bool brackets = n > 2 && ((*cell == '(' && cell[n - 1] == ')') || (*cell == '[' && cell[n - 1] == ']'));
    if (brackets && n > 3 && mech_read_unit(cell + 1, n - 2).kind != UNIT_NONE) return true;
    /* "S" is a substrate before it is seconds. */
    const column_role role = mech_read_header(cell).role;
    if (role != N_COLUMN_ROLES && role != COLUMN_TIME && !(role == COLUMN_CATALYST && strchr(cell, '%'))) return false;
    const table_unit u = brackets ? mech_read_unit(cell + 1, n - 2) : mech_read_unit(cell, n);
    return u.kind != UNIT_NONE;
}

table_unit mech_unit_of_text(const char *cell) {
    const size_t n = strlen(cell);
    if (is_unitless_mark(cell)) return mech_read_unit("", 0);
    const bool enclosed = n > 2 && ((*cell == '(' && cell[n - 1] == ')') || (*cell == '[' && cell[n - 1] == ']'));
    return enclosed ? mech_read_unit(cell + 1, n - 2) : mech_read_unit(cell, n);
}

bool mech_is_below_header(const sheet *s, size_t row) {
    return row < s->n_rows && !s->rows[row].remark && mech_count_numbers(s, row) == 0 && count_quantities(s, row) < 2 &&
           mech_count_texts(s, row) >= 1;
}

bool mech_has_repeated_names(const sheet *s, size_t row) {
    enum { MOST_COMPARED = 256 };
    const size_t n = s->rows[row].n_cells < MOST_COMPARED ? s->rows[row].n_cells : MOST_COMPARED;
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++) {
            const char *text = mech_sheet_cell(s, row, a);
            if (*text && strcasecmp(text, mech_sheet_cell(s, row, b)) == 0) return true;
        }
    return false;
}

bool mech_is_on_its_side(const sheet *s) {
    enum { MOST_ROWS = 64, FEWEST_TIMES = 3 };
    size_t n_headers = 0;
    bool times = false;
    if (s->n_rows > MOST_ROWS) return false;
    for (size_t row = 0; row < s->n_rows; row++) {
        if (s->rows[row].remark || s->rows[row].n_cells < 2) continue;
        const char *header = mech_sheet_cell(s, row, 0);
        const size_t n = mech_count_numbers(s, row);
        if (!*header || is_number(header)) return false;
        n_headers += n > 0;
        times |= mech_is_time_header(header) && n >= FEWEST_TIMES && n + 1 == s->rows[row].n_cells;
    }
    return times && n_headers >= 2;
}

/* The columns of a header row that hold times. */
enum { MOST_TIMES = 64 };
static size_t list_times(const sheet *s, size_t header, const column_choice *choice, size_t *columns) {
    size_t n = 0;
    for (size_t c = 0; c < s->rows[header].n_cells && n < MOST_TIMES; c++) {
        const char *cell = mech_sheet_cell(s, header, c);
        const bool chosen = choice->header[COLUMN_TIME] != NULL;
        if (chosen ? mech_is_chosen(choice, COLUMN_TIME, cell) : mech_is_time_header(cell)) columns[n++] = c;
    }
    return n;
}

/* "mean", "average of", "R2": what is worked out of the readings above. */
static bool is_worked_out(const char *cell) {
    static const char *const words[] = {"mean", "average", "avg",   "mittel", "moyenne",   "sum",      "total",
                                        "std",  "st.d",    "stdev", "r2",     "r\xC2\xB2", "slope",    "max",
                                        "min ", "rsd",     "k =",   "kobs",   "rate",      "steigung", "intercept"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncasecmp(cell, words[i], strlen(words[i])) == 0) return true;
    return strcasecmp(cell, "sd") == 0 || strcasecmp(cell, "min") == 0;
}

/* Whether a row is one of readings, by the times of some table in it. Without a time it is one that lacks it, unless it
 * holds fewer than two numbers or is something worked out. */
static bool is_reading_row(const sheet *s, size_t row, const size_t *times, size_t n_times) {
    for (size_t k = 0; k < n_times; k++) {
        const char *cell = mech_sheet_cell(s, row, times[k]);
        if ((*cell >= '0' && *cell <= '9') || ((*cell == '-' || *cell == '.') && cell[1])) return true;
    }
    for (size_t c = 0; c < s->rows[row].n_cells && c < 3; c++)
        if (is_worked_out(mech_sheet_cell(s, row, c))) return false;
    return mech_count_numbers(s, row) >= 2;
}

size_t mech_find_end(const sheet *s, size_t first, size_t header, const column_choice *choice, size_t *next_header,
                     size_t *n_below) {
    size_t times[MOST_TIMES], n_times = list_times(s, header, choice, times);
    size_t end = s->n_rows;
    *next_header = SIZE_MAX;
    *n_below = 0;
    for (size_t row = first; row < s->n_rows; row++) {
        const char *cell = mech_sheet_cell(s, row, n_times ? times[0] : 0);
        if (s->rows[row].remark && s->rows[header].remark && s->rows[row].n_cells > 1 && mech_has_time_header(s, row)) {
            *next_header = end = row;
            break;
        }
        if ((*cell >= '0' && *cell <= '9') || s->rows[row].remark || (!*cell && mech_count_numbers(s, row))) continue;
        if (*cell && *cell != '-' && *cell != '+' &&
            (mech_has_time_header(s, row) || mech_has_chosen_header(s, row, choice))) {
            *next_header = end = row;
            break;
        }
    }
    if (!n_times) return end;
    size_t last = end;
    while (last > first && (s->rows[last - 1].remark || !is_reading_row(s, last - 1, times, n_times))) last--;
    for (size_t row = last; row < end; row++) *n_below += !s->rows[row].remark;
    return last;
}
