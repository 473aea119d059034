/* Run sets that are simulated from a mechanism in text, for tests of kinetics. */
#ifndef SIMULATED_RUNS_H
#define SIMULATED_RUNS_H

#include "base/random.h"
#include "mechanist.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_READINGS = 64 };

/* How one run was started. */
typedef struct planned_run {
    double s0, p0, cat0, b0; /* b0: of the species B, where the mechanism has one */
} planned_run;

typedef struct plan {
    const char *mechanism; /* text of a mechanism file */
    const double *k;
    size_t n_runs, n_times; /* n_times after the start */
    const planned_run *runs;
    double share;             /* of S that is gone at the last reading of each run */
    double noise;             /* standard deviation of S and P; the start, too */
    double loading_error;     /* standard deviation of ln of the true loading over the planned one */
    double outliers;          /* share of readings that are off by a fifth of [S]0 */
    double time_factor, unit; /* units: what is written is multiplied by these; 0: 1 */
    bool product_only, measures_b, measures_active;
    uint64_t seed;
} plan;

/* All species of one run at n_times uniform times and the start: y[n_times + 1][n_species]. */
static void simulate_run(const mech_mechanism *m, const plan *p, const double *start, double end, double *times,
                         double *y) {
    for (size_t i = 0; i <= p->n_times; i++) times[i] = end * (double)i / (double)p->n_times;
    const mech_problems problems = {
        .n_problems = 1, .k = p->k, .start = start, .times = times, .n_times = p->n_times + 1};
    mech_solver_options options = mech_solver_options_default();
    options.rtol = 1e-9;
    options.atol = 1e-12;
    assert_int_equal(mech_simulate(m, &options, &problems, y, NULL, NULL), MECH_OK);
}

/* The time at which the share of S is gone, by halving. */
static double time_to(const mech_mechanism *m, const plan *p, const double *start, size_t s, double *times, double *y) {
    double low = 0, high = 1;
    const size_t n = mech_mechanism_n_species(m);
    for (int i = 0; i < 40; i++) { /* doubled until it is enough, then halved */
        const double end = low > 0 || i > 25 ? (low + high) / 2 : high;
        simulate_run(m, p, start, end, times, y);
        const bool enough = y[p->n_times * n + s] <= start[s] * (1 - p->share);
        if (enough)
            high = end;
        else if (low > 0 || end < high)
            low = end;
        else
            high *= 2;
        if (enough && low == 0 && i <= 25) low = high / 4;
        if (low > 0 && high - low < 1e-3 * high) break;
    }
    return high;
}

static mech_run_set *simulate_plan(const plan *p) {
    mech_mechanism *m = NULL;
    mech_error error = {0};
    mech_run_set *set = NULL;
    if (mech_mechanism_parse(p->mechanism, strlen(p->mechanism), "plan", &m, &error) != MECH_OK)
        fail_msg("%s", error.message);
    assert_int_equal(mech_run_set_new("min", "M", &set, NULL), MECH_OK);
    const size_t n = mech_mechanism_n_species(m);
    const int s = mech_mechanism_find_species(m, "S"), product = mech_mechanism_find_species(m, "P");
    const int b = mech_mechanism_find_species(m, "B"), cat = mech_mechanism_find_species(m, "cat");
    static double y[(MOST_READINGS + 1) * 16], times[MOST_READINGS + 1];
    double columns[4][MOST_READINGS + 1], start[16];
    const double unit = p->unit > 0 ? p->unit : 1, clock = p->time_factor > 0 ? p->time_factor : 1;
    for (size_t r = 0; r < p->n_runs; r++) {
        random_stream noise = mech_random_open(p->seed, RANDOM_TEST, r, 0);
        const planned_run *planned = &p->runs[r];
        const double loading = planned->cat0 * exp(p->loading_error * mech_random_normal(&noise));
        char name[8] = {(char)('A' + r), 0};
        mech_mechanism_start(m, planned->s0, planned->p0, loading, start);
        if (b >= 0) start[b] = planned->b0;
        simulate_run(m, p, start, time_to(m, p, start, (size_t)s, times, y), times, y);
        for (size_t i = 0; i <= p->n_times; i++) {
            for (size_t c = 0; c < 2; c++) {
                const bool outlier = mech_random_uniform(&noise) < p->outliers;
                const double off = p->noise * mech_random_normal(&noise) + (outlier ? 0.2 * planned->s0 : 0);
                columns[c][i] = unit * (y[i * n + (size_t)(c ? product : s)] + off);
            }
            columns[2][i] = b >= 0 ? unit * (y[i * n + (size_t)b] + p->noise * mech_random_normal(&noise)) : NAN;
            columns[3][i] = unit * y[i * n + (size_t)cat];
            times[i] *= clock;
        }
        const mech_reactant reactant = {
            .species = "B", .start = unit * planned->b0, .concentration = p->measures_b ? columns[2] : NULL};
        const mech_run run = {.size = sizeof run,
                              .name = name,
                              .n_readings = p->n_times + 1,
                              .time = times,
                              .substrate = p->product_only ? NULL : columns[0],
                              .product = p->product_only ? columns[1] : NULL,
                              .active = p->measures_active ? columns[3] : NULL,
                              .s0 = unit * planned->s0,
                              .p0 = unit * planned->p0,
                              .cat0 = unit * planned->cat0,
                              .n_reactants = b >= 0,
                              .reactants = b >= 0 ? &reactant : NULL};
        if (mech_run_set_add(set, &run, &error) != MECH_OK) fail_msg("%s", error.message);
    }
    mech_mechanism_free(m);
    return set;
}

#endif
