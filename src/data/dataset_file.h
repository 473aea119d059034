/* Reading from an HDF5 file that is open already, wherever it lies. */
#ifndef MECH_DATA_DATASET_FILE_H
#define MECH_DATA_DATASET_FILE_H

#include "base/error.h"

#include <hdf5.h>

/* Reads a split of the open file; `path` names it in messages. HDF5's own messages are the caller's to silence
 * (hdf5_errors.h). The caller frees *samples. */
mech_status dataset_read_split(hid_t file, const char *path, const char *split, mech_samples **samples,
                               mech_error *error);

#endif
