/* Batches of samples as training sees them: points dropped, times scaled again, noise added. */
#ifndef MECH_LEARN_BATCHES_BATCHES_H
#define MECH_LEARN_BATCHES_BATCHES_H

#include "base/machine/team.h"
#include "data/samples/augment.h"
#include "data/stream/source.h"
#include "learn/batches/batch_sizes.h"
#include "learn/engine/engine.h"

enum { MOST_CHOICES = 64, MOST_SAMPLE_TIMES = 256 };

/* What the number of points and the noise are drawn from, each entry with the same chance: for a batch or, with
 * `each_sample`, for every sample of its own. Of a share `missing` of the samples S or P is hidden, with the same
 * chance and in half of them at t = 0, too; samples that lack something anyway stay as they are. Where `missing` is 0,
 * what a sample lacks is filled in by the mass balance: who learns from it will not be told. */
typedef struct augmentation {
    size_t n_points, n_noise;
    size_t points[MOST_CHOICES];
    double noise[MOST_CHOICES];
    bool each_sample;
    double missing;
} augmentation;

/* The protocol's own choices (seed: as published; nature: 2 to 20 points, 0 to 5 % noise), of the points those that
 * samples with n_times times can keep. */
augmentation mech_protocol_augmentation(mech_protocol protocol, size_t n_times);

/* One batch, of one part or, where each sample has its own number of points, of one for each choice that came up. */
typedef struct batch {
    size_t n, n_parts;
    engine_part parts[MOST_CHOICES];
    float *x1;        /* [n][SAMPLE_LOADINGS] */
    float *x2;        /* [n][n_times][SAMPLE_ROW] of one part after the other */
    uint8_t *y;       /* [n] */
    uint32_t *places; /* [n]: the place of the recipe's i-th sample */
    uint8_t *chosen;  /* [n]: the part of the recipe's i-th sample, while the batch is filled */
} batch;

/* Room for `most` samples of at most most_times times. What *b holds is freed with mech_batch_free(), in any case. */
mech_status mech_batch_new(size_t most, size_t most_times, batch *b, mech_error *error);
void mech_batch_free(batch *b);

/* Streams of random numbers: batches of training, validation and calibration never share one. */
typedef enum batch_use { BATCH_TRAINING, BATCH_VALIDATION, BATCH_CALIBRATION } batch_use;

/* Fills *b with n samples, numbers order[0...n - 1] of `samples`. How many points are kept and how much noise is added
 * is drawn from (seed, use, number), or for each sample; which points and what noise of each sample from (seed, use,
 * position + i), so that the batch is a pure function of what is passed. Samples with the same number of points stand
 * together. */
typedef struct batch_recipe {
    const mech_samples *samples;
    const augmentation *choices;
    const uint32_t *order;
    size_t n;
    uint64_t seed;
    batch_use use;
    uint64_t number, position;
} batch_recipe;
void mech_batch_fill(const batch_recipe *recipe, team *t, batch *b);

/* The batches of a training run, each prepared while the one before it is being used. */
typedef struct batches batches;

typedef struct batches_plan {
    sample_source source; /* it and the choices live longer than the batches */
    const augmentation *choices;
    batch_sizes sizes; /* where they grow, source.used is a multiple of the largest */
    uint64_t seed;
    uint64_t first_step, steps; /* the run is steps 0, ..., steps - 1; the first ones may be past */
    int threads;                /* 0: all cores; with 1 nothing is prepared ahead */
} batches_plan;

mech_status mech_batches_new(const batches_plan *plan, batches **b, mech_error *error);
void mech_batches_free(batches *b);

/* The batch of the next step, valid until the next call. Not to be called more often than there are steps. Each pass
 * goes through the samples of the source in an order drawn from (seed, pass); its last batch is smaller where the
 * samples do not fill it. Fails where the source does. */
mech_status mech_batches_next(batches *b, const batch **next, mech_error *error);

/* Batches of a pass over n samples, and samples in the first `steps` batches of a run, all of one size. */
uint64_t mech_batches_a_pass(size_t n_samples, size_t batch_size);
uint64_t mech_samples_before(size_t n_samples, size_t batch_size, uint64_t steps);

#endif
