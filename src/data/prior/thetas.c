#include "data/prior/thetas.h"
#include "data/conditions/additive.h"

#include "base/error.h"
#include "base/memory.h"
#include "data/prior/acceptance.h"

#include <string.h>

enum { A_PIECE = 1024, MOST_PIECES = 64 };

/* Candidates in a row without an accepted one after which a prior is given up. */
static const uint64_t HOPELESS = 1000000;

bool mech_theta_pool_new(size_t n, size_t n_k, theta_pool *pool) {
    *pool = (theta_pool){.n_k = n_k};
    pool->k = mech_allocate_array(n, n_k * sizeof *pool->k);
    pool->additive = mech_allocate_array(n, sizeof *pool->additive);
    return pool->k && pool->additive;
}

void mech_theta_pool_free(theta_pool *pool) {
    mech_release_array(pool->k);
    mech_release_array(pool->additive);
    *pool = (theta_pool){0};
}

void mech_theta_register_free(theta_register *taken) {
    mech_release_array(taken->hashes);
    *taken = (theta_register){0};
}

bool mech_theta_register_copy(const theta_register *taken, theta_register *copy) {
    *copy = (theta_register){0};
    if (!taken->capacity) return true;
    copy->hashes = mech_allocate_array(taken->capacity, sizeof *copy->hashes);
    if (!copy->hashes) return false;
    copy->n = taken->n;
    copy->capacity = taken->capacity;
    memcpy(copy->hashes, taken->hashes, taken->capacity * sizeof *copy->hashes);
    return true;
}

/* A hash of n_k rate constants (the finaliser of MurmurHash3 over their bits); never 0. Two thetas are taken to be the
 * same where their hashes are: by chance alone that refuses one new theta in a million sets of five million. */
static uint64_t hash_theta(const double *k, size_t n_k) {
    uint64_t hash = n_k;
    for (size_t i = 0; i < n_k; i++) {
        uint64_t bits;
        memcpy(&bits, &k[i], sizeof bits);
        hash ^= bits;
        hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdu;
        hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53u;
        hash ^= hash >> 33;
    }
    return hash ? hash : 1;
}

/* Where a hash stands or would stand. */
static size_t find_place(const theta_register *taken, uint64_t hash) {
    size_t place = (size_t)hash & (taken->capacity - 1);
    while (taken->hashes[place] && taken->hashes[place] != hash) place = (place + 1) & (taken->capacity - 1);
    return place;
}

/* Makes room for one more; false where memory is short. */
static bool register_grow(theta_register *taken) {
    if (2 * (taken->n + 1) <= taken->capacity) return true;
    theta_register larger = {.n = taken->n, .capacity = taken->capacity ? 2 * taken->capacity : 1024};
    larger.hashes = mech_allocate_array(larger.capacity, sizeof *larger.hashes);
    if (!larger.hashes) return false;
    for (size_t i = 0; i < taken->capacity; i++)
        if (taken->hashes[i]) larger.hashes[find_place(&larger, taken->hashes[i])] = taken->hashes[i];
    mech_theta_register_free(taken);
    *taken = larger;
    return true;
}

bool mech_theta_register_enter(theta_register *taken, const double *k, size_t n_k, bool *is_new) {
    if (!register_grow(taken)) return false;
    const uint64_t hash = hash_theta(k, n_k);
    const size_t place = find_place(taken, hash);
    *is_new = !taken->hashes[place];
    if (*is_new) {
        taken->hashes[place] = hash;
        taken->n++;
    }
    return true;
}

/* Candidates first, first + 1, ... that the team judges together. */
typedef struct draw_round {
    const theta_draw *draw;
    uint64_t first;
    size_t n_k;
    double *k;         /* [MOST_PIECES * A_PIECE][n_k] */
    double *additive;  /* [MOST_PIECES * A_PIECE] */
    uint8_t *verdicts; /* [MOST_PIECES * A_PIECE] */
    rank_share own;    /* pieces that this rank judges */
    mech_status status[MOST_PIECES];
    mech_error errors[MOST_PIECES];
} draw_round;

/* Draws candidate i of the round. */
static void draw_candidate(const draw_round *round, size_t i) {
    const theta_draw *d = round->draw;
    random_stream r =
        mech_random_open(d->seed, RANDOM_THETA, d->label * N_SPLITS + (uint64_t)d->split, round->first + i);
    mech_prior_draw(d->prior, d->label, &r, round->k + i * round->n_k);
    round->additive[i] = d->additive ? mech_draw_designed_additive(d->mechanism, d->additive, &r)
                                     : mech_draw_additive(d->mechanism, d->design, &r);
}

static void judge_piece(void *context, size_t own, int member) {
    (void)member;
    draw_round *round = context;
    const theta_draw *d = round->draw;
    const size_t piece = round->own.begin + own, from = piece * A_PIECE;
    for (size_t i = from; i < from + A_PIECE; i++) draw_candidate(round, i);
    const candidates c = {.n = A_PIECE, .k = round->k + from * round->n_k, .additive = round->additive + from};
    round->status[piece] =
        mech_judge_candidates(d->mechanism, d->solver, &c, round->verdicts + from, &round->errors[piece]);
}

/* So many pieces that a round about fills the pool, by the share that was accepted so far. */
static size_t pieces_wanted(const theta_pool *pool, size_t n, uint64_t drawn) {
    const double share = drawn ? ((double)pool->n + 0.5) / (double)drawn : 0.02;
    const double pieces = 1.05 * (double)(n - pool->n) / share / A_PIECE + 1;
    return pieces < MOST_PIECES ? (size_t)pieces : MOST_PIECES;
}

/* Takes the accepted candidates of a round into the pool, in order, until it holds n. Returns MECH_OUT_OF_MEMORY where
 * the register cannot grow. */
static mech_status take_round(const draw_round *round, size_t n_judged, size_t n, theta_register *taken,
                              theta_pool *pool, mech_draw_counts *counts) {
    for (size_t i = 0; i < n_judged && pool->n < n; i++) {
        const double *k = round->k + i * round->n_k;
        bool is_new = false;
        counts->candidates++;
        pool->in_vain++;
        switch ((verdict)round->verdicts[i]) {
        case REFUSED_BY_YIELD:
            counts->refused_by_yield++;
            break;
        case REFUSED_BY_RULE:
            counts->refused_by_rule++;
            break;
        case SOLVER_FAILED:
            counts->solver_failures++;
            break;
        case ACCEPTED:
            if (i < round->own.begin * A_PIECE || i >= round->own.end * A_PIECE) draw_candidate(round, i);
            if (!mech_theta_register_enter(taken, k, round->n_k, &is_new)) return MECH_OUT_OF_MEMORY;
            if (!is_new) {
                counts->duplicates++;
                break;
            }
            memcpy(pool->k + pool->n * round->n_k, k, round->n_k * sizeof *k);
            pool->additive[pool->n++] = round->additive[i];
            counts->accepted++;
            pool->in_vain = 0;
            break;
        }
    }
    return MECH_OK;
}

static mech_status judge_round(draw_round *round, size_t n_pieces, mech_error *error) {
    ranks *others = mech_team_ranks(round->draw->team);
    round->own = mech_rank_share(others, n_pieces);
    mech_team_share(round->draw->team, round->own.end - round->own.begin, judge_piece, round);
    mech_ranks_gather(others, n_pieces, A_PIECE * sizeof *round->verdicts, round->verdicts);
    mech_ranks_gather(others, n_pieces, sizeof *round->status, round->status);
    mech_ranks_gather(others, n_pieces, sizeof *round->errors, round->errors);
    for (size_t p = 0; p < n_pieces; p++)
        if (round->status[p] != MECH_OK) {
            if (error) *error = round->errors[p];
            return round->status[p];
        }
    return MECH_OK;
}

/* Reports how far the work is; MECH_STOPPED where it should stop. */
static mech_status report_draw(const theta_draw *d, size_t drawn, mech_error *error) {
    const mech_progress *p = d->progress;
    if (!p) return MECH_OK;
    if (p->report)
        p->report(p->context, "drawing thetas", (double)(d->done_before + drawn), (double)d->total,
                  mech_mechanism_id(d->mechanism));
    if (p->should_stop && p->should_stop(p->context)) return mech_fail(error, MECH_STOPPED, "stopped");
    return MECH_OK;
}

/* Enters the thetas that the pool holds from the start. */
static mech_status register_pool(const theta_pool *pool, theta_register *taken, mech_error *error) {
    for (size_t i = 0; i < pool->n; i++) {
        bool is_new = false;
        if (!mech_theta_register_enter(taken, pool->k + i * pool->n_k, pool->n_k, &is_new))
            return mech_fail_memory(error);
        if (!is_new) return mech_fail(error, MECH_INVALID_INPUT, "the thetas that were kept hold one twice");
    }
    return MECH_OK;
}

mech_status mech_draw_thetas(const theta_draw *draw, size_t n, theta_register *taken, theta_pool *pool,
                             mech_draw_counts *counts, mech_error *error) {
    const size_t n_k = mech_mechanism_n_rate_constants(draw->mechanism);
    draw_round *round = mech_allocate_array(1, sizeof *round);
    if (round) {
        *round = (draw_round){.draw = draw, .n_k = n_k};
        round->k = mech_allocate_array((size_t)MOST_PIECES * A_PIECE, n_k * sizeof *round->k);
        round->additive = mech_allocate_array((size_t)MOST_PIECES * A_PIECE, sizeof *round->additive);
        round->verdicts = mech_allocate_array((size_t)MOST_PIECES * A_PIECE, sizeof *round->verdicts);
    }
    mech_status status = MECH_OK;
    if (!round || !round->k || !round->additive || !round->verdicts || (!pool->k && !mech_theta_pool_new(n, n_k, pool)))
        status = mech_fail_memory(error);
    if (status == MECH_OK) status = register_pool(pool, taken, error);
    while (status == MECH_OK && pool->n < n) {
        const size_t n_pieces = pieces_wanted(pool, n, pool->drawn), from = pool->n;
        status = report_draw(draw, pool->n, error);
        round->first = pool->drawn;
        if (status == MECH_OK) status = judge_round(round, n_pieces, error);
        if (status != MECH_OK) break;
        pool->drawn += n_pieces * A_PIECE;
        if (take_round(round, n_pieces * A_PIECE, n, taken, pool, counts) != MECH_OK)
            status = mech_fail_memory(error);
        else if (pool->n < n && pool->in_vain >= HOPELESS)
            status = mech_fail(
                error, MECH_NUMERICAL_FAILURE,
                "%s: none of %llu candidates in a row was accepted; choose other ranges of its rate constants",
                mech_mechanism_id(draw->mechanism), (unsigned long long)pool->in_vain);
        else if (draw->keep)
            status = draw->keep(draw->context, draw, pool, from, error);
    }
    if (round) {
        mech_release_array(round->k);
        mech_release_array(round->additive);
        mech_release_array(round->verdicts);
    }
    mech_release_array(round);
    if (status != MECH_OK) mech_theta_pool_free(pool);
    return status;
}

static mech_status draw_within(const mech_mechanism *mechanism, const prior *ranges, size_t label,
                               mech_sample_design sample_design, const distribution *additive, uint64_t seed, size_t n,
                               team *t, theta_pool *pool, mech_error *error) {
    const mech_solver_options solver = mech_solver_options_default();
    theta_register taken = {0};
    mech_draw_counts counts = {0};
    const theta_draw draw = {.mechanism = mechanism,
                             .label = label,
                             .split = SPLIT_TRAIN,
                             .design = sample_design,
                             .additive = additive,
                             .seed = seed,
                             .prior = ranges,
                             .solver = &solver,
                             .team = t};
    *pool = (theta_pool){0};
    const mech_status status = mech_draw_thetas(&draw, n, &taken, pool, &counts, error);
    mech_theta_register_free(&taken);
    return status;
}

static mech_status draw_wide(const mech_mechanism *mechanism, mech_sample_design sample_design,
                             const distribution *additive, uint64_t seed, size_t n, team *t, theta_pool *pool,
                             mech_error *error) {
    prior *wide = NULL;
    *pool = (theta_pool){0};
    mech_status status = mech_prior_new("wide", &mechanism, 1, &wide, error);
    if (status == MECH_OK) status = draw_within(mechanism, wide, 0, sample_design, additive, seed, n, t, pool, error);
    mech_prior_free(wide);
    return status;
}

mech_status mech_draw_thetas_within(const mech_mechanism *mechanism, const prior *ranges, size_t label,
                                    mech_sample_design sample_design, uint64_t seed, size_t n, team *t,
                                    theta_pool *pool, mech_error *error) {
    return draw_within(mechanism, ranges, label, sample_design, NULL, seed, n, t, pool, error);
}

mech_status mech_draw_wide_thetas(const mech_mechanism *mechanism, mech_sample_design sample_design, uint64_t seed,
                                  size_t n, team *t, theta_pool *pool, mech_error *error) {
    return draw_wide(mechanism, sample_design, NULL, seed, n, t, pool, error);
}

mech_status mech_draw_designed_thetas(const mech_mechanism *mechanism, const distribution *additive, uint64_t seed,
                                      size_t n, team *t, theta_pool *pool, mech_error *error) {
    return draw_wide(mechanism, MECH_DESIGN_NATURE, additive, seed, n, t, pool, error);
}
