#include "base/numbers/gamma.h"

#include <math.h>

double mech_log_gamma_of_half(int n) {
    double sum = n % 2 ? 0.5 * log(acos(-1)) : 0;
    for (int k = n % 2 ? 1 : 2; k < n; k += 2) sum += log(0.5 * k);
    return sum;
}
