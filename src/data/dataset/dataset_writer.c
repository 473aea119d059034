/* Writing data sets. HDF5 lays the file out (groups, attributes, arrays of known place and size); the arrays' content
 * is then written at its place by plain writes, whose errors are clear and which any part of the work can do in any
 * order. */
#include "data/dataset/dataset.h"

#include "base/files/digest.h"
#include "base/files/file.h"
#include "base/files/text.h"
#include "base/machine/processor.h"
#include "base/memory.h"
#include "data/dataset/dataset_layout.h"
#include "data/dataset/hdf5_errors.h"
#include "data/dataset/sample_digests.h"
#include "data/samples/augment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct dataset {
    char *path;
    output *out;
    int descriptor;
    split_layout splits[N_SPLITS];
};

static mech_status fail_writing(const dataset *d, int cause, mech_error *error) {
    return mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: %s", d->path, strerror(cause));
}

/* Asks the system for the space of the file's first `bytes` bytes. A file system that cannot promise space is no reason
 * to give up. */
static mech_status reserve_space(const dataset *d, off_t bytes, mech_error *error) {
    int cause = EINTR;
    while (cause == EINTR) cause = posix_fallocate(d->descriptor, 0, bytes);
    return cause == 0 || cause == EOPNOTSUPP || cause == EINVAL ? MECH_OK : fail_writing(d, cause, error);
}

mech_status mech_dataset_partial_path(const char *path, char **partial, mech_error *error) {
    text name = {0};
    mech_text_format(&name, "%s.partial", path);
    return mech_text_take(&name, partial, error);
}

/* A data set whose file is open and has its space, but no content yet beside what was there. */
static mech_status dataset_open(const char *path, const dataset_plan *plan, dataset **d, mech_error *error) {
    FILE *stream = NULL;
    text name = {0};
    char *partial = NULL;
    *d = NULL;
    if (strcmp(path, "-") == 0)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "a data set cannot go to standard output: HDF5 needs a file");
    dataset *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    mech_text_add(&name, path);
    mech_status status = mech_text_take(&name, &made->path, error);
    off_t content = 0;
    for (dataset_split s = 0; s < N_SPLITS; s++) {
        const split_layout *layout = &made->splits[s];
        mech_shape_split(plan, s, &made->splits[s]);
        for (size_t a = 0; a < layout->n_arrays; a++)
            content += (off_t)(mech_array_rows(layout, a) * layout->arrays[a].row);
    }
    if (status == MECH_OK) status = mech_dataset_partial_path(path, &partial, error);
    if (status == MECH_OK) status = mech_output_continue(path, partial, &made->out, &stream, error);
    mech_free(partial);
    if (status != MECH_OK || !stream) {
        mech_dataset_keep(made);
        return status;
    }
    made->descriptor = fileno(stream);
    *d = made;
    return reserve_space(made, content + mech_metadata_room(plan), error);
}

mech_status mech_dataset_create(const char *path, const dataset_plan *plan, dataset **d, mech_error *error) {
    const hdf5_printing printing = mech_hdf5_silence();
    /* Space is asked for twice: HDF5 must not run into a full disk, whose errors it cannot recover from, and it begins
     * by emptying the file. */
    mech_status status = dataset_open(path, plan, d, error);
    if (status == MECH_OK) status = mech_lay_out_file(plan, path, mech_output_path((*d)->out), (*d)->splits, error);
    if (status == MECH_OK) status = reserve_space(*d, lseek((*d)->descriptor, 0, SEEK_END), error);
    mech_hdf5_speak(printing);
    if (status != MECH_OK) {
        mech_dataset_discard(*d);
        *d = NULL;
    }
    return status;
}

/* Writes all of content[bytes] at an offset of the file. */
static mech_status write_at(const dataset *d, const void *content, size_t bytes, off_t offset, mech_error *error) {
    const char *from = content;
    while (bytes > 0) {
        const ssize_t written = pwrite(d->descriptor, from, bytes, offset);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return fail_writing(d, written < 0 ? errno : EIO, error);
        from += written;
        bytes -= (size_t)written;
        offset += written;
    }
    return MECH_OK;
}

static bool read_at(int descriptor, void *content, size_t bytes, off_t offset) {
    char *to = content;
    while (bytes > 0) {
        const ssize_t got = pread(descriptor, to, bytes, offset);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        to += got;
        bytes -= (size_t)got;
        offset += got;
    }
    return true;
}

/* Copies from another file all that lies outside the arrays: what HDF5 needs to find them. */
static mech_status copy_frame(const dataset *d, int from, mech_error *error) {
    const off_t size = lseek(from, 0, SEEK_END);
    char piece[4096];
    for (off_t at = 0; at < size;) {
        /* The array that `at` lies in, or else the next one. */
        off_t begin = size, end = size;
        for (int s = 0; s < N_SPLITS; s++)
            for (size_t a = 0; a < d->splits[s].n_arrays; a++) {
                const off_t bytes = (off_t)(mech_array_rows(&d->splits[s], a) * d->splits[s].arrays[a].row);
                const off_t first = d->splits[s].offsets[a], behind = first + bytes;
                if (!bytes) continue;
                if (behind <= at || first >= begin) continue;
                begin = first;
                end = behind;
            }
        if (begin <= at) {
            at = end;
            continue;
        }
        const size_t length = begin - at < (off_t)sizeof piece ? (size_t)(begin - at) : sizeof piece;
        if (!read_at(from, piece, length, at)) return fail_writing(d, EIO, error);
        const mech_status status = write_at(d, piece, length, at, error);
        if (status != MECH_OK) return status;
        at += (off_t)length;
    }
    while (ftruncate(d->descriptor, size) != 0)
        if (errno != EINTR) return fail_writing(d, errno, error);
    return MECH_OK;
}

mech_status mech_dataset_continue(const char *path, const dataset_plan *plan, dataset **d, mech_error *error) {
    /* A second file is laid out, with holes for samples: it says where they go, and mends whatever else an interruption
     * may have left undone. */
    output *frame = NULL;
    FILE *stream = NULL;
    const hdf5_printing printing = mech_hdf5_silence();
    mech_status status = dataset_open(path, plan, d, error);
    if (status == MECH_OK) status = mech_output_open(path, &frame, &stream, error);
    if (status == MECH_OK && frame) {
        status = mech_lay_out_file(plan, path, mech_output_path(frame), (*d)->splits, error);
        if (status == MECH_OK) status = copy_frame(*d, fileno(stream), error);
    }
    if (status == MECH_OK) status = reserve_space(*d, lseek((*d)->descriptor, 0, SEEK_END), error);
    mech_output_discard(frame);
    mech_hdf5_speak(printing);
    if (status != MECH_OK) {
        mech_dataset_keep(*d);
        *d = NULL;
    }
    return status;
}

/* Writes content[n_arrays] to its place; *sum is the digest of it. */
static mech_status write_block(dataset *d, dataset_split s, const block_place *place, const void *const *content,
                               size_t n_arrays, uint64_t *sum, mech_error *error) {
    const split_layout *layout = &d->splits[s];
    mech_status status = MECH_OK;
    *sum = DIGEST_START;
    for (size_t a = 0; a < n_arrays && status == MECH_OK; a++) {
        const size_t row = layout->arrays[a].row;
        size_t first, n;
        mech_rows_of_block(&layout->arrays[a], place, &first, &n);
        *sum = mech_digest(*sum, content[a], n * row);
        status = write_at(d, content[a], n * row, layout->offsets[a] + (off_t)(first * row), error);
    }
    return status;
}

static bool holds_block(const dataset *d, dataset_split s, const block_place *place, size_t n_arrays, uint64_t sum) {
    const split_layout *layout = &d->splits[s];
    uint64_t found = DIGEST_START;
    bool read = true;
    for (size_t a = 0; a < n_arrays && read; a++) {
        const size_t row = layout->arrays[a].row;
        size_t first, n;
        mech_rows_of_block(&layout->arrays[a], place, &first, &n);
        char *content = mech_allocate_array(n, row);
        read = content && read_at(d->descriptor, content, n * row, layout->offsets[a] + (off_t)(first * row));
        if (read) found = mech_digest(found, content, n * row);
        mech_release_array(content);
    }
    return read && found == sum;
}

/* The rows that samples and their digests take up; `first` is a multiple of DIGESTED_SAMPLES. */
static block_place place_of_samples(size_t first, size_t n) {
    block_place place = {.first = {first}, .n = {n}};
    place.first[UNIT_BLOCK] = first / DIGESTED_SAMPLES;
    place.n[UNIT_BLOCK] = (n + DIGESTED_SAMPLES - 1) / DIGESTED_SAMPLES;
    return place;
}

mech_status mech_dataset_write(dataset *d, dataset_split s, size_t first, const mech_samples *block, uint64_t *sum,
                               mech_error *error) {
    const split_layout *layout = &d->splits[s];
    const block_place place = place_of_samples(first, block->n);
    uint64_t *digests = mech_allocate_array(place.n[UNIT_BLOCK], layout->arrays[DIGESTED_ARRAYS].row);
    if (!digests) return mech_fail_memory(error);
    const void *content[] = {block->x1, block->x2, block->y, block->theta, block->additive, digests};
    for (size_t a = 0; a < DIGESTED_ARRAYS; a++)
        mech_digest_samples(content[a], layout->arrays[a].row, block->n, digests + a);
    const mech_status status = write_block(d, s, &place, content, layout->n_arrays, sum, error);
    mech_release_array(digests);
    return status;
}

bool mech_dataset_holds(const dataset *d, dataset_split s, size_t first, size_t n, uint64_t sum) {
    const block_place place = place_of_samples(first, n);
    return holds_block(d, s, &place, d->splits[s].n_arrays, sum);
}

mech_status mech_dataset_write_runs(dataset *d, dataset_split s, const run_set_place *from, const run_sets *sets,
                                    uint64_t *sum, mech_error *error) {
    const split_layout *layout = &d->splits[s];
    const block_place place = mech_place_of_runs(from, sets->n, sets->n_runs, sets->n_readings);
    runs_content content;
    mech_status status = mech_runs_content(sets, from, &content) ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) status = write_block(d, s, &place, content.arrays, content.n, sum, error);
    if (status == MECH_OK)
        status = write_at(d, sum, sizeof *sum,
                          layout->offsets[content.n] + (off_t)(place.first[UNIT_BLOCK] * sizeof *sum), error);
    mech_runs_content_free(&content);
    return status;
}

bool mech_dataset_holds_runs(const dataset *d, dataset_split s, const run_set_place *from, const run_set_place *to,
                             uint64_t sum) {
    const split_layout *layout = &d->splits[s];
    const size_t digests = layout->n_arrays - 1;
    const block_place place =
        mech_place_of_runs(from, to->set - from->set, to->run - from->run, to->reading - from->reading);
    uint64_t noted = 0;
    return read_at(d->descriptor, &noted, sizeof noted,
                   layout->offsets[digests] + (off_t)(place.first[UNIT_BLOCK] * sizeof noted)) &&
           noted == sum && holds_block(d, s, &place, digests, sum);
}

mech_status mech_dataset_sync(dataset *d, mech_error *error) {
    return fdatasync(d->descriptor) == 0 ? MECH_OK : fail_writing(d, errno, error);
}

mech_status mech_dataset_commit(dataset *d, mech_error *error) {
    mech_status status = mech_output_commit(d->out, error);
    d->out = NULL;
    mech_dataset_discard(d);
    return status;
}

void mech_dataset_discard(dataset *d) {
    if (!d) return;
    mech_output_discard(d->out);
    d->out = NULL;
    mech_dataset_keep(d);
}

void mech_dataset_keep(dataset *d) {
    if (!d) return;
    mech_output_keep(d->out);
    mech_free(d->path);
    free(d);
}
