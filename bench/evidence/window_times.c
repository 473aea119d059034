#include "window_times.h"

#include "data/samples/sample.h"

#include <math.h>

enum { SHARES = 8, SAMPLED = LATER_READINGS - 1 /* uniform ones, without the end of the window */ };

/* How much earlier than its window's least end the last kept reading of all runs may be, as ln. */
static const double MOST_DROPPED = 5;

/* Of 19 uniform times in a window W that of rank k is `last`, x = last / W: the density of the later ones' absence,
 * (1 - x)^(19 - k) W^(-k), as its mean over the shares from that of `last` on; the factor last^k is left out. */
static void judge_dropped(const observation *o, const mech_mechanism *mechanism, const path *solution, double s0,
                          double change, double last, double share, run_times *run) {
    const double from = fmin(fmax(share, LEAST_SHARE), MOST_SHARE), wide = MOST_SHARE - from;
    double x[SHARES];
    for (size_t i = 0; i < SHARES; i++)
        x[i] = last / mech_window_of_share(mechanism, s0, change, from + wide * ((double)i + 0.5) / SHARES, solution);
    for (size_t k = o->n_times - 1; k <= SAMPLED; k++) {
        double sum = 0;
        for (size_t i = 0; i < SHARES; i++)
            if (x[i] < 1) sum += pow(1 - x[i], (double)(SAMPLED - k)) * pow(x[i], (double)k);
        run->dropped[k] = log(sum / SHARES * wide / (MOST_SHARE - LEAST_SHARE));
    }
}

/* A run that hardly reacts is followed to LAST_TIME exactly; that a last reading can lie there is left out. */
run_times judge_run_times(const observation *o, const mech_mechanism *mechanism, const path *solution, double s0,
                          double change, double last) {
    run_times run = {.kept = -INFINITY};
    double y[MAX_SPECIES], before[MAX_SPECIES], after[MAX_SPECIES];
    const double step = 1e-4 * last;
    mech_path_at(solution, last, y);
    mech_path_at(solution, last - step, before);
    mech_path_at(solution, last + step, after);
    const bool reacts = mech_is_followed_to_share(change);
    const double share = reacts ? (y[mechanism->substrate] - s0) / change : 0;
    const double slope =
        reacts ? (after[mechanism->substrate] - before[mechanism->substrate]) / (2 * step * change) : 0;
    run.shortest = mech_window_of_share(mechanism, s0, change, LEAST_SHARE, solution);
    run.longest = mech_window_of_share(mechanism, s0, change, MOST_SHARE, solution);
    if (share >= LEAST_SHARE && share <= MOST_SHARE && slope > 0 && last < LAST_TIME)
        run.kept = log(slope / (MOST_SHARE - LEAST_SHARE));
    judge_dropped(o, mechanism, solution, s0, change, last, share, &run);
    return run;
}

unit_range range_of_unit(const observation *o, const run_times *const runs[N_RUNS]) {
    double shortest = 0, longest = 0;
    for (size_t run = 0; run < N_RUNS; run++) {
        shortest = fmax(shortest, runs[run]->shortest);
        longest = fmax(longest, runs[run]->longest);
    }
    return (unit_range){log(shortest) - (o->n_times < MOST_READINGS ? MOST_DROPPED : 0), log(longest)};
}

/* The densities of the times in units of the longest run, per unit of ln time, take a factor unit^(4n). Gaps, and the
 * ends that stand in `runs`, are in that unit: their powers of it add up to -4 n for every set. */
double log_density_of_times(const observation *o, const run_times *const runs[N_RUNS], double ln_unit) {
    const size_t n = o->n_times - 1;
    double kept = o->log_ways[LATER_READINGS], dropped = -INFINITY, log_last = 0;
    for (size_t run = 0; run < N_RUNS; run++) {
        log_last += log(o->times[run][n]);
        kept += runs[run]->kept;
    }
    kept -= SAMPLED * log_last + N_RUNS * ln_unit * (double)(n - 1);
    for (size_t k = n; k <= SAMPLED; k++) {
        double way = o->log_ways[k] - N_RUNS * lgamma((double)(SAMPLED - k + 1)) - (double)k * log_last -
                     N_RUNS * ln_unit * (double)n;
        for (size_t run = 0; run < N_RUNS; run++) way += runs[run]->dropped[k];
        dropped = log_sum(dropped, way);
    }
    return log_sum(kept, dropped) + N_RUNS * (double)n * ln_unit;
}
