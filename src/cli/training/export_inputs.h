/* What networks of run sets are given of experiments, as arrays for programs that run ONNX files. */
#ifndef MECH_CLI_TRAINING_EXPORT_INPUTS_H
#define MECH_CLI_TRAINING_EXPORT_INPUTS_H

#include "mechanist.h"

typedef struct inputs_request {
    const char *data, *split;
    uint64_t samples;   /* the first ones of the split; 0: all */
    const char *prefix; /* of the files' names */
} inputs_request;

/* Writes PREFIX-sets.npy, PREFIX-runs.npy, PREFIX-readings.npy and PREFIX-mask.npy, and to shape[3] the numbers of
 * experiments, runs and rows. */
mech_status export_inputs(const inputs_request *r, size_t *shape, mech_error *error);

#endif
