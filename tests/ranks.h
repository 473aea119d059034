/* Ranks of true numbers in their posteriors, for tests and benches of fits: uniform if posteriors are right. */
#ifndef MECH_TESTS_RANKS_H
#define MECH_TESTS_RANKS_H

#include <math.h>
#include <stddef.h>
#include <stdio.h>

enum { RANK_BINS = 10 };

typedef struct ranks {
    size_t n, bins[RANK_BINS], covered; /* covered: within 95 % about the median */
} ranks;

static void add_rank(ranks *r, double below) {
    r->bins[below >= 1 ? RANK_BINS - 1 : (size_t)(below * RANK_BINS)]++;
    r->covered += below >= 0.025 && below <= 0.975;
    r->n++;
}

static inline void join_ranks(ranks *to, const ranks *from) {
    for (size_t b = 0; b < RANK_BINS; b++) to->bins[b] += from->bins[b];
    to->covered += from->covered;
    to->n += from->n;
}

static double chi2_of(const ranks *r) {
    const double expected = (double)r->n / RANK_BINS;
    double chi2 = 0;
    for (size_t b = 0; b < RANK_BINS && r->n; b++)
        chi2 += ((double)r->bins[b] - expected) * ((double)r->bins[b] - expected) / expected;
    return chi2;
}

/* How probable a larger chi2 is, by Wilson & Hilferty's cube root (Proc. Natl. Acad. Sci. 17 (1931) 684). */
static double p_of_ranks(const ranks *r) {
    const double freedom = RANK_BINS - 1, v = 2 / (9 * freedom);
    return 0.5 * erfc((cbrt(chi2_of(r) / freedom) - (1 - v)) / sqrt(2 * v));
}

static inline void print_ranks(const char *mechanism, const char *name, const ranks *r) {
    printf("%-4s %-10s", mechanism, name);
    for (size_t b = 0; b < RANK_BINS; b++) printf(" %3zu", r->bins[b]);
    printf("  chi2 %5.1f p %.3f covered %.3f of %zu\n", chi2_of(r), p_of_ranks(r), (double)r->covered / (double)r->n,
           r->n);
}

#endif
