/* A model judged at each number of points with each noise, as one table. */
#include "study/judgement/judgement.h"

#include "base/error.h"
#include "base/interface.h"
#include "base/page/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const double mech_grid_points[N_GRID_POINTS] = {2, 3, 4, 6, 8, 10, 15, 20};
const double mech_grid_noise[N_GRID_NOISE] = {0, 0.5, 1, 2, 5};

/* One cell, judged. */
typedef struct cell {
    size_t n, points;
    double noise;        /* in % of [S]0 */
    const char *species; /* what alone was measured; NULL: both */
    const mech_judgement *of;
} cell;

/* What is judged, and how. */
typedef struct work {
    mech_predictions *p;
    mech_prediction_options options;
    mech_evaluate_options judged;
    mech_grid_lists lists;
    mech_table_format format;
    const mech_progress *progress;
} work;

/* Whether the model has what the figure tells of. */
static bool is_there(const cell *c, const mech_metrics_figure *figure) {
    return !figure->conformal || c->of->metrics->conformal_95.level > 0;
}

static void write_csv_head(text *t, const cell *c) {
    mech_text_format(t, "points,noise%s,n", c->species ? ",species" : "");
    const mech_metrics_figure *figure;
    for (size_t i = 0; (figure = mech_metrics_figure_at(i)); i++) {
        const char *name = figure->name;
        if (!is_there(c, figure)) continue;
        mech_text_format(t, ",%s", name);
        if (c->of->lower) mech_text_format(t, ",%s_low,%s_high", name, name);
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
        const mech_metrics *const ends[] = {c->of->metrics, c->of->lower, c->of->upper};
        if (!is_there(c, figure)) continue;
        for (int end = 0; end < (c->of->lower ? 3 : 1); end++) {
            mech_text_add(t, ",");
            mech_text_number(t, mech_metrics_value(ends[end], i));
        }
    }
    mech_text_add(t, "\n");
}

static void write_text_head(text *t, const cell *c) {
    mech_text_format(t, "%6s %7s %15s %7s %8s %7s %15s %16s", "points", "noise %",
                     c->of->lower ? "top-1 % (95 %)" : "top-1 %", "top-3 %", "cr.-ent.", "Brier", "95 % set, size",
                     "99 % set, size");
    if (c->of->metrics->conformal_95.level > 0) mech_text_format(t, " %18s", "99 % conf., size");
    mech_text_format(t, " %7s\n", "ECE %");
}

static void write_set(text *t, const mech_credible_metrics *set, int width) {
    char words[48];
    snprintf(words, sizeof words, "%.2f, %.2f", 100 * set->coverage, set->mean_size);
    mech_text_format(t, " %*s", width, words);
}

static void write_text_cell(text *t, const cell *c) {
    const mech_metrics *m = c->of->metrics;
    char top1[48];
    snprintf(top1, sizeof top1, "%.2f", 100 * m->top1);
    if (c->of->lower)
        snprintf(top1, sizeof top1, "%.1f (%.1f-%.1f)", 100 * m->top1, 100 * c->of->lower->top1,
                 100 * c->of->upper->top1);
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
        json_object_set_new(object, figure->name, json_real(mech_metrics_value(c->of->metrics, i)));
        if (c->of->lower)
            json_object_set_new(
                intervals, figure->name,
                json_pack("[f, f]", mech_metrics_value(c->of->lower, i), mech_metrics_value(c->of->upper, i)));
    }
    if (c->of->lower) json_object_set(object, "intervals", intervals);
    json_decref(intervals);
    return object;
}

/* The table's first part, each cell as it is judged, and the rest. */
static mech_status write_json(text *t, const work *w, json_t *cells, mech_error *error) {
    json_t *object = json_pack("{s:s, s:s, s:b, s:b, s:I, s:O}", "model", w->p->model_path, "split", w->options.split,
                               "calibrated", (int)w->options.calibrated, "fits", (int)w->options.fits, "resamples",
                               (json_int_t)w->judged.resamples, "cells", cells);
    return mech_text_json(t, object, 17, error);
}

/* Writes a cell into the table, with the table's head before the first. */
static void add_cell(const work *w, const cell *c, bool first, text *t, json_t *cells) {
    if (w->format == MECH_TABLE_JSON) {
        json_array_append_new(cells, describe_cell(c));
    } else if (w->format == MECH_TABLE_CSV) {
        if (first) write_csv_head(t, c);
        write_csv_cell(t, c);
    } else {
        if (first) write_text_head(t, c);
        write_text_cell(t, c);
    }
}

/* Tells the progress object, if there is one, that n cells are done, and asks whether to go on. */
static mech_status tell_of_cell(const work *w, size_t n, size_t n_cells, mech_error *error) {
    if (!w->progress) return MECH_OK;
    if (w->progress->report)
        w->progress->report(w->progress->context, "judging", (double)n, (double)n_cells,
                            w->options.model ? w->options.model : "");
    if (w->progress->should_stop && w->progress->should_stop(w->progress->context))
        return mech_fail(error, MECH_STOPPED, "stopped at cell %zu of %zu", n, n_cells);
    return MECH_OK;
}

static mech_status judge_cells(work *w, text *t, json_t *cells, mech_error *error) {
    const size_t n_noise = w->lists.n_noise, n_cells = w->lists.n_points * n_noise;
    mech_status status = MECH_OK;
    for (size_t i = 0; i < n_cells && status == MECH_OK; i++) {
        mech_judgement *j = NULL;
        const double noise = w->lists.noise[i % n_noise];
        w->options.points = (size_t)w->lists.points[i / n_noise];
        /* Division keeps what the user wrote: 0.5 % is 0.5 / 100. */
        w->options.noise = noise / 100;
        status = mech_predictions_judge(w->p, &w->options, &w->judged, NULL, &j, error);
        if (status == MECH_OK) {
            const cell c = {.n = w->p->n,
                            .points = w->p->samples ? w->p->samples->n_times - 1 : 0,
                            .noise = noise,
                            .species = w->options.species,
                            .of = j};
            add_cell(w, &c, i == 0, t, cells);
        }
        mech_judgement_free(j);
        if (status == MECH_OK) status = tell_of_cell(w, i + 1, n_cells, error);
    }
    return status;
}

static mech_status check_lists(const mech_grid_lists *lists, mech_error *error) {
    for (size_t i = 0; i < lists->n_points; i++)
        if (!(lists->points[i] >= 0 && lists->points[i] <= 1e6 && lists->points[i] == rint(lists->points[i])))
            return mech_fail(error, MECH_INVALID_ARGUMENT, "points are %g; expected whole numbers from 0 on",
                             lists->points[i]);
    for (size_t i = 0; i < lists->n_noise; i++)
        if (!(lists->noise[i] >= 0 && lists->noise[i] <= 100))
            return mech_fail(error, MECH_INVALID_ARGUMENT, "noise is %g %%; expected 0 to 100", lists->noise[i]);
    return MECH_OK;
}

mech_status mech_predictions_grid(mech_predictions *p, const mech_prediction_options *options,
                                  const mech_evaluate_options *judged, const mech_grid_lists *lists,
                                  mech_table_format format, const mech_progress *progress, char **table,
                                  mech_error *error) {
    work w = {.p = p,
              .judged = mech_evaluate_options_default(),
              .lists = {.size = sizeof w.lists},
              .format = format,
              .progress = progress};
    text t = {0};
    *table = NULL;
    mech_status status = mech_take_prediction_options(options, &w.options, error);
    if (status == MECH_OK)
        status = mech_take_options(&w.judged, sizeof w.judged, judged, "mech_evaluate_options", error);
    if (status == MECH_OK) status = mech_take_options(&w.lists, sizeof w.lists, lists, "mech_grid_lists", error);
    if (status != MECH_OK) return status;
    if (!w.lists.n_points) {
        w.lists.n_points = N_GRID_POINTS;
        w.lists.points = mech_grid_points;
    }
    if (!w.lists.n_noise) {
        w.lists.n_noise = N_GRID_NOISE;
        w.lists.noise = mech_grid_noise;
    }
    status = check_lists(&w.lists, error);
    if (status != MECH_OK) return status;
    json_t *cells = json_array();
    status = judge_cells(&w, &t, cells, error);
    if (status == MECH_OK && format == MECH_TABLE_JSON) status = write_json(&t, &w, cells, error);
    if (status == MECH_OK)
        status = mech_text_take(&t, table, error);
    else
        mech_text_free(&t);
    json_decref(cells);
    return status;
}
