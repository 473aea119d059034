/* Names the mechanism behind readings that are in memory, and draws them into memory.
 *
 *     ./classify_arrays answer.png
 *
 * The numbers are some readings of the iron-catalysed reaction of iron-cycloisomerization.csv. */
#include <mechanist.h>

#include <stdio.h>
#include <stdlib.h>

enum { N_RUNS = 4, N_READINGS = 8 };

static const double catalyst[N_RUNS] = {0.00225, 0.009, 0.018, 0.00225};
static const double start[N_RUNS] = {0.6, 0.6, 0.6, 0.3};
static const double times[N_RUNS][N_READINGS] = {{0.0, 0.5729, 0.9146, 1.3166, 1.7387, 2.4824, 3.4071, 7.99},
                                                 {0.0, 0.4314, 0.6533, 0.9949, 1.2361, 1.5776, 1.8204, 2.2437},
                                                 {0.0, 0.4925, 0.7338, 1.0754, 1.3167, 1.6583, 1.8995, 2.2413},
                                                 {0.0, 0.4143, 0.6567, 1.0001, 1.2426, 1.5859, 1.9092, 3.4041}};
static const double substrate[N_RUNS][N_READINGS] = {{0.6, 0.5055, 0.4349, 0.3415, 0.2792, 0.1837, 0.1173, 0.0239},
                                                     {0.6, 0.5159, 0.4328, 0.327, 0.2584, 0.1815, 0.1358, 0.0861},
                                                     {0.6, 0.4225, 0.3, 0.1692, 0.1028, 0.0509, 0.0301, 0.0156},
                                                     {0.3, 0.2505, 0.2063, 0.1537, 0.12, 0.0884, 0.0632, 0.0211}};

/* The readings as a run set: what all parts of the library hand on. Everything is copied. */
static mech_status collect(mech_run_set **set, mech_error *error) {
    mech_status status = mech_run_set_new("min", "M", set, error);
    for (int i = 0; i < N_RUNS && status == MECH_OK; i++) {
        char name[8];
        snprintf(name, sizeof name, "%d", i + 1);
        const mech_run run = {.size = sizeof run,
                              .name = name,
                              .n_readings = N_READINGS,
                              .time = times[i],
                              .substrate = substrate[i], /* product stays NULL: it was not measured */
                              .s0 = start[i],
                              .cat0 = catalyst[i]};
        status = mech_run_set_add(*set, &run, error);
    }
    return status;
}

/* Writes what was drawn; a program with a window would show it. */
static int save(const char *path, const char *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    const int written = file && fwrite(bytes, 1, length, file) == length;
    return file && fclose(file) == 0 && written;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fputs("Usage: classify_arrays ANSWER.png\n", stderr);
        return EXIT_FAILURE;
    }
    mech_run_set *set = NULL;
    mech_experiment *experiment = NULL;
    mech_answer *answer = NULL;
    char *picture = NULL;
    size_t length = 0;
    mech_error error;
    mech_status status = collect(&set, &error);
    if (status == MECH_OK) status = mech_experiment_of_runs(set, "iron", &experiment, &error);
    /* No model, no options, nobody to hear of progress: M1 to M20 are fitted. */
    if (status == MECH_OK) status = mech_classify(experiment, NULL, NULL, NULL, &answer, &error);
    if (status == MECH_OK) {
        for (size_t i = 0; i < answer->credible_size; i++)
            printf("%-4s %6.2f %%\n", answer->ranked[i].id, 100 * answer->ranked[i].probability);
        const mech_picture_target target = mech_picture_memory(MECH_PICTURE_PNG, &picture, &length);
        status = mech_draw_experiment(experiment, answer, &target, &error);
    }
    if (status != MECH_OK) fprintf(stderr, "%s: %s\n", mech_status_name(status), error.message);
    const int saved = status == MECH_OK && save(argv[1], picture, length);
    mech_free(picture);
    mech_answer_free(answer);
    mech_experiment_free(experiment);
    mech_run_set_free(set);
    return saved ? EXIT_SUCCESS : EXIT_FAILURE;
}
