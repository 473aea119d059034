/* The mechanisms that the labels of a data set stand for. */
#ifndef MECH_DATA_READING_DATASET_MECHANISMS_H
#define MECH_DATA_READING_DATASET_MECHANISMS_H

#include "chemistry/mechanism.h"

typedef struct dataset_mechanisms {
    size_t n;                  /* at most MECH_MOST_LABELS (samples.h) */
    const mech_mechanism **of; /* [n]: those of the library, or what `named` holds */
    mech_mechanism *named;     /* [n]: users' mechanisms; of files of version 0.1.0 only name and rate constants */
} dataset_mechanisms;

/* Reads them from the file's attributes; a file that lacks these labels the mechanisms of the library. Ids
 * that differ only in capital letters are refused. The caller frees *m with
 * mech_dataset_mechanisms_free(), which accepts what is {0}. */
mech_status mech_dataset_mechanisms_read(const char *path, dataset_mechanisms *m, mech_error *error);
void mech_dataset_mechanisms_free(dataset_mechanisms *m);

/* The text of the library that the labels stand for (mech_library_text()); NULL where the file does not say what they
 * are. The caller frees *characters with mech_free(). */
mech_status mech_dataset_library_text(const char *path, char **characters, mech_error *error);

/* The label of the mechanism of that id (case-insensitive), or -1. */
int mech_dataset_mechanisms_find(const dataset_mechanisms *m, const char *id);

#endif
