#include "experiment/reading/layout.h"

#include "experiment/reading/headings.h"
#include "experiment/reading/rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ROWS_BELOW_HEADER = 2 };

/* "A: 1 mol%" names run A. */
static void name_of_title(const char *title, char *name) {
    snprintf(name, MAX_LABEL, "%.60s", title);
    said_start starts[MOST_SAID_STARTS];
    if (isnan(mech_loading_in_text(title, false).value) && !mech_starts_in_text(title, starts, 0)) return;
    char *colon = strchr(name, ':');
    if (colon && colon > name) *colon = '\0';
}

/* Names the runs of the blocks from `from` on by their titles, which stay whole where two would be called the same. */
static void shorten_titles(table_layout *l, size_t from) {
    char name[MAX_LABEL], other[MAX_LABEL];
    bool clash = false;
    for (size_t k = from; k + 1 < l->n_blocks && !clash; k++) {
        name_of_title(l->blocks[k].run, name);
        name_of_title(l->blocks[k + 1].run, other);
        clash = strcmp(name, other) == 0 && strcmp(l->blocks[k].run, l->blocks[k + 1].run) != 0;
    }
    for (size_t k = from; k < l->n_blocks && !clash; k++) {
        name_of_title(l->blocks[k].run, name);
        memcpy(l->blocks[k].run, name, sizeof name);
    }
}

static table_block *add_block(table_layout *l, const table_region *r, size_t file, const char *run, mech_error *error) {
    if (l->n_blocks >= MOST_BLOCKS) {
        mech_fail(error, MECH_INVALID_INPUT, "%s: more than %d tables or runs side by side; expected fewer",
                  r->s->source, (int)MOST_BLOCKS);
        return NULL;
    }
    if (l->n_blocks == l->block_room) {
        size_t room = l->block_room ? 2 * l->block_room : 8;
        table_block *grown = realloc(l->blocks, room * sizeof *grown);
        if (!grown) {
            mech_fail_memory(error);
            return NULL;
        }
        l->blocks = grown;
        l->block_room = room;
    }
    table_block *b = &l->blocks[l->n_blocks++];
    *b = (table_block){.cells = r->s, .header_row = r->header, .first = r->first, .end = r->end, .file = file};
    b->loading.value = b->start.value = NAN;
    for (size_t v = 0; v < MOST_VARIABLES; v++) b->column[v] = NO_COLUMN;
    snprintf(b->run, sizeof b->run, "%s", run);
    return b;
}

/* Puts a column into a block as the variable of its name; columns beyond the most that are looked at are passed over.
 */
static void add_column(table_layout *l, table_block *b, size_t column, const char *label, const table_unit *below) {
    header_meaning meaning = mech_read_header(label);
    if (!*meaning.unit.name && *below->name) {
        meaning.unit = *below;
        if (meaning.role == COLUMN_TIME && below->kind != UNIT_TIME && below->kind != UNIT_CLOCK)
            meaning.role = N_COLUMN_ROLES;
    }
    char key[MAX_HEADER_NAME];
    snprintf(key, sizeof key, "%s", meaning.key);
    size_t ordinal = 0, v = 0;
    for (; v < l->n_variables; v++) {
        table_variable *known = &l->variables[v];
        const bool same = *key ? strcmp(known->meaning.key, key) == 0 : strcmp(known->label, label) == 0;
        if (!same) continue;
        if (b->column[v] != NO_COLUMN) {
            ordinal++;
            continue;
        }
        break;
    }
    /* Tables with other headers for the same are one: "Time (min)" here, "t / min" there. */
    for (size_t k = 0; v == l->n_variables && l->n_blocks > 1 && k < l->n_variables; k++)
        if (l->variables[k].meaning.role == meaning.role && meaning.role != N_COLUMN_ROLES &&
            meaning.role != COLUMN_STANDARD && b->column[k] == NO_COLUMN && !l->variables[k].ordinal && !ordinal)
            v = k;
    if (v == l->n_variables) {
        if (v >= MOST_VARIABLES) return;
        l->variables[l->n_variables++] =
            (table_variable){.meaning = meaning, .ordinal = ordinal, .role = N_COLUMN_ROLES};
        snprintf(l->variables[v].label, MAX_LABEL, "%s", label);
    }
    b->column[v] = (uint16_t)column;
    b->units[v] = meaning.unit;
}

/* Whether what is left of a header besides its run names the catalyst: "0.5 mol% Ru" is a run and no species. */
static bool is_catalyst_of_run(const char *species) {
    const header_meaning m = mech_read_header(species);
    return m.role == COLUMN_CATALYST || (m.role == N_COLUMN_ROLES && m.hint == COLUMN_CATALYST);
}

/* Whether every column but times, runs and idle ones names a loading or nothing but a run: then each is a run. */
static bool columns_are_runs(const table_heading *h, size_t n, const bool *used) {
    size_t n_runs = 0, n_counted = 0;
    for (size_t c = 0; c < n; c++) {
        if (!used[c]) continue;
        const header_meaning m = mech_read_header(h[c].name);
        if (m.role == COLUMN_TIME || m.no_species) continue;
        char species[MAX_HEADER_NAME], run[MAX_HEADER_NAME], number[24];
        /* "1", "2", "3" count the runs. */
        snprintf(number, sizeof number, "%zu", n_counted + 1);
        const bool counts = strcmp(h[c].name, number) == 0;
        n_counted += counts;
        if (m.unit.kind == UNIT_AREA) return false;
        const bool names_run =
            counts || (mech_split_run_header(h[c].name, species, run) && (!*species || is_catalyst_of_run(species)));
        const bool starts_with_number = h[c].name[0] >= '0' && h[c].name[0] <= '9';
        const bool names_loading =
            !isnan(mech_loading_in_text(h[c].name, true).value) && (starts_with_number || m.role == N_COLUMN_ROLES);
        if (!names_run && !names_loading) return false;
        n_runs++;
    }
    return n_runs >= 2;
}

/* Whether at least two columns name a species and a run, "[S] (run 1)". */
static bool columns_name_runs(const table_heading *h, size_t n, const bool *used) {
    size_t n_named = 0;
    char species[MAX_HEADER_NAME], run[MAX_HEADER_NAME];
    for (size_t c = 0; c < n; c++)
        n_named += used[c] && mech_split_run_header(h[c].name, species, run) && *species &&
                   isnan(mech_loading_in_text(species, true).value) &&
                   !(is_catalyst_of_run(species) && !isnan(mech_loading_in_text(h[c].name, true).value));
    return n_named >= 2;
}

/* The block of that run among those that the region has begun, or a new one with the shared columns. */
static table_block *block_of_run(table_layout *l, const table_region *r, size_t file, size_t from, const char *run,
                                 mech_error *error) {
    for (size_t b = from; b < l->n_blocks; b++)
        if (strcmp(l->blocks[b].run, run) == 0) return &l->blocks[b];
    return add_block(l, r, file, run, error);
}

/* Whether a column of readings follows each time before the next; "Date, Run, Time / h, S" has one table with two. */
static bool each_time_has_readings(const table_heading *h, size_t n, const bool *used) {
    bool open = false;
    for (size_t c = 0; c < n; c++) {
        if (!used[c]) continue;
        const header_meaning m = mech_read_header(h[c].name);
        if (m.role == COLUMN_TIME && open) return false;
        open = m.role == COLUMN_TIME || (open && (m.no_species || m.role == COLUMN_RUN));
    }
    return !open;
}

/* Whether the columns below a row of conditions name their runs themselves. */
static bool columns_below_conditions_are_runs(const table_heading *h, size_t n, const bool *used) {
    bool any = false;
    for (size_t c = 0; c < n; c++) any |= used[c] && h[c].condition;
    return any && (columns_name_runs(h, n, used) || columns_are_runs(h, n, used));
}

/* Whether a sheet is called after what it holds: "Substrate (M)", "Product". */
static bool names_species(const char *sheet_name) {
    const column_role role = mech_read_header(sheet_name).role;
    return role == COLUMN_SUBSTRATE || role == COLUMN_PRODUCT || role == COLUMN_SECOND || role == COLUMN_CONVERSION ||
           role == COLUMN_YIELD;
}

/* The column whose times a header tells by its name: "time S" those of "S"; SIZE_MAX: none. */
static size_t find_clocked(const table_heading *h, size_t n, const bool *used, size_t clock) {
    static const char *const words[] = {"time", "zeit", "temps", "t"};
    char key[MAX_HEADER_NAME], rest[MAX_HEADER_NAME];
    size_t name;
    const table_unit u = mech_split_unit(h[clock].name, &name);
    if (u.kind != UNIT_TIME) name = strlen(h[clock].name); /* "t_S" */
    mech_reduce_name(h[clock].name, name, key);
    const size_t length = strlen(key);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t m = strlen(words[i]);
        if (length <= m) continue;
        if (strncmp(key, words[i], m) == 0)
            snprintf(rest, sizeof rest, "%s", key + m);
        else if (m > 1 && strcmp(key + length - m, words[i]) == 0)
            snprintf(rest, sizeof rest, "%.*s", (int)(length - m), key);
        else
            continue;
        for (size_t c = 0; c < n; c++)
            if (c != clock && used[c] && strcmp(mech_read_header(h[c].name).key, rest) == 0) return c;
    }
    return SIZE_MAX;
}

/* Whether a header is of something that holds at all times of a run. */
static bool holds_at_all_times(const header_meaning *m) {
    return m->role == COLUMN_RUN || m->role == COLUMN_CATALYST || m->role == COLUMN_S0 || m->role == COLUMN_P0 ||
           m->role == COLUMN_B0 || m->start || m->no_species ||
           (m->role == N_COLUMN_ROLES && m->hint == COLUMN_CATALYST);
}

/* Where species have times of their own in one run, "time S, S, time P, P", or "time, S, time, P", writes to
 * clock_of[n] the column of times of each species and SIZE_MAX for all others; returns how many such columns there are,
 * 0 where it is not so. */
static size_t find_clocks(const table_heading *h, size_t n, const bool *used, size_t *clock_of) {
    size_t n_named = 0, n_plain = 0, last = SIZE_MAX;
    bool substrate = false, product = false, other = false, named_all = true;
    for (size_t c = 0; c < n; c++) clock_of[c] = SIZE_MAX;
    for (size_t c = 0; c < n; c++) {
        const size_t of = used[c] ? find_clocked(h, n, used, c) : SIZE_MAX;
        if (*h[c].group) return 0;
        if (of == SIZE_MAX || find_clocked(h, n, used, of) != SIZE_MAX) continue;
        if (clock_of[of] != SIZE_MAX) return 0;
        clock_of[of] = c;
        n_named++;
    }
    for (size_t c = 0; c < n; c++) {
        if (!used[c]) continue;
        bool is_clock = false;
        for (size_t k = 0; k < n; k++) is_clock |= clock_of[k] == c;
        const header_meaning m = mech_read_header(h[c].name);
        if (!is_clock && clock_of[c] == SIZE_MAX && !holds_at_all_times(&m)) named_all = false;
    }
    if (n_named > 1 && named_all) return n_named;
    for (size_t c = 0; c < n; c++) clock_of[c] = SIZE_MAX;
    for (size_t c = 0; c < n; c++) {
        if (!used[c]) continue;
        const header_meaning m = mech_read_header(h[c].name);
        if (m.role == COLUMN_TIME) {
            n_plain++;
            last = c;
        } else if (!holds_at_all_times(&m)) {
            other |= m.role != COLUMN_SUBSTRATE && m.role != COLUMN_PRODUCT;
            if (last == SIZE_MAX || (m.role == COLUMN_SUBSTRATE && substrate) || (m.role == COLUMN_PRODUCT && product))
                return 0;
            substrate |= m.role == COLUMN_SUBSTRATE;
            product |= m.role == COLUMN_PRODUCT;
            clock_of[c] = last;
            last = SIZE_MAX;
        }
    }
    return n_plain == 2 && substrate && product && !other ? n_plain : 0;
}

/* Cuts a region whose species have times of their own: a block for each, of one run. */
static mech_status cut_clocks(table_layout *l, const table_region *r, size_t file, const char *title,
                              const table_heading *h, size_t n, const bool *used, const size_t *clock_of,
                              mech_error *error) {
    for (size_t species = 0; species < n; species++) {
        const size_t clock = clock_of[species];
        if (clock == SIZE_MAX) continue;
        table_block *b = add_block(l, r, file, *title ? title : "1", error);
        if (!b) return error && error->status != MECH_OK ? error->status : MECH_OUT_OF_MEMORY;
        size_t name;
        table_unit unit = mech_split_unit(h[clock].name, &name);
        if (unit.kind != UNIT_TIME && unit.kind != UNIT_CLOCK) unit = h[clock].unit_below;
        add_column(l, b, clock, "time", &unit);
        add_column(l, b, species, h[species].name, &h[species].unit_below);
        for (size_t v = 0; v < l->n_variables; v++)
            if (b->column[v] == species) b->own |= UINT64_C(1) << v;
        for (size_t c = 0; c < n; c++) {
            bool is_clock = false;
            for (size_t k = 0; k < n; k++) is_clock |= clock_of[k] == c;
            if (used[c] && !is_clock && clock_of[c] == SIZE_MAX) add_column(l, b, c, h[c].name, &h[c].unit_below);
        }
    }
    return MECH_OK;
}

typedef enum arrangement {
    LONG_TABLE,
    CLOCKS,
    SIDE_BY_SIDE,
    GROUPS,
    SUFFIXES,
    RUN_IN_HEADER,
    RUN_A_COLUMN
} arrangement;

/* Cuts a region with headers into blocks. */
static mech_status cut_region(table_layout *l, const table_region *r, size_t file, const lines_above *above,
                              const char *title, size_t *n_groups_above, mech_error *error) {
    const sheet *s = r->s;
    size_t n_columns = 0;
    for (size_t row = r->header; row <= r->header + r->below; row++)
        if (s->rows[row].n_cells > n_columns) n_columns = s->rows[row].n_cells;
    table_heading *h = calloc(n_columns, sizeof *h);
    bool *used = calloc(n_columns, sizeof *used);
    size_t *clock_of = calloc(n_columns, sizeof *clock_of);
    const size_t from = l->n_blocks;
    mech_status status = h && used && clock_of ? MECH_OK : mech_fail_memory(error);
    if (status != MECH_OK) goto cleanup;
    *n_groups_above = mech_read_headings(r, n_columns, h);
    size_t n_times = 0, n_groups = 0, first_used = SIZE_MAX, run_column = SIZE_MAX;
    bool same_first = true;
    for (size_t c = 0; c < n_columns; c++) {
        used[c] = *h[c].name != '\0';
        if (!used[c]) continue;
        if (first_used == SIZE_MAX) first_used = c;
        const header_meaning m = mech_read_header(h[c].name);
        n_times += m.role == COLUMN_TIME;
        if (m.role == COLUMN_RUN && run_column == SIZE_MAX) run_column = c;
        n_groups += *h[c].group && (c == 0 || strcmp(h[c].group, h[c - 1].group) != 0);
    }
    arrangement how = find_clocks(h, n_columns, used, clock_of)                                ? CLOCKS
                      : n_times > 1 && each_time_has_readings(h, n_columns, used)              ? SIDE_BY_SIDE
                      : n_groups > 1 && !columns_below_conditions_are_runs(h, n_columns, used) ? GROUPS
                      : columns_name_runs(h, n_columns, used)                                  ? RUN_IN_HEADER
                      : columns_are_runs(h, n_columns, used)                                   ? RUN_A_COLUMN
                      : mech_group_by_suffix(h, n_columns)                                     ? SUFFIXES
                                                                                               : LONG_TABLE;
    if (how == SIDE_BY_SIDE && run_column != SIZE_MAX) {
        status =
            mech_fail(error, MECH_INVALID_INPUT,
                      "%s: a table of blocks side by side has a column for run, '%.40s'; expected one or the other",
                      mech_place_of(s, r->header, run_column).text, h[run_column].name);
        goto cleanup;
    }
    /* Blocks side by side begin with a time, or with the column that stands first where that comes again as often. */
    size_t repeats = 0;
    for (size_t c = 0; c < n_columns; c++) repeats += used[c] && strcasecmp(h[c].name, h[first_used].name) == 0;
    same_first = repeats == n_times && mech_read_header(h[first_used].name).role != COLUMN_TIME;
    table_block *b = NULL;
    size_t n_side = 0;
    if (how == CLOCKS) status = cut_clocks(l, r, file, title, h, n_columns, used, clock_of, error);
    for (size_t c = 0; c < n_columns && status == MECH_OK && how != CLOCKS; c++) {
        if (!used[c]) continue;
        char species[MAX_HEADER_NAME], run[MAX_HEADER_NAME];
        const header_meaning m = mech_read_header(h[c].name);
        const char *label = h[c].name, *run_name = title;
        bool shared = false;
        if (how == SIDE_BY_SIDE) {
            const bool begins = same_first ? strcasecmp(h[c].name, h[first_used].name) == 0 : m.role == COLUMN_TIME;
            if (begins || !b) {
                if (begins || first_used == c) n_side++;
                char number[24];
                snprintf(number, sizeof number, "%s", "");
                b = add_block(l, r, file, *h[c].group ? h[c].group : number, error);
            }
        } else if (how == GROUPS || how == SUFFIXES) {
            shared = !*h[c].group || (how == GROUPS && m.role == COLUMN_TIME);
            run_name = h[c].group;
        } else if (how == RUN_IN_HEADER) {
            shared = !mech_split_run_header(h[c].name, species, run);
            if (!shared) run_name = run, label = species;
        } else if (how == RUN_A_COLUMN) {
            shared = m.role == COLUMN_TIME || m.no_species;
            run_name = h[c].name;
            if (!shared) label = names_species(s->name) ? s->name : "a column each";
        }
        if (how == LONG_TABLE) {
            if (!b) b = add_block(l, r, file, title, error);
        } else if (how != SIDE_BY_SIDE) {
            if (shared) continue;
            b = block_of_run(l, r, file, from, run_name, error);
        }
        if (!b) {
            status = error && error->status != MECH_OK ? error->status : MECH_OUT_OF_MEMORY;
            break;
        }
        table_unit below = h[c].unit_below;
        if (how == RUN_A_COLUMN && isnan(b->loading.value)) b->loading = mech_loading_in_text(h[c].name, true);
        if (h[c].condition && how != GROUPS && how != SIDE_BY_SIDE) {
            if (isnan(b->loading.value)) b->loading = mech_loading_in_text(h[c].group, true);
            if (!b->n_starts) b->n_starts = mech_starts_in_text(h[c].group, b->starts, 0);
        }
        add_column(l, b, c, label, &below);
    }
    /* Shared columns belong to each block. */
    for (size_t c = 0; c < n_columns && status == MECH_OK && how > SIDE_BY_SIDE; c++) {
        char species[MAX_HEADER_NAME], run[MAX_HEADER_NAME];
        const header_meaning m = mech_read_header(h[c].name);
        const bool shared = used[c] && (how == GROUPS          ? !*h[c].group || m.role == COLUMN_TIME
                                        : how == SUFFIXES      ? !*h[c].group
                                        : how == RUN_IN_HEADER ? !mech_split_run_header(h[c].name, species, run)
                                                               : m.role == COLUMN_TIME || m.no_species);
        for (size_t k = from; shared && k < l->n_blocks; k++)
            add_column(l, &l->blocks[k], c, h[c].name, &h[c].unit_below);
    }
    for (size_t k = from; k < l->n_blocks; k++) {
        table_block *made = &l->blocks[k];
        made->value_columns = n_columns;
        if (isnan(made->loading.value)) made->loading = mech_loading_in_text(made->run, true);
        if (isnan(made->loading.value)) made->loading = above->loading;
        if (!made->n_starts) made->n_starts = mech_starts_in_text(made->run, made->starts, 0);
        /* "conversion of ArBr (%), [ArBr]0 = 0.25 M" */
        for (size_t c = 0; c < n_columns && how == LONG_TABLE; c++)
            if (strchr(h[c].name, '=')) made->n_starts = mech_starts_in_text(h[c].name, made->starts, made->n_starts);
        for (size_t i = 0; i < above->n_starts && made->n_starts < MOST_SAID_STARTS; i++)
            made->starts[made->n_starts++] = above->starts[i];
    }
    shorten_titles(l, from);
cleanup:
    free(h);
    free(used);
    free(clock_of);
    return status;
}

/* A table without a header: columns are known by their numbers. */
static mech_status cut_headerless(table_layout *l, const table_region *r, size_t file, mech_error *error) {
    table_block *b = add_block(l, r, file, "", error);
    if (!b) return error && error->status != MECH_OK ? error->status : MECH_OUT_OF_MEMORY;
    l->headerless = true;
    b->value_columns = r->s->n_columns;
    const table_unit none = mech_read_unit("", 0);
    for (size_t c = 0; c < r->s->n_columns && c < MOST_VARIABLES; c++) {
        char label[MAX_LABEL];
        snprintf(label, sizeof label, "column %zu", c + 1);
        add_column(l, b, c, label, &none);
    }
    return MECH_OK;
}

static mech_status find_in_sheet(table_layout *l, const sheet *s, size_t file, const char *default_run, bool needed,
                                 const column_choice *choice, notes *list, mech_error *error) {
    size_t header = mech_find_header_row(s, 0, choice, true);
    if (header != SIZE_MAX && mech_chooses_numbers_only(choice) && !mech_has_time_header(s, header) && header > 0)
        header = SIZE_MAX;
    size_t first_row = 0; /* that is no remark, for messages */
    while (first_row < s->n_rows && s->rows[first_row].remark) first_row++;
    if (header == SIZE_MAX) {
        size_t first = first_row;
        while (first < s->n_rows && (s->rows[first].remark || mech_count_numbers(s, first) < 2)) first++;
        if (first >= s->n_rows) {
            if (needed)
                return mech_fail(
                    error, MECH_INVALID_INPUT,
                    "%s: no row holds a time and a concentration; expected a line of headers (run, time, S, "
                    "P, cat) and rows of numbers",
                    mech_place_of(s, first_row, SIZE_MAX).text);
            mech_note(list, "the sheet '%.60s' holds no table and was passed over", s->name);
            return MECH_OK;
        }
        table_region r = {.s = s, .header = SIZE_MAX, .first = first, .end = s->n_rows};
        if (first > first_row)
            mech_note(list, "%zu line%s above the numbers %s passed over", first - first_row,
                      first - first_row == 1 ? "" : "s", first - first_row == 1 ? "was" : "were");
        return cut_headerless(l, &r, file, error);
    }
    mech_status status = MECH_OK;
    size_t n_above = 0, n_below = 0, top = 0;
    bool first_region = true;
    while (status == MECH_OK && header != SIZE_MAX) {
        table_region r = {.s = s, .header = header, .top = top < header ? top : header};
        while (r.below < ROWS_BELOW_HEADER && !s->rows[header].remark &&
               mech_is_below_header(s, header + r.below + 1) && header + r.below + 2 < s->n_rows)
            r.below++;
        r.first = header + r.below + 1;
        size_t next = SIZE_MAX, n_left = 0, n_groups = 0;
        r.end = mech_find_end(s, r.first, header, choice, &next, &n_left);
        /* A header that comes again over the same runs, as on each page of a print, is no table of its own. */
        r.stacked = !first_region || next != SIZE_MAX;
        lines_above above;
        mech_read_lines_above(s, r.top, header, r.stacked, &above);
        const char *title = r.stacked && *above.name ? above.name : default_run ? default_run : "";
        const size_t n_before = l->n_blocks;
        status = cut_region(l, &r, file, &above, title, &n_groups, error);
        if (first_region) {
            n_above = above.n_lines - (above.n_told < above.n_lines ? above.n_told : above.n_lines);
            n_above -= n_groups < n_above ? n_groups : n_above;
        }
        if (status == MECH_OK && !isnan(above.loading.value) && !r.stacked && !n_groups && l->n_blocks > n_before)
            mech_note(list, "a line above the table says the catalyst, %g %s", above.loading.value,
                      above.loading.unit.name);
        if (status == MECH_OK && first_region && l->n_blocks > n_before && l->blocks[n_before].own)
            mech_note(list, "species have times of their own: a reading holds what was measured at its time");
        if (next == SIZE_MAX) n_below += n_left;
        first_region = false;
        header = next;
        top = r.end;
    }
    if (status == MECH_OK && n_above)
        mech_note(list, "%zu line%s above the header %s passed over", n_above, n_above == 1 ? "" : "s",
                  n_above == 1 ? "was" : "were");
    if (status == MECH_OK && n_below)
        mech_note(list, "%zu line%s below the readings %s passed over", n_below, n_below == 1 ? "" : "s",
                  n_below == 1 ? "was" : "were");
    return status;
}

mech_status mech_find_tables(const workbook *book, size_t file, const char *run, const column_choice *choice,
                             table_layout *found, notes *list, mech_error *error) {
    mech_status status = MECH_OK;
    const size_t before = found->n_blocks;
    for (size_t i = 0; i < book->n_sheets && status == MECH_OK; i++) {
        const sheet *s = &book->sheets[i];
        status =
            find_in_sheet(found, s, file, book->n_sheets > 1 ? s->name : run, book->n_sheets == 1, choice, list, error);
    }
    if (status == MECH_OK && found->n_blocks == before)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: no sheet holds a table; expected a line of headers (run, time, S, P, cat) and rows of "
                           "numbers",
                           book->sheets[0].source);
    return status;
}

void mech_layout_free(table_layout *found) {
    free(found->blocks);
    *found = (table_layout){0};
}

column_label mech_label_variable(const table_layout *l, const table_block *b, size_t v) {
    column_label label;
    if (b && b->column[v] != NO_COLUMN && b->header_row != SIZE_MAX) {
        const char *header = mech_sheet_cell(b->cells, b->header_row, b->column[v]);
        snprintf(label.text, sizeof label.text, "column %u ('%.40s')", b->column[v] + 1u,
                 *header ? header : l->variables[v].label);
    } else if (b && b->column[v] != NO_COLUMN) {
        snprintf(label.text, sizeof label.text, "column %u", b->column[v] + 1u);
    } else {
        snprintf(label.text, sizeof label.text, "'%.40s'", l->variables[v].label);
    }
    return label;
}

/* The variable that a role was given to: by header, else by number. */
static size_t chosen_variable(const table_layout *l, const column_choice *choice, column_role role) {
    for (size_t v = 0; v < l->n_variables; v++) {
        if (mech_is_chosen(choice, role, l->variables[v].label)) return v;
        for (size_t b = 0; b < l->n_blocks; b++) {
            const table_block *at = &l->blocks[b];
            if (at->column[v] != NO_COLUMN && at->header_row != SIZE_MAX &&
                mech_is_chosen(choice, role, mech_sheet_cell(at->cells, at->header_row, at->column[v])))
                return v;
        }
    }
    const size_t number = mech_chosen_number(choice, role);
    for (size_t b = 0; number && b < l->n_blocks; b++)
        for (size_t v = 0; v < l->n_variables; v++)
            if (l->blocks[b].column[v] == number - 1) return v;
    return SIZE_MAX;
}

/* What the headers are, for a message. */
static void list_headers(const table_layout *l, char *list, size_t room) {
    size_t n = 0;
    list[0] = '\0';
    for (size_t v = 0; v < l->n_variables && n < room; v++) {
        if (v == 12) {
            snprintf(list + n, room - n, " and %zu more", l->n_variables - v);
            return;
        }
        const int more = snprintf(list + n, room - n, "%s'%.24s'", v ? ", " : "", l->variables[v].label);
        n += more > 0 ? (size_t)more : 0;
    }
}

mech_status mech_apply_choice(table_layout *l, const column_choice *choice, mech_error *error) {
    for (column_role role = 0; role < N_COLUMN_ROLES; role++) {
        if (!choice->header[role]) continue;
        size_t v = chosen_variable(l, choice, role);
        const table_block *first = &l->blocks[0];
        if (v == SIZE_MAX) {
            char headers[480];
            list_headers(l, headers, sizeof headers);
            return mech_fail(
                error, MECH_INVALID_INPUT, "%s: there is no column '%.*s' for %s; the headers are %s",
                mech_place_of(first->cells, first->header_row == SIZE_MAX ? first->first : first->header_row, SIZE_MAX)
                    .text,
                choice->length[role] < 40 ? (int)choice->length[role] : 40, choice->header[role],
                mech_column_role_name(role), headers);
        }
        if (l->variables[v].chosen && l->n_variables < MOST_VARIABLES) {
            /* One column may be two things: the loading may name the run. */
            const size_t twin = l->n_variables++;
            l->variables[twin] = l->variables[v];
            for (size_t b = 0; b < l->n_blocks; b++) {
                l->blocks[b].column[twin] = l->blocks[b].column[v];
                l->blocks[b].units[twin] = l->blocks[b].units[v];
            }
            v = twin;
        }
        l->variables[v].role = role;
        l->variables[v].chosen = true;
    }
    return MECH_OK;
}
