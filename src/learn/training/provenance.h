/* What a model file says of how its weights came about (docs/model-files.md lists the keys). */
#ifndef MECH_LEARN_TRAINING_PROVENANCE_H
#define MECH_LEARN_TRAINING_PROVENANCE_H

#include "learn/model/model.h"
#include "learn/training/training.h"

typedef struct provenance {
    const training_data *data;
    const augmentation *choices;
    const char *options; /* normalised */
    uint64_t data_digest, seed, step;
    double epoch, validation_accuracy, validation_loss; /* of the weights */
} provenance;

/* Enters it all into the model's metadata. */
mech_status mech_describe_provenance(const provenance *p, mech_model *model, mech_error *error);

#endif
