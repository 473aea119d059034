/* Probabilities of many run sets. */
#include "fit/fits.h"

#include "base/error.h"
#include "base/interface.h"

#include <stdlib.h>

/* Run sets of each thread between two reports of progress. */
enum { SETS_A_MEMBER = 2 };

/* The work of a team: one run set a piece, each fitted by one thread. */
typedef struct sets_work {
    const mech_run_set *const *sets;
    const mech_fit_options *options;
    size_t first;   /* piece of this share */
    rank_share own; /* of these, the pieces that this rank fits */
    float *probabilities;
    mech_status *status; /* [of this share] */
    mech_error *error;   /* [of this share] */
} sets_work;

static size_t n_mechanisms(const mech_fit_options *o) { return o->mechanisms ? o->n_mechanisms : mech_builtin_count(); }

static void fit_piece(void *context, size_t own, int member) {
    (void)member;
    const sets_work *work = context;
    const size_t piece = work->own.begin + own, n = n_mechanisms(work->options);
    fit_result *r = NULL;
    team *alone = mech_team_new(1);
    work->status[piece] =
        alone ? mech_fit_weigh(work->sets[work->first + piece], work->options, alone, NULL, &r, &work->error[piece])
              : mech_fail_memory(&work->error[piece]);
    for (size_t i = 0; i < n && r; i++)
        work->probabilities[(work->first + piece) * n + i] = (float)r->cases[i].fit.probability;
    mech_team_free(alone);
    if (r) mech_fits_free(&r->fits);
}

static mech_status fit_share(sets_work *work, team *t, size_t count, mech_error *error) {
    ranks *others = mech_team_ranks(t);
    const size_t row = n_mechanisms(work->options);
    work->own = mech_rank_share(others, count);
    mech_team_share(t, work->own.end - work->own.begin, fit_piece, work);
    mech_ranks_gather(others, count, row * sizeof *work->probabilities, work->probabilities + work->first * row);
    mech_ranks_gather(others, count, sizeof *work->status, work->status);
    mech_ranks_gather(others, count, sizeof *work->error, work->error);
    for (size_t i = 0; i < count; i++)
        if (work->status[i] != MECH_OK)
            return mech_fail(error, work->status[i], "run set %zu: %s", work->first + i, work->error[i].message);
    return MECH_OK;
}

/* The probabilities are written through a context, which clang-tidy does not see. */
mech_status mech_fit_run_sets(size_t n, const mech_run_set *const *sets, const mech_fit_options *chosen,
                              /* NOLINTNEXTLINE(readability-non-const-parameter) */
                              const mech_progress *progress, float *probabilities, mech_error *error) {
    mech_fit_options options = mech_fit_options_default();
    mech_status status = mech_take_options(&options, sizeof options, chosen, "mech_fit_options", error);
    if (status != MECH_OK) return status;
    if (options.composed)
        return mech_fail(
            error, MECH_INVALID_ARGUMENT,
            "a search among compositions finds other mechanisms for each run set; expected a list of them");
    team *t = mech_team_new(options.threads);
    if (!t) return mech_fail_memory(error);
    mech_team_join_ranks(t);
    size_t together = SETS_A_MEMBER * (size_t)mech_team_size(t) * (size_t)mech_n_ranks();
    mech_ranks_tell(mech_team_ranks(t), &together, sizeof together);
    sets_work work = {.sets = sets,
                      .options = &options,
                      .probabilities = probabilities,
                      .status = calloc(together, sizeof *work.status),
                      .error = calloc(together, sizeof *work.error)};
    if (!work.status || !work.error) status = mech_fail_memory(error);
    for (; work.first < n && status == MECH_OK; work.first += together) {
        const size_t left = n - work.first, count = left < together ? left : together;
        status = fit_share(&work, t, count, error);
        if (status != MECH_OK || !progress) continue;
        if (progress->report)
            progress->report(progress->context, "fitting", (double)(work.first + count), (double)n, "");
        if (progress->should_stop && progress->should_stop(progress->context))
            status = mech_fail(error, MECH_STOPPED, "stopped after %zu of %zu run sets", work.first + count, n);
    }
    free(work.status);
    free(work.error);
    mech_team_free(t);
    return status;
}
