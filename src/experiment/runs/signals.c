/* Areas and integrals: what is in proportion to a concentration becomes one, or a ratio that is known up to a factor.
 */
#include "experiment/runs/builder.h"

#include "base/files/text.h"
#include "experiment/reading/columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t rows_of(const table_block *b) { return b->end - b->first; }

static bool is_signal(const table_layout *l, const table_numbers *n, size_t v) {
    for (size_t k = 0; k < l->n_blocks; k++)
        if (n->series[k][v].values) return n->series[k][v].unit.kind == UNIT_AREA;
    return false;
}

static bool is_species(const table_layout *l, size_t v) {
    const column_role role = l->variables[v].role;
    return role == COLUMN_SUBSTRATE || role == COLUMN_PRODUCT || role == COLUMN_SECOND || l->variables[v].as_reactant;
}

static void multiply(const table_layout *l, table_numbers *n, size_t v, double factor) {
    for (size_t k = 0; k < l->n_blocks; k++)
        for (size_t i = 0; n->series[k][v].values && i < rows_of(&l->blocks[k]); i++)
            n->series[k][v].values[i] *= factor;
}

/* Divides what was measured by the internal standard in the same row. */
static void divide_by_standard(const table_layout *l, table_numbers *n, size_t standard, size_t *n_without) {
    for (size_t k = 0; k < l->n_blocks; k++) {
        const double *by = n->series[k][standard].values;
        for (size_t v = 0; by && v < l->n_variables; v++) {
            double *values = n->series[k][v].values;
            if (v == standard || !values || !is_species(l, v) || n->series[k][v].unit.kind != UNIT_AREA) continue;
            for (size_t i = 0; i < rows_of(&l->blocks[k]); i++) {
                if (isnan(values[i])) continue;
                *n_without += !(by[i] > 0);
                values[i] = by[i] > 0 ? values[i] / by[i] : NAN;
            }
        }
    }
}

/* The factor that was given for a role; NaN: none. */
static mech_status find_factor(const column_choice *factors, column_role role, double *factor, mech_error *error) {
    *factor = NAN;
    if (!factors->header[role]) return MECH_OK;
    if (mech_parse_number(factors->header[role], factors->length[role], '.', factor) && *factor > 0 &&
        isfinite(*factor))
        return MECH_OK;
    return mech_fail(error, MECH_INVALID_ARGUMENT, "--response: '%.*s' is no factor for %s; expected a positive number",
                     factors->length[role] < 40 ? (int)factors->length[role] : 40, factors->header[role],
                     mech_column_role_name(role));
}

mech_status mech_take_signals(const table_layout *l, table_numbers *n, const mech_experiment_options *options,
                              notes *list, mech_error *error) {
    column_choice factors;
    mech_status status = mech_read_choice(options->response, "response", &factors, error);
    size_t n_signals = 0, n_without = 0;
    bool protons = false;
    double known = 1, factor;
    for (size_t v = 0; v < l->n_variables; v++) n_signals += is_species(l, v) && is_signal(l, n, v);
    if (status != MECH_OK) return status;
    if (!n_signals)
        return options->response ? mech_fail(error, MECH_INVALID_ARGUMENT,
                                             "--response: no column holds areas or integrals; expected headers that "
                                             "say so, or --unit S=area")
                                 : MECH_OK;
    for (size_t v = 0; v < l->n_variables; v++) {
        const unsigned count = l->variables[v].meaning.protons;
        if (count < 2 || !is_signal(l, n, v)) continue;
        multiply(l, n, v, 1.0 / count);
        protons = true;
    }
    if (protons) mech_note(list, "integrals were divided by the protons that their headers name");
    const size_t standard = mech_variable_of(l, COLUMN_STANDARD);
    if (standard != SIZE_MAX && mech_has_values(n, standard)) {
        divide_by_standard(l, n, standard, &n_without);
        mech_note(list, "areas were divided by those of the internal standard '%.40s'", l->variables[standard].label);
        if (n_without)
            mech_note(list, "%zu reading%s without the internal standard %s left out", n_without,
                      n_without == 1 ? "" : "s", n_without == 1 ? "was" : "were");
        status = find_factor(&factors, COLUMN_STANDARD, &factor, error);
        if (!isnan(factor)) known = factor;
    }
    for (size_t v = 0; v < l->n_variables && status == MECH_OK; v++) {
        const column_role role = l->variables[v].role;
        if (!is_species(l, v) || !is_signal(l, n, v) || role >= N_COLUMN_ROLES) continue;
        status = find_factor(&factors, role, &factor, error);
        /* Integrals by proton need no factor but the standard's concentration. */
        if (isnan(factor) && known != 1 && l->variables[v].meaning.protons) factor = 1;
        if (isnan(factor)) continue;
        multiply(l, n, v, known * factor);
        for (size_t k = 0; k < l->n_blocks; k++) n->series[k][v].unit = mech_read_unit("", 0);
    }
    return status;
}

/* The sums of a least-squares fit of start = a * substrate + b * product over all readings. */
typedef struct balance_sums {
    double ss, sp, pp, s, p;
    size_t n;
} balance_sums;

static balance_sums sum_balance(const builder *b, const size_t *from, size_t s, size_t p, double scale) {
    balance_sums sums = {0};
    for (size_t r = 0; r < b->n->n_runs; r++) {
        double start = NAN;
        const place_in_block *rows = b->rows + from[r];
        const size_t n_rows = from[r + 1] - from[r];
        if (scale > 0) { /* in the areas of the substrate */
            for (size_t i = 0; isnan(start) && i < n_rows && rows[i].time == 0; i++)
                start = mech_value_at(b, &rows[i], s);
            start *= scale;
        } else if (mech_find_substrate_start(b, r, rows, n_rows, &start, NULL, NULL) != MECH_OK) {
            continue;
        }
        if (!(start > 0)) continue;
        for (size_t i = 0; i < n_rows; i++) {
            const double x = mech_value_at(b, &rows[i], s) / start, y = mech_value_at(b, &rows[i], p) / start;
            if (isnan(x) || isnan(y)) continue;
            sums.ss += x * x;
            sums.sp += x * y;
            sums.pp += y * y;
            sums.s += x;
            sums.p += y;
            sums.n++;
        }
    }
    return sums;
}

mech_status mech_settle_signals(builder *b, const size_t *from, mech_error *error) {
    const table_layout *l = b->l;
    const size_t s = b->variables[COLUMN_SUBSTRATE], p = b->variables[COLUMN_PRODUCT];
    const bool signal_s = s != SIZE_MAX && is_signal(l, b->n, s) && mech_unit_at(b, 0, s)->kind == UNIT_AREA;
    const bool signal_p = p != SIZE_MAX && is_signal(l, b->n, p) && mech_unit_at(b, 0, p)->kind == UNIT_AREA;
    notes *list = &b->experiment->warnings;
    for (size_t v = 0; v < MOST_VARIABLES; v++) b->signals[v] = 1;
    if (!signal_s && !signal_p) return MECH_OK;
    if (!signal_s && signal_p && s == SIZE_MAX)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: the product is an area, and no substrate says what it stands for; expected its factor: "
                         "--response P=FACTOR",
                         mech_place_of_row(b, &b->rows[0], p).text);
    const bool start_known =
        b->options->n_s0 || b->variables[COLUMN_S0] != SIZE_MAX || l->blocks[b->rows[0].block].start.value > 0;
    /* The substrate's factor: what brings its first areas to [S]0, on average over the runs. */
    double factor_s = 1;
    size_t n_starts = 0;
    double sum = 0;
    for (size_t r = 0; signal_s && start_known && r < b->n->n_runs; r++) {
        const place_in_block *rows = b->rows + from[r];
        double first = NAN, start;
        for (size_t i = 0; isnan(first) && i < from[r + 1] - from[r] && rows[i].time == 0; i++)
            first = mech_value_at(b, &rows[i], s);
        if (!(first > 0) || mech_find_substrate_start(b, r, rows, from[r + 1] - from[r], &start, NULL, NULL) != MECH_OK)
            continue;
        sum += start / first;
        n_starts++;
    }
    if (n_starts) factor_s = sum / (double)n_starts;
    double factor_p = factor_s;
    const bool by_protons = signal_s && signal_p && l->variables[s].meaning.protons && l->variables[p].meaning.protons;
    const balance_sums sums =
        signal_p ? sum_balance(b, from, s, p, signal_s && !start_known ? 1 : 0) : (balance_sums){0};
    if (signal_s && start_known && !n_starts && signal_p && sums.n > 2) {
        /* Without readings at time 0 both factors follow from the mass balance. */
        const double determinant = sums.ss * sums.pp - sums.sp * sums.sp;
        factor_s = (sums.s * sums.pp - sums.p * sums.sp) / determinant;
        factor_p = (sums.p * sums.ss - sums.s * sums.sp) / determinant;
    } else if (signal_p && !by_protons && sums.pp > 0) {
        const double of_s = signal_s ? factor_s : mech_factor_of(b, mech_unit_at(b, 0, s));
        factor_p = (sums.p - of_s * sums.sp) / sums.pp;
    }
    if (!(factor_s > 0) || !(factor_p > 0) || !isfinite(factor_s) || !isfinite(factor_p))
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: the areas of substrate and product do not add up to what the runs start with; expected "
                         "their factors: --response S=FACTOR,P=FACTOR",
                         mech_place_of_row(b, &b->rows[0], p).text);
    if (signal_s) b->signals[s] = factor_s;
    if (signal_p) b->signals[p] = factor_p;
    for (size_t v = 0; v < l->n_variables; v++)
        if (v != s && v != p && is_species(l, v) && is_signal(l, b->n, v)) b->signals[v] = factor_s;
    if (signal_s && start_known)
        mech_note(list, "areas were scaled so that those of the substrate %s [S]0",
                  n_starts ? "at time 0 are" : "and product add up to");
    else if (signal_s)
        mech_note(list,
                  "[S]0 is the substrate's area at time 0, in units of areas: --s0 or --response says it in mol/L");
    if (signal_p && !by_protons && signal_s)
        mech_note(list,
                  "the product's areas count %.3g times those of the substrate, from the mass balance; --response says "
                  "another factor",
                  factor_p / factor_s);
    else if (signal_p && !by_protons)
        mech_note(list, "the product's areas were scaled by the mass balance; --response says another factor");
    return MECH_OK;
}
