#include "data/samples/augment.h"

#include <math.h>
#include <string.h>

/* Selection sampling (Knuth, The Art of Computer Programming 2, section 3.4.2, algorithm S): each time is kept with the
 * chance that as many as are still wanted are found among those still to come; the result is ascending. */
void mech_draw_kept_times(random_stream *r, size_t n_times, size_t points, uint8_t *kept) {
    size_t n = 0;
    kept[n++] = 0;
    for (size_t i = 1; i < n_times && n <= points; i++) {
        const size_t left = n_times - i, wanted = points + 1 - n;
        if (wanted == left || mech_random_below(r, (uint32_t)left) < wanted) kept[n++] = (uint8_t)i;
    }
}

/* Divides the times of each run by what the design says. */
static void scale_times(mech_sample_design sample_design, float *sample, size_t n_times) {
    const float *last = sample + (n_times - 1) * SAMPLE_COLUMNS;
    float units[N_RUNS], longest = 0;
    for (size_t run = 0; run < N_RUNS; run++) {
        units[run] = last[run * RUN_COLUMNS];
        longest = fmaxf(longest, units[run]);
    }
    for (size_t run = 0; run < N_RUNS; run++) {
        const float unit = sample_design == MECH_DESIGN_NATURE ? longest : units[run];
        /* A run of t = 0 alone has no length to scale by. */
        if (!(unit > 0)) continue;
        for (size_t i = 0; i < n_times; i++) sample[i * SAMPLE_COLUMNS + run * RUN_COLUMNS] /= unit;
    }
}

void mech_augment_sample(mech_sample_design sample_design, const float *full, const uint8_t *kept, size_t n_kept,
                         double noise, random_stream *r, float *thinned) {
    for (size_t i = 0; i < n_kept; i++)
        memcpy(thinned + i * SAMPLE_COLUMNS, full + (size_t)kept[i] * SAMPLE_COLUMNS, SAMPLE_COLUMNS * sizeof *full);
    scale_times(sample_design, thinned, n_kept);
    if (!(noise > 0)) return;
    for (size_t i = 1; i < n_kept; i++)
        for (size_t run = 0; run < N_RUNS; run++) {
            float normals[2], *concentrations = &thinned[i * SAMPLE_COLUMNS + run * RUN_COLUMNS + 1];
            mech_random_normal_pair(r, normals);
            concentrations[0] += (float)noise * normals[0];
            concentrations[1] += (float)noise * normals[1];
        }
}

void mech_hide_species(float *thinned, size_t n_kept, species_column species, bool at_start) {
    for (size_t i = at_start ? 0 : 1; i < n_kept; i++)
        for (size_t run = 0; run < N_RUNS; run++) thinned[i * SAMPLE_COLUMNS + run * RUN_COLUMNS + species] = NAN;
}
