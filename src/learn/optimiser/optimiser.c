#include "learn/optimiser/optimiser.h"

#include <math.h>

static const double FIRST_DECAY = 0.9, SECOND_DECAY = 0.999, EPSILON = 1e-7;

double mech_gradient_norm(size_t n, const float *gradient) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)gradient[i] * (double)gradient[i];
    return sqrt(sum);
}

void mech_adam_step(size_t n, uint64_t step, double rate, double scale, const float *restrict gradient,
                    float *restrict parameters, float *restrict first, float *restrict second) {
    const double t = (double)step + 1;
    const float size = (float)(rate * sqrt(1 - pow(SECOND_DECAY, t)) / (1 - pow(FIRST_DECAY, t)));
    const float keep_first = (float)FIRST_DECAY, keep_second = (float)SECOND_DECAY, epsilon = (float)EPSILON;
    const float take_first = (float)(1 - FIRST_DECAY), take_second = (float)(1 - SECOND_DECAY), factor = (float)scale;
    for (size_t i = 0; i < n; i++) {
        const float g = factor * gradient[i];
        first[i] = keep_first * first[i] + take_first * g;
        second[i] = keep_second * second[i] + take_second * g * g;
        parameters[i] -= size * first[i] / (sqrtf(second[i]) + epsilon);
    }
}

void mech_decay_kernels(const graph *g, double share, float *parameters) {
    const float keep = (float)(1 - share);
    for (int i = 0; i < g->n_tensors; i++) {
        const graph_tensor *tensor = &g->tensors[i];
        for (size_t j = 0; j < tensor->rows * tensor->columns; j++) parameters[tensor->offset + j] *= keep;
    }
}

double mech_averaging_decay(double decay, uint64_t step) {
    return fmin(decay, (1 + (double)step) / (10 + (double)step));
}

void mech_average_step(size_t n, uint64_t step, double decay, const float *restrict parameters,
                       float *restrict average) {
    const float take = (float)(1 - mech_averaging_decay(decay, step));
    for (size_t i = 0; i < n; i++) average[i] += take * (parameters[i] - average[i]);
}
