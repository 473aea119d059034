/* What is done to samples before a network sees them: points dropped, times scaled again, noise added. */
#ifndef MECH_DATA_SAMPLES_AUGMENT_H
#define MECH_DATA_SAMPLES_AUGMENT_H

#include "base/random.h"
#include "data/conditions/layout.h"
#include "mechanist.h"

/* Draws which times a sample keeps: kept[points + 1], ascending, kept[0] = 0 and `points` different ones of
 * 1, ..., n_times - 1 drawn uniformly. points < n_times <= 256. */
void mech_draw_kept_times(random_stream *r, size_t n_times, size_t points, uint8_t *kept);

/* Copies the kept times of one sample, full[n_times][12], to thinned[n_kept][12], scales its times as the design says
 * (seed: each run by its own last time; nature: all four by the longest run's) and adds Gaussian noise of standard
 * deviation `noise` to S and P after t = 0 (none where noise is 0; NaN stays NaN). `full` and `thinned` must not
 * overlap. */
void mech_augment_sample(mech_sample_design sample_design, const float *full, const uint8_t *kept, size_t n_kept,
                         double noise, random_stream *r, float *thinned);

/* Makes one species of a thinned sample unmeasured (NaN): S or P, of all runs, after t = 0 or, with `at_start`, there,
 * too. */
typedef enum species_column { SPECIES_SUBSTRATE = 1, SPECIES_PRODUCT = 2 } species_column;
void mech_hide_species(float *thinned, size_t n_kept, species_column species, bool at_start);

#endif
