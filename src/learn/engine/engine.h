/* Forward and backward passes of a graph over a batch, in tiles that stay in the processor's cache, shared out among
 * the threads of a team. Sums are taken in an order that depends on the batch only, never on the threads. */
#ifndef MECH_LEARN_ENGINE_ENGINE_H
#define MECH_LEARN_ENGINE_ENGINE_H

#include "learn/kernels/engine_sets.h"
#include "learn/network/graph.h"

/* A graph with the working memory for its passes. Not for use by two threads at once. */
typedef struct engine engine;

/* `threads`: 0 for all cores. The graph is copied. The caller frees *e. */
mech_status mech_engine_new(const graph *g, int threads, engine **e, mech_error *error);

/* The same, computing in float64 inside, at half the speed or less: for predictions without rounding noise. (Where
 * logits are in the hundreds, as those of the published networks are, float32 leaves errors of 1e-5 in probabilities.)
 */
mech_status mech_engine_new_exact(const graph *g, int threads, engine **e, mech_error *error);

void mech_engine_free(engine *e);

/* Has the engine share out the slices of gradients with the other ranks (base/machine/ranks.h), which ask for the same
 * gradients. Predictions it makes by itself. */
void mech_engine_join_ranks(engine *e);

/* Label probabilities of n samples of n_times time steps: parameters[n_parameters], x1[n][static_width],
 * x2[n][n_times][series_width] -> probabilities[n][n_labels]. */
mech_status mech_engine_predict(engine *e, const float *parameters, size_t n, size_t n_times, const float *x1,
                                const float *x2, float *probabilities, mech_error *error);

typedef struct engine_loss {
    double cross_entropy; /* mean over the samples, nats, of the true label without smoothing */
    size_t correct;       /* samples whose most probable label is the true one */
    double side;          /* mean over the run sets of the sum of (y - target)^2 / 2 of the side node */
} engine_loss;

/* Samples of a batch with the same number of time steps. */
typedef struct engine_part {
    size_t n, n_times;
    const float *x1;  /* [n][static_width] */
    const float *x2;  /* [n][n_times][series_width] */
    const uint8_t *y; /* [n]: labels */
} engine_part;

/* The gradient of the mean cross-entropy over all samples of parts[n_parts] against labels smoothed by
 * `label_smoothing` (target 1 - s + s / labels for the true label, s / labels for the others): gradient[n_parameters]
 * is overwritten. */
mech_status mech_engine_gradient(engine *e, const float *parameters, size_t n_parts, const engine_part *parts,
                                 double label_smoothing, float *gradient, engine_loss *loss, mech_error *error);

/* Readings that go through the graph together, unless one set has more. */
enum { TILE_READINGS = 384 };

/* Label probabilities[n][n_labels] of run sets and, where side_values is not NULL, what the side node says. The result
 * for a set has the same bits in any batch. MECH_INVALID_ARGUMENT where the graph reads samples of one shape, as of
 * mech_engine_predict() where it reads run sets. */
mech_status mech_engine_predict_sets(engine *e, const float *parameters, const engine_sets *sets, float *probabilities,
                                     float *side_values, mech_error *error);

/* As mech_engine_gradient(), of run sets; to the cross-entropy of each set side_weight times the sum of (y - target)^2
 * / 2 over the known targets of the side node is added. */
mech_status mech_engine_gradient_sets(engine *e, const float *parameters, const engine_sets *sets,
                                      double label_smoothing, double side_weight, float *gradient, engine_loss *loss,
                                      mech_error *error);

/* The peak rate of the engine's threads, all at work at once, in multiplications and additions a second: the sum of
 * what each reaches by its own processor time, measured for about a tenth of a second with the engine's instruction
 * set. */
double mech_engine_peak(const engine *e);

#endif
