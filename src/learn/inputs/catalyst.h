/* How the catalyst of a run is divided, reading by reading, on scales that show the smallest part of it: inputs of
 * networks, beside kinetics (learn/inputs/kinetics.h) and comparisons (learn/inputs/comparisons.h) of each run.
 *
 * What S + P has lost since the start is carried by the catalyst, m, and the rest of the loading, cat - m, carries
 * nothing. Without noise both are known to the rounding of S and P, so that a ten-thousandth of the catalyst, free or
 * busy, tells how it is activated and how it dies; in the share m / cat itself such parts cannot be told apart. The
 * unit e in which they are told is the noise, estimated from the mass balance as comparisons say, or the resolution
 * below. */
#ifndef MECH_LEARN_INPUTS_CATALYST_H
#define MECH_LEARN_INPUTS_CATALYST_H

/* Columns, e being cat / 8192 + sigma and L(x) sign(x) ln(1 + |x|). */
typedef enum catalyst_column {
    CATALYST_BUSY, /* L(m / e) / 8 */
    CATALYST_FREE, /* L((cat - m) / e) / 8 */
    CATALYST_COLUMNS
} catalyst_column;

#define CATALYST_RESOLUTION 0x1p-13
#define CATALYST_SCALE 0.125

#endif
