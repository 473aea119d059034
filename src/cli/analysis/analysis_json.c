#include "cli/analysis/analyses.h"

#include "base/page/json.h"

#include <math.h>

/* JSON has neither NaN nor infinity: null stands for what is not known. */
static json_t *number(double value) { return isfinite(value) ? json_real(value) : json_null(); }

static json_t *estimate(mech_estimate e) {
    if (isnan(e.value)) return json_null();
    return json_pack("{s:o, s:o, s:o}", "value", number(e.value), "low", number(e.low), "high", number(e.high));
}

static json_t *numbers(const double *values, size_t n) {
    if (!values) return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++) json_array_append_new(array, number(values[i]));
    return array;
}

static json_t *describe_orders(const mech_kinetics *k) {
    static const char *const OF[] = {"catalyst", "substrate", "reactant", "product"};
    json_t *orders = json_array();
    for (size_t i = 0; i < k->n_orders; i++) {
        const mech_order *o = &k->orders[i];
        json_array_append_new(orders,
                              json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:s}", "species", o->species, "of", OF[o->of],
                                        "order", estimate(o->order), "least", number(o->least), "most", number(o->most),
                                        "consumed", number(o->consumed), "remark", o->remark));
    }
    return orders;
}

static json_t *describe_runs(const mech_kinetics *k) {
    json_t *runs = json_array();
    for (size_t i = 0; i < k->n_runs; i++) {
        const mech_kinetic_run *r = &k->runs[i];
        json_t *run = json_pack("{s:s, s:b}", "name", r->name, "used", (int)r->used);
        json_array_append_new(runs, run);
        if (!r->used) continue;
        json_object_set_new(run, "followed", json_string(r->followed_product ? "P" : "S"));
        json_object_set_new(run, "s0", number(r->start_substrate));
        json_object_set_new(run, "conversion", number(r->conversion));
        json_object_set_new(run, "initial_rate", estimate(r->initial_rate));
        json_object_set_new(run, "highest_rate", estimate(r->highest_rate));
        json_object_set_new(run, "initial_tof", estimate(r->initial_tof));
        json_object_set_new(run, "highest_tof", estimate(r->highest_tof));
        json_object_set_new(run, "ton", number(r->ton));
        json_object_set_new(run, "noise", number(r->noise));
        json_object_set_new(run, "factor", number(r->factor));
        json_object_set_new(run, "time", numbers(r->time, r->n_readings));
        json_object_set_new(run, "extent", numbers(r->extent, r->n_readings));
        json_object_set_new(run, "normalised_time", numbers(r->normalised, r->n_readings));
        json_object_set_new(run, "course",
                            json_pack("{s:o, s:o, s:o, s:o, s:o}", "extent", numbers(r->curve_extent, r->n_curve),
                                      "rate", numbers(r->curve_rate, r->n_curve), "low",
                                      numbers(r->curve_low, r->n_curve), "high", numbers(r->curve_high, r->n_curve),
                                      "normalised", numbers(r->curve_normalised, r->n_curve)));
    }
    return runs;
}

static json_t *describe_pairs(const mech_kinetics *k) {
    json_t *pairs = json_array();
    for (size_t i = 0; i < k->n_pairs; i++) {
        const mech_run_pair *p = &k->pairs[i];
        json_array_append_new(pairs, json_pack("{s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:s}", "kind",
                                               mech_pair_kind_name(p->kind), "first", k->runs[p->first].name, "second",
                                               k->runs[p->second].name, "species", p->species, "compared",
                                               (int)p->compared, "from", number(p->from), "to", number(p->to), "ratio",
                                               estimate(p->ratio), "order", estimate(p->order), "finding", p->finding));
    }
    return pairs;
}

static json_t *describe_overlay(const mech_kinetics *k) {
    if (!k->normalised) return json_null();
    return json_pack("{s:o, s:o, s:o, s:o}", "before", number(k->overlay.before), "after", number(k->overlay.after),
                     "noise", number(k->overlay.noise), "spread", number(k->overlay.spread));
}

mech_status write_kinetics_json(text *t, const analysed *a, mech_error *error) {
    json_t *file = json_string(a->path);
    if (!file)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: JSON cannot name it; expected a name in UTF-8", a->path);
    json_t *remarks = json_array(), *warnings = json_array();
    for (size_t i = 0; i < a->kinetics->n_remarks; i++)
        json_array_append_new(remarks, json_string(a->kinetics->remarks[i]));
    for (size_t i = 0; i < mech_experiment_n_warnings(a->experiment); i++)
        json_array_append_new(warnings, json_string(mech_experiment_warning(a->experiment, i)));
    json_t *object = json_pack("{s:o, s:s, s:s, s:f, s:o, s:o, s:o, s:o, s:o, s:o}", "file", file, "time_unit",
                               a->kinetics->time_unit, "concentration_unit", a->kinetics->concentration_unit, "level",
                               a->kinetics->level, "orders", describe_orders(a->kinetics), "overlay",
                               describe_overlay(a->kinetics), "runs", describe_runs(a->kinetics), "pairs",
                               describe_pairs(a->kinetics), "remarks", remarks, "warnings", warnings);
    return mech_text_json(t, object, 12, error);
}
