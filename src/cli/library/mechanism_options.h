/* The mechanisms that a command line names with --mechanisms and --mechanism-file. */
#ifndef MECH_CLI_LIBRARY_MECHANISM_OPTIONS_H
#define MECH_CLI_LIBRARY_MECHANISM_OPTIONS_H

#include "mechanist.h"

enum { MOST_MECHANISMS = 256 }; /* labels are bytes */

typedef struct mechanism_set {
    size_t n;                                          /* 0: none was named */
    const mech_mechanism *mechanisms[MOST_MECHANISMS]; /* [n], in the order of the labels */
    mech_mechanism *read[MOST_MECHANISMS];             /* [n]: those that came from files, else NULL */
} mechanism_set;

/* Fills an empty set with those that `ids` ("M1,M6") names among the library's and, behind them, those of `files`
 * ("a.txt,b.txt"); either may be NULL. Returns -1 to go on, or the exit status after a message. The caller ends with
 * free_mechanism_set() in either case. */
int collect_mechanisms(const char *command, const char *ids, const char *files, mechanism_set *set);
void free_mechanism_set(mechanism_set *set);

#endif
