/* NumPy's file format for one array (NEP 1), so that results open in Python without this program. */
#ifndef MECH_BASE_FILES_NPY_H
#define MECH_BASE_FILES_NPY_H

#include "mechanist.h"

/* Writes values[rows][columns] as a float32 array in C order, atomically; "-" is standard output. */
mech_status mech_npy_write(const char *path, const float *values, size_t rows, size_t columns, mech_error *error);

#endif
