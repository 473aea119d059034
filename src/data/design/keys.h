/* The keys of designs: what may stand behind each, and what holds where a design does not say it. */
#ifndef MECH_DATA_DESIGN_KEYS_H
#define MECH_DATA_DESIGN_KEYS_H

#include "data/design/design.h"

/* Sets of kinds of choices, one bit a kind. */
#define KIND(kind) (1u << (unsigned)(kind))

typedef struct design_rule {
    const char *name;
    unsigned kinds;   /* KIND()s that may stand there */
    bool yes_or_no;   /* words for 1 and 0 that may stand there instead of numbers */
    bool whole;       /* numbers are whole */
    double low, high; /* of numbers */
    bool required;
    choice otherwise; /* where it is not said */
    const char *what; /* "a number from 0 to 1", for messages */
} design_rule;

const design_rule *mech_design_rule(design_key key);

/* The key of that name[length], or N_DESIGN_KEYS. */
design_key mech_design_find_key(const char *name, size_t length);

#endif
