/* What a model makes of the samples of a data set of either format; the common part of predict, evaluate and figures.
 */
#ifndef MECH_CLI_EVALUATE_PREDICTIONS_H
#define MECH_CLI_EVALUATE_PREDICTIONS_H

#include "mechanist.h"

#define EXACT_HELP "tell a network of run sets that there are no errors, and the noise that is added"

typedef struct prediction_request {
    const char *model; /* a file, the name of a shipped model, or NULL: the best one of design nature */
    const char *data, *split;
    const mech_library *library; /* what labels stand for, where the model does not carry it; may be empty or NULL */
    size_t points;               /* that are kept after t = 0; 0: all */
    double noise;                /* that is added, in units of [S]0 */
    const char *species;         /* "S" or "P": what alone was measured; NULL: both */
    uint64_t seed;               /* of what is dropped and added */
    bool calibrated;
    bool own_training; /* the samples that the model was trained on may be judged */
    bool fits;         /* fits of the mechanisms that the model's labels stand for answer, not the model */
    bool exact;        /* a network of run sets is told that there are no errors, and the noise that is added */
    int threads;
} prediction_request;

typedef struct predictions {
    char *model_path;
    mech_model *model;
    mech_dataset *data;            /* what the file says of itself */
    char *design;                  /* name of the design of a file of format 2; else NULL */
    mech_samples *all;             /* as a file of format 1 holds them; NULL: format 2 */
    mech_samples *samples;         /* what the model saw: `all`, or what is left of them */
    mech_experiments *experiments; /* of a file of format 2, or what a network of run sets saw of samples; else NULL */
    size_t n, n_labels;            /* of either */
    const uint8_t *labels;         /* [n] */
    float *probabilities;          /* [n][n_labels] */
} predictions;

/* What the samples are, after their number: "6 points after t = 0, 1 % noise", "of design laboratory". */
typedef struct sample_words {
    char words[128];
} sample_words;
sample_words predictions_words(const prediction_request *request, const predictions *p);

/* Whether the words name what may alone have been measured, "S" or "P"; NULL is both. */
bool are_species(const char *words);

/* Reads model and samples; where they are of different designs a line on standard error says so. predictions_free()
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

/* Probabilities by another model of what the first one saw: probabilities[n][n_labels]. */
mech_status predictions_ask(const prediction_request *request, const predictions *p, const mech_model *model,
                            bool calibrated, float *probabilities, mech_error *error);

/* Refuses the training split of the data set that the model was trained on: what it says of these samples is better
 * than what it says of others. */
mech_status refuse_own_training(const mech_model *model, const char *data, const char *split, mech_error *error);

/* Reads a model and makes sure that its labels stand for the same mechanisms as those of the data set, as far as both
 * say it, and that it reads what the file holds. Where it was trained on another protocol or design a line on standard
 * error says so. `library` says what labels stand for where the model does not; it may be empty or NULL. The caller
 * frees both. */
mech_status read_model_for(const char *name, const char *path_of_data, const mech_dataset *data,
                           const mech_library *library, bool asked, char **path, mech_model **model, mech_error *error);

#endif
