/* Samples as curves of one length, which have distances: S and P of all runs at 21 uniform scaled times. */
#ifndef MECH_JUDGE_DISTANCES_CURVES_H
#define MECH_JUDGE_DISTANCES_CURVES_H

#include "base/machine/team.h"
#include "data/samples/augment.h"

enum {
    CURVE_POINTS = 21,             /* scaled times 0, 0.05, ..., 1 */
    CURVE_COLUMNS = SAMPLE_CURVES, /* S and P of run 1, then those of run 2, ... */
    CURVE_LENGTH = CURVE_COLUMNS * CURVE_POINTS,
    ALL_COLUMNS = (1 << CURVE_COLUMNS) - 1
};

typedef struct curve_set {
    size_t n;
    float *curves;     /* [n][CURVE_LENGTH]; 0 in columns that were not measured */
    uint8_t *measured; /* [n]: bit c for column c */
} curve_set;

/* Interpolates samples linearly between their times; before the first and beyond the last time of a run the value
 * there holds (in protocol nature all but the longest run end before the scaled time 1). The caller frees *set with
 * mech_curve_set_free(), also after a failure. */
mech_status mech_curve_set_new(const mech_samples *samples, team *t, curve_set *set, mech_error *error);
void mech_curve_set_free(curve_set *set);

/* The squared Euclidean distance over the given columns. The sums have one order: same numbers, same bits. */
double mech_squared_distance(const float *a, const float *b, unsigned columns);

#endif
