/* Data sets on disk: HDF5 files with the groups train, validation and test (docs/data.md). */
#ifndef MECH_DATA_DATASET_DATASET_H
#define MECH_DATA_DATASET_DATASET_H

#include "base/error.h"
#include "data/conditions/split.h"
#include "data/design/design.h"
#include "data/runs/run_sets.h"

/* Samples that are simulated before they are written; of format 2 each block has a digest in the file. */
enum { A_BLOCK = 10240 };

/* What a file will hold, and all that is needed to make it again. */
typedef struct dataset_plan {
    mech_sample_design sample_design;
    uint64_t seed;
    bool own;             /* samples of one's own: nothing is known of how they came about */
    bool has_runs;        /* format 2 */
    const design *design; /* of run sets that are generated; else NULL */
    size_t n_samples[N_SPLITS];
    size_t n_times[N_SPLITS];                      /* of format 1 */
    size_t n_runs[N_SPLITS], n_readings[N_SPLITS]; /* of format 2 */
    bool has_b;                                    /* a mechanism has a second reactant; of format 2 */
    size_t n_thetas;                               /* of the training split, over all mechanisms */
    size_t n_theta;                                /* columns of theta */
    const mech_mechanism *const *mechanisms;       /* [n_mechanisms] */
    size_t n_mechanisms;
    const char *prior; /* "wide" or the ranges in the format of a prior file */
    mech_solver_options solver;
} dataset_plan;

/* The command's options that the plan comes from, in one order, without what does not matter to the content (paths,
 * threads). The caller frees *options with mech_free(). */
mech_status mech_dataset_options(const dataset_plan *plan, char **options, mech_error *error);

/* A data set in the making. Memory does not grow with its size. */
typedef struct dataset dataset;

/* Reserves the space of the whole file, so that a full disk shows before the work begins, and writes all but the
 * samples. "-" is refused: HDF5 needs a file. The caller ends with mech_dataset_commit() or mech_dataset_discard(). */
mech_status mech_dataset_create(const char *path, const dataset_plan *plan, dataset **d, mech_error *error);

/* The same with the file that an earlier mech_dataset_create() made and that may be complete, in part or not at all:
 * what samples it holds stays. */
mech_status mech_dataset_continue(const char *path, const dataset_plan *plan, dataset **d, mech_error *error);

/* The file that stands for `path` while it is in the making. The caller frees *partial with mech_free(). */
mech_status mech_dataset_partial_path(const char *path, char **partial, mech_error *error);

/* Writes a block as samples first, ..., first + block->n - 1 of a split; `first` is a multiple of A_BLOCK. *sum is the
 * mech_digest of what is written. */
mech_status mech_dataset_write(dataset *d, dataset_split s, size_t first, const mech_samples *block, uint64_t *sum,
                               mech_error *error);

/* The same for run sets, of a file of format 2: a place is before a run set, its first run and its first reading. A
 * block begins at a multiple of A_BLOCK and has so many run sets, or is the last. */
typedef struct run_set_place {
    size_t set, run, reading;
} run_set_place;
mech_status mech_dataset_write_runs(dataset *d, dataset_split s, const run_set_place *from, const run_sets *sets,
                                    uint64_t *sum, mech_error *error);
bool mech_dataset_holds_runs(const dataset *d, dataset_split s, const run_set_place *from, const run_set_place *to,
                             uint64_t sum);

/* Whether the file holds n samples of that mech_digest from number `first` of a split on. */
bool mech_dataset_holds(const dataset *d, dataset_split s, size_t first, size_t n, uint64_t sum);

/* Brings what was written to the disk. */
mech_status mech_dataset_sync(dataset *d, mech_error *error);

/* Brings the file to the disk under its name and frees the data set, also on failure. */
mech_status mech_dataset_commit(dataset *d, mech_error *error);

/* Frees the data set and leaves no file, or the unfinished one for mech_dataset_continue(); accept NULL. */
void mech_dataset_discard(dataset *d);
void mech_dataset_keep(dataset *d);

/* How many samples of each label a split holds, of either format: counts[n_labels], all 0 where the file has no such
 * split or one without samples. Of the samples only the labels are read. MECH_INVALID_INPUT where one is n_labels or
 * more. */
mech_status mech_dataset_count(const char *path, dataset_split s, size_t n_labels, uint64_t *counts, mech_error *error);

/* The split of that name or, where it is NULL, the first one that has samples; MECH_INVALID_INPUT where there are none.
 */
mech_status mech_dataset_find_split(const char *path, const char *name, dataset_split *s, mech_error *error);

/* Whether a data file is of format 2, with runs of any shape; MECH_INVALID_INPUT where it is of neither format. */
mech_status mech_dataset_has_runs(const char *path, bool *has_runs, mech_error *error);

/* Reads run sets first, ..., first + n - 1 of a split of a file of format 2, n being cut to what there is, and checks
 * them, also against their digest. MECH_INVALID_ARGUMENT where there is no number `first`. The caller frees *sets. */
mech_status mech_run_sets_read(const char *path, const char *split, size_t first, size_t n, run_sets **sets,
                               mech_error *error);

#endif
