#include "experiment/cells/archive.h"

#include <stdint.h>
#include <stdio.h>
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

struct archive_member {
    const char *source, *packed; /* what of a stored member is left */
    char name[64];
    size_t n_packed, limit, written;
    uint32_t expected_crc, crc;
    bool deflated, over;
    z_stream stream;
};

/* The directory entry of a member; NULL where there is none, with *whole unset where the directory cannot be read. */
static const char *find_entry(const char *bytes, size_t length, const char *name, bool *whole) {
    const char *end = find_end(bytes, length);
    *whole = false;
    if (!end) return NULL;
    const size_t n_entries = u16(end + 10), wanted = strlen(name);
    size_t at = u32(end + 16);
    for (size_t i = 0; i < n_entries; i++) {
        if (at > length || length - at < ENTRY_SIZE || memcmp(bytes + at, "PK\1\2", 4) != 0) return NULL;
        const char *entry = bytes + at;
        const size_t n_name = u16(entry + 28), size = ENTRY_SIZE + n_name + u16(entry + 30) + u16(entry + 32);
        if (size > length - at) return NULL;
        if (n_name == wanted && memcmp(entry + ENTRY_SIZE, name, wanted) == 0) {
            *whole = true;
            return entry;
        }
        at += size;
    }
    *whole = true;
    return NULL;
}

bool mech_archive_holds(const char *bytes, size_t length, const char *name) {
    bool whole;
    return find_entry(bytes, length, name, &whole) != NULL;
}

bool mech_archive_is_whole(const char *bytes, size_t length) { return find_end(bytes, length) != NULL; }

mech_status mech_archive_open(const char *bytes, size_t length, const char *name, size_t limit, const char *source,
                              archive_member **member, mech_error *error) {
    bool whole;
    const char *entry = find_entry(bytes, length, name, &whole);
    *member = NULL;
    if (!whole) return broken(source, error);
    if (!entry) return MECH_OK;
    const uint32_t method = u16(entry + 10);
    const size_t packed = u32(entry + 20), offset = u32(entry + 42);
    if (u16(entry + 8) & ENCRYPTED)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: is encrypted; expected a workbook without a password", source);
    if (offset > length || length - offset < LOCAL_SIZE || memcmp(bytes + offset, "PK\3\4", 4) != 0)
        return broken(source, error);
    const size_t begin = offset + LOCAL_SIZE + u16(bytes + offset + 26) + u16(bytes + offset + 28);
    if (begin > length || packed > length - begin || (method != DEFLATED && method != STORED))
        return broken(source, error);
    archive_member *m = calloc(1, sizeof *m);
    if (!m) return mech_fail_memory(error);
    m->source = source;
    m->packed = bytes + begin;
    m->n_packed = packed;
    m->limit = limit;
    m->expected_crc = u32(entry + 16);
    m->crc = (uint32_t)crc32(0, Z_NULL, 0);
    m->deflated = method == DEFLATED;
    snprintf(m->name, sizeof m->name, "%.60s", name);
    m->stream.next_in = (Bytef *)m->packed;
    m->stream.avail_in = (uInt)packed;
    if (m->deflated && inflateInit2(&m->stream, -MAX_WBITS) != Z_OK) {
        free(m);
        return mech_fail_memory(error);
    }
    *member = m;
    return MECH_OK;
}

/* Unpacks deflated bytes until `room` is full or the member is over. */
static mech_status inflate_piece(archive_member *m, char *to, size_t room, size_t *n, mech_error *error) {
    m->stream.next_out = (Bytef *)to;
    m->stream.avail_out = (uInt)room;
    while (m->stream.avail_out && !m->over) {
        const int code = inflate(&m->stream, Z_NO_FLUSH);
        m->over = code == Z_STREAM_END;
        if (code != Z_OK && code != Z_STREAM_END)
            return mech_fail(error, MECH_INVALID_INPUT, "%s: is a broken workbook: its part '%.60s' cannot be unpacked",
                             m->source, m->name);
    }
    *n = room - m->stream.avail_out;
    return MECH_OK;
}

mech_status mech_archive_next(archive_member *m, char *to, size_t room, size_t *n, mech_error *error) {
    mech_status status = MECH_OK;
    *n = 0;
    if (m->deflated) {
        status = inflate_piece(m, to, room, n, error);
    } else {
        *n = m->n_packed < room ? m->n_packed : room;
        if (*n) memcpy(to, m->packed, *n);
        m->packed += *n;
        m->n_packed -= *n;
    }
    if (status != MECH_OK) return status;
    m->written += *n;
    if (m->written > m->limit)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: its part '%.60s' unpacks to more than %zu MB; expected a workbook that was not made to "
                         "burst",
                         m->source, m->name, m->limit >> 20);
    m->crc = (uint32_t)crc32(m->crc, (const Bytef *)to, (uInt)*n);
    if (!*n && m->crc != m->expected_crc)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: is a broken workbook: its part '%.60s' does not fit its checksum", m->source, m->name);
    return MECH_OK;
}

void mech_archive_close(archive_member *m) {
    if (!m) return;
    if (m->deflated) inflateEnd(&m->stream);
    free(m);
}
