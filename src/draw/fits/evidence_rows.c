#include "draw/fits/evidence_rows.h"

#include "draw/axes/axes.h"
#include "draw/mechanism/diagram.h"

#include <math.h>
#include <stdio.h>

enum { FEWEST_ROWS = 5, MOST_ROWS = 10 };

static const double ROW = 18, HEAD = 24, AXIS = 40, BAR = 9, ID_WIDTH = 40, PERCENT_WIDTH = 42, OFF_WIDTH = 44;

/* What is further below the best than this, in nats, has no bar. */
static const double DEEPEST = 30;

/* Mechanisms below this have a row only where there are few others. */
static const double WORTH_A_ROW = 0.0005;

size_t mech_evidence_rows(const mech_fits *fits) {
    size_t n = 0;
    while (n < fits->n_mechanisms && n < MOST_ROWS && fits->mechanisms[n].fitted &&
           (n < FEWEST_ROWS || fits->mechanisms[n].probability >= WORTH_A_ROW))
        n++;
    return n;
}

double mech_evidence_height(const mech_fits *fits) {
    return HEAD + (double)mech_evidence_rows(fits) * ROW + AXIS +
           (mech_evidence_rows(fits) < fits->n_mechanisms ? 14 : 0);
}

static double most_evidence(const mech_fits *fits) {
    double most = -INFINITY;
    for (size_t i = 0; i < mech_evidence_rows(fits); i++) most = fmax(most, fits->mechanisms[i].log_evidence);
    return most;
}

static range evidence_range(const mech_fits *fits, double most) {
    double least = 0;
    for (size_t i = 0; i < mech_evidence_rows(fits); i++)
        least = fmin(least, fmax(fits->mechanisms[i].log_evidence - most, -DEEPEST));
    return (range){fmin(1.15 * least, -3), 0.8};
}

static void draw_probability(canvas *c, const mech_mechanism_fit *f, box frame, colour ink) {
    const colour track = mech_tint(GREY, 0.1);
    char words[16];
    const box whole = {frame.left, frame.top, frame.right - PERCENT_WIDTH, frame.bottom};
    mech_draw_rectangle(c, whole, 1, &track, NULL);
    const double length = f->probability * (whole.right - whole.left);
    if (length > 0.3)
        mech_draw_rectangle(c, (box){whole.left, whole.top, whole.left + length, whole.bottom}, 0, &ink, NULL);
    if (f->probability >= WORTH_A_ROW)
        snprintf(words, sizeof words, "%.1f %%", 100 * f->probability);
    else
        snprintf(words, sizeof words, "< 0.1 %%");
    mech_write_words(c, (point){frame.right, frame.bottom - 1}, words,
                     (lettering){8.5, INK, ALIGN_RIGHT, false, false});
}

/* The bar ends at the evidence, about which its error stands; an arrow where it lies below the axis. */
static void draw_evidence(canvas *c, const panel *p, const mech_mechanism_fit *f, double most, double top, colour ink) {
    const double at = f->log_evidence - most, y = top + BAR / 2;
    const double end = mech_panel_point(p, fmax(at, p->x.low), 0).x;
    const colour fill = mech_tint(ink, 0.6);
    if (at < p->x.low) {
        mech_write_words(c, (point){p->frame.left + 3, top + BAR - 1}, "\xE2\x97\x82 further left",
                         (lettering){7.5, GREY, ALIGN_LEFT, false, false});
        return;
    }
    mech_draw_rectangle(c, (box){p->frame.left, top, end, top + BAR}, 0, &fill, NULL);
    if (!isfinite(f->log_evidence_error)) return;
    const double low = fmax(mech_panel_point(p, at - f->log_evidence_error, 0).x, p->frame.left);
    const double high = fmin(mech_panel_point(p, at + f->log_evidence_error, 0).x, p->frame.right);
    mech_draw_line(c, (point){low, y}, (point){high, y}, (stroke){INK, 1, 0});
    mech_draw_line(c, (point){low, y - 2.5}, (point){low, y + 2.5}, (stroke){INK, 1, 0});
    mech_draw_line(c, (point){high, y - 2.5}, (point){high, y + 2.5}, (stroke){INK, 1, 0});
}

void mech_draw_evidence(canvas *c, const mech_fits *fits, box frame) {
    const lettering heading = {9, INK, ALIGN_LEFT, true, false}, small = {8, GREY, ALIGN_LEFT, false, false},
                    small_right = {8, GREY, ALIGN_RIGHT, false, false};
    const size_t n = mech_evidence_rows(fits);
    const double width = frame.right - frame.left, bars = frame.left + 0.4 * width, middle = frame.left + 0.64 * width;
    const double most = most_evidence(fits);
    const panel p = {
        .frame = {middle + 12, frame.top + HEAD - 4, frame.right - OFF_WIDTH - 8, frame.top + HEAD + (double)n * ROW},
        .x = evidence_range(fits, most),
        .y = {0, 1},
        .y_kind = AXIS_BARE,
        .x_title = "ln evidence, less the highest"};
    char words[64];
    mech_write_words(c, (point){frame.left, frame.top + 10}, "Mechanisms", heading);
    mech_write_words(c, (point){bars, frame.top + 10}, "probability", small);
    mech_write_words(c, (point){p.frame.left, frame.top + 10}, "evidence", small);
    mech_write_words(c, (point){frame.right, frame.top + 10}, "off by", small_right);
    mech_draw_panel(c, &p);
    for (size_t i = 0; i < n; i++) {
        const mech_mechanism_fit *f = &fits->mechanisms[i];
        const double top = frame.top + HEAD + (double)i * ROW;
        const colour ink = mech_class_colour(mech_mechanism_class(f->mechanism));
        mech_write_paragraph(c, (point){frame.left, top + BAR - 1}, mech_mechanism_id(f->mechanism),
                             (lettering){9, INK, ALIGN_LEFT, true, false}, ID_WIDTH - 6, 1, false);
        mech_write_paragraph(c, (point){frame.left + ID_WIDTH, top + BAR - 1}, mech_mechanism_title(f->mechanism),
                             small, bars - frame.left - ID_WIDTH - 12, 1, false);
        draw_probability(c, f, (box){bars, top, middle, top + BAR}, ink);
        draw_evidence(c, &p, f, most, top, ink);
        snprintf(words, sizeof words, "%.2f %%", 100 * f->deviation);
        mech_write_words(c, (point){frame.right, top + BAR - 1}, words,
                         (lettering){8.5, INK, ALIGN_RIGHT, false, false});
    }
    if (n == fits->n_mechanisms) return;
    snprintf(words, sizeof words, "%zu other%s less probable", fits->n_mechanisms - n,
             fits->n_mechanisms - n == 1 ? " is" : "s are");
    mech_write_words(c, (point){frame.left + ID_WIDTH, frame.top + HEAD + (double)n * ROW + BAR}, words, small);
}
