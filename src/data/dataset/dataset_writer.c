/* Writing data sets. HDF5 lays the file out (groups, attributes, arrays of known place and size); the arrays' content
 * is then written at its place by plain writes, whose errors are clear and which any part of the work can do in any
 * order. */
#include "data/dataset/dataset.h"

#include "base/files/digest.h"
#include "base/files/file.h"
#include "base/files/text.h"
#include "base/machine/processor.h"
#include "base/memory.h"
#include "data/dataset/hdf5_errors.h"
#include "data/samples/augment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N_ARRAYS = 5, ROOM_FOR_METADATA = 16384, LONGEST_ATTRIBUTE = 60000 };

/* One of the arrays that a split has. */
typedef struct array_shape {
    const char *name;
    hid_t type;      /* of the machine; HDF5 notes the byte order */
    int rank;        /* the first dimension is that of the samples */
    hsize_t more[2]; /* the dimensions after it */
    size_t row;      /* bytes of one sample */
} array_shape;

typedef struct split_layout {
    size_t n_samples;
    array_shape arrays[N_ARRAYS];
    off_t offsets[N_ARRAYS]; /* where the content begins in the file */
} split_layout;

struct dataset {
    char *path;
    output *out;
    int descriptor;
    split_layout splits[N_SPLITS];
};

static void shape_split(const dataset_plan *plan, dataset_split s, split_layout *layout) {
    const size_t n_times = plan->n_times[s], n_theta = plan->n_theta;
    *layout = (split_layout){
        .n_samples = plan->n_samples[s],
        .arrays = {{"x1", H5T_NATIVE_FLOAT, 2, {N_RUNS}, N_RUNS * sizeof(float)},
                   {"x2", H5T_NATIVE_FLOAT, 3, {n_times, SAMPLE_COLUMNS}, n_times * SAMPLE_COLUMNS * sizeof(float)},
                   {"y", H5T_NATIVE_UINT8, 1, {0}, sizeof(uint8_t)},
                   {"theta", H5T_NATIVE_DOUBLE, 2, {n_theta}, n_theta * sizeof(double)},
                   {"additive", H5T_NATIVE_DOUBLE, 1, {0}, sizeof(double)}},
    };
}

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

static bool attribute(hid_t file, const char *name, hid_t type, const void *value) {
    const hid_t space = H5Screate(H5S_SCALAR), place = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    const bool written = place >= 0 && H5Awrite(place, type, value) >= 0;
    if (place >= 0) H5Aclose(place);
    H5Sclose(space);
    return written;
}

static bool whole_attribute(hid_t file, const char *name, uint64_t value) {
    return attribute(file, name, H5T_NATIVE_UINT64, &value);
}

static bool number_attribute(hid_t file, const char *name, double value) {
    return attribute(file, name, H5T_NATIVE_DOUBLE, &value);
}

static bool text_attribute(hid_t file, const char *name, const char *value) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    const bool written = H5Tset_size(type, strlen(value) + 1) >= 0 && H5Tset_cset(type, H5T_CSET_UTF8) >= 0 &&
                         attribute(file, name, type, value);
    H5Tclose(type);
    return written;
}

static void add_mechanisms(const dataset_plan *plan, text *t) {
    for (size_t m = 0; m < plan->n_mechanisms; m++)
        mech_text_format(t, "%s%s", m ? "," : "", mech_mechanism_id(plan->mechanisms[m]));
}

mech_status mech_dataset_options(const dataset_plan *plan, char **options, mech_error *error) {
    text t = {0};
    mech_text_format(&t, "--protocol %s", mech_protocol_name(plan->protocol));
    for (dataset_split s = 0; s < N_SPLITS; s++)
        mech_text_format(&t, " --%s %zu", mech_split_name(s), plan->n_samples[s]);
    mech_text_format(&t, " --thetas %zu --prior %s --mechanisms ", plan->n_thetas,
                     strcmp(plan->prior, "wide") == 0 ? "wide" : "FILE");
    add_mechanisms(plan, &t);
    mech_text_format(&t, " --seed %llu", (unsigned long long)plan->seed);
    return mech_text_take(&t, options, error);
}

/* Those of a user are not known from their name. */
static mech_status describe_mechanisms(const dataset_plan *plan, hid_t file, bool *written, mech_error *error) {
    for (size_t m = 0; m < plan->n_mechanisms && *written; m++) {
        const mech_mechanism *mechanism = plan->mechanisms[m];
        if (mech_builtin_find(mech_mechanism_id(mechanism)) == mechanism) continue;
        text name = {0};
        char *description = NULL;
        mech_text_format(&name, "mechanism %s", mech_mechanism_id(mechanism));
        mech_status status = mech_mechanism_describe(mechanism, MECH_FORMAT_TEXT, &description, error);
        if (status == MECH_OK && (name.failed || !name.characters)) status = mech_fail_memory(error);
        if (status == MECH_OK) *written = text_attribute(file, name.characters, description);
        mech_free(description);
        mech_text_free(&name);
        if (status != MECH_OK) return status;
    }
    return MECH_OK;
}

static mech_status write_attributes(const dataset *d, const dataset_plan *plan, hid_t file, mech_error *error) {
    text mechanisms = {0};
    char *options = NULL;
    mech_status status = mech_dataset_options(plan, &options, error);
    add_mechanisms(plan, &mechanisms);
    if (status == MECH_OK && (!mechanisms.characters || mechanisms.failed)) status = mech_fail_memory(error);
    if (status != MECH_OK) goto cleanup;
    if (strlen(plan->prior) > LONGEST_ATTRIBUTE) {
        status =
            mech_fail(error, MECH_INVALID_INPUT, "the prior's ranges take %zu bytes; at most %d fit into a data file",
                      strlen(plan->prior), LONGEST_ATTRIBUTE);
        goto cleanup;
    }
    bool written =
        text_attribute(file, "program", "mechanist") && text_attribute(file, "version", mech_version()) &&
        text_attribute(file, "protocol", mech_protocol_name(plan->protocol)) &&
        text_attribute(file, "options", options) && text_attribute(file, "mechanisms", mechanisms.characters) &&
        text_attribute(file, "prior", plan->prior) && whole_attribute(file, "seed", plan->seed) &&
        whole_attribute(file, "thetas", plan->n_thetas) && text_attribute(file, "solver", "RODAS") &&
        number_attribute(file, "rtol", plan->solver.rtol) && number_attribute(file, "atol", plan->solver.atol) &&
        whole_attribute(file, "max_steps", plan->solver.max_steps) &&
        text_attribute(file, "instruction_set", mech_instruction_set_name(mech_processor_lanes()));
    status = describe_mechanisms(plan, file, &written, error);
    if (status == MECH_OK && !written) status = fail_writing(d, EIO, error);
cleanup:
    mech_text_free(&mechanisms);
    mech_free(options);
    return status;
}

/* Makes one array with its space, but without content, and notes where that goes. */
static bool lay_out_array(hid_t group, const split_layout *layout, const array_shape *a, off_t *offset) {
    const hsize_t shape[3] = {layout->n_samples, a->more[0], a->more[1]};
    const hid_t space = H5Screate_simple(a->rank, shape, NULL), how = H5Pcreate(H5P_DATASET_CREATE);
    bool made = space >= 0 && how >= 0 && H5Pset_layout(how, H5D_CONTIGUOUS) >= 0 &&
                H5Pset_alloc_time(how, H5D_ALLOC_TIME_EARLY) >= 0 && H5Pset_fill_time(how, H5D_FILL_TIME_NEVER) >= 0 &&
                H5Pset_obj_track_times(how, false) >= 0;
    const hid_t array = made ? H5Dcreate2(group, a->name, a->type, space, H5P_DEFAULT, how, H5P_DEFAULT) : -1;
    made = array >= 0;
    if (made && layout->n_samples) {
        const haddr_t place = H5Dget_offset(array);
        made = place != HADDR_UNDEF;
        *offset = (off_t)place;
    }
    if (array >= 0) H5Dclose(array);
    if (how >= 0) H5Pclose(how);
    if (space >= 0) H5Sclose(space);
    return made;
}

static bool lay_out_split(hid_t file, hid_t how, dataset_split s, split_layout *layout) {
    const hid_t group = H5Gcreate2(file, mech_split_name(s), H5P_DEFAULT, how, H5P_DEFAULT);
    bool made = group >= 0;
    for (size_t a = 0; made && a < N_ARRAYS; a++)
        made = lay_out_array(group, layout, &layout->arrays[a], &layout->offsets[a]);
    if (group >= 0) H5Gclose(group);
    return made;
}

/* Makes the file `at` with all but the samples. */
static mech_status lay_out(dataset *d, const dataset_plan *plan, const char *at, mech_error *error) {
    const hid_t how_file = H5Pcreate(H5P_FILE_CREATE), how_group = H5Pcreate(H5P_GROUP_CREATE);
    mech_status status = MECH_OK;
    hid_t file = -1;
    if (how_file >= 0 && how_group >= 0 && H5Pset_obj_track_times(how_file, false) >= 0 &&
        H5Pset_obj_track_times(how_group, false) >= 0)
        file = H5Fcreate(at, H5F_ACC_TRUNC, how_file, H5P_DEFAULT);
    bool made = file >= 0;
    for (dataset_split s = 0; made && s < N_SPLITS; s++) made = lay_out_split(file, how_group, s, &d->splits[s]);
    if (made) status = write_attributes(d, plan, file, error);
    if (file >= 0 && H5Fclose(file) < 0) made = false;
    if (how_group >= 0) H5Pclose(how_group);
    if (how_file >= 0) H5Pclose(how_file);
    return !made && status == MECH_OK ? fail_writing(d, EIO, error) : status;
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
        shape_split(plan, s, &made->splits[s]);
        for (size_t a = 0; a < N_ARRAYS; a++) content += (off_t)(plan->n_samples[s] * made->splits[s].arrays[a].row);
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
    return reserve_space(made, content + ROOM_FOR_METADATA, error);
}

mech_status mech_dataset_create(const char *path, const dataset_plan *plan, dataset **d, mech_error *error) {
    const hdf5_printing printing = hdf5_silence();
    /* Space is asked for twice: HDF5 must not run into a full disk, whose errors it cannot recover from, and it begins
     * by emptying the file. */
    mech_status status = dataset_open(path, plan, d, error);
    if (status == MECH_OK) status = lay_out(*d, plan, mech_output_path((*d)->out), error);
    if (status == MECH_OK) status = reserve_space(*d, lseek((*d)->descriptor, 0, SEEK_END), error);
    hdf5_speak(printing);
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
            for (size_t a = 0; a < N_ARRAYS && d->splits[s].n_samples; a++) {
                const off_t first = d->splits[s].offsets[a];
                const off_t behind = first + (off_t)(d->splits[s].n_samples * d->splits[s].arrays[a].row);
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
    const hdf5_printing printing = hdf5_silence();
    mech_status status = dataset_open(path, plan, d, error);
    if (status == MECH_OK) status = mech_output_open(path, &frame, &stream, error);
    if (status == MECH_OK && frame) {
        status = lay_out(*d, plan, mech_output_path(frame), error);
        if (status == MECH_OK) status = copy_frame(*d, fileno(stream), error);
    }
    if (status == MECH_OK) status = reserve_space(*d, lseek((*d)->descriptor, 0, SEEK_END), error);
    mech_output_discard(frame);
    hdf5_speak(printing);
    if (status != MECH_OK) {
        mech_dataset_keep(*d);
        *d = NULL;
    }
    return status;
}

mech_status mech_dataset_write(dataset *d, dataset_split s, size_t first, const mech_samples *block, uint64_t *sum,
                               mech_error *error) {
    const split_layout *layout = &d->splits[s];
    const void *content[N_ARRAYS] = {block->x1, block->x2, block->y, block->theta, block->additive};
    mech_status status = MECH_OK;
    *sum = DIGEST_START;
    for (size_t a = 0; a < N_ARRAYS && status == MECH_OK; a++) {
        const size_t row = layout->arrays[a].row;
        *sum = mech_digest(*sum, content[a], block->n * row);
        status = write_at(d, content[a], block->n * row, layout->offsets[a] + (off_t)(first * row), error);
    }
    return status;
}

bool mech_dataset_holds(const dataset *d, dataset_split s, size_t first, size_t n, uint64_t sum) {
    const split_layout *layout = &d->splits[s];
    uint64_t found = DIGEST_START;
    bool read = true;
    for (size_t a = 0; a < N_ARRAYS && read; a++) {
        const size_t row = layout->arrays[a].row;
        char *content = mech_allocate_array(n, row);
        read = content && read_at(d->descriptor, content, n * row, layout->offsets[a] + (off_t)(first * row));
        if (read) found = mech_digest(found, content, n * row);
        mech_release_array(content);
    }
    return read && found == sum;
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
