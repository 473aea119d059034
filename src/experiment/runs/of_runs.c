/* Experiments of runs in memory: as they are, with all their species, and judged as those of a table are. */
#include "experiment/runs/builder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Readings of which one at least was measured; else NULL, as tables have it. */
static const double *measured(const double *readings, size_t n) {
    for (size_t i = 0; readings && i < n; i++)
        if (!isnan(readings[i])) return readings;
    return NULL;
}

/* How many readings of S or P a run has after time 0. */
static size_t count_later(const mech_run *run) {
    size_t n = 0;
    for (size_t i = 0; i < run->n_readings; i++)
        n += run->time[i] > 0 &&
             ((run->substrate && !isnan(run->substrate[i])) || (run->product && !isnan(run->product[i])));
    return n;
}

static void add_column(mech_experiment *e, const char *role) {
    e->columns[e->n_columns++] = (known_column){role, role};
}

/* The columns that a table of the runs would have. */
static mech_status list_columns(mech_experiment *e, mech_error *error) {
    bool substrate = false, product = false, active = false;
    size_t most = 4;
    for (size_t r = 0; r < e->n_runs; r++) {
        substrate |= e->runs[r].substrate != NULL;
        product |= e->runs[r].product != NULL;
        active |= e->runs[r].active != NULL;
        most += e->runs[r].n_reactants;
    }
    e->columns = mech_arena_allocate(e->memory, most, sizeof *e->columns);
    if (!e->columns) return mech_fail_memory(error);
    add_column(e, "time");
    if (substrate) add_column(e, "S");
    if (product) add_column(e, "P");
    if (active) add_column(e, "active");
    for (size_t r = 0; r < e->n_runs; r++)
        for (size_t k = 0; k < e->runs[r].n_reactants; k++) {
            const char *species = e->runs[r].reactants[k].species;
            bool known = false;
            for (size_t c = 0; c < e->n_columns; c++) known |= strcmp(e->columns[c].role, species) == 0;
            if (!known) add_column(e, species);
        }
    return MECH_OK;
}

/* Copies the runs and says what is assumed of them. */
static mech_status take_runs(const mech_run_set *runs, mech_experiment *e, mech_error *error) {
    assumptions assumed = {0};
    const size_t n = mech_run_set_n_runs(runs);
    mech_status status =
        mech_run_set_new(mech_run_set_time_unit(runs), mech_run_set_concentration_unit(runs), &e->given, error);
    for (size_t r = 0; r < n && status == MECH_OK; r++)
        status = mech_run_set_add(e->given, mech_run_set_run(runs, r), error);
    if (status != MECH_OK) return status;
    e->runs = mech_arena_allocate(e->memory, n, sizeof *e->runs);
    e->accounts = mech_arena_allocate(e->memory, n, sizeof *e->accounts);
    if (!e->runs || !e->accounts) return mech_fail_memory(error);
    e->n_runs = n;
    for (size_t r = 0; r < n; r++) {
        mech_run *run = &e->runs[r];
        *run = *mech_run_set_run(e->given, r);
        run->substrate = measured(run->substrate, run->n_readings);
        run->product = measured(run->product, run->n_readings);
        run->active = measured(run->active, run->n_readings);
        e->accounts[r].used = true;
        if (!count_later(&e->runs[r]))
            return mech_fail(error, MECH_INVALID_INPUT,
                             "%s: run %s has no reading of substrate or product after time 0; expected at least one",
                             e->source, e->runs[r].name);
        assumed.n_product_balanced += !e->runs[r].product;
        assumed.n_substrate_balanced += !e->runs[r].substrate;
    }
    mech_note_assumptions(e, &assumed);
    mech_note_much_catalyst(e);
    return MECH_OK;
}

mech_status mech_experiment_of_runs(const mech_run_set *runs, const char *name, mech_experiment **experiment,
                                    mech_error *error) {
    *experiment = NULL;
    if (!mech_run_set_n_runs(runs))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: there are no runs; expected 1 or more", name);
    mech_experiment *e = calloc(1, sizeof *e);
    if (!e) return mech_fail_memory(error);
    e->memory = mech_arena_new();
    if (e->memory) e->source = mech_arena_text(e->memory, name, strlen(name));
    mech_status status = e->source ? take_runs(runs, e, error) : mech_fail_memory(error);
    snprintf(e->time_unit, sizeof e->time_unit, "%s", mech_run_set_time_unit(runs));
    snprintf(e->concentration_unit, sizeof e->concentration_unit, "%s", mech_run_set_concentration_unit(runs));
    if (status == MECH_OK) status = list_columns(e, error);
    if (status == MECH_OK) status = mech_account_for_runs(e, error);
    if (status == MECH_OK && e->warnings.failed) status = mech_fail_memory(error);
    if (status == MECH_OK)
        *experiment = e;
    else
        mech_experiment_free(e);
    return status;
}
