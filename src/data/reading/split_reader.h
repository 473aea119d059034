/* A split of a data set that is read part by part, so that memory need not grow with the file. It comes from this
 * program or from others: everything is checked before it is believed. */
#ifndef MECH_DATA_READING_SPLIT_READER_H
#define MECH_DATA_READING_SPLIT_READER_H

#include "data/reading/arrays.h"

/* What a split holds. HDF5's own messages are the caller's to silence (hdf5_errors.h). */
typedef struct split_reader {
    hid_t file;               /* open, the caller's */
    const char *path, *split; /* for messages, the caller's */
    array_group arrays;       /* the same, for the arrays */
    mech_sample_design design;
    size_t n, n_times, n_theta, n_labels;
    bool has_additive, has_digests;
    mech_error *error; /* the caller's; may be NULL */
} split_reader;

/* Checks types, shapes and sizes of the split's arrays; there is nothing to free. MECH_INVALID_INPUT where an array is
 * missing, damaged or empty. */
mech_status mech_split_reader_open(hid_t file, const char *path, const char *split, split_reader *r, mech_error *error);

/* Whether the file has no such split, or one without samples. */
bool mech_split_is_empty(hid_t file, const char *split);

/* Room for n samples like those of the split, zeroed; NULL where memory is short. Freed with mech_samples_free(). */
mech_samples *mech_split_reader_room(const split_reader *r, size_t n);

/* Reads samples first, ..., first + n - 1 into the first places of `block`, which has room for them. Labels are
 * checked, and all is compared with its digests where the file has some. */
mech_status mech_split_reader_read(const split_reader *r, size_t first, size_t n, mech_samples *block);

/* The same of labels, y[n], and of rate constants, theta[n][n_theta], alone. */
mech_status mech_split_reader_labels(const split_reader *r, size_t first, size_t n, uint8_t *y);
mech_status mech_split_reader_thetas(const split_reader *r, size_t first, size_t n, double *theta);

/* Checks loadings, times and concentrations of one sample of `s`; `number` is what messages call it. */
mech_status mech_split_reader_check(const split_reader *r, const mech_samples *s, size_t sample, size_t number);

#endif
