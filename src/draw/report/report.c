/* Fits of an experiment as one page of HTML. */
#include "base/error.h"
#include "base/interface.h"
#include "base/memory.h"
#include "base/page/page.h"
#include "draw/canvas/notation.h"
#include "draw/fits/fit_words.h"
#include "draw/fits/fits_figure.h"
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

static void write_verdict(text *t, const mech_fits *fits) {
    const mech_mechanism_fit *first = &fits->mechanisms[0];
    const char *title = mech_mechanism_title(first->mechanism);
    if (fits->none_of_these.flagged) {
        mech_text_add(t,
                      "<p class=\"doubt\"><strong>None of these mechanisms explains the readings well</strong> (p = ");
        mech_report_set(t, mech_set_number(fits->none_of_these.p_value, 2).words);
        mech_text_add(t, " for the best of them): neighbouring readings are off to the same side. What follows says "
                         "which come nearest.</p>\n");
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

static void write_quantities(text *t, const mech_quantity *all, size_t n, const mech_run_set *runs) {
    for (size_t i = 0; i < n; i++) {
        const setting unit = mech_set_unit(&all[i], runs);
        mech_text_add(t, "<tr><td>");
        mech_report_set(t, mech_set_quantity(all[i].name).words);
        mech_text_add(t, "</td><td>");
        mech_report_set(t, mech_set_interval(&all[i].interval, &unit).words);
        mech_text_format(t, "</td><td>%s</td></tr>\n", mech_verdict_name(all[i].verdict));
    }
}

static void write_share(text *t, const mech_estimate *e) {
    mech_text_format(t, "%.0f %% (%.0f to %.0f)", 100 * e->value, 100 * e->low, 100 * e->high);
}

/* Where the catalyst of the first run is, early, in the middle and at the end. */
static mech_status write_forms(text *t, const mech_fits *fits, size_t rank, mech_error *error) {
    enum { N_TIMES = 3 };
    const mech_mechanism *m = fits->mechanisms[rank].mechanism;
    const mech_run *run = mech_run_set_run(mech_fits_runs(fits), 0);
    const size_t n = mech_mechanism_n_species(m);
    const double end = run->time[run->n_readings - 1], times[N_TIMES] = {0.1 * end, 0.5 * end, end};
    mech_estimate *share = mech_allocate_array(N_TIMES * n, sizeof *share);
    if (!share) return mech_fail_memory(error);
    const mech_status status = mech_fits_catalyst(fits, rank, 0, N_TIMES, times, share, error);
    if (status == MECH_OK) {
        mech_text_add(t, "<p class=\"soft\">Where the catalyst is, in run ");
        mech_page_words(t, run->name);
        mech_text_add(t, ", after a tenth and half of its time and at its end</p>\n<div class=\"wide\"><table>\n<tr>"
                         "<th>form</th><th>10 %</th><th>50 %</th><th>100 %</th></tr>\n");
        for (size_t j = 0; j < n; j++) {
            bool holds = false;
            for (size_t i = 0; i < N_TIMES; i++) holds |= share[i * n + j].high >= 0.005;
            if (!holds) continue;
            mech_text_add(t, "<tr><td>");
            mech_report_set(t, mech_set_species(mech_mechanism_species(m, j)).words);
            for (size_t i = 0; i < N_TIMES; i++) {
                mech_text_add(t, "</td><td>");
                write_share(t, &share[i * n + j]);
            }
            mech_text_add(t, "</td></tr>\n");
        }
        mech_text_add(t, "</table></div>\n");
    }
    mech_release_array(share);
    return status;
}

/* A cell "12.3 (11 to 14)"; an empty one where nothing is known. */
static void write_cell(text *t, const mech_estimate *e, const setting *unit) {
    mech_text_add(t, "<td>");
    if (!isnan(e->value)) mech_report_set(t, mech_set_interval(e, unit).words);
    mech_text_add(t, "</td>");
}

static void write_runs(text *t, const mech_mechanism_fit *f, const mech_run_set *runs) {
    const setting none = {""}, per_time = mech_set_unit(&(mech_quantity){.time_power = -1}, runs),
                  in_time = mech_set_unit(&(mech_quantity){.time_power = 1}, runs);
    bool loses = false;
    for (size_t r = 0; r < f->n_runs; r++) loses |= !isnan(f->runs[r].half_life.value);
    mech_text_format(t,
                     "<h4>Run by run</h4>\n<div class=\"wide\"><table>\n<tr><th>run</th><th>highest TOF</th><th>TON at "
                     "the end</th>%s"
                     "<th>resting state</th></tr>\n",
                     loses ? "<th>half-life</th>" : "");
    for (size_t r = 0; r < f->n_runs; r++) {
        const mech_run_estimate *e = &f->runs[r];
        mech_text_add(t, "<tr><td>");
        mech_page_words(t, e->name);
        mech_text_add(t, "</td>");
        write_cell(t, &e->highest_tof, &per_time);
        write_cell(t, &e->ton, &none);
        if (loses) write_cell(t, &e->half_life, &in_time);
        mech_text_add(t, "<td>");
        if (e->resting_state) {
            mech_report_set(t, mech_set_species(e->resting_state).words);
            mech_text_add(t, ", ");
            write_share(t, &e->resting_share);
        }
        mech_text_add(t, "</td></tr>\n");
    }
    mech_text_add(t, "</table></div>\n");
}

static void write_errors(text *t, const mech_mechanism_fit *f) {
    mech_text_add(t, "<ul>\n");
    size_t n = 0;
    for (size_t r = 0; r < f->n_runs; r++) n += mech_report_remarks(t, f->runs[r].remarks);
    if (!n) mech_text_add(t, "<li>All runs hold what is written, within what can be told.</li>\n");
    mech_text_add(t, "</ul>\n");
}

static mech_status write_mechanism(text *t, const mech_fits *fits, size_t rank, mech_error *error) {
    const mech_mechanism_fit *f = &fits->mechanisms[rank];
    const mech_run_set *runs = mech_fits_runs(fits);
    mech_text_add(t, "<h3>If it is ");
    mech_page_words(t, mech_mechanism_id(f->mechanism));
    mech_text_add(t, ": ");
    mech_page_words(t, mech_mechanism_title(f->mechanism));
    mech_text_format(
        t, "</h3>\n<p class=\"soft\">Noise found: %.2f %% of [S]<sub>0</sub> and %.2f %% of the reading.</p>\n",
        100 * f->noise, 100 * f->proportional_noise);
    if (f->rate_law) {
        mech_text_add(t, "<p>");
        mech_report_rate_law(t, f->rate_law);
        mech_text_add(t, ", [cat] being the catalyst on the cycle</p>\n");
    }
    mech_text_add(t, "<table class=\"quantities\">\n<tr><th></th><th>median (95 % interval)</th><th></th></tr>\n");
    write_quantities(t, f->rate_constants, f->n_rate_constants, runs);
    write_quantities(t, f->derived, f->n_derived, runs);
    mech_text_add(t, "</table>\n");
    if (f->rate_law)
        mech_text_add(t, "<p class=\"soft\">k<sub>cat</sub> = k<sub>2</sub>, K<sub>M</sub> = (k<sub>−1</sub> + "
                         "k<sub>2</sub>) / k<sub>1</sub>, K<sub>P</sub> = (k<sub>−1</sub> + k<sub>2</sub>) / "
                         "k<sub>−2</sub>, K<sub>eq</sub> = k<sub>1</sub>k<sub>2</sub> / "
                         "(k<sub>−1</sub>k<sub>−2</sub>)</p>\n");
    if (!f->n_runs) return MECH_OK;
    write_runs(t, f, runs);
    const mech_status status = write_forms(t, fits, rank, error);
    write_errors(t, f);
    return status;
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

static void write_notes(text *t, const mech_experiment *e, const mech_report_options *o) {
    if (!mech_experiment_n_warnings(e) && !o->n_notes) return;
    mech_text_add(t, "<h2>Mind that</h2>\n<ul>\n");
    for (size_t i = 0; i < mech_experiment_n_warnings(e) + o->n_notes; i++) {
        const size_t own = mech_experiment_n_warnings(e);
        mech_text_add(t, "<li>");
        mech_report_sentence(t, i < own ? mech_experiment_warning(e, i) : o->notes[i - own]);
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
    write_verdict(&t, fits);
    status = write_figures(&t, fits, name, error);
    write_ranking(&t, fits);
    mech_text_add(&t, "<h2>What the readings say</h2>\n");
    for (size_t i = 0; i < fits->n_mechanisms && i < MOST_TOLD && status == MECH_OK; i++)
        if (i == 0 || fits->mechanisms[i].probability > WORTH_TELLING) status = write_mechanism(&t, fits, i, error);
    if (status == MECH_OK && fits->mechanisms[0].effective_samples > 0) status = write_pairs(&t, fits, name, error);
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
