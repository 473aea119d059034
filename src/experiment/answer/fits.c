#include "experiment/answer/fits.h"

#include "base/error.h"
#include "chemistry/mechanism.h"
#include "experiment/answer/answer.h"
#include "fit/samples/fitter.h"
#include "learn/model/model.h"

#include <math.h>
#include <string.h>

mech_status mech_fitter_for(const mech_model *model, mech_fitter **fitter, mech_error *error) {
    const size_t n_labels = mech_model_n_labels(model);
    arena *memory = mech_arena_new();
    const mech_mechanism **mechanisms = memory ? mech_arena_allocate(memory, n_labels, sizeof(mech_mechanism *)) : NULL;
    mech_status status = mechanisms ? MECH_OK : mech_fail_memory(error);
    for (size_t i = 0; i < n_labels && status == MECH_OK; i++) mechanisms[i] = mech_model_mechanism(model, i);
    if (status == MECH_OK) status = mech_fitter_new(n_labels, mechanisms, fitter, error);
    mech_arena_free(memory);
    return status;
}

/* A fit in the units of the file. */
static mech_status take_over(const mech_fit *fit, const mech_mechanism *mechanism, const model_view *view,
                             arena *memory, mech_fitted *fitted, mech_error *error) {
    const size_t n = (size_t)mechanism->n_rate_constants;
    double *k = mech_arena_allocate(memory, n, sizeof *k), *spread = mech_arena_allocate(memory, n, sizeof *spread);
    if (!k || !spread) return mech_fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        k[i] = fit->k[i] / view->time_unit * pow(view->concentration_unit, 1 - mech_mechanism_order(mechanism, (int)i));
        spread[i] = fit->spread[i];
    }
    fitted->mechanism = mechanism;
    fitted->deviation = fit->deviation * view->concentration_unit;
    fitted->k = k;
    fitted->spread = spread;
    fitted->additive = fit->additive * view->concentration_unit;
    fitted->additive_spread = fit->additive_spread;
    return MECH_OK;
}

mech_status mech_fit_view(mech_fitter *fitter, mech_sample_design protocol, const model_view *view, size_t n_labels,
                          const double *weights, double *probabilities, arena *memory, mech_fitted **fits,
                          size_t *n_fits, size_t *labels, mech_error *error) {
    if (protocol != MECH_DESIGN_NATURE)
        return mech_fail(
            error, MECH_INVALID_ARGUMENT,
            "a fit needs one unit of time for all runs, which protocol seed does not keep; expected a model of "
            "protocol nature");
    if (mech_fitter_n_labels(fitter) != n_labels)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the fitter is for %zu labels; the model has %zu",
                         mech_fitter_n_labels(fitter), n_labels);
    mech_fit *found = mech_arena_allocate(memory, n_labels, sizeof *found);
    double *mechanism = mech_arena_allocate(memory, n_labels, sizeof *mechanism);
    *fits = mech_arena_allocate(memory, n_labels, sizeof **fits);
    if (!found || !mechanism || !*fits) return mech_fail_memory(error);
    memcpy(mechanism, probabilities, n_labels * sizeof *mechanism);
    mech_status status =
        mech_fit_sample(fitter, view->n_points + 1, view->x1, view->x2, weights, probabilities, found, error);
    for (size_t i = 0; i < n_labels && status == MECH_OK; i++) {
        if (!found[i].fitted) continue;
        labels[*n_fits] = i;
        mech_fitted *fitted = &(*fits)[(*n_fits)++];
        fitted->network_probability = mechanism[i];
        status = take_over(&found[i], mech_fitter_mechanism(fitter, i), view, memory, fitted, error);
    }
    return status;
}
