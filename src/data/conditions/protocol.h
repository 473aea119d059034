/* The names of the protocols, in files and on command lines. */
#ifndef MECH_DATA_CONDITIONS_PROTOCOL_H
#define MECH_DATA_CONDITIONS_PROTOCOL_H

#include "mechanist.h"

#include <stdbool.h>

/* "seed" or "nature"; static. */
const char *mech_protocol_name(mech_protocol protocol);

/* The protocol of that name into *protocol; false, and *protocol as it was, where it is none. */
bool mech_find_protocol(const char *name, mech_protocol *protocol);

/* The same of a built-in design whose data files are those of a protocol (format 1): "fixed-window", also "seed", and
 * "nature". */
bool mech_find_protocol_of_design(const char *design, mech_protocol *protocol);

#endif
