/* The mechanisms that samples are drawn from: the labels that a network tells apart. */
#ifndef MECH_DATA_SAMPLES_CLASSES_H
#define MECH_DATA_SAMPLES_CLASSES_H

#include "base/error.h"

/* Refuses sets in which the ids of two mechanisms are alike or differ only in capital letters: MECH_INVALID_ARGUMENT.
 */
mech_status mech_check_distinct(const mech_mechanism *const *mechanisms, size_t n_mechanisms, mech_error *error);

/* How many labels the attribute "mechanisms" of the data file `path` names: "M1,M6,...", NULL: those of the library.
 * MECH_INVALID_INPUT where they are more than MECH_MOST_LABELS (samples.h). */
mech_status mech_count_labels(const char *mechanisms, const char *path, size_t *n, mech_error *error);

#endif
