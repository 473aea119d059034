#include "draw/architecture/architecture_figure.h"

#include "draw/architecture/graph_labels.h"
#include "draw/architecture/graph_layout.h"
#include "draw/canvas/lettering.h"
#include "learn/model/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double MARGIN = 24, HEAD = 66, LEAST_WIDTH = 380, PADDING = 9, LINE = 13, ARROW_HEAD = 6;
static const lettering TITLE = {9.5, {0.13, 0.13, 0.15}, ALIGN_CENTRE, true, false};
static const lettering SHAPE = {9, {0.13, 0.13, 0.15}, ALIGN_CENTRE, false, false};
static const lettering PARAMETERS = {8, {0.42, 0.44, 0.47}, ALIGN_CENTRE, false, false};

static double box_height(const node_label *label) {
    return 2 * PADDING + LINE * (label->parameters.words[0] ? 2 : 1) + 8;
}

/* One width for all boxes: that of the longest line in any. */
static double box_width(canvas *measure, const node_label *labels, int n) {
    double width = 0;
    for (int i = 0; i < n; i++) {
        width = fmax(width, mech_words_width(measure, labels[i].title.words, TITLE));
        width = fmax(width, mech_words_width(measure, labels[i].shape.words, SHAPE));
        width = fmax(width, mech_words_width(measure, labels[i].parameters.words, PARAMETERS));
    }
    return width + 2 * PADDING;
}

static void draw_link(canvas *c, const graph_link *link) {
    const stroke line = {INK, 1.1, 0};
    point path[LINK_POINTS];
    for (int i = 0; i < LINK_POINTS; i++) path[i] = link->path[i];
    const point tip = path[LINK_POINTS - 1];
    if (link->arrives) path[LINK_POINTS - 1].y -= ARROW_HEAD;
    mech_draw_polyline(c, path, LINK_POINTS, line);
    if (!link->arrives) return;
    const point corners[] = {
        tip, {tip.x - 0.45 * ARROW_HEAD, tip.y - ARROW_HEAD}, {tip.x + 0.45 * ARROW_HEAD, tip.y - ARROW_HEAD}};
    mech_draw_polygon(c, corners, 3, INK);
}

static void draw_node(canvas *c, box place, const node_label *label) {
    const colour fill = mech_tint(label->ink, 0.14);
    const stroke rim = {label->ink, 1.1, 0};
    const double x = (place.left + place.right) / 2;
    double y = place.top + PADDING + 8;
    mech_draw_rectangle(c, place, 5, &fill, &rim);
    mech_write_words(c, (point){x, y}, label->title.words, TITLE);
    mech_write_words(c, (point){x, y += LINE}, label->shape.words, SHAPE);
    if (label->parameters.words[0]) mech_write_words(c, (point){x, y + LINE}, label->parameters.words, PARAMETERS);
}

mech_status mech_draw_graph(const graph *g, const char *title, const mech_picture_target *target, mech_error *error) {
    node_label labels[MAX_NODES];
    double heights[MAX_NODES];
    canvas *measure = NULL, *c = NULL;
    char words[192];
    graph_layout *layout = calloc(1, sizeof *layout);
    mech_status status = layout ? mech_canvas_open_measure(&measure, error) : mech_fail_memory(error);
    if (status != MECH_OK) goto cleanup;
    for (int i = 0; i < g->n_nodes; i++) {
        labels[i] = mech_label_node(g, i);
        heights[i] = box_height(&labels[i]);
    }
    mech_lay_out_graph(g, box_width(measure, labels, g->n_nodes), heights, layout);
    const box b = layout->bounds;
    const double width = fmax(b.right - b.left + 2 * MARGIN, LEAST_WIDTH);
    status = mech_canvas_open(target, width, HEAD + b.bottom - b.top + MARGIN, title, &c, error);
    if (status != MECH_OK) goto cleanup;
    mech_write_words(c, (point){MARGIN, MARGIN + 8}, title, (lettering){12, INK, ALIGN_LEFT, true, false});
    snprintf(words, sizeof words, "%s parameters; shapes are those of one sample, T: its points in time",
             mech_set_count(g->n_parameters).words);
    mech_write_words(c, (point){MARGIN, MARGIN + 24}, words, (lettering){8.5, GREY, ALIGN_LEFT, false, false});
    mech_canvas_begin(c, (point){width / 2 - (b.left + b.right) / 2, HEAD - b.top}, 1, NULL);
    for (int i = 0; i < layout->n_links; i++) draw_link(c, &layout->links[i]);
    for (int i = 0; i < g->n_nodes; i++) draw_node(c, mech_graph_box(layout, i), &labels[i]);
    mech_canvas_end(c);
    status = mech_canvas_close(c, error);
cleanup:
    mech_canvas_discard(measure);
    free(layout);
    return status;
}

mech_status mech_draw_architecture(const mech_model *model, const mech_picture_target *target, mech_error *error) {
    char title[96];
    snprintf(title, sizeof title, "Network %s", model->g.network);
    return mech_draw_graph(&model->g, title, target, error);
}
