#include "draw/judgements/judgement_figures.h"

#include "draw/canvas/lettering.h"

#include <math.h>
#include <stdio.h>

enum { SIZES = sizeof((mech_credible_metrics){0}.size_share) / sizeof(double) };

static const double WIDTH = 640, MARGIN = 24, LEFT = 132, BAR_WIDTH = 340, HEAD = 84, BAR = 20, PAIR = 62;

/* One hue that darkens with the size, so that the order shows without colours. */
static colour shade_of(size_t size) { return mech_tint(BLUE, 0.1 + 0.9 * (double)size / (SIZES - 1)); }
static colour words_on(size_t size) { return size >= 3 ? WHITE : INK; }

static const char *const size_words[SIZES] = {"1", "2", "3", "4", "5", "\xE2\x89\xA5 6"};

static void draw_set(canvas *c, const mech_credible_metrics *set, double top) {
    const lettering beside = {9, INK, ALIGN_RIGHT, false, false};
    const double base = top + BAR / 2 + 3.2;
    double left = LEFT;
    char words[32];
    snprintf(words, sizeof words, "%.0f %%", 100 * set->level);
    mech_write_words(c, (point){LEFT - 8, base}, words, beside);
    for (size_t i = 0; i < SIZES; i++) {
        const double right = left + BAR_WIDTH * set->size_share[i];
        const colour fill = shade_of(i);
        const stroke rim = {WHITE, 0.6, 0};
        if (right > left) mech_draw_rectangle(c, (box){left, top, right, top + BAR}, 0, &fill, &rim);
        lettering on = {8, words_on(i), ALIGN_CENTRE, false, false};
        snprintf(words, sizeof words, "%.1f", 100 * set->size_share[i]);
        if (mech_words_width(c, words, on) + 4 < right - left)
            mech_write_words(c, (point){(left + right) / 2, top + BAR / 2 + 2.9}, words, on);
        left = right;
    }
    snprintf(words, sizeof words, "%.2f", 100 * set->coverage);
    mech_write_words(c, (point){LEFT + BAR_WIDTH + 66, base}, words, beside);
    snprintf(words, sizeof words, "%.2f", set->mean_size);
    mech_write_words(c, (point){LEFT + BAR_WIDTH + 134, base}, words, beside);
}

static void mech_draw_key(canvas *c, point at) {
    const lettering small = {8.5, INK, ALIGN_LEFT, false, false};
    mech_write_words(c, at, "mechanisms in the set:", small);
    at.x += mech_words_width(c, "mechanisms in the set:", small) + 12;
    for (size_t i = 0; i < SIZES; i++) {
        const colour fill = shade_of(i);
        const stroke rim = {GREY, 0.5, 0};
        mech_draw_rectangle(c, (box){at.x, at.y - 8, at.x + 12, at.y + 1}, 0, &fill, &rim);
        mech_write_words(c, (point){at.x + 17, at.y}, size_words[i], small);
        at.x += 17 + mech_words_width(c, size_words[i], small) + 14;
    }
}

mech_status mech_draw_scored_sets(const scored_model *models, size_t n, const char *what,
                                  const mech_picture_target *target, mech_error *error) {
    static const char title[] = "Sizes of the credible sets";
    const lettering head = {8.5, GREY, ALIGN_RIGHT, false, false};
    canvas *c = NULL;
    char words[8];
    const double bottom = HEAD + (double)n * PAIR + 4;
    mech_status status = mech_canvas_open(target, WIDTH, bottom + 54, title, &c, error);
    if (status != MECH_OK) return status;
    mech_write_words(c, (point){MARGIN, MARGIN + 6}, title, (lettering){12, INK, ALIGN_LEFT, true, false});
    mech_write_words(c, (point){MARGIN, MARGIN + 21}, what, (lettering){8.5, GREY, ALIGN_LEFT, false, false});
    mech_draw_key(c, (point){MARGIN, MARGIN + 38});
    mech_write_words(c, (point){LEFT + BAR_WIDTH + 66, HEAD + 6}, "truth in it / %", head);
    mech_write_words(c, (point){LEFT + BAR_WIDTH + 134, HEAD + 6}, "mean size", head);
    for (int tick = 0; tick <= 100; tick += 20) {
        const double x = LEFT + BAR_WIDTH * tick / 100;
        mech_draw_line(c, (point){x, HEAD + 12}, (point){x, bottom}, (stroke){PALE, 0.6, 0});
        snprintf(words, sizeof words, "%d", tick);
        mech_write_words(c, (point){x, bottom + 14}, words, (lettering){8, GREY, ALIGN_CENTRE, false, false});
    }
    for (size_t i = 0; i < n; i++) {
        const double top = HEAD + 20 + (double)i * PAIR;
        mech_write_words(c, (point){MARGIN, top - 4}, models[i].name, (lettering){9.5, INK, ALIGN_LEFT, true, false});
        draw_set(c, &models[i].metrics->credible_95, top);
        draw_set(c, &models[i].metrics->credible_99, top + BAR + 2);
    }
    mech_write_words(c, (point){LEFT + BAR_WIDTH / 2, bottom + 32}, "samples / %",
                     (lettering){9, INK, ALIGN_CENTRE, false, false});
    return mech_canvas_close(c, error);
}
