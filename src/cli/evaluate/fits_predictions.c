#include "cli/evaluate/predictions.h"

#include "base/error.h"
#include "base/memory.h"
#include "cli/options/options.h"

#include <stdlib.h>
#include <string.h>

/* Of samples without noise: what two solvers may differ by, and single precision by less. */
static const double NOISE_OF_EXACT = 1e-4;

void fits_predictions_free(fits_predictions *p) {
    for (size_t i = 0; p->sets && i < p->n; i++) mech_run_set_free(p->sets[i]);
    mech_release_array(p->sets);
    mech_release_array(p->labels);
    mech_release_array(p->probabilities);
    mech_samples_free(p->samples);
    mech_library_free(p->library);
    *p = (fits_predictions){0};
}

static mech_status make_room(fits_predictions *p, size_t n, mech_error *error) {
    p->n = n;
    p->sets = mech_allocate_array(n, sizeof *p->sets);
    p->labels = mech_allocate_array(n, sizeof *p->labels);
    p->probabilities = mech_allocate_array(n * mech_library_size(p->library), sizeof *p->probabilities);
    return p->sets && p->labels && p->probabilities ? MECH_OK : mech_fail_memory(error);
}

/* Samples of four exact runs, thinned and with noise as asked for. */
static mech_status read_samples(const prediction_request *request, fits_predictions *p, mech_error *error) {
    mech_samples *all = NULL;
    mech_status status = mech_samples_read(request->data, request->split, &all, error);
    if (status == MECH_OK && all->protocol != MECH_PROTOCOL_NATURE)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: is of protocol %s; expected nature: a fit needs one unit of time for all runs",
                           request->data, mech_protocol_name(all->protocol));
    if (status == MECH_OK)
        status = mech_samples_thin(all, request->points, request->noise, request->seed, &p->samples, error);
    mech_samples_free(all);
    if (status == MECH_OK && request->species)
        mech_samples_hide(p->samples, strcmp(request->species, "S") == 0 ? MECH_ROLE_PRODUCT : MECH_ROLE_SUBSTRATE);
    if (status == MECH_OK) status = make_room(p, p->samples->n, error);
    for (size_t i = 0; i < p->n && status == MECH_OK; i++) {
        p->labels[i] = p->samples->y[i];
        status = mech_samples_run_set(p->samples, i, &p->sets[i], error);
    }
    return status;
}

/* Experiments as their design made them: a data file of format 2. */
static mech_status read_experiments(const prediction_request *request, const mech_dataset *data, fits_predictions *p,
                                    mech_error *error) {
    size_t n = 0, which = 0;
    while (which < MECH_SPLIT_TEST && strcmp(mech_split_name((mech_split)which), request->split) != 0) which++;
    for (size_t i = 0; i < mech_library_size(p->library); i++)
        n += (size_t)mech_dataset_n_samples(data, (mech_split)which, i);
    mech_status status = make_room(p, n, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        mech_truth *truth = NULL;
        status = mech_experiment_of_data(request->data, request->split, i, &p->sets[i], &truth, error);
        if (status == MECH_OK) p->labels[i] = (uint8_t)truth->label;
        mech_truth_free(truth);
    }
    return status;
}

/* Whether the file holds experiments of any shape (format 2), not samples of four runs. */
static bool holds_experiments(const prediction_request *request) {
    mech_run_set *first = NULL;
    const mech_status status = mech_experiment_of_data(request->data, request->split, 0, &first, NULL, NULL);
    mech_run_set_free(first);
    return status == MECH_OK;
}

mech_status fits_predictions_make(const prediction_request *request, fits_predictions *p, mech_error *error) {
    mech_dataset *data = NULL;
    *p = (fits_predictions){0};
    mech_fit_options options = mech_fit_options_default();
    mech_status status = mech_dataset_read(request->data, &data, error);
    if (status == MECH_OK) status = mech_data_library(request->data, &p->library, error);
    if (status == MECH_OK && holds_experiments(request)) {
        if (request->points || request->noise > 0 || request->species)
            status = mech_fail(error, MECH_INVALID_INPUT,
                               "%s: its experiments are as their design made them; expected no --points, --noise or "
                               "--species",
                               request->data);
        if (status == MECH_OK) status = read_experiments(request, data, p, error);
    } else if (status == MECH_OK) {
        status = read_samples(request, p, error);
        options.loading_error = options.start_error = options.clock_error = options.response_error = 0;
        options.noise = request->noise > 0 ? request->noise : NOISE_OF_EXACT;
        options.gaussian = true;
    }
    options.mechanisms = p->library ? mech_library_mechanisms(p->library) : NULL;
    options.n_mechanisms = p->library ? mech_library_size(p->library) : 0;
    options.seed = request->seed;
    options.threads = request->threads;
    if (status == MECH_OK) {
        const mech_progress progress = terminal_progress();
        status =
            mech_fit_run_sets(p->n, (const mech_run_set *const *)p->sets, &options, &progress, p->probabilities, error);
        terminal_progress_end();
    }
    mech_dataset_free(data);
    return status;
}
