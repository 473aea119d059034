/* What a kineticist would plot of a run, computed from its raw columns t, S, P and its catalyst loading: the inputs of
 * the networks that read kinetics. Times are in the unit of the samples, concentrations in units of [S]0. */
#ifndef MECH_LEARN_KINETICS_H
#define MECH_LEARN_KINETICS_H

enum { KINETICS_COLUMNS = 10 };

#endif
