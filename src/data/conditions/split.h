/* The three parts of a data set. */
#ifndef MECH_DATA_CONDITIONS_SPLIT_H
#define MECH_DATA_CONDITIONS_SPLIT_H

#include "mechanist.h"

typedef mech_split dataset_split;
#define SPLIT_TRAIN MECH_SPLIT_TRAIN
#define SPLIT_VALIDATION MECH_SPLIT_VALIDATION
#define SPLIT_TEST MECH_SPLIT_TEST
#define N_SPLITS 3

#endif
