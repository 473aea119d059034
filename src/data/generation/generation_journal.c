#include "base/files/digest.h"
#include "base/files/file.h"
#include "base/files/resumption.h"
#include "base/files/text.h"
#include "base/machine/clock.h"
#include "base/machine/processor.h"
#include "base/memory.h"
#include "data/generation/generation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RECORD_BEGIN = 1, RECORD_THETAS, RECORD_BLOCK };

/* So often at most is the disk waited for: what a machine that stops can lose of the work. */
static const double SYNC_THETAS_S = 1, SYNC_BLOCKS_S = 5;

/* The head of a record of thetas; behind it k[n][n_k] and additive[n]. */
typedef struct thetas_head {
    uint32_t split, mechanism;
    uint64_t n;
    uint64_t drawn, in_vain; /* of the pool, after these */
    uint64_t candidates, refused_by_yield, refused_by_rule, accepted, duplicates,
        solver_failures; /* of the mechanism */
} thetas_head;

/* The head of a record of a block; behind it failures[n_mechanisms]. */
typedef struct block_head {
    uint32_t split, reserved;
    uint64_t number, sum;
} block_head;

/* All that the bytes depend on, in the form of options: those of the data set and, where these only name it, digests of
 * the content. */
static mech_status normalise_options(generation *g, mech_error *error) {
    const dataset_plan *plan = &g->plan;
    text t = {0};
    char *options = NULL;
    mech_status status = mech_dataset_options(plan, &options, error);
    if (status != MECH_OK) return status;
    mech_text_add(&t, options);
    mech_free(options);
    mech_text_format(&t, " --prior-digest %016llx",
                     (unsigned long long)mech_digest(DIGEST_START, plan->prior, strlen(plan->prior)));
    if (plan->design)
        mech_text_format(&t, " --design-digest %016llx",
                         (unsigned long long)mech_digest(DIGEST_START, plan->design->text, strlen(plan->design->text)));
    for (size_t m = 0; m < plan->n_mechanisms && status == MECH_OK; m++) {
        const mech_mechanism *mechanism = plan->mechanisms[m];
        if (mech_is_builtin(mechanism)) continue;
        char *description = NULL;
        status = mech_mechanism_text(mechanism, &description, error);
        if (status == MECH_OK)
            mech_text_format(&t, " --mechanism-digest %s:%016llx", mech_mechanism_id(mechanism),
                             (unsigned long long)mech_digest(DIGEST_START, description, strlen(description)));
        mech_free(description);
    }
    mech_text_format(&t, " --version %s --instruction-set %s", mech_version(),
                     mech_instruction_set_name(mech_processor_lanes()));
    if (status == MECH_OK) status = mech_text_take(&t, &g->options, error);
    mech_text_free(&t);
    return status;
}

static mech_status make_notes(generation *g, mech_error *error) {
    for (int s = 0; s < N_SPLITS; s++) {
        block_notes *b = &g->notes[s];
        b->n = (g->plan.n_samples[s] + A_BLOCK - 1) / A_BLOCK;
        b->kept = mech_allocate_array(b->n, sizeof *b->kept);
        b->sums = mech_allocate_array(b->n, sizeof *b->sums);
        b->failures = mech_allocate_array(b->n, g->plan.n_mechanisms * sizeof *b->failures);
        if (!b->kept || !b->sums || !b->failures) return mech_fail_memory(error);
    }
    return MECH_OK;
}

static mech_status refuse_damage(const generation *g, mech_error *error) {
    return mech_fail(error, MECH_INVALID_INPUT, "%s: is damaged or no journal; expected one that a generation left",
                     g->journal_path);
}

static mech_status read_thetas(generation *g, const char *content, size_t length, mech_error *error) {
    thetas_head head;
    if (length < sizeof head) return refuse_damage(g, error);
    memcpy(&head, content, sizeof head);
    if (head.split >= N_SPLITS || head.mechanism >= g->plan.n_mechanisms) return refuse_damage(g, error);
    const size_t wanted = mech_thetas_wanted(g, (dataset_split)head.split, head.mechanism);
    const size_t n_k = mech_mechanism_n_rate_constants(g->plan.mechanisms[head.mechanism]);
    theta_pool *pool = &g->pools[head.split][head.mechanism];
    if (head.n > wanted - pool->n || head.drawn < pool->drawn ||
        length != sizeof head + head.n * (n_k + 1) * sizeof(double))
        return refuse_damage(g, error);
    if (!pool->k && !mech_theta_pool_new(wanted, n_k, pool)) return mech_fail_memory(error);
    const size_t n = (size_t)head.n;
    double *k = pool->k + pool->n * n_k, *additive = pool->additive + pool->n;
    if (n) {
        memcpy(k, content + sizeof head, n * n_k * sizeof *k);
        memcpy(additive, content + sizeof head + n * n_k * sizeof *k, n * sizeof *additive);
    }
    for (size_t i = 0; i < n * n_k; i++)
        if (!(k[i] > 0 && isfinite(k[i]))) return refuse_damage(g, error);
    for (size_t i = 0; i < n; i++)
        if (!(additive[i] >= 0 && isfinite(additive[i]))) return refuse_damage(g, error);
    pool->n += n;
    pool->drawn = head.drawn;
    pool->in_vain = head.in_vain;
    mech_draw_counts *counts = &g->counts[head.mechanism];
    counts->candidates = head.candidates;
    counts->refused_by_yield = head.refused_by_yield;
    counts->refused_by_rule = head.refused_by_rule;
    counts->accepted = head.accepted;
    counts->duplicates = head.duplicates;
    counts->solver_failures = head.solver_failures;
    return MECH_OK;
}

static mech_status read_block(generation *g, const char *content, size_t length, mech_error *error) {
    block_head head;
    const size_t row = g->plan.n_mechanisms * sizeof(uint64_t);
    if (length != sizeof head + row) return refuse_damage(g, error);
    memcpy(&head, content, sizeof head);
    if (head.split >= N_SPLITS || head.number >= g->notes[head.split].n) return refuse_damage(g, error);
    block_notes *b = &g->notes[head.split];
    b->kept[head.number] = true;
    b->sums[head.number] = head.sum;
    memcpy(b->failures + head.number * g->plan.n_mechanisms, content + sizeof head, row);
    return MECH_OK;
}

/* Where the reading of a journal stands. */
typedef struct reading {
    generation *g;
    bool begun; /* the options were there */
} reading;

static mech_status read_record(void *context, uint32_t kind, const char *content, size_t length, mech_error *error) {
    reading *r = context;
    generation *g = r->g;
    if (r->begun == (kind == RECORD_BEGIN)) return refuse_damage(g, error);
    if (kind == RECORD_THETAS) return read_thetas(g, content, length, error);
    if (kind == RECORD_BLOCK) return read_block(g, content, length, error);
    if (kind != RECORD_BEGIN || !length || content[length - 1]) return refuse_damage(g, error);
    r->begun = true;
    return mech_refuse_other_options(g->journal_path, content, g->options, "generation", error);
}

static mech_status write_begin(generation *g, mech_error *error) {
    const journal_part part = {g->options, strlen(g->options) + 1};
    const mech_status status = mech_journal_append(g->journal, RECORD_BEGIN, &part, 1, error);
    return status == MECH_OK ? mech_journal_sync(g->journal, error) : status;
}

static mech_status begin(generation *g, mech_error *error) {
    const char *left = mech_file_exists(g->partial_path)   ? g->partial_path
                       : mech_file_exists(g->journal_path) ? g->journal_path
                                                           : NULL;
    if (left)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: an interrupted generation left it; resume that one, or remove the file to begin anew",
                         left);
    mech_status status = mech_dataset_create(g->path, &g->plan, &g->dataset, error);
    if (status == MECH_OK) status = mech_journal_create(g->journal_path, &g->journal, error);
    return status == MECH_OK ? write_begin(g, error) : status;
}

static mech_status go_on(generation *g, mech_error *error) {
    reading r = {.g = g};
    if (!mech_journal_is_begun(g->journal_path)) {
        /* Nothing was kept: it ended before its first record, or was never begun. */
        (void)unlink(g->journal_path);
        (void)unlink(g->partial_path);
        return begin(g, error);
    }
    g->resumed = true;
    mech_status status = mech_journal_continue(g->journal_path, read_record, &r, &g->journal, error);
    if (status == MECH_OK && !r.begun) status = write_begin(g, error);
    return status == MECH_OK ? mech_dataset_continue(g->path, &g->plan, &g->dataset, error) : status;
}

/* Hands what rank 0 found in the journal to the others: thetas and counts. (Which blocks there are only rank 0 asks.)
 */
static mech_status tell_thetas(generation *g, mech_error *error) {
    ranks *others = mech_team_ranks(g->team);
    mech_status status = MECH_OK;
    for (int s = 0; s < N_SPLITS; s++)
        for (size_t m = 0; m < g->plan.n_mechanisms && others; m++) {
            theta_pool *pool = &g->pools[s][m];
            const size_t n_k = mech_mechanism_n_rate_constants(g->plan.mechanisms[m]);
            uint64_t head[] = {pool->n, pool->drawn, pool->in_vain};
            mech_ranks_tell(others, head, sizeof head);
            if (!head[1]) continue;
            if (!pool->k && !mech_theta_pool_new(mech_thetas_wanted(g, (dataset_split)s, m), n_k, pool))
                status = mech_fail_memory(error);
            if (mech_ranks_one_says(others, status != MECH_OK)) return mech_fail_memory(error);
            pool->n = (size_t)head[0];
            pool->drawn = head[1];
            pool->in_vain = head[2];
            mech_ranks_tell(others, pool->k, pool->n * n_k * sizeof *pool->k);
            mech_ranks_tell(others, pool->additive, pool->n * sizeof *pool->additive);
        }
    for (size_t m = 0; m < g->plan.n_mechanisms; m++) {
        const char *mechanism = g->counts[m].mechanism;
        mech_ranks_tell(others, &g->counts[m], sizeof g->counts[m]);
        g->counts[m].mechanism = mechanism;
    }
    return status;
}

/* What became of it on rank 0. */
static mech_status tell_status(const generation *g, mech_status status, mech_error *error) {
    struct {
        mech_status status;
        mech_error error;
    } said = {.status = status};
    if (status != MECH_OK && error) said.error = *error;
    mech_ranks_tell(mech_team_ranks(g->team), &said, sizeof said);
    if (said.status != MECH_OK && error) *error = said.error;
    return said.status;
}

mech_status mech_generation_open(generation *g, const char *path, bool resume, mech_error *error) {
    text name = {0};
    g->path = path;
    g->synced_s = mech_clock_s();
    mech_status status = normalise_options(g, error);
    if (status == MECH_OK) status = make_notes(g, error);
    if (status == MECH_OK) status = mech_dataset_partial_path(path, &g->partial_path, error);
    if (status == MECH_OK) {
        mech_text_format(&name, "%s.journal", path);
        status = mech_text_take(&name, &g->journal_path, error);
    }
    if (status != MECH_OK) return status;
    if (mech_rank() == 0) status = resume ? go_on(g, error) : begin(g, error);
    status = tell_status(g, status, error);
    return status == MECH_OK ? tell_thetas(g, error) : status;
}

mech_status mech_generation_keep_thetas(void *context, const theta_draw *draw, const theta_pool *pool, size_t from,
                                        mech_error *error) {
    generation *g = context;
    if (!g->journal) return MECH_OK; /* rank 0 has it */
    const mech_draw_counts *counts = &g->counts[draw->label];
    const size_t n = pool->n - from;
    const thetas_head head = {.split = (uint32_t)draw->split,
                              .mechanism = (uint32_t)draw->label,
                              .n = n,
                              .drawn = pool->drawn,
                              .in_vain = pool->in_vain,
                              .candidates = counts->candidates,
                              .refused_by_yield = counts->refused_by_yield,
                              .refused_by_rule = counts->refused_by_rule,
                              .accepted = counts->accepted,
                              .duplicates = counts->duplicates,
                              .solver_failures = counts->solver_failures};
    const journal_part parts[] = {{&head, sizeof head},
                                  {pool->k + from * pool->n_k, n * pool->n_k * sizeof *pool->k},
                                  {pool->additive + from, n * sizeof *pool->additive}};
    mech_status status = mech_journal_append(g->journal, RECORD_THETAS, parts, sizeof parts / sizeof parts[0], error);
    if (status == MECH_OK && mech_clock_s() - g->synced_s >= SYNC_THETAS_S) {
        status = mech_journal_sync(g->journal, error);
        g->synced_s = mech_clock_s();
    }
    return status;
}

bool mech_generation_has_block(generation *g, dataset_split s, size_t number, size_t n) {
    const block_notes *b = &g->notes[s];
    if (!b->kept[number]) return false;
    const run_set_place *starts = g->starts[s];
    if (!(starts ? mech_dataset_holds_runs(g->dataset, s, &starts[number], &starts[number + 1], b->sums[number])
                 : mech_dataset_holds(g->dataset, s, number * A_BLOCK, n, b->sums[number])))
        return false;
    for (size_t m = 0; m < g->plan.n_mechanisms; m++)
        g->counts[m].solver_failures += b->failures[number * g->plan.n_mechanisms + m];
    return true;
}

static mech_status sync_all(generation *g, mech_error *error) {
    mech_status status = mech_dataset_sync(g->dataset, error);
    if (status == MECH_OK) status = mech_journal_sync(g->journal, error);
    g->synced_s = mech_clock_s();
    return status;
}

mech_status mech_generation_keep_block(generation *g, dataset_split s, size_t number, uint64_t sum,
                                       const uint64_t *failures, mech_error *error) {
    const block_head head = {.split = (uint32_t)s, .number = number, .sum = sum};
    const journal_part parts[] = {{&head, sizeof head}, {failures, g->plan.n_mechanisms * sizeof *failures}};
    const mech_status status =
        mech_journal_append(g->journal, RECORD_BLOCK, parts, sizeof parts / sizeof parts[0], error);
    return status == MECH_OK && mech_clock_s() - g->synced_s >= SYNC_BLOCKS_S ? sync_all(g, error) : status;
}

mech_status mech_generation_close(generation *g, mech_status status, mech_error *error) {
    if (mech_rank() > 0) {
        /* Rank 0 has the files, and says what became of them. */
    } else if (status == MECH_STOPPED && g->dataset && g->journal) {
        status = sync_all(g, error);
        if (status == MECH_OK)
            status = mech_fail(error, MECH_STOPPED, "stopped; %s and %s hold what resuming needs", g->partial_path,
                               g->journal_path);
    } else if (status == MECH_OK) {
        status = mech_dataset_commit(g->dataset, error);
        g->dataset = NULL;
    }
    if (status == MECH_STOPPED || (status != MECH_OK && g->resumed)) {
        mech_dataset_keep(g->dataset);
        mech_journal_close(g->journal);
    } else {
        mech_dataset_discard(g->dataset);
        mech_journal_discard(g->journal);
    }
    for (int s = 0; s < N_SPLITS; s++) {
        mech_release_array(g->notes[s].kept);
        mech_release_array(g->notes[s].sums);
        mech_release_array(g->notes[s].failures);
    }
    mech_free(g->partial_path);
    mech_free(g->journal_path);
    mech_free(g->options);
    return status;
}
