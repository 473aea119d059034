/* Arrays of an HDF5 file that comes from this program or from others: checked before anything of them is read. */
#ifndef MECH_DATA_READING_ARRAYS_H
#define MECH_DATA_READING_ARRAYS_H

#include "base/error.h"

#include <hdf5.h>

/* A group of the file. HDF5's own messages are the caller's to silence (hdf5_errors.h). */
typedef struct array_group {
    hid_t file;               /* open, the caller's */
    const char *path, *group; /* for messages, the caller's */
    mech_error *error;        /* the caller's; may be NULL */
} array_group;

/* An array as it is expected, a dimension of 0 being any from 1 on, and, once checked, as it is. */
typedef struct expectation {
    const char *name;
    H5T_class_t kind; /* H5T_FLOAT or H5T_INTEGER */
    size_t size;      /* bytes of a number in memory */
    int rank;
    hsize_t shape[3];
} expectation;

/* "PATH: GROUP/ARRAY what". */
mech_status mech_refuse_array(const array_group *g, const char *array, const char *what);

/* Whether the group has an array of that name. */
bool mech_has_array(const array_group *g, const char *name);

/* Checks type, shape and size of an array. */
mech_status mech_check_array(const array_group *g, expectation *e);

/* Reads rows first, ..., first + n - 1 of an array that has been checked, as numbers of `type`, or byte by byte as they
 * stand in the file where that is H5I_INVALID_HID. */
mech_status mech_read_rows(const array_group *g, const char *name, hid_t type, size_t first, size_t n, void *values);

/* Bytes that a row of an array has in the file. */
mech_status mech_row_in_file(const array_group *g, const char *name, size_t *row);

/* Reads an attribute of the file that is a text into *value (NULL where there is none); freed with mech_free(). False
 * where it is no text or damaged. */
bool mech_read_text_attribute(hid_t file, const char *name, char **value);

/* The same of a whole number: *value is left where there is none. */
bool mech_read_whole_attribute(hid_t file, const char *name, uint64_t *value);

#endif
