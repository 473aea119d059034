/* The options by which a user helps to read a kinetic table; for every command that reads one. */
#ifndef MECH_CLI_CLASSIFY_EXPERIMENT_OPTIONS_H
#define MECH_CLI_CLASSIFY_EXPERIMENT_OPTIONS_H

#include "cli/options/options.h"

enum { MOST_START_VALUES = 64 };

/* What stands on the command line; starts as {0}. */
typedef struct experiment_words {
    const char *s0, *p0, *columns;
} experiment_words;

#define EXPERIMENT_OPTIONS(words)                                                                                      \
    {"--columns", OPTION_TEXT, &(words).columns, "LIST", "which column is what: time=1,S=Silane,P=Silanol"},           \
        {"--s0", OPTION_TEXT, &(words).s0, "C1,C2,...", "[S]0 of each run, in the file's unit"}, {                     \
        "--p0", OPTION_TEXT, &(words).p0, "C1,C2,...", "[P]0 of each run (default: as measured, else 0)"               \
    }

/* mech_experiment_options with the room for their numbers. */
typedef struct experiment_reading {
    mech_experiment_options options;
    double s0[MOST_START_VALUES], p0[MOST_START_VALUES];
} experiment_reading;

/* Reads the lists. Returns -1 to go on, or the exit status after a message about wrong usage. */
int understand_experiment_words(const char *command, const experiment_words *words, experiment_reading *reading);

#endif
