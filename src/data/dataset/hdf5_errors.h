/* HDF5 prints a stack of its own for every error; this library says what is wrong in one line. */
#ifndef MECH_DATA_DATASET_HDF5_ERRORS_H
#define MECH_DATA_DATASET_HDF5_ERRORS_H

#include <hdf5.h>

/* How HDF5 was told to print errors, to be told so again. */
typedef struct hdf5_printing {
    H5E_auto2_t print;
    void *context;
} hdf5_printing;

static inline hdf5_printing hdf5_silence(void) {
    hdf5_printing before = {0};
    H5Eget_auto2(H5E_DEFAULT, &before.print, &before.context);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return before;
}

static inline void hdf5_speak(hdf5_printing before) { H5Eset_auto2(H5E_DEFAULT, before.print, before.context); }

#endif
