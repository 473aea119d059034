/* Pages of HTML that need nothing but themselves: no scripts, no files or fonts of others, readable on dark screens and
 * on paper. They are written so that parsers of XML accept them, too. */
#ifndef MECH_BASE_PAGE_PAGE_H
#define MECH_BASE_PAGE_PAGE_H

#include "base/files/text.h"

/* Begins a page; `style` are CSS rules beside those that every page has. */
void mech_page_begin(text *t, const char *title, const char *style);

/* Adds a line of small print and ends the page. The line is HTML. */
void mech_page_end(text *t, const char *line);

/* Adds words as they are to be read. */
void mech_page_words(text *t, const char *words);

/* Adds a drawing (a whole SVG file). Its ids, and what refers to them, get "f`number`-" put before them, so that
 * drawings of one page are not mixed up. */
void mech_page_drawing(text *t, const char *svg, unsigned number);

#endif
