/* Where runs start, and with how much catalyst. */
#include "experiment/runs/builder.h"
#include "experiment/words/names.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Starts and loadings closer than this share are the same. */
static const double ALIKE = 0.02;

/* [S]0 of a run by a table of conditions; NaN: none. */
static said_amount start_in_conditions(const builder *b, size_t run) {
    said_amount start = {.value = NAN};
    const run_conditions *c = mech_conditions_of(b->n, b->n->runs[run].name);
    const size_t s = b->variables[COLUMN_SUBSTRATE];
    for (size_t i = 0; c && i < c->n_starts; i++) {
        const said_start *said = &c->starts[i];
        const bool named = !*said->of || (s != SIZE_MAX && strcmp(said->of, b->l->variables[s].meaning.key) == 0);
        if (named) return said->amount;
        if (s == SIZE_MAX && !(said->amount.value >= start.value)) start = said->amount;
    }
    return start;
}

mech_status mech_find_substrate_start(const builder *b, size_t run, const place_in_block *rows, size_t n_rows,
                                      double *s0, assumptions *assumed, mech_error *error) {
    char number[24];
    const char *name = mech_name_of_run(b, run, number, sizeof number);
    const size_t v = b->variables[COLUMN_SUBSTRATE];
    bool is_share = false;
    *s0 = mech_given_value(b, GIVEN_SUBSTRATE, run, &is_share);
    if (isnan(*s0)) {
        mech_status status = mech_settled_constant(b, rows, n_rows, COLUMN_S0, s0, error);
        if (status != MECH_OK) return status;
    }
    const bool from_zero = rows[0].time == 0;
    /* Shares of a start that a line above or the run's name says. */
    const said_amount *said = &b->l->blocks[rows[0].block].start, in_table = start_in_conditions(b, run);
    if (in_table.value > 0) said = &in_table;
    const bool shares = v != SIZE_MAX && mech_unit_at(b, rows[0].block, v)->kind == UNIT_SHARE;
    if (isnan(*s0) && said->value > 0 && shares && b->concentration.kind == said->unit.kind)
        *s0 = mech_scaled(said->value, mech_factor_of(b, &said->unit));
    for (size_t i = 0; isnan(*s0) && i < n_rows && rows[i].time == 0; i++) {
        const double first = mech_value_at(b, &rows[i], v);
        if (isnan(first)) continue;
        const table_unit *u = mech_unit_at(b, rows[i].block, v);
        if (!isnan(first))
            *s0 = u->kind == UNIT_AREA ? first * b->signals[v] : mech_scaled(first, mech_factor_of(b, u));
    }
    /* A catalyst in absolute units and the run's name with its share of the substrate say [S]0 together. */
    const size_t cat = b->variables[COLUMN_CATALYST];
    if (isnan(*s0) && cat != SIZE_MAX) {
        size_t block = 0;
        const double weighed = mech_constant_of(b, rows, n_rows, cat, &block);
        const said_amount share = mech_loading_in_text(name, false);
        if (weighed > 0 && share.value > 0 && share.unit.kind == UNIT_SHARE &&
            mech_unit_at(b, block, cat)->kind != UNIT_SHARE) {
            *s0 =
                mech_scaled(weighed, mech_factor_of(b, mech_unit_at(b, block, cat))) / (share.value * share.unit.scale);
            if (assumed) assumed->n_s0_by_loading++;
        }
    }
    if (isnan(*s0) && said->value > 0) *s0 = mech_scaled(said->value, mech_factor_of(b, &said->unit));
    if (isnan(*s0) && v != SIZE_MAX && !from_zero)
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s: run %s begins at time %g; expected its first row at time 0, a column S0, or [S]0 of each run: "
            "--s0 (and --p0 where it starts with product)",
            mech_place_of_row(b, &rows[0], SIZE_MAX).text, name, rows[0].time);
    if (isnan(*s0) && v != SIZE_MAX)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: %s is blank at time 0; expected [S]0 of run %s there, in a column S0, or by --s0",
                         mech_place_of_row(b, &rows[0], SIZE_MAX).text,
                         mech_label_variable(b->l, &b->l->blocks[rows[0].block], v).text, name);
    if (isnan(*s0))
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s: [S]0 of run %s is not known, as the substrate was not measured; expected a column S0, [S]0 of "
            "each run (--s0), or a choice of the substrate's column (--columns S=HEADER)",
            mech_place_of_row(b, &rows[0], SIZE_MAX).text, name);
    if (!(*s0 > 0) || !isfinite(*s0))
        return mech_fail(error, MECH_INVALID_INPUT, "%s: [S]0 of run %s is %g; expected a positive concentration",
                         mech_place_of_row(b, &rows[0], SIZE_MAX).text, name, *s0);
    return MECH_OK;
}

mech_status mech_find_product_start(const builder *b, size_t run, const place_in_block *rows, size_t n_rows,
                                    const double *factors, double s0, double *p0, assumptions *assumed,
                                    mech_error *error) {
    char number[24];
    bool is_share = false;
    *p0 = mech_given_value(b, GIVEN_PRODUCT, run, &is_share);
    if (is_share) *p0 *= s0;
    if (isnan(*p0)) {
        mech_status status = mech_settled_constant(b, rows, n_rows, COLUMN_P0, p0, error);
        if (status != MECH_OK) return status;
    }
    for (size_t i = 0; isnan(*p0) && i < n_rows && rows[i].time == 0; i++) {
        const double first = mech_value_at(b, &rows[i], b->variables[COLUMN_PRODUCT]);
        if (!isnan(first)) *p0 = first > 0 ? mech_scaled(first, factors[rows[i].block]) : 0;
    }
    /* A run whose product was not measured at time 0 and in which S + P exceeds [S]0 throughout began with product. */
    const size_t s = b->variables[COLUMN_SUBSTRATE], p = b->variables[COLUMN_PRODUCT];
    if (isnan(*p0) && s != SIZE_MAX && p != SIZE_MAX) {
        enum { READINGS_SUMMED = 5 };
        double sum = 0, least = INFINITY;
        size_t n = 0;
        for (size_t i = 0; i < n_rows && n < READINGS_SUMMED; i++) {
            const table_unit *u = mech_unit_at(b, rows[i].block, s);
            const double x = mech_value_at(b, &rows[i], s), y = mech_value_at(b, &rows[i], p);
            if (isnan(x) || isnan(y) || u->kind == UNIT_AREA || u->kind == UNIT_SHARE) continue;
            const double excess = mech_scaled(x, mech_factor_of(b, u)) + mech_scaled(y, factors[rows[i].block]) - s0;
            sum += excess;
            least = fmin(least, excess);
            n++;
        }
        if (n && least > 0.1 * s0) {
            *p0 = sum / (double)n;
            assumed->n_p0_balanced++;
        }
    }
    if (isnan(*p0)) {
        *p0 = 0;
        assumed->n_p0_assumed++;
    }
    if (!(*p0 >= 0) || !isfinite(*p0))
        return mech_fail(error, MECH_INVALID_INPUT, "%s: [P]0 of run %s is %g; expected 0 or more",
                         mech_place_of_row(b, &rows[0], SIZE_MAX).text, mech_name_of_run(b, run, number, sizeof number),
                         *p0);
    return MECH_OK;
}

/* Whether a run without a value for its catalyst is one without catalyst: its name or the cell says so. */
static bool is_blank_run(const builder *b, const place_in_block *row, size_t v, const char *name) {
    static const char *const names[] = {"blank", "control",  "background", "no cat",      "without cat", "uncatal",
                                        "no pd", "ohne kat", "blind",      "leerversuch", "sans cat",    "0 mol"};
    static const char *const cells[] = {"none",         "no",      "-",     "--",   "\xE2\x80\x93",
                                        "\xE2\x80\x94", "without", "ohne",  "sans", "no catalyst",
                                        "no cat",       "keiner",  "aucun", "blank"};
    const char *cell = mech_sheet_cell(b->l->blocks[row->block].cells, b->l->blocks[row->block].first + row->row,
                                       b->l->blocks[row->block].column[v]);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        if (strcasecmp(cell, cells[i]) == 0) return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (const char *at = name; *at; at++)
            if (strncasecmp(at, names[i], strlen(names[i])) == 0) return true;
    return false;
}

mech_status mech_find_catalyst(const builder *b, size_t run, const place_in_block *rows, size_t n_rows, double *loading,
                               bool *share, mech_error *error) {
    char number[24];
    const char *name = mech_name_of_run(b, run, number, sizeof number);
    const size_t v = b->variables[COLUMN_CATALYST];
    *loading = mech_given_value(b, GIVEN_CATALYST, run, share);
    size_t block = 0;
    if (isnan(*loading) && v != SIZE_MAX) {
        *loading = mech_constant_of(b, rows, n_rows, v, &block);
        if (!isnan(*loading)) {
            const table_unit *u = mech_unit_at(b, block, v);
            if (*loading < 0)
                return mech_fail(error, MECH_INVALID_INPUT, "%s: %s is %g; expected a positive number",
                                 mech_place_of_row(b, &rows[0], v).text,
                                 mech_label_variable(b->l, &b->l->blocks[block], v).text, *loading);
            *share = u->kind == UNIT_SHARE && b->concentration.kind != UNIT_SHARE;
            /* A share of substrate that is itself counted in % is no percent of the unit but of the substrate. */
            if (u->kind == UNIT_SHARE && b->concentration.kind == UNIT_SHARE) *share = true;
            *loading = *share ? *loading * u->scale : mech_scaled(*loading, mech_factor_of(b, u));
        }
    }
    /* What the run's name says goes before what stands above the table. */
    said_amount said = mech_loading_in_text(name, false);
    const run_conditions *conditions = mech_conditions_of(b->n, b->n->runs[run].name);
    if (isnan(said.value) && conditions) said = conditions->loading;
    if (isnan(said.value)) said = b->l->blocks[rows[0].block].loading;
    if (isnan(*loading) && !isnan(said.value)) {
        *share = said.unit.kind == UNIT_SHARE;
        *loading = *share ? said.value * said.unit.scale : mech_scaled(said.value, mech_factor_of(b, &said.unit));
    }
    if (isnan(*loading) && v != SIZE_MAX && b->l->blocks[rows[0].block].column[v] != NO_COLUMN &&
        is_blank_run(b, &rows[0], v, name))
        *loading = 0, *share = false;
    if (isnan(*loading) && v != SIZE_MAX)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: %s is blank throughout run %s; expected its catalyst, or --cat0",
                         mech_place_of_row(b, &rows[0], SIZE_MAX).text,
                         mech_label_variable(b->l, &b->l->blocks[rows[0].block], v).text, name);
    for (size_t u = 0; isnan(*loading) && u < b->l->n_variables; u++) {
        const table_variable *at = &b->l->variables[u];
        const table_block *in = &b->l->blocks[rows[0].block];
        if (at->role != N_COLUMN_ROLES || in->column[u] == NO_COLUMN || in->units[u].kind != UNIT_OTHER ||
            !(mech_is_catalyst_name(at->meaning.key) || mech_is_metal_compound(at->label)))
            continue;
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: %s is in %s, which says no concentration; expected the catalyst of each run (%zu) in "
                         "mol/L or as a share of substrate: --cat0 '1 mol %%,...'",
                         mech_place_of_row(b, &rows[0], u).text, mech_label_variable(b->l, in, u).text,
                         in->units[u].name, b->n->n_runs);
    }
    if (isnan(*loading))
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: there is no column for the catalyst; expected one, or the catalyst of each run (%zu): "
                         "--cat0 '0.0025,...' or --cat0 '1 mol %%,...'",
                         mech_place_of_row(b, &rows[0], SIZE_MAX).text, b->n->n_runs);
    return MECH_OK;
}

double mech_whole_of_shares(const builder *b, double standard) {
    const size_t s = b->variables[COLUMN_SUBSTRATE];
    if (s == SIZE_MAX) return 0;
    for (size_t r = 0; r < b->n->n_runs; r++) {
        const course *c = mech_course(b->n, r, s);
        const table_unit *u = mech_unit_at(b, b->n->runs[r].block, s);
        if (c->n && u->kind == UNIT_SHARE && c->first * u->scale < 0.95) return standard;
    }
    return 0;
}

/* The [S]0 that most runs share, of several the largest. */
static double standard_start(const mech_run *runs, size_t n) {
    double standard = 0;
    size_t most = 0;
    for (size_t i = 0; i < n; i++) {
        size_t alike = 0;
        for (size_t j = 0; j < n; j++) alike += fabs(runs[j].s0 - runs[i].s0) <= ALIKE * runs[i].s0;
        if (alike > most || (alike == most && runs[i].s0 > standard)) {
            most = alike;
            standard = runs[i].s0;
        }
    }
    return standard;
}

static size_t count_repeated(const double *loadings, const double *whole, const mech_run *runs, size_t n,
                             double standard) {
    size_t repeated = 0;
    for (size_t i = 0; i < n; i++) {
        if (fabs(runs[i].s0 - standard) <= ALIKE * standard || !(loadings[i] > 0)) continue;
        for (size_t j = 0; j < n; j++)
            if (fabs(runs[j].s0 - standard) <= ALIKE * standard &&
                fabs(loadings[j] * whole[j] - loadings[i] * whole[i]) <= ALIKE * loadings[i] * whole[i]) {
                repeated++;
                break;
            }
    }
    return repeated;
}

mech_status mech_settle_loadings(builder *b, const double *loadings, const bool *shares, mech_error *error) {
    mech_experiment *e = b->experiment;
    const char *basis = b->options->loading_basis;
    const double standard = standard_start(e->runs, e->n_runs);
    bool any_share = false, differ = false, by_standard = false;
    double *own = calloc(2 * e->n_runs + 1, sizeof *own), *all = own ? own + e->n_runs : NULL;
    if (!own) return mech_fail_memory(error);
    for (size_t i = 0; i < e->n_runs; i++) {
        any_share |= shares[i];
        differ |= shares[i] && fabs(e->runs[i].s0 - standard) > ALIKE * standard;
        own[i] = shares[i] ? e->runs[i].s0 : 1;
        all[i] = shares[i] ? standard : 1;
    }
    if (basis && strcmp(basis, "standard") == 0)
        by_standard = true;
    else if (!basis && differ)
        by_standard = count_repeated(loadings, all, e->runs, e->n_runs, standard) >
                      count_repeated(loadings, own, e->runs, e->n_runs, standard);
    for (size_t i = 0; i < e->n_runs; i++)
        e->runs[i].cat0 = shares[i] ? loadings[i] * (by_standard ? standard : e->runs[i].s0) : loadings[i];
    free(own);
    if (any_share && differ && !basis)
        mech_note(&e->warnings, "catalyst in %% was taken as a share of %s; --loading-basis %s reads it the other way",
                  by_standard ? "the standard's [S]0, under which the runs' loadings repeat" : "each run's own [S]0",
                  by_standard ? "own" : "standard");
    return MECH_OK;
}
