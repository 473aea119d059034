#include "cli/analysis/fits.h"
#include "cli/classify/answers.h"
#include "cli/options/page.h"
#include "cli/reading/understood.h"
#include "cli/terminal/short_numbers.h"

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
    page_words(t, first->id);
    mech_text_add(t, "</strong>: ");
    page_words(t, title_of(first));
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
        page_words(t, answer->warnings[i]);
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
        page_words(t, ranked->id);
        mech_text_add(t, "</td><td>");
        page_words(t, title_of(ranked));
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
    if (!answer->n_classes) return;
    mech_text_add(t, "<p>");
    for (size_t i = 0; i < answer->n_classes; i++)
        mech_text_format(t, "%s%s %.1f %%", i ? ", " : "Classes: ", mech_class_name(answer->classes[i].mechanism_class),
                         100 * answer->classes[i].probability);
    mech_text_add(t, ".</p>\n");
    if (!answer->n_alike) return;
    mech_text_add(t, "<p>These readings do not tell apart: ");
    for (size_t i = 0; i < answer->n_alike; i++) {
        if (i) mech_text_add(t, ", ");
        page_words(t, answer->alike[i]);
    }
    mech_text_add(t, ".</p>\n");
}

static void write_quantities(text *t, const mech_quantity *all, size_t n, const mech_run_set *runs) {
    for (size_t i = 0; i < n; i++) {
        const mech_estimate *v = &all[i].interval;
        text unit = {0};
        write_unit(&unit, &all[i], runs);
        mech_text_add(t, "<tr><td></td><td>");
        page_words(t, all[i].name);
        mech_text_format(t, "</td><td>%s</td><td>%s (%s to %s)", mech_verdict_name(all[i].verdict),
                         shorten(v->value).text, shorten(v->low).text, shorten(v->high).text);
        if (unit.length) page_words(t, unit.characters);
        mech_text_add(t, "</td></tr>\n");
        t->failed |= unit.failed;
        mech_text_free(&unit);
    }
}

/* Each line of `plain` as an item. */
static mech_status write_list(text *t, text *plain, mech_error *error) {
    char *lines = NULL;
    if (!plain->failed && !plain->length) return MECH_OK;
    const mech_status status = mech_text_take(plain, &lines, error);
    if (status != MECH_OK) return status;
    mech_text_add(t, "<ul>\n");
    for (char *line = lines, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        mech_text_add(t, "<li>");
        page_words(t, line + strspn(line, " "));
        mech_text_add(t, "</li>\n");
    }
    mech_text_add(t, "</ul>\n");
    mech_free(lines);
    return MECH_OK;
}

static mech_status write_fits(text *t, const answered *a, mech_error *error) {
    const mech_fits *fits = a->answer->fits;
    const mech_run_set *runs = mech_experiment_runs(a->experiment);
    mech_status status = MECH_OK;
    if (!fits) return MECH_OK;
    mech_text_add(t, "<h2>What the readings say if the mechanism is right</h2>\n<p class=\"soft\">Medians with 95 % "
                     "intervals. Deviation: root mean square of the best curves minus the readings.</p>\n");
    for (size_t i = 0; is_worth_telling(fits, i) && status == MECH_OK; i++) {
        const mech_mechanism_fit *f = &fits->mechanisms[i];
        text errors = {0};
        mech_text_add(t, "<div class=\"wide\"><table>\n<tr><th>");
        page_words(t, mech_mechanism_id(f->mechanism));
        mech_text_format(t, "</th><th colspan=\"3\">off by %.2f %% of [S]<sub>0</sub>, noise found %.2f %%</th></tr>\n",
                         100 * f->deviation, 100 * f->noise);
        write_quantities(t, f->rate_constants, f->n_rate_constants, runs);
        write_quantities(t, f->derived, f->n_derived, runs);
        mech_text_add(t, "</table></div>\n");
        write_runs_errors(&errors, f, runs);
        status = write_list(t, &errors, error);
    }
    return status;
}

static void write_runs(text *t, const answered *a) {
    mech_text_add(t,
                  "<h2>Runs as read</h2>\n<div class=\"wide\"><table>\n<tr><th>run</th><th class=\"number\">points</th>"
                  "<th class=\"number\">[S]<sub>0</sub></th><th class=\"number\">[P]<sub>0</sub></th>"
                  "<th class=\"number\">catalyst</th><th class=\"number\">mol %</th><th>measured</th></tr>\n");
    for (size_t i = 0; i < mech_experiment_n_runs(a->experiment); i++) {
        const mech_run *run = mech_experiment_run(a->experiment, i);
        mech_text_add(t, "<tr><td>");
        page_words(t, run->name);
        mech_text_format(t,
                         "</td><td class=\"number\">%zu</td><td class=\"number\">%s</td><td class=\"number\">%s</td>"
                         "<td class=\"number\">%s</td><td class=\"number\">%s</td><td>%s</td></tr>\n",
                         count_points(run), shorten(run->s0).text, shorten(run->p0).text, shorten(run->cat0).text,
                         shorten(100 * run->cat0 / run->s0).text, measured_species(run));
    }
    mech_text_add(t, "</table></div>\n<p class=\"soft\">Points are those after time 0");
    const char *unit = mech_experiment_concentration_unit(a->experiment);
    if (*unit) mech_text_add(t, "; concentrations in ");
    page_words(t, unit);
    mech_text_add(t, ".</p>\n");
}

static mech_status write_conventions_list(text *t, const answered *a, mech_error *error) {
    text plain = {0};
    if (!a->answer->four) return MECH_OK;
    write_conventions(&plain, a, "", "\n");
    mech_text_add(t, "<h2>As the model saw them</h2>\n");
    return write_list(t, &plain, error);
}

static void write_warnings(text *t, const mech_answer *answer) {
    if (answer->n_warnings == answer->n_doubts) return;
    mech_text_add(t, "<h2>Mind that</h2>\n<ul>\n");
    for (size_t i = answer->n_doubts; i < answer->n_warnings; i++) {
        mech_text_add(t, "<li>");
        page_words(t, answer->warnings[i]);
        mech_text_add(t, "</li>\n");
    }
    mech_text_add(t, "</ul>\n");
}

mech_status write_answer_report(const answered *a, FILE *stream, mech_error *error) {
    char *svg = NULL;
    text t = {0}, title = {0}, origin = {0}, who = {0};
    const mech_picture_target target = mech_picture_memory(MECH_PICTURE_SVG, &svg, NULL);
    mech_status status = mech_draw_experiment(a->experiment, a->answer, &target, error);
    if (status != MECH_OK) return status;
    mech_text_add(&title, "Mechanism of ");
    mech_text_add(&title, a->path);
    page_begin(&t, title.failed ? "" : title.characters, style);
    mech_text_add(&t, "<h1>");
    page_words(&t, a->path);
    mech_text_add(&t, "</h1>\n");
    write_doubts(&t, a->answer);
    write_verdict(&t, a->answer);
    mech_text_add(&t, "<figure>\n");
    page_drawing(&t, svg, 1);
    mech_text_add(&t, "</figure>\n");
    write_ranking(&t, a);
    write_classes(&t, a->answer);
    status = write_fits(&t, a, error);
    write_runs(&t, a);
    if (status == MECH_OK) status = write_conventions_list(&t, a, error);
    write_warnings(&t, a->answer);
    mech_text_add(&origin, "mechanist ");
    page_words(&origin, mech_version());
    mech_text_add(&origin, "; answered by ");
    write_origin(&who, a);
    page_words(&origin, who.failed ? "" : who.characters);
    page_end(&t, origin.failed ? "" : origin.characters);
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
