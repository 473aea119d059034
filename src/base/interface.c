#include "base/interface.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS_OF(number) #number
#define DIGITS(number) DIGITS_OF(number)

const char *mech_version(void) {
    return DIGITS(MECH_VERSION_MAJOR) "." DIGITS(MECH_VERSION_MINOR) "." DIGITS(MECH_VERSION_PATCH);
}

void mech_free(void *memory) { free(memory); }

const char *mech_status_name(mech_status status) {
    switch (status) {
    case MECH_OK:
        return "ok";
    case MECH_INVALID_ARGUMENT:
        return "invalid argument";
    case MECH_INVALID_INPUT:
        return "invalid input";
    case MECH_FILE_ERROR:
        return "file error";
    case MECH_OUT_OF_MEMORY:
        return "out of memory";
    case MECH_NUMERICAL_FAILURE:
        return "numerical failure";
    case MECH_STOPPED:
        return "stopped";
    }
    return "unknown status";
}

void mech_give_options(void *options, size_t size, const void *mine, size_t mine_size) {
    const size_t known = size < mine_size ? size : mine_size;
    memset(options, 0, size);
    memcpy(options, mine, known);
    memcpy(options, &size, sizeof size < size ? sizeof size : size);
}

/* The size that a caller's struct begins with. */
static mech_status check_size(const void *theirs, const char *name, size_t *size, mech_error *error) {
    memcpy(size, theirs, sizeof *size);
    if (*size >= sizeof *size) return MECH_OK;
    return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: size is %zu; expected that of the struct", name, *size);
}

mech_status mech_take_options(void *mine, size_t mine_size, const void *theirs, const char *name, mech_error *error) {
    size_t size = 0;
    if (!theirs) return MECH_OK;
    mech_status status = check_size(theirs, name, &size, error);
    if (status != MECH_OK) return status;
    const unsigned char *bytes = theirs;
    for (size_t i = mine_size; i < size; i++)
        if (bytes[i])
            return mech_fail(error, MECH_INVALID_ARGUMENT,
                             "%s: byte %zu is set, which version %s of the library does not know", name, i,
                             mech_version());
    memcpy(mine, theirs, size < mine_size ? size : mine_size);
    memcpy(mine, &mine_size, sizeof mine_size);
    return MECH_OK;
}

mech_status mech_give_result(void *result, const void *mine, size_t mine_size, const char *name, mech_error *error) {
    size_t size = 0;
    const mech_status status = check_size(result, name, &size, error);
    if (status == MECH_OK) mech_give_options(result, size, mine, mine_size);
    return status;
}
