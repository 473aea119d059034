/* A judgement of a model in the forms in which evaluate gives it. */
#ifndef MECH_CLI_EVALUATE_EVALUATION_H
#define MECH_CLI_EVALUATE_EVALUATION_H

#include "cli/evaluate/predictions.h"

#include "base/files/text.h"

/* The experiments that have something in common, judged by themselves. */
typedef struct slice {
    const char *kind; /* "runs" */
    char words[32];   /* "4" */
    mech_metrics *metrics;
} slice;

enum { MOST_SLICES = 48 };

typedef struct slices {
    size_t n;
    slice of[MOST_SLICES];
} slices;

/* slices.c: by number of runs, species, noise and loading errors, and whether a run was watched beyond its end, as far
 * as the experiments tell; none of samples. The caller frees what *s holds with slices_free(), in any case. */
mech_status find_slices(const predictions *p, const mech_evaluate_options *options, slices *s, mech_error *error);
void slices_free(slices *s);

typedef struct evaluation {
    const prediction_request *request;
    const predictions *p;
    const mech_metrics *metrics;
    const mech_metrics *lower, *upper; /* ends of the intervals; NULL: none */
    size_t resamples;
    const slices *slices;        /* NULL: none */
    const char *rival;           /* path of the model that it is compared with; NULL: none */
    const mech_mcnemar *mcnemar; /* how they compare; NULL: no rival */
} evaluation;

/* evaluation_text.c: for a reader at a terminal. */
void print_evaluation_text(const evaluation *e);

/* evaluation_json.c: one object on one line. */
mech_status write_evaluation_json(text *t, const evaluation *e, mech_error *error);

/* evaluation_grid.c: the model judged at each number of points with each noise, as one table. */
typedef enum grid_format { GRID_TEXT, GRID_CSV, GRID_JSON } grid_format;

/* The grid that is judged where no other is named: points after t = 0, and noise in % of [S]0. */
enum { N_GRID_POINTS = 8, N_GRID_NOISE = 5 };
extern const double grid_points[N_GRID_POINTS], grid_noise[N_GRID_NOISE];

typedef struct grid_request {
    prediction_request request; /* its points and noise are those of the cells */
    mech_evaluate_options options;
    size_t n_points, n_noise;
    const double *points; /* [n_points]: whole numbers, 0: all that the data have */
    const double *noise;  /* [n_noise], in % of [S]0 */
    grid_format format;
    const char *output;            /* NULL: standard output */
    const mech_progress *progress; /* NULL: none; hears of each cell */
} grid_request;

mech_status evaluate_grid(const grid_request *request, mech_error *error);

#endif
