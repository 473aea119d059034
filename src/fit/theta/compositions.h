/* What is known of the rate constants of a composed mechanism: those of its parts, each as it is known where the part
 * stands alone, put together and judged by the rules of the whole. To draw all of them at random until a mechanism of
 * three parts shows all three would take a million candidates. */
#ifndef MECH_FIT_THETA_COMPOSITIONS_H
#define MECH_FIT_THETA_COMPOSITIONS_H

#include "chemistry/composition/assembly.h"
#include "data/prior/thetas.h"

/* Fills *pool with up to n accepted thetas of a composition of the parts chosen[N_ROWS]: rate constants of the cycle
 * from one accepted draw of the cycle, those of each part from one of the single choice that it is (of PD and AC: with
 * M6), in units of the time to half of the conversion. Which draws meet is random, the same each time. The caller frees
 * *pool, in any case. */
mech_status mech_compose_thetas(const part *const *chosen, size_t n, theta_pool *pool, mech_error *error);

#endif
