/* bench simulate: trajectories a second over the full prior of all mechanisms, each in equal number. A trajectory is
 * one run integrated from t = 0 to 100 at rtol 1e-6, atol 1e-9; thetas are log-uniform on [1e-5, 1e5], and each runs at
 * three catalyst loadings and once with part of its substrate turned into product. The state at the end is what all
 * programs are asked for, so that the solvers are compared and not their output; a second row asks for 101 uniform
 * times. */
#include "cli/bench/bench.h"
#include "cli/options/options.h"

#include "base/error.h"
#include "base/machine/clock.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    N_TIMES = 101,
    N_PROBLEMS = 8000, /* of one mechanism, for this program and end states */
    N_FOLLOWED = 2000, /* the first of them, for this program at all times */
    N_CVODE_PROBLEMS = 200,
    N_LSODA_PROBLEMS = 20,
    RUNS_A_THETA = 4,
    REPEATS = 3 /* the best counts: other work on the machine only ever adds time */
};

typedef struct simulate_bench {
    size_t n_sets;
    bench_problems *sets;
    double **k, **start; /* [n_sets]: what the sets point to */
    double times[N_TIMES];
    double *y; /* room for the solutions of any one set */
} simulate_bench;

typedef struct figures {
    double mechanist, cvode, lsoda;            /* trajectories a second of one core, end states */
    double mechanist_followed, cvode_followed; /* at all times */
    double threads2_speedup;
} figures;

static void close_bench(simulate_bench *b) {
    for (size_t i = 0; i < b->n_sets; i++) {
        if (b->k) mech_release_array(b->k[i]);
        if (b->start) mech_release_array(b->start[i]);
    }
    mech_release_array(b->k);
    mech_release_array(b->start);
    mech_release_array(b->sets);
    mech_release_array(b->y);
}

static mech_status open_bench(simulate_bench *b, mech_error *error) {
    size_t most_species = 0;
    *b = (simulate_bench){.n_sets = mech_builtin_count()};
    b->sets = mech_allocate_array(b->n_sets, sizeof *b->sets);
    b->k = mech_allocate_array(b->n_sets, sizeof *b->k);
    b->start = mech_allocate_array(b->n_sets, sizeof *b->start);
    if (!b->sets || !b->k || !b->start) return mech_fail_memory(error);
    for (size_t i = 0; i < N_TIMES; i++) b->times[i] = 100.0 * (double)i / (N_TIMES - 1);
    for (size_t i = 0; i < b->n_sets; i++) {
        const mech_mechanism *mechanism = mech_builtin(i);
        const size_t n_s = mech_mechanism_n_species(mechanism);
        b->k[i] = mech_allocate_array(N_PROBLEMS * mech_mechanism_n_rate_constants(mechanism), sizeof(double));
        b->start[i] = mech_allocate_array(N_PROBLEMS * n_s, sizeof(double));
        if (!b->k[i] || !b->start[i]) return mech_fail_memory(error);
        mech_prior_runs(mechanism, 1, i, N_PROBLEMS / RUNS_A_THETA, b->k[i], b->start[i]);
        if (n_s > most_species) most_species = n_s;
        b->sets[i] = (bench_problems){.mechanism = mechanism,
                                      .problems = {.n_problems = N_PROBLEMS,
                                                   .k = b->k[i],
                                                   .start = b->start[i],
                                                   .times = b->times,
                                                   .n_times = N_TIMES,
                                                   .times_shared = true}};
    }
    b->y = mech_allocate_array(N_PROBLEMS * N_TIMES * most_species, sizeof *b->y);
    return b->y ? MECH_OK : mech_fail_memory(error);
}

/* The best time of one set's first n problems at their last n_times times, by the given clock. */
static mech_status time_set(const simulate_bench *b, size_t set, const mech_solver_options *options, size_t n,
                            size_t n_times, double (*seconds)(void), double *best, mech_error *error) {
    mech_problems problems = b->sets[set].problems;
    problems.n_problems = n;
    problems.times = b->times + N_TIMES - n_times;
    problems.n_times = n_times;
    const double from = seconds();
    const mech_status status = mech_simulate(b->sets[set].mechanism, options, &problems, b->y, NULL, error);
    *best = fmin(*best, seconds() - from);
    return status;
}

/* Trajectories a second of one core for the first n problems of each set at their last n_times times. */
static mech_status measure(const simulate_bench *b, const mech_solver_options *options, size_t n, size_t n_times,
                           double *rate, mech_error *error) {
    double seconds = 0;
    for (size_t i = 0; i < b->n_sets; i++) {
        double best = INFINITY;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            const mech_status status = time_set(b, i, options, n, n_times, mech_thread_time_s, &best, error);
            if (status != MECH_OK) return status;
        }
        seconds += best;
    }
    *rate = (double)(b->n_sets * n) / seconds;
    return MECH_OK;
}

/* How many times as fast two threads are as one, by the clock on the wall, in turns. */
static mech_status measure_speedup(const simulate_bench *b, const mech_solver_options *one, double *speedup,
                                   mech_error *error) {
    mech_solver_options two = *one;
    two.threads = 2;
    double seconds_one = 0, seconds_two = 0;
    for (size_t i = 0; i < b->n_sets; i++) {
        double best_one = INFINITY, best_two = INFINITY;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            mech_status status = time_set(b, i, one, N_PROBLEMS, 1, mech_clock_s, &best_one, error);
            if (status == MECH_OK) status = time_set(b, i, &two, N_PROBLEMS, 1, mech_clock_s, &best_two, error);
            if (status != MECH_OK) return status;
        }
        seconds_one += best_one;
        seconds_two += best_two;
    }
    *speedup = seconds_one / seconds_two;
    return MECH_OK;
}

static mech_status measure_all(const simulate_bench *b, figures *f, mech_error *error) {
    mech_solver_options standard = mech_solver_options_default();
    standard.threads = 1;
    mech_solver_options cvode = standard;
    cvode.solver = MECH_SOLVER_CVODE;
    mech_status status = measure(b, &standard, N_PROBLEMS, 1, &f->mechanist, error);
    if (status == MECH_OK) status = measure(b, &cvode, N_CVODE_PROBLEMS, 1, &f->cvode, error);
    if (status == MECH_OK) status = measure(b, &standard, N_FOLLOWED, N_TIMES, &f->mechanist_followed, error);
    if (status == MECH_OK) status = measure(b, &cvode, N_CVODE_PROBLEMS, N_TIMES, &f->cvode_followed, error);
    if (status == MECH_OK) status = measure_speedup(b, &standard, &f->threads2_speedup, error);
    f->lsoda = lsoda_rate(b->sets, b->n_sets, N_LSODA_PROBLEMS, &standard);
    return status;
}

static void print_text(const figures *f) {
    printf("Trajectories a second of one core, t = 0 ... 100, rtol 1e-6, atol 1e-9, all mechanisms in equal number\n"
           "over the whole prior:\n\n");
    printf("  %-28s %10.0f\n", "mechanist, end states", f->mechanist);
    printf("  %-28s %10.0f   mechanist is %.1f times as fast\n", "CVODE from C", f->cvode, f->mechanist / f->cvode);
    if (isnan(f->lsoda))
        printf("  %-28s %10s   /usr/bin/python3 has no SciPy\n", "LSODA from SciPy", "-");
    else
        printf("  %-28s %10.0f   mechanist is %.0f times as fast\n", "LSODA from SciPy", f->lsoda,
               f->mechanist / f->lsoda);
    printf("  %-28s %10.0f\n", "mechanist, 101 times", f->mechanist_followed);
    printf("  %-28s %10.0f   mechanist is %.1f times as fast\n", "CVODE from C", f->cvode_followed,
           f->mechanist_followed / f->cvode_followed);
    printf("\nTwo threads do %.2f times the work of one.\n", f->threads2_speedup);
}

static int print_json(const figures *f) {
    return print_object(json_pack("{s:f, s:f, s:o, s:f, s:f, s:o, s:f, s:f}", "mechanist", f->mechanist, "cvode",
                                  f->cvode, "lsoda", number_or_null(f->lsoda), "threads2_speedup", f->threads2_speedup,
                                  "ratio_to_cvode", f->mechanist / f->cvode, "ratio_to_lsoda",
                                  number_or_null(f->mechanist / f->lsoda), "mechanist_101_times", f->mechanist_followed,
                                  "cvode_101_times", f->cvode_followed));
}

int bench_simulate(const bench_options *options) {
    simulate_bench bench;
    figures f = {0};
    mech_error error;
    int result = EXIT_DONE;
    mech_status status = open_bench(&bench, &error);
    if (status == MECH_OK) status = measure_all(&bench, &f, &error);
    if (status != MECH_OK)
        result = report_error(&error);
    else if (options->json)
        result = print_json(&f);
    else
        print_text(&f);
    close_bench(&bench);
    return result;
}
