/* What fits a terminal, and which word was meant. */
#ifndef MECH_CLI_TERMINAL_TERMINAL_H
#define MECH_CLI_TERMINAL_TERMINAL_H

#include <stddef.h>
#include <stdio.h>

/* The columns of the terminal behind a file descriptor, as they are now; 80 where it does not say. */
size_t terminal_width(int descriptor);

/* Prints words, broken at blanks so that they fit the terminal behind the stream. The first line is already `used`
 * columns long; the following ones begin with `indent` blanks. Where the stream is no terminal, words are left as they
 * are. */
void print_wrapped(FILE *stream, size_t used, size_t indent, const char *words);

/* The word that a misspelt one was meant to be, of those that name_at(context, 0), ... gives until NULL: fewer than a
 * third of its letters differ. NULL: none. */
const char *meant_word(const char *word, const char *(*name_at)(const void *context, size_t index),
                       const void *context);

#endif
