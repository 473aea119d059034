#include "experiment/runs/experiment.h"

#include "base/files/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* How far below zero a measured concentration may lie, as a share of [S]0, before it is a mistake and not noise. */
static const double NEGATIVE_TOLERANCE = 0.05;

/* One run while it is built. */
typedef struct builder {
    const readings *collected;
    const run_header *header;
    const table *t;
    const char *source;
    mech_experiment *experiment;
    const reading **rows; /* [n_rows] of this run */
    size_t n_rows;
    bool has_substrate, has_product;
    mech_run run;
} builder;

/* Which runs an assumption was made in, to be told in one sentence. */
typedef struct assumptions {
    size_t n_product_balanced, n_substrate_balanced, n_p0_assumed;
} assumptions;

static column_label label_role(const builder *b, column_role role) {
    return mech_label_column(b->t, (size_t)b->header->block->column[role]);
}

static mech_status check_measured(builder *b, mech_error *error) {
    for (size_t i = 0; i < b->n_rows; i++) {
        if (!isnan(b->rows[i]->substrate)) b->has_substrate = true;
        if (!isnan(b->rows[i]->product)) b->has_product = true;
    }
    if (b->has_substrate || b->has_product) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT,
                     "%s:%zu: run %s holds neither substrate nor product; expected one of them", b->source,
                     b->header->first_line, b->run.name);
}

/* [S]0 and [P]0: what the caller says goes before a column of its own, and that before the measurement at t = 0. */
static mech_status find_start(builder *b, size_t index, const mech_experiment_options *options, assumptions *assumed,
                              mech_error *error) {
    const reading *first = b->rows[0];
    bool from_zero = first->time == 0;
    double s0 = options->n_s0 ? options->s0[index] : b->header->s0;
    double p0 = options->n_p0 ? options->p0[index] : b->header->p0;
    if (isnan(s0) && from_zero) s0 = first->substrate;
    if (isnan(s0) && b->has_substrate && !from_zero)
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s:%zu: run %s begins at time %g; expected its first row at time 0, or a column S0 (a table of "
            "scattered points, each from a run of its own, is not read)",
            b->source, first->line, b->run.name, first->time);
    if (isnan(s0) && b->has_substrate)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s:%zu: %s is blank at time 0; expected [S]0 of run %s there or in a column S0", b->source,
                         first->line, label_role(b, COLUMN_SUBSTRATE).text, b->run.name);
    if (isnan(s0))
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s:%zu: [S]0 of run %s is not known, as only the product was measured; expected a column S0, [S]0 "
            "of each run (--s0), or a choice of the substrate's column (--columns S=HEADER)",
            b->source, first->line, b->run.name);
    if (!(s0 > 0) || !isfinite(s0))
        return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: [S]0 of run %s is %g; expected a positive concentration",
                         b->source, first->line, b->run.name, s0);
    if (isnan(p0) && from_zero && b->has_product) p0 = first->product > 0 || isnan(first->product) ? first->product : 0;
    if (isnan(p0)) {
        p0 = 0;
        assumed->n_p0_assumed++;
    }
    if (!(p0 >= 0) || !isfinite(p0))
        return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: [P]0 of run %s is %g; expected 0 or more", b->source,
                         first->line, b->run.name, p0);
    b->run.s0 = s0;
    b->run.p0 = p0;
    return MECH_OK;
}

static mech_status find_loading(builder *b, mech_error *error) {
    double catalyst = b->header->catalyst, scale = b->header->block->loading_scale;
    if (isnan(catalyst))
        return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: %s is blank throughout run %s; expected its catalyst",
                         b->source, b->header->first_line, label_role(b, COLUMN_CATALYST).text, b->run.name);
    b->run.cat0 = scale > 0 ? catalyst * scale * b->run.s0 : catalyst;
    if (b->run.cat0 > 0 && isfinite(b->run.cat0)) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: %s: the catalyst of run %s is too small or too large",
                     b->source, b->header->first_line, label_role(b, COLUMN_CATALYST).text, b->run.name);
}

static mech_status check_concentration(const builder *b, const reading *row, column_role role, double value,
                                       mech_error *error) {
    if (!(value < -NEGATIVE_TOLERANCE * b->run.s0)) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT,
                     "%s:%zu: %s: the concentration %g is negative; expected 0 or more (noise down to %g is "
                     "taken)",
                     b->source, row->line, label_role(b, role).text, value, -NEGATIVE_TOLERANCE * b->run.s0);
}

/* Copies the points in which everything that is measured in this run was measured; a start that is known from elsewhere
 * fills a gap at t = 0. */
static mech_status copy_points(builder *b, mech_error *error) {
    arena *memory = b->experiment->memory;
    double *time = mech_arena_allocate(memory, b->n_rows + 1, sizeof *time);
    double *substrate = mech_arena_allocate(memory, b->n_rows + 1, sizeof *substrate);
    double *product = mech_arena_allocate(memory, b->n_rows + 1, sizeof *product);
    if (!time || !substrate || !product) return mech_fail_memory(error);
    size_t n = 0, left_out = 0;
    if (b->rows[0]->time != 0) {
        substrate[0] = b->run.s0;
        product[0] = b->run.p0;
        n = 1;
    }
    for (size_t i = 0; i < b->n_rows; i++) {
        const reading *row = b->rows[i];
        double s = row->substrate, p = row->product;
        if (row->time == 0 && isnan(s)) s = b->run.s0;
        if (row->time == 0 && isnan(p)) p = b->run.p0;
        mech_status status = check_concentration(b, row, COLUMN_SUBSTRATE, s, error);
        if (status == MECH_OK) status = check_concentration(b, row, COLUMN_PRODUCT, p, error);
        if (status != MECH_OK) return status;
        if ((b->has_substrate && isnan(s)) || (b->has_product && isnan(p))) {
            left_out++;
            continue;
        }
        time[n] = row->time;
        substrate[n] = s;
        product[n++] = p;
    }
    if (n < 2)
        return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: run %s has no point after time 0; expected at least one",
                         b->source, b->header->first_line, b->run.name);
    if (left_out)
        mech_note(&b->experiment->warnings, "run %s: %zu %s with a blank cell %s left out", b->run.name, left_out,
                  left_out == 1 ? "point" : "points", left_out == 1 ? "was" : "were");
    b->run.n_readings = n;
    b->run.time = time;
    b->run.substrate = b->has_substrate ? substrate : NULL;
    b->run.product = b->has_product ? product : NULL;
    return MECH_OK;
}

static mech_status build_run(builder *b, size_t index, const mech_experiment_options *options, assumptions *assumed,
                             mech_error *error) {
    char number[24];
    b->run.size = sizeof b->run;
    snprintf(number, sizeof number, "%zu", index + 1);
    const char *name = b->header->name ? b->header->name : number;
    b->run.name = mech_arena_text(b->experiment->memory, name, strlen(name));
    if (!b->run.name) return mech_fail_memory(error);
    mech_status status = check_measured(b, error);
    if (status == MECH_OK) status = find_start(b, index, options, assumed, error);
    if (status == MECH_OK) status = find_loading(b, error);
    if (status == MECH_OK) status = copy_points(b, error);
    assumed->n_product_balanced += !b->has_product;
    assumed->n_substrate_balanced += !b->has_substrate;
    return status;
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

static mech_status check_option(const char *what, size_t n, size_t n_runs, const char *source, mech_error *error) {
    if (!n || n == n_runs) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT,
                     "%s: %s has %zu value%s, but the file has %zu run%s; expected one for each", source, what, n,
                     n == 1 ? "" : "s", n_runs, n_runs == 1 ? "" : "s");
}

mech_status mech_build_runs(const readings *collected, const table *t, const mech_experiment_options *options,
                            const char *source, mech_experiment *experiment, mech_error *error) {
    size_t n_runs = collected->n_runs;
    mech_status status = check_option("[S]0", options->n_s0, n_runs, source, error);
    if (status == MECH_OK) status = check_option("[P]0", options->n_p0, n_runs, source, error);
    if (status != MECH_OK) return status;
    /* The rows of each run, one run after the other, each in the order of the table. */
    const reading **sorted = mech_allocate_array(collected->n, sizeof *sorted); /* NOLINT(bugprone-sizeof-expression) */
    size_t *next = mech_allocate_array(n_runs, sizeof *next);
    experiment->runs = mech_arena_allocate(experiment->memory, n_runs, sizeof *experiment->runs);
    if (!sorted || !next || !experiment->runs) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    for (size_t i = 1; i < n_runs; i++) next[i] = next[i - 1] + collected->runs[i - 1].n_readings;
    for (size_t i = 0; i < collected->n; i++) sorted[next[collected->readings[i].run]++] = &collected->readings[i];
    assumptions assumed = {0};
    for (size_t i = 0; i < n_runs && status == MECH_OK; i++) {
        const run_header *header = &collected->runs[i];
        builder b = {.collected = collected,
                     .header = header,
                     .t = t,
                     .source = source,
                     .experiment = experiment,
                     .rows = sorted + (next[i] - header->n_readings),
                     .n_rows = header->n_readings};
        status = build_run(&b, i, options, &assumed, error);
        experiment->runs[i] = b.run;
        experiment->n_runs = i + 1;
    }
    if (status == MECH_OK) note_assumptions(experiment, &assumed);
cleanup:
    mech_release_array(sorted);
    mech_release_array(next);
    return status;
}
