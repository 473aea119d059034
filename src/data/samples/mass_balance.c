#include "data/samples/mass_balance.h"

#include "data/samples/augment.h"

#include <math.h>

bool mech_has_unmeasured(const float *numbers, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (isnan(numbers[i])) return true;
    return false;
}

size_t mech_first_without_reading(size_t n, size_t n_times, const float *x2) {
    for (size_t i = 0; i < n; i++)
        for (size_t time = 0; time < n_times; time++)
            for (size_t run = 0; run < N_RUNS; run++) {
                const float *at = x2 + (i * n_times + time) * SAMPLE_COLUMNS + run * RUN_COLUMNS;
                if (isnan(at[SPECIES_SUBSTRATE]) && isnan(at[SPECIES_PRODUCT])) return i;
            }
    return n;
}

void mech_complete_by_mass_balance(float *sample, size_t n_times) {
    for (size_t run = 0; run < N_RUNS; run++) {
        float *first = sample + run * RUN_COLUMNS;
        const float p0 = isnan(first[SPECIES_PRODUCT]) ? 0 : first[SPECIES_PRODUCT];
        const float s0 = isnan(first[SPECIES_SUBSTRATE]) ? 1 - p0 : first[SPECIES_SUBSTRATE];
        for (size_t i = 0; i < n_times; i++) {
            float *at = first + i * SAMPLE_COLUMNS;
            const float s = at[SPECIES_SUBSTRATE], p = at[SPECIES_PRODUCT];
            if (isnan(s)) at[SPECIES_SUBSTRATE] = s0 + p0 - p;
            if (isnan(p)) at[SPECIES_PRODUCT] = s0 + p0 - s;
        }
    }
}
