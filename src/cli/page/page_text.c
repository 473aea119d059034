#include "cli/page/page_text.h"

#include "base/files/file.h"
#include "mechanist.h"

#include <stdint.h>
#include <string.h>

enum { MOST_BYTES = 64 << 20 };

/* Where the page takes files that are given to it (web/index.html). */
static const char GIVEN[] = "<script type=\"application/json\" id=\"given\">[";

/* RFC 4648. */
static void add_base64(text *t, const char *bytes, size_t length) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        uint32_t three = 0;
        for (size_t k = 0; k < 3; k++) three = three << 8 | (i + k < length ? (unsigned char)bytes[i + k] : 0u);
        char four[4];
        for (size_t k = 0; k < 4; k++) four[k] = i + k <= length ? digits[three >> (18 - 6 * k) & 63] : '=';
        mech_text_append(t, four, sizeof four);
    }
}

/* A string of JSON that may stand in HTML: of ASCII only letters, digits and a few marks as they are. */
static void add_string(text *t, const char *words) {
    mech_text_add(t, "\"");
    for (const char *c = words; *c; c++) {
        const unsigned char u = (unsigned char)*c;
        const bool plain = u >= 0x80 || (u >= '0' && u <= '9') || (u >= 'A' && u <= 'Z') || (u >= 'a' && u <= 'z') ||
                           strchr(" ._-()", *c);
        if (plain)
            mech_text_append(t, c, 1);
        else
            mech_text_format(t, "\\u%04x", u);
    }
    mech_text_add(t, "\"");
}

static mech_status add_file(text *t, const char *path, size_t *room, mech_error *error) {
    char *content = NULL;
    size_t length = 0;
    const mech_status status = mech_file_read(path, *room, &content, &length, error);
    if (status != MECH_OK) return status;
    *room -= length;
    const char *slash = strrchr(path, '/');
    mech_text_add(t, "{\"name\":");
    add_string(t, slash ? slash + 1 : strcmp(path, "-") == 0 ? "standard input" : path);
    mech_text_add(t, ",\"base64\":\"");
    add_base64(t, content, length);
    mech_text_add(t, "\"}");
    mech_free(content);
    return MECH_OK;
}

mech_status write_page(text *page, const char *folder, const char *const *paths, size_t n, mech_error *error) {
    text path = {0};
    char *content = NULL;
    size_t length = 0, room = MOST_BYTES;
    mech_text_format(&path, "%s/index.html", folder);
    mech_status status = path.failed ? mech_fail_memory(error) : MECH_OK;
    if (status == MECH_OK && !mech_file_exists(path.characters))
        status = mech_fail(error, MECH_FILE_ERROR,
                           "there is no page at '%s'; expected the one that 'make web' builds (the environment "
                           "variable MECHANIST_WEB can name its folder)",
                           path.characters);
    if (status == MECH_OK) status = mech_file_read(path.characters, MOST_BYTES, &content, &length, error);
    const char *place = status == MECH_OK ? strstr(content, GIVEN) : NULL;
    if (status == MECH_OK && !place)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: it takes no files; expected a page of this version",
                           path.characters);
    if (status == MECH_OK) {
        const size_t before = (size_t)(place - content) + sizeof GIVEN - 1;
        mech_text_append(page, content, before);
        for (size_t i = 0; i < n && status == MECH_OK; i++) {
            if (i) mech_text_add(page, ",");
            status = add_file(page, paths[i], &room, error);
        }
        mech_text_append(page, content + before, length - before);
    }
    if (status == MECH_OK && page->failed) status = mech_fail_memory(error);
    mech_free(content);
    mech_text_free(&path);
    return status;
}
