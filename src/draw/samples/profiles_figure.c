#include "draw/samples/sample_figures.h"

#include "chemistry/mechanism.h"
#include "draw/axes/axes.h"
#include "draw/axes/legend.h"
#include "draw/canvas/notation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 4, COLUMNS = 12 };

static const double WIDTH = 620, MARGIN = 24, HEAD = 88, PANEL_HEIGHT = 150, GAP = 54;

/* Column `column` of X2 of one sample. */
static void copy_column(const mech_samples *s, size_t sample, size_t column, double *values) {
    for (size_t i = 0; i < s->n_times; i++) values[i] = (double)s->x2[(sample * s->n_times + i) * COLUMNS + column];
}

static bool any_finite(const double *values, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (isfinite(values[i])) return true;
    return false;
}

static void draw_run(canvas *c, const mech_samples *s, size_t sample, size_t run, box frame, range y, double *values) {
    double *time = values, *substrate = values + s->n_times, *product = substrate + s->n_times;
    char words[400];
    copy_column(s, sample, 3 * run, time);
    copy_column(s, sample, 3 * run + 1, substrate);
    copy_column(s, sample, 3 * run + 2, product);
    const panel p = {.frame = frame,
                     .x = {0, 1.04},
                     .y = y,
                     .x_title = run >= 2 ? "time, scaled" : NULL,
                     .y_title = run % 2 == 0 ? "concentration / [S]_{0}" : NULL};
    mech_draw_panel(c, &p);
    mech_draw_series_line(c, &p, s->n_times, time, substrate, (stroke){mech_tint(BLUE, 0.5), 1, 0});
    mech_draw_series_line(c, &p, s->n_times, time, product, (stroke){mech_tint(VERMILLION, 0.5), 1, 0});
    mech_draw_series_markers(c, &p, s->n_times, time, substrate, MARKER_CIRCLE, 2.4, BLUE, false);
    mech_draw_series_markers(c, &p, s->n_times, time, product, MARKER_SQUARE, 2.4, VERMILLION, false);
    int length = snprintf(words, sizeof words, "run %zu:  cat %s mol %%", run + 1,
                          mech_set_number(100 * (double)s->x1[sample * RUNS + run], 3).words);
    if (isfinite(substrate[0]) && isfinite(product[0]) && length > 0)
        snprintf(words + length, sizeof words - (size_t)length, ",  [S]_{0} = %s,  [P]_{0} = %s",
                 mech_set_number(substrate[0], 3).words, mech_set_number(product[0], 3).words);
    mech_write_words(c, (point){frame.left, frame.top - 7}, words, (lettering){8.5, INK, ALIGN_LEFT, false, false});
}

/* "k1 = 1.93   k-1 = 0.328 ..." */
static void describe_theta(const mech_samples *s, size_t sample, const mech_mechanism *mechanism, char *words,
                           size_t room) {
    size_t length = 0;
    words[0] = '\0';
    for (size_t i = 0; i < s->n_theta && length + 1 < room; i++) {
        double k = s->theta[sample * s->n_theta + i];
        char name[32];
        if (isnan(k)) continue;
        snprintf(name, sizeof name, "theta%zu", i + 1);
        bool named = mechanism && i < mech_mechanism_n_rate_constants(mechanism);
        int more = snprintf(words + length, room - length, "%s%s = %s", length ? "    " : "",
                            named ? mech_set_rate_constant(mech_mechanism_rate_constant(mechanism, i)).words : name,
                            mech_set_number(k, 3).words);
        if (more < 0) break;
        length += (size_t)more;
    }
}

/* The additive of a network and its start amount: "I = 0.005". */
static void describe_additive(const mech_samples *s, size_t sample, const mech_mechanism *mechanism, char *words,
                              size_t room) {
    for (size_t i = 0; mechanism && i < mech_mechanism_n_species(mechanism); i++)
        if (mech_mechanism_role(mechanism, i) == MECH_ROLE_ADDITIVE) {
            size_t length = strlen(words);
            snprintf(words + length, room - length, "    [%s]_{0} = %s",
                     mech_set_species(mech_mechanism_species(mechanism, i)).words,
                     mech_set_number(s->additive[sample], 3).words);
            return;
        }
}

mech_status mech_draw_profiles(const mech_samples *s, size_t sample, const mech_picture_target *target,
                               mech_error *error) {
    const lettering small = {9, GREY, ALIGN_LEFT, false, false};
    canvas *c = NULL;
    char title[160], words[512];
    if (sample >= s->n)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no sample %zu; expected 0 to %zu", sample, s->n - 1);
    double *values = calloc(3 * s->n_times, sizeof *values);
    if (!values) return mech_fail_memory(error);
    /* A data set of a user's own mechanisms has labels, but not the library's names. */
    const mech_mechanism *mechanism = s->n_classes == mech_builtin_count() ? mech_builtin(s->y[sample]) : NULL;
    if (mechanism)
        snprintf(title, sizeof title, "%s: %s", mech_mechanism_id(mechanism), mech_mechanism_title(mechanism));
    else
        snprintf(title, sizeof title, "class %u", s->y[sample] + 1u);
    mech_status status = mech_canvas_open(target, WIDTH, HEAD + 2 * PANEL_HEIGHT + GAP + 44 + MARGIN, title, &c, error);
    if (status != MECH_OK) goto cleanup;
    range y = EMPTY_RANGE;
    bool has[2] = {false, false};
    for (size_t column = 0; column < COLUMNS; column++) {
        if (column % 3 == 0) continue;
        copy_column(s, sample, column, values);
        has[column % 3 - 1] |= any_finite(values, s->n_times);
        for (size_t i = 0; i < s->n_times; i++) mech_range_include(&y, values[i]);
    }
    y = mech_range_from_zero(y);
    mech_write_words(c, (point){MARGIN, MARGIN + 8}, title, (lettering){12, INK, ALIGN_LEFT, true, false});
    describe_theta(s, sample, mechanism, words, sizeof words);
    describe_additive(s, sample, mechanism, words, sizeof words);
    mech_write_words(c, (point){MARGIN, MARGIN + 26}, words, small);
    const legend_entry entries[] = {{has[0] ? "[S]" : "[S] (not measured)", BLUE, MARKER_CIRCLE, 0},
                                    {has[1] ? "[P]" : "[P] (not measured)", VERMILLION, MARKER_SQUARE, 0}};
    for (size_t run = 0; run < RUNS; run++) {
        size_t row = run / 2, column = run % 2;
        double left = MARGIN + 40 + (double)column * 290, top = HEAD + (double)row * (PANEL_HEIGHT + GAP);
        draw_run(c, s, sample, run, (box){left, top, left + 232, top + PANEL_HEIGHT}, y, values);
    }
    snprintf(words, sizeof words, "sample %zu, %zu points after t = 0 of each run", sample, s->n_times - 1);
    mech_write_words(c, (point){MARGIN, HEAD + 2 * PANEL_HEIGHT + GAP + 50}, words, small);
    mech_draw_legend_row(c, (point){WIDTH - MARGIN, HEAD + 2 * PANEL_HEIGHT + GAP + 50}, entries, 2, ALIGN_RIGHT);
    status = mech_canvas_close(c, error);
cleanup:
    free(values);
    return status;
}
