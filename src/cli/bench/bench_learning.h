/* The figures of `bench train` and `bench infer`. */
#ifndef MECH_CLI_BENCH_BENCH_LEARNING_H
#define MECH_CLI_BENCH_BENCH_LEARNING_H

#include <stdbool.h>
#include <stddef.h>

enum {
    N_LENGTHS = 3,         /* lengths measured: 7, 10 and 21 time steps */
    ROOFLINE_LENGTH = 1,   /* which of them the roofline looks at */
    MOST_BENCH_THREADS = 2 /* one thread is measured and two */
};

extern const size_t bench_lengths[N_LENGTHS];

/* Speeds are in samples a second of whole batches, of one thread by processor time, of two by the clock on the wall.
 * First index: threads - 1. NaN: no PyTorch. */
typedef struct network_figures {
    const char *network;
    double mechanist[MOST_BENCH_THREADS][N_LENGTHS], torch[MOST_BENCH_THREADS][N_LENGTHS];
    double speedup[N_LENGTHS];          /* of the second thread, by the clock on the wall */
    double lstm_operations[N_LENGTHS];  /* multiplications and additions in the products, of one sample */
    double dense_operations[N_LENGTHS]; /* the same of the dense layers */
    double update_s[N_LENGTHS];         /* of training on one thread: what the optimiser takes a batch */
    double latency_s, torch_latency_s;  /* of prediction: one sample, bench_lengths[0] steps, one thread */
} network_figures;

typedef struct learning_figures {
    bool training; /* else prediction */
    size_t batch;
    int repeats;
    double peak[MOST_BENCH_THREADS]; /* operations a second of one core, and of two at once */
    size_t n_networks;
    network_figures *networks; /* [n_networks] */
} learning_figures;

void print_learning_text(const learning_figures *f);

/* Returns the exit status. */
int print_learning_json(const learning_figures *f);

#endif
