#include "base/numbers/setting.h"

#include <stdio.h>

setting mech_set_count(uint64_t count) {
    setting s = {""};
    char digits[24];
    const size_t length = (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) s.words[n++] = ',';
        s.words[n++] = digits[i];
    }
    return s;
}
