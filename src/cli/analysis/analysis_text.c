#include "cli/analysis/analyses.h"
#include "cli/terminal/short_numbers.h"

#include <math.h>
#include <stdio.h>

static void write_orders(text *t, const mech_kinetics *k) {
    const char *unit = k->concentration_unit;
    mech_text_format(t, "\nOrders, %g %% intervals (variable-time normalisation)\n", 100 * k->level);
    for (size_t i = 0; i < k->n_orders; i++) {
        const mech_order *o = &k->orders[i];
        if (o->estimated)
            mech_text_format(t, "  %-8s %6.2f  (%.2f to %.2f)   runs start with %s to %s%s%s\n", o->species,
                             o->order.value, o->order.low, o->order.high, shorten(o->least).text, shorten(o->most).text,
                             *unit ? " " : "", unit);
        else
            mech_text_format(t, "  %-8s      -\n", o->species);
        if (*o->remark) mech_text_format(t, "           %s\n", o->remark);
    }
    if (k->normalised)
        mech_text_format(
            t,
            "  Readings lie %.1f %% of the largest extent from one curve before normalisation, %.1f %% after\n"
            "  it; each run lies %.1f %% from a curve of its own.\n",
            100 * k->overlay.before, 100 * k->overlay.after, 100 * k->overlay.noise);
}

typedef struct short_estimate {
    char text[64];
} short_estimate;

/* "0.0123 (0.011 to 0.0135)" */
static short_estimate set_estimate(mech_estimate e) {
    short_estimate s;
    snprintf(s.text, sizeof s.text, "%.3g (%.3g to %.3g)", e.value, e.low, e.high);
    return s;
}

static void write_runs(text *t, const mech_kinetics *k) {
    const char *unit = *k->concentration_unit ? k->concentration_unit : "unit",
               *time = *k->time_unit ? k->time_unit : "unit";
    mech_text_format(t, "\nRates (%s/%s), apparent turnover frequencies (1/%s) and turnovers\n", unit, time, time);
    mech_text_format(t, "  %-16s %10s %9s  %-28s %-28s %9s %8s\n", "run", "[S]0", "conv./%", "initial rate",
                     "initial TOF", "max. TOF", "TON");
    for (size_t i = 0; i < k->n_runs; i++) {
        const mech_kinetic_run *r = &k->runs[i];
        if (!r->used) continue;
        mech_text_format(t, "  %-16.40s %10.4g %9.1f  %-28s %-28s %9.3g %8.3g\n", r->name, r->start_substrate,
                         100 * r->conversion, set_estimate(r->initial_rate).text, set_estimate(r->initial_tof).text,
                         r->highest_tof.value, r->ton);
    }
}

static bool is_told_alone(const mech_run_pair *p) {
    return p->kind != MECH_PAIR_DIFFERENT_CATALYST && p->kind != MECH_PAIR_DIFFERENT_EXCESS;
}

/* More orders from two runs than this are a table for programs. */
enum { MOST_PAIRS_TOLD = 12 };

static void write_pairs(text *t, const mech_kinetics *k) {
    for (size_t kind = 0; kind < 2; kind++) { /* what RPKA asks first, then orders from two runs */
        bool headed = false;
        size_t n = 0;
        for (size_t i = 0; i < k->n_pairs; i++) n += is_told_alone(&k->pairs[i]) == (kind == 0) ? 1 : 0;
        if (kind == 1 && n > MOST_PAIRS_TOLD) {
            mech_text_format(t, "\n%zu pairs of runs differ in one reactant; --json has their orders.\n", n);
            continue;
        }
        for (size_t i = 0; i < k->n_pairs; i++) {
            const mech_run_pair *p = &k->pairs[i];
            if (is_told_alone(p) != (kind == 0)) continue;
            if (!headed)
                mech_text_add(
                    t, kind == 0 ? "\nRuns compared at the same concentrations (reaction progress kinetic analysis)\n"
                                 : "\nRuns that differ in one reactant\n");
            headed = true;
            mech_text_format(t, "  %s, %.40s and %.40s: %s\n", mech_pair_kind_name(p->kind), k->runs[p->first].name,
                             k->runs[p->second].name, p->finding);
        }
    }
}

void write_kinetics_text(text *t, const analysed *a) {
    const mech_kinetics *k = a->kinetics;
    size_t used = 0;
    for (size_t i = 0; i < k->n_runs; i++) used += k->runs[i].used ? 1 : 0;
    mech_text_format(t, "%s: %zu run%s\n", a->path, used, used == 1 ? "" : "s");
    write_orders(t, k);
    write_runs(t, k);
    write_pairs(t, k);
    if (k->n_remarks + mech_experiment_n_warnings(a->experiment)) mech_text_add(t, "\nRemarks\n");
    for (size_t i = 0; i < k->n_remarks; i++) mech_text_format(t, "  - %s\n", k->remarks[i]);
    for (size_t i = 0; i < mech_experiment_n_warnings(a->experiment); i++)
        mech_text_format(t, "  - %s\n", mech_experiment_warning(a->experiment, i));
}
