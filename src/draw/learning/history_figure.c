#include "draw/learning/learning_figures.h"

#include "base/memory.h"
#include "draw/axes/axes.h"
#include "draw/axes/legend.h"

#include <math.h>
#include <stdio.h>

enum { MOST_MARKED = 40 }; /* rows beyond which lines alone are clearer */

static const double WIDTH = 620, HEIGHT = 300, MARGIN = 24;

/* The four curves as arrays of their own, [n] each. */
typedef struct curves {
    size_t n;
    double *epoch, *training_loss, *validation_loss, *training_accuracy, *validation_accuracy;
} curves;

/* All of them in one array, which the caller releases by s->epoch; false where memory is short. */
static bool copy_curves(const history *h, curves *s) {
    double *all = mech_allocate_array(5 * h->n, sizeof *all);
    if (!all) return false;
    *s = (curves){h->n, all, all + h->n, all + 2 * h->n, all + 3 * h->n, all + 4 * h->n};
    for (size_t i = 0; i < h->n; i++) {
        s->epoch[i] = h->rows[i].epoch;
        s->training_loss[i] = h->rows[i].training_loss;
        s->validation_loss[i] = h->rows[i].validation_loss;
        s->training_accuracy[i] = h->rows[i].training_accuracy;
        s->validation_accuracy[i] = h->rows[i].validation_accuracy;
    }
    return true;
}

static void draw_curves(canvas *c, const curves *s, box frame, const char *title, const double *training,
                        const double *validation, bool is_share) {
    range epochs = {0, 0}, values = EMPTY_RANGE;
    for (size_t i = 0; i < s->n; i++) {
        mech_range_include(&epochs, s->epoch[i]);
        mech_range_include(&values, training[i]);
        mech_range_include(&values, validation[i]);
    }
    if (epochs.high == 0) epochs.high = 1;
    range y = mech_range_from_zero(values);
    if (is_share && values.high <= 1) y = (range){0, 1};
    const panel p = {.frame = frame, .x = epochs, .y = y, .x_title = "epoch", .y_title = title};
    mech_draw_panel(c, &p);
    mech_draw_series_line(c, &p, s->n, s->epoch, training, (stroke){BLUE, 1.3, 0});
    mech_draw_series_line(c, &p, s->n, s->epoch, validation, (stroke){VERMILLION, 1.3, 4});
    if (s->n > MOST_MARKED) return;
    mech_draw_series_markers(c, &p, s->n, s->epoch, training, MARKER_CIRCLE, 1.9, BLUE, false);
    mech_draw_series_markers(c, &p, s->n, s->epoch, validation, MARKER_SQUARE, 1.9, VERMILLION, false);
}

/* The row whose weights training keeps: the first of the highest validation accuracy; n where none was judged. */
static size_t best_row(const curves *s) {
    size_t best = s->n;
    for (size_t i = 0; i < s->n; i++)
        if (isfinite(s->validation_accuracy[i]) &&
            (best == s->n || s->validation_accuracy[i] > s->validation_accuracy[best]))
            best = i;
    return best;
}

mech_status mech_draw_history(const history *h, const mech_picture_target *target, mech_error *error) {
    const legend_entry entries[] = {{"training", BLUE, MARKER_CIRCLE, 0}, {"validation", VERMILLION, MARKER_SQUARE, 4}};
    canvas *c = NULL;
    curves s;
    if (!copy_curves(h, &s)) return mech_fail_memory(error);
    mech_status status = mech_canvas_open(target, WIDTH, HEIGHT, "Training history", &c, error);
    if (status != MECH_OK) goto cleanup;
    mech_write_words(c, (point){MARGIN, 30}, "Training history", (lettering){12, INK, ALIGN_LEFT, true, false});
    mech_draw_legend_row(c, (point){WIDTH - MARGIN, 30}, entries, 2, ALIGN_RIGHT);
    draw_curves(c, &s, (box){68, 50, 296, 232}, "loss (cross-entropy)", s.training_loss, s.validation_loss, false);
    draw_curves(c, &s, (box){368, 50, 596, 232}, "accuracy", s.training_accuracy, s.validation_accuracy, true);
    size_t best = best_row(&s);
    if (best < s.n) {
        char words[128];
        snprintf(words, sizeof words, "best validation accuracy %.2f %%, at epoch %.4g of %.4g",
                 100 * s.validation_accuracy[best], s.epoch[best], s.epoch[s.n - 1]);
        mech_write_words(c, (point){MARGIN, HEIGHT - 16}, words, (lettering){8.5, GREY, ALIGN_LEFT, false, false});
    }
    status = mech_canvas_close(c, error);
cleanup:
    mech_release_array(s.epoch);
    return status;
}
