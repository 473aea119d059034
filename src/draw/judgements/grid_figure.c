#include "draw/judgements/judgement_figures.h"

#include "draw/canvas/colour_scale.h"
#include "draw/canvas/lettering.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double CELL_WIDTH = 58, CELL_HEIGHT = 30, MARGIN = 24, LEFT = 74, HEAD = 66, SCALE_WIDTH = 14;

/* What the values span: the ends of the scale. */
typedef struct span {
    double low, high;
} span;

static span find_span(const figure_grid *g) {
    span s = {INFINITY, -INFINITY};
    for (size_t i = 0; i < g->n_points * g->n_noise; i++) {
        if (!isfinite(g->values[i])) continue;
        s.low = fmin(s.low, g->values[i]);
        s.high = fmax(s.high, g->values[i]);
    }
    return s;
}

static double depth_of(const span *s, double value) {
    return s->high > s->low ? 0.08 + 0.92 * (value - s->low) / (s->high - s->low) : 0.5;
}

static void write_value(double value, bool is_share, char *words, size_t room) {
    if (is_share)
        snprintf(words, room, "%.1f", 100 * value);
    else
        snprintf(words, room, fabs(value) < 10 ? "%.3f" : "%.1f", value);
}

static void draw_cell(canvas *c, const span *s, double value, bool is_share, box b) {
    const stroke rim = {WHITE, 0.8, 0};
    const double depth = isfinite(value) ? depth_of(s, value) : 0;
    const colour fill = isfinite(value) ? mech_tint(BLUE, depth) : PALE;
    char words[32] = "\xE2\x80\x93";
    if (isfinite(value)) write_value(value, is_share, words, sizeof words);
    mech_draw_rectangle(c, b, 0, &fill, &rim);
    mech_write_words(c, (point){(b.left + b.right) / 2, (b.top + b.bottom) / 2 + 3.2}, words,
                     (lettering){9, depth > 0.65 ? WHITE : INK, ALIGN_CENTRE, false, false});
}

static void draw_scale(canvas *c, const span *s, bool is_share, box b) {
    const lettering small = {8, INK, ALIGN_LEFT, false, false};
    const double ends[2] = {s->high, s->low}, at[2] = {b.top + 6, b.bottom};
    char words[32];
    mech_draw_colour_scale(c, b, depth_of(s, s->low), depth_of(s, s->high));
    for (int i = 0; i < 2; i++) {
        write_value(ends[i], is_share, words, sizeof words);
        mech_write_words(c, (point){b.right + 5, at[i]}, words, small);
    }
}

mech_status mech_draw_figure_grid(const figure_grid *g, const char *title, const char *unit,
                                  const mech_picture_target *target, mech_error *error) {
    const lettering numbers = {8.5, INK, ALIGN_CENTRE, false, false}, axis = {9.5, INK, ALIGN_CENTRE, false, false};
    const double width = (double)g->n_points * CELL_WIDTH, height = (double)g->n_noise * CELL_HEIGHT;
    const double right = LEFT + width, bottom = HEAD + height;
    const span s = find_span(g);
    const bool is_share = strcmp(unit, "%") == 0;
    canvas *c = NULL;
    char words[64];
    mech_status status = mech_canvas_open(target, fmax(right + 84, 380), bottom + 58, title, &c, error);
    if (status != MECH_OK) return status;
    mech_write_words(c, (point){MARGIN, MARGIN + 8}, title, (lettering){12, INK, ALIGN_LEFT, true, false});
    if (*unit) {
        snprintf(words, sizeof words, "in %s", unit);
        mech_write_words(c, (point){MARGIN, MARGIN + 24}, words, (lettering){8.5, GREY, ALIGN_LEFT, false, false});
    }
    for (size_t j = 0; j < g->n_noise; j++) {
        /* The least noise stands at the bottom, as on an axis. */
        const double top = bottom - (double)(j + 1) * CELL_HEIGHT;
        snprintf(words, sizeof words, "%.3g", g->noise[j]);
        mech_write_words(c, (point){LEFT - 7, top + CELL_HEIGHT / 2 + 3}, words,
                         (lettering){8.5, INK, ALIGN_RIGHT, false, false});
        for (size_t i = 0; i < g->n_points; i++) {
            const double left = LEFT + (double)i * CELL_WIDTH;
            draw_cell(c, &s, g->values[i * g->n_noise + j], is_share,
                      (box){left, top, left + CELL_WIDTH, top + CELL_HEIGHT});
        }
    }
    for (size_t i = 0; i < g->n_points; i++) {
        snprintf(words, sizeof words, "%.4g", g->points[i]);
        mech_write_words(c, (point){LEFT + ((double)i + 0.5) * CELL_WIDTH, bottom + 14}, words, numbers);
    }
    mech_write_words(c, (point){(LEFT + right) / 2, bottom + 36}, "points after t = 0", axis);
    mech_write_upwards(c, (point){MARGIN + 8, (HEAD + bottom) / 2}, "noise / % of [S]_{0}", axis);
    if (isfinite(s.low)) draw_scale(c, &s, is_share, (box){right + 18, HEAD, right + 18 + SCALE_WIDTH, bottom});
    return mech_canvas_close(c, error);
}

mech_status mech_draw_grid(const mech_grid *grid, const char *figure, const mech_picture_target *target,
                           mech_error *error) {
    const int number = mech_metrics_figure_find(figure);
    if (number < 0) return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no figure '%.32s' of a grid", figure);
    const mech_metrics_figure *shown = mech_metrics_figure_at((size_t)number);
    const figure_grid one = {grid->n_points, grid->n_noise, grid->points, grid->noise, grid->values[number]};
    char title[96];
    snprintf(title, sizeof title, "%c%s", toupper((unsigned char)shown->title[0]), shown->title + 1);
    return mech_draw_figure_grid(&one, title, shown->unit, target, error);
}
