#include "base/page/page.h"

#include <string.h>

static const char head[] = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                           "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>";

/* What every page looks like; figures stay white, since they are drawn on white. */
static const char common_style[] =
    ":root { --ink: #212126; --soft: #5f6368; --page: #ffffff; --card: #f4f5f7; --line: #dfe1e5; --bar: #0072b2;\n"
    "  --rest: #b3b7bd; }\n"
    "@media screen and (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a7abb2; --page: #17181b;\n"
    "  --card: #222429; --line: #3a3d44; --bar: #56b4e9; --rest: #5a5e66; } }\n"
    "body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--ink);\n"
    "  font: 16px/1.5 system-ui, -apple-system, \"Segoe UI\", \"DejaVu Sans\", sans-serif; }\n"
    "h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin: 2.25rem 0 .5rem; }\n"
    "p.soft, li, td.soft, footer { color: var(--soft); }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }\n"
    "th { font-weight: 600; color: var(--soft); font-size: .85rem; }\n"
    "td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }\n"
    "figure { margin: 1rem 0; background: #fff; border: 1px solid var(--line); border-radius: 6px; padding: .5rem; }\n"
    "figure svg { display: block; width: 100%; height: auto; }\n"
    "div.wide { overflow-x: auto; } footer { margin-top: 3rem; font-size: .85rem; }\n"
    "@media print { body { max-width: none; padding: 0; } figure { break-inside: avoid; } }\n";

void mech_page_words(text *t, const char *words) {
    for (const char *w = words; *w; w++) switch (*w) {
        case '&':
            mech_text_add(t, "&amp;");
            break;
        case '<':
            mech_text_add(t, "&lt;");
            break;
        case '>':
            mech_text_add(t, "&gt;");
            break;
        case '"':
            mech_text_add(t, "&quot;");
            break;
        default:
            mech_text_append(t, w, 1);
        }
}

void mech_page_begin(text *t, const char *title, const char *style) {
    mech_text_add(t, head);
    mech_page_words(t, title);
    mech_text_add(t, "</title>\n<style>\n");
    mech_text_add(t, common_style);
    mech_text_add(t, style);
    mech_text_add(t, "</style>\n</head>\n<body>\n");
}

void mech_page_end(text *t, const char *line) {
    mech_text_add(t, "<footer>");
    mech_text_add(t, line);
    mech_text_add(t, "</footer>\n</body>\n</html>\n");
}

/* How an id is given in SVG, and how it is referred to. */
static const char *const before_ids[] = {" id=\"", "href=\"#", "url(#"};
enum { N_BEFORE_IDS = sizeof before_ids / sizeof before_ids[0] };

void mech_page_drawing(text *t, const char *svg, unsigned number) {
    const char *start = strstr(svg, "<svg"); /* without the declaration of a file of its own */
    const char *at = start ? start : svg, *end = at + strlen(at);
    const char *next[N_BEFORE_IDS]; /* behind the next one of each; sought again only once it is passed */
    for (size_t i = 0; i < N_BEFORE_IDS; i++) next[i] = at;
    while (at < end) {
        const char *nearest = end;
        for (size_t i = 0; i < N_BEFORE_IDS; i++) {
            if (next[i] <= at) {
                const char *found = strstr(at, before_ids[i]);
                next[i] = found ? found + strlen(before_ids[i]) : end + 1;
            }
            if (next[i] < nearest) nearest = next[i];
        }
        mech_text_append(t, at, (size_t)(nearest - at));
        if (nearest < end) mech_text_format(t, "f%u-", number);
        at = nearest;
    }
}
