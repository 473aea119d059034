/* A trained network in memory, and its file. */
#ifndef MECH_LEARN_MODEL_MODEL_H
#define MECH_LEARN_MODEL_MODEL_H

#include "base/files/text.h"
#include "base/memory.h"
#include "learn/engine/engine.h"

enum { MAX_METADATA = 64 };

typedef struct metadata_entry {
    const char *key, *value; /* in the model's arena */
} metadata_entry;

struct mech_model {
    graph g;
    float *parameters;  /* [g.n_parameters] */
    const char *source; /* the file that it was read from, as messages name it, else "the model" */
    bool undigested;    /* the file that it was read from had no digest of the weights */
    size_t n_metadata;
    metadata_entry metadata[MAX_METADATA];
    arena *memory;
    mech_library *library;             /* of the metadata's text; NULL where there is none */
    const char **labels;               /* [g.n_labels]: ids, in the arena */
    const mech_mechanism **mechanisms; /* [g.n_labels]; NULL where nothing says what a label stands for */
};

/* A model of that graph; its parameters are zero, its metadata `format` and `model`. The caller frees *model. */
mech_status mech_model_new(const graph *g, mech_model **model, mech_error *error);

/* Finds out what the model's labels stand for: its metadata `library` says it, else the ids of `mechanisms` are those
 * of built-in mechanisms (files of version 0.1.0), else 20 labels are M1 to M20. MECH_INVALID_INPUT where ids are
 * alike or the library is another one. (labels.c) */
mech_status mech_model_identify(mech_model *model, mech_error *error);

/* Adds a metadata entry, or replaces the one of that key. Of `mechanisms` and `library` the labels follow. */
mech_status mech_model_describe(mech_model *model, const char *key, const char *value, mech_error *error);

/* The share of the samples of which S or P was hidden in training (metadata `missing`); 0 where it says nothing, and
 * for networks that are not told what was measured. */
double mech_model_missing_share(const mech_model *model);

/* mech_model_predict() in an engine of the model's graph. */
mech_status mech_model_predict_with(const mech_model *model, engine *e, size_t n, size_t n_times, const float *x1,
                                    const float *x2, float *probabilities, mech_error *error);

/* Refuses metadata that have a meaning and are out of range, by key and range; model->source names the file.
 * (metadata.c) */
mech_status mech_model_check_metadata(const mech_model *model, mech_error *error);

/* The bytes of the model's safetensors file, appended to *bytes: metadata, then the tensors in the order of the graph.
 */
mech_status mech_model_serialise(const mech_model *model, text *bytes, mech_error *error);

#endif
