#include "cli/bench/bench.h"
#include "cli/options/options.h"

#include <math.h>
#include <stdio.h>

json_t *number_or_null(double x) { return isnan(x) ? json_null() : json_real(x); }

int print_object(json_t *object) {
    const bool well = object && json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6)) == 0;
    json_decref(object);
    putchar('\n');
    return well ? EXIT_DONE : EXIT_CANNOT;
}
