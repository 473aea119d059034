/* How the runs of a sample differ, reading by reading: variable-time normalisation analysis (Burés, Angew. Chem. Int.
 * Ed. 55 (2016) 2028) as numbers. Inputs of networks, beside the kinetics of each run (learn/inputs/kinetics.h).
 *
 * A turnover time is t cat. From the start that two runs have in common, s = min of their S at t = 0, both come to the
 * same S after the same turnover time if the rate is first order in the catalyst and no catalyst is lost or woken on
 * the way; what is seen of deviations tells how the catalyst changes. A run's turnover time at an S between two of its
 * readings is a S + b ln S + c through these two (exact for a rate proportional to S / (K + S)), and not beyond their
 * times. b is N / D of the linear equations that a third reading adds, the mean of the one before and the one behind,
 * as N D / (D^2 + E^2): E (LEAST_CURVATURE and ROUNDING below) takes b to 0 where the three are too close to a straight
 * line in S and ln S to tell it. Where S comes back, its first passage counts.
 *
 * The noise of S and P is estimated from the mass balance: S + P falls short of its start by what the catalyst carries,
 * between 0 and the loading; sigma is the root mean square of what lies outside, over all later readings of all runs of
 * which both were measured, and COMPARISONS_UNKNOWN_NOISE where there are none. */
#ifndef MECH_LEARN_INPUTS_COMPARISONS_H
#define MECH_LEARN_INPUTS_COMPARISONS_H

/* Columns of a run with n_runs - 1 others: for each of the runs behind it, in cyclic order,
 *
 *   L(f / (1/1024 + sigma / (s - S) + sigma / S)) / 4, where f = (T' - T) / (T' + T), T and T' being this run's and the
 *   other one's turnover time from s to the S of the reading; what stands below f is about the error of f;
 *
 * then as many that are 1 where the other run came to that S, and 0, as the ones before, where it did not; last
 * ln(sigma + 2^-12) / 8 + 1. */
#define COMPARISONS_COLUMNS(n_runs) (2 * ((n_runs)-1) + 1)

#define COMPARISONS_SCALE 0.25
#define COMPARISONS_RESOLUTION 0x1p-10
#define COMPARISONS_UNKNOWN_NOISE 0.01
#define COMPARISONS_LEAST_NOISE 0x1p-12
#define COMPARISONS_NOISE_SCALE 0.125
#define COMPARISONS_NOISE_OFFSET 1

/* Vectors that the engine needs for each reading: two curves of five arrays, and two columns. */
#define COMPARISONS_ARRAYS 12

/* What keeps quotients finite: less substrate, or less of it converted, and shorter times count as these. */
#define COMPARISONS_LEAST_CHANGE 0x1p-10
#define COMPARISONS_LEAST_TIME 0x1p-30

/* E of three readings with differences s1, s2 of S and l1, l2 of (ln S) / 4, of which D = s1 l2 - s2 l1:
 * (|s1 l2| + |s2 l1|) LEAST_CURVATURE + (|s1| + |s2|) ROUNDING. */
#define COMPARISONS_LEAST_CURVATURE 0x1p-6
#define COMPARISONS_ROUNDING 0x1p-16
#define COMPARISONS_LEAST_SQUARE 1e-30

#endif
