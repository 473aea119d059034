#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

mech_status(mech_fail)(mech_error *error, mech_status status, const char *format, ...) {
    if (!error) return status;
    error->status = status;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    if (length < 0) error->message[0] = '\0';
    if (length >= (int)sizeof error->message) memcpy(error->message + sizeof error->message - 4, "...", 4);
    for (char *c = error->message; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = '?';
    return status;
}

mech_status(mech_fail_memory)(mech_error *error) { return (mech_fail)(error, MECH_OUT_OF_MEMORY, "out of memory"); }
