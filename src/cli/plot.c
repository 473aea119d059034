/* plot: every figure, to SVG, PDF or PNG. */
#include "cli/commands.h"
#include "cli/experiment_options.h"
#include "cli/predictions.h"

#include "base/error.h"
#include "draw/figures.h"
#include "draw/history_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the command line says. */
typedef struct request {
    const char *subject; /* the argument behind the kind; NULL: none */
    const char *mechanism_file, *model, *data, *split;
    uint64_t sample;
    int threads;
    const mech_experiment_options *experiment;
    picture_target target;
} request;

static mech_status plot_mechanisms(const request *r, mech_error *error) { return draw_mechanisms(r->target, error); }

static mech_status plot_network(const request *r, mech_error *error) {
    if (r->subject) return draw_network(mech_builtin_find(r->subject), r->target, error);
    mech_network *network = NULL;
    mech_status status = mech_network_read(r->mechanism_file, &network, error);
    if (status == MECH_OK) status = draw_network(network, r->target, error);
    mech_network_free(network);
    return status;
}

static mech_status plot_experiment(const request *r, mech_error *error) {
    mech_experiment *experiment = NULL;
    mech_status status = mech_experiment_read(r->subject, r->experiment, &experiment, error);
    if (status == MECH_OK) status = draw_experiment(experiment, NULL, r->target, error);
    mech_experiment_free(experiment);
    return status;
}

static mech_status plot_history(const request *r, mech_error *error) {
    history curves;
    mech_status status = history_read(r->subject, &curves, error);
    if (status == MECH_OK) {
        status = draw_history(&curves, r->target, error);
        history_free(&curves);
    }
    return status;
}

static mech_status plot_profiles(const request *r, mech_error *error) {
    mech_samples *samples = NULL;
    mech_status status = mech_samples_read(r->data, r->split, &samples, error);
    if (status == MECH_OK) status = draw_profiles(samples, (size_t)r->sample, r->target, error);
    mech_samples_free(samples);
    return status;
}

/* The names of a model's classes, from its metadata "M1,M2,..."; classes beyond get their number. names[n] point into
 * *memory, which the caller frees. */
static mech_status name_classes(const mech_model *model, size_t n, const char **names, char **memory,
                                mech_error *error) {
    enum { ROOM = 24 };
    const char *at = mech_model_metadata(model, "mechanisms");
    *memory = calloc(n, ROOM);
    if (!*memory) return fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        size_t length = at ? strcspn(at, ", ") : 0;
        char *name = *memory + i * ROOM;
        if (length)
            snprintf(name, ROOM, "%.*s", (int)length, at);
        else if (!mech_model_metadata(model, "mechanisms") && n == mech_builtin_count())
            snprintf(name, ROOM, "%s", mech_network_id(mech_builtin(i)));
        else
            snprintf(name, ROOM, "%zu", i + 1);
        if (at) at += length + strspn(at + length, ", ");
        names[i] = name;
    }
    return MECH_OK;
}

static mech_status plot_confusion(const request *r, mech_error *error) {
    enum { MOST_CLASSES = 256 };
    const prediction_request asked = {
        .model = r->model, .data = r->data, .split = r->split, .seed = 1, .threads = r->threads};
    const char *names[MOST_CLASSES];
    char title[160], *memory = NULL;
    predictions p;
    mech_metrics *metrics = NULL;
    mech_status status = predictions_make(&asked, &p, error);
    if (status == MECH_OK)
        status = mech_evaluate(p.samples->n, p.samples->n_classes, p.probabilities, p.samples->y, &metrics, error);
    if (status == MECH_OK) status = name_classes(p.model, metrics->n_classes, names, &memory, error);
    if (status == MECH_OK) {
        snprintf(title, sizeof title, "Confusion matrix of %.64s", mech_model_network(p.model));
        status = draw_confusion(metrics, names, title, r->target, error);
    }
    free(memory);
    mech_metrics_free(metrics);
    predictions_free(&p);
    return status;
}

static mech_status plot_solver(const request *r, mech_error *error) { return draw_solver(r->target, error); }

static const struct kind {
    const char *name;
    mech_status (*plot)(const request *r, mech_error *error);
    const char *subject; /* what the argument behind the kind is; NULL: there is none */
    bool takes_data;
    const char *summary;
} kinds[] = {
    {"mechanisms", plot_mechanisms, NULL, false, "the mechanisms of the library in their classes"},
    {"network", plot_network, "ID", false, "one mechanism (or --mechanism-file FILE)"},
    {"experiment", plot_experiment, "FILE", false, "measured runs of a kinetic table"},
    {"history", plot_history, "MODEL.history.csv", false, "loss and accuracy while a network was trained"},
    {"profiles", plot_profiles, NULL, true, "the four runs of one --sample of --data"},
    {"confusion", plot_confusion, NULL, true, "what a --model takes the samples of --data for"},
    {"solver", plot_solver, NULL, false, "five textbook reactions, integrated"},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

/* Whether the request fits its kind: -1, or the exit status after a message. */
static int check_request(const struct kind *kind, const request *r) {
    bool from_file = kind->plot == plot_network && r->mechanism_file;
    if (r->mechanism_file && kind->plot != plot_network)
        return report_usage("plot", "--mechanism-file goes with network, not with %s", kind->name);
    if (r->subject && from_file) return report_usage("plot", "an ID and --mechanism-file exclude each other");
    if (kind->subject && !r->subject && !from_file)
        return report_usage("plot", "%s takes one more argument: %s", kind->name, kind->subject);
    if (!kind->subject && r->subject) return report_usage("plot", "unexpected argument %s", r->subject);
    if (kind->plot == plot_network && r->subject && !find_mechanism("plot", r->subject)) return EXIT_USAGE;
    if (kind->takes_data && !r->data) return report_usage("plot", "%s needs --data", kind->name);
    return -1;
}

static void list_kinds(char *list, size_t room) {
    size_t length = 0;
    for (size_t i = 0; i < N_KINDS && length < room; i++) {
        char left[40];
        snprintf(left, sizeof left, "%s%s%s", kinds[i].name, kinds[i].subject ? " " : "",
                 kinds[i].subject ? kinds[i].subject : "");
        int more = snprintf(list + length, room - length, "\n  %-26s %s", left, kinds[i].summary);
        if (more > 0) length += (size_t)more;
    }
}

int command_plot(int argc, char **argv) {
    request r = {.split = "test"};
    experiment_words words = {0};
    experiment_reading reading;
    const char *arguments[2] = {NULL, NULL}, *path = NULL;
    char summary[1200];
    const option options[] = {
        {"-o", OPTION_TEXT, &path, "FILE", "where to; .svg, .pdf or .png (-: SVG on standard output)"},
        {"--mechanism-file", OPTION_TEXT, &r.mechanism_file, "FILE", "a mechanism of your own"},
        {"--data", OPTION_TEXT, &r.data, "DATA.h5", "a data set"},
        {"--split", OPTION_TEXT, &r.split, "SPLIT", "train, validation or test (default: test)"},
        {"--sample", OPTION_WHOLE, &r.sample, "N", "which sample of the split, from 0 on (default: 0)"},
        {"--model", OPTION_TEXT, &r.model, "MODEL", "a file or a shipped model (default: the best of nature)"},
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
    size_t n_arguments = 0, k = 0;
    int usage = parse_command_line(&line, argc, argv, arguments, &n_arguments);
    if (usage >= 0) return usage;
    while (k < N_KINDS && strcmp(kinds[k].name, arguments[0]) != 0) k++;
    if (k == N_KINDS) return report_usage("plot", "there is no figure of kind '%s'", arguments[0]);
    r.subject = arguments[1];
    usage = check_request(&kinds[k], &r);
    if (usage >= 0) return usage;
    usage = understand_experiment_words("plot", &words, &reading);
    if (usage >= 0) return usage;
    if (!path) return report_usage("plot", "-o is missing");
    mech_error error;
    picture_format format;
    if (picture_format_of(path, &format, &error) != MECH_OK) return report_usage("plot", "%s", error.message);
    r.experiment = &reading.options;
    r.target.path = path;
    return kinds[k].plot(&r, &error) == MECH_OK ? EXIT_DONE : report_error(&error);
}
