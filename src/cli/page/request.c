#include "cli/page/request.h"

#include <string.h>
#include <strings.h>

size_t find_end_of_head(const char *bytes, size_t length) {
    for (size_t i = 3; i < length; i++)
        if (memcmp(bytes + i - 3, "\r\n\r\n", 4) == 0) return i + 1;
    return 0;
}

bool same_words(request_words words, const char *text) {
    return words.characters && strlen(text) == words.length && memcmp(words.characters, text, words.length) == 0;
}

bool same_secret(request_words words, const char *secret) {
    if (!words.characters || words.length != strlen(secret)) return false;
    unsigned char difference = 0;
    for (size_t i = 0; i < words.length; i++)
        difference |= (unsigned char)((unsigned char)words.characters[i] ^ (unsigned char)secret[i]);
    return difference == 0;
}

bool holds_cookie(request_words cookies, const char *name, const char *value) {
    const size_t n = strlen(name);
    for (size_t at = 0; cookies.characters && at < cookies.length;) {
        while (at < cookies.length && cookies.characters[at] == ' ') at++;
        size_t end = at;
        while (end < cookies.length && cookies.characters[end] != ';') end++;
        const char *one = cookies.characters + at;
        if (end - at > n && memcmp(one, name, n) == 0 && one[n] == '=' &&
            same_secret((request_words){one + n + 1, end - at - n - 1}, value))
            return true;
        at = end + 1;
    }
    return false;
}

/* The next word of a line up to a space; what is left of the line goes on behind it. */
static request_words take_word(request_words *line) {
    const char *space = memchr(line->characters, ' ', line->length);
    const size_t n = space ? (size_t)(space - line->characters) : line->length;
    const request_words word = {line->characters, n};
    line->characters += space ? n + 1 : n;
    line->length -= space ? n + 1 : n;
    return word;
}

static bool take_header(request_words line, http_request *r) {
    const struct {
        const char *name;
        request_words *value;
    } known[] = {{"Host", &r->host}, {"Origin", &r->origin}, {"Sec-Fetch-Site", &r->site}, {"Cookie", &r->cookie}};
    const char *colon = memchr(line.characters, ':', line.length);
    if (!colon || colon == line.characters) return false;
    const size_t name = (size_t)(colon - line.characters);
    request_words value = {colon + 1, line.length - name - 1};
    while (value.length && *value.characters == ' ') value.characters++, value.length--;
    while (value.length && value.characters[value.length - 1] == ' ') value.length--;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strlen(known[i].name) != name || strncasecmp(known[i].name, line.characters, name) != 0) continue;
        if (known[i].value->characters) return false;
        *known[i].value = value;
    }
    return true;
}

bool read_request(const char *head, size_t length, http_request *request) {
    *request = (http_request){.method = {NULL, 0}};
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)head[i];
        const bool line_end =
            (c == '\r' && i + 1 < length && head[i + 1] == '\n') || (c == '\n' && i && head[i - 1] == '\r');
        if ((c < ' ' && c != '\t' && !line_end) || c == 0x7F) return false;
    }
    for (size_t at = 0, number = 0; at + 2 <= length; number++) {
        const char *end = memchr(head + at, '\r', length - at);
        if (!end) return false;
        request_words line = {head + at, (size_t)(end - head) - at};
        at += line.length + 2;
        if (!line.length) return number > 0 && request->host.characters;
        if (number == 0) {
            request->method = take_word(&line);
            request->target = take_word(&line);
            if (!request->target.length || (!same_words(line, "HTTP/1.1") && !same_words(line, "HTTP/1.0")))
                return false;
        } else if (!take_header(line, request)) {
            return false;
        }
    }
    return false;
}
