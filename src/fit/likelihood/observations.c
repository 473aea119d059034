#include "fit/likelihood/observations.h"

#include "base/error.h"

#include <math.h>

void mech_observations_free(observations *o) {
    mech_arena_free(o->memory);
    *o = (observations){0};
}

/* Adds what was measured of one species of a run. */
static void observe_species(observations *o, const mech_run *run, const double *values, int of_product) {
    const double start = of_product ? run->p0 : run->s0;
    for (size_t i = 0; values && i < run->n_readings; i++) {
        if (isnan(values[i]) || (run->time[i] == 0 && values[i] == start)) continue;
        o->all[o->n++] = (observation){i, of_product, values[i] / o->concentration_unit};
        o->measured[of_product] = true;
    }
}

mech_status mech_observe(const mech_run_set *set, observations *o, mech_error *error) {
    *o = (observations){.memory = mech_arena_new(), .n_runs = set->n_runs};
    if (!o->memory) return mech_fail_memory(error);
    o->time_unit = mech_run_set_end(set);
    o->concentration_unit = mech_run_set_standard(set);
    if (!(o->time_unit > 0 && o->concentration_unit > 0))
        return mech_fail(error, MECH_INVALID_INPUT,
                         "there is nothing to fit: no run has readings after t = 0 and starts with substrate");
    size_t most = 0;
    for (size_t r = 0; r < set->n_runs; r++) most += 2 * set->runs[r].n_readings;
    o->all = mech_arena_allocate(o->memory, most, sizeof *o->all);
    if (!o->all) return mech_fail_memory(error);
    for (size_t r = 0; r < set->n_runs; r++) {
        const mech_run *run = &set->runs[r];
        observed_run *to = &o->runs[r];
        *to = (observed_run){.run = run,
                             .s0 = run->s0 / o->concentration_unit,
                             .p0 = run->p0 / o->concentration_unit,
                             .cat0 = run->cat0 / o->concentration_unit,
                             .n_times = run->n_readings,
                             .first = o->n,
                             .time_first = o->n_times};
        to->times = mech_arena_allocate(o->memory, run->n_readings, sizeof *to->times);
        if (!to->times) return mech_fail_memory(error);
        for (size_t i = 0; i < run->n_readings; i++) to->times[i] = run->time[i] / o->time_unit;
        to->length = run->n_readings ? to->times[run->n_readings - 1] : 0;
        if (to->p0 > 0) o->has_product = true;
        observe_species(o, run, run->substrate, 0);
        observe_species(o, run, run->product, 1);
        to->n = o->n - to->first;
        o->n_times += run->n_readings;
    }
    if (!o->n) return mech_fail(error, MECH_INVALID_INPUT, "there is nothing to fit: no S or P after t = 0");
    return MECH_OK;
}
