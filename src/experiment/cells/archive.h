/* Files inside a zip archive in memory, as workbooks are. */
#ifndef MECH_EXPERIMENT_CELLS_ARCHIVE_H
#define MECH_EXPERIMENT_CELLS_ARCHIVE_H

#include "base/error.h"

#include <stddef.h>

/* Whether bytes[length] begin as a zip archive does. */
bool mech_is_archive(const char *bytes, size_t length);

/* A member while it is unpacked piece by piece, so that no more of it than a piece is ever in memory. */
typedef struct archive_member archive_member;

/* Opens the member of that name; *member stays NULL where there is none. At most `limit` bytes are unpacked, whatever
 * the archive says of itself, so that an archive that is made to burst does not. Members that are stored or deflated
 * are read; a broken directory and an encrypted member are refused. `bytes` must outlive the member, `source` too. */
mech_status mech_archive_open(const char *bytes, size_t length, const char *name, size_t limit, const char *source,
                              archive_member **member, mech_error *error);

/* Unpacks up to `room` bytes more; *n is 0 behind the last, where what does not fit its checksum is refused. */
mech_status mech_archive_next(archive_member *member, char *to, size_t room, size_t *n, mech_error *error);

/* Accepts NULL. */
void mech_archive_close(archive_member *member);

/* Whether there is a member of that name; not where the directory is broken. */
bool mech_archive_holds(const char *bytes, size_t length, const char *name);

/* Whether the directory of the archive's members can be found. */
bool mech_archive_is_whole(const char *bytes, size_t length);

#endif
