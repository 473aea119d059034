/* PyTorch as a peer of the engine. */
#ifndef MECH_CLI_BENCH_PEERS_TORCH_H
#define MECH_CLI_BENCH_PEERS_TORCH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct torch_task {
    const json_t *layers; /* of the network, as mech_model_layers() describes them */
    bool training;        /* else prediction */
    size_t batch, n_lengths;
    const size_t *lengths; /* [n_lengths]: time steps */
    int repeats, threads;
} torch_task;

/* Samples a second for each of lengths[n_lengths], the best of some repeats: by processor time with one thread, by the
 * clock on the wall with more. For prediction *latency_s is the time of a single sample of lengths[0] steps. The
 * network is built from the layers, of PyTorch's own layers. NaN where /usr/bin/python3 has no PyTorch. */
void torch_speed(const torch_task *task, double *rates, double *latency_s);

#endif
