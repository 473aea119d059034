/* export: a network in the form in which other programs run it. */
#include "cli/evaluate/shipped_models.h"
#include "cli/options/commands.h"
#include "cli/options/options.h"
#include "cli/training/export_inputs.h"

#include "base/files/file.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static void print_summary(const mech_model *model, const char *model_path, const char *precision, const char *path,
                          bool json) {
    const char *network = mech_model_network(model);
    const size_t n_labels = mech_model_n_labels(model);
    if (json) {
        json_t *object = json_pack("{s:s, s:s, s:I, s:s, s:s}", "model", model_path, "network", network, "labels",
                                   (json_int_t)n_labels, "precision", precision, "output", path);
        json_dumpf(object, stdout, 0);
        putchar('\n');
        json_decref(object);
    } else {
        printf("%s: network %s of %s as ONNX, %zu labels, computing in %s\n", path, network, model_path, n_labels,
               precision);
    }
}

static void print_inputs(const inputs_request *r, const size_t *shape, bool json) {
    if (json) {
        json_t *object =
            json_pack("{s:s, s:s, s:I, s:I, s:I, s:s}", "data", r->data, "split", r->split, "n", (json_int_t)shape[0],
                      "runs", (json_int_t)shape[1], "rows", (json_int_t)shape[2], "output", r->prefix);
        json_dumpf(object, stdout, 0);
        putchar('\n');
        json_decref(object);
    } else {
        printf("%s-sets.npy, -runs.npy, -readings.npy, -mask.npy: %zu experiments, up to %zu runs, up to %zu rows of "
               "readings\n",
               r->prefix, shape[0], shape[1], shape[2]);
    }
}

/* -1, or the exit status after a message. */
static int check_inputs(const inputs_request *r, const char *onnx) {
    if (r->prefix && !r->data) return report_usage("export", "--inputs needs --data");
    if (r->data && !r->prefix) return report_usage("export", "--data goes with --inputs");
    if (!onnx && !r->prefix) return report_usage("export", "--onnx is missing");
    return -1;
}

static mech_status write_model(const char *name, const char *path, bool wide, char **model_path, mech_model **model,
                               mech_error *error) {
    mech_status status = find_model(name, model_path, error);
    if (status == MECH_OK) status = mech_model_read(*model_path, model, error);
    if (status == MECH_OK)
        status = mech_model_export_onnx(*model, wide ? MECH_PRECISION_FLOAT64 : MECH_PRECISION_FLOAT32, path, error);
    return status;
}

int command_export(int argc, char **argv) {
    inputs_request inputs = {.split = "test"};
    size_t shape[3] = {0};
    const char *model_name = NULL, *path = NULL, *precision = "float64";
    bool json = false;
    const option options[] = {
        {"--model", OPTION_TEXT, &model_name, "MODEL", MODEL_HELP},
        {"--onnx", OPTION_OUTPUT, &path, "FILE", "where to write; - is standard output"},
        {"--precision", OPTION_TEXT, &precision, "TYPE",
         "float64 (default): probabilities as here; float32: faster, understood by more programs"},
        {"--inputs", OPTION_TEXT, &inputs.prefix, "PREFIX",
         "what a network of run sets is given of --data: PREFIX-sets.npy, -runs.npy, -readings.npy, -mask.npy"},
        {"--data", OPTION_TEXT, &inputs.data, "DATA.h5", "of --inputs: experiments of any shape"},
        {"--split", OPTION_TEXT, &inputs.split, "SPLIT", "of --inputs: train, validation or test (default: test)"},
        {"--samples", OPTION_WHOLE, &inputs.samples, "N", "of --inputs: the first N (default: all)"},
        {"--json", OPTION_FLAG, &json, NULL, "say as JSON what was written"},
    };
    const command_line line = {
        .usage = "mechanist export --model MODEL --onnx FILE [options]",
        .summary =
            "Writes a network as an ONNX file, which ONNX Runtime and other programs run. Inputs: x1 (N, 4) and "
            "x2 (N, T, 12)\nas in data files, any number of samples N and times T; of a network of run sets what "
            "--inputs writes.\nOutput: probabilities (N, labels).",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
    };
    size_t n_arguments = 0;
    int usage = parse_command_line(&line, argc, argv, NULL, &n_arguments);
    if (usage >= 0) return usage;
    usage = check_inputs(&inputs, path);
    if (usage >= 0) return usage;
    const bool wide = strcmp(precision, "float64") == 0;
    if (!wide && strcmp(precision, "float32") != 0)
        return report_usage("export", "--precision takes float64 or float32, not '%s'", precision);

    mech_error error;
    char *model_path = NULL;
    mech_model *model = NULL;
    mech_status status = path ? write_model(model_name, path, wide, &model_path, &model, &error) : MECH_OK;
    if (status == MECH_OK && path && mech_output_is_file(path)) print_summary(model, model_path, precision, path, json);
    if (status == MECH_OK && inputs.prefix) status = export_inputs(&inputs, shape, &error);
    if (status == MECH_OK && inputs.prefix && (!path || mech_output_is_file(path))) print_inputs(&inputs, shape, json);
    mech_model_free(model);
    mech_free(model_path);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}
