#include "draw/learning/learning_figures.h"

#include "base/memory.h"
#include "draw/axes/axes.h"
#include "draw/axes/legend.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_TRAININGS = 7, LONGEST_NAME = 64 };

static const double WIDTH = 620, HEIGHT = 300, MARGIN = 24, LEGEND_STEP = 15;

/* Histories of one training with several seeds, which share a line in the legend. */
typedef struct trainings {
    size_t n;
    char names[MOST_TRAININGS][LONGEST_NAME];
} trainings;

/* "cosine" of "cosine-2": the name without the number of a seed behind it. */
static void name_training(const char *said, char name[LONGEST_NAME]) {
    size_t length = strlen(said), digits = 0;
    while (digits < length && isdigit((unsigned char)said[length - 1 - digits])) digits++;
    if (digits && digits + 1 < length && said[length - 1 - digits] == '-') length -= digits + 1;
    snprintf(name, LONGEST_NAME, "%.*s", (int)length, said);
}

/* Its number among the trainings, which it joins if it is new; MOST_TRAININGS where there is no room. */
static size_t training_of(trainings *t, const char *said) {
    char name[LONGEST_NAME];
    size_t i = 0;
    name_training(said, name);
    while (i < t->n && strcmp(t->names[i], name) != 0) i++;
    if (i == t->n && i < MOST_TRAININGS) memcpy(t->names[t->n++], name, LONGEST_NAME);
    return i;
}

static colour colour_of(size_t training) {
    const colour colours[MOST_TRAININGS] = {BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, INK};
    return colours[training];
}

typedef double (*figure_of)(const history_row *row);

static double validation_loss(const history_row *row) { return row->validation_loss; }
static double validation_accuracy(const history_row *row) { return row->validation_accuracy; }
static double millions(const history_row *row) { return (double)row->samples * 1e-6; }

/* All numbers but those of the first validations count for the range, which would press the rest together. */
static range range_of(const named_history *histories, size_t n, figure_of figure) {
    range r = EMPTY_RANGE;
    for (size_t i = 0; i < n; i++)
        for (size_t j = histories[i].curves->n > 2 ? 1 : 0; j < histories[i].curves->n; j++)
            mech_range_include(&r, figure(&histories[i].curves->rows[j]));
    return mech_range_padded(r, r.high > r.low ? 0.05 : 0.5);
}

static mech_status draw_side(canvas *c, const named_history *histories, size_t n, trainings *t, const panel *p,
                             figure_of figure, mech_error *error) {
    mech_draw_panel(c, p);
    for (size_t i = 0; i < n; i++) {
        const history *h = histories[i].curves;
        const colour ink = colour_of(training_of(t, histories[i].name));
        double *x = mech_allocate_array(2 * h->n, sizeof *x), *y = x ? x + h->n : NULL;
        if (!x) return mech_fail_memory(error);
        for (size_t j = 0; j < h->n; j++) {
            const double number = figure(&h->rows[j]);
            x[j] = millions(&h->rows[j]);
            y[j] = number >= p->y.low && number <= p->y.high ? number : NAN;
        }
        mech_draw_series_line(c, p, h->n, x, y, (stroke){ink, 1.3, 0});
        mech_draw_series_markers(c, p, h->n, x, y, MARKER_CIRCLE, 1.7, ink, false);
        mech_release_array(x);
    }
    return MECH_OK;
}

mech_status mech_draw_histories(const named_history *histories, size_t n, const mech_picture_target *target,
                                mech_error *error) {
    trainings t = {0};
    range samples = {0, 0};
    for (size_t i = 0; i < n; i++) {
        if (training_of(&t, histories[i].name) == MOST_TRAININGS)
            return mech_fail(error, MECH_INVALID_ARGUMENT,
                             "there are histories of more than %d trainings; expected fewer", MOST_TRAININGS);
        for (size_t j = 0; j < histories[i].curves->n; j++)
            mech_range_include(&samples, millions(&histories[i].curves->rows[j]));
    }
    if (samples.high == 0)
        return mech_fail(error, MECH_INVALID_INPUT, "the histories say of no validation after how many samples it was");
    samples.high *= 1.02;
    canvas *c = NULL;
    const double height = HEIGHT + (double)t.n * LEGEND_STEP;
    mech_status status = mech_canvas_open(target, WIDTH, height, "Training histories", &c, error);
    if (status != MECH_OK) return status;
    mech_write_words(c, (point){MARGIN, 30}, "Validation in training", (lettering){12, INK, ALIGN_LEFT, true, false});
    const panel loss = {.frame = {68, 50, 296, 232},
                        .x = samples,
                        .y = range_of(histories, n, validation_loss),
                        .x_title = "samples learned from / million",
                        .y_title = "loss (cross-entropy / nats)"};
    const panel accuracy = {.frame = {368, 50, 596, 232},
                            .x = samples,
                            .y = range_of(histories, n, validation_accuracy),
                            .x_title = "samples learned from / million",
                            .y_title = "accuracy"};
    status = draw_side(c, histories, n, &t, &loss, validation_loss, error);
    if (status == MECH_OK) status = draw_side(c, histories, n, &t, &accuracy, validation_accuracy, error);
    for (size_t i = 0; i < t.n; i++) {
        const legend_entry entry = {t.names[i], colour_of(i), MARKER_CIRCLE, 0};
        mech_draw_legend_entry(c, (point){68, 286 + (double)i * LEGEND_STEP}, &entry);
    }
    if (status != MECH_OK) {
        mech_canvas_discard(c);
        return status;
    }
    return mech_canvas_close(c, error);
}
