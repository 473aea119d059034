#include "draw/report/report_words.h"

#include "base/page/page.h"
#include "draw/canvas/notation.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* A factor on a run's catalyst, or on its [S]0, whose interval leaves out 1 is told from this size on. */
static const double WORTH_SAYING = 0.02;

static void add_part(text *t, const char *words, size_t length) {
    char part[2] = "";
    for (size_t i = 0; i < length; i++) {
        part[0] = words[i];
        mech_page_words(t, part);
    }
}

void mech_report_set(text *t, const char *words) {
    while (*words) {
        const bool low = words[0] == '_' && words[1] == '{', high = words[0] == '^' && words[1] == '{';
        const char *end = low || high ? strchr(words, '}') : NULL;
        if (!end) {
            add_part(t, words++, 1);
            continue;
        }
        mech_text_add(t, low ? "<sub>" : "<sup>");
        add_part(t, words + 2, (size_t)(end - words) - 2);
        mech_text_add(t, low ? "</sub>" : "</sup>");
        words = end + 1;
    }
}

void mech_report_sentence(text *t, const char *words) {
    while (*words) {
        const bool start = strncmp(words, "[S]0", 4) == 0 || strncmp(words, "[P]0", 4) == 0;
        add_part(t, words, start ? 3 : 1);
        if (start) mech_text_add(t, "<sub>0</sub>");
        words += start ? 4 : 1;
    }
}

void mech_report_rate_law(text *t, const char *law) {
    static const struct {
        const char *name, *html;
    } names[] = {{"kcat", "<i>k</i><sub>cat</sub>"},
                 {"KM", "<i>K</i><sub>M</sub>"},
                 {"KP", "<i>K</i><sub>P</sub>"},
                 {"Keq", "<i>K</i><sub>eq</sub>"}};
    while (*law) {
        size_t i = 0;
        while (i < sizeof names / sizeof names[0] && strncmp(law, names[i].name, strlen(names[i].name)) != 0) i++;
        if (i < sizeof names / sizeof names[0]) {
            mech_text_add(t, names[i].html);
            law += strlen(names[i].name);
        } else {
            add_part(t, law++, 1);
        }
    }
}

static void name_run(text *t, const char *name) {
    mech_text_add(t, isdigit((unsigned char)name[0]) ? "<li>Run " : "<li>");
    mech_page_words(t, name);
}

static size_t add_factor(text *t, const char *run, const char *what, const mech_estimate *v) {
    if (!(v->low > 1 || v->high < 1) || fabs(v->value - 1) < WORTH_SAYING) return 0;
    name_run(t, run);
    mech_text_format(t, " behaves as if it held %.0f %% %s %s than written (%+.0f to %+.0f %%).</li>\n",
                     100 * fabs(v->value - 1), v->value > 1 ? "more" : "less", what, 100 * (v->low - 1),
                     100 * (v->high - 1));
    return 1;
}

size_t mech_report_run_errors(text *t, const mech_run_estimate *e, const char *time_unit) {
    size_t n = add_factor(t, e->name, "catalyst", &e->catalyst_factor);
    n += add_factor(t, e->name, "substrate", &e->start_factor);
    if (!(e->clock_offset.low > 0 || e->clock_offset.high < 0)) return n;
    const bool late = e->clock_offset.value > 0;
    const double least = late ? e->clock_offset.low : -e->clock_offset.high,
                 most = late ? e->clock_offset.high : -e->clock_offset.low;
    name_run(t, e->name);
    mech_text_add(t, ": its clock was started ");
    mech_report_set(t, mech_set_number(fabs(e->clock_offset.value), 3).words);
    mech_text_add(t, *time_unit ? " " : "");
    mech_page_words(t, time_unit);
    mech_text_format(t, " %s (", late ? "late" : "early");
    mech_report_set(t, mech_set_number(least, 3).words);
    mech_text_add(t, " to ");
    mech_report_set(t, mech_set_number(most, 3).words);
    mech_text_add(t, ").</li>\n");
    return n + 1;
}
