#include "draw/judgements/judgement_figures.h"

#include "draw/canvas/lettering.h"

#include <math.h>
#include <stdio.h>

static const double CELL = 24, MARGIN = 24, LEFT = 62, HEAD = 74, RECALL_WIDTH = 52;

/* Darker with the share of the row; the square root shows small shares, too. */
static colour shade_of(double share, bool right) { return mech_tint(right ? BLUE : VERMILLION, sqrt(share)); }

static void draw_cell(canvas *c, point corner, uint64_t count, uint64_t row_sum, bool right) {
    const double share = row_sum ? (double)count / (double)row_sum : 0;
    const colour fill = count ? shade_of(share, right) : WHITE;
    const stroke rim = {PALE, 0.5, 0};
    char words[24];
    mech_draw_rectangle(c, (box){corner.x, corner.y, corner.x + CELL, corner.y + CELL}, 0, &fill, &rim);
    if (!count) return;
    snprintf(words, sizeof words, "%llu", (unsigned long long)count);
    lettering letters = {7.2, share > 0.3 ? WHITE : INK, ALIGN_CENTRE, false, false};
    double width = mech_words_width(c, words, letters);
    if (width > CELL - 3) letters.size *= (CELL - 3) / width;
    mech_write_words(c, (point){corner.x + CELL / 2, corner.y + CELL / 2 + 0.36 * letters.size}, words, letters);
}

static uint64_t sum_row(const mech_metrics *m, size_t row) {
    uint64_t sum = 0;
    for (size_t j = 0; j < m->n_labels; j++) sum += m->confusion[row * m->n_labels + j];
    return sum;
}

mech_status mech_draw_confusion(const mech_metrics *m, const char *const *names, const char *title,
                                const mech_picture_target *target, mech_error *error) {
    const lettering axis = {9.5, INK, ALIGN_CENTRE, false, false}, small = {8.5, GREY, ALIGN_LEFT, false, false};
    const double side = (double)m->n_labels * CELL, right = LEFT + side;
    canvas *c = NULL;
    char words[160];
    mech_status status = mech_canvas_open(target, right + RECALL_WIDTH + MARGIN, HEAD + side + 66, title, &c, error);
    if (status != MECH_OK) return status;
    mech_write_words(c, (point){MARGIN, MARGIN + 8}, title, (lettering){12, INK, ALIGN_LEFT, true, false});
    snprintf(words, sizeof words, "%zu samples, top-1 accuracy %.2f %%; shading: share of the row", m->n,
             100 * m->top1);
    mech_write_words(c, (point){MARGIN, MARGIN + 24}, words, small);
    for (size_t i = 0; i < m->n_labels; i++) {
        double top = HEAD + (double)i * CELL, middle = top + CELL / 2 + 3;
        uint64_t row_sum = sum_row(m, i);
        mech_write_words(c, (point){LEFT - 6, middle}, names[i], (lettering){8.5, INK, ALIGN_RIGHT, false, false});
        mech_write_words(c, (point){LEFT + (double)i * CELL + CELL / 2, HEAD + side + 14}, names[i],
                         (lettering){8.5, INK, ALIGN_CENTRE, false, false});
        for (size_t j = 0; j < m->n_labels; j++)
            draw_cell(c, (point){LEFT + (double)j * CELL, top}, m->confusion[i * m->n_labels + j], row_sum, i == j);
        if (row_sum)
            snprintf(words, sizeof words, "%.1f %%", 100 * m->recall[i]);
        else
            snprintf(words, sizeof words, "\xE2\x80\x93");
        mech_write_words(c, (point){right + RECALL_WIDTH, middle}, words,
                         (lettering){8.5, GREY, ALIGN_RIGHT, false, false});
    }
    const stroke frame = {GREY, 0.8, 0};
    mech_draw_rectangle(c, (box){LEFT, HEAD, right, HEAD + side}, 0, NULL, &frame);
    mech_write_words(c, (point){right + RECALL_WIDTH, HEAD - 8}, "recall",
                     (lettering){8.5, GREY, ALIGN_RIGHT, false, false});
    mech_write_words(c, (point){(LEFT + right) / 2, HEAD + side + 36}, "predicted", axis);
    mech_write_upwards(c, (point){MARGIN + 4, HEAD + side / 2}, "actual", axis);
    return mech_canvas_close(c, error);
}
