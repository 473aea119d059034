#include "cli/evaluate/evaluation.h"

#include "cli/evaluate/shipped_models.h"

#include <stdio.h>
#include <string.h>

bool are_species(const char *words) { return !words || strcmp(words, "S") == 0 || strcmp(words, "P") == 0; }

mech_status open_predictions(const char *data, const mech_prediction_options *options, mech_predictions **p,
                             mech_error *error) {
    mech_status status = tell_left_out(options->model, error);
    if (status == MECH_OK) status = mech_predictions_open(data, options, p, error);
    for (size_t i = 0; status == MECH_OK && i < (*p)->n_notes; i++) fprintf(stderr, "mechanist: %s\n", (*p)->notes[i]);
    return status;
}
