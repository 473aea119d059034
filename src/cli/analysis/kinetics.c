/* kinetics: orders, rates and turnovers of measured runs, without a mechanism. */
#include "cli/analysis/analyses.h"
#include "cli/options/commands.h"
#include "cli/reading/each_experiment.h"

#include "base/files/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct request {
    mech_kinetics_options options;
    bool json;
    const char *figure, *csv; /* NULL: none */
} request;

/* Analyses one experiment, in one file or several; *t receives what is to be printed. Figure and curves are written
 * first. */
static mech_status analyse_together(const void *asked, const experiment_reading *reading, const char *const *paths,
                                    size_t n, text *t, mech_error *error) {
    const request *q = asked;
    mech_experiment *experiment = NULL;
    mech_kinetics *kinetics = NULL;
    text curves = {0};
    mech_status status = mech_experiment_read_files(n, paths, &reading->options, &experiment, error);
    if (status == MECH_OK) {
        mech_error why;
        status = mech_kinetics_analyse(mech_experiment_runs(experiment), &q->options, &kinetics, &why);
        if (status != MECH_OK) (void)mech_fail(error, status, "%s: %s", paths[0], why.message);
    }
    const analysed a = {paths[0], experiment, kinetics};
    if (status == MECH_OK && q->json) status = write_kinetics_json(t, &a, error);
    if (status == MECH_OK && !q->json) write_kinetics_text(t, &a);
    if (status == MECH_OK && q->csv) write_kinetics_csv(&curves, kinetics);
    if (status == MECH_OK && (t->failed || curves.failed)) status = mech_fail_memory(error);
    const mech_picture_target figure = mech_picture_file(q->figure);
    if (status == MECH_OK && q->figure) status = mech_draw_kinetics(kinetics, &figure, error);
    if (status == MECH_OK && q->csv) status = mech_file_write(q->csv, curves.characters, curves.length, error);
    mech_text_free(&curves);
    mech_kinetics_free(kinetics);
    mech_experiment_free(experiment);
    return status;
}

/* Whether options that do not go together, or mean nothing, were given: -1, or the exit status after a message. */
static int check_request(request *q, const char *follow, const char *loading_error) {
    mech_error error;
    mech_picture_format format;
    if (!(q->options.level > 0 && q->options.level < 1))
        return report_usage("kinetics", "--level takes more than 0 and less than 1");
    if (q->options.n_draws < 20 || q->options.n_draws > 10000)
        return report_usage("kinetics", "--draws takes 20 to 10000");
    if (follow && strcmp(follow, "S") != 0 && strcmp(follow, "P") != 0)
        return report_usage("kinetics", "--follow takes S or P, not '%s'", follow);
    if (follow) q->options.follow = *follow;
    if ((q->figure && strcmp(q->figure, "-") == 0) || (q->csv && strcmp(q->csv, "-") == 0))
        return report_usage("kinetics", "%s takes a file; standard output has the analysis",
                            q->figure && strcmp(q->figure, "-") == 0 ? "--figure" : "--csv");
    if (q->figure && mech_picture_format_of(q->figure, &format, &error) != MECH_OK)
        return report_usage("kinetics", "%s", error.message);
    return read_share("kinetics", "--loading-error", loading_error, &q->options.loading_error);
}

int command_kinetics(int argc, char **argv) {
    const char *follow = NULL, *loading_error = NULL;
    request q = {.options = mech_kinetics_options_default()};
    uint64_t n_draws = q.options.n_draws;
    experiment_words words = {0};
    const option options[] = {
        {"--json", OPTION_FLAG, &q.json, NULL, "one JSON object a line for each file"},
        {"--figure", OPTION_OUTPUT, &q.figure, "FILE", "draw runs before and after normalisation, and rates"},
        {"--csv", OPTION_OUTPUT, &q.csv, "FILE", "write the readings with their normalised times"},
        {"--follow", OPTION_TEXT, &follow, "S|P", "what is followed (default: P where all runs have it, else S)"},
        {"--loading-error", OPTION_TEXT, &loading_error, "SHARE",
         "error of a run's loading and the like (default: 5%)"},
        {"--level", OPTION_NUMBER, &q.options.level, "SHARE", "of the intervals (default: 0.95)"},
        {"--draws", OPTION_COUNT, &n_draws, "N", "of the bootstrap (default: 400)"},
        {"--seed", OPTION_WHOLE, &q.options.seed, "N", "of the bootstrap (default: 1)"},
        EXPERIMENT_OPTIONS(words),
    };
    const command_line line = {
        .usage = "mechanist kinetics FILE... [options]",
        .summary =
            "Reads kinetic tables (docs/kinetic-tables.md) and finds, without a mechanism: orders in what the runs\n"
            "vary (variable-time normalisation), initial rates, apparent turnover frequencies and turnovers, and\n"
            "what same-excess runs and others that differ in one thing say (docs/kinetics.md).",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .least_arguments = 1,
        .most_arguments = MOST_FILES,
    };
    experiment_files *files = NULL;
    int exit_status = parse_experiment_files(&line, argc, argv, &files);
    q.options.n_draws = n_draws < SIZE_MAX ? (size_t)n_draws : SIZE_MAX;
    if (exit_status < 0) exit_status = check_request(&q, follow, loading_error);
    if (exit_status < 0) exit_status = understand_experiment_words("kinetics", &words, &files->reading);
    if (exit_status < 0) {
        const experiment_round round = {.command = "kinetics",
                                        .work = analyse_together,
                                        .request = &q,
                                        .lines = q.json,
                                        .for_one = {q.figure ? "--figure" : NULL, q.csv ? "--csv" : NULL}};
        exit_status = each_experiment(&round, files);
    }
    free(files);
    return exit_status;
}
