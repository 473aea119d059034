/* Probabilities of run sets. */
#include "base/error.h"
#include "base/machine/team.h"
#include "base/memory.h"
#include "learn/engine/engine.h"
#include "learn/inputs/side.h"
#include "learn/model/model.h"
#include "learn/sets/set_batch.h"

#include <math.h>
#include <stdlib.h>

/* Sets at a time, so that memory does not grow with their number. */
enum { A_STRETCH = 256 };

struct mech_run_set_views {
    size_t n;
    mech_run_set_view *views; /* [n] */
};

bool mech_model_reads_run_sets(const mech_model *model) { return mech_graph_reads_run_sets(&model->g); }

void mech_run_set_views_free(mech_run_set_views *views) {
    if (!views) return;
    mech_release_array(views->views);
    free(views);
}

const mech_run_set_view *mech_run_set_views_view(const mech_run_set_views *views, size_t index) {
    return index < views->n ? &views->views[index] : NULL;
}

static mech_status views_new(size_t n, mech_run_set_views **views, mech_error *error) {
    *views = calloc(1, sizeof **views);
    if (*views) (*views)->views = mech_allocate_array(n ? n : 1, sizeof *(*views)->views);
    if (*views && (*views)->views) {
        (*views)->n = n;
        return MECH_OK;
    }
    mech_run_set_views_free(*views);
    *views = NULL;
    return mech_fail_memory(error);
}

static double error_of(float side) {
    return fmax(0, exp((double)side / SIDE_LOG_SCALE - SIDE_LOG_OFFSET) - SIDE_LEAST);
}

static mech_run_set_view view_of(const float *side) {
    return (mech_run_set_view){.noise = error_of(side[SIDE_NOISE]),
                               .loading = error_of(side[SIDE_LOADING]),
                               .clock = error_of(side[SIDE_CLOCK])};
}

/* The same with results in views_of[n], which may be NULL. */
static mech_status predict(const mech_model *model, size_t n, const mech_run_set *const *sets,
                           const mech_told_errors *told, int threads, float *probabilities, mech_run_set_view *views_of,
                           mech_error *error) {
    engine *e = NULL;
    team *t = NULL;
    set_batch b = {0};
    float side[A_STRETCH * SIDE_TARGETS];
    mech_status status = mech_engine_new_exact(&model->g, threads, &e, error);
    if (status == MECH_OK && !(t = mech_team_new(threads))) status = mech_fail_memory(error);
    for (size_t first = 0; first < n && status == MECH_OK; first += A_STRETCH) {
        const size_t count = n - first < A_STRETCH ? n - first : A_STRETCH;
        status = mech_set_batch_measured(&b, count, sets + first, told ? told + first : NULL, first, t, error);
        if (status == MECH_OK)
            status = mech_engine_predict_sets(e, model->parameters, &b.sets, probabilities + first * model->g.n_labels,
                                              side, error);
        for (size_t i = 0; i < count && views_of && status == MECH_OK; i++)
            views_of[first + i] = view_of(side + i * SIDE_TARGETS);
    }
    mech_set_batch_free(&b);
    mech_team_free(t);
    mech_engine_free(e);
    return status;
}

mech_status mech_model_predict_run_sets(const mech_model *model, size_t n, const mech_run_set *const *sets,
                                        const mech_told_errors *told, int threads, float *probabilities,
                                        mech_run_set_views **views, mech_error *error) {
    mech_run_set_views *made = NULL;
    if (views) *views = NULL;
    if (!mech_model_reads_run_sets(model))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: network %s reads samples of four runs, not run sets",
                         model->source, model->g.network);
    mech_status status = mech_check_told(n, told, error);
    if (status == MECH_OK && views) status = views_new(n, &made, error);
    if (status == MECH_OK && n)
        status = predict(model, n, sets, told, threads, probabilities, made ? made->views : NULL, error);
    if (status == MECH_OK && views)
        *views = made;
    else
        mech_run_set_views_free(made);
    return status;
}
