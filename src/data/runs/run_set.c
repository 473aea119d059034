#include "data/runs/run_set.h"

#include "base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

mech_status mech_run_set_new(const char *time_unit, const char *concentration_unit, mech_run_set **set,
                             mech_error *error) {
    *set = NULL;
    mech_run_set *s = calloc(1, sizeof *s);
    if (!s) return mech_fail_memory(error);
    s->memory = mech_arena_new();
    if (s->memory) {
        s->time_unit = mech_arena_text(s->memory, time_unit ? time_unit : "", time_unit ? strlen(time_unit) : 0);
        s->concentration_unit = mech_arena_text(s->memory, concentration_unit ? concentration_unit : "",
                                                concentration_unit ? strlen(concentration_unit) : 0);
    }
    if (!s->memory || !s->time_unit || !s->concentration_unit) {
        mech_run_set_free(s);
        return mech_fail_memory(error);
    }
    *set = s;
    return MECH_OK;
}

void mech_run_set_free(mech_run_set *set) {
    if (!set) return;
    mech_arena_free(set->memory);
    free(set);
}

static mech_status check_start(const mech_run *run, mech_error *error) {
    const struct {
        const char *what;
        double value;
        bool positive;
    } starts[] = {{"[S]0", run->s0, true}, {"[P]0", run->p0, false}, {"the catalyst", run->cat0, false}};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (!isfinite(starts[i].value) || starts[i].value < 0 || (starts[i].positive && starts[i].value == 0))
            return mech_fail(error, MECH_INVALID_ARGUMENT, "run %s: %s is %g; expected a number %s", run->name,
                             starts[i].what, starts[i].value, starts[i].positive ? "above 0" : "of 0 or more");
    for (size_t i = 0; i < run->n_reactants; i++) {
        const mech_reactant *r = &run->reactants[i];
        if (!r->species || !*r->species)
            return mech_fail(error, MECH_INVALID_ARGUMENT, "run %s: reactant %zu has no name", run->name, i + 1);
        if (isinf(r->start) || r->start < 0)
            return mech_fail(error, MECH_INVALID_ARGUMENT, "run %s: %s starts at %g; expected 0 or more, or NaN",
                             run->name, r->species, r->start);
    }
    return MECH_OK;
}

static mech_status check_readings(const mech_run *run, mech_error *error) {
    if (!run->n_readings || !run->time)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "run %s has no readings", run->name);
    for (size_t i = 0; i < run->n_readings; i++) {
        if (!isfinite(run->time[i]) || run->time[i] < 0)
            return mech_fail(error, MECH_INVALID_ARGUMENT, "run %s: reading %zu is at time %g; expected 0 or more",
                             run->name, i + 1, run->time[i]);
        if (i && run->time[i] < run->time[i - 1])
            return mech_fail(error, MECH_INVALID_ARGUMENT, "run %s: reading %zu is earlier than the one before it",
                             run->name, i + 1);
    }
    const double *measured[] = {run->substrate, run->product, run->active};
    for (size_t k = 0; k < sizeof measured / sizeof measured[0]; k++)
        for (size_t i = 0; measured[k] && i < run->n_readings; i++)
            if (isinf(measured[k][i]))
                return mech_fail(error, MECH_INVALID_ARGUMENT, "run %s: reading %zu is infinite", run->name, i + 1);
    for (size_t k = 0; k < run->n_reactants; k++)
        for (size_t i = 0; run->reactants[k].concentration && i < run->n_readings; i++)
            if (isinf(run->reactants[k].concentration[i]))
                return mech_fail(error, MECH_INVALID_ARGUMENT, "run %s: reading %zu is infinite", run->name, i + 1);
    if (!mech_run_n_measured(run))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "run %s: nothing was measured", run->name);
    return MECH_OK;
}

/* A copy of values[n] in the set's memory; NULL stays NULL. */
static const double *copy_values(mech_run_set *set, const double *values, size_t n, bool *short_of_memory) {
    if (!values) return NULL;
    double *copy = mech_arena_allocate(set->memory, n, sizeof *copy);
    if (copy)
        memcpy(copy, values, n * sizeof *copy);
    else
        *short_of_memory = true;
    return copy;
}

/* Whether a set may take up a run. */
static mech_status check_run(const mech_run_set *set, const mech_run *run, mech_error *error) {
    if (run->size != sizeof *run)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "a run has size %zu; expected sizeof(mech_run), %zu", run->size,
                         sizeof *run);
    if (!run->name) return mech_fail(error, MECH_INVALID_ARGUMENT, "a run has no name");
    if (set->n_runs == MECH_MOST_RUNS)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "run %s is one too many; expected at most %d runs", run->name,
                         MECH_MOST_RUNS);
    mech_status status = check_start(run, error);
    return status == MECH_OK ? check_readings(run, error) : status;
}

mech_status mech_run_set_lend(mech_run_set *set, const mech_run *run, mech_error *error) {
    const mech_status status = check_run(set, run, error);
    if (status == MECH_OK) set->runs[set->n_runs++] = *run;
    return status;
}

mech_status mech_run_set_add(mech_run_set *set, const mech_run *run, mech_error *error) {
    const mech_status status = check_run(set, run, error);
    if (status != MECH_OK) return status;
    bool short_of_memory = false;
    const size_t n = run->n_readings;
    mech_run copy = *run;
    copy.name = mech_arena_text(set->memory, run->name, strlen(run->name));
    copy.time = copy_values(set, run->time, n, &short_of_memory);
    copy.substrate = copy_values(set, run->substrate, n, &short_of_memory);
    copy.product = copy_values(set, run->product, n, &short_of_memory);
    copy.active = copy_values(set, run->active, n, &short_of_memory);
    copy.reactants = NULL;
    if (run->n_reactants) {
        mech_reactant *reactants = mech_arena_allocate(set->memory, run->n_reactants, sizeof *reactants);
        if (!reactants) return mech_fail_memory(error);
        for (size_t i = 0; i < run->n_reactants; i++) {
            const mech_reactant *r = &run->reactants[i];
            reactants[i] = (mech_reactant){.species = mech_arena_text(set->memory, r->species, strlen(r->species)),
                                           .start = r->start,
                                           .concentration = copy_values(set, r->concentration, n, &short_of_memory)};
            if (!reactants[i].species) short_of_memory = true;
        }
        copy.reactants = reactants;
    }
    if (!copy.name || short_of_memory) return mech_fail_memory(error);
    set->runs[set->n_runs++] = copy;
    return MECH_OK;
}

size_t mech_run_set_n_runs(const mech_run_set *set) { return set->n_runs; }

const mech_run *mech_run_set_run(const mech_run_set *set, size_t run) {
    return run < set->n_runs ? &set->runs[run] : NULL;
}

const char *mech_run_set_time_unit(const mech_run_set *set) { return set->time_unit; }

const char *mech_run_set_concentration_unit(const mech_run_set *set) { return set->concentration_unit; }

static size_t count_measured(const double *values, size_t n) {
    size_t count = 0;
    for (size_t i = 0; values && i < n; i++) count += isnan(values[i]) ? 0 : 1;
    return count;
}

size_t mech_run_n_measured(const mech_run *run) {
    const size_t n = run->n_readings;
    size_t count = count_measured(run->substrate, n) + count_measured(run->product, n) + count_measured(run->active, n);
    for (size_t i = 0; i < run->n_reactants; i++) count += count_measured(run->reactants[i].concentration, n);
    return count;
}

double mech_run_end(const mech_run *run) { return run->n_readings ? run->time[run->n_readings - 1] : 0; }

double mech_run_set_end(const mech_run_set *set) {
    double end = 0;
    for (size_t i = 0; i < set->n_runs; i++) end = fmax(end, mech_run_end(&set->runs[i]));
    return end;
}

double mech_run_set_standard(const mech_run_set *set) {
    static const double ALIKE = 0.02;
    double standard = 0;
    size_t most = 0;
    for (size_t i = 0; i < set->n_runs; i++) {
        const double s0 = set->runs[i].s0;
        size_t alike = 0;
        for (size_t j = 0; j < set->n_runs; j++) alike += fabs(set->runs[j].s0 - s0) <= ALIKE * s0;
        if (alike > most || (alike == most && s0 > standard)) {
            most = alike;
            standard = s0;
        }
    }
    return standard;
}
