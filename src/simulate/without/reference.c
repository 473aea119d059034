/* What builds without SUNDIALS have in place of CVODE. */
#include "simulate/reference.h"
#include "base/error.h"

/* The parameters are those of the function that this stands in for, which writes through y. */
/* NOLINTBEGIN(readability-non-const-parameter) */
mech_status mech_reference_simulate(const mech_mechanism *mechanism, const mech_solver_options *options,
                                    const mech_problems *problems, size_t first, size_t count, double *y,
                                    mech_solver_statistics *statistics, mech_error *error) {
    (void)mechanism, (void)options, (void)problems, (void)first, (void)count, (void)y, (void)statistics;
    return mech_fail(error, MECH_INVALID_ARGUMENT,
                     "the solver cvode is SUNDIALS', which this build of the library is without; expected batch");
}
/* NOLINTEND(readability-non-const-parameter) */
