/* How long one answer of a network takes: a table read and classified with a model in memory, and what comes before the
 * first. Usage: latency [MODEL.safetensors [RUNS.csv]], by default the shipped model and the example of the source
 * tree. */
#include "base/machine/clock.h"
#include "mechanist.h"

#include <stdio.h>
#include <stdlib.h>

enum { REPEATS = 200 };

static int compare(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void stop(const mech_error *error) {
    fprintf(stderr, "latency: %s\n", error->message);
    exit(1);
}

/* Seconds from the file to the answer. */
static double classify(const char *path, const mech_model *model) {
    mech_error error;
    mech_experiment *experiment = NULL;
    mech_answer *answer = NULL;
    const double from = mech_clock_s();
    if (mech_experiment_read(path, NULL, &experiment, &error) != MECH_OK) stop(&error);
    mech_classify_options options = mech_classify_options_default();
    options.fast = true;
    if (mech_classify(experiment, model, &options, NULL, &answer, &error) != MECH_OK) stop(&error);
    const double seconds = mech_clock_s() - from;
    mech_answer_free(answer);
    mech_experiment_free(experiment);
    return seconds;
}

int main(int argc, char **argv) {
    const char *path = argc > 1 ? argv[1] : "models/experts-nature.safetensors";
    const char *runs = argc > 2 ? argv[2] : "examples/iron-cycloisomerization.csv";
    double seconds[REPEATS];
    mech_error error;
    mech_model *model = NULL;
    const double from = mech_clock_s();
    if (mech_model_read(path, &model, &error) != MECH_OK) stop(&error);
    printf("model read              %6.2f ms\n", 1e3 * (mech_clock_s() - from));
    printf("first classification    %6.2f ms\n", 1e3 * classify(runs, model));
    for (int i = 0; i < REPEATS; i++) seconds[i] = classify(runs, model);
    qsort(seconds, REPEATS, sizeof *seconds, compare);
    printf("the next %d, median    %6.2f ms\n", REPEATS, 1e3 * seconds[REPEATS / 2]);
    mech_model_free(model);
    return 0;
}
