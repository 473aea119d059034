/* A zip archive of stored parts around what a fuzzer is given, so that it reaches what lies behind the directory. */
#ifndef FUZZ_ARCHIVE_H
#define FUZZ_ARCHIVE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

typedef struct archive_part {
    const char *name;
    const char *content;
    size_t length;
} archive_part;

static inline char *put_number(char *at, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; i++) *at++ = (char)(value >> 8 * i & 0xFF);
    return at;
}

/* The caller frees the archive of *length bytes; NULL where memory is short. */
static inline char *make_archive(const archive_part *parts, size_t n, size_t *length) {
    size_t room = 64;
    for (size_t i = 0; i < n; i++) room += parts[i].length + 2 * strlen(parts[i].name) + 128;
    char *bytes = malloc(room), *at = bytes;
    uint32_t offsets[16], sums[16];
    if (!bytes) return NULL;
    for (size_t i = 0; i < n; i++) {
        const uint32_t name = (uint32_t)strlen(parts[i].name), size = (uint32_t)parts[i].length;
        offsets[i] = (uint32_t)(at - bytes);
        sums[i] = (uint32_t)crc32(crc32(0, Z_NULL, 0), (const Bytef *)parts[i].content, size);
        memcpy(at, "PK\3\4", 4);
        at = put_number(put_number(at + 4, 20, 2), 0, 4);
        at = put_number(put_number(put_number(put_number(at, 0, 4), sums[i], 4), size, 4), size, 4);
        at = put_number(put_number(at, name, 2), 0, 2);
        memcpy(at, parts[i].name, name);
        memcpy(at + name, parts[i].content, size);
        at += name + size;
    }
    const uint32_t directory = (uint32_t)(at - bytes);
    for (size_t i = 0; i < n; i++) {
        const uint32_t name = (uint32_t)strlen(parts[i].name), size = (uint32_t)parts[i].length;
        memcpy(at, "PK\1\2", 4);
        at = put_number(put_number(put_number(at + 4, 20, 2), 20, 2), 0, 4);
        at = put_number(put_number(put_number(put_number(at, 0, 4), sums[i], 4), size, 4), size, 4);
        at = put_number(put_number(put_number(at, name, 2), 0, 4), 0, 4);
        at = put_number(put_number(at, 0, 4), offsets[i], 4);
        memcpy(at, parts[i].name, name);
        at += name;
    }
    const uint32_t end = (uint32_t)(at - bytes);
    memcpy(at, "PK\5\6", 4);
    at = put_number(put_number(at + 4, 0, 4), (uint32_t)n, 2);
    at = put_number(put_number(put_number(at, (uint32_t)n, 2), end - directory, 4), directory, 4);
    at = put_number(at, 0, 2);
    *length = (size_t)(at - bytes);
    return bytes;
}

#endif
