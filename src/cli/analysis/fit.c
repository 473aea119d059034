/* fit: kinetic data in, fitted mechanisms with their evidence out. */
#include "cli/analysis/fits.h"
#include "cli/options/commands.h"
#include "cli/options/mechanism_options.h"
#include "cli/options/prior_knowledge.h"
#include "cli/reading/each_experiment.h"

#include "base/error.h"
#include "base/files/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct request {
    mech_fit_options options;
    fit_outputs outputs;
    bool json;
} request;

/* Fits one experiment, in one file or several. */
static mech_status fit_together(const void *asked, const experiment_reading *reading, const char *const *paths,
                                size_t n, text *t, mech_error *error) {
    const request *q = asked;
    mech_experiment *experiment = NULL;
    mech_fits *fits = NULL;
    const mech_progress progress = terminal_progress();
    mech_status status = mech_experiment_read_files(n, paths, &reading->options, &experiment, error);
    if (status == MECH_OK) {
        status = mech_fit_run_set(mech_experiment_runs(experiment), &q->options, &progress, &fits, error);
        terminal_progress_end();
    }
    const fitted_file f = {paths[0], experiment, fits};
    if (status == MECH_OK) status = write_fit_outputs(&q->outputs, &f, error);
    if (status == MECH_OK && q->json) status = write_fits_json(t, &f, error);
    if (status == MECH_OK && !q->json) write_fits_text(t, &f);
    if (status == MECH_OK && t->failed) status = mech_fail_memory(error);
    mech_fits_free(fits);
    mech_experiment_free(experiment);
    return status;
}

/* (*odds)[mech_library_size()] of a file, which names mechanisms of the library. */
static mech_status read_prior_odds(const char *path, const mech_library *library, double **odds, mech_error *error) {
    prior_knowledge known;
    const size_t n = mech_library_size(library);
    mech_status status = prior_knowledge_read(NULL, path, &known, error);
    *odds = calloc(n ? n : 1, sizeof **odds);
    if (status == MECH_OK && !*odds) status = mech_fail_memory(error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) (*odds)[i] = 1;
    for (size_t i = 0; i < known.n_odds && status == MECH_OK; i++) {
        const int label = mech_library_find(library, known.odds[i].id);
        if (label < 0)
            status = mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: no mechanism %.40s is fitted", path, known.lines[i],
                               known.odds[i].id);
        else
            (*odds)[label] = known.odds[i].odds;
    }
    prior_knowledge_free(&known);
    return status;
}

int command_fit(int argc, char **argv) {
    const char *among = NULL, *loading = NULL, *clock = NULL, *start = NULL, *noise = NULL, *model = NULL, *odds = NULL;
    const char *response = NULL;
    double *prior_odds = NULL;
    request q = {.options = mech_fit_options_default()};
    experiment_words words = {0};
    text_list files = {0};
    mech_library *library = NULL;
    mech_parts *parts = NULL;
    double coefficient = 1;
    mech_error error;
    const option options[] = {
        {"--json", OPTION_FLAG, &q.json, NULL, "one JSON object a line for each file"},
        {"--among", OPTION_TEXT, &among, "M1,M6,...", "only these mechanisms (default: M1 to M20)"},
        {"--prior-odds", OPTION_TEXT, &odds, "FILE", "odds known before the data, a line each: M6 2.5"},
        {"--prior", OPTION_TEXT, &q.options.prior, "wide|FILE",
         "ranges of the rate constants (docs/data.md; default: wide)"},
        {"--composed", OPTION_FLAG, &q.options.composed, NULL,
         "the best explanations among all compositions (docs/composed-mechanisms.md)"},
        {"--b-coefficient", OPTION_NUMBER, &coefficient, "X", "how much B one turnover takes (default: 1)"},
        {"--mechanism-file", OPTION_LIST, &files, "FILE", "mechanisms of your own besides (docs/mechanism-files.md)"},
        {"--loading-error", OPTION_TEXT, &loading, "SHARE",
         "error of each run's catalyst, 5% or 0.05 (default: found)"},
        {"--clock-error", OPTION_TEXT, &clock, "SHARE", "error of each run's clock, of its length (default: found)"},
        {"--start-error", OPTION_TEXT, &start, "SHARE", "error of each run's [S]0 and [P]0 (default: found)"},
        {"--response-error", OPTION_TEXT, &response, "SHARE",
         "error of the responses to S and to P; 0: also all of S becomes P (default: found)"},
        {"--noise", OPTION_TEXT, &noise, "SHARE", "of a reading, of the standard [S]0 (default: found)"},
        {"--noise-model", OPTION_TEXT, &model, "MODEL", "student or gaussian (default: student)"},
        {"--fast", OPTION_FLAG, &q.options.fast, NULL, "Laplace's approximation of the evidence instead of sampling"},
        {"--figure", OPTION_OUTPUT, &q.outputs.figure, "FILE",
         "draw runs, curves, active catalyst and evidence to .svg, .pdf or .png"},
        {"--pairs", OPTION_OUTPUT, &q.outputs.constants, "FILE",
         "draw the rate constants of the first mechanism likewise"},
        {"--report", OPTION_OUTPUT, &q.outputs.report, "FILE.html", "write a page with all of it"},
        {"--curves", OPTION_OUTPUT, &q.outputs.curves, "FILE.csv", "write the best curves and the active catalyst"},
        {"--petab", OPTION_TEXT, &q.outputs.petab, "FOLDER",
         "write the first mechanism, or all of --among, as SBML and PEtab (docs/interchange.md)"},
        {"--seed", OPTION_WHOLE, &q.options.seed, "N", "of the sampling (default: 1)"},
        {"--threads", OPTION_THREADS, &q.options.threads, "N", "default: all cores"},
        EXPERIMENT_OPTIONS(words),
    };
    const command_line line = {
        .usage = "mechanist fit FILE... [options]",
        .summary =
            "Fits mechanisms to all readings of the runs in kinetic tables (docs/kinetic-tables.md), with the errors\n"
            "that experiments have, and says how probable each is and what the rate constants are (docs/fits.md).",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .least_arguments = 1,
        .most_arguments = MOST_FILES,
    };
    experiment_files *read = NULL;
    int exit_status = parse_experiment_files(&line, argc, argv, &read);
    if (exit_status < 0) exit_status = read_share("fit", "--loading-error", loading, &q.options.loading_error);
    if (exit_status < 0) exit_status = read_share("fit", "--clock-error", clock, &q.options.clock_error);
    if (exit_status < 0) exit_status = read_share("fit", "--start-error", start, &q.options.start_error);
    if (exit_status < 0) exit_status = read_share("fit", "--response-error", response, &q.options.response_error);
    if (exit_status < 0) exit_status = read_share("fit", "--noise", noise, &q.options.noise);
    if (exit_status < 0 && model && strcmp(model, "gaussian") != 0 && strcmp(model, "student") != 0)
        exit_status = report_usage("fit", "--noise-model takes student or gaussian, not '%s'", model);
    if (exit_status < 0) exit_status = check_fit_outputs(&q.outputs);
    if (exit_status < 0) exit_status = understand_experiment_words("fit", &words, &read->reading);
    if (exit_status < 0 && q.options.composed && (among || files.n))
        exit_status =
            report_usage("fit", "--composed chooses mechanisms itself; expected no --among or --mechanism-file");
    if (exit_status < 0 && (mech_parts_new(&parts, &error) != MECH_OK ||
                            mech_parts_set_coefficient(parts, coefficient, &error) != MECH_OK))
        exit_status = report_error(&error);
    if (exit_status < 0)
        exit_status = q.options.composed ? collect_mechanisms("fit", NULL, parts, &files, &library)
                                         : collect_fitted_mechanisms("fit", among, parts, &files, &library);
    if (exit_status < 0 && odds && read_prior_odds(odds, library, &prior_odds, &error) != MECH_OK)
        exit_status = report_error(&error);
    if (exit_status < 0) {
        q.options.prior_odds = prior_odds;
        q.outputs.every_petab = among != NULL;
        q.options.gaussian = model && strcmp(model, "gaussian") == 0;
        q.options.mechanisms = mech_library_mechanisms(library);
        q.options.n_mechanisms = mech_library_size(library);
        q.options.parts = parts;
        const experiment_round round = {
            .command = "fit",
            .work = fit_together,
            .request = &q,
            .lines = q.json,
            .for_one = {q.outputs.curves ? "--curves" : NULL, q.outputs.figure ? "--figure" : NULL,
                        q.outputs.constants ? "--pairs" : NULL, q.outputs.report ? "--report" : NULL,
                        q.outputs.petab ? "--petab" : NULL}};
        exit_status = each_experiment(&round, read);
    }
    mech_library_free(library);
    free(prior_odds);
    mech_parts_free(parts);
    free(read);
    return exit_status;
}
