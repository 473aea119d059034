/* What a block of a file of format 2 has in each of its arrays, for writing and for the digest. */
#include "base/files/digest.h"
#include "base/memory.h"
#include "data/dataset/dataset_layout.h"

void mech_rows_of_block(const array_shape *a, const block_place *place, size_t *first, size_t *n) {
    const bool begins = place->first[UNIT_SET] == 0;
    *first = place->first[a->unit] + (begins ? 0 : a->extra);
    *n = place->n[a->unit] + (begins ? a->extra : 0);
}

block_place mech_place_of_runs(const run_set_place *from, size_t n, size_t n_runs, size_t n_readings) {
    return (block_place){.first = {from->set, from->run, from->reading, from->set / A_BLOCK},
                         .n = {n, n_runs, n_readings, 1}};
}

/* Offsets as the file has them: local[n + 1] moved by `base`, without the first where another block ends there. */
static uint64_t *global_offsets(const uint64_t *local, size_t n, uint64_t base, bool begins) {
    uint64_t *offsets = mech_allocate_array(n + 1, sizeof *offsets);
    for (size_t i = begins ? 0 : 1, to = 0; offsets && i <= n; i++) offsets[to++] = local[i] + base;
    return offsets;
}

bool mech_runs_content(const run_sets *sets, const run_set_place *from, runs_content *content) {
    const bool begins = from->set == 0;
    *content =
        (runs_content){.run_offsets = global_offsets(sets->run_offset, sets->n, from->run, begins),
                       .reading_offsets = global_offsets(sets->reading_offset, sets->n_runs, from->reading, begins)};
    const void *const always[] = {sets->label, sets->theta,     sets->additive, content->run_offsets,
                                  sets->s0,    sets->p0,        sets->cat0,     content->reading_offsets,
                                  sets->time,  sets->substrate, sets->product};
    for (size_t a = 0; a < sizeof always / sizeof always[0]; a++) content->arrays[content->n++] = always[a];
    if (sets->b0) {
        content->arrays[content->n++] = sets->b0;
        content->arrays[content->n++] = sets->b;
    }
    for (int t = 0; t < N_SET_TRUTHS; t++)
        if (sets->held.of_set[t]) content->arrays[content->n++] = sets->set_truths[t];
    for (int t = 0; t < N_RUN_TRUTHS; t++)
        if (sets->held.of_run[t]) content->arrays[content->n++] = sets->run_truths[t];
    return content->run_offsets && content->reading_offsets;
}

void mech_runs_content_free(runs_content *content) {
    mech_release_array(content->run_offsets);
    mech_release_array(content->reading_offsets);
}

bool mech_runs_digest(const run_sets *sets, const run_set_place *from, uint64_t *sum) {
    split_layout layout = {0};
    runs_content content;
    const block_place place = mech_place_of_runs(from, sets->n, sets->n_runs, sets->n_readings);
    mech_shape_runs(sets->n_theta, sets->b0 != NULL, &sets->held, &layout);
    const bool made = mech_runs_content(sets, from, &content);
    *sum = DIGEST_START;
    for (size_t a = 0; a < content.n && made; a++) {
        size_t first, n;
        mech_rows_of_block(&layout.arrays[a], &place, &first, &n);
        *sum = mech_digest(*sum, content.arrays[a], n * layout.arrays[a].row);
    }
    mech_runs_content_free(&content);
    return made;
}
