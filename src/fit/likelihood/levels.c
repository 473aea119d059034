#include "fit/likelihood/levels.h"

#include <math.h>
#include <string.h>

/* Levels that differ in the spreads of runs' errors are worked on side by side, so many at a time. */
enum { LANES = 8, MOST_LEFT = SHARED_ERRORS + FIT_MOST_THETA, TRIANGLE = MOST_LEFT * (MOST_LEFT + 1) / 2 };

static size_t in_triangle(size_t k, size_t l) { return k >= l ? k * (k + 1) / 2 + l : l * (l + 1) / 2 + k; }

/* Minus ln of likelihood and prior, runs' errors integrated out, as a function of how far shared errors and theta are
 * from the point: c + g'x + x'h x / 2. */
typedef struct quadratic {
    double c[LANES], g[MOST_LEFT][LANES], h[TRIANGLE][LANES];
} quadratic;

/* What is the same whatever the spreads are: the quadratic with the runs' errors at their means, in c[0], g[.][0]. */
static void begin(const fit_space *s, const error_normal *normal, const double *errors, quadratic *q) {
    const size_t n = normal->n, m = n - RUN_ERRORS;
    double c = 0, g[MOST_LEFT] = {0}, h[TRIANGLE] = {0};
    for (size_t r = 0; r < s->data->n_runs; r++) {
        const double *b = normal->slope + r * n, *a = normal->curvature + r * n * n, *away = errors + r * RUN_ERRORS;
        for (size_t j = 0; j < RUN_ERRORS; j++) {
            c -= b[j] * away[j];
            for (size_t k = 0; k < RUN_ERRORS; k++) c += away[j] * a[j * n + k] * away[k] / 2;
        }
        for (size_t k = 0; k < m; k++) {
            g[k] += b[RUN_ERRORS + k];
            for (size_t j = 0; j < RUN_ERRORS; j++) g[k] -= a[(RUN_ERRORS + k) * n + j] * away[j];
            for (size_t l = 0; l <= k; l++) h[in_triangle(k, l)] += a[(RUN_ERRORS + k) * n + RUN_ERRORS + l];
        }
    }
    for (size_t lane = 0; lane < LANES; lane++) {
        q->c[lane] = c;
        for (size_t k = 0; k < m; k++) q->g[k][lane] = g[k];
        for (size_t i = 0; i < in_triangle(m, 0); i++) q->h[i][lane] = h[i];
    }
}

/* Cholesky factor of a[n][n][LANES] in place, lower triangle; determinants are multiplied by those of a. */
static void factorise(size_t n, size_t stride, double (*a)[LANES], double *determinant) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double *to = a[i * stride + j];
            for (size_t k = 0; k < j; k++)
                for (size_t lane = 0; lane < LANES; lane++)
                    to[lane] -= a[i * stride + k][lane] * a[j * stride + k][lane];
            for (size_t lane = 0; lane < LANES && j < i; lane++) to[lane] *= a[j * stride + j][lane];
            for (size_t lane = 0; lane < LANES && j == i; lane++) {
                determinant[lane] *= to[lane];
                to[lane] = 1 / sqrt(to[lane]); /* diagonals are inverses */
            }
        }
}

/* Solves L x = b; of b a number stands every `step`. */
static void solve_lower(size_t n, size_t stride, double (*a)[LANES], double (*b)[LANES], size_t step) {
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            for (size_t lane = 0; lane < LANES; lane++)
                b[i * step][lane] -= a[i * stride + k][lane] * b[k * step][lane];
        for (size_t lane = 0; lane < LANES; lane++) b[i * step][lane] *= a[i * stride + i][lane];
    }
}

static void take_logarithm(double *determinant, double *c) {
    for (size_t lane = 0; lane < LANES; lane++) {
        c[lane] += log(determinant[lane]) / 2;
        determinant[lane] = 1;
    }
}

/* Integrates over the errors of one run with spreads d[RUN_ERRORS][LANES]. */
static void eliminate_run(const error_normal *normal, size_t r, const double *errors, double (*d)[LANES],
                          double *determinant, quadratic *q) {
    const size_t n = normal->n, m = n - RUN_ERRORS;
    const double *b = normal->slope + r * n, *g = normal->curvature + r * n * n, *away = errors + r * RUN_ERRORS;
    double a[RUN_ERRORS * RUN_ERRORS][LANES], pull[RUN_ERRORS][LANES], coupling[RUN_ERRORS * MOST_LEFT][LANES];
    /* Errors that change no reading of the run are left to their prior. */
    size_t of[RUN_ERRORS], n_own = 0;
    for (size_t j = 0; j < RUN_ERRORS; j++)
        if (g[j * n + j] > 0) of[n_own++] = j;
    for (size_t i = 0; i < n_own; i++) {
        const size_t j = of[i];
        double moved = b[j];
        for (size_t k = 0; k < RUN_ERRORS; k++) moved -= g[j * n + k] * away[k];
        for (size_t lane = 0; lane < LANES; lane++) pull[i][lane] = d[j][lane] * moved;
        for (size_t k = 0; k <= i; k++)
            for (size_t lane = 0; lane < LANES; lane++)
                a[i * RUN_ERRORS + k][lane] = d[j][lane] * g[j * n + of[k]] * d[of[k]][lane] + (i == k);
        for (size_t k = 0; k < m; k++)
            for (size_t lane = 0; lane < LANES; lane++)
                coupling[i * m + k][lane] = d[j][lane] * g[j * n + RUN_ERRORS + k];
    }
    factorise(n_own, RUN_ERRORS, a, determinant);
    solve_lower(n_own, RUN_ERRORS, a, pull, 1);
    for (size_t k = 0; k < m; k++) solve_lower(n_own, RUN_ERRORS, a, coupling + k, m);
    for (size_t j = 0; j < n_own; j++) {
        for (size_t lane = 0; lane < LANES; lane++) q->c[lane] -= pull[j][lane] * pull[j][lane] / 2;
        for (size_t k = 0; k < m; k++) {
            const double *own = coupling[j * m + k];
            for (size_t lane = 0; lane < LANES; lane++) q->g[k][lane] -= own[lane] * pull[j][lane];
            for (size_t l = 0; l <= k; l++)
                for (size_t lane = 0; lane < LANES; lane++)
                    q->h[in_triangle(k, l)][lane] -= own[lane] * coupling[j * m + l][lane];
        }
    }
}

/* Integrates over theta, which stands behind the shared errors. */
static void eliminate_theta(size_t n_theta, const double *slope, const double *curvature, quadratic *q) {
    double a[FIT_MOST_THETA * FIT_MOST_THETA][LANES], pull[FIT_MOST_THETA][LANES];
    double coupling[FIT_MOST_THETA * SHARED_ERRORS][LANES], determinant[LANES];
    for (size_t j = 0; j < n_theta; j++) {
        const size_t at = SHARED_ERRORS + j;
        for (size_t lane = 0; lane < LANES; lane++) pull[j][lane] = q->g[at][lane] + slope[j];
        for (size_t k = 0; k <= j; k++)
            for (size_t lane = 0; lane < LANES; lane++)
                a[j * n_theta + k][lane] = q->h[in_triangle(at, SHARED_ERRORS + k)][lane] + curvature[j * n_theta + k];
        for (size_t k = 0; k < SHARED_ERRORS; k++)
            memcpy(coupling[j * SHARED_ERRORS + k], q->h[in_triangle(at, k)], sizeof coupling[0]);
    }
    for (size_t lane = 0; lane < LANES; lane++) determinant[lane] = 1;
    factorise(n_theta, n_theta, a, determinant);
    take_logarithm(determinant, q->c);
    solve_lower(n_theta, n_theta, a, pull, 1);
    for (size_t k = 0; k < SHARED_ERRORS; k++) solve_lower(n_theta, n_theta, a, coupling + k, SHARED_ERRORS);
    for (size_t lane = 0; lane < LANES; lane++) q->c[lane] -= (double)n_theta / 2 * log(2 * acos(-1));
    for (size_t j = 0; j < n_theta; j++) {
        for (size_t lane = 0; lane < LANES; lane++) q->c[lane] -= pull[j][lane] * pull[j][lane] / 2;
        for (size_t k = 0; k < SHARED_ERRORS; k++) {
            const double *own = coupling[j * SHARED_ERRORS + k];
            for (size_t lane = 0; lane < LANES; lane++) q->g[k][lane] -= own[lane] * pull[j][lane];
            for (size_t l = 0; l <= k; l++)
                for (size_t lane = 0; lane < LANES; lane++)
                    q->h[in_triangle(k, l)][lane] -= own[lane] * coupling[j * SHARED_ERRORS + l][lane];
        }
    }
}

/* Integrates over the shared errors under one level of theirs: ln of the integral in each lane. */
static void eliminate_shared(const fit_space *s, const double *errors, const error_spreads *level, const quadratic *q,
                             double *logarithm) {
    const double *at = errors + s->data->n_runs * RUN_ERRORS, *d = level->spread + RUN_ERRORS;
    double a[SHARED_ERRORS * SHARED_ERRORS][LANES], pull[SHARED_ERRORS][LANES], c[LANES], determinant[LANES];
    double away[SHARED_ERRORS];
    size_t of[SHARED_ERRORS], n = 0; /* those with a spread */
    for (size_t k = 0; k < SHARED_ERRORS; k++) {
        away[k] = level->mean[RUN_ERRORS + k] - at[k];
        if (d[k] > 0) of[n++] = k;
    }
    for (size_t lane = 0; lane < LANES; lane++) {
        c[lane] = q->c[lane];
        determinant[lane] = 1;
    }
    for (size_t k = 0; k < SHARED_ERRORS; k++)
        for (size_t lane = 0; lane < LANES && away[k] != 0; lane++) {
            double moved = q->g[k][lane];
            for (size_t l = 0; l < SHARED_ERRORS; l++) moved += q->h[in_triangle(k, l)][lane] * away[l] / 2;
            c[lane] += moved * away[k];
        }
    for (size_t i = 0; i < n; i++) {
        const size_t k = of[i];
        memcpy(pull[i], q->g[k], sizeof pull[i]);
        for (size_t l = 0; l < SHARED_ERRORS; l++)
            for (size_t lane = 0; lane < LANES; lane++) pull[i][lane] += q->h[in_triangle(k, l)][lane] * away[l];
        for (size_t lane = 0; lane < LANES; lane++) pull[i][lane] *= d[k];
        for (size_t l = 0; l <= i; l++)
            for (size_t lane = 0; lane < LANES; lane++)
                a[i * SHARED_ERRORS + l][lane] = d[k] * q->h[in_triangle(k, of[l])][lane] * d[of[l]] + (i == l);
    }
    factorise(n, SHARED_ERRORS, a, determinant);
    take_logarithm(determinant, c);
    solve_lower(n, SHARED_ERRORS, a, pull, 1);
    for (size_t k = 0; k < n; k++)
        for (size_t lane = 0; lane < LANES; lane++) c[lane] -= pull[k][lane] * pull[k][lane] / 2;
    for (size_t lane = 0; lane < LANES; lane++) logarithm[lane] = isfinite(c[lane]) ? -c[lane] : -INFINITY;
}

/* Runs between two logarithms of the determinant, so that it stays within the range of numbers. */
enum { RUNS_A_LOGARITHM = 4 };

double mech_error_sum(const fit_space *s, const error_normal *normal, const double *errors, const error_levels *levels,
                      const double *slope, const double *curvature, double *terms) {
    const size_t n_theta = normal->n - FIT_ERRORS, n_shared = levels->n_shared, n_own = levels->n / n_shared;
    double own_terms[MOST_LEVELS], *all = terms ? terms : own_terms, most = -INFINITY, sum = 0;
    quadratic same, q;
    begin(s, normal, errors, &same);
    for (size_t first = 0; first < n_own; first += LANES) {
        double d[RUN_ERRORS][LANES], determinant[LANES], logarithm[LANES];
        for (size_t lane = 0; lane < LANES; lane++) {
            /* Lanes behind the last level repeat it. */
            const size_t own = first + lane < n_own ? first + lane : n_own - 1;
            for (size_t j = 0; j < RUN_ERRORS; j++) d[j][lane] = levels->level[own * n_shared].spread[j];
            determinant[lane] = 1;
        }
        q = same;
        for (size_t r = 0; r < s->data->n_runs; r++) {
            eliminate_run(normal, r, errors, d, determinant, &q);
            if (r % RUNS_A_LOGARITHM == RUNS_A_LOGARITHM - 1) take_logarithm(determinant, q.c);
        }
        take_logarithm(determinant, q.c);
        if (n_theta) eliminate_theta(n_theta, slope, curvature, &q);
        for (size_t k = 0; k < n_shared; k++) {
            eliminate_shared(s, errors, &levels->level[first * n_shared + k], &q, logarithm);
            for (size_t lane = 0; lane < LANES && first + lane < n_own; lane++) {
                const size_t l = (first + lane) * n_shared + k;
                all[l] = logarithm[lane] + levels->level[l].log_weight;
                most = fmax(most, all[l]);
            }
        }
    }
    if (!(most > -INFINITY)) return -INFINITY;
    for (size_t l = 0; l < levels->n; l++) sum += exp(all[l] - most);
    return most + log(sum);
}

/* The share of one set of runs' spreads, summed over the shared ones. */
static double own_share(const error_levels *levels, const double *shares, size_t own) {
    double sum = 0;
    for (size_t k = 0; k < levels->n_shared; k++) sum += shares[own * levels->n_shared + k];
    return sum;
}

void mech_error_levels_keep(const error_levels *levels, size_t n_lists, const double *shares, double nats,
                            error_levels *kept) {
    const size_t n_own = levels->n / levels->n_shared;
    bool matters[MOST_LEVELS] = {false};
    for (size_t i = 0; i < n_lists; i++) {
        double most = 0;
        for (size_t own = 0; own < n_own; own++) most = fmax(most, own_share(levels, shares + i * levels->n, own));
        for (size_t own = 0; own < n_own; own++)
            matters[own] |= own_share(levels, shares + i * levels->n, own) >= most * exp(-nats);
    }
    kept->n = 0;
    kept->n_shared = levels->n_shared;
    for (size_t own = 0; own < n_own; own++)
        for (size_t k = 0; k < levels->n_shared && matters[own]; k++)
            kept->level[kept->n++] = levels->level[own * levels->n_shared + k];
}
