/* What could stand next on a command line, for the completion of shells (completions/). It is read from the tables from
 * which commands parse their options and print --help, so a new option needs nothing here. */
#ifndef MECH_CLI_OPTIONS_COMPLETION_H
#define MECH_CLI_OPTIONS_COMPLETION_H

#include "cli/options/option_table.h"

#include <stdbool.h>

/* How the program is asked: `mechanist --complete WORD...`, the last word being the one that the user is typing. */
#define COMPLETION_WORD "--complete"

/* Prints "WORD" or, with a tab between, "WORD DESCRIPTION" on standard output, a line for each word that begins as the
 * last of words[n] does, and a line "FILE" where a file's name can stand. words[] are those behind the command. */
void complete_command_line(const command_line *line, int n, char **words);

/* Prints one candidate as above where it begins with `typed`. `description` may be NULL; its first line is printed. */
void offer_word(const char *typed, const char *word, const char *description);

#endif
