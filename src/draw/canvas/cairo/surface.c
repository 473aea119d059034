/* The surface drawn by Cairo: SVG, PDF and PNG. */
#include "draw/canvas/surface.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct surface {
    cairo_surface_t *page;
    cairo_t *cairo;
};

/* Pixels of a PNG for each point: 216 to the inch. */
static const double PIXELS_PER_POINT = 3;

static cairo_status_t take_bytes(void *closure, const unsigned char *bytes, unsigned length) {
    text *content = closure;
    mech_text_append(content, (const char *)bytes, length);
    return content->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static void open_page(canvas *c) {
    surface *s = c->surface;
    switch (c->format) {
    case MECH_PICTURE_SVG:
        s->page = cairo_svg_surface_create_for_stream(take_bytes, &c->content, c->width, c->height);
        break;
    case MECH_PICTURE_PDF:
        s->page = cairo_pdf_surface_create_for_stream(take_bytes, &c->content, c->width, c->height);
        cairo_pdf_surface_set_metadata(s->page, CAIRO_PDF_METADATA_TITLE, c->title);
        /* Without a date of its own the file would hold the time of drawing, and no two would be the same. */
        cairo_pdf_surface_set_metadata(s->page, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
        break;
    case MECH_PICTURE_BY_ENDING: /* was decided on when the canvas was opened */
    case MECH_PICTURE_PNG:
        s->page = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(c->width * PIXELS_PER_POINT),
                                             (int)ceil(c->height * PIXELS_PER_POINT));
        break;
    }
    s->cairo = cairo_create(s->page);
    if (c->format == MECH_PICTURE_PNG) cairo_scale(s->cairo, PIXELS_PER_POINT, PIXELS_PER_POINT);
}

mech_status mech_surface_open(canvas *c, mech_error *error) {
    c->surface = calloc(1, sizeof *c->surface);
    if (!c->surface) return mech_fail_memory(error);
    open_page(c);
    cairo_t *cairo = c->surface->cairo;
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_set_font_options(cairo, options);
    cairo_font_options_destroy(options);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    return MECH_OK;
}

/* Takes away the number that Cairo gives each surface of a process ("surface12"), so that a figure does not depend on
 * how many were drawn before it. Nothing refers to that name. */
static void remove_number(text *t) {
    static const char name[] = "<g id=\"surface";
    char *found = t->characters ? strstr(t->characters, name) : NULL;
    if (!found) return;
    found += sizeof name - 1;
    const size_t digits = strspn(found, "0123456789");
    memmove(found, found + digits, strlen(found + digits) + 1);
    t->length -= digits;
}

mech_status mech_surface_finish(canvas *c, mech_error *error) {
    surface *s = c->surface;
    cairo_status_t drawn = cairo_status(s->cairo);
    if (drawn == CAIRO_STATUS_SUCCESS && c->format == MECH_PICTURE_PNG)
        drawn = cairo_surface_write_to_png_stream(s->page, take_bytes, &c->content);
    cairo_surface_finish(s->page);
    if (drawn == CAIRO_STATUS_SUCCESS) drawn = cairo_surface_status(s->page);
    if (drawn == CAIRO_STATUS_NO_MEMORY) return mech_fail_memory(error);
    if (drawn != CAIRO_STATUS_SUCCESS)
        return mech_fail(error, MECH_NUMERICAL_FAILURE, "the figure cannot be drawn: %s",
                         cairo_status_to_string(drawn));
    if (c->format == MECH_PICTURE_SVG) remove_number(&c->content);
    return MECH_OK;
}

void mech_surface_free(surface *s) {
    if (!s) return;
    if (s->cairo) cairo_destroy(s->cairo);
    if (s->page) cairo_surface_destroy(s->page);
    free(s);
}

static void choose_font(canvas *c, lettering style, double size) {
    cairo_select_font_face(c->surface->cairo, "DejaVu Sans",
                           style.italic ? CAIRO_FONT_SLANT_ITALIC : CAIRO_FONT_SLANT_NORMAL,
                           style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(c->surface->cairo, size);
}

double mech_surface_width(canvas *c, const char *words, lettering style, double size) {
    cairo_text_extents_t extents;
    choose_font(c, style, size);
    cairo_text_extents(c->surface->cairo, words, &extents);
    return extents.x_advance;
}

void mech_surface_write(canvas *c, point at, const char *words, lettering style, double size) {
    choose_font(c, style, size);
    cairo_set_source_rgb(c->surface->cairo, style.ink.red, style.ink.green, style.ink.blue);
    cairo_move_to(c->surface->cairo, at.x, at.y);
    cairo_show_text(c->surface->cairo, words);
    cairo_new_path(c->surface->cairo);
}

void mech_surface_turn(canvas *c, point origin) {
    cairo_save(c->surface->cairo);
    cairo_translate(c->surface->cairo, origin.x, origin.y);
    cairo_rotate(c->surface->cairo, -acos(0));
}

static void use_colour(canvas *c, colour ink) { cairo_set_source_rgb(c->surface->cairo, ink.red, ink.green, ink.blue); }

static void stroke_path(canvas *c, stroke s) {
    use_colour(c, s.ink);
    cairo_set_line_width(c->surface->cairo, s.width);
    cairo_set_dash(c->surface->cairo, &s.dash, s.dash > 0 ? 1 : 0, 0);
    cairo_stroke(c->surface->cairo);
}

void mech_draw_line(canvas *c, point from, point to, stroke s) {
    cairo_move_to(c->surface->cairo, from.x, from.y);
    cairo_line_to(c->surface->cairo, to.x, to.y);
    stroke_path(c, s);
}

static void trace(canvas *c, const point *points, size_t n) {
    cairo_new_path(c->surface->cairo);
    for (size_t i = 0; i < n; i++) cairo_line_to(c->surface->cairo, points[i].x, points[i].y);
}

void mech_draw_polyline(canvas *c, const point *points, size_t n, stroke s) {
    trace(c, points, n);
    stroke_path(c, s);
}

void mech_draw_polygon(canvas *c, const point *corners, size_t n, colour fill) {
    trace(c, corners, n);
    cairo_close_path(c->surface->cairo);
    use_colour(c, fill);
    cairo_fill(c->surface->cairo);
}

void mech_draw_rectangle(canvas *c, box b, double radius, const colour *fill, const stroke *outline) {
    const double quarter = acos(0);
    cairo_new_path(c->surface->cairo);
    if (radius > 0) {
        cairo_arc(c->surface->cairo, b.right - radius, b.top + radius, radius, -quarter, 0);
        cairo_arc(c->surface->cairo, b.right - radius, b.bottom - radius, radius, 0, quarter);
        cairo_arc(c->surface->cairo, b.left + radius, b.bottom - radius, radius, quarter, 2 * quarter);
        cairo_arc(c->surface->cairo, b.left + radius, b.top + radius, radius, 2 * quarter, 3 * quarter);
        cairo_close_path(c->surface->cairo);
    } else {
        cairo_rectangle(c->surface->cairo, b.left, b.top, b.right - b.left, b.bottom - b.top);
    }
    if (fill) {
        use_colour(c, *fill);
        cairo_fill_preserve(c->surface->cairo);
    }
    if (outline)
        stroke_path(c, *outline);
    else
        cairo_new_path(c->surface->cairo);
}

void mech_draw_marker(canvas *c, marker shape, point at, double radius, colour ink, bool hollow) {
    point corners[MOST_CORNERS];
    const size_t n = mech_marker_corners(shape, at, radius, corners);
    trace(c, corners, n);
    if (!n) cairo_arc(c->surface->cairo, at.x, at.y, radius, 0, 4 * acos(0));
    cairo_close_path(c->surface->cairo);
    use_colour(c, hollow ? WHITE : ink);
    cairo_fill_preserve(c->surface->cairo);
    stroke_path(c, (stroke){ink, hollow ? 0.9 : 0.5, 0});
}

void mech_canvas_begin(canvas *c, point origin, double scale, const box *clip) {
    cairo_save(c->surface->cairo);
    if (clip) {
        cairo_rectangle(c->surface->cairo, clip->left, clip->top, clip->right - clip->left, clip->bottom - clip->top);
        cairo_clip(c->surface->cairo);
    }
    cairo_translate(c->surface->cairo, origin.x, origin.y);
    cairo_scale(c->surface->cairo, scale, scale);
}

void mech_canvas_end(canvas *c) { cairo_restore(c->surface->cairo); }
