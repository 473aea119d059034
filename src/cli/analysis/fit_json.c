#include "cli/analysis/fits.h"
#include "cli/reading/understood.h"

#include "base/error.h"

#include <math.h>
#include <string.h>

/* JSON has no numbers that are not finite. */
static json_t *number(double x) { return isfinite(x) ? json_real(x) : json_null(); }

static json_t *interval(const mech_estimate *v) {
    return json_pack("{s:o, s:o, s:o}", "value", number(v->value), "low", number(v->low), "high", number(v->high));
}

static json_t *estimates(const mech_quantity *all, size_t n, bool with_order) {
    json_t *object = json_object();
    for (size_t i = 0; i < n; i++) {
        json_t *of = interval(&all[i].interval);
        if (with_order && all[i].time_power == -1)
            json_object_set_new(of, "order", json_integer(1 - all[i].concentration_power));
        json_object_set_new(of, "concentration_power", json_integer(all[i].concentration_power));
        json_object_set_new(of, "time_power", json_integer(all[i].time_power));
        json_object_set_new(of, "verdict", json_string(mech_verdict_name(all[i].verdict)));
        json_object_set_new(object, all[i].name, of);
    }
    return object;
}

/* A number under its name and its bounds under "intervals". */
static void set_estimate(json_t *of, json_t *intervals, const char *name, const mech_estimate *e) {
    json_object_set_new(of, name, number(e->value));
    json_object_set_new(intervals, name, json_pack("[o, o]", number(e->low), number(e->high)));
}

static json_t *runs_described(const mech_mechanism_fit *f) {
    json_t *runs = json_array();
    for (size_t r = 0; r < f->n_runs; r++) {
        json_t *of = json_pack("{s:s}", "name", f->runs[r].name), *intervals = json_object();
        set_estimate(of, intervals, "catalyst_factor", &f->runs[r].catalyst_factor);
        set_estimate(of, intervals, "clock_offset", &f->runs[r].clock_offset);
        set_estimate(of, intervals, "start_factor", &f->runs[r].start_factor);
        json_object_set_new(of, "intervals", intervals);
        json_object_set_new(of, "tof", interval(&f->runs[r].highest_tof));
        json_object_set_new(of, "ton", interval(&f->runs[r].ton));
        json_object_set_new(of, "half_life", interval(&f->runs[r].half_life));
        json_object_set_new(of, "resting_state",
                            f->runs[r].resting_state ? json_string(f->runs[r].resting_state) : json_null());
        json_object_set_new(of, "resting_share", interval(&f->runs[r].resting_share));
        json_object_set_new(of, "remarks", json_string(f->runs[r].remarks));
        json_array_append_new(runs, of);
    }
    return runs;
}

json_t *describe_fits(const mech_fits *fits, size_t most) {
    json_t *all = json_array();
    for (size_t i = 0; i < fits->n_mechanisms && i < most; i++) {
        const mech_mechanism_fit *f = &fits->mechanisms[i];
        json_t *of =
            json_pack("{s:s, s:s, s:s}", "mechanism", mech_mechanism_id(f->mechanism), "title",
                      mech_mechanism_title(f->mechanism), "class", mech_class_name(mech_mechanism_class(f->mechanism)));
        json_object_set_new(of, "probability", number(f->probability));
        json_array_append_new(all, of);
        if (!f->fitted) continue;
        json_object_set_new(of, "log_evidence", number(f->log_evidence));
        json_object_set_new(of, "log_evidence_error", number(f->log_evidence_error));
        json_object_set_new(of, "effective_samples", number(f->effective_samples));
        json_object_set_new(of, "deviation", number(f->deviation));
        json_object_set_new(of, "noise", number(f->noise));
        json_object_set_new(of, "proportional_noise", number(f->proportional_noise));
        json_object_set_new(of, "chi2", number(f->chi2));
        json_object_set_new(of, "dof", number(f->dof));
        json_object_set_new(of, "aicc", number(f->aicc));
        json_object_set_new(of, "bic", number(f->bic));
        json_object_set_new(of, "rate_constants", estimates(f->rate_constants, f->n_rate_constants, true));
        json_object_set_new(of, "derived", estimates(f->derived, f->n_derived, false));
        json_object_set_new(of, "rate_law", f->rate_law ? json_string(f->rate_law) : json_null());
        json_object_set_new(of, "rate_law_latex", f->rate_law ? json_string(f->rate_law_latex) : json_null());
        json_object_set_new(of, "runs", runs_described(f));
    }
    return all;
}

json_t *describe_runs(const mech_experiment *e) {
    json_t *runs = json_array();
    for (size_t i = 0; i < mech_experiment_n_runs(e); i++) {
        const mech_run *run = mech_experiment_run(e, i);
        json_t *species = json_array();
        if (run->substrate) json_array_append_new(species, json_string("S"));
        if (run->product) json_array_append_new(species, json_string("P"));
        double b0 = NAN;
        for (size_t j = 0; j < run->n_reactants; j++) {
            const mech_reactant *r = &run->reactants[j];
            if (strcmp(r->species, "B") != 0) continue;
            b0 = r->start;
            if (r->concentration) json_array_append_new(species, json_string("B"));
        }
        json_array_append_new(runs,
                              json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o}", "name", run->name, "points",
                                        (json_int_t)count_points(run), "s0", number(run->s0), "p0", number(run->p0),
                                        "b0", number(b0), "cat0", number(run->cat0), "species", species));
    }
    return runs;
}

json_t *describe_active_catalyst(const mech_fits *fits) {
    json_t *all = json_array();
    for (size_t r = 0; r < fits->n_runs; r++) {
        const mech_active_catalyst *a = &fits->active[r];
        json_t *time = json_array(), *share = json_array(), *low = json_array(), *high = json_array();
        for (size_t i = 0; i < a->n_times; i++) {
            json_array_append_new(time, number(a->time[i]));
            json_array_append_new(share, number(a->share[i].value));
            json_array_append_new(low, number(a->share[i].low));
            json_array_append_new(high, number(a->share[i].high));
        }
        json_array_append_new(all, json_pack("{s:s, s:o, s:o, s:o, s:o}", "run", a->run, "time", time, "share", share,
                                             "low", low, "high", high));
    }
    return all;
}

/* What a search says, row by row. */
static json_t *composition(const mech_fits *fits) {
    json_t *family = json_array(), *rows = json_array(), *parts = NULL;
    for (size_t i = 0; i < fits->n_family; i++)
        json_array_append_new(family, json_string(mech_mechanism_id(fits->mechanisms[i].mechanism)));
    for (size_t i = 0; i < fits->n_parts; i++) {
        const mech_part_presence *p = &fits->parts[i];
        if (p->part) {
            json_array_append_new(parts, json_pack("{s:s, s:s, s:o}", "part", p->part, "title", p->title, "probability",
                                                   number(p->probability)));
            continue;
        }
        parts = json_array();
        json_array_append_new(
            rows, json_pack("{s:s, s:o, s:o}", "row", p->row, "probability", number(p->probability), "parts", parts));
    }
    return json_pack("{s:I, s:o, s:o}", "searched", (json_int_t)fits->n_searched, "family", family, "rows", rows);
}

json_t *describe_classes(size_t n, const mech_class_probability *classes) {
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(all, json_pack("{s:s, s:o}", "class", mech_class_name(classes[i].mechanism_class),
                                             "probability", number(classes[i].probability)));
    return all;
}

json_t *describe_alike(size_t n, const char *const *ids) {
    json_t *groups = json_array(), *group = json_array();
    for (size_t i = 0; i < n; i++) json_array_append_new(group, json_string(ids[i]));
    if (n)
        json_array_append_new(groups, group);
    else
        json_decref(group);
    return groups;
}

json_t *describe_none_of_these(const mech_none_of_these *none, const mech_better_composition *better) {
    json_t *other = better ? json_pack("{s:s, s:s, s:o}", "mechanism", better->mechanism, "title", better->title,
                                       "log_bayes_factor", number(better->log_bayes_factor))
                           : json_null();
    return json_pack("{s:o, s:b, s:o}", "p_value", number(none->p_value), "flagged", (int)none->flagged, "better",
                     other);
}

mech_status write_fits_json(text *t, const fitted_file *f, mech_error *error) {
    const mech_fits *fits = f->fits;
    json_t *warnings = json_array();
    for (size_t i = 0; i < fits->n_warnings; i++) json_array_append_new(warnings, json_string(fits->warnings[i]));
    for (size_t i = 0; i < mech_experiment_n_warnings(f->experiment); i++)
        json_array_append_new(warnings, json_string(mech_experiment_warning(f->experiment, i)));
    json_t *whole =
        json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "file", f->path, "runs", describe_runs(f->experiment),
                  "mechanisms", describe_fits(fits, fits->n_mechanisms), "classes",
                  describe_classes(fits->n_classes, fits->classes), "alike", describe_alike(fits->n_alike, fits->alike),
                  "none_of_these", describe_none_of_these(&fits->none_of_these, fits->better), "active_catalyst",
                  describe_active_catalyst(fits), "warnings", warnings);
    if (whole && fits->n_parts) json_object_set_new(whole, "composition", composition(fits));
    char *line = whole ? json_dumps(whole, JSON_COMPACT | JSON_REAL_PRECISION(10)) : NULL;
    json_decref(whole);
    if (!line) return mech_fail_memory(error);
    mech_text_add(t, line);
    mech_text_add(t, "\n");
    free(line);
    return MECH_OK;
}
