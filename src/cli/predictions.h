/* What a model makes of the samples of a data set; the common part of predict and evaluate. */
#ifndef MECH_CLI_PREDICTIONS_H
#define MECH_CLI_PREDICTIONS_H

#include "mechanist.h"

typedef struct prediction_request {
    const char *model; /* a file, the name of a shipped model, or NULL: the best one of protocol nature */
    const char *data, *split;
    bool thins;    /* whether points are dropped or noise is added */
    size_t points; /* that are kept after t = 0; 0: all */
    double noise;  /* in units of [S]0 */
    uint64_t seed; /* of what is dropped and added */
    int threads;
} prediction_request;

typedef struct predictions {
    char *model_path;
    mech_model *model;
    mech_samples *samples;
    float *probabilities; /* [samples->n][n_classes] */
} predictions;

/* Reads model and samples and computes the probabilities; where model and data are of different protocols a line on
 * standard error says so. predictions_free() frees what *p holds, in any case. */
mech_status predictions_make(const prediction_request *request, predictions *p, mech_error *error);
void predictions_free(predictions *p);

#endif
