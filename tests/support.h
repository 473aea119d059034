/* What test programs of several modules say. To be included behind cmocka.h. */
#ifndef MECH_TESTS_SUPPORT_H
#define MECH_TESTS_SUPPORT_H

#include <math.h>

/* Whether a number is another within a tolerance; NaN is none. */
static inline void assert_near(double value, double expected, double tolerance) {
    if (!(fabs(value - expected) <= tolerance)) fail_msg("%.17g is not %.17g +- %g", value, expected, tolerance);
}

/* Memory that a test needs. */
static inline void *check(void *memory) {
    if (!memory) fail_msg("out of memory");
    return memory;
}

#endif
