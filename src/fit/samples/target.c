#include "fit/samples/target.h"

#include "data/samples/mass_balance.h"

#include <math.h>
#include <string.h>

fit_target mech_fit_target_of(size_t n_times, const float *x1, const float *x2) {
    fit_target t = {.n_times = n_times, .x2 = x2};
    float start[SAMPLE_COLUMNS];
    memcpy(start, x2, sizeof start);
    mech_complete_by_mass_balance(start, 1);
    for (size_t run = 0; run < N_RUNS; run++) {
        t.loadings[run] = (double)x1[run];
        t.s0[run] = (double)start[run * RUN_COLUMNS + SPECIES_SUBSTRATE];
        t.p0[run] = (double)start[run * RUN_COLUMNS + SPECIES_PRODUCT];
        for (size_t i = 1; i < n_times; i++) {
            const float *reading = x2 + i * SAMPLE_COLUMNS + run * RUN_COLUMNS;
            if (!isnan(reading[SPECIES_SUBSTRATE])) t.n_readings++;
            if (!isnan(reading[SPECIES_PRODUCT])) t.n_readings++;
        }
    }
    return t;
}
