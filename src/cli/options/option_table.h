/* Options of a command, declared as a table from which the parser, --help and completion are made. */
#ifndef MECH_CLI_OPTIONS_OPTION_TABLE_H
#define MECH_CLI_OPTIONS_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum option_kind {
    OPTION_FLAG,    /* bool: --json */
    OPTION_TEXT,    /* const char *: --data DATA.h5 */
    OPTION_LIST,    /* text_list: --mechanism-file FILE, as often as there are files */
    OPTION_OUTPUT,  /* const char *: a file that the command writes; none that it reads */
    OPTION_RENEWED, /* const char *: a file that it reads and may write anew: calibrate --model MODEL */
    OPTION_NUMBER,  /* double */
    OPTION_WHOLE,   /* uint64_t */
    OPTION_COUNT,   /* uint64_t, 1 or more; the default may be 0 */
    OPTION_THREADS  /* int, 1 to 1024 */
} option_kind;

/* The values of an option that may be given again. */
enum { MOST_LISTED = 256 };
typedef struct text_list {
    size_t n;
    const char *texts[MOST_LISTED];
} text_list;

typedef struct option {
    const char *name; /* "--json", or "-o" */
    option_kind kind;
    void *value;          /* where the value goes; holds the default before */
    const char *argument; /* what --help calls the value: "FILE"; NULL for a flag */
    const char *help;     /* where the value is one of a few words, just these: "batch or cvode (default: batch)" */
} option;

typedef struct command_line {
    const char *usage;   /* "mechanist simulate ID --k K1,K2,... [options]" */
    const char *summary; /* a paragraph for --help */
    const option *options;
    size_t n_options;
    size_t least_arguments, most_arguments; /* how many arguments that are no options */
} command_line;

/* What an option of one of the three kinds of text that are given once holds; NULL where it was not given, and for the
 * other kinds. */
const char *text_of_option(const option *o);
bool is_text_option(const option *o);

/* The option of that name[length]; NULL where the command has none. */
const option *find_option(const command_line *line, const char *name, size_t length);

#endif
