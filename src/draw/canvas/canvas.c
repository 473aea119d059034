#include "draw/canvas/surface.h"

#include "base/files/file.h"
#include "base/interface.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
    mech_status status = mech_text_take(&words, &c->title, error);
    if (status == MECH_OK) status = mech_surface_open(c, error);
    if (status != MECH_OK) {
        mech_canvas_discard(c);
        return status;
    }
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

void mech_canvas_add_escaped(text *t, const char *words) {
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

/* Letters may be drawn as shapes, so that a figure looks the same everywhere; what they spell goes into the description
 * that SVG has for it. */
static void describe_svg(canvas *c) {
    const char *start = c->content.characters ? strstr(c->content.characters, "<svg") : NULL;
    const char *end = start ? strchr(start, '>') : NULL;
    if (!end) return;
    size_t head = (size_t)(end - c->content.characters);
    text described = {0};
    mech_text_append(&described, c->content.characters, head);
    mech_text_add(&described, " role=\"img\">\n<title>");
    mech_canvas_add_escaped(&described, c->title);
    mech_text_add(&described, "</title>\n<desc>");
    if (c->words.length) mech_canvas_add_escaped(&described, c->words.characters);
    mech_text_add(&described, "</desc>");
    mech_text_append(&described, end + 1, c->content.length - head - 1);
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
    mech_status status = mech_surface_finish(c, error);
    if (status == MECH_OK && c->format == MECH_PICTURE_SVG) describe_svg(c);
    if (status == MECH_OK && (c->content.failed || c->words.failed)) status = mech_fail_memory(error);
    if (status == MECH_OK && c->target.path)
        status = mech_file_write(c->target.path, c->content.characters, c->content.length, error);
    else if (status == MECH_OK)
        status = hand_over(c, error);
    mech_canvas_discard(c);
    return status;
}

void mech_canvas_discard(canvas *c) {
    if (!c) return;
    mech_surface_free(c->surface);
    mech_text_free(&c->content);
    mech_text_free(&c->words);
    free(c->title);
    free(c);
}

double mech_canvas_width(const canvas *c) { return c->width; }

/* Regular corners, so that all shapes look equally large. */
size_t mech_marker_corners(marker shape, point at, double radius, point corners[MOST_CORNERS]) {
    static const struct {
        size_t corners;
        double first, size; /* angle of the first corner in quarter turns; radius in units of the circle's */
    } shapes[N_MARKERS] = {{0, 0, 1}, {4, 0.5, 1.25}, {3, -1, 1.35}, {4, 0, 1.3}, {3, 1, 1.35}};
    for (size_t i = 0; i < shapes[shape].corners; i++) {
        const double angle = acos(0) * (shapes[shape].first + 4.0 * (double)i / (double)shapes[shape].corners);
        corners[i] =
            (point){at.x + radius * shapes[shape].size * cos(angle), at.y + radius * shapes[shape].size * sin(angle)};
    }
    return shapes[shape].corners;
}
