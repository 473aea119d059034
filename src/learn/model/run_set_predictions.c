/* Probabilities of run sets. */
#include "base/error.h"
#include "base/machine/team.h"
#include "learn/engine/engine.h"
#include "learn/inputs/side.h"
#include "learn/model/model.h"
#include "learn/sets/set_batch.h"

#include <math.h>

/* Sets at a time, so that memory does not grow with their number. */
enum { A_STRETCH = 256 };

bool mech_model_reads_run_sets(const mech_model *model) { return mech_graph_reads_run_sets(&model->g); }

static double error_of(float side) {
    return fmax(0, exp((double)side / SIDE_LOG_SCALE - SIDE_LOG_OFFSET) - SIDE_LEAST);
}

static mech_run_set_view view_of(const float *side) {
    return (mech_run_set_view){.noise = error_of(side[SIDE_NOISE]),
                               .loading = error_of(side[SIDE_LOADING]),
                               .clock = error_of(side[SIDE_CLOCK]),
                               .active = fmin(1, fmax(0, (double)side[SIDE_ACTIVE]))};
}

mech_status mech_model_predict_run_sets(const mech_model *model, size_t n, const mech_run_set *const *sets,
                                        const mech_told_errors *told, int threads, float *probabilities,
                                        mech_run_set_view *views, mech_error *error) {
    if (!mech_model_reads_run_sets(model))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: network %s reads samples of four runs, not run sets",
                         model->source, model->g.network);
    if (!n) return MECH_OK;
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
            status = mech_engine_predict_sets(e, model->parameters, &b.sets, probabilities + first * model->g.n_classes,
                                              side, error);
        for (size_t i = 0; i < count && views && status == MECH_OK; i++)
            views[first + i] = view_of(side + i * SIDE_TARGETS);
    }
    mech_set_batch_free(&b);
    mech_team_free(t);
    mech_engine_free(e);
    return status;
}
