#include "fit/theta/compositions.h"

#include "base/error.h"
#include "base/memory.h"
#include "data/conditions/additive.h"
#include "data/prior/acceptance.h"
#include "fit/theta/prior.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of the random choice of draws that meet. */
enum { SEED = 1836215140 };

/* Draws of each part, candidates that are judged together and at most, and thetas below which a pool is filled with
 * candidates that did not show all parts. */
enum { OF_A_PART = N_RECORDED_THETAS, A_ROUND = 512, MOST_ROUNDS = 16, FEWEST = 60 };

/* The accepted thetas of one part. */
typedef struct part_thetas {
    theta_pool pool;
    double *times;  /* [pool.n]: to half of the conversion */
    size_t n, from; /* the part's own rate constants */
} part_thetas;

static void part_thetas_free(part_thetas *p) {
    mech_theta_pool_free(&p->pool);
    mech_release_array(p->times);
}

/* The single choice that a part is, or the two of which one is the activation that it needs. */
static mech_status load(const part *p, part_thetas *to, mech_error *error) {
    char id[MAX_ID];
    mech_mechanism *m = NULL;
    const bool needs_activation = p->row == ROW_PRECATALYST || strcmp(p->name, "AC") == 0;
    if (p->row == ROW_CYCLE)
        snprintf(id, sizeof id, "%s", p->name);
    else
        snprintf(id, sizeof id, "%s+%s", needs_activation ? "M6" : "M1", p->name);
    mech_status status = mech_compose(NULL, id, &m, error);
    if (status == MECH_OK) status = mech_theta_recorded(m, OF_A_PART, &to->pool, error);
    if (status == MECH_OK) {
        to->n = mech_part_constants(p);
        to->from = to->pool.n_k - to->n;
        to->times = mech_allocate_array(to->pool.n, sizeof *to->times);
        status = to->times ? mech_theta_half_times(m, &to->pool, to->times, error) : mech_fail_memory(error);
    }
    mech_mechanism_free(m);
    return status;
}

/* Candidate number c: the cycle's draws come in turn, those of the parts meet them at random. */
static void put_together(const mech_mechanism *m, const part_thetas *parts, size_t n_parts, uint64_t c, double *k,
                         double *additive) {
    random_stream r = mech_random_open(SEED, RANDOM_THETA, 0, c);
    const size_t of_cycle = (size_t)(c % parts[0].pool.n);
    size_t at = 0;
    for (size_t p = 0; p < n_parts; p++) {
        const part_thetas *from = &parts[p];
        const size_t i = p ? (size_t)(mech_random_uniform(&r) * (double)from->pool.n) % from->pool.n : of_cycle;
        const double scale = from->times[i] / parts[0].times[of_cycle];
        for (size_t j = 0; j < from->n; j++) k[at++] = from->pool.k[i * from->pool.n_k + from->from + j] * scale;
    }
    *additive = mech_draw_additive(m, MECH_PROTOCOL_NATURE, &r);
}

typedef struct composed_round {
    double k[A_ROUND * MAX_RATE_CONSTANTS], additive[A_ROUND];
    uint8_t verdicts[A_ROUND];
} composed_round;

static void take(const composed_round *w, bool accepted_ones, size_t n, theta_pool *pool) {
    for (size_t i = 0; i < A_ROUND && pool->n < n; i++) {
        if ((w->verdicts[i] == ACCEPTED) != accepted_ones) continue;
        memcpy(pool->k + pool->n * pool->n_k, w->k + i * pool->n_k, pool->n_k * sizeof *pool->k);
        pool->additive[pool->n++] = w->additive[i];
    }
}

static mech_status judge_all(const mech_mechanism *m, const part_thetas *parts, size_t n_parts, size_t n,
                             theta_pool *pool, mech_error *error) {
    const mech_solver_options solver = mech_solver_options_default();
    composed_round *w = mech_allocate_array(1, sizeof *w);
    mech_status status = w ? MECH_OK : mech_fail_memory(error);
    for (uint64_t round = 0; round < MOST_ROUNDS && pool->n < n && status == MECH_OK; round++) {
        for (size_t i = 0; i < A_ROUND; i++)
            put_together(m, parts, n_parts, round * A_ROUND + i, w->k + i * pool->n_k, &w->additive[i]);
        const candidates c = {.n = A_ROUND, .k = w->k, .additive = w->additive};
        status = mech_judge_candidates(m, &solver, &c, w->verdicts, error);
        if (status == MECH_OK) take(w, true, n, pool);
    }
    if (status == MECH_OK && pool->n < FEWEST) take(w, false, FEWEST, pool);
    mech_release_array(w);
    return status;
}

mech_status mech_compose_thetas(const part *const *chosen, size_t n, theta_pool *pool, mech_error *error) {
    part_thetas parts[N_ROWS] = {0};
    size_t n_parts = 0;
    mech_status status = MECH_OK;
    mech_mechanism *m = mech_allocate_array(1, sizeof *m);
    *pool = (theta_pool){0};
    if (!m) return mech_fail_memory(error);
    mech_assemble(chosen, 1, m, NULL);
    for (part_row row = 0; row < N_ROWS && status == MECH_OK; row++)
        if (chosen[row]) status = load(chosen[row], &parts[n_parts++], error);
    if (status == MECH_OK && !mech_theta_pool_new(n, (size_t)m->n_rate_constants, pool))
        status = mech_fail_memory(error);
    if (status == MECH_OK) status = judge_all(m, parts, n_parts, n, pool, error);
    for (size_t i = 0; i < n_parts; i++) part_thetas_free(&parts[i]);
    mech_release_array(m);
    return status;
}
