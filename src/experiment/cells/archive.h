/* Files inside a zip archive in memory, as workbooks are. */
#ifndef MECH_EXPERIMENT_CELLS_ARCHIVE_H
#define MECH_EXPERIMENT_CELLS_ARCHIVE_H

#include "base/error.h"

#include <stddef.h>

/* Whether bytes[length] begin as a zip archive does. */
bool mech_is_archive(const char *bytes, size_t length);

/* Unpacks the member of that name into *content (freed with mech_free; a NUL stands behind the last byte). *found says
 * whether there is one. At most `limit` bytes are unpacked, whatever the archive says of itself, so that an archive
 * that is made to burst does not. Members that are stored or deflated are read; a broken directory, an encrypted member
 * and one that does not fit its checksum are refused. */
mech_status mech_archive_read(const char *bytes, size_t length, const char *name, size_t limit, const char *source,
                              char **content, size_t *n, bool *found, mech_error *error);

#endif
