/* One process at a time. */
#ifndef MECH_BASE_MACHINE_FILE_LOCK_H
#define MECH_BASE_MACHINE_FILE_LOCK_H

#include "base/error.h"

/* A lock between processes: a file of that path, held as long as the process lives or until it is released, when the
 * file goes. Taking it fails where another process has it. File systems that have no locks are not refused. Of
 * several ranks rank 0 takes it for all; the others get NULL. */
typedef struct file_lock file_lock;
mech_status mech_file_lock_take(const char *path, file_lock **lock, mech_error *error);
void mech_file_lock_release(file_lock *lock); /* accepts NULL */

#endif
