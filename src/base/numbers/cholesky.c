#include "base/numbers/cholesky.h"

#include <math.h>

bool mech_cholesky(size_t n, double *a) {
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
            if (i == j && !(sum > 0)) return false;
            a[i * n + j] = i == j ? sqrt(sum) : sum / a[j * n + j];
        }
    }
    return true;
}

void mech_cholesky_solve(size_t n, const double *a, double *b) {
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) b[i] -= a[i * n + k] * b[k];
        b[i] /= a[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++) b[i] -= a[k * n + i] * b[k];
        b[i] /= a[i * n + i];
    }
}

double mech_cholesky_log_determinant(size_t n, const double *a) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += 2 * log(a[i * n + i]);
    return sum;
}
