#include "data/reading/arrays.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_ATTRIBUTE = 1 << 24 };

/* No compression that HDF5 offers unpacks to more than so many times its size (deflate: 1032), so that an array that
 * claims more is damaged, and no memory need be asked for it. */
static const double BEST_COMPRESSION = 1100;

mech_status mech_refuse_array(const array_group *g, const char *array, const char *what) {
    return mech_fail(g->error, MECH_INVALID_INPUT, "%s: %s/%s %s", g->path, g->group, array, what);
}

static hid_t open_array(const array_group *g, const char *name) {
    char place[64];
    snprintf(place, sizeof place, "%s/%s", g->group, name);
    return H5Dopen2(g->file, place, H5P_DEFAULT);
}

/* Fits the found shape into the expected one. */
static mech_status fit_shape(const array_group *g, expectation *e, int rank, const hsize_t *found) {
    if (rank != e->rank)
        return mech_fail(g->error, MECH_INVALID_INPUT, "%s: %s/%s has %d dimensions; expected %d", g->path, g->group,
                         e->name, rank, e->rank);
    for (int i = 0; i < rank; i++) {
        if (found[i] == 0) return mech_refuse_array(g, e->name, "holds no samples");
        if (e->shape[i] && found[i] != e->shape[i])
            return mech_fail(g->error, MECH_INVALID_INPUT, "%s: dimension %d of %s/%s is %llu; expected %llu", g->path,
                             i + 1, g->group, e->name, (unsigned long long)found[i], (unsigned long long)e->shape[i]);
        e->shape[i] = found[i];
    }
    return MECH_OK;
}

/* Checks the type, shape and size of an array before anything of it is read. */
mech_status mech_check_array(const array_group *g, expectation *e) {
    const hid_t array = open_array(g, e->name);
    if (array < 0) return mech_refuse_array(g, e->name, "is missing or damaged");
    const hid_t type = H5Dget_type(array), space = H5Dget_space(array);
    const H5T_class_t kind = H5Tget_class(type);
    const int rank = H5Sget_simple_extent_ndims(space);
    hsize_t found[H5S_MAX_RANK] = {0};
    if (rank > 0) H5Sget_simple_extent_dims(space, found, NULL);
    mech_status status =
        kind == e->kind
            ? fit_shape(g, e, rank, found)
            : mech_refuse_array(
                  g, e->name, e->kind == H5T_FLOAT ? "does not hold floating-point numbers" : "does not hold integers");
    double bytes = (double)e->size;
    for (int i = 0; i < e->rank; i++) bytes *= (double)e->shape[i];
    if (status == MECH_OK && bytes > BEST_COMPRESSION * (double)H5Dget_storage_size(array))
        status = mech_refuse_array(g, e->name, "claims more numbers than the file holds");
    H5Tclose(type);
    H5Sclose(space);
    H5Dclose(array);
    return status;
}

mech_status mech_read_rows(const array_group *g, const char *name, hid_t type, size_t first, size_t n, void *values) {
    const hsize_t start[3] = {first};
    hsize_t shape[3] = {0};
    const hid_t array = open_array(g, name), file_space = array >= 0 ? H5Dget_space(array) : -1;
    const hid_t as_it_is = type == H5I_INVALID_HID && array >= 0 ? H5Dget_type(array) : H5I_INVALID_HID;
    const int rank = file_space >= 0 ? H5Sget_simple_extent_dims(file_space, shape, NULL) : -1;
    shape[0] = n;
    const hid_t memory_space = rank > 0 ? H5Screate_simple(rank, shape, NULL) : -1;
    const bool read =
        memory_space >= 0 && H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start, NULL, shape, NULL) >= 0 &&
        H5Dread(array, as_it_is >= 0 ? as_it_is : type, memory_space, file_space, H5P_DEFAULT, values) >= 0;
    if (as_it_is >= 0) H5Tclose(as_it_is);
    if (memory_space >= 0) H5Sclose(memory_space);
    if (file_space >= 0) H5Sclose(file_space);
    if (array >= 0) H5Dclose(array);
    return read ? MECH_OK : mech_refuse_array(g, name, "cannot be read: the file is damaged");
}

mech_status mech_row_in_file(const array_group *g, const char *name, size_t *row) {
    hsize_t shape[H5S_MAX_RANK] = {0};
    const hid_t array = open_array(g, name), type = array >= 0 ? H5Dget_type(array) : -1;
    const hid_t space = array >= 0 ? H5Dget_space(array) : -1;
    const int rank = space >= 0 ? H5Sget_simple_extent_dims(space, shape, NULL) : -1;
    *row = type >= 0 ? H5Tget_size(type) : 0;
    for (int i = 1; i < rank; i++) *row *= (size_t)shape[i];
    if (space >= 0) H5Sclose(space);
    if (type >= 0) H5Tclose(type);
    if (array >= 0) H5Dclose(array);
    return rank > 0 && *row ? MECH_OK : mech_refuse_array(g, name, "cannot be read: the file is damaged");
}

bool mech_read_text_attribute(hid_t file, const char *name, char **value) {
    *value = NULL;
    if (H5Aexists(file, name) <= 0) return true;
    const hid_t attribute = H5Aopen(file, name, H5P_DEFAULT), type = attribute >= 0 ? H5Aget_type(attribute) : -1;
    bool read = type >= 0 && H5Tget_class(type) == H5T_STRING && H5Aget_storage_size(attribute) < LONGEST_ATTRIBUTE;
    if (read && H5Tis_variable_str(type) > 0) {
        /* As h5py writes texts. */
        char *text = NULL;
        read = H5Aread(attribute, type, &text) >= 0 && text;
        if (read) *value = strdup(text);
        if (text) H5free_memory(text);
    } else if (read) {
        *value = calloc(H5Tget_size(type) + 1, 1);
        read = *value && H5Aread(attribute, type, *value) >= 0;
    }
    if (type >= 0) H5Tclose(type);
    if (attribute >= 0) H5Aclose(attribute);
    return read && *value;
}

bool mech_has_array(const array_group *g, const char *name) {
    char place[64];
    const char *slash = strchr(name, '/');
    if (slash) {
        snprintf(place, sizeof place, "%s/%.*s", g->group, (int)(slash - name), name);
        if (H5Lexists(g->file, place, H5P_DEFAULT) <= 0) return false;
    }
    snprintf(place, sizeof place, "%s/%s", g->group, name);
    return H5Lexists(g->file, place, H5P_DEFAULT) > 0;
}

bool mech_read_whole_attribute(hid_t file, const char *name, uint64_t *value) {
    if (H5Aexists(file, name) <= 0) return true;
    const hid_t attribute = H5Aopen(file, name, H5P_DEFAULT), type = attribute >= 0 ? H5Aget_type(attribute) : -1;
    const hid_t space = attribute >= 0 ? H5Aget_space(attribute) : -1;
    const bool read = type >= 0 && space >= 0 && H5Tget_class(type) == H5T_INTEGER &&
                      H5Sget_simple_extent_npoints(space) == 1 && H5Aread(attribute, H5T_NATIVE_UINT64, value) >= 0;
    if (space >= 0) H5Sclose(space);
    if (type >= 0) H5Tclose(type);
    if (attribute >= 0) H5Aclose(attribute);
    return read;
}
