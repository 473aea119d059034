/* Fits of an experiment's runs as a second opinion. */
#ifndef MECH_EXPERIMENT_ANSWER_FITS_H
#define MECH_EXPERIMENT_ANSWER_FITS_H

#include "base/memory.h"
#include "experiment/view/conventions.h"

/* The probabilities, probabilities[n_labels], of network and fits together in place of the network's alone.
 * weights[n_labels]: what was known beforehand. *fits[*n_fits], in the order of the classes and in the units of the
 * file, belong to the arena; labels[n_labels] receives the label of each fit. Fails where the fitter is for another
 * number of labels, and where the protocol is not nature: elsewhere runs have no common unit of time. */
mech_status mech_fit_view(mech_fitter *fitter, mech_sample_design protocol, const model_view *view, size_t n_labels,
                          const double *weights, double *probabilities, arena *memory, mech_fitted **fits,
                          size_t *n_fits, size_t *labels, mech_error *error);

#endif
