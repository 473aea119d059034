#include "base/files/file.h"

#include "base/files/text.h"
#include "base/random.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool is_standard_input(const char *path) { return strcmp(path, "-") == 0; }

static bool is_standard_output(const char *path) { return strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0; }

bool mech_file_exists(const char *path) { return access(path, F_OK) == 0; }

bool mech_same_file(const char *a, const char *b) {
    struct stat first, second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* The folder of a path, "." where it names none; freed with mech_free. NULL where memory is short. */
static char *folder_of(const char *path) {
    text folder = {0};
    char *taken = NULL;
    const char *slash = strrchr(path, '/');
    if (slash)
        mech_text_append(&folder, path, (size_t)(slash - path) + 1);
    else
        mech_text_add(&folder, ".");
    return mech_text_take(&folder, &taken, NULL) == MECH_OK ? taken : NULL;
}

bool mech_same_output(const char *a, const char *b) {
    const char *slash_a = strrchr(a, '/'), *slash_b = strrchr(b, '/');
    if (mech_same_file(a, b) || strcmp(a, b) == 0) return true;
    if (strcmp(slash_a ? slash_a + 1 : a, slash_b ? slash_b + 1 : b) != 0) return false;
    char *folder_a = folder_of(a), *folder_b = folder_of(b);
    const bool same = folder_a && folder_b && mech_same_file(folder_a, folder_b);
    mech_free(folder_a);
    mech_free(folder_b);
    return same;
}

mech_status mech_file_read(const char *path, size_t limit, char **content, size_t *length, mech_error *error) {
    enum { PIECE = 1 << 16 };
    mech_status status = MECH_OK;
    text whole = {0};
    FILE *stream = is_standard_input(path) ? stdin : fopen(path, "rb");
    if (!stream) return mech_fail(error, MECH_FILE_ERROR, "%s: cannot be opened: %s", path, strerror(errno));
    struct stat there;
    if (fstat(fileno(stream), &there) == 0 && S_ISREG(there.st_mode) && there.st_size > 0 &&
        (size_t)there.st_size <= limit)
        mech_text_reserve(&whole, (size_t)there.st_size);
    for (size_t got = 1; got;) {
        mech_text_reserve(&whole, PIECE);
        if (whole.failed) {
            status = mech_fail_memory(error);
            goto cleanup;
        }
        got = fread(whole.characters + whole.length, 1, PIECE, stream);
        whole.length += got;
        if (whole.length > limit) {
            status = mech_fail(error, MECH_INVALID_INPUT, "%s: is larger than %zu bytes, the most that is read here",
                               path, limit);
            goto cleanup;
        }
    }
    whole.characters[whole.length] = '\0';
    if (ferror(stream)) {
        status = mech_fail(error, MECH_FILE_ERROR, "%s: cannot be read: %s", path, strerror(errno));
        goto cleanup;
    }
    size_t total = whole.length;
    status = mech_text_take(&whole, content, error);
    if (status == MECH_OK) *length = total;
cleanup:
    mech_text_free(&whole);
    if (stream != stdin) fclose(stream);
    return status;
}

/* Links in /dev (/dev/stderr) stand for files that are open already, also where these are regular (program 2>file): who
 * replaced them would take them away from all programs. */
static bool is_link_in_dev(const char *path) {
    struct stat there;
    return strncmp(path, "/dev/", 5) == 0 && !strchr(path + 5, '/') && lstat(path, &there) == 0 &&
           S_ISLNK(there.st_mode);
}

bool mech_output_is_file(const char *path) {
    struct stat there;
    if (is_standard_output(path) || is_link_in_dev(path)) return false;
    return stat(path, &there) != 0 || !(S_ISCHR(there.st_mode) || S_ISFIFO(there.st_mode));
}

/* Between a path and the six letters behind which an output is in the making. */
#define REMAINS ".part-"
enum { N_LETTERS = 6 };

struct output {
    char *path;      /* final name */
    char *temporary; /* name while in the making */
    bool copied;     /* at commit, rather than renamed: mech_output_is_file() is false */
    FILE *stream;
};

/* An output without a file. */
static mech_status output_new(const char *path, const char *temporary, output **out, mech_error *error) {
    text name = {0};
    struct stat there;
    *out = NULL;
    const bool copied = !mech_output_is_file(path);
    if (!copied && stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: it is not a regular file", path);
    output *o = calloc(1, sizeof *o);
    if (!o) return mech_fail_memory(error);
    o->copied = copied;
    mech_text_add(&name, path);
    mech_status status = mech_text_take(&name, &o->path, error);
    if (status == MECH_OK) {
        mech_text_add(&name, temporary);
        status = mech_text_take(&name, &o->temporary, error);
    }
    if (status != MECH_OK) {
        mech_output_keep(o);
        return status;
    }
    *out = o;
    return MECH_OK;
}

/* Takes an open file as the output's, or frees the output. `made` says that there was none before. */
static mech_status take_file(output *o, int descriptor, const char *mode, bool made, output **out, FILE **stream,
                             mech_error *error) {
    int cause = errno;
    if (descriptor >= 0) {
        o->stream = fdopen(descriptor, mode);
        cause = errno;
    }
    if (!o->stream) {
        const mech_status status =
            mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: %s", o->path, strerror(cause));
        if (descriptor >= 0) {
            close(descriptor);
            if (made) unlink(o->temporary);
        }
        mech_output_keep(o);
        return status;
    }
    if (stream) *stream = o->stream;
    *out = o;
    return MECH_OK;
}

/* Makes a new file of a name that ends in XXXXXX, which are replaced. Unlike mkstemp() it makes the file as readable as
 * the user's umask says; to ask for that would change it for a moment, for all threads. -1, with errno, where it
 * cannot. */
static int make_temporary(char *name) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    enum { MOST_TRIES = 1000 };
    char *at = name + strlen(name) - N_LETTERS;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const uint64_t seed = (uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 30 ^ (uint64_t)getpid() << 12;
    random_stream r = mech_random_open(seed, RANDOM_TEMPORARY, 0, (uint64_t)(uintptr_t)name >> 4 & 0xFFFFFFFFFF);
    for (int i = 0; i < MOST_TRIES; i++) {
        for (int k = 0; k < N_LETTERS; k++) at[k] = letters[mech_random_below(&r, sizeof letters - 1)];
        const int descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0 || errno != EEXIST) return descriptor;
    }
    return -1;
}

mech_status mech_output_open(const char *path, output **out, FILE **stream, mech_error *error) {
    text name = {0};
    output *o = NULL;
    char *temporary = NULL;
    *out = NULL;
    const char *folder = getenv("TMPDIR");
    if (mech_output_is_file(path))
        mech_text_format(&name, "%s" REMAINS "XXXXXX", path);
    else
        mech_text_format(&name, "%s/mechanist.XXXXXX", folder && *folder ? folder : "/tmp");
    mech_status status = mech_text_take(&name, &temporary, error);
    if (status == MECH_OK) status = output_new(path, temporary, &o, error);
    mech_free(temporary);
    if (status != MECH_OK || !o) return status; /* clang-tidy cannot know that mech_fail() returns what it is given */
    const int descriptor = make_temporary(o->temporary);
    return take_file(o, descriptor, "wb", true, out, stream, error);
}

mech_status mech_output_continue(const char *path, const char *temporary, output **out, FILE **stream,
                                 mech_error *error) {
    output *o = NULL;
    *out = NULL;
    if (!mech_output_is_file(path))
        return mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: it is not a regular file", path);
    const mech_status status = output_new(path, temporary, &o, error);
    if (status != MECH_OK || !o) return status;
    const bool made = !mech_file_exists(temporary);
    return take_file(o, open(temporary, O_RDWR | O_CREAT | O_CLOEXEC, 0666), "r+b", made, out, stream, error);
}

const char *mech_output_path(const output *out) { return out->temporary; }

/* A rename is on the disk only once its folder is. Folders that cannot be opened are not an error: the data is safe. */
static void sync_folder(const char *path) {
    char *folder = folder_of(path);
    const int descriptor = folder ? open(folder, O_RDONLY | O_CLOEXEC) : -1;
    if (descriptor >= 0) {
        (void)fsync(descriptor);
        close(descriptor);
    }
    mech_free(folder);
}

/* Copies what was written to where it belongs. The temporary file loses its name first: a reader who goes away while it
 * is copied (mechanist ... | head) may end the program. */
static mech_status copy_output(const output *out, mech_error *error) {
    const bool standard = is_standard_output(out->path);
    const char *name = standard ? "standard output" : out->path;
    FILE *from = fopen(out->temporary, "rb"), *to = standard ? stdout : fopen(out->path, "ab");
    bool written = from && to;
    char piece[65536];
    size_t got;
    unlink(out->temporary);
    while (written && (got = fread(piece, 1, sizeof piece, from)) > 0) written = fwrite(piece, 1, got, to) == got;
    written = written && !ferror(from) && fflush(to) == 0;
    const int cause = errno;
    if (from) fclose(from);
    if (to && !standard) fclose(to);
    if (written) return MECH_OK;
    return mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: %s", name, strerror(cause));
}

mech_status mech_output_commit(output *out, mech_error *error) {
    mech_status status = MECH_OK;
    /* errno of the first thing that goes wrong; a stream error without one is a full disk met earlier. */
    errno = 0;
    bool flushed = !ferror(out->stream) && fflush(out->stream) == 0;
    /* Another library may have written through the path: its data is in the same file, and synced with it. */
    bool synced = flushed && fsync(fileno(out->stream)) == 0;
    int cause = errno ? errno : EIO;
    if (fclose(out->stream) != 0 && synced) {
        cause = errno;
        synced = false;
    }
    out->stream = NULL;
    if (!synced)
        status = mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: %s", out->path, strerror(cause));
    else if (out->copied)
        status = copy_output(out, error);
    else if (rename(out->temporary, out->path) != 0)
        status = mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: %s", out->path, strerror(errno));
    if (status == MECH_OK && !out->copied) {
        sync_folder(out->path);
        free(out->temporary);
        out->temporary = NULL;
    }
    mech_output_discard(out);
    return status;
}

void mech_output_discard(output *out) {
    if (out && out->temporary) unlink(out->temporary);
    mech_output_keep(out);
}

void mech_output_keep(output *out) {
    if (!out) return;
    if (out->stream) fclose(out->stream);
    free(out->temporary);
    free(out->path);
    free(out);
}

void mech_output_remove_remains(const char *path) {
    char *folder = folder_of(path);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const size_t length = strlen(name), letters = strlen(REMAINS);
    DIR *entries = folder ? opendir(folder) : NULL;
    for (const struct dirent *e; entries && (e = readdir(entries)) != NULL;)
        if (strncmp(e->d_name, name, length) == 0 && strncmp(e->d_name + length, REMAINS, letters) == 0 &&
            strlen(e->d_name) == length + letters + N_LETTERS)
            (void)unlinkat(dirfd(entries), e->d_name, 0);
    if (entries) closedir(entries);
    mech_free(folder);
}

mech_status mech_file_write(const char *path, const char *content, size_t length, mech_error *error) {
    output *out = NULL;
    FILE *stream = NULL;
    mech_status status = mech_output_open(path, &out, &stream, error);
    if (status != MECH_OK) return status;
    if (length && fwrite(content, 1, length, stream) != length) {
        status = mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: %s", path, strerror(errno));
        mech_output_discard(out);
        return status;
    }
    return mech_output_commit(out, error);
}

mech_status mech_folder_make(const char *path, mech_error *error) {
    struct stat there;
    if (mkdir(path, 0777) == 0) return MECH_OK;
    const int why = errno;
    if (why == EEXIST && stat(path, &there) == 0 && S_ISDIR(there.st_mode)) return MECH_OK;
    return mech_fail(error, MECH_FILE_ERROR, "%s: the folder cannot be made: %s", path,
                     why == EEXIST ? "a file of that name is there" : strerror(why));
}
