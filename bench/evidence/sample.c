#include "sample.h"

enum { POOL_SEED = 1701409124 };

observation observe(const mech_samples *samples, size_t i, double sigma) {
    observation o = {.design = samples->design, .n_times = samples->n_times, .sigma = sigma};
    for (size_t run = 0; run < N_RUNS; run++) {
        o.loadings[run] = (double)samples->x1[i * N_RUNS + run];
        for (size_t j = 0; j < samples->n_times; j++) {
            const float *x = samples->x2 + (i * samples->n_times + j) * SAMPLE_COLUMNS + run * RUN_COLUMNS;
            o.times[run][j] = (double)x[0];
            o.s[run][j] = (double)x[1];
            o.p[run][j] = (double)x[2];
        }
    }
    observation_prepare(&o);
    return o;
}

mech_status draw_pool(const mech_mechanism *mechanism, mech_sample_design sample_design, size_t n, team *t,
                      theta_pool *pool, mech_error *error) {
    return mech_draw_wide_thetas(mechanism, sample_design, POOL_SEED, n, t, pool, error);
}
