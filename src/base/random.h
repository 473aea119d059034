/* Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2,
 * 3", SC11, doi 10.1145/2063384.2063405). A number is a pure function of (seed, stream, position), so that any thread
 * can make any part of any stream, and what was drawn never depends on the number of threads. */
#ifndef MECH_BASE_RANDOM_H
#define MECH_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* A position in one stream. A plain value: copy it to go back. */
typedef struct random_stream {
    uint32_t key[2];     /* the seed */
    uint64_t stream;     /* upper half of the counter */
    uint64_t block;      /* lower half of the counter: the next block of four numbers */
    uint32_t numbers[4]; /* the current block */
    unsigned used;       /* of the current block */
} random_stream;

/* Where the streams of one seed are used; part of the stream's number, so that no two uses ever share one. */
typedef enum random_use {
    RANDOM_THETA = 1,
    RANDOM_CONDITIONS,
    RANDOM_TIMES,
    RANDOM_WEIGHTS,
    RANDOM_SHUFFLE,
    RANDOM_AUGMENTATION,
    RANDOM_THINNING,
    RANDOM_TEST,
    RANDOM_LOADINGS,
    RANDOM_GROUP,
    RANDOM_BOOTSTRAP,
    RANDOM_SUBSET,
    RANDOM_SHAPE,
    RANDOM_READINGS,
    RANDOM_ANSWER,
    RANDOM_TEMPORARY,
    RANDOM_FIT
} random_use;

/* The stream of (seed, use, a, b): use < 2^8, a < 2^16, b < 2^40. */
random_stream mech_random_open(uint64_t seed, random_use use, uint64_t a, uint64_t b);

uint32_t mech_random_bits(random_stream *r);

/* Uniform on [0, 1), with 53 random bits. */
double mech_random_uniform(random_stream *r);

/* Uniform on {0, ..., n - 1} without bias (Lemire 2019, doi 10.1145/3230636); n >= 1. */
uint32_t mech_random_below(random_stream *r, uint32_t n);

/* Standard normal (Box & Muller 1958). */
double mech_random_normal(random_stream *r);

/* Two independent standard normals from 32 random bits each, in single precision: several times as fast. No number is
 * further from 0 than 6.8, which one in 10^11 would be. */
void mech_random_normal_pair(random_stream *r, float normals[2]);

/* A uniformly random permutation of 0, ..., n - 1 (Fisher & Yates). */
void mech_random_permutation(random_stream *r, uint32_t n, uint32_t *permutation);

/* The ten rounds of Philox on counter[4] with key[2]; for tests against the authors' known answers. */
void mech_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t numbers[4]);

#endif
