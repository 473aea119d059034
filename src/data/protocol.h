/* The names of the protocols, in files and on command lines. */
#ifndef MECH_DATA_PROTOCOL_H
#define MECH_DATA_PROTOCOL_H

#include "mechanist.h"

#include <stdbool.h>

/* "seed" or "nature"; static. */
const char *protocol_name(mech_protocol protocol);

/* The protocol of that name into *protocol; false, and *protocol as it was, where it is none. */
bool find_protocol(const char *name, mech_protocol *protocol);

#endif
