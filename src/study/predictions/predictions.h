/* What a model makes of the samples of a data set of either format; the common part of judgements and figures. */
#ifndef MECH_STUDY_PREDICTIONS_PREDICTIONS_H
#define MECH_STUDY_PREDICTIONS_PREDICTIONS_H

#include "mechanist.h"

#include "base/files/text.h"

/* The library's own side of mech_predictions, which it begins with. */
typedef struct predictions {
    mech_predictions shown;
    char *path, *model_path, *design;
    mech_model *model;
    mech_dataset *data;
    mech_samples *all;             /* as a file of format 1 holds them; NULL: format 2 */
    mech_samples *thinned;         /* what is left of them; NULL: they are taken as they are */
    mech_experiments *experiments; /* of a file of format 2, or what a network of run sets saw of samples; else NULL */
    float *probabilities;          /* [n][n_labels] */
    char words[128];
    char *notes[2]; /* [shown.n_notes] */
} predictions;

/* Lays the caller's options over the defaults. */
mech_status mech_take_prediction_options(const mech_prediction_options *theirs, mech_prediction_options *options,
                                         mech_error *error);

/* Probabilities by another model of what the first one saw: probabilities[n][n_labels]. */
mech_status mech_predictions_ask(const mech_prediction_options *options, const mech_predictions *p,
                                 const mech_model *model, bool calibrated, float *probabilities, mech_error *error);

/* Which model is to be asked of which data. */
typedef struct model_request {
    const char *name;            /* NULL: the default one */
    const char *path_of_data;    /* for messages */
    const mech_dataset *data;    /* what that file says of itself */
    const mech_library *library; /* what labels stand for where the model does not say it; may be empty or NULL */
    bool asked;                  /* the model is asked itself, so that it has to read what the file holds */
} model_request;

/* Reads a model and makes sure that its labels stand for the same mechanisms as those of the data set, as far as both
 * say it, and that it reads what the file holds. Where it was trained on another design *note is a sentence that says
 * so, else NULL. The caller frees path, model and note. */
mech_status mech_read_model_for(const model_request *request, char **path, mech_model **model, char **note,
                                mech_error *error);

/* A sentence where damage to the samples of a data file would not be noticed, else NULL. The caller frees *note. */
mech_status mech_note_unchecked(const char *path, char **note, mech_error *error);

/* Refuses the training split of the data set that the model was trained on: what it says of these samples is better
 * than what it says of others. */
mech_status mech_refuse_own_training(const mech_model *model, const char *data, const char *split, mech_error *error);

/* What the samples of the file were made by: "design nature", "design laboratory"; NULL where it does not say. The
 * caller frees *made_by. */
mech_status mech_find_origin(const char *path, const mech_dataset *data, char **made_by, mech_error *error);

/* What a user would call a model: its file's name without the ending. The caller frees *name. */
mech_status mech_name_model(const char *path, char **name, mech_error *error);

#endif
