/* What `bench train` and `bench infer` print. */
#include "cli/bench/bench.h"
#include "cli/bench/bench_learning.h"

#include "base/machine/processor.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Operations a second in the products of the LSTM layers, which are what is compared with the peak. */
static double lstm_rate(const network_figures *n, size_t thread, size_t length) {
    return n->lstm_operations[length] * n->mechanist[thread][length];
}

static double share_of_peak(const learning_figures *f, const network_figures *n, size_t thread, size_t length) {
    return lstm_rate(n, thread, length) / f->peak[thread];
}

/* How the time of a sample divides on one core: what its products would take at the peak, what the optimiser takes, and
 * the rest, in which products that miss the peak are counted, too. Shares of 1. */
typedef struct roofline {
    double seconds, lstm, dense, update, rest;
} roofline;

static roofline roofline_of(const learning_figures *f, const network_figures *n) {
    const double seconds = 1 / n->mechanist[0][ROOFLINE_LENGTH];
    roofline r = {.seconds = seconds,
                  .lstm = n->lstm_operations[ROOFLINE_LENGTH] / f->peak[0] / seconds,
                  .dense = n->dense_operations[ROOFLINE_LENGTH] / f->peak[0] / seconds,
                  .update = n->update_s[ROOFLINE_LENGTH] / (double)f->batch / seconds};
    r.rest = 1 - r.lstm - r.dense - r.update;
    return r;
}

static bool torch_is_there(const learning_figures *f) {
    for (size_t i = 0; i < f->n_networks; i++)
        if (!isnan(f->networks[i].torch[0][0])) return true;
    return false;
}

/* PyTorch's figure and how many times better this program's is, or that there is none. */
static void print_peer(double torch, double ratio) {
    if (isnan(torch))
        printf(" %9s %6s", "-", "-");
    else
        printf(" %9.0f %6.1f", torch, ratio);
}

static void print_rows(const learning_figures *f) {
    printf("%-10s %5s %7s %10s %9s %6s %8s %8s %11s\n", "network", "steps", "threads", "samples/s", "PyTorch", "ratio",
           "GFLOP/s", "of peak", "two threads");
    for (size_t i = 0; i < f->n_networks; i++)
        for (size_t length = 0; length < N_LENGTHS; length++)
            for (size_t thread = 0; thread < MOST_BENCH_THREADS; thread++) {
                const network_figures *n = &f->networks[i];
                const double rate = n->mechanist[thread][length], torch = n->torch[thread][length];
                printf("%-10s %5zu %7zu %10.0f", n->network, bench_lengths[length], thread + 1, rate);
                print_peer(torch, rate / torch);
                printf(" %8.1f %6.1f %%", 1e-9 * lstm_rate(n, thread, length),
                       100 * share_of_peak(f, n, thread, length));
                if (thread) printf(" %9.2f x", n->speedup[length]);
                putchar('\n');
            }
}

static void print_latencies(const learning_figures *f) {
    printf("\nOne sample of %zu steps on one thread, in microseconds:\n\n", bench_lengths[0]);
    printf("%-10s %10s %9s %6s\n", "network", "mechanist", "PyTorch", "ratio");
    for (size_t i = 0; i < f->n_networks; i++) {
        const network_figures *n = &f->networks[i];
        printf("%-10s %10.0f", n->network, 1e6 * n->latency_s);
        print_peer(1e6 * n->torch_latency_s, n->torch_latency_s / n->latency_s);
        putchar('\n');
    }
}

static void print_rooflines(const learning_figures *f) {
    printf("\nWhere the time of a sample of %zu steps goes on one core: what its products would take at the peak%s,\n"
           "and the rest (cells, sums, copies, and what the products lose to the peak):\n\n",
           bench_lengths[ROOFLINE_LENGTH], f->training ? ", the optimiser" : "");
    printf("%-10s %12s %8s %8s", "network", "microseconds", "LSTM", "dense");
    if (f->training) printf(" %8s", "Adam");
    printf(" %8s\n", "rest");
    for (size_t i = 0; i < f->n_networks; i++) {
        const roofline r = roofline_of(f, &f->networks[i]);
        printf("%-10s %12.2f %6.1f %% %6.1f %%", f->networks[i].network, 1e6 * r.seconds, 100 * r.lstm, 100 * r.dense);
        if (f->training) printf(" %6.1f %%", 100 * r.update);
        printf(" %6.1f %%\n", 100 * r.rest);
    }
}

void print_learning_text(const learning_figures *f) {
    printf("%s in batches of %zu samples, float32, %s; samples a second, best of %d.\n",
           f->training ? "Training (forward, backward, Adam)" : "Prediction", f->batch,
           mech_instruction_set_name(mech_processor_lanes()), f->repeats);
    printf(
        "One thread by processor time, two by the clock on the wall; 'two threads' is how many times as fast they are\n"
        "by that clock, measured in turns. Peak, multiply and add in registers: %.1f GFLOP/s of one core, %.1f of two\n"
        "at once (%.2f x). GFLOP/s and the share of the peak count the products of the LSTM layers.\n",
        1e-9 * f->peak[0], 1e-9 * f->peak[1], f->peak[1] / f->peak[0]);
    if (!torch_is_there(f))
        printf("No PyTorch to compare with: /usr/bin/python3 has no torch (Debian: python3-torch, "
               "libopenblas0-pthread).\n");
    putchar('\n');
    print_rows(f);
    if (!f->training) print_latencies(f);
    print_rooflines(f);
}

static json_t *describe_points(const learning_figures *f) {
    json_t *points = json_array();
    for (size_t i = 0; i < f->n_networks; i++)
        for (size_t length = 0; length < N_LENGTHS; length++)
            for (size_t thread = 0; thread < MOST_BENCH_THREADS; thread++) {
                const network_figures *n = &f->networks[i];
                const double rate = n->mechanist[thread][length], torch = n->torch[thread][length];
                json_t *row = json_pack("{s:s, s:I, s:f, s:o, s:I, s:o, s:f, s:f}", "network", n->network, "points",
                                        (json_int_t)bench_lengths[length], "mechanist", rate, "torch",
                                        number_or_null(torch), "threads", (json_int_t)thread + 1, "ratio",
                                        number_or_null(rate / torch), "gflops", 1e-9 * lstm_rate(n, thread, length),
                                        "share_of_peak", share_of_peak(f, n, thread, length));
                if (thread) json_object_set_new(row, "speedup", json_real(n->speedup[length]));
                json_array_append_new(points, row);
            }
    return points;
}

static json_t *describe_latencies(const learning_figures *f) {
    json_t *latencies = json_array();
    for (size_t i = 0; i < f->n_networks; i++) {
        const network_figures *n = &f->networks[i];
        json_array_append_new(latencies, json_pack("{s:s, s:f, s:o}", "network", n->network, "mechanist", n->latency_s,
                                                   "torch", number_or_null(n->torch_latency_s)));
    }
    return latencies;
}

static json_t *describe_rooflines(const learning_figures *f) {
    json_t *rooflines = json_array();
    for (size_t i = 0; i < f->n_networks; i++) {
        const roofline r = roofline_of(f, &f->networks[i]);
        json_t *row = json_pack("{s:s, s:f, s:f, s:f, s:f}", "network", f->networks[i].network, "seconds", r.seconds,
                                "lstm", r.lstm, "dense", r.dense, "rest", r.rest);
        if (f->training) json_object_set_new(row, "optimiser", json_real(r.update));
        json_array_append_new(rooflines, row);
    }
    return rooflines;
}

int print_learning_json(const learning_figures *f) {
    double fraction = NAN; /* of hadamard, which stands for all */
    for (size_t i = 0; i < f->n_networks; i++)
        if (strcmp(f->networks[i].network, "hadamard") == 0)
            fraction = share_of_peak(f, &f->networks[i], 0, ROOFLINE_LENGTH);
    json_t *object =
        json_pack("{s:o, s:f, s:f, s:o, s:I, s:o}", "points", describe_points(f), "peak_gflops", 1e-9 * f->peak[0],
                  "peak_gflops_two_threads", 1e-9 * f->peak[1], "fraction_of_peak", number_or_null(fraction), "batch",
                  (json_int_t)f->batch, "roofline", describe_rooflines(f));
    if (!f->training) json_object_set_new(object, "latency_s", describe_latencies(f));
    return print_object(object);
}
