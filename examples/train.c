/* Trains a small network on simulated reactions and asks how good it has become.
 *
 *     ./train small.safetensors
 *
 * writes the network to that file and the data beside it. Trained for seconds, it is right several times as often as a
 * guess among twenty would be; docs/training.md says what a good one takes. */
#include <mechanist.h>

#include <stdio.h>
#include <stdlib.h>

/* Says what goes on, a line for each tenth of the work. `context` is what the progress object below holds: here the
 * tenth that was said last. The library asks should_stop(), which this program leaves out, as often as it reports. */
static void report(void *context, const char *phase, double done, double total, const char *detail) {
    int *said = context;
    const int tenth = total > 0 ? (int)(10 * done / total) : 0;
    if (tenth != *said)
        fprintf(stderr, "%s: %d %%%s%s\n", phase, 10 * tenth, detail && *detail ? ", " : "", detail ? detail : "");
    *said = tenth;
}

/* Draws rate constants, simulates four runs with each and writes what was "measured" to the data set. */
static mech_status make_data(const char *data, const mech_progress *progress, mech_error *error) {
    mech_generate_options options = mech_generate_options_default();
    options.n_train = 4000;
    options.n_thetas = 4000; /* rate constants of its own for each sample */
    options.n_validation = 500;
    options.n_test = 1000;
    return mech_generate(&options, data, progress, NULL, error);
}

static mech_status train(const char *data, const char *model, const mech_progress *progress, mech_error *error) {
    mech_train_options options = mech_train_options_default();
    options.network = "hadamard";
    options.hidden = 32; /* the published network has 64 units */
    options.batch = 64;
    options.epochs = 50;
    options.learning_rate = 0.003;
    return mech_train(&options, data, model, progress, error);
}

/* Prints how often the network names the right one of the twenty mechanisms, on reactions that it has not seen. */
static mech_status judge(const char *data, const char *path, mech_error *error) {
    mech_samples *samples = NULL;
    mech_model *model = NULL;
    mech_metrics *metrics = NULL;
    float *probabilities = NULL;
    mech_status status = mech_samples_read(data, "test", &samples, error);
    if (status == MECH_OK) status = mech_model_read(path, &model, error);
    if (status != MECH_OK) goto cleanup;

    const size_t n_labels = mech_model_n_labels(model);
    probabilities = calloc(samples->n * n_labels, sizeof *probabilities);
    if (!probabilities) {
        *error = (mech_error){MECH_OUT_OF_MEMORY, "out of memory"};
        status = MECH_OUT_OF_MEMORY;
        goto cleanup;
    }
    status = mech_model_predict(model, samples->n, samples->n_times, samples->x1, samples->x2, 0, probabilities, error);
    if (status == MECH_OK) status = mech_evaluate(samples->n, n_labels, probabilities, samples->y, &metrics, error);
    if (status == MECH_OK)
        printf("%s network, %zu parameters: right on %.1f %% of %zu reactions, among its first three on %.1f %%\n",
               mech_model_network(model), mech_model_n_parameters(model), 100 * metrics->top1, metrics->n,
               100 * metrics->top3);

cleanup:
    free(probabilities);
    mech_metrics_free(metrics);
    mech_model_free(model);
    mech_samples_free(samples);
    return status;
}

int main(int argc, char **argv) {
    char data[4096];
    if (argc != 2 || snprintf(data, sizeof data, "%s.h5", argv[1]) >= (int)sizeof data) {
        fputs("Usage: train MODEL.safetensors\n", stderr);
        return EXIT_FAILURE;
    }
    int said = 0;
    const mech_progress progress = {.report = report, .context = &said};
    mech_error error;
    mech_status status = make_data(data, &progress, &error);
    if (status == MECH_OK) status = train(data, argv[1], &progress, &error);
    if (status == MECH_OK) status = judge(data, argv[1], &error);
    if (status == MECH_OK) return EXIT_SUCCESS;
    fprintf(stderr, "%s\n", error.message);
    return EXIT_FAILURE;
}
