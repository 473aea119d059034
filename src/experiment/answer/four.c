#include "experiment/answer/four.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Starts and loadings closer than this share are the same. */
static const double ALIKE = 0.02;

static bool alike(double a, double b) { return fabs(a - b) <= ALIKE * fmax(fabs(a), fabs(b)); }

static bool is_kind(const mech_experiment *e, size_t i, const char *kind) {
    return strcmp(e->accounts[i].kind, kind) == 0;
}

/* Whether a run starts as the standard does but for the catalyst. */
static bool is_standard_start(const mech_experiment *e, size_t i, double s0) {
    return e->accounts[i].used && alike(e->runs[i].s0, s0) && !is_kind(e, i, "different excess") &&
           !is_kind(e, i, "product added");
}

static bool is_chosen(const size_t *chosen, size_t n, size_t run) {
    for (size_t i = 0; i < n; i++)
        if (chosen[i] == run) return true;
    return false;
}

/* Of the runs that start as the standard, the one whose catalyst is nearest to `wanted` on a scale of ratios; a loading
 * that was chosen before counts only where no other is left. SIZE_MAX: none. */
static size_t nearest_loading(const mech_experiment *e, double s0, double wanted, const size_t *chosen,
                              size_t n_chosen) {
    size_t best = SIZE_MAX;
    double least = INFINITY;
    for (size_t i = 0; i < e->n_runs; i++) {
        if (!is_standard_start(e, i, s0) || is_chosen(chosen, n_chosen, i)) continue;
        double distance = fabs(log(e->runs[i].cat0 / wanted));
        for (size_t k = 0; k < n_chosen; k++)
            if (alike(e->runs[chosen[k]].cat0, e->runs[i].cat0)) distance += 100;
        if (distance < least) {
            least = distance;
            best = i;
        }
    }
    return best;
}

/* How well a run serves as the one with less substrate: at 40 to 80 % of the standard's, at a loading of the others. */
static double same_excess_cost(const mech_experiment *e, size_t i, double s0, const size_t *chosen, size_t n_chosen) {
    const double share = e->runs[i].s0 / s0;
    double cost = share < 0.4 ? 0.4 - share : share > 0.8 ? share - 0.8 : 0;
    bool repeated = false;
    for (size_t k = 0; k < n_chosen; k++) repeated |= alike(e->runs[chosen[k]].cat0, e->runs[i].cat0);
    cost += repeated ? 0 : 0.3;
    if (!(share < 1)) cost += 2;
    if (is_kind(e, i, "product added")) cost -= 0.05;
    return cost;
}

static size_t find_same_excess(const mech_experiment *e, double s0, const size_t *chosen, size_t n_chosen) {
    size_t best = SIZE_MAX;
    double least = INFINITY;
    for (size_t i = 0; i < e->n_runs; i++) {
        if (!e->accounts[i].used || is_chosen(chosen, n_chosen, i) || alike(e->runs[i].s0, s0)) continue;
        if (is_kind(e, i, "different excess")) continue;
        const double cost = same_excess_cost(e, i, s0, chosen, n_chosen);
        if (cost < least) {
            least = cost;
            best = i;
        }
    }
    return best;
}

static int compare_indices(const void *a, const void *b) {
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static mech_status choose(const mech_experiment *e, size_t *chosen, mech_error *error) {
    const double s0 = mech_run_set_standard(e->set);
    double least = INFINITY, most = 0;
    size_t n = 0, n_alike = 0;
    for (size_t i = 0; i < e->n_runs; i++) {
        if (!is_standard_start(e, i, s0)) continue;
        n_alike++;
        least = fmin(least, e->runs[i].cat0);
        most = fmax(most, e->runs[i].cat0);
    }
    if (n_alike >= 3) {
        const double wanted[] = {least, most, sqrt(least * most)};
        for (size_t k = 0; k < 3; k++) {
            const size_t run = nearest_loading(e, s0, wanted[k], chosen, n);
            if (run != SIZE_MAX) chosen[n++] = run;
        }
        size_t last = find_same_excess(e, s0, chosen, n);
        if (last == SIZE_MAX) last = nearest_loading(e, s0, sqrt(least * most), chosen, n);
        if (last != SIZE_MAX) chosen[n++] = last;
    }
    if (n == FOUR_RUNS) {
        qsort(chosen, n, sizeof *chosen, compare_indices);
        return MECH_OK;
    }
    return mech_fail(
        error, MECH_INVALID_INPUT,
        "%s: of its %zu runs %zu start%s alike but for the catalyst, and %s; expected three at one [S]0 and a "
        "fourth that starts with less substrate (same excess); without --fast any runs are answered",
        e->source, e->n_runs, n_alike, n_alike == 1 ? "s" : "",
        n_alike >= 3 ? "no other suits as the fourth" : "a network of four runs needs three of these");
}

bool mech_experiment_suits_four(const mech_experiment *e) {
    size_t chosen[FOUR_RUNS], n_used = 0, n_alike = 0;
    const double s0 = mech_run_set_standard(e->set);
    for (size_t i = 0; i < e->n_runs; i++) {
        if (!e->accounts[i].used) continue;
        n_used++;
        if (is_standard_start(e, i, s0) && n_alike < FOUR_RUNS) chosen[n_alike++] = i;
    }
    return n_used == FOUR_RUNS && n_alike == FOUR_RUNS - 1 && find_same_excess(e, s0, chosen, n_alike) != SIZE_MAX;
}

/* The record of one species, or NULL where fewer than two readings would be left. */
static size_t count_complete(const mech_run *run, bool substrate, bool product) {
    size_t n = 0;
    for (size_t i = 0; i < run->n_readings; i++)
        n += run->time[i] > 0 && (!substrate || !isnan(run->substrate[i])) && (!product || !isnan(run->product[i]));
    return n;
}

static mech_status complete(const mech_run *from, arena *memory, mech_run *run, size_t *n_left_out, mech_error *error) {
    bool substrate = from->substrate != NULL, product = from->product != NULL;
    /* Species that were never measured together: the one with more readings speaks for both. */
    if (substrate && product && !count_complete(from, true, true)) {
        if (count_complete(from, true, false) >= count_complete(from, false, true))
            product = false;
        else
            substrate = false;
    }
    const size_t room = from->n_readings + 1;
    double *time = mech_arena_allocate(memory, room, sizeof *time);
    double *s = mech_arena_allocate(memory, room, sizeof *s), *p = mech_arena_allocate(memory, room, sizeof *p);
    if (!time || !s || !p) return mech_fail_memory(error);
    size_t n = 0;
    if (from->time[0] != 0) {
        s[0] = from->s0;
        p[0] = from->p0;
        n = 1;
    }
    for (size_t i = 0, repeated = 1; i < from->n_readings; i++) {
        double x = substrate ? from->substrate[i] : NAN, y = product ? from->product[i] : NAN;
        if (from->time[i] == 0 && isnan(x)) x = from->s0;
        if (from->time[i] == 0 && isnan(y)) y = from->p0;
        if ((substrate && isnan(x)) || (product && isnan(y))) {
            ++*n_left_out;
            continue;
        }
        if (n && time[n - 1] == from->time[i]) {
            repeated++;
            s[n - 1] += (x - s[n - 1]) / (double)repeated;
            p[n - 1] += (y - p[n - 1]) / (double)repeated;
            continue;
        }
        repeated = 1;
        time[n] = from->time[i];
        s[n] = x;
        p[n++] = y;
    }
    *run = *from;
    run->n_readings = n;
    run->time = time;
    run->substrate = substrate ? s : NULL;
    run->product = product ? p : NULL;
    run->active = NULL;
    run->n_reactants = 0;
    run->reactants = NULL;
    return MECH_OK;
}

mech_status mech_complete_runs(const mech_experiment *e, arena *memory, mech_experiment *whole, mech_error *error) {
    const size_t n = mech_run_set_n_runs(e->set);
    mech_status status = MECH_OK;
    *whole = (mech_experiment){.memory = memory, .source = e->source};
    whole->runs = mech_arena_allocate(memory, n, sizeof *whole->runs);
    if (!whole->runs) return mech_fail_memory(error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        size_t n_left_out = 0;
        status = complete(mech_run_set_run(e->set, i), memory, &whole->runs[whole->n_runs], &n_left_out, error);
        whole->n_runs += status == MECH_OK && whole->runs[whole->n_runs].n_readings > 1;
    }
    return status;
}

mech_status mech_choose_four(const mech_experiment *e, arena *memory, mech_experiment *four, size_t chosen[FOUR_RUNS],
                             notes *list, mech_error *error) {
    size_t n_used = 0;
    mech_status status = MECH_OK;
    for (size_t i = 0; i < e->n_runs; i++) {
        if (!e->accounts[i].used) continue;
        if (n_used < FOUR_RUNS) chosen[n_used] = i;
        n_used++;
    }
    if (n_used < FOUR_RUNS)
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s: has %zu %s; expected four: three that start at one [S]0 with different loadings and one that "
            "starts with less substrate (same excess), so %zu more %s needed; without --fast any runs are answered",
            e->source, n_used, n_used == 1 ? "run" : "runs", FOUR_RUNS - n_used,
            n_used + 1 == FOUR_RUNS ? "is" : "are");
    if (n_used > FOUR_RUNS) status = choose(e, chosen, error);
    if (status != MECH_OK) return status;
    *four = (mech_experiment){.memory = memory, .n_runs = FOUR_RUNS, .source = e->source};
    memcpy(four->time_unit, e->time_unit, sizeof four->time_unit);
    memcpy(four->concentration_unit, e->concentration_unit, sizeof four->concentration_unit);
    four->runs = mech_arena_allocate(memory, FOUR_RUNS, sizeof *four->runs);
    if (!four->runs) return mech_fail_memory(error);
    for (size_t i = 0; i < FOUR_RUNS && status == MECH_OK; i++) {
        size_t n_left_out = 0;
        status = complete(&e->runs[chosen[i]], memory, &four->runs[i], &n_left_out, error);
        if (status == MECH_OK && four->runs[i].n_readings < 2)
            status =
                mech_fail(error, MECH_INVALID_INPUT, "%s: run %s has no reading after time 0 of all that was measured",
                          e->source, four->runs[i].name);
        if (status == MECH_OK && n_left_out)
            mech_note(list, "run %s: %zu %s with a blank cell %s left out", four->runs[i].name, n_left_out,
                      n_left_out == 1 ? "point" : "points", n_left_out == 1 ? "was" : "were");
    }
    if (status == MECH_OK && n_used > FOUR_RUNS)
        mech_note(list, "of %zu runs four were classified: %.40s, %.40s, %.40s and %.40s; --runs chooses others",
                  n_used, four->runs[0].name, four->runs[1].name, four->runs[2].name, four->runs[3].name);
    return status;
}
