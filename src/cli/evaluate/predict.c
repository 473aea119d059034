/* predict: class probabilities of a data set's samples, as an array for other programs. */
#include "cli/evaluate/evaluation.h"
#include "cli/evaluate/shipped_models.h"
#include "cli/options/commands.h"
#include "cli/options/mechanism_options.h"
#include "cli/options/options.h"

#include "base/files/file.h"

#include <jansson.h>
#include <stdio.h>

static void print_summary(const mech_predictions *p, const char *path, bool json) {
    const size_t n = p->n, n_labels = p->n_labels;
    if (json) {
        json_t *object = json_pack("{s:I, s:I, s:s, s:s}", "n", (json_int_t)n, "labels", (json_int_t)n_labels, "model",
                                   p->model_path, "output", path);
        json_dumpf(object, stdout, 0);
        putchar('\n');
        json_decref(object);
    } else {
        printf("%s: probabilities of %zu samples, %zu labels, by %s\n", path, n, n_labels, p->model_path);
    }
}

int command_predict(int argc, char **argv) {
    const char *path = NULL, *data = NULL;
    bool json = false;
    uint64_t points = 0;
    text_list mechanism_files = {0};
    mech_library *library = NULL;
    double noise = 0;
    mech_prediction_options asked = mech_prediction_options_default();
    const option options[] = {
        {"--model", OPTION_TEXT, &asked.model, "MODEL", MODEL_HELP},
        {"--data", OPTION_TEXT, &data, "DATA.h5", "the data set"},
        {"--mechanism-file", OPTION_LIST, &mechanism_files, "FILE", MECHANISMS_HELP},
        {"--split", OPTION_TEXT, &asked.split, "SPLIT", "train, validation or test (default: test)"},
        {"--points", OPTION_COUNT, &points, "N", "random points after t = 0 that are kept (default: all)"},
        {"--noise", OPTION_NUMBER, &noise, "PERCENT", "noise that is added to S and P, in % of [S]0 (default: 0)"},
        {"--species", OPTION_TEXT, &asked.species, "S|P", "what alone was measured after t = 0 (default: both)"},
        {"--seed", OPTION_WHOLE, &asked.seed, "N", "of points and noise, as in evaluate (default: 1)"},
        {"--exact", OPTION_FLAG, &asked.exact, NULL, EXACT_HELP},
        {"--calibrated", OPTION_FLAG, &asked.calibrated, NULL, "with the model's calibration (default: without)"},
        {"--threads", OPTION_THREADS, &asked.threads, "N", "threads (default: all cores)"},
        {"--json", OPTION_FLAG, &json, NULL, "say as JSON what was written"},
        {"-o", OPTION_OUTPUT, &path, "PROBS.npy", "where to write: float32, (samples, labels)"},
    };
    const command_line line = {
        .usage = "mechanist predict --data DATA.h5 -o PROBS.npy [options]",
        .summary =
            "Writes the class probabilities that a network gives to each sample of a data set, as a NumPy array.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
    };
    size_t n_arguments = 0;
    int usage = parse_command_line(&line, argc, argv, NULL, &n_arguments);
    if (usage >= 0) return usage;
    if (!data) return report_usage("predict", "--data is missing");
    if (!path) return report_usage("predict", "-o is missing");
    if (!are_species(asked.species)) return report_usage("predict", "--species takes S or P, not '%s'", asked.species);
    if (!(noise >= 0 && noise <= 100)) return report_usage("predict", "--noise takes a percentage from 0 to 100");
    usage = collect_mechanisms("predict", NULL, NULL, &mechanism_files, &library);
    if (usage >= 0) {
        mech_library_free(library);
        return usage;
    }
    asked.library = library;
    asked.points = (size_t)points;
    asked.noise = noise / 100;

    mech_error error;
    mech_predictions *p = NULL;
    mech_status status = open_predictions(data, &asked, &p, &error);
    if (status == MECH_OK) status = mech_predictions_compute(p, &asked, NULL, &error);
    if (status == MECH_OK) status = mech_npy_write(path, p->probabilities, p->n, p->n_labels, &error);
    if (status == MECH_OK && mech_output_is_file(path)) print_summary(p, path, json);
    mech_predictions_free(p);
    mech_library_free(library);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}
