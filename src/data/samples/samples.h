/* Samples in memory (mech_samples of the public header). */
#ifndef MECH_DATA_SAMPLES_SAMPLES_H
#define MECH_DATA_SAMPLES_SAMPLES_H

#include "data/samples/augment.h"

/* Room for n samples, zeroed; NULL where memory is short or the sizes overflow. Freed with mech_samples_free(). */
mech_samples *mech_samples_new(mech_sample_design sample_design, size_t n, size_t n_times, size_t n_theta,
                               size_t n_labels);

#endif
