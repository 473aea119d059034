/* The blocks of a split, one rank a block: rank 0 writes them, its own and what the others send, in their order. */
#include "base/error.h"
#include "base/memory.h"
#include "data/generation/generation.h"

#include <string.h>

/* What a rank sends before the block itself. */
typedef struct made_head {
    mech_status status;
    mech_error error; /* where it failed */
} made_head;

static bool is_writer(void) { return mech_rank() == 0; }

/* Which of blocks first, first + 1, ..., one for each rank, are still to be made; rank 0 knows. */
static void find_missing(generation *g, dataset_split s, size_t first, size_t n_blocks, const block_kind *kind,
                         bool *missing) {
    const size_t n_ranks = (size_t)mech_n_ranks();
    for (size_t i = 0; i < n_ranks && is_writer(); i++)
        missing[i] = first + i < n_blocks && !mech_generation_has_block(g, s, first + i, kind->size(g, s, first + i));
    mech_ranks_tell(mech_team_ranks(g->team), missing, n_ranks * sizeof *missing);
}

/* Writes a block that is there and notes it. */
static mech_status keep_block(generation *g, dataset_split s, size_t number, const block_kind *kind,
                              const uint64_t *failures, mech_error *error) {
    uint64_t sum = 0;
    for (size_t m = 0; m < g->plan.n_mechanisms; m++) g->counts[m].solver_failures += failures[m];
    const mech_status status = kind->write(g, s, number, &sum, error);
    return status == MECH_OK ? mech_generation_keep_block(g, s, number, sum, failures, error) : status;
}

static mech_status make_block(generation *g, dataset_split s, size_t number, const block_kind *kind, uint64_t *failures,
                              mech_error *error) {
    memset(failures, 0, g->plan.n_mechanisms * sizeof *failures);
    const mech_status status = kind->prepare(g, s, number, error);
    return status == MECH_OK ? kind->simulate(g, s, number, failures, error) : status;
}

static void send_block(generation *g, const made_head *head, const block_kind *kind, const uint64_t *failures) {
    ranks *others = mech_team_ranks(g->team);
    block_part parts[MOST_BLOCK_PARTS];
    mech_ranks_send(others, 0, head, sizeof *head);
    if (head->status != MECH_OK) return;
    mech_ranks_send(others, 0, failures, g->plan.n_mechanisms * sizeof *failures);
    const size_t n = kind->parts(g, parts);
    for (size_t i = 0; i < n; i++) mech_ranks_send(others, 0, parts[i].bytes, parts[i].length);
}

static mech_status receive_block(generation *g, dataset_split s, size_t number, int from, const block_kind *kind,
                                 uint64_t *failures, mech_error *error) {
    ranks *others = mech_team_ranks(g->team);
    block_part parts[MOST_BLOCK_PARTS];
    made_head head;
    mech_ranks_receive(others, from, &head, sizeof head);
    if (head.status != MECH_OK) {
        if (error) *error = head.error;
        return head.status;
    }
    mech_ranks_receive(others, from, failures, g->plan.n_mechanisms * sizeof *failures);
    const mech_status status = kind->prepare(g, s, number, error);
    if (status != MECH_OK) return status;
    const size_t n = kind->parts(g, parts);
    for (size_t i = 0; i < n; i++) mech_ranks_receive(others, from, parts[i].bytes, parts[i].length);
    return MECH_OK;
}

/* Makes, sends and writes blocks first, first + 1, ... that are missing. */
static mech_status make_group(generation *g, dataset_split s, size_t first, const bool *missing, const block_kind *kind,
                              uint64_t *failures, mech_error *error) {
    const int n_ranks = mech_n_ranks(), own = mech_rank();
    made_head head = {.status = MECH_OK};
    if (missing[own]) head.status = make_block(g, s, first + (size_t)own, kind, failures, &head.error);
    if (!is_writer()) {
        if (missing[own]) send_block(g, &head, kind, failures);
        return MECH_OK; /* rank 0 says what became of it */
    }
    mech_status status = head.status;
    if (status != MECH_OK && error) *error = head.error;
    if (status == MECH_OK && missing[0]) status = keep_block(g, s, first, kind, failures, error);
    for (int i = 1; i < n_ranks && status == MECH_OK; i++) {
        if (!missing[i]) continue;
        status = receive_block(g, s, first + (size_t)i, i, kind, failures, error);
        if (status == MECH_OK) status = keep_block(g, s, first + (size_t)i, kind, failures, error);
    }
    return status;
}

mech_status mech_make_blocks(generation *g, dataset_split s, const block_kind *kind, size_t *done, mech_error *error) {
    const size_t n = g->plan.n_samples[s], n_blocks = (n + A_BLOCK - 1) / A_BLOCK, n_ranks = (size_t)mech_n_ranks();
    uint64_t *failures = mech_allocate_array(g->plan.n_mechanisms, sizeof *failures);
    bool *missing = mech_allocate_array(n_ranks, sizeof *missing);
    mech_status status = failures && missing ? MECH_OK : mech_fail_memory(error);
    for (size_t first = 0; first < n_blocks && status == MECH_OK; first += n_ranks) {
        status = mech_report_samples(g, *done, error);
        if (status != MECH_OK) break;
        find_missing(g, s, first, n_blocks, kind, missing);
        status = make_group(g, s, first, missing, kind, failures, error);
        for (size_t b = first; b < first + n_ranks && b < n_blocks; b++) *done += kind->size(g, s, b);
    }
    mech_release_array(failures);
    mech_release_array(missing);
    return status;
}
