/* A mechanism while it is read from a mechanism file: what was said so far, and where. */
#ifndef MECH_CHEMISTRY_PARSER_DRAFT_H
#define MECH_CHEMISTRY_PARSER_DRAFT_H

#include "base/error.h"
#include "chemistry/mechanism.h"

typedef struct place {
    int line, column;
} place;

typedef struct draft_species {
    place first; /* where the name was met first */
    place start; /* where its start amount was said */
    place drawn; /* where the range was said that designs draw it from */
    bool has_role, has_units, has_start;
} draft_species;

typedef struct draft {
    const char *source;
    mech_error *error;
    mech_mechanism mechanism; /* substrate, product and catalyst are -1 until they are known */
    draft_species species[MAX_SPECIES];
    place reactions[MAX_REACTIONS];
    place rate_constants[MAX_RATE_CONSTANTS];
} draft;

/* Reports "source:line:column: ..."; returns false. */
PRINTF_LIKE(3, 4) bool mech_draft_wrong(const draft *d, place where, const char *format, ...);

/* Fills in what the file leaves to be inferred (who is substrate, product and catalyst, catalyst units, roles) and puts
 * substrate, product and catalyst first. False after a message. */
bool mech_draft_complete(draft *d);

#endif
