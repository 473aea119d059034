/* The engine with a kernel of the caller's choice and numbers of the kernel's own type: for tests of every instruction
 * set and of gradients in float64. */
#ifndef MECH_LEARN_ENGINE_ENGINE_REALS_H
#define MECH_LEARN_ENGINE_ENGINE_REALS_H

#include "learn/engine/engine.h"
#include "learn/kernels/engine_kernel.h"

/* The kernel of that instruction set, which must have been compiled (mech_processor_has()). */
const engine_kernel *mech_engine_kernel_of(instruction_set set, engine_precision precision);

/* As mech_engine_new(), with that kernel instead of the best one for this processor. */
mech_status mech_engine_new_with(const engine_kernel *kernel, const graph *g, int threads, engine **e,
                                 mech_error *error);

/* As mech_engine_predict() and mech_engine_gradient(); parameters, probabilities and gradient are of the kernel's real
 * type. */
mech_status mech_engine_predict_reals(engine *e, const void *parameters, size_t n, size_t n_times, const float *x1,
                                      const float *x2, void *probabilities, mech_error *error);
mech_status mech_engine_gradient_reals(engine *e, const void *parameters, size_t n_parts, const engine_part *parts,
                                       double label_smoothing, void *gradient, engine_loss *loss, mech_error *error);
mech_status mech_engine_predict_sets_reals(engine *e, const void *parameters, const engine_sets *sets,
                                           void *probabilities, void *side_values, mech_error *error);
mech_status mech_engine_gradient_sets_reals(engine *e, const void *parameters, const engine_sets *sets,
                                            double label_smoothing, double side_weight, void *gradient,
                                            engine_loss *loss, mech_error *error);

#endif
