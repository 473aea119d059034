#include "learn/batches/validation.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { GROUP = 256, VALIDATION_SEED = 1 };

/* Probabilities below this count as this, as in the judgement of predictions (docs/metrics.md). */
static const double LEAST_PROBABILITY = 1e-12;

/* What a sample's probabilities are worth. */
typedef struct worth {
    float truth; /* the probability of the true label */
    bool correct;
} worth;

struct validation {
    const mech_samples *samples;
    const augmentation *choices;
    team *preparers;
    uint32_t *order; /* [samples]: shuffled, since files are sorted by label */
    batch group;
    float *probabilities; /* [GROUP][n_labels] */
    worth *worths;        /* [samples, filled up to whole groups]: in the order above */
};

mech_status mech_validation_new(const mech_samples *samples, const augmentation *choices, int threads, validation **v,
                                mech_error *error) {
    *v = NULL;
    validation *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    made->samples = samples;
    made->choices = choices;
    made->preparers = mech_team_new(threads);
    made->order = mech_allocate_array(samples->n, sizeof *made->order);
    made->probabilities = mech_allocate_array(GROUP, samples->n_labels * sizeof *made->probabilities);
    made->worths = mech_allocate_array(samples->n + GROUP, sizeof *made->worths);
    mech_status status = mech_batch_new(GROUP, samples->n_times, &made->group, error);
    if (status == MECH_OK && (!made->preparers || !made->order || !made->probabilities || !made->worths))
        status = mech_fail_memory(error);
    if (status != MECH_OK) {
        mech_validation_free(made);
        return status;
    }
    mech_team_join_ranks(made->preparers);
    random_stream r = mech_random_open(VALIDATION_SEED, RANDOM_SHUFFLE, 1, 0);
    mech_random_permutation(&r, (uint32_t)samples->n, made->order);
    *v = made;
    return MECH_OK;
}

void mech_validation_free(validation *v) {
    if (!v) return;
    mech_team_free(v->preparers);
    mech_release_array(v->order);
    mech_release_array(v->probabilities);
    mech_release_array(v->worths);
    mech_batch_free(&v->group);
    free(v);
}

static void judge(const batch *group, size_t n_labels, const float *probabilities, worth *worths) {
    for (size_t i = 0; i < group->n; i++) {
        const float *p = probabilities + i * n_labels;
        const size_t truth = group->y[i];
        size_t best = 0;
        for (size_t c = 1; c < n_labels; c++)
            if (p[c] > p[best]) best = c;
        worths[i] = (worth){p[truth], best == truth};
    }
}

/* Judges the samples begin, ..., which are group number begin / GROUP. */
static mech_status judge_group(validation *v, engine *e, const graph *g, const float *parameters, size_t begin,
                               mech_error *error) {
    const size_t left = v->samples->n - begin;
    const batch_recipe recipe = {.samples = v->samples,
                                 .choices = v->choices,
                                 .order = v->order + begin,
                                 .n = left < GROUP ? left : GROUP,
                                 .seed = VALIDATION_SEED,
                                 .use = BATCH_VALIDATION,
                                 .number = begin / GROUP,
                                 .position = begin};
    mech_batch_fill(&recipe, v->preparers, &v->group);
    for (size_t i = 0; i < v->group.n_parts; i++) {
        const engine_part *part = &v->group.parts[i];
        const size_t first = (size_t)(part->y - v->group.y);
        const mech_status status = mech_engine_predict(e, parameters, part->n, part->n_times, part->x1, part->x2,
                                                       v->probabilities + first * g->n_labels, error);
        if (status != MECH_OK) return status;
    }
    judge(&v->group, g->n_labels, v->probabilities, v->worths + begin);
    return MECH_OK;
}

mech_status mech_validate(validation *v, engine *e, const graph *g, const float *parameters, verdict *result,
                          mech_error *error) {
    const size_t n = v->samples->n, n_groups = (n + GROUP - 1) / GROUP;
    ranks *others = mech_team_ranks(v->preparers);
    const rank_share own = mech_rank_share(others, n_groups);
    size_t correct = 0;
    double loss = 0;
    for (size_t group = own.begin; group < own.end; group++) {
        const mech_status status = judge_group(v, e, g, parameters, group * GROUP, error);
        if (status != MECH_OK) return status;
    }
    mech_ranks_gather(others, n_groups, GROUP * sizeof *v->worths, v->worths);
    for (size_t i = 0; i < n; i++) {
        correct += v->worths[i].correct;
        loss -= log(fmax((double)v->worths[i].truth, LEAST_PROBABILITY));
    }
    *result = (verdict){.accuracy = (double)correct / (double)n, .cross_entropy = loss / (double)n};
    return MECH_OK;
}
