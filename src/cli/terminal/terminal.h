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

/* How many letters are to be changed, added, left out or exchanged with their neighbour to make one word of another
 * (Damerau, Commun. ACM 7 (1964) 171); words of up to 255 letters. */
size_t letters_apart(const char *a, const char *b);

#endif
