/* A network's table in the words of a chemist, one writer for each format that mech_network_describe() hands out. */
#ifndef MECH_CHEMISTRY_DESCRIPTIONS_H
#define MECH_CHEMISTRY_DESCRIPTIONS_H

#include "chemistry/equations.h"

void write_text(text *t, const mech_network *network);
void write_latex(text *t, const mech_network *network);
mech_status write_json(const mech_network *network, char **json, mech_error *error);

#endif
