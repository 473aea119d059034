#include "base/numbers/quantiles.h"

#include <math.h>
#include <stdlib.h>

static int compare_numbers(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void mech_sort_numbers(size_t n, double *numbers) {
    if (n) qsort(numbers, n, sizeof *numbers, compare_numbers);
}

double mech_quantile(size_t n, const double *sorted, double q) {
    if (!n) return NAN;
    const double place = q * (double)(n - 1);
    const size_t below = (size_t)place, above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (place - (double)below) * (sorted[above] - sorted[below]);
}
