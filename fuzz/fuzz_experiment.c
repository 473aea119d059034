/* Any bytes are read as a kinetic table or refused; what is read maps to a model's conventions or is refused. */
#include "experiment/view/conventions.h"
#include "fuzz.h"

#include <math.h>

static void check_view(const mech_experiment *experiment, mech_protocol protocol) {
    model_view view;
    mech_error error;
    if (mech_view_experiment(experiment, protocol, &view, &error) != MECH_OK) return;
    require(view.n_points >= 1 && view.n_points <= MOST_POINTS);
    for (size_t i = 0; i <= view.n_points; i++)
        for (size_t run = 0; run < MODEL_RUNS; run++) {
            const float *at = view.x2 + i * MODEL_COLUMNS + 3 * run;
            require(isfinite(at[0]) && !isinf(at[1]) && !isinf(at[2]));
            require(i ? !isnan(at[1]) || !isnan(at[2]) : !isnan(at[1]) && !isnan(at[2]));
        }
    for (size_t i = 0; i < MODEL_RUNS; i++) require(isfinite(view.x1[i]) && view.x1[i] >= 0);
    mech_model_view_free(&view);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mech_experiment *experiment = NULL;
    mech_error error;
    mech_status status = mech_experiment_parse((const char *)data, size, "fuzz", NULL, &experiment, &error);
    if (status != MECH_OK) {
        require(!experiment && error.message[0]);
        return 0;
    }
    for (size_t i = 0; i < mech_experiment_n_runs(experiment); i++) {
        const mech_run *run = mech_experiment_run(experiment, i);
        require(run->n_readings >= 2 && run->time[0] == 0 && run->s0 > 0 && run->p0 >= 0 && run->cat0 > 0);
        for (size_t j = 1; j < run->n_readings; j++) require(run->time[j] > run->time[j - 1]);
    }
    check_view(experiment, MECH_PROTOCOL_SEED);
    check_view(experiment, MECH_PROTOCOL_NATURE);
    mech_experiment_free(experiment);
    return 0;
}
