#include "experiment/fits.h"

#include "base/error.h"
#include "chemistry/network.h"
#include "experiment/answer.h"
#include "fit/fitter.h"
#include "learn/model.h"

#include <math.h>
#include <string.h>

mech_status mech_fitter_for(const mech_model *model, mech_fitter **fitter, mech_error *error) {
    const size_t n_classes = mech_model_n_classes(model);
    arena *memory = arena_new();
    const char **ids = memory ? class_ids(mech_model_metadata(model, "mechanisms"), n_classes, memory) : NULL;
    const mech_network **mechanisms = memory ? arena_allocate(memory, n_classes, sizeof(mech_network *)) : NULL;
    mech_status status = ids && mechanisms ? MECH_OK : fail_memory(error);
    for (size_t i = 0; i < n_classes && status == MECH_OK; i++) mechanisms[i] = mech_builtin_find(ids[i]);
    if (status == MECH_OK) status = mech_fitter_new(n_classes, mechanisms, fitter, error);
    arena_free(memory);
    return status;
}

/* A fit in the units of the file. */
static mech_status take_over(const mech_fit *fit, const mech_network *network, const model_view *view, arena *memory,
                             mech_fitted *fitted, mech_error *error) {
    const size_t n = (size_t)network->n_rate_constants;
    double *k = arena_allocate(memory, n, sizeof *k), *spread = arena_allocate(memory, n, sizeof *spread);
    if (!k || !spread) return fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        k[i] = fit->k[i] / view->time_unit * pow(view->concentration_unit, 1 - network_order(network, (int)i));
        spread[i] = fit->spread[i];
    }
    fitted->mechanism = network;
    fitted->deviation = fit->deviation * view->concentration_unit;
    fitted->k = k;
    fitted->spread = spread;
    fitted->additive = fit->additive * view->concentration_unit;
    fitted->additive_spread = fit->additive_spread;
    return MECH_OK;
}

mech_status fit_view(mech_fitter *fitter, mech_protocol protocol, const model_view *view, size_t n_classes,
                     const double *weights, double *probabilities, arena *memory, mech_fitted **fits, size_t *n_fits,
                     mech_error *error) {
    if (protocol != MECH_PROTOCOL_NATURE)
        return fail(error, MECH_INVALID_ARGUMENT,
                    "a fit needs one unit of time for all runs, which protocol seed does not keep; expected a model of "
                    "protocol nature");
    if (fitter_n_classes(fitter) != n_classes)
        return fail(error, MECH_INVALID_ARGUMENT, "the fitter is for %zu classes; the model has %zu",
                    fitter_n_classes(fitter), n_classes);
    mech_fit *found = arena_allocate(memory, n_classes, sizeof *found);
    double *network = arena_allocate(memory, n_classes, sizeof *network);
    *fits = arena_allocate(memory, n_classes, sizeof **fits);
    if (!found || !network || !*fits) return fail_memory(error);
    memcpy(network, probabilities, n_classes * sizeof *network);
    mech_status status =
        mech_fit_sample(fitter, view->n_points + 1, view->x1, view->x2, weights, probabilities, found, error);
    for (size_t i = 0; i < n_classes && status == MECH_OK; i++) {
        if (!found[i].fitted) continue;
        mech_fitted *fitted = &(*fits)[(*n_fits)++];
        fitted->network_probability = network[i];
        status = take_over(&found[i], fitter_mechanism(fitter, i), view, memory, fitted, error);
    }
    return status;
}
