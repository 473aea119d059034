#include "learn/sets/set_lessons.h"

#include "base/error.h"
#include "base/machine/team.h"
#include "base/memory.h"
#include "base/random.h"
#include "learn/sets/set_batch.h"

#include <math.h>
#include <stdlib.h>

enum { GROUP = 256, VALIDATION_SEED = 1 };

/* Uses of RANDOM_AUGMENTATION that batches of samples do not have (learn/batches/batches.c). */
enum { TELLING_TRAINING = 16, TELLING_VALIDATION = 17 };

static const double LEAST_PROBABILITY = 1e-12;

struct set_lessons {
    const run_set_source *source;
    batch_sizes sizes;
    uint64_t seed;
    team *team;
    run_sets **window; /* [reuse]: block b stands at place b modulo reuse */
    uint64_t *blocks;  /* [reuse]: their numbers; UINT64_MAX: none */
    uint32_t *order;   /* [sets of the window]: of the pass under way */
    uint64_t pass;     /* UINT64_MAX: none */
    set_batch batch, group;
    float *probabilities; /* [GROUP][n_labels] */
};

size_t mech_sets_of_pass(const run_set_source *source, const batch_sizes *sizes) {
    const size_t all = source->a_block * source->reuse, largest = mech_largest_batch(sizes);
    return all > largest ? all - all % largest : all;
}

mech_status mech_set_lessons_new(const run_set_source *source, const batch_sizes *sizes, uint64_t seed, int threads,
                                 set_lessons **l, mech_error *error) {
    *l = NULL;
    set_lessons *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    made->source = source;
    made->sizes = *sizes;
    made->seed = seed;
    made->pass = UINT64_MAX;
    made->team = mech_team_new(threads);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    made->window = mech_allocate_array(source->reuse, sizeof *made->window);
    made->blocks = mech_allocate_array(source->reuse, sizeof *made->blocks);
    made->order = mech_allocate_array(source->reuse * source->a_block, sizeof *made->order);
    made->probabilities = mech_allocate_array(GROUP, source->n_labels * sizeof *made->probabilities);
    if (!made->team || !made->window || !made->blocks || !made->order || !made->probabilities) {
        mech_set_lessons_free(made);
        return mech_fail_memory(error);
    }
    for (size_t i = 0; i < source->reuse; i++) made->blocks[i] = UINT64_MAX;
    *l = made;
    return MECH_OK;
}

void mech_set_lessons_free(set_lessons *l) {
    if (!l) return;
    for (size_t i = 0; l->window && i < l->source->reuse; i++) mech_run_sets_free(l->window[i]);
    mech_release_array(l->window);
    mech_release_array(l->blocks);
    mech_release_array(l->order);
    mech_release_array(l->probabilities);
    mech_set_batch_free(&l->batch);
    mech_set_batch_free(&l->group);
    mech_team_free(l->team);
    free(l);
}

static mech_status open_pass(set_lessons *l, uint64_t pass, mech_error *error) {
    const size_t reuse = l->source->reuse;
    for (uint64_t block = pass; block < pass + reuse; block++) {
        const size_t place = (size_t)(block % reuse);
        if (l->blocks[place] == block) continue;
        mech_run_sets_free(l->window[place]);
        l->window[place] = NULL;
        l->blocks[place] = UINT64_MAX;
        const mech_status status = l->source->make(l->source->context, block, &l->window[place], error);
        if (status != MECH_OK) return status;
        l->blocks[place] = block;
    }
    random_stream r = mech_random_open(l->seed, RANDOM_SHUFFLE, 2, pass);
    mech_random_permutation(&r, (uint32_t)(reuse * l->source->a_block), l->order);
    l->pass = pass;
    return MECH_OK;
}

mech_status mech_set_lessons_next(set_lessons *l, uint64_t step, const engine_sets **sets, mech_error *error) {
    const size_t n = mech_sets_of_pass(l->source, &l->sizes), first = l->sizes.first;
    const uint64_t before = mech_units_before(&l->sizes, step), a_pass = mech_batches_a_pass(n, first);
    const size_t begin = (size_t)(before % a_pass) * first, size = (size_t)mech_units_of(&l->sizes, step) * first;
    mech_status status = MECH_OK;
    if (l->pass != before / a_pass) status = open_pass(l, before / a_pass, error);
    if (status != MECH_OK) return status;
    const telling tells = {l->seed, TELLING_TRAINING, mech_samples_before(n, first, before)};
    status = mech_set_batch_take(&l->batch, (const run_sets *const *)l->window, l->source->a_block,
                                 begin + size < n ? size : n - begin, l->order + begin, &tells, l->team, error);
    *sets = &l->batch.sets;
    return status;
}

/* Adds what the probabilities of a group are worth. */
static void judge(const engine_sets *group, size_t n_labels, const float *probabilities, size_t *correct,
                  double *loss) {
    for (size_t i = 0; i < group->n; i++) {
        const float *p = probabilities + i * n_labels;
        size_t best = 0;
        for (size_t c = 1; c < n_labels; c++)
            if (p[c] > p[best]) best = c;
        *correct += best == group->y[i];
        *loss -= log(fmax((double)p[group->y[i]], LEAST_PROBABILITY));
    }
}

mech_status mech_set_lessons_judge(set_lessons *l, engine *e, const graph *g, const float *parameters, verdict *result,
                                   mech_error *error) {
    const run_sets *all = l->source->validation;
    uint32_t order[GROUP];
    size_t correct = 0;
    double loss = 0;
    for (size_t begin = 0; begin < all->n; begin += GROUP) {
        const size_t n = all->n - begin < GROUP ? all->n - begin : GROUP;
        const telling tells = {VALIDATION_SEED, TELLING_VALIDATION, begin};
        for (size_t i = 0; i < n; i++) order[i] = (uint32_t)(begin + i);
        mech_status status = mech_set_batch_take(&l->group, &all, all->n, n, order, &tells, l->team, error);
        if (status == MECH_OK)
            status = mech_engine_predict_sets(e, parameters, &l->group.sets, l->probabilities, NULL, error);
        if (status != MECH_OK) return status;
        judge(&l->group.sets, g->n_labels, l->probabilities, &correct, &loss);
    }
    *result = (verdict){.accuracy = (double)correct / (double)all->n, .cross_entropy = loss / (double)all->n};
    return MECH_OK;
}
