#include "fit/likelihood/observations.h"

#include "base/error.h"
#include "data/runs/run_sets.h"

#include <math.h>
#include <string.h>

void mech_observations_free(observations *o) {
    mech_arena_free(o->memory);
    *o = (observations){0};
}

/* A column that follows another one to this share of its change was computed from it; so many readings tell. */
static const double COMPUTED = 2e-4;
enum { FEWEST_TOLD = 3 };

/* The readings of one kind, NULL where there are none, and what they start from. */
static const double *readings_of(const mech_run *run, reading_kind of, double *start) {
    const mech_reactant *second = of == READING_B ? mech_second_reactant(run) : NULL;
    switch (of) {
    case READING_S:
        *start = run->s0;
        return run->substrate;
    case READING_P:
        *start = run->p0;
        return run->product;
    case READING_B:
        *start = second ? second->start : NAN;
        return second ? second->concentration : NULL;
    case READING_ACTIVE:
    case READING_KINDS:
        break;
    }
    *start = run->cat0;
    return run->active;
}

/* Whether one kind of reading of a run was computed from another: both change in proportion. */
static bool is_computed(const mech_run *run, reading_kind of, reading_kind from) {
    double start = 0, other_start = 0, xx = 0, xy = 0, largest = 0, farthest = 0;
    const double *own = readings_of(run, of, &start), *other = readings_of(run, from, &other_start);
    size_t n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; own && other && i < run->n_readings; i++) {
            const double x = other[i] - other_start, y = own[i] - start;
            if (isnan(x) || isnan(y) || x == 0) continue;
            if (pass == 0) {
                xx += x * x;
                xy += x * y;
                largest = fmax(largest, fabs(y));
                n++;
            } else {
                farthest = fmax(farthest, fabs(y - xy / xx * x));
            }
        }
    return n >= FEWEST_TOLD && largest > 0 && farthest <= COMPUTED * largest;
}

/* Adds what was measured of one kind in a run; from[READING_KINDS] says from which kinds it was computed. */
static void observe_kind(observations *o, const mech_run *run, reading_kind of, const bool *from) {
    double start = 0, unit = of == READING_ACTIVE ? o->most_loading * o->concentration_unit : o->concentration_unit;
    const double *values = readings_of(run, of, &start);
    if (!(unit > 0)) return;
    for (size_t i = 0; values && i < run->n_readings; i++) {
        bool told_already = isnan(values[i]) || (run->time[i] == 0 && values[i] == start);
        for (reading_kind k = 0; k < of && !told_already; k++) {
            const double *other = from[k] ? readings_of(run, k, &start) : NULL;
            told_already = other && !isnan(other[i]);
        }
        if (told_already) continue;
        o->all[o->n++] = (observation){i, of, values[i] / unit};
        o->measured[of] = true;
    }
}

mech_status mech_observe(const mech_run_set *set, observations *o, mech_error *error) {
    *o = (observations){.memory = mech_arena_new(), .n_runs = set->n_runs, .second_coefficient = 1};
    if (!o->memory) return mech_fail_memory(error);
    o->time_unit = mech_run_set_end(set);
    o->concentration_unit = mech_run_set_standard(set);
    if (!(o->time_unit > 0 && o->concentration_unit > 0))
        return mech_fail(error, MECH_INVALID_INPUT,
                         "there is nothing to fit: no run has readings after t = 0 and starts with substrate");
    size_t most = 0;
    o->tells_second = true;
    for (size_t r = 0; r < set->n_runs; r++) {
        most += READING_KINDS * set->runs[r].n_readings;
        o->most_loading = fmax(o->most_loading, set->runs[r].cat0 / o->concentration_unit);
    }
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
        const mech_reactant *second = mech_second_reactant(run);
        to->b0 = second ? second->start / o->concentration_unit : NAN;
        for (size_t i = 0; second && second->concentration && isnan(to->b0) && i < run->n_readings; i++)
            to->b0 = second->concentration[i] / o->concentration_unit;
        if (isnan(to->b0)) o->tells_second = false;
        if (to->p0 > 0) o->has_product = true;
        bool computed[READING_KINDS][READING_KINDS] = {0};
        computed[READING_P][READING_S] = is_computed(run, READING_P, READING_S);
        computed[READING_B][READING_S] = is_computed(run, READING_B, READING_S);
        computed[READING_B][READING_P] = is_computed(run, READING_B, READING_P);
        for (reading_kind k = 0; k < READING_KINDS; k++) observe_kind(o, run, k, computed[k]);
        to->n = o->n - to->first;
        o->n_times += run->n_readings;
    }
    if (!o->measured[READING_S] && !o->measured[READING_P])
        return mech_fail(error, MECH_INVALID_INPUT, "there is nothing to fit: no S or P after t = 0");
    return MECH_OK;
}
