/* Chains: draws of the posterior where importance sampling leaves too few. */
#ifndef MECH_FIT_EVIDENCE_CHAIN_H
#define MECH_FIT_EVIDENCE_CHAIN_H

#include "fit/evidence/evidence.h"

/* Moves chains that start from the samples under the likelihood itself, by what its derivatives say (Martin, Wilcox,
 * Burstedde & Ghattas, SIAM J. Sci. Comput. 34 (2012) A1460) and by the differences between chains (ter Braak, Stat.
 * Comput. 16 (2006) 239), and puts what they passed through in the samples' place, all alike in weight. The evidence
 * stays that of importance sampling: bridge sampling between samples and chains came out 0.7 to 1.9 nats too low,
 * because short chains still remember where they began. */
mech_status mech_fit_chain(fit_evidence *e, double rtol, random_stream *r, mech_error *error);

#endif
