#include "cli/evaluate/evaluation.h"

#include "base/error.h"
#include "base/files/file.h"
#include "base/files/text.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const double grid_points[N_GRID_POINTS] = {2, 3, 4, 6, 8, 10, 15, 20};
const double grid_noise[N_GRID_NOISE] = {0, 0.5, 1, 2, 5};

/* One cell, judged. */
typedef struct cell {
    size_t n, points;
    double noise;        /* in % of [S]0 */
    const char *species; /* what alone was measured; NULL: both */
    judgement of;
} cell;

/* Whether the model has what the figure tells of. */
static bool is_there(const cell *c, const mech_metrics_figure *figure) {
    return !figure->conformal || c->of.metrics->conformal_95.level > 0;
}

static void write_csv_head(text *t, const cell *c) {
    mech_text_format(t, "points,noise%s,n", c->species ? ",species" : "");
    const mech_metrics_figure *figure;
    for (size_t i = 0; (figure = mech_metrics_figure_at(i)); i++) {
        const char *name = figure->name;
        if (!is_there(c, figure)) continue;
        mech_text_format(t, ",%s", name);
        if (c->of.lower) mech_text_format(t, ",%s_low,%s_high", name, name);
    }
    mech_text_add(t, "\n");
}

static void write_csv_cell(text *t, const cell *c) {
    mech_text_format(t, "%zu,", c->points);
    mech_text_number(t, c->noise);
    if (c->species) mech_text_format(t, ",%s", c->species);
    mech_text_format(t, ",%zu", c->n);
    const mech_metrics_figure *figure;
    for (size_t i = 0; (figure = mech_metrics_figure_at(i)); i++) {
        const mech_metrics *const ends[] = {c->of.metrics, c->of.lower, c->of.upper};
        if (!is_there(c, figure)) continue;
        for (int end = 0; end < (c->of.lower ? 3 : 1); end++) {
            mech_text_add(t, ",");
            mech_text_number(t, mech_metrics_value(ends[end], i));
        }
    }
    mech_text_add(t, "\n");
}

static void write_text_head(text *t, const cell *c) {
    mech_text_format(t, "%6s %7s %15s %7s %8s %7s %15s %16s", "points", "noise %",
                     c->of.lower ? "top-1 % (95 %)" : "top-1 %", "top-3 %", "cr.-ent.", "Brier", "95 % set, size",
                     "99 % set, size");
    if (c->of.metrics->conformal_95.level > 0) mech_text_format(t, " %18s", "99 % conf., size");
    mech_text_format(t, " %7s\n", "ECE %");
}

static void write_set(text *t, const mech_credible_metrics *set, int width) {
    char words[48];
    snprintf(words, sizeof words, "%.2f, %.2f", 100 * set->coverage, set->mean_size);
    mech_text_format(t, " %*s", width, words);
}

static void write_text_cell(text *t, const cell *c) {
    const mech_metrics *m = c->of.metrics;
    char top1[48];
    snprintf(top1, sizeof top1, "%.2f", 100 * m->top1);
    if (c->of.lower)
        snprintf(top1, sizeof top1, "%.1f (%.1f-%.1f)", 100 * m->top1, 100 * c->of.lower->top1,
                 100 * c->of.upper->top1);
    mech_text_format(t, "%6zu %7g %15s %7.2f %8.4f %7.4f", c->points, c->noise, top1, 100 * m->top3, m->cross_entropy,
                     m->brier);
    write_set(t, &m->credible_95, 15);
    write_set(t, &m->credible_99, 16);
    if (m->conformal_99.level > 0) write_set(t, &m->conformal_99, 18);
    mech_text_format(t, " %7.2f\n", 100 * m->expected_calibration_error);
}

static json_t *describe_cell(const cell *c) {
    json_t *object =
        json_pack("{s:I, s:f, s:I}", "points", (json_int_t)c->points, "noise", c->noise, "n", (json_int_t)c->n);
    json_t *intervals = json_object();
    if (c->species) json_object_set_new(object, "species", json_string(c->species));
    const mech_metrics_figure *figure;
    for (size_t i = 0; (figure = mech_metrics_figure_at(i)); i++) {
        if (!is_there(c, figure)) continue;
        json_object_set_new(object, figure->name, json_real(mech_metrics_value(c->of.metrics, i)));
        if (c->of.lower)
            json_object_set_new(
                intervals, figure->name,
                json_pack("[f, f]", mech_metrics_value(c->of.lower, i), mech_metrics_value(c->of.upper, i)));
    }
    if (c->of.lower) json_object_set(object, "intervals", intervals);
    json_decref(intervals);
    return object;
}

/* The table's first part, each cell as it is judged, and the rest. */
static mech_status write_json(text *t, const grid_request *r, const predictions *p, json_t *cells, mech_error *error) {
    json_t *object = json_pack("{s:s, s:s, s:b, s:b, s:I, s:O}", "model", p->model_path, "split", r->request.split,
                               "calibrated", (int)r->request.calibrated, "fits", (int)r->request.fits, "resamples",
                               (json_int_t)r->options.resamples, "cells", cells);
    char *dump = object ? json_dumps(object, JSON_REAL_PRECISION(17)) : NULL;
    json_decref(object);
    if (!dump) return mech_fail_memory(error);
    mech_text_add(t, dump);
    mech_text_add(t, "\n");
    mech_free(dump);
    return MECH_OK;
}

static mech_status judge_cell(const grid_request *r, prediction_request *request, predictions *p, cell *c,
                              mech_error *error) {
    mech_status status = predictions_judge(request, &r->options, p, &c->of, error);
    if (status != MECH_OK) return status;
    c->n = p->n;
    c->points = p->samples ? p->samples->n_times - 1 : 0;
    c->noise = 100 * request->noise;
    c->species = request->species;
    return MECH_OK;
}

/* Writes a cell into the table, with the table's head before the first. */
static void add_cell(const grid_request *r, const cell *c, bool first, text *t, json_t *cells) {
    if (r->format == GRID_JSON) {
        json_array_append_new(cells, describe_cell(c));
    } else if (r->format == GRID_CSV) {
        if (first) write_csv_head(t, c);
        write_csv_cell(t, c);
    } else {
        if (first) write_text_head(t, c);
        write_text_cell(t, c);
    }
}

/* Tells the progress object, if there is one, that n cells are done, and asks whether to go on. */
static mech_status tell_of_cell(const grid_request *r, size_t n, mech_error *error) {
    if (!r->progress) return MECH_OK;
    if (r->progress->report)
        r->progress->report(r->progress->context, "judging", (double)n, (double)(r->n_points * r->n_noise),
                            r->request.model ? r->request.model : "");
    if (r->progress->should_stop && r->progress->should_stop(r->progress->context))
        return mech_fail(error, MECH_STOPPED, "stopped at cell %zu of %zu", n, r->n_points * r->n_noise);
    return MECH_OK;
}

mech_status evaluate_grid(const grid_request *r, mech_error *error) {
    prediction_request request = r->request;
    predictions p;
    text t = {0};
    json_t *cells = json_array();
    mech_status status = predictions_open(&request, &p, error);
    grid_request with = *r;
    if (status == MECH_OK) predictions_add_conformal(&request, &p, &with.options);
    for (size_t i = 0; i < r->n_points * r->n_noise && status == MECH_OK; i++) {
        cell c = {0};
        request.points = (size_t)r->points[i / r->n_noise];
        /* Division keeps what the user wrote: 0.5 % is 0.5 / 100. */
        request.noise = r->noise[i % r->n_noise] / 100;
        status = judge_cell(&with, &request, &p, &c, error);
        if (status == MECH_OK) {
            c.noise = r->noise[i % r->n_noise];
            add_cell(r, &c, i == 0, &t, cells);
        }
        judgement_free(&c.of);
        if (status == MECH_OK) status = tell_of_cell(r, i + 1, error);
    }
    if (status == MECH_OK && r->format == GRID_JSON) status = write_json(&t, r, &p, cells, error);
    if (status == MECH_OK && t.failed) status = mech_fail_memory(error);
    if (status == MECH_OK) status = mech_file_write(r->output ? r->output : "-", t.characters, t.length, error);
    json_decref(cells);
    mech_text_free(&t);
    predictions_free(&p);
    return status;
}
