/* Reading from an HDF5 file that is open already, wherever it lies. */
#ifndef MECH_DATA_READING_DATASET_FILE_H
#define MECH_DATA_READING_DATASET_FILE_H

#include "data/dataset/hdf5_errors.h"

#include "base/error.h"

/* Reads a split of the open file; `path` names it in messages. HDF5's own messages are the caller's to silence
 * (hdf5_errors.h). The caller frees *samples. */
mech_status mech_dataset_read_split(hid_t file, const char *path, const char *split, mech_samples **samples,
                                    mech_error *error);

/* A data file that is open for reading while HDF5 is silent. */
typedef struct dataset_file {
    hid_t file;
    hdf5_printing printing;
} dataset_file;

/* On success the caller ends with mech_dataset_file_close(). "-" is refused: HDF5 needs a file. */
mech_status mech_dataset_file_open(const char *path, dataset_file *f, mech_error *error);
void mech_dataset_file_close(dataset_file *f);

#endif
