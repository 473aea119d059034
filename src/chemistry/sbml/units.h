/* Units of time and concentration in the words of SBML. */
#ifndef MECH_CHEMISTRY_SBML_UNITS_H
#define MECH_CHEMISTRY_SBML_UNITS_H

#include "base/files/text.h"

/* Times are `seconds` seconds long, 0: without a unit that is known; concentrations are in 10^scale mol/L where
 * `molar`. */
typedef struct sbml_units {
    double seconds;
    bool molar;
    int scale;
} sbml_units;

sbml_units mech_sbml_units(const char *time_unit, const char *concentration_unit);

/* The ids of the units of time, amount and volume. */
const char *mech_sbml_time_unit(const sbml_units *u);
const char *mech_sbml_substance_unit(const sbml_units *u);
const char *mech_sbml_volume_unit(const sbml_units *u);

/* Writes listOfUnitDefinitions with all that models need, of rate constants up to an order. */
void mech_write_sbml_units(text *t, const sbml_units *u, int most_order);

/* The id of the unit of a concentration, and of a rate constant of an order. */
const char *mech_sbml_concentration_unit(const sbml_units *u);
void mech_write_sbml_rate_unit(text *t, const sbml_units *u, int order);

#endif
