/* Training on samples in memory. */
#ifndef MECH_LEARN_TRAINING_TRAINING_H
#define MECH_LEARN_TRAINING_TRAINING_H

#include "base/files/text.h"
#include "data/stream/run_set_source.h"
#include "data/stream/stream.h"
#include "learn/batches/batches.h"

/* What a network learns from. */
typedef struct training_data {
    const mech_samples *train, *validation; /* of one design and one set of labels */
    stream *stream;                         /* in place of `train`, which is then NULL; else NULL */
    const run_set_source *sets;             /* in place of all three, of a network that reads run sets; else NULL */
    size_t an_epoch;                        /* samples or run sets of the stream that count as an epoch */
    const char *mechanisms;                 /* "M1,M2,...": the ids of the labels; NULL: not known */
    const char *library;                    /* the text of their mechanisms; NULL: not known */
    const char *prior;                      /* over the rate constants; NULL: not known */
    const char *origin;                     /* the options that the data were generated with; NULL: not known */
} training_data;

/* mech_train() on these data. */
mech_status mech_train_source(const mech_train_options *options, const training_data *data, const char *model_path,
                              const mech_progress *progress, mech_error *error);

/* Whether a model can be written there, before hours are spent on what it will hold. */
mech_status mech_probe_model(const char *path, mech_error *error);

/* Refuses options that have no meaning, whatever the data. */
mech_status mech_check_training_options(const mech_train_options *options, mech_error *error);

/* The sizes that the options ask for; false where one is not the other doubled some times. */
bool mech_choose_batch_sizes(const mech_train_options *options, batch_sizes *sizes);

/* What is drawn from for each batch: the options' own lists, else the design's. MECH_INVALID_INPUT where the samples,
 * of n_times times, have too few points. */
mech_status mech_choose_augmentation(const mech_train_options *options, mech_sample_design sample_design,
                                     size_t n_times, augmentation *choices, mech_error *error);

/* All options that have a say in the result, as the command line would have them, "--network hadamard --hidden 64 ...";
 * threads, paths and times are not among them. A model to start from is named by the mech_digest of its weights;
 * `origin`, which may be NULL, are the options of a stream. */
mech_status mech_normalise_training_options(const mech_train_options *options, size_t hidden, uint64_t start_digest,
                                            const augmentation *choices, const char *origin, char **normalised,
                                            mech_error *error);

#endif
