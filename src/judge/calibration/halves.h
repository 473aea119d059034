/* The two halves of what a model is calibrated with: one fits the calibration, the other, which it has not seen, gives
 * the conformal thresholds and tells how good it is. */
#ifndef MECH_JUDGE_CALIBRATION_HALVES_H
#define MECH_JUDGE_CALIBRATION_HALVES_H

#include "judge/calibration/calibration.h"

typedef struct halves {
    size_t n, n_labels, n_fitted, n_held_out;
    uint32_t *order; /* [n]: a random one, whose first n_fitted places are the half that is fitted to */
    calibration c;
    calibration_samples fit; /* has room for `looks`; fit.n grows with what is taken */
    /* Of the held-out half: */
    float *raw, *calibrated; /* [n_held_out][n_labels] */
    uint8_t *y;              /* [n_held_out] */
    factors *seen;           /* [n_held_out] */
} halves;

/* Halves of n samples, each of those that are fitted to seen `looks` times. MECH_INVALID_ARGUMENT where they are too
 * few. The caller ends with mech_halves_free(), in any case. */
mech_status mech_halves_new(mech_calibration_method method, size_t n, size_t n_labels, size_t looks, uint64_t seed,
                            halves *h, mech_error *error);
void mech_halves_free(halves *h);

/* Fits to what was taken, finds the thresholds and enters all but the options into the model. A calibration that makes
 * the cross-entropy of the other half worse, as too few samples can, is replaced by the one that changes nothing. */
mech_status mech_halves_calibrate(halves *h, mech_model *model, mech_calibration_report *report, mech_error *error);

#endif
