#include "data/generation/journal.h"

#include "base/files/digest.h"
#include "base/files/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FORMAT_VERSION = 1, BYTE_ORDER_MARK = 0x01020304 };

/* No record is longer; a length beyond it is damage, not a reason to ask for memory. */
static const uint64_t MOST_CONTENT = (uint64_t)1 << 26;

typedef struct preamble {
    char magic[8];
    uint32_t version, byte_order;
} preamble;

static const preamble expected = {{'M', 'E', 'C', 'H', 'J', 'R', 'N', 'L'}, FORMAT_VERSION, BYTE_ORDER_MARK};

typedef struct record_head {
    uint32_t kind, reserved;
    uint64_t length; /* of the content */
} record_head;

struct journal {
    char *path;
    int descriptor;
    off_t end;    /* of the last whole record */
    uint64_t sum; /* mech_digest of all before it */
};

static mech_status fail_writing(const journal *j, mech_error *error) {
    return mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: %s", j->path, strerror(errno));
}

static mech_status journal_open(const char *path, int flags, journal **j, mech_error *error) {
    text name = {0};
    *j = NULL;
    journal *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    made->descriptor = -1;
    made->sum = DIGEST_START;
    mech_text_add(&name, path);
    mech_status status = mech_text_take(&name, &made->path, error);
    if (status == MECH_OK) {
        made->descriptor = open(path, flags, 0666);
        if (made->descriptor < 0)
            status = mech_fail(error, MECH_FILE_ERROR, "%s: cannot be opened: %s", path, strerror(errno));
    }
    /* The lock goes with the process. File systems that have none are not refused. */
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (status == MECH_OK && fcntl(made->descriptor, F_SETLK, &lock) != 0 && (errno == EACCES || errno == EAGAIN))
        status =
            mech_fail(error, MECH_FILE_ERROR, "%s: is in use by another process; expected one that has ended", path);
    if (status != MECH_OK) {
        mech_journal_close(made);
        return status;
    }
    *j = made;
    return MECH_OK;
}

/* Writes all of bytes[length] at the end. What is cut short there is no record yet. */
static mech_status write_all(const journal *j, const char *bytes, size_t length, mech_error *error) {
    off_t at = j->end;
    while (length > 0) {
        const ssize_t written = pwrite(j->descriptor, bytes, length, at);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return fail_writing(j, error);
        bytes += written;
        length -= (size_t)written;
        at += written;
    }
    return MECH_OK;
}

bool mech_journal_is_begun(const char *path) {
    struct stat there;
    return stat(path, &there) == 0 && there.st_size >= (off_t)sizeof expected;
}

mech_status mech_journal_create(const char *path, journal **j, mech_error *error) {
    mech_status status = journal_open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, j, error);
    if (status != MECH_OK || !*j) return status; /* clang-tidy cannot know that mech_fail() returns what it is given */
    status = write_all(*j, (const char *)&expected, sizeof expected, error);
    (*j)->end = sizeof expected;
    if (status != MECH_OK) {
        mech_journal_discard(*j);
        *j = NULL;
    }
    return status;
}

/* Reads length bytes at an offset; false where the file ends before or cannot be read. */
static bool read_all(const journal *j, void *to, size_t length, off_t at) {
    char *next = to;
    while (length > 0) {
        const ssize_t got = pread(j->descriptor, next, length, at);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        next += got;
        length -= (size_t)got;
        at += got;
    }
    return true;
}

/* Reads the record at the end so far; *content (freed by the caller) is NULL where none is whole. */
static mech_status read_record(journal *j, record_head *head, char **content, mech_error *error) {
    uint64_t sum = 0;
    *content = NULL;
    const off_t size = lseek(j->descriptor, 0, SEEK_END), behind = j->end + (off_t)sizeof *head;
    if (size < behind || !read_all(j, head, sizeof *head, j->end)) return MECH_OK;
    if (head->length > MOST_CONTENT || (off_t)(head->length + sizeof sum) > size - behind) return MECH_OK;
    char *bytes = malloc((size_t)head->length + 1);
    if (!bytes) return mech_fail_memory(error);
    const size_t length = (size_t)head->length;
    if (read_all(j, bytes, length, behind) && read_all(j, &sum, sizeof sum, behind + (off_t)length) &&
        sum == mech_digest(mech_digest(j->sum, head, sizeof *head), bytes, length)) {
        j->sum = sum;
        j->end = behind + (off_t)(length + sizeof sum);
        *content = bytes;
    } else {
        free(bytes);
    }
    return MECH_OK;
}

mech_status mech_journal_continue(const char *path, journal_reader *read, void *context, journal **j,
                                  mech_error *error) {
    preamble begin = {0};
    mech_status status = journal_open(path, O_RDWR | O_CLOEXEC, j, error);
    if (status != MECH_OK || !*j) return status; /* clang-tidy cannot know that mech_fail() returns what it is given */
    const bool whole = read_all(*j, &begin, sizeof begin, 0);
    if (!whole || memcmp(begin.magic, expected.magic, sizeof begin.magic) != 0)
        status =
            mech_fail(error, MECH_INVALID_INPUT, "%s: is damaged or no journal; expected one that was left here", path);
    else if (begin.version != expected.version || begin.byte_order != expected.byte_order)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: is a journal of another version of the program or another kind of machine", path);
    (*j)->end = sizeof begin;
    while (status == MECH_OK) {
        record_head head;
        char *content = NULL;
        status = read_record(*j, &head, &content, error);
        if (!content) break;
        status = read(context, head.kind, content, (size_t)head.length, error);
        free(content);
    }
    if (status == MECH_OK && ftruncate((*j)->descriptor, (*j)->end) != 0) status = fail_writing(*j, error);
    if (status != MECH_OK) {
        mech_journal_close(*j);
        *j = NULL;
    }
    return status;
}

mech_status mech_journal_append(journal *j, uint32_t kind, const journal_part *parts, size_t n_parts,
                                mech_error *error) {
    record_head head = {.kind = kind};
    text whole = {0};
    for (size_t i = 0; i < n_parts; i++) head.length += parts[i].length;
    mech_text_append(&whole, (const char *)&head, sizeof head);
    for (size_t i = 0; i < n_parts; i++)
        if (parts[i].length) mech_text_append(&whole, parts[i].bytes, parts[i].length);
    if (whole.failed) {
        mech_text_free(&whole);
        return mech_fail_memory(error);
    }
    const uint64_t sum =
        mech_digest(mech_digest(j->sum, &head, sizeof head), whole.characters + sizeof head, (size_t)head.length);
    mech_text_append(&whole, (const char *)&sum, sizeof sum);
    const mech_status status =
        whole.failed ? mech_fail_memory(error) : write_all(j, whole.characters, whole.length, error);
    if (status == MECH_OK) {
        j->sum = sum;
        j->end += (off_t)whole.length;
    }
    mech_text_free(&whole);
    return status;
}

mech_status mech_journal_sync(journal *j, mech_error *error) {
    return fsync(j->descriptor) == 0 ? MECH_OK : fail_writing(j, error);
}

void mech_journal_close(journal *j) {
    if (!j) return;
    if (j->descriptor >= 0) close(j->descriptor);
    mech_free(j->path);
    free(j);
}

void mech_journal_discard(journal *j) {
    if (j) unlink(j->path);
    mech_journal_close(j);
}
