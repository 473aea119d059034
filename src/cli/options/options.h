/* Reading of command lines, and how commands end. */
#ifndef MECH_CLI_OPTIONS_OPTIONS_H
#define MECH_CLI_OPTIONS_OPTIONS_H

#include "cli/options/option_table.h"
#include "mechanist.h"

enum { EXIT_DONE = 0, EXIT_CANNOT = 1, EXIT_USAGE = 2 };

/* Parses argv[1...]. Both "--name value" and "--name=value" are understood, "--" ends the options, and a single "-" is
 * an argument. arguments[most_arguments] and *n_arguments receive what is no option. An output that is what the command
 * reads is refused. Returns -1 to go on, or the exit status: 0 after --help, -h or a completion
 * (cli/options/completion.h), 2 after a message about wrong usage. */
int parse_command_line(const command_line *line, int argc, char **argv, const char **arguments, size_t *n_arguments);

/* Prints "mechanist: MESSAGE" to standard error; returns EXIT_CANNOT. */
int report_error(const mech_error *error);

/* The same where memory is short. */
int report_memory(void);

/* Prints a message about wrong usage with a hint at --help; returns EXIT_USAGE. */
#if defined(__GNUC__)
__attribute__((__format__(__printf__, 2, 3)))
#endif
int report_usage(const char *command, const char *format, ...);

/* Reads "1.93,0.328,..." into numbers[most]; returns how many, or 0 where the list is empty, malformed or too long. */
size_t parse_numbers(const char *list, double *numbers, size_t most);

/* Reads a share of 0 to 1, "5%" or "0.05"; false where it is none. */
bool parse_share(const char *words, double *share);

/* The same of an option; NULL, where it was not given, leaves *share. Returns -1 to go on, or the exit status after a
 * message. */
int read_share(const char *command, const char *name, const char *words, double *share);

/* A progress object for this process: a bar with rate and time left on a terminal, plain lines otherwise, both to
 * standard error; Ctrl-C asks the work to stop. */
mech_progress terminal_progress(void);

/* Ends the bar's line. */
void terminal_progress_end(void);

#endif
