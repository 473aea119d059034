/* What a network of run sets is told of a reading, a run and a set, made from what was measured. Everything is meant to
 * bear noise and outliers: slopes are those of local lines in which what lies far off does not count (Cleveland, J. Am.
 * Stat. Assoc. 74 (1979) 829), times at which a conversion was reached are read from a curve that only rises (isotonic
 * regression: Barlow et al. 1972), and levels of noise are medians.
 *
 * Times are in units of the longest run's last reading, concentrations in units of the standard [S]0 (set_unit_of()).
 * The conversion x of a reading is (s0 - S) / s0 or (P - p0) / s0, where both were measured their mean. x = 0 at t = 0
 * counts as known where there is no reading at t = 0. T = t cat is the turnover time, L(x) = sign(x) ln(1 + |x|). What
 * cannot be told is 0, beside a flag that is 0.
 *
 * A run of more than MOST_RUN_READINGS readings is cut into as many stretches of equally many readings (but for one);
 * the medians of their times, of their S and of their P take their place. */
#ifndef MECH_LEARN_INPUTS_RUN_INPUTS_H
#define MECH_LEARN_INPUTS_RUN_INPUTS_H

#include "mechanist.h"

enum { MOST_RUN_READINGS = 64 };

typedef enum reading_input {
    READING_TIME,      /* t */
    READING_SUBSTRATE, /* S, or 0 */
    READING_HAS_SUBSTRATE,
    READING_PRODUCT, /* P, or 0 */
    READING_HAS_PRODUCT,
    READING_CONVERSION,     /* x */
    READING_SMOOTHED,       /* x on the wide local line */
    READING_LOG_TIME,       /* ln t / 4 + 3/4 */
    READING_LOG_TURNOVER,   /* (ln T + 6) / 4 */
    READING_LOG_STEP,       /* ln(t - t of the reading before, or 0) / 4 + 3/4 */
    READING_LOG_LOADING,    /* (ln cat + 4) / 3 */
    READING_S0,             /* s0 of its run */
    READING_P0,             /* p0 of its run */
    READING_LOG_SUBSTRATE,  /* ln of s0 (1 - smoothed x), / 4 + 3/4 */
    READING_FREQUENCY,      /* L(f) / 4, f = s0 dx/dt / cat by the wide local line */
    READING_NARROW,         /* L(f) / 4 by the line through three readings */
    READING_LOG_UNCERTAIN,  /* ln(1 + standard error of the former f) / 4 */
    READING_SHAPE,          /* d ln x / d ln t by the wide line, within 4 of 0 */
    READING_CARRIED,        /* L((s0 + p0 - S - P) / cat) where both were measured: catalyst that carries substrate */
    READING_CARRIED_MEDIAN, /* the same of the median of five of these differences */
    READING_RESIDUAL,       /* L((x - smoothed x) / (noise of the set + 1/1024)) / 2 */
    READING_LOG_NOISE,      /* (ln(noise of the run + 2^-11) + 5) / 2 */
    READING_AHEAD,    /* mean of ln(T' / T), within 2 of 0, T' being the time at which another run of the same start
                         came to the same x */
    READING_ORDER,    /* 1 + slope of ln t' by ln cat' through these: 0 for a reaction of first order in the catalyst */
    READING_COMPARED, /* so many runs / 8 */
    READING_FASTER,   /* mean of ln(f' / f), within 2 of 0, f' being that of runs of other starts at the same S */
    READING_FASTER_COMPARED, /* so many runs / 8 */
    READING_INPUTS
} reading_input;

/* Conversions and S at which runs are compared, as amounts in units of the standard [S]0. */
enum { CONVERSION_LEVELS = 16, SUBSTRATE_LEVELS = 10 };

typedef enum run_input {
    RUN_LOG_LOADING, /* as above */
    RUN_S0,
    RUN_P0,
    RUN_STANDARD,     /* 1 where s0 is 1 and p0 is 0 within 2 % */
    RUN_LOG_READINGS, /* ln n / 4 */
    RUN_LOG_END,      /* ln of the last time, / 4 + 3/4 */
    RUN_LAST_CONVERSION,
    RUN_SUBSTRATE_SHARE, /* of the readings: S was measured */
    RUN_PRODUCT_SHARE,
    RUN_LOG_NOISE,       /* as above */
    RUN_HAS_NOISE,       /* there were three readings to tell it */
    RUN_FIRST_FREQUENCY, /* L(f) / 4 at the first reading, and at the last one */
    RUN_LAST_FREQUENCY,
    RUN_CARRIED, /* L of the median of (s0 + p0 - S - P) / cat */
    RUN_REACHED, /* of each level of converted amount: (ln T + 6) / 4 when it was reached */
    RUN_HAS_REACHED = RUN_REACHED + CONVERSION_LEVELS,
    RUN_BEHIND = RUN_HAS_REACHED + CONVERSION_LEVELS, /* ln T - its median over the runs that reached it */
    RUN_FREQUENCY = RUN_BEHIND + CONVERSION_LEVELS,   /* of each level of S: (ln f + 2) / 4 */
    RUN_HAS_FREQUENCY = RUN_FREQUENCY + SUBSTRATE_LEVELS,
    RUN_FASTER = RUN_HAS_FREQUENCY + SUBSTRATE_LEVELS, /* ln f - its median over the runs */
    RUN_INPUTS = RUN_FASTER + SUBSTRATE_LEVELS
} run_input;

typedef enum set_input {
    SET_RUNS,          /* so many / 8 */
    SET_LOG_NOISE,     /* median of the runs' */
    SET_LOG_BALANCE,   /* noise by the mass balance: what s0 + p0 - S - P has outside of 0 to cat */
    SET_HAS_BALANCE,   /* both were measured somewhere */
    SET_HAS_SUBSTRATE, /* S was measured somewhere */
    SET_HAS_PRODUCT,
    SET_SCATTER,  /* median distance of RUN_BEHIND from 0 */
    SET_LOADINGS, /* ln(largest / least loading) / 2 */
    SET_TOLD,     /* errors that are known: (ln(error + 2^-11) + 5) / 2, in the order of mech_told_errors */
    SET_IS_TOLD = SET_TOLD + 4, /* 1 where it is known */
    SET_INPUTS = SET_IS_TOLD + 4
} set_input;

/* A run in these units. S and P are NaN where not measured; a reading has one of them. */
typedef struct run_curve {
    size_t n;
    const double *time, *substrate, *product; /* [n] */
    double s0, p0, cat;
} run_curve;

/* Working memory, for one thread at a time. The caller frees it. */
typedef struct input_memory input_memory;
input_memory *mech_input_memory_new(void); /* NULL where memory is short */
void mech_input_memory_free(input_memory *m);

/* How many rows the readings of a run of n readings become. */
size_t mech_input_rows(size_t n);

/* Fills the inputs of a set of n_runs runs (1 to MECH_MOST_RUNS): of_set[SET_INPUTS], of_runs[n_runs][RUN_INPUTS] and
 * of_readings[rows of all runs][READING_INPUTS]. told may be NULL: nothing is known. All numbers are finite. */
void mech_fill_inputs(input_memory *m, size_t n_runs, const run_curve *runs, const mech_told_errors *told,
                      float *of_set, float *of_runs, float *of_readings);

#endif
