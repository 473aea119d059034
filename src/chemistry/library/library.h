/* Libraries behind their public face. */
#ifndef MECH_CHEMISTRY_LIBRARY_LIBRARY_H
#define MECH_CHEMISTRY_LIBRARY_LIBRARY_H

#include "mechanist.h"

/* The number of the mechanism of that id, in letters of any case, or -1: what a user types. */
int mech_library_find_any_case(const mech_library *library, const char *id);

#endif
