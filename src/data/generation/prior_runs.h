/* Runs over the whole prior, accepted or not: what a solver's accuracy and speed are measured on. */
#ifndef MECH_DATA_GENERATION_PRIOR_RUNS_H
#define MECH_DATA_GENERATION_PRIOR_RUNS_H

#include "mechanist.h"

/* mech_prior_runs() makes for each theta three catalyst loadings, one from each third of [0.01, 0.10], then the first
 * of them again with part of the substrate turned into product. */
enum { RUNS_A_THETA = 4 };

#endif
