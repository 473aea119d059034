/* What the models of a study are worth: the cells of the published tables, and a grid of points and noise. */
#include "study/judgement/judgement.h"
#include "study/page/study.h"

#include "base/files/digest.h"
#include "base/files/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_MODEL_BYTES = 1 << 30 };

static const char *beside(study *s, const mech_shipped_model *m, const char *ending) {
    const char *path = mech_study_text(s, "%.*s%s", (int)(strlen(m->path) - strlen(".safetensors")), m->path, ending);
    return mech_file_exists(path) ? path : NULL;
}

/* Whether the model was trained on that design, which is known of samples and of experiments apart. One without a
 * design cannot be given the samples that it was made for. */
static mech_status look_at_origin(const mech_model *model, const study_protocol *p, bool *is, mech_error *error) {
    char *design = NULL;
    const mech_status status = mech_model_design(model, &design, error);
    *is = design && strcmp(design, p->name) == 0 && mech_model_reads_run_sets(model) == p->is_design;
    mech_free(design);
    return status;
}

mech_status mech_study_find_models(study *s, mech_error *error) {
    mech_status status = mech_shipped_models_read(&s->shipped, error);
    if (status != MECH_OK) return status;
    s->n_models = 0;
    const size_t n_shipped = mech_shipped_models_n(s->shipped);
    s->models = calloc(n_shipped ? n_shipped : 1, sizeof *s->models);
    if (!s->models) return mech_fail_memory(error);
    for (int i = 0; i < N_PROTOCOLS; i++) {
        const size_t n_before = s->n_models;
        for (size_t k = 0; k < n_shipped; k++) {
            const mech_shipped_model *m = mech_shipped_models_model(s->shipped, k);
            bool is = false;
            status = look_at_origin(m->model, &s->protocols[i], &is, error);
            if (status != MECH_OK) return status;
            if (!is) continue;
            study_model *added = &s->models[s->n_models++];
            added->shipped = m;
            added->protocol = &s->protocols[i];
            added->history = beside(s, m, ".history.csv");
            added->grid = mech_study_text(s, "%s/tables/grid-%s.csv", s->folder, m->name);
        }
        s->protocols[i].left_out = s->protocols[i].is_design && !s->protocols[i].data && s->n_models == n_before;
    }
    if (s->failed) return mech_fail_memory(error);
    if (!s->n_models)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "no model of design fixed-window or nature comes with this program");
    return MECH_OK;
}

/* "mechanist evaluate --model M --data D", and what differs from the defaults. */
static void begin_command(const study *s, const study_model *m, text *t) {
    mech_text_add(t, "mechanist evaluate --model");
    mech_study_command_word(t, m->shipped->name);
    mech_text_add(t, " --data");
    mech_study_command_word(t, m->protocol->data);
    if (s->resamples != 1000) mech_text_format(t, " --resamples %zu", s->resamples);
    if (s->seed != 1) mech_text_format(t, " --seed %llu", (unsigned long long)s->seed);
}

static mech_prediction_options asked_of(const study *s, const study_model *m) {
    mech_prediction_options options = mech_prediction_options_default();
    options.model = m->shipped->name;
    options.seed = s->seed;
    options.threads = s->threads;
    return options;
}

static mech_evaluate_options judged_as(const study *s) {
    mech_evaluate_options options = mech_evaluate_options_default();
    options.resamples = s->resamples;
    options.seed = s->seed;
    options.threads = s->threads;
    return options;
}

/* The object that evaluate --json prints, as a file. */
static mech_status write_cell(const mech_judgement *j, const mech_predictions *p, const mech_prediction_options *asked,
                              const char *path, mech_error *error) {
    char *json = NULL;
    mech_status status = mech_judgement_json(j, p, asked, &json, error);
    if (status == MECH_OK) status = mech_file_write(path, json, strlen(json), error);
    mech_free(json);
    return status;
}

static mech_status judge_cell(study *s, study_model *m, size_t number, mech_predictions *p, mech_error *error) {
    const study_cell *cell = &m->protocol->cells[number];
    const mech_evaluate_options judged = judged_as(s);
    mech_prediction_options asked = asked_of(s, m);
    text command = {0};
    asked.points = cell->points;
    asked.noise = cell->noise / 100;
    const size_t points = cell->points ? cell->points : m->protocol->n_points;
    const char *path = m->protocol->is_design ? mech_study_text(s, "%s/tables/%s.json", s->folder, m->shipped->name)
                                              : mech_study_text(s, "%s/tables/%s-%zu-%g.json", s->folder,
                                                                m->shipped->name, points, cell->noise);
    begin_command(s, m, &command);
    if (cell->points) mech_text_format(&command, " --points %zu", cell->points);
    if (cell->noise > 0) mech_text_format(&command, " --noise %g", cell->noise);
    mech_text_add(&command, " --json");
    m->commands[number] = mech_study_text(s, "%s", command.failed ? "" : command.characters);
    mech_text_free(&command);
    if (s->failed) return mech_fail_memory(error);
    mech_status status = mech_predictions_judge(p, &asked, &judged, NULL, &m->cells[number], error);
    return status == MECH_OK ? write_cell(m->cells[number], p, &asked, path, error) : status;
}

static mech_status judge_cells(study *s, study_model *m, mech_predictions *p, mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t i = 0; i < m->protocol->n_cells && status == MECH_OK; i++) {
        status = mech_study_go_on(s, error);
        if (status == MECH_OK) status = judge_cell(s, m, i, p, error);
    }
    return status;
}

/* Which points the samples have: those of the grid beyond are left out. */
static size_t points_there(const study_protocol *p) {
    size_t n = 0;
    while (n < N_GRID_POINTS && mech_grid_points[n] <= (double)p->n_points) n++;
    return n;
}

static void add_list(text *t, const char *name, const double *numbers, size_t n) {
    for (size_t i = 0; i < n; i++) {
        mech_text_add(t, i ? "," : name);
        mech_text_number(t, numbers[i]);
    }
}

/* What the grid's table follows from: command, version, data and weights; "" where memory is short. */
static mech_status identify_grid(study *s, const study_model *m, const char **key, mech_error *error) {
    char *weights = NULL;
    size_t length = 0;
    mech_status status = mech_file_read(m->shipped->path, MOST_MODEL_BYTES, &weights, &length, error);
    if (status != MECH_OK) return status;
    *key = mech_study_text(s, "%s %s %016llx %016llx\n", m->grid_command, mech_version(),
                           (unsigned long long)m->protocol->sum,
                           (unsigned long long)mech_digest(DIGEST_START, weights, length));
    mech_free(weights);
    return s->failed ? mech_fail_memory(error) : MECH_OK;
}

static bool holds_key(const char *path, const char *key) {
    char *content = NULL;
    size_t length = 0;
    const bool holds = mech_file_exists(path) &&
                       mech_file_read(path, MOST_MODEL_BYTES, &content, &length, NULL) == MECH_OK &&
                       strcmp(content, key) == 0;
    mech_free(content);
    return holds;
}

/* The grid takes longest, so one that an earlier run left is kept if everything that it follows from is the same. */
static mech_status judge_grid(study *s, study_model *m, mech_predictions *p, mech_error *error) {
    const mech_grid_lists lists = {
        .size = sizeof lists, .n_points = points_there(m->protocol), .points = mech_grid_points};
    const mech_prediction_options asked = asked_of(s, m);
    const mech_evaluate_options judged = judged_as(s);
    const char *key = NULL;
    char *table = NULL;
    text command = {0};
    begin_command(s, m, &command);
    if (lists.n_points == N_GRID_POINTS) {
        mech_text_add(&command, " --grid");
    } else {
        add_list(&command, " --points ", mech_grid_points, lists.n_points);
        add_list(&command, " --noise ", mech_grid_noise, N_GRID_NOISE);
    }
    mech_text_add(&command, " --csv -o");
    mech_study_command_word(&command, m->grid);
    m->grid_command = mech_study_text(s, "%s", command.failed ? "" : command.characters);
    mech_text_free(&command);
    const char *key_path = mech_study_text(s, "%s/tables/grid-%s.key", s->folder, m->shipped->name);
    mech_status status = s->failed ? mech_fail_memory(error) : identify_grid(s, m, &key, error);
    if (status != MECH_OK || (mech_file_exists(m->grid) && holds_key(key_path, key))) return status;
    status = mech_predictions_grid(p, &asked, &judged, &lists, MECH_TABLE_CSV, &s->progress, &table, error);
    if (status == MECH_OK) status = mech_file_write(m->grid, table, strlen(table), error);
    mech_free(table);
    return status == MECH_OK ? mech_file_write(key_path, key, strlen(key), error) : status;
}

mech_status mech_study_judge(study *s, mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t i = 0; i < s->n_models && status == MECH_OK; i++) {
        study_model *m = &s->models[i];
        mech_predictions *p = NULL;
        const mech_prediction_options asked = asked_of(s, m);
        status = mech_predictions_open(m->protocol->data, &asked, &p, error);
        if (status == MECH_OK) status = judge_cells(s, m, p, error);
        if (status == MECH_OK && !m->protocol->is_design) status = judge_grid(s, m, p, error);
        mech_predictions_free(p);
    }
    return status;
}

void mech_study_models_free(study *s) {
    for (size_t i = 0; i < s->n_models; i++)
        for (size_t k = 0; k < MOST_CELLS; k++) mech_judgement_free(s->models[i].cells[k]);
    free(s->models);
    mech_shipped_models_free(s->shipped);
}
