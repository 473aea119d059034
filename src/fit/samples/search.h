/* The rate constants of one mechanism that fit one sample best: descents from several starts. */
#ifndef MECH_FIT_SAMPLES_SEARCH_H
#define MECH_FIT_SAMPLES_SEARCH_H

#include "fit/samples/descent.h"

typedef struct fit_search_options {
    size_t n_starts;     /* descents, from the thetas whose curves come closest */
    size_t n_iterations; /* of each, at most */
} fit_search_options;

/* What one thread works in. NULL where memory is short. */
typedef struct search_memory search_memory;
search_memory *mech_search_memory_new(size_t most_times, size_t most_thetas);
void mech_search_memory_free(search_memory *w);

/* For mech_fit_judge(), between searches. */
descent_memory *mech_search_descent_memory(search_memory *w);

mech_status mech_fit_search(const fit_belief *b, const fit_target *t, const fit_search_options *options,
                            search_memory *w, fit_point *found, mech_error *error);

#endif
