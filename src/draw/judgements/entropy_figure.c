#include "draw/judgements/judgement_figures.h"

#include "draw/axes/density.h"
#include "draw/canvas/lettering.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BINS = 40, STEP_POINTS = 2 * BINS + 2, RIGHT = 0, WRONG = 1 };

static const double WIDTH = 480, MARGIN = 24, LEFT = 66, HEAD = 80, PANEL = 112, GAP = 34, FOOT = 48;

/* How the entropies of one model lie: the share of its right and of its wrong answers in each bin. */
typedef struct distribution {
    double share[2][BINS]; /* of the samples of that kind */
    double n[2];
} distribution;

/* Up to the most there can be: ln(classes), all equally probable; a little where one class is all there is. */
static range entropies_of(const scores *s) { return (range){0, fmax(log((double)s->n_labels), 0.1)}; }

static distribution distribute(const scores *s) {
    distribution d = {.n = {0, 0}};
    const range all = entropies_of(s);
    for (size_t i = 0; i < s->n; i++) {
        const int kind = s->of[i].rank == 0 ? RIGHT : WRONG;
        /* Rounding can leave an entropy just outside. */
        d.share[kind][mech_bin_of(all, BINS, fmin(fmax(s->of[i].entropy, all.low), all.high))]++;
        d.n[kind]++;
    }
    for (int kind = 0; kind < 2; kind++)
        for (int bin = 0; bin < BINS; bin++)
            if (d.n[kind] > 0) d.share[kind][bin] /= d.n[kind];
    return d;
}

/* The outline of a histogram from its first bin that holds something to its last. Returns how many points it has. */
static size_t outline(const panel *p, const double *share, point *steps) {
    const double width = p->x.high / BINS;
    size_t first = 0, last = BINS - 1;
    while (first < last && share[first] == 0) first++;
    while (last > first && share[last] == 0) last--;
    const size_t n_bins = last + 1 - first;
    mech_outline_steps(p, (range){(double)first * width, (double)(last + 1) * width}, n_bins, share + first, steps);
    return 2 * n_bins + 2;
}

static void draw_mark(canvas *c, const panel *p, double entropy, double dash) {
    mech_draw_line(c, mech_panel_point(p, entropy, 0), mech_panel_point(p, entropy, p->y.high),
                   (stroke){INK, 0.9, dash});
}

static void draw_model(canvas *c, const scored_model *model, const panel *p, const distribution *d) {
    const mech_metrics *m = model->metrics;
    const colour fill = mech_tint(BLUE, 0.45);
    point steps[STEP_POINTS];
    char words[128];
    mech_draw_panel(c, p);
    if (d->n[RIGHT] > 0) mech_draw_polygon(c, steps, outline(p, d->share[RIGHT], steps), fill);
    if (d->n[WRONG] > 0) mech_draw_polyline(c, steps, outline(p, d->share[WRONG], steps), (stroke){VERMILLION, 1.3, 0});
    draw_mark(c, p, m->entropy_median, 0);
    draw_mark(c, p, m->entropy_mean, 3);
    mech_write_words(c, (point){p->frame.left, p->frame.top - 8}, model->name,
                     (lettering){9.5, INK, ALIGN_LEFT, true, false});
    snprintf(words, sizeof words, "right %.2f %%; entropy: mean %.3f, median %.3f, sd %.3f nats", 100 * m->top1,
             m->entropy_mean, m->entropy_median, m->entropy_sd);
    mech_write_words(c, (point){p->frame.right, p->frame.top - 8}, words,
                     (lettering){8.5, INK, ALIGN_RIGHT, false, false});
}

/* What is what, in a row that begins at `at`. */
static void mech_draw_key(canvas *c, point at) {
    static const char *const words[] = {"right answers", "wrong answers", "median", "mean (of all)"};
    const lettering small = {8.5, INK, ALIGN_LEFT, false, false};
    const colour fill = mech_tint(BLUE, 0.45);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (i == 0)
            mech_draw_rectangle(c, (box){at.x, at.y - 7, at.x + 16, at.y + 1}, 0, &fill, NULL);
        else
            mech_draw_line(c, (point){at.x, at.y - 3}, (point){at.x + 16, at.y - 3},
                           i == 1 ? (stroke){VERMILLION, 1.3, 0} : (stroke){INK, 0.9, i == 3 ? 3 : 0});
        mech_write_words(c, (point){at.x + 22, at.y}, words[i], small);
        at.x += 22 + mech_words_width(c, words[i], small) + 18;
    }
}

mech_status mech_draw_scored_entropy(const scored_model *models, size_t n, const char *what,
                                     const mech_picture_target *target, mech_error *error) {
    static const char title[] = "Entropy of the predicted probabilities";
    canvas *c = NULL;
    const double height = HEAD + (double)n * (PANEL + GAP) - GAP + FOOT;
    mech_status status = mech_canvas_open(target, WIDTH, height, title, &c, error);
    if (status != MECH_OK) return status;
    mech_write_words(c, (point){MARGIN, MARGIN + 6}, title, (lettering){12, INK, ALIGN_LEFT, true, false});
    mech_write_words(c, (point){MARGIN, MARGIN + 21}, what, (lettering){8.5, GREY, ALIGN_LEFT, false, false});
    for (size_t i = 0; i < n; i++) {
        const double top = HEAD + 12 + (double)i * (PANEL + GAP);
        const distribution d = distribute(models[i].scores);
        range shares = {0, 0};
        for (int bin = 0; bin < BINS; bin++) {
            mech_range_include(&shares, d.share[RIGHT][bin]);
            mech_range_include(&shares, d.share[WRONG][bin]);
        }
        const panel p = {.frame = {LEFT, top, WIDTH - MARGIN, top + PANEL - 12},
                         .x = entropies_of(models[i].scores),
                         .y = mech_range_from_zero(shares),
                         .x_title = i + 1 == n ? "entropy / nats" : NULL,
                         .y_title = "share of its kind"};
        draw_model(c, &models[i], &p, &d);
    }
    mech_draw_key(c, (point){LEFT, MARGIN + 38});
    return mech_canvas_close(c, error);
}
