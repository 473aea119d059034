#include "experiment/view/ends.h"

#include "base/numbers/quantiles.h"
#include "data/runs/noise.h"
#include "data/samples/sample.h"

#include <math.h>
#include <stdlib.h>

double mech_substrate_at(const mech_run *run, size_t reading) {
    return run->substrate ? run->substrate[reading] : run->s0 + run->p0 - run->product[reading];
}

double mech_product_at(const mech_run *run, size_t reading) {
    return run->product ? run->product[reading] : run->s0 + run->p0 - run->substrate[reading];
}

static double conversion_at(const mech_run *run, size_t reading) { return run->s0 - mech_substrate_at(run, reading); }

enum { FEWEST_ON_PLATEAU = 3, ONE_STRAY_IN = 5 };

/* Readings this many standard deviations from the plateau are on it: one in 370 of those that are lies further off. */
static const double PLATEAU_WIDTH = 3;

/* A reaction is over where two readings in a row are this near: of readings on the plateau, 19 in 20 are. */
static const double OVER_WIDTH = 2;

/* The median conversion of the readings first to last. */
static double median_conversion(const mech_run *run, size_t first, double *room) {
    size_t n = 0;
    for (size_t i = first; i < run->n_readings; i++) room[n++] = conversion_at(run, i);
    mech_sort_numbers(n, room);
    return mech_quantile(n, room, 0.5);
}

typedef struct plateau {
    size_t first; /* its first reading; n_readings where there is none */
    double level; /* conversion on it */
    double noise; /* standard deviation, in units of concentration */
} plateau;

/* The earliest change point behind which all readings but a stray one in five are level. Goes backwards from the last
 * three readings, the level being the median of those behind. */
static plateau find_plateau(const mech_run *run, double *room) {
    const size_t n = run->n_readings;
    plateau found = {.first = n, .noise = fmax(0, mech_noise_of(run))};
    found.level =
        n > FEWEST_ON_PLATEAU ? median_conversion(run, n - FEWEST_ON_PLATEAU, room) : conversion_at(run, n - 1);
    for (size_t first = n - 1, off = 0; first > 0; first--) {
        const size_t behind = n - first;
        if (behind > ONE_STRAY_IN && off > 1 + behind / ONE_STRAY_IN) break;
        if (behind < FEWEST_ON_PLATEAU) continue;
        const double level = median_conversion(run, first, room);
        const double slack = fmax(PLATEAU_WIDTH * found.noise, (1 - MOST_SHARE) * fabs(level));
        off = 0;
        for (size_t i = first; i < n; i++) off += fabs(conversion_at(run, i) - level) > slack;
        if (off > behind / ONE_STRAY_IN || fabs(conversion_at(run, first) - level) > slack) continue;
        found.first = first;
    }
    /* The earlier half of a plateau may still rise within its width. */
    const size_t half = (n - found.first + 1) / 2;
    if (half > FEWEST_ON_PLATEAU) found.level = median_conversion(run, n - half, room);
    return found;
}

double mech_final_conversion(const mech_run *run) {
    double *room = calloc(run->n_readings, sizeof *room);
    if (!room) return conversion_at(run, run->n_readings - 1);
    const double level = find_plateau(run, room).level;
    free(room);
    return level;
}

/* Whether the last reading lies behind the end of the reaction, by those before it: of first order, what is left to
 * react falls by exp(-rate t). The rate is that from half of the conversion on to the last but one; there what is left
 * is taken as large as the noise of the difference allows, so that noise does not end a run that still reacts. A gap in
 * which less than e-fold of what is left reacts shows no rest. */
static bool is_behind(const mech_run *run, double noise) {
    const size_t last = run->n_readings - 1;
    const double level = conversion_at(run, last), end = (1 - MOST_SHARE) * level;
    size_t half = 0;
    while (half < last && conversion_at(run, half) < level / 2) half++;
    if (half + 1 >= last || conversion_at(run, last - 1) < LEAST_SHARE * level) return false;
    const double left = fmax(level - conversion_at(run, last - 1), 0) + PLATEAU_WIDTH * sqrt(2) * noise;
    const double rate = log((level - conversion_at(run, half)) / left) / (run->time[last - 1] - run->time[half]);
    return rate > 0 && run->time[last] > run->time[last - 1] + fmax(log(left / end), 1) / rate;
}

size_t mech_end_of_reaction(const mech_run *run) {
    const size_t last = run->n_readings - 1;
    double *room = calloc(run->n_readings, sizeof *room);
    if (!room) return last;
    const plateau end = find_plateau(run, room);
    free(room);
    if (!(end.level > fmax(LEAST_CHANGE * run->s0, 3 * end.noise))) return last;
    if (end.first > last) return is_behind(run, end.noise) ? last - 1 : last;
    const double over = end.level - fmax((1 - MOST_SHARE) * end.level, OVER_WIDTH * end.noise);
    for (size_t i = 1; i < last; i++)
        if (conversion_at(run, i) >= over && conversion_at(run, i + 1) >= over) return i;
    return end.first;
}
