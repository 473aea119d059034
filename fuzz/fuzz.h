/* What the fuzzers share. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void require(bool condition) {
    if (!condition) abort();
}

static inline bool is_one_line(const char *message) {
    for (; *message; message++)
        if ((unsigned char)*message < ' ' || *message == 127) return false;
    return true;
}

#endif
