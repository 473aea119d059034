#include "base/files/text.h"
#include "experiment/reading/roles.h"
#include "experiment/runs/experiment.h"
#include "experiment/words/choice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* How far below zero a measured concentration may lie, as a share of [S]0, before it is a mistake and not noise. */
static const double NEGATIVE_TOLERANCE = 0.05;

/* A catalyst as measured may exceed what was weighed in by this share. */
static const double ACTIVE_TOLERANCE = 0.05;

/* Starts and loadings closer than this share are the same. */
static const double ALIKE = 0.02;

/* One row of a run, before conversion. */
typedef struct place_in_block {
    size_t block, row;
    double time;
} place_in_block;

/* One run while it is built. */
typedef struct builder {
    const table_layout *l;
    const table_numbers *n;
    const mech_experiment_options *options;
    mech_experiment *experiment;
    size_t variables[N_COLUMN_ROLES]; /* SIZE_MAX: none */
    const table_unit *units;          /* [n_variables], as the user or the table says */
    table_unit concentration;         /* that of the results */
    double time_scale;
    bool moments, product_in_percent, substrate_in_percent;
    place_in_block *rows; /* of all runs, one after the other */
    size_t n_gaps, n_below, n_sorted, n_of_day;
    double below;
} builder;

/* Which runs an assumption was made in, to be told in one sentence. */
typedef struct assumptions {
    size_t n_product_balanced, n_substrate_balanced, n_p0_assumed;
} assumptions;

static bool measures(const builder *b, column_role role) { return b->variables[role] != SIZE_MAX; }

/* A run's value of a variable in one of its rows; NaN where there is none. */
static double value_at(const builder *b, const place_in_block *at, size_t v) {
    if (v == SIZE_MAX || !b->n->series[at->block][v].values) return NAN;
    return b->n->series[at->block][v].values[at->row];
}

static const table_unit *unit_at(const builder *b, size_t block, size_t v) {
    return b->units[v].kind != UNIT_NONE ? &b->units[v] : &b->n->series[block][v].unit;
}

/* What a concentration of that unit is multiplied with; exactly 1 where units are alike or one is not named. */
static double factor_of(const builder *b, const table_unit *u) {
    if (u->kind != b->concentration.kind || u->kind == UNIT_NONE || mech_same_unit(u, &b->concentration)) return 1;
    return u->scale / b->concentration.scale;
}

static double scaled(double value, double factor) { return factor == 1 ? value : value * factor; }

static cell_place place_of_row(const builder *b, const place_in_block *at, size_t v) {
    const table_block *in = &b->l->blocks[at->block];
    return mech_place_of(in->cells, in->first + at->row, v == SIZE_MAX ? SIZE_MAX : in->column[v]);
}

/* The run's first value of a variable that belongs to the whole run. */
static double constant_of(const builder *b, const place_in_block *rows, size_t n_rows, size_t v, size_t *block) {
    for (size_t i = 0; v != SIZE_MAX && i < n_rows; i++) {
        const double value = value_at(b, &rows[i], v);
        if (isnan(value)) continue;
        *block = rows[i].block;
        return value;
    }
    return NAN;
}

/* The same for one that must not change. */
static mech_status settled_constant(const builder *b, const place_in_block *rows, size_t n_rows, column_role role,
                                    double *value, mech_error *error) {
    const size_t v = b->variables[role];
    size_t block = 0;
    *value = constant_of(b, rows, n_rows, v, &block);
    if (isnan(*value)) return MECH_OK;
    for (size_t i = 0; i < n_rows; i++) {
        const double other = value_at(b, &rows[i], v);
        if (isnan(other) || fabs(other - *value) <= 1e-6 * fabs(*value)) continue;
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: %s changes from %g to %g within a run; expected one value for each run",
                         place_of_row(b, &rows[i], v).text,
                         mech_label_variable(b->l, &b->l->blocks[rows[i].block], v).text, *value, other);
    }
    if (*value < 0 || (*value == 0 && role == COLUMN_S0))
        return mech_fail(error, MECH_INVALID_INPUT, "%s: %s is %g; expected a positive number",
                         place_of_row(b, &rows[0], v).text, mech_label_variable(b->l, &b->l->blocks[block], v).text,
                         *value);
    *value = scaled(*value, factor_of(b, unit_at(b, block, v)));
    return MECH_OK;
}

/* What an option says of a run: one value for all or one for each. */
static double given(const double *values, size_t n, size_t run) { return n == 0 ? NAN : values[n == 1 ? 0 : run]; }

static const char *name_of(const builder *b, size_t run, char *number, size_t room) {
    const found_run *r = &b->n->runs[run];
    if (*r->name) return r->name;
    snprintf(number, room, "%zu", run + 1);
    return number;
}

/* Equal times keep the order of the table. */
static int compare_times(const void *a, const void *b) {
    const place_in_block *x = a, *y = b;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    if (x->block != y->block) return x->block < y->block ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Whether a variable is measured over time. */
static bool is_measured(const builder *b, size_t v) {
    const column_role role = b->l->variables[v].role;
    return role == COLUMN_SUBSTRATE || role == COLUMN_PRODUCT || role == COLUMN_SECOND || role == COLUMN_ACTIVE ||
           role == COLUMN_CONVERSION || role == COLUMN_YIELD || b->l->variables[v].as_reactant;
}

/* Whether anything was measured in a row. */
static bool holds_reading(const builder *b, const place_in_block *at) {
    for (size_t v = 0; v < b->l->n_variables; v++)
        if (is_measured(b, v) && !isnan(value_at(b, at, v))) return true;
    return false;
}

/* Whether two rows of one time measured different species, as tables with a row for each species have them. */
static bool complement(const builder *b, const place_in_block *x, const place_in_block *y) {
    if (x->time != y->time) return false;
    for (size_t v = 0; v < b->l->n_variables; v++)
        if (is_measured(b, v) && !isnan(value_at(b, x, v)) && !isnan(value_at(b, y, v))) return false;
    return true;
}

/* One measured series of a run in the arena; NULL where nothing was measured. `groups` tells which rows are one
 * reading. */
static mech_status copy_series(const builder *b, const place_in_block *rows, size_t n_rows, const size_t *reading,
                               size_t n_readings, size_t v, const double *factors, const double **series,
                               mech_error *error) {
    *series = NULL;
    if (v == SIZE_MAX) return MECH_OK;
    double *to = mech_arena_allocate(b->experiment->memory, n_readings, sizeof *to);
    if (!to) return mech_fail_memory(error);
    bool any = false;
    for (size_t i = 0; i < n_readings; i++) to[i] = NAN;
    for (size_t i = 0; i < n_rows; i++) {
        const double value = value_at(b, &rows[i], v);
        if (isnan(value) || reading[i] == SIZE_MAX) continue;
        to[reading[i]] = scaled(value, factors[rows[i].block]);
        any = true;
    }
    if (any) *series = to;
    return MECH_OK;
}

/* What each block's values of a variable are multiplied with: a concentration by its unit, a share of the run's or the
 * standard's substrate by that. */
static void find_factors(const builder *b, size_t v, double of_whole, double *factors) {
    for (size_t k = 0; k < b->l->n_blocks; k++) {
        const table_unit *u = unit_at(b, k, v);
        factors[k] = u->kind == UNIT_SHARE && b->concentration.kind != UNIT_SHARE && of_whole > 0 ? u->scale * of_whole
                                                                                                  : factor_of(b, u);
    }
}

static mech_status check_concentrations(const builder *b, const place_in_block *rows, size_t n_rows,
                                        const size_t *reading, size_t v, const double *series, double s0,
                                        mech_error *error) {
    for (size_t i = 0; series && i < n_rows; i++) {
        if (reading[i] == SIZE_MAX) continue;
        const double value = series[reading[i]];
        if (!(value < -NEGATIVE_TOLERANCE * s0)) continue;
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: %s: the concentration %g is negative; expected 0 or more (noise down to %g is taken)",
                         place_of_row(b, &rows[i], v).text,
                         mech_label_variable(b->l, &b->l->blocks[rows[i].block], v).text, value,
                         -NEGATIVE_TOLERANCE * s0);
    }
    return MECH_OK;
}

/* [S]0: what the caller says goes before a column of its own, and that before the measurement at t = 0. */
static mech_status find_substrate_start(const builder *b, size_t run, const place_in_block *rows, size_t n_rows,
                                        double *s0, mech_error *error) {
    char number[24];
    const char *name = name_of(b, run, number, sizeof number);
    const size_t v = b->variables[COLUMN_SUBSTRATE];
    *s0 = given(b->options->s0, b->options->n_s0, run);
    if (isnan(*s0)) {
        mech_status status = settled_constant(b, rows, n_rows, COLUMN_S0, s0, error);
        if (status != MECH_OK) return status;
    }
    const bool from_zero = rows[0].time == 0;
    for (size_t i = 0; isnan(*s0) && i < n_rows && rows[i].time == 0; i++) {
        const double first = value_at(b, &rows[i], v);
        if (!isnan(first)) *s0 = scaled(first, factor_of(b, unit_at(b, rows[i].block, v)));
    }
    /* A catalyst in absolute units and the run's name with its share of the substrate say [S]0 together. */
    const size_t cat = b->variables[COLUMN_CATALYST];
    if (isnan(*s0) && cat != SIZE_MAX) {
        size_t block = 0;
        const double weighed = constant_of(b, rows, n_rows, cat, &block), share = mech_loading_in_text(name);
        if (weighed > 0 && share > 0 && unit_at(b, block, cat)->kind != UNIT_SHARE)
            *s0 = scaled(weighed, factor_of(b, unit_at(b, block, cat))) / share;
    }
    if (isnan(*s0) && v != SIZE_MAX && !from_zero)
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s: run %s begins at time %g; expected its first row at time 0, a column S0, or [S]0 of each run: "
            "--s0 (and --p0 where it starts with product)",
            place_of_row(b, &rows[0], SIZE_MAX).text, name, rows[0].time);
    if (isnan(*s0) && v != SIZE_MAX)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: %s is blank at time 0; expected [S]0 of run %s there, in a column S0, or by --s0",
                         place_of_row(b, &rows[0], SIZE_MAX).text,
                         mech_label_variable(b->l, &b->l->blocks[rows[0].block], v).text, name);
    if (isnan(*s0))
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s: [S]0 of run %s is not known, as the substrate was not measured; expected a column S0, [S]0 of "
            "each run (--s0), or a choice of the substrate's column (--columns S=HEADER)",
            place_of_row(b, &rows[0], SIZE_MAX).text, name);
    if (!(*s0 > 0) || !isfinite(*s0))
        return mech_fail(error, MECH_INVALID_INPUT, "%s: [S]0 of run %s is %g; expected a positive concentration",
                         place_of_row(b, &rows[0], SIZE_MAX).text, name, *s0);
    return MECH_OK;
}

/* [P]0 in the same order; 0 where it is not known. */
static mech_status find_product_start(const builder *b, size_t run, const place_in_block *rows, size_t n_rows,
                                      const double *factors, double *p0, assumptions *assumed, mech_error *error) {
    char number[24];
    *p0 = given(b->options->p0, b->options->n_p0, run);
    if (isnan(*p0)) {
        mech_status status = settled_constant(b, rows, n_rows, COLUMN_P0, p0, error);
        if (status != MECH_OK) return status;
    }
    for (size_t i = 0; isnan(*p0) && i < n_rows && rows[i].time == 0; i++) {
        const double first = value_at(b, &rows[i], b->variables[COLUMN_PRODUCT]);
        if (!isnan(first)) *p0 = first > 0 ? scaled(first, factors[rows[i].block]) : 0;
    }
    if (isnan(*p0)) {
        *p0 = 0;
        assumed->n_p0_assumed++;
    }
    if (!(*p0 >= 0) || !isfinite(*p0))
        return mech_fail(error, MECH_INVALID_INPUT, "%s: [P]0 of run %s is %g; expected 0 or more",
                         place_of_row(b, &rows[0], SIZE_MAX).text, name_of(b, run, number, sizeof number), *p0);
    return MECH_OK;
}

/* The catalyst as it was given: a concentration, or a share with *share set. */
static mech_status find_loading(const builder *b, size_t run, const place_in_block *rows, size_t n_rows,
                                double *loading, bool *share, mech_error *error) {
    char number[24];
    const char *name = name_of(b, run, number, sizeof number);
    const size_t v = b->variables[COLUMN_CATALYST];
    *share = false;
    *loading = given(b->options->cat0, b->options->n_cat0, run);
    if (!isnan(*loading)) {
        const table_unit u = mech_read_unit(b->options->cat0_unit ? b->options->cat0_unit : "",
                                            b->options->cat0_unit ? strlen(b->options->cat0_unit) : 0);
        *share = u.kind == UNIT_SHARE;
        *loading = *share ? *loading * u.scale : scaled(*loading, factor_of(b, &u));
    }
    size_t block = 0;
    if (isnan(*loading) && v != SIZE_MAX) {
        *loading = constant_of(b, rows, n_rows, v, &block);
        if (!isnan(*loading)) {
            const table_unit *u = unit_at(b, block, v);
            if (*loading < 0)
                return mech_fail(error, MECH_INVALID_INPUT, "%s: %s is %g; expected a positive number",
                                 place_of_row(b, &rows[0], v).text,
                                 mech_label_variable(b->l, &b->l->blocks[block], v).text, *loading);
            *share = u->kind == UNIT_SHARE && b->concentration.kind != UNIT_SHARE;
            /* A share of substrate that is itself counted in % is no percent of the unit but of the substrate. */
            if (u->kind == UNIT_SHARE && b->concentration.kind == UNIT_SHARE) *share = true;
            *loading = *share ? *loading * u->scale : scaled(*loading, factor_of(b, u));
        }
    }
    if (isnan(*loading)) {
        *loading = b->l->blocks[rows[0].block].loading;
        *share = true;
    }
    if (isnan(*loading)) *loading = mech_loading_in_text(name);
    if (isnan(*loading) && v != SIZE_MAX)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: %s is blank throughout run %s; expected its catalyst, or --cat0",
                         place_of_row(b, &rows[0], SIZE_MAX).text,
                         mech_label_variable(b->l, &b->l->blocks[rows[0].block], v).text, name);
    if (isnan(*loading))
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: there is no column for the catalyst; expected one, or the catalyst of each run (%zu): "
                         "--cat0 '0.0025,...' or --cat0 '1 mol %%,...'",
                         place_of_row(b, &rows[0], SIZE_MAX).text, b->n->n_runs);
    return MECH_OK;
}

/* A catalyst column that changes within a run is what was measured of it: free or active catalyst. */
static mech_status find_active(const builder *b, const place_in_block *rows, size_t n_rows, const size_t *reading,
                               size_t n_readings, mech_run *run, mech_error *error) {
    size_t v = b->variables[COLUMN_ACTIVE];
    const size_t cat = b->variables[COLUMN_CATALYST];
    if (v == SIZE_MAX && cat != SIZE_MAX) {
        double first = NAN;
        for (size_t i = 0; i < n_rows; i++) {
            const double value = value_at(b, &rows[i], cat);
            if (isnan(value)) continue;
            if (isnan(first)) first = value;
            if (fabs(value - first) <= 1e-6 * fabs(first)) continue;
            if (value > (1 + ACTIVE_TOLERANCE) * first)
                return mech_fail(
                    error, MECH_INVALID_INPUT,
                    "%s: %s changes from %g to %g within a run; expected one value for each run, or what is "
                    "left of the first",
                    place_of_row(b, &rows[i], cat).text,
                    mech_label_variable(b->l, &b->l->blocks[rows[i].block], cat).text, first, value);
            v = cat;
        }
    }
    if (v == SIZE_MAX) return MECH_OK;
    double *factors = calloc(b->l->n_blocks, sizeof *factors);
    if (!factors) return mech_fail_memory(error);
    find_factors(b, v, run->s0, factors);
    mech_status status = copy_series(b, rows, n_rows, reading, n_readings, v, factors, &run->active, error);
    free(factors);
    return status;
}

static mech_status copy_reactants(const builder *b, size_t index, const place_in_block *rows, size_t n_rows,
                                  const size_t *reading, size_t n_readings, mech_run *run, mech_error *error) {
    const size_t second = b->variables[COLUMN_SECOND];
    size_t n = 0;
    for (size_t v = 0; v < b->l->n_variables; v++) n += v == second || b->l->variables[v].as_reactant;
    const double said = given(b->options->b0, b->options->n_b0, index);
    double b0 = said;
    if (isnan(b0)) {
        mech_status status = settled_constant(b, rows, n_rows, COLUMN_B0, &b0, error);
        if (status != MECH_OK) return status;
    }
    const bool bare = second == SIZE_MAX && !isnan(b0);
    mech_reactant *reactants = mech_arena_allocate(b->experiment->memory, n + bare + 1, sizeof *reactants);
    double *factors = calloc(b->l->n_blocks, sizeof *factors);
    mech_status status = reactants && factors ? MECH_OK : mech_fail_memory(error);
    size_t k = 0;
    if (bare && status == MECH_OK) reactants[k++] = (mech_reactant){.species = "B", .start = b0};
    /* The second reactant stands first. */
    for (size_t pass = 0; pass < 2 && status == MECH_OK; pass++)
        for (size_t v = 0; v < b->l->n_variables && status == MECH_OK; v++) {
            const bool is_second = v == second;
            if (pass == 0 ? !is_second : is_second || !b->l->variables[v].as_reactant) continue;
            mech_reactant r = {.species = is_second ? "B" : b->l->variables[v].label, .start = is_second ? b0 : NAN};
            find_factors(b, v, run->s0, factors);
            for (size_t i = 0; isnan(r.start) && i < n_rows && rows[i].time == 0; i++) {
                const double first = value_at(b, &rows[i], v);
                if (!isnan(first)) r.start = fmax(0, scaled(first, factors[rows[i].block]));
            }
            status = copy_series(b, rows, n_rows, reading, n_readings, v, factors, &r.concentration, error);
            if (status != MECH_OK) break;
            if (!r.concentration && isnan(r.start)) continue;
            r.species = mech_arena_text(b->experiment->memory, r.species, strlen(r.species));
            if (!r.species) status = mech_fail_memory(error);
            reactants[k++] = r;
        }
    free(factors);
    run->reactants = k ? reactants : NULL;
    run->n_reactants = k;
    return status;
}

/* Conversions become substrate, yields product. */
static const double *converted(const builder *b, const double *shares, size_t n, double scale, double whole,
                               bool rest) {
    if (!shares) return NULL;
    double *to = mech_arena_allocate(b->experiment->memory, n, sizeof *to);
    for (size_t i = 0; to && i < n; i++) to[i] = rest ? whole * (1 - scale * shares[i]) : whole * scale * shares[i];
    return to;
}

/* The share that a conversion or yield of 1 in the table is: by its unit, else by the largest of all runs. */
static double scale_of_shares(const builder *b, size_t v) {
    double most = 0;
    for (size_t k = 0; k < b->l->n_blocks; k++)
        if (b->n->series[k][v].values && unit_at(b, k, v)->kind == UNIT_SHARE) return unit_at(b, k, v)->scale;
    for (size_t r = 0; r < b->n->n_runs; r++)
        if (mech_course(b->n, r, v)->n) most = fmax(most, mech_course(b->n, r, v)->most);
    return most > 1.5 ? 0.01 : 1;
}

/* Builds one run but for its catalyst, which may hang on the standard's [S]0. */
static mech_status build_run(builder *b, size_t index, place_in_block *rows, size_t n_rows, double of_whole,
                             mech_run *run, assumptions *assumed, mech_error *error) {
    char number[24];
    const char *name = name_of(b, index, number, sizeof number);
    size_t *reading = malloc((n_rows + 1) * sizeof *reading);
    double *factors = calloc(b->l->n_blocks, sizeof *factors);
    double *times = NULL;
    mech_status status = reading && factors ? MECH_OK : mech_fail_memory(error);
    if (status != MECH_OK) goto cleanup;
    *run = (mech_run){.size = sizeof *run};
    run->name = mech_arena_text(b->experiment->memory, name, strlen(name));
    if (!run->name) status = mech_fail_memory(error);
    if (status != MECH_OK) goto cleanup;
    size_t n_readings = 0;
    const bool merges = b->n->species != SIZE_MAX;
    for (size_t i = 0, before = SIZE_MAX; i < n_rows; i++) {
        reading[i] = SIZE_MAX;
        if (!holds_reading(b, &rows[i])) continue;
        const bool same = merges && before != SIZE_MAX && complement(b, &rows[before], &rows[i]);
        n_readings += same ? 0 : 1;
        reading[i] = n_readings - 1;
        before = i;
    }
    if (!n_readings) {
        status =
            mech_fail(error, MECH_INVALID_INPUT, "%s: run %s holds neither substrate nor product; expected one of them",
                      place_of_row(b, &rows[0], SIZE_MAX).text, name);
        goto cleanup;
    }
    if (status == MECH_OK) status = find_substrate_start(b, index, rows, n_rows, &run->s0, error);
    if (status != MECH_OK) goto cleanup;
    const double whole = of_whole > 0 ? of_whole : run->s0;
    times = mech_arena_allocate(b->experiment->memory, n_readings, sizeof *times);
    if (!times) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    for (size_t i = 0; i < n_rows; i++)
        if (reading[i] != SIZE_MAX) times[reading[i]] = rows[i].time;
    run->time = times;
    run->n_readings = n_readings;
    const size_t s = b->variables[COLUMN_SUBSTRATE], p = b->variables[COLUMN_PRODUCT];
    const size_t conversion = b->variables[COLUMN_CONVERSION], yield = b->variables[COLUMN_YIELD];
    if (s != SIZE_MAX) {
        find_factors(b, s, whole, factors);
        status = copy_series(b, rows, n_rows, reading, n_readings, s, factors, &run->substrate, error);
        if (status == MECH_OK)
            status = check_concentrations(b, rows, n_rows, reading, s, run->substrate, run->s0, error);
    }
    if (status == MECH_OK && p != SIZE_MAX) {
        find_factors(b, p, whole, factors);
        if (b->product_in_percent)
            for (size_t k = 0; k < b->l->n_blocks; k++) factors[k] = 0.01 * run->s0;
        status = copy_series(b, rows, n_rows, reading, n_readings, p, factors, &run->product, error);
        if (status == MECH_OK) status = check_concentrations(b, rows, n_rows, reading, p, run->product, run->s0, error);
    }
    if (status == MECH_OK) status = find_product_start(b, index, rows, n_rows, factors, &run->p0, assumed, error);
    if (status == MECH_OK && conversion != SIZE_MAX && !run->substrate) {
        for (size_t k = 0; k < b->l->n_blocks; k++) factors[k] = 1;
        const double *shares = NULL;
        status = copy_series(b, rows, n_rows, reading, n_readings, conversion, factors, &shares, error);
        if (status == MECH_OK)
            run->substrate = converted(b, shares, n_readings, scale_of_shares(b, conversion), run->s0, true);
    }
    if (status == MECH_OK && yield != SIZE_MAX && !run->product) {
        for (size_t k = 0; k < b->l->n_blocks; k++) factors[k] = 1;
        const double *shares = NULL;
        status = copy_series(b, rows, n_rows, reading, n_readings, yield, factors, &shares, error);
        if (status == MECH_OK)
            run->product = converted(b, shares, n_readings, scale_of_shares(b, yield), run->s0, false);
    }
    if (status == MECH_OK && !run->substrate && !run->product)
        status =
            mech_fail(error, MECH_INVALID_INPUT, "%s: run %s holds neither substrate nor product; expected one of them",
                      place_of_row(b, &rows[0], SIZE_MAX).text, name);
    if (status == MECH_OK) status = find_active(b, rows, n_rows, reading, n_readings, run, error);
    if (status == MECH_OK) status = copy_reactants(b, index, rows, n_rows, reading, n_readings, run, error);
    if (status != MECH_OK) goto cleanup;
    assumed->n_product_balanced += !run->product;
    assumed->n_substrate_balanced += !run->substrate;
    size_t n_after = 0;
    for (size_t i = 0; i < n_readings; i++) {
        const bool gap = (run->substrate && isnan(run->substrate[i])) || (run->product && isnan(run->product[i]));
        const bool any = (run->substrate && !isnan(run->substrate[i])) || (run->product && !isnan(run->product[i]));
        b->n_gaps += gap && times[i] > 0;
        n_after += any && times[i] > 0;
    }
    if (!n_after)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: run %s has no point after time 0; expected at least one",
                           place_of_row(b, &rows[0], SIZE_MAX).text, name);
cleanup:
    free(reading);
    free(factors);
    return status;
}

/* The unit of concentrations: that of S, else of the first other species that has one. */
static void settle_units(builder *b) {
    static const column_role order[] = {COLUMN_SUBSTRATE, COLUMN_S0, COLUMN_PRODUCT, COLUMN_SECOND, COLUMN_CATALYST};
    b->concentration = mech_read_unit("", 0);
    const bool known_start = measures(b, COLUMN_S0) || b->options->n_s0;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const size_t v = b->variables[order[i]];
        if (v == SIZE_MAX) continue;
        for (size_t k = 0; k < b->l->n_blocks; k++) {
            if (!b->n->series[k][v].values) continue;
            const table_unit *u = unit_at(b, k, v);
            if (!*u->name) continue;
            /* Shares of a substrate that is known otherwise are turned into concentrations; those of catalyst always.
             */
            if (u->kind == UNIT_SHARE && (known_start || order[i] == COLUMN_CATALYST || order[i] == COLUMN_PRODUCT))
                continue;
            b->concentration = *u;
            return;
        }
    }
}

/* Where shares are counted from: 0, from each run's own [S]0, where all runs begin near 100 %; else the standard's. */
static double whole_of_shares(const builder *b, double standard) {
    const size_t s = b->variables[COLUMN_SUBSTRATE];
    if (s == SIZE_MAX) return 0;
    for (size_t r = 0; r < b->n->n_runs; r++) {
        const course *c = mech_course(b->n, r, s);
        const table_unit *u = unit_at(b, b->n->runs[r].block, s);
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

/* Turns shares of catalyst into concentrations. A run that starts with less substrate may have been given a share of
 * its own [S]0 or of the standard's: the reading under which its loading is one of the others' is taken. */
static mech_status settle_loadings(builder *b, const double *loadings, const bool *shares, mech_error *error) {
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

static void note_assumptions(mech_experiment *e, const assumptions *assumed) {
    char which[64] = "";
    size_t balanced = assumed->n_product_balanced + assumed->n_substrate_balanced;
    if (balanced && balanced < e->n_runs) snprintf(which, sizeof which, " in %zu of %zu runs", balanced, e->n_runs);
    const char *start = !assumed->n_p0_assumed              ? "[P]0 as given"
                        : assumed->n_p0_assumed < e->n_runs ? "[P]0 = 0 assumed where it is not given"
                                                            : "[P]0 = 0 assumed";
    if (assumed->n_product_balanced)
        mech_note(&e->warnings,
                  "the product was not measured%s: [P] = [P]0 + [S]0 - [S] from the mass balance, with %s", which,
                  start);
    if (assumed->n_substrate_balanced)
        mech_note(&e->warnings,
                  "the substrate was not measured%s: [S] = [S]0 + [P]0 - [P] from the mass balance, with %s", which,
                  start);
    if (!balanced && assumed->n_p0_assumed)
        mech_note(&e->warnings, "the product at time 0 was not measured: [P]0 = 0 assumed");
}

static mech_status check_option(const char *what, const char *option, size_t n, size_t n_runs, const char *source,
                                mech_error *error) {
    if (n <= 1 || n == n_runs) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT,
                     "%s: %s (%s) has %zu values, but the file has %zu run%s; expected one for each, or one for all",
                     source, option, what, n, n_runs, n_runs == 1 ? "" : "s");
}

/* A cell that is no number in a column of numbers that matters. */
static mech_status refuse_texts(const builder *b, mech_error *error) {
    for (size_t k = 0; k < b->l->n_blocks; k++)
        for (size_t v = 0; v < b->l->n_variables; v++) {
            const table_series *s = &b->n->series[k][v];
            const table_variable *at = &b->l->variables[v];
            const bool matters = (at->role != N_COLUMN_ROLES && at->role != COLUMN_RUN && at->role != COLUMN_SPECIES &&
                                  at->role != COLUMN_STANDARD) ||
                                 at->as_reactant;
            if (!matters || !s->n_texts) continue;
            const table_block *in = &b->l->blocks[k];
            const char *cell = mech_sheet_cell(in->cells, s->first_text, in->column[v]);
            return mech_fail(
                error, MECH_INVALID_INPUT, "%s: %s: '%.40s' is not a number%s; expected one like 0%c25",
                mech_place_of(in->cells, s->first_text, in->column[v]).text, mech_label_variable(b->l, in, v).text,
                cell,
                strpbrk(cell, ".,") && cell[0] >= '0' && cell[0] <= '9' ? " in the way the others are written" : "",
                s->decimal);
        }
    for (size_t k = 0; k < b->l->n_blocks; k++)
        for (size_t v = 0; v < b->l->n_variables; v++) {
            const table_series *s = &b->n->series[k][v];
            const table_block *in = &b->l->blocks[k];
            if (!s->n_moments || v == b->n->time || b->l->variables[v].role == N_COLUMN_ROLES || v == b->n->run)
                continue;
            return mech_fail(error, MECH_INVALID_INPUT, "%s: %s holds dates or times of day; expected concentrations",
                             mech_place_of(in->cells, s->first_moment, in->column[v]).text,
                             mech_label_variable(b->l, in, v).text);
        }
    return MECH_OK;
}

/* A row that is longer than its header with a number in it is no table that can be trusted. */
static mech_status refuse_long_rows(const table_layout *l, mech_error *error) {
    for (size_t k = 0; k < l->n_blocks; k++) {
        const table_block *b = &l->blocks[k];
        if (b->header_row == SIZE_MAX || b->cells->separator == ' ' ||
            (k && l->blocks[k - 1].first == b->first && l->blocks[k - 1].cells == b->cells))
            continue;
        size_t n_long = 0, n_doubled = 0, row_of = 0, n_rows = 0;
        for (size_t row = b->first; row < b->end; row++) {
            const sheet_row *r = &b->cells->rows[row];
            if (r->remark) continue;
            n_rows++;
            if (r->n_cells <= b->value_columns) continue;
            bool number = false;
            for (size_t c = b->value_columns; c < r->n_cells; c++) {
                double value;
                const char *cell = mech_sheet_cell(b->cells, row, c);
                number |= *cell && (mech_read_number(cell, '.', &value) || mech_read_number(cell, ',', &value));
            }
            if (!number) continue;
            if (!n_long++) row_of = row;
            n_doubled += r->n_cells + 1 >= 2 * b->value_columns;
        }
        if (!n_long) continue;
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: has %u cells, but the header in line %u has %zu; expected as many%s",
                         mech_place_of(b->cells, row_of, SIZE_MAX).text, b->cells->rows[row_of].n_cells,
                         b->cells->rows[b->header_row].line, b->value_columns,
                         n_doubled == n_rows && b->cells->separator == ',' && b->value_columns > 1
                             ? " (decimal commas need semicolons, tabs or quotes)"
                             : "");
    }
    return MECH_OK;
}

/* Whether the options keep a run. */
static bool is_wanted(const mech_experiment_options *options, const char *name, size_t index) {
    char number[24];
    if (!options->runs) return true;
    snprintf(number, sizeof number, "%zu", index + 1);
    for (const char *at = options->runs; *at;) {
        const bool quoted = *at == '"';
        if (quoted) at++;
        const size_t n = strcspn(at, quoted ? "\"" : ",");
        if ((n == strlen(name) && strncmp(at, name, n) == 0) || (n == strlen(number) && strncmp(at, number, n) == 0))
            return true;
        at += n;
        at += *at == '"';
        at += *at == ',';
        while (*at == ' ') at++;
    }
    return false;
}

static mech_status list_columns(builder *b, mech_error *error) {
    mech_experiment *e = b->experiment;
    e->columns = mech_arena_allocate(e->memory, b->l->n_variables + 1, sizeof *e->columns);
    if (!e->columns) return mech_fail_memory(error);
    for (size_t v = 0; v < b->l->n_variables; v++) {
        const table_variable *at = &b->l->variables[v];
        if (at->role == N_COLUMN_ROLES && !at->as_reactant) continue;
        if (at->role == COLUMN_VALUE || at->role == COLUMN_SPECIES) continue;
        char *header = mech_arena_text(e->memory, at->label, strlen(at->label));
        const char *role = at->as_reactant ? header : mech_column_role_name(at->role);
        if (!header) return mech_fail_memory(error);
        e->columns[e->n_columns++] = (known_column){role, header};
    }
    return MECH_OK;
}

/* Times: their unit, and what the table's numbers are multiplied with. */
static void settle_times(builder *b) {
    const size_t t = b->n->time;
    const table_series *s = &b->n->series[0][t];
    const table_unit *u = unit_at(b, 0, t);
    mech_experiment *e = b->experiment;
    b->time_scale = 1;
    for (size_t k = 0; k < b->l->n_blocks; k++) b->moments |= b->n->series[k][t].n_moments > 0;
    if (b->moments || u->kind == UNIT_CLOCK) {
        snprintf(e->time_unit, sizeof e->time_unit, "min");
        if (!b->moments && s->n_numbers)
            mech_note(&e->warnings, "times under '%.40s' are numbers: they were taken for fractions of days",
                      b->l->variables[t].label);
        return;
    }
    memcpy(e->time_unit, u->name, sizeof e->time_unit);
}

/* A time of the table in the unit of the results. */
static double time_at(const builder *b, size_t k, size_t row) {
    const size_t t = b->n->time;
    const double value = b->n->series[k][t].values[row];
    const table_unit *u = unit_at(b, k, t), *first = unit_at(b, 0, t);
    if (b->moments) return value / 60;
    if (u->kind == UNIT_CLOCK) return value * 1440;
    if (u->kind == UNIT_TIME && first->kind == UNIT_TIME && !mech_same_unit(u, first))
        return value * u->scale / first->scale;
    return value;
}

/* Sorts all rows into runs, in the order of the table within each. */
static mech_status gather_rows(builder *b, size_t *from, mech_error *error) {
    const table_numbers *n = b->n;
    size_t all = 0;
    for (size_t r = 0; r < n->n_runs; r++) {
        from[r] = all;
        all += n->runs[r].n_rows;
    }
    from[n->n_runs] = all;
    b->rows = malloc((all + 1) * sizeof *b->rows);
    size_t *next = malloc((n->n_runs + 1) * sizeof *next);
    if (!b->rows || !next) {
        free(next);
        return mech_fail_memory(error);
    }
    memcpy(next, from, n->n_runs * sizeof *next);
    for (size_t k = 0; k < b->l->n_blocks; k++)
        for (size_t i = 0; i < b->l->blocks[k].end - b->l->blocks[k].first; i++) {
            const uint16_t run = n->run_of[k][i];
            if (run != UINT16_MAX) b->rows[next[run]++] = (place_in_block){k, i, time_at(b, k, i)};
        }
    free(next);
    for (size_t r = 0; r < n->n_runs; r++) {
        place_in_block *rows = b->rows + from[r];
        const size_t n_rows = from[r + 1] - from[r];
        const double first = rows[0].time, last = rows[n_rows - 1].time;
        /* Dates, and times of day, count from the run's first. */
        const bool of_day = b->moments && n_rows > 1 && first > 60 && last - first < first;
        for (size_t i = 0; of_day && i < n_rows; i++) rows[i].time -= first;
        b->n_of_day += of_day;
        bool sorted = true;
        for (size_t i = 1; i < n_rows; i++) sorted &= rows[i].time >= rows[i - 1].time;
        if (!sorted) {
            qsort(rows, n_rows, sizeof *rows, compare_times);
            b->n_sorted++;
        }
        if (rows[0].time < 0)
            return mech_fail(error, MECH_INVALID_INPUT, "%s: %s: the time %g is negative; expected 0 or later",
                             place_of_row(b, &rows[0], n->time).text,
                             mech_label_variable(b->l, &b->l->blocks[rows[0].block], n->time).text, rows[0].time);
    }
    return MECH_OK;
}

static void note_marks(builder *b) {
    size_t missing = 0, below = 0;
    double limit = NAN;
    for (size_t k = 0; k < b->l->n_blocks; k++)
        for (size_t v = 0; v < b->l->n_variables; v++) {
            const table_series *s = &b->n->series[k][v];
            if (b->l->variables[v].role == N_COLUMN_ROLES && !b->l->variables[v].as_reactant) continue;
            if (v == b->n->run) continue;
            missing += s->n_missing;
            below += s->n_below;
            if (!(limit >= s->below)) limit = isnan(s->below) ? limit : s->below;
        }
    notes *list = &b->experiment->warnings;
    if (missing) mech_note(list, "%zu cell%s marked as missing", missing, missing == 1 ? " is" : "s are");
    if (below && !isnan(limit))
        mech_note(list, "%zu reading%s below what can be measured (%g) and %s taken as missing", below,
                  below == 1 ? " lies" : "s lie", limit, below == 1 ? "was" : "were");
    else if (below)
        mech_note(list, "%zu reading%s below what can be measured and %s taken as missing", below,
                  below == 1 ? " lies" : "s lie", below == 1 ? "was" : "were");
    if (b->n_sorted)
        mech_note(list, "the readings of %zu run%s were not in the order of time and were sorted", b->n_sorted,
                  b->n_sorted == 1 ? "" : "s");
    if (b->n_of_day) mech_note(list, "times of day count from the first of each run, which is time 0");
    if (b->n_gaps)
        mech_note(list, "%zu reading%s after time 0 lack%s one of the measured species", b->n_gaps,
                  b->n_gaps == 1 ? "" : "s", b->n_gaps == 1 ? "s" : "");
}

static void note_conversions(builder *b) {
    notes *list = &b->experiment->warnings;
    char told[200] = "";
    for (size_t v = 0; v < b->l->n_variables; v++) {
        const column_role role = b->l->variables[v].role;
        if ((role == N_COLUMN_ROLES && !b->l->variables[v].as_reactant) || role == COLUMN_RUN || role == COLUMN_TIME)
            continue;
        for (size_t k = 0; k < b->l->n_blocks; k++) {
            if (!b->n->series[k][v].values) continue;
            const table_unit *u = unit_at(b, k, v);
            if (u->kind == UNIT_CONCENTRATION && factor_of(b, u) != 1) {
                const size_t n = strlen(told);
                snprintf(told + n, sizeof told - n, "%s'%.30s' from %s", n ? ", " : "", b->l->variables[v].label,
                         u->name);
                break;
            }
        }
    }
    if (*told) mech_note(list, "converted to %s: %s", b->concentration.name, told);
}

mech_status mech_build_runs(const table_layout *l, const table_numbers *n, const mech_experiment_options *options,
                            mech_experiment *experiment, mech_error *error) {
    builder b = {.l = l, .n = n, .options = options, .experiment = experiment, .below = NAN};
    table_unit units[MOST_VARIABLES];
    column_choice chosen_units;
    size_t *from = calloc(n->n_runs + 1, sizeof *from);
    double *loadings = calloc(n->n_runs + 1, sizeof *loadings);
    bool *shares = calloc(n->n_runs + 1, sizeof *shares);
    assumptions assumed = {0};
    mech_status status = from && loadings && shares ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) status = mech_read_choice(options->unit, "unit", &chosen_units, error);
    if (status != MECH_OK) goto cleanup;
    for (size_t v = 0; v < l->n_variables; v++) {
        const column_role role = l->variables[v].role;
        units[v] = mech_read_unit("", 0);
        if (role < N_COLUMN_ROLES && chosen_units.header[role])
            units[v] = mech_read_unit(chosen_units.header[role], chosen_units.length[role]);
    }
    b.units = units;
    for (column_role role = 0; role < N_COLUMN_ROLES; role++) b.variables[role] = mech_variable_of(l, role);
    status = refuse_long_rows(l, error);
    if (status == MECH_OK) status = refuse_texts(&b, error);
    if (status == MECH_OK) status = check_option("[S]0", "--s0", options->n_s0, n->n_runs, experiment->source, error);
    if (status == MECH_OK) status = check_option("[P]0", "--p0", options->n_p0, n->n_runs, experiment->source, error);
    if (status == MECH_OK) status = check_option("[B]0", "--b0", options->n_b0, n->n_runs, experiment->source, error);
    if (status == MECH_OK)
        status = check_option("the catalyst", "--cat0", options->n_cat0, n->n_runs, experiment->source, error);
    if (status != MECH_OK) goto cleanup;
    settle_units(&b);
    settle_times(&b);
    memcpy(experiment->concentration_unit, b.concentration.name, sizeof experiment->concentration_unit);
    status = gather_rows(&b, from, error);
    experiment->runs = mech_arena_allocate(experiment->memory, n->n_runs, sizeof *experiment->runs);
    if (status == MECH_OK && !experiment->runs) status = mech_fail_memory(error);
    /* A product in percent beside a substrate whose start is known but not in percent. */
    double standard = 0;
    if (b.variables[COLUMN_PRODUCT] != SIZE_MAX && status == MECH_OK && b.variables[COLUMN_SUBSTRATE] == SIZE_MAX &&
        b.concentration.kind == UNIT_NONE) {
        double most = 0, largest_start = 0;
        for (size_t r = 0; r < n->n_runs && status == MECH_OK; r++) {
            double s0 = 0;
            const course *c = mech_course(n, r, b.variables[COLUMN_PRODUCT]);
            if (find_substrate_start(&b, r, b.rows + from[r], from[r + 1] - from[r], &s0, NULL) != MECH_OK)
                s0 = INFINITY;
            if (c->n) most = fmax(most, c->most);
            largest_start = fmax(largest_start, s0);
        }
        b.product_in_percent = status == MECH_OK && most > 5 * largest_start && most > 5 && most < 130;
        if (b.product_in_percent)
            mech_note(&experiment->warnings,
                      "the product rises to %.4g where [S]0 is %.4g: it was taken for percent of [S]0", most,
                      largest_start);
    }
    for (size_t r = 0; r < n->n_runs && status == MECH_OK; r++) {
        if (b.concentration.kind != UNIT_SHARE && measures(&b, COLUMN_SUBSTRATE)) {
            double s0;
            /* What is missing is said where the run is built. */
            if (find_substrate_start(&b, r, b.rows + from[r], from[r + 1] - from[r], &s0, NULL) == MECH_OK)
                standard = fmax(standard, s0);
        }
    }
    const double of_whole = whole_of_shares(&b, standard);
    for (size_t r = 0; r < n->n_runs && status == MECH_OK; r++) {
        status =
            build_run(&b, r, b.rows + from[r], from[r + 1] - from[r], of_whole, &experiment->runs[r], &assumed, error);
        if (status == MECH_OK)
            status = find_loading(&b, r, b.rows + from[r], from[r + 1] - from[r], &loadings[r], &shares[r], error);
        experiment->n_runs = r + 1;
    }
    if (status == MECH_OK) status = settle_loadings(&b, loadings, shares, error);
    for (size_t r = 0; r < n->n_runs && status == MECH_OK; r++)
        if (!isfinite(experiment->runs[r].cat0) || (loadings[r] > 0 && !(experiment->runs[r].cat0 > 0)))
            status = mech_fail(error, MECH_INVALID_INPUT, "%s: the catalyst of run %s is too small or too large",
                               place_of_row(&b, &b.rows[from[r]], SIZE_MAX).text, experiment->runs[r].name);
    experiment->accounts = mech_arena_allocate(experiment->memory, n->n_runs, sizeof *experiment->accounts);
    if (status == MECH_OK && !experiment->accounts) status = mech_fail_memory(error);
    size_t n_wanted = 0;
    for (size_t r = 0; r < n->n_runs && status == MECH_OK; r++) {
        mech_run_account *a = &experiment->accounts[r];
        *a = (mech_run_account){.used = is_wanted(options, experiment->runs[r].name, r)};
        n_wanted += a->used;
        if (!a->used) a->left_out = "not among the runs that were asked for";
    }
    if (status == MECH_OK && !n_wanted)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: none of its runs is among '%.60s'; the first run is '%.40s'",
                           experiment->source, options->runs, experiment->runs[0].name);
    if (status == MECH_OK) status = list_columns(&b, error);
    if (status != MECH_OK) goto cleanup;
    note_assumptions(experiment, &assumed);
    note_marks(&b);
    note_conversions(&b);
    for (size_t r = 0; r < n->n_runs; r++)
        if (experiment->runs[r].active) {
            mech_note(
                &experiment->warnings,
                "the catalyst changes within runs: its first value is what was weighed in, the later ones are free or "
                "active catalyst as measured");
            break;
        }
    if (n->scattered) mech_note(&experiment->warnings, "each row is a run of its own: a point at one time and loading");
cleanup:
    free(from);
    free(loadings);
    free(shares);
    free(b.rows);
    return status;
}
