#include "base/files/resumption.h"

#include <string.h>

/* Length of "--name value" at the start of normalised options; the next pair begins with " --". */
static size_t pair_length(const char *options) {
    const char *next = strstr(options, " --");
    return next ? (size_t)(next - options) : strlen(options);
}

mech_status mech_refuse_other_options(const char *path, const char *is, const char *wanted, const char *work,
                                      mech_error *error) {
    for (;;) {
        const size_t here = pair_length(is), there = pair_length(wanted);
        if (here != there || strncmp(is, wanted, here) != 0)
            return mech_fail(error, MECH_INVALID_INPUT,
                             "%s: was made %s%.*s%s%.*s; resuming takes the options that the %s began with", path,
                             here ? "with " : "without ", (int)here, is,
                             !here   ? ""
                             : there ? ", not "
                                     : ", not without it",
                             (int)there, wanted, work);
        if (!is[here] && !wanted[there]) return MECH_OK;
        is += here + (is[here] == ' ');
        wanted += there + (wanted[there] == ' ');
    }
}
