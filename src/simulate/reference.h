/* SUNDIALS CVODE (Hindmarsh et al., ACM TOMS 31, 363-396 (2005), doi 10.1145/1089014.1089020): the reference that the
 * library's own solver is held against. */
#ifndef MECH_SIMULATE_REFERENCE_H
#define MECH_SIMULATE_REFERENCE_H

#include "mechanist.h"

/* mech_simulate() for problems first, ..., first + count - 1, one after another on the calling thread: BDF, dense
 * linear algebra with the analytic Jacobian, memory used again from problem to problem. */
mech_status mech_reference_simulate(const mech_mechanism *mechanism, const mech_solver_options *options,
                                    const mech_problems *problems, size_t first, size_t count, double *y,
                                    mech_solver_statistics *statistics, mech_error *error);

#endif
