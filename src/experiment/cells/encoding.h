/* From the bytes of a file to text. */
#ifndef MECH_EXPERIMENT_CELLS_ENCODING_H
#define MECH_EXPERIMENT_CELLS_ENCODING_H

#include "base/error.h"

/* Brings bytes[length] as UTF-8 text into *characters (freed with mech_free; closed by a NUL that *n does not count).
 * Where *owned is `bytes`, closed by a NUL and freed with mech_free, it is taken over if it is UTF-8 already, and
 * *owned becomes NULL; owned may be NULL. UTF-16 is known by its byte-order mark or by its zero bytes; a byte-order
 * mark is dropped; what is neither is taken for Latin-1, in which old spreadsheets save. Refuses what is known to be
 * something else than a table (a PDF, a picture) by its name, and control characters other than tab and line ends by
 * the line they stand in. `source` names the text in messages. */
mech_status mech_decode_text(const char *bytes, size_t length, const char *source, char **owned, char **characters,
                             size_t *n, mech_error *error);

/* The length of the UTF-8 sequence that bytes[length], length >= 1, begin with, or 0 where they begin with none
 * (Unicode Standard, table 3-7). */
size_t mech_utf8_length(const unsigned char *bytes, size_t length);

#endif
