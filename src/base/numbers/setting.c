#include "base/numbers/setting.h"

#include <math.h>
#include <stdio.h>

setting mech_set_plain(double number) {
    enum { DIGITS = 4 };
    setting s = {""};
    const double size = fabs(number);
    if (number == 0 || !isfinite(number) || size < 1e-4 || size >= 1e7) {
        snprintf(s.words, sizeof s.words, "%.*g", DIGITS, number == 0 ? 0 : number);
    } else {
        const double unit = pow(10, floor(log10(size)) - DIGITS + 1);
        snprintf(s.words, sizeof s.words, "%.*g", unit > 1 ? 8 : DIGITS,
                 unit > 1 ? round(number / unit) * unit : number);
    }
    for (char *c = s.words; *c; c++)
        if (*c == ',') *c = '.';
    return s;
}

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
