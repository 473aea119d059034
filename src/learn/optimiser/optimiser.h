/* Updates of the weights: each is one loop over the contiguous array of all parameters. */
#ifndef MECH_LEARN_OPTIMISER_OPTIMISER_H
#define MECH_LEARN_OPTIMISER_OPTIMISER_H

#include "learn/network/graph.h"

/* The Euclidean norm of gradient[n]; not finite where one of its numbers is not. */
double mech_gradient_norm(size_t n, const float *gradient);

/* One step of Adam (Kingma & Ba 2015, arXiv 1412.6980, the form before section 2.1; beta 0.9 and 0.999, epsilon 1e-7,
 * as Keras has it): with g = scale gradient and t = step + 1, first  <- 0.9 first + 0.1 g,   second <- 0.999 second +
 * 0.001 g^2, parameters <- parameters - rate sqrt(1 - 0.999^t) / (1 - 0.9^t) first / (sqrt(second) + epsilon). All
 * arrays are [n]; `step` counts from 0. */
void mech_adam_step(size_t n, uint64_t step, double rate, double scale, const float *gradient, float *parameters,
                    float *first, float *second);

/* The decoupled weight decay of AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101): takes `share` of themselves from
 * all kernels and leaves the biases alone. */
void mech_decay_kernels(const graph *g, double share, float *parameters);

/* average[n] <- d average + (1 - d) parameters with d = mech_averaging_decay(decay, step). */
void mech_average_step(size_t n, uint64_t step, double decay, const float *parameters, float *average);

/* The smaller of decay and (1 + step) / (10 + step), so that the first, poor weights are forgotten soon. */
double mech_averaging_decay(double decay, uint64_t step);

#endif
