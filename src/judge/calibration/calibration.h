/* Calibrated probabilities: what is done to a network's logits before the softmax, and what a temperature can follow.
 * Formulas and sources: docs/calibration.md. */
#ifndef MECH_JUDGE_CALIBRATION_CALIBRATION_H
#define MECH_JUDGE_CALIBRATION_CALIBRATION_H

#include "base/error.h"

enum {
    ENTROPY_KNOTS = 4,
    POINTS_KNOTS = 3,
    NOISE_LEVELS = 5,
    NOISE_STATES = NOISE_LEVELS + 1, /* the last: nothing is known of the noise; of run sets knots of their noise */
    ADAPTIVE_WEIGHTS = ENTROPY_KNOTS * POINTS_KNOTS * NOISE_STATES,
    MOST_FACTORS = 4 * NOISE_LEVELS /* two knots of the entropy and two of the points around what is seen */
};

/* One parameter of the inverse temperature and what it is multiplied by. */
typedef struct factor {
    size_t parameter;
    double value;
} factor;

/* The inverse temperature of a sample is the sum of parameter times value. */
typedef struct factors {
    size_t n;
    factor of[MOST_FACTORS];
} factors;

/* The parameters stand in three blocks: n_inverse weights of the inverse temperature, then n_scales scales and n_biases
 * biases, one a label or none. z'(c) = (inverse temperature, or scale(c)) z(c) + bias(c). */
typedef struct calibration {
    mech_calibration_method method;
    size_t n_labels, n_inverse, n_scales, n_biases;
    double *parameters; /* [n_inverse + n_scales + n_biases] */
} calibration;

/* The calibration that changes nothing. What *c holds is freed with mech_calibration_free(), in any case. */
mech_status mech_calibration_new(mech_calibration_method method, size_t n_labels, calibration *c, mech_error *error);
void mech_calibration_free(calibration *c);
void mech_calibration_change_nothing(calibration *c);
size_t mech_calibration_size(const calibration *c);

/* What a model's metadata say; MECH_INVALID_INPUT where they hold no calibration or a damaged one. */
mech_status mech_calibration_read(const mech_model *model, calibration *c, mech_error *error);

/* Enters the calibration into the model's metadata. */
mech_status mech_calibration_write(const calibration *c, mech_model *model, mech_error *error);

/* The logits of probabilities p[n_labels]: their logarithms, of those below 1e-38 that of 1e-38. */
void mech_logits_of(size_t n_labels, const float *p, double *z);

/* calibrated[n_labels] = softmax of the changed logits. */
void mech_calibration_apply(const calibration *c, const factors *f, const double *z, double *calibrated);

/* What a temperature can follow: factors of a sample's loadings x1 and readings x2 with logits z. With `hide_noise` as
 * if S or P had not been measured. (calibration_factors.c) */
void mech_find_factors(const calibration *c, const double *z, size_t n_times, const float *x1, const float *x2,
                       bool hide_noise, factors *f);

/* The same of a run set, of which so many readings of S or P were taken and the network sees that noise. */
void mech_find_set_factors(const calibration *c, const double *z, size_t n_readings, double noise, factors *f);

/* How probable each of the levels 0, 0.5, 1, 2 and 5 % is as the noise of a sample, by the mass balance; false where
 * the sample does not tell: where S or P were not measured, or one was computed from the other. */
bool mech_judge_noise(size_t n_times, const float *x1, const float *x2, double probabilities[NOISE_LEVELS]);

/* Samples to fit to: logits z[n][n_labels], what is seen with them, and the true labels. */
typedef struct calibration_samples {
    size_t n;
    double *z;
    factors *seen; /* [n] */
    uint8_t *y;    /* [n] */
} calibration_samples;

/* Minimises the mean cross-entropy over the parameters, from those that *c holds; *iterations tells how many steps it
 * took. (mech_calibration_fit.c) */
mech_status mech_calibration_fit(const calibration_samples *samples, calibration *c, size_t *iterations,
                                 mech_error *error);

/* mech_model_predict_experiments() of the experiments from, ..., until - 1, whose rows of probabilities alone are
 * filled. */
mech_status mech_predict_experiments_between(const mech_model *model, const mech_experiments *experiments, size_t from,
                                             size_t until, const mech_told_errors *told, bool calibrated, int threads,
                                             float *probabilities, mech_error *error);

#endif
