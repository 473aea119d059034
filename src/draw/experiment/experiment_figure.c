/* Measured runs and the answer to them. */
#include "base/memory.h"
#include "draw/axes/axes.h"
#include "draw/axes/legend.h"
#include "draw/canvas/notation.h"
#include "draw/experiment/ranking.h"
#include "draw/mechanism/diagram.h"
#include "experiment/runs/experiment.h"
#include "experiment/view/ends.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double MARGIN = 22, LEFT = 50, PANEL_WIDTH = 300, PANEL_HEIGHT = 168, PANEL_GAP = 18, HEAD = 46;
static const double RANKING_WIDTH = 300, COLUMN_GAP = 44, LEGEND_ROW = 14, LEAST_DIAGRAM = 130, NOTE_SIZE = 7.8;

enum { MOST_LISTED = 16 };

typedef struct figure {
    const mech_experiment *experiment;
    const mech_answer *answer; /* NULL: none */
    canvas *c;
    double *times, *values; /* room for the longest run */
    double legend_top, notes_top;
} figure;

static const char *file_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static size_t longest_run(const mech_experiment *e) {
    size_t longest = 1;
    for (size_t i = 0; i < e->n_runs; i++)
        if (e->runs[i].n_readings > longest) longest = e->runs[i].n_readings;
    return longest;
}

typedef double (*quantity)(const mech_run *run, size_t point);

/* One panel with a quantity of all runs: points that were measured filled, those from the mass balance hollow. */
static void draw_quantity(figure *f, box frame, quantity at, bool substrate, const char *name, bool last) {
    const mech_experiment *e = f->experiment;
    char x_title[64], y_title[64];
    range times = EMPTY_RANGE, values = EMPTY_RANGE;
    for (size_t i = 0; i < e->n_runs; i++)
        for (size_t j = 0; j < e->runs[i].n_readings; j++) {
            mech_range_include(&times, e->runs[i].time[j]);
            if (!isnan(at(&e->runs[i], j))) mech_range_include(&values, at(&e->runs[i], j));
        }
    mech_axis_title("time", e->time_unit, x_title, sizeof x_title);
    mech_axis_title(name, e->concentration_unit, y_title, sizeof y_title);
    const panel p = {.frame = frame,
                     .x = mech_range_from_zero(times),
                     .y = mech_range_from_zero(values),
                     .x_title = last ? x_title : NULL,
                     .y_title = y_title,
                     .hide_x_numbers = !last};
    mech_draw_panel(f->c, &p);
    for (size_t i = 0; i < e->n_runs; i++) {
        const mech_run *run = &e->runs[i];
        bool measured = substrate ? run->substrate != NULL : run->product != NULL;
        colour ink = mech_series_colour(i);
        size_t n = 0; /* readings that have the quantity */
        for (size_t j = 0; j < run->n_readings; j++) {
            const double value = at(run, j);
            if (isnan(value)) continue;
            f->times[n] = run->time[j];
            f->values[n++] = value;
        }
        mech_draw_series_line(f->c, &p, n, f->times, f->values, (stroke){mech_tint(ink, 0.35), 0.8, 0});
        mech_draw_series_markers(f->c, &p, n, f->times, f->values, mech_series_marker(i), mech_marker_radius(n), ink,
                                 !measured);
    }
}

/* Adds what a species starts with to words[room], unless the line would get wider than `width`: then three dots stand
 * for this and all further ones, and false is returned. */
static bool add_start(canvas *c, char *words, size_t room, const char *species, double start, const char *unit,
                      lettering letters, double width) {
    char part[160];
    const size_t n = strlen(words);
    snprintf(part, sizeof part, ",  [%s]_{0} = %s%s%s", species, mech_set_number(start, 3).words, *unit ? " " : "",
             unit);
    if (n + strlen(part) + 8 > room) return false;
    memcpy(words + n, part, strlen(part) + 1);
    if (mech_words_width(c, words, letters) <= width) return true;
    snprintf(words + n, room - n, " \xE2\x80\xA6");
    return false;
}

/* "run 2:  cat 1.5 mol %, [S]0 = 0.6 M, [P]0 = 0.1 M" */
static void describe_run(canvas *c, const mech_experiment *e, const mech_run *run, lettering letters, double width,
                         char *words, size_t room) {
    const char *unit = e->concentration_unit;
    snprintf(words, room, "%s%.40s:  cat %s mol %%", isdigit((unsigned char)run->name[0]) ? "run " : "", run->name,
             mech_set_number(100 * run->cat0 / run->s0, 3).words);
    bool more = add_start(c, words, room, "S", run->s0, unit, letters, width);
    if (more && run->p0 > 0) more = add_start(c, words, room, "P", run->p0, unit, letters, width);
    for (size_t i = 0; i < run->n_reactants && more; i++)
        if (run->reactants[i].start > 0)
            more = add_start(c, words, room, mech_set_species(run->reactants[i].species).words, run->reactants[i].start,
                             unit, letters, width);
}

static bool any_derived(const mech_experiment *e) {
    for (size_t i = 0; i < e->n_runs; i++)
        if (!e->runs[i].substrate || !e->runs[i].product) return true;
    return false;
}

/* Runs that the legend lists one by one. */
static size_t runs_listed(const mech_experiment *e) { return e->n_runs < MOST_LISTED ? e->n_runs : MOST_LISTED; }

static size_t legend_rows(const mech_experiment *e) {
    return runs_listed(e) + (runs_listed(e) < e->n_runs) + any_derived(e);
}

static void draw_legend(figure *f, double left) {
    const lettering letters = {8.5, INK, ALIGN_LEFT, false, false};
    double y = f->legend_top;
    char words[256];
    size_t n_listed = runs_listed(f->experiment);
    for (size_t i = 0; i < n_listed; i++, y += LEGEND_ROW) {
        describe_run(f->c, f->experiment, &f->experiment->runs[i], letters, PANEL_WIDTH, words, sizeof words);
        mech_draw_legend_entry(f->c, (point){left, y},
                               &(legend_entry){words, mech_series_colour(i), mech_series_marker(i), 0});
    }
    if (n_listed < f->experiment->n_runs) {
        snprintf(words, sizeof words, "and %zu more runs", f->experiment->n_runs - n_listed);
        mech_write_words(f->c, (point){left + 26, y}, words, letters);
        y += LEGEND_ROW;
    }
    if (!any_derived(f->experiment)) return;
    mech_draw_marker(f->c, MARKER_CIRCLE, (point){left + 4, y - 3}, 2.6, GREY, false);
    mech_draw_marker(f->c, MARKER_CIRCLE, (point){left + 14, y - 3}, 2.6, GREY, true);
    mech_write_words(f->c, (point){left + 26, y}, "filled: measured;  hollow: from the mass balance",
                     (lettering){8.5, GREY, ALIGN_LEFT, false, false});
}

/* How many of the warnings put the answer in doubt; these come first. */
static size_t count_doubts(const figure *f) { return f->answer ? f->answer->n_doubts : 0; }

static size_t count_warnings(const figure *f) { return f->answer ? f->answer->n_warnings : f->experiment->warnings.n; }

/* Warnings first to end - 1, a paragraph each; returns the height. */
static double write_notes(figure *f, canvas *c, point at, double width, lettering letters, size_t first, size_t end,
                          bool measure_only) {
    const mech_answer *a = f->answer;
    size_t n_lines = 0;
    for (size_t i = first; i < end; i++) {
        const char *sentence = a ? a->warnings[i] : f->experiment->warnings.sentences[i];
        char words[600];
        snprintf(words, sizeof words, "\xE2\x80\xA2 %.580s", sentence);
        n_lines += mech_write_paragraph(c, (point){at.x, at.y + (double)n_lines * mech_line_height(letters)}, words,
                                        letters, width, 4, measure_only);
    }
    return (double)n_lines * mech_line_height(letters);
}

/* The diagram of the most probable mechanism in what room the ranking leaves. */
static mech_status draw_first(canvas *c, const mech_ranked *first, box frame, mech_error *error) {
    const lettering heading = {9, INK, ALIGN_LEFT, true, false};
    char words[64];
    if (!first->mechanism || frame.bottom - frame.top < LEAST_DIAGRAM) return MECH_OK;
    mechanism_layout *layout = calloc(1, sizeof *layout);
    if (!layout) return mech_fail_memory(error);
    mech_lay_out_mechanism(first->mechanism, c, layout);
    const box b = layout->bounds;
    frame.top += 16;
    double scale = fmin(
        0.9, fmin((frame.right - frame.left) / (b.right - b.left), (frame.bottom - frame.top) / (b.bottom - b.top)));
    snprintf(words, sizeof words, "The most probable: %.32s", first->id);
    mech_write_words(c, (point){frame.left, frame.top - 8}, words, heading);
    mech_canvas_begin(
        c, (point){(frame.left + frame.right) / 2 - scale * (b.left + b.right) / 2, frame.top + 6 - scale * b.top},
        scale, NULL);
    mech_draw_layout(c, first->mechanism, layout);
    mech_canvas_end(c);
    free(layout);
    return MECH_OK;
}

static mech_status draw_answer(figure *f, double left, mech_error *error) {
    const lettering heading = {10.5, INK, ALIGN_LEFT, true, false}, small = {8, GREY, ALIGN_LEFT, false, false};
    const mech_answer *a = f->answer;
    char words[160];
    mech_write_words(f->c, (point){left, HEAD + 10}, "Ranked mechanisms", heading);
    snprintf(words, sizeof words, "in blue: the %g %% credible set (%zu mechanism%s)", 100 * a->credible_level,
             a->credible_size, a->credible_size == 1 ? "" : "s");
    mech_write_words(f->c, (point){left, HEAD + 24}, words, small);
    double used = mech_draw_ranking(f->c, a, (box){left, HEAD + 32, left + RANKING_WIDTH, f->notes_top - 26});
    snprintf(words, sizeof words, "answered by: %.120s", a->model ? a->model : "not named");
    mech_write_words(f->c, (point){left, HEAD + 32 + used + 14}, words, small);
    return draw_first(f->c, &a->ranked[0], (box){left, HEAD + 32 + used + 34, left + RANKING_WIDTH, f->notes_top - 14},
                      error);
}

mech_status mech_draw_experiment(const mech_experiment *experiment, const mech_answer *answer,
                                 const mech_picture_target *target, mech_error *error) {
    figure f = {.experiment = experiment, .answer = answer};
    canvas *measure = NULL;
    char title[256];
    const double panels_bottom = HEAD + 2 * PANEL_HEIGHT + PANEL_GAP;
    double width = MARGIN + LEFT + PANEL_WIDTH + MARGIN;
    if (answer) width += COLUMN_GAP + RANKING_WIDTH - 6;
    f.legend_top = panels_bottom + 54;
    f.notes_top = f.legend_top + LEGEND_ROW * (double)legend_rows(experiment) + 8;
    f.values = mech_allocate_array(2 * longest_run(experiment), sizeof *f.values);
    if (!f.values) return mech_fail_memory(error);
    f.times = f.values + longest_run(experiment);
    mech_status status = mech_canvas_open_measure(&measure, error);
    if (status != MECH_OK) goto cleanup;
    const size_t n_doubts = count_doubts(&f), n_warnings = count_warnings(&f);
    const lettering small = {NOTE_SIZE, GREY, ALIGN_LEFT, false, false}, doubts = {9, INK, ALIGN_LEFT, true, false};
    const double inner = width - 2 * MARGIN;
    const double doubts_height = write_notes(&f, measure, (point){0, 0}, inner, doubts, 0, n_doubts, true);
    const double notes_height = write_notes(&f, measure, (point){0, 0}, inner, small, n_doubts, n_warnings, true);
    snprintf(title, sizeof title, "%.200s", file_name(experiment->source));
    status = mech_canvas_open(target, width, doubts_height + f.notes_top + notes_height + MARGIN, title, &f.c, error);
    if (status != MECH_OK) goto cleanup;
    mech_write_words(f.c, (point){MARGIN, MARGIN + 8}, title, (lettering){12, INK, ALIGN_LEFT, true, false});
    /* What puts the answer in doubt stands above everything else, which moves down. */
    if (n_doubts) {
        write_notes(&f, f.c, (point){MARGIN, MARGIN + 26}, inner, doubts, 0, n_doubts, false);
        mech_canvas_begin(f.c, (point){0, doubts_height}, 1, NULL);
    }
    const double left = MARGIN + LEFT, right = left + PANEL_WIDTH;
    draw_quantity(&f, (box){left, HEAD, right, HEAD + PANEL_HEIGHT}, mech_substrate_at, true, "[S]", false);
    draw_quantity(&f, (box){left, HEAD + PANEL_HEIGHT + PANEL_GAP, right, panels_bottom}, mech_product_at, false, "[P]",
                  true);
    draw_legend(&f, left - 10);
    if (answer) status = draw_answer(&f, right + COLUMN_GAP, error);
    if (status != MECH_OK) {
        mech_canvas_discard(f.c);
        goto cleanup;
    }
    write_notes(&f, f.c, (point){MARGIN, f.notes_top + 10}, inner, small, n_doubts, n_warnings, false);
    if (n_doubts) mech_canvas_end(f.c);
    status = mech_canvas_close(f.c, error);
cleanup:
    mech_canvas_discard(measure);
    mech_release_array(f.values);
    return status;
}
