/* Samples of four runs as run sets. */
#include "base/error.h"
#include "data/conditions/layout.h"
#include "data/runs/experiments.h"

#include <math.h>

/* Adds run r of sample i. */
static mech_status add_run(const mech_samples *samples, size_t i, size_t r, run_sets *sets, mech_error *error) {
    const float *column = samples->x2 + i * samples->n_times * SAMPLE_COLUMNS + r * RUN_COLUMNS;
    const size_t run = sets->n_runs;
    if (!(column[1] > 0) || !(column[2] >= 0))
        return mech_fail(error, MECH_INVALID_INPUT,
                         "sample %zu, run %zu: at t = 0 S is %g and P is %g; expected amounts that it starts with", i,
                         r + 1, (double)column[1], (double)column[2]);
    sets->s0[run] = column[1];
    sets->p0[run] = column[2];
    sets->cat0[run] = samples->x1[i * N_RUNS + r];
    sets->run_truths[TRUTH_CATALYST_FACTOR][run] = sets->run_truths[TRUTH_START_FACTOR][run] = 1;
    sets->run_truths[TRUTH_START_P_FACTOR][run] = 1;
    for (size_t j = 0; j < samples->n_times; j++, column += SAMPLE_COLUMNS, sets->n_readings++) {
        sets->time[sets->n_readings] = column[0];
        sets->substrate[sets->n_readings] = column[1];
        sets->product[sets->n_readings] = column[2];
    }
    sets->reading_offset[++sets->n_runs] = sets->n_readings;
    return MECH_OK;
}

static mech_status add_sample(const mech_samples *samples, size_t i, run_sets *sets, mech_error *error) {
    mech_status status = MECH_OK;
    sets->label[i] = samples->y[i];
    sets->additive[i] = samples->additive[i];
    for (size_t k = 0; k < samples->n_theta; k++)
        sets->theta[i * samples->n_theta + k] = samples->theta[i * samples->n_theta + k];
    for (size_t r = 0; r < N_RUNS && status == MECH_OK; r++) status = add_run(samples, i, r, sets, error);
    sets->run_offset[i + 1] = sets->n_runs;
    sets->set_truths[TRUTH_SUBSTRATE_FACTOR][i] = sets->set_truths[TRUTH_PRODUCT_FACTOR][i] = 1;
    sets->set_truths[TRUTH_PRODUCT_SHARE][i] = sets->set_truths[TRUTH_SCALE][i] = 1;
    sets->set_truths[TRUTH_GOES_ON][i] = 1;
    sets->set_truths[TRUTH_NOISE][i] = sets->set_truths[TRUTH_TIME_UNIT][i] = NAN;
    return status;
}

mech_status mech_experiments_of_samples(const mech_samples *samples, mech_experiments **experiments,
                                        mech_error *error) {
    *experiments = NULL;
    if (samples->design != MECH_DESIGN_NATURE)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "the samples are of design %s, which keeps no common unit of time; expected nature",
                         mech_sample_design_name(samples->design));
    run_sets *sets = mech_run_sets_new(samples->n, samples->n * N_RUNS, samples->n * N_RUNS * samples->n_times,
                                       samples->n_theta, samples->n_labels, false);
    if (!sets) return mech_fail_memory(error);
    mech_status status = MECH_OK;
    for (; sets->n < samples->n && status == MECH_OK; sets->n++) status = add_sample(samples, sets->n, sets, error);
    if (status == MECH_OK) return mech_experiments_new(sets, experiments, error);
    mech_run_sets_free(sets);
    return status;
}
