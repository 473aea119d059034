/* What a data file holds and where: HDF5 lays it out (groups, attributes, arrays of known place and size) before there
 * is any content. */
#ifndef MECH_DATA_DATASET_DATASET_LAYOUT_H
#define MECH_DATA_DATASET_DATASET_LAYOUT_H

#include "data/dataset/dataset.h"

#include <hdf5.h>
#include <sys/types.h>

/* What arrays have one row for. Samples of format 1 are sets. */
typedef enum data_unit { UNIT_SET, UNIT_RUN, UNIT_READING, UNIT_BLOCK, N_UNITS } data_unit;

enum { MOST_ARRAYS = 40 };

/* One of the arrays that a split has. */
typedef struct array_shape {
    const char *name;
    hid_t type;      /* of the machine; HDF5 notes the byte order */
    int rank;        /* the first dimension is that of the unit */
    hsize_t more[2]; /* the dimensions after it */
    size_t row;      /* bytes of one row */
    data_unit unit;
    size_t extra; /* rows beyond those of the units: 1 of offsets, which begin with 0 */
} array_shape;

typedef struct split_layout {
    size_t count[N_UNITS];
    size_t n_arrays; /* of format 2 the last one holds the digests of blocks */
    array_shape arrays[MOST_ARRAYS];
    bool in_errors[MOST_ARRAYS]; /* whether it stands in the group "errors" */
    off_t offsets[MOST_ARRAYS];  /* where the content begins in the file */
} split_layout;

/* The arrays of a split, not yet with their offsets. */
void mech_shape_split(const dataset_plan *plan, dataset_split s, split_layout *layout);

/* Those of format 2, with these truths, without counts. */
void mech_shape_runs(size_t n_theta, bool has_b, const truths_held *held, split_layout *layout);

/* Rows of each unit from which and how many a block takes up. */
typedef struct block_place {
    size_t first[N_UNITS], n[N_UNITS];
} block_place;

/* The rows of an array that a block has: offsets begin with a 0 of their own, which belongs to the first block. */
void mech_rows_of_block(const array_shape *a, const block_place *place, size_t *first, size_t *n);

/* What a block of format 2 has in each array but the last, in their order. */
typedef struct runs_content {
    size_t n;
    const void *arrays[MOST_ARRAYS];         /* [n]: of the run sets, and: */
    uint64_t *run_offsets, *reading_offsets; /* as the file has them, of all blocks together */
} runs_content;

/* Fills *content, which the caller frees in any case; false where memory is short. */
bool mech_runs_content(const run_sets *sets, const run_set_place *from, runs_content *content);
void mech_runs_content_free(runs_content *content);

/* Where run sets stand that begin there. */
block_place mech_place_of_runs(const run_set_place *from, size_t n, size_t n_runs, size_t n_readings);

/* The digest of a block, as the array `digest` has it. False where memory is short. */
bool mech_runs_digest(const run_sets *sets, const run_set_place *from, uint64_t *sum);

/* Rows of an array. */
size_t mech_array_rows(const split_layout *layout, size_t array);

/* Makes the file `at`, which messages call `path`, with all but the content of splits[N_SPLITS], whose offsets it
 * fills. HDF5's own messages are the caller's to silence. */
mech_status mech_lay_out_file(const dataset_plan *plan, const char *path, const char *at, split_layout *splits,
                              mech_error *error);

/* Bytes that the file needs besides the arrays, at most. */
off_t mech_metadata_room(const dataset_plan *plan);

#endif
