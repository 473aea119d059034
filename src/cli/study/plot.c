/* plot: every figure, to SVG, PDF or PNG. */
#include "cli/evaluate/shipped_models.h"
#include "cli/options/commands.h"
#include "cli/options/mechanism_options.h"
#include "cli/options/options.h"
#include "cli/reading/experiment_options.h"
#include "cli/terminal/terminal.h"

#include <stdio.h>
#include <string.h>

/* Of each mechanism; more would take hours and change nothing that can be seen. */
enum { MOST_THETAS = 1000000 };

static bool is(const mech_figure_kind *kind, const char *name) { return strcmp(kind->name, name) == 0; }

/* Whether an ID names a mechanism; a message says so where it does not. */
static bool is_mechanism(const char *id) {
    mech_mechanism *composed = NULL;
    const bool known = find_mechanism("plot", id, NULL, &composed) != NULL;
    mech_mechanism_free(composed);
    return known;
}

/* What prior takes: thetas are of a data set or drawn as the options say. -1, or the exit status after a message. */
static int check_prior(const mech_figure_options *r) {
    if (r->data && (r->design || r->prior || r->thetas || r->mechanism_file))
        return report_usage("plot", "--design, --prior, --thetas and --mechanism-file say what is drawn; with --data "
                                    "nothing is");
    mech_sample_design design;
    if (r->design && !mech_find_sample_design(r->design, &design))
        return report_usage("plot", "--design takes fixed-window or nature, not '%s'", r->design);
    if (r->thetas > MOST_THETAS) return report_usage("plot", "--thetas takes at most %d", MOST_THETAS);
    if (r->split && !r->data) return report_usage("plot", "--split of prior goes with --data");
    if (r->subject && !r->data && !r->mechanism_file && !is_mechanism(r->subject)) return EXIT_USAGE;
    return -1;
}

/* Whether the request fits its kind: -1, or the exit status after a message. */
static int check_request(const mech_figure_kind *kind, const mech_figure_options *r) {
    const bool takes_file = is(kind, "network") || is(kind, "prior") || (is(kind, "experiment") && r->design);
    const bool from_file = takes_file && r->mechanism_file, optional = kind->subject && kind->subject[0] == '[';
    const bool from_model = is(kind, "architecture") && r->model;
    const bool from_design = is(kind, "experiment") && r->design;
    if (r->design && !is(kind, "experiment") && !is(kind, "prior"))
        return report_usage("plot", "--design goes with prior and experiment, not with %s", kind->name);
    if (r->subject && from_design) return report_usage("plot", "a FILE and --design exclude each other");
    if (r->mechanism_file && !takes_file)
        return report_usage("plot", "--mechanism-file goes with network, prior and experiment --design, not with %s",
                            kind->name);
    if (r->subject && from_model) return report_usage("plot", "a NETWORK and --model exclude each other");
    if (kind->subject && !optional && !r->subject && !from_file && !from_model && !from_design)
        return report_usage("plot", "%s takes one more argument: %s", kind->name, kind->subject);
    if (!kind->subject && r->subject) return report_usage("plot", "unexpected argument %s", r->subject);
    if (is(kind, "network") && r->subject && !from_file && !is_mechanism(r->subject)) return EXIT_USAGE;
    if (is(kind, "grid") && mech_metrics_figure_find(r->figure) < 0)
        return report_usage("plot", "there is no --figure '%s'; expected a column such as top1, coverage_99 or ece",
                            r->figure);
    if (!(r->noise >= 0 && r->noise <= 1)) return report_usage("plot", "--noise takes a percentage from 0 to 100");
    if (kind->takes_data && !r->data) return report_usage("plot", "%s needs --data", kind->name);
    if (is(kind, "distances") && r->split && strcmp(r->split, "train") == 0)
        return report_usage("plot", "distances are those of the split test or validation to the training samples");
    if (is(kind, "distances") && !r->train_samples)
        return report_usage("plot", "--train-samples takes a number above 0");
    return is(kind, "prior") ? check_prior(r) : -1;
}

static const char *kind_name(const void *context, size_t index) {
    (void)context;
    const mech_figure_kind *kind = mech_figure_kind_at(index);
    return kind ? kind->name : NULL;
}

static const mech_figure_kind *find_kind(const char *name) {
    const mech_figure_kind *kind;
    for (size_t i = 0; (kind = mech_figure_kind_at(i)); i++)
        if (is(kind, name)) return kind;
    return NULL;
}

/* Whether the figure is one of a model's judgement, for which the default model may be asked. */
static bool asks_model(const mech_figure_kind *kind) {
    return is(kind, "confusion") || is(kind, "reliability") || is(kind, "entropy") || is(kind, "credible-sets");
}

static void list_kinds(char *list, size_t room) {
    size_t length = 0;
    const mech_figure_kind *kind;
    for (size_t i = 0; (kind = mech_figure_kind_at(i)) && length < room; i++) {
        char left[40];
        snprintf(left, sizeof left, "%s%s%s", kind->name, kind->subject ? " " : "", kind->subject ? kind->subject : "");
        /* Two blanks at least part a kind from what it is, which completion looks for. */
        int more = snprintf(list + length, room - length, "\n  %-26s%s%s", left, strlen(left) < 26 ? " " : "  ",
                            kind->summary);
        if (more > 0) length += (size_t)more;
    }
}

int command_plot(int argc, char **argv) {
    mech_figure_options r = mech_figure_options_default();
    uint64_t points = 0, thetas = 0, train_samples = r.train_samples;
    double noise = 0;
    experiment_words words = {0};
    experiment_reading reading;
    const char *arguments[2] = {NULL, NULL}, *path = NULL;
    char summary[2400];
    const option options[] = {
        {"-o", OPTION_OUTPUT, &path, "FILE", "where to; .svg, .pdf or .png (-: SVG on standard output)"},
        {"--mechanism-file", OPTION_TEXT, &r.mechanism_file, "FILE",
         "mechanisms of your own, a file or a folder of files"},
        {"--data", OPTION_TEXT, &r.data, "DATA.h5", "a data set"},
        {"--split", OPTION_TEXT, &r.split, "SPLIT",
         "train, validation or test (default: test; of prior the first one that has samples)"},
        {"--sample", OPTION_WHOLE, &r.sample, "N", "which sample of the split, from 0 on (default: 0)"},
        {"--model", OPTION_TEXT, &r.model, "MODEL", MODEL_HELP},
        {"--points", OPTION_COUNT, &points, "N", "of judgements: points after t = 0 that are kept (default: all)"},
        {"--noise", OPTION_NUMBER, &noise, "PERCENT", "of judgements: noise added, in % of [S]0 (default: 0)"},
        {"--figure", OPTION_TEXT, &r.figure, "COLUMN", "of grid: top1, coverage_99, ece, ... (default: top1)"},
        {"--design", OPTION_TEXT, &r.design, "NAME|FILE",
         "of prior: fixed-window or nature; of experiment: what is simulated, laboratory or a file"},
        {"--protocol", OPTION_TEXT, &r.design, "NAME", "older name of --design"},
        {"--prior", OPTION_TEXT, &r.prior, "wide|FILE", "of prior: ranges of the rate constants (docs/data.md)"},
        {"--thetas", OPTION_WHOLE, &thetas, "N", "of prior: how many to draw (default: 3000 of each, 10000 of one)"},
        {"--train-samples", OPTION_WHOLE, &train_samples, "N",
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
    const mech_figure_kind *kind = find_kind(arguments[0]);
    if (!kind) {
        const char *meant = meant_word(arguments[0], kind_name, NULL);
        return report_usage("plot", "there is no figure of kind '%s'%s%s", arguments[0], meant ? "; did you mean " : "",
                            meant ? meant : "");
    }
    r.subject = arguments[1];
    r.points = (size_t)points;
    r.noise = noise / 100;
    r.thetas = (size_t)thetas;
    r.train_samples = (size_t)train_samples;
    usage = check_request(kind, &r);
    if (usage >= 0) return usage;
    usage = understand_experiment_words("plot", &words, &reading);
    if (usage >= 0) return usage;
    if (!path) return report_usage("plot", "-o is missing");
    mech_error error;
    mech_picture_format format;
    if (mech_picture_format_of(path, &format, &error) != MECH_OK) return report_usage("plot", "%s", error.message);
    r.experiment = &reading.options;
    const mech_picture_target target = mech_picture_file(path);
    const mech_progress progress = terminal_progress();
    char *notes = NULL;
    mech_status status = asks_model(kind) ? tell_left_out(r.model, &error) : MECH_OK;
    if (status == MECH_OK) status = mech_draw_figure(kind->name, &r, &progress, &target, &notes, &error);
    terminal_progress_end();
    tell_notes(notes);
    mech_free(notes);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}
