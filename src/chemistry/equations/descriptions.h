/* A mechanism's table in the words of a chemist, one writer for each format that mech_mechanism_describe() hands out.
 */
#ifndef MECH_CHEMISTRY_EQUATIONS_DESCRIPTIONS_H
#define MECH_CHEMISTRY_EQUATIONS_DESCRIPTIONS_H

#include "chemistry/equations/equations.h"

void mech_write_text(text *t, const mech_mechanism *mechanism);
void mech_write_latex(text *t, const mech_mechanism *mechanism);
mech_status mech_write_json(const mech_mechanism *mechanism, char **json, mech_error *error);

#endif
