/* What a kineticist would plot of a run, from its raw columns t, S, P and its catalyst loading: the inputs of the
 * networks that read kinetics. Times are in the unit of the samples, concentrations in units of the standard [S]0.
 * Where S or P was not measured (NaN), it is what the mass balance says: what the run started with less the other.
 *
 *   L(x) = sign(x) ln(1 + |x|), linear near 0, so that noise around 0 stays small; d: since the reading before, D:
 * since the third before (the first where there are fewer), which is rougher in time and a third as noisy.
 *
 * A turnover frequency over dense noisy points is dominated by noise; with the length of the step and the loading
 * beside it a network can tell how far to trust it. */
#ifndef MECH_LEARN_INPUTS_KINETICS_H
#define MECH_LEARN_INPUTS_KINETICS_H

/* What brings logarithms over some decades to numbers around 0 (of times and concentrations, of loadings) and turnover
 * frequencies to a few units. */
#define KINETICS_LOG_SCALE 0.25
#define KINETICS_LOG_OFFSET 0.75
#define KINETICS_LOADING_SCALE 0.5
#define KINETICS_LOADING_OFFSET 1.5
#define KINETICS_TURNOVER_SCALE 0.25

typedef enum kinetics_column {
    KINETICS_TIME,                 /* t */
    KINETICS_SUBSTRATE,            /* S */
    KINETICS_PRODUCT,              /* P */
    KINETICS_LOG_TIME,             /* ln t / 4 + 3/4 */
    KINETICS_LOG_STEP,             /* ln dt / 4 + 3/4; of the first reading dt is the least */
    KINETICS_LOG_LOADING,          /* ln cat / 2 + 3/2 */
    KINETICS_LOG_SUBSTRATE,        /* ln S / 4 + 3/4 */
    KINETICS_CONSUMPTION,          /* L(-dS / (dt cat)) / 4: turnover frequency by substrate */
    KINETICS_FORMATION,            /* L(dP / (dt cat)) / 4: turnover frequency by product */
    KINETICS_SMOOTHED_CONSUMPTION, /* L(-DS / (Dt cat)) / 4 */
    KINETICS_SMOOTHED_FORMATION,   /* L(DP / (Dt cat)) / 4 */
    KINETICS_CARRIED,              /* L((S + P at the start - S - P) / cat): catalyst that carries substrate */
    KINETICS_SUBSTRATE_MEASURED,   /* 1 or 0 */
    KINETICS_PRODUCT_MEASURED,     /* 1 or 0 */
    KINETICS_COLUMNS
} kinetics_column;

/* What keeps logarithms and quotients finite: smaller steps, times, substrate and loadings count as these. */
#define KINETICS_LEAST_STEP 0x1p-20
#define KINETICS_LEAST_TIME 0x1p-13
#define KINETICS_LEAST_SUBSTRATE 0x1p-10
#define KINETICS_LEAST_LOADING 0x1p-20

#endif
