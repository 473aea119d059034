/* The names that columns have in tables of chemists, reduced to small letters and digits. */
#ifndef MECH_EXPERIMENT_WORDS_NAMES_H
#define MECH_EXPERIMENT_WORDS_NAMES_H

#include "experiment/words/header.h"

/* The role that goes with a whole name; N_COLUMN_ROLES: none that is known. */
column_role mech_known_role(const char *key);

/* What parts of a name speak for. */
column_role mech_hinted_role(const char *key, bool *by_product);

/* Columns that are no species and no condition of the reaction. */
bool mech_is_idle_name(const char *key);

/* Standard deviations and other errors of what stands beside them. */
bool mech_is_deviation_name(const char *key);

/* What is left of the catalyst or at work: "free Pd", "active catalyst". */
bool mech_is_active_name(const char *key);

/* Whether a header begins with a metal's symbol as complexes and salts do: "Cu(OAc)2 (M)", "[Rh(cod)Cl]2", "Pd/C". */
bool mech_is_metal_compound(const char *header);

/* Whether the name of a column speaks of a catalyst: "cat", "Pd total", "catalyst batch". */
bool mech_is_catalyst_name(const char *key);

/* Whether a word speaks of a catalyst: "cat", "Pd", "Katalysator". */
bool mech_is_catalyst_word(const char *word);

#endif
