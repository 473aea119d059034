/* Names the mechanism behind measured runs.
 *
 *     ./classify iron-cycloisomerization.csv [MODELS/hadamard-nature.safetensors]
 *
 * Without a model all mechanisms are fitted; with one the network answers alone, which takes milliseconds. MODELS is
 * the folder of shipped models: mechanist_MODELS_DIR in CMake, pkg-config --variable=models mechanist. */
#include <mechanist.h>

#include <stdio.h>
#include <stdlib.h>

/* The mechanisms that together hold 95 % of the probability, and what the answer takes for granted. */
static void print_answer(const mech_answer *answer) {
    for (size_t i = 0; i < answer->credible_size; i++) {
        const mech_ranked *ranked = &answer->ranked[i];
        printf("%-4s %6.2f %%  %s\n", ranked->id, 100 * ranked->probability,
               ranked->mechanism ? mech_mechanism_title(ranked->mechanism) : "");
    }
    for (size_t i = 0; i < answer->n_warnings; i++) printf("note: %s\n", answer->warnings[i]);
}

int main(int argc, char **argv) {
    if (argc < 2 || argc > 3) {
        fputs("Usage: classify RUNS.csv [MODEL.safetensors]\n", stderr);
        return EXIT_FAILURE;
    }
    /* All that may be freed begins as NULL, so that one way out serves every case. */
    mech_experiment *experiment = NULL;
    mech_model *model = NULL;
    mech_answer *answer = NULL;
    mech_error error;

    /* NULL for options: columns as the headers say. By default all mechanisms are possible, none more likely. */
    mech_classify_options options = mech_classify_options_default();
    options.fast = argc > 2;
    mech_status status = mech_experiment_read(argv[1], NULL, &experiment, &error);
    if (status == MECH_OK && argc > 2) status = mech_model_read(argv[2], &model, &error);
    if (status == MECH_OK) status = mech_classify(experiment, model, &options, NULL, &answer, &error);

    if (status == MECH_OK)
        print_answer(answer);
    else
        fprintf(stderr, "%s\n", error.message);

    mech_answer_free(answer);
    mech_model_free(model);
    mech_experiment_free(experiment);
    return status == MECH_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
