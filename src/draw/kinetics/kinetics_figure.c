/* A kinetic analysis in four panels: extents over time and over normalised time, rates against [S], rates with what the
 * orders say taken out against the extent. */
#include "base/memory.h"
#include "draw/axes/axes.h"
#include "draw/axes/legend.h"
#include "draw/canvas/notation.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double MARGIN = 22, LEFT = 50, PANEL_WIDTH = 292, PANEL_HEIGHT = 190, GAP_X = 62, GAP_Y = 66, HEAD = 40;
static const double LEGEND_ROW = 14, NOTE_SIZE = 7.8, MOST_BAND = 1.6;

enum { LEGEND_COLUMNS = 2 };

typedef struct figure {
    const mech_kinetics *k;
    canvas *c;
    double *x, *y; /* room for a curve or the readings of a run */
} figure;

static size_t longest(const mech_kinetics *k) {
    size_t n = 1;
    for (size_t i = 0; i < k->n_runs; i++) {
        if (k->runs[i].n_readings > n) n = k->runs[i].n_readings;
        if (k->runs[i].n_curve > n) n = k->runs[i].n_curve;
    }
    return n;
}

static void write_heading(const figure *f, box frame, const char *words) {
    mech_write_words(f->c, (point){frame.left, frame.top - 8}, words, (lettering){9.5, INK, ALIGN_LEFT, true, false});
}

/* Readings of all runs over time as measured or normalised. */
static void draw_extents(figure *f, box frame, bool normalised, const char *heading) {
    const mech_kinetics *k = f->k;
    range times = EMPTY_RANGE, extents = EMPTY_RANGE;
    char x_title[96], y_title[64];
    for (size_t i = 0; i < k->n_runs; i++)
        for (size_t j = 0; j < k->runs[i].n_readings; j++) {
            mech_range_include(&times, normalised ? k->runs[i].normalised[j] : k->runs[i].time[j]);
            mech_range_include(&extents, k->runs[i].extent[j]);
        }
    mech_axis_title(normalised ? "normalised time" : "time", k->time_unit, x_title, sizeof x_title);
    mech_axis_title("extent of reaction", k->concentration_unit, y_title, sizeof y_title);
    const panel p = {.frame = frame,
                     .x = mech_range_from_zero(times),
                     .y = mech_range_from_zero(extents),
                     .x_title = x_title,
                     .y_title = y_title};
    write_heading(f, frame, heading);
    mech_draw_panel(f->c, &p);
    for (size_t i = 0; i < k->n_runs; i++) {
        const mech_kinetic_run *r = &k->runs[i];
        const colour ink = mech_series_colour(i);
        const double *time = normalised ? r->normalised : r->time;
        if (!r->used) continue;
        mech_draw_series_line(f->c, &p, r->n_readings, time, r->extent, (stroke){mech_tint(ink, 0.3), 0.8, 0});
        mech_draw_series_markers(f->c, &p, r->n_readings, time, r->extent, mech_series_marker(i),
                                 mech_marker_radius(r->n_readings), ink, false);
    }
}

/* The interval around a rate as an area; cut where it leaves the panel. */
static void draw_band(figure *f, const panel *p, const mech_kinetic_run *r, colour ink) {
    enum { MOST = 128 };
    point corners[2 * MOST];
    const size_t n = r->n_curve < MOST ? r->n_curve : MOST;
    for (size_t j = 0; j < n; j++) {
        const double s = r->start_substrate - r->curve_extent[j];
        corners[j] = mech_panel_point(p, s, fmin(r->curve_high[j], p->y.high));
        corners[2 * n - 1 - j] = mech_panel_point(p, s, fmin(fmax(r->curve_low[j], 0), p->y.high));
    }
    mech_draw_polygon(f->c, corners, 2 * n, mech_tint(ink, 0.13));
}

/* Whether a normalised rate counts for the range of the axis: where little substrate is left it is one small number
 * over another. */
static bool counts(const mech_kinetic_run *r, size_t j) { return r->curve_extent[j] < 0.9 * r->start_substrate; }

/* Smooth rates of all runs: against [S] or, normalised, against the extent. */
static void draw_rates(figure *f, box frame, bool normalised, const char *heading) {
    const mech_kinetics *k = f->k;
    range places = EMPTY_RANGE, rates = EMPTY_RANGE;
    char x_title[64], y_title[96], unit[64] = "";
    for (size_t i = 0; i < k->n_runs; i++)
        for (size_t j = 0; j < k->runs[i].n_curve; j++) {
            const mech_kinetic_run *r = &k->runs[i];
            mech_range_include(&places, normalised ? r->curve_extent[j] : r->start_substrate - r->curve_extent[j]);
            if (!normalised || counts(r, j))
                mech_range_include(&rates, normalised ? r->curve_normalised[j]
                                                      : fmin(r->curve_high[j], MOST_BAND * r->highest_rate.value));
        }
    if (*k->concentration_unit && *k->time_unit)
        snprintf(unit, sizeof unit, "%.24s %.24s^{-1}", k->concentration_unit, k->time_unit);
    mech_axis_title(normalised ? "extent of reaction" : "[S]", k->concentration_unit, x_title, sizeof x_title);
    mech_axis_title(normalised ? "normalised rate" : "rate", unit, y_title, sizeof y_title);
    const panel p = {.frame = frame,
                     .x = mech_range_from_zero(places),
                     .y = mech_range_from_zero(rates),
                     .x_title = x_title,
                     .y_title = y_title};
    write_heading(f, frame, heading);
    mech_draw_panel(f->c, &p);
    for (size_t i = 0; i < k->n_runs && !normalised; i++)
        if (k->runs[i].used) draw_band(f, &p, &k->runs[i], mech_series_colour(i));
    for (size_t i = 0; i < k->n_runs; i++) {
        const mech_kinetic_run *r = &k->runs[i];
        if (!r->used) continue;
        for (size_t j = 0; j < r->n_curve; j++) {
            f->x[j] = normalised ? r->curve_extent[j] : r->start_substrate - r->curve_extent[j];
            f->y[j] = normalised ? r->curve_normalised[j] : r->curve_rate[j];
            if (f->y[j] > p.y.high) f->y[j] = NAN; /* a gap */
        }
        mech_draw_series_line(f->c, &p, r->n_curve, f->x, f->y, (stroke){mech_series_colour(i), 1.4, 0});
        mech_draw_series_markers(f->c, &p, 1, f->x, f->y, mech_series_marker(i), 2.8, mech_series_colour(i), false);
    }
}

static size_t count_used(const mech_kinetics *k) {
    size_t n = 0;
    for (size_t i = 0; i < k->n_runs; i++) n += k->runs[i].used ? 1 : 0;
    return n;
}

static double draw_legend(figure *f, double left, double top) {
    const mech_kinetics *k = f->k;
    const size_t rows = (count_used(k) + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
    char words[320];
    size_t n = 0;
    for (size_t i = 0; i < k->n_runs; i++) {
        const mech_kinetic_run *r = &k->runs[i];
        if (!r->used) continue;
        const size_t column = n / rows, row = n % rows;
        const point at = {left + (double)column * (PANEL_WIDTH + GAP_X), top + (double)row * LEGEND_ROW};
        snprintf(words, sizeof words, "%s%.40s:  [S]_{0} = %s,  turnovers %s",
                 isdigit((unsigned char)r->name[0]) ? "run " : "", r->name,
                 mech_set_number(r->start_substrate, 3).words, mech_set_number(r->ton, 3).words);
        mech_draw_legend_entry(f->c, at, &(legend_entry){words, mech_series_colour(i), mech_series_marker(i), 0});
        n++;
    }
    return top + (double)rows * LEGEND_ROW;
}

/* "Orders (95 % intervals): cat 1.02 (0.95 to 1.09), ..." and how well runs overlay. */
static size_t write_orders(const figure *f, canvas *c, point at, double width, bool measure_only) {
    const mech_kinetics *k = f->k;
    const lettering letters = {NOTE_SIZE + 1, INK, ALIGN_LEFT, false, false};
    char words[900];
    int n = snprintf(words, sizeof words, "Orders (%g %% intervals): ", 100 * k->level);
    for (size_t i = 0, told = 0; i < k->n_orders && n > 0 && n < (int)sizeof words - 160; i++) {
        const mech_order *o = &k->orders[i];
        if (!o->estimated) continue;
        n += snprintf(words + n, sizeof words - (size_t)n, "%s%.40s %.2f (%.2f to %.2f)", told++ ? ",  " : "",
                      o->species, o->order.value, o->order.low, o->order.high);
    }
    if (k->normalised && n > 0 && n < (int)sizeof words)
        snprintf(words + n, sizeof words - (size_t)n,
                 ".  Readings lie %.1f %% of the largest extent from one curve before and %.1f %% after normalisation; "
                 "noise alone: %.1f %%.",
                 100 * k->overlay.before, 100 * k->overlay.after, 100 * k->overlay.noise);
    else
        snprintf(words, sizeof words, "No orders: these runs do not differ in what they start with.");
    return mech_write_paragraph(c, at, words, letters, width, 5, measure_only);
}

mech_status mech_draw_kinetics(const mech_kinetics *kinetics, const mech_picture_target *target, mech_error *error) {
    figure f = {.k = kinetics};
    canvas *measure = NULL;
    const double width = MARGIN + LEFT + 2 * PANEL_WIDTH + GAP_X + MARGIN, left = MARGIN + LEFT;
    const double second = left + PANEL_WIDTH + GAP_X, lower = HEAD + PANEL_HEIGHT + GAP_Y;
    const lettering letters = {NOTE_SIZE + 1, INK, ALIGN_LEFT, false, false};
    f.x = mech_allocate_array(longest(kinetics), sizeof *f.x);
    f.y = mech_allocate_array(longest(kinetics), sizeof *f.y);
    mech_status status = f.x && f.y ? mech_canvas_open_measure(&measure, error) : mech_fail_memory(error);
    if (status != MECH_OK) goto cleanup;
    const size_t lines = write_orders(&f, measure, (point){0, 0}, width - 2 * MARGIN, true);
    const size_t rows = (count_used(kinetics) + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
    const double legend_top = lower + PANEL_HEIGHT + 54, notes_top = legend_top + (double)rows * LEGEND_ROW + 10;
    const double height = notes_top + (double)lines * mech_line_height(letters) + MARGIN / 2;
    status = mech_canvas_open(target, width, height, "Kinetic analysis", &f.c, error);
    if (status != MECH_OK) goto cleanup;
    draw_extents(&f, (box){left, HEAD, left + PANEL_WIDTH, HEAD + PANEL_HEIGHT}, false, "As measured");
    draw_rates(&f, (box){left, lower, left + PANEL_WIDTH, lower + PANEL_HEIGHT}, false, "Rate against concentration");
    if (kinetics->normalised) {
        draw_extents(&f, (box){second, HEAD, second + PANEL_WIDTH, HEAD + PANEL_HEIGHT}, true,
                     "Time normalised by the orders");
        draw_rates(&f, (box){second, lower, second + PANEL_WIDTH, lower + PANEL_HEIGHT}, true,
                   "Rate normalised by the orders");
    }
    draw_legend(&f, left, legend_top);
    write_orders(&f, f.c, (point){MARGIN, notes_top}, width - 2 * MARGIN, false);
    status = mech_canvas_close(f.c, error);
cleanup:
    mech_canvas_discard(measure);
    mech_release_array(f.x);
    mech_release_array(f.y);
    return status;
}
