#include "experiment/reading/columns.h"

#include "base/numbers/quantiles.h"
#include "experiment/words/names.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A change below this share of a run's largest value is none. */
static const double LEAST_CHANGE = 0.03;

/* An internal standard may be injected in amounts that differ, but not by more than this. */
static const double FAR = 0.4;

/* Two scores closer than this are close. */
static const double CLEARLY = 0.5;

/* What a variable does, over all runs. */
typedef struct behaviour {
    size_t n_runs; /* with two values or more */
    size_t n_falling, n_rising, n_constant;
    size_t n_far; /* in which it falls or rises by two fifths */
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

bool mech_has_values(const table_numbers *n, size_t v) {
    for (size_t b = 0; b < n->l->n_blocks; b++)
        if (n->series[b][v].values) return true;
    return false;
}

static const table_block *block_of(const table_layout *l, size_t v) {
    for (size_t b = 0; b < l->n_blocks; b++)
        if (l->blocks[b].column[v] != NO_COLUMN) return &l->blocks[b];
    return &l->blocks[0];
}

const char *mech_place_of_headers(const table_layout *l, cell_place *place) {
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

mech_status mech_refuse_headers(const table_layout *l, const char *what, const char *expected, mech_error *error) {
    char headers[480];
    cell_place place;
    list_headers(l, headers, sizeof headers);
    return mech_fail(error, MECH_INVALID_INPUT, "%s: %s; expected %s; the headers are %s",
                     mech_place_of_headers(l, &place), what, expected, headers);
}

/* The one variable with that name, or the user's choice. Two columns with names of one role are close. */
mech_status mech_take_named(table_layout *l, column_role role, bool first_of_several, notes *list, mech_error *error) {
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
        return mech_refuse_headers(l, what, expected, error);
    }
    if (found != SIZE_MAX) l->variables[found].role = role;
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
        w.n_far += fabs(change) > FAR * largest;
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
    if (at->role != N_COLUMN_ROLES || at->chosen || at->meaning.no_species || !mech_has_values(n, v)) return false;
    if (at->meaning.start) return false;
    for (size_t b = 0; b < l->n_blocks; b++)
        if (n->series[b][v].n_moments > n->series[b][v].n_numbers) return false; /* another clock */
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
        return 3 / (excess * excess) + (kind == UNIT_CONCENTRATION ? 1 : 0) + (m->hint == role ? 5 : 0) -
               (m->hint == COLUMN_PRODUCT || m->hint == COLUMN_CATALYST ? 6 : 0);
    }
    if (role == COLUMN_PRODUCT) {
        if (!mostly(does->n_rising, does->n_runs) || m->hint == COLUMN_CATALYST) return -INFINITY;
        /* A product's area begins at nothing; one that hardly changes is an internal standard's. */
        if (kind == UNIT_AREA && m->hint != role && !mostly(does->n_far, does->n_runs)) return -INFINITY;
        const size_t s = mech_variable_of(l, COLUMN_SUBSTRATE);
        const double balance = s == SIZE_MAX ? 0 : 2 * (1 - fmin(1, imbalance_of(n, s, v)));
        return 1 + balance + (kind == UNIT_CONCENTRATION ? 1 : 0) + (m->hint == role ? 5 : 0) - (m->by_product ? 5 : 0);
    }
    /* The catalyst does not change within a run, unless what was measured is what is left of it. */
    const bool constant = mostly(does->n_constant, does->n_runs) || !does->n_runs;
    if (!constant && m->hint != COLUMN_CATALYST) return -INFINITY;
    const size_t s = mech_variable_of(l, COLUMN_SUBSTRATE);
    double points = m->hint == COLUMN_CATALYST ? 6 : m->hint != N_COLUMN_ROLES || m->by_product ? -6 : 0;
    points += kind == UNIT_SHARE ? 3 : 0;
    points += does->varies ? 1 : 0;
    const table_unit *own = &block_of(l, v)->units[v];
    const double scale =
        own->kind == UNIT_CONCENTRATION && s != SIZE_MAX && block_of(l, s)->units[s].kind == UNIT_CONCENTRATION
            ? own->scale / block_of(l, s)->units[s].scale
            : 1;
    if (s != SIZE_MAX && scale * does->size < 0.5 * w[s].size) points += 1;
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
                     mech_place_of_headers(l, &place), what, type, other);
}

static bool is_constant_everywhere(const behaviour *w) { return w->n_constant == w->n_runs && !w->varies; }

/* Whether a column without a unit is 1 in the first run, 2 in the second, and so on: it numbers them. */
static bool counts_runs(const table_layout *l, const table_numbers *n, size_t v) {
    if (*block_of(l, v)->units[v].name || n->n_runs < 2) return false;
    for (size_t r = 0; r < n->n_runs; r++) {
        const course *c = mech_course(n, r, v);
        if (!c->n || c->least != c->most || c->first != (double)(r + 1)) return false;
    }
    return true;
}

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
        if (is_candidate(l, n, v) && w[v].any_value && !is_constant_everywhere(&w[v]) && !counts_runs(l, n, v)) {
            at->as_reactant = true;
            mech_note(list, "'%.40s' is kept as a further species", at->label);
        } else if (at->role == N_COLUMN_ROLES && mech_has_values(n, v) && !(n->value == v) &&
                   !mech_is_deviation_name(at->meaning.key) && at->meaning.hint != COLUMN_CONVERSION &&
                   at->meaning.role != COLUMN_CONVERSION && at->meaning.role != COLUMN_YIELD &&
                   at->meaning.hint != COLUMN_YIELD) {
            mech_note(list, "'%.40s' was left out%s", at->label,
                      at->meaning.hint == COLUMN_STANDARD || at->meaning.role == COLUMN_STANDARD
                          ? ": an internal standard"
                          : "");
        }
    }
}

/* Whether a variable of no known name stays the same in all runs. */
static bool may_be_unchanged(const table_layout *l, const table_numbers *n, const behaviour *w, size_t v) {
    return is_candidate(l, n, v) && l->variables[v].meaning.hint == N_COLUMN_ROLES && w[v].any_value && w[v].n_runs &&
           w[v].n_constant == w[v].n_runs;
}

/* Names that what the numbers do contradicts, or that others make needless. */
static void doubt_names(table_layout *l, const table_numbers *n, const behaviour *w) {
    bool product = false, substrate = false, concentrations = false, formed = false, starts_named = false;
    bool loadings = false;
    size_t n_unchanged = 0;
    for (size_t v = 0; v < l->n_variables; v++) {
        n_unchanged += may_be_unchanged(l, n, w, v);
        const table_variable *at = &l->variables[v];
        product |= at->role == COLUMN_PRODUCT || at->meaning.role == COLUMN_PRODUCT;
        substrate |= at->role == COLUMN_SUBSTRATE || at->meaning.role == COLUMN_SUBSTRATE;
        starts_named |= at->role == COLUMN_S0 || at->meaning.role == COLUMN_S0;
        loadings |= at->meaning.role == COLUMN_CATALYST && mech_has_values(n, v);
        formed |= mostly(w[v].n_rising, w[v].n_runs) &&
                  (at->meaning.role == COLUMN_PRODUCT || at->meaning.role == COLUMN_CONVERSION ||
                   at->meaning.role == COLUMN_YIELD || at->meaning.hint == COLUMN_CONVERSION ||
                   at->meaning.hint == COLUMN_YIELD || at->meaning.hint == COLUMN_PRODUCT);
        const bool moves = mostly(w[v].n_falling, w[v].n_runs) || mostly(w[v].n_rising, w[v].n_runs);
        concentrations |= moves && is_candidate(l, n, v) && block_of(l, v)->units[v].kind == UNIT_CONCENTRATION;
        concentrations |= moves && block_of(l, v)->units[v].kind == UNIT_CONCENTRATION &&
                          (at->meaning.role == COLUMN_SUBSTRATE || at->meaning.role == COLUMN_PRODUCT);
    }
    for (size_t v = 0; v < l->n_variables; v++) {
        table_variable *at = &l->variables[v];
        const bool rising = mostly(w[v].n_rising, w[v].n_runs), falling = mostly(w[v].n_falling, w[v].n_runs);
        if (at->chosen) continue;
        /* A substrate that stays the same beside what is formed of it is what runs start with. */
        if (at->meaning.role == COLUMN_SUBSTRATE && w[v].n_runs && w[v].n_constant == w[v].n_runs && formed &&
            !starts_named)
            at->meaning.role = COLUMN_S0;
        /* Platinum is Pt as the product at time t is; the product does not stay the same in all runs. */
        if (at->meaning.role == COLUMN_PRODUCT && mech_is_catalyst_word(at->meaning.key) && w[v].any_value &&
            w[v].n_constant == w[v].n_runs)
            at->meaning.role = N_COLUMN_ROLES, at->meaning.hint = COLUMN_CATALYST;
        /* The one that does not react is the catalyst if it is a metal's compound. */
        if (n_unchanged == 1 && may_be_unchanged(l, n, w, v) && mech_is_metal_compound(at->label))
            at->meaning.hint = COLUMN_CATALYST;
        /* A name of catalysts beside their loadings. */
        if (at->meaning.role == COLUMN_CATALYST && !mech_has_values(n, v) && loadings)
            at->meaning.role = at->meaning.hint = N_COLUMN_ROLES, at->meaning.no_species = true;
        /* X goes from 0 to 1. */
        if (strcmp(at->meaning.key, "x") == 0 && rising && w[v].size <= 1.05 && w[v].start < 0.2)
            at->meaning.role = COLUMN_CONVERSION;
        /* A goes to B. */
        if (at->meaning.role == COLUMN_SECOND && rising) {
            at->meaning.role = product ? N_COLUMN_ROLES : COLUMN_PRODUCT;
            product = true;
        }
        /* A species called s0 that reacts is no start where none is called S. */
        if ((at->meaning.role == COLUMN_S0 || at->meaning.role == COLUMN_P0 || at->meaning.role == COLUMN_B0) &&
            (rising || falling) && !substrate)
            at->meaning.role = at->meaning.hint = N_COLUMN_ROLES;
        if (at->meaning.hint == COLUMN_STANDARD && mostly(w[v].n_far, w[v].n_runs)) at->meaning.hint = N_COLUMN_ROLES;
        /* The areas behind the concentrations. */
        if (concentrations && at->role == N_COLUMN_ROLES && block_of(l, v)->units[v].kind == UNIT_AREA) {
            at->meaning.no_species = true;
            at->meaning.role = at->meaning.hint = N_COLUMN_ROLES;
        }
    }
}

/* A start is that of the species with its name; what else starts is the substrate where that was not measured, or a
 * second reactant. */
static void take_starts(table_layout *l, const table_numbers *n, notes *list) {
    for (size_t v = 0; v < l->n_variables; v++) {
        table_variable *at = &l->variables[v];
        if (!at->meaning.start || at->role != N_COLUMN_ROLES || at->meaning.no_species || !mech_has_values(n, v))
            continue;
        const size_t s = mech_variable_of(l, COLUMN_SUBSTRATE), p = mech_variable_of(l, COLUMN_PRODUCT),
                     b = mech_variable_of(l, COLUMN_SECOND);
        column_role role = s == SIZE_MAX ? COLUMN_S0 : COLUMN_B0;
        if (s != SIZE_MAX && strcmp(l->variables[s].meaning.key, at->meaning.base) == 0) role = COLUMN_S0;
        if (p != SIZE_MAX && strcmp(l->variables[p].meaning.key, at->meaning.base) == 0) role = COLUMN_P0;
        if (b != SIZE_MAX && strcmp(l->variables[b].meaning.key, at->meaning.base) == 0) role = COLUMN_B0;
        if (role == COLUMN_S0 && mech_variable_of(l, COLUMN_S0) != SIZE_MAX) role = COLUMN_B0;
        if (mech_variable_of(l, role) != SIZE_MAX) continue;
        at->role = role;
        mech_note(list, "'%.40s' was taken for what %s starts with", at->label,
                  role == COLUMN_S0   ? "the substrate"
                  : role == COLUMN_P0 ? "the product"
                                      : "a second reactant, B,");
    }
}

/* Which of the starts that stand above the tables or in runs' names is [S]0: one that is said of the substrate, else
 * one with its name; of a substrate that was not measured the least. */
static void settle_said_starts(table_layout *l) {
    const size_t s = mech_variable_of(l, COLUMN_SUBSTRATE);
    for (size_t b = 0; b < l->n_blocks; b++) {
        table_block *at = &l->blocks[b];
        double least = INFINITY;
        for (size_t i = 0; i < at->n_starts; i++) {
            const said_start *said = &at->starts[i];
            const double size = said->amount.value * said->amount.unit.scale;
            const bool named = !*said->of || (s != SIZE_MAX && strcmp(said->of, l->variables[s].meaning.key) == 0);
            if (named) {
                at->start = said->amount;
                break;
            }
            if (s == SIZE_MAX && size < least) {
                least = size;
                at->start = said->amount;
            }
        }
    }
}

/* Conversions and yields beside the concentrations that they follow from. */
static void leave_out_shares(table_layout *l, notes *list) {
    static const column_role shares[] = {COLUMN_CONVERSION, COLUMN_YIELD},
                             measured[] = {COLUMN_SUBSTRATE, COLUMN_PRODUCT};
    for (size_t i = 0; i < 2; i++) {
        const size_t v = mech_variable_of(l, shares[i]), other = mech_variable_of(l, measured[i]);
        if (v == SIZE_MAX || other == SIZE_MAX || l->variables[v].chosen) continue;
        l->variables[v].role = N_COLUMN_ROLES;
        l->variables[v].meaning.no_species = true;
        mech_note(list, "'%.40s' is not needed beside '%.40s'", l->variables[v].label, l->variables[other].label);
    }
}

/* An internal standard that areas are divided by. */
static void take_standard(table_layout *l, const table_numbers *n, const behaviour *w, notes *list) {
    size_t found = mech_variable_of(l, COLUMN_STANDARD);
    for (size_t v = 0; found == SIZE_MAX && v < l->n_variables; v++) {
        table_variable *at = &l->variables[v];
        const bool named = at->meaning.hint == COLUMN_STANDARD || at->meaning.role == COLUMN_STANDARD;
        if (at->role != N_COLUMN_ROLES || at->meaning.no_species || !named || !mech_has_values(n, v) ||
            mostly(w[v].n_far, w[v].n_runs))
            continue;
        const size_t s = mech_variable_of(l, COLUMN_SUBSTRATE), p = mech_variable_of(l, COLUMN_PRODUCT);
        const bool areas = (s != SIZE_MAX && block_of(l, s)->units[s].kind == UNIT_AREA) ||
                           (p != SIZE_MAX && block_of(l, p)->units[p].kind == UNIT_AREA);
        if (areas) at->role = COLUMN_STANDARD, found = v;
    }
    /* The one area that hardly changes while those of substrate and product do. */
    size_t n_steady = 0, steady = SIZE_MAX;
    for (size_t v = 0; found == SIZE_MAX && v < l->n_variables; v++)
        if (is_candidate(l, n, v) && block_of(l, v)->units[v].kind == UNIT_AREA && w[v].any_value &&
            !mostly(w[v].n_far, w[v].n_runs))
            n_steady++, steady = v;
    const size_t s = mech_variable_of(l, COLUMN_SUBSTRATE);
    if (n_steady != 1 || s == SIZE_MAX || block_of(l, s)->units[s].kind != UNIT_AREA ||
        !mostly(w[s].n_far, w[s].n_runs))
        return;
    l->variables[steady].role = COLUMN_STANDARD;
    mech_note(list, "'%.40s' hardly changes: it was taken for an internal standard", l->variables[steady].label);
}

mech_status mech_find_roles(table_layout *l, const table_numbers *n, notes *list, mech_error *error) {
    static const column_role named[] = {COLUMN_SUBSTRATE,  COLUMN_PRODUCT, COLUMN_SECOND, COLUMN_CATALYST,
                                        COLUMN_ACTIVE,     COLUMN_S0,      COLUMN_P0,     COLUMN_B0,
                                        COLUMN_CONVERSION, COLUMN_YIELD};
    static const column_role contested[] = {COLUMN_SUBSTRATE, COLUMN_PRODUCT, COLUMN_CATALYST};
    mech_status status = MECH_OK;
    behaviour *w = calloc(l->n_variables, sizeof *w);
    if (!w) return mech_fail_memory(error);
    for (size_t v = 0; v < l->n_variables; v++) w[v] = watch(n, v);
    doubt_names(l, n, w);
    for (size_t i = 0; i < sizeof named / sizeof *named && status == MECH_OK; i++)
        status = mech_take_named(l, named[i], false, list, error);
    if (status != MECH_OK) {
        free(w);
        return status;
    }
    for (size_t v = 0; v < l->n_variables; v++) {
        table_variable *at = &l->variables[v];
        const bool free_role = at->role == N_COLUMN_ROLES && mech_variable_of(l, at->meaning.hint) == SIZE_MAX;
        if (!free_role || (at->meaning.hint != COLUMN_CONVERSION && at->meaning.hint != COLUMN_YIELD) ||
            !mech_has_values(n, v))
            continue;
        /* Of several yields the largest is the product's; two that are alike are the user's choice. */
        size_t best = v, second = SIZE_MAX;
        for (size_t u = v + 1; u < l->n_variables; u++) {
            const table_variable *other = &l->variables[u];
            if (other->role != N_COLUMN_ROLES || other->meaning.hint != at->meaning.hint || !mech_has_values(n, u))
                continue;
            if (w[u].size > w[best].size)
                second = best, best = u;
            else if (second == SIZE_MAX || w[u].size > w[second].size)
                second = u;
        }
        if (second != SIZE_MAX && w[second].size > 0.7 * w[best].size) {
            const contest c = {.role = at->meaning.hint, .best = best, .second = second, .close = true};
            status = refuse_close(l, &c, 1, error);
            break;
        }
        l->variables[best].role = at->meaning.hint;
    }
    if (status != MECH_OK) {
        free(w);
        return status;
    }
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
    if (status == MECH_OK) {
        settle_said_starts(l);
        take_starts(l, n, list);
        leave_out_shares(l, list);
        take_standard(l, n, w, list);
        keep_others(l, n, w, list);
    }
    free(w);
    if (status != MECH_OK) return status;
    if (mech_variable_of(l, COLUMN_SUBSTRATE) == SIZE_MAX && mech_variable_of(l, COLUMN_PRODUCT) == SIZE_MAX &&
        mech_variable_of(l, COLUMN_CONVERSION) == SIZE_MAX && mech_variable_of(l, COLUMN_YIELD) == SIZE_MAX)
        return mech_refuse_headers(
            l, "there is no column for the substrate or product",
            "headers such as run, time, S, P, cat, or a choice of columns (--columns S=HEADER,...)", error);
    return MECH_OK;
}
