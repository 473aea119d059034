/* A mechanism that is put together from built-in parts. */
#ifndef MECH_CHEMISTRY_COMPOSITION_ASSEMBLY_H
#define MECH_CHEMISTRY_COMPOSITION_ASSEMBLY_H

#include "chemistry/composition/parts.h"

/* Where the slots of a mechanism are: its species of each, -1 where it has none. */
typedef struct slot_species {
    int of[SLOT_OWN];
} slot_species;

/* Puts together the parts chosen[N_ROWS], NULL for none; there is a cycle, and the parts go together. `coefficient` is
 * that of the second reactant. The id is the parts' names; a single choice is the built-in mechanism of that name,
 * field by field. `slots` may be NULL. */
void mech_assemble(const part *const *chosen, double coefficient, mech_mechanism *mechanism, slot_species *slots);

/* Writes "B2+PI+M9" into id[MAX_ID]: the cycle M1 is left out where the first other name is that of an M. */
void mech_name_composition(const part *const *chosen, char *id);

/* Fills chosen[N_ROWS] with the built-in parts that the mechanism was composed of, whatever its coefficient; false
 * where it was not, or not of them alone. */
bool mech_decompose(const mech_mechanism *mechanism, const part **chosen);

#endif
