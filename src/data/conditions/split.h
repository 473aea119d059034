/* The three parts of a data set. */
#ifndef MECH_DATA_CONDITIONS_SPLIT_H
#define MECH_DATA_CONDITIONS_SPLIT_H

typedef enum dataset_split { SPLIT_TRAIN, SPLIT_VALIDATION, SPLIT_TEST, N_SPLITS } dataset_split;

/* "train", "validation" or "test"; static. */
const char *mech_split_name(dataset_split s);

#endif
