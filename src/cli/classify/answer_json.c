#include "cli/classify/answers.h"
#include "cli/reading/understood.h"

#include <jansson.h>
#include <math.h>

static json_t *describe_runs(const mech_experiment *e) {
    json_t *runs = json_array();
    for (size_t i = 0; i < mech_experiment_n_runs(e); i++) {
        const mech_run *run = mech_experiment_run(e, i);
        json_t *species = json_array();
        if (run->substrate) json_array_append_new(species, json_string("S"));
        if (run->product) json_array_append_new(species, json_string("P"));
        json_array_append_new(runs, json_pack("{s:s, s:I, s:f, s:f, s:f, s:o}", "name", run->name, "points",
                                              (json_int_t)count_points(run), "s0", run->s0, "p0", run->p0, "cat0",
                                              run->cat0, "species", species));
    }
    return runs;
}

static json_t *describe_ranking(const mech_answer *answer) {
    json_t *ranking = json_array();
    for (size_t i = 0; i < answer->n_ranked; i++) {
        const mech_ranked *ranked = &answer->ranked[i];
        const mech_class of = ranked->mechanism ? mech_mechanism_class(ranked->mechanism) : MECH_CLASS_USER;
        json_array_append_new(ranking, json_pack("{s:s, s:s, s:f, s:s}", "mechanism", ranked->id, "class",
                                                 mech_class_name(of), "probability", ranked->probability, "title",
                                                 ranked->mechanism ? mech_mechanism_title(ranked->mechanism) : ""));
    }
    return ranking;
}

/* The conformal sets; none where the model has no thresholds for them. */
static json_t *describe_conformal_sets(const mech_answer *answer) {
    json_t *sets = json_array();
    for (size_t i = 0; i < answer->n_conformal; i++) {
        json_t *mechanisms = json_array();
        for (size_t k = 0; k < answer->conformal[i].n_mechanisms; k++)
            json_array_append_new(mechanisms, json_string(answer->conformal[i].mechanisms[k]));
        json_array_append_new(sets,
                              json_pack("{s:f, s:o}", "level", answer->conformal[i].level, "mechanisms", mechanisms));
    }
    return sets;
}

/* A spread is not finite where readings tell nothing. */
static json_t *describe_spread(double spread) { return isfinite(spread) ? json_real(spread) : json_null(); }

/* The fits; none where none were asked for. */
static json_t *describe_fits(const mech_answer *answer) {
    json_t *fits = json_array();
    for (size_t i = 0; i < answer->n_fits; i++) {
        const mech_fitted *fit = &answer->fits[i];
        json_t *constants = json_object();
        for (size_t j = 0; j < mech_mechanism_n_rate_constants(fit->mechanism); j++)
            json_object_set_new(constants, mech_mechanism_rate_constant(fit->mechanism, j),
                                json_pack("{s:f, s:o, s:i}", "value", fit->k[j], "ln_sd",
                                          describe_spread(fit->spread[j]), "order",
                                          mech_mechanism_order(fit->mechanism, (int)j)));
        json_t *one =
            json_pack("{s:s, s:f, s:f, s:o}", "mechanism", mech_mechanism_id(fit->mechanism), "network_probability",
                      fit->network_probability, "deviation", fit->deviation, "rate_constants", constants);
        if (fit->additive > 0)
            json_object_set_new(
                one, "additive",
                json_pack("{s:f, s:o}", "value", fit->additive, "ln_sd", describe_spread(fit->additive_spread)));
        json_array_append_new(fits, one);
    }
    return fits;
}

/* How the runs were brought to the model's conventions; runs are numbered from 1 in the order of the file. */
static json_t *describe_conventions(const mech_answer *answer) {
    json_t *order = json_array(), *loadings = json_array();
    for (size_t i = 0; i < 4; i++) {
        json_array_append_new(order, json_integer((json_int_t)answer->run_order[i] + 1));
        json_array_append_new(loadings, json_real(answer->loadings[i]));
    }
    return json_pack("{s:f, s:b, s:f, s:I, s:o, s:o}", "time_unit", answer->time_unit, "own_times",
                     (int)answer->own_times, "concentration_unit", answer->concentration_unit, "points_used",
                     (json_int_t)answer->n_points_used, "run_order", order, "loadings", loadings);
}

mech_status write_answer_json(text *t, const answered *a, mech_error *error) {
    json_t *file = json_string(a->path), *model = json_string(a->model);
    if (!file || !model) {
        json_decref(file);
        json_decref(model);
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: JSON cannot name it or its model; expected names in UTF-8",
                         a->path);
    }
    json_t *credible = json_array(), *warnings = json_array();
    for (size_t i = 0; i < a->answer->credible_size; i++)
        json_array_append_new(credible, json_string(a->answer->ranked[i].id));
    for (size_t i = 0; i < a->answer->n_warnings; i++)
        json_array_append_new(warnings, json_string(a->answer->warnings[i]));
    json_t *object = json_pack(
        "{s:o, s:o, s:o, s:o, s:{s:f, s:o}, s:o, s:o, s:b, s:o, s:o, s:b, s:I}", "file", file, "runs",
        describe_runs(a->experiment), "model", model, "ranking", describe_ranking(a->answer), "credible_set", "level",
        a->answer->credible_level, "mechanisms", credible, "conventions", describe_conventions(a->answer), "warnings",
        warnings, "calibrated", (int)a->answer->calibrated, "conformal_sets", describe_conformal_sets(a->answer),
        "fits", describe_fits(a->answer), "exact", (int)a->answer->exact, "doubts", (json_int_t)a->answer->n_doubts);
    char *dump = object ? json_dumps(object, JSON_REAL_PRECISION(12)) : NULL;
    json_decref(object);
    if (!dump) return mech_fail_memory(error);
    mech_text_add(t, dump);
    mech_text_add(t, "\n");
    mech_free(dump);
    return MECH_OK;
}
