/* The options by which a user helps to read kinetic tables; for every command that reads them. */
#ifndef MECH_CLI_READING_EXPERIMENT_OPTIONS_H
#define MECH_CLI_READING_EXPERIMENT_OPTIONS_H

#include "cli/options/options.h"

enum { MOST_START_VALUES = 1000 };

/* What stands on the command line; starts as {0}. */
typedef struct experiment_words {
    const char *columns, *runs, *s0, *p0, *b0, *cat0, *unit, *basis, *response;
    bool together, apart;
} experiment_words;

#define EXPERIMENT_OPTIONS(words)                                                                                      \
    {"--columns", OPTION_TEXT, &(words).columns, "LIST", "which column is what: time=1,S=Silane,P=Silanol,B=H2O"},     \
        {"--runs", OPTION_TEXT, &(words).runs, "A,B,...", "the runs to use, by name or number (default: all)"},        \
        {"--s0", OPTION_TEXT, &(words).s0, "C1,C2,...", "[S]0 by run, or one for all: 0.5, '0.5 M', 250mM"},           \
        {"--p0", OPTION_TEXT, &(words).p0, "C1,C2,...", "[P]0 in the same way (default: as measured, else 0)"},        \
        {"--b0", OPTION_TEXT, &(words).b0, "C1,C2,...", "[B]0 of a second reactant in the same way"},                  \
        {"--cat0", OPTION_TEXT, &(words).cat0, "C1,C2,...", "the catalyst in the same way; '1 mol %' and 'mM', too"},  \
        {"--unit", OPTION_TEXT, &(words).unit, "LIST", "units that headers do not name: time=min,S=mM"},               \
        {"--loading-basis", OPTION_TEXT, &(words).basis, "WORD", "what mol % count from: standard or own [S]0"},       \
        {"--response", OPTION_TEXT, &(words).response, "LIST", "factors of areas: S=2.1e-6,P=1.9e-6,standard=0.05"},   \
        {"--together", OPTION_FLAG, &(words).together, NULL, "all files are one experiment"}, {                        \
        "--apart", OPTION_FLAG, &(words).apart, NULL, "each file is an experiment, also where it holds one run"        \
    }

/* mech_experiment_options with the room for their numbers. */
typedef struct experiment_reading {
    mech_experiment_options options;
    double s0[MOST_START_VALUES], p0[MOST_START_VALUES], b0[MOST_START_VALUES], cat0[MOST_START_VALUES];
    char units[4][4096]; /* of s0, p0, b0 and cat0 */
    bool together, apart;
} experiment_reading;

/* Reads the lists. Returns -1 to go on, or the exit status after a message about wrong usage. */
int understand_experiment_words(const char *command, const experiment_words *words, experiment_reading *reading);

/* Whether several files are read as one experiment: where the user says so, or where each of them holds a single run.
 */
bool are_one_experiment(const experiment_reading *reading, const char *const *paths, size_t n);

#endif
