/* Mechanisms as the text of mechanism files. */
#ifndef MECH_CHEMISTRY_EQUATIONS_MECHANISM_TEXT_H
#define MECH_CHEMISTRY_EQUATIONS_MECHANISM_TEXT_H

#include "base/files/text.h"
#include "chemistry/mechanism.h"

/* Appends the mechanism's text, which begins with "mechanism: ID". */
void mech_write_mechanism(text *t, const mech_mechanism *mechanism);

/* The same without the order of its rate constants, so that reactions can follow. */
void mech_write_mechanism_unordered(text *t, const mech_mechanism *mechanism);

/* Appends one clause as "shows:" takes it, without the keyword. */
void mech_write_clause(text *t, const mech_mechanism *mechanism, const shown_clause *clause);

#endif
