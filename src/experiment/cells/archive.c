#include "experiment/cells/archive.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* The layout is that of PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16. */
enum {
    END_SIZE = 22,
    ENTRY_SIZE = 46,
    LOCAL_SIZE = 30,
    MOST_COMMENT = 65535,
    STORED = 0,
    DEFLATED = 8,
    ENCRYPTED = 1 /* a flag */
};

static uint32_t u16(const char *at) { return (uint32_t)(unsigned char)at[0] | (uint32_t)(unsigned char)at[1] << 8; }
static uint32_t u32(const char *at) { return u16(at) | u16(at + 2) << 16; }

bool mech_is_archive(const char *bytes, size_t length) { return length >= 4 && memcmp(bytes, "PK\3\4", 4) == 0; }

static mech_status broken(const char *source, mech_error *error) {
    return mech_fail(error, MECH_INVALID_INPUT, "%s: is a broken workbook: its zip directory cannot be read", source);
}

/* The end of the central directory, sought from the back of the file; NULL where there is none. */
static const char *find_end(const char *bytes, size_t length) {
    for (size_t back = END_SIZE; back <= length && back <= END_SIZE + MOST_COMMENT; back++) {
        const char *at = bytes + length - back;
        if (memcmp(at, "PK\5\6", 4) == 0 && u16(at + 20) + END_SIZE <= back) return at;
    }
    return NULL;
}

/* Unpacks raw deflate data, at most `limit` bytes. */
static mech_status inflate_member(const char *packed, size_t n_packed, size_t limit, const char *source,
                                  const char *name, char **content, size_t *n, mech_error *error) {
    z_stream z = {.next_in = (Bytef *)packed, .avail_in = (uInt)n_packed};
    size_t room = n_packed * 4 + 4096;
    if (room > limit) room = limit;
    char *to = malloc(room + 1);
    if (!to || inflateInit2(&z, -MAX_WBITS) != Z_OK) {
        free(to);
        return mech_fail_memory(error);
    }
    size_t written = 0;
    int code = Z_OK;
    mech_status status = MECH_OK;
    while (code == Z_OK) {
        if (written == room) {
            if (room >= limit) {
                status = mech_fail(error, MECH_INVALID_INPUT, "%s: its part '%.60s' unpacks to more than %zu MB",
                                   source, name, limit >> 20);
                break;
            }
            size_t more = room > limit / 2 ? limit : 2 * room;
            char *grown = realloc(to, more + 1);
            if (!grown) {
                status = mech_fail_memory(error);
                break;
            }
            to = grown;
            room = more;
        }
        z.next_out = (Bytef *)to + written;
        z.avail_out = (uInt)(room - written);
        code = inflate(&z, Z_NO_FLUSH);
        written = room - z.avail_out;
        if (code == Z_BUF_ERROR && z.avail_out == 0) code = Z_OK;
    }
    inflateEnd(&z);
    if (status == MECH_OK && code != Z_STREAM_END)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: is a broken workbook: its part '%.60s' cannot be unpacked",
                           source, name);
    if (status != MECH_OK) {
        free(to);
        return status;
    }
    to[written] = '\0';
    *content = to;
    *n = written;
    return MECH_OK;
}

/* Unpacks the member that a directory entry describes. */
static mech_status read_entry(const char *bytes, size_t length, const char *entry, size_t limit, const char *source,
                              const char *name, char **content, size_t *n, mech_error *error) {
    const uint32_t method = u16(entry + 10), crc = u32(entry + 16);
    const size_t packed = u32(entry + 20), offset = u32(entry + 42);
    if (u16(entry + 8) & ENCRYPTED)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: is encrypted; expected a workbook without a password", source);
    if (offset > length || length - offset < LOCAL_SIZE || memcmp(bytes + offset, "PK\3\4", 4) != 0)
        return broken(source, error);
    const size_t begin = offset + LOCAL_SIZE + u16(bytes + offset + 26) + u16(bytes + offset + 28);
    if (begin > length || packed > length - begin) return broken(source, error);
    mech_status status = MECH_OK;
    if (method == DEFLATED) {
        status = inflate_member(bytes + begin, packed, limit, source, name, content, n, error);
    } else if (method == STORED && packed <= limit) {
        *content = malloc(packed + 1);
        if (!*content) return mech_fail_memory(error);
        memcpy(*content, bytes + begin, packed);
        (*content)[packed] = '\0';
        *n = packed;
    } else {
        return broken(source, error);
    }
    if (status != MECH_OK) return status;
    if (crc32(crc32(0, Z_NULL, 0), (const Bytef *)*content, (uInt)*n) != crc) {
        free(*content);
        *content = NULL;
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: is a broken workbook: its part '%.60s' does not fit its checksum", source, name);
    }
    return MECH_OK;
}

mech_status mech_archive_read(const char *bytes, size_t length, const char *name, size_t limit, const char *source,
                              char **content, size_t *n, bool *found, mech_error *error) {
    const char *end = find_end(bytes, length);
    *content = NULL;
    *n = 0;
    *found = false;
    if (!end) return broken(source, error);
    const size_t n_entries = u16(end + 10), wanted = strlen(name);
    size_t at = u32(end + 16);
    for (size_t i = 0; i < n_entries; i++) {
        if (at > length || length - at < ENTRY_SIZE || memcmp(bytes + at, "PK\1\2", 4) != 0)
            return broken(source, error);
        const char *entry = bytes + at;
        const size_t n_name = u16(entry + 28), whole = ENTRY_SIZE + n_name + u16(entry + 30) + u16(entry + 32);
        if (whole > length - at) return broken(source, error);
        if (n_name == wanted && memcmp(entry + ENTRY_SIZE, name, wanted) == 0) {
            *found = true;
            return read_entry(bytes, length, entry, limit, source, name, content, n, error);
        }
        at += whole;
    }
    return MECH_OK;
}
