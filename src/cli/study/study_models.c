/* What the models of a study are worth: the cells of the published tables, and a grid of points and noise. */
#include "cli/evaluate/evaluation.h"
#include "cli/options/options.h"
#include "cli/study/study.h"

#include "base/files/digest.h"
#include "base/files/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_MODEL_BYTES = 1 << 30 };

static const char *beside(study *s, const mech_shipped_model *m, const char *ending) {
    const char *path = study_text(s, "%.*s%s", (int)(strlen(m->path) - strlen(".safetensors")), m->path, ending);
    return mech_file_exists(path) ? path : NULL;
}

/* Whether the model was trained on that protocol or design. One without either cannot be given the samples that it was
 * made for. */
static bool is_of(const mech_model *model, const study_protocol *p) {
    const char *protocol = mech_model_metadata(model, "protocol"), *design = mech_model_metadata(model, "design");
    const char *name = "";
    if (!p->is_design) return protocol && strcmp(protocol, p->name) == 0;
    return mech_model_reads_run_sets(model) && design && design_name(design, &name) == strlen(p->name) &&
           strncmp(name, p->name, strlen(p->name)) == 0;
}

mech_status study_find_models(study *s, mech_error *error) {
    mech_status status = read_shipped_models(&s->shipped, error);
    if (status != MECH_OK) return status;
    s->n_models = 0;
    const size_t n_shipped = mech_shipped_models_n(s->shipped);
    s->models = calloc(n_shipped ? n_shipped : 1, sizeof *s->models);
    if (!s->models) return mech_fail_memory(error);
    for (int i = 0; i < N_PROTOCOLS; i++) {
        const size_t n_before = s->n_models;
        for (size_t k = 0; k < n_shipped; k++) {
            const mech_shipped_model *m = mech_shipped_models_model(s->shipped, k);
            if (!is_of(m->model, &s->protocols[i])) continue;
            study_model *added = &s->models[s->n_models++];
            added->shipped = m;
            added->protocol = &s->protocols[i];
            added->history = beside(s, m, ".history.csv");
            added->grid = study_text(s, "%s/tables/grid-%s.csv", s->folder, m->name);
        }
        s->protocols[i].left_out = s->protocols[i].is_design && !s->protocols[i].data && s->n_models == n_before;
    }
    if (s->failed) return mech_fail_memory(error);
    if (!s->n_models)
        return mech_fail(error, MECH_INVALID_INPUT, "no model of protocol seed or nature comes with this program");
    return MECH_OK;
}

/* "mechanist evaluate --model M --data D", and what differs from the defaults. */
static void begin_command(const study *s, const study_model *m, text *t) {
    mech_text_add(t, "mechanist evaluate --model");
    add_command_word(t, m->shipped->name);
    mech_text_add(t, " --data");
    add_command_word(t, m->protocol->data);
    if (s->resamples != 1000) mech_text_format(t, " --resamples %llu", (unsigned long long)s->resamples);
    if (s->seed != 1) mech_text_format(t, " --seed %llu", (unsigned long long)s->seed);
}

static prediction_request request_of(const study *s, const study_model *m) {
    return (prediction_request){
        .model = m->shipped->name, .data = m->protocol->data, .split = "test", .seed = s->seed, .threads = s->threads};
}

static mech_evaluate_options judged_as(const study *s) {
    mech_evaluate_options options = mech_evaluate_options_default();
    options.resamples = (size_t)s->resamples;
    options.seed = s->seed;
    options.threads = s->threads;
    return options;
}

/* The object that evaluate --json prints, as a file. */
static mech_status write_cell(const evaluation *e, const char *path, mech_error *error) {
    text t = {0};
    mech_status status = write_evaluation_json(&t, e, error);
    if (status == MECH_OK) status = mech_file_write(path, t.characters, t.length, error);
    mech_text_free(&t);
    return status;
}

static mech_status judge_cell(study *s, study_model *m, size_t number, predictions *p, mech_error *error) {
    const study_cell *cell = &m->protocol->cells[number];
    const mech_evaluate_options options = judged_as(s);
    prediction_request request = request_of(s, m);
    text command = {0};
    request.points = cell->points;
    request.noise = cell->noise / 100;
    const size_t points = cell->points ? cell->points : m->protocol->n_points;
    const char *path = m->protocol->is_design ? study_text(s, "%s/tables/%s.json", s->folder, m->shipped->name)
                                              : study_text(s, "%s/tables/%s-%zu-%g.json", s->folder, m->shipped->name,
                                                           points, cell->noise);
    begin_command(s, m, &command);
    if (cell->points) mech_text_format(&command, " --points %zu", cell->points);
    if (cell->noise > 0) mech_text_format(&command, " --noise %g", cell->noise);
    mech_text_add(&command, " --json");
    m->commands[number] = study_text(s, "%s", command.failed ? "" : command.characters);
    mech_text_free(&command);
    if (s->failed) return mech_fail_memory(error);
    slices parts = {0};
    mech_status status = predictions_judge(&request, &options, p, &m->cells[number], error);
    if (status == MECH_OK) status = find_slices(p, &options, &parts, error);
    const judgement *j = &m->cells[number];
    const evaluation e = {.request = &request,
                          .p = p,
                          .metrics = j->metrics,
                          .lower = j->lower,
                          .upper = j->upper,
                          .resamples = options.resamples,
                          .slices = &parts};
    if (status == MECH_OK) status = write_cell(&e, path, error);
    slices_free(&parts);
    return status;
}

static mech_status judge_cells(study *s, study_model *m, mech_error *error) {
    const prediction_request request = request_of(s, m);
    predictions p;
    mech_status status = predictions_open(&request, &p, error);
    for (size_t i = 0; i < m->protocol->n_cells && status == MECH_OK; i++) {
        status = study_go_on(s, error);
        if (status == MECH_OK) status = judge_cell(s, m, i, &p, error);
    }
    predictions_free(&p);
    return status;
}

/* Which points the samples have: those of the grid beyond are left out. */
static size_t points_there(const study_protocol *p) {
    size_t n = 0;
    while (n < N_GRID_POINTS && grid_points[n] <= (double)p->n_points) n++;
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
    *key =
        study_text(s, "%s %s %016llx %016llx\n", m->grid_command, mech_version(), (unsigned long long)m->protocol->sum,
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
static mech_status judge_grid(study *s, study_model *m, mech_error *error) {
    const size_t n_points = points_there(m->protocol);
    const char *key = NULL;
    text command = {0};
    const grid_request request = {.request = request_of(s, m),
                                  .options = judged_as(s),
                                  .n_points = n_points,
                                  .n_noise = N_GRID_NOISE,
                                  .points = grid_points,
                                  .noise = grid_noise,
                                  .format = GRID_CSV,
                                  .output = m->grid,
                                  .progress = &s->progress};
    begin_command(s, m, &command);
    if (n_points == N_GRID_POINTS) {
        mech_text_add(&command, " --grid");
    } else {
        add_list(&command, " --points ", grid_points, n_points);
        add_list(&command, " --noise ", grid_noise, N_GRID_NOISE);
    }
    mech_text_add(&command, " --csv -o");
    add_command_word(&command, m->grid);
    m->grid_command = study_text(s, "%s", command.failed ? "" : command.characters);
    mech_text_free(&command);
    const char *key_path = study_text(s, "%s/tables/grid-%s.key", s->folder, m->shipped->name);
    mech_status status = s->failed ? mech_fail_memory(error) : identify_grid(s, m, &key, error);
    if (status != MECH_OK || (mech_file_exists(m->grid) && holds_key(key_path, key))) return status;
    status = evaluate_grid(&request, error);
    terminal_progress_end();
    return status == MECH_OK ? mech_file_write(key_path, key, strlen(key), error) : status;
}

mech_status study_judge(study *s, mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t i = 0; i < s->n_models && status == MECH_OK; i++) {
        status = judge_cells(s, &s->models[i], error);
        if (status == MECH_OK && !s->models[i].protocol->is_design) status = judge_grid(s, &s->models[i], error);
    }
    return status;
}

void study_models_free(study *s) {
    for (size_t i = 0; i < s->n_models; i++)
        for (size_t k = 0; k < MOST_CELLS; k++) judgement_free(&s->models[i].cells[k]);
    free(s->models);
    mech_shipped_models_free(s->shipped);
}
