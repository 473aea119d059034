/* Growing texts, and numbers that are read and written alike in every locale. */
#ifndef MECH_BASE_FILES_TEXT_H
#define MECH_BASE_FILES_TEXT_H

#include "base/error.h"

/* A growing text. Starts as {0}; `characters` is NUL-terminated once something was appended. When memory runs short
 * `failed` is set and later appends do nothing, so that a writer needs to look only once, at the end. */
typedef struct text {
    char *characters;
    size_t length, capacity;
    bool failed;
} text;

/* Makes room for so many characters. */
void mech_text_reserve(text *t, size_t length);

void mech_text_append(text *t, const char *characters, size_t length);
void mech_text_add(text *t, const char *string);
PRINTF_LIKE(2, 3) void mech_text_format(text *t, const char *format, ...);

/* Appends the shortest decimal number that reads back as the same double; "nan", "inf" and "-inf" otherwise. */
void mech_text_number(text *t, double number);

void mech_text_free(text *t);

/* Hands the characters over to the caller (freed with mech_free), or says that memory was short. */
mech_status mech_text_take(text *t, char **characters, mech_error *error);

/* Reads a decimal number (digits, point, exponent, sign; no hexadecimal, no inf or nan) that takes up the whole of
 * text[length]. `decimal` is the decimal separator. Returns false, leaving *number, where it is not one or where it
 * overflows. */
bool mech_parse_number(const char *text, size_t length, char decimal, double *number);

/* Reads a whole number in the same way; false where it is not one or does not fit. */
bool mech_parse_whole(const char *text, size_t length, uint64_t *number);

/* Steps through a list with commas, which may be empty words: *word[*length] is the next one, *list what stands behind
 * its comma, NULL behind the last word. False where *list is NULL. */
bool mech_next_word(const char **list, const char **word, size_t *length);

/* How many words a list has: one more than commas. */
size_t mech_count_words(const char *list);

/* The length of the UTF-8 character that characters[length] begins with (RFC 3629), 0 where it begins with none. */
size_t mech_utf8_character(const char *characters, size_t length);

/* Takes bytes out of a text that are no whole UTF-8 characters, as cutting it leaves them behind. */
void mech_drop_broken_characters(char *characters);

#endif
