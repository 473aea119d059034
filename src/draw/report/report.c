/* Fits of an experiment as one page of HTML. */
#include "base/error.h"
#include "base/interface.h"
#include "base/memory.h"
#include "base/page/page.h"
#include "draw/canvas/notation.h"
#include "draw/fits/fit_words.h"
#include "draw/fits/fits_figure.h"
#include "draw/report/report_mechanism.h"
#include "draw/report/report_words.h"
#include "experiment/runs/experiment.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FEWEST_SHOWN = 5, MOST_TOLD = 3 };

/* A mechanism is told in full from this probability on, and listed from that one on. */
static const double WORTH_TELLING = 0.05, WORTH_SHOWING = 0.0005;

static const char style[] =
    "p.verdict { font-size: 1.1rem; background: var(--card); border-left: 4px solid var(--bar); padding: .75rem 1rem; "
    "}\n"
    "p.doubt { background: var(--card); border-left: 4px solid #d55e00; padding: .75rem 1rem; }\n"
    "h3 { font-size: 1rem; margin: 1.75rem 0 .25rem; } h4 { font-size: .9rem; margin: 1.25rem 0 .25rem; } li { "
    "overflow-wrap: anywhere; }\n"
    "ol.ranking { list-style: none; margin: 0; padding: 0; } ol.ranking li { color: var(--ink); padding: .4rem 0;\n"
    "  border-bottom: 1px solid var(--line); }\n"
    "ol.ranking div.line { display: flex; gap: .75rem; align-items: baseline; } ol.ranking b { min-width: 2.2rem; }\n"
    "ol.ranking span.title { flex: 1; } ol.ranking span.share { white-space: nowrap; font-variant-numeric: "
    "tabular-nums; }\n"
    "div.track { height: .5rem; background: var(--card); border-radius: 2px; margin: .2rem 0; }\n"
    "div.track div { height: 100%; background: var(--bar); border-radius: 2px; min-width: 1px; }\n"
    "div.soft { color: var(--soft); font-size: .85rem; }\n"
    "table.quantities td:first-child { white-space: nowrap; } sub, sup { line-height: 0; }\n"
    "figure.narrow { display: none; }\n"
    "@media screen and (max-width: 640px) { body { padding: 1rem .75rem 3rem; } figure.broad { display: none; }\n"
    "  figure.narrow { display: block; } figure.scrolled { overflow-x: auto; } figure.scrolled svg { width: 44rem; }\n"
    "  th, td { padding: .3rem .35rem; } }\n"
    "@media print { ol.ranking li, tr, h2, h3 { break-inside: avoid; } h2, h3 { break-after: avoid; } }\n";

void mech_report_options_init(mech_report_options *options, size_t size) {
    const mech_report_options defaults = {.name = NULL};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

static const char *id_of(const mech_fits *fits, size_t rank) {
    return mech_mechanism_id(fits->mechanisms[rank].mechanism);
}

static void write_alike(text *t, const mech_fits *fits) {
    if (!fits->n_alike) return;
    mech_text_add(t, " These readings do not tell apart: ");
    for (size_t i = 0; i < fits->n_alike; i++) {
        mech_text_add(t, i ? ", " : "");
        mech_page_words(t, fits->alike[i]);
    }
    mech_text_add(t, ".");
}

static void write_verdict(text *t, const mech_fits *fits, const char *const *doubts, size_t n_doubts) {
    const mech_mechanism_fit *first = &fits->mechanisms[0];
    const char *title = mech_mechanism_title(first->mechanism);
    for (size_t i = 0; i < n_doubts; i++) {
        mech_text_add(t, "<p class=\"doubt\">");
        mech_report_sentence(t, doubts[i]);
        mech_text_add(t, "</p>\n");
    }
    if (fits->none_of_these.flagged && !n_doubts) {
        mech_text_add(t, "<p class=\"doubt\"><strong>None of these mechanisms explains the readings well</strong>: ");
        mech_report_sentence(t, fits->doubt);
        mech_text_add(t, " What follows says which come nearest.</p>\n");
    }
    mech_text_add(t, "<p class=\"verdict\"><strong>");
    mech_page_words(t, id_of(fits, 0));
    mech_text_add(t, "</strong>");
    if (*title) mech_text_add(t, ": ");
    mech_page_words(t, title);
    mech_text_format(t, " (%.1f %%).", 100 * first->probability);
    write_alike(t, fits);
    mech_text_add(t, "</p>\n");
}

static void write_probability(text *t, double probability) {
    if (probability >= WORTH_SHOWING)
        mech_text_format(t, "%.1f %%", 100 * probability);
    else
        mech_text_add(t, "&lt; 0.1 %");
}

static void write_ranked(text *t, const mech_mechanism_fit *f) {
    mech_text_add(t, "<li><div class=\"line\"><b>");
    mech_page_words(t, mech_mechanism_id(f->mechanism));
    mech_text_add(t, "</b><span class=\"title\">");
    mech_page_words(t, mech_mechanism_title(f->mechanism));
    mech_text_add(t, "</span><span class=\"share\">");
    write_probability(t, f->probability);
    mech_text_add(t, "</span></div>\n");
    mech_text_format(
        t, "<div class=\"track\"><div style=\"width:%.2f%%\"></div></div>\n<div class=\"soft\">%s; ln evidence ",
        100 * f->probability, mech_class_name(mech_mechanism_class(f->mechanism)));
    mech_text_format(t, "%.2f", f->log_evidence);
    if (isfinite(f->log_evidence_error)) mech_text_format(t, " ± %.2f", f->log_evidence_error);
    mech_text_format(t, "; off by %.2f %% of [S]<sub>0</sub></div></li>\n", 100 * f->deviation);
}

static void write_ranking(text *t, const mech_fits *fits) {
    size_t shown = 0;
    mech_text_add(t, "<h2>Mechanisms by evidence</h2>\n<ol class=\"ranking\">\n");
    for (; shown < fits->n_mechanisms; shown++) {
        const mech_mechanism_fit *f = &fits->mechanisms[shown];
        if (!f->fitted || (shown >= FEWEST_SHOWN && f->probability < WORTH_SHOWING)) break;
        write_ranked(t, f);
    }
    mech_text_add(t, "</ol>\n");
    const size_t others = fits->n_mechanisms - shown;
    if (others)
        mech_text_format(t, "<p class=\"soft\">%zu other%s less probable.</p>\n", others,
                         others == 1 ? " is" : "s are");
    mech_text_add(t, "<p class=\"soft\">Classes: ");
    for (size_t i = 0; i < fits->n_classes; i++) {
        mech_text_format(t, "%s%s ", i ? ", " : "", mech_class_name(fits->classes[i].mechanism_class));
        write_probability(t, fits->classes[i].probability);
    }
    mech_text_add(t, ". Off by: root mean square of best curves less readings.</p>\n");
}

/* Figures; `number` tells the ids of drawings apart. */
static mech_status write_figures(text *t, const mech_fits *fits, const char *name, mech_error *error) {
    char *svg = NULL;
    const mech_picture_target target = mech_picture_memory(MECH_PICTURE_SVG, &svg, NULL);
    mech_status status = MECH_OK;
    for (unsigned narrow = 0; narrow < 2 && status == MECH_OK; narrow++) {
        status = mech_draw_fits_page(fits, name, narrow ? FITS_NARROW : FITS_IN_REPORT, &target, error);
        if (status != MECH_OK) break;
        mech_text_format(t, "<figure class=\"%s\">\n", narrow ? "narrow" : "broad");
        mech_page_drawing(t, svg, narrow + 1);
        mech_text_add(t, "</figure>\n");
        mech_free(svg);
        svg = NULL;
    }
    return status;
}

static mech_status write_pairs(text *t, const mech_fits *fits, const char *name, mech_error *error) {
    char *svg = NULL;
    const mech_picture_target target = mech_picture_memory(MECH_PICTURE_SVG, &svg, NULL);
    const mech_status status = mech_draw_fit_constants(fits, 0, name, &target, error);
    if (status == MECH_OK) {
        mech_text_add(t, "<figure class=\"scrolled\">\n");
        mech_page_drawing(t, svg, 3);
        mech_text_add(t, "</figure>\n");
    }
    mech_free(svg);
    return status;
}

/* A cell with a number of the file's unit. */
static void write_number(text *t, double x) {
    mech_text_add(t, "<td>");
    mech_report_set(t, mech_set_number(x, 4).words);
    mech_text_add(t, "</td>");
}

/* The runs as they were read, and those that were left out with the reason. */
static void write_runs_read(text *t, const mech_experiment *e) {
    const char *unit = mech_experiment_concentration_unit(e);
    mech_text_add(t,
                  "<h2>Runs as read</h2>\n<div class=\"wide\"><table>\n<tr><th>run</th><th>readings</th>"
                  "<th>[S]<sub>0</sub></th><th>[P]<sub>0</sub></th><th>catalyst</th><th>measured</th><th></th></tr>\n");
    for (size_t i = 0; i < mech_experiment_n_runs(e); i++) {
        const mech_run *run = mech_experiment_run(e, i);
        const mech_run_account *account = mech_experiment_account(e, i);
        mech_text_add(t, "<tr><td>");
        mech_page_words(t, run->name);
        mech_text_format(t, "</td><td>%zu</td>", run->n_readings);
        write_number(t, run->s0);
        write_number(t, run->p0);
        write_number(t, run->cat0);
        mech_text_format(t, "<td>%s</td><td>", run->substrate && run->product ? "S, P" : run->substrate ? "S" : "P");
        if (account && account->left_out) {
            mech_text_add(t, "left out: ");
            mech_report_sentence(t, account->left_out);
        } else if (account) {
            mech_page_words(t, account->kind);
        }
        mech_text_add(t, "</td></tr>\n");
    }
    mech_text_add(t, "</table></div>\n");
    if (!*unit) return;
    mech_text_add(t, "<p class=\"soft\">Concentrations in ");
    mech_page_words(t, unit);
    mech_text_add(t, ".</p>\n");
}

static void write_notes(text *t, const mech_experiment *e, const mech_report_options *o) {
    const size_t first = o->notes ? o->n_doubts : 0, end = o->notes ? o->n_notes : mech_experiment_n_warnings(e);
    if (first >= end) return;
    mech_text_add(t, "<h2>Mind that</h2>\n<ul>\n");
    for (size_t i = first; i < end; i++) {
        mech_text_add(t, "<li>");
        mech_report_sentence(t, o->notes ? o->notes[i] : mech_experiment_warning(e, i));
        mech_text_add(t, "</li>\n");
    }
    mech_text_add(t, "</ul>\n");
}

mech_status mech_report_fits(const mech_experiment *experiment, const mech_fits *fits,
                             const mech_report_options *chosen, char **page, mech_error *error) {
    mech_report_options options = mech_report_options_default();
    text t = {0}, title = {0}, origin = {0};
    *page = NULL;
    mech_status status = mech_take_options(&options, sizeof options, chosen, "mech_report_options", error);
    if (status != MECH_OK) return status;
    const char *name = options.name ? options.name : experiment->source;
    mech_text_add(&title, "Mechanism of ");
    mech_text_add(&title, name);
    mech_page_begin(&t, title.failed ? "" : title.characters, style);
    mech_text_add(&t, "<h1>");
    mech_page_words(&t, name);
    mech_text_add(&t, "</h1>\n");
    mech_text_format(&t, "<p class=\"soft\">%zu readings of %zu run%s</p>\n", fits->n_readings, fits->n_runs,
                     fits->n_runs == 1 ? "" : "s");
    write_verdict(&t, fits, options.notes, options.notes ? options.n_doubts : 0);
    status = write_figures(&t, fits, name, error);
    write_ranking(&t, fits);
    mech_text_add(&t, "<h2>What the readings say</h2>\n");
    for (size_t i = 0; i < fits->n_mechanisms && i < MOST_TOLD && status == MECH_OK; i++)
        if (i == 0 || fits->mechanisms[i].probability > WORTH_TELLING)
            status = mech_report_mechanism(&t, fits, i, error);
    if (status == MECH_OK && fits->mechanisms[0].effective_samples > 0) status = write_pairs(&t, fits, name, error);
    write_runs_read(&t, experiment);
    write_notes(&t, experiment, &options);
    mech_text_add(&origin, "mechanist ");
    mech_page_words(&origin, mech_version());
    if (options.origin) mech_text_add(&origin, "; ");
    if (options.origin) mech_page_words(&origin, options.origin);
    mech_page_end(&t, origin.failed ? "" : origin.characters);
    if (status == MECH_OK && (title.failed || origin.failed)) status = mech_fail_memory(error);
    if (status == MECH_OK)
        status = mech_text_take(&t, page, error);
    else
        mech_text_free(&t);
    mech_text_free(&title);
    mech_text_free(&origin);
    return status;
}
