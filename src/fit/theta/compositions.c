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

/* Candidates that are judged together, rounds of them at most, and thetas below which a pool is filled with candidates
 * that did not show all parts. */
enum { A_ROUND = 256, MOST_ROUNDS = 12, FEWEST = 60 };

/* Whether a part shows itself is asked with a wide margin of its numbers. */
static const double RTOL = 1e-4, ATOL = 1e-8;

void mech_timed_thetas_free(timed_thetas *thetas) {
    mech_theta_pool_free(&thetas->pool);
    mech_release_array(thetas->times);
    *thetas = (timed_thetas){.times = NULL};
}

size_t mech_n_base_thetas(const mech_mechanism *composition) {
    return mech_theta_on_record(composition) ? N_SINGLE_THETAS : N_BASE_THETAS;
}

static mech_status take_times(const mech_mechanism *m, timed_thetas *to, mech_error *error) {
    to->times = mech_allocate_array(to->pool.n, sizeof *to->times);
    if (!to->times) return mech_fail_memory(error);
    return mech_theta_half_times(m, &to->pool, to->times, error);
}

/* The single choice that a part is, or the two of which one is the activation that it needs. */
static mech_status load_part(const part *p, timed_thetas *to, mech_error *error) {
    char id[MAX_ID];
    mech_mechanism *m = NULL;
    const bool needs_activation = p->row == ROW_PRECATALYST || strcmp(p->name, "AC") == 0;
    snprintf(id, sizeof id, "%s+%s", needs_activation ? "M6" : "M1", p->name);
    mech_status status = mech_compose(NULL, id, &m, error);
    if (status == MECH_OK) status = mech_theta_recorded(m, N_SINGLE_THETAS, &to->pool, error);
    if (status == MECH_OK) status = take_times(m, to, error);
    mech_mechanism_free(m);
    return status;
}

/* The composition without its last part. */
static mech_status load_base(const part *const *less, timed_thetas *to, mech_error *error) {
    mech_mechanism *m = mech_allocate_array(1, sizeof *m);
    if (!m) return mech_fail_memory(error);
    mech_assemble(less, 1, m, NULL);
    mech_status status = MECH_OK;
    if (mech_theta_on_record(m)) {
        status = mech_theta_recorded(m, N_SINGLE_THETAS, &to->pool, error);
        if (status == MECH_OK) status = take_times(m, to, error);
    } else {
        status = mech_compose_thetas(less, N_BASE_THETAS, NULL, to, error);
    }
    mech_release_array(m);
    return status;
}

/* What a composition is put together from. */
typedef struct ingredients {
    const mech_mechanism *whole;
    const timed_thetas *base, *last;
    size_t n_last; /* rate constants of the last part, which stand at the end of its own thetas, too */
} ingredients;

/* Candidate number c: the base's draws come in turn, those of the part meet them at random. */
static void put_together(const ingredients *from, uint64_t c, double *k, double *additive) {
    random_stream r = mech_random_open(SEED, RANDOM_THETA, 0, c);
    const theta_pool *base = &from->base->pool, *last = &from->last->pool;
    const size_t of_base = (size_t)(c % base->n);
    const size_t of_last = (size_t)(mech_random_uniform(&r) * (double)last->n) % last->n;
    const double scale = from->last->times[of_last] / from->base->times[of_base];
    memcpy(k, base->k + of_base * base->n_k, base->n_k * sizeof *k);
    for (size_t j = 0; j < from->n_last; j++)
        k[base->n_k + j] = last->k[of_last * last->n_k + last->n_k - from->n_last + j] * scale;
    *additive = mech_draw_additive(from->whole, MECH_DESIGN_NATURE, &r);
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

static mech_status judge_all(const ingredients *from, size_t n, theta_pool *pool, mech_error *error) {
    mech_solver_options solver = mech_solver_options_default();
    solver.rtol = RTOL;
    solver.atol = ATOL;
    composed_round *w = mech_allocate_array(1, sizeof *w);
    mech_status status = w ? MECH_OK : mech_fail_memory(error);
    for (uint64_t round = 0; round < MOST_ROUNDS && pool->n < n && status == MECH_OK; round++) {
        for (size_t i = 0; i < A_ROUND; i++)
            put_together(from, round * A_ROUND + i, w->k + i * pool->n_k, &w->additive[i]);
        const candidates c = {.n = A_ROUND, .k = w->k, .additive = w->additive};
        status = mech_judge_candidates(from->whole, &solver, &c, w->verdicts, error);
        if (status == MECH_OK) take(w, true, n, pool);
    }
    if (status == MECH_OK && pool->n < FEWEST) take(w, false, n < FEWEST ? n : FEWEST, pool);
    mech_release_array(w);
    return status;
}

mech_status mech_compose_thetas(const part *const *chosen, size_t n, const timed_thetas *base, timed_thetas *to,
                                mech_error *error) {
    const part *less[N_ROWS], *last = NULL;
    memcpy(less, chosen, sizeof less);
    for (int row = N_ROWS - 1; row > ROW_CYCLE && !last; row--) {
        last = chosen[row];
        less[row] = NULL;
    }
    *to = (timed_thetas){.times = NULL};
    timed_thetas own_base = {.times = NULL}, of_last = {.times = NULL};
    mech_mechanism *m = mech_allocate_array(1, sizeof *m);
    mech_status status = m ? MECH_OK : mech_fail_memory(error);
    if (m) mech_assemble(chosen, 1, m, NULL);
    if (status == MECH_OK && !base) status = load_base(less, &own_base, error);
    if (status == MECH_OK) status = load_part(last, &of_last, error);
    if (status == MECH_OK && !mech_theta_pool_new(n, (size_t)m->n_rate_constants, &to->pool))
        status = mech_fail_memory(error);
    const ingredients from = {m, base ? base : &own_base, &of_last, mech_part_constants(last)};
    if (status == MECH_OK) status = judge_all(&from, n, &to->pool, error);
    if (status == MECH_OK) status = take_times(m, to, error);
    mech_timed_thetas_free(&own_base);
    mech_timed_thetas_free(&of_last);
    mech_release_array(m);
    return status;
}
