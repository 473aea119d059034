#include "draw/axes/legend.h"

static const double SAMPLE = 18, GAP = 7, BETWEEN = 18;
static const lettering LETTERS = {8.5, {0.13, 0.13, 0.15}, ALIGN_LEFT, false, false};

static double entry_width(canvas *c, const legend_entry *entry) {
    return SAMPLE + GAP + mech_words_width(c, entry->words, LETTERS);
}

double mech_draw_legend_entry(canvas *c, point at, const legend_entry *entry) {
    const double y = at.y - 3;
    mech_draw_line(c, (point){at.x, y}, (point){at.x + SAMPLE, y}, (stroke){entry->ink, 1.1, entry->dash});
    mech_draw_marker(c, entry->shape, (point){at.x + SAMPLE / 2, y}, 2.6, entry->ink, false);
    mech_write_words(c, (point){at.x + SAMPLE + GAP, at.y}, entry->words, LETTERS);
    return entry_width(c, entry);
}

void mech_draw_legend_row(canvas *c, point at, const legend_entry *entries, size_t n, alignment align) {
    double width = 0;
    for (size_t i = 0; i < n; i++) width += entry_width(c, &entries[i]) + (i ? BETWEEN : 0);
    if (align != ALIGN_LEFT) at.x -= align == ALIGN_RIGHT ? width : width / 2;
    for (size_t i = 0; i < n; i++) at.x += mech_draw_legend_entry(c, at, &entries[i]) + BETWEEN;
}
