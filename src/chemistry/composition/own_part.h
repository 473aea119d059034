/* Parts of a user: a few lines of a mechanism file over the forms that every composition has, called `pre`, `active`,
 * `free` and `bound` (docs/composed-mechanisms.md). */
#ifndef MECH_CHEMISTRY_COMPOSITION_OWN_PART_H
#define MECH_CHEMISTRY_COMPOSITION_OWN_PART_H

#include "chemistry/composition/assembly.h"

typedef struct own_part {
    char name[MAX_NAME], row[MAX_NAME], phrase[MAX_TITLE];
    char *lines; /* without those that say name, row and title, which are empty */
    bool needs_b;
} own_part;

/* Reads a part; messages are "source:line:column: what is wrong; what was expected". The caller frees p->lines, in any
 * case. */
mech_status mech_own_part_read(const char *characters, size_t length, const char *source, own_part *p,
                               mech_error *error);

/* Adds the part to a composition whose slots are known: the caller frees *extended. */
mech_status mech_own_part_add(const own_part *p, const mech_mechanism *base, const slot_species *slots,
                              mech_mechanism **extended, mech_error *error);

#endif
