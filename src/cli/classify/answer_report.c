#include "cli/classify/answers.h"
#include "cli/reading/understood.h"
#include "cli/terminal/short_numbers.h"

#include "base/page/page.h"

#include <stdio.h>
#include <string.h>

static const char style[] =
    "p.verdict { font-size: 1.1rem; background: var(--card); border-left: 4px solid var(--bar); padding: .75rem 1rem; "
    "}\n"
    "p.doubt { background: var(--card); border-left: 4px solid #c0392b; padding: .75rem 1rem; }\n"
    "tr.credible td { font-weight: 600; } td.bar { width: 30%; }\n"
    "td.bar div { height: .7rem; border-radius: 2px; background: var(--rest); min-width: 1px; }\n"
    "tr.credible td.bar div { background: var(--bar); }\n";

static const char *title_of(const mech_ranked *ranked) {
    return ranked->mechanism ? mech_mechanism_title(ranked->mechanism) : "";
}

static void write_verdict(text *t, const mech_answer *answer) {
    const mech_ranked *first = &answer->ranked[0];
    mech_text_add(t, "<p class=\"verdict\"><strong>");
    mech_page_words(t, first->id);
    mech_text_add(t, "</strong>: ");
    mech_page_words(t, title_of(first));
    mech_text_format(t, " (%.1f %%).", 100 * first->probability);
    if (answer->credible_size == 1)
        mech_text_format(t, " It alone makes the %g %% credible set.", 100 * answer->credible_level);
    else
        mech_text_format(t, " %zu mechanisms are needed to reach %g %%.", answer->credible_size,
                         100 * answer->credible_level);
    mech_text_add(t, "</p>\n");
}

/* What puts the answer itself in doubt, above it. */
static void write_doubts(text *t, const mech_answer *answer) {
    for (size_t i = 0; i < answer->n_doubts; i++) {
        mech_text_add(t, "<p class=\"doubt\"><strong>Mind:</strong> ");
        mech_page_words(t, answer->warnings[i]);
        mech_text_add(t, ".</p>\n");
    }
}

static void write_ranking(text *t, const answered *a) {
    const mech_answer *answer = a->answer;
    const size_t ruled_out = count_ruled_out(a);
    mech_text_format(
        t,
        "<h2>Ranked mechanisms</h2>\n<p class=\"soft\">In bold: the %g %% credible set, the mechanisms in order "
        "of probability until their sum reaches %g %%.</p>\n<div class=\"wide\"><table>\n<tr><th></th>"
        "<th>mechanism</th><th>class</th><th class=\"number\">probability</th><th></th></tr>\n",
        100 * answer->credible_level, 100 * answer->credible_level);
    for (size_t i = 0; i < answer->n_ranked; i++) {
        const mech_ranked *ranked = &answer->ranked[i];
        if (is_ruled_out(a, ranked->id)) continue;
        mech_text_format(t, "<tr%s><td>", i < answer->credible_size ? " class=\"credible\"" : "");
        mech_page_words(t, ranked->id);
        mech_text_add(t, "</td><td>");
        mech_page_words(t, title_of(ranked));
        mech_text_format(
            t,
            "</td><td>%s</td><td class=\"number\">%.2f %%</td><td class=\"bar\"><div style=\"width:%.2f%%\">"
            "</div></td></tr>\n",
            ranked->mechanism ? mech_class_name(mech_mechanism_class(ranked->mechanism)) : "",
            100 * ranked->probability, 100 * ranked->probability);
    }
    mech_text_add(t, "</table></div>\n");
    if (ruled_out) mech_text_format(t, "<p class=\"soft\">%zu ruled out beforehand.</p>\n", ruled_out);
}

static void write_classes(text *t, const mech_answer *answer) {
    for (size_t i = 0; i < answer->n_classes; i++)
        mech_text_format(t, "%s%s %.1f %%%s",
                         i ? ", " : "<p>Classes: ", mech_class_name(answer->classes[i].mechanism_class),
                         100 * answer->classes[i].probability, i + 1 == answer->n_classes ? ".</p>\n" : "");
}

static void write_runs(text *t, const answered *a) {
    mech_text_add(t,
                  "<h2>Runs as read</h2>\n<div class=\"wide\"><table>\n<tr><th>run</th><th class=\"number\">points</th>"
                  "<th class=\"number\">[S]<sub>0</sub></th><th class=\"number\">[P]<sub>0</sub></th>"
                  "<th class=\"number\">catalyst</th><th class=\"number\">mol %</th><th>measured</th></tr>\n");
    for (size_t i = 0; i < mech_experiment_n_runs(a->experiment); i++) {
        const mech_run *run = mech_experiment_run(a->experiment, i);
        mech_text_add(t, "<tr><td>");
        mech_page_words(t, run->name);
        mech_text_format(t,
                         "</td><td class=\"number\">%zu</td><td class=\"number\">%s</td><td class=\"number\">%s</td>"
                         "<td class=\"number\">%s</td><td class=\"number\">%s</td><td>%s</td></tr>\n",
                         count_points(run), shorten(run->s0).text, shorten(run->p0).text, shorten(run->cat0).text,
                         shorten(100 * run->cat0 / run->s0).text, measured_species(run));
    }
    mech_text_add(t, "</table></div>\n<p class=\"soft\">Points are those after time 0");
    const char *unit = mech_experiment_concentration_unit(a->experiment);
    if (*unit) mech_text_add(t, "; concentrations in ");
    mech_page_words(t, unit);
    mech_text_add(t, ".</p>\n");
}

static mech_status write_conventions_list(text *t, const answered *a, mech_error *error) {
    text plain = {0};
    char *lines = NULL;
    if (!a->answer->four) return MECH_OK;
    write_conventions(&plain, a, "", "\n");
    mech_status status = mech_text_take(&plain, &lines, error);
    if (status != MECH_OK) return status;
    mech_text_add(t, "<h2>As the model saw them</h2>\n<ul>\n");
    for (char *line = lines, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        mech_text_add(t, "<li>");
        mech_page_words(t, line);
        mech_text_add(t, "</li>\n");
    }
    mech_text_add(t, "</ul>\n");
    mech_free(lines);
    return MECH_OK;
}

static void write_warnings(text *t, const mech_answer *answer) {
    if (answer->n_warnings == answer->n_doubts) return;
    mech_text_add(t, "<h2>Mind that</h2>\n<ul>\n");
    for (size_t i = answer->n_doubts; i < answer->n_warnings; i++) {
        mech_text_add(t, "<li>");
        mech_page_words(t, answer->warnings[i]);
        mech_text_add(t, "</li>\n");
    }
    mech_text_add(t, "</ul>\n");
}

/* The page of the fits, with what else puts the answer in doubt. */
static mech_status write_fits_report(const answered *a, FILE *stream, mech_error *error) {
    const mech_answer *answer = a->answer;
    mech_report_options options = mech_report_options_default();
    text origin = {0};
    char *page = NULL;
    /* That none explains the readings the page says by itself. */
    const size_t first = answer->none_of_these.flagged ? 1 : 0;
    mech_text_format(&origin, "mechanist %s; answered by ", mech_version());
    write_origin(&origin, a);
    options.name = a->path;
    options.origin = origin.characters;
    options.notes = (const char *const *)answer->warnings + first;
    options.n_notes = answer->n_doubts - first;
    mech_status status =
        origin.failed ? mech_fail_memory(error) : mech_report_fits(a->experiment, answer->fits, &options, &page, error);
    if (status == MECH_OK) fputs(page, stream);
    mech_text_free(&origin);
    mech_free(page);
    return status;
}

static mech_status write_network_report(const answered *a, FILE *stream, mech_error *error) {
    char *svg = NULL;
    text t = {0}, title = {0}, origin = {0}, who = {0};
    const mech_picture_target target = mech_picture_memory(MECH_PICTURE_SVG, &svg, NULL);
    mech_status status = mech_draw_experiment(a->experiment, a->answer, &target, error);
    if (status != MECH_OK) return status;
    mech_text_add(&title, "Mechanism of ");
    mech_text_add(&title, a->path);
    mech_page_begin(&t, title.failed ? "" : title.characters, style);
    mech_text_add(&t, "<h1>");
    mech_page_words(&t, a->path);
    mech_text_add(&t, "</h1>\n");
    write_doubts(&t, a->answer);
    write_verdict(&t, a->answer);
    mech_text_format(&t, "<p class=\"soft\">This is %s.</p>\n", quick_look);
    mech_text_add(&t, "<figure>\n");
    mech_page_drawing(&t, svg, 1);
    mech_text_add(&t, "</figure>\n");
    write_ranking(&t, a);
    write_classes(&t, a->answer);
    write_runs(&t, a);
    status = write_conventions_list(&t, a, error);
    write_warnings(&t, a->answer);
    mech_text_add(&origin, "mechanist ");
    mech_page_words(&origin, mech_version());
    mech_text_add(&origin, "; answered by ");
    write_origin(&who, a);
    mech_page_words(&origin, who.failed ? "" : who.characters);
    mech_page_end(&t, origin.failed ? "" : origin.characters);
    if (title.failed || origin.failed || who.failed) t.failed = true;
    if (status == MECH_OK && t.failed) status = mech_fail_memory(error);
    if (status == MECH_OK) fwrite(t.characters, 1, t.length, stream);
    mech_text_free(&t);
    mech_text_free(&title);
    mech_text_free(&origin);
    mech_text_free(&who);
    mech_free(svg);
    return status;
}

mech_status write_answer_report(const answered *a, FILE *stream, mech_error *error) {
    return (a->answer->fits ? write_fits_report : write_network_report)(a, stream, error);
}
