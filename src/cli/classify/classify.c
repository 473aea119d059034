/* classify: kinetic data in, ranked mechanisms out. */
#include "cli/classify/answers.h"
#include "cli/evaluate/shipped_models.h"
#include "cli/options/commands.h"
#include "cli/options/mechanism_options.h"
#include "cli/options/prior_knowledge.h"
#include "cli/reading/each_experiment.h"

#include "base/files/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Who and what is asked. */
typedef struct question {
    mech_model *model; /* NULL: fits alone answer */
    char *model_name;
    mech_model *for_four; /* who answers about four exact runs; NULL: no other */
    char *for_four_name;
    mech_library *library; /* what is fitted where there is no model */
    mech_classify_options options;
    bool json, advise;
    const char *figure, *report; /* NULL: none */
} question;

/* The answer to one experiment, in one file or several; *t receives what is to be printed. Figure and report are
 * written first, and all of them or none: a report that cannot be made leaves no figure, and where one of them fails
 * nothing is printed. */
static mech_status answer_files_together(const void *asked, const experiment_reading *reading, const char *const *paths,
                                         size_t n, text *t, mech_error *error) {
    const question *q = asked;
    const mech_progress progress = terminal_progress();
    mech_experiment *experiment = NULL;
    mech_answer *answer = NULL;
    mech_advice *advice = NULL;
    mech_status status = mech_experiment_read_files(n, paths, &reading->options, &experiment, error);
    const bool four = status == MECH_OK && q->for_four && mech_experiment_suits_four(experiment);
    const mech_model *model = four ? q->for_four : q->model;
    if (status == MECH_OK) {
        status = mech_classify(experiment, model, &q->options, &progress, &answer, error);
        terminal_progress_end();
    }
    if (status == MECH_OK && q->advise) {
        mech_advice_options options = mech_advice_options_default();
        options.seed = q->options.seed;
        options.threads = q->options.threads;
        status = mech_fits_advise(answer->fits, &options, &advice, error);
    }
    output *report = NULL;
    FILE *stream = NULL;
    const answered a = {paths[0], four ? q->for_four_name : q->model_name, experiment, answer, advice, &q->options};
    if (status == MECH_OK && q->report) status = mech_output_open(q->report, &report, &stream, error);
    if (status == MECH_OK && q->report) status = write_answer_report(&a, stream, error);
    if (status == MECH_OK && q->report && (fflush(stream) != 0 || ferror(stream)))
        status = mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: %s", q->report, strerror(errno));
    const mech_picture_target figure = mech_picture_file(q->figure);
    if (status == MECH_OK && q->figure) {
        const char *slash = strrchr(paths[0], '/');
        status = answer->fits ? mech_draw_fits(answer->fits, slash ? slash + 1 : paths[0], &figure, error)
                              : mech_draw_experiment(experiment, answer, &figure, error);
    }
    if (status == MECH_OK && q->json) status = write_answer_json(t, &a, error);
    if (status == MECH_OK && !q->json) write_answer_text(t, &a);
    if (status == MECH_OK && t->failed) status = mech_fail_memory(error);
    if (status == MECH_OK && q->report)
        status = mech_output_commit(report, error);
    else
        mech_output_discard(report);
    mech_advice_free(advice);
    mech_answer_free(answer);
    mech_experiment_free(experiment);
    return status;
}

/* Whether options that do not go together, or mean nothing, were given: -1, or the exit status after a message. */
static int check_question(const question *q, bool fits) {
    const double level = q->options.credible_level;
    mech_error error;
    mech_picture_format format;
    if (!(level > 0 && level <= 1))
        return report_usage("classify", "--level takes a share above 0 and at most 1, or per cent");
    if (fits && q->options.fast) return report_usage("classify", "--fits and --fast contradict each other");
    if (q->advise && q->options.fast)
        return report_usage("classify", "--advise asks the fits; expected no --fast beside it");
    if (q->options.uncalibrated && !q->options.fast)
        return report_usage("classify", "--uncalibrated goes with --fast, by which a network answers");
    if ((q->figure && strcmp(q->figure, "-") == 0) || (q->report && strcmp(q->report, "-") == 0))
        return report_usage("classify", "%s takes a file; standard output has the answer",
                            q->figure && strcmp(q->figure, "-") == 0 ? "--figure" : "--report");
    if (q->figure && mech_picture_format_of(q->figure, &format, &error) != MECH_OK)
        return report_usage("classify", "%s", error.message);
    return -1;
}

/* The network that answers, or whose mechanisms are fitted: the one that is named, or with --fast the one that is
 * shipped as the default. Without any fits of M1 to M20 answer. */
static mech_status open_network(const char *named, question *q, mech_error *error) {
    char *path = NULL;
    if (!named && !q->options.fast) return MECH_OK;
    mech_status status = find_model(named, &path, error);
    if (status == MECH_OK) status = mech_model_read(path, &q->model, error);
    if (status == MECH_OK) status = name_model(named, path, &q->model_name, error);
    if (status == MECH_OK && mech_library_size(q->library))
        status = mech_model_use_library(q->model, q->library, error);
    mech_free(path);
    return status;
}

/* Where experiments are exact and nobody says which network is meant, the one that is best on exact experiments of four
 * runs answers about those. */
static mech_status open_network_for_four(const char *named, question *q, mech_error *error) {
    char *path = NULL;
    if (named || !q->options.fast || !q->options.exact) return MECH_OK;
    mech_status status = mech_model_find_for_four(&path, error);
    if (status == MECH_OK) status = mech_model_read(path, &q->for_four, error);
    if (status == MECH_OK) status = name_model(NULL, path, &q->for_four_name, error);
    if (status == MECH_OK && mech_library_size(q->library))
        status = mech_model_use_library(q->for_four, q->library, error);
    mech_free(path);
    return status;
}

/* Without a network M1 to M20 are fitted, and what the user adds. */
static mech_status choose_mechanisms(question *q, mech_error *error) {
    if (q->model) return MECH_OK;
    const mech_status status = add_builtin_beside(q->library, error);
    q->options.mechanisms = mech_library_mechanisms(q->library);
    q->options.n_mechanisms = mech_library_size(q->library);
    return status;
}

int command_classify(int argc, char **argv) {
    const char *model = NULL, *among = NULL, *odds = NULL;
    bool fits = false;
    question q = {.options = mech_classify_options_default()};
    mech_classify_options *o = &q.options;
    experiment_words words = {0};
    text_list mechanism_files = {0};
    const option options[] = {
        {"--json", OPTION_FLAG, &q.json, NULL, "one JSON object a line for each file"},
        {"--figure", OPTION_OUTPUT, &q.figure, "FILE",
         "draw the runs with the best curves and the ranking to .svg, .pdf or .png"},
        {"--report", OPTION_OUTPUT, &q.report, "FILE.html",
         "write a page with ranking, pictures, rate constants and doubts"},
        {"--among", OPTION_TEXT, &among, "M1,M6,...", "only these mechanisms come into question"},
        {"--prior-odds", OPTION_TEXT, &odds, "FILE", "odds known before the data, a line each: M6 2.5"},
        {"--mechanism-file", OPTION_LIST, &mechanism_files, "FILE",
         "mechanisms of your own besides; with a model: what its labels stand for"},
        {"--exact", OPTION_FLAG, &o->exact, NULL,
         "loadings, times, starts and responses have no errors, as in simulated experiments"},
        {"--fast", OPTION_FLAG, &o->fast, NULL, "let a network answer alone, in milliseconds (docs/classify.md)"},
        {"--advise", OPTION_FLAG, &q.advise, NULL, "say which further run is expected to tell most (docs/fits.md)"},
        {"--fits", OPTION_FLAG, &fits, NULL, "fit the mechanisms: the default, so that this changes nothing"},
        {"--model", OPTION_TEXT, &model, "MODEL", "with --fast: " MODEL_HELP "; else its mechanisms are fitted"},
        {"--uncalibrated", OPTION_FLAG, &o->uncalibrated, NULL, "with --fast: probabilities as the network gives them"},
        {"--level", OPTION_NUMBER, &o->credible_level, "SHARE", "of the credible set: 0.95 or 95 (default: 0.95)"},
        {"--seed", OPTION_WHOLE, &o->seed, "N", "of the sampling (default: 1)"},
        {"--threads", OPTION_THREADS, &o->threads, "N", "default: all cores"},
        EXPERIMENT_OPTIONS(words),
    };
    const command_line line = {
        .usage = "mechanist classify FILE... [options]",
        .summary = "Reads kinetic tables (docs/kinetic-tables.md) with any runs, fits all mechanisms to all readings "
                   "with the\n"
                   "errors that experiments have, and ranks them by their evidence (docs/classify.md).",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .least_arguments = 1,
        .most_arguments = MOST_FILES,
    };
    experiment_files *files = NULL;
    prior_knowledge known = {0};
    mech_error error;
    int exit_status = parse_experiment_files(&line, argc, argv, &files);
    if (o->credible_level > 1 && o->credible_level <= 100) o->credible_level /= 100; /* "95" is meant in per cent */
    if (exit_status < 0) exit_status = check_question(&q, fits);
    if (exit_status < 0) exit_status = understand_experiment_words("classify", &words, &files->reading);
    if (exit_status < 0) exit_status = collect_mechanisms("classify", NULL, NULL, &mechanism_files, &q.library);
    if (exit_status >= 0) goto cleanup;
    mech_status status = prior_knowledge_read(among, odds, &known, &error);
    if (status == MECH_OK) status = open_network(model, &q, &error);
    if (status == MECH_OK) status = open_network_for_four(model, &q, &error);
    if (status == MECH_OK) status = choose_mechanisms(&q, &error);
    if (status == MECH_OK) status = prior_knowledge_check(&known, odds, q.model, q.library, &error);
    if (status != MECH_OK) {
        exit_status = report_error(&error);
        goto cleanup;
    }
    o->among = known.among;
    o->n_among = known.n_among;
    o->prior_odds = known.odds;
    o->n_prior_odds = known.n_odds;
    const experiment_round round = {.command = "classify",
                                    .work = answer_files_together,
                                    .request = &q,
                                    .lines = q.json,
                                    .for_one = {q.figure ? "--figure" : NULL, q.report ? "--report" : NULL}};
    exit_status = each_experiment(&round, files);
cleanup:
    prior_knowledge_free(&known);
    mech_model_free(q.model);
    mech_model_free(q.for_four);
    mech_library_free(q.library);
    mech_free(q.model_name);
    mech_free(q.for_four_name);
    free(files);
    return exit_status;
}
