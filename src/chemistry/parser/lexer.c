#include "chemistry/parser/lexer.h"

#include "base/files/text.h"

#include <string.h>

static const char FORWARD_ARROW[] = "\xE2\x86\x92", REVERSIBLE_ARROW[] = "\xE2\x87\x8C";

lexer mech_lexer_open(const char *line, size_t length) { return (lexer){.line = line, .length = length, .column = 1}; }

static bool starts(const lexer *l, size_t at, const char *string) {
    const size_t length = strlen(string);
    return l->length - at >= length && memcmp(l->line + at, string, length) == 0;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/* Whether the character at `at` can begin a name: a letter, or any character beyond ASCII that is no arrow. */
static bool begins_name(const lexer *l, size_t at) {
    if (at >= l->length) return false;
    if (is_letter(l->line[at])) return true;
    return (unsigned char)l->line[at] >= 0x80 && !starts(l, at, FORWARD_ARROW) && !starts(l, at, REVERSIBLE_ARROW);
}

/* A hyphen is part of a name where a letter or digit follows: k-1 is a name, the hyphen of cat->dead an arrow's. */
static bool continues_name(const lexer *l, size_t at) {
    if (begins_name(l, at)) return true;
    if (at >= l->length) return false;
    const char c = l->line[at];
    if (c == '-') return at + 1 < l->length && (is_digit(l->line[at + 1]) || begins_name(l, at + 1));
    return is_digit(c) || c == '*' || c == '\'' || c == '.';
}

static size_t name_end(const lexer *l, size_t at) {
    while (continues_name(l, at)) at++;
    return at;
}

static size_t digits_end(const lexer *l, size_t at) {
    while (at < l->length && is_digit(l->line[at])) at++;
    return at;
}

static size_t number_end(const lexer *l, size_t at) {
    at = digits_end(l, at);
    if (at < l->length && l->line[at] == '.') at = digits_end(l, at + 1);
    if (at < l->length && (l->line[at] == 'e' || l->line[at] == 'E')) {
        size_t exponent = at + 1;
        if (exponent < l->length && (l->line[exponent] == '-' || l->line[exponent] == '+')) exponent++;
        if (exponent < l->length && is_digit(l->line[exponent])) at = digits_end(l, exponent);
    }
    return at;
}

static void skip_blanks(lexer *l) {
    while (l->at < l->length && (l->line[l->at] == ' ' || l->line[l->at] == '\t')) l->at++, l->column++;
}

static token take(lexer *l, token_kind kind, size_t end) {
    const token t = {.kind = kind, .text = l->line + l->at, .length = end - l->at, .column = l->column};
    for (; l->at < end; l->at++) l->column += ((unsigned char)l->line[l->at] & 0xC0) != 0x80;
    return t;
}

token mech_lexer_next(lexer *l) {
    static const struct {
        const char *text;
        token_kind kind;
    } signs[] = {{"<=>", TOKEN_REVERSIBLE}, {REVERSIBLE_ARROW, TOKEN_REVERSIBLE},
                 {"->", TOKEN_FORWARD},     {FORWARD_ARROW, TOKEN_FORWARD},
                 {"+", TOKEN_PLUS},         {":", TOKEN_COLON},
                 {",", TOKEN_COMMA},        {"=", TOKEN_EQUALS},
                 {"(", TOKEN_OPEN},         {")", TOKEN_CLOSE}};
    skip_blanks(l);
    if (l->at >= l->length || l->line[l->at] == '#') return take(l, TOKEN_END, l->at);
    if (begins_name(l, l->at)) return take(l, TOKEN_NAME, name_end(l, l->at));
    if (is_digit(l->line[l->at])) return take(l, TOKEN_NUMBER, number_end(l, l->at));
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (starts(l, l->at, signs[i].text)) return take(l, signs[i].kind, l->at + strlen(signs[i].text));
    return take(l, TOKEN_UNKNOWN, l->at + 1);
}

token mech_lexer_rest(lexer *l) {
    skip_blanks(l);
    size_t end = l->at;
    while (end < l->length && l->line[end] != '#') end++;
    while (end > l->at && (l->line[end - 1] == ' ' || l->line[end - 1] == '\t')) end--;
    return take(l, end > l->at ? TOKEN_NAME : TOKEN_END, end);
}
