#include "draw/mechanism/diagram.h"

#include <math.h>
#include <stdlib.h>

enum { OVERVIEW_COLUMNS = 5 };
static const double PAGE_MARGIN = 24, CELL_WIDTH = 186, CELL_HEAD = 44, CLASS_BAR = 20, CELL_GAP = 10;

/* The largest scale at which every layout fits its cell, and how high the highest then is. */
static double common_scale(const mechanism_layout *layouts, size_t n, double *height) {
    double widest = 1, highest = 1;
    for (size_t i = 0; i < n; i++) {
        widest = fmax(widest, layouts[i].bounds.right - layouts[i].bounds.left);
        highest = fmax(highest, layouts[i].bounds.bottom - layouts[i].bounds.top);
    }
    double scale = fmin(1, (CELL_WIDTH - 2 * CELL_GAP) / widest);
    *height = scale * highest;
    return scale;
}

static void draw_cell(canvas *c, point corner, const mech_mechanism *mechanism, const mechanism_layout *layout,
                      double scale, double height) {
    const lettering heading = {11, INK, ALIGN_LEFT, true, false}, title = {7.8, GREY, ALIGN_LEFT, false, false};
    const double indent = 34;
    mech_write_words(c, (point){corner.x + CELL_GAP, corner.y + 15}, mechanism->id, heading);
    mech_write_paragraph(c, (point){corner.x + indent + CELL_GAP, corner.y + 14}, mechanism->title, title,
                         CELL_WIDTH - indent - 2 * CELL_GAP, 3, false);
    const box b = layout->bounds;
    mech_canvas_begin(c,
                      (point){corner.x + CELL_WIDTH / 2 - scale * (b.left + b.right) / 2,
                              corner.y + CELL_HEAD + height / 2 - scale * (b.top + b.bottom) / 2},
                      scale, NULL);
    mech_draw_layout(c, mechanism, layout);
    mech_canvas_end(c);
}

/* The bar above the cells of a row that belong to one class. */
static void draw_class_bar(canvas *c, point corner, size_t n_cells, mech_class mechanism_class) {
    const colour ink = mech_class_colour(mechanism_class);
    const box bar = {corner.x + CELL_GAP / 2, corner.y, corner.x + (double)n_cells * CELL_WIDTH - CELL_GAP / 2,
                     corner.y + 3};
    mech_draw_rectangle(c, bar, 0, &ink, NULL);
    mech_write_words(c, (point){corner.x + CELL_GAP, corner.y + 14}, mech_class_name(mechanism_class),
                     (lettering){8.5, ink, ALIGN_LEFT, true, false});
}

mech_status mech_draw_mechanisms(const mech_picture_target *target, mech_error *error) {
    const size_t n = mech_builtin_count(), n_rows = (n + OVERVIEW_COLUMNS - 1) / OVERVIEW_COLUMNS;
    canvas *measure = NULL, *c = NULL;
    unsigned roles = 0;
    double height = 0;
    mechanism_layout *layouts = calloc(n, sizeof *layouts);
    if (!layouts) return mech_fail_memory(error);
    mech_status status = mech_canvas_open_measure(&measure, error);
    if (status != MECH_OK) goto cleanup;
    for (size_t i = 0; i < n; i++) {
        mech_lay_out_mechanism(mech_builtin(i), measure, &layouts[i]);
        roles |= mech_roles_of(mech_builtin(i));
    }
    double scale = common_scale(layouts, n, &height), row = CLASS_BAR + CELL_HEAD + height + 2 * CELL_GAP;
    double page_height = 2 * PAGE_MARGIN + (double)n_rows * row + 46;
    status = mech_canvas_open(target, 2 * PAGE_MARGIN + OVERVIEW_COLUMNS * CELL_WIDTH, page_height,
                              "Mechanisms of catalytic reactions", &c, error);
    if (status != MECH_OK) goto cleanup;
    mech_write_words(c, (point){PAGE_MARGIN + CELL_GAP, PAGE_MARGIN + 12}, "Mechanisms of catalytic reactions",
                     (lettering){14, INK, ALIGN_LEFT, true, false});
    for (size_t i = 0; i < n; i++) {
        size_t column = i % OVERVIEW_COLUMNS, line = i / OVERVIEW_COLUMNS, end = i;
        mech_class own = mech_mechanism_class(mech_builtin(i));
        point corner = {PAGE_MARGIN + (double)column * CELL_WIDTH, PAGE_MARGIN + 30 + (double)line * row};
        while (end < n && end / OVERVIEW_COLUMNS == line && mech_mechanism_class(mech_builtin(end)) == own) end++;
        if (column == 0 || mech_mechanism_class(mech_builtin(i - 1)) != own) draw_class_bar(c, corner, end - i, own);
        draw_cell(c, (point){corner.x, corner.y + CLASS_BAR}, mech_builtin(i), &layouts[i], scale, height);
    }
    mech_draw_key(c, (point){PAGE_MARGIN + CELL_GAP, page_height - PAGE_MARGIN + 4}, roles);
    status = mech_canvas_close(c, error);
cleanup:
    mech_canvas_discard(measure);
    free(layouts);
    return status;
}
