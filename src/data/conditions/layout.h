/* The shape of a sample of fixed shape: four runs side by side, t, S, P of each. */
#ifndef MECH_DATA_CONDITIONS_LAYOUT_H
#define MECH_DATA_CONDITIONS_LAYOUT_H

#include "mechanist.h"

enum { N_RUNS = 4, RUN_COLUMNS = 3, SAMPLE_COLUMNS = N_RUNS * RUN_COLUMNS };

/* Columns of theta in files and memory: so many at least, so that data of the built-in mechanisms have one shape. */
enum { LEAST_THETA = 6, MOST_THETA = MECH_MOST_RATE_CONSTANTS };

#endif
