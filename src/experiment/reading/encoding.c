#include "experiment/reading/encoding.h"

#include "base/files/text.h"

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
        step = mech_utf8_length(bytes + i, length - i);
        if (!step) return false;
    }
    return true;
}

static mech_status refuse_binary(const unsigned char *bytes, size_t length, const char *source, mech_error *error) {
    size_t line = 1;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = bytes[i];
        if (c == '\n' || (c == '\r' && !(i + 1 < length && bytes[i + 1] == '\n'))) line++;
        if (c >= 0x20 || c == '\n' || c == '\r' || c == '\t') continue;
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s:%zu: holds the control character 0x%02X; expected a text table (CSV or TSV), not a binary file", source,
            line, c);
    }
    return MECH_OK;
}

mech_status mech_decode_text(const char *bytes, size_t length, const char *source, char **characters, size_t *n,
                             mech_error *error) {
    const unsigned char *from = (const unsigned char *)bytes;
    bool marked_utf16 = length >= 2 && ((from[0] == 0xFF && from[1] == 0xFE) || (from[0] == 0xFE && from[1] == 0xFF));
    bool bare_utf16 = length >= 2 && ((from[0] && !from[1]) || (!from[0] && from[1]));
    if (marked_utf16 || (bare_utf16 && length % 2 == 0))
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s:1: is UTF-16 text; expected UTF-8: save the table as \"CSV UTF-8\"", source);
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        from += 3;
        length -= 3;
    }
    mech_status status = refuse_binary(from, length, source, error);
    if (status != MECH_OK) return status;
    bool utf8 = is_utf8(from, length);
    unsigned char *to = malloc((utf8 ? length : 2 * length) + 1);
    if (!to) return mech_fail_memory(error);
    size_t written = 0;
    if (utf8) {
        if (length) memcpy(to, from, length);
        written = length;
    } else {
        for (size_t i = 0; i < length; i++) {
            if (from[i] >= 0x80) to[written++] = (unsigned char)(0xC0 | from[i] >> 6);
            to[written++] = (unsigned char)(from[i] < 0x80 ? from[i] : 0x80 | (from[i] & 0x3F));
        }
    }
    to[written] = '\0';
    *characters = (char *)to;
    *n = written;
    return MECH_OK;
}
