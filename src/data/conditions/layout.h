/* The shape of a sample of fixed shape: four runs side by side, t, S, P of each. */
#ifndef MECH_DATA_CONDITIONS_LAYOUT_H
#define MECH_DATA_CONDITIONS_LAYOUT_H

enum { N_RUNS = 4, RUN_COLUMNS = 3, SAMPLE_COLUMNS = N_RUNS * RUN_COLUMNS };

#endif
