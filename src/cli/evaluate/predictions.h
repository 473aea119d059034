/* What a model makes of the samples of a data set; the common part of predict, evaluate and two figures. */
#ifndef MECH_CLI_EVALUATE_PREDICTIONS_H
#define MECH_CLI_EVALUATE_PREDICTIONS_H

#include "mechanist.h"

typedef struct prediction_request {
    const char *model; /* a file, the name of a shipped model, or NULL: the best one of protocol nature */
    const char *data, *split;
    const mech_library *library; /* what labels stand for, where the model does not carry it; may be empty or NULL */
    size_t points;               /* that are kept after t = 0; 0: all */
    double noise;                /* that is added, in units of [S]0 */
    const char *species;         /* "S" or "P": what alone was measured; NULL: both */
    uint64_t seed;               /* of what is dropped and added */
    bool calibrated;
    bool own_training; /* the samples that the model was trained on may be judged */
    int threads;
} prediction_request;

typedef struct predictions {
    char *model_path;
    mech_model *model;
    mech_samples *all;     /* as the data set holds them */
    mech_samples *samples; /* what the model saw: `all`, or what is left of them */
    float *probabilities;  /* [samples->n][n_labels] */
} predictions;

/* Whether the words name what may alone have been measured, "S" or "P"; NULL is both. */
bool are_species(const char *words);

/* Reads model and samples; where they are of different protocols a line on standard error says so. predictions_free()
 * frees what *p holds, in any case. */
mech_status predictions_open(const prediction_request *request, predictions *p, mech_error *error);

/* Thins the samples as the request says and computes their probabilities, in place of those from an earlier call. */
mech_status predictions_compute(const prediction_request *request, predictions *p, mech_error *error);

/* Adds the thresholds of conformal sets to what is judged: calibrated ones of the network alone have some. */
void predictions_add_conformal(const prediction_request *request, const predictions *p, mech_evaluate_options *options);

/* What was found of the probabilities. */
typedef struct judgement {
    mech_metrics *metrics;
    mech_metrics *lower, *upper; /* ends of the intervals; NULL: none */
} judgement;

/* predictions_compute(), judged. The caller frees *j with judgement_free(), in any case. */
mech_status predictions_judge(const prediction_request *request, const mech_evaluate_options *options, predictions *p,
                              judgement *j, mech_error *error);
void judgement_free(judgement *j);

/* Opens and computes at once. */
mech_status predictions_make(const prediction_request *request, predictions *p, mech_error *error);
void predictions_free(predictions *p);

/* What fits make of a data file of either format, in place of a model. */
typedef struct fits_predictions {
    size_t n;
    mech_library *library; /* of the data: what labels stand for */
    mech_run_set **sets;   /* [n] */
    uint8_t *labels;       /* [n] */
    float *probabilities;  /* [n][mech_library_size(library)] */
    mech_samples *samples; /* of format 1: what was fitted; else NULL */
} fits_predictions;

/* Reads and fits (fits_predictions.c): samples of format 1, which are exact, without errors and with the noise that the
 * request adds, told; experiments of format 2 with errors that are not known. fits_predictions_free() frees what *p
 * holds, in any case. */
mech_status fits_predictions_make(const prediction_request *request, fits_predictions *p, mech_error *error);
void fits_predictions_free(fits_predictions *p);

/* Probabilities of the samples by a model, calibrated or not: probabilities[samples->n][n_labels]. */
mech_status ask_model(const mech_model *model, const mech_samples *samples, bool calibrated, int threads,
                      float *probabilities, mech_error *error);

/* Refuses the training split of the data set that the model was trained on: what it says of these samples is better
 * than what it says of others. */
mech_status refuse_own_training(const mech_model *model, const char *data, const char *split, mech_error *error);

/* Reads a model and makes sure that its labels stand for the same mechanisms as those of the data set, as far as both
 * say it. `library` says it where the model does not; it may be empty or NULL. The caller frees both. */
mech_status read_model_for(const char *name, const char *data, const mech_samples *samples, const mech_library *library,
                           char **path, mech_model **model, mech_error *error);

#endif
