/* The figures of a study: a table of what is drawn of what, each as plot draws it, with the command that draws it
 * again. */
#include "study/page/study.h"

#include <stdlib.h>
#include <string.h>

/* What a kind of figure is drawn of. */
typedef enum takes {
    TAKES_NOTHING,  /* one figure */
    TAKES_NETWORK,  /* one of each network that the program knows */
    TAKES_PROTOCOL, /* one of each protocol, of its prior */
    TAKES_SAMPLE,   /* one of each protocol, of one sample */
    TAKES_SAMPLES,  /* one of each protocol, of all samples */
    TAKES_MODELS,   /* one of each protocol, showing all of its models */
    TAKES_MODEL,    /* one of each model */
    TAKES_HISTORY,  /* one of each model that has a learning curve */
    TAKES_GRID      /* one of each model */
} takes;

/* In the order in which each section shows them. */
static const struct row {
    const char *kind; /* of plot */
    study_section section;
    takes takes;
    const char *figure; /* of a grid; NULL: none */
    const char *title, *caption;
    bool of_experiments; /* also of a design, whose experiments have any shape */
} rows[] = {
    {"mechanisms", SECTION_MECHANISMS, TAKES_NOTHING, NULL, "Mechanisms",
     "The twenty mechanisms in their four classes; half arrows are reversible steps.", false},
    {"solver", SECTION_SOLVER, TAKES_NOTHING, NULL, "Textbook reactions",
     "A \xE2\x86\x92 B, a side reaction, an equilibrium, a chain and Michaelis\xE2\x80\x93Menten kinetics, "
     "integrated.",
     false},
    {"profiles", SECTION_DATA, TAKES_SAMPLE, NULL, "Profiles of one sample",
     "The runs of one test sample, with its mechanism and rate constants.", true},
    {"counts", SECTION_DATA, TAKES_SAMPLES, NULL, "Samples by mechanism",
     "How many samples of each mechanism the data hold.", true},
    {"prior", SECTION_DATA, TAKES_PROTOCOL, NULL, "Accepted rate constants",
     "What the rules of acceptance leave of each rate constant's range; flat: as it was drawn.", false},
    {"distances", SECTION_DATA, TAKES_SAMPLES, NULL, "Distances from test to training samples",
     "Euclidean distance of each test sample, 168 numbers, to its nearest training sample of any mechanism.", false},
    {"architecture", SECTION_NETWORKS, TAKES_NETWORK, NULL, "Architecture",
     "Drawn from the graph that the program computes with.", false},
    {"history", SECTION_TRAINING, TAKES_HISTORY, NULL, "Training history",
     "Loss and accuracy of training and validation; training figures are those of noisy samples on the way.", true},
    {"entropy", SECTION_RESULTS, TAKES_MODELS, NULL, "Predictive entropy",
     "How sure the networks are: right answers should lie at the left, wrong ones at the right.", true},
    {"credible-sets", SECTION_RESULTS, TAKES_MODELS, NULL, "Credible sets",
     "How many mechanisms are left once 95 % or 99 % of the probability are named, and how often the truth is among "
     "them.",
     true},
    {"confusion", SECTION_RESULTS, TAKES_MODEL, NULL, "Confusion matrix",
     "Counts of test samples; the shading is the share of the row.", true},
    {"grid", SECTION_RESULTS, TAKES_GRID, "top1", "Accuracy by points and noise",
     "Share of the samples whose most probable mechanism is the right one.", false},
    {"grid", SECTION_RESULTS, TAKES_GRID, "coverage_99", "Truth in the 99 % credible set",
     "Share of the samples whose 99 % credible set holds the right mechanism, by points and noise.", false},
    {"reliability", SECTION_RESULTS, TAKES_MODEL, NULL, "Reliability",
     "How often the most probable mechanism is the right one against its probability, as the network gives it and, "
     "where "
     "it has a calibration, calibrated.",
     true},
};
enum { N_ROWS = sizeof rows / sizeof rows[0] };

/* Mechanisms take turns in a data set: a sample of M9, as in the published study. */
enum { SHOWN_SAMPLE = 8 };

/* Of each mechanism one theta is drawn for so many test samples, which takes about as long as the other figures. */
enum { THETAS_SHARE = 4 };

/* One figure on its way. */
typedef struct drawing {
    const struct row *row;
    const char *of; /* what its file is named after; NULL: nothing */
    const study_protocol *protocol;
    const study_model *model;
    mech_figure_options of_what;
    const char *path;
} drawing;

static drawing begin_drawing(const struct row *row, const char *of, const study_protocol *protocol,
                             const study_model *model) {
    return (drawing){
        .row = row, .of = of, .protocol = protocol, .model = model, .of_what = mech_figure_options_default()};
}

static void add_option(text *t, const char *name, const char *value) {
    mech_text_add(t, name);
    mech_study_command_word(t, value);
}

/* The command line that asks for the same. */
static void write_command(text *t, const drawing *d) {
    const mech_figure_options *r = &d->of_what;
    mech_text_format(t, "mechanist plot %s", d->row->kind);
    if (r->subject) mech_study_command_word(t, r->subject);
    if (r->model) add_option(t, " --model", r->model);
    if (r->data) add_option(t, " --data", r->data);
    if (r->design) add_option(t, " --design", r->design);
    if (r->thetas) mech_text_format(t, " --thetas %zu", r->thetas);
    if (r->sample) mech_text_format(t, " --sample %llu", (unsigned long long)r->sample);
    if (r->points) mech_text_format(t, " --points %zu", r->points);
    if (r->noise > 0) mech_text_format(t, " --noise %g", 100 * r->noise);
    if (d->row->figure) add_option(t, " --figure", d->row->figure);
    if ((r->data || r->design) && r->seed != 1) mech_text_format(t, " --seed %llu", (unsigned long long)r->seed);
    add_option(t, " -o", d->path);
}

static mech_status keep_figure(study *s, const drawing *d, mech_error *error) {
    if (s->n_figures == s->figures_capacity) {
        const size_t capacity = s->figures_capacity ? 2 * s->figures_capacity : 64;
        study_figure *grown = realloc(s->figures, capacity * sizeof *grown);
        if (!grown) return mech_fail_memory(error);
        s->figures = grown;
        s->figures_capacity = capacity;
    }
    text command = {0};
    write_command(&command, d);
    const char *kept = mech_study_text(s, "%s", command.failed ? "" : command.characters);
    mech_text_free(&command);
    s->figures[s->n_figures++] =
        (study_figure){.section = d->row->section,
                       .protocol = d->protocol,
                       .model = d->model,
                       .path = d->path,
                       .command = kept,
                       .title = d->of ? mech_study_text(s, "%s: %s", d->row->title, d->of) : d->row->title,
                       .caption = d->row->caption};
    return s->failed ? mech_fail_memory(error) : MECH_OK;
}

static mech_status draw(study *s, drawing *d, mech_error *error) {
    d->path = mech_study_text(s, "%s/figures/%s%s%s%s%s.svg", s->folder, d->row->kind, d->of ? "-" : "",
                              d->of ? d->of : "", d->row->figure ? "-" : "", d->row->figure ? d->row->figure : "");
    d->of_what.figure = d->row->figure;
    d->of_what.seed = s->seed;
    d->of_what.threads = s->threads;
    const mech_picture_target target = mech_picture_file(d->path);
    if (s->failed) return mech_fail_memory(error);
    mech_status status = mech_study_go_on(s, error);
    if (status == MECH_OK) status = mech_draw_figure(d->row->kind, &d->of_what, NULL, &target, NULL, error);
    if (status == MECH_OK) status = keep_figure(s, d, error);
    return status;
}

/* The points and noise with which a protocol's figures show its models. */
static void ask_first_cell(const study_protocol *p, mech_figure_options *r) {
    r->data = p->data;
    r->points = p->cells[0].points;
    r->noise = p->cells[0].noise / 100;
}

static mech_status draw_networks(study *s, const struct row *row, mech_error *error) {
    mech_status status = MECH_OK;
    const char *name;
    for (size_t i = 0; status == MECH_OK && (name = mech_network_name(i)); i++) {
        drawing d = begin_drawing(row, name, NULL, NULL);
        d.of_what.subject = name;
        status = draw(s, &d, error);
    }
    return status;
}

static mech_status draw_protocols(study *s, const struct row *row, mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t i = 0; i < N_PROTOCOLS && status == MECH_OK; i++) {
        const study_protocol *p = &s->protocols[i];
        drawing d = begin_drawing(row, p->name, p, NULL);
        if (p->left_out || (p->is_design && !row->of_experiments)) continue;
        if (row->takes == TAKES_PROTOCOL) {
            d.of_what.design = p->name;
            d.of_what.thetas = p->n / THETAS_SHARE + 1;
        } else {
            d.of_what.data = p->data;
        }
        if (row->takes == TAKES_SAMPLE && p->n > SHOWN_SAMPLE) d.of_what.sample = SHOWN_SAMPLE;
        if (row->takes == TAKES_MODELS) {
            text list = {0};
            for (size_t k = 0; k < s->n_models; k++)
                if (s->models[k].protocol == p)
                    mech_text_format(&list, "%s%s", list.length ? "," : "", s->models[k].shipped->name);
            if (list.failed) s->failed = true;
            if (list.length) d.of_what.model = mech_study_text(s, "%s", list.characters);
            const bool any = list.length > 0;
            mech_text_free(&list);
            if (!any) continue;
            ask_first_cell(p, &d.of_what);
        }
        status = draw(s, &d, error);
    }
    return status;
}

static mech_status draw_models(study *s, const struct row *row, mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t i = 0; i < s->n_models && status == MECH_OK; i++) {
        const study_model *m = &s->models[i];
        drawing d = begin_drawing(row, m->shipped->name, m->protocol, m);
        if (m->protocol->is_design && !row->of_experiments) continue;
        if (row->takes == TAKES_HISTORY && !m->history) continue;
        if (row->takes == TAKES_HISTORY) d.of_what.subject = m->history;
        if (row->takes == TAKES_GRID) d.of_what.subject = m->grid;
        if (row->takes == TAKES_MODEL) {
            d.of_what.model = m->shipped->name;
            ask_first_cell(m->protocol, &d.of_what);
        }
        status = draw(s, &d, error);
    }
    return status;
}

mech_status mech_study_draw(study *s, mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t i = 0; i < N_ROWS && status == MECH_OK; i++) {
        drawing once = begin_drawing(&rows[i], NULL, NULL, NULL);
        switch (rows[i].takes) {
        case TAKES_NOTHING:
            status = draw(s, &once, error);
            break;
        case TAKES_NETWORK:
            status = draw_networks(s, &rows[i], error);
            break;
        case TAKES_PROTOCOL:
        case TAKES_SAMPLE:
        case TAKES_SAMPLES:
        case TAKES_MODELS:
            status = draw_protocols(s, &rows[i], error);
            break;
        case TAKES_MODEL:
        case TAKES_HISTORY:
        case TAKES_GRID:
            status = draw_models(s, &rows[i], error);
            break;
        }
        if (s->progress.report) s->progress.report(s->progress.context, "drawing", (double)i + 1, N_ROWS, rows[i].kind);
    }
    return status;
}
