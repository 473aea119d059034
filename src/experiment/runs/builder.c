#include "experiment/runs/builder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double mech_value_at(const builder *b, const place_in_block *at, size_t v) {
    if (v == SIZE_MAX || !b->n->series[at->block][v].values) return NAN;
    return b->n->series[at->block][v].values[at->row];
}

const table_unit *mech_unit_at(const builder *b, size_t block, size_t v) {
    return b->units[v].kind != UNIT_NONE ? &b->units[v] : &b->n->series[block][v].unit;
}

double mech_factor_of(const builder *b, const table_unit *u) {
    if (u->kind != b->concentration.kind || u->kind == UNIT_NONE || mech_same_unit(u, &b->concentration)) return 1;
    return u->scale / b->concentration.scale;
}

double mech_scaled(double value, double factor) { return factor == 1 ? value : value * factor; }

cell_place mech_place_of_row(const builder *b, const place_in_block *at, size_t v) {
    const table_block *in = &b->l->blocks[at->block];
    return mech_place_of(in->cells, in->first + at->row, v == SIZE_MAX ? SIZE_MAX : in->column[v]);
}

double mech_constant_of(const builder *b, const place_in_block *rows, size_t n_rows, size_t v, size_t *block) {
    for (size_t i = 0; v != SIZE_MAX && i < n_rows; i++) {
        const double value = mech_value_at(b, &rows[i], v);
        if (isnan(value)) continue;
        *block = rows[i].block;
        return value;
    }
    return NAN;
}

mech_status mech_settled_constant(const builder *b, const place_in_block *rows, size_t n_rows, column_role role,
                                  double *value, mech_error *error) {
    const size_t v = b->variables[role];
    size_t block = 0;
    *value = mech_constant_of(b, rows, n_rows, v, &block);
    if (isnan(*value)) return MECH_OK;
    for (size_t i = 0; i < n_rows; i++) {
        const double other = mech_value_at(b, &rows[i], v);
        if (isnan(other) || fabs(other - *value) <= 1e-6 * fabs(*value)) continue;
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: %s changes from %g to %g within a run; expected one value for each run",
                         mech_place_of_row(b, &rows[i], v).text,
                         mech_label_variable(b->l, &b->l->blocks[rows[i].block], v).text, *value, other);
    }
    if (*value < 0 || (*value == 0 && role == COLUMN_S0))
        return mech_fail(error, MECH_INVALID_INPUT, "%s: %s is %g; expected a positive number",
                         mech_place_of_row(b, &rows[0], v).text,
                         mech_label_variable(b->l, &b->l->blocks[block], v).text, *value);
    *value = mech_scaled(*value, mech_factor_of(b, mech_unit_at(b, block, v)));
    return MECH_OK;
}

typedef struct given_list {
    const char *option, *units;
    const double *values;
    size_t n;
} given_list;

static given_list list_given(const builder *b, given_amount which) {
    const mech_experiment_options *o = b->options;
    const given_list lists[N_GIVEN] = {{"--s0", o->s0_unit, o->s0, o->n_s0},
                                       {"--p0", o->p0_unit, o->p0, o->n_p0},
                                       {"--b0", o->b0_unit, o->b0, o->n_b0},
                                       {"--cat0", o->cat0_unit, o->cat0, o->n_cat0}};
    return lists[which];
}

/* The unit of the i-th value: of as many units with commas between them, or of all. */
static table_unit unit_of_given(const char *units, size_t i) {
    if (!units) return mech_read_unit("", 0);
    if (strchr(units, ','))
        for (; i; i--) {
            units += strcspn(units, ",");
            units += *units == ',';
        }
    return mech_read_unit(units, strcspn(units, ","));
}

double mech_given_value(const builder *b, given_amount which, size_t run, bool *share) {
    const given_list list = list_given(b, which);
    *share = false;
    if (!list.n) return NAN;
    const size_t i = list.n == 1 ? 0 : run;
    const table_unit u = unit_of_given(list.units, i);
    *share = u.kind == UNIT_SHARE && (which == GIVEN_CATALYST || b->concentration.kind != UNIT_SHARE);
    return *share ? list.values[i] * u.scale : mech_scaled(list.values[i], mech_factor_of(b, &u));
}

/* Whether the unit of what was measured is not said, neither as a share nor as an area. */
static bool names_no_unit(const builder *b) {
    const size_t s = b->variables[COLUMN_SUBSTRATE], p = b->variables[COLUMN_PRODUCT];
    return (s != SIZE_MAX && mech_unit_at(b, 0, s)->kind == UNIT_NONE) ||
           (p != SIZE_MAX && mech_unit_at(b, 0, p)->kind == UNIT_NONE);
}

mech_status mech_check_given_units(builder *b, mech_error *error) {
    for (given_amount which = 0; which < N_GIVEN; which++) {
        const given_list list = list_given(b, which);
        for (size_t i = 0; list.units && i < list.n; i++) {
            const table_unit u = unit_of_given(list.units, i);
            if (u.kind == UNIT_NONE && !*u.name) continue;
            const bool share = u.kind == UNIT_SHARE && which != GIVEN_SUBSTRATE;
            if (u.kind != UNIT_CONCENTRATION && u.kind != UNIT_SHARE)
                return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: '%s' is no unit of %s; expected one such as %s",
                                 list.option, u.name, which == GIVEN_CATALYST ? "a catalyst" : "a concentration",
                                 which == GIVEN_CATALYST ? "mol %, mM or M" : "M, mM or mol/L");
            if (u.kind == UNIT_CONCENTRATION && b->concentration.kind == UNIT_NONE && !*b->concentration.name) {
                b->concentration = u;
                if (names_no_unit(b))
                    mech_note(&b->experiment->warnings,
                              "the table names no unit of concentration: %s was taken, as %s has", u.name, list.option);
            }
            if (share || u.kind == b->concentration.kind) continue;
            return mech_fail(error, MECH_INVALID_ARGUMENT,
                             "%s: is in %s, but the concentrations of %.120s are in %s; expected one unit, or --unit "
                             "'S=...'",
                             list.option, u.name, b->experiment->source, b->concentration.name);
        }
    }
    return MECH_OK;
}

const char *mech_name_of_run(const builder *b, size_t run, char *number, size_t room) {
    const found_run *r = &b->n->runs[run];
    if (*r->name) return r->name;
    snprintf(number, room, "%zu", run + 1);
    return number;
}

bool mech_is_measured(const builder *b, size_t v) {
    const column_role role = b->l->variables[v].role;
    return role == COLUMN_SUBSTRATE || role == COLUMN_PRODUCT || role == COLUMN_SECOND || role == COLUMN_ACTIVE ||
           role == COLUMN_CONVERSION || role == COLUMN_YIELD || b->l->variables[v].as_reactant;
}

size_t mech_list_measured(const builder *b, size_t block, const double **values) {
    size_t n = 0;
    for (size_t v = 0; v < b->l->n_variables; v++)
        if (mech_is_measured(b, v) && b->n->series[block][v].values) values[n++] = b->n->series[block][v].values;
    return n;
}

void mech_find_unit_factors(const builder *b, size_t v, double of_whole, double *factors) {
    for (size_t k = 0; k < b->l->n_blocks; k++) {
        const table_unit *u = mech_unit_at(b, k, v);
        factors[k] = u->kind == UNIT_AREA ? b->signals[v]
                     : u->kind == UNIT_SHARE && b->concentration.kind != UNIT_SHARE && of_whole > 0
                         ? u->scale * of_whole
                         : mech_factor_of(b, u);
    }
}
