#include "draw/samples/sample_figures.h"

#include "base/memory.h"
#include "chemistry/mechanism.h"
#include "data/conditions/layout.h"
#include "draw/axes/axes.h"
#include "draw/axes/legend.h"
#include "draw/canvas/notation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double MARGIN = 24, HEAD = 88, PANEL_WIDTH = 232, PANEL_HEIGHT = 150, LEFT = 40, ACROSS = 58, GAP = 54;

/* Panels stand in so many columns. */
static size_t columns_for(size_t n_runs) { return n_runs == 1 ? 1 : n_runs <= 4 ? 2 : n_runs <= 9 ? 3 : 4; }

/* One run has the room of two. */
static double panel_width(size_t n_runs) { return n_runs == 1 ? 2 * PANEL_WIDTH + ACROSS : PANEL_WIDTH; }

static bool any_measured(const double *values, size_t n) {
    for (size_t i = 0; values && i < n; i++)
        if (isfinite(values[i])) return true;
    return false;
}

static void draw_readings(canvas *c, const panel *p, const mech_run *run, const double *values, colour ink,
                          marker shape) {
    if (!values) return;
    mech_draw_series_line(c, p, run->n_readings, run->time, values, (stroke){mech_tint(ink, 0.5), 1, 0});
    mech_draw_series_markers(c, p, run->n_readings, run->time, values, shape, mech_marker_radius(run->n_readings), ink,
                             false);
}

/* "run 2:  cat 3.1 mol %,  [S]0 = 1,  [P]0 = 0", and the start of a second reactant where there is one */
static void describe_run(const mech_run *run, size_t number, char *words, size_t room) {
    const int length = snprintf(words, room, "run %zu:  cat %s mol %%,  [S]_{0} = %s,  [P]_{0} = %s", number,
                                mech_set_number(100 * run->cat0, 3).words, mech_set_number(run->s0, 3).words,
                                mech_set_number(run->p0, 3).words);
    if (run->n_reactants && isfinite(run->reactants[0].start) && length > 0 && (size_t)length < room)
        snprintf(words + length, room - (size_t)length, ",  [%s]_{0} = %s", run->reactants[0].species,
                 mech_set_number(run->reactants[0].start, 3).words);
}

static void draw_run(canvas *c, const profiles_page *page, size_t number, box frame, range y) {
    const mech_run *run = mech_run_set_run(page->runs, number);
    const size_t n_runs = mech_run_set_n_runs(page->runs), columns = columns_for(n_runs);
    char words[400];
    const panel p = {.frame = frame,
                     .x = {0, 1.04},
                     .y = y,
                     .x_title = number + columns >= n_runs ? page->axis : NULL,
                     .y_title = number % columns == 0 ? "concentration / [S]_{0}" : NULL};
    mech_draw_panel(c, &p);
    draw_readings(c, &p, run, run->substrate, BLUE, MARKER_CIRCLE);
    draw_readings(c, &p, run, run->product, VERMILLION, MARKER_SQUARE);
    if (run->n_reactants) draw_readings(c, &p, run, run->reactants[0].concentration, GREEN, MARKER_TRIANGLE);
    describe_run(run, number + 1, words, sizeof words);
    mech_write_words(c, (point){frame.left, frame.top - 7}, words, (lettering){8.5, INK, ALIGN_LEFT, false, false});
}

/* "k1 = 1.93   k-1 = 0.328 ..." */
static void describe_theta(const profiles_page *page, char *words, size_t room) {
    size_t length = 0;
    words[0] = '\0';
    for (size_t i = 0; i < page->n_k && length + 1 < room; i++) {
        char name[32];
        if (isnan(page->k[i])) continue;
        snprintf(name, sizeof name, "theta%zu", i + 1);
        const bool named = page->mechanism && i < mech_mechanism_n_rate_constants(page->mechanism);
        const int more =
            snprintf(words + length, room - length, "%s%s = %s", length ? "    " : "",
                     named ? mech_set_rate_constant(mech_mechanism_rate_constant(page->mechanism, i)).words : name,
                     mech_set_number(page->k[i], 3).words);
        if (more < 0) break;
        length += (size_t)more;
    }
}

/* The additive of a mechanism and its start amount: "I = 0.005". */
static void describe_additive(const profiles_page *page, char *words, size_t room) {
    for (size_t i = 0; page->mechanism && i < mech_mechanism_n_species(page->mechanism); i++)
        if (mech_mechanism_role(page->mechanism, i) == MECH_ROLE_ADDITIVE) {
            const size_t length = strlen(words);
            snprintf(words + length, room - length, "    [%s]_{0} = %s",
                     mech_set_species(mech_mechanism_species(page->mechanism, i)).words,
                     mech_set_number(page->additive, 3).words);
            return;
        }
}

/* "sample 17, 7 to 31 readings of each of 3 runs" */
static void describe_readings(const profiles_page *page, char *words, size_t room) {
    const size_t n_runs = mech_run_set_n_runs(page->runs);
    size_t fewest = SIZE_MAX, most = 0;
    char readings[64];
    for (size_t r = 0; r < n_runs; r++) {
        const size_t n = mech_run_set_run(page->runs, r)->n_readings;
        if (n < fewest) fewest = n;
        if (n > most) most = n;
    }
    if (fewest == most)
        snprintf(readings, sizeof readings, "%zu", most);
    else
        snprintf(readings, sizeof readings, "%zu to %zu", fewest, most);
    snprintf(words, room, "sample %zu, %s readings of %s", page->sample, readings, n_runs > 1 ? "each run" : "the run");
}

mech_status mech_draw_run_profiles(const profiles_page *page, const mech_picture_target *target, mech_error *error) {
    const lettering small = {9, GREY, ALIGN_LEFT, false, false};
    const size_t n_runs = mech_run_set_n_runs(page->runs), columns = columns_for(n_runs);
    const size_t rows = (n_runs + columns - 1) / columns;
    const double width = 2 * MARGIN + LEFT + (double)columns * (panel_width(n_runs) + ACROSS) - ACROSS + 10;
    const double foot = HEAD + (double)rows * (PANEL_HEIGHT + GAP) - GAP + 50;
    canvas *c = NULL;
    char words[512];
    const mech_status status = mech_canvas_open(target, width, foot - 6 + MARGIN, page->title, &c, error);
    if (status != MECH_OK) return status;
    range y = EMPTY_RANGE;
    bool has_substrate = false, has_product = false;
    const mech_reactant *read = NULL; /* a second reactant that was measured */
    char reactant_name[80];
    for (size_t r = 0; r < n_runs; r++) {
        const mech_run *run = mech_run_set_run(page->runs, r);
        has_substrate |= any_measured(run->substrate, run->n_readings);
        has_product |= any_measured(run->product, run->n_readings);
        const double *reactant = run->n_reactants ? run->reactants[0].concentration : NULL;
        if (any_measured(reactant, run->n_readings)) read = &run->reactants[0];
        for (size_t i = 0; i < run->n_readings; i++) {
            if (reactant) mech_range_include(&y, reactant[i]);
            if (run->substrate) mech_range_include(&y, run->substrate[i]);
            if (run->product) mech_range_include(&y, run->product[i]);
        }
    }
    y = mech_range_from_zero(y);
    mech_write_words(c, (point){MARGIN, MARGIN + 8}, page->title, (lettering){12, INK, ALIGN_LEFT, true, false});
    describe_theta(page, words, sizeof words);
    describe_additive(page, words, sizeof words);
    mech_write_words(c, (point){MARGIN, MARGIN + 26}, words, small);
    for (size_t r = 0; r < n_runs; r++) {
        const size_t column = r % columns, row = r / columns;
        const double left = MARGIN + LEFT + (double)column * (PANEL_WIDTH + ACROSS);
        const double top = HEAD + (double)row * (PANEL_HEIGHT + GAP);
        draw_run(c, page, r, (box){left, top, left + panel_width(n_runs), top + PANEL_HEIGHT}, y);
    }
    const legend_entry entries[] = {{has_substrate ? "[S]" : "[S] (not measured)", BLUE, MARKER_CIRCLE, 0},
                                    {has_product ? "[P]" : "[P] (not measured)", VERMILLION, MARKER_SQUARE, 0},
                                    {reactant_name, GREEN, MARKER_TRIANGLE, 0}};
    if (read) snprintf(reactant_name, sizeof reactant_name, "[%s]", read->species);
    describe_readings(page, words, sizeof words);
    mech_write_words(c, (point){MARGIN, foot}, words, small);
    mech_draw_legend_row(c, (point){width - MARGIN, foot}, entries, read ? 3 : 2, ALIGN_RIGHT);
    return mech_canvas_close(c, error);
}

/* Run `run` of a sample of format 1 as a run; columns[3][n_times] has room for its readings. A start that was not
 * measured is left out of the words as far as a run set allows: [S]0 is then 1. */
static mech_status add_run(const mech_samples *s, size_t sample, size_t run, double *columns, mech_run_set *set,
                           mech_error *error) {
    const size_t n = s->n_times;
    for (size_t column = 0; column < RUN_COLUMNS; column++)
        for (size_t i = 0; i < n; i++)
            columns[column * n + i] =
                (double)run_of_sample(readings_of_sample(s->x2, n, sample) + i * SAMPLE_ROW, run)[column];
    const double s0 = columns[n], p0 = columns[2 * n];
    char name[24];
    snprintf(name, sizeof name, "%zu", run + 1);
    const mech_run added = {.size = sizeof added,
                            .name = name,
                            .n_readings = n,
                            .time = columns,
                            .substrate = columns + n,
                            .product = columns + 2 * n,
                            .s0 = isfinite(s0) && s0 > 0 ? s0 : 1,
                            .p0 = isfinite(p0) && p0 > 0 ? p0 : 0,
                            .cat0 = (double)loadings_of_sample(s->x1, sample)[run]};
    return mech_run_set_add(set, &added, error);
}

mech_status mech_draw_profiles(const mech_samples *s, size_t sample, const mech_mechanism *mechanism,
                               const mech_picture_target *target, mech_error *error) {
    char title[256];
    mech_run_set *set = NULL;
    if (sample >= s->n)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no sample %zu; expected 0 to %zu", sample, s->n - 1);
    double *columns = mech_allocate_array(s->n_times, RUN_COLUMNS * sizeof *columns);
    mech_status status = columns ? mech_run_set_new(NULL, NULL, &set, error) : mech_fail_memory(error);
    for (size_t run = 0; run < SAMPLE_LOADINGS && status == MECH_OK; run++)
        status = add_run(s, sample, run, columns, set, error);
    mech_release_array(columns);
    if (mechanism && *mech_mechanism_title(mechanism))
        snprintf(title, sizeof title, "%s: %s", mech_mechanism_id(mechanism), mech_mechanism_title(mechanism));
    else if (mechanism)
        snprintf(title, sizeof title, "%s", mech_mechanism_id(mechanism));
    else
        snprintf(title, sizeof title, "class %u", s->y[sample] + 1u);
    const profiles_page page = {.title = title,
                                .mechanism = mechanism,
                                .n_k = s->n_theta,
                                .k = s->theta + sample * s->n_theta,
                                .additive = s->additive[sample],
                                .sample = sample,
                                .axis =
                                    s->design == MECH_DESIGN_NATURE ? "time / longest run" : "time / last of the run",
                                .runs = set};
    if (status == MECH_OK) status = mech_draw_run_profiles(&page, target, error);
    mech_run_set_free(set);
    return status;
}
