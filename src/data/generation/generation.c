#include "data/generation/generation.h"

size_t mech_share_of(const generation *g, size_t n, size_t mechanism) {
    return n / g->plan.n_mechanisms + (mechanism < n % g->plan.n_mechanisms);
}

size_t mech_thetas_wanted(const generation *g, dataset_split s, size_t mechanism) {
    const size_t n = mech_share_of(g, g->plan.n_samples[s], mechanism);
    if (s != SPLIT_TRAIN || !n) return n;
    const size_t wanted = mech_share_of(g, g->plan.n_thetas, mechanism);
    return wanted < 1 ? 1 : wanted < n ? wanted : n;
}
