/* Filling the caller's error object. */
#ifndef MECH_BASE_ERROR_H
#define MECH_BASE_ERROR_H

#include "mechanist.h"

#if defined(__GNUC__)
#define PRINTF_LIKE(text, first) __attribute__((__format__(__printf__, text, first)))
#else
#define PRINTF_LIKE(text, first)
#endif

/* Writes a one-line message and the status into `error` (which may be NULL) and returns the status, so that a function
 * can say `return mech_fail(error, MECH_INVALID_INPUT, ...)`. Control characters that came in through arguments are
 * replaced, so that a message is always one line; a message that is too long ends in an ellipsis. */
PRINTF_LIKE(3, 4) mech_status mech_fail(mech_error *error, mech_status status, const char *format, ...);

/* The message for memory that could not be had; returns MECH_OUT_OF_MEMORY. */
mech_status mech_fail_memory(mech_error *error);

#ifdef __clang_analyzer__
/* Static analysis reads one file at a time and cannot see that these return the status of a failure. */
#define mech_fail(error, status, ...) ((void)(mech_fail)((error), (status), __VA_ARGS__), (status))
#define mech_fail_memory(error) ((void)(mech_fail_memory)(error), MECH_OUT_OF_MEMORY)
#endif

#endif
