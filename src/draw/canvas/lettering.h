/* Text on a canvas: DejaVu Sans, with subscripts and superscripts. */
#ifndef MECH_DRAW_CANVAS_LETTERING_H
#define MECH_DRAW_CANVAS_LETTERING_H

#include "draw/canvas/canvas.h"

typedef enum alignment { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT } alignment;

typedef struct lettering {
    double size; /* of the font, in points */
    colour ink;
    alignment align;
    bool bold, italic;
} lettering;

/* Writes a line with its baseline at `at`. In `words` "_{...}" is set below the line and "^{...}" above it; bytes that
 * are not UTF-8 become replacement characters. */
void mech_write_words(canvas *c, point at, const char *words, lettering style);

/* The same turned a quarter to the left (reading upwards), `at` being on the baseline. */
void mech_write_upwards(canvas *c, point at, const char *words, lettering style);

/* How wide mech_write_words() sets them. */
double mech_words_width(canvas *c, const char *words, lettering style);

/* Breaks words at blanks into lines no wider than `width` (a longer word stays whole) and writes them one below the
 * other from the baseline `at`; after most_lines the rest is cut off with an ellipsis. Returns the number of lines.
 * With `measure_only` nothing is written. */
size_t mech_write_paragraph(canvas *c, point at, const char *words, lettering style, double width, size_t most_lines,
                            bool measure_only);

/* From one baseline of a paragraph to the next. */
double mech_line_height(lettering style);

#endif
