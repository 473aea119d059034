/* Fits of a run set on one page: a cell for each run, and the mechanisms by evidence below them. */
#include "draw/fits/fits_figure.h"

#include "base/error.h"
#include "draw/canvas/notation.h"
#include "draw/fits/evidence_rows.h"
#include "draw/fits/run_cell.h"

#include <math.h>
#include <stdio.h>

static const double WIDE_MARGIN = 24, LEFT = 46, ACROSS = 36, ROW_GAP = 26, LEGEND_ROW = 14, BOTTOM = 44;
static const double NARROW_PANEL = 236, NARROW_HEIGHT = 130, NARROW_MARGIN = 6;

/* Mechanisms from this probability on have curves. */
static const double WORTH_DRAWING = 0.05;

typedef struct page {
    fit_cells cells;
    const char *title;
    canvas *c;
    size_t n_runs, columns, rows;
    double head, legend, note, evidence; /* where they begin, from the top */
    double width, margin;
    fits_place place;
} page;

static void lay_out(page *g) {
    const bool narrow = g->place == FITS_NARROW;
    static const struct {
        size_t most_runs, columns;
        double width, height;
    } layouts[] = {{1, 1, 540, 230}, {4, 2, 278, 150}, {9, 3, 190, 124}, {MECH_MOST_RUNS, 4, 150, 104}};
    size_t i = 0;
    while (layouts[i].most_runs < g->n_runs) i++;
    g->columns = narrow ? 1 : layouts[i].columns;
    g->rows = (g->n_runs + g->columns - 1) / g->columns;
    g->cells.width = narrow ? NARROW_PANEL : layouts[i].width;
    g->cells.height = narrow ? NARROW_HEIGHT : layouts[i].height;
    g->margin = narrow ? NARROW_MARGIN : WIDE_MARGIN;
    g->width = 2 * g->margin + LEFT + (double)g->columns * (g->cells.width + ACROSS) - ACROSS + 6;
}

static double cell_height(const page *g) { return CELL_HEAD + g->cells.height + CELL_BELOW; }

/* "None of these ..." where it is so; else which mechanisms come first. */
static void describe_verdict(const mech_fits *fits, char *words, size_t room) {
    int n = 0;
    if (fits->none_of_these.flagged)
        n = snprintf(words, room, "None of these mechanisms explains the readings well: %s. Nearest: ", fits->doubt);
    for (size_t i = 0; i < fits->n_mechanisms && i < MOST_CURVES && n >= 0 && (size_t)n < room; i++)
        if (i == 0 || fits->mechanisms[i].probability >= WORTH_DRAWING)
            n += snprintf(words + n, room - (size_t)n, "%s%.40s\xC2\xA0%.0f\xC2\xA0%%", i ? ", " : "",
                          mech_mechanism_id(fits->mechanisms[i].mechanism), 100 * fits->mechanisms[i].probability);
    if (fits->n_alike && n >= 0 && (size_t)n < room)
        n += snprintf(words + n, room - (size_t)n, ". These readings do not tell apart: ");
    for (size_t i = 0; i < fits->n_alike && n >= 0 && (size_t)n < room; i++)
        n += snprintf(words + n, room - (size_t)n, "%s%.40s", i ? ", " : "", fits->alike[i]);
}

/* How an entry of the legend is drawn. */
typedef enum sample_kind { SAMPLE_MARKER, SAMPLE_LINE, SAMPLE_BAND } sample_kind;

typedef struct sample_entry {
    sample_kind kind;
    colour ink;
    marker shape;
    double dash;
    char words[96];
} sample_entry;

static const lettering LEGEND_LETTERS = {8.5, {0.13, 0.13, 0.15}, ALIGN_LEFT, false, false};

static void draw_sample(canvas *c, point at, const sample_entry *e) {
    const double y = at.y - 3;
    const colour shade = mech_tint(e->ink, 0.22);
    if (e->kind == SAMPLE_MARKER) mech_draw_marker(c, e->shape, (point){at.x + 9, y}, 2.6, e->ink, true);
    if (e->kind == SAMPLE_BAND) mech_draw_rectangle(c, (box){at.x, y - 4, at.x + 18, y + 4}, 0, &shade, NULL);
    if (e->kind != SAMPLE_MARKER)
        mech_draw_line(c, (point){at.x, y}, (point){at.x + 18, y}, (stroke){e->ink, 1.2, e->dash});
    mech_write_words(c, (point){at.x + 24, at.y}, e->words, LEGEND_LETTERS);
}

enum { MOST_ENTRIES = 8 };

static size_t list_entries(const page *g, sample_entry *entries) {
    const mech_run_set *set = mech_fits_runs(g->cells.fits);
    bool measured[3] = {false};
    size_t n = 0;
    for (size_t i = 0; i < g->n_runs; i++) {
        const mech_run *r = mech_run_set_run(set, i);
        measured[0] |= r->substrate != NULL;
        measured[1] |= r->product != NULL;
        measured[2] |= r->active != NULL;
    }
    if (measured[0]) entries[n++] = (sample_entry){SAMPLE_MARKER, SUBSTRATE_INK, MARKER_CIRCLE, 0, "[S] read"};
    if (measured[1]) entries[n++] = (sample_entry){SAMPLE_MARKER, PRODUCT_INK, MARKER_SQUARE, 0, "[P] read"};
    for (size_t rank = 0; rank < g->cells.n_curves; rank++) {
        const mech_mechanism_fit *f = &g->cells.fits->mechanisms[rank];
        entries[n] = (sample_entry){SAMPLE_LINE, GREY, MARKER_CIRCLE, mech_curve_dash(rank), ""};
        if (rank == 0 && f->n_runs) entries[n].kind = SAMPLE_BAND;
        snprintf(entries[n].words, sizeof entries[n].words, "%.40s%s", mech_mechanism_id(f->mechanism),
                 entries[n].kind == SAMPLE_BAND ? " with 95 % band" : "");
        n++;
    }
    entries[n++] =
        (sample_entry){SAMPLE_BAND, ACTIVE_INK, MARKER_CIRCLE, 0, "active catalyst, all mechanisms, 95 % band"};
    if (measured[2]) entries[n++] = (sample_entry){SAMPLE_MARKER, INK, MARKER_DIAMOND, 0, "active catalyst read"};
    return n;
}

/* Entries beside each other in as many rows as they take; returns the rows. */
static size_t draw_legend(const page *g, canvas *c, point at, double right, bool measure_only) {
    sample_entry entries[MOST_ENTRIES];
    const size_t n = list_entries(g, entries);
    const double left = at.x;
    size_t rows = 1;
    for (size_t i = 0; i < n; i++) {
        const double width = 24 + mech_words_width(c, entries[i].words, LEGEND_LETTERS);
        if (at.x > left && at.x + width > right) {
            at.x = left;
            at.y += LEGEND_ROW;
            rows++;
        }
        if (!measure_only) draw_sample(c, at, &entries[i]);
        at.x += width + 18;
    }
    return rows;
}

static const char NOTE[] =
    "residual: reading less curve of the first mechanism, in % of [S]_{0}; grey: twice the noise";

static double note_height(const page *g, canvas *c, bool measure_only) {
    const lettering small = {8, GREY, ALIGN_LEFT, false, false};
    const size_t lines =
        mech_write_paragraph(c, (point){g->margin, g->note}, NOTE, small, g->width - 2 * g->margin, 3, measure_only);
    return (double)lines * mech_line_height(small);
}

static double verdict_height(const page *g, canvas *c, const char *verdict, bool measure_only) {
    const lettering words = {9, INK, ALIGN_LEFT, g->cells.fits->none_of_these.flagged, false};
    const size_t lines = mech_write_paragraph(c, (point){g->margin, g->margin + 25}, verdict, words,
                                              g->width - 2 * g->margin, 4, measure_only);
    return (double)lines * mech_line_height(words);
}

static mech_status draw_page(const page *g, const char *verdict, mech_error *error) {
    const mech_fits *fits = g->cells.fits;
    const double right = g->width - g->margin;
    mech_status status = MECH_OK;
    if (g->place == FITS_ALONE) {
        mech_write_paragraph(g->c, (point){g->margin, g->margin + 8}, g->title,
                             (lettering){12, INK, ALIGN_LEFT, true, false}, right - g->margin, 1, false);
        verdict_height(g, g->c, verdict, false);
    }
    for (size_t i = 0; i < g->n_runs && status == MECH_OK; i++) {
        const size_t column = i % g->columns, row = i / g->columns;
        const point corner = {g->margin + LEFT + (double)column * (g->cells.width + ACROSS),
                              g->head + (double)row * (cell_height(g) + ROW_GAP)};
        status = mech_draw_run_cell(g->c, &g->cells, i, corner, column == 0, i + g->columns >= g->n_runs, error);
    }
    draw_legend(g, g->c, (point){g->margin, g->legend}, right, false);
    note_height(g, g->c, false);
    if (g->place != FITS_NARROW)
        mech_draw_evidence(g->c, fits, (box){g->margin, g->evidence, right, g->evidence + mech_evidence_height(fits)});
    return status;
}

mech_status mech_draw_fits(const mech_fits *fits, const char *title, const mech_picture_target *target,
                           mech_error *error) {
    return mech_draw_fits_page(fits, title, FITS_ALONE, target, error);
}

mech_status mech_draw_fits_page(const mech_fits *fits, const char *title, fits_place place,
                                const mech_picture_target *target, mech_error *error) {
    page g = {.cells = {.fits = fits}, .title = title, .n_runs = fits->n_runs, .place = place};
    canvas *measure = NULL;
    char verdict[640] = "";
    if (!fits->mechanisms[0].fitted)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there is nothing to draw: no mechanism was fitted");
    while (g.cells.n_curves < fits->n_mechanisms && g.cells.n_curves < MOST_CURVES &&
           (!g.cells.n_curves || fits->mechanisms[g.cells.n_curves].probability >= WORTH_DRAWING))
        g.cells.n_curves++;
    lay_out(&g);
    describe_verdict(fits, verdict, sizeof verdict);
    mech_status status = mech_measure_cells(&g.cells, error);
    if (status == MECH_OK) status = mech_canvas_open_measure(&measure, error);
    if (status != MECH_OK) return status;
    g.head = place == FITS_ALONE ? g.margin + 22 + verdict_height(&g, measure, verdict, true) : g.margin;
    g.legend = g.head + (double)g.rows * (cell_height(&g) + ROW_GAP) - ROW_GAP + BOTTOM;
    g.note = g.legend + LEGEND_ROW * (double)draw_legend(&g, measure, (point){g.margin, 0}, g.width - g.margin, true);
    g.evidence = g.note + note_height(&g, measure, true) + 8;
    mech_canvas_discard(measure);
    const double height = g.evidence + (place == FITS_NARROW ? 0 : mech_evidence_height(fits) + 6);
    status = mech_canvas_open(target, g.width, height, title, &g.c, error);
    if (status != MECH_OK) return status;
    status = draw_page(&g, verdict, error);
    if (status != MECH_OK) {
        mech_canvas_discard(g.c);
        return status;
    }
    return mech_canvas_close(g.c, error);
}
