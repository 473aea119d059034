/* plot: every figure, to SVG, PDF or PNG. */
#include "cli/evaluate/evaluation.h"
#include "cli/evaluate/predictions.h"
#include "cli/evaluate/shipped_models.h"
#include "cli/options/commands.h"
#include "cli/options/mechanism_options.h"
#include "cli/plot/plot_request.h"
#include "cli/reading/experiment_options.h"

#include "base/error.h"
#include "base/files/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static mech_status plot_mechanisms(const plot_request *r, mech_error *error) {
    return mech_draw_mechanisms(&r->target, error);
}

bool plots_own_mechanisms(const plot_request *r) { return r->library && mech_library_size(r->library); }

static mech_status plot_mechanism(const plot_request *r, mech_error *error) {
    mech_mechanism *mechanism = NULL;
    if (plots_own_mechanisms(r)) {
        const int label = r->subject ? mech_library_find(r->library, r->subject) : 0;
        return mech_draw_mechanism(mech_library_mechanism(r->library, (size_t)label), &r->target, error);
    }
    mech_status status = mech_compose(NULL, r->subject, &mechanism, error);
    if (status == MECH_OK) status = mech_draw_mechanism(mechanism, &r->target, error);
    mech_mechanism_free(mechanism);
    return status;
}

static mech_status plot_experiment(const plot_request *r, mech_error *error) {
    mech_experiment *experiment = NULL;
    if (r->design) return plot_designed(r, error);
    mech_status status = mech_experiment_read(r->subject, r->experiment, &experiment, error);
    if (status == MECH_OK) status = mech_draw_experiment(experiment, NULL, &r->target, error);
    mech_experiment_free(experiment);
    return status;
}

/* Of a network by its name, as published, or of a model as it is. */
static mech_status plot_architecture(const plot_request *r, mech_error *error) {
    mech_model *model = NULL;
    mech_status status = r->subject ? mech_model_create(r->subject, 0, mech_builtin_count(), 1, &model, error)
                                    : mech_model_open(r->model, &model, error);
    if (status == MECH_OK) status = mech_draw_architecture(model, &r->target, error);
    mech_model_free(model);
    return status;
}

enum { MOST_HISTORIES = 32 };

/* What was read of a list of files. */
typedef struct read_histories {
    size_t n;
    char *names[MOST_HISTORIES];
    mech_learning_curve *curves[MOST_HISTORIES];
} read_histories;

/* Reads the first `length` characters of `list` as a path. */
static mech_status read_one_history(const char *list, size_t length, read_histories *read, mech_error *error) {
    static const char ENDING[] = ".history.csv";
    text path = {0}, name = {0};
    char *file = NULL;
    if (read->n == MOST_HISTORIES)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there are more than %d histories; expected fewer",
                         MOST_HISTORIES);
    mech_text_append(&path, list, length);
    mech_status status = mech_text_take(&path, &file, error);
    if (status != MECH_OK) return status;
    status = mech_learning_curve_read(file, &read->curves[read->n], error);
    if (status == MECH_OK) {
        const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file, *end = strstr(base, ENDING);
        mech_text_append(&name, base, end ? (size_t)(end - base) : strlen(base));
        status = mech_text_take(&name, &read->names[read->n], error);
        read->n++;
    }
    mech_free(file);
    return status;
}

/* One training by itself, or several compared. */
static mech_status plot_history(const plot_request *r, mech_error *error) {
    read_histories read = {0};
    mech_status status = MECH_OK;
    const char *list = r->subject, *word;
    size_t length;
    while (status == MECH_OK && mech_next_word(&list, &word, &length))
        status = read_one_history(word, length, &read, error);
    if (status == MECH_OK)
        status = read.n == 1
                     ? mech_draw_learning(read.curves[0], &r->target, error)
                     : mech_draw_learning_compared(read.n, (const char *const *)read.names,
                                                   (const mech_learning_curve *const *)read.curves, &r->target, error);
    for (size_t i = 0; i < read.n; i++) {
        mech_free(read.names[i]);
        mech_learning_curve_free(read.curves[i]);
    }
    return status;
}

static mech_status plot_confusion(const plot_request *r, mech_error *error) {
    const prediction_request asked = asked_of_model(r);
    const char *names[MECH_MOST_LABELS];
    char title[256];
    predictions p;
    mech_metrics *metrics = NULL;
    mech_status status = predictions_make(&asked, &p, error);
    if (status == MECH_OK) status = mech_evaluate(p.n, p.n_labels, p.probabilities, p.labels, &metrics, error);
    if (status == MECH_OK) {
        for (size_t i = 0; i < metrics->n_labels; i++) names[i] = mech_model_label(p.model, i);
        snprintf(title, sizeof title, "Confusion matrix of %.64s, %s", mech_model_network(p.model),
                 predictions_words(&asked, &p).words);
        status = mech_draw_confusion(metrics, names, title, &r->target, error);
    }
    mech_metrics_free(metrics);
    predictions_free(&p);
    return status;
}

static mech_status plot_grid(const plot_request *r, mech_error *error) {
    mech_grid *grid = NULL;
    mech_status status = mech_grid_read(r->subject, r->figure, &grid, error);
    if (status == MECH_OK) status = mech_draw_grid(grid, r->figure, &r->target, error);
    mech_grid_free(grid);
    return status;
}

/* The model's own probabilities and, where it has a calibration, the calibrated ones. */
static mech_status plot_reliability(const plot_request *r, mech_error *error) {
    enum { BEFORE, AFTER, N };
    prediction_request asked = asked_of_model(r);
    const mech_evaluate_options options = {
        .size = sizeof options, .resamples = 1000, .seed = r->seed, .threads = r->threads};
    judgement j[N] = {{0}};
    predictions p;
    mech_status status = predictions_open(&asked, &p, error);
    const size_t n = status == MECH_OK && mech_model_calibration(p.model) ? N : 1;
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        asked.calibrated = i == AFTER;
        status = predictions_judge(&asked, &options, &p, &j[i], error);
    }
    if (status == MECH_OK) {
        const mech_reliability_series series[N] = {
            {"as the network gives them", j[BEFORE].metrics, j[BEFORE].lower, j[BEFORE].upper},
            {"calibrated", j[AFTER].metrics, j[AFTER].lower, j[AFTER].upper}};
        char title[96], what[192];
        snprintf(title, sizeof title, "Reliability of %.48s", mech_model_network(p.model));
        snprintf(what, sizeof what, "%zu samples, %s; lines: 95 %% intervals", p.n,
                 predictions_words(&asked, &p).words);
        status = mech_draw_reliability(series, n, title, what, &r->target, error);
    }
    for (size_t i = 0; i < N; i++) judgement_free(&j[i]);
    predictions_free(&p);
    return status;
}

static mech_status plot_solver(const plot_request *r, mech_error *error) { return mech_draw_solver(&r->target, error); }

static const plot_kind kinds[] = {
    {"mechanisms", plot_mechanisms, NULL, false, "the mechanisms of the library in their classes"},
    {"network", plot_mechanism, "ID", false, "one mechanism, also of --mechanism-file"},
    {"experiment", plot_experiment, "FILE", false,
     "measured runs of a kinetic table, or twelve simulated ones of a --design"},
    {"architecture", plot_architecture, "NETWORK", false, "the layers of a network, or of a --model"},
    {"history", plot_history, "MODEL.history.csv,...", false, "loss and accuracy while a network was trained"},
    {"counts", plot_counts, NULL, true, "samples by mechanism in the splits of --data"},
    {"prior", plot_prior, "[ID]", false, "accepted rate constants, drawn anew or of --data; of one ID with all pairs"},
    {"distances", plot_distances, NULL, true, "from samples of --data to the nearest training sample"},
    {"profiles", plot_profiles, NULL, true, "the runs of one --sample of --data"},
    {"confusion", plot_confusion, NULL, true, "what a --model takes the samples of --data for"},
    {"grid", plot_grid, "GRID.csv", false, "a --figure of a table that evaluate --grid --csv wrote"},
    {"reliability", plot_reliability, NULL, true, "how often a --model is right against how sure it is"},
    {"entropy", plot_entropy, NULL, true, "how sure one or more --model are when right and when wrong"},
    {"credible-sets", plot_credible_sets, NULL, true, "sizes of the credible sets of one or more --model"},
    {"solver", plot_solver, NULL, false, "five textbook reactions, integrated"},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

/* Of each mechanism; more would take hours and change nothing that can be seen. */
enum { MOST_THETAS = 1000000 };

/* Whether an ID names a mechanism; a message says so where it does not. */
static bool is_mechanism(const char *id) {
    mech_mechanism *composed = NULL;
    const bool known = find_mechanism("plot", id, NULL, &composed) != NULL;
    mech_mechanism_free(composed);
    return known;
}

/* What prior takes: thetas are of a data set or drawn as the options say. -1, or the exit status after a message. */
static int check_prior(const plot_request *r) {
    if (r->data && (r->design || r->prior || r->thetas || plots_own_mechanisms(r)))
        return report_usage("plot", "--design, --prior, --thetas and --mechanism-file say what is drawn; with --data "
                                    "nothing is");
    mech_sample_design design;
    if (r->design && !mech_find_sample_design(r->design, &design))
        return report_usage("plot", "--design takes fixed-window or nature, not '%s'", r->design);
    if (r->thetas > MOST_THETAS) return report_usage("plot", "--thetas takes at most %d", MOST_THETAS);
    if (r->subject && !r->data && !plots_own_mechanisms(r) && !is_mechanism(r->subject)) return EXIT_USAGE;
    return -1;
}

/* Whether mechanisms of files suit the kind of figure, likewise. */
static int check_own_mechanisms(const plot_kind *kind, const plot_request *r) {
    const bool takes_one = kind->plot == plot_mechanism || kind->plot == plot_prior;
    if (!plots_own_mechanisms(r)) return -1;
    if (!takes_one && !(kind->plot == plot_experiment && r->design))
        return report_usage("plot", "--mechanism-file goes with network, prior and experiment --design, not with %s",
                            kind->name);
    if (r->subject && takes_one && mech_library_find(r->library, r->subject) < 0)
        return report_usage("plot", "--mechanism-file has no mechanism '%s'", r->subject);
    if (kind->plot == plot_mechanism && !r->subject && mech_library_size(r->library) > 1)
        return report_usage("plot", "--mechanism-file has %zu mechanisms; expected an ID in front of it",
                            mech_library_size(r->library));
    return -1;
}

/* Whether the request fits its kind: -1, or the exit status after a message. */
static int check_request(const plot_kind *kind, const plot_request *r) {
    const bool from_file = plots_own_mechanisms(r), optional = kind->subject && kind->subject[0] == '[';
    const bool from_model = kind->plot == plot_architecture && r->model;
    const bool from_design = kind->plot == plot_experiment && r->design;
    if (r->design && kind->plot != plot_experiment && kind->plot != plot_prior)
        return report_usage("plot", "--design goes with prior and experiment, not with %s", kind->name);
    if (r->subject && from_design) return report_usage("plot", "a FILE and --design exclude each other");
    const int usage = check_own_mechanisms(kind, r);
    if (usage >= 0) return usage;
    if (r->subject && from_model) return report_usage("plot", "a NETWORK and --model exclude each other");
    if (kind->subject && !optional && !r->subject && !from_file && !from_model && !from_design)
        return report_usage("plot", "%s takes one more argument: %s", kind->name, kind->subject);
    if (!kind->subject && r->subject) return report_usage("plot", "unexpected argument %s", r->subject);
    if (kind->plot == plot_mechanism && r->subject && !from_file && !is_mechanism(r->subject)) return EXIT_USAGE;
    if (kind->plot == plot_grid && mech_metrics_figure_find(r->figure) < 0)
        return report_usage("plot", "there is no --figure '%s'; expected a column such as top1, coverage_99 or ece",
                            r->figure);
    if (!(r->noise >= 0 && r->noise <= 100)) return report_usage("plot", "--noise takes a percentage from 0 to 100");
    if (kind->takes_data && !r->data) return report_usage("plot", "%s needs --data", kind->name);
    if (kind->plot == plot_distances && strcmp(r->split, "train") == 0)
        return report_usage("plot", "distances are those of the split test or validation to the training samples");
    if (kind->plot == plot_distances && !r->train_samples)
        return report_usage("plot", "--train-samples takes a number above 0");
    return kind->plot == plot_prior ? check_prior(r) : -1;
}

const plot_kind *find_plot_kind(const char *name) {
    for (size_t i = 0; i < N_KINDS; i++)
        if (strcmp(kinds[i].name, name) == 0) return &kinds[i];
    return NULL;
}

static void list_kinds(char *list, size_t room) {
    size_t length = 0;
    for (size_t i = 0; i < N_KINDS && length < room; i++) {
        char left[40];
        snprintf(left, sizeof left, "%s%s%s", kinds[i].name, kinds[i].subject ? " " : "",
                 kinds[i].subject ? kinds[i].subject : "");
        /* Two blanks at least part a kind from what it is, which completion looks for. */
        int more = snprintf(list + length, room - length, "\n  %-26s%s%s", left, strlen(left) < 26 ? " " : "  ",
                            kinds[i].summary);
        if (more > 0) length += (size_t)more;
    }
}

static int draw_to(const plot_kind *kind, plot_request *r, const char *path) {
    mech_error error;
    mech_picture_format format;
    if (!path) return report_usage("plot", "-o is missing");
    if (mech_picture_format_of(path, &format, &error) != MECH_OK) return report_usage("plot", "%s", error.message);
    r->target = mech_picture_file(path);
    return kind->plot(r, &error) == MECH_OK ? EXIT_DONE : report_error(&error);
}

int command_plot(int argc, char **argv) {
    plot_request r = {.figure = "top1", .train_samples = SEARCHED_SAMPLES, .seed = 1};
    experiment_words words = {0};
    experiment_reading reading;
    const char *arguments[2] = {NULL, NULL}, *path = NULL;
    char summary[2400];
    text_list files = {0};
    mech_library *library = NULL;
    const option options[] = {
        {"-o", OPTION_OUTPUT, &path, "FILE", "where to; .svg, .pdf or .png (-: SVG on standard output)"},
        {"--mechanism-file", OPTION_LIST, &files, "FILE", "mechanisms of your own, a file or a folder of files"},
        {"--data", OPTION_TEXT, &r.data, "DATA.h5", "a data set"},
        {"--split", OPTION_TEXT, &r.split, "SPLIT",
         "train, validation or test (default: test; of prior the first one that has samples)"},
        {"--sample", OPTION_WHOLE, &r.sample, "N", "which sample of the split, from 0 on (default: 0)"},
        {"--model", OPTION_TEXT, &r.model, "MODEL", MODEL_HELP},
        {"--points", OPTION_COUNT, &r.points, "N", "of judgements: points after t = 0 that are kept (default: all)"},
        {"--noise", OPTION_NUMBER, &r.noise, "PERCENT", "of judgements: noise added, in % of [S]0 (default: 0)"},
        {"--figure", OPTION_TEXT, &r.figure, "COLUMN", "of grid: top1, coverage_99, ece, ... (default: top1)"},
        {"--design", OPTION_TEXT, &r.design, "NAME|FILE",
         "of prior: fixed-window or nature; of experiment: what is simulated, laboratory or a file"},
        {"--protocol", OPTION_TEXT, &r.design, "NAME", "older name of --design"},
        {"--prior", OPTION_TEXT, &r.prior, "wide|FILE", "of prior: ranges of the rate constants (docs/data.md)"},
        {"--thetas", OPTION_WHOLE, &r.thetas, "N", "of prior: how many to draw (default: 3000 of each, 10000 of one)"},
        {"--train-samples", OPTION_WHOLE, &r.train_samples, "N",
         "of distances: search among so many random ones (default: 200000)"},
        {"--seed", OPTION_WHOLE, &r.seed, "N", "of points, noise, resamples and what is drawn (default: 1)"},
        {"--threads", OPTION_THREADS, &r.threads, "N", "threads (default: all cores)"},
        EXPERIMENT_OPTIONS(words),
    };
    const size_t start = (size_t)snprintf(summary, sizeof summary,
                                          "Draws a figure to SVG, PDF or PNG, as the file's ending says.\n\n"
                                          "Kinds:");
    list_kinds(summary + start, sizeof summary - start);
    const command_line line = {
        .usage = "mechanist plot KIND [...] -o FILE [options]",
        .summary = summary,
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .least_arguments = 1,
        .most_arguments = 2,
    };
    size_t n_arguments = 0;
    int usage = parse_command_line(&line, argc, argv, arguments, &n_arguments);
    if (usage >= 0) return usage;
    const plot_kind *kind = find_plot_kind(arguments[0]);
    if (!kind) return report_usage("plot", "there is no figure of kind '%s'", arguments[0]);
    r.subject = arguments[1];
    if (r.split && kind->plot == plot_prior && !r.data)
        return report_usage("plot", "--split of prior goes with --data");
    if (!r.split && kind->plot != plot_prior) r.split = "test";
    usage = collect_mechanisms("plot", NULL, NULL, &files, &library);
    r.library = library;
    if (usage < 0) usage = check_request(kind, &r);
    if (usage < 0) usage = understand_experiment_words("plot", &words, &reading);
    r.experiment = &reading.options;
    if (usage < 0) usage = draw_to(kind, &r, path);
    mech_library_free(library);
    return usage;
}
