#include "data/runs/run_sets.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>

const char *mech_set_truth_name(set_truth truth) {
    static const char *const names[N_SET_TRUTHS] = {
        [TRUTH_LOADING_SPREAD] = "loading_spread",
        [TRUTH_CLOCK_SPREAD] = "clock_spread",
        [TRUTH_START_SPREAD] = "start_spread",
        [TRUTH_NOISE] = "noise",
        [TRUTH_RELATIVE_NOISE] = "relative_noise",
        [TRUTH_RESPONSE_SPREAD] = "response_spread",
        [TRUTH_SUBSTRATE_FACTOR] = "substrate_factor",
        [TRUTH_PRODUCT_FACTOR] = "product_factor",
        [TRUTH_PRODUCT_SHARE] = "product_share",
        [TRUTH_DEAD_CATALYST] = "dead_catalyst",
        [TRUTH_OUTLIER_SHARE] = "outlier_share",
        [TRUTH_OUTLIER_SPREAD] = "outlier_spread",
        [TRUTH_SCALE] = "scale",
        [TRUTH_TIME_UNIT] = "time_unit",
        [TRUTH_GOES_ON] = "goes_on",
        [TRUTH_REACTANT_FACTOR] = "reactant_factor",
    };
    return names[truth];
}

const char *mech_run_truth_name(run_truth truth) {
    static const char *const names[N_RUN_TRUTHS] = {
        [TRUTH_CATALYST_FACTOR] = "catalyst_factor", [TRUTH_CLOCK_OFFSET] = "clock_offset",
        [TRUTH_START_FACTOR] = "start_factor",       [TRUTH_START_P_FACTOR] = "start_p_factor",
        [TRUTH_START_B_FACTOR] = "start_b_factor",
    };
    return names[truth];
}

truths_held mech_truths_held(bool has_b) {
    truths_held held;
    for (int t = 0; t < N_SET_TRUTHS; t++) held.of_set[t] = has_b || t != TRUTH_REACTANT_FACTOR;
    for (int t = 0; t < N_RUN_TRUTHS; t++) held.of_run[t] = has_b || t != TRUTH_START_B_FACTOR;
    return held;
}

static bool allocate_sets(run_sets *s, bool has_b) {
    s->label = mech_allocate_array(s->room, sizeof *s->label);
    s->theta = mech_allocate_array(s->room, s->n_theta * sizeof *s->theta);
    s->additive = mech_allocate_array(s->room, sizeof *s->additive);
    s->run_offset = mech_allocate_array(s->room + 1, sizeof *s->run_offset);
    s->s0 = mech_allocate_array(s->room_runs, sizeof *s->s0);
    s->p0 = mech_allocate_array(s->room_runs, sizeof *s->p0);
    s->cat0 = mech_allocate_array(s->room_runs, sizeof *s->cat0);
    s->reading_offset = mech_allocate_array(s->room_runs + 1, sizeof *s->reading_offset);
    s->time = mech_allocate_array(s->room_readings, sizeof *s->time);
    s->substrate = mech_allocate_array(s->room_readings, sizeof *s->substrate);
    s->product = mech_allocate_array(s->room_readings, sizeof *s->product);
    if (has_b) {
        s->b0 = mech_allocate_array(s->room_runs, sizeof *s->b0);
        s->b = mech_allocate_array(s->room_readings, sizeof *s->b);
    }
    bool all = s->label && s->theta && s->additive && s->run_offset && s->s0 && s->p0 && s->cat0 && s->reading_offset &&
               s->time && s->substrate && s->product && (!has_b || (s->b0 && s->b));
    for (int t = 0; t < N_SET_TRUTHS; t++) {
        s->set_truths[t] = mech_allocate_array(s->room, sizeof *s->set_truths[t]);
        all = all && s->set_truths[t];
    }
    for (int t = 0; t < N_RUN_TRUTHS; t++) {
        s->run_truths[t] = mech_allocate_array(s->room_runs, sizeof *s->run_truths[t]);
        all = all && s->run_truths[t];
    }
    return all;
}

run_sets *mech_run_sets_new(size_t room, size_t room_runs, size_t room_readings, size_t n_theta, size_t n_labels,
                            bool has_b) {
    run_sets *s = mech_allocate_array(1, sizeof *s);
    if (!s) return NULL;
    *s = (run_sets){.room = room,
                    .room_runs = room_runs,
                    .room_readings = room_readings,
                    .n_theta = n_theta,
                    .n_labels = n_labels,
                    .has_truths = true,
                    .held = mech_truths_held(has_b)};
    if (allocate_sets(s, has_b)) return s;
    mech_run_sets_free(s);
    return NULL;
}

void mech_run_sets_free(run_sets *s) {
    if (!s) return;
    void *const arrays[] = {s->label, s->theta,          s->additive, s->run_offset, s->s0,      s->p0, s->cat0,
                            s->b0,    s->reading_offset, s->time,     s->substrate,  s->product, s->b};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) mech_release_array(arrays[i]);
    for (int t = 0; t < N_SET_TRUTHS; t++) mech_release_array(s->set_truths[t]);
    for (int t = 0; t < N_RUN_TRUTHS; t++) mech_release_array(s->run_truths[t]);
    mech_release_array(s);
}

/* A column of a run as doubles. */
static const double *widen(const float *values, size_t n, double *wide) {
    for (size_t i = 0; i < n; i++) wide[i] = (double)values[i];
    return wide;
}

/* Adds run r; columns[4][n] has room for its readings. */
static mech_status add_run(const run_sets *s, size_t r, size_t number, double *columns, mech_run_set *set,
                           mech_error *error) {
    const size_t from = (size_t)s->reading_offset[r], n = (size_t)s->reading_offset[r + 1] - from;
    char name[24];
    snprintf(name, sizeof name, "%zu", number);
    mech_run run = {.size = sizeof run,
                    .name = name,
                    .n_readings = n,
                    .time = widen(s->time + from, n, columns),
                    .substrate = widen(s->substrate + from, n, columns + n),
                    .product = widen(s->product + from, n, columns + 2 * n),
                    .s0 = (double)s->s0[r],
                    .p0 = (double)s->p0[r],
                    .cat0 = (double)s->cat0[r]};
    mech_reactant second = {.species = "B"};
    if (s->b0 && !isnan(s->b0[r])) {
        second.start = (double)s->b0[r];
        second.concentration = s->b ? widen(s->b + from, n, columns + 3 * n) : NULL;
        run.n_reactants = 1;
        run.reactants = &second;
    }
    return mech_run_set_add(set, &run, error);
}

mech_status mech_run_sets_get(const run_sets *s, size_t i, mech_run_set **set, mech_error *error) {
    mech_status status = mech_run_set_new(NULL, NULL, set, error);
    const size_t from = (size_t)s->run_offset[i], to = (size_t)s->run_offset[i + 1];
    for (size_t r = from; r < to && status == MECH_OK; r++) {
        const size_t n = (size_t)(s->reading_offset[r + 1] - s->reading_offset[r]);
        double *columns = mech_allocate_array(n, 4 * sizeof *columns);
        status = columns ? add_run(s, r, r - from + 1, columns, *set, error) : mech_fail_memory(error);
        mech_release_array(columns);
    }
    if (status != MECH_OK) {
        mech_run_set_free(*set);
        *set = NULL;
    }
    return status;
}

void mech_truth_free(mech_truth *truth) { mech_release_array(truth); }

static void take_run_truths(const run_sets *s, size_t i, run_truth which, double *values) {
    const size_t from = (size_t)s->run_offset[i], n = (size_t)s->run_offset[i + 1] - from;
    for (size_t r = 0; r < n; r++)
        values[r] = s->held.of_run[which] ? (double)s->run_truths[which][from + r] : (double)NAN;
}

mech_status mech_run_sets_truth(const run_sets *s, size_t i, size_t n_k, mech_truth **truth, mech_error *error) {
    const double *k = s->theta + i * s->n_theta;
    while (n_k < s->n_theta && !isnan(k[n_k])) n_k++;
    *truth = NULL;
    if (n_k > s->n_theta || n_k > sizeof(*truth)->k / sizeof(*truth)->k[0])
        return mech_fail(error, MECH_INVALID_INPUT, "theta has %zu rate constants; expected at most %zu", n_k,
                         sizeof(*truth)->k / sizeof(*truth)->k[0]);
    mech_truth *t = mech_allocate_array(1, sizeof *t);
    if (!t) return mech_fail_memory(error);
    t->label = s->label[i];
    t->n_rate_constants = n_k;
    for (size_t j = 0; j < n_k; j++) t->k[j] = k[j];
    t->additive = s->additive[i];
    double *const places[N_SET_TRUTHS] = {[TRUTH_LOADING_SPREAD] = &t->loading_spread,
                                          [TRUTH_CLOCK_SPREAD] = &t->clock_spread,
                                          [TRUTH_START_SPREAD] = &t->start_spread,
                                          [TRUTH_NOISE] = &t->noise,
                                          [TRUTH_RELATIVE_NOISE] = &t->relative_noise,
                                          [TRUTH_RESPONSE_SPREAD] = &t->response_spread,
                                          [TRUTH_SUBSTRATE_FACTOR] = &t->substrate_factor,
                                          [TRUTH_PRODUCT_FACTOR] = &t->product_factor,
                                          [TRUTH_PRODUCT_SHARE] = &t->product_share,
                                          [TRUTH_DEAD_CATALYST] = &t->dead_catalyst,
                                          [TRUTH_OUTLIER_SHARE] = &t->outlier_share,
                                          [TRUTH_OUTLIER_SPREAD] = &t->outlier_spread,
                                          [TRUTH_SCALE] = &t->scale,
                                          [TRUTH_TIME_UNIT] = &t->time_unit,
                                          [TRUTH_GOES_ON] = &t->goes_on,
                                          [TRUTH_REACTANT_FACTOR] = &t->reactant_factor};
    for (int which = 0; which < N_SET_TRUTHS; which++)
        *places[which] = s->held.of_set[which] ? s->set_truths[which][i] : NAN;
    t->n_runs = (size_t)(s->run_offset[i + 1] - s->run_offset[i]);
    take_run_truths(s, i, TRUTH_CATALYST_FACTOR, t->catalyst_factor);
    take_run_truths(s, i, TRUTH_CLOCK_OFFSET, t->clock_offset);
    take_run_truths(s, i, TRUTH_START_FACTOR, t->start_factor);
    take_run_truths(s, i, TRUTH_START_P_FACTOR, t->start_p_factor);
    take_run_truths(s, i, TRUTH_START_B_FACTOR, t->start_b_factor);
    *truth = t;
    return MECH_OK;
}
