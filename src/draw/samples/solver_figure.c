#include "draw/samples/sample_figures.h"

#include "draw/axes/axes.h"
#include "draw/axes/legend.h"
#include "draw/canvas/notation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMES = 201, MOST_CONSTANTS = 4, MOST_SHOWN = 8 };

/* A textbook reaction as a mechanism file. Where the reaction has no catalyst, one that stands aside makes it a
 * mechanism, since every mechanism has one; it is not shown. */
typedef struct example {
    const char *title, *text;
    double k[MOST_CONSTANTS], s0, cat0, t_end;
    const char *shown; /* species, with blanks between them */
} example;

#define ASIDE "cat -> spent : k0\ncatalyst: cat\ninactive: spent\n"

static const example examples[] = {
    {"A \xE2\x86\x92 B", "substrate: A\nproduct: B\nA -> B : k1\n" ASIDE "order: k1 k0\n", {0.5}, 1, 0, 10, "A B"},
    {"A + B \xE2\x86\x92 C with a side reaction to D",
     "substrate: A\nproduct: C\nstart: B = 0.8\nA + B -> C : k1\nA -> D : k2\n" ASIDE "order: k1 k2 k0\n",
     {1, 0.15},
     1,
     0,
     10,
     "A B C D"},
    {"A \xE2\x87\x8C B",
     "substrate: A\nproduct: B\nA <=> B : k1, k-1\n" ASIDE "order: k1 k-1 k0\n",
     {0.6, 0.3},
     1,
     0,
     10,
     "A B"},
    {"A + B \xE2\x86\x92 C \xE2\x86\x92 D \xE2\x86\x92 E",
     "substrate: A\nproduct: E\nstart: B = 0.85\nA + B -> C : k1\nC -> D : k2\nD -> E : k3\n" ASIDE
     "order: k1 k2 k3 k0\n",
     {2, 0.7, 0.4},
     1,
     0,
     14,
     "A B C D E"},
    {"Michaelis\xE2\x80\x93Menten: E + S \xE2\x87\x8C ES \xE2\x86\x92 E + P",
     "cat0: E\nE + S <=> ES : k1, k-1\nES -> E + P : k2\n",
     {10, 1, 1.5},
     1,
     0.25,
     10,
     "S P E ES"},
};
enum { N_EXAMPLES = sizeof examples / sizeof examples[0] };

static const double PANEL_WIDTH = 236, PANEL_HEIGHT = 150, MARGIN = 24, LEFT = 48, GAP = 70, HEAD = 66;

static mech_status integrate(const example *e, const mech_mechanism *mechanism, double *times, double **y,
                             mech_error *error) {
    const mech_solver_options options = mech_solver_options_default();
    const size_t n_species = mech_mechanism_n_species(mechanism);
    mech_solver_statistics statistics = {.size = sizeof statistics};
    double start[16];
    *y = calloc(TIMES * n_species, sizeof **y);
    if (!*y) return mech_fail_memory(error);
    mech_mechanism_start(mechanism, e->s0, 0, e->cat0, start);
    for (size_t i = 0; i < TIMES; i++) times[i] = e->t_end * (double)i / (TIMES - 1);
    const mech_problems problems = {
        .n_problems = 1, .k = e->k, .start = start, .times = times, .n_times = TIMES, .times_shared = true};
    mech_status status = mech_simulate(mechanism, &options, &problems, *y, &statistics, error);
    if (status == MECH_OK && statistics.failures)
        status = mech_fail(error, MECH_NUMERICAL_FAILURE, "%s: the solver did not reach the end", e->title);
    return status;
}

static void draw_example(canvas *c, const example *e, const mech_mechanism *mechanism, const double *times,
                         const double *y, box frame, bool titled_x, bool titled_y) {
    range values = {0, 1};
    const size_t n_species = mech_mechanism_n_species(mechanism);
    const panel p = {.frame = frame,
                     .x = {0, e->t_end},
                     .y = mech_range_padded(values, 0.03),
                     .x_title = titled_x ? "time" : NULL,
                     .y_title = titled_y ? "concentration" : NULL};
    legend_entry entries[MOST_SHOWN];
    setting names[MOST_SHOWN];
    size_t n = 0;
    mech_draw_panel(c, &p);
    for (const char *at = e->shown; *at && n < MOST_SHOWN; n++) {
        char name[16];
        double column[TIMES];
        size_t length = strcspn(at, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        int species = mech_mechanism_find_species(mechanism, name);
        for (size_t i = 0; i < TIMES; i++) column[i] = y[i * n_species + (size_t)species];
        mech_draw_series_line(c, &p, TIMES, times, column, (stroke){mech_series_colour(n), 1.4, 0});
        for (size_t i = 10 + 5 * n; i < TIMES; i += 40)
            mech_draw_marker(c, mech_series_marker(n), mech_panel_point(&p, times[i], column[i]), 2.3,
                             mech_series_colour(n), false);
        names[n] = mech_set_species(name);
        entries[n] = (legend_entry){names[n].words, mech_series_colour(n), mech_series_marker(n), 0};
        at += length + strspn(at + length, " ");
    }
    mech_write_words(c, (point){frame.left, frame.top - 24}, e->title, (lettering){9.5, INK, ALIGN_LEFT, true, false});
    mech_draw_legend_row(c, (point){frame.left, frame.top - 9}, entries, n, ALIGN_LEFT);
}

static mech_status add_example(canvas *c, size_t index, mech_error *error) {
    const example *e = &examples[index];
    mech_mechanism *mechanism = NULL;
    double times[TIMES], *y = NULL;
    mech_status status = mech_mechanism_parse(e->text, strlen(e->text), e->title, &mechanism, error);
    if (status == MECH_OK) status = integrate(e, mechanism, times, &y, error);
    if (status == MECH_OK) {
        size_t row = index / 3, column = index % 3;
        double left = MARGIN + LEFT + (double)column * (PANEL_WIDTH + LEFT);
        double top = HEAD + 24 + (double)row * (PANEL_HEIGHT + GAP);
        draw_example(c, e, mechanism, times, y, (box){left, top, left + PANEL_WIDTH, top + PANEL_HEIGHT}, index >= 2,
                     column == 0);
    }
    free(y);
    mech_mechanism_free(mechanism);
    return status;
}

mech_status mech_draw_solver(const mech_picture_target *target, mech_error *error) {
    canvas *c = NULL;
    const double width = 2 * MARGIN + 3 * (PANEL_WIDTH + LEFT), height = HEAD + 24 + 2 * PANEL_HEIGHT + GAP + 60;
    mech_status status = mech_canvas_open(target, width, height, "Five textbook reactions", &c, error);
    if (status != MECH_OK) return status;
    mech_write_words(c, (point){MARGIN, MARGIN + 8}, "Five textbook reactions, integrated by mechanist",
                     (lettering){12, INK, ALIGN_LEFT, true, false});
    for (size_t i = 0; i < N_EXAMPLES && status == MECH_OK; i++) status = add_example(c, i, error);
    if (status == MECH_OK) return mech_canvas_close(c, error);
    mech_canvas_discard(c);
    return status;
}
