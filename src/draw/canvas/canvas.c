#include "draw/canvas/canvas_frame.h"

#include "base/files/file.h"
#include "base/interface.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Pixels of a PNG for each point: 216 to the inch. */
static const double PIXELS_PER_POINT = 3;

colour mech_tint(colour of, double share) {
    return (colour){1 - share * (1 - of.red), 1 - share * (1 - of.green), 1 - share * (1 - of.blue)};
}

colour mech_series_colour(size_t series) {
    const colour colours[] = {BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, INK};
    return colours[series % (sizeof colours / sizeof colours[0])];
}

marker mech_series_marker(size_t series) { return (marker)(series % N_MARKERS); }

mech_status mech_picture_format_of(const char *path, mech_picture_format *format, mech_error *error) {
    static const struct {
        const char *ending;
        mech_picture_format format;
    } endings[] = {{".svg", MECH_PICTURE_SVG}, {".pdf", MECH_PICTURE_PDF}, {".png", MECH_PICTURE_PNG}};
    size_t length = strlen(path);
    if (strcmp(path, "-") == 0) {
        *format = MECH_PICTURE_SVG;
        return MECH_OK;
    }
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t ending = strlen(endings[i].ending);
        if (length > ending && strcasecmp(path + length - ending, endings[i].ending) == 0) {
            *format = endings[i].format;
            return MECH_OK;
        }
    }
    return mech_fail(error, MECH_INVALID_ARGUMENT,
                     "%s: the ending names no picture format; expected .svg, .pdf or .png", path);
}

static cairo_status_t take_bytes(void *closure, const unsigned char *bytes, unsigned length) {
    text *content = closure;
    mech_text_append(content, (const char *)bytes, length);
    return content->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static void open_surface(canvas *c) {
    switch (c->format) {
    case MECH_PICTURE_SVG:
        c->surface = cairo_svg_surface_create_for_stream(take_bytes, &c->content, c->width, c->height);
        break;
    case MECH_PICTURE_PDF:
        c->surface = cairo_pdf_surface_create_for_stream(take_bytes, &c->content, c->width, c->height);
        cairo_pdf_surface_set_metadata(c->surface, CAIRO_PDF_METADATA_TITLE, c->title);
        /* Without a date of its own the file would hold the time of drawing, and no two would be the same. */
        cairo_pdf_surface_set_metadata(c->surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
        break;
    case MECH_PICTURE_BY_ENDING: /* was decided on when the canvas was opened */
    case MECH_PICTURE_PNG:
        c->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(c->width * PIXELS_PER_POINT),
                                                (int)ceil(c->height * PIXELS_PER_POINT));
        break;
    }
    c->cairo = cairo_create(c->surface);
    if (c->format == MECH_PICTURE_PNG) cairo_scale(c->cairo, PIXELS_PER_POINT, PIXELS_PER_POINT);
}

/* Copies the target and decides on the format. */
static mech_status take_target(const mech_picture_target *given, mech_picture_target *target, mech_error *error) {
    *target = (mech_picture_target){.size = sizeof *target};
    mech_status status = mech_take_options(target, sizeof *target, given, "mech_picture_target", error);
    if (status != MECH_OK) return status;
    if (!target->path == !target->bytes)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "a picture goes into a file or into memory; expected one of both");
    if (target->bytes) *target->bytes = NULL;
    if (target->format != MECH_PICTURE_BY_ENDING) return MECH_OK;
    target->format = MECH_PICTURE_SVG;
    return target->path ? mech_picture_format_of(target->path, &target->format, error) : MECH_OK;
}

/* A canvas for a target that was looked at. */
static mech_status open_canvas(const mech_picture_target *target, double width, double height, const char *title,
                               canvas **out, mech_error *error) {
    *out = NULL;
    canvas *c = calloc(1, sizeof *c);
    if (!c) return mech_fail_memory(error);
    *c = (canvas){.format = target->format, .target = *target, .width = width, .height = height};
    text words = {0};
    mech_text_add(&words, title);
    const mech_status status = mech_text_take(&words, &c->title, error);
    if (status != MECH_OK) {
        mech_canvas_discard(c);
        return status;
    }
    open_surface(c);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_set_font_options(c->cairo, options);
    cairo_font_options_destroy(options);
    cairo_set_line_join(c->cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(c->cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_source_rgb(c->cairo, 1, 1, 1);
    cairo_paint(c->cairo);
    *out = c;
    return MECH_OK;
}

mech_status mech_canvas_open(const mech_picture_target *target, double width, double height, const char *title,
                             canvas **c, mech_error *error) {
    mech_picture_target own;
    *c = NULL;
    const mech_status status = take_target(target, &own, error);
    return status == MECH_OK ? open_canvas(&own, width, height, title, c, error) : status;
}

mech_status mech_canvas_open_measure(canvas **c, mech_error *error) {
    const mech_picture_target nowhere = {.format = MECH_PICTURE_SVG};
    return open_canvas(&nowhere, 1, 1, "", c, error);
}

static void add_escaped(text *t, const char *words) {
    for (const char *w = words; *w; w++) {
        if (*w == '&')
            mech_text_add(t, "&amp;");
        else if (*w == '<')
            mech_text_add(t, "&lt;");
        else if (*w == '>')
            mech_text_add(t, "&gt;");
        else
            mech_text_append(t, (unsigned char)*w < 0x20 && *w != '\n' ? " " : w, 1);
    }
}

/* Copies the body of an SVG file without the number that Cairo gives each surface of a process ("surface12"), so that a
 * figure does not depend on how many were drawn before it. Nothing refers to that name. */
static void add_unnumbered(text *t, const char *body, size_t length) {
    static const char name[] = "<g id=\"surface";
    const char *found = strstr(body, name);
    if (found) {
        size_t before = (size_t)(found - body) + sizeof name - 1;
        mech_text_append(t, body, before);
        before += strspn(body + before, "0123456789");
        body += before;
        length -= before;
    }
    mech_text_append(t, body, length);
}

/* Cairo draws letters as shapes, so that a figure looks the same everywhere; what they spell goes into the description
 * that SVG has for it. */
static void describe_svg(canvas *c) {
    const char *start = c->content.characters ? strstr(c->content.characters, "<svg") : NULL;
    const char *end = start ? strchr(start, '>') : NULL;
    if (!end) return;
    size_t head = (size_t)(end - c->content.characters);
    text described = {0};
    mech_text_append(&described, c->content.characters, head);
    mech_text_add(&described, " role=\"img\">\n<title>");
    add_escaped(&described, c->title);
    mech_text_add(&described, "</title>\n<desc>");
    if (c->words.length) add_escaped(&described, c->words.characters);
    mech_text_add(&described, "</desc>");
    add_unnumbered(&described, end + 1, c->content.length - head - 1);
    mech_text_free(&c->content);
    c->content = described;
}

/* Gives the content to the caller. */
static mech_status hand_over(canvas *c, mech_error *error) {
    const size_t length = c->content.length;
    const mech_status status = mech_text_take(&c->content, c->target.bytes, error);
    if (status == MECH_OK && c->target.length) *c->target.length = length;
    return status;
}

mech_status mech_canvas_close(canvas *c, mech_error *error) {
    mech_status status = MECH_OK;
    cairo_status_t drawn = cairo_status(c->cairo);
    if (drawn == CAIRO_STATUS_SUCCESS && c->format == MECH_PICTURE_PNG)
        drawn = cairo_surface_write_to_png_stream(c->surface, take_bytes, &c->content);
    cairo_surface_finish(c->surface);
    if (drawn == CAIRO_STATUS_SUCCESS) drawn = cairo_surface_status(c->surface);
    if (drawn == CAIRO_STATUS_SUCCESS && c->format == MECH_PICTURE_SVG) describe_svg(c);
    if (drawn == CAIRO_STATUS_NO_MEMORY || c->content.failed || c->words.failed)
        status = mech_fail_memory(error);
    else if (drawn != CAIRO_STATUS_SUCCESS)
        status =
            mech_fail(error, MECH_NUMERICAL_FAILURE, "the figure cannot be drawn: %s", cairo_status_to_string(drawn));
    else if (c->target.path)
        status = mech_file_write(c->target.path, c->content.characters, c->content.length, error);
    else
        status = hand_over(c, error);
    mech_canvas_discard(c);
    return status;
}

void mech_canvas_discard(canvas *c) {
    if (!c) return;
    if (c->cairo) cairo_destroy(c->cairo);
    if (c->surface) cairo_surface_destroy(c->surface);
    mech_text_free(&c->content);
    mech_text_free(&c->words);
    free(c->title);
    free(c);
}

double mech_canvas_width(const canvas *c) { return c->width; }
double mech_canvas_height(const canvas *c) { return c->height; }

static void use_colour(canvas *c, colour ink) { cairo_set_source_rgb(c->cairo, ink.red, ink.green, ink.blue); }

static void stroke_path(canvas *c, stroke s) {
    use_colour(c, s.ink);
    cairo_set_line_width(c->cairo, s.width);
    cairo_set_dash(c->cairo, &s.dash, s.dash > 0 ? 1 : 0, 0);
    cairo_stroke(c->cairo);
}

void mech_draw_line(canvas *c, point from, point to, stroke s) {
    cairo_move_to(c->cairo, from.x, from.y);
    cairo_line_to(c->cairo, to.x, to.y);
    stroke_path(c, s);
}

static void trace(canvas *c, const point *points, size_t n) {
    cairo_new_path(c->cairo);
    for (size_t i = 0; i < n; i++) cairo_line_to(c->cairo, points[i].x, points[i].y);
}

void mech_draw_polyline(canvas *c, const point *points, size_t n, stroke s) {
    trace(c, points, n);
    stroke_path(c, s);
}

void mech_draw_polygon(canvas *c, const point *corners, size_t n, colour fill) {
    trace(c, corners, n);
    cairo_close_path(c->cairo);
    use_colour(c, fill);
    cairo_fill(c->cairo);
}

void mech_draw_rectangle(canvas *c, box b, double radius, const colour *fill, const stroke *outline) {
    const double quarter = acos(0);
    cairo_new_path(c->cairo);
    if (radius > 0) {
        cairo_arc(c->cairo, b.right - radius, b.top + radius, radius, -quarter, 0);
        cairo_arc(c->cairo, b.right - radius, b.bottom - radius, radius, 0, quarter);
        cairo_arc(c->cairo, b.left + radius, b.bottom - radius, radius, quarter, 2 * quarter);
        cairo_arc(c->cairo, b.left + radius, b.top + radius, radius, 2 * quarter, 3 * quarter);
        cairo_close_path(c->cairo);
    } else {
        cairo_rectangle(c->cairo, b.left, b.top, b.right - b.left, b.bottom - b.top);
    }
    if (fill) {
        use_colour(c, *fill);
        cairo_fill_preserve(c->cairo);
    }
    if (outline)
        stroke_path(c, *outline);
    else
        cairo_new_path(c->cairo);
}

/* Regular corners, so that all shapes look equally large. */
static void trace_marker(cairo_t *cairo, marker shape, point at, double radius) {
    static const struct {
        int corners;
        double first, size; /* angle of the first corner in quarter turns; radius in units of the circle's */
    } shapes[N_MARKERS] = {{0, 0, 1}, {4, 0.5, 1.25}, {3, -1, 1.35}, {4, 0, 1.3}, {3, 1, 1.35}};
    cairo_new_path(cairo);
    if (!shapes[shape].corners) cairo_arc(cairo, at.x, at.y, radius, 0, 4 * acos(0));
    for (int i = 0; i < shapes[shape].corners; i++) {
        double angle = acos(0) * (shapes[shape].first + 4.0 * i / shapes[shape].corners);
        cairo_line_to(cairo, at.x + radius * shapes[shape].size * cos(angle),
                      at.y + radius * shapes[shape].size * sin(angle));
    }
    cairo_close_path(cairo);
}

void mech_draw_marker(canvas *c, marker shape, point at, double radius, colour ink, bool hollow) {
    trace_marker(c->cairo, shape, at, radius);
    use_colour(c, hollow ? WHITE : ink);
    cairo_fill_preserve(c->cairo);
    stroke_path(c, (stroke){ink, hollow ? 0.9 : 0.5, 0});
}

void mech_canvas_begin(canvas *c, point origin, double scale, const box *clip) {
    cairo_save(c->cairo);
    if (clip) {
        cairo_rectangle(c->cairo, clip->left, clip->top, clip->right - clip->left, clip->bottom - clip->top);
        cairo_clip(c->cairo);
    }
    cairo_translate(c->cairo, origin.x, origin.y);
    cairo_scale(c->cairo, scale, scale);
}

void mech_canvas_end(canvas *c) { cairo_restore(c->cairo); }
