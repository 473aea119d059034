#include "experiment/reading/headings.h"

#include "experiment/reading/rows.h"
#include "experiment/words/names.h"
#include "experiment/words/values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Which of the rows of a region's headers is what. */
typedef struct header_rows {
    size_t names, groups, units; /* SIZE_MAX: none; groups: the lowest row of them */
    size_t lower;                /* a row that goes on with the headers above it; SIZE_MAX: none */
    size_t n_groups;             /* how many rows of groups lie above each other */
} header_rows;

/* "[cat] (mM), 2.5, 7.5, 20": a condition of each run in a row. */
static bool is_condition_row(const sheet *s, size_t row) {
    if (s->rows[row].remark || mech_count_numbers(s, row) < 2) return false;
    const header_meaning m = mech_read_header(mech_sheet_cell(s, row, 0));
    return m.role == COLUMN_CATALYST || (m.role == N_COLUMN_ROLES && m.hint == COLUMN_CATALYST) ||
           m.role == COLUMN_S0 || (m.start && m.role == N_COLUMN_ROLES);
}

static bool may_be_groups(const sheet *s, size_t row) {
    return is_condition_row(s, row) ||
           (!s->rows[row].remark && mech_count_numbers(s, row) == 0 && mech_count_texts(s, row) >= 2);
}

/* What a row of groups says over a column. */
static void read_group(const sheet *s, size_t row, size_t column, char *group) {
    const char *cell = mech_sheet_cell(s, row, column);
    if (!*cell || (column == 0 && is_condition_row(s, row))) return;
    const header_meaning m = mech_read_header(mech_sheet_cell(s, row, 0));
    if (is_condition_row(s, row))
        snprintf(group, MAX_LABEL, "%s%.20s%s = %.12s %.12s",
                 m.role == COLUMN_S0 ? "[S]0"
                 : m.start           ? "["
                                     : "cat",
                 m.start && m.role != COLUMN_S0 && m.role != COLUMN_CATALYST ? m.base : "",
                 m.start && m.role != COLUMN_S0 && m.role != COLUMN_CATALYST ? "]0" : "", cell, m.unit.name);
    else
        snprintf(group, MAX_LABEL, "%.60s", cell);
}

/* Whether a row below the headers names columns that these leave blank, as below a merged "Concentration / M". */
static bool completes(const sheet *s, size_t names, size_t row) {
    for (size_t c = 0; c < s->rows[row].n_cells; c++) {
        const char *cell = mech_sheet_cell(s, row, c);
        if (*cell && !*mech_sheet_cell(s, names, c) && !mech_is_unit_text(cell)) return true;
    }
    return false;
}

static header_rows tell_rows(const table_region *r) {
    const sheet *s = r->s;
    header_rows rows = {.names = r->header, .groups = SIZE_MAX, .units = SIZE_MAX, .lower = SIZE_MAX};
    /* A row below the header is one of units, or the headers proper with groups above them. */
    for (size_t k = 1; k <= r->below; k++) {
        const size_t row = r->header + k;
        size_t n_units = 0, n_texts = mech_count_texts(s, row);
        for (size_t c = 0; c < s->rows[row].n_cells; c++) n_units += mech_is_unit_text(mech_sheet_cell(s, row, c));
        if (n_units == n_texts &&
            !(mech_has_repeated_names(s, row) && !mech_has_repeated_names(s, rows.names) && n_units < 2)) {
            rows.units = row;
        } else if (mech_has_repeated_names(s, row)) {
            rows.groups = rows.names;
            rows.names = row;
        } else if (rows.lower == SIZE_MAX && completes(s, rows.names, row)) {
            rows.lower = row;
        }
    }
    if (rows.groups == SIZE_MAX && r->header > r->top && may_be_groups(s, r->header - 1) &&
        (mech_has_repeated_names(s, rows.names) || is_condition_row(s, r->header - 1)))
        rows.groups = r->header - 1;
    if (rows.groups != SIZE_MAX) rows.n_groups = 1;
    while (rows.n_groups && rows.groups >= r->top + rows.n_groups && may_be_groups(s, rows.groups - rows.n_groups) &&
           rows.n_groups < 4)
        rows.n_groups++;
    return rows;
}

/* Where the species stand above and the runs below, they change places. */
static void swap_runs_above_species(table_heading *h, size_t n) {
    size_t n_grouped = 0;
    for (size_t c = 0; c < n; c++) {
        if (!*h[c].group || !*h[c].name) continue;
        const header_meaning above = mech_read_header(h[c].group);
        const bool species = above.role == COLUMN_SUBSTRATE || above.role == COLUMN_PRODUCT ||
                             above.role == COLUMN_SECOND || above.role == COLUMN_CONVERSION ||
                             above.role == COLUMN_YIELD || above.unit.kind == UNIT_CONCENTRATION;
        if (!species || mech_begins_with_run(h[c].group) || !mech_begins_with_run(h[c].name)) return;
        n_grouped++;
    }
    for (size_t c = 0; n_grouped && c < n; c++) {
        char name[MAX_LABEL];
        if (!*h[c].group || !*h[c].name) continue;
        memcpy(name, h[c].name, sizeof name);
        memcpy(h[c].name, h[c].group, sizeof name);
        memcpy(h[c].group, name, sizeof name);
    }
}

/* "Alkyne, Alkene" above "conc (mM), sd, conc (mM), sd", beside a column of runs: the species stand above and what was
 * measured of each below. */
static void name_by_species(table_heading *h, size_t n) {
    bool runs = false;
    size_t n_grouped = 0;
    for (size_t c = 0; c < n; c++) {
        const header_meaning m = mech_read_header(h[c].name);
        if (!*h[c].group) {
            runs |= m.role == COLUMN_RUN;
            continue;
        }
        if ((m.role != COLUMN_VALUE && !mech_is_deviation_name(m.key)) || h[c].condition ||
            mech_begins_with_run(h[c].group))
            return;
        n_grouped++;
    }
    for (size_t c = 0; runs && n_grouped && c < n; c++) {
        if (!*h[c].group) continue;
        const header_meaning m = mech_read_header(h[c].name);
        if (m.role == COLUMN_VALUE) {
            if (*m.unit.name) h[c].unit_below = m.unit;
            memcpy(h[c].name, h[c].group, sizeof h[c].name);
        }
        h[c].group[0] = '\0';
    }
}

/* Runs whose conditions are the same are told apart by the names below them that come again. */
static void number_replicates(table_heading *h, size_t n) {
    size_t begin = 0;
    unsigned short number = 1;
    char condition[MAX_LABEL] = "";
    for (size_t c = 0; c < n; c++) {
        if (!*h[c].group || !h[c].condition) continue;
        if (strcmp(h[c].group, condition) != 0) {
            memcpy(condition, h[c].group, sizeof condition);
            begin = c;
            number = 1;
        }
        for (size_t k = begin; k < c; k++)
            if (strcasecmp(h[k].name, h[c].name) == 0) {
                begin = c;
                number++;
                break;
            }
        if (number > 1) snprintf(h[c].group, MAX_LABEL, "%.50s (%hu)", condition, number);
    }
}

size_t mech_read_headings(const table_region *r, size_t n_columns, table_heading *h) {
    const sheet *s = r->s;
    const header_rows rows = tell_rows(r);
    table_unit shared = mech_read_unit("", 0);
    char group[MAX_LABEL] = "", upper[4][MAX_LABEL] = {"", "", "", ""};
    for (size_t c = 0; c < n_columns; c++) {
        const char *name = mech_sheet_cell(s, rows.names, c);
        h[c] = (table_heading){.unit_below = mech_read_unit("", 0)};
        snprintf(h[c].name, MAX_LABEL, "%.60s", name);
        if (rows.units != SIZE_MAX) h[c].unit_below = mech_unit_of_text(mech_sheet_cell(s, rows.units, c));
        if (rows.lower != SIZE_MAX && *mech_sheet_cell(s, rows.lower, c)) {
            const char *lower = mech_sheet_cell(s, rows.lower, c);
            /* The unit of a header over several columns is that of all. */
            if (*name) shared = mech_read_header(name).unit;
            if (mech_is_unit_text(lower)) {
                h[c].unit_below = mech_unit_of_text(lower);
            } else {
                snprintf(h[c].name, MAX_LABEL, "%.60s", lower);
                h[c].unit_below = shared;
            }
        } else if (rows.lower != SIZE_MAX) {
            shared = mech_read_unit("", 0);
        }
        if (rows.groups == SIZE_MAX) continue;
        const char *over = mech_sheet_cell(s, rows.groups, c);
        read_group(s, rows.groups, c, group);
        for (size_t k = 1; k < rows.n_groups; k++) read_group(s, rows.groups - k, c, upper[k]);
        /* What stands in the row of groups over nothing, or over a unit, is a name. */
        if (is_condition_row(s, rows.groups)) {
            if (c == 0) continue;
        } else if (mech_is_time_header(over) || (*over && (!*name || mech_is_unit_text(name)))) {
            snprintf(h[c].name, MAX_LABEL, "%.60s", over);
            if (*name) h[c].unit_below = mech_unit_of_text(name);
            group[0] = '\0';
        }
        /* The highest row names the run, lower ones say more of it. */
        size_t n = 0;
        for (size_t k = rows.n_groups; *group && k-- > 0;) {
            const char *part = k ? upper[k] : group;
            const int more = *part ? snprintf(h[c].group + n, MAX_LABEL - n, "%s%s", n ? ": " : "", part) : 0;
            n += more > 0 ? (size_t)more : 0;
            if (n >= MAX_LABEL) break;
        }
        h[c].condition = is_condition_row(s, rows.groups + 1 - rows.n_groups);
    }
    swap_runs_above_species(h, n_columns);
    name_by_species(h, n_columns);
    number_replicates(h, n_columns);
    return rows.groups != SIZE_MAX && rows.groups < r->header ? rows.n_groups : rows.n_groups ? rows.n_groups - 1 : 0;
}

/* One header, split. */
typedef struct suffixed {
    char name[MAX_HEADER_NAME], suffix[MAX_HEADER_NAME];
    column_role role; /* of the name */
} suffixed;

/* Whether the columns of all suffixes have the same names, each once. */
static bool suffixes_agree(const suffixed *parts, size_t n) {
    size_t first = 0, n_first = 0, n_others = 0;
    while (first < n && !*parts[first].suffix) first++;
    if (first == n) return false;
    for (size_t i = 0; i < n; i++) {
        if (!*parts[i].suffix) continue;
        n_first += strcasecmp(parts[i].suffix, parts[first].suffix) == 0;
        n_others += strcasecmp(parts[i].suffix, parts[first].suffix) != 0;
        size_t same = 0, in_first = 0;
        for (size_t k = 0; k < n; k++) {
            if (!*parts[k].suffix || strcasecmp(parts[k].name, parts[i].name) != 0) continue;
            same += strcasecmp(parts[k].suffix, parts[i].suffix) == 0;
            in_first += strcasecmp(parts[k].suffix, parts[first].suffix) == 0;
        }
        if (same != 1 || in_first != 1) return false;
    }
    return n_others > 0 && n_others % n_first == 0;
}

bool mech_group_by_suffix(table_heading *h, size_t n) {
    enum { MOST_HEADERS = 256, WAYS = 6, NUMBERED_WORD = 4 };
    if (n > MOST_HEADERS) return false;
    suffixed *parts = calloc(n, sizeof *parts);
    if (!parts) return false;
    bool done = false;
    for (size_t way = 0; way < WAYS && !done; way++) {
        bool fits = true, known = false, substrate = false;
        size_t n_names = 0;
        for (size_t c = 0; c < n && fits; c++) {
            parts[c] = (suffixed){.suffix = ""};
            if (!*h[c].name) continue;
            const header_meaning whole = mech_read_header(h[c].name);
            if (!whole.no_species && whole.role != COLUMN_RUN &&
                mech_split_suffix(h[c].name, way, parts[c].name, parts[c].suffix)) {
                const header_meaning m = mech_read_header(parts[c].name), ending = mech_read_header(parts[c].suffix);
                /* "A-SM" is run A, not species A. */
                fits = !(ending.role == COLUMN_SUBSTRATE || ending.role == COLUMN_PRODUCT ||
                         ending.hint == COLUMN_SUBSTRATE || ending.hint == COLUMN_PRODUCT);
                parts[c].role = m.role != N_COLUMN_ROLES ? m.role : m.hint;
                known |= parts[c].role != N_COLUMN_ROLES && parts[c].role != COLUMN_TIME;
                substrate |= parts[c].role == COLUMN_SUBSTRATE || parts[c].role == COLUMN_CONVERSION ||
                             parts[c].role == COLUMN_YIELD;
                bool seen = parts[c].role == COLUMN_TIME;
                for (size_t k = 0; k < c; k++) seen |= strcasecmp(parts[k].name, parts[c].name) == 0;
                n_names += !seen;
                continue;
            }
            parts[c] = (suffixed){.suffix = ""};
            fits = whole.role == COLUMN_TIME || whole.no_species || whole.hint == COLUMN_STANDARD;
        }
        /* "P1, P2, P3" alone are three products; "S1, S2, S3" are one substrate in three runs. */
        known |= way == NUMBERED_WORD && n_names >= 2;
        if (!fits || !known || (n_names < 2 && !substrate) || !suffixes_agree(parts, n)) continue;
        for (size_t c = 0; c < n; c++) {
            if (!*parts[c].suffix) continue;
            memcpy(h[c].name, parts[c].name, sizeof parts[c].name);
            memcpy(h[c].group, parts[c].suffix, sizeof parts[c].suffix);
        }
        done = true;
    }
    free(parts);
    return done;
}

/* The text of a line: its cells together, with `mark` between them. */
static void read_line(const sheet *s, size_t row, const char *mark, char *line, size_t room) {
    line[0] = '\0';
    for (size_t c = 0; c < s->rows[row].n_cells; c++) {
        const size_t n = strlen(line);
        const char *cell = mech_sheet_cell(s, row, c);
        /* Cells part what is said of different things: "0.5 M ArBr | 2 mM Pd", but not "Catalyst | 2 mM". */
        const bool parts =
            n && line[n - 1] != ':' && (strpbrk(line, "0123456789") || (strchr(cell, '=') && *cell != '='));
        if (*cell && n + 1 < room) snprintf(line + n, room - n, "%s%s", !n ? "" : parts ? mark : " ", cell);
    }
}

/* "Catalyst loading (mol%)" and its number in the next cell. */
static void read_key_and_value(const sheet *s, size_t row, said_amount *loading, lines_above *above) {
    double value;
    const char *cell = mech_sheet_cell(s, row, 1);
    if (!mech_read_number(cell, '.', &value) && !mech_read_number(cell, ',', &value)) return;
    const header_meaning m = mech_read_header(mech_sheet_cell(s, row, 0));
    if (m.unit.kind != UNIT_SHARE && m.unit.kind != UNIT_CONCENTRATION) return;
    if (m.role == COLUMN_CATALYST || (m.role == N_COLUMN_ROLES && m.hint == COLUMN_CATALYST))
        *loading = (said_amount){value, m.unit};
    else if ((m.role == COLUMN_S0 || m.role == COLUMN_SUBSTRATE || (m.start && m.role == N_COLUMN_ROLES)) &&
             above->n_starts < MOST_SAID_STARTS) {
        said_start *start = &above->starts[above->n_starts++];
        *start = (said_start){.amount = {value, m.unit}};
        if (m.start && m.role == N_COLUMN_ROLES) memcpy(start->of, m.base, sizeof m.base);
    }
}

void mech_read_lines_above(const sheet *s, size_t from, size_t to, bool stacked, lines_above *above) {
    *above = (lines_above){.loading = {.value = NAN}};
    size_t together = to;
    while (together > from && s->rows[together].line == s->rows[together - 1].line + 1) together--;
    /* One blank line may part them from the headers. */
    if (together == to && to > from)
        for (together--; together > from && s->rows[together].line == s->rows[together - 1].line + 1;) together--;
    bool called = false;
    size_t name_row = SIZE_MAX;
    for (size_t row = from; row < to; row++) {
        char line[256];
        read_line(s, row, ", ", line, sizeof line);
        const size_t n_starts = above->n_starts;
        said_amount loading = mech_loading_in_text(line, false);
        above->n_starts = mech_starts_in_text(line, above->starts, n_starts);
        read_key_and_value(s, row, &loading, above);
        if (!isnan(loading.value)) above->loading = loading;
        const bool says_amount = !isnan(loading.value) || above->n_starts > n_starts;
        above->n_lines += !s->rows[row].remark;
        above->n_told += says_amount && !s->rows[row].remark;
        read_line(s, row, " ", line, sizeof line);
        if (!stacked || row < together || (s->rows[row].remark && !s->rows[to].remark)) continue;
        const bool is_run = mech_begins_with_run(line);
        /* "Run 2" names it whatever else is said, "7.5 mM" only if nothing else does. */
        if (is_run ? called : called || (*above->name && says_amount)) continue;
        called |= is_run;
        if (!says_amount && name_row == SIZE_MAX) above->n_told++;
        name_row = row;
        snprintf(above->name, MAX_LABEL, "%.60s", line);
    }
}
