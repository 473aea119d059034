/* Columns of time, runs and species, and what a table without headers may be. */
#include "experiment/reading/columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often a column's numbers ascend from row to row, where they do not return to 0; 0 where it is no column of
 * times. */
static double ascent_of(const table_numbers *n, size_t v) {
    size_t up = 0, steps = 0;
    for (size_t b = 0; b < n->l->n_blocks; b++) {
        const table_series *s = &n->series[b][v];
        const table_block *at = &n->l->blocks[b];
        if (!s->values || (*s->unit.name && s->unit.kind != UNIT_TIME && s->unit.kind != UNIT_CLOCK)) continue;
        double last = NAN;
        for (size_t i = 0; i < at->end - at->first; i++) {
            if (isnan(s->values[i])) continue;
            if (s->values[i] < 0) return 0;
            if (!isnan(last) && s->values[i] != 0) {
                steps++;
                up += s->values[i] > last;
            }
            last = s->values[i];
        }
    }
    return steps ? (double)up / (double)steps : 0;
}

/* The first column that ascends as times do; SIZE_MAX: none. */
static size_t find_ascending(const table_layout *l, const table_numbers *n) {
    for (size_t v = 0; v < l->n_variables; v++) {
        const table_variable *at = &l->variables[v];
        if (at->role != N_COLUMN_ROLES || at->meaning.role != N_COLUMN_ROLES || at->meaning.no_species) continue;
        if (ascent_of(n, v) >= 0.85) return v;
    }
    return SIZE_MAX;
}

static bool may_name_runs(const char *key) {
    static const char *const keys[] = {"id",         "sample", "vial", "well", "position", "probe",
                                       "samplename", "entry",  "no",   "nr",   "number",   "nummer"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0) return true;
    return false;
}

/* A column of texts that stay the same over several rows. */
static size_t find_names(const table_layout *l, const table_numbers *n) {
    for (size_t v = 0; v < l->n_variables; v++) {
        const table_variable *at = &l->variables[v];
        if (at->role != N_COLUMN_ROLES || at->meaning.role != N_COLUMN_ROLES) continue;
        /* A column "id" or "entry" may name runs, and numbers of theirs, too; a remark names none. */
        if (at->meaning.no_species && !may_name_runs(at->meaning.key)) continue;
        if (mech_has_values(n, v) && !at->meaning.no_species) continue;
        size_t rows = 0, changes = 0;
        for (size_t b = 0; b < l->n_blocks; b++) {
            const table_block *in = &l->blocks[b];
            const char *last = "";
            for (size_t i = in->first; in->column[v] != NO_COLUMN && i < in->end; i++) {
                const char *cell = mech_sheet_cell(in->cells, i, in->column[v]);
                if (!*cell) continue;
                rows++;
                changes += strcmp(cell, last) != 0;
                last = cell;
            }
        }
        if (rows > 1 && 2 * changes <= rows) return v;
    }
    return SIZE_MAX;
}

/* Turns a column of species and one of values into a variable for each species. */
static mech_status spread_species(table_layout *l, table_numbers *n, mech_error *error) {
    const size_t species = n->species, value = n->value;
    size_t n_species = 0;
    for (size_t b = 0; b < l->n_blocks; b++) {
        table_block *at = &l->blocks[b];
        const table_series *from = &n->series[b][value];
        if (at->column[species] == NO_COLUMN || !from->values) continue;
        const size_t n_rows = at->end - at->first;
        size_t last = SIZE_MAX;
        for (size_t i = 0; i < n_rows; i++) {
            const char *name = mech_sheet_cell(at->cells, at->first + i, at->column[species]);
            if (!*name) continue;
            size_t v = last;
            if (v == SIZE_MAX || strncmp(l->variables[v].label, name, MAX_LABEL - 1) != 0)
                for (v = 0; v < l->n_variables; v++)
                    if (v != species && v != value && strncmp(l->variables[v].label, name, MAX_LABEL - 1) == 0) break;
            if (v == l->n_variables) {
                if (v >= MOST_VARIABLES || n_species++ >= MOST_SPECIES)
                    return mech_fail(error, MECH_INVALID_INPUT, "%s: more than %d species in %s; expected fewer",
                                     mech_place_of(at->cells, at->first + i, at->column[species]).text,
                                     (int)MOST_SPECIES, mech_label_variable(l, at, species).text);
                table_variable *made = &l->variables[l->n_variables++];
                *made = (table_variable){.role = N_COLUMN_ROLES};
                snprintf(made->label, MAX_LABEL, "%.63s", name);
                made->meaning = mech_read_header(name);
                const column_role role = mech_role_of_species(name);
                if (made->meaning.role == N_COLUMN_ROLES || made->meaning.role == COLUMN_TIME)
                    made->meaning.role = role;
            }
            last = v;
            table_series *to = &n->series[b][v];
            if (!to->values) {
                *to = (table_series){.unit = from->unit, .first_text = SIZE_MAX, .below = NAN};
                to->values = mech_blank_values(n, n_rows);
                if (!to->values) return mech_fail_memory(error);
                at->column[v] = at->column[value];
                at->units[v] = at->units[value];
            }
            to->values[i] = from->values[i];
            if (!isnan(from->values[i])) to->n_numbers++;
        }
    }
    return MECH_OK;
}

/* Adds what a table without times says of its runs to n->conditions; *n_added rows said something. */
static mech_status take_conditions(const table_layout *l, table_numbers *n, size_t b, size_t run, size_t *n_added,
                                   mech_error *error) {
    const table_block *at = &l->blocks[b];
    const size_t n_rows = at->end - at->first;
    *n_added = 0;
    if (run == SIZE_MAX || at->column[run] == NO_COLUMN || n_rows > MAX_RUNS) return MECH_OK;
    run_conditions *grown = realloc(n->conditions, (n->n_conditions + n_rows + 1) * sizeof *grown);
    if (!grown) return mech_fail_memory(error);
    n->conditions = grown;
    for (size_t i = 0; i < n_rows; i++) {
        run_conditions *c = &grown[n->n_conditions];
        *c = (run_conditions){.loading = {.value = NAN}};
        snprintf(c->run, sizeof c->run, "%.63s", mech_sheet_cell(at->cells, at->first + i, at->column[run]));
        for (size_t v = 0; v < l->n_variables; v++) {
            const header_meaning *m = &l->variables[v].meaning;
            const double value = n->series[b][v].values ? n->series[b][v].values[i] : NAN;
            const table_unit *u = &n->series[b][v].unit;
            if (isnan(value) || v == run || (m->no_species && !m->start)) continue;
            if (u->kind != UNIT_CONCENTRATION && u->kind != UNIT_SHARE && *u->name) continue;
            if (m->role == COLUMN_CATALYST || (m->role == N_COLUMN_ROLES && m->hint == COLUMN_CATALYST)) {
                if (isnan(c->loading.value)) c->loading = (said_amount){value, *u};
            } else if ((m->role == COLUMN_S0 || m->role == COLUMN_SUBSTRATE ||
                        (m->start && m->role == N_COLUMN_ROLES)) &&
                       c->n_starts < MOST_SAID_STARTS) {
                said_start *start = &c->starts[c->n_starts++];
                *start = (said_start){.amount = {value, *u}};
                if (m->start && m->role == N_COLUMN_ROLES) memcpy(start->of, m->base, sizeof m->base);
            }
        }
        if (!*c->run || (isnan(c->loading.value) && !c->n_starts)) continue;
        n->n_conditions++;
        ++*n_added;
    }
    return MECH_OK;
}

/* Tables without the time that others have, such as a summary of the runs, are none of readings. */
static mech_status leave_out_timeless(table_layout *l, table_numbers *n, notes *list, mech_error *error) {
    size_t kept = 0;
    const size_t run = mech_variable_of(l, COLUMN_RUN);
    for (size_t b = 0; b < l->n_blocks; b++) {
        if (l->blocks[b].column[n->time] != NO_COLUMN) {
            if (kept != b) {
                l->blocks[kept] = l->blocks[b];
                memcpy(n->series[kept], n->series[b], sizeof n->series[b]);
                memset(n->series[b], 0, sizeof n->series[b]);
            }
            kept++;
            continue;
        }
        size_t n_conditions = 0;
        const mech_status status = take_conditions(l, n, b, run, &n_conditions, error);
        if (status != MECH_OK) return status;
        if (n_conditions)
            mech_note(list, "the table at %s says the conditions of %zu run%s",
                      mech_place_of(l->blocks[b].cells, l->blocks[b].header_row, SIZE_MAX).text, n_conditions,
                      n_conditions == 1 ? "" : "s");
        else
            mech_note(list, "the table at %s has no column '%.40s' for time and was passed over",
                      mech_place_of(l->blocks[b].cells, l->blocks[b].header_row, SIZE_MAX).text,
                      l->variables[n->time].label);
        memset(n->series[b], 0, sizeof n->series[b]);
    }
    for (size_t v = 0; v < l->n_variables && kept < l->n_blocks; v++) {
        bool any = false;
        for (size_t b = 0; b < kept; b++) any |= l->blocks[b].column[v] != NO_COLUMN;
        if (any) continue;
        l->variables[v].role = l->variables[v].meaning.role = l->variables[v].meaning.hint = N_COLUMN_ROLES;
        l->variables[v].meaning.start = false;
    }
    l->n_blocks = kept;
    return MECH_OK;
}

/* Whether the column of runs numbers readings: it changes in each row, while time goes on from 0. */
static bool numbers_readings(const table_layout *l, const table_numbers *n) {
    enum { FEWEST_ROWS = 3 };
    if (n->run == SIZE_MAX || l->variables[n->run].chosen) return false;
    for (size_t b = 0; b < l->n_blocks; b++) {
        const table_block *at = &l->blocks[b];
        const double *time = n->series[b][n->time].values;
        const size_t n_rows = at->end - at->first;
        if (at->column[n->run] == NO_COLUMN || !time || n_rows < FEWEST_ROWS || time[0] != 0) return false;
        for (size_t i = 1; i < n_rows; i++)
            if (!(time[i] > time[i - 1]) ||
                strcmp(mech_sheet_cell(at->cells, at->first + i, at->column[n->run]),
                       mech_sheet_cell(at->cells, at->first + i - 1, at->column[n->run])) == 0)
                return false;
    }
    return true;
}

mech_status mech_find_axes(table_layout *l, table_numbers *n, notes *list, mech_error *error) {
    mech_status status = mech_take_named(l, COLUMN_TIME, true, list, error);
    if (status == MECH_OK) status = mech_take_named(l, COLUMN_RUN, true, list, error);
    if (status != MECH_OK) return status;
    n->time = mech_variable_of(l, COLUMN_TIME);
    if (n->time == SIZE_MAX && !l->headerless) {
        n->time = find_ascending(l, n);
        if (n->time != SIZE_MAX) {
            l->variables[n->time].role = COLUMN_TIME;
            mech_note(list, "'%.40s' was taken for the time, as it ascends", l->variables[n->time].label);
        }
    }
    if (n->time == SIZE_MAX && l->headerless) {
        char proposal[160], what[320];
        cell_place place;
        mech_propose_columns(l, n, proposal, sizeof proposal);
        snprintf(what, sizeof what, "--columns '%s' or as it should be", proposal);
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: the table has no header; expected one, or the columns by number: %s",
                         mech_place_of_headers(l, &place), what);
    }
    for (size_t v = 0; n->time == SIZE_MAX && v < l->n_variables; v++)
        if (strstr(l->variables[v].meaning.key, "rate") || strstr(l->variables[v].meaning.key, "geschwindigkeit"))
            return mech_refuse_headers(l, "there is no time in it: these seem to be rates, not courses of reactions",
                                       "concentrations that were measured over time", error);
    if (n->time == SIZE_MAX)
        return mech_refuse_headers(
            l, "there is no column for time",
            "headers such as run, time, S, P, cat, or a choice of columns (--columns time=HEADER,...)", error);
    status = leave_out_timeless(l, n, list, error);
    if (status != MECH_OK) return status;
    n->run = mech_variable_of(l, COLUMN_RUN);
    if (numbers_readings(l, n)) {
        table_variable *at = &l->variables[n->run];
        mech_note(list, "'%.40s' changes from row to row: it numbers readings and names no runs", at->label);
        at->role = at->meaning.role = at->meaning.hint = N_COLUMN_ROLES;
        at->meaning.no_species = true;
        n->run = SIZE_MAX;
    }
    /* Species in a column. */
    size_t species = mech_variable_of(l, COLUMN_SPECIES), value = mech_variable_of(l, COLUMN_VALUE);
    for (size_t v = 0; v < l->n_variables; v++) {
        if (l->variables[v].meaning.role == COLUMN_SPECIES && species == SIZE_MAX && !mech_has_values(n, v))
            species = v;
        if (l->variables[v].meaning.role == COLUMN_VALUE && value == SIZE_MAX && mech_has_values(n, v)) value = v;
    }
    if (species != SIZE_MAX && value == SIZE_MAX) {
        /* The one column of numbers that is left. */
        size_t n_left = 0;
        for (size_t v = 0; v < l->n_variables; v++)
            if (l->variables[v].role == N_COLUMN_ROLES && l->variables[v].meaning.role == N_COLUMN_ROLES &&
                mech_has_values(n, v) && !l->variables[v].meaning.no_species) {
                value = v;
                n_left++;
            }
        if (n_left != 1) value = SIZE_MAX;
    }
    if (species != SIZE_MAX && value != SIZE_MAX) {
        n->species = species;
        n->value = value;
        l->variables[species].role = COLUMN_SPECIES;
        l->variables[value].role = COLUMN_VALUE;
        status = spread_species(l, n, error);
        if (status != MECH_OK) return status;
    }
    if (n->run == SIZE_MAX) {
        n->run = find_names(l, n);
        if (n->run == n->species && n->run != SIZE_MAX) n->run = SIZE_MAX;
        if (n->run != SIZE_MAX) {
            l->variables[n->run].role = COLUMN_RUN;
            mech_note(list, "'%.40s' was taken for the names of the runs", l->variables[n->run].label);
        }
    }
    return MECH_OK;
}

void mech_propose_columns(const table_layout *l, const table_numbers *n, char *proposal, size_t room) {
    size_t used = 0, run = find_names(l, n), time = find_ascending(l, n);
    bool substrate = false, product = false, catalyst = false;
    proposal[0] = '\0';
    for (size_t v = 0; v < l->n_variables && used + 24 < room; v++) {
        const char *role = NULL;
        double first = NAN, last = NAN;
        const table_series *s = &n->series[0][v];
        const size_t n_rows = l->blocks[0].end - l->blocks[0].first;
        /* The first stretch of rows up to the return of time to 0 is one run. */
        for (size_t i = 0; s->values && i < n_rows; i++) {
            if (i && time != SIZE_MAX && n->series[0][time].values && n->series[0][time].values[i] == 0) break;
            if (isnan(s->values[i])) continue;
            if (isnan(first)) first = s->values[i];
            last = s->values[i];
        }
        if (v == run)
            role = "run";
        else if (v == time)
            role = "time";
        else if (last < first && !substrate)
            role = "S", substrate = true;
        else if (last > first && !product)
            role = "P", product = true;
        else if (last == first && !catalyst)
            role = "cat", catalyst = true;
        if (!role) continue;
        const int more = snprintf(proposal + used, room - used, "%s%s=%zu", used ? "," : "", role, v + 1);
        used += more > 0 ? (size_t)more : 0;
    }
}
