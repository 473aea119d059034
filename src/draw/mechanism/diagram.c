#include "draw/mechanism/diagram.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How a catalyst form is shown by what it does. */
static const struct {
    mech_role role;
    const char *words;
    const colour *ink;
} looks[] = {
    {MECH_ROLE_CATALYST, "in the catalytic cycle", &BLUE},
    {MECH_ROLE_PRECATALYST, "precatalyst", &ORANGE},
    {MECH_ROLE_OFF_CYCLE, "off-cycle", &PURPLE},
    {MECH_ROLE_INACTIVE, "inactive", &GREY},
};
enum { N_LOOKS = sizeof looks / sizeof looks[0] };

static const double STROKE = 1.1;
static const double HARPOON_GAP = 1.7; /* of each half of an equilibrium arrow from its path */
static const double HEAD = 6;          /* length of an arrow head */

static size_t look_of(mech_role role) {
    for (size_t i = 0; i < N_LOOKS; i++)
        if (looks[i].role == role) return i;
    return 0;
}

static void draw_form(canvas *c, box place, mech_role role) {
    size_t look = look_of(role);
    const colour ink = *looks[look].ink, fill = mech_tint(ink, 0.14);
    const stroke rim = {ink, STROKE, role == MECH_ROLE_INACTIVE ? 3 : 0};
    mech_draw_rectangle(c, place, 5, &fill, &rim);
}

/* A point `back` before the end of a path, measured along it; *last receives the index of the point before it. */
static point before_end(const point *path, size_t n, double back, size_t *last) {
    size_t i = n - 1;
    while (i > 0) {
        double length = hypot(path[i].x - path[i - 1].x, path[i].y - path[i - 1].y);
        if (length >= back && length > 0) {
            double share = back / length;
            *last = i - 1;
            return (point){path[i].x + share * (path[i - 1].x - path[i].x),
                           path[i].y + share * (path[i - 1].y - path[i].y)};
        }
        back -= length;
        i--;
    }
    *last = 0;
    return path[0];
}

/* A path with a head at its end: whole, or only the half of it to the left (half = 1) or right (-1). */
static void draw_headed(canvas *c, const point *path, double length, double half, colour ink) {
    size_t last = 0;
    point shaft[ARROW_POINTS + 1];
    point tip = path[ARROW_POINTS - 1], base = before_end(path, ARROW_POINTS, length, &last);
    memcpy(shaft, path, (last + 1) * sizeof *shaft);
    shaft[last + 1] = half == 0 ? base : tip;
    mech_draw_polyline(c, shaft, last + 2, (stroke){ink, STROKE, 0});
    if (half != 0) mech_draw_line(c, base, tip, (stroke){ink, STROKE, 0});
    double dx = (tip.x - base.x) / length, dy = (tip.y - base.y) / length, wing = 0.42 * length;
    point left = {base.x + wing * dy, base.y - wing * dx}, right = {base.x - wing * dy, base.y + wing * dx};
    const point corners[] = {tip, half < 0 ? base : left, half > 0 ? base : right};
    mech_draw_polygon(c, corners, 3, ink);
}

/* The path moved sideways, to the left of its direction, and, with `turned`, run through backwards. */
static void shift_path(const point *path, double left, bool turned, point *shifted) {
    for (int i = 0; i < ARROW_POINTS; i++) {
        int before = i > 0 ? i - 1 : 0, after = i + 1 < ARROW_POINTS ? i + 1 : i;
        double dx = path[after].x - path[before].x, dy = path[after].y - path[before].y, length = hypot(dx, dy);
        double share = length > 0 ? left / length : 0;
        shifted[turned ? ARROW_POINTS - 1 - i : i] = (point){path[i].x + share * dy, path[i].y - share * dx};
    }
}

static void draw_arrow(canvas *c, const arrow *a) {
    point half[ARROW_POINTS];
    switch (a->kind) {
    case ARROW_ONE_WAY:
        draw_headed(c, a->path, HEAD, 0, INK);
        break;
    case ARROW_REVERSIBLE:
        shift_path(a->path, HARPOON_GAP, false, half);
        draw_headed(c, half, HEAD, 1, INK);
        shift_path(a->path, -HARPOON_GAP, true, half);
        draw_headed(c, half, HEAD, 1, INK);
        break;
    case ARROW_ENTERING:
        mech_draw_polyline(c, a->path, ARROW_POINTS, (stroke){GREY, 0.9, 0});
        break;
    case ARROW_LEAVING:
        draw_headed(c, a->path, 0.8 * HEAD, 0, GREY);
        break;
    }
}

/* Words in the middle of their box: capital letters of DejaVu Sans are 0.73 of the font's size high. */
static void write_centred(canvas *c, point centre, const char *words, lettering letters) {
    mech_write_words(c, (point){centre.x, centre.y + 0.36 * letters.size}, words, letters);
}

void mech_draw_layout(canvas *c, const mech_mechanism *mechanism, const mechanism_layout *layout) {
    for (int i = 0; i < layout->n_arrows; i++) draw_arrow(c, &layout->arrows[i]);
    for (int i = 0; i < layout->n_nodes; i++) {
        const diagram_node *node = &layout->nodes[i];
        draw_form(c, node->place, mechanism->species[node->species].role);
        write_centred(c, node->centre, mech_set_species(mechanism->species[node->species].name).words, NODE_LETTERS);
    }
    for (int i = 0; i < layout->n_labels; i++)
        write_centred(c, layout->labels[i].centre, layout->labels[i].words,
                      layout->labels[i].rate_constants ? RATE_LETTERS : MOLECULE_LETTERS);
}

static const double KEY_FORM = 21, KEY_GAP = 16; /* from a form to its words, and behind these */

static lettering key_letters(void) { return (lettering){8.5, GREY, ALIGN_LEFT, false, false}; }

void mech_draw_key(canvas *c, point at, unsigned roles) {
    const lettering letters = key_letters();
    for (size_t i = 0; i < N_LOOKS; i++) {
        if (!(roles & 1u << looks[i].role)) continue;
        draw_form(c, (box){at.x, at.y - 9, at.x + 16, at.y}, looks[i].role);
        mech_write_words(c, (point){at.x + KEY_FORM, at.y - 1.5}, looks[i].words, letters);
        at.x += KEY_FORM + mech_words_width(c, looks[i].words, letters) + KEY_GAP;
    }
}

static double key_width(canvas *measure, unsigned roles) {
    double width = 0;
    for (size_t i = 0; i < N_LOOKS; i++)
        if (roles & 1u << looks[i].role)
            width += KEY_FORM + mech_words_width(measure, looks[i].words, key_letters()) + KEY_GAP;
    return width - KEY_GAP;
}

colour mech_class_colour(mech_class mechanism_class) {
    switch (mechanism_class) {
    case MECH_CLASS_CORE:
        return BLUE;
    case MECH_CLASS_BICATALYTIC:
        return PURPLE;
    case MECH_CLASS_ACTIVATION:
        return ORANGE;
    case MECH_CLASS_DEACTIVATION:
        return VERMILLION;
    default:
        return GREEN;
    }
}

unsigned mech_roles_of(const mech_mechanism *mechanism) {
    unsigned roles = 0;
    for (int i = 0; i < mechanism->n_species; i++) roles |= 1u << mechanism->species[i].role;
    return roles;
}

enum { MOST_LINES = 5 }; /* of a title */

mech_status mech_draw_mechanism(const mech_mechanism *mechanism, const mech_picture_target *target, mech_error *error) {
    const lettering heading = {13, INK, ALIGN_LEFT, true, false}, title = {9.5, GREY, ALIGN_LEFT, false, false};
    const double margin = 20, least_width = 340;
    canvas *measure = NULL, *c = NULL;
    char words[MAX_ID + MAX_TITLE + 2];
    mechanism_layout *layout = calloc(1, sizeof *layout);
    if (!layout) return mech_fail_memory(error);
    mech_status status = mech_canvas_open_measure(&measure, error);
    if (status != MECH_OK) goto cleanup;
    mech_lay_out_mechanism(mechanism, measure, layout);
    const box b = layout->bounds;
    const double widest = fmax(b.right - b.left, key_width(measure, mech_roles_of(mechanism)));
    double width = fmax(least_width, widest + 2 * margin), text_width = width - 2 * margin;
    size_t n_lines =
        mech_write_paragraph(measure, (point){0, 0}, mechanism->title, title, text_width, MOST_LINES, true);
    double head = margin + 26 + (double)n_lines * mech_line_height(title);
    double height = head + b.bottom - b.top + 2 * margin + 22;
    snprintf(words, sizeof words, "%s: %s", mechanism->id, mechanism->title);
    status = mech_canvas_open(target, width, height, words, &c, error);
    if (status != MECH_OK) goto cleanup;
    const colour ink = mech_class_colour(mechanism->mechanism_class);
    mech_draw_rectangle(c, (box){0, 0, width, 4}, 0, &ink, NULL);
    mech_write_words(c, (point){margin, margin + 13}, mechanism->id, heading);
    mech_write_words(c, (point){width - margin, margin + 13}, mech_class_name(mechanism->mechanism_class),
                     (lettering){9.5, ink, ALIGN_RIGHT, true, false});
    mech_write_paragraph(c, (point){margin, margin + 30}, mechanism->title, title, text_width, MOST_LINES, false);
    mech_canvas_begin(c, (point){width / 2 - (b.left + b.right) / 2, head + margin - b.top}, 1, NULL);
    mech_draw_layout(c, mechanism, layout);
    mech_canvas_end(c);
    mech_draw_key(c, (point){margin, height - margin + 5}, mech_roles_of(mechanism));
    status = mech_canvas_close(c, error);
cleanup:
    mech_canvas_discard(measure);
    free(layout);
    return status;
}
