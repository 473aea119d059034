/* Arrays of problems in, values at times out: the plain interface to both solvers. */
#include "mechanist.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/team.h"
#include "simulate/reference.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <string.h>

/* Pieces are as large as they can be while every thread gets several: at a piece's end lanes run empty, and a piece
 * grows its own recordings. */
enum { LEAST_IN_PIECE = 64, MOST_IN_PIECE = 4096, PIECES_A_THREAD = 8 };

mech_solver_options mech_solver_options_default(void) {
    return (mech_solver_options){
        .solver = MECH_SOLVER_BATCH, .rtol = 1e-6, .atol = 1e-9, .max_steps = 100000, .threads = 1};
}

/* A piece of the problems, on its way through the solver. */
typedef struct piece_of_work {
    const mech_network *network;
    const mech_problems *problems;
    double *y;
    size_t first, count;
} piece_of_work;

static const double *times_of(const mech_problems *problems, size_t i) {
    return problems->times + (problems->times_shared ? 0 : i * problems->n_times);
}

static bool next_problem(void *context, size_t problem, double *k, double *start, double *t_end) {
    const piece_of_work *piece = context;
    if (problem >= piece->count) return false;
    const size_t i = piece->first + problem, n_times = piece->problems->n_times;
    const size_t n = mech_network_n_species(piece->network), n_k = mech_network_n_rate_constants(piece->network);
    memcpy(k, piece->problems->k + i * n_k, n_k * sizeof *k);
    memcpy(start, piece->problems->start + i * n, n * sizeof *start);
    *t_end = times_of(piece->problems, i)[n_times - 1];
    return true;
}

static void take_solution(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    const piece_of_work *piece = context;
    const size_t i = piece->first + problem, n_times = piece->problems->n_times;
    const size_t n = mech_network_n_species(piece->network);
    if (!solution) { /* one time only, which is the end */
        for (size_t j = 0; j < n; j++) piece->y[i * n + j] = failed ? NAN : end[j];
        return;
    }
    const double *times = times_of(piece->problems, i),
                 reached = solution->n_steps ? solution->t[solution->n_steps] : 0;
    double *y = piece->y + i * n_times * n;
    size_t known = n_times;
    while (failed && known > 0 && times[known - 1] > reached) known--;
    if (solution->n_steps)
        path_at_times(solution, times, known, y);
    else
        for (size_t j = 0; j < known; j++) memcpy(y + j * n, piece->problems->start + i * n, n * sizeof *y);
    for (size_t j = known * n; j < n_times * n; j++) y[j] = NAN;
}

typedef struct shared_simulation {
    const mech_network *network;
    const mech_solver_options *options;
    const mech_problems *problems;
    double *y;
    size_t piece;                       /* problems in a piece */
    mech_solver_statistics *statistics; /* [pieces] */
    mech_status *status;                /* [pieces] */
    mech_error *errors;                 /* [pieces] */
} shared_simulation;

static void simulate_piece(void *context, size_t number, int member) {
    (void)member;
    shared_simulation *s = context;
    const size_t first = number * s->piece, left = s->problems->n_problems - first;
    piece_of_work piece = {.network = s->network,
                           .problems = s->problems,
                           .y = s->y,
                           .first = first,
                           .count = left < s->piece ? left : s->piece};
    if (s->options->solver == MECH_SOLVER_CVODE) {
        s->status[number] = reference_simulate(s->network, s->options, s->problems, piece.first, piece.count, s->y,
                                               &s->statistics[number], &s->errors[number]);
        return;
    }
    const integration_job job = {
        .next = next_problem, .finished = take_solution, .context = &piece, .records = s->problems->n_times > 1};
    s->status[number] = rosenbrock_run(s->network, s->options, &job, &s->statistics[number], &s->errors[number]);
}

static mech_status check_request(const mech_solver_options *options, const mech_problems *problems, mech_error *error) {
    if (!(options->rtol > 0 && options->atol > 0 && isfinite(options->rtol) && isfinite(options->atol)))
        return fail(error, MECH_INVALID_ARGUMENT, "tolerances are rtol = %g and atol = %g; expected positive numbers",
                    options->rtol, options->atol);
    if (options->max_steps < 1)
        return fail(error, MECH_INVALID_ARGUMENT, "at most %zu steps; expected one or more", options->max_steps);
    if (problems->n_problems && !problems->n_times)
        return fail(error, MECH_INVALID_ARGUMENT, "there is no time to write the solution at");
    const size_t rows = problems->times_shared ? problems->n_problems > 0 : problems->n_problems;
    for (size_t i = 0; i < rows; i++) {
        const double *times = times_of(problems, i);
        for (size_t j = 0; j < problems->n_times; j++)
            if (!(isfinite(times[j]) && times[j] >= (j ? times[j - 1] : 0)))
                return fail(error, MECH_INVALID_ARGUMENT,
                            "problem %zu: time %zu is %g; expected ascending times from 0 on", i, j, times[j]);
    }
    return MECH_OK;
}

static size_t piece_size(size_t n_problems, int threads) {
    const size_t share = threads == 1 ? n_problems : n_problems / (PIECES_A_THREAD * (size_t)threads);
    return share < LEAST_IN_PIECE ? LEAST_IN_PIECE : share > MOST_IN_PIECE ? MOST_IN_PIECE : share;
}

mech_status mech_simulate(const mech_network *network, const mech_solver_options *options,
                          const mech_problems *problems, double *y, mech_solver_statistics *statistics,
                          mech_error *error) {
    const size_t piece = piece_size(problems->n_problems, options->threads > 0 ? options->threads : available_cores());
    const size_t n_pieces = (problems->n_problems + piece - 1) / piece;
    mech_status status = check_request(options, problems, error);
    if (status != MECH_OK) return status;
    shared_simulation s = {.network = network, .options = options, .problems = problems, .piece = piece};
    s.y = y;
    s.statistics = allocate_array(n_pieces, sizeof *s.statistics);
    s.status = allocate_array(n_pieces, sizeof *s.status);
    s.errors = allocate_array(n_pieces, sizeof *s.errors);
    team *t = team_new(options->threads);
    if (!s.statistics || !s.status || !s.errors || !t) {
        status = fail_memory(error);
        goto cleanup;
    }
    team_share(t, n_pieces, simulate_piece, &s);
    mech_solver_statistics sum = {0};
    for (size_t i = 0; i < n_pieces; i++) {
        if (s.status[i] != MECH_OK && status == MECH_OK) {
            status = s.status[i];
            if (error) *error = s.errors[i];
        }
        sum.steps += s.statistics[i].steps;
        sum.rejected_steps += s.statistics[i].rejected_steps;
        sum.failures += s.statistics[i].failures;
        sum.derivative_evaluations += s.statistics[i].derivative_evaluations;
        sum.factorisations += s.statistics[i].factorisations;
    }
    if (statistics) *statistics = sum;
cleanup:
    team_free(t);
    release_array(s.statistics);
    release_array(s.status);
    release_array(s.errors);
    return status;
}
