#include "cli/analysis/fits.h"
#include "cli/classify/answers.h"

#include "base/page/json.h"

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

/* How the runs were brought to the conventions of a network of four runs, numbered from 1 in the order of the file;
 * null where none was asked. */
static json_t *describe_conventions(const mech_four_runs *four) {
    if (!four) return json_null();
    json_t *order = json_array(), *loadings = json_array();
    for (size_t i = 0; i < 4; i++) {
        json_array_append_new(order, json_integer((json_int_t)four->run_order[i] + 1));
        json_array_append_new(loadings, json_real(four->loadings[i]));
    }
    return json_pack("{s:f, s:b, s:f, s:I, s:o, s:o}", "time_unit", four->time_unit, "own_times", (int)four->own_times,
                     "concentration_unit", four->concentration_unit, "points_used", (json_int_t)four->n_points_used,
                     "run_order", order, "loadings", loadings);
}

/* What was concluded, under the keys of fit --json. */
static void add_conclusions(json_t *object, const mech_answer *answer) {
    json_object_set_new(object, "classes", describe_classes(answer->n_classes, answer->classes));
    json_object_set_new(object, "alike", describe_alike(answer->n_alike, answer->alike));
    json_object_set_new(object, "none_of_these",
                        describe_none_of_these(&answer->none_of_these, answer->fits ? answer->fits->better : NULL));
    json_object_set_new(object, "fits",
                        answer->fits ? describe_fits(answer->fits, answer->credible_size) : json_array());
    json_object_set_new(object, "active_catalyst",
                        answer->fits ? describe_active_catalyst(answer->fits) : json_array());
}

/* Runs to measure next, what is expected to tell most first. */
static json_t *describe_advice(const mech_advice *advice) {
    json_t *runs = json_array();
    for (size_t i = 0; i < advice->n; i++) {
        const mech_advised_run *run = &advice->runs[i];
        json_array_append_new(runs, json_pack("{s:s, s:f, s:f, s:f, s:f, s:I, s:s, s:s, s:f, s:f}", "what", run->what,
                                              "s0", run->s0, "p0", run->p0, "cat0", run->cat0, "length", run->length,
                                              "readings", (json_int_t)run->n_readings, "times", run->times, "species",
                                              run->species, "expected_drop", run->expected_drop, "error", run->error));
    }
    return runs;
}

mech_status write_answer_json(text *t, const answered *a, mech_error *error) {
    const mech_answer *answer = a->answer;
    json_t *file = json_string(a->path), *model = json_string(a->model ? a->model : answer->model);
    if (!file || !model) {
        json_decref(file);
        json_decref(model);
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: JSON cannot name it or its model; expected names in UTF-8",
                         a->path);
    }
    json_t *credible = json_array(), *warnings = json_array();
    for (size_t i = 0; i < answer->credible_size; i++)
        json_array_append_new(credible, json_string(answer->ranked[i].id));
    for (size_t i = 0; i < answer->n_warnings; i++) json_array_append_new(warnings, json_string(answer->warnings[i]));
    json_t *object = json_pack(
        "{s:o, s:o, s:o, s:o, s:{s:f, s:o}, s:o, s:o, s:b, s:o, s:b, s:I, s:s}", "file", file, "runs",
        describe_runs(a->experiment), "model", model, "ranking", describe_ranking(answer), "credible_set", "level",
        answer->credible_level, "mechanisms", credible, "conventions", describe_conventions(answer->four), "warnings",
        warnings, "calibrated", (int)answer->calibrated, "conformal_sets", describe_conformal_sets(answer), "exact",
        (int)answer->exact, "doubts", (json_int_t)answer->n_doubts, "answered_by", answer->model);
    if (object) add_conclusions(object, answer);
    if (object && a->advice) {
        json_object_set_new(object, "entropy", json_real(a->advice->entropy));
        json_object_set_new(object, "advice", describe_advice(a->advice));
    }
    return mech_text_json(t, object, 12, error);
}
