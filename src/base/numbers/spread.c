#include "base/numbers/spread.h"

#include "base/numbers/quantiles.h"

/* The median of the absolute value of a standard normal. */
static const double NORMAL_MEDIAN = 0.6744897501960817;

double mech_robust_deviation(size_t n, double *sizes) {
    mech_sort_numbers(n, sizes);
    return mech_quantile(n, sizes, 0.5) / NORMAL_MEDIAN;
}
