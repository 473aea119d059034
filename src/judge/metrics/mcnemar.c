/* McNemar's test. */
#include "base/interface.h"

#include "mechanist.h"

#include <math.h>

enum { FEWEST_FOR_CHI_SQUARED = 25 };

static bool is_right(size_t n_labels, const float *p, size_t truth) {
    size_t best = 0;
    for (size_t c = 1; c < n_labels; c++)
        if (p[c] > p[best]) best = c;
    return best == truth;
}

/* Twice the chance of at most `fewer` heads in n tosses of a fair coin, n small. */
static double binomial_p_value(uint64_t fewer, uint64_t n) {
    double term = ldexp(1, -(int)n), sum = 0; /* C(n, k) / 2^n, k from 0 on */
    for (uint64_t k = 0; k <= fewer; k++) {
        sum += term;
        term *= (double)(n - k) / (double)(k + 1);
    }
    return fmin(1, 2 * sum);
}

static mech_mcnemar compare(size_t n, size_t n_labels, const float *first, const float *second, const uint8_t *labels) {
    mech_mcnemar m = {.statistic = NAN};
    for (size_t i = 0; i < n; i++) {
        const bool a = is_right(n_labels, first + i * n_labels, labels[i]);
        const bool b = is_right(n_labels, second + i * n_labels, labels[i]);
        m.both += a && b;
        m.only_first += a && !b;
        m.only_second += !a && b;
        m.neither += !a && !b;
    }
    const uint64_t fewer = m.only_first < m.only_second ? m.only_first : m.only_second;
    const uint64_t more = m.only_first + m.only_second - fewer;
    m.exact = fewer + more < FEWEST_FOR_CHI_SQUARED;
    if (m.exact) {
        m.p_value = binomial_p_value(fewer, fewer + more);
        return m;
    }
    /* Where both are as often right alone the correction would overshoot the difference. */
    const double difference = fmax(0, (double)(more - fewer) - 1);
    m.statistic = difference * difference / (double)(more + fewer);
    m.p_value = erfc(sqrt(m.statistic / 2)); /* the chi-squared distribution's upper tail, one degree of freedom */
    return m;
}

mech_status mech_compare(size_t n, size_t n_labels, const float *first, const float *second, const uint8_t *labels,
                         mech_mcnemar *comparison, mech_error *error) {
    const mech_mcnemar m = compare(n, n_labels, first, second, labels);
    return mech_give_result(comparison, &m, sizeof m, "mech_mcnemar", error);
}
