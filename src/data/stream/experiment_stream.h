/* Experiments of a design without a file, for training: block after block of run sets, each new, from thetas that are
 * renewed little by little. A block is a function of the options and its number alone, so that work can begin with any
 * of them; the next one is simulated in the background while the caller works on one. */
#ifndef MECH_DATA_STREAM_EXPERIMENT_STREAM_H
#define MECH_DATA_STREAM_EXPERIMENT_STREAM_H

#include "data/design/design.h"
#include "data/runs/run_sets.h"

typedef struct experiment_stream experiment_stream;

typedef struct experiment_stream_options {
    const design *design;                    /* outlives the stream */
    const mech_mechanism *const *mechanisms; /* [n_mechanisms], by label; they outlive the stream */
    size_t n_mechanisms;
    const char *prior; /* "wide" or a file with ranges of rate constants */
    uint64_t seed;
    size_t n_validation; /* held-out experiments, each with a theta of its own; 0: none */
    size_t a_block;      /* experiments of a block; rounded up to as many of each mechanism */
    size_t n_thetas;     /* about so many thetas, over all mechanisms, are in use at a time */
    double renew;        /* thetas that are replaced for each experiment, 0 to 1 */
    int threads;         /* 0: all cores */
} experiment_stream_options;

/* The design laboratory has no default here; M1 to M20 are the mechanisms where `mechanisms` is NULL. Wide prior, seed
 * 1, 20,000 for validation, blocks of 4,096, 108,208 thetas of which 0.02 are renewed for each experiment. */
experiment_stream_options mech_experiment_stream_options_default(void);

/* Checks the options (MECH_INVALID_ARGUMENT) and simulates the validation split, of which no theta comes again. The
 * caller frees *s. */
mech_status mech_experiment_stream_new(const experiment_stream_options *options, const mech_progress *progress,
                                       experiment_stream **s, mech_error *error);
void mech_experiment_stream_free(experiment_stream *s); /* accepts NULL */

/* Belonging to the stream; NULL where there is none. */
const run_sets *mech_experiment_stream_validation(const experiment_stream *s);

/* Block `number`: n experiments, label i % n_mechanisms at place i. Waits for it where it is under way. The first call
 * for a part of the thetas draws these, which takes longer; progress (may be NULL) hears of it and can stop it. To be
 * called by one thread. The caller frees *sets. */
mech_status mech_experiment_stream_block(experiment_stream *s, uint64_t number, const mech_progress *progress,
                                         run_sets **sets, mech_error *error);

/* What was drawn and simulated so far, what was prepared and not asked for included; counts[n_mechanisms]. Waits for
 * the block under way. */
void mech_experiment_stream_counts(experiment_stream *s, mech_draw_counts *counts);

#endif
