#include "draw/samples/sample_figures.h"

#include "base/error.h"
#include "base/memory.h"
#include "draw/axes/density.h"
#include "draw/canvas/colour_scale.h"
#include "draw/mechanism/diagram.h"
#include "draw/samples/theta_marginal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PAIR_BINS = 24, N_SHADES = 16 };

static const double MARGIN = 24, LEFT = 72, HEAD = 70, FOOT = 66, CELL = 84, GAP = 8, SCALE_WIDTH = 12,
                    SCALE_HEIGHT = 84, VALUES_WIDTH = 190;

/* The densities of all pairs, in units of that of the prior (of a uniform one where that is not known). */
typedef struct pair_maps {
    size_t n_k;
    double *density; /* [n_k][n_k][PAIR_BINS][PAIR_BINS]: of row above column, y above x; rows after columns alone */
    double highest;
} pair_maps;

static double *map_of(const pair_maps *maps, size_t row, size_t column) {
    return maps->density + (row * maps->n_k + column) * PAIR_BINS * PAIR_BINS;
}

static void count_pair(const accepted_thetas *t, const theta_marginal *m, size_t row, size_t column, double *map) {
    for (size_t i = 0; i < t->n; i++) {
        const int x = mech_bin_of(m[column].logs, PAIR_BINS, log10(t->k[i * t->n_k + column]));
        const int y = mech_bin_of(m[row].logs, PAIR_BINS, log10(t->k[i * t->n_k + row]));
        if (x >= 0 && y >= 0) map[y * PAIR_BINS + x] += (double)(PAIR_BINS * PAIR_BINS) / (double)t->n;
    }
}

/* The square root shows low densities, too; a few shades, so that neighbours share one. */
static int shade_of(const pair_maps *maps, double density) {
    return (int)ceil(N_SHADES * sqrt(density / maps->highest) - 1e-9);
}

/* Bins of one shade that stand side by side are one rectangle; each reaches a little below those to the right and
 * beneath, which cover it: no seams show. */
static void draw_map(canvas *c, const pair_maps *maps, const double *map, box frame) {
    const double side = CELL / PAIR_BINS, overlap = 0.3;
    mech_canvas_begin(c, (point){0, 0}, 1, &frame);
    for (size_t row = 0; row < PAIR_BINS; row++) {
        const double *densities = map + (PAIR_BINS - 1 - row) * PAIR_BINS;
        const double top = frame.top + (double)row * side;
        for (size_t first = 0, end; first < PAIR_BINS; first = end) {
            const int shade = shade_of(maps, densities[first]);
            for (end = first + 1; end < PAIR_BINS && shade_of(maps, densities[end]) == shade;) end++;
            const colour fill = mech_tint(BLUE, (double)shade / N_SHADES);
            mech_draw_rectangle(c,
                                (box){frame.left + (double)first * side, top, frame.left + (double)end * side + overlap,
                                      top + side + overlap},
                                0, &fill, NULL);
        }
    }
    mech_canvas_end(c);
}

static box cell_box(size_t row, size_t column) {
    const double left = LEFT + (double)column * (CELL + GAP), top = HEAD + (double)row * (CELL + GAP);
    return (box){left, top, left + CELL, top + CELL};
}

/* Median and interval of a rate constant as lines in its cell, and in words beside it. */
static void draw_quantity(canvas *c, const accepted_thetas *t, const panel *p, size_t constant) {
    const mech_quantity *q = &t->quantities[constant];
    const double at[] = {q->interval.low, q->interval.value, q->interval.high};
    const lettering value = {8.5, INK, ALIGN_LEFT, false, false}, verdict = {8, GREY, ALIGN_LEFT, false, false};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        const double x = log10(at[i]);
        if (isfinite(x) && x >= p->x.low && x <= p->x.high)
            mech_draw_line(c, mech_panel_point(p, x, 0), mech_panel_point(p, x, p->y.high),
                           (stroke){INK, 0.8, i == 1 ? 0 : 2});
    }
    const double left = p->frame.right + 10, top = p->frame.top + 24;
    mech_write_words(c, (point){left, top}, t->values[constant].words, value);
    mech_write_words(c, (point){left, top + 12}, mech_verdict_name(q->verdict), verdict);
}

/* The frame of a cell with ticks, numbers where it stands at the left or at the bottom, and what stands there. */
static void draw_cell(canvas *c, const accepted_thetas *t, const pair_maps *maps, const theta_marginal *m, size_t row,
                      size_t column, double highest) {
    const colour ink = mech_class_colour(mech_mechanism_class(t->mechanism));
    const stroke rim = {GREY, 0.8, 0};
    panel p = {.frame = cell_box(row, column),
               .x = m[column].logs,
               .y = row == column ? (range){0, highest} : m[row].logs,
               .x_kind = AXIS_LOGARITHMIC,
               .y_kind = row == column || column ? AXIS_BARE : AXIS_LOGARITHMIC,
               .x_title = row + 1 == maps->n_k ? m[column].name.words : NULL,
               .y_title = column == 0 && row ? m[row].name.words : NULL,
               .hide_x_numbers = row + 1 < maps->n_k};
    mech_draw_panel(c, &p);
    if (row == column) {
        mech_draw_marginal(c, &p, &m[row], ink);
        if (t->quantities)
            draw_quantity(c, t, &p, row);
        else
            mech_write_words(c, (point){p.frame.left + 5, p.frame.top + 9}, m[row].name.words,
                             (lettering){9, INK, ALIGN_LEFT, false, false});
        return;
    }
    draw_map(c, maps, map_of(maps, row, column), p.frame);
    mech_draw_rectangle(c, p.frame, 0, NULL, &rim);
}

/* The scale stands in the free corner at the upper right. */
static void draw_scale(canvas *c, const pair_maps *maps, double right, bool has_prior) {
    const lettering small = {8, INK, ALIGN_LEFT, false, false};
    const double top = cell_box(0, maps->n_k - 1).top;
    const box b = {right - SCALE_WIDTH - 26, top, right - 26, top + SCALE_HEIGHT};
    mech_draw_colour_scale(c, b, 0, 1);
    for (int i = 0; i < 3; i++) {
        const double share = i / 2.0;
        const double y = b.bottom - share * SCALE_HEIGHT;
        mech_write_words(c,
                         (point){b.right + 5, y + (i == 2   ? 6
                                                   : i == 1 ? 3
                                                            : 0)},
                         mech_set_number(share * share * maps->highest, 2).words, small);
    }
    mech_write_words(c, (point){b.left - 6, b.top + 6}, "density of pairs",
                     (lettering){8, INK, ALIGN_RIGHT, false, false});
    mech_write_words(c, (point){b.left - 6, b.top + 17}, has_prior ? "(prior: 1)" : "(uniform: 1)",
                     (lettering){8, GREY, ALIGN_RIGHT, false, false});
}

static void draw_page(canvas *c, const accepted_thetas *t, const theta_marginal *m, const pair_maps *maps,
                      const char *title, const char *what) {
    double highest = 0;
    for (size_t i = 0; i < t->n_k; i++)
        for (size_t bin = 0; bin < MARGINAL_BINS; bin++) highest = fmax(highest, m[i].density[bin]);
    const double room = mech_canvas_width(c) - 2 * MARGIN;
    lettering heading = {12, INK, ALIGN_LEFT, true, false};
    heading.size *= fmin(1, room / mech_words_width(c, title, heading));
    mech_write_words(c, (point){MARGIN, MARGIN + 8}, title, heading);
    mech_write_paragraph(c, (point){MARGIN, MARGIN + 23}, what, (lettering){8.5, GREY, ALIGN_LEFT, false, false}, room,
                         2, false);
    for (size_t row = 0; row < t->n_k; row++)
        for (size_t column = 0; column <= row; column++) draw_cell(c, t, maps, m, row, column, 1.18 * highest);
    const box last = cell_box(t->n_k - 1, t->n_k - 1);
    mech_write_words(c, (point){(LEFT + last.right) / 2, last.bottom + 48}, t->axis ? t->axis : THETA_AXIS,
                     (lettering){9, INK, ALIGN_CENTRE, false, false});
    if (t->n_k > 1) draw_scale(c, maps, t->quantities ? mech_canvas_width(c) - 8 : last.right, t->ranges != NULL);
}

mech_status mech_draw_prior_pairs(const accepted_thetas *t, const char *what, const mech_picture_target *target,
                                  mech_error *error) {
    pair_maps maps = {.n_k = t->n_k};
    canvas *c = NULL;
    char title[160];
    theta_marginal *m = mech_allocate_array(t->n_k, sizeof *m);
    maps.density = mech_allocate_array(t->n_k * t->n_k, sizeof *maps.density * PAIR_BINS * PAIR_BINS);
    mech_status status = m && maps.density ? MECH_OK : mech_fail_memory(error);
    if (status != MECH_OK) goto cleanup;
    for (size_t k = 0; k < t->n_k; k++) mech_find_marginal(t, k, NULL, &m[k]);
    for (size_t row = 0; row < t->n_k; row++)
        for (size_t column = 0; column < row; column++) {
            double *map = map_of(&maps, row, column);
            count_pair(t, m, row, column, map);
            for (size_t i = 0; i < (size_t)PAIR_BINS * PAIR_BINS; i++) maps.highest = fmax(maps.highest, map[i]);
        }
    const char *name = mech_mechanism_title(t->mechanism);
    snprintf(title, sizeof title, "%s%s%s", mech_mechanism_id(t->mechanism), *name ? ": " : "", name);
    const box last = cell_box(t->n_k - 1, t->n_k - 1);
    const double right = last.right + (t->quantities ? VALUES_WIDTH : MARGIN);
    status = mech_canvas_open(target, fmax(right, 420), last.bottom + FOOT, title, &c, error);
    if (status != MECH_OK) goto cleanup;
    draw_page(c, t, m, &maps, title, what);
    status = mech_canvas_close(c, error);
cleanup:
    mech_release_array(m);
    mech_release_array(maps.density);
    return status;
}
