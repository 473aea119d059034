/* classify: kinetic data in, ranked mechanisms out. */
#include "cli/classify/answers.h"
#include "cli/classify/prior_knowledge.h"
#include "cli/evaluate/shipped_models.h"
#include "cli/options/commands.h"
#include "cli/options/mechanism_options.h"
#include "cli/reading/experiment_options.h"

#include "base/files/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FILES = 4096 };

typedef struct question {
    const mech_model *model;
    const char *model_name;
    mech_classify_options options;
    const experiment_reading *reading;
    bool json;
    const char *figure, *report; /* NULL: none */
} question;

/* The answer to one experiment, in one file or several; *t receives what is to be printed. Figure and report are
 * written first, and all of them or none: a report that cannot be made leaves no figure, and where one of them fails
 * nothing is printed. */
static mech_status answer_files_together(const question *q, const char *const *paths, size_t n, text *t,
                                         mech_error *error) {
    mech_experiment *experiment = NULL;
    mech_answer *answer = NULL;
    mech_status status = mech_experiment_read_files(n, paths, &q->reading->options, &experiment, error);
    if (status == MECH_OK) status = mech_classify(experiment, q->model, &q->options, &answer, error);
    output *report = NULL;
    FILE *stream = NULL;
    const answered a = {paths[0], q->model_name, experiment, answer, &q->options};
    if (status == MECH_OK && q->report) status = mech_output_open(q->report, &report, &stream, error);
    if (status == MECH_OK && q->report) status = write_answer_report(&a, stream, error);
    if (status == MECH_OK && q->report && (fflush(stream) != 0 || ferror(stream)))
        status = mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: %s", q->report, strerror(errno));
    const mech_picture_target figure = mech_picture_file(q->figure);
    if (status == MECH_OK && q->figure) status = mech_draw_experiment(experiment, answer, &figure, error);
    if (status == MECH_OK && q->json) status = write_answer_json(t, &a, error);
    if (status == MECH_OK && !q->json) write_answer_text(t, &a);
    if (status == MECH_OK && t->failed) status = mech_fail_memory(error);
    if (status == MECH_OK && q->report)
        status = mech_output_commit(report, error);
    else
        mech_output_discard(report);
    mech_answer_free(answer);
    mech_experiment_free(experiment);
    return status;
}

/* Answers all files, one after the other; a file that cannot be used does not keep the others from their answers. */
static int answer_files(const question *q, const char *const *paths, size_t n) {
    int exit_status = EXIT_DONE;
    bool printed = false;
    const size_t step = are_one_experiment(q->reading, paths, n) ? n : 1;
    if ((q->figure || q->report) && step < n)
        return report_usage("classify", "%s goes with one file, not with %zu", q->figure ? "--figure" : "--report", n);
    for (size_t i = 0; i < n; i += step) {
        text t = {0};
        mech_error error;
        if (answer_files_together(q, paths + i, step, &t, &error) == MECH_OK) {
            if (printed && !q->json) putchar('\n');
            fputs(t.characters, stdout);
            printed = true;
        } else {
            exit_status = report_error(&error);
        }
        mech_text_free(&t);
    }
    return exit_status;
}

/* Whether options that do not go together, or mean nothing, were given: -1, or the exit status after a message. */
static int check_question(const question *q, double level) {
    mech_error error;
    mech_picture_format format;
    if (!(level > 0 && level <= 1))
        return report_usage("classify", "--level takes a share above 0 and at most 1, or per cent");
    if ((q->figure && strcmp(q->figure, "-") == 0) || (q->report && strcmp(q->report, "-") == 0))
        return report_usage("classify", "%s takes a file; standard output has the answer",
                            q->figure && strcmp(q->figure, "-") == 0 ? "--figure" : "--report");
    if (q->figure && mech_picture_format_of(q->figure, &format, &error) != MECH_OK)
        return report_usage("classify", "%s", error.message);
    return -1;
}

int command_classify(int argc, char **argv) {
    const char *model = NULL, *among = NULL, *odds = NULL;
    double level = 0.95;
    bool uncalibrated = false, fits = false, exact = false;
    int threads = 0; /* a file is one sample, which a network answers in milliseconds: there is nothing to share out */
    question q = {.json = false};
    experiment_words words = {0};
    text_list mechanism_files = {0};
    mech_library *library = NULL;
    experiment_reading reading;
    const option options[] = {
        {"--model", OPTION_TEXT, &model, "MODEL", MODEL_HELP},
        {"--mechanism-file", OPTION_LIST, &mechanism_files, "FILE", MECHANISMS_HELP},
        {"--json", OPTION_FLAG, &q.json, NULL, "one JSON object a line for each file"},
        {"--fits", OPTION_FLAG, &fits, NULL, "fit the rate constants of the mechanisms in question: a second opinion"},
        {"--exact", OPTION_FLAG, &exact, NULL,
         "loadings, times and starts have no errors, as in simulated experiments"},
        {"--figure", OPTION_OUTPUT, &q.figure, "FILE", "draw the runs and the ranking to .svg, .pdf or .png"},
        {"--report", OPTION_OUTPUT, &q.report, "FILE.html", "write a page with ranking, figure, runs and warnings"},
        {"--among", OPTION_TEXT, &among, "M1,M6,...", "only these mechanisms come into question"},
        {"--prior-odds", OPTION_TEXT, &odds, "FILE", "odds known before the data, a line each: M6 2.5"},
        {"--threads", OPTION_THREADS, &threads, "N", "as with other commands; a file needs but one"},
        {"--level", OPTION_NUMBER, &level, "SHARE", "of the credible set: 0.95 or 95 (default: 0.95)"},
        {"--uncalibrated", OPTION_FLAG, &uncalibrated, NULL, "probabilities as the network gives them"},
        EXPERIMENT_OPTIONS(words),
    };
    const command_line line = {
        .usage = "mechanist classify FILE... [options]",
        .summary =
            "Reads kinetic tables (docs/kinetic-tables.md) with three catalyst loadings and a same-excess run, and\n"
            "ranks the mechanisms that explain them.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .least_arguments = 1,
        .most_arguments = MOST_FILES,
    };
    const char **paths = calloc(MOST_FILES, sizeof *paths);
    size_t n_files = 0;
    prior_knowledge known = {0};
    mech_model *read = NULL;
    mech_fitter *fitter = NULL;
    char *model_path = NULL, *model_name = NULL;
    mech_error error;
    if (!paths) {
        mech_fail_memory(&error);
        return report_error(&error);
    }
    int exit_status = parse_command_line(&line, argc, argv, paths, &n_files);
    if (level > 1 && level <= 100) level /= 100; /* "95" can only be meant in per cent */
    if (exit_status < 0) exit_status = check_question(&q, level);
    if (exit_status < 0) exit_status = understand_experiment_words("classify", &words, &reading);
    if (exit_status < 0) exit_status = collect_mechanisms("classify", NULL, NULL, &mechanism_files, &library);
    if (exit_status >= 0) goto cleanup;
    mech_status status = prior_knowledge_read(among, odds, &known, &error);
    if (status == MECH_OK) status = find_model(model, &model_path, &error);
    if (status == MECH_OK) status = mech_model_read(model_path, &read, &error);
    if (status == MECH_OK && mech_library_size(library)) status = mech_model_use_library(read, library, &error);
    if (status == MECH_OK) status = prior_knowledge_check(&known, odds, read, &error);
    if (status == MECH_OK) status = name_model(model, model_path, &model_name, &error);
    if (status == MECH_OK && fits) status = mech_fitter_for(read, &fitter, &error);
    if (status != MECH_OK) {
        exit_status = report_error(&error);
        goto cleanup;
    }
    q.model = read;
    q.model_name = model_name;
    q.reading = &reading;
    q.options = (mech_classify_options){.size = sizeof q.options,
                                        .among = known.among,
                                        .n_among = known.n_among,
                                        .prior_odds = known.odds,
                                        .n_prior_odds = known.n_odds,
                                        .credible_level = level,
                                        .exact = exact,
                                        .uncalibrated = uncalibrated,
                                        .fitter = fitter};
    exit_status = answer_files(&q, paths, n_files);
cleanup:
    prior_knowledge_free(&known);
    mech_fitter_free(fitter);
    mech_model_free(read);
    mech_library_free(library);
    mech_free(model_path);
    mech_free(model_name);
    free(paths);
    return exit_status;
}
