#include "fit/samples/search.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Tolerance of the solver where thetas are ranked. */
static const double ROUGH = 1e-4;

/* How a theta's unit of time may differ from the sample's. */
static const double stretches[] = {0.25, 0.35, 0.5, 0.7, 1, 1.4, 2, 2.8, 4};
enum { N_STRETCHES = sizeof stretches / sizeof stretches[0] };

struct search_memory {
    descent_memory *descent;
    double *deviations; /* [most_thetas][N_STRETCHES][n_deviations()] */
    double *distances;  /* [most_thetas][N_STRETCHES] */
};

search_memory *mech_search_memory_new(size_t most_times, size_t most_thetas) {
    search_memory *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->descent = mech_descent_memory_new(most_times);
    w->deviations = mech_allocate_array(most_thetas * N_STRETCHES, N_RUNS * 2 * most_times * sizeof *w->deviations);
    w->distances = mech_allocate_array(most_thetas, N_STRETCHES * sizeof *w->distances);
    if (w->descent && w->deviations && w->distances) return w;
    mech_search_memory_free(w);
    return NULL;
}

void mech_search_memory_free(search_memory *w) {
    if (!w) return;
    mech_descent_memory_free(w->descent);
    mech_release_array(w->deviations);
    mech_release_array(w->distances);
    free(w);
}

descent_memory *mech_search_descent_memory(search_memory *w) { return w->descent; }

/* w->distances[n_thetas][N_STRETCHES]: sums of squares at the thetas. */
static mech_status rank_thetas(const fit_belief *b, const fit_target *t, search_memory *w, mech_error *error) {
    const size_t m = n_deviations(t);
    const mech_status status =
        mech_fit_deviations(&b->p, t, b->n_thetas, b->thetas, N_STRETCHES, stretches, ROUGH, w->deviations, error);
    for (size_t i = 0; i < b->n_thetas * N_STRETCHES && status == MECH_OK; i++) {
        w->distances[i] = 0;
        for (size_t j = 0; j < m; j++) w->distances[i] += w->deviations[i * m + j] * w->deviations[i * m + j];
    }
    return status;
}

/* The closest theta and stretch become x; no other descent will start from that theta. */
static void take_start(const fit_belief *b, search_memory *w, double *x) {
    size_t closest = 0;
    for (size_t i = 1; i < b->n_thetas * N_STRETCHES; i++)
        if (w->distances[i] < w->distances[closest]) closest = i;
    const size_t theta = closest / N_STRETCHES;
    memcpy(x, b->thetas + theta * b->p.n, b->p.n * sizeof *x);
    for (size_t i = 0; i < b->p.n_k; i++) x[i] += log(stretches[closest % N_STRETCHES]);
    for (size_t i = 0; i < N_STRETCHES; i++) w->distances[theta * N_STRETCHES + i] = INFINITY;
}

mech_status mech_fit_search(const fit_belief *b, const fit_target *t, const fit_search_options *options,
                            search_memory *w, fit_point *found, mech_error *error) {
    mech_status status = rank_thetas(b, t, w, error);
    *found = (fit_point){.sum_of_squares = INFINITY};
    for (size_t i = 0; i < options->n_starts && i < b->n_thetas && status == MECH_OK; i++) {
        fit_point one = {.sum_of_squares = INFINITY};
        take_start(b, w, one.x);
        status = mech_fit_descend(b, t, options->n_iterations, w->descent, &one, error);
        if (one.sum_of_squares < found->sum_of_squares) *found = one;
        if (mech_fit_is_exact(t, found->sum_of_squares)) break;
    }
    return status;
}
