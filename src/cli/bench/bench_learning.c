/* bench train and bench infer: samples a second that the engine learns from (forward, backward, Adam) and predicts, in
 * float32, by network, time steps and threads; beside PyTorch, and as a share of the processor's peak. */
#include "cli/bench/bench_learning.h"
#include "cli/bench/bench.h"
#include "cli/bench/peers/torch.h"
#include "cli/options/options.h"

#include "base/error.h"
#include "base/machine/clock.h"
#include "base/memory.h"
#include "base/random.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum {
    STATIC_WIDTH = 4,
    SERIES_WIDTH = 12,
    CLASSES = 20,
    BATCH = 2048,
    QUICK_BATCH = 24, /* so small that no library shares it out among threads */
    REPEATS = 10,     /* the best counts: other work on the machine only ever adds time */
    TORCH_REPEATS = 4,
    LATENCY_REPEATS = 100 /* for each repeat: a sample takes well below a millisecond */
};

static const double RATE = 1e-3;

const size_t bench_lengths[N_LENGTHS] = {7, 10, 21};

/* A network with a batch of random numbers and what a step of training needs. */
typedef struct setting {
    mech_model *model;
    json_t *layers;
    bool training;
    size_t batch;
    float *x1, *x2, *probabilities;
    uint8_t y[BATCH];
    mech_predictor *predictors[MOST_BENCH_THREADS];
    mech_learner *learners[MOST_BENCH_THREADS]; /* of training */
} setting;

static void close_setting(setting *s) {
    for (size_t i = 0; i < MOST_BENCH_THREADS; i++) {
        mech_predictor_free(s->predictors[i]);
        mech_learner_free(s->learners[i]);
    }
    json_decref(s->layers);
    mech_model_free(s->model);
    mech_release_array(s->x1);
    mech_release_array(s->x2);
    mech_release_array(s->probabilities);
}

static mech_status open_setting(setting *s, const char *network, const learning_figures *all, mech_error *error) {
    const size_t n_x1 = all->batch * STATIC_WIDTH;
    const size_t n_x2 = all->batch * bench_lengths[N_LENGTHS - 1] * SERIES_WIDTH;
    *s = (setting){.training = all->training, .batch = all->batch};
    char *layers = NULL;
    mech_status status = mech_model_create(network, 0, CLASSES, 1, &s->model, error);
    if (status == MECH_OK) status = mech_model_layers(s->model, &layers, error);
    if (status != MECH_OK) return status;
    s->layers = json_loads(layers, 0, NULL);
    mech_free(layers);
    s->x1 = mech_allocate_array(n_x1, sizeof *s->x1);
    s->x2 = mech_allocate_array(n_x2, sizeof *s->x2);
    s->probabilities = mech_allocate_array(s->batch * CLASSES, sizeof *s->probabilities);
    if (!s->layers || !s->x1 || !s->x2 || !s->probabilities) return mech_fail_memory(error);
    random_stream r = mech_random_open(1, RANDOM_TEST, 0, 0);
    for (size_t i = 0; i < n_x1; i++) s->x1[i] = (float)(0.01 + 0.09 * mech_random_uniform(&r));
    for (size_t i = 0; i < n_x2; i++) s->x2[i] = (float)mech_random_uniform(&r);
    for (size_t i = 0; i < s->batch; i++) s->y[i] = (uint8_t)mech_random_below(&r, CLASSES);
    for (int i = 0; i < MOST_BENCH_THREADS && status == MECH_OK; i++) {
        status = mech_predictor_new(s->model, MECH_PRECISION_FLOAT32, i + 1, &s->predictors[i], error);
        if (status == MECH_OK && s->training) status = mech_learner_new(s->model, i + 1, &s->learners[i], error);
    }
    return status;
}

/* The fastest of some passes over the batch, in seconds. */
typedef struct best_times {
    double processor, wall; /* the calling thread's time, and that on the wall */
    double update;          /* processor time of the optimiser */
} best_times;

static mech_status time_pass(setting *s, size_t threads, size_t n, size_t n_times, best_times *best,
                             mech_error *error) {
    mech_status status = MECH_OK;
    const double processor = mech_thread_time_s(), wall = mech_clock_s();
    if (s->training) {
        mech_learner *learner = s->learners[threads - 1];
        status = mech_learner_gradient(learner, n, n_times, s->x1, s->x2, s->y, NULL, NULL, error);
        const double from = mech_thread_time_s();
        mech_learner_update(learner, RATE);
        best->update = fmin(best->update, mech_thread_time_s() - from);
    } else {
        status = mech_predictor_predict(s->predictors[threads - 1], n, n_times, s->x1, s->x2, s->probabilities, error);
    }
    best->processor = fmin(best->processor, mech_thread_time_s() - processor);
    best->wall = fmin(best->wall, mech_clock_s() - wall);
    return status;
}

/* Multiplications and additions of one sample, forward, in the products of all nodes of a kind. */
static double operations(const json_t *layers, const char *kind, size_t n_times) {
    double sum = 0;
    size_t i;
    const json_t *layer;
    json_array_foreach(layers, i, layer) {
        if (strcmp(json_string_value(json_object_get(layer, "kind")), kind) != 0) continue;
        const json_int_t first = json_integer_value(json_array_get(json_object_get(layer, "inputs"), 0));
        const json_t *input = json_array_get(layers, (size_t)first);
        const double inputs = (double)json_integer_value(json_object_get(input, "width"));
        const double width = (double)json_integer_value(json_object_get(layer, "width"));
        const double runs = (double)json_integer_value(json_object_get(layer, "runs"));
        const bool each_step = json_is_true(json_object_get(input, "series"));
        sum += 2 * runs * (each_step ? (double)n_times : 1) *
               (strcmp(kind, "lstm") == 0 ? (inputs + width) * 4 : inputs) * width;
    }
    return sum;
}

/* Puts times in their columns that ascend over so many steps: others are refused. */
static void set_times(setting *s, size_t n_times) {
    for (size_t i = 0; i < s->batch * n_times; i++)
        for (size_t run = 0; run < STATIC_WIDTH; run++)
            s->x2[i * SERIES_WIDTH + 3 * run] = (float)(i % n_times) / (float)(n_times - 1);
}

/* One length, on one thread and on two in turns, so that other work on the machine disturbs both. */
static mech_status measure_length(setting *s, size_t length, int repeats, network_figures *f, mech_error *error) {
    const size_t n_times = bench_lengths[length];
    best_times best[MOST_BENCH_THREADS];
    set_times(s, n_times);
    for (size_t i = 0; i < MOST_BENCH_THREADS; i++) best[i] = (best_times){INFINITY, INFINITY, INFINITY};
    for (int repeat = 0; repeat < repeats; repeat++)
        for (size_t i = 0; i < MOST_BENCH_THREADS; i++) {
            const mech_status status = time_pass(s, i + 1, s->batch, n_times, &best[i], error);
            if (status != MECH_OK) return status;
        }
    /* A gradient is twice the work again: by the inputs of a product, and by its kernel. */
    const double passes = s->training ? 3 : 1;
    f->mechanist[0][length] = (double)s->batch / best[0].processor;
    f->mechanist[1][length] = (double)s->batch / best[1].wall;
    f->speedup[length] = best[0].wall / best[1].wall;
    f->update_s[length] = s->training ? best[0].update : 0;
    f->lstm_operations[length] = passes * operations(s->layers, "lstm", n_times);
    f->dense_operations[length] = passes * operations(s->layers, "dense", n_times);
    return MECH_OK;
}

static mech_status measure_latency(setting *s, int repeats, network_figures *f, mech_error *error) {
    best_times best = {INFINITY, INFINITY, INFINITY};
    mech_status status = MECH_OK;
    set_times(s, bench_lengths[0]);
    for (int i = 0; i < LATENCY_REPEATS * repeats && status == MECH_OK; i++)
        status = time_pass(s, 1, 1, bench_lengths[0], &best, error);
    f->latency_s = best.processor;
    return status;
}

/* Goes on unless the user asks to stop. */
static mech_status tell(const mech_progress *progress, size_t done, size_t total, const char *network,
                        mech_error *error) {
    progress->report(progress->context, "measuring", (double)done, (double)total, network);
    return progress->should_stop(progress->context) ? mech_fail(error, MECH_STOPPED, "stopped") : MECH_OK;
}

/* One network; `done` of the `total` parts that progress speaks of are over. */
static mech_status measure_network(learning_figures *all, network_figures *f, bool quick, size_t done, size_t total,
                                   const mech_progress *progress, mech_error *error) {
    setting s;
    mech_status status = open_setting(&s, f->network, all, error);
    for (size_t i = 0; i < N_LENGTHS && status == MECH_OK; i++) {
        for (int thread = 0; thread < MOST_BENCH_THREADS; thread++)
            all->peak[thread] = fmax(all->peak[thread], mech_predictor_peak(s.predictors[thread]));
        status = measure_length(&s, i, all->repeats, f, error);
        if (status == MECH_OK) status = tell(progress, done + i + 1, total, f->network, error);
    }
    if (status == MECH_OK && !all->training) status = measure_latency(&s, all->repeats, f, error);
    for (int threads = 1; threads <= MOST_BENCH_THREADS && status == MECH_OK; threads++) {
        double latency;
        const torch_task task = {.layers = s.layers,
                                 .training = all->training,
                                 .batch = all->batch,
                                 .n_lengths = N_LENGTHS,
                                 .lengths = bench_lengths,
                                 .repeats = quick ? 1 : TORCH_REPEATS,
                                 .threads = threads};
        torch_speed(&task, f->torch[threads - 1], &latency);
        if (threads == 1) f->torch_latency_s = latency;
        status = tell(progress, done + N_LENGTHS + (size_t)threads, total, f->network, error);
    }
    close_setting(&s);
    return status;
}

static int measure_and_print(const bench_options *options, bool training) {
    enum { PARTS = N_LENGTHS + MOST_BENCH_THREADS };
    learning_figures f = {
        .training = training, .batch = options->quick ? QUICK_BATCH : BATCH, .repeats = options->quick ? 1 : REPEATS};
    size_t n = 0;
    while (mech_network_name(n)) n++;
    f.networks = mech_allocate_array(n, sizeof *f.networks);
    mech_error error;
    mech_status status = f.networks ? MECH_OK : mech_fail_memory(&error);
    for (size_t i = 0; i < n && status == MECH_OK; i++)
        if (!options->network || strcmp(options->network, mech_network_name(i)) == 0)
            f.networks[f.n_networks++].network = mech_network_name(i);
    const mech_progress progress = terminal_progress();
    for (size_t i = 0; i < f.n_networks && status == MECH_OK; i++)
        status =
            measure_network(&f, &f.networks[i], options->quick, i * PARTS, f.n_networks * PARTS, &progress, &error);
    terminal_progress_end();
    int result = EXIT_DONE;
    if (status != MECH_OK)
        result = report_error(&error);
    else if (options->json)
        result = print_learning_json(&f);
    else
        print_learning_text(&f);
    mech_release_array(f.networks);
    return result;
}

int bench_train(const bench_options *options) { return measure_and_print(options, true); }

int bench_infer(const bench_options *options) { return measure_and_print(options, false); }
