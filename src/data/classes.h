/* The mechanisms that samples are drawn from: the classes that a network tells apart. */
#ifndef MECH_DATA_CLASSES_H
#define MECH_DATA_CLASSES_H

#include "base/error.h"

/* Refuses sets in which two mechanisms have one name: MECH_INVALID_ARGUMENT. */
mech_status check_distinct(const mech_network *const *mechanisms, size_t n_mechanisms, mech_error *error);

#endif
