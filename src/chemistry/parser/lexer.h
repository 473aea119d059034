/* The words of a mechanism file's line (docs/mechanism-files.md). */
#ifndef MECH_CHEMISTRY_PARSER_LEXER_H
#define MECH_CHEMISTRY_PARSER_LEXER_H

#include <stdbool.h>
#include <stddef.h>

typedef enum token_kind {
    TOKEN_NAME,
    TOKEN_NUMBER,
    TOKEN_PLUS,
    TOKEN_COLON,
    TOKEN_COMMA,
    TOKEN_EQUALS,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_FORWARD,    /* -> or U+2192 */
    TOKEN_REVERSIBLE, /* <=> or U+21CC */
    TOKEN_END,        /* of the line, or the comment at its end */
    TOKEN_UNKNOWN
} token_kind;

/* A word; `text` points into the line and is not closed by a NUL. */
typedef struct token {
    token_kind kind;
    const char *text;
    size_t length;
    int column; /* in characters, from 1 */
} token;

/* A position in one line of valid UTF-8 without control characters other than tabs. */
typedef struct lexer {
    const char *line;
    size_t length, at;
    int column;
} lexer;

lexer mech_lexer_open(const char *line, size_t length);
token mech_lexer_next(lexer *l);

/* The rest of the line without surrounding blanks and comment, as one word of kind TOKEN_NAME or TOKEN_END. */
token mech_lexer_rest(lexer *l);

#endif
