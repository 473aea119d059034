#include "draw/samples/sample_figures.h"

#include "base/error.h"
#include "base/memory.h"
#include "draw/axes/mechanism_axis.h"
#include "draw/mechanism/diagram.h"
#include "draw/samples/theta_marginal.h"

#include <math.h>
#include <stdio.h>

static const double MARGIN = 24, LEFT = 90, HEAD = 70, FOOT = 46, CELL_WIDTH = 78, CELL_HEIGHT = 34, GAP = 9;

static const char TITLE[] = "Accepted rate constants";

/* All marginals of the page: [n][columns]. */
typedef struct prior_page {
    const accepted_thetas *thetas;
    size_t n, columns;
    theta_marginal *marginals;
    double highest; /* density that reaches the top of a cell */
} prior_page;

/* Whole decades that hold all rate constants of the page, so that every cell has the same axis; *known is false where
 * priors say what the axes are. */
static range find_decades(const accepted_thetas *thetas, size_t n, bool *known) {
    range decades = EMPTY_RANGE;
    *known = true;
    for (size_t i = 0; i < n; i++) {
        *known = *known && !thetas[i].ranges;
        for (size_t j = 0; j < thetas[i].n * thetas[i].n_k; j++) mech_range_include(&decades, log10(thetas[i].k[j]));
    }
    decades = (range){floor(decades.low), ceil(decades.high)};
    if (!(decades.high > decades.low)) decades.high = decades.low + 1;
    return decades;
}

static mech_status find_page(const accepted_thetas *thetas, size_t n, prior_page *page, mech_error *error) {
    *page = (prior_page){.thetas = thetas, .n = n, .columns = 1};
    for (size_t i = 0; i < n; i++) page->columns = thetas[i].n_k > page->columns ? thetas[i].n_k : page->columns;
    page->marginals = mech_allocate_array(n, page->columns * sizeof *page->marginals);
    if (!page->marginals) return mech_fail_memory(error);
    bool known = false;
    const range decades = find_decades(thetas, n, &known);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < thetas[i].n_k; k++) {
            theta_marginal *m = &page->marginals[i * page->columns + k];
            mech_find_marginal(&thetas[i], k, known ? &decades : NULL, m);
            for (size_t bin = 0; bin < MARGINAL_BINS; bin++) page->highest = fmax(page->highest, m->density[bin]);
        }
    return MECH_OK;
}

static box cell_box(size_t row, size_t column) {
    const double left = LEFT + (double)column * (CELL_WIDTH + GAP), top = HEAD + (double)row * (CELL_HEIGHT + GAP);
    return (box){left, top, left + CELL_WIDTH, top + CELL_HEIGHT};
}

/* Whether a cell further down shows the same range, whose numbers then serve this one, too. */
static bool is_numbered_below(const prior_page *page, size_t row, size_t column) {
    const range own = page->marginals[row * page->columns + column].logs;
    for (size_t i = row + 1; i < page->n; i++) {
        if (column >= page->thetas[i].n_k) continue;
        const range next = page->marginals[i * page->columns + column].logs;
        return next.low == own.low && next.high == own.high;
    }
    return false;
}

static void draw_cell(canvas *c, const prior_page *page, size_t row, size_t column) {
    const theta_marginal *m = &page->marginals[row * page->columns + column];
    const panel p = {.frame = cell_box(row, column),
                     .x = m->logs,
                     .y = {0, page->highest},
                     .x_kind = AXIS_LOGARITHMIC,
                     .y_kind = AXIS_BARE,
                     .hide_x_numbers = is_numbered_below(page, row, column)};
    mech_draw_panel(c, &p);
    mech_draw_marginal(c, &p, m, mech_class_colour(mech_mechanism_class(page->thetas[row].mechanism)));
    mech_write_words(c, (point){p.frame.left + 4, p.frame.top + 7}, m->name.words,
                     (lettering){8.5, INK, ALIGN_LEFT, false, false});
}

/* The bar beside the rows of one class. */
static void draw_class_bar(canvas *c, const prior_page *page, size_t first, size_t of_class) {
    const mech_class own = mech_mechanism_class(page->thetas[first].mechanism);
    const colour ink = mech_class_colour(own);
    const box top = cell_box(first, 0), bottom = cell_box(first + of_class - 1, 0);
    const lettering name = {8, ink, ALIGN_CENTRE, true, false};
    mech_draw_rectangle(c, (box){MARGIN + 14, top.top, MARGIN + 16.5, bottom.bottom}, 0, &ink, NULL);
    if (mech_words_width(c, mech_class_name(own), name) < bottom.bottom - top.top + GAP)
        mech_write_upwards(c, (point){MARGIN + 9, (top.top + bottom.bottom) / 2}, mech_class_name(own), name);
}

static void draw_row_name(canvas *c, const accepted_thetas *thetas, size_t row) {
    const double middle = cell_box(row, 0).bottom - CELL_HEIGHT / 2;
    const bool has_share = isfinite(thetas->accepted_share);
    char words[MAX_SETTING + 4];
    lettering name = {9, INK, ALIGN_RIGHT, true, false};
    /* A long id is written smaller, so that it leaves room for the bar of its class. */
    const double room = LEFT - 9 - (MARGIN + 19),
                 width = mech_words_width(c, mech_mechanism_id(thetas->mechanism), name);
    if (width > room) name.size *= room / width;
    mech_write_words(c, (point){LEFT - 9, has_share ? middle - 1 : middle + 3}, mech_mechanism_id(thetas->mechanism),
                     name);
    if (!has_share) return;
    snprintf(words, sizeof words, "%s %%", mech_set_number(100 * thetas->accepted_share, 2).words);
    mech_write_words(c, (point){LEFT - 9, middle + 10}, words, (lettering){7.5, GREY, ALIGN_RIGHT, false, false});
}

static void draw_page(canvas *c, const prior_page *page, const mech_mechanism *const *mechanisms, const char *what) {
    const lettering small = {8.5, GREY, ALIGN_LEFT, false, false};
    const box last = cell_box(page->n - 1, page->columns - 1);
    mech_write_words(c, (point){MARGIN, MARGIN + 8}, TITLE, (lettering){12, INK, ALIGN_LEFT, true, false});
    mech_write_paragraph(c, (point){MARGIN, MARGIN + 24}, what, small, last.right - MARGIN, 2, false);
    for (size_t i = 0, of_class; i < page->n; i += of_class) {
        of_class = mech_mechanisms_of_class(mechanisms, page->n, i);
        draw_class_bar(c, page, i, of_class);
    }
    for (size_t i = 0; i < page->n; i++) {
        draw_row_name(c, &page->thetas[i], i);
        for (size_t k = 0; k < page->thetas[i].n_k; k++) draw_cell(c, page, i, k);
    }
    mech_write_words(c, (point){(LEFT + last.right) / 2, last.bottom + 32}, THETA_AXIS,
                     (lettering){9, INK, ALIGN_CENTRE, false, false});
}

mech_status mech_draw_prior(const accepted_thetas *thetas, size_t n, const char *what,
                            const mech_picture_target *target, mech_error *error) {
    prior_page page;
    canvas *c = NULL;
    const mech_mechanism **mechanisms = mech_allocate_array(n, sizeof(const mech_mechanism *));
    mech_status status = find_page(thetas, n, &page, error);
    if (status == MECH_OK && !mechanisms) status = mech_fail_memory(error);
    if (status != MECH_OK) goto cleanup;
    for (size_t i = 0; i < n; i++) mechanisms[i] = thetas[i].mechanism;
    const box last = cell_box(n - 1, page.columns - 1);
    status = mech_canvas_open(target, fmax(last.right + MARGIN, 420), last.bottom + FOOT, TITLE, &c, error);
    if (status != MECH_OK) goto cleanup;
    draw_page(c, &page, mechanisms, what);
    status = mech_canvas_close(c, error);
cleanup:
    mech_release_array(mechanisms);
    mech_release_array(page.marginals);
    return status;
}
