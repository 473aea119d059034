/* What was measured in one run. */
#include "experiment/runs/builder.h"

#include "base/files/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How far below zero a measured concentration may lie, as a share of [S]0, before it is a mistake and not noise. */
static const double NEGATIVE_TOLERANCE = 0.05;

/* A catalyst as measured may exceed what was weighed in by this share. */
static const double ACTIVE_TOLERANCE = 0.05;

/* Whether two rows of one time measured different species, as tables with a row for each species have them. */
static bool complement(const builder *b, const place_in_block *x, const place_in_block *y) {
    if (x->time != y->time) return false;
    for (size_t v = 0; v < b->l->n_variables; v++)
        if (mech_is_measured(b, v) && !isnan(mech_value_at(b, x, v)) && !isnan(mech_value_at(b, y, v))) return false;
    return true;
}

/* A name that may have been cut, in the arena. */
static const char *copy_name(const builder *b, const char *name) {
    char *copy = mech_arena_text(b->experiment->memory, name, strlen(name));
    if (copy) mech_drop_broken_characters(copy);
    return copy;
}

/* Which row is which reading of a run. */
typedef struct row_readings {
    size_t *reading; /* [n_rows]; SIZE_MAX: nothing was measured */
    size_t n_readings;
    bool stretch; /* the rows follow each other in one block, a reading each */
} row_readings;

static bool holds_any(const double *const *values, size_t n, size_t row) {
    for (size_t k = 0; k < n; k++)
        if (!isnan(values[k][row])) return true;
    return false;
}

/* Finds what to->reading[n_rows] are. */
static void find_readings(const builder *b, const place_in_block *rows, size_t n_rows, row_readings *to) {
    const double *values[MOST_VARIABLES];
    size_t n_values = 0, block = SIZE_MAX, before = SIZE_MAX;
    /* What was measured at one time may stand in rows of one table, or in two tables. */
    bool merges = b->n->species != SIZE_MAX;
    to->stretch = true;
    to->n_readings = 0;
    for (size_t i = 1; i < n_rows; i++) {
        merges |= rows[i].block != rows[0].block;
        to->stretch &= rows[i].block == rows[0].block && rows[i].row == rows[0].row + i;
    }
    for (size_t i = 0; i < n_rows; i++) {
        to->reading[i] = SIZE_MAX;
        if (rows[i].block != block) n_values = mech_list_measured(b, block = rows[i].block, values);
        if (!holds_any(values, n_values, rows[i].row)) continue;
        const bool same = merges && before != SIZE_MAX && complement(b, &rows[before], &rows[i]);
        to->n_readings += same ? 0 : 1;
        to->reading[i] = to->n_readings - 1;
        before = i;
    }
    to->stretch &= to->n_readings == n_rows;
}

/* One measured series of a run, in the arena or where the table's numbers stand, which is as well; NULL where nothing
 * was measured. */
static mech_status take_series(const builder *b, const place_in_block *rows, size_t n_rows, const row_readings *found,
                               size_t v, const double *factors, const double **series, mech_error *error) {
    *series = NULL;
    if (v == SIZE_MAX) return MECH_OK;
    const double *values = b->n->series[rows[0].block][v].values;
    if (found->stretch && (!values || factors[rows[0].block] == 1)) {
        const double *from = values ? values + rows[0].row : NULL;
        size_t i = 0;
        while (from && i < n_rows && isnan(from[i])) i++;
        if (from && i < n_rows) *series = from;
        return MECH_OK;
    }
    double *to = mech_arena_allocate(b->experiment->memory, found->n_readings, sizeof *to);
    if (!to) return mech_fail_memory(error);
    bool any = false;
    for (size_t i = 0; i < found->n_readings; i++) to[i] = NAN;
    for (size_t i = 0; i < n_rows; i++) {
        const double value = mech_value_at(b, &rows[i], v);
        if (isnan(value) || found->reading[i] == SIZE_MAX) continue;
        to[found->reading[i]] = mech_scaled(value, factors[rows[i].block]);
        any = true;
    }
    if (any) *series = to;
    return MECH_OK;
}

/* The times of a run's readings in the same way; NULL where memory is short. */
static const double *take_times(const builder *b, const place_in_block *rows, size_t n_rows,
                                const row_readings *found) {
    const double *table = b->n->series[rows[0].block][b->n->time].values + rows[0].row;
    bool same = found->stretch;
    for (size_t i = 0; same && i < n_rows; i++) same = table[i] == rows[i].time;
    if (same) return table;
    double *times = mech_arena_allocate(b->experiment->memory, found->n_readings, sizeof *times);
    for (size_t i = 0; times && i < n_rows; i++)
        if (found->reading[i] != SIZE_MAX) times[found->reading[i]] = rows[i].time;
    return times;
}

static mech_status check_concentrations(const builder *b, const place_in_block *rows, size_t n_rows,
                                        const row_readings *found, size_t v, const double *series, double s0,
                                        mech_error *error) {
    const size_t *reading = found->reading;
    bool any = false;
    for (size_t i = 0; series && i < found->n_readings; i++) any |= series[i] < -NEGATIVE_TOLERANCE * s0;
    for (size_t i = 0; any && i < n_rows; i++) {
        if (reading[i] == SIZE_MAX) continue;
        const double value = series[reading[i]];
        if (!(value < -NEGATIVE_TOLERANCE * s0)) continue;
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: %s: the concentration %g is negative; expected 0 or more (noise down to %g is taken)",
                         mech_place_of_row(b, &rows[i], v).text,
                         mech_label_variable(b->l, &b->l->blocks[rows[i].block], v).text, value,
                         -NEGATIVE_TOLERANCE * s0);
    }
    return MECH_OK;
}

/* A catalyst column that changes within a run is what was measured of it: free or active catalyst. */
static mech_status find_active(const builder *b, const place_in_block *rows, size_t n_rows, const row_readings *found,
                               mech_run *run, mech_error *error) {
    size_t v = b->variables[COLUMN_ACTIVE];
    const size_t cat = b->variables[COLUMN_CATALYST];
    if (v == SIZE_MAX && cat != SIZE_MAX) {
        double first = NAN;
        for (size_t i = 0; i < n_rows; i++) {
            const double value = mech_value_at(b, &rows[i], cat);
            if (isnan(value)) continue;
            if (isnan(first)) first = value;
            if (fabs(value - first) <= 1e-6 * fabs(first)) continue;
            if (value > (1 + ACTIVE_TOLERANCE) * first)
                return mech_fail(
                    error, MECH_INVALID_INPUT,
                    "%s: %s changes from %g to %g within a run; expected one value for each run, or what is "
                    "left of the first",
                    mech_place_of_row(b, &rows[i], cat).text,
                    mech_label_variable(b->l, &b->l->blocks[rows[i].block], cat).text, first, value);
            v = cat;
        }
    }
    if (v == SIZE_MAX) return MECH_OK;
    double *factors = calloc(b->l->n_blocks, sizeof *factors);
    if (!factors) return mech_fail_memory(error);
    mech_find_unit_factors(b, v, run->s0, factors);
    mech_status status = take_series(b, rows, n_rows, found, v, factors, &run->active, error);
    free(factors);
    return status;
}

static mech_status copy_reactants(const builder *b, size_t index, const place_in_block *rows, size_t n_rows,
                                  const row_readings *found, mech_run *run, mech_error *error) {
    const size_t second = b->variables[COLUMN_SECOND];
    size_t n = 0;
    for (size_t v = 0; v < b->l->n_variables; v++) n += v == second || b->l->variables[v].as_reactant;
    bool share = false;
    double b0 = mech_given_value(b, GIVEN_SECOND, index, &share);
    if (share) b0 *= run->s0;
    if (isnan(b0)) {
        mech_status status = mech_settled_constant(b, rows, n_rows, COLUMN_B0, &b0, error);
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
            mech_find_unit_factors(b, v, run->s0, factors);
            for (size_t i = 0; isnan(r.start) && i < n_rows && rows[i].time == 0; i++) {
                const double first = mech_value_at(b, &rows[i], v);
                if (!isnan(first)) r.start = fmax(0, mech_scaled(first, factors[rows[i].block]));
            }
            status = take_series(b, rows, n_rows, found, v, factors, &r.concentration, error);
            if (status != MECH_OK) break;
            if (!r.concentration && isnan(r.start)) continue;
            r.species = copy_name(b, r.species);
            if (!r.species) status = mech_fail_memory(error);
            reactants[k++] = r;
        }
    free(factors);
    run->reactants = k ? reactants : NULL;
    run->n_reactants = k;
    return status;
}

/* Conversions and yields beyond what calibration explains are mistakes. */
static mech_status check_shares(const builder *b, const place_in_block *rows, size_t n_rows, const size_t *reading,
                                size_t v, const double *shares, double scale, mech_error *error) {
    static const double LEAST = -0.1, MOST = 1.15;
    for (size_t i = 0; shares && i < n_rows; i++) {
        if (reading[i] == SIZE_MAX || isnan(shares[reading[i]])) continue;
        const double share = scale * shares[reading[i]];
        if (share >= LEAST && share <= MOST) continue;
        return mech_fail(
            error, MECH_INVALID_INPUT, "%s: %s: %g is %.0f %%; expected 0 to 100 %% (%.0f to %.0f are taken)",
            mech_place_of_row(b, &rows[i], v).text, mech_label_variable(b->l, &b->l->blocks[rows[i].block], v).text,
            shares[reading[i]], 100 * share, 100 * LEAST, 100 * MOST);
    }
    return MECH_OK;
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
        if (b->n->series[k][v].values && mech_unit_at(b, k, v)->kind == UNIT_SHARE) return mech_unit_at(b, k, v)->scale;
    for (size_t r = 0; r < b->n->n_runs; r++)
        if (mech_course(b->n, r, v)->n) most = fmax(most, mech_course(b->n, r, v)->most);
    return most > 1.5 ? 0.01 : 1;
}

mech_status mech_build_run(builder *b, size_t index, place_in_block *rows, size_t n_rows, double of_whole,
                           mech_run *run, assumptions *assumed, mech_error *error) {
    char number[24];
    const char *name = mech_name_of_run(b, index, number, sizeof number);
    row_readings found = {.reading = malloc((n_rows + 1) * sizeof *found.reading)};
    double *factors = calloc(b->l->n_blocks, sizeof *factors);
    mech_status status = found.reading && factors ? MECH_OK : mech_fail_memory(error);
    if (status != MECH_OK) goto cleanup;
    *run = (mech_run){.size = sizeof *run};
    run->name = copy_name(b, name);
    if (!run->name) status = mech_fail_memory(error);
    if (status != MECH_OK) goto cleanup;
    find_readings(b, rows, n_rows, &found);
    if (!found.n_readings) {
        status =
            mech_fail(error, MECH_INVALID_INPUT, "%s: run %s holds neither substrate nor product; expected one of them",
                      mech_place_of_row(b, &rows[0], SIZE_MAX).text, name);
        goto cleanup;
    }
    if (status == MECH_OK) status = mech_find_substrate_start(b, index, rows, n_rows, &run->s0, assumed, error);
    if (status != MECH_OK) goto cleanup;
    const double whole = of_whole > 0 ? of_whole : run->s0;
    run->time = take_times(b, rows, n_rows, &found);
    run->n_readings = found.n_readings;
    if (!run->time) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    const size_t s = b->variables[COLUMN_SUBSTRATE], p = b->variables[COLUMN_PRODUCT];
    const size_t conversion = b->variables[COLUMN_CONVERSION], yield = b->variables[COLUMN_YIELD];
    if (s != SIZE_MAX) {
        mech_find_unit_factors(b, s, whole, factors);
        status = take_series(b, rows, n_rows, &found, s, factors, &run->substrate, error);
        if (status == MECH_OK)
            status = check_concentrations(b, rows, n_rows, &found, s, run->substrate, run->s0, error);
    }
    if (status == MECH_OK && p != SIZE_MAX) {
        mech_find_unit_factors(b, p, whole, factors);
        if (b->product_in_percent)
            for (size_t k = 0; k < b->l->n_blocks; k++) factors[k] = 0.01 * run->s0;
        status = take_series(b, rows, n_rows, &found, p, factors, &run->product, error);
        if (status == MECH_OK) status = check_concentrations(b, rows, n_rows, &found, p, run->product, run->s0, error);
    }
    if (status == MECH_OK)
        status = mech_find_product_start(b, index, rows, n_rows, factors, run->s0, &run->p0, assumed, error);
    if (status == MECH_OK && conversion != SIZE_MAX && !run->substrate) {
        for (size_t k = 0; k < b->l->n_blocks; k++) factors[k] = 1;
        const double *shares = NULL;
        status = take_series(b, rows, n_rows, &found, conversion, factors, &shares, error);
        if (status == MECH_OK)
            status =
                check_shares(b, rows, n_rows, found.reading, conversion, shares, scale_of_shares(b, conversion), error);
        if (status == MECH_OK)
            run->substrate = converted(b, shares, found.n_readings, scale_of_shares(b, conversion), run->s0, true);
    }
    if (status == MECH_OK && yield != SIZE_MAX && !run->product) {
        for (size_t k = 0; k < b->l->n_blocks; k++) factors[k] = 1;
        const double *shares = NULL;
        status = take_series(b, rows, n_rows, &found, yield, factors, &shares, error);
        if (status == MECH_OK)
            status = check_shares(b, rows, n_rows, found.reading, yield, shares, scale_of_shares(b, yield), error);
        if (status == MECH_OK)
            run->product = converted(b, shares, found.n_readings, scale_of_shares(b, yield), run->s0, false);
    }
    if (status == MECH_OK && !run->substrate && !run->product)
        status =
            mech_fail(error, MECH_INVALID_INPUT, "%s: run %s holds neither substrate nor product; expected one of them",
                      mech_place_of_row(b, &rows[0], SIZE_MAX).text, name);
    if (status == MECH_OK) status = find_active(b, rows, n_rows, &found, run, error);
    if (status == MECH_OK) status = copy_reactants(b, index, rows, n_rows, &found, run, error);
    if (status != MECH_OK) goto cleanup;
    assumed->n_product_balanced += !run->product;
    assumed->n_substrate_balanced += !run->substrate;
    size_t n_after = 0;
    for (size_t i = 0; i < found.n_readings; i++) {
        const bool gap = (run->substrate && isnan(run->substrate[i])) || (run->product && isnan(run->product[i]));
        const bool any = (run->substrate && !isnan(run->substrate[i])) || (run->product && !isnan(run->product[i]));
        b->n_gaps += gap && run->time[i] > 0;
        n_after += any && run->time[i] > 0;
    }
    if (!n_after)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: run %s has no point after time 0; expected at least one",
                           mech_place_of_row(b, &rows[0], SIZE_MAX).text, name);
cleanup:
    free(found.reading);
    free(factors);
    return status;
}
