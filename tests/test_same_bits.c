/* Networks of four runs answer what they did before experiments were run sets. tests/version-0.1.0/ holds 20 samples of
 * each design and shipped/MODEL.npy, the probabilities that the shipped networks gave to them in version 0.1.0.
 *
 * Networks compute in float64 and say their probabilities in float32. Instruction sets differ in the last bits of
 * float64, by some 1e-15 of a probability, so that one of these numbers in some million would round to another float32.
 * None of these 4,000 does: they are the same bits with each instruction set that this processor has. */
#include "base/error.h"
#include "base/files/file.h"
#include "base/machine/processor.h"
#include "base/memory.h"
#include "experiment/view/conventions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER SOURCE_DIR "/tests/version-0.1.0/"

enum { N = 20, N_LABELS = 20 };

static const struct {
    const char *design, *networks[6];
} shipped[] = {{"fixed-window", {"attention", "average", "gate", "hadamard", "kinetic"}},
               {"nature", {"comparative", "experts", "hadamard", "kinetic", "nature"}}};

static mech_samples *read_samples(const char *design) {
    char path[sizeof FOLDER + 40];
    mech_samples *samples = NULL;
    mech_error error;
    snprintf(path, sizeof path, FOLDER "%s.h5", design);
    if (mech_samples_read(path, "test", &samples, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(samples->n, N);
    return samples;
}

/* The probabilities of version 0.1.0: the numbers of a NumPy file are its end. */
static void read_expected(const char *network, const char *design, float *expected) {
    char path[sizeof FOLDER + 80], *bytes = NULL;
    size_t length = 0;
    mech_error error;
    snprintf(path, sizeof path, FOLDER "shipped/%s-%s.npy", network, design);
    if (mech_file_read(path, 1 << 16, &bytes, &length, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_true(length > N * N_LABELS * sizeof *expected);
    memcpy(expected, bytes + length - N * N_LABELS * sizeof *expected, N * N_LABELS * sizeof *expected);
    mech_free(bytes);
}

static void assert_same_bits(const char *network, const char *design, const mech_samples *samples) {
    char path[sizeof SOURCE_DIR + 80];
    float expected[N * N_LABELS], p[N * N_LABELS];
    mech_model *model = NULL;
    mech_error error;
    snprintf(path, sizeof path, SOURCE_DIR "/models/%s-%s.safetensors", network, design);
    if (mech_model_read(path, &model, &error) != MECH_OK) fail_msg("%s", error.message);
    read_expected(network, design, expected);
    for (int threads = 1; threads <= 2; threads++) {
        if (mech_model_predict(model, N, samples->n_times, samples->x1, samples->x2, threads, p, &error) != MECH_OK)
            fail_msg("%s", error.message);
        for (size_t i = 0; i < N * N_LABELS; i++)
            if (memcmp(&p[i], &expected[i], sizeof *p) != 0)
                fail_msg("%s-%s with %s: sample %zu, label %zu: %.9g, not %.9g", network, design,
                         mech_instruction_set_name(mech_processor_lanes()), i / N_LABELS, i % N_LABELS, (double)p[i],
                         (double)expected[i]);
    }
    mech_model_free(model);
}

static void shipped_networks_say_the_same_bits(void **state) {
    (void)state;
    for (size_t d = 0; d < 2; d++) {
        mech_samples *samples = read_samples(shipped[d].design);
        for (int set = 0; set < N_INSTRUCTION_SETS; set++) {
            if (!mech_processor_has((instruction_set)set)) continue;
            assert_int_equal(setenv("MECHANIST_LANES", mech_instruction_set_name((instruction_set)set), 1), 0);
            for (size_t i = 0; shipped[d].networks[i]; i++)
                assert_same_bits(shipped[d].networks[i], shipped[d].design, samples);
        }
        unsetenv("MECHANIST_LANES");
        mech_samples_free(samples);
    }
}

/* A sample as a run set of four runs. */
static mech_run_set *runs_of(const mech_samples *samples, size_t i) {
    double columns[3][MOST_POINTS + 1];
    mech_run_set *set = NULL;
    mech_error error;
    assert_true(samples->n_times <= MOST_POINTS + 1);
    assert_int_equal(mech_run_set_new(NULL, NULL, &set, NULL), MECH_OK);
    for (size_t r = 0; r < MODEL_RUNS; r++) {
        for (size_t t = 0; t < samples->n_times; t++)
            for (size_t c = 0; c < 3; c++)
                columns[c][t] = (double)samples->x2[(i * samples->n_times + t) * MODEL_COLUMNS + 3 * r + c];
        const char *const names[] = {"1", "2", "3", "4"};
        const mech_run run = {.size = sizeof run,
                              .name = names[r],
                              .n_readings = samples->n_times,
                              .time = columns[0],
                              .substrate = columns[1],
                              .product = columns[2],
                              .s0 = columns[1][0],
                              .p0 = columns[2][0],
                              .cat0 = (double)samples->x1[i * MODEL_RUNS + r]};
        if (mech_run_set_add(set, &run, &error) != MECH_OK) fail_msg("%s", error.message);
    }
    return set;
}

/* What a network of four runs sees of a run set of that shape is the sample, bit for bit. In design nature the adapter
 * leaves out what follows on the end of a reaction, and another number of points means other times. */
static void the_adapter_gives_back_the_sample(void **state) {
    (void)state;
    for (size_t d = 0; d < 2; d++) {
        mech_samples *samples = read_samples(shipped[d].design);
        size_t n_whole = 0;
        for (size_t i = 0; i < N; i++) {
            mech_run_set *runs = runs_of(samples, i);
            mech_experiment *experiment = NULL;
            model_view view;
            mech_error error;
            if (mech_experiment_of_runs(runs, "sample", &experiment, &error) != MECH_OK ||
                mech_view_experiment(experiment, samples->design, &view, &error) != MECH_OK)
                fail_msg("%s", error.message);
            if (view.n_points + 1 == samples->n_times) {
                n_whole++;
                assert_memory_equal(view.x1, samples->x1 + i * MODEL_RUNS, sizeof view.x1);
                assert_memory_equal(view.x2, samples->x2 + i * samples->n_times * MODEL_COLUMNS,
                                    samples->n_times * MODEL_COLUMNS * sizeof(float));
            }
            mech_model_view_free(&view);
            mech_experiment_free(experiment);
            mech_run_set_free(runs);
        }
        assert_true(samples->design == MECH_DESIGN_NATURE ? n_whole > N / 2 : n_whole == N);
        mech_samples_free(samples);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_networks_say_the_same_bits),
        cmocka_unit_test(the_adapter_gives_back_the_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
