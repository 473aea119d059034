#include "experiment/answer/cautions.h"

#include "base/files/text.h"
#include "data/prior/acceptance.h"
#include "data/runs/noise.h"
#include "data/samples/sample.h"
#include "experiment/view/ends.h"
#include "learn/batches/batches.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What is tolerated before something is said. What models were trained on stands where it is drawn: loadings and starts
 * in data/conditions, the share to which runs are followed in data/samples, yields in data/prior, points and noise in
 * learn/batches. The figures below decide about a sentence, never about a probability. */

/* Fewer points of a run than the published networks were judged with. */
enum { FEW_POINTS = 6 };

/* A loading or [S]0 this little outside the range is rounded, not outside. */
static const double LOADING_SLACK = 1e-3, S0_SLACK = 0.005;

/* S + P may leave [S]0 + [P]0 by this share of [S]0: two standard deviations of the largest errors of responses that
 * experiments are simulated with (designs/laboratory.txt). */
static const double BALANCE_SLACK = 0.1;

/* The loading of a same-excess run is one of the others' within what weighing is off by. */
static const double SAME_LOADING = 0.05;

/* "runs 1, 3 and 4" or "run 3" for the runs that `chosen` marks. */
static void list_runs(const mech_experiment *e, const bool *chosen, char *list, size_t room) {
    size_t n = 0, said = 0;
    for (size_t i = 0; i < e->n_runs; i++) n += chosen[i];
    snprintf(list, room, n == 1 ? "run " : "runs ");
    for (size_t i = 0; i < e->n_runs; i++) {
        if (!chosen[i]) continue;
        size_t length = strlen(list);
        snprintf(list + length, room - length, "%s%.32s", !said ? "" : said + 1 == n ? " and " : ", ", e->runs[i].name);
        said++;
    }
}

enum { LIST_ROOM = MODEL_RUNS * 40 + 8 };

/* Runs that were cut where their reaction was over. */
static void note_ends(const mech_experiment *e, const model_view *view, notes *list) {
    bool cut[MODEL_RUNS];
    char which[LIST_ROOM];
    size_t n = 0, fewest = SIZE_MAX;
    for (size_t i = 0; i < MODEL_RUNS; i++) {
        cut[i] = view->last[i] + 1 < e->runs[i].n_readings;
        n += cut[i];
        if (view->last[i] < fewest) fewest = view->last[i];
    }
    if (!n) return;
    list_runs(e, cut, which, sizeof which);
    mech_note(list, "%s %s used as far as the reaction went, without the plateau behind it", which,
              n == 1 ? "was" : "were");
    if (fewest < FEW_POINTS)
        mech_note(
            list,
            "only %zu point%s of a run lie%s before its plateau: the answer stands on little; measure more often while "
            "the reaction goes",
            fewest, fewest == 1 ? "" : "s", fewest == 1 ? "s" : "");
}

static void note_points(const mech_experiment *e, const model_view *view, const training_range *trained, notes *list) {
    size_t least = view->last[0], most = least;
    for (size_t i = 1; i < e->n_runs; i++) {
        if (view->last[i] < least) least = view->last[i];
        if (view->last[i] > most) most = view->last[i];
    }
    if (most > view->n_points && least == most)
        mech_note(list, "each run was thinned evenly from %zu to %zu points after time 0", most, view->n_points);
    else if (most > view->n_points)
        mech_note(list, "the runs, which have %zu to %zu points after time 0, were thinned evenly to %zu", least, most,
                  view->n_points);
    if (view->n_points < trained->fewest_points)
        mech_note(list, "there %s only %zu point%s after time 0 in each run where the model was trained on %zu or more",
                  view->n_points == 1 ? "is" : "are", view->n_points, view->n_points == 1 ? "" : "s",
                  trained->fewest_points);
}

static void note_loadings(const model_view *view, const training_range *trained, notes *list) {
    double least = view->loadings[0], most = view->loadings[0];
    char range[64];
    for (size_t i = 1; i < MODEL_RUNS; i++) {
        least = fmin(least, view->loadings[i]);
        most = fmax(most, view->loadings[i]);
    }
    snprintf(range, sizeof range, most > least * (1 + LOADING_SLACK) ? "loadings of %.3g to %.3g" : "loading of %.3g",
             100 * least, 100 * most);
    if (least < trained->least_loading * (1 - LOADING_SLACK) || most > trained->most_loading * (1 + LOADING_SLACK))
        mech_note(list, "the %s mol %% leave%s the %.3g to %.3g mol %% that the model was trained on", range,
                  most > least * (1 + LOADING_SLACK) ? "" : "s", 100 * trained->least_loading,
                  100 * trained->most_loading);
    if (most > 1) mech_note(list, "there is more catalyst than substrate: are S and the catalyst in one unit?");
    size_t n_loadings = 1;
    for (size_t i = 1; i + 1 < MODEL_RUNS; i++) n_loadings += view->loadings[i] > view->loadings[i - 1] * 1.001;
    if (n_loadings + 1 < MODEL_RUNS)
        mech_note(
            list,
            "the three runs that start alike have only %zu loading%s among them where the model was trained on three",
            n_loadings, n_loadings == 1 ? "" : "s");
}

double mech_missing_product(const mech_experiment *experiment, const model_view *view) {
    const mech_run *run = &experiment->runs[view->order[MODEL_RUNS - 1]];
    double formed = fmax(1 - run->s0 / view->concentration_unit, 0);
    double missing = formed - run->p0 / view->concentration_unit;
    return view->same_excess && fabs(missing) > BALANCE_SLACK * fmax(formed, BALANCE_SLACK) ? missing : 0;
}

static void note_same_excess(const mech_experiment *e, const model_view *view, notes *list) {
    const mech_run *run = &e->runs[view->order[MODEL_RUNS - 1]];
    double s0 = run->s0 / view->concentration_unit, p0 = run->p0 / view->concentration_unit;
    if (!view->same_excess) {
        mech_note(list,
                  "no run has another [S]0 than the others, so there is no same-excess run; run %.32s takes its place",
                  run->name);
        return;
    }
    if (s0 < LEAST_SAME_EXCESS - S0_SLACK || s0 > MOST_SAME_EXCESS + S0_SLACK)
        mech_note(
            list,
            "the same-excess run %.32s starts at %.3g of the others' [S]0 where the model was trained on %g to %g",
            run->name, s0, LEAST_SAME_EXCESS, MOST_SAME_EXCESS);
    if (mech_missing_product(e, view) != 0)
        mech_note(
            list,
            "the same-excess run %.32s starts with [P]0 = %.3g where the model was trained on the product that would "
            "have formed, %.3g (in units of the others' [S]0)",
            run->name, p0, fmax(1 - s0, 0));
    bool repeated = false;
    for (size_t i = 0; i + 1 < MODEL_RUNS; i++)
        if (fabs(view->loadings[i] - view->loadings[3]) < SAME_LOADING * view->loadings[3]) repeated = true;
    if (!repeated)
        mech_note(
            list,
            "the same-excess run %.32s has a loading of its own where the model was trained on one of the others'",
            run->name);
}

static void note_conversions(const mech_experiment *e, const model_view *view, const training_range *trained,
                             notes *list) {
    bool outside[MODEL_RUNS];
    char which[LIST_ROOM];
    double least = INFINITY, most = -INFINITY;
    size_t n = 0;
    for (size_t i = 0; i < MODEL_RUNS; i++) {
        const mech_run *run = &e->runs[i];
        double conversion = 1 - mech_substrate_at(run, view->last[i]) / run->s0;
        /* A run that was cut behind its reaction ends where it should, whatever its conversion. */
        bool cut = view->last[i] + 1 < run->n_readings;
        outside[i] = !cut && conversion < (trained->protocol == MECH_DESIGN_NATURE ? LEAST_SHARE : LEAST_YIELD);
        if (!outside[i]) continue;
        n++;
        least = fmin(least, conversion);
        most = fmax(most, conversion);
    }
    if (!n) return;
    list_runs(e, outside, which, sizeof which);
    char range[48], expected[96];
    if (100 * (most - least) < 0.1)
        snprintf(range, sizeof range, "%.1f %%", 100 * least);
    else
        snprintf(range, sizeof range, "%.1f to %.1f %%", 100 * least, 100 * most);
    if (trained->protocol == MECH_DESIGN_NATURE)
        snprintf(expected, sizeof expected, "followed to %g to %g %% of its final conversion", 100 * LEAST_SHARE,
                 100 * MOST_SHARE);
    else
        snprintf(expected, sizeof expected, "of at least %g %% at the lowest loading", 100 * LEAST_YIELD);
    mech_note(list, "%s %s at a conversion of %s where the model was trained on runs %s", which,
              n == 1 ? "ends" : "end", range, expected);
}

/* The largest deviation of S + P from [S]0 + [P]0, as a share of [S]0; 0 where not both were measured. */
static double balance_error(const mech_run *run) {
    double worst = 0;
    if (!run->substrate || !run->product) return 0;
    for (size_t i = 0; i < run->n_readings; i++) {
        double excess = (run->substrate[i] + run->product[i] - run->s0 - run->p0) / run->s0;
        if (fabs(excess) > fabs(worst)) worst = excess;
    }
    return worst;
}

static void note_balance(const mech_experiment *e, notes *list) {
    bool above[MODEL_RUNS], below[MODEL_RUNS];
    double most = 0, least = 0;
    char which[LIST_ROOM];
    for (size_t i = 0; i < MODEL_RUNS; i++) {
        const mech_run *run = &e->runs[i];
        double worst = balance_error(run), surplus = worst;
        if (!run->substrate) /* the product alone tells only that there is too much of it */
            for (size_t j = 0; j < run->n_readings; j++)
                surplus = fmax(surplus, (run->product[j] - run->s0 - run->p0) / run->s0);
        above[i] = surplus > BALANCE_SLACK;
        below[i] = worst < -BALANCE_SLACK;
        most = fmax(most, surplus);
        least = fmin(least, worst);
    }
    if (most > BALANCE_SLACK) {
        list_runs(e, above, which, sizeof which);
        mech_note(list, "more product than the mass balance allows, by up to %.0f %% of [S]0, in %s", 100 * most,
                  which);
    }
    if (least < -BALANCE_SLACK) {
        list_runs(e, below, which, sizeof which);
        mech_note(list,
                  "up to %.0f %% of the material is neither substrate nor product in %s, where the model knows no "
                  "side products",
                  -100 * least, which);
    }
}

static void note_noise(const mech_experiment *e, const training_range *trained, notes *list) {
    bool noisy[MODEL_RUNS];
    double most = 0;
    char which[LIST_ROOM];
    for (size_t i = 0; i < MODEL_RUNS; i++) {
        double noise = mech_noise_of(&e->runs[i]) / e->runs[i].s0;
        noisy[i] = noise > trained->most_noise;
        most = fmax(most, noise);
    }
    if (most <= trained->most_noise) return;
    list_runs(e, noisy, which, sizeof which);
    mech_note(list,
              "the substrate rises and falls as if with noise of about %.2g %% of [S]0 in %s, more than the %g %% "
              "that the model was trained on",
              100 * most, which, 100 * trained->most_noise);
}

/* What noise explains: it leaves one reading in 370 further off than three standard deviations. */
static const double BEYOND_NOISE = 3;

/* Noise below this share of [S]0 is that of tables, which are rounded: nothing is measured better. */
static const double LEAST_TABLE_NOISE = 1e-4;

/* Noise of the runs in units of concentration, as far as tables can tell. */
static double readable_noise(const mech_experiment *e, double unit) {
    return fmax(mech_noise_of_runs(e->n_runs, e->runs), LEAST_TABLE_NOISE * unit);
}

void mech_note_misfit(const mech_experiment *experiment, double unit, const char *best, double deviation, double bulk,
                      notes *list) {
    const double noise = readable_noise(experiment, unit) / unit;
    if (!(bulk > BEYOND_NOISE * noise)) return;
    mech_note(list,
              "even the best fit, that of %.32s, misses the readings by %.2g %% of [S]0 (root mean square), %.2g times "
              "their noise: the reaction may follow another mechanism, or the runs differ in more than what the table "
              "says",
              best, 100 * deviation, deviation / noise);
}

/* Starts that differ by less than this share are one. */
static const double SAME_START = 0.01;

static bool start_alike(const mech_run *a, const mech_run *b) {
    return fabs(a->s0 - b->s0) <= SAME_START * a->s0 && fabs(a->p0 - b->p0) <= SAME_START * a->s0 &&
           fabs(a->cat0 - b->cat0) <= SAME_START * a->cat0;
}

/* How far a reading of S lies outside of what another run had between the two readings around its time, between which
 * S only falls or only rises; NaN where that run was not followed so far. */
static double distance_to_run(const mech_run *run, double time, double s) {
    for (size_t i = 1; i < run->n_readings; i++) {
        if (run->time[i] < time) continue;
        const double before = mech_substrate_at(run, i - 1), after = mech_substrate_at(run, i);
        if (run->time[i] == time) return fabs(s - after);
        return fmax(0, fmax(fmin(before, after) - s, s - fmax(before, after)));
    }
    return NAN;
}

/* How far two runs are apart where both end: the middle of the last three distances, so that no stray reading counts.
 * 0 where there are fewer. */
static double distance_at_end(const mech_run *a, const mech_run *b) {
    double last[3];
    size_t n = 0;
    for (size_t i = a->n_readings - 1; i > 0 && n < 3; i--) {
        const double distance = distance_to_run(b, a->time[i], mech_substrate_at(a, i));
        if (isfinite(distance)) last[n++] = distance;
    }
    if (n < 3) return 0;
    return fmax(fmin(last[0], last[1]), fmin(fmax(last[0], last[1]), last[2]));
}

void mech_note_unlike_runs(const mech_experiment *e, double unit, notes *list) {
    /* A difference of two readings has the noise of both. */
    const double noise = sqrt(2) * readable_noise(e, unit);
    for (size_t i = 0; i < e->n_runs; i++)
        for (size_t j = i + 1; j < e->n_runs; j++) {
            const mech_run *a = &e->runs[i], *b = &e->runs[j];
            if (!start_alike(a, b)) continue;
            const double distance = fmin(distance_at_end(a, b), distance_at_end(b, a));
            if (!(distance > BEYOND_NOISE * noise)) continue;
            mech_note(list,
                      "runs %.32s and %.32s start alike and end %.2g %% of [S]0 apart, %.2g times what noise explains: "
                      "they differ in something that the table does not say or that is not in the mechanisms",
                      a->name, b->name, 100 * distance / unit, distance / noise);
        }
}

/* The least and the most of a list of numbers; leaves both where the list is missing, empty or no list of numbers. */
static void range_of_list(const char *list, double *least, double *most) {
    static const char separators[] = ", ";
    double low = INFINITY, high = -INFINITY, number = 0;
    for (const char *at = list ? list : ""; *at; at += strspn(at, separators)) {
        size_t length = strcspn(at, separators);
        if (!mech_parse_number(at, length, '.', &number)) return;
        low = fmin(low, number);
        high = fmax(high, number);
        at += length;
    }
    if (!(low <= high)) return;
    *least = low;
    *most = high;
}

training_range mech_training_range_of(const mech_model *model) {
    const char *protocol = mech_model_metadata(model, "protocol");
    bool nature = protocol && strcmp(protocol, "nature") == 0;
    training_range range = {.protocol = nature ? MECH_DESIGN_NATURE : MECH_DESIGN_FIXED_WINDOW,
                            .least_loading = LEAST_LOADING,
                            .most_loading = MOST_LOADING};
    const augmentation usual = mech_design_augmentation(range.protocol, MECH_MOST_TIMES);
    double least_noise = 0, fewest = (double)usual.points[0], most_points = 0;
    for (size_t i = 0; i < usual.n_noise; i++) range.most_noise = fmax(range.most_noise, usual.noise[i]);
    range_of_list(mech_model_metadata(model, "points"), &fewest, &most_points);
    range.fewest_points = (size_t)fewest;
    range_of_list(mech_model_metadata(model, "loadings"), &range.least_loading, &range.most_loading);
    range_of_list(mech_model_metadata(model, "noise"), &least_noise, &range.most_noise);
    return range;
}

void mech_note_cautions(const mech_experiment *experiment, const model_view *view, const training_range *trained,
                        notes *list) {
    note_ends(experiment, view, list);
    note_points(experiment, view, trained, list);
    note_loadings(view, trained, list);
    note_same_excess(experiment, view, list);
    note_conversions(experiment, view, trained, list);
    note_balance(experiment, list);
    note_noise(experiment, trained, list);
}
