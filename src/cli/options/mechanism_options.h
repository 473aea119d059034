/* The mechanisms that a command line names: an ID, --mechanisms and --mechanism-file. */
#ifndef MECH_CLI_OPTIONS_MECHANISM_OPTIONS_H
#define MECH_CLI_OPTIONS_MECHANISM_OPTIONS_H

#include "cli/options/option_table.h"
#include "mechanist.h"

/* What --help says of --mechanism-file where a model answers. */
#define MECHANISMS_HELP "a file or folder of the mechanisms that labels stand for, where the model carries none"

/* Fills an empty library with those that `ids` ("M1,M6,B2+PI") names among the built-in and the composed ones, of
 * `parts` (NULL: the built-in ones), and, behind them, those of files and folders; `ids` may be NULL and the list
 * empty. A text of the list may itself be a list "a.txt,b.txt". Returns -1 to go on, or the exit status after a
 * message. The caller frees *library in either case. */
int collect_mechanisms(const char *command, const char *ids, const mech_parts *parts, const text_list *files,
                       mech_library **library);

/* The same of mechanisms that are fitted: those of `among`, built in, composed or of the files, and, where `among`
 * names none of the files' ones, all of these besides. With `among` NULL those of the files and add_builtin_beside().
 */
int collect_fitted_mechanisms(const char *command, const char *among, const mech_parts *parts, const text_list *files,
                              mech_library **library);

/* Adds M1 to M20 but those whose id a mechanism of the library has: it is then the user's. */
mech_status add_builtin_beside(mech_library *library, mech_error *error);

/* The mechanism of an ID, built in ("M6") or composed ("B2+PI", which *composed then holds); NULL after a message. The
 * caller frees *composed in either case. */
const mech_mechanism *find_mechanism(const char *command, const char *id, const mech_parts *parts,
                                     mech_mechanism **composed);

#endif
