#include "base/files/text.h"

#include "base/memory.h"

#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool text_reserve(text *t, size_t more) {
    if (t->failed) return false;
    if (more < t->capacity - t->length) return true;
    size_t capacity = t->capacity ? t->capacity : 256;
    while (capacity - t->length <= more) {
        if (capacity > (size_t)-1 / 2) goto short_of_memory;
        capacity *= 2;
    }
    char *grown = realloc(t->characters, capacity);
    if (!grown) goto short_of_memory;
    mech_prefer_large_pages(grown, capacity);
    t->characters = grown;
    t->capacity = capacity;
    return true;
short_of_memory:
    t->failed = true;
    return false;
}

void mech_text_reserve(text *t, size_t length) { text_reserve(t, length); }

void mech_text_append(text *t, const char *characters, size_t length) {
    if (!text_reserve(t, length)) return;
    if (length) memcpy(t->characters + t->length, characters, length);
    t->length += length;
    t->characters[t->length] = '\0';
}

void mech_text_add(text *t, const char *string) { mech_text_append(t, string, strlen(string)); }

void mech_text_format(text *t, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        t->failed = true;
    } else if (text_reserve(t, (size_t)length)) {
        vsnprintf(t->characters + t->length, (size_t)length + 1, format, again);
        t->length += (size_t)length;
    }
    va_end(again);
}

/* The C library writes and reads the decimal separator of the locale that the host program chose. */
static char locale_decimal(void) { return localeconv()->decimal_point[0]; }

void mech_text_number(text *t, double number) {
    if (isnan(number)) {
        mech_text_add(t, "nan");
        return;
    }
    if (isinf(number)) {
        mech_text_add(t, number > 0 ? "inf" : "-inf");
        return;
    }
    char digits[40];
    for (int precision = 6; precision <= 17; precision++) {
        if (precision > 6 && precision < 15) precision = 15;
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (strtod(digits, NULL) == number) break;
    }
    char *separator = strchr(digits, locale_decimal());
    if (separator) *separator = '.';
    mech_text_add(t, digits);
}

void mech_text_free(text *t) {
    free(t->characters);
    *t = (text){0};
}

mech_status mech_text_take(text *t, char **characters, mech_error *error) {
    mech_text_append(t, "", 0);
    if (t->failed) {
        mech_text_free(t);
        return mech_fail_memory(error);
    }
    *characters = t->characters;
    *t = (text){0};
    return MECH_OK;
}

static size_t skip_digits(const char *characters, size_t length, size_t from) {
    while (from < length && characters[from] >= '0' && characters[from] <= '9') from++;
    return from;
}

bool mech_parse_number(const char *characters, size_t length, char decimal, double *number) {
    char plain[128];
    if (!length || length >= sizeof plain) return false;
    size_t i = characters[0] == '+' || characters[0] == '-';
    size_t whole_end = skip_digits(characters, length, i), digits = whole_end - i;
    memcpy(plain, characters, length);
    plain[length] = '\0';
    i = whole_end;
    if (i < length && characters[i] == decimal) {
        plain[i] = locale_decimal();
        size_t fraction_end = skip_digits(characters, length, i + 1);
        digits += fraction_end - i - 1;
        i = fraction_end;
    }
    if (!digits) return false;
    if (i < length && (characters[i] == 'e' || characters[i] == 'E')) {
        i++;
        if (i < length && (characters[i] == '+' || characters[i] == '-')) i++;
        size_t exponent_end = skip_digits(characters, length, i);
        if (exponent_end == i) return false;
        i = exponent_end;
    }
    if (i != length) return false;
    double value = strtod(plain, NULL);
    if (!isfinite(value)) return false;
    *number = value;
    return true;
}

bool mech_parse_whole(const char *characters, size_t length, uint64_t *number) {
    if (!length) return false;
    uint64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        if (characters[i] < '0' || characters[i] > '9') return false;
        uint64_t digit = (uint64_t)(characters[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) return false;
        value = value * 10 + digit;
    }
    *number = value;
    return true;
}

size_t mech_utf8_character(const char *characters, size_t length) {
    /* Lead byte, its mask, and the least code point of that length (shorter forms would do for less). */
    static const struct {
        unsigned char lead, mask;
        unsigned least;
    } forms[] = {{0x00, 0x80, 0}, {0xC0, 0xE0, 0x80}, {0xE0, 0xF0, 0x800}, {0xF0, 0xF8, 0x10000}};
    if (!length) return 0;
    const unsigned char first = (unsigned char)characters[0];
    for (size_t n = 1; n <= 4; n++) {
        const unsigned char mask = forms[n - 1].mask;
        if ((first & mask) != forms[n - 1].lead) continue;
        if (length < n) return 0;
        unsigned code = first & (unsigned char)~mask;
        for (size_t i = 1; i < n; i++) {
            const unsigned char next = (unsigned char)characters[i];
            if ((next & 0xC0) != 0x80) return 0;
            code = code << 6 | (next & 0x3F);
        }
        const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        return code >= forms[n - 1].least && code <= 0x10FFFF && !surrogate ? n : 0;
    }
    return 0;
}

bool mech_next_word(const char **list, const char **word, size_t *length) {
    if (!*list) return false;
    *word = *list;
    *length = strcspn(*list, ",");
    *list = (*list)[*length] ? *list + *length + 1 : NULL;
    return true;
}

size_t mech_count_words(const char *list) {
    size_t n = 1;
    for (; *list; list++) n += *list == ',';
    return n;
}

void mech_drop_broken_characters(char *characters) {
    size_t kept = 0;
    for (size_t i = 0, n = strlen(characters), step; i < n; i += step ? step : 1) {
        step = mech_utf8_character(characters + i, n - i);
        memmove(characters + kept, characters + i, step);
        kept += step;
    }
    characters[kept] = '\0';
}
