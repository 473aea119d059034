/* A split of a data file of format 2 that is read part by part. It comes from this program or from others: everything
 * is checked before it is believed. */
#ifndef MECH_DATA_READING_RUNS_READER_H
#define MECH_DATA_READING_RUNS_READER_H

#include "data/reading/arrays.h"
#include "data/runs/run_sets.h"

typedef struct runs_reader {
    array_group arrays;
    size_t n, n_runs, n_readings, n_theta, n_labels;
    bool has_b, has_additive, has_errors;
    truths_held held;
    size_t a_block; /* run sets of a digest; 0: the file has none */
} runs_reader;

/* Whether the file is of format 2; MECH_INVALID_INPUT where it is neither of that nor of format 1. */
mech_status mech_is_format_2(hid_t file, const char *path, bool *is, mech_error *error);

/* Checks types, shapes and sizes of the split's arrays; there is nothing to free. MECH_INVALID_INPUT where an array is
 * missing, damaged or empty. */
mech_status mech_runs_reader_open(hid_t file, const char *path, const char *split, runs_reader *r, mech_error *error);

/* Reads run sets first, ..., first + n - 1 and checks them, also against their digest. The caller frees *sets. */
mech_status mech_runs_reader_read(const runs_reader *r, size_t first, size_t n, run_sets **sets);

/* Reads the labels alone, labels[n]. */
mech_status mech_runs_reader_labels(const runs_reader *r, size_t first, size_t n, uint16_t *labels);

#endif
