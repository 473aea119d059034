/* Samples of four runs as run sets: what is fitted. */
#include "base/error.h"
#include "base/memory.h"
#include "data/conditions/layout.h"
#include "mechanist.h"

#include <math.h>
#include <stdio.h>

/* Whether anything of this column was measured after t = 0; what was there at t = 0 is the run's start. */
static bool is_measured(size_t n_times, const double *column) {
    for (size_t i = 1; i < n_times; i++)
        if (!isnan(column[i])) return true;
    return false;
}

mech_status mech_samples_run_set(const mech_samples *samples, size_t sample, mech_run_set **set, mech_error *error) {
    *set = NULL;
    const size_t n = samples->n_times;
    if (sample >= samples->n)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no sample %zu; expected 0 to %zu", sample,
                         samples->n - 1);
    if (samples->protocol != MECH_PROTOCOL_NATURE)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "samples of protocol %s have no common unit of time for their runs; expected protocol nature",
                         mech_protocol_name(samples->protocol));
    double *columns = mech_allocate_array(3 * n, sizeof *columns);
    if (!columns) return mech_fail_memory(error);
    const float *x1 = samples->x1 + sample * N_RUNS;
    const float *x2 = samples->x2 + sample * n * SAMPLE_COLUMNS;
    double *time = columns, *s = columns + n, *p = columns + 2 * n;
    mech_status status = mech_run_set_new(NULL, NULL, set, error);
    for (size_t run = 0; run < N_RUNS && status == MECH_OK; run++) {
        char name[8];
        for (size_t i = 0; i < 3 * n; i++) columns[i] = (double)x2[i % n * SAMPLE_COLUMNS + run * RUN_COLUMNS + i / n];
        snprintf(name, sizeof name, "%zu", run + 1);
        const mech_run read = {.size = sizeof read,
                               .name = name,
                               .n_readings = n,
                               .time = time,
                               .substrate = is_measured(n, s) ? s : NULL,
                               .product = is_measured(n, p) ? p : NULL,
                               .s0 = s[0],
                               .p0 = p[0],
                               .cat0 = (double)x1[run]};
        status = mech_run_set_add(*set, &read, error);
    }
    mech_release_array(columns);
    if (status != MECH_OK) {
        mech_run_set_free(*set);
        *set = NULL;
    }
    return status;
}
