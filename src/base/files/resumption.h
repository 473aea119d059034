/* Work that goes on where it was interrupted: it must be the same work. */
#ifndef MECH_BASE_FILES_RESUMPTION_H
#define MECH_BASE_FILES_RESUMPTION_H

#include "base/error.h"

/* Compares normalised options ("--name value --name value ...") of the work that `path` was left by with those of the
 * work that is to go on from it ("training"); MECH_INVALID_INPUT, naming the first pair that differs, where they are
 * not the same. */
mech_status mech_refuse_other_options(const char *path, const char *is, const char *wanted, const char *work,
                                      mech_error *error);

#endif
