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

mech_status mech_report_samples(const generation *g, size_t done, mech_error *error) {
    const mech_progress *p = g->progress;
    if (!p) return MECH_OK;
    const size_t *n = g->plan.n_samples;
    const double total = (double)(n[SPLIT_TRAIN] + n[SPLIT_VALIDATION] + n[SPLIT_TEST]);
    if (p->report) p->report(p->context, "simulating samples", (double)done, total, "");
    if (p->should_stop && p->should_stop(p->context)) return mech_fail(error, MECH_STOPPED, "stopped");
    return MECH_OK;
}
