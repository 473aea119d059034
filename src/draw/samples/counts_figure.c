#include "draw/samples/sample_figures.h"

#include "draw/axes/axes.h"
#include "draw/axes/mechanism_axis.h"
#include "draw/canvas/notation.h"
#include "draw/mechanism/diagram.h"

#include <math.h>
#include <stdio.h>

static const double WIDTH = 622, LEFT = 84, MARGIN = 24, HEAD = 42, PANEL_HEAD = 30, PANEL_HEIGHT = 92;

static const char TITLE[] = "Samples by mechanism";

/* "100,000 samples, 5,000 of each mechanism". */
static void describe_counts(const uint64_t *counts, size_t n, char *words, size_t room) {
    uint64_t sum = 0, least = UINT64_MAX, most = 0;
    for (size_t i = 0; i < n; i++) {
        sum += counts[i];
        least = counts[i] < least ? counts[i] : least;
        most = counts[i] > most ? counts[i] : most;
    }
    if (!sum)
        snprintf(words, room, "no samples");
    else if (least == most)
        snprintf(words, room, "%s samples, %s of each mechanism", mech_set_count(sum).words,
                 mech_set_count(least).words);
    else
        snprintf(words, room, "%s samples, %s to %s of a mechanism", mech_set_count(sum).words,
                 mech_set_count(least).words, mech_set_count(most).words);
}

/* A split in a panel with an axis of its own: training splits are many times as large as the others. */
static void draw_split(canvas *c, box frame, const split_counts *split, const mech_mechanism *const *mechanisms,
                       size_t n) {
    char words[320];
    range y = {0, 0};
    for (size_t i = 0; i < n; i++) mech_range_include(&y, (double)split->counts[i]);
    const panel p = {.frame = frame,
                     .x = {0, (double)n},
                     .y = mech_range_from_zero(y),
                     .x_kind = AXIS_BARE,
                     .y_kind = y.high > 0 ? AXIS_LINEAR : AXIS_BARE,
                     .y_title = "samples"};
    const lettering name = {9.5, INK, ALIGN_LEFT, true, false};
    mech_write_words(c, (point){frame.left, frame.top - 9}, split->name, name);
    describe_counts(split->counts, n, words, sizeof words);
    mech_write_words(c, (point){frame.left + mech_words_width(c, split->name, name) + 10, frame.top - 9}, words,
                     (lettering){8.5, GREY, ALIGN_LEFT, false, false});
    mech_draw_panel(c, &p);
    for (size_t i = 0; i < n; i++) {
        const colour fill = mech_tint(mech_class_colour(mech_mechanism_class(mechanisms[i])), 0.8);
        const point top = mech_panel_point(&p, (double)i + 0.16, (double)split->counts[i]);
        const point base = mech_panel_point(&p, (double)i + 0.84, 0);
        if (split->counts[i]) mech_draw_rectangle(c, (box){top.x, top.y, base.x, base.y}, 0, &fill, NULL);
    }
}

mech_status mech_draw_split_counts(const split_counts *splits, size_t n_splits, const mech_mechanism *const *mechanisms,
                                   size_t n, const mech_picture_target *target, mech_error *error) {
    const double height = HEAD + (double)n_splits * (PANEL_HEAD + PANEL_HEIGHT) + MECHANISM_AXIS_HEIGHT + MARGIN / 2;
    canvas *c = NULL;
    mech_status status = mech_canvas_open(target, WIDTH, height, TITLE, &c, error);
    if (status != MECH_OK) return status;
    mech_write_words(c, (point){MARGIN, MARGIN + 8}, TITLE, (lettering){12, INK, ALIGN_LEFT, true, false});
    box frame = {LEFT, 0, WIDTH - MARGIN, 0};
    for (size_t s = 0; s < n_splits; s++) {
        frame.top = HEAD + (double)s * (PANEL_HEAD + PANEL_HEIGHT) + PANEL_HEAD;
        frame.bottom = frame.top + PANEL_HEIGHT;
        draw_split(c, frame, &splits[s], mechanisms, n);
    }
    mech_draw_mechanism_axis(c, frame, mechanisms, n);
    return mech_canvas_close(c, error);
}
