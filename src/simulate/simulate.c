/* Arrays of problems in, values at times out: the plain interface to both solvers. */
#include "mechanist.h"

#include "base/error.h"
#include "base/interface.h"
#include "base/machine/team.h"
#include "base/memory.h"
#include "simulate/reference.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

/* Threads claim so many problems at a time, and each sends all that it claims through one job: lanes then run empty
 * only once, when there is nothing left to claim, and the threads end together. */
enum { CLAIM = 32 };

void mech_solver_options_init(mech_solver_options *options, size_t size) {
    const mech_solver_options defaults = {.solver = MECH_SOLVER_BATCH, .rtol = 1e-6, .atol = 1e-9, .max_steps = 100000};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

typedef struct simulation {
    const mech_mechanism *mechanism;
    const mech_solver_options *options;
    const mech_problems *problems;
    double *y;
    atomic_size_t n_claimed;
} simulation;

/* What one thread does of it. */
typedef struct share_of_work {
    simulation *whole;
    size_t *claims; /* the first problem of each claim; room for all of them */
    size_t n_claims;
    mech_solver_statistics statistics;
    mech_status status;
    mech_error error;
} share_of_work;

static const double *times_of(const mech_problems *problems, size_t i) {
    return problems->times + (problems->times_shared ? 0 : i * problems->n_times);
}

/* The first of the next CLAIM problems, or SIZE_MAX where none is left. */
static size_t claim(simulation *s) {
    const size_t first = atomic_fetch_add(&s->n_claimed, CLAIM);
    return first < s->problems->n_problems ? first : SIZE_MAX;
}

/* Which problem the thread's own count of problems means. */
static size_t claimed_problem(const share_of_work *share, size_t count) {
    return share->claims[count / CLAIM] + count % CLAIM;
}

static bool next_problem(void *context, size_t count, double *k, double *start, double *t_end) {
    share_of_work *share = context;
    const mech_problems *problems = share->whole->problems;
    if (count / CLAIM == share->n_claims) {
        const size_t first = claim(share->whole);
        if (first == SIZE_MAX) return false;
        share->claims[share->n_claims++] = first;
    }
    const size_t i = claimed_problem(share, count);
    if (i >= problems->n_problems) return false; /* the last claim is not whole, and no other follows it */
    const size_t n = mech_mechanism_n_species(share->whole->mechanism);
    const size_t n_k = mech_mechanism_n_rate_constants(share->whole->mechanism);
    memcpy(k, problems->k + i * n_k, n_k * sizeof *k);
    memcpy(start, problems->start + i * n, n * sizeof *start);
    *t_end = times_of(problems, i)[problems->n_times - 1];
    return true;
}

static void take_solution(void *context, size_t count, bool failed, const double *end, const path *solution) {
    const share_of_work *share = context;
    const mech_problems *problems = share->whole->problems;
    const size_t i = claimed_problem(share, count), n_times = problems->n_times;
    const size_t n = mech_mechanism_n_species(share->whole->mechanism);
    double *y = share->whole->y + i * n_times * n;
    if (!solution) { /* one time only, which is the end */
        for (size_t j = 0; j < n; j++) y[j] = failed ? NAN : end[j];
        return;
    }
    const double *times = times_of(problems, i), reached = solution->n_steps ? solution->t[solution->n_steps] : 0;
    size_t known = n_times;
    while (failed && known > 0 && times[known - 1] > reached) known--;
    if (solution->n_steps)
        mech_path_at_times(solution, times, known, y);
    else
        for (size_t j = 0; j < known; j++) memcpy(y + j * n, problems->start + i * n, n * sizeof *y);
    for (size_t j = known * n; j < n_times * n; j++) y[j] = NAN;
}

static void run_batch(share_of_work *share) {
    const simulation *s = share->whole;
    const integration_job job = {
        .next = next_problem, .finished = take_solution, .context = share, .records = s->problems->n_times > 1};
    share->status = mech_rosenbrock_run(s->mechanism, s->options, &job, &share->statistics, &share->error);
}

static void run_reference(share_of_work *share) {
    simulation *s = share->whole;
    for (size_t first; share->status == MECH_OK && (first = claim(s)) != SIZE_MAX;) {
        const size_t left = s->problems->n_problems - first, count = left < CLAIM ? left : CLAIM;
        share->status = mech_reference_simulate(s->mechanism, s->options, s->problems, first, count, s->y,
                                                &share->statistics, &share->error);
    }
}

static void do_share(void *context, size_t number, int member) {
    (void)member;
    share_of_work *share = (share_of_work *)context + number;
    if (share->whole->options->solver == MECH_SOLVER_CVODE)
        run_reference(share);
    else
        run_batch(share);
}

static mech_status check_request(const mech_solver_options *options, const mech_problems *problems, mech_error *error) {
    if (!(options->rtol > 0 && options->atol > 0 && isfinite(options->rtol) && isfinite(options->atol)))
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "tolerances are rtol = %g and atol = %g; expected positive numbers", options->rtol,
                         options->atol);
    if (options->max_steps < 1)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "at most %zu steps; expected one or more", options->max_steps);
    if (problems->n_problems && !problems->n_times)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no time to write the solution at");
    const size_t rows = problems->times_shared ? problems->n_problems > 0 : problems->n_problems;
    for (size_t i = 0; i < rows; i++) {
        const double *times = times_of(problems, i);
        for (size_t j = 0; j < problems->n_times; j++)
            if (!(isfinite(times[j]) && times[j] >= (j ? times[j - 1] : 0)))
                return mech_fail(error, MECH_INVALID_ARGUMENT,
                                 "problem %zu: time %zu is %g; expected ascending times from 0 on", i, j, times[j]);
    }
    return MECH_OK;
}

static void add_statistics(mech_solver_statistics *sum, const mech_solver_statistics *part) {
    sum->steps += part->steps;
    sum->rejected_steps += part->rejected_steps;
    sum->failures += part->failures;
    sum->derivative_evaluations += part->derivative_evaluations;
    sum->factorisations += part->factorisations;
}

mech_status mech_simulate(const mech_mechanism *mechanism, const mech_solver_options *chosen,
                          const mech_problems *problems, double *y, mech_solver_statistics *statistics,
                          mech_error *error) {
    mech_solver_options own = mech_solver_options_default();
    const mech_solver_options *options = &own;
    mech_status status = mech_take_options(&own, sizeof own, chosen, "mech_solver_options", error);
    if (status == MECH_OK) status = check_request(options, problems, error);
    if (status != MECH_OK) return status;
    const size_t n_claims = problems->n_problems / CLAIM + 1;
    simulation s = {.mechanism = mechanism, .options = options, .problems = problems};
    s.y = y; /* not above, where clang-tidy takes it for read only */
    team *t = mech_team_new(options->threads);
    const size_t n_shares = t ? (size_t)mech_team_size(t) : 0;
    share_of_work *shares = mech_allocate_array(n_shares, sizeof *shares);
    size_t *claims = mech_allocate_array(n_shares * n_claims, sizeof *claims);
    if (!t || !shares || !claims) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    for (size_t i = 0; i < n_shares; i++) shares[i] = (share_of_work){.whole = &s, .claims = claims + i * n_claims};
    mech_team_share(t, n_shares, do_share, shares);
    mech_solver_statistics sum = {0};
    for (size_t i = 0; i < n_shares; i++) {
        if (shares[i].status != MECH_OK && status == MECH_OK) {
            status = shares[i].status;
            if (error) *error = shares[i].error;
        }
        add_statistics(&sum, &shares[i].statistics);
    }
    if (statistics && status == MECH_OK)
        status = mech_give_result(statistics, &sum, sizeof sum, "mech_solver_statistics", error);
cleanup:
    mech_team_free(t);
    mech_release_array(shares);
    mech_release_array(claims);
    return status;
}
