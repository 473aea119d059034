#include "draw/canvas/notation.h"

#include "base/files/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

setting mech_set_species(const char *name) {
    setting s = {""};
    size_t n = 0;
    bool low = false;
    for (const char *c = name; *c && n + 8 < sizeof s.words; c++) {
        if (is_digit(*c) && !low && c != name) {
            memcpy(s.words + n, "_{", 2);
            n += 2;
            low = true;
        } else if (!is_digit(*c) && low) {
            s.words[n++] = '}';
            low = false;
        }
        s.words[n++] = *c;
    }
    if (low) s.words[n++] = '}';
    s.words[n] = '\0';
    return s;
}

setting mech_set_rate_constant(const char *name) {
    setting s = {""};
    if (name[0] != 'k' || !name[1])
        snprintf(s.words, sizeof s.words, "%s", name);
    else if (name[1] == '-')
        snprintf(s.words, sizeof s.words, "k_{\xE2\x88\x92%s}", name + 2);
    else
        snprintf(s.words, sizeof s.words, "k_{%s}", name + 1);
    return s;
}

setting mech_set_number(double number, int digits) {
    setting s = {""};
    text plain = {0};
    if (number == 0 || !isfinite(number) || (fabs(number) >= 1e-3 && fabs(number) < 1e5)) {
        double unit = number == 0 || !isfinite(number) ? 1 : pow(10, floor(log10(fabs(number))) - digits + 1);
        mech_text_number(&plain, number == 0 ? 0 : unit < 1 ? round(number / unit) / round(1 / unit) : round(number));
        snprintf(s.words, sizeof s.words, "%s%s", number < 0 ? "\xE2\x88\x92" : "",
                 plain.failed ? "" : plain.characters + (number < 0));
    } else {
        int power = (int)floor(log10(fabs(number)));
        double factor = fabs(number) / pow(10, power), unit = pow(10, digits - 1);
        factor = round(factor * unit) / unit;
        if (factor >= 10) factor /= 10, power++;
        mech_text_number(&plain, factor);
        snprintf(s.words, sizeof s.words,
                 "%s%s\xC2\xB7"
                 "10^{%s%d}",
                 number < 0 ? "\xE2\x88\x92" : "", plain.failed ? "" : plain.characters,
                 power < 0 ? "\xE2\x88\x92" : "", abs(power));
    }
    mech_text_free(&plain);
    return s;
}
