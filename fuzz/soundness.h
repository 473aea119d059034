/* What holds for every experiment that is read at all. */
#ifndef FUZZ_SOUNDNESS_H
#define FUZZ_SOUNDNESS_H

#include "fuzz.h"
#include "mechanist.h"

#include <math.h>
#include <string.h>

static inline void require_sound(const mech_experiment *e) {
    const mech_run_set *set = mech_experiment_runs(e);
    require(mech_experiment_n_runs(e) >= 1 && mech_run_set_n_runs(set) >= 1);
    for (size_t i = 0; i < mech_experiment_n_runs(e); i++) {
        const mech_run *run = mech_experiment_run(e, i);
        require(run->n_readings >= 1 && run->s0 > 0 && run->p0 >= 0 && run->cat0 >= 0 && isfinite(run->cat0));
        require(run->substrate || run->product);
        require(run->time[0] >= 0 && mech_experiment_account(e, i)->kind != NULL);
        for (size_t j = 0; j < run->n_readings; j++) {
            require(isfinite(run->time[j]) && (!j || run->time[j] >= run->time[j - 1]));
            require(!run->substrate || !isinf(run->substrate[j]));
            require(!run->product || !isinf(run->product[j]));
        }
    }
    for (size_t i = 0; i < mech_experiment_n_columns(e); i++)
        require(mech_experiment_column_role(e, i) && mech_experiment_column_header(e, i));
}

/* Reads bytes as a table: a sound experiment or a refusal of one line. NULL where it is refused. */
static inline mech_experiment *read_soundly(const char *bytes, size_t length) {
    mech_experiment *e = NULL;
    mech_error error;
    if (mech_experiment_parse(bytes, length, "fuzz", NULL, &e, &error) == MECH_OK) {
        require_sound(e);
        return e;
    }
    require(!e && error.message[0] && is_one_line(error.message));
    return NULL;
}

#endif
