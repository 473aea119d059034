/* The rate constants of one fitted mechanism: the distribution of each, and of each two. */
#include "base/error.h"
#include "base/memory.h"
#include "draw/fits/fit_words.h"
#include "draw/samples/sample_figures.h"

#include <stdio.h>

enum { N_DRAWS = 4000 };

/* "k-1 / min^-1" and "k-1 = 0.98 (0.72 to 1.3) min^-1" */
static void set_quantity(const mech_quantity *q, const mech_run_set *runs, setting *name, setting *value) {
    const setting unit = mech_set_unit(q, runs);
    snprintf(name->words, sizeof name->words, "%.30s / %.60s", mech_set_quantity(q->name).words, unit.words);
    snprintf(value->words, sizeof value->words, "%.20s = %.70s", mech_set_quantity(q->name).words,
             mech_set_interval(&q->interval, &unit).words);
}

mech_status mech_draw_fit_constants(const mech_fits *fits, size_t rank, const char *title,
                                    const mech_picture_target *target, mech_error *error) {
    if (rank >= fits->n_mechanisms || !fits->mechanisms[rank].fitted)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no fitted mechanism of rank %zu", rank);
    const mech_mechanism_fit *f = &fits->mechanisms[rank];
    const size_t n = f->n_rate_constants;
    char what[512];
    double *draws = mech_allocate_array(N_DRAWS * n, sizeof *draws);
    setting *names = mech_allocate_array(2 * n, sizeof *names);
    mech_status status = draws && names ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) status = mech_fits_draws(fits, rank, N_DRAWS, draws, error);
    for (size_t j = 0; j < n && status == MECH_OK; j++)
        set_quantity(&f->rate_constants[j], mech_fits_runs(fits), &names[j], &names[n + j]);
    snprintf(what, sizeof what,
             "%.200s. What the readings say of the rate constants: distributions, with the median and the ends of the "
             "95 %% interval as lines, and how each two go together.",
             title);
    const accepted_thetas thetas = {.mechanism = f->mechanism,
                                    .n = N_DRAWS,
                                    .n_k = n,
                                    .k = draws,
                                    .axis = "rate constant, in the units named",
                                    .names = names,
                                    .values = names + n,
                                    .quantities = f->rate_constants};
    if (status == MECH_OK) status = mech_draw_prior_pairs(&thetas, what, target, error);
    mech_release_array(draws);
    mech_release_array(names);
    return status;
}
