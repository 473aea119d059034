/* The optimiser Muon (Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024), with the size of
 * the step that lets it take Adam's learning rates (Liu et al. 2025, arXiv 2502.16982, eq. 4).
 *
 * Each kernel moves along the orthogonal factor of its averaged gradient, so that all directions of its inputs and
 * outputs are learned at one pace, not those first in which gradients are large. An LSTM's kernels count as four, one
 * for each gate. Biases and the kernel of the last layer follow Adam. */
#ifndef MECH_LEARN_OPTIMISER_MUON_H
#define MECH_LEARN_OPTIMISER_MUON_H

#include "learn/network/graph.h"

/* Working memory and threads. Not for use by two threads at once. */
typedef struct muon muon;

/* `threads`: 0 for all cores. The caller frees *m. */
mech_status mech_muon_new(const graph *g, int threads, muon **m, mech_error *error);
void mech_muon_free(muon *m);

/* One step, as mech_adam_step(): with g = scale gradient, of each kernel momentum <- 0.95 momentum + g and, O being the
 * orthogonal factor of g + 0.95 momentum, kernel <- kernel - 0.2 sqrt(the larger of its sizes) rate O; of the others
 * mech_adam_step(). first[n_parameters] holds the momentum and Adam's mean, second[n_parameters] Adam's mean square.
 * The result does not depend on threads. */
void mech_muon_step(muon *m, uint64_t step, double rate, double scale, const float *gradient, float *parameters,
                    float *first, float *second);

#endif
