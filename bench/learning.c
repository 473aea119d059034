/* Speed of the engine: samples a second in training (forward, backward) and inference, by network, time steps and
 * threads. The share of the peak counts the products of the two LSTM layers only, forward and backward.
 *
 * Usage: learning [NETWORK...]   (default all networks) */
#include "base/clock.h"
#include "base/memory.h"
#include "base/processor.h"
#include "base/random.h"
#include "learn/engine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 2048, STATIC_WIDTH = 4, SERIES_WIDTH = 12, CLASSES = 20, MOST_TIMES = 21, REPEATS = 8, N_STEPS = 3 };

static const size_t steps[N_STEPS] = {7, 10, 21};

typedef struct setting {
    graph g;
    float *parameters, *gradient, *x1, *x2, *probabilities;
    uint8_t y[BATCH];
} setting;

static bool setting_new(setting *s, const char *network, mech_error *error) {
    const graph_shape shape = {.static_width = STATIC_WIDTH, .series_width = SERIES_WIDTH, .n_classes = CLASSES};
    if (graph_build(network, &shape, &s->g, error) != MECH_OK) return false;
    s->parameters = allocate_array(s->g.n_parameters, sizeof(float));
    s->gradient = allocate_array(s->g.n_parameters, sizeof(float));
    s->x1 = allocate_array((size_t)BATCH * STATIC_WIDTH, sizeof(float));
    s->x2 = allocate_array((size_t)BATCH * MOST_TIMES * SERIES_WIDTH, sizeof(float));
    s->probabilities = allocate_array((size_t)BATCH * CLASSES, sizeof(float));
    if (!s->parameters || !s->gradient || !s->x1 || !s->x2 || !s->probabilities) {
        *error = (mech_error){MECH_OUT_OF_MEMORY, "out of memory"};
        return false;
    }
    random_stream r = random_open(1, RANDOM_TEST, 0, 0);
    graph_initialise(&s->g, 1, s->parameters);
    for (size_t i = 0; i < (size_t)BATCH * STATIC_WIDTH; i++) s->x1[i] = (float)random_uniform(&r);
    for (size_t i = 0; i < (size_t)BATCH * MOST_TIMES * SERIES_WIDTH; i++) s->x2[i] = (float)random_uniform(&r);
    for (size_t i = 0; i < BATCH; i++) s->y[i] = (uint8_t)random_below(&r, CLASSES);
    return true;
}

static void setting_free(setting *s) {
    release_array(s->parameters);
    release_array(s->gradient);
    release_array(s->x1);
    release_array(s->x2);
    release_array(s->probabilities);
}

/* Multiplications and additions of the LSTM layers' products for one sample, forward. */
static double lstm_operations(const graph *g, size_t n_times) {
    double sum = 0;
    for (int i = 0; i < g->n_nodes; i++) {
        const graph_node *n = &g->nodes[i];
        if (n->kind != NODE_LSTM) continue;
        sum += 8.0 * (double)(n_times * n->width) * (double)(g->nodes[n->inputs[0]].width + n->width);
    }
    return sum;
}

/* Seconds of the fastest of some passes over the batch. */
static double time_pass(engine *e, setting *s, size_t n, size_t n_times, bool training, mech_error *error) {
    double best = INFINITY;
    for (int i = 0; i < REPEATS; i++) {
        engine_loss loss;
        const double from = clock_s();
        const mech_status status =
            training ? engine_gradient(e, s->parameters, n, n_times, s->x1, s->x2, s->y, 0, s->gradient, &loss, error)
                     : engine_predict(e, s->parameters, n, n_times, s->x1, s->x2, s->probabilities, error);
        if (status != MECH_OK) return NAN;
        best = fmin(best, clock_s() - from);
    }
    return best;
}

/* PyTorch's samples a second for each of `steps`, NAN where it is not to be had. */
static void measure_torch(const char *network, int threads, double training[N_STEPS], double inference[N_STEPS]) {
    static const char *const pythons[] = {"python3", "/usr/bin/python3"};
    for (size_t i = 0; i < N_STEPS; i++) training[i] = inference[i] = NAN;
    for (size_t i = 0; i < sizeof pythons / sizeof pythons[0] && isnan(training[0]); i++) {
        char command[1024];
        snprintf(command, sizeof command, "%s %s/bench/torch_speed.py %s %d %zu %zu %zu 2>/dev/null", pythons[i],
                 SOURCE_DIR, network, threads, steps[0], steps[1], steps[2]);
        FILE *answer = popen(command, "r");
        if (!answer) return;
        for (size_t j = 0; j < N_STEPS; j++)
            if (fscanf(answer, "%lf %lf", &training[j], &inference[j]) != 2) training[j] = inference[j] = NAN;
        pclose(answer);
    }
}

static bool measure(const char *network, mech_error *error) {
    setting s = {0};
    bool well = setting_new(&s, network, error);
    for (int threads = 1; threads <= 2 && well; threads++) {
        double torch_training[N_STEPS], torch_inference[N_STEPS];
        engine *e;
        well = engine_new(&s.g, threads, &e, error) == MECH_OK;
        if (!well) break;
        measure_torch(network, threads, torch_training, torch_inference);
        for (size_t i = 0; i < N_STEPS; i++) {
            const double training = BATCH / time_pass(e, &s, BATCH, steps[i], true, error);
            const double inference = BATCH / time_pass(e, &s, BATCH, steps[i], false, error);
            const double rate = 3 * lstm_operations(&s.g, steps[i]) * training;
            printf("%-10s %5zu %7d | %8.0f %8.0f %6.1f | %8.0f %8.0f %6.1f | %7.1f %6.1f %%\n", network, steps[i],
                   threads, training, torch_training[i], training / torch_training[i], inference, torch_inference[i],
                   inference / torch_inference[i], rate * 1e-9, 100 * rate / (engine_peak(e) * threads));
            fflush(stdout);
        }
        if (threads == 1)
            printf("%-10s one sample, 7 steps: %.0f us\n", network, 1e6 * time_pass(e, &s, 1, 7, false, error));
        engine_free(e);
    }
    setting_free(&s);
    return well;
}

int main(int argc, char **argv) {
    mech_error error;
    printf("batch %d, instruction set %s; samples a second\n\n", BATCH, instruction_set_name(processor_lanes()));
    printf("%-10s %5s %7s | %8s %8s %6s | %8s %8s %6s | %7s %8s\n", "network", "steps", "threads", "training",
           "PyTorch", "ratio", "infer", "PyTorch", "ratio", "GFLOP/s", "of peak");
    for (size_t i = 0; argc > 1 ? i + 1 < (size_t)argc : graph_network_name(i) != NULL; i++)
        if (!measure(argc > 1 ? argv[i + 1] : graph_network_name(i), &error)) {
            fprintf(stderr, "learning: %s\n", error.message);
            return 1;
        }
    return 0;
}
