#include "experiment/words/values.h"

#include "base/files/text.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Digits of at most 2^53 and a power of ten of at most 10^22, both exact, give a correctly rounded quotient (W.
 * Clinger, PLDI 1990); whatever is longer takes the slow way. */
bool mech_read_number(const char *cell, char decimal, double *number) {
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const char *at = cell;
    const bool negative = *at == '-';
    if (*at == '-' || *at == '+') at++;
    if (!is_digit(*at) && *at != decimal) return false;
    uint64_t digits = 0; /* an overflow is told by their number */
    const char *whole = at;
    for (; is_digit(*at); at++) digits = digits * 10 + (uint64_t)(*at - '0');
    size_t n = (size_t)(at - whole), behind = 0;
    if (*at == decimal) {
        const char *fraction = ++at;
        for (; is_digit(*at); at++) digits = digits * 10 + (uint64_t)(*at - '0');
        behind = (size_t)(at - fraction);
        n += behind;
    }
    if (!*at && n && n <= 19 && digits <= (UINT64_C(1) << 53)) {
        const double value = (double)digits / powers[behind];
        *number = negative ? -value : value;
        return true;
    }
    return mech_parse_number(cell, strlen(cell), decimal, number);
}

static const char *const missing_marks[] = {
    "na",
    "n/a",
    "nan",
    "#n/a",
    "#na",
    "#nv",
    "#value!",
    "#div/0!",
    "#ref!",
    "#num!",
    "#name?",
    "#null!",
    "n.d.",
    "n.d",
    "nd",
    "n. d.",
    "-",
    "--",
    "---",
    "\xE2\x80\x93",
    "\xE2\x80\x94",
    "missing",
    "none",
    "null",
    "?",
    "x",
    "n.a.",
    "not determined",
    "not detected",
    "nil",
    "n.m.",
    "nm",
    "not measured",
    "n.b.",
    "k.a.",
    "nicht bestimmt",
    "keine angabe",
    "lost",
    "verloren",
    "error",
    "#error",
    "#wert!",
    "#bezug!",
    "#zahl!",
    "#valeur!",
    "void",
    "fail",
    "failed",
    "inf!",
    ".",
    "*",
};

static const char *const below_marks[] = {"lod",
                                          "loq",
                                          "bdl",
                                          "bql",
                                          "blq",
                                          "bloq",
                                          "< lod",
                                          "<lod",
                                          "<loq",
                                          "< loq",
                                          "<bdl",
                                          "trace",
                                          "traces",
                                          "b.d.l.",
                                          "b.l.q.",
                                          "n.q.",
                                          "nq",
                                          "<ng",
                                          "< ng",
                                          "<bg",
                                          "< bg",
                                          "n.n.",
                                          "spur",
                                          "spuren",
                                          "below detection limit",
                                          "below lod",
                                          "not quantified"};

static bool is_among(const char *cell, const char *const *words, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(cell, words[i]) == 0) return true;
    return false;
}

/* Copies a number without what groups its digits and with a plain minus sign. Returns its length in the copy, and in
 * *used how much of the cell it takes up; 0 where the cell does not begin with a number. */
static size_t plain_number(const char *cell, number_marks marks, char *plain, size_t room, size_t *used) {
    size_t n = 0, i = 0;
    bool digits = false, fraction = false, exponent = false;
    if (strncmp(cell, "\xE2\x88\x92", 3) == 0) {
        plain[n++] = '-';
        i = 3;
    } else if (*cell == '-' || *cell == '+') {
        plain[n++] = cell[i++];
    }
    while (cell[i] && n + 2 < room) {
        const char *c = cell + i;
        const size_t group = *c == ' ' || *c == '\''          ? 1
                             : strncmp(c, "\xC2\xA0", 2) == 0 ? 2
                             : strncmp(c, "\xE2\x80\xAF", 3) == 0 || strncmp(c, "\xE2\x80\x89", 3) == 0 ||
                                     strncmp(c, "\xE2\x80\x99", 3) == 0
                                 ? 3
                             : marks.thousands && *c == marks.thousands ? 1
                                                                        : 0;
        if (is_digit(*c)) {
            plain[n++] = *c;
            digits = true;
            i++;
        } else if (*c == marks.decimal && !fraction && !exponent) {
            plain[n++] = '.';
            fraction = true;
            i++;
        } else if (group && digits && !fraction && !exponent && is_digit(c[group]) && is_digit(c[group + 1]) &&
                   is_digit(c[group + 2]) && !is_digit(c[group + 3])) {
            i += group;
        } else if ((*c == 'e' || *c == 'E') && digits && !exponent &&
                   (is_digit(c[1]) || ((c[1] == '-' || c[1] == '+') && is_digit(c[2])))) {
            plain[n++] = 'e';
            plain[n++] = c[1];
            i += 2;
            exponent = true;
        } else {
            break;
        }
    }
    plain[n] = '\0';
    *used = i;
    return digits ? n : 0;
}

/* h:mm:ss, m:ss and what comes behind the seconds; up to two colons. */
static bool read_clock(const char *cell, char decimal, double *seconds, bool *two_parts) {
    double parts[3] = {0, 0, 0};
    int n = 0;
    const char *at = cell;
    const bool negative = *at == '-';
    if (negative) at++;
    for (; n < 3; n++) {
        size_t length = strspn(at, "0123456789");
        if (!length || length > 9) return false;
        double value = 0;
        const char *end = at + length;
        if (n > 0 && (*end == decimal || *end == '.')) {
            const size_t behind = strspn(end + 1, "0123456789");
            char fraction[40];
            if (length + behind + 2 > sizeof fraction) return false;
            snprintf(fraction, sizeof fraction, "%.*s.%.*s", (int)length, at, (int)behind, end + 1);
            if (!mech_parse_number(fraction, strlen(fraction), '.', &value)) return false;
            end += 1 + behind;
        } else if (!mech_parse_number(at, length, '.', &value)) {
            return false;
        }
        if (n > 0 && value >= 60) return false;
        parts[n] = value;
        at = end;
        if (*at != ':') {
            n++;
            break;
        }
        at++;
    }
    while (*at == ' ') at++;
    if (n < 2) return false;
    if (strcasecmp(at, "pm") == 0 && parts[0] < 12) parts[0] += 12;
    if (strcasecmp(at, "am") == 0 && parts[0] == 12) parts[0] = 0;
    if (*at && strcasecmp(at, "pm") != 0 && strcasecmp(at, "am") != 0 && strcmp(at, "Z") != 0) return false;
    *two_parts = n == 2;
    *seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
    if (negative) *seconds = -*seconds;
    return true;
}

/* Days from 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms"). */
static double days_of_date(long year, long month, long day) {
    year -= month <= 2;
    const long era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
    const long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const long day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return (double)(era * 146097 + day_of_era - 719468);
}

/* 2023-05-01 10:00:00, 2023-05-01T10:00, 01.05.2023 10:00, 5/1/2023 10:00 AM. Which of day and month stands first
 * matters only where a run goes on beyond midnight of one month into another. */
static bool read_date(const char *cell, char decimal, double *seconds) {
    long parts[3];
    const char *at = cell;
    char mark = 0;
    bool long_year = false;
    for (int i = 0; i < 3; i++) {
        size_t length = strspn(at, "0123456789");
        if (!length || length > 4) return false;
        parts[i] = strtol(at, NULL, 10);
        long_year |= length == 4 && i != 1;
        at += length;
        if (i == 2) break;
        if (!strchr("-./", *at) || !*at || (mark && *at != mark)) return false;
        mark = *at++;
    }
    const bool year_first = parts[0] > 31;
    long year = year_first ? parts[0] : parts[2], month = parts[1], day = year_first ? parts[2] : parts[0];
    if (!year_first && (mark == '/' || month > 12)) {
        if (day <= 12) {
            long swap = day;
            day = month;
            month = swap;
        }
    }
    /* "1.2.3" is no date, "1/2/23 10:00" is one. */
    if (!long_year && !strchr(at, ':')) return false;
    if (year < 100) year += 2000;
    if (month < 1 || month > 12 || day < 1 || day > 31) return false;
    double of_day = 0;
    bool two_parts;
    if (*at == 'T' || *at == ' ') {
        while (*at == ' ' || *at == 'T') at++;
        if (*at && !read_clock(at, decimal, &of_day, &two_parts)) return false;
    } else if (*at) {
        return false;
    }
    *seconds = days_of_date(year, month, day) * 86400 + of_day;
    return true;
}

/* "1 h 30 min": in the last of its units. */
static bool read_compound_time(const char *cell, cell_value *v) {
    double seconds = 0;
    table_unit unit = {.kind = UNIT_NONE, .scale = 1};
    size_t n = 0;
    for (const char *at = cell; *at;) {
        const size_t digits = strspn(at, "0123456789");
        double value;
        if (!digits || digits > 9 || !mech_parse_number(at, digits, '.', &value)) return false;
        at += digits;
        while (*at == ' ') at++;
        size_t letters = 0;
        while ((at[letters] >= 'a' && at[letters] <= 'z') || (at[letters] >= 'A' && at[letters] <= 'Z')) letters++;
        const table_unit u = mech_read_unit(at, letters);
        /* Each unit is smaller than the one before. */
        if (u.kind != UNIT_TIME || (n && u.scale >= unit.scale)) return false;
        unit = u;
        seconds += value * u.scale;
        n++;
        at += letters;
        while (*at == ' ') at++;
    }
    if (n < 2) return false;
    v->kind = VALUE_NUMBER;
    v->number = seconds / unit.scale;
    v->unit = unit;
    return true;
}

/* "± 0.004", and "(4)" for the last digit. */
static bool is_uncertainty(const char *c) {
    if (*c == '(') {
        const size_t digits = strspn(c + 1, "0123456789");
        return digits && digits < 4 && strcmp(c + 1 + digits, ")") == 0;
    }
    return strncmp(c, "\xC2\xB1", 2) == 0 || strncmp(c, "+/-", 3) == 0 || strncmp(c, "+-", 2) == 0;
}

cell_value mech_read_value(const char *cell, number_marks marks) {
    cell_value v = {.kind = VALUE_TEXT, .number = NAN};
    if (!*cell) {
        v.kind = VALUE_BLANK;
        return v;
    }
    if (mech_read_number(cell, marks.decimal, &v.number)) {
        v.kind = VALUE_NUMBER;
        return v;
    }
    if (is_among(cell, missing_marks, sizeof missing_marks / sizeof *missing_marks)) {
        v.kind = VALUE_MISSING;
        return v;
    }
    if (is_among(cell, below_marks, sizeof below_marks / sizeof *below_marks)) {
        v.kind = VALUE_BELOW;
        return v;
    }
    char plain[128];
    size_t used = 0;
    const bool below = *cell == '<' || strncmp(cell, "\xE2\x89\xA4", 3) == 0;
    const char *from = below ? cell + (*cell == '<' ? 1 : 3) : cell;
    while (*from == ' ' || *from == '=') from++;
    size_t n = plain_number(from, marks, plain, sizeof plain, &used);
    if (n && mech_parse_number(plain, n, '.', &v.number)) {
        const char *behind = from + used;
        while (*behind == ' ') behind++;
        if (!*behind || is_uncertainty(behind)) {
            v.kind = below ? VALUE_BELOW : VALUE_NUMBER;
            return v;
        }
        v.unit = mech_read_unit(behind, strlen(behind));
        if (v.unit.kind != UNIT_NONE && v.unit.kind != UNIT_CLOCK) {
            v.kind = below ? VALUE_BELOW : VALUE_NUMBER;
            return v;
        }
    }
    v.unit = (table_unit){.kind = UNIT_NONE, .scale = 1};
    v.number = NAN;
    if (!below && read_compound_time(cell, &v)) return v;
    if (read_clock(cell, marks.decimal, &v.number, &v.two_parts))
        v.kind = VALUE_CLOCK;
    else if (read_date(cell, marks.decimal, &v.number))
        v.kind = VALUE_DATE;
    else
        v.number = NAN;
    return v;
}

void mech_count_marks(const char *cell, mark_counts *counts) {
    size_t points = 0, commas = 0, behind = 0, before = 0, whole = 0;
    bool groups = true;
    char last = 0;
    const char *c = cell;
    if (*c == '-' || *c == '+' || *c == '<') c++;
    const char *first = c;
    for (; is_digit(*c) || *c == '.' || *c == ','; c++) {
        if (is_digit(*c)) {
            behind++;
            continue;
        }
        if (last && behind != 3) groups = false;
        if (!last) whole = before = behind;
        last = *c;
        points += *c == '.';
        commas += *c == ',';
        behind = 0;
    }
    if (!last || !strchr("eE %", *c)) return; /* also where the text goes on as no number does; '\0' is found, too */
    const bool three = groups && behind == 3 && whole >= 1 && before <= 3 && !(whole == 1 && *first == '0');
    if (points && commas) {
        if (last == '.') {
            counts->decimal_points++;
            counts->grouped_commas++;
        } else {
            counts->decimal_commas++;
            counts->grouped_points++;
        }
    } else if (points > 1 || commas > 1) {
        if (!three) return;
        if (points)
            counts->grouped_points++;
        else
            counts->grouped_commas++;
    } else if (points) {
        if (three)
            counts->points++;
        else
            counts->decimal_points++;
    } else if (three) {
        counts->commas++;
    } else {
        counts->decimal_commas++;
    }
}

number_marks mech_settle_marks(const mark_counts *n) {
    /* A mark that may be either is a decimal one, unless the other is used as one or it was seen between thousands. */
    size_t decimal_commas = n->decimal_commas, decimal_points = n->decimal_points;
    if (!n->grouped_commas && !(n->decimal_points && !n->decimal_commas)) decimal_commas += n->commas;
    if (!n->grouped_points && !(n->decimal_commas && !n->decimal_points)) decimal_points += n->points;
    number_marks marks = {.decimal = decimal_commas > decimal_points ? ',' : '.'};
    if (marks.decimal == '.' && (n->grouped_commas || n->commas) && !n->decimal_commas) marks.thousands = ',';
    if (marks.decimal == ',' && (n->grouped_points || n->points) && !n->decimal_points) marks.thousands = '.';
    return marks;
}
