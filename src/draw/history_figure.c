#include "draw/figures.h"

#include "draw/axes.h"
#include "draw/legend.h"

#include <math.h>
#include <stdio.h>

static const double WIDTH = 620, HEIGHT = 300;

/* The two curves of one panel. */
static void draw_curves(canvas *c, const history *h, box frame, const char *title, history_column training,
                        history_column validation, bool share) {
    range epochs = {0, 1}, values = EMPTY_RANGE;
    range_include(&epochs, h->columns[HISTORY_EPOCH][h->n - 1]);
    for (size_t i = 0; i < h->n; i++) {
        range_include(&values, h->columns[training][i]);
        range_include(&values, h->columns[validation][i]);
    }
    range y = range_from_zero(values);
    if (share && y.high <= 1.05) y = (range){0, 1};
    const panel p = {.frame = frame, .x = epochs, .y = y, .x_title = "epoch", .y_title = title};
    draw_panel(c, &p);
    const double *x = h->columns[HISTORY_EPOCH];
    draw_series_line(c, &p, h->n, x, h->columns[training], (stroke){BLUE, 1.3, 0});
    draw_series_line(c, &p, h->n, x, h->columns[validation], (stroke){VERMILLION, 1.3, 4});
    if (h->n > 60) return;
    draw_series_markers(c, &p, h->n, x, h->columns[training], MARKER_CIRCLE, 1.7, BLUE, false);
    draw_series_markers(c, &p, h->n, x, h->columns[validation], MARKER_SQUARE, 1.7, VERMILLION, false);
}

/* The epoch whose weights training keeps: the first of the highest validation accuracy; n where none was judged. */
static size_t best_epoch(const history *h) {
    const double *accuracy = h->columns[HISTORY_VALIDATION_ACCURACY];
    size_t best = h->n;
    for (size_t i = 0; i < h->n; i++)
        if (isfinite(accuracy[i]) && (best == h->n || accuracy[i] > accuracy[best])) best = i;
    return best;
}

mech_status draw_history(const history *h, picture_target target, mech_error *error) {
    canvas *c = NULL;
    mech_status status = canvas_open(target, WIDTH, HEIGHT, "Training history", &c, error);
    if (status != MECH_OK) return status;
    write_words(c, (point){24, 30}, "Training history", (lettering){12, INK, ALIGN_LEFT, true, false});
    const legend_entry entries[] = {{"training", BLUE, MARKER_CIRCLE, 0, false},
                                    {"validation", VERMILLION, MARKER_SQUARE, 4, false}};
    draw_legend_row(c, (point){WIDTH - 24, 30}, entries, 2, ALIGN_RIGHT);
    draw_curves(c, h, (box){64, 50, 296, 238}, "loss (cross-entropy)", HISTORY_TRAINING_LOSS, HISTORY_VALIDATION_LOSS,
                false);
    draw_curves(c, h, (box){364, 50, 596, 238}, "accuracy", HISTORY_TRAINING_ACCURACY, HISTORY_VALIDATION_ACCURACY,
                true);
    size_t best = best_epoch(h);
    if (best < h->n) {
        char words[128];
        snprintf(words, sizeof words, "best validation accuracy %.4f at epoch %g of %g",
                 h->columns[HISTORY_VALIDATION_ACCURACY][best], h->columns[HISTORY_EPOCH][best],
                 h->columns[HISTORY_EPOCH][h->n - 1]);
        write_words(c, (point){24, HEIGHT - 14}, words, (lettering){8.5, GREY, ALIGN_LEFT, false, false});
    }
    return canvas_close(c, error);
}
