/* What is known of the rate constants of a composed mechanism: those of its parts, each as it is known where the part
 * stands alone, put together and judged by the rules of the whole. To draw all of them at random until a mechanism of
 * three parts shows all three would take a million candidates. */
#ifndef MECH_FIT_THETA_COMPOSITIONS_H
#define MECH_FIT_THETA_COMPOSITIONS_H

#include "chemistry/composition/assembly.h"
#include "data/prior/thetas.h"

/* Accepted thetas and the time that each takes to half of its conversion at a loading of 5 %. */
typedef struct timed_thetas {
    theta_pool pool;
    double *times; /* [pool.n] */
} timed_thetas;

void mech_timed_thetas_free(timed_thetas *thetas);

/* How many thetas of a composition others are put together from: more of those that are on record. */
enum { N_BASE_THETAS = 100, N_SINGLE_THETAS = 160 };
size_t mech_n_base_thetas(const mech_mechanism *composition);

/* Fills *to with up to n accepted thetas of a composition of the parts chosen[N_ROWS] that is not on record. Its last
 * part, in the order of rows, comes from one draw of the single choice that it is (of PD and AC: with M6), all others
 * from one draw of the composition without the last part, in units of the time to half of the conversion; and so on
 * down to what is on record. Which draws meet is random, the same each time. `base`: mech_n_base_thetas() of the
 * composition without its last part, where they are at hand; NULL: they are found here. The caller frees *to, in any
 * case. */
mech_status mech_compose_thetas(const part *const *chosen, size_t n, const timed_thetas *base, timed_thetas *to,
                                mech_error *error);

#endif
