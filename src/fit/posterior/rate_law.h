/* Rate laws of mechanisms whose cycle is c + S <=> cS <=> c + P, in the limit that readings determine. */
#ifndef MECH_FIT_POSTERIOR_RATE_LAW_H
#define MECH_FIT_POSTERIOR_RATE_LAW_H

#include "mechanist.h"

/* What readings say of the cycle; low and high are the ends of intervals of 95 %. */
typedef struct cycle_estimates {
    mech_estimate michaelis;   /* KM = (k-1 + k2) / k1 */
    mech_estimate product;     /* KP = (k-1 + k2) / k-2 */
    mech_estimate competition; /* KM / KP */
    mech_estimate equilibrium; /* Keq */
    double most_substrate;     /* at the start of any run; in the unit of KM and KP */
} cycle_estimates;

enum { RATE_LAW_ROOM = 256 };

typedef struct rate_law {
    char plain[RATE_LAW_ROOM], latex[RATE_LAW_ROOM];
} rate_law;

/* rate = kcat [cat] ([S] - [P] / Keq) / (KM + [S] + (KM/KP) [P]), [cat] being all catalyst on the cycle (King & Altman,
 * J. Phys. Chem. 60 (1956) 1375), without the terms that never come to a tenth of another one. */
void mech_rate_law(const cycle_estimates *e, rate_law *law);

#endif
