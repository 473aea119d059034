/* evaluate: how good a model is on a data set. */
#include "cli/evaluate/evaluation.h"
#include "cli/evaluate/shipped_models.h"
#include "cli/options/commands.h"
#include "cli/options/mechanism_options.h"
#include "cli/options/options.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

enum { MOST_LIST = 64 };

/* What the command line says. */
typedef struct arguments {
    const char *points, *noise, *against, *output;
    uint64_t resamples;
    bool grid, json, csv, calibrated, uncalibrated, fits;
    text_list mechanism_files;
    prediction_request request;
} arguments;

/* The lists of points and noise. */
typedef struct lists {
    size_t n_points, n_noise;
    double points[MOST_LIST], noise[MOST_LIST];
} lists;

/* Reads a list, or takes the default's n numbers where the user wrote none. */
static size_t read_list(const char *words, const double *preset, size_t n, double *numbers) {
    if (words) return parse_numbers(words, numbers, MOST_LIST);
    for (size_t i = 0; i < n; i++) numbers[i] = preset[i];
    return n;
}

/* Understands the lists; -1, or the exit status after a message. */
static int read_lists(const arguments *a, lists *l) {
    static const double all_or_none[] = {0};
    const bool grid = a->grid;
    l->n_points = read_list(a->points, grid ? grid_points : all_or_none, grid ? N_GRID_POINTS : 1, l->points);
    l->n_noise = read_list(a->noise, grid ? grid_noise : all_or_none, grid ? N_GRID_NOISE : 1, l->noise);
    for (size_t i = 0; i < l->n_points; i++)
        if (!(l->points[i] >= (a->points ? 1 : 0) && l->points[i] <= 1e6 && l->points[i] == rint(l->points[i])))
            l->n_points = 0;
    if (!l->n_points)
        return report_usage("evaluate", "--points takes whole numbers from 1 on, N1,N2,..., not '%s'", a->points);
    for (size_t i = 0; i < l->n_points; i++)
        for (size_t j = 0; j < i; j++)
            if (l->points[i] == l->points[j])
                return report_usage("evaluate", "--points has %g twice; expected each number once", l->points[i]);
    for (size_t i = 0; i < l->n_noise; i++)
        if (!(l->noise[i] >= 0 && l->noise[i] <= 100)) l->n_noise = 0;
    if (!l->n_noise)
        return report_usage("evaluate", "--noise takes a percentage from 0 to 100, or several, not '%s'", a->noise);
    return -1;
}

static int check_arguments(const arguments *a, bool is_grid) {
    if (!a->request.data) return report_usage("evaluate", "--data is missing");
    if (a->calibrated && a->uncalibrated)
        return report_usage("evaluate", "--calibrated and --uncalibrated exclude each other");
    if (!are_species(a->request.species))
        return report_usage("evaluate", "--species takes S or P, not '%s'", a->request.species);
    if (a->json && a->csv) return report_usage("evaluate", "--json and --csv exclude each other");
    if (a->csv && !is_grid) return report_usage("evaluate", "--csv goes with --grid or lists of --points or --noise");
    if (a->output && !is_grid)
        return report_usage("evaluate", "-o is for the table of --grid, or of lists of --points or --noise");
    if (a->against && is_grid)
        return report_usage("evaluate", "--against goes with one number of points and one noise");
    if (a->fits && is_grid) return report_usage("evaluate", "--fits goes with one number of points and one noise");
    if (a->fits && (a->request.model || a->calibrated || a->mechanism_files.n))
        return report_usage("evaluate",
                            "--fits asks no model, so that %s means nothing; --against MODEL compares with one",
                            a->request.model ? "--model"
                            : a->calibrated  ? "--calibrated"
                                             : "--mechanism-file");
    if (a->resamples > 1000000) return report_usage("evaluate", "--resamples takes at most 1000000");
    return -1;
}

/* Compares probabilities of samples with those of another model. The caller frees *rival. */
static mech_status compare(const arguments *a, const mech_samples *samples, const float *probabilities, char **rival,
                           mech_mcnemar *result, mech_error *error) {
    mech_model *model = NULL;
    const size_t n = samples->n, n_labels = samples->n_labels;
    float *others = mech_allocate_array(n, n_labels * sizeof *others);
    mech_status status = others ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) status = read_model_for(a->against, a->request.data, samples, NULL, rival, &model, error);
    if (status == MECH_OK) {
        /* The other model may have no calibration; it is then compared as it is. Against fits it is at its best. */
        const bool calibrated = (a->request.calibrated || a->fits) && mech_model_calibration(model);
        status = ask_model(model, samples, calibrated, a->request.threads, others, error);
    }
    if (status == MECH_OK) *result = mech_compare(n, n_labels, probabilities, others, samples->y);
    mech_model_free(model);
    mech_release_array(others);
    return status;
}

static mech_status print_evaluation(const arguments *a, const evaluation *e, mech_error *error) {
    text t = {0};
    if (!a->json) {
        print_evaluation_text(e);
        return MECH_OK;
    }
    const mech_status status = write_evaluation_json(&t, e, error);
    if (status == MECH_OK) fputs(t.characters, stdout);
    mech_text_free(&t);
    return status;
}

static mech_status evaluate_model(const arguments *a, mech_evaluate_options options, mech_error *error) {
    predictions p;
    judgement j = {0};
    mech_mcnemar mcnemar = {0};
    char *rival = NULL;
    const char **labels = NULL;
    mech_status status = predictions_open(&a->request, &p, error);
    if (status == MECH_OK) predictions_add_conformal(&a->request, &p, &options);
    if (status == MECH_OK) status = predictions_judge(&a->request, &options, &p, &j, error);
    if (status == MECH_OK && a->against) status = compare(a, p.samples, p.probabilities, &rival, &mcnemar, error);
    if (status == MECH_OK && !(labels = mech_allocate_array(p.samples->n_labels, sizeof *labels)))
        status = mech_fail_memory(error);
    if (status == MECH_OK) {
        for (size_t i = 0; i < p.samples->n_labels; i++) labels[i] = mech_model_label(p.model, i);
        const evaluation e = {.request = &a->request,
                              .model = p.model_path,
                              .network = mech_model_network(p.model),
                              .labels = labels,
                              .points = p.samples->n_times - 1,
                              .metrics = j.metrics,
                              .lower = j.lower,
                              .upper = j.upper,
                              .resamples = options.resamples,
                              .rival = rival,
                              .mcnemar = a->against ? &mcnemar : NULL};
        status = print_evaluation(a, &e, error);
    }
    mech_release_array(labels);
    mech_free(rival);
    judgement_free(&j);
    predictions_free(&p);
    return status;
}

static mech_status evaluate_fits(const arguments *a, mech_evaluate_options options, mech_error *error) {
    fits_predictions p;
    judgement j = {0};
    mech_mcnemar mcnemar = {0};
    char *rival = NULL;
    const char **labels = NULL;
    mech_status status = fits_predictions_make(&a->request, &p, error);
    const size_t n_labels = mech_library_size(p.library);
    if (status == MECH_OK)
        status = mech_evaluate_intervals(p.n, n_labels, p.probabilities, p.labels, &options, &j.metrics, &j.lower,
                                         &j.upper, error);
    if (status == MECH_OK && a->against && !p.samples)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: holds experiments of any shape; expected samples of four runs for --against",
                           a->request.data);
    if (status == MECH_OK && a->against) status = compare(a, p.samples, p.probabilities, &rival, &mcnemar, error);
    if (status == MECH_OK && !(labels = mech_allocate_array(n_labels, sizeof *labels)))
        status = mech_fail_memory(error);
    if (status == MECH_OK) {
        for (size_t i = 0; i < n_labels; i++) labels[i] = mech_mechanism_id(mech_library_mechanism(p.library, i));
        const evaluation e = {.request = &a->request,
                              .labels = labels,
                              .points = p.samples ? p.samples->n_times - 1 : 0,
                              .metrics = j.metrics,
                              .lower = j.lower,
                              .upper = j.upper,
                              .resamples = options.resamples,
                              .rival = rival,
                              .mcnemar = a->against ? &mcnemar : NULL};
        status = print_evaluation(a, &e, error);
    }
    mech_release_array(labels);
    mech_free(rival);
    judgement_free(&j);
    fits_predictions_free(&p);
    return status;
}

int command_evaluate(int argc, char **argv) {
    arguments a = {.resamples = 1000, .request = {.split = "test", .seed = 1}};
    prediction_request *request = &a.request;
    const option options[] = {
        {"--model", OPTION_TEXT, &request->model, "MODEL", MODEL_HELP},
        {"--data", OPTION_TEXT, &request->data, "DATA.h5", "the data set"},
        {"--mechanism-file", OPTION_LIST, &a.mechanism_files, "FILE", MECHANISMS_HELP},
        {"--split", OPTION_TEXT, &request->split, "SPLIT", "train, validation or test (default: test)"},
        {"--points", OPTION_TEXT, &a.points, "N1,N2,...", "random points after t = 0 that are kept (default: all)"},
        {"--noise", OPTION_TEXT, &a.noise, "E1,E2,...", "noise added to S and P, in % of [S]0 (default: 0)"},
        {"--species", OPTION_TEXT, &request->species, "S|P", "what alone was measured after t = 0 (default: both)"},
        {"--grid", OPTION_FLAG, &a.grid, NULL, "one table of 2,3,4,6,8,10,15,20 points by 0,0.5,1,2,5 % noise"},
        {"--csv", OPTION_FLAG, &a.csv, NULL, "write the table as CSV, which 'plot grid' draws"},
        {"-o", OPTION_OUTPUT, &a.output, "FILE",
         "where the table of a grid or of lists goes (default: standard output)"},
        {"--calibrated", OPTION_FLAG, &a.calibrated, NULL, "judge the calibrated probabilities and conformal sets"},
        {"--uncalibrated", OPTION_FLAG, &a.uncalibrated, NULL, "judge them as the network gives them (default)"},
        {"--fits", OPTION_FLAG, &a.fits, NULL, "judge fits of all mechanisms of the data in place of a model"},
        {"--against", OPTION_TEXT, &a.against, "MODEL", "whether another model is as often right (McNemar's test)"},
        {"--resamples", OPTION_WHOLE, &a.resamples, "N", "of the bootstrap; 0: no intervals (default: 1000)"},
        {"--own-training", OPTION_FLAG, &request->own_training, NULL, "judge also what the model was trained on"},
        {"--seed", OPTION_WHOLE, &request->seed, "N", "of points, noise and resamples (default: 1)"},
        {"--threads", OPTION_THREADS, &request->threads, "N", "threads (default: all cores)"},
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
    lists l = {0};
    int usage = parse_command_line(&line, argc, argv, NULL, &n_arguments);
    if (usage < 0) usage = read_lists(&a, &l);
    const bool is_grid = a.grid || l.n_points > 1 || l.n_noise > 1;
    if (usage < 0) usage = check_arguments(&a, is_grid);
    mech_library *library = NULL;
    if (usage < 0) usage = collect_mechanisms("evaluate", NULL, &a.mechanism_files, &library);
    if (usage >= 0) {
        mech_library_free(library);
        return usage;
    }
    request->library = library;
    request->calibrated = a.calibrated;
    request->points = (size_t)l.points[0];
    request->noise = l.noise[0] / 100;
    const mech_evaluate_options judged = {
        .size = sizeof judged, .resamples = (size_t)a.resamples, .seed = request->seed, .threads = request->threads};
    const grid_request grid = {.request = *request,
                               .options = judged,
                               .n_points = l.n_points,
                               .n_noise = l.n_noise,
                               .points = l.points,
                               .noise = l.noise,
                               .format = a.json  ? GRID_JSON
                                         : a.csv ? GRID_CSV
                                                 : GRID_TEXT,
                               .output = a.output};
    mech_error error;
    const mech_status status = is_grid  ? evaluate_grid(&grid, &error)
                               : a.fits ? evaluate_fits(&a, judged, &error)
                                        : evaluate_model(&a, judged, &error);
    mech_library_free(library);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}
