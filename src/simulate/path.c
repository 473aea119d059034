#include "simulate/path.h"

#include <math.h>

static double cubic_at(const double *c, double s) { return c[0] + s * (c[1] + s * (c[2] + s * c[3])); }

static const double *step_cubics(const path *solution, size_t step) {
    return solution->cubic + step * (size_t)solution->n_species * 4;
}

/* Where `time` lies in its step, as a share of it. */
static double share_of_step(const path *solution, size_t step, double time) {
    const double s = (time - solution->t[step]) / (solution->t[step + 1] - solution->t[step]);
    return fmin(fmax(s, 0), 1);
}

/* The last step that begins at or before `time` (bisection). */
static size_t find_step(const path *solution, double time) {
    size_t low = 0, high = solution->n_steps;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (solution->t[middle] <= time)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void mech_path_at(const path *solution, double time, double *y) { mech_path_at_times(solution, &time, 1, y); }

void mech_path_at_times(const path *solution, const double *times, size_t n_times, double *values) {
    const size_t n = (size_t)solution->n_species;
    for (size_t i = 0, step = n_times ? find_step(solution, times[0]) : 0; i < n_times; step++) {
        const bool last = step + 1 >= solution->n_steps;
        const double from = solution->t[step], to = solution->t[step + 1], per_step = 1 / (to - from);
        const double *cubics = step_cubics(solution, step);
        for (; i < n_times && (last || times[i] < to); i++, values += n) {
            const double share = (times[i] - from) * per_step, positive = share > 0 ? share : 0;
            const double s = positive < 1 ? positive : 1;
            for (size_t j = 0; j < n; j++) values[j] = cubic_at(cubics + 4 * j, s);
        }
    }
}

void mech_path_rates_at_times(const path *solution, int column, const double *times, size_t n_times, double *rates) {
    const size_t n = solution->n_steps;
    for (size_t i = 0, step = n_times && n ? find_step(solution, times[0]) : 0; i < n_times; i++) {
        while (step + 1 < n && times[i] >= solution->t[step + 1]) step++;
        const bool within = n && times[i] >= solution->t[0] && times[i] <= solution->t[n];
        rates[i] = 0;
        if (!within) continue;
        const double *c = step_cubics(solution, step) + 4 * (size_t)column;
        const double h = solution->t[step + 1] - solution->t[step], s = (times[i] - solution->t[step]) / h;
        rates[i] = (c[1] + s * (2 * c[2] + s * 3 * c[3])) / h;
    }
}

/* The extrema of a cubic strictly inside (0, 1), ascending; returns how many. */
static int interior_extrema(const double *c, double *at) {
    /* c1 + 2 c2 s + 3 c3 s^2 = 0, solved without cancellation. */
    const double a = 3 * c[3], b = 2 * c[2], d = b * b - 4 * a * c[1];
    int n = 0;
    if (d < 0) return 0;
    const double q = -0.5 * (b + copysign(sqrt(d), b));
    const double roots[2] = {a != 0 ? q / a : -1, q != 0 ? c[1] / q : -1};
    for (int i = 0; i < 2; i++)
        if (roots[i] > 0 && roots[i] < 1) at[n++] = roots[i];
    if (n == 2 && at[0] > at[1]) {
        const double first = at[1];
        at[1] = at[0];
        at[0] = first;
    }
    return n;
}

/* The root of cubic - level in [low, high], where it changes sign: bisection, which is safe and quick enough. */
static double crossing_between(const double *c, double level, double low, double high) {
    const bool rises = cubic_at(c, low) < level;
    for (int i = 0; i < 50 && high - low > 1e-13; i++) {
        const double middle = low + (high - low) / 2;
        if ((cubic_at(c, middle) < level) == rises)
            low = middle;
        else
            high = middle;
    }
    return high;
}

bool mech_path_first_crossing(const path *solution, int species, double level, double *time) {
    for (size_t step = 0; step < solution->n_steps; step++) {
        const double *c = step_cubics(solution, step) + 4 * species;
        double bounds[4] = {0};
        int n = 1 + interior_extrema(c, bounds + 1);
        bounds[n] = 1;
        if (step == 0 && c[0] == level) {
            *time = solution->t[0];
            return true;
        }
        for (int i = 0; i < n; i++) {
            const double from = cubic_at(c, bounds[i]) - level, to = cubic_at(c, bounds[i + 1]) - level;
            if ((from < 0) == (to < 0) && to != 0) continue;
            const double s = crossing_between(c, level, bounds[i], bounds[i + 1]);
            *time = solution->t[step] + s * (solution->t[step + 1] - solution->t[step]);
            return true;
        }
    }
    return false;
}

void mech_path_extrema(const path *solution, int species, double from, double to, double *smallest, double *largest) {
    *smallest = INFINITY;
    *largest = -INFINITY;
    if (!solution->n_steps) return;
    for (size_t step = find_step(solution, from); step < solution->n_steps; step++) {
        const double *c = step_cubics(solution, step) + 4 * species;
        const double low = share_of_step(solution, step, from), high = share_of_step(solution, step, to);
        double at[4] = {low, high};
        int n = 2 + interior_extrema(c, at + 2);
        for (int i = 0; i < n; i++) {
            if (at[i] < low || at[i] > high) continue;
            const double value = cubic_at(c, at[i]);
            *smallest = fmin(*smallest, value);
            *largest = fmax(*largest, value);
        }
        if (solution->t[step + 1] >= to) break;
    }
}
