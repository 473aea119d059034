#include "draw/samples/sample_figures.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/numbers/quantiles.h"
#include "draw/axes/density.h"
#include "draw/axes/mechanism_axis.h"
#include "draw/canvas/notation.h"
#include "draw/mechanism/diagram.h"

#include <math.h>
#include <stdio.h>

enum { PLACES = 129, BINS = 60, FEWEST_FOR_DENSITY = 8 };

static const double WIDTH = 622, LEFT = 84, MARGIN = 24, HEAD = 70, VIOLINS = 210, HISTOGRAM = 120, FOOT = 46;

static const char TITLE[] = "Distance to the nearest training sample", AXIS_NAME[] = "distance / [S]_{0}";

/* The distances that there are, ascending within each class and over all. */
typedef struct sorted_distances {
    double *by_class; /* [n] */
    size_t *starts;   /* [n_mechanisms + 1]: class m has by_class[starts[m]] to before by_class[starts[m + 1]] */
    double *all;      /* [n] */
    size_t n;
    range span; /* from 0 to above the largest */
} sorted_distances;

static mech_status sort_distances(const distance_sample *s, sorted_distances *d, mech_error *error) {
    range span = EMPTY_RANGE;
    *d = (sorted_distances){0};
    d->by_class = mech_allocate_array(s->n, sizeof *d->by_class);
    d->all = mech_allocate_array(s->n, sizeof *d->all);
    d->starts = mech_allocate_array(s->n_mechanisms + 1, sizeof *d->starts);
    if (!d->by_class || !d->all || !d->starts) return mech_fail_memory(error);
    for (size_t m = 0; m < s->n_mechanisms; m++) {
        for (size_t i = 0; i < s->n; i++) {
            if (s->labels[i] != m || isnan(s->distances[i])) continue;
            mech_range_include(&span, s->distances[i]);
            d->all[d->n] = d->by_class[d->n] = s->distances[i];
            d->n++;
        }
        d->starts[m + 1] = d->n;
        mech_sort_numbers(d->n - d->starts[m], d->by_class + d->starts[m]);
    }
    mech_sort_numbers(d->n, d->all);
    if (!d->n)
        return mech_fail(error, MECH_INVALID_INPUT, "no sample has a training sample that it can be compared with");
    d->span = mech_range_from_zero(span);
    return MECH_OK;
}

/* Median, quartiles as a bar; without enough numbers for a density the numbers themselves. */
static void draw_violin(canvas *c, const panel *p, double middle, size_t n, const double *sorted, colour ink) {
    double density[PLACES], highest = 0;
    point outline[2 * PLACES + 1];
    /* Where there are no distances there is no violin either. */
    const range drawn = n ? (range){sorted[0], sorted[n - 1]} : p->y;
    if (n < FEWEST_FOR_DENSITY || !mech_kernel_density(n, sorted, drawn, PLACES, density)) {
        for (size_t i = 0; i < n; i++)
            mech_draw_marker(c, MARKER_CIRCLE, mech_panel_point(p, middle, sorted[i]), 1.8, ink, false);
        return;
    }
    size_t first = PLACES, last = 0, corners = 0;
    for (size_t i = 0; i < PLACES; i++) highest = fmax(highest, density[i]);
    /* What would be thinner than a line is left out. */
    for (size_t i = 0; i < PLACES; i++)
        if (density[i] > 0.002 * highest) {
            first = i < first ? i : first;
            last = i;
        }
    for (size_t side = 0; side < 2; side++)
        for (size_t i = first; i <= last; i++) {
            const size_t at = side ? first + last - i : i;
            const double half = 0.4 * density[at] / highest;
            outline[corners++] = mech_panel_point(p, side ? middle + half : middle - half,
                                                  drawn.low + (drawn.high - drawn.low) * (double)at / (PLACES - 1));
        }
    mech_draw_polygon(c, outline, corners, mech_tint(ink, 0.35));
    outline[corners] = outline[0];
    mech_draw_polyline(c, outline, corners, (stroke){ink, 0.7, 0});
    mech_draw_line(c, mech_panel_point(p, middle, mech_quantile(n, sorted, 0.25)),
                   mech_panel_point(p, middle, mech_quantile(n, sorted, 0.75)), (stroke){INK, 2.2, 0});
    const point median = mech_panel_point(p, middle, mech_quantile(n, sorted, 0.5));
    mech_draw_marker(c, MARKER_CIRCLE, median, 2.2, INK, false);
    mech_draw_marker(c, MARKER_CIRCLE, median, 1.2, WHITE, false);
}

static void draw_violins(canvas *c, const distance_sample *s, const sorted_distances *d, box frame) {
    const panel p = {.frame = frame,
                     .x = {0, (double)s->n_mechanisms},
                     .y = {d->span.low - 0.03 * (d->span.high - d->span.low), d->span.high},
                     .x_kind = AXIS_BARE,
                     .y_title = AXIS_NAME};
    mech_draw_panel(c, &p);
    for (size_t m = 0; m < s->n_mechanisms; m++)
        draw_violin(c, &p, (double)m + 0.5, d->starts[m + 1] - d->starts[m], d->by_class + d->starts[m],
                    mech_class_colour(mech_mechanism_class(s->mechanisms[m])));
    mech_draw_mechanism_axis(c, frame, s->mechanisms, s->n_mechanisms);
}

/* All distances, the classes on top of each other, with the median. */
static void draw_histogram(canvas *c, const distance_sample *s, const sorted_distances *d, box frame) {
    double counts[BINS] = {0}, base[BINS] = {0}, highest = 0;
    char words[128];
    mech_count_in_bins(d->span, d->n, d->all, BINS, counts);
    for (size_t i = 0; i < BINS; i++) highest = fmax(highest, counts[i]);
    const panel p = {.frame = frame,
                     .x = d->span,
                     .y = {0, 1.18 * highest}, /* with room for the median's name */
                     .x_title = AXIS_NAME,
                     .y_title = "samples"};
    mech_draw_panel(c, &p);
    for (size_t m = 0, of_class; m < s->n_mechanisms; m += of_class) {
        double own[BINS] = {0};
        of_class = mech_mechanisms_of_class(s->mechanisms, s->n_mechanisms, m);
        const colour fill = mech_tint(mech_class_colour(mech_mechanism_class(s->mechanisms[m])), 0.7);
        mech_count_in_bins(d->span, d->starts[m + of_class] - d->starts[m], d->by_class + d->starts[m], BINS, own);
        for (size_t i = 0; i < BINS; i++) {
            const double width = (d->span.high - d->span.low) / BINS, left = d->span.low + (double)i * width;
            const point top = mech_panel_point(&p, left + 0.06 * width, base[i] + own[i]);
            const point bottom = mech_panel_point(&p, left + 0.94 * width, base[i]);
            if (own[i] > 0) mech_draw_rectangle(c, (box){top.x, top.y, bottom.x, bottom.y}, 0, &fill, NULL);
            base[i] += own[i];
        }
    }
    const double median = mech_quantile(d->n, d->all, 0.5);
    const point foot = mech_panel_point(&p, median, 0);
    mech_draw_line(c, foot, (point){foot.x, frame.top}, (stroke){INK, 1, 3});
    snprintf(words, sizeof words, "median %s", mech_set_number(median, 3).words);
    mech_write_words(c, (point){foot.x + 5, frame.top + 9}, words, (lettering){8.5, INK, ALIGN_LEFT, false, false});
}

mech_status mech_draw_distance_sample(const distance_sample *s, const char *what, const mech_picture_target *target,
                                      mech_error *error) {
    const lettering small = {8.5, GREY, ALIGN_LEFT, false, false};
    const box violins = {LEFT, HEAD, WIDTH - MARGIN, HEAD + VIOLINS};
    const double top = violins.bottom + MECHANISM_AXIS_HEIGHT + 22;
    const box histogram = {LEFT, top, WIDTH - MARGIN, top + HISTOGRAM};
    sorted_distances d;
    canvas *c = NULL;
    char words[128] = "";
    mech_status status = sort_distances(s, &d, error);
    if (status == MECH_OK) status = mech_canvas_open(target, WIDTH, histogram.bottom + FOOT, TITLE, &c, error);
    if (status != MECH_OK) goto cleanup;
    mech_write_words(c, (point){MARGIN, MARGIN + 8}, TITLE, (lettering){12, INK, ALIGN_LEFT, true, false});
    const size_t lines =
        mech_write_paragraph(c, (point){MARGIN, MARGIN + 23}, what, small, WIDTH - 2 * MARGIN, 2, false);
    if (d.n < s->n)
        snprintf(words, sizeof words, "%zu more have no training sample that they can be compared with.", s->n - d.n);
    mech_write_words(c, (point){MARGIN, MARGIN + 23 + (double)lines * mech_line_height(small)}, words, small);
    draw_violins(c, s, &d, violins);
    draw_histogram(c, s, &d, histogram);
    status = mech_canvas_close(c, error);
cleanup:
    mech_release_array(d.by_class);
    mech_release_array(d.all);
    mech_release_array(d.starts);
    return status;
}
