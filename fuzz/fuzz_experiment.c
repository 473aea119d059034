/* Any bytes are read as a kinetic table or refused; what is read maps to a model's conventions or is refused. */
#include "experiment/answer/four.h"
#include "experiment/view/conventions.h"
#include "soundness.h"

static void check_view(const mech_experiment *experiment, mech_sample_design sample_design) {
    model_view view;
    mech_error error;
    if (mech_view_experiment(experiment, sample_design, &view, &error) != MECH_OK) return;
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
    mech_experiment *experiment = read_soundly((const char *)data, size), four;
    if (!experiment) return 0;
    arena *memory = mech_arena_new();
    size_t chosen[FOUR_RUNS];
    notes list = {0};
    mech_error error;
    require(memory != NULL);
    if (mech_choose_four(experiment, memory, &four, chosen, &list, &error) == MECH_OK) {
        check_view(&four, MECH_DESIGN_FIXED_WINDOW);
        check_view(&four, MECH_DESIGN_NATURE);
    }
    mech_notes_free(&list);
    mech_arena_free(memory);
    mech_experiment_free(experiment);
    return 0;
}
