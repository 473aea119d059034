/* The evidence of a mechanism for one sample, ln of the integral of the likelihood over the prior, by tempered
 * sequential Monte Carlo (Del Moral, Doucet & Jasra, J. R. Stat. Soc. B 68 (2006) 411): particles drawn from the prior
 * are weighted, resampled and moved while the likelihood is switched on by powers from 0 to 1. Moves are differential
 * evolution (ter Braak, Stat. Comput. 16 (2006) 239): a particle of one half of the population goes along the
 * difference of two of the other half, so that no scale has to be chosen. */
#ifndef MECH_BENCH_TEMPERING_H
#define MECH_BENCH_TEMPERING_H

#include "data/prior/thetas.h"
#include "likelihood.h"

typedef struct tempering {
    parameters p;
    const mech_solver_options *solver;
    const theta_pool *pool; /* accepted thetas of the prior: the first population */
    size_t n_particles;     /* of the later ones; even */
    size_t most_sweeps;     /* of moves, at each power */
} tempering;

/* *log_evidence, up to a constant that all mechanisms share. Gives up (with what it has, a value below) where it could
 * no longer come to `give_up_below`, even if a particle's curves went through all readings from here on. */
mech_status find_evidence(const tempering *t, const observation *o, double give_up_below, random_stream *r,
                          double *log_evidence, mech_error *error);

#endif
