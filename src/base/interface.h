/* What all public objects have in common: options that can grow. */
#ifndef MECH_BASE_INTERFACE_H
#define MECH_BASE_INTERFACE_H

#include "base/error.h"

/* Lays the caller's options over *mine, which holds the defaults. Both begin with `size_t size`, the bytes of the
 * struct as the caller was compiled: what a caller of an older version does not know keeps its default. What a caller
 * of a newer version knows more has to be zero, as mech_..._options_default() leaves it. theirs may be NULL. `name` is
 * that of the struct, for messages. MECH_INVALID_ARGUMENT where size was not set or options are newer than the library.
 */
mech_status mech_take_options(void *mine, size_t mine_size, const void *theirs, const char *name, mech_error *error);

/* Fills the caller's options[size] with those of *mine[mine_size], cut off or followed by zeros. */
void mech_give_options(void *options, size_t size, const void *mine, size_t mine_size);

/* Lays *mine over the caller's result, which begins with its size, as far as the caller knows of it; what a caller of a
 * newer version knows more becomes zero. MECH_INVALID_ARGUMENT where the size was not set. */
mech_status mech_give_result(void *result, const void *mine, size_t mine_size, const char *name, mech_error *error);

#endif
