/* Many run sets on one page. */
#include "base/error.h"
#include "data/runs/run_set.h"
#include "draw/axes/axes.h"
#include "draw/samples/sample_figures.h"

#include <stdio.h>

enum { MOST_SETS = 24, COLUMNS = 3 };

static const double MARGIN = 24, LEFT = 40, HEAD = 74, PANEL_WIDTH = 200, PANEL_HEIGHT = 128, ACROSS = 44, GAP = 52,
                    FOOT = 58;

/* S filled, P hollow; runs by colour. */
static void draw_set(canvas *c, const mech_run_set *set, const char *name, box frame, bool first_column,
                     bool last_row) {
    range times = EMPTY_RANGE, values = EMPTY_RANGE;
    char x_title[64], y_title[64], words[160];
    size_t n_readings = 0;
    for (size_t r = 0; r < set->n_runs; r++) {
        const mech_run *run = &set->runs[r];
        n_readings += run->n_readings;
        for (size_t i = 0; i < run->n_readings; i++) {
            mech_range_include(&times, run->time[i]);
            if (run->substrate) mech_range_include(&values, run->substrate[i]);
            if (run->product) mech_range_include(&values, run->product[i]);
        }
    }
    const char *time = mech_run_set_time_unit(set), *concentration = mech_run_set_concentration_unit(set);
    mech_axis_title(*time ? "time" : "time / longest run", time, x_title, sizeof x_title);
    mech_axis_title(*concentration ? "concentration" : "concentration / [S]_{0}", concentration, y_title,
                    sizeof y_title);
    const panel p = {.frame = frame,
                     .x = mech_range_from_zero(times),
                     .y = mech_range_from_zero(values),
                     .x_title = last_row ? x_title : NULL,
                     .y_title = first_column ? y_title : NULL};
    mech_draw_panel(c, &p);
    for (size_t r = 0; r < set->n_runs; r++) {
        const mech_run *run = &set->runs[r];
        const colour ink = mech_series_colour(r);
        const double radius = 0.8 * mech_marker_radius(run->n_readings);
        const double *columns[2] = {run->substrate, run->product};
        for (size_t s = 0; s < 2; s++) {
            if (!columns[s]) continue;
            mech_draw_series_line(c, &p, run->n_readings, run->time, columns[s], (stroke){mech_tint(ink, 0.4), 0.7, 0});
            mech_draw_series_markers(c, &p, run->n_readings, run->time, columns[s], mech_series_marker(r), radius, ink,
                                     s == 1);
        }
    }
    mech_write_paragraph(c, (point){frame.left, frame.top - 18}, name, (lettering){9, INK, ALIGN_LEFT, true, false},
                         PANEL_WIDTH, 1, false);
    snprintf(words, sizeof words, "%zu run%s, %zu readings", set->n_runs, set->n_runs == 1 ? "" : "s", n_readings);
    mech_write_words(c, (point){frame.left, frame.top - 6}, words, (lettering){8, GREY, ALIGN_LEFT, false, false});
}

mech_status mech_draw_run_sets(size_t n, const mech_run_set *const *sets, const char *const *names, const char *title,
                               const mech_picture_target *target, mech_error *error) {
    canvas *c = NULL;
    if (!n || n > MOST_SETS)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there are %zu run sets to draw; expected 1 to %d", n,
                         MOST_SETS);
    const size_t columns = n < COLUMNS ? n : COLUMNS, rows = (n + columns - 1) / columns;
    const double width = 2 * MARGIN + LEFT + (double)columns * (PANEL_WIDTH + ACROSS) - ACROSS + 6;
    const double foot = HEAD + (double)rows * (PANEL_HEIGHT + GAP) - GAP + FOOT;
    const mech_status status = mech_canvas_open(target, width, foot + 14, title, &c, error);
    if (status != MECH_OK) return status;
    mech_write_paragraph(c, (point){MARGIN, MARGIN + 8}, title, (lettering){12, INK, ALIGN_LEFT, true, false},
                         width - 2 * MARGIN, 1, false);
    for (size_t i = 0; i < n; i++) {
        const size_t row = i / columns;
        const double left = MARGIN + LEFT + (double)(i % columns) * (PANEL_WIDTH + ACROSS);
        const double top = HEAD + (double)row * (PANEL_HEIGHT + GAP);
        draw_set(c, sets[i], names[i], (box){left, top, left + PANEL_WIDTH, top + PANEL_HEIGHT}, i % columns == 0,
                 i + columns >= n);
    }
    mech_write_words(c, (point){MARGIN, foot}, "filled: [S];  hollow: [P];  runs by colour and shape",
                     (lettering){8.5, GREY, ALIGN_LEFT, false, false});
    return mech_canvas_close(c, error);
}
