#include "experiment/cells/encoding.h"

#include "base/files/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

size_t mech_utf8_length(const unsigned char *bytes, size_t length) {
    unsigned char lead = bytes[0];
    if (lead < 0x80) return 1;
    size_t n = lead >= 0xC2 && lead <= 0xDF   ? 2
               : lead >= 0xE0 && lead <= 0xEF ? 3
               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                              : 0;
    if (!n || n > length) return 0;
    unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (bytes[1] < least || bytes[1] > most) return 0;
    for (size_t i = 2; i < n; i++)
        if (bytes[i] < 0x80 || bytes[i] > 0xBF) return 0;
    return n;
}

static bool is_utf8(const unsigned char *bytes, size_t length) {
    for (size_t i = 0, step; i < length; i += step) {
        /* Tables are mostly ASCII: eight bytes at a time. */
        uint64_t eight;
        if (length - i >= sizeof eight) {
            memcpy(&eight, bytes + i, sizeof eight);
            step = sizeof eight;
            if (!(eight & UINT64_C(0x8080808080808080))) continue;
        }
        step = bytes[i] < 0x80 ? 1 : mech_utf8_length(bytes + i, length - i);
        if (!step) return false;
    }
    return true;
}

/* How files begin that are no tables. */
static const struct {
    const char *begin;
    size_t length;
    const char *is;
} kinds[] = {
    {"%PDF-", 5, "a PDF document"},
    {"\x89PNG", 4, "a PNG picture"},
    {"\xFF\xD8\xFF", 3, "a JPEG picture"},
    {"GIF8", 4, "a GIF picture"},
    {"BM", 2, "a BMP picture"},
    {"II*\0", 4, "a TIFF picture"},
    {"MM\0*", 4, "a TIFF picture"},
    {"\xD0\xCF\x11\xE0", 4, "an old binary workbook or document (.xls, .doc): save it as .xlsx or as CSV"},
    {"\x89HDF", 4, "an HDF5 file"},
    {"{\\rtf", 5, "an RTF document"},
    {"\x1F\x8B", 2, "a gzip archive: unpack it first"},
    {"7z\xBC\xAF", 4, "a 7z archive: unpack it first"},
    {"<!DOCTYPE html", 14, "a web page"},
    {"<html", 5, "a web page"},
    {"<?xml", 5, "an XML document"},
    {"<svg", 4, "an SVG picture"},
    {"\x7F"
     "ELF",
     4, "a program"},
};

static bool has_control_character(const unsigned char *bytes, size_t length) {
    for (size_t i = 0; i < length && i < 4096; i++)
        if (bytes[i] < 0x20 && bytes[i] != '\n' && bytes[i] != '\r' && bytes[i] != '\t') return true;
    return false;
}

/* "{" begins no table, "[S]" may. */
static bool is_json(const unsigned char *bytes, size_t length) {
    size_t i = 0;
    while (i < length && strchr(" \t\r\n", bytes[i]) && bytes[i]) i++;
    if (i < length && bytes[i] == '{') return true;
    if (i + 1 >= length || bytes[i] != '[') return false;
    for (i++; i < length && strchr(" \t\r\n", bytes[i]) && bytes[i];) i++;
    return i < length && (bytes[i] == '{' || bytes[i] == '[');
}

/* Whether an old binary document names one of its parts, in UTF-16. */
static bool holds_wide(const unsigned char *bytes, size_t length, const char *name) {
    const size_t n = strlen(name);
    for (size_t i = 0; i + 2 * n <= length; i += 2) {
        size_t k = 0;
        while (k < n && bytes[i + 2 * k] == (unsigned char)name[k] && !bytes[i + 2 * k + 1]) k++;
        if (k == n) return true;
    }
    return false;
}

static mech_status refuse_other_kinds(const unsigned char *bytes, size_t length, const char *source,
                                      mech_error *error) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (length < kinds[i].length || memcmp(bytes, kinds[i].begin, kinds[i].length) != 0) continue;
        /* Two letters may also begin a table. */
        if (kinds[i].length == 2 && !has_control_character(bytes, length)) continue;
        const bool encrypted = kinds[i].begin[0] == '\xD0' && holds_wide(bytes, length, "EncryptedPackage");
        return mech_fail(error, MECH_INVALID_INPUT, "%s: is %s; expected a table (CSV, TSV, XLSX or ODS)", source,
                         encrypted ? "a workbook with a password: save it without one" : kinds[i].is);
    }
    if (is_json(bytes, length))
        return mech_fail(error, MECH_INVALID_INPUT, "%s: is a JSON document; expected a table (CSV, TSV, XLSX or ODS)",
                         source);
    return MECH_OK;
}

/* Whether bytes[n] hold a control character that no text has; in a loop that compilers turn into vector code. */
static bool has_control(const unsigned char *bytes, size_t n) {
    unsigned found = 0;
    for (size_t i = 0; i < n; i++)
        found |= (bytes[i] < 0x20) & (bytes[i] != '\n') & (bytes[i] != '\r') & (bytes[i] != '\t');
    return found != 0;
}

static mech_status refuse_binary(const unsigned char *bytes, size_t length, const char *source, mech_error *error) {
    size_t line = 1;
    if (!has_control(bytes, length)) return MECH_OK;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = bytes[i];
        if (c >= 0x20) continue;
        if (c == '\n' || (c == '\r' && !(i + 1 < length && bytes[i + 1] == '\n'))) line++;
        if (c == '\n' || c == '\r' || c == '\t') continue;
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s:%zu: holds the control character 0x%02X; expected a text table (CSV or TSV), not a binary file", source,
            line, c);
    }
    return MECH_OK;
}

static size_t put_utf8(unsigned char *to, uint32_t c) {
    if (c < 0x80) {
        to[0] = (unsigned char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (unsigned char)(0xC0 | c >> 6);
        to[1] = (unsigned char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (unsigned char)(0xE0 | c >> 12);
        to[1] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
        to[2] = (unsigned char)(0x80 | (c & 0x3F));
        return 3;
    }
    to[0] = (unsigned char)(0xF0 | c >> 18);
    to[1] = (unsigned char)(0x80 | (c >> 12 & 0x3F));
    to[2] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
    to[3] = (unsigned char)(0x80 | (c & 0x3F));
    return 4;
}

/* UTF-16 of either order to UTF-8, which takes at most 3 bytes for each 2; a lone surrogate becomes U+FFFD. */
static size_t convert_utf16(const unsigned char *from, size_t length, bool big, unsigned char *to) {
    size_t n = 0;
    for (size_t i = 0; i + 1 < length; i += 2) {
        uint32_t c = big ? (uint32_t)from[i] << 8 | from[i + 1] : (uint32_t)from[i + 1] << 8 | from[i];
        if (c >= 0xD800 && c < 0xE000) {
            uint32_t low = 0;
            if (c < 0xDC00 && i + 3 < length)
                low = big ? (uint32_t)from[i + 2] << 8 | from[i + 3] : (uint32_t)from[i + 3] << 8 | from[i + 2];
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            } else {
                c = 0xFFFD;
            }
        }
        n += put_utf8(to + n, c);
    }
    return n;
}

mech_status mech_decode_text(const char *bytes, size_t length, const char *source, char **owned, char **characters,
                             size_t *n, mech_error *error) {
    const unsigned char *from = (const unsigned char *)bytes;
    mech_status status = refuse_other_kinds(from, length, source, error);
    if (status != MECH_OK) return status;
    const bool little = length >= 2 && from[0] == 0xFF && from[1] == 0xFE;
    const bool big = length >= 2 && from[0] == 0xFE && from[1] == 0xFF;
    const bool bare_little = length >= 4 && length % 2 == 0 && from[0] && !from[1] && from[2] && !from[3];
    const bool bare_big = length >= 4 && length % 2 == 0 && !from[0] && from[1] && !from[2] && from[3];
    const bool utf16 = little || big || bare_little || bare_big;
    if (little || big) {
        from += 2;
        length -= 2;
    } else if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        from += 3;
        length -= 3;
    }
    const bool utf8 = !utf16 && is_utf8(from, length);
    if (utf8 && owned && *owned) {
        status = refuse_binary(from, length, source, error);
        if (status != MECH_OK) return status;
        *characters = *owned;
        *n = length;
        *owned = NULL;
        if (*characters != (const char *)from) memmove(*characters, from, length);
        (*characters)[length] = '\0';
        return MECH_OK;
    }
    unsigned char *to = malloc((utf8 ? length : 2 * length) + 1);
    if (!to) return mech_fail_memory(error);
    size_t written = 0;
    if (utf16) {
        written = convert_utf16(from, length, big || bare_big, to);
    } else if (utf8) {
        if (length) memcpy(to, from, length);
        written = length;
    } else {
        for (size_t i = 0; i < length; i++) written += put_utf8(to + written, from[i]);
    }
    to[written] = '\0';
    status = refuse_binary(to, written, source, error);
    if (status != MECH_OK) {
        free(to);
        return status;
    }
    *characters = (char *)to;
    *n = written;
    return MECH_OK;
}
