/* One experiment after the other: what all commands that read kinetic tables do. */
#ifndef MECH_CLI_READING_EACH_EXPERIMENT_H
#define MECH_CLI_READING_EACH_EXPERIMENT_H

#include "base/files/text.h"
#include "cli/reading/experiment_options.h"

enum { MOST_FILES = 4096 };

/* The files that a command line names, and how they are read. */
typedef struct experiment_files {
    size_t n;
    const char *paths[MOST_FILES];
    experiment_reading reading;
} experiment_files;

/* Parses the command line of such a command. Returns -1 to go on, or the exit status. The caller frees *files with
 * free(), in any case. */
int parse_experiment_files(const command_line *line, int argc, char **argv, experiment_files **files);

/* What a command does with one experiment, in one file or several. *t receives what is to be printed; files of its own
 * it writes itself. */
typedef mech_status (*experiment_work)(const void *request, const experiment_reading *reading, const char *const *paths,
                                       size_t n, text *t, mech_error *error);

typedef struct experiment_round {
    const char *command; /* for messages */
    experiment_work work;
    const void *request;    /* handed to it */
    bool lines;             /* each prints one line (JSON); else a blank line parts them */
    const char *for_one[5]; /* options that were given and name one file, which several experiments would share; NULL:
                               none */
} experiment_round;

/* Does the work for each experiment of the files and prints what it says; one that cannot be used does not keep the
 * others from theirs. Returns the exit status. */
int each_experiment(const experiment_round *round, const experiment_files *files);

#endif
