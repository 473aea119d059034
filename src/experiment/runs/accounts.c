/* What each run is to the others, how noisy it is, and which runs are handed on. */
#include "data/runs/noise.h"
#include "experiment/runs/experiment.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Starts closer than this share were meant to be the same. */
static const double ALIKE = 0.02;

/* Runs that start alike and are further apart than this, in units of [S]0 and of the noise, differ in something else.
 */
static const double APART = 0.1, APART_TO_NOISE = 6;

/* A run in which less than this share of substrate reacts shows nothing. */
static const double LEAST_CONVERSION = 0.01;

/* What differs between fewer readings is the curve. */
enum { FEWEST_READINGS = 5 };

static double substrate_of(const mech_run *run, size_t i) {
    const double s = run->substrate ? run->substrate[i] : NAN;
    return isnan(s) && run->product ? run->s0 + run->p0 - run->product[i] : s;
}

static double conversion_of(const mech_run *run) {
    for (size_t i = run->n_readings; i-- > 0;) {
        const double s = substrate_of(run, i);
        if (!isnan(s)) return 1 - s / run->s0;
    }
    return NAN;
}

static bool alike(double a, double b, double scale) {
    return (isnan(a) && isnan(b)) || fabs(a - b) <= ALIKE * fmax(scale, fmax(fabs(a), fabs(b)));
}

static const mech_reactant *reactant_of(const mech_run *run, const char *species) {
    for (size_t i = 0; i < run->n_reactants; i++)
        if (strcmp(run->reactants[i].species, species) == 0) return &run->reactants[i];
    return NULL;
}

/* Whether all further species of two runs start alike, or in proportion to the catalyst as its ligand does. */
static bool others_alike(const mech_run *a, const mech_run *b) {
    for (size_t i = 0; i < a->n_reactants; i++) {
        const mech_reactant *r = &a->reactants[i], *other = reactant_of(b, r->species);
        if (!other || isnan(r->start) || isnan(other->start) || alike(r->start, other->start, 0)) continue;
        const bool follows = a->cat0 > 0 && b->cat0 > 0 && r->start > 0 && r->start <= 0.2 * a->s0 &&
                             alike(r->start / a->cat0, other->start / b->cat0, 0);
        if (!follows) return false;
    }
    return true;
}

/* The run that most others resemble: in [S]0, further species and catalyst. */
static size_t find_standard(const mech_experiment *e) {
    size_t best = 0, most = 0;
    for (size_t i = 0; i < e->n_runs; i++) {
        const mech_run *a = &e->runs[i];
        size_t points = 0;
        if (a->cat0 == 0) continue;
        for (size_t j = 0; j < e->n_runs; j++) {
            const mech_run *b = &e->runs[j];
            points += alike(a->s0, b->s0, 0) && others_alike(a, b) ? 4 : 0;
            points += alike(a->p0, b->p0, 0.05 * a->s0) ? 2 : 0;
            points += alike(a->cat0, b->cat0, 0) ? 1 : 0;
        }
        if (points > most) {
            most = points;
            best = i;
        }
    }
    return best;
}

/* The substrate of a run at a time between its readings; NaN outside of them. */
static double substrate_between(const mech_run *run, double time) {
    double before = run->s0, at = 0;
    for (size_t i = 0; i < run->n_readings; i++) {
        const double s = substrate_of(run, i);
        if (isnan(s)) continue;
        if (run->time[i] >= time) {
            const double step = run->time[i] - at;
            return step > 0 ? before + (s - before) * (time - at) / step : s;
        }
        before = s;
        at = run->time[i];
    }
    return NAN;
}

/* How far two runs that start alike are apart at the end of the shorter one, as a share of [S]0. */
static double apart(const mech_run *a, const mech_run *b) {
    const double end = fmin(a->time[a->n_readings - 1], b->time[b->n_readings - 1]);
    const double x = substrate_between(a, end), y = substrate_between(b, end);
    return isnan(x) || isnan(y) ? 0 : fabs(x - y) / a->s0;
}

/* Whether a name says "same excess", in any letters. */
static bool is_called_same_excess(const char *name) {
    char small[64];
    size_t n = 0;
    for (; *name && n + 1 < sizeof small; name++)
        if (*name != ' ' && *name != '-' && *name != '_')
            small[n++] = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;
    small[n] = '\0';
    return strstr(small, "sameexcess") != NULL;
}

static const char *kind_against_standard(const mech_run *run, const mech_run *standard) {
    const bool same_s = alike(run->s0, standard->s0, 0), same_others = others_alike(run, standard);
    const bool same_p = alike(run->p0, standard->p0, 0.05 * standard->s0);
    if (same_s && !same_others) return "different excess";
    if (same_s && !same_p) return "product added";
    if (same_s) return alike(run->cat0, standard->cat0, 0) ? "replicate" : "different catalyst";
    if (run->p0 > standard->p0 + 0.1 * fabs(standard->s0 - run->s0)) return "product added";
    const mech_reactant *b = reactant_of(run, "B"), *other = reactant_of(standard, "B");
    if (b && other && !isnan(b->start) && !isnan(other->start)) {
        const double excess = b->start - run->s0, of_standard = other->start - standard->s0;
        const bool same = fabs(excess - of_standard) <= 2 * ALIKE * standard->s0;
        return same || (run->s0 < standard->s0 && is_called_same_excess(run->name)) ? "same excess"
                                                                                    : "different excess";
    }
    return "same excess";
}

/* Puts the last sentence before all others: what concerns the whole answer is said first. */
static void put_first(notes *list) {
    if (!list->n || list->failed) return;
    char *last = list->sentences[list->n - 1];
    memmove(list->sentences + 1, list->sentences, (list->n - 1) * sizeof *list->sentences);
    list->sentences[0] = last;
}

/* Kinds of all runs; those that start as an earlier one does are its replicates, unless they end apart. */
static void name_kinds(mech_experiment *e) {
    const size_t standard = find_standard(e);
    for (size_t i = 0; i < e->n_runs; i++) {
        mech_run_account *a = &e->accounts[i];
        const mech_run *run = &e->runs[i];
        if (run->cat0 == 0) {
            a->kind = "blank";
            continue;
        }
        a->kind = i == standard ? "standard" : kind_against_standard(run, &e->runs[standard]);
        for (size_t k = 0; k <= i; k++) {
            const size_t j = k == 0 ? standard : k - 1; /* the standard first */
            const mech_run *before = &e->runs[j];
            if (i == standard || j == i || (j > i && j != standard) || before->cat0 == 0 || run->n_readings < 2 ||
                before->n_readings < 2)
                continue;
            if (!alike(run->s0, before->s0, 0) || !alike(run->p0, before->p0, 0.05 * run->s0) ||
                !alike(run->cat0, before->cat0, 0) || !others_alike(run, before))
                continue;
            const double noise =
                fmax(isnan(a->noise) ? 0 : a->noise, isnan(e->accounts[j].noise) ? 0 : e->accounts[j].noise);
            const double distance = apart(run, before);
            if (distance > fmax(APART, APART_TO_NOISE * noise / run->s0)) {
                mech_note(
                    &e->warnings,
                    "runs %.40s and %.40s start alike and end %.0f %% of [S]0 apart: something differs that the table "
                    "does not say",
                    before->name, run->name, 100 * distance);
                a->kind = "different excess";
                put_first(&e->warnings);
            } else {
                a->kind = "replicate";
            }
            break;
        }
    }
}

/* Which runs a run set takes where there are too many: those whose kinds and loadings it has not yet, then the longest.
 */
static void leave_out_surplus(mech_experiment *e) {
    size_t n_used = 0;
    for (size_t i = 0; i < e->n_runs; i++) n_used += e->accounts[i].used;
    if (n_used <= MECH_MOST_RUNS) return;
    const size_t all = n_used;
    /* From the back: replicates first, then runs as another one, then whatever comes last. */
    for (int pass = 0; pass < 3; pass++)
        for (size_t i = e->n_runs; i-- > 0 && n_used > MECH_MOST_RUNS;) {
            mech_run_account *a = &e->accounts[i];
            if (!a->used || strcmp(a->kind, "standard") == 0) continue;
            bool repeated = false;
            for (size_t j = 0; j < i; j++)
                repeated |= e->accounts[j].used && strcmp(e->accounts[j].kind, a->kind) == 0 &&
                            alike(e->runs[j].cat0, e->runs[i].cat0, 0) && alike(e->runs[j].s0, e->runs[i].s0, 0);
            if (pass == 0 ? strcmp(a->kind, "replicate") != 0 : pass == 1 && !repeated) continue;
            a->used = false;
            a->left_out = "more runs than a run set holds";
            n_used--;
        }
    mech_note(&e->warnings, "of %zu runs the %d that differ most are used; --runs chooses others", all,
              (int)MECH_MOST_RUNS);
}

/* Says in which runs S + P, or one alone, grows beyond what they start with: the worst of them. What grows to a
 * multiple is in another unit and is refused. */
static mech_status check_gains(mech_experiment *e, mech_error *error) {
    static const double LEAST_GAIN = 0.1, MOST_GAIN = 1.5;
    size_t n_gaining = 0, worst = 0;
    double most = 0, when = 0;
    for (size_t r = 0; r < e->n_runs; r++) {
        const mech_run *run = &e->runs[r];
        const double start = run->s0 + run->p0, noise = isnan(e->accounts[r].noise) ? 0 : e->accounts[r].noise;
        double gain = 0, at = 0;
        for (size_t i = 0; i < run->n_readings; i++) {
            const double more = (run->substrate ? run->substrate[i] : 0) + (run->product ? run->product[i] : 0) - start;
            if (more > gain) gain = more, at = run->time[i];
        }
        if (!(gain > fmax(LEAST_GAIN * start, 6 * noise))) continue;
        n_gaining++;
        if (gain / start > most) most = gain / start, worst = r, when = at;
    }
    if (!n_gaining) return MECH_OK;
    const bool alone = !e->runs[worst].product;
    const char *what = alone ? "S" : e->runs[worst].substrate ? "S + P" : "P", *column = alone ? "S" : "P";
    if (most > MOST_GAIN)
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s: run %.40s: %s comes to %.0f %% of what it starts with, at time %g; expected %s in the unit "
            "of [S]0 (--unit '%s=%%' or another says its own)",
            e->source, e->runs[worst].name, what, 100 * (1 + most), when, column, column);
    mech_note(
        &e->warnings,
        "mass is gained in %zu run%s: in %.40s %s comes to %.0f %% of what it starts with, at time %g; is P in the "
        "unit of S?",
        n_gaining, n_gaining == 1 ? "" : "s", e->runs[worst].name, what, 100 * (1 + most), when);
    return MECH_OK;
}

mech_status mech_account_for_runs(mech_experiment *e, mech_error *error) {
    char blanks[160] = "", idle[160] = "";
    for (size_t i = 0; i < e->n_runs; i++) {
        mech_run_account *a = &e->accounts[i];
        a->noise = e->runs[i].n_readings < FEWEST_READINGS ? NAN : mech_noise_of(&e->runs[i]);
        a->conversion = conversion_of(&e->runs[i]);
        const bool blank = e->runs[i].cat0 == 0;
        char *list = blank ? blanks : a->conversion < LEAST_CONVERSION ? idle : NULL;
        if (list && a->used) {
            const size_t n = strlen(list);
            snprintf(list + n, sizeof blanks - n, "%s%.40s", n ? ", " : "", e->runs[i].name);
        }
        if (!blank || !a->used) continue;
        a->used = false;
        a->left_out = "no catalyst";
    }
    mech_status status = check_gains(e, error);
    if (status != MECH_OK) return status;
    if (*blanks) mech_note(&e->warnings, "run %s has no catalyst and is left out", blanks);
    if (*idle) mech_note(&e->warnings, "in run %s hardly anything reacts", idle);
    name_kinds(e);
    leave_out_surplus(e);
    size_t n_used = 0;
    status = mech_run_set_new(e->time_unit, e->concentration_unit, &e->set, error);
    for (size_t i = 0; i < e->n_runs && status == MECH_OK; i++) {
        if (!e->accounts[i].used) continue;
        n_used++;
        status = mech_run_set_lend(e->set, &e->runs[i], error);
    }
    if (status == MECH_OK && !n_used)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: no run has a catalyst; expected one that has", e->source);
    return status;
}
