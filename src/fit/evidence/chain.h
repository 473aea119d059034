/* Chains: where the closed form of the errors is too far off for importance sampling alone. */
#ifndef MECH_FIT_EVIDENCE_CHAIN_H
#define MECH_FIT_EVIDENCE_CHAIN_H

#include "fit/evidence/evidence.h"

/* ln of the density with which the samples of an evidence were drawn, as of theta and noise. */
typedef double chain_density(const void *context, const double *at, double log_prior);

/* Moves chains that start from the samples under the likelihood itself, by what its derivatives say (Martin, Wilcox,
 * Burstedde & Ghattas, SIAM J. Sci. Comput. 34 (2012) A1460) and by the differences between chains (ter Braak, Stat.
 * Comput. 16 (2006) 239), and puts what they passed through in the samples' place, all alike in weight. log_evidence is
 * then that of bridge sampling between the two (Meng & Wong, Stat. Sinica 6 (1996) 831). Samples have their exact
 * weights. */
mech_status mech_fit_chain(fit_evidence *e, double rtol, size_t effort, chain_density *density, const void *context,
                           random_stream *r, mech_error *error);

#endif
