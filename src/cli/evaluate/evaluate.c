/* evaluate: how good a model is on a data set. */
#include "cli/evaluate/evaluation.h"
#include "cli/evaluate/shipped_models.h"
#include "cli/options/commands.h"
#include "cli/options/mechanism_options.h"
#include "cli/options/options.h"

#include "base/files/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_LIST = 64 };

/* What the command line says. */
typedef struct arguments {
    const char *data, *points, *noise, *against, *output;
    uint64_t resamples;
    bool grid, json, csv, calibrated, uncalibrated;
    text_list mechanism_files;
    mech_prediction_options asked;
} arguments;

/* The lists of points and noise. */
typedef struct lists {
    size_t n_points, n_noise;
    double points[MOST_LIST], noise[MOST_LIST];
} lists;

/* Reads a list; nobody wrote one: n is 0 for --grid, whose lists the library has, else all points, without noise. */
static size_t read_list(const char *words, bool grid, double *numbers) {
    if (words) return parse_numbers(words, numbers, MOST_LIST);
    numbers[0] = 0;
    return grid ? 0 : 1;
}

/* Understands the lists; -1, or the exit status after a message. */
static int read_lists(const arguments *a, lists *l) {
    bool good = true;
    l->n_points = read_list(a->points, a->grid, l->points);
    l->n_noise = read_list(a->noise, a->grid, l->noise);
    for (size_t i = 0; i < l->n_points; i++)
        if (!(l->points[i] >= (a->points ? 1 : 0) && l->points[i] <= 1e6 && l->points[i] == rint(l->points[i])))
            good = false;
    if (!good || (a->points && !l->n_points))
        return report_usage("evaluate", "--points takes whole numbers from 1 on, N1,N2,..., not '%s'", a->points);
    for (size_t i = 0; i < l->n_points; i++)
        for (size_t j = 0; j < i; j++)
            if (l->points[i] == l->points[j])
                return report_usage("evaluate", "--points has %g twice; expected each number once", l->points[i]);
    for (size_t i = 0; i < l->n_noise; i++)
        if (!(l->noise[i] >= 0 && l->noise[i] <= 100)) good = false;
    if (!good || (a->noise && !l->n_noise))
        return report_usage("evaluate", "--noise takes a percentage from 0 to 100, or several, not '%s'", a->noise);
    return -1;
}

static int check_arguments(const arguments *a, bool is_grid) {
    if (!a->data) return report_usage("evaluate", "--data is missing");
    if (a->calibrated && a->uncalibrated)
        return report_usage("evaluate", "--calibrated and --uncalibrated exclude each other");
    if (!are_species(a->asked.species))
        return report_usage("evaluate", "--species takes S or P, not '%s'", a->asked.species);
    if (a->json && a->csv) return report_usage("evaluate", "--json and --csv exclude each other");
    if (a->csv && !is_grid) return report_usage("evaluate", "--csv goes with --grid or lists of --points or --noise");
    if (a->output && !is_grid)
        return report_usage("evaluate", "-o is for the table of --grid, or of lists of --points or --noise");
    if (a->against && is_grid)
        return report_usage("evaluate", "--against goes with one number of points and one noise");
    if (a->resamples > 1000000) return report_usage("evaluate", "--resamples takes at most 1000000");
    return -1;
}

static mech_status evaluate_cell(const arguments *a, const mech_evaluate_options *judged, const mech_progress *progress,
                                 mech_error *error) {
    mech_predictions *p = NULL;
    mech_judgement *j = NULL;
    char *json = NULL;
    mech_status status = open_predictions(a->data, &a->asked, &p, error);
    if (status == MECH_OK) status = mech_predictions_judge(p, &a->asked, judged, progress, &j, error);
    if (status == MECH_OK && a->against) status = mech_judgement_compare(j, p, &a->asked, a->against, error);
    if (status == MECH_OK && a->json) status = mech_judgement_json(j, p, &a->asked, &json, error);
    terminal_progress_end();
    if (json) fputs(json, stdout);
    if (status == MECH_OK && !json) print_evaluation_text(j, p, &a->asked);
    mech_free(json);
    mech_judgement_free(j);
    mech_predictions_free(p);
    return status;
}

static mech_status evaluate_grid(const arguments *a, const lists *l, const mech_evaluate_options *judged,
                                 const mech_progress *progress, mech_error *error) {
    const mech_grid_lists grid = {
        .size = sizeof grid, .n_points = l->n_points, .points = l->points, .n_noise = l->n_noise, .noise = l->noise};
    const mech_table_format format = a->json ? MECH_TABLE_JSON : a->csv ? MECH_TABLE_CSV : MECH_TABLE_TEXT;
    mech_predictions *p = NULL;
    char *table = NULL;
    mech_status status = open_predictions(a->data, &a->asked, &p, error);
    if (status == MECH_OK) status = mech_predictions_grid(p, &a->asked, judged, &grid, format, progress, &table, error);
    terminal_progress_end();
    if (status == MECH_OK) status = mech_file_write(a->output ? a->output : "-", table, strlen(table), error);
    mech_free(table);
    mech_predictions_free(p);
    return status;
}

int command_evaluate(int argc, char **argv) {
    arguments a = {.resamples = 1000, .asked = mech_prediction_options_default()};
    mech_prediction_options *asked = &a.asked;
    const option options[] = {
        {"--model", OPTION_TEXT, &asked->model, "MODEL", MODEL_HELP},
        {"--data", OPTION_TEXT, &a.data, "DATA.h5", "the data set"},
        {"--mechanism-file", OPTION_LIST, &a.mechanism_files, "FILE", MECHANISMS_HELP},
        {"--split", OPTION_TEXT, &asked->split, "SPLIT", "train, validation or test (default: test)"},
        {"--points", OPTION_TEXT, &a.points, "N1,N2,...", "random points after t = 0 that are kept (default: all)"},
        {"--noise", OPTION_TEXT, &a.noise, "E1,E2,...", "noise added to S and P, in % of [S]0 (default: 0)"},
        {"--species", OPTION_TEXT, &asked->species, "S|P", "what alone was measured after t = 0 (default: both)"},
        {"--exact", OPTION_FLAG, &asked->exact, NULL, EXACT_HELP},
        {"--grid", OPTION_FLAG, &a.grid, NULL,
         "one table of 2,3,4,6,8,10,15,20 points by 0,0.5,1,2,5 % noise; --points and --noise name others"},
        {"--csv", OPTION_FLAG, &a.csv, NULL, "write the table as CSV, which 'plot grid' draws"},
        {"-o", OPTION_OUTPUT, &a.output, "FILE",
         "where the table of a grid or of lists goes (default: standard output)"},
        {"--calibrated", OPTION_FLAG, &a.calibrated, NULL, "judge the calibrated probabilities and conformal sets"},
        {"--uncalibrated", OPTION_FLAG, &a.uncalibrated, NULL, "judge them as the network gives them (default)"},
        {"--fits", OPTION_FLAG, &asked->fits, NULL, "judge fits of the model's mechanisms in place of the model"},
        {"--against", OPTION_TEXT, &a.against, "MODEL", "whether another model is as often right (McNemar's test)"},
        {"--resamples", OPTION_WHOLE, &a.resamples, "N", "of the bootstrap; 0: no intervals (default: 1000)"},
        {"--own-training", OPTION_FLAG, &asked->own_training, NULL, "judge also what the model was trained on"},
        {"--seed", OPTION_WHOLE, &asked->seed, "N", "of points, noise and resamples (default: 1)"},
        {"--threads", OPTION_THREADS, &asked->threads, "N", "threads (default: all cores)"},
        {"--json", OPTION_FLAG, &a.json, NULL, "write JSON, with the confusion matrix"},
    };
    const command_line line = {
        .usage = "mechanist evaluate --data DATA.h5 [options]",
        .summary =
            "Judges a network's probabilities on a data set: accuracy, cross-entropy, entropy, credible sets and\n"
            "calibration, all as docs/metrics.md defines them, with 95 % intervals. Lists of --points or --noise, or\n"
            "--grid, judge every combination and make one table.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
    };
    size_t n_arguments = 0;
    lists l = {.n_points = 1, .n_noise = 1};
    int usage = parse_command_line(&line, argc, argv, NULL, &n_arguments);
    if (usage < 0) usage = read_lists(&a, &l);
    const bool is_grid = a.grid || l.n_points != 1 || l.n_noise != 1;
    if (usage < 0) usage = check_arguments(&a, is_grid);
    mech_library *library = NULL;
    if (usage < 0) usage = collect_mechanisms("evaluate", NULL, NULL, &a.mechanism_files, &library);
    if (usage >= 0) {
        mech_library_free(library);
        return usage;
    }
    asked->library = library;
    asked->calibrated = a.calibrated;
    asked->points = (size_t)l.points[0];
    asked->noise = l.noise[0] / 100;
    mech_evaluate_options judged = mech_evaluate_options_default();
    judged.resamples = (size_t)a.resamples;
    judged.seed = asked->seed;
    judged.threads = asked->threads;
    mech_error error;
    /* A network's judgement takes seconds. */
    mech_progress progress = {0};
    if (asked->fits) progress = terminal_progress();
    const mech_status status =
        is_grid ? evaluate_grid(&a, &l, &judged, &progress, &error) : evaluate_cell(&a, &judged, &progress, &error);
    mech_library_free(library);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}
