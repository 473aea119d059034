/* Derivatives of the batched solver's solutions by rate constants and start amounts, against tight differences. */
#include "base/random.h"
#include "chemistry/mechanism.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_THETAS = 25, N_TIMES = 12, MOST_TANGENTS = MAX_RATE_CONSTANTS + MAX_SPECIES, MOST_COLUMNS = 3 * MAX_SPECIES };

static const double last_time = 20;

typedef struct bundle {
    const mech_mechanism *network;
    size_t n_k, n_tangents;
    int tangents[MOST_TANGENTS];
    double k[N_THETAS][MAX_RATE_CONSTANTS], start[MAX_SPECIES], times[N_TIMES];
    double values[N_THETAS][N_TIMES][MAX_SPECIES + 2 * MOST_TANGENTS], rates[N_THETAS][N_TIMES];
    size_t n_failed;
} bundle;

static bool next(void *context, size_t problem, double *k, double *start, double *t_end) {
    const bundle *b = context;
    if (problem >= N_THETAS) return false;
    memcpy(k, b->k[problem], b->n_k * sizeof *k);
    memcpy(start, b->start, (size_t)b->network->n_species * sizeof *start);
    *t_end = last_time;
    return true;
}

static void finished(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    (void)end;
    bundle *b = context;
    b->n_failed += failed;
    const size_t n = (size_t)solution->n_species;
    double values[N_TIMES * (MAX_SPECIES + 2 * MOST_TANGENTS)];
    mech_path_at_times(solution, b->times, N_TIMES, values);
    for (size_t i = 0; i < N_TIMES; i++) memcpy(b->values[problem][i], values + i * n, n * sizeof *values);
    mech_path_rates_at_times(solution, b->network->product, b->times, N_TIMES, b->rates[problem]);
}

/* Thetas of a mechanism over six decades, with every species that can start with something starting with it. */
static void set_up(const mech_mechanism *network, bundle *b) {
    memset(b, 0, sizeof *b);
    b->network = network;
    b->n_k = (size_t)network->n_rate_constants;
    random_stream r = mech_random_open(7, RANDOM_TEST, (uint64_t)network->n_species, b->n_k);
    for (size_t i = 0; i < N_THETAS; i++)
        for (size_t j = 0; j < b->n_k; j++) b->k[i][j] = pow(10, 6 * mech_random_uniform(&r) - 3);
    mech_mechanism_start(network, 1, 0.1, 0.05, b->start);
    for (int i = 0; i < network->n_species; i++)
        if (network->species[i].role == MECH_ROLE_ADDITIVE) b->start[i] = 0.02;
    for (size_t j = 0; j < b->n_k; j++) b->tangents[b->n_tangents++] = (int)j;
    for (int i = 0; i < network->n_species; i++)
        if (b->start[i] > 0) b->tangents[b->n_tangents++] = network->n_rate_constants + i;
    for (size_t i = 0; i < N_TIMES; i++) b->times[i] = last_time * pow(10, 0.4 * ((double)i - N_TIMES + 1));
}

static void solve(bundle *b, size_t n_tangents) {
    const mech_solver_options options = {.rtol = 1e-6, .atol = 1e-9, .max_steps = 100000};
    const integration_job job = {.next = next,
                                 .finished = finished,
                                 .context = b,
                                 .records = true,
                                 .n_tangents = n_tangents,
                                 .tangents = b->tangents};
    mech_solver_statistics statistics = {0};
    mech_error error = {.message = ""};
    if (mech_rosenbrock_run(b->network, &options, &job, &statistics, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(b->n_failed, 0);
}

/* S and P at the times with one parameter moved by `step` (of ln k, or of a start amount). */
static void solve_tightly(const bundle *b, size_t tangent, double step, double *y) {
    enum { N = N_THETAS };
    const size_t n = (size_t)b->network->n_species;
    double k[N * MAX_RATE_CONSTANTS], start[N * MAX_SPECIES];
    for (size_t i = 0; i < N; i++) {
        memcpy(k + i * b->n_k, b->k[i], b->n_k * sizeof *k);
        memcpy(start + i * n, b->start, n * sizeof *start);
        const size_t which = (size_t)b->tangents[tangent];
        if (which < b->n_k)
            k[i * b->n_k + which] *= exp(step);
        else
            start[i * n + which - b->n_k] += step;
    }
    mech_solver_options options = mech_solver_options_default();
    options.rtol = 1e-11;
    options.atol = 1e-15;
    options.max_steps = 1000000;
    const mech_problems problems = {
        .n_problems = N, .k = k, .start = start, .times = b->times, .n_times = N_TIMES, .times_shared = true};
    mech_solver_statistics statistics = {.size = sizeof statistics};
    mech_error error = {.message = ""};
    if (mech_simulate(b->network, &options, &problems, y, &statistics, &error) != MECH_OK)
        fail_msg("%s", error.message);
    assert_int_equal(statistics.failures, 0);
}

static void tangents_match_differences(const mech_mechanism *network) {
    bundle *b = malloc(sizeof *b);
    assert_non_null(b);
    set_up(network, b);
    solve(b, b->n_tangents);
    const size_t n = (size_t)network->n_species, size = N_THETAS * N_TIMES * n;
    double *above = malloc(size * sizeof *above), *below = malloc(size * sizeof *below);
    assert_true(above && below);
    for (size_t q = 0; q < b->n_tangents; q++) {
        const size_t which = (size_t)b->tangents[q];
        const double step = 1e-4 * (which < b->n_k ? 1 : b->start[which - b->n_k]);
        solve_tightly(b, q, step, above);
        solve_tightly(b, q, -step, below);
        for (size_t i = 0; i < N_THETAS; i++)
            for (size_t o = 0; o < 2; o++) {
                const size_t species = (size_t)(o ? network->product : network->substrate);
                const double unit = which < b->n_k ? 1 : b->start[which - b->n_k];
                double largest = 0, worst = 0;
                for (size_t t = 0; t < N_TIMES; t++) {
                    const size_t at = (i * N_TIMES + t) * n + species;
                    const double difference = (above[at] - below[at]) / (2 * step) * unit;
                    const double tangent = b->values[i][t][n + 2 * q + o] * unit;
                    largest = fmax(largest, fabs(difference));
                    worst = fmax(worst, fabs(tangent - difference));
                }
                /* Of a change by e: a thousandth of the largest over time, down to what no reading sees. */
                if (!(worst <= 1e-3 * largest + 2e-5))
                    fail_msg("%s, theta %zu, derivative of %s by parameter %zu: off by %g of %g", network->id, i,
                             o ? "P" : "S", which, worst, largest);
            }
    }
    free(above);
    free(below);
    free(b);
}

static void tangents_of_all_mechanisms_match_differences(void **state) {
    (void)state;
    for (size_t m = 0; m < mech_builtin_count(); m++) tangents_match_differences(mech_builtin(m));
}

/* The general path, with three molecules in one reaction, and twice the same. */
static void tangents_of_a_mechanism_of_ones_own_match_differences(void **state) {
    (void)state;
    static const char file[] = "cat + S <=> catS : k1, k-1\ncatS -> cat + P : k2\n"
                               "2 cat + S -> dead2 + P : k3\n";
    mech_mechanism *network = NULL;
    mech_error error = {.message = ""};
    if (mech_mechanism_parse(file, strlen(file), "file", &network, &error) != MECH_OK) fail_msg("%s", error.message);
    tangents_match_differences(network);
    mech_mechanism_free(network);
}

static void tangents_leave_the_solution_alone(void **state) {
    (void)state;
    bundle *with = malloc(sizeof *with), *without = malloc(sizeof *without);
    assert_true(with && without);
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        set_up(mech_builtin(m), with);
        set_up(mech_builtin(m), without);
        solve(with, with->n_tangents);
        solve(without, 0);
        for (size_t i = 0; i < N_THETAS; i++)
            for (size_t t = 0; t < N_TIMES; t++)
                for (size_t s = 0; s < (size_t)with->network->n_species; s++)
                    if (fabs(with->values[i][t][s] - without->values[i][t][s]) > 1e-9)
                        fail_msg("%s: %g is not %g", with->network->id, with->values[i][t][s],
                                 without->values[i][t][s]);
    }
    free(with);
    free(without);
}

static void rates_are_those_of_the_equations(void **state) {
    (void)state;
    bundle *b = malloc(sizeof *b);
    assert_non_null(b);
    set_up(mech_builtin(8), b);
    solve(b, 0);
    for (size_t i = 0; i < N_THETAS; i++) {
        double slowest = 0, rates[N_TIMES], largest = 0;
        for (size_t t = 0; t < N_TIMES; t++) {
            double derivative[MAX_SPECIES];
            mech_mechanism_derivative(b->network, b->k[i], b->values[i][t], derivative);
            rates[t] = derivative[b->network->product];
            largest = fmax(largest, fabs(rates[t]));
        }
        for (size_t t = 0; t < N_TIMES; t++) slowest = fmax(slowest, fabs(rates[t] - b->rates[i][t]));
        if (!(slowest < 0.02 * largest)) fail_msg("theta %zu: off by %g of %g", i, slowest, largest);
    }
    free(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tangents_of_all_mechanisms_match_differences),
        cmocka_unit_test(tangents_of_a_mechanism_of_ones_own_match_differences),
        cmocka_unit_test(tangents_leave_the_solution_alone),
        cmocka_unit_test(rates_are_those_of_the_equations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
