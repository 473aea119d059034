/* What a line of a design says: a distribution of a number, or of one of a few words. */
#ifndef MECH_DATA_DESIGN_DISTRIBUTION_H
#define MECH_DATA_DESIGN_DISTRIBUTION_H

#include "base/random.h"

#include <stddef.h>

/* One of several things that may come. */
typedef enum choice_kind {
    CHOICE_NUMBER,      /* low */
    CHOICE_UNIFORM,     /* on [low, high) */
    CHOICE_LOG_UNIFORM, /* its logarithm uniform */
    CHOICE_REST,        /* what is missing to the standard [S]0: 1 - [S]0 of the run */
    CHOICE_AS_WRITTEN,  /* as the mechanism says */
    CHOICE_END,         /* of the simulated time */
    CHOICE_EVEN,        /* times: equal steps */
    CHOICE_RANDOM,      /* times: uniform draws */
    CHOICE_GEOMETRIC,   /* times: equal ratios, the first at the share `low` of the run */
    CHOICE_DENSE,       /* times: powers `low` of equal steps */
    CHOICE_GRID,        /* times: drawn from `low` uniform ones without repeats, the first and the last included */
    CHOICE_BOTH,        /* species: S and P */
    CHOICE_SUBSTRATE,   /* species: S */
    CHOICE_PRODUCT      /* species: P */
} choice_kind;

typedef struct choice {
    double share; /* its probability */
    choice_kind kind;
    double low, high;
} choice;

/* Choices whose shares make 1. */
typedef struct distribution {
    size_t n;
    const choice *choices; /* [n], 1 or more */
} distribution;

/* One of the choices. Takes a random number only where there are several. */
const choice *mech_distribution_choose(const distribution *d, random_stream *r);

/* A number by a choice that is a number, uniform or log-uniform. */
double mech_choice_number(const choice *c, random_stream *r);

/* Both at once. */
double mech_distribution_number(const distribution *d, random_stream *r);

/* The ends of what numbers can come. */
void mech_distribution_range(const distribution *d, double *low, double *high);

#endif
