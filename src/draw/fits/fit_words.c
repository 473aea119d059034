#include "draw/fits/fit_words.h"

#include "draw/canvas/notation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_power(setting *s, const char *unit, int power) {
    const size_t length = strlen(s->words);
    char exponent[32] = "";
    if (!power) return;
    if (power != 1) snprintf(exponent, sizeof exponent, "^{%s%d}", power < 0 ? "\xE2\x88\x92" : "", abs(power));
    const bool compound = power != 1 && strpbrk(unit, "/ ");
    snprintf(s->words + length, sizeof s->words - length, "%s%s%.24s%s%s", length ? " " : "", compound ? "(" : "", unit,
             compound ? ")" : "", exponent);
}

setting mech_set_unit(const mech_quantity *q, const mech_run_set *runs) {
    const char *concentration = mech_run_set_concentration_unit(runs), *time = mech_run_set_time_unit(runs);
    setting s = {""};
    add_power(&s, *concentration ? concentration : "conc", q->concentration_power);
    add_power(&s, *time ? time : "time", q->time_power);
    return s;
}

/* Three digits that count, the others 0. */
static setting set_rounded(double x) {
    enum { DIGITS = 3 };
    const double unit = x > 0 && isfinite(x) ? pow(10, floor(log10(x)) - DIGITS + 1) : 1;
    return mech_set_number(unit > 1 ? round(x / unit) * unit : x, DIGITS);
}

setting mech_set_interval(const mech_estimate *e, const setting *unit) {
    setting s = {""};
    const char *blank = *unit->words ? " " : "";
    if (isfinite(e->value))
        snprintf(s.words, sizeof s.words, "%.17s (%.17s to %.17s)%s%.32s", set_rounded(e->value).words,
                 set_rounded(e->low).words, isfinite(e->high) ? set_rounded(e->high).words : "\xE2\x88\x9E", blank,
                 unit->words);
    else
        snprintf(s.words, sizeof s.words, "> %.17s%s%.32s", set_rounded(e->low).words, blank, unit->words);
    return s;
}

/* One name of a ratio: "k-1", "kcat", "KM". */
static setting set_one(const char *name) {
    setting s = {""};
    if (name[0] == 'k' && name[1]) return mech_set_rate_constant(name);
    if (name[0] != 'K' || !name[1]) return mech_set_species(name);
    snprintf(s.words, sizeof s.words, "K_{%.30s}", name + 1);
    return s;
}

setting mech_set_quantity(const char *name) {
    setting s = {""};
    char first[32];
    const char *slash = strchr(name, '/');
    if (!slash) return set_one(name);
    snprintf(first, sizeof first, "%.*s", (int)(slash - name), name);
    snprintf(s.words, sizeof s.words, "%.44s/%.44s", set_one(first).words, set_one(slash + 1).words);
    return s;
}
