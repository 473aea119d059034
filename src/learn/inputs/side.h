/* What a network of run sets learns beside the mechanism: what the experiment's errors came out as. A chemist is shown
 * these, and they make the network look at what it has to see through. */
#ifndef MECH_LEARN_INPUTS_SIDE_H
#define MECH_LEARN_INPUTS_SIDE_H

typedef enum side_target {
    SIDE_NOISE,   /* (ln(standard deviation of readings in units of the standard [S]0 + SIDE_LEAST) + 5) / 2 */
    SIDE_LOADING, /* the same of the logarithm of the runs' loadings */
    SIDE_CLOCK,   /* the same of the runs' clocks in units of their lengths */
    SIDE_TARGETS
} side_target;

#define SIDE_LEAST 0x1p-11
#define SIDE_LOG_OFFSET 5
#define SIDE_LOG_SCALE 0.5

#endif
