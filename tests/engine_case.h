/* A network with random parameters and a random batch, for the tests of the engine. */
#ifndef MECH_TESTS_ENGINE_CASE_H
#define MECH_TESTS_ENGINE_CASE_H

#include "base/memory.h"
#include "base/random.h"
#include "learn/engine/engine_reals.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct engine_case {
    graph g;
    size_t n, n_times;
    float *parameters, *x1, *x2;
    double *parameters_float64;
    uint8_t *y;
} engine_case;

static inline void *case_array(size_t count, size_t size) {
    void *array = mech_allocate_array(count, size);
    assert_non_null(array);
    return array;
}

/* Parameters start as for training, then biases and all else are moved a little, so that nothing is zero. */
static inline engine_case case_new(const char *network, graph_shape shape, size_t n, size_t n_times, uint64_t seed) {
    engine_case c = {.n = n, .n_times = n_times};
    mech_error error;
    const graph_shape of_runs = {.static_width = 1, .series_width = 3, .n_labels = 2, .hidden = 1};
    if (mech_graph_build(network, &of_runs, &c.g, &error) != MECH_OK) fail_msg("%s", error.message);
    const bool kinetics = mech_graph_transform(&c.g) != NULL;
    if (kinetics) shape.series_width = 3 * shape.static_width;
    if (mech_graph_build(network, &shape, &c.g, &error) != MECH_OK) fail_msg("%s", error.message);
    c.parameters = case_array(c.g.n_parameters, sizeof *c.parameters);
    c.parameters_float64 = case_array(c.g.n_parameters, sizeof *c.parameters_float64);
    c.x1 = case_array(n * shape.static_width, sizeof *c.x1);
    c.x2 = case_array(n * n_times * shape.series_width, sizeof *c.x2);
    c.y = case_array(n, 1);
    random_stream r = mech_random_open(seed, RANDOM_TEST, 0, 0);
    mech_graph_initialise(&c.g, seed, c.parameters);
    for (size_t i = 0; i < c.g.n_parameters; i++) {
        c.parameters[i] += (float)(0.1 * mech_random_normal(&r));
        c.parameters_float64[i] = c.parameters[i];
    }
    for (size_t i = 0; i < n * shape.static_width; i++) c.x1[i] = (float)mech_random_normal(&r);
    for (size_t i = 0; i < n * n_times * shape.series_width; i++) c.x2[i] = (float)mech_random_normal(&r);
    /* Where they are read as such, loadings are positive and times ascend. */
    for (size_t i = 0; kinetics && i < n * shape.static_width; i++) c.x1[i] = 0.05F + fabsf(c.x1[i]);
    for (size_t i = 0; kinetics && i < n; i++)
        for (size_t j = 0; j < shape.series_width; j += 3)
            for (size_t time = 0; time < n_times; time++) {
                float *x = c.x2 + (i * n_times + time) * shape.series_width + j;
                *x = time ? x[-(ptrdiff_t)shape.series_width] + 0.01F + fabsf(*x) : 0;
            }
    for (size_t i = 0; i < n; i++) c.y[i] = (uint8_t)mech_random_below(&r, (uint32_t)shape.n_labels);
    return c;
}

static inline void case_free(engine_case *c) {
    mech_release_array(c->parameters);
    mech_release_array(c->parameters_float64);
    mech_release_array(c->x1);
    mech_release_array(c->x2);
    mech_release_array(c->y);
}

static inline engine *case_engine(const engine_case *c, const engine_kernel *kernel, int threads) {
    engine *e;
    mech_error error;
    if (mech_engine_new_with(kernel, &c->g, threads, &e, &error) != MECH_OK) fail_msg("%s", error.message);
    return e;
}

/* Parameters are those of the kernel's type. */
static inline const void *case_parameters(const engine_case *c, const engine_kernel *kernel) {
    return kernel->real_bytes == sizeof(double) ? (const void *)c->parameters_float64 : c->parameters;
}

static inline void case_predict(const engine_case *c, const engine_kernel *kernel, int threads, void *probabilities) {
    engine *e = case_engine(c, kernel, threads);
    mech_error error;
    if (mech_engine_predict_reals(e, case_parameters(c, kernel), c->n, c->n_times, c->x1, c->x2, probabilities,
                                  &error) != MECH_OK)
        fail_msg("%s", error.message);
    mech_engine_free(e);
}

static inline engine_part case_part(const engine_case *c) {
    return (engine_part){.n = c->n, .n_times = c->n_times, .x1 = c->x1, .x2 = c->x2, .y = c->y};
}

static inline engine_loss case_gradient(const engine_case *c, const engine_kernel *kernel, int threads,
                                        double label_smoothing, void *gradient) {
    engine *e = case_engine(c, kernel, threads);
    const engine_part part = case_part(c);
    engine_loss loss = {0};
    mech_error error;
    if (mech_engine_gradient_reals(e, case_parameters(c, kernel), 1, &part, label_smoothing, gradient, &loss, &error) !=
        MECH_OK)
        fail_msg("%s", error.message);
    mech_engine_free(e);
    return loss;
}

#endif
