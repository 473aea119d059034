/* The mechanisms that the labels of a data set stand for. */
#ifndef MECH_DATA_READING_DATASET_MECHANISMS_H
#define MECH_DATA_READING_DATASET_MECHANISMS_H

#include "chemistry/mechanism.h"

typedef struct dataset_mechanisms {
    size_t n;                  /* at most MOST_CLASSES (samples.h) */
    const mech_mechanism **of; /* [n]: those of the library, or what `named` holds */
    mech_mechanism *named;     /* [n]: of users' mechanisms name and rate constants, as far as the file says */
} dataset_mechanisms;

/* Reads them from the file's attributes; a file that lacks these labels the mechanisms of the library. A user's
 * mechanism has class MECH_CLASS_USER and neither species nor reactions. The caller frees *m with
 * mech_dataset_mechanisms_free(), which accepts what is {0}. */
mech_status mech_dataset_mechanisms_read(const char *path, dataset_mechanisms *m, mech_error *error);
void mech_dataset_mechanisms_free(dataset_mechanisms *m);

/* The label of the mechanism of that id (case-insensitive), or -1. */
int mech_dataset_mechanisms_find(const dataset_mechanisms *m, const char *id);

#endif
