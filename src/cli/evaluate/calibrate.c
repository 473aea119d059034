/* calibrate: makes a network's probabilities mean what they say, and finds the thresholds of conformal sets. */
#include "cli/evaluate/shipped_models.h"
#include "cli/options/commands.h"
#include "cli/options/options.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_LIST = 64 };

/* What the command line says. */
typedef struct arguments {
    const char *model, *data, *split, *method, *points, *noise, *output;
    uint64_t seed;
    int threads;
    bool json, own_training;
} arguments;

/* Its lists, as numbers. */
typedef struct lists {
    size_t points[MOST_LIST];
    double noise[MOST_LIST];
} lists;

/* Understands method and lists; -1, or the exit status after a message. */
static int understand(const arguments *a, lists *l, mech_calibrate_options *options) {
    static const char *const names[] = {"temperature", "vector", "adaptive"};
    double numbers[MOST_LIST];
    size_t method = 0;
    while (method < sizeof names / sizeof names[0] && strcmp(names[method], a->method) != 0) method++;
    if (method == sizeof names / sizeof names[0])
        return report_usage("calibrate", "--method takes temperature, vector or adaptive, not '%s'", a->method);
    options->method = (mech_calibration_method)method;
    options->n_points = a->points ? parse_numbers(a->points, numbers, MOST_LIST) : 0;
    for (size_t i = 0; i < options->n_points; i++) {
        l->points[i] = numbers[i] >= 1 && numbers[i] <= 1e6 ? (size_t)numbers[i] : 0;
        if (!l->points[i] || (double)l->points[i] != numbers[i])
            return report_usage("calibrate", "--points takes whole numbers from 1 on, not '%s'", a->points);
    }
    options->n_noise = a->noise ? parse_numbers(a->noise, l->noise, MOST_LIST) : 0;
    for (size_t i = 0; i < options->n_noise; i++) {
        if (!(l->noise[i] >= 0 && l->noise[i] <= 100))
            return report_usage("calibrate", "--noise takes percentages from 0 to 100, not '%s'", a->noise);
        l->noise[i] /= 100;
    }
    if ((a->points && !options->n_points) || (a->noise && !options->n_noise))
        return report_usage("calibrate", "%s takes numbers, N1,N2,..., not '%s'",
                            options->n_points || !a->points ? "--noise" : "--points",
                            options->n_points || !a->points ? a->noise : a->points);
    options->points = l->points;
    options->noise = l->noise;
    options->seed = a->seed;
    options->threads = a->threads;
    return -1;
}

static void print_report(const arguments *a, const mech_calibration_report *r) {
    if (a->json) {
        json_t *object =
            json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:{s:f, s:f}, s:{s:f, s:f}, s:{s:f, s:f}}", "output", a->output,
                      "method", a->method, "n_fitted", (json_int_t)r->n_fitted, "n_held_out", (json_int_t)r->n_held_out,
                      "parameters", (json_int_t)r->n_parameters, "iterations", (json_int_t)r->n_iterations,
                      "cross_entropy", "before", r->cross_entropy_before, "after", r->cross_entropy_after, "ece",
                      "before", r->calibration_error_before, "after", r->calibration_error_after,
                      "conformal_thresholds", "0.95", r->conformal_95, "0.99", r->conformal_99);
        json_dumpf(object, stdout, JSON_REAL_PRECISION(17));
        putchar('\n');
        json_decref(object);
        return;
    }
    printf("%s: calibrated with %zu samples (%s, %zu parameters, %zu steps)\n", a->output, r->n_fitted, a->method,
           r->n_parameters, r->n_iterations);
    printf("on %zu others         before    after\n", r->n_held_out);
    printf("cross-entropy       %8.4f %8.4f nats\n", r->cross_entropy_before, r->cross_entropy_after);
    printf("calibration error   %8.2f %8.2f %%\n", 100 * r->calibration_error_before, 100 * r->calibration_error_after);
    printf("conformal sets      probabilities add up to %.4f (95 %%), %.4f (99 %%)\n", r->conformal_95,
           r->conformal_99);
}

int command_calibrate(int argc, char **argv) {
    arguments a = {.split = "validation", .method = "adaptive", .seed = 1};
    const option options[] = {
        {"--model", OPTION_RENEWED, &a.model, "MODEL", MODEL_HELP},
        {"--data", OPTION_TEXT, &a.data, "DATA.h5", "a data set that the model was not trained on"},
        {"--split", OPTION_TEXT, &a.split, "SPLIT", "train, validation or test (default: validation)"},
        {"--method", OPTION_TEXT, &a.method, "NAME", "temperature, vector or adaptive (default: adaptive)"},
        {"--points", OPTION_TEXT, &a.points, "N1,N2,...", "points after t = 0, drawn from these (default: design's)"},
        {"--noise", OPTION_TEXT, &a.noise, "E1,E2,...", "noise in % of [S]0, drawn from these (default: design's)"},
        {"--own-training", OPTION_FLAG, &a.own_training, NULL, "calibrate also on what the model was trained on"},
        {"--seed", OPTION_WHOLE, &a.seed, "N", "of points, noise and halves (default: 1)"},
        {"--threads", OPTION_THREADS, &a.threads, "N", "threads (default: all cores)"},
        {"--json", OPTION_FLAG, &a.json, NULL, "say as JSON what came out"},
        {"-o", OPTION_OUTPUT, &a.output, "MODEL.safetensors", "where to write the model with its calibration"},
    };
    const command_line line = {
        .usage = "mechanist calibrate --data DATA.h5 -o MODEL.safetensors [options]",
        .summary =
            "Fits what makes a network's probabilities mean what they say, and the thresholds of conformal sets,\n"
            "and writes the model with them (docs/calibration.md). The network's weights stay as they are.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
    };
    size_t n_arguments = 0;
    lists l;
    mech_calibrate_options how = mech_calibrate_options_default();
    int usage = parse_command_line(&line, argc, argv, NULL, &n_arguments);
    if (usage < 0) usage = understand(&a, &l, &how);
    if (usage >= 0) return usage;
    if (!a.data) return report_usage("calibrate", "--data is missing");
    if (!a.output) return report_usage("calibrate", "-o is missing");

    mech_error error;
    mech_model *model = NULL;
    char *notes = NULL;
    mech_calibration_report report = {.size = sizeof report};
    const mech_calibrate_source source = {
        .size = sizeof source, .model = a.model, .data = a.data, .split = a.split, .own_training = a.own_training};
    mech_status status = tell_left_out(a.model, &error);
    if (status == MECH_OK) status = mech_calibrate_data(&source, &how, &model, &report, &notes, &error);
    tell_notes(notes);
    if (status == MECH_OK) status = mech_model_write(model, a.output, &error);
    if (status == MECH_OK) print_report(&a, &report);
    mech_free(notes);
    mech_model_free(model);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}
