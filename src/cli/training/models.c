/* models: the networks that come with the program. */
#include "cli/evaluate/shipped_models.h"
#include "cli/options/commands.h"
#include "cli/options/options.h"
#include "cli/terminal/short_numbers.h"

#include "base/error.h"
#include "base/files/text.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* What is known of a model besides its weights, in the order in which it is listed. */
static const char *const listed_keys[] = {"protocol", "prior",     "mechanisms", "loadings",    "points",
                                          "noise",    "transform", "options",    "data",        "seed",
                                          "epoch",    "origin",    "version",    "calibration", "calibration_data"};

static bool read_accuracy(const mech_model *model, double *accuracy) {
    const char *given = mech_model_metadata(model, "validation_accuracy");
    return given && mech_parse_number(given, strlen(given), '.', accuracy);
}

/* Where the weights come from. */
static void print_origin(const mech_model *model) {
    const char *origin = mech_model_metadata(model, "origin"), *version = mech_model_metadata(model, "version");
    const char *seed = mech_model_metadata(model, "seed"), *epoch = mech_model_metadata(model, "epoch");
    double passes = 0;
    if (origin)
        printf("%s", origin);
    else if (version && epoch && mech_parse_number(epoch, strlen(epoch), '.', &passes))
        printf("mechanist %s, seed %s, epoch %s", version, seed ? seed : "unknown", shorten(passes).text);
    else if (version)
        printf("mechanist %s, seed %s", version, seed ? seed : "unknown");
    else
        printf("unknown");
}

/* The design of what the model was trained on. */
static void find_trained_on(const mech_model *model, char *words, size_t size) {
    char *design = NULL;
    const bool known = mech_model_design(model, &design, NULL) == MECH_OK && design;
    snprintf(words, size, "%s", known ? design : "unknown");
    mech_free(design);
}

/* Whether a model's path is that of the one that answers where none is named; NULL: none does. */
static bool is_default(const mech_shipped_model *model, const char *standard) {
    return standard && strcmp(model->path, standard) == 0;
}

/* The paths of the models that answer where none is named, of any run set and of four exact runs; NULL: none does. */
typedef struct standards {
    char *any, *four;
} standards;

static void print_text(const mech_shipped_models *shipped, const standards *of) {
    size_t unchecked = 0;
    printf("%-22s %-11s %10s  %-12s %-10s %s\n", "name", "network", "parameters", "trained on", "validation", "origin");
    for (size_t i = 0; i < mech_shipped_models_n(shipped); i++) {
        const mech_shipped_model *listed = mech_shipped_models_model(shipped, i);
        const mech_model *model = listed->model;
        char accuracy[24] = "unknown", trained_on[48];
        double share = 0;
        if (read_accuracy(model, &share)) snprintf(accuracy, sizeof accuracy, "%.2f %%", 100 * share);
        find_trained_on(model, trained_on, sizeof trained_on);
        printf("%-22s %-11s %10zu  %-12s %-10s ", listed->name, mech_model_network(model),
               mech_model_n_parameters(model), trained_on, accuracy);
        print_origin(model);
        const bool any = is_default(listed, of->any), four = is_default(listed, of->four);
        puts(any ? " (default)" : four ? " (default of four exact runs)" : "");
        unchecked += !mech_model_is_checked(model);
    }
    if (unchecked)
        printf("%zu of them %s no digest of the weights: damage to the file would not be noticed\n", unchecked,
               unchecked == 1 ? "has" : "have");
}

static mech_status print_json(const mech_shipped_models *shipped, const standards *of, mech_error *error) {
    json_t *all = json_array();
    for (size_t i = 0; i < mech_shipped_models_n(shipped); i++) {
        const mech_shipped_model *listed = mech_shipped_models_model(shipped, i);
        const mech_model *model = listed->model;
        json_t *object = json_pack("{s:s, s:s, s:s, s:I, s:I}", "name", listed->name, "path", listed->path, "network",
                                   mech_model_network(model), "parameters", (json_int_t)mech_model_n_parameters(model),
                                   "labels", (json_int_t)mech_model_n_labels(model));
        json_object_set_new(object, "default", json_boolean(is_default(listed, of->any)));
        json_object_set_new(object, "default_of_four_exact_runs", json_boolean(is_default(listed, of->four)));
        json_object_set_new(object, "checked", json_boolean(mech_model_is_checked(model)));
        char trained_on[48];
        find_trained_on(model, trained_on, sizeof trained_on);
        json_object_set_new(object, "trained_on", json_string(trained_on));
        double accuracy = 0;
        if (read_accuracy(model, &accuracy)) json_object_set_new(object, "validation_accuracy", json_real(accuracy));
        for (size_t k = 0; k < sizeof listed_keys / sizeof listed_keys[0]; k++) {
            const char *value = mech_model_metadata(model, listed_keys[k]);
            if (value) json_object_set_new(object, listed_keys[k], json_string(value));
        }
        json_array_append_new(all, object);
    }
    char *dump = json_dumps(all, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    json_decref(all);
    if (!dump) return mech_fail_memory(error);
    puts(dump);
    mech_free(dump);
    return MECH_OK;
}

int command_models(int argc, char **argv) {
    bool json = false;
    const option options[] = {{"--json", OPTION_FLAG, &json, NULL, "write JSON, with all that is known of each"}};
    const command_line line = {
        .usage = "mechanist models [--json]",
        .summary =
            "Lists the networks that come with the program, with their accuracy on the validation split of what\n"
            "they were trained on, their origin, and which one answers by default. Their names can be used wherever a "
            "model is asked for.",
        .options = options,
        .n_options = 1,
    };
    size_t n_arguments = 0;
    int usage = parse_command_line(&line, argc, argv, NULL, &n_arguments);
    if (usage >= 0) return usage;
    mech_error error;
    mech_shipped_models *shipped = NULL;
    standards of = {0};
    mech_status status = read_shipped_models(&shipped, &error);
    /* Where none answers by default the others are listed all the same. */
    if (status == MECH_OK && mech_model_find(NULL, &of.any, NULL) != MECH_OK) of.any = NULL;
    if (status == MECH_OK && mech_model_find_for_four(&of.four, NULL) != MECH_OK) of.four = NULL;
    if (status == MECH_OK && json) status = print_json(shipped, &of, &error);
    if (status == MECH_OK && !json) print_text(shipped, &of);
    mech_free(of.any);
    mech_free(of.four);
    mech_shipped_models_free(shipped);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}
