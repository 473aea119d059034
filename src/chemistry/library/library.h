/* Libraries behind their public face. */
#ifndef MECH_CHEMISTRY_LIBRARY_LIBRARY_H
#define MECH_CHEMISTRY_LIBRARY_LIBRARY_H

#include "mechanist.h"

/* The number of the mechanism of that id, in letters of any case, or -1: what a user types. */
int mech_library_find_any_case(const mech_library *library, const char *id);

/* mech_library_text() of the mechanisms[n] in their order. The caller frees *characters with mech_free(). */
mech_status mech_library_text_of(const mech_mechanism *const *mechanisms, size_t n, char **characters,
                                 mech_error *error);

#endif
