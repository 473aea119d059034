#include "learn/model/model.h"

#include "base/files/text.h"
#include "base/memory.h"
#include "data/samples/augment.h"
#include "data/samples/mass_balance.h"
#include "learn/engine/engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

mech_status mech_model_new(const graph *g, mech_model **model, mech_error *error) {
    *model = NULL;
    mech_model *m = calloc(1, sizeof *m);
    if (!m) return mech_fail_memory(error);
    m->g = *g;
    m->source = "the model";
    m->parameters = mech_allocate_array(g->n_parameters, sizeof *m->parameters);
    m->memory = mech_arena_new();
    mech_status status = m->parameters && m->memory ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) status = mech_model_describe(m, "format", "mechanist", error);
    if (status == MECH_OK) status = mech_model_describe(m, "model", g->network, error);
    const char *transform = mech_graph_transform(g);
    if (status == MECH_OK && transform) status = mech_model_describe(m, "transform", transform, error);
    if (status == MECH_OK) status = mech_model_identify(m, error);
    if (status == MECH_OK)
        *model = m;
    else
        mech_model_free(m);
    return status;
}

void mech_model_free(mech_model *model) {
    if (!model) return;
    mech_release_array(model->parameters);
    mech_library_free(model->library);
    mech_arena_free(model->memory);
    free(model);
}

mech_status mech_model_describe(mech_model *model, const char *key, const char *value, mech_error *error) {
    size_t i = 0;
    while (i < model->n_metadata && strcmp(model->metadata[i].key, key) != 0) i++;
    if (i == MAX_METADATA)
        return mech_fail(error, MECH_INVALID_INPUT, "metadata has more than %d entries, the most that are read here",
                         MAX_METADATA);
    const char *copied_key = mech_arena_text(model->memory, key, strlen(key));
    const char *copied_value = mech_arena_text(model->memory, value, strlen(value));
    if (!copied_key || !copied_value) return mech_fail_memory(error);
    model->metadata[i] = (metadata_entry){copied_key, copied_value};
    if (i == model->n_metadata) model->n_metadata++;
    const bool labels = strcmp(key, "mechanisms") == 0 || strcmp(key, "library") == 0;
    return labels ? mech_model_identify(model, error) : MECH_OK;
}

const char *mech_model_network(const mech_model *model) { return model->g.network; }

size_t mech_model_n_labels(const mech_model *model) { return model->g.n_labels; }

size_t mech_model_n_parameters(const mech_model *model) { return model->g.n_parameters; }

bool mech_model_is_checked(const mech_model *model) { return !model->undigested; }

const char *mech_model_metadata(const mech_model *model, const char *key) {
    for (size_t i = 0; i < model->n_metadata; i++)
        if (strcmp(model->metadata[i].key, key) == 0) return model->metadata[i].value;
    return NULL;
}

double mech_model_missing_share(const mech_model *model) {
    const char *said = mech_model_metadata(model, "missing");
    double share = 0;
    if (!said || !mech_graph_transform(&model->g) || !mech_parse_number(said, strlen(said), '.', &share)) return 0;
    return share > 0 && share <= 1 ? share : 0;
}

/* A copy of the readings of n samples in which nothing is missing that the mass balance gives; NULL: out of memory. */
static float *complete_samples(size_t n, size_t n_times, const float *x2) {
    const size_t count = sample_size(1, n_times);
    float *complete = mech_allocate_array(n, count * sizeof *complete);
    if (!complete) return NULL;
    memcpy(complete, x2, n * count * sizeof *complete);
    for (size_t i = 0; i < n; i++) mech_complete_by_mass_balance(complete + i * count, n_times);
    return complete;
}

/* A network makes something of any numbers. What no experiment can be is refused: loadings that are not above 0, times
 * that are negative, descend or are not finite. */
static mech_status check_samples(size_t n, size_t n_times, const float *x1, const float *x2, mech_error *error) {
    for (size_t i = 0; i < n * SAMPLE_LOADINGS; i++)
        if (!(x1[i] > 0) || !isfinite(x1[i]))
            return mech_fail(error, MECH_INVALID_INPUT,
                             "sample %zu, run %zu: the loading is %g; expected a finite number above 0",
                             i / SAMPLE_LOADINGS, i % SAMPLE_LOADINGS + 1, (double)x1[i]);
    for (size_t i = 0; i < n * n_times * SAMPLE_LOADINGS; i++) {
        const size_t row = i / SAMPLE_LOADINGS, run = i % SAMPLE_LOADINGS;
        const float *at = run_of_sample(x2 + row * SAMPLE_ROW, run);
        const float before = row % n_times ? at[-SAMPLE_ROW] : 0;
        if (!(*at >= before) || !isfinite(*at))
            return mech_fail(
                error, MECH_INVALID_INPUT,
                "sample %zu, run %zu, reading %zu: the time is %g; expected finite times from 0 on that do "
                "not descend",
                row / n_times, run + 1, row % n_times + 1, (double)*at);
    }
    return MECH_OK;
}

mech_status mech_model_predict_with(const mech_model *model, engine *e, size_t n, size_t n_times, const float *x1,
                                    const float *x2, float *probabilities, mech_error *error) {
    if (n_times < 1)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "a sample has no time steps; expected at least one");
    if (!n) return MECH_OK;
    mech_status status = check_samples(n, n_times, x1, x2, error);
    if (status != MECH_OK) return status;
    float *complete = NULL;
    if (mech_has_unmeasured(x2, sample_size(n, n_times))) {
        const size_t bad = mech_first_without_reading(n, n_times, x2);
        if (bad < n)
            return mech_fail(error, MECH_INVALID_INPUT,
                             "sample %zu has a reading with neither S nor P; expected one of them", bad);
        if (mech_model_missing_share(model) == 0) {
            complete = complete_samples(n, n_times, x2);
            if (!complete) return mech_fail_memory(error);
            x2 = complete;
        }
    }
    status = mech_engine_predict(e, model->parameters, n, n_times, x1, x2, probabilities, error);
    mech_release_array(complete);
    return status;
}

mech_status mech_model_predict(const mech_model *model, size_t n, size_t n_times, const float *x1, const float *x2,
                               int threads, float *probabilities, mech_error *error) {
    engine *e = NULL;
    mech_status status = mech_engine_new_exact(&model->g, threads, &e, error);
    if (status == MECH_OK) status = mech_model_predict_with(model, e, n, n_times, x1, x2, probabilities, error);
    mech_engine_free(e);
    return status;
}
