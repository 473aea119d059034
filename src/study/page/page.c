/* The page of a study: every table and figure, with the commands that make them again. */
#include "study/page/published.h"
#include "study/page/study.h"

#include "base/files/file.h"
#include "base/numbers/setting.h"
#include "base/page/page.h"

#include <stdio.h>
#include <string.h>

enum { MOST_FIGURE_BYTES = 1 << 28 };

static const char style[] =
    "body { max-width: 80rem; }\n"
    "h1 { margin-bottom: .5rem; }\n"
    "h2 { font-size: 1.3rem; border-top: 1px solid var(--line); padding-top: 1.5rem; }\n"
    "h3 { font-size: 1.05rem; margin: 2rem 0 .25rem; }\n"
    "p, ol { max-width: 46rem; } a { color: var(--bar); }\n"
    "nav ol { columns: 2; padding-left: 1.25rem; }\n"
    "div.figures { display: flex; flex-wrap: wrap; gap: 1.25rem; align-items: flex-start; }\n"
    "figure { margin: 0; max-width: 100%; box-sizing: border-box; background: none; padding: 0; overflow: hidden; }\n"
    "figure > div { background: #fff; padding: .5rem; }\n"
    "figure svg { width: auto; max-width: 100%; margin: 0 auto; }\n"
    "figcaption { padding: .5rem .75rem .75rem; font-size: .9rem; contain: inline-size; }\n"
    "code { font: .8rem/1.4 ui-monospace, \"DejaVu Sans Mono\", monospace; overflow-wrap: anywhere; }\n"
    "pre { background: var(--card); padding: .6rem .8rem; margin: .5rem 0; border-radius: 4px;\n"
    "  white-space: pre-wrap; overflow-wrap: anywhere; }\n"
    "caption { text-align: left; color: var(--soft); font-size: .9rem; padding: .25rem .6rem; }\n"
    "table { font-size: .9rem; } tbody th { color: var(--ink); font-size: inherit; }\n"
    "table.results { font-size: .78rem; line-height: 1.35; }\n"
    "table.results th, table.results td { padding: .3rem .25rem; } table.results th { white-space: normal; }\n"
    "tr.own th { white-space: nowrap; }\n"
    "tr.published { background: var(--card); } tr.published th { font-weight: 400; font-style: italic; }\n"
    "tr.cell th { border-bottom: 2px solid var(--line); padding-top: .9rem; }\n"
    "small { display: block; color: var(--soft); font-weight: 400; font-size: .82em; }\n"
    "details { margin: .5rem 0 1.25rem; } summary { cursor: pointer; color: var(--soft); }\n"
    "@media print { section[id^=results] { break-before: page; } nav { display: none; }\n"
    "  body { font-size: 10pt; } h2, h3, tr.cell { break-after: avoid; } tr { break-inside: avoid; }\n"
    "  div.wide { overflow: visible; } table.results { font-size: 6pt; } }\n";

/* A page in the making. */
typedef struct page {
    text t;
    unsigned n_drawings;
} page;

static void write_command(text *t, const char *command) {
    mech_text_add(t, "<pre><code>");
    mech_page_words(t, command);
    mech_text_add(t, "</code></pre>\n");
}

static mech_status write_figure(page *p, const study_figure *f, mech_error *error) {
    char *svg = NULL;
    size_t length = 0;
    mech_status status = mech_file_read(f->path, MOST_FIGURE_BYTES, &svg, &length, error);
    if (status != MECH_OK) return status;
    mech_text_add(&p->t, "<figure><div>\n");
    mech_page_drawing(&p->t, svg, ++p->n_drawings);
    mech_text_add(&p->t, "</div><figcaption><strong>");
    mech_page_words(&p->t, f->title);
    mech_text_add(&p->t, ".</strong> ");
    mech_page_words(&p->t, f->caption);
    write_command(&p->t, f->command);
    mech_text_add(&p->t, "</figcaption></figure>\n");
    mech_free(svg);
    return MECH_OK;
}

/* The figures of a section, in a row as far as there is room; `protocol` and `model` must be those of the figure, NULL
 * for what belongs to none. */
static mech_status write_figures(page *p, const study *s, study_section section, const study_protocol *protocol,
                                 const study_model *model, mech_error *error) {
    mech_status status = MECH_OK;
    mech_text_add(&p->t, "<div class=\"figures\">\n");
    for (size_t i = 0; i < s->n_figures && status == MECH_OK; i++) {
        const study_figure *f = &s->figures[i];
        if (f->section == section && f->model == model && f->protocol == protocol) status = write_figure(p, f, error);
    }
    mech_text_add(&p->t, "</div>\n");
    return status;
}

static void begin_section(page *p, const char *id, const char *title) {
    mech_text_format(&p->t, "<section id=\"%s\">\n<h2>%s</h2>\n", id, title);
}

static void write_beginning(page *p, const study *s) {
    text *t = &p->t;
    text own = {0};
    mech_page_begin(t, "Catalytic mechanisms from kinetic data: the study", style);
    mech_text_add(
        t, "<h1>Catalytic mechanisms from kinetic data: the study</h1>\n<p>Every table and figure of the published "
           "studies of mechanism classification, made anew from simulated reactions for the networks that come with "
           "mechanist. Below each figure stands the command that draws it again, below each table those that make "
           "its numbers. Figures of others are marked as published and hold on other data. Points are those after "
           "t\xC2\xA0=\xC2\xA0"
           "0; noise is in % of [S]<sub>0</sub>, the standard substrate concentration; entropies are in nats; "
           "what each figure means: docs/metrics.md.</p>\n<p>All of it at once:</p>\n");
    mech_text_add(&own, "mechanist study -o");
    mech_study_command_word(&own, s->folder);
    for (int i = 0; i < N_PROTOCOLS; i++) {
        if (s->protocols[i].command || s->protocols[i].left_out) continue;
        mech_text_format(&own, " --%s-data", s->protocols[i].name);
        mech_study_command_word(&own, s->protocols[i].data);
    }
    mech_text_format(&own, " --samples %zu --resamples %zu --seed %llu", s->n_samples, s->resamples,
                     (unsigned long long)s->seed);
    write_command(t, own.failed ? "" : own.characters);
    t->failed |= own.failed;
    mech_text_free(&own);
    mech_text_add(t, "<nav aria-label=\"Contents\"><ol>\n<li><a href=\"#mechanisms\">Mechanisms</a></li>\n"
                     "<li><a href=\"#solver\">Solver</a></li>\n<li><a href=\"#data\">Data</a></li>\n"
                     "<li><a href=\"#networks\">Networks</a></li>\n<li><a href=\"#training\">Training</a></li>\n");
    for (int i = 0; i < N_PROTOCOLS; i++)
        if (!s->protocols[i].left_out)
            mech_text_format(t, "<li><a href=\"#results-%s\">Results, %s</a></li>\n", s->protocols[i].name,
                             s->protocols[i].called);
    mech_text_add(t, "<li><a href=\"#sources\">Sources</a></li>\n</ol></nav>\n<main>\n");
}

static mech_status write_data(page *p, const study *s, mech_error *error) {
    mech_status status = MECH_OK;
    begin_section(p, "data", "Data");
    for (int i = 0; i < N_PROTOCOLS && status == MECH_OK; i++) {
        const study_protocol *of = &s->protocols[i];
        if (of->left_out) continue;
        mech_text_format(&p->t, "<h3>Data of %s</h3>\n<p>%s test ", of->called, mech_set_count(of->n).words);
        if (of->is_design)
            mech_text_add(&p->t, "experiments, ");
        else
            mech_text_format(&p->t, "samples of four runs, %zu points after t = 0 each, ", of->n_points);
        if (of->command) {
            mech_text_add(&p->t, "every one with rate constants of its own from the whole prior:</p>\n");
            write_command(&p->t, of->command);
        } else {
            mech_text_add(&p->t, "as given: <code>");
            mech_page_words(&p->t, of->data);
            mech_text_add(&p->t, "</code></p>\n");
        }
        status = write_figures(p, s, SECTION_DATA, of, NULL, error);
    }
    mech_text_add(&p->t, "</section>\n");
    return status;
}

static mech_status write_training(page *p, const study *s, mech_error *error) {
    mech_status status = MECH_OK;
    begin_section(p, "training", "Training");
    mech_study_networks_table(&p->t, s);
    write_command(&p->t, "mechanist models");
    mech_text_add(&p->t, "<div class=\"figures\">\n");
    for (size_t i = 0; i < s->n_figures && status == MECH_OK; i++)
        if (s->figures[i].section == SECTION_TRAINING) status = write_figure(p, &s->figures[i], error);
    mech_text_add(&p->t, "</div>\n</section>\n");
    return status;
}

static bool has_models(const study *s, const study_protocol *of) {
    for (size_t i = 0; i < s->n_models; i++)
        if (s->models[i].protocol == of) return true;
    return false;
}

/* The commands behind a table, folded away on a screen: there are many, and they are alike. */
static void write_table_commands(text *t, const study *s, const study_protocol *of) {
    mech_text_add(t, "<details><summary>The commands that make these numbers</summary>\n<pre><code>");
    for (size_t i = 0; i < s->n_models; i++)
        for (size_t k = 0; k < of->n_cells && s->models[i].protocol == of; k++) {
            mech_page_words(t, s->models[i].commands[k]);
            mech_text_add(t, "\n");
        }
    mech_text_add(t, "</code></pre></details>\n");
}

static mech_status write_results(page *p, const study *s, const study_protocol *of, mech_error *error) {
    mech_text_format(&p->t, "<section id=\"results-%s\">\n<h2>Results, %s</h2>\n", of->name, of->called);
    mech_text_format(&p->t, "<p>%s</p>\n", of->about);
    mech_study_results_table(&p->t, s, of);
    if (!has_models(s, of)) {
        mech_text_format(&p->t, "<p>No network of %s comes with this program.</p>\n</section>\n", of->called);
        return MECH_OK;
    }
    write_table_commands(&p->t, s, of);
    mech_status status = write_figures(p, s, SECTION_RESULTS, of, NULL, error);
    for (size_t i = 0; i < s->n_models && status == MECH_OK; i++) {
        const study_model *m = &s->models[i];
        if (m->protocol != of) continue;
        mech_text_add(&p->t, "<h3>");
        mech_page_words(&p->t, m->shipped->name);
        mech_text_add(&p->t, "</h3>\n");
        status = write_figures(p, s, SECTION_RESULTS, of, m, error);
        if (of->is_design) continue;
        mech_text_add(&p->t, "<p class=\"soft\">The grid's table, with intervals:</p>\n");
        write_command(&p->t, m->grid_command);
    }
    mech_text_add(&p->t, "</section>\n");
    return status;
}

static void write_end(page *p) {
    text *t = &p->t;
    text origin = {0};
    begin_section(p, "sources", "Sources of the published figures");
    mech_text_add(t, "<ol>\n");
    for (size_t i = 0; i < N_SOURCES; i++) {
        mech_text_add(t, "<li>");
        mech_page_words(t, mech_published_sources[i]);
        mech_text_add(t, "</li>\n");
    }
    mech_text_add(t, "</ol>\n</section>\n</main>\n");
    mech_text_add(&origin, "mechanist ");
    mech_page_words(&origin, mech_version());
    mech_page_end(t, origin.failed ? "" : origin.characters);
    t->failed |= origin.failed;
    mech_text_free(&origin);
}

mech_status mech_study_write_page(const study *s, mech_error *error) {
    page p = {.n_drawings = 0};
    text path = {0};
    write_beginning(&p, s);
    begin_section(&p, "mechanisms", "Mechanisms");
    mech_status status = write_figures(&p, s, SECTION_MECHANISMS, NULL, NULL, error);
    mech_text_add(&p.t, "</section>\n");
    begin_section(&p, "solver", "Solver");
    if (status == MECH_OK) status = write_figures(&p, s, SECTION_SOLVER, NULL, NULL, error);
    mech_text_add(&p.t, "</section>\n");
    if (status == MECH_OK) status = write_data(&p, s, error);
    begin_section(&p, "networks", "Networks");
    if (status == MECH_OK) status = write_figures(&p, s, SECTION_NETWORKS, NULL, NULL, error);
    mech_text_add(&p.t, "</section>\n");
    if (status == MECH_OK) status = write_training(&p, s, error);
    for (int i = 0; i < N_PROTOCOLS && status == MECH_OK; i++)
        if (!s->protocols[i].left_out) status = write_results(&p, s, &s->protocols[i], error);
    write_end(&p);
    mech_text_format(&path, "%s/index.html", s->folder);
    if (status == MECH_OK && (p.t.failed || path.failed)) status = mech_fail_memory(error);
    if (status == MECH_OK) status = mech_file_write(path.characters, p.t.characters, p.t.length, error);
    mech_text_free(&path);
    mech_text_free(&p.t);
    return status;
}
