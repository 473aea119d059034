#include "base/machine/file_lock.h"

#include "base/machine/ranks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file_lock {
    char *path;
    int descriptor;
};

mech_status mech_file_lock_take(const char *path, file_lock **lock, mech_error *error) {
    mech_status status = MECH_OK;
    *lock = NULL;
    if (mech_rank() > 0) return MECH_OK;
    file_lock *l = calloc(1, sizeof *l);
    if (!l) return mech_fail_memory(error);
    l->path = strdup(path);
    if (!l->path) status = mech_fail_memory(error);
    l->descriptor = status == MECH_OK ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666) : -1;
    if (status == MECH_OK && l->descriptor < 0)
        status = mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: %s", path, strerror(errno));
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (status == MECH_OK && fcntl(l->descriptor, F_SETLK, &whole) != 0 && (errno == EACCES || errno == EAGAIN))
        status = mech_fail(error, MECH_FILE_ERROR,
                           "%s: another process holds it and writes the same file; expected one that has ended", path);
    if (status == MECH_OK) {
        *lock = l;
        return MECH_OK;
    }
    if (l->descriptor >= 0) close(l->descriptor);
    free(l->path);
    free(l);
    return status;
}

void mech_file_lock_release(file_lock *lock) {
    if (!lock) return;
    /* While it is still held: whoever waits for the name makes a new file. */
    (void)unlink(lock->path);
    close(lock->descriptor);
    free(lock->path);
    free(lock);
}
