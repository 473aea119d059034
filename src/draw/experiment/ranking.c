#include "draw/experiment/ranking.h"

#include "draw/canvas/lettering.h"

#include <math.h>
#include <stdio.h>

enum { FEWEST_ROWS = 5, MOST_ROWS = 12 };

static const double ROW = 30, ID_WIDTH = 34, PERCENT_WIDTH = 44, BAR_HEIGHT = 9;

static void draw_row(canvas *c, const mech_ranked *ranked, bool credible, box frame, double top) {
    const lettering id = {9.5, credible ? INK : GREY, ALIGN_LEFT, true, false};
    const lettering title = {7.8, GREY, ALIGN_LEFT, false, false};
    const lettering percent = {9, credible ? INK : GREY, ALIGN_RIGHT, credible, false};
    const double left = frame.left + ID_WIDTH, right = frame.right - PERCENT_WIDTH;
    const colour ink = credible ? BLUE : mech_tint(GREY, 0.55), track = mech_tint(GREY, 0.1);
    const box whole = {left, top + 13.5, right, top + 13.5 + BAR_HEIGHT};
    char words[16];
    mech_write_words(c, (point){frame.left, top + 20.5}, ranked->id, id);
    mech_write_paragraph(c, (point){left, top + 9}, ranked->mechanism ? mech_mechanism_title(ranked->mechanism) : "",
                         title, frame.right - left, 1, false);
    mech_draw_rectangle(c, whole, 1.5, &track, NULL);
    double length = ranked->probability * (right - left);
    if (length > 0.5)
        mech_draw_rectangle(c, (box){left, whole.top, left + length, whole.bottom}, fmin(1.5, length / 2), &ink, NULL);
    if (ranked->probability >= 0.0005)
        snprintf(words, sizeof words, "%.1f %%", 100 * ranked->probability);
    else
        snprintf(words, sizeof words, "< 0.1 %%");
    mech_write_words(c, (point){frame.right, whole.bottom - 1}, words, percent);
}

double mech_draw_ranking(canvas *c, const mech_answer *answer, box frame) {
    const lettering note = {8, GREY, ALIGN_LEFT, false, false};
    double top = frame.top, bracket = frame.left - 8;
    size_t n = 0;
    char words[96];
    while (n < answer->n_ranked && n < MOST_ROWS && top + ROW + 14 <= frame.bottom) {
        bool worth_a_row = n < answer->credible_size || n < FEWEST_ROWS || answer->ranked[n].probability >= 0.0005;
        if (!worth_a_row) break;
        draw_row(c, &answer->ranked[n], n < answer->credible_size, frame, top);
        top += ROW;
        n++;
    }
    size_t shown = answer->credible_size < n ? answer->credible_size : n;
    mech_draw_line(c, (point){bracket, frame.top + 4}, (point){bracket, frame.top + (double)shown * ROW - 5},
                   (stroke){BLUE, 1.6, 0});
    double rest = 0;
    for (size_t i = n; i < answer->n_ranked; i++) rest += answer->ranked[i].probability;
    if (n < answer->n_ranked) {
        if (rest >= 0.0005)
            snprintf(words, sizeof words, "%zu others: %.1f %% together", answer->n_ranked - n, 100 * rest);
        else
            snprintf(words, sizeof words, "%zu others: < 0.1 %% together", answer->n_ranked - n);
        mech_write_words(c, (point){frame.left + ID_WIDTH, top + 10}, words, note);
        top += 14;
    }
    return top - frame.top;
}
