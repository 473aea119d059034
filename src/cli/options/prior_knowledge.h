/* What a chemist knows of the mechanisms before the data: --among and --prior-odds. */
#ifndef MECH_CLI_OPTIONS_PRIOR_KNOWLEDGE_H
#define MECH_CLI_OPTIONS_PRIOR_KNOWLEDGE_H

#include "mechanist.h"

typedef struct prior_knowledge {
    const char **among; /* [n_among] */
    size_t n_among;
    mech_prior_odds *odds; /* [n_odds] */
    size_t *lines;         /* [n_odds]: where in the file each stands */
    size_t n_odds;
    char *memory[2]; /* holds the ids */
} prior_knowledge;

/* Reads a list "M1,M6" and a file of lines "M6 2.5" (docs/classify.md); either may be NULL. Messages on the file are
 * "file:line: what is wrong; what was expected". prior_knowledge_free() frees what *known holds, in any case. */
mech_status prior_knowledge_read(const char *among, const char *odds_path, prior_knowledge *known, mech_error *error);

/* Refuses odds of mechanisms that there are none of to choose from, by their line in the file `odds_path`: those of the
 * model or, where that is NULL, of the library. */
mech_status prior_knowledge_check(const prior_knowledge *known, const char *odds_path, const mech_model *model,
                                  const mech_library *library, mech_error *error);

void prior_knowledge_free(prior_knowledge *known);

#endif
