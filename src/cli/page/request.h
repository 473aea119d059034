/* What a browser asks for, taken apart. */
#ifndef MECH_CLI_PAGE_REQUEST_H
#define MECH_CLI_PAGE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

/* A part of a request; not closed by a NUL. */
typedef struct request_words {
    const char *characters; /* NULL: it is not there */
    size_t length;
} request_words;

typedef struct http_request {
    request_words method, target, host, origin, site, cookie;
} http_request;

/* Where the head of the request in bytes[length] ends; 0: not yet. */
size_t find_end_of_head(const char *bytes, size_t length);

/* Takes a head[length] apart (RFC 9112). False where it is none, where it holds other characters than text has, where a
 * header that counts here stands twice, or where there is not one Host. */
bool read_request(const char *head, size_t length, http_request *request);

bool same_words(request_words words, const char *text);

/* Whether the cookies "a=b; c=d" hold this one, compared in a time that does not tell how much of it is right. */
bool holds_cookie(request_words cookies, const char *name, const char *value);

/* The same comparison of whole words. */
bool same_secret(request_words words, const char *secret);

#endif
