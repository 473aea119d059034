/* NumPy's file format for one array (NEP 1), so that results open in Python without this program. */

#include "base/files/file.h"
#include "base/files/text.h"

#include <errno.h>
#include <string.h>

enum { PREAMBLE = 10, HEADER_ALIGNMENT = 64, MOST_SIDES = 8 };

static bool is_little_endian(void) {
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return first == 1;
}

mech_status mech_npy_write(const char *path, const float *values, size_t rows, size_t columns, mech_error *error) {
    return mech_npy_write_array(path, values, 2, (const size_t[]){rows, columns}, error);
}

mech_status mech_npy_write_array(const char *path, const float *values, size_t rank, const size_t *shape,
                                 mech_error *error) {
    size_t count = 1;
    if (rank < 1 || rank > MOST_SIDES)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "an array of %zu sides; expected 1 to %d", rank, MOST_SIDES);
    for (size_t i = 0; i < rank; i++) count *= shape[i];
    output *out = NULL;
    FILE *stream = NULL;
    text header = {0};
    mech_status status = mech_output_open(path, &out, &stream, error);
    if (status != MECH_OK) return status;
    mech_text_format(&header, "{'descr': '%sf4', 'fortran_order': False, 'shape': (", is_little_endian() ? "<" : ">");
    for (size_t i = 0; i < rank; i++) mech_text_format(&header, "%s%zu", i ? ", " : "", shape[i]);
    /* A tuple of one number has a comma behind it. */
    mech_text_add(&header, rank == 1 ? ",), }" : "), }");
    while ((PREAMBLE + header.length + 1) % HEADER_ALIGNMENT && !header.failed) mech_text_add(&header, " ");
    mech_text_add(&header, "\n");
    if (header.failed) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    const unsigned char preamble[PREAMBLE] = {0x93,
                                              'N',
                                              'U',
                                              'M',
                                              'P',
                                              'Y',
                                              1,
                                              0,
                                              (unsigned char)(header.length & 0xff),
                                              (unsigned char)(header.length >> 8)};
    if (fwrite(preamble, 1, PREAMBLE, stream) != PREAMBLE ||
        fwrite(header.characters, 1, header.length, stream) != header.length ||
        fwrite(values, sizeof *values, count, stream) != count) {
        status = mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: %s", path, strerror(errno));
        goto cleanup;
    }
    status = mech_output_commit(out, error);
    out = NULL;
cleanup:
    mech_output_discard(out);
    mech_text_free(&header);
    return status;
}
