#include "data/samples/samples.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

mech_samples *mech_samples_new(mech_sample_design sample_design, size_t n, size_t n_times, size_t n_theta,
                               size_t n_labels) {
    mech_samples *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    *s = (mech_samples){.n = n, .n_times = n_times, .n_theta = n_theta, .n_labels = n_labels, .design = sample_design};
    s->x1 = mech_allocate_array(n, N_RUNS * sizeof *s->x1);
    s->x2 = mech_allocate_array(n, n_times * SAMPLE_COLUMNS * sizeof *s->x2);
    s->y = mech_allocate_array(n, sizeof *s->y);
    s->theta = mech_allocate_array(n, n_theta * sizeof *s->theta);
    s->additive = mech_allocate_array(n, sizeof *s->additive);
    if (!s->x1 || !s->x2 || !s->y || !s->theta || !s->additive) {
        mech_samples_free(s);
        return NULL;
    }
    return s;
}

void mech_samples_hide(mech_samples *samples, mech_role species) {
    if (species != MECH_ROLE_SUBSTRATE && species != MECH_ROLE_PRODUCT) return;
    const species_column column = species == MECH_ROLE_SUBSTRATE ? SPECIES_SUBSTRATE : SPECIES_PRODUCT;
    for (size_t i = 0; i < samples->n; i++)
        mech_hide_species(samples->x2 + i * samples->n_times * SAMPLE_COLUMNS, samples->n_times, column, false);
}

void mech_samples_free(mech_samples *samples) {
    if (!samples) return;
    mech_release_array(samples->x1);
    mech_release_array(samples->x2);
    mech_release_array(samples->y);
    mech_release_array(samples->theta);
    mech_release_array(samples->additive);
    free(samples);
}

mech_status mech_samples_thin(const mech_samples *samples, size_t points, double noise, uint64_t seed,
                              mech_samples **thinned, mech_error *error) {
    *thinned = NULL;
    if (points == 0 && samples->n_times) points = samples->n_times - 1;
    if (points >= samples->n_times)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%zu points after t = 0 were asked for; the samples have %zu",
                         points, samples->n_times ? samples->n_times - 1 : 0);
    if (!(noise >= 0 && isfinite(noise)))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the noise is %g; expected a number from 0 on", noise);
    mech_samples *t = mech_samples_new(samples->design, samples->n, points + 1, samples->n_theta, samples->n_labels);
    if (!t) return mech_fail_memory(error);
    memcpy(t->x1, samples->x1, samples->n * N_RUNS * sizeof *t->x1);
    memcpy(t->y, samples->y, samples->n * sizeof *t->y);
    memcpy(t->theta, samples->theta, samples->n * samples->n_theta * sizeof *t->theta);
    memcpy(t->additive, samples->additive, samples->n * sizeof *t->additive);
    for (size_t i = 0; i < samples->n; i++) {
        uint8_t kept[MECH_MOST_TIMES];
        random_stream r = mech_random_open(seed, RANDOM_THINNING, 0, i);
        mech_draw_kept_times(&r, samples->n_times, points, kept);
        mech_augment_sample(samples->design, samples->x2 + i * samples->n_times * SAMPLE_COLUMNS, kept, points + 1,
                            noise, &r, t->x2 + i * t->n_times * SAMPLE_COLUMNS);
    }
    *thinned = t;
    return MECH_OK;
}
