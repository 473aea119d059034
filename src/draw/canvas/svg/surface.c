/* The surface of builds without Cairo: Scalable Vector Graphics 1.1 with words as text. How far words reach follows
 * from the widths of DejaVu Sans, and `textLength` holds readers with another font to it. */
#include "draw/canvas/surface.h"

#include "base/error.h"
#include "draw/canvas/svg/letter_widths.h"

#include <math.h>
#include <stdlib.h>

struct surface {
    text body;
};

mech_status mech_surface_open(canvas *c, mech_error *error) {
    if (c->format != MECH_PICTURE_SVG)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "PDF and PNG need Cairo, which this build of the library is without; expected SVG");
    c->surface = calloc(1, sizeof *c->surface);
    return c->surface ? MECH_OK : mech_fail_memory(error);
}

/* A length to a hundredth of a point, which no screen resolves. */
static double rounded(double length) { return isfinite(length) ? round(length * 100) / 100 + 0.0 : 0; }

static void add_length(text *t, const char *name, double length) {
    mech_text_format(t, " %s=\"", name);
    mech_text_number(t, rounded(length));
    mech_text_add(t, "\"");
}

static void add_numbers(text *t, const char *before, double x, double y) {
    mech_text_add(t, before);
    mech_text_number(t, rounded(x));
    mech_text_add(t, " ");
    mech_text_number(t, rounded(y));
}

static void add_colour(text *t, const char *name, colour of) {
    mech_text_format(t, " %s=\"#%02x%02x%02x\"", name, (unsigned)lround(of.red * 255), (unsigned)lround(of.green * 255),
                     (unsigned)lround(of.blue * 255));
}

static void add_stroke(text *t, stroke s) {
    add_colour(t, "stroke", s.ink);
    add_length(t, "stroke-width", s.width);
    if (s.dash > 0) add_length(t, "stroke-dasharray", s.dash);
}

mech_status mech_surface_finish(canvas *c, mech_error *error) {
    text *t = &c->content;
    const text *body = &c->surface->body;
    if (body->failed) return mech_fail_memory(error);
    mech_text_add(t, "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\"");
    add_length(t, "width", c->width);
    add_length(t, "height", c->height);
    add_numbers(t, " viewBox=\"0 0 ", c->width, c->height);
    mech_text_add(t, "\" font-family=\"DejaVu Sans, Verdana, sans-serif\" fill=\"none\" stroke-linecap=\"round\" "
                     "stroke-linejoin=\"round\" xml:space=\"preserve\">\n<rect width=\"100%\" height=\"100%\" "
                     "fill=\"#ffffff\"/>\n");
    if (body->length) mech_text_append(t, body->characters, body->length);
    mech_text_add(t, "</svg>\n");
    return MECH_OK;
}

void mech_surface_free(surface *s) {
    if (!s) return;
    mech_text_free(&s->body);
    free(s);
}

/* The code point of the valid UTF-8 that *words begins with, which is passed over. */
static uint32_t next_letter(const char **words) {
    const unsigned char *s = (const unsigned char *)*words;
    const int more = s[0] < 0x80 ? 0 : s[0] < 0xE0 ? 1 : s[0] < 0xF0 ? 2 : 3;
    uint32_t letter = more ? s[0] & (0x3FU >> more) : s[0];
    for (int i = 1; i <= more; i++) letter = letter << 6 | (s[i] & 0x3FU);
    *words += more + 1;
    return letter;
}

double mech_surface_width(canvas *c, const char *words, lettering style, double size) {
    (void)c;
    static const double other = 0.6; /* a letter that the tables lack, in font sizes */
    const uint16_t *widths = style.bold ? bold_widths : regular_widths;
    double width = 0;
    while (*words) {
        const uint32_t letter = next_letter(&words);
        double own = other;
        size_t at = 0;
        for (size_t i = 0; i < sizeof letter_ranges / sizeof letter_ranges[0]; i++) {
            if (letter >= letter_ranges[i].first && letter <= letter_ranges[i].last)
                own = widths[at + letter - letter_ranges[i].first] / 1000.0;
            at += (size_t)letter_ranges[i].last - letter_ranges[i].first + 1;
        }
        width += own;
    }
    return width * size;
}

void mech_surface_write(canvas *c, point at, const char *words, lettering style, double size) {
    text *t = &c->surface->body;
    mech_text_add(t, "<text");
    add_length(t, "x", at.x);
    add_length(t, "y", at.y);
    add_length(t, "font-size", size);
    add_length(t, "textLength", mech_surface_width(c, words, style, size));
    if (style.bold) mech_text_add(t, " font-weight=\"bold\"");
    if (style.italic) mech_text_add(t, " font-style=\"italic\"");
    add_colour(t, "fill", style.ink);
    mech_text_add(t, ">");
    mech_canvas_add_escaped(t, words);
    mech_text_add(t, "</text>\n");
}

static void add_points(text *t, const point *points, size_t n) {
    mech_text_add(t, " points=\"");
    for (size_t i = 0; i < n; i++) add_numbers(t, i ? " " : "", points[i].x, points[i].y);
    mech_text_add(t, "\"");
}

void mech_draw_polyline(canvas *c, const point *points, size_t n, stroke s) {
    text *t = &c->surface->body;
    mech_text_add(t, "<polyline");
    add_points(t, points, n);
    add_stroke(t, s);
    mech_text_add(t, "/>\n");
}

void mech_draw_line(canvas *c, point from, point to, stroke s) {
    mech_draw_polyline(c, (const point[]){from, to}, 2, s);
}

void mech_draw_polygon(canvas *c, const point *corners, size_t n, colour fill) {
    text *t = &c->surface->body;
    mech_text_add(t, "<polygon");
    add_points(t, corners, n);
    add_colour(t, "fill", fill);
    mech_text_add(t, "/>\n");
}

void mech_draw_rectangle(canvas *c, box b, double radius, const colour *fill, const stroke *outline) {
    text *t = &c->surface->body;
    mech_text_add(t, "<rect");
    add_length(t, "x", fmin(b.left, b.right));
    add_length(t, "y", fmin(b.top, b.bottom));
    add_length(t, "width", fabs(b.right - b.left));
    add_length(t, "height", fabs(b.bottom - b.top));
    if (radius > 0) add_length(t, "rx", radius);
    if (fill) add_colour(t, "fill", *fill);
    if (outline) add_stroke(t, *outline);
    mech_text_add(t, "/>\n");
}

void mech_draw_marker(canvas *c, marker shape, point at, double radius, colour ink, bool hollow) {
    text *t = &c->surface->body;
    point corners[MOST_CORNERS];
    const size_t n = mech_marker_corners(shape, at, radius, corners);
    mech_text_add(t, n ? "<polygon" : "<circle");
    if (n) {
        add_points(t, corners, n);
    } else {
        add_length(t, "cx", at.x);
        add_length(t, "cy", at.y);
        add_length(t, "r", radius);
    }
    add_colour(t, "fill", hollow ? WHITE : ink);
    add_stroke(t, (stroke){ink, hollow ? 0.9 : 0.5, 0});
    mech_text_add(t, "/>\n");
}

/* A picture within the picture is cut off at its frame; unlike a clip path it needs no name, which two figures of one
 * web page might share. */
void mech_canvas_begin(canvas *c, point origin, double scale, const box *clip) {
    text *t = &c->surface->body;
    mech_text_add(t, "<svg");
    if (clip) {
        add_length(t, "x", clip->left);
        add_length(t, "y", clip->top);
        add_length(t, "width", clip->right - clip->left);
        add_length(t, "height", clip->bottom - clip->top);
        add_numbers(t, " viewBox=\"", clip->left, clip->top);
        add_numbers(t, " ", clip->right - clip->left, clip->bottom - clip->top);
        mech_text_add(t, "\"");
    } else {
        mech_text_add(t, " overflow=\"visible\"");
    }
    add_numbers(t, ">\n<g transform=\"translate(", origin.x, origin.y);
    mech_text_add(t, ") scale(");
    mech_text_number(t, scale);
    mech_text_add(t, ")\">\n");
}

void mech_surface_turn(canvas *c, point origin) {
    add_numbers(&c->surface->body, "<svg overflow=\"visible\">\n<g transform=\"translate(", origin.x, origin.y);
    mech_text_add(&c->surface->body, ") rotate(-90)\">\n");
}

void mech_canvas_end(canvas *c) { mech_text_add(&c->surface->body, "</g>\n</svg>\n"); }
