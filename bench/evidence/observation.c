#include "observation.h"

#include "data/samples/sample.h"

#include <math.h>
#include <string.h>

double log_sum(double a, double b) {
    const double high = fmax(a, b);
    return isinf(high) ? high : high + log(exp(a - high) + exp(b - high));
}

/* Which n of the 20 later readings were kept is not known, but it is the same for all runs, each set with the same
 * chance. With ranks i(1) < ... < i(n) a run's kept times have the density of order statistics, 19! / W^19 times a
 * factor gap^m / m! for each gap with m = i(j) - i(j - 1) - 1 readings dropped. This adds up the factors of all runs
 * over all sets by their last rank; constants that all mechanisms share are left out. */
static void add_up_ways(observation *o) {
    double before[MOST_READINGS], now[MOST_READINGS];
    for (size_t k = 0; k < MOST_READINGS; k++) now[k] = k ? -INFINITY : 0;
    for (size_t j = 1; j < o->n_times; j++) {
        double log_gaps = 0;
        for (size_t run = 0; run < N_RUNS; run++) log_gaps += log(fmax(o->times[run][j] - o->times[run][j - 1], 1e-12));
        memcpy(before, now, sizeof before);
        for (size_t k = 0; k < MOST_READINGS; k++) {
            now[k] = -INFINITY;
            for (size_t from = 0; from < k; from++) {
                const double m = (double)(k - from - 1);
                now[k] = log_sum(now[k], before[from] + m * log_gaps - N_RUNS * lgamma(m + 1));
            }
        }
    }
    memcpy(o->log_ways, now, sizeof now);
}

/* A single-precision share of up to DENSE_TIMES is off by less. */
static const double ROUNDING = 1e-3;

static bool are_on_the_grid(const double *shares, size_t n, double last) {
    for (size_t j = 1; j < n; j++)
        if (!(fabs(shares[j] * last - rint(shares[j] * last)) < ROUNDING)) return false;
    return true;
}

/* Design fixed-window takes its times from a grid, so that their ratios tell, up to common factors, which they were.
 * All sets of as many times of the grid have the same chance. */
static void restore_units(observation *o, size_t run) {
    size_t n = 0;
    for (size_t last = DENSE_TIMES - 1; last + 1 >= o->n_times && n < MOST_UNITS; last--)
        if (are_on_the_grid(o->times[run], o->n_times, (double)last))
            o->units[run][n++] = (double)last * LAST_TIME / (DENSE_TIMES - 1);
    o->n_units[run] = n;
}

void observation_prepare(observation *o) {
    if (o->design == MECH_DESIGN_NATURE)
        add_up_ways(o);
    else
        for (size_t run = 0; run < N_RUNS; run++) restore_units(o, run);
}
