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
    bool grid, json, csv, calibrated, uncalibrated;
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
    if (a->resamples > 1000000) return report_usage("evaluate", "--resamples takes at most 1000000");
    return -1;
}

/* Compares with another model on the samples that the first one saw. The caller frees *rival. */
static mech_status compare(const arguments *a, const predictions *p, char **rival, mech_mcnemar *result,
                           mech_error *error) {
    mech_model *model = NULL;
    const size_t n = p->n, n_labels = p->n_labels;
    float *probabilities = mech_allocate_array(n, n_labels * sizeof *probabilities);
    mech_status status = probabilities ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK)
        status = read_model_for(a->against, a->request.data, p->data, NULL, true, rival, &model, error);
    if (status == MECH_OK) {
        /* The other model may have no calibration; it is then compared as it is. Against fits it is at its best. */
        const bool calibrated = (a->request.calibrated || a->request.fits) && mech_model_calibration(model);
        status = predictions_ask(&a->request, p, model, calibrated, probabilities, error);
    }
    if (status == MECH_OK)
        status = mech_compare(n, n_labels, p->probabilities, probabilities, p->labels, result, error);
    mech_model_free(model);
    mech_release_array(probabilities);
    return status;
}

static mech_status evaluate_cell(const arguments *a, mech_evaluate_options options, mech_error *error) {
    predictions p;
    judgement j = {0};
    slices parts = {0};
    mech_mcnemar mcnemar = {.size = sizeof mcnemar};
    char *rival = NULL;
    mech_status status = predictions_open(&a->request, &p, error);
    if (status == MECH_OK) predictions_add_conformal(&a->request, &p, &options);
    if (status == MECH_OK) status = predictions_judge(&a->request, &options, &p, &j, error);
    if (status == MECH_OK) status = find_slices(&p, &options, &parts, error);
    if (status == MECH_OK && a->against) status = compare(a, &p, &rival, &mcnemar, error);
    if (status == MECH_OK) {
        const evaluation e = {.request = &a->request,
                              .p = &p,
                              .metrics = j.metrics,
                              .lower = j.lower,
                              .upper = j.upper,
                              .resamples = options.resamples,
                              .slices = &parts,
                              .rival = rival,
                              .mcnemar = a->against ? &mcnemar : NULL};
        if (a->json) {
            text t = {0};
            status = write_evaluation_json(&t, &e, error);
            if (status == MECH_OK) fputs(t.characters, stdout);
            mech_text_free(&t);
        } else {
            print_evaluation_text(&e);
        }
    }
    mech_free(rival);
    slices_free(&parts);
    judgement_free(&j);
    predictions_free(&p);
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
        {"--exact", OPTION_FLAG, &request->exact, NULL, EXACT_HELP},
        {"--grid", OPTION_FLAG, &a.grid, NULL, "one table of 2,3,4,6,8,10,15,20 points by 0,0.5,1,2,5 % noise"},
        {"--csv", OPTION_FLAG, &a.csv, NULL, "write the table as CSV, which 'plot grid' draws"},
        {"-o", OPTION_OUTPUT, &a.output, "FILE",
         "where the table of a grid or of lists goes (default: standard output)"},
        {"--calibrated", OPTION_FLAG, &a.calibrated, NULL, "judge the calibrated probabilities and conformal sets"},
        {"--uncalibrated", OPTION_FLAG, &a.uncalibrated, NULL, "judge them as the network gives them (default)"},
        {"--fits", OPTION_FLAG, &request->fits, NULL, "judge fits of the model's mechanisms in place of the model"},
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
    if (usage < 0) usage = collect_mechanisms("evaluate", NULL, NULL, &a.mechanism_files, &library);
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
    const mech_status status = is_grid ? evaluate_grid(&grid, &error) : evaluate_cell(&a, judged, &error);
    mech_library_free(library);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}
