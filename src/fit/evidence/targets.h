/* What samples are worth: likelihood and prior, the errors of the experiment integrated out. */
#ifndef MECH_FIT_EVIDENCE_TARGETS_H
#define MECH_FIT_EVIDENCE_TARGETS_H

#include "fit/evidence/evidence.h"

/* Evaluates samples first, ..., first + n - 1: errors are integrated out in closed form about their likeliest values,
 * which are found from the optimum's derivatives and then, where they are far off, from those at hand. Fills
 * log_target, log_prior, log_likely and draws errors from the closed form. */
mech_status mech_fit_targets(fit_evidence *e, double rtol, size_t first, size_t n, random_stream *r, mech_error *error);

/* Puts the likelihood itself at the drawn errors in the place of its closed form: corrects log_weight of all samples
 * that have not negligible weight by it. */
mech_status mech_fit_targets_exact(fit_evidence *e, double rtol, mech_error *error);

/* ln of the prior of a sample's theta and noise; -INFINITY where that is impossible. */
double mech_fit_sample_prior(const fit_evidence *e, const fit_sample *sample);

/* A draw of the errors at a sample's theta by the approximation about its optimum alone: errors[space->n_errors]. */
void mech_fit_draw_errors(const fit_evidence *e, const fit_sample *sample, random_stream *r, double *errors);

#endif
