/* Trains a network on samples that the program makes itself, without a data file.
 *
 *     ./train_memory two.safetensors
 *
 * The network tells the core cycle, M1, from the cycle whose catalyst dies, M9. */
#include <mechanist.h>

#include <stdio.h>
#include <stdlib.h>

enum { N_LABELS = 2, N_EACH = 300, N_SAMPLES = N_LABELS * N_EACH, N_TIMES = 8, N_RUNS = 4, COLUMNS = 3 * N_RUNS };

/* Of each sample three loadings, and the first one again. */
static const double loadings[N_RUNS] = {0.02, 0.05, 0.1, 0.02};

/* Measures the four runs of one theta into x2[N_TIMES][COLUMNS]: t, S, P of run 1, of run 2, ... */
static mech_status measure(const mech_mechanism *mechanism, const double *k, float *x2, mech_error *error) {
    const size_t n_species = mech_mechanism_n_species(mechanism), n_k = mech_mechanism_n_rate_constants(mechanism);
    const size_t s = (size_t)mech_mechanism_find_species(mechanism, "S");
    const size_t p = (size_t)mech_mechanism_find_species(mechanism, "P");
    double times[N_TIMES];
    for (int i = 0; i < N_TIMES; i++) times[i] = 100.0 * i / (N_TIMES - 1);
    double *constants = calloc(N_RUNS * n_k, sizeof *constants), *start = calloc(N_RUNS * n_species, sizeof *start);
    double *y = calloc(N_RUNS * N_TIMES * n_species, sizeof *y); /* [N_RUNS][N_TIMES][n_species] */
    mech_status status = MECH_OUT_OF_MEMORY;
    if (constants && start && y) {
        for (size_t run = 0; run < N_RUNS; run++) {
            for (size_t i = 0; i < n_k; i++) constants[run * n_k + i] = k[i];
            mech_mechanism_start(mechanism, 1, 0, loadings[run], start + run * n_species);
        }
        const mech_problems problems = {.n_problems = N_RUNS,
                                        .k = constants,
                                        .start = start,
                                        .times = times,
                                        .n_times = N_TIMES,
                                        .times_shared = true};
        status = mech_simulate(mechanism, NULL, &problems, y, NULL, error);
    }
    for (size_t run = 0; status == MECH_OK && run < N_RUNS; run++)
        for (size_t i = 0; i < N_TIMES; i++) {
            const double *concentrations = y + (run * N_TIMES + i) * n_species;
            float *at = x2 + i * COLUMNS + 3 * run;
            at[0] = (float)(times[i] / 100); /* scaled: the longest run ends at 1 */
            at[1] = (float)concentrations[s];
            at[2] = (float)concentrations[p];
        }
    free(constants);
    free(start);
    free(y);
    return status;
}

/* Samples of both mechanisms in turn; another seed draws other rate constants. */
static mech_status make_samples(uint64_t seed, mech_samples **samples, mech_error *error) {
    const mech_mechanism *const mechanisms[N_LABELS] = {mech_builtin_find("M1"), mech_builtin_find("M9")};
    mech_thetas_options options = mech_thetas_options_default();
    options.mechanisms = mechanisms;
    options.n_mechanisms = N_LABELS;
    options.n_thetas = N_EACH;
    options.seed = seed;
    mech_thetas *thetas = NULL;
    mech_status status = mech_thetas_draw(&options, NULL, &thetas, error);
    if (status == MECH_OK)
        status = mech_samples_create(MECH_DESIGN_NATURE, N_SAMPLES, N_TIMES, N_LABELS, samples, error);
    for (size_t i = 0; i < N_SAMPLES && status == MECH_OK; i++) {
        const size_t label = i % N_LABELS, n_k = mech_mechanism_n_rate_constants(mechanisms[label]);
        const double *k = mech_thetas_rate_constants(thetas, label) + i / N_LABELS * n_k;
        (*samples)->y[i] = (uint8_t)label;
        for (size_t run = 0; run < N_RUNS; run++) (*samples)->x1[i * N_RUNS + run] = (float)loadings[run];
        status = measure(mechanisms[label], k, (*samples)->x2 + i * N_TIMES * COLUMNS, error);
    }
    mech_thetas_free(thetas);
    return status;
}

/* How often the network is right on samples that it has not seen. A predictor is made once and used again. */
static mech_status judge(const mech_model *model, const mech_samples *samples, mech_error *error) {
    mech_predictor *predictor = NULL;
    float probabilities[N_LABELS];
    size_t right = 0;
    mech_status status = mech_predictor_new(model, MECH_PRECISION_FLOAT64, 1, &predictor, error);
    for (size_t i = 0; i < samples->n && status == MECH_OK; i++) {
        status = mech_predictor_predict(predictor, 1, N_TIMES, samples->x1 + i * N_RUNS,
                                        samples->x2 + i * N_TIMES * COLUMNS, probabilities, error);
        right += (probabilities[1] > probabilities[0]) == (samples->y[i] == 1);
    }
    if (status == MECH_OK) printf("right on %zu of %zu samples\n", right, samples->n);
    mech_predictor_free(predictor);
    return status;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fputs("Usage: train_memory MODEL.safetensors\n", stderr);
        return EXIT_FAILURE;
    }
    mech_samples *train = NULL, *held_out = NULL;
    mech_model *model = NULL;
    mech_error error = {MECH_OUT_OF_MEMORY, "out of memory"};
    static const size_t points[] = {N_TIMES - 1};
    static const double noise[] = {0};
    mech_train_options options = mech_train_options_default();
    options.network = "hadamard";
    options.hidden = 16;
    options.batch = 32;
    options.epochs = 30;
    options.learning_rate = 0.005;
    options.points = points; /* all times, without noise */
    options.n_points = 1;
    options.noise = noise;
    options.n_noise = 1;
    mech_status status = make_samples(1, &train, &error);
    if (status == MECH_OK) status = make_samples(2, &held_out, &error);
    if (status == MECH_OK) status = mech_train_samples(&options, train, held_out, "M1,M9", argv[1], NULL, &error);
    if (status == MECH_OK) status = mech_model_read(argv[1], &model, &error);
    if (status == MECH_OK) status = judge(model, held_out, &error);
    if (status != MECH_OK) fprintf(stderr, "%s: %s\n", mech_status_name(status), error.message);
    mech_model_free(model);
    mech_samples_free(train);
    mech_samples_free(held_out);
    return status == MECH_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
