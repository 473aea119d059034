/* Run sets of a caller, brought to the units of run_sets. */
#include "base/error.h"
#include "data/runs/run_set.h"
#include "data/runs/run_sets.h"

#include <math.h>
#include <string.h>

const mech_reactant *mech_second_reactant(const mech_run *run) {
    for (size_t i = 0; i < run->n_reactants; i++)
        if (strcmp(run->reactants[i].species, "B") == 0) return &run->reactants[i];
    return NULL;
}

/* n readings in units of `unit`; NaN where there are none. */
static void bring(const double *from, size_t n, double unit, float *to) {
    for (size_t i = 0; i < n; i++) to[i] = from ? (float)(from[i] / unit) : NAN;
}

static mech_status add_run(run_sets *s, const mech_run *run, double time_unit, double unit, mech_error *error) {
    const size_t r = s->n_runs, at = s->n_readings;
    const mech_reactant *second = mech_second_reactant(run);
    const double starts[] = {run->s0, run->p0, run->cat0};
    for (size_t i = 0; i < 3; i++)
        if (!(isfinite(starts[i]) && starts[i] >= 0))
            return mech_fail(error, MECH_INVALID_ARGUMENT, "run %s: [S]0, [P]0 or the catalyst is not known",
                             run->name);
    s->s0[r] = (float)(run->s0 / unit);
    s->p0[r] = (float)(run->p0 / unit);
    s->cat0[r] = (float)(run->cat0 / unit);
    bring(run->time, run->n_readings, time_unit, s->time + at);
    bring(run->substrate, run->n_readings, unit, s->substrate + at);
    bring(run->product, run->n_readings, unit, s->product + at);
    if (s->b0) {
        s->b0[r] = second ? (float)(second->start / unit) : NAN;
        bring(second ? second->concentration : NULL, run->n_readings, unit, s->b + at);
    }
    s->n_readings += run->n_readings;
    s->reading_offset[++s->n_runs] = s->n_readings;
    return MECH_OK;
}

/* What is true of run set i, whose runs begin at `first`. */
static void add_truth(run_sets *s, size_t i, size_t first, const mech_truth *truth) {
    mech_truth t = *truth;
    double *of_set[N_SET_TRUTHS], *of_runs[N_RUN_TRUTHS];
    mech_truth_places(&t, of_set, of_runs);
    for (size_t j = 0; j < t.n_rate_constants && j < s->n_theta; j++) s->theta[i * s->n_theta + j] = t.k[j];
    s->additive[i] = t.additive;
    for (int which = 0; which < N_SET_TRUTHS; which++) s->set_truths[which][i] = *of_set[which];
    for (int which = 0; which < N_RUN_TRUTHS; which++)
        for (size_t r = first; r < s->n_runs; r++) s->run_truths[which][r] = (float)of_runs[which][r - first];
}

mech_status mech_run_sets_add(run_sets *s, const mech_run_set *set, size_t label, const mech_truth *truth,
                              mech_error *error) {
    const size_t i = s->n, first = s->n_runs, n_runs = mech_run_set_n_runs(set);
    const double time_unit = mech_run_set_end(set), unit = mech_run_set_standard(set);
    if (label >= s->n_labels)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "label %zu; expected less than %zu", label, s->n_labels);
    if (!(time_unit > 0 && unit > 0 && isfinite(unit)))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "no run goes on for some time from some substrate");
    if (truth && truth->n_runs != n_runs)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the truth is of %zu runs; expected %zu", truth->n_runs, n_runs);
    mech_status status = MECH_OK;
    for (size_t r = 0; r < n_runs && status == MECH_OK; r++)
        status = add_run(s, mech_run_set_run(set, r), time_unit, unit, error);
    if (status != MECH_OK) return status;
    s->label[i] = (uint16_t)label;
    s->additive[i] = NAN;
    for (size_t j = 0; j < s->n_theta; j++) s->theta[i * s->n_theta + j] = NAN;
    for (int which = 0; which < N_SET_TRUTHS; which++) s->set_truths[which][i] = NAN;
    for (int which = 0; which < N_RUN_TRUTHS; which++)
        for (size_t r = first; r < s->n_runs; r++) s->run_truths[which][r] = NAN;
    if (truth) add_truth(s, i, first, truth);
    s->run_offset[++s->n] = s->n_runs;
    return MECH_OK;
}
