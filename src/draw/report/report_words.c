#include "draw/report/report_words.h"

#include "base/page/page.h"

#include <string.h>

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
        } else if (*law == '-') {
            mech_text_add(t, "\xE2\x88\x92");
            law++;
        } else {
            add_part(t, law++, 1);
        }
    }
}

size_t mech_report_remarks(text *t, const char *remarks) {
    size_t n = 0;
    for (const char *line = remarks, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, n++) {
        mech_text_add(t, "<li>");
        add_part(t, line, (size_t)(end - line));
        mech_text_add(t, "</li>\n");
    }
    return n;
}
