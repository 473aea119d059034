#include "data/dataset/hdf5_errors.h"

#include <pthread.h>

/* The library's only global state: libhdf5 is one for all threads. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

hdf5_printing mech_hdf5_silence(void) {
    hdf5_printing before = {0};
    pthread_mutex_lock(&turn);
    H5Eget_auto2(H5E_DEFAULT, &before.print, &before.context);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return before;
}

void mech_hdf5_speak(hdf5_printing before) {
    H5Eset_auto2(H5E_DEFAULT, before.print, before.context);
    pthread_mutex_unlock(&turn);
}
