#include "draw/canvas/lettering.h"

#include "draw/canvas/surface.h"
#include "experiment/cells/encoding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 1024 }; /* of a line; what is longer is cut off */

static const double SMALL = 0.7;              /* size of subscripts and superscripts */
static const double DROP = 0.18, RISE = 0.36; /* of their baselines, in font sizes */

/* Copies the words with what is no UTF-8 replaced, since Cairo would give up the whole figure on it. */
static void make_valid(const char *words, char *valid) {
    static const char replacement[] = "\xEF\xBF\xBD";
    size_t length = 0;
    size_t left = strlen(words);
    for (const unsigned char *s = (const unsigned char *)words; *s;) {
        size_t n = mech_utf8_length(s, left);
        if (length + 4 >= MOST_BYTES) break;
        if (n)
            memcpy(valid + length, s, n);
        else
            memcpy(valid + length, replacement, 3);
        if (n == 1 && *s < 0x20) valid[length] = ' ';
        length += n ? n : 3;
        s += n ? n : 1;
        left -= n ? n : 1;
    }
    valid[length] = '\0';
}

/* Sets one stretch of text and returns how far it reaches. */
static double set_stretch(canvas *c, point at, const char *stretch, lettering style, double scale, bool write) {
    const double size = style.size * scale;
    if (write && *stretch) {
        mech_surface_write(c, at, stretch, style, size);
        mech_text_add(&c->words, stretch);
    }
    return mech_surface_width(c, stretch, style, size);
}

/* Sets a line, or measures it; returns its width. `line` is taken apart on the way. */
static double set_line(canvas *c, point at, char *line, lettering style, bool write) {
    double width = 0;
    while (*line) {
        char *mark = line;
        while (*mark && !((*mark == '_' || *mark == '^') && mark[1] == '{' && strchr(mark, '}'))) mark++;
        char kind = *mark;
        *mark = '\0';
        width += set_stretch(c, (point){at.x + width, at.y}, line, style, 1, write);
        if (!kind) break;
        char *end = strchr(mark + 2, '}');
        *end = '\0';
        double baseline = at.y + style.size * (kind == '_' ? DROP : -RISE);
        width += set_stretch(c, (point){at.x + width, baseline}, mark + 2, style, SMALL, write);
        line = end + 1;
    }
    return width;
}

double mech_words_width(canvas *c, const char *words, lettering style) {
    char line[MOST_BYTES];
    make_valid(words, line);
    return set_line(c, (point){0, 0}, line, style, false);
}

void mech_write_words(canvas *c, point at, const char *words, lettering style) {
    char line[MOST_BYTES];
    if (style.align != ALIGN_LEFT) at.x -= mech_words_width(c, words, style) * (style.align == ALIGN_RIGHT ? 1 : 0.5);
    make_valid(words, line);
    set_line(c, at, line, style, true);
    mech_text_add(&c->words, "\n");
}

void mech_write_upwards(canvas *c, point at, const char *words, lettering style) {
    mech_surface_turn(c, at);
    mech_write_words(c, (point){0, 0}, words, style);
    mech_canvas_end(c);
}

double mech_line_height(lettering style) { return 1.3 * style.size; }

size_t mech_write_paragraph(canvas *c, point at, const char *words, lettering style, double width, size_t most_lines,
                            bool measure_only) {
    char line[MOST_BYTES] = "";
    size_t n_lines = 0;
    while (*words && n_lines < most_lines) {
        words += strspn(words, " ");
        size_t taken = 0;
        for (size_t end = strcspn(words, " "); taken < strlen(words); end += strcspn(words + end, " ")) {
            if (end + 8 >= sizeof line) break;
            memcpy(line, words, end);
            line[end] = '\0';
            if (taken && mech_words_width(c, line, style) > width) break;
            taken = end;
            end += strspn(words + end, " ");
        }
        if (!taken) taken = strnlen(words, sizeof line - 8);
        memcpy(line, words, taken);
        line[taken] = '\0';
        words += taken;
        if (*words && n_lines + 1 == most_lines) memcpy(line + taken, " \xE2\x80\xA6", 5);
        if (!measure_only)
            mech_write_words(c, (point){at.x, at.y + (double)n_lines * mech_line_height(style)}, line, style);
        n_lines++;
    }
    return n_lines;
}
