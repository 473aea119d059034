#include "draw/judgements/judgement_figures.h"

#include "draw/axes/axes.h"
#include "draw/axes/legend.h"

#include <math.h>
#include <stdio.h>

static const double WIDTH = 420, HEIGHT = 460, MARGIN = 24;
static const box CURVES = {68, 62, 396, 330}, SHARES = {68, 346, 396, 414};

/* One series of bins: accuracy over confidence, with the interval of the accuracy as a line where there is one. */
static void draw_curve(canvas *c, const panel *p, const mech_metrics *m, const mech_metrics *lower,
                       const mech_metrics *upper, size_t series) {
    double confidence[MECH_RELIABILITY_BINS], accuracy[MECH_RELIABILITY_BINS];
    const colour ink = mech_series_colour(series);
    size_t n = 0;
    for (int i = 0; i < MECH_RELIABILITY_BINS; i++) {
        if (!(m->reliability[i].share > 0)) continue;
        confidence[n] = m->reliability[i].confidence;
        accuracy[n++] = m->reliability[i].accuracy;
        if (!lower || !isfinite(lower->reliability[i].accuracy)) continue;
        mech_draw_line(c, mech_panel_point(p, confidence[n - 1], lower->reliability[i].accuracy),
                       mech_panel_point(p, confidence[n - 1], upper->reliability[i].accuracy),
                       (stroke){mech_tint(ink, 0.6), 1.6, 0});
    }
    mech_draw_series_line(c, p, n, confidence, accuracy, (stroke){ink, 1.3, series ? 4 : 0});
    mech_draw_series_markers(c, p, n, confidence, accuracy, mech_series_marker(series), 2.8, ink, false);
}

/* Which share of the samples each bin has, as bars beside each other. */
static void draw_shares(canvas *c, const panel *p, const mech_metrics *m, size_t series, size_t n_series) {
    const colour fill = mech_tint(mech_series_colour(series), 0.75);
    for (int i = 0; i < MECH_RELIABILITY_BINS; i++) {
        const double width = 0.8 / MECH_RELIABILITY_BINS / (double)n_series;
        const double left = (i + 0.1) / MECH_RELIABILITY_BINS + (double)series * width;
        const point top = mech_panel_point(p, left, m->reliability[i].share),
                    base = mech_panel_point(p, left + width, 0);
        if (m->reliability[i].share > 0) mech_draw_rectangle(c, (box){top.x, top.y, base.x, base.y}, 0, &fill, NULL);
    }
}

mech_status mech_draw_reliability(const mech_reliability_series *series, size_t n, const char *title, const char *what,
                                  const mech_picture_target *target, mech_error *error) {
    enum { MOST_SERIES = 2 };
    legend_entry entries[MOST_SERIES];
    char words[MOST_SERIES][64];
    range shares = {0, 0};
    canvas *c = NULL;
    mech_status status = mech_canvas_open(target, WIDTH, HEIGHT, title, &c, error);
    if (status != MECH_OK) return status;
    if (n > MOST_SERIES) n = MOST_SERIES;
    for (size_t i = 0; i < n; i++) {
        snprintf(words[i], sizeof words[i], "%s: error %.2f %%", series[i].name,
                 100 * series[i].metrics->expected_calibration_error);
        entries[i] = (legend_entry){words[i], mech_series_colour(i), mech_series_marker(i), i ? 4 : 0};
        for (int bin = 0; bin < MECH_RELIABILITY_BINS; bin++)
            mech_range_include(&shares, series[i].metrics->reliability[bin].share);
    }
    const panel curves = {
        .frame = CURVES, .x = {0, 1}, .y = {0, 1}, .y_title = "share that is right", .hide_x_numbers = true};
    const panel bars = {.frame = SHARES,
                        .x = {0, 1},
                        .y = mech_range_from_zero(shares),
                        .x_title = "highest probability",
                        .y_title = "share of samples"};
    mech_write_words(c, (point){MARGIN, MARGIN + 6}, title, (lettering){12, INK, ALIGN_LEFT, true, false});
    mech_write_words(c, (point){MARGIN, MARGIN + 22}, what, (lettering){8.5, GREY, ALIGN_LEFT, false, false});
    mech_draw_panel(c, &curves);
    mech_draw_panel(c, &bars);
    mech_draw_line(c, mech_panel_point(&curves, 0, 0), mech_panel_point(&curves, 1, 1), (stroke){GREY, 0.9, 2});
    for (size_t i = 0; i < n; i++) {
        draw_curve(c, &curves, series[i].metrics, series[i].lower, series[i].upper, i);
        draw_shares(c, &bars, series[i].metrics, i, n);
        mech_draw_legend_entry(c, (point){CURVES.left + 12, CURVES.top + 16 + 16 * (double)i}, &entries[i]);
    }
    return mech_canvas_close(c, error);
}
