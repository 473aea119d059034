#include "fit/likelihood/noise.h"

#include "base/numbers/gamma.h"

#include <math.h>

static double variance_of(const noise_level *noise, double reading) {
    const double proportional = noise->proportional * reading;
    return noise->additive * noise->additive + proportional * proportional;
}

double mech_noise_log(const observations *data, const noise_level *noise, const double *values, double *pull,
                      double *weight) {
    const double f = NOISE_FREEDOM, two_pi = 2 * acos(-1);
    const double log_norm = noise->gaussian ? -0.5 * log(two_pi)
                                            : mech_log_gamma_of_half((int)f + 1) - mech_log_gamma_of_half((int)f) -
                                                  0.5 * log(f * two_pi / 2);
    double sum = 0;
    for (size_t i = 0; i < data->n; i++) {
        const double e = values[i] - data->all[i].value, variance = variance_of(noise, data->all[i].value);
        const double square = e * e / variance;
        sum += log_norm - 0.5 * log(variance) - (noise->gaussian ? square / 2 : (f + 1) / 2 * log1p(square / f));
        if (!pull) continue;
        const double w = noise->gaussian ? 1 / variance : (f + 1) / (f + square) / variance;
        pull[i] = w * e;
        weight[i] = noise->gaussian ? w : w * (f + 1) / (f + 3);
    }
    return sum;
}

double mech_noise_estimate(const observations *data, const noise_level *noise, const double *values, double freedom) {
    enum { ITERATIONS = 12 };
    noise_level at = *noise;
    const double share = fmax(freedom, 1) / (double)data->n;
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        double sum = 0;
        for (size_t i = 0; i < data->n; i++) {
            const double e = values[i] - data->all[i].value, variance = variance_of(&at, data->all[i].value);
            const double w = at.gaussian ? 1 : (NOISE_FREEDOM + 1) / (NOISE_FREEDOM + e * e / variance);
            sum += w * e * e * at.additive * at.additive / variance;
        }
        at.additive = fmin(fmax(sqrt(sum / (share * (double)data->n)), LEAST_NOISE), MOST_NOISE);
    }
    return at.additive;
}

double mech_noise_deviation(const noise_level *noise) {
    return noise->gaussian ? noise->additive : noise->additive * NOISE_DEVIATION;
}
