/* The work of making a data set, and the journal that lets it go on after an interruption.
 *
 * While data set DATA is in the making, DATA.partial is the file and DATA.journal says what of it is done: the options,
 * the thetas as rounds of candidates yield them, and for each block of samples that was written its mech_digest. When
 * the work goes on, blocks that the file does not hold with that mech_digest are simulated again, so that it does not
 * matter what an interruption, even of the machine, left of either file. */
#ifndef MECH_DATA_GENERATION_GENERATION_H
#define MECH_DATA_GENERATION_GENERATION_H

#include "data/dataset/dataset.h"
#include "data/generation/journal.h"
#include "data/prior/thetas.h"

/* What the journal says of the blocks of a split. */
typedef struct block_notes {
    size_t n;
    bool *kept;         /* [n] */
    uint64_t *sums;     /* [n]: digests */
    uint64_t *failures; /* [n][n_mechanisms]: samples that were measured again */
} block_notes;

typedef struct generation {
    dataset_plan plan;
    const mech_progress *progress;
    mech_draw_counts *counts; /* [n_mechanisms] */
    prior *prior;
    team *team;
    theta_pool *pools[N_SPLITS]; /* [n_mechanisms] each */
    dataset *dataset;
    mech_samples *block;             /* in the making, of format 1 */
    run_sets *sets;                  /* the same of format 2 */
    run_set_place *starts[N_SPLITS]; /* of format 2: [blocks + 1], where each block begins */

    const char *path;
    char *partial_path, *journal_path;
    char *options; /* normalised */
    journal *journal;
    bool resumed;
    block_notes notes[N_SPLITS];
    double synced_s; /* when the disk last had all */
} generation;

/* How many of n things that are dealt out in turn the mechanism gets. */
size_t mech_share_of(const generation *g, size_t n, size_t mechanism);

/* How many thetas a mechanism needs: validation and test have one for each sample. */
size_t mech_thetas_wanted(const generation *g, dataset_split s, size_t mechanism);

/* Of format 2: finds out how many runs and readings each block has, and all together, for the plan. */
mech_status mech_lay_out_experiments(generation *g, mech_error *error);

/* A stretch of the memory of a block that is made. */
typedef struct block_part {
    void *bytes;
    size_t length;
} block_part;
enum { MOST_BLOCK_PARTS = 16 + N_SET_TRUTHS + N_RUN_TRUTHS };

/* How blocks of a format are made; `number` is that of a block in its split. */
typedef struct block_kind {
    size_t (*size)(const generation *g, dataset_split s, size_t number);
    /* Lays out the block in g; its arrays are yet to be filled. */
    mech_status (*prepare)(generation *g, dataset_split s, size_t number, mech_error *error);
    /* Fills it; adds to failures[n_mechanisms]. */
    mech_status (*simulate)(generation *g, dataset_split s, size_t number, uint64_t *failures, mech_error *error);
    /* All that simulate() filled; returns how many parts. */
    size_t (*parts)(generation *g, block_part parts[MOST_BLOCK_PARTS]);
    mech_status (*write)(generation *g, dataset_split s, size_t number, uint64_t *sum, mech_error *error);
} block_kind;

/* Of format 2. */
extern const block_kind mech_experiment_blocks;

/* Makes and writes what a split lacks. *done counts the samples of all splits. */
mech_status mech_make_blocks(generation *g, dataset_split s, const block_kind *kind, size_t *done, mech_error *error);

/* Tells how many samples are done; MECH_STOPPED where the work should stop. */
mech_status mech_report_samples(const generation *g, size_t done, mech_error *error);

/* Makes data set and journal, or takes up what an interruption left: counts, thetas, notes. The plan, counts and pools
 * must be there. Refuses work that was interrupted where `resume` is not set, and the lack of it, damage and other
 * options where it is. */
mech_status mech_generation_open(generation *g, const char *path, bool resume, mech_error *error);

/* Notes new thetas (see theta_draw.keep; the context is the generation). */
mech_status mech_generation_keep_thetas(void *context, const theta_draw *draw, const theta_pool *pool, size_t from,
                                        mech_error *error);

/* Whether block `number` of a split, with n samples, is done and in the file; adds what failed in it to the counts. */
bool mech_generation_has_block(generation *g, dataset_split s, size_t number, size_t n);

/* Notes a block that was written; failures[n_mechanisms]. */
mech_status mech_generation_keep_block(generation *g, dataset_split s, size_t number, uint64_t sum,
                                       const uint64_t *failures, mech_error *error);

/* Ends the work that came to `status`: the data set appears under its name, or stays for resuming where the work was
 * stopped or had been resumed, or nothing is left of it. Returns the status of the whole. */
mech_status mech_generation_close(generation *g, mech_status status, mech_error *error);

#endif
