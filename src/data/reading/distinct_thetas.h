/* The thetas of a data set, each once however many samples were made of it. */
#ifndef MECH_DATA_READING_DISTINCT_THETAS_H
#define MECH_DATA_READING_DISTINCT_THETAS_H

#include "data/prior/thetas.h"

/* Fills pools[n_labels], which are {0}, with the thetas of the samples of each label, of a file of either format, in
 * the order in which the split has them; a label without samples has none. Additives are left 0. Memory grows with the
 * number of distinct thetas. MECH_INVALID_INPUT where the file has more labels, or a rate constant that is not above 0
 * or missing. The caller frees the pools, also after a failure. */
mech_status mech_distinct_thetas(const char *path, dataset_split s, size_t n_labels, theta_pool *pools,
                                 mech_error *error);

#endif
