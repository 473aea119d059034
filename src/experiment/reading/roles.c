#include "experiment/reading/roles.h"
#include "base/numbers/quantiles.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A change below this share of a run's largest value is none. */
static const double LEAST_CHANGE = 0.03;

/* Two scores closer than this are close. */
static const double CLEARLY = 0.5;

/* What a variable does, over all runs. */
typedef struct behaviour {
    size_t n_runs; /* with two values or more */
    size_t n_falling, n_rising, n_constant;
    size_t n_values;
    bool varies;    /* its first values differ between runs */
    bool any_value; /* other than 0 */
    double start;   /* the median of first values */
    double size;    /* the largest value */
} behaviour;

size_t mech_variable_of(const table_layout *l, column_role role) {
    for (size_t v = 0; v < l->n_variables; v++)
        if (l->variables[v].role == role) return v;
    return SIZE_MAX;
}

static bool has_values(const table_numbers *n, size_t v) {
    for (size_t b = 0; b < n->l->n_blocks; b++)
        if (n->series[b][v].values) return true;
    return false;
}

static const table_block *block_of(const table_layout *l, size_t v) {
    for (size_t b = 0; b < l->n_blocks; b++)
        if (l->blocks[b].column[v] != NO_COLUMN) return &l->blocks[b];
    return &l->blocks[0];
}

static const char *place_of_headers(const table_layout *l, cell_place *place) {
    const table_block *b = &l->blocks[0];
    *place = mech_place_of(b->cells, b->header_row == SIZE_MAX ? b->first : b->header_row, SIZE_MAX);
    return place->text;
}

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

static mech_status refuse_headers(const table_layout *l, const char *what, const char *expected, mech_error *error) {
    char headers[480];
    cell_place place;
    list_headers(l, headers, sizeof headers);
    return mech_fail(error, MECH_INVALID_INPUT, "%s: %s; expected %s; the headers are %s", place_of_headers(l, &place),
                     what, expected, headers);
}

/* How often a column's numbers ascend from row to row, where they do not return to 0; 0 where it is no column of
 * times. */
static double ascent_of(const table_numbers *n, size_t v) {
    size_t up = 0, steps = 0;
    for (size_t b = 0; b < n->l->n_blocks; b++) {
        const table_series *s = &n->series[b][v];
        const table_block *at = &n->l->blocks[b];
        if (!s->values || s->unit.kind == UNIT_CONCENTRATION || s->unit.kind == UNIT_SHARE) continue;
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

/* A column of texts that stay the same over several rows. */
static size_t find_names(const table_layout *l, const table_numbers *n) {
    for (size_t v = 0; v < l->n_variables; v++) {
        const table_variable *at = &l->variables[v];
        if (at->role != N_COLUMN_ROLES || at->meaning.role != N_COLUMN_ROLES || at->meaning.no_species) continue;
        if (has_values(n, v)) continue;
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

/* The one variable with that name, or the user's choice. Two columns with names of one role are close. */
static mech_status take_named(table_layout *l, column_role role, bool first_of_several, notes *list,
                              mech_error *error) {
    if (mech_variable_of(l, role) != SIZE_MAX) return MECH_OK;
    size_t found = SIZE_MAX;
    for (size_t v = 0; v < l->n_variables; v++) {
        table_variable *at = &l->variables[v];
        if (at->chosen || at->role != N_COLUMN_ROLES || at->meaning.role != role) continue;
        if (found == SIZE_MAX) {
            found = v;
            continue;
        }
        const table_block *b = block_of(l, v);
        if (first_of_several) {
            mech_note(list, "'%.40s' was taken for %s, not '%.40s'", l->variables[found].label,
                      mech_column_role_name(role), at->label);
            continue;
        }
        char what[256];
        snprintf(what, sizeof what, "%s and %s both look like %s", mech_label_variable(l, b, found).text,
                 mech_label_variable(l, b, v).text, mech_column_role_name(role));
        char expected[192];
        const char *name = mech_column_role_name(role), *one = l->variables[found].label, *other = at->label;
        if (strcmp(one, other) == 0)
            snprintf(expected, sizeof expected, "--columns '%s=%u' or '%s=%u'", name, b->column[found] + 1u, name,
                     b->column[v] + 1u);
        else
            snprintf(expected, sizeof expected, "--columns '%s=%.40s' or '%s=%.40s'", name, one, name, other);
        return refuse_headers(l, what, expected, error);
    }
    if (found != SIZE_MAX) l->variables[found].role = role;
    return MECH_OK;
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
                to->values = malloc((n_rows + 1) * sizeof *to->values);
                if (!to->values) return mech_fail_memory(error);
                for (size_t k = 0; k < n_rows; k++) to->values[k] = NAN;
                at->column[v] = at->column[value];
                at->units[v] = at->units[value];
            }
            to->values[i] = from->values[i];
            if (!isnan(from->values[i])) to->n_numbers++;
        }
    }
    return MECH_OK;
}

mech_status mech_find_axes(table_layout *l, table_numbers *n, notes *list, mech_error *error) {
    mech_status status = take_named(l, COLUMN_TIME, true, list, error);
    if (status == MECH_OK) status = take_named(l, COLUMN_RUN, true, list, error);
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
                         place_of_headers(l, &place), what);
    }
    if (n->time == SIZE_MAX)
        return refuse_headers(
            l, "there is no column for time",
            "headers such as run, time, S, P, cat, or a choice of columns (--columns time=HEADER,...)", error);
    for (size_t b = 0; b < l->n_blocks; b++)
        if (l->blocks[b].column[n->time] == NO_COLUMN)
            return mech_fail(error, MECH_INVALID_INPUT, "%s: this part of the table has no column '%.40s' for time",
                             mech_place_of(l->blocks[b].cells, l->blocks[b].header_row, SIZE_MAX).text,
                             l->variables[n->time].label);
    n->run = mech_variable_of(l, COLUMN_RUN);
    /* Species in a column. */
    size_t species = mech_variable_of(l, COLUMN_SPECIES), value = mech_variable_of(l, COLUMN_VALUE);
    for (size_t v = 0; v < l->n_variables; v++) {
        if (l->variables[v].meaning.role == COLUMN_SPECIES && species == SIZE_MAX && !has_values(n, v)) species = v;
        if (l->variables[v].meaning.role == COLUMN_VALUE && value == SIZE_MAX && has_values(n, v)) value = v;
    }
    if (species != SIZE_MAX && value == SIZE_MAX) {
        /* The one column of numbers that is left. */
        size_t n_left = 0;
        for (size_t v = 0; v < l->n_variables; v++)
            if (l->variables[v].role == N_COLUMN_ROLES && l->variables[v].meaning.role == N_COLUMN_ROLES &&
                has_values(n, v) && !l->variables[v].meaning.no_species) {
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

size_t mech_find_loading(const table_layout *l) {
    const size_t chosen = mech_variable_of(l, COLUMN_CATALYST);
    if (chosen != SIZE_MAX) return chosen;
    for (size_t v = 0; v < l->n_variables; v++)
        if (l->variables[v].meaning.role == COLUMN_CATALYST && l->variables[v].role == N_COLUMN_ROLES) return v;
    return SIZE_MAX;
}

static behaviour watch(const table_numbers *n, size_t v) {
    behaviour w = {.start = NAN};
    double firsts[MAX_RUNS];
    size_t n_firsts = 0;
    double lowest = INFINITY, highest = -INFINITY;
    for (size_t r = 0; r < n->n_runs; r++) {
        const course *c = mech_course(n, r, v);
        if (!c->n) continue;
        firsts[n_firsts++] = c->first;
        w.n_values += c->n;
        lowest = fmin(lowest, c->first);
        highest = fmax(highest, c->first);
        w.size = fmax(w.size, fmax(fabs(c->least), fabs(c->most)));
        if (c->n < 2) continue;
        w.n_runs++;
        const double largest = fmax(fabs(c->least), fabs(c->most)), change = c->last - c->first;
        if (c->most - c->least <= 1e-6 * largest)
            w.n_constant++;
        else if (change < -LEAST_CHANGE * largest)
            w.n_falling++;
        else if (change > LEAST_CHANGE * largest)
            w.n_rising++;
    }
    w.any_value = w.size > 0;
    w.varies = highest > lowest + 1e-6 * fmax(fabs(highest), fabs(lowest));
    if (n_firsts) {
        mech_sort_numbers(n_firsts, firsts);
        w.start = firsts[(n_firsts - 1) / 2];
    }
    return w;
}

static bool mostly(size_t some, size_t all) { return 2 * some > all; }

/* Whether a variable may be a species at all. */
static bool is_candidate(const table_layout *l, const table_numbers *n, size_t v) {
    const table_variable *at = &l->variables[v];
    if (at->role != N_COLUMN_ROLES || at->chosen || at->meaning.no_species || !has_values(n, v)) return false;
    if (at->meaning.hint == COLUMN_STANDARD || at->meaning.role == COLUMN_STANDARD) return false;
    if (at->meaning.role != N_COLUMN_ROLES && at->meaning.role != COLUMN_VALUE) return false;
    const table_unit *u = &block_of(l, v)->units[v];
    return u->kind != UNIT_OTHER && u->kind != UNIT_TIME && u->kind != UNIT_CLOCK;
}

/* By how much a reactant exceeds the least of all that fall, in the middle run; 1: it is the limiting one. */
static double excess_of(const table_layout *l, const table_numbers *n, const behaviour *w, size_t v) {
    double ratios[MAX_RUNS];
    size_t n_ratios = 0;
    for (size_t r = 0; r < n->n_runs; r++) {
        const course *own = mech_course(n, r, v);
        double least = INFINITY;
        for (size_t u = 0; u < l->n_variables; u++) {
            const course *c = mech_course(n, r, u);
            if (is_candidate(l, n, u) && mostly(w[u].n_falling, w[u].n_runs) && c->n && c->first > 0)
                least = fmin(least, c->first);
        }
        if (own->n && own->first > 0 && isfinite(least)) ratios[n_ratios++] = own->first / least;
    }
    if (!n_ratios) return 1;
    mech_sort_numbers(n_ratios, ratios);
    return ratios[(n_ratios - 1) / 2];
}

/* How much of the substrate's fall is missing in the rise of a product, as a share of it: 0 where they are alike. */
static double imbalance_of(const table_numbers *n, size_t s, size_t p) {
    double missing = 0, all = 0;
    for (size_t r = 0; r < n->n_runs; r++) {
        const course *fall = mech_course(n, r, s), *rise = mech_course(n, r, p);
        if (fall->n < 2 || rise->n < 2) continue;
        missing += fabs((fall->first - fall->last) - (rise->last - rise->first));
        all += fabs(fall->first - fall->last);
    }
    return all > 0 ? missing / all : 1;
}

/* How well a role suits a variable; -INFINITY: not at all. */
static double score(const table_layout *l, const table_numbers *n, const behaviour *w, column_role role, size_t v) {
    const header_meaning *m = &l->variables[v].meaning;
    const behaviour *does = &w[v];
    const unit_kind kind = block_of(l, v)->units[v].kind;
    if (!is_candidate(l, n, v) || !does->any_value) return -INFINITY;
    if (role == COLUMN_SUBSTRATE) {
        if (!mostly(does->n_falling, does->n_runs) && !(n->scattered && m->hint == role)) return -INFINITY;
        const double excess = excess_of(l, n, w, v);
        return 3 / (excess * excess) + (m->hint == role ? 5 : 0) -
               (m->hint == COLUMN_PRODUCT || m->hint == COLUMN_CATALYST ? 6 : 0);
    }
    if (role == COLUMN_PRODUCT) {
        if (!mostly(does->n_rising, does->n_runs) || m->hint == COLUMN_CATALYST) return -INFINITY;
        const size_t s = mech_variable_of(l, COLUMN_SUBSTRATE);
        const double balance = s == SIZE_MAX ? 0 : 2 * (1 - fmin(1, imbalance_of(n, s, v)));
        return 1 + balance + (m->hint == role ? 5 : 0) - (m->by_product ? 5 : 0);
    }
    /* The catalyst does not change within a run, unless what was measured is what is left of it. */
    const bool constant = mostly(does->n_constant, does->n_runs) || !does->n_runs;
    if (!constant && m->hint != COLUMN_CATALYST) return -INFINITY;
    const size_t s = mech_variable_of(l, COLUMN_SUBSTRATE);
    double points = m->hint == COLUMN_CATALYST ? 6 : m->hint != N_COLUMN_ROLES || m->by_product ? -6 : 0;
    points += kind == UNIT_SHARE ? 3 : 0;
    points += does->varies ? 1 : 0;
    if (s != SIZE_MAX && does->size < 0.5 * w[s].size) points += 1;
    return points;
}

/* The least score with which a role is taken without a name for it. */
static double least_score(column_role role) { return role == COLUMN_CATALYST ? 2 : 0.2; }

/* A role that goes to what suits it best. Where a second is close, both are written down and *close is set. */
typedef struct contest {
    column_role role;
    size_t best, second; /* SIZE_MAX: none */
    bool close;
} contest;

static contest hold(const table_layout *l, const table_numbers *n, const behaviour *w, column_role role) {
    contest c = {.role = role, .best = SIZE_MAX, .second = SIZE_MAX};
    double best = -INFINITY, second = -INFINITY;
    for (size_t v = 0; v < l->n_variables; v++) {
        const double points = score(l, n, w, role, v);
        if (!(points >= least_score(role))) continue;
        if (points > best) {
            second = best;
            c.second = c.best;
            best = points;
            c.best = v;
        } else if (points > second) {
            second = points;
            c.second = v;
        }
    }
    c.close = c.second != SIZE_MAX && best - second < CLEARLY;
    return c;
}

/* Says between which columns the program hesitates, and what to type. */
static mech_status refuse_close(const table_layout *l, const contest *contests, size_t n, mech_error *error) {
    char what[320] = "", type[200] = "", other[200] = "";
    cell_place place;
    for (size_t i = 0; i < n; i++) {
        const size_t a = strlen(what), b = strlen(type), c = strlen(other);
        const char *role = mech_column_role_name(contests[i].role);
        const char *best = l->variables[contests[i].best].label, *second = l->variables[contests[i].second].label;
        const bool quote_best = strchr(best, ',') != NULL, quote_second = strchr(second, ',') != NULL;
        snprintf(what + a, sizeof what - a, "%s'%.40s' or '%.40s' may be %s", a ? ", " : "", best, second, role);
        snprintf(type + b, sizeof type - b, "%s%s=%s%.40s%s", b ? "," : "", role, quote_best ? "\"" : "", best,
                 quote_best ? "\"" : "");
        snprintf(other + c, sizeof other - c, "%s%s=%s%.40s%s", c ? "," : "", role, quote_second ? "\"" : "", second,
                 quote_second ? "\"" : "");
    }
    return mech_fail(error, MECH_INVALID_INPUT, "%s: %s: they do the same; expected a choice: --columns '%s' or '%s'",
                     place_of_headers(l, &place), what, type, other);
}

static bool is_constant_everywhere(const behaviour *w) { return w->n_constant == w->n_runs && !w->varies; }

/* What is left: further reactants, additives and by-products stay in the runs under their headers. */
static void keep_others(table_layout *l, const table_numbers *n, const behaviour *w, notes *list) {
    size_t second = mech_variable_of(l, COLUMN_SECOND);
    if (second == SIZE_MAX) {
        double least = INFINITY;
        for (size_t v = 0; v < l->n_variables; v++) {
            if (!is_candidate(l, n, v) || !mostly(w[v].n_falling, w[v].n_runs)) continue;
            if (l->variables[v].meaning.hint == COLUMN_CATALYST) continue;
            const double excess = excess_of(l, n, w, v);
            if (excess >= least) continue;
            least = excess;
            second = v;
        }
        if (second != SIZE_MAX) {
            l->variables[second].role = COLUMN_SECOND;
            mech_note(list, "'%.40s' was taken for a second reactant, B", l->variables[second].label);
        }
    }
    for (size_t v = 0; v < l->n_variables; v++) {
        table_variable *at = &l->variables[v];
        if (is_candidate(l, n, v) && w[v].any_value && !is_constant_everywhere(&w[v])) {
            at->as_reactant = true;
            mech_note(list, "'%.40s' is kept as a further species", at->label);
        } else if (at->role == N_COLUMN_ROLES && has_values(n, v) && !(n->value == v)) {
            mech_note(list, "'%.40s' was left out%s", at->label,
                      at->meaning.hint == COLUMN_STANDARD || at->meaning.role == COLUMN_STANDARD
                          ? ": an internal standard"
                          : "");
        }
    }
}

mech_status mech_find_roles(table_layout *l, const table_numbers *n, notes *list, mech_error *error) {
    static const column_role named[] = {COLUMN_SUBSTRATE,  COLUMN_PRODUCT, COLUMN_SECOND, COLUMN_CATALYST,
                                        COLUMN_ACTIVE,     COLUMN_S0,      COLUMN_P0,     COLUMN_B0,
                                        COLUMN_CONVERSION, COLUMN_YIELD};
    static const column_role contested[] = {COLUMN_SUBSTRATE, COLUMN_PRODUCT, COLUMN_CATALYST};
    mech_status status = MECH_OK;
    for (size_t i = 0; i < sizeof named / sizeof *named && status == MECH_OK; i++)
        status = take_named(l, named[i], false, list, error);
    if (status != MECH_OK) return status;
    for (size_t v = 0; v < l->n_variables; v++) {
        table_variable *at = &l->variables[v];
        const bool free_role = at->role == N_COLUMN_ROLES && mech_variable_of(l, at->meaning.hint) == SIZE_MAX;
        if (free_role && (at->meaning.hint == COLUMN_CONVERSION || at->meaning.hint == COLUMN_YIELD))
            at->role = at->meaning.hint;
    }
    behaviour *w = calloc(l->n_variables, sizeof *w);
    if (!w) return mech_fail_memory(error);
    for (size_t v = 0; v < l->n_variables; v++) w[v] = watch(n, v);
    contest close[3];
    size_t n_close = 0;
    char taken[256] = "";
    for (size_t i = 0; i < sizeof contested / sizeof *contested; i++) {
        if (mech_variable_of(l, contested[i]) != SIZE_MAX) continue;
        /* Where conversions are told the substrate is known, and so is the product from yields. */
        if (contested[i] == COLUMN_SUBSTRATE && mech_variable_of(l, COLUMN_CONVERSION) != SIZE_MAX) continue;
        if (contested[i] == COLUMN_PRODUCT && mech_variable_of(l, COLUMN_YIELD) != SIZE_MAX) continue;
        const contest c = hold(l, n, w, contested[i]);
        if (c.best == SIZE_MAX) continue;
        if (c.close) close[n_close++] = c;
        l->variables[c.best].role = contested[i];
        const size_t length = strlen(taken);
        snprintf(taken + length, sizeof taken - length, "%s%s is '%.40s'", length ? ", " : "",
                 mech_column_role_name(contested[i]), l->variables[c.best].label);
    }
    if (n_close)
        status = refuse_close(l, close, n_close, error);
    else if (*taken)
        mech_note(list, "columns told by what their numbers do: %s", taken);
    if (status == MECH_OK) keep_others(l, n, w, list);
    free(w);
    if (status != MECH_OK) return status;
    if (mech_variable_of(l, COLUMN_SUBSTRATE) == SIZE_MAX && mech_variable_of(l, COLUMN_PRODUCT) == SIZE_MAX &&
        mech_variable_of(l, COLUMN_CONVERSION) == SIZE_MAX && mech_variable_of(l, COLUMN_YIELD) == SIZE_MAX)
        return refuse_headers(l, "there is no column for the substrate or product",
                              "headers such as run, time, S, P, cat, or a choice of columns (--columns S=HEADER,...)",
                              error);
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
