/* HDF5 prints a stack of errors of its own; this library says what is wrong in one line. And HDF5 must not be called by
 * two threads at a time, unless it was built for that. */
#ifndef MECH_DATA_DATASET_HDF5_ERRORS_H
#define MECH_DATA_DATASET_HDF5_ERRORS_H

#include <hdf5.h>

/* How HDF5 was told to print errors, to be told so again. */
typedef struct hdf5_printing {
    H5E_auto2_t print;
    void *context;
} hdf5_printing;

/* A turn with HDF5, silent: other threads wait for theirs until hdf5_speak(), which the same thread calls. Turns do not
 * nest. What HDF5 prints is a property of the process (of the thread, if HDF5 was built for threads): within the turn
 * no call of this library sees it changed, and after it all is as before. */
hdf5_printing mech_hdf5_silence(void);
void mech_hdf5_speak(hdf5_printing before);

#endif
