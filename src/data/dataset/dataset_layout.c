#include "data/dataset/dataset_layout.h"

#include "base/files/text.h"
#include "base/machine/processor.h"
#include "data/conditions/layout.h"
#include "data/runs/run_sets.h"

#include <errno.h>
#include <string.h>

/* Attributes of format 1 are kept in the file's first header, which has room for 64 KB. */
enum { LONGEST_ATTRIBUTE = 60000, ROOM_FOR_METADATA = 16384, ROOM_FOR_AN_ARRAY = 2048 };

static void shape_format_1(const dataset_plan *plan, dataset_split s, split_layout *layout) {
    const size_t n_times = plan->n_times[s], n_theta = plan->n_theta;
    const array_shape arrays[] = {
        {"x1", H5T_NATIVE_FLOAT, 2, {N_RUNS}, N_RUNS * sizeof(float), UNIT_SET, 0},
        {"x2", H5T_NATIVE_FLOAT, 3, {n_times, SAMPLE_COLUMNS}, n_times * SAMPLE_COLUMNS * sizeof(float), UNIT_SET, 0},
        {"y", H5T_NATIVE_UINT8, 1, {0}, sizeof(uint8_t), UNIT_SET, 0},
        {"theta", H5T_NATIVE_DOUBLE, 2, {n_theta}, n_theta * sizeof(double), UNIT_SET, 0},
        {"additive", H5T_NATIVE_DOUBLE, 1, {0}, sizeof(double), UNIT_SET, 0}};
    memcpy(layout->arrays, arrays, sizeof arrays);
    layout->n_arrays = sizeof arrays / sizeof arrays[0];
}

static void add_array(split_layout *layout, array_shape shape, bool in_errors) {
    layout->in_errors[layout->n_arrays] = in_errors;
    layout->arrays[layout->n_arrays++] = shape;
}

void mech_shape_runs(size_t n_theta, bool has_b, const truths_held *held, split_layout *layout) {
    layout->n_arrays = 0;
    const array_shape arrays[] = {{"y", H5T_NATIVE_UINT16, 1, {0}, sizeof(uint16_t), UNIT_SET, 0},
                                  {"theta", H5T_NATIVE_DOUBLE, 2, {n_theta}, n_theta * sizeof(double), UNIT_SET, 0},
                                  {"additive", H5T_NATIVE_DOUBLE, 1, {0}, sizeof(double), UNIT_SET, 0},
                                  {"run_offset", H5T_NATIVE_UINT64, 1, {0}, sizeof(uint64_t), UNIT_SET, 1},
                                  {"s0", H5T_NATIVE_FLOAT, 1, {0}, sizeof(float), UNIT_RUN, 0},
                                  {"p0", H5T_NATIVE_FLOAT, 1, {0}, sizeof(float), UNIT_RUN, 0},
                                  {"cat0", H5T_NATIVE_FLOAT, 1, {0}, sizeof(float), UNIT_RUN, 0},
                                  {"reading_offset", H5T_NATIVE_UINT64, 1, {0}, sizeof(uint64_t), UNIT_RUN, 1},
                                  {"time", H5T_NATIVE_FLOAT, 1, {0}, sizeof(float), UNIT_READING, 0},
                                  {"substrate", H5T_NATIVE_FLOAT, 1, {0}, sizeof(float), UNIT_READING, 0},
                                  {"product", H5T_NATIVE_FLOAT, 1, {0}, sizeof(float), UNIT_READING, 0}};
    for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++) add_array(layout, arrays[a], false);
    if (has_b) {
        add_array(layout, (array_shape){"b0", H5T_NATIVE_FLOAT, 1, {0}, sizeof(float), UNIT_RUN, 0}, false);
        add_array(layout, (array_shape){"b", H5T_NATIVE_FLOAT, 1, {0}, sizeof(float), UNIT_READING, 0}, false);
    }
    for (int t = 0; t < N_SET_TRUTHS; t++) {
        const char *name = mech_set_truth_name((set_truth)t);
        const array_shape shape = {name, H5T_NATIVE_DOUBLE, 1, {0}, sizeof(double), UNIT_SET, 0};
        if (held->of_set[t]) add_array(layout, shape, true);
    }
    for (int t = 0; t < N_RUN_TRUTHS; t++) {
        const char *name = mech_run_truth_name((run_truth)t);
        const array_shape shape = {name, H5T_NATIVE_FLOAT, 1, {0}, sizeof(float), UNIT_RUN, 0};
        if (held->of_run[t]) add_array(layout, shape, true);
    }
    add_array(layout, (array_shape){"digest", H5T_NATIVE_UINT64, 1, {0}, sizeof(uint64_t), UNIT_BLOCK, 0}, false);
}

void mech_shape_split(const dataset_plan *plan, dataset_split s, split_layout *layout) {
    *layout = (split_layout){.count = {plan->n_samples[s], plan->n_runs[s], plan->n_readings[s],
                                       (plan->n_samples[s] + A_BLOCK - 1) / A_BLOCK}};
    const truths_held held = mech_truths_held(plan->has_b);
    if (plan->design)
        mech_shape_runs(plan->n_theta, plan->has_b, &held, layout);
    else
        shape_format_1(plan, s, layout);
}

size_t mech_array_rows(const split_layout *layout, size_t array) {
    const array_shape *a = &layout->arrays[array];
    return layout->count[a->unit] + a->extra;
}

static mech_status fail_writing(const char *path, int cause, mech_error *error) {
    return mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: %s", path, strerror(cause));
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
    if (plan->design)
        mech_text_format(&t, "--design %s", plan->design->name);
    else
        mech_text_format(&t, "--protocol %s", mech_protocol_name(plan->protocol));
    for (dataset_split s = 0; s < N_SPLITS; s++)
        mech_text_format(&t, " --%s %zu", mech_split_name(s), plan->n_samples[s]);
    mech_text_format(&t, " --thetas %zu --prior %s --mechanisms ", plan->n_thetas,
                     strcmp(plan->prior, "wide") == 0 ? "wide" : "FILE");
    add_mechanisms(plan, &t);
    mech_text_format(&t, " --seed %llu", (unsigned long long)plan->seed);
    return mech_text_take(&t, options, error);
}

/* Those of a user are not known from their name: the file has their text. */
static mech_status describe_mechanisms(const dataset_plan *plan, hid_t file, bool *written, mech_error *error) {
    for (size_t m = 0; m < plan->n_mechanisms && *written; m++) {
        const mech_mechanism *mechanism = plan->mechanisms[m];
        if (mech_is_builtin(mechanism)) continue;
        text name = {0};
        char *description = NULL;
        mech_text_format(&name, "mechanism %s", mech_mechanism_id(mechanism));
        mech_status status = mech_mechanism_text(mechanism, &description, error);
        if (status == MECH_OK && (name.failed || !name.characters)) status = mech_fail_memory(error);
        if (status == MECH_OK) *written = text_attribute(file, name.characters, description);
        mech_free(description);
        mech_text_free(&name);
        if (status != MECH_OK) return status;
    }
    return MECH_OK;
}

/* What format 2 says besides: all mechanisms and the design, as texts. */
static mech_status describe_design(const dataset_plan *plan, hid_t file, bool *written, mech_error *error) {
    text library = {0};
    mech_status status = MECH_OK;
    for (size_t m = 0; m < plan->n_mechanisms && status == MECH_OK; m++) {
        char *description = NULL;
        status = mech_mechanism_text(plan->mechanisms[m], &description, error);
        if (status == MECH_OK) mech_text_format(&library, "%s%s", m ? "\n" : "", description);
        mech_free(description);
    }
    if (status == MECH_OK && library.failed) status = mech_fail_memory(error);
    if (status == MECH_OK)
        *written = whole_attribute(file, "format", 2) && whole_attribute(file, "digest_block", A_BLOCK) &&
                   text_attribute(file, "design", plan->design->text) &&
                   text_attribute(file, "library", library.characters ? library.characters : "");
    mech_text_free(&library);
    return status;
}

static mech_status write_attributes(const dataset_plan *plan, const char *path, hid_t file, mech_error *error) {
    text mechanisms = {0};
    char *options = NULL;
    bool written = true;
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
    written = text_attribute(file, "program", "mechanist") && text_attribute(file, "version", mech_version());
    if (plan->design)
        status = describe_design(plan, file, &written, error);
    else
        written = written && text_attribute(file, "protocol", mech_protocol_name(plan->protocol));
    written = written && text_attribute(file, "options", options) &&
              text_attribute(file, "mechanisms", mechanisms.characters) && text_attribute(file, "prior", plan->prior) &&
              whole_attribute(file, "seed", plan->seed) && whole_attribute(file, "thetas", plan->n_thetas) &&
              text_attribute(file, "solver", "RODAS") && number_attribute(file, "rtol", plan->solver.rtol) &&
              number_attribute(file, "atol", plan->solver.atol) &&
              whole_attribute(file, "max_steps", plan->solver.max_steps) &&
              text_attribute(file, "instruction_set", mech_instruction_set_name(mech_processor_lanes()));
    if (status == MECH_OK) status = describe_mechanisms(plan, file, &written, error);
    if (status == MECH_OK && !written) status = fail_writing(path, EIO, error);
cleanup:
    mech_text_free(&mechanisms);
    mech_free(options);
    return status;
}

/* Makes one array with its space, but without content, and notes where that goes. */
static bool lay_out_array(hid_t group, split_layout *layout, size_t number) {
    const array_shape *a = &layout->arrays[number];
    const hsize_t shape[3] = {mech_array_rows(layout, number), a->more[0], a->more[1]};
    const hid_t space = H5Screate_simple(a->rank, shape, NULL), how = H5Pcreate(H5P_DATASET_CREATE);
    bool made = space >= 0 && how >= 0 && H5Pset_layout(how, H5D_CONTIGUOUS) >= 0 &&
                H5Pset_alloc_time(how, H5D_ALLOC_TIME_EARLY) >= 0 && H5Pset_fill_time(how, H5D_FILL_TIME_NEVER) >= 0 &&
                H5Pset_obj_track_times(how, false) >= 0;
    const hid_t array = made ? H5Dcreate2(group, a->name, a->type, space, H5P_DEFAULT, how, H5P_DEFAULT) : -1;
    made = array >= 0;
    if (made && shape[0]) {
        const haddr_t place = H5Dget_offset(array);
        made = place != HADDR_UNDEF;
        layout->offsets[number] = (off_t)place;
    }
    if (array >= 0) H5Dclose(array);
    if (how >= 0) H5Pclose(how);
    if (space >= 0) H5Sclose(space);
    return made;
}

static bool lay_out_split(hid_t file, hid_t how, dataset_split s, split_layout *layout) {
    const hid_t group = H5Gcreate2(file, mech_split_name(s), H5P_DEFAULT, how, H5P_DEFAULT);
    bool made = group >= 0, has_errors = false;
    for (size_t a = 0; a < layout->n_arrays; a++) has_errors = has_errors || layout->in_errors[a];
    const hid_t errors = made && has_errors ? H5Gcreate2(group, "errors", H5P_DEFAULT, how, H5P_DEFAULT) : -1;
    made = made && (!has_errors || errors >= 0);
    for (size_t a = 0; made && a < layout->n_arrays; a++)
        made = lay_out_array(layout->in_errors[a] ? errors : group, layout, a);
    if (errors >= 0) H5Gclose(errors);
    if (group >= 0) H5Gclose(group);
    return made;
}

/* The properties with which a file is opened: texts of format 2 may be longer than 64 KB, which HDF5 knows since 1.8.
 */
static hid_t access_properties(const dataset_plan *plan) {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access >= 0 && plan->design && H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) < 0) {
        H5Pclose(access);
        return -1;
    }
    return access;
}

mech_status mech_lay_out_file(const dataset_plan *plan, const char *path, const char *at, split_layout *splits,
                              mech_error *error) {
    const hid_t how_file = H5Pcreate(H5P_FILE_CREATE), how_group = H5Pcreate(H5P_GROUP_CREATE);
    const hid_t access = access_properties(plan);
    mech_status status = MECH_OK;
    hid_t file = -1;
    if (how_file >= 0 && how_group >= 0 && access >= 0 && H5Pset_obj_track_times(how_file, false) >= 0 &&
        H5Pset_obj_track_times(how_group, false) >= 0)
        file = H5Fcreate(at, H5F_ACC_TRUNC, how_file, access);
    bool made = file >= 0;
    for (dataset_split s = 0; made && s < N_SPLITS; s++) made = lay_out_split(file, how_group, s, &splits[s]);
    if (made) status = write_attributes(plan, path, file, error);
    if (file >= 0 && H5Fclose(file) < 0) made = false;
    if (access >= 0) H5Pclose(access);
    if (how_group >= 0) H5Pclose(how_group);
    if (how_file >= 0) H5Pclose(how_file);
    return !made && status == MECH_OK ? fail_writing(path, EIO, error) : status;
}

off_t mech_metadata_room(const dataset_plan *plan) {
    if (!plan->design) return ROOM_FOR_METADATA;
    return ROOM_FOR_METADATA + (off_t)(N_SPLITS * MOST_ARRAYS * ROOM_FOR_AN_ARRAY + strlen(plan->design->text) +
                                       plan->n_mechanisms * ROOM_FOR_AN_ARRAY);
}
