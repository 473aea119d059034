/* What others published, to stand beside what a study finds. Their samples are others than ours. */
#ifndef MECH_STUDY_PAGE_PUBLISHED_H
#define MECH_STUDY_PAGE_PUBLISHED_H

#include "mechanist.h"

#include <stddef.h>

/* The columns of a table of results. */
typedef enum result_column {
    COLUMN_TOP1,
    COLUMN_TOP3,
    COLUMN_CROSS_ENTROPY,
    COLUMN_ENTROPY_MEAN,
    COLUMN_ENTROPY_MEDIAN,
    COLUMN_ENTROPY_SD,
    COLUMN_SIZE_1, /* share of 95 % credible sets of one mechanism */
    COLUMN_SIZE_2,
    COLUMN_SIZE_3,
    COLUMN_SIZE_4,
    COLUMN_SIZE_5,
    COLUMN_SIZE_6, /* or more */
    COLUMN_COVERAGE_95,
    COLUMN_COVERAGE_99,
    COLUMN_MEAN_SIZE_99,
    N_RESULT_COLUMNS
} result_column;

/* A row as published: shares in %. */
typedef struct published_result {
    const char *who;
    size_t points; /* after t = 0 */
    double noise;  /* in % of [S]0 */
    mech_sample_design protocol;
    unsigned known; /* bit 1u << column: whether it was published */
    double values[N_RESULT_COLUMNS];
} published_result;

/* A network as published. */
typedef struct published_network {
    const char *who;
    size_t parameters;
    double best_validation; /* top-1 in % */
} published_network;

enum { N_PUBLISHED_RESULTS = 11, N_PUBLISHED_NETWORKS = 4 };
extern const published_result mech_published_results[N_PUBLISHED_RESULTS];
extern const published_network mech_published_networks[N_PUBLISHED_NETWORKS];

/* Where they stand, as sentences. */
enum { N_SOURCES = 3 };
extern const char *const mech_published_sources[N_SOURCES];

#endif
