/* What is said of the experiment, over all mechanisms: the active catalyst, which parts are there, and whether one of
 * them explains it. */
#include "fit/fits.h"

#include "base/error.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N_TIMES = 33, N_DRAWS = 160 };

/* Nothing is measured better than to this share of [S]0: patterns below it are those of solvers and rounding. */
static const double BELOW_MEASURING = 1e-4;

/* A p value below this is told first. */
static const double FLAGGED = 0.05;

/* All draws of one run: shares[n][N_TIMES]. */
typedef struct share_list {
    size_t n;
    double *shares;
} share_list;

/* Draws of each case by its probability: n[n_cases], together about N_DRAWS. */
static void share_out_draws(const fit_result *r, size_t *n) {
    for (size_t i = 0; i < r->n_cases; i++) n[i] = (size_t)(r->cases[i].fit.probability * N_DRAWS + 0.5);
}

static void set_times(const fit_result *r, size_t run, double *times) {
    for (size_t i = 0; i < N_TIMES; i++) times[i] = r->data.runs[run].length * (double)i / (N_TIMES - 1);
}

/* Shares of all runs in the draws of one case. */
static mech_status add_case(const fit_result *r, const mechanism_case *c, size_t stream, size_t n, uint64_t seed,
                            share_list *lists, mech_error *error) {
    posterior_draws draws = {0};
    mech_status status = mech_posterior_draws_new(&c->evidence, n, seed, stream, &draws, error);
    for (size_t i = 0; i < draws.n && status == MECH_OK; i++)
        for (size_t run = 0; run < r->data.n_runs && status == MECH_OK; run++) {
            double times[N_TIMES];
            bool ok = false;
            share_list *list = &lists[run];
            set_times(r, run, times);
            status = mech_posterior_active(&c->space, draws.x + i * c->space.n, run, N_TIMES, times, FIT_RTOL,
                                           list->shares + list->n * N_TIMES, &ok, error);
            list->n += ok;
        }
    mech_posterior_draws_free(&draws);
    return status;
}

static mech_status summarise(fit_result *r, const share_list *lists, mech_error *error) {
    mech_active_catalyst *active = mech_arena_allocate(r->memory, r->data.n_runs, sizeof *active);
    if (!active) return mech_fail_memory(error);
    mech_status status = MECH_OK;
    for (size_t run = 0; run < r->data.n_runs && status == MECH_OK; run++) {
        double *times = mech_arena_allocate(r->memory, N_TIMES, sizeof *times);
        mech_estimate *shares = mech_arena_allocate(r->memory, N_TIMES, sizeof *shares);
        if (!times || !shares) return mech_fail_memory(error);
        set_times(r, run, times);
        for (size_t i = 0; i < N_TIMES && status == MECH_OK; i++) {
            posterior_interval interval;
            status = mech_posterior_column(lists[run].n, N_TIMES, lists[run].shares, i, &interval, error);
            shares[i] = (mech_estimate){interval.value, interval.low, interval.high};
            times[i] *= r->data.time_unit;
        }
        active[run] = (mech_active_catalyst){r->data.runs[run].run->name, N_TIMES, times, shares};
    }
    r->fits.active = active;
    r->fits.n_runs = r->data.n_runs;
    return status;
}

mech_status mech_fit_active(fit_result *r, uint64_t seed, mech_error *error) {
    size_t total = 0;
    share_list lists[MECH_MOST_RUNS] = {{0}};
    size_t *n = mech_allocate_array(r->n_cases, sizeof *n);
    mech_status status = n ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) share_out_draws(r, n);
    for (size_t i = 0; i < r->n_cases && status == MECH_OK; i++) total += n[i];
    for (size_t run = 0; run < r->data.n_runs && status == MECH_OK; run++)
        if (!(lists[run].shares = mech_allocate_array(total * N_TIMES, sizeof(double))))
            status = mech_fail_memory(error);
    for (size_t i = 0; i < r->n_cases && status == MECH_OK; i++)
        if (n[i]) status = add_case(r, &r->cases[i], i, n[i], seed, lists, error);
    if (status == MECH_OK) status = summarise(r, lists, error);
    for (size_t run = 0; run < r->data.n_runs; run++) mech_release_array(lists[run].shares);
    mech_release_array(n);
    return status;
}

/* How probable a standard normal number is to exceed z. */
static double above(double z) { return 0.5 * erfc(z / sqrt(2)); }

/* What stands behind "none of the mechanisms explains the readings:". */
static mech_status word_doubt(fit_result *r, bool patterned, bool outdone, mech_error *error) {
    enum { LONGEST = 640 };
    char *words = mech_arena_allocate(r->memory, LONGEST, 1);
    if (!words) return mech_fail_memory(error);
    const char *best = mech_mechanism_id(r->cases[r->order[0]].mechanism);
    size_t n = 0;
    if (outdone)
        n = (size_t)snprintf(words, LONGEST,
                             "%.40s (%.300s), which is not among them, explains them better than %.40s, by %.1f of ln "
                             "of the evidence (--composed weighs all of its kind)",
                             r->fits.better->mechanism, r->fits.better->title, best, r->fits.better->log_bayes_factor);
    if (patterned)
        snprintf(words + n, LONGEST - n,
                 "%sneighbouring ones are off to the same side of even the best curves, those of %.40s (p = %.2g)",
                 outdone ? "; " : "", best, r->fits.none_of_these.p_value);
    r->fits.doubt = words;
    return MECH_OK;
}

mech_status mech_fit_check(fit_result *r, double told_noise, mech_error *error) {
    /* The most probable mechanism stands for all: none that comes as close leaves less of a pattern. */
    const mechanism_case *c = &r->cases[r->order[0]];
    const fit_evidence *e = &c->evidence;
    double z = 0;
    const mech_status status = mech_posterior_pattern(&c->space, &c->prior, &e->all_levels->level[c->level], c->best,
                                                      &c->noise, FIT_RTOL, &z, error);
    if (status != MECH_OK) return status;
    r->pattern = z;
    double p = c->fit.deviation < BELOW_MEASURING ? 1 : mech_posterior_pattern_share(z);
    if (!isnan(told_noise) && c->fit.dof > 0) {
        /* Where the noise is known, deviations have a size, too: chi2 by Wilson & Hilferty's cube root (1931). The less
         * likely of the two counts twice (Bonferroni). */
        const double v = 2 / (9 * c->fit.dof);
        p = fmin(1, 2 * fmin(p, above((cbrt(c->fit.chi2 / c->fit.dof) - (1 - v)) / sqrt(v))));
    }
    const bool outdone = r->fits.better && r->fits.better->log_bayes_factor > MECH_CLEARLY_BETTER;
    r->fits.none_of_these = (mech_none_of_these){.p_value = p, .flagged = p < FLAGGED || outdone};
    return r->fits.none_of_these.flagged ? word_doubt(r, p < FLAGGED, outdone, error) : MECH_OK;
}

/* The parts of one row behind the row itself, most probable first. */
static void sort_parts(mech_part_presence *parts, size_t n) {
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && parts[j].probability > parts[j - 1].probability; j--) {
            const mech_part_presence other = parts[j];
            parts[j] = parts[j - 1];
            parts[j - 1] = other;
        }
}

mech_status mech_fit_presence(fit_result *r, mech_error *error) {
    static const double FAMILY = 20;
    const part_rows *rows = &r->found.rows;
    if (!r->found.n) return MECH_OK;
    mech_part_presence *all = mech_arena_allocate(r->memory, rows->n_parts + rows->n, sizeof *all);
    if (!all) return mech_fail_memory(error);
    size_t n = 0;
    for (size_t row = 0; row < rows->n; row++) {
        mech_part_presence *of_row = &all[n++];
        *of_row = (mech_part_presence){.row = rows->name[row]};
        const size_t first = n;
        for (size_t i = 0; i < rows->n_parts; i++) {
            if (mech_part_row(rows, i) != row) continue;
            all[n] = (mech_part_presence){rows->name[row], mech_parts_name(rows->parts, i),
                                          mech_parts_title(rows->parts, i), 0};
            for (size_t c = 0; c < r->n_cases; c++)
                if (r->cases[c].choice[row] == (int)i) all[n].probability += r->cases[c].fit.probability;
            of_row->probability += all[n++].probability;
        }
        sort_parts(all + first, n - first);
    }
    r->fits.parts = all;
    r->fits.n_parts = n;
    r->fits.n_searched = r->found.n_searched;
    const double best = r->cases[r->order[0]].fit.probability;
    while (r->fits.n_family < r->n_cases && r->cases[r->order[r->fits.n_family]].fit.probability * FAMILY >= best)
        r->fits.n_family++;
    return MECH_OK;
}
