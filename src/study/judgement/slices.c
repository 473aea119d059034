/* What a network is worth on experiments that have something in common. */
#include "study/judgement/judgement.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/numbers/quantiles.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What an experiment is sorted by; -1: it does not tell. */
typedef struct traits {
    int runs, species, noise_third, loading_error, plateau, scale;
    double noise; /* of a reading of average size; NaN: not known */
} traits;

/* An error of loadings is small below this, and a loading is small below that share of the usual ones. */
static const double SMALL_ERROR = 0.05, SMALL_SCALE = 0.1;

/* The mean of the squares of all that was measured. */
static double mean_square(const mech_run_set *runs) {
    double squares = 0, count = 0;
    for (size_t r = 0; r < mech_run_set_n_runs(runs); r++) {
        const mech_run *run = mech_run_set_run(runs, r);
        const double *const columns[] = {run->substrate, run->product};
        for (size_t c = 0; c < 2; c++)
            for (size_t i = 0; columns[c] && i < run->n_readings; i++)
                if (!isnan(columns[c][i])) {
                    squares += columns[c][i] * columns[c][i];
                    count++;
                }
    }
    return count > 0 ? squares / count : 0;
}

static bool is_measured(const mech_run_set *runs, bool product) {
    for (size_t r = 0; r < mech_run_set_n_runs(runs); r++) {
        const mech_run *run = mech_run_set_run(runs, r);
        const double *column = product ? run->product : run->substrate;
        for (size_t i = 0; column && i < run->n_readings; i++)
            if (!isnan(column[i])) return true;
    }
    return false;
}

static traits traits_of(const mech_run_set *runs, const mech_truth *truth) {
    const bool substrate = is_measured(runs, false), product = is_measured(runs, true);
    const double relative = truth->relative_noise, spread = truth->loading_spread;
    return (traits){.runs = (int)mech_run_set_n_runs(runs),
                    .species = substrate && product ? 0
                               : substrate          ? 1
                                                    : 2,
                    .noise_third = -1,
                    .loading_error = isnan(spread)          ? -1
                                     : spread == 0          ? 0
                                     : spread < SMALL_ERROR ? 1
                                                            : 2,
                    .plateau = isnan(truth->goes_on) ? -1 : truth->goes_on > 1,
                    .scale = isnan(truth->scale) ? -1 : truth->scale < SMALL_SCALE,
                    .noise = sqrt(truth->noise * truth->noise + relative * relative * mean_square(runs))};
}

/* Thirds by noise, where it is known of all experiments. */
static mech_status divide_by_noise(size_t n, traits *of, mech_error *error) {
    double *sorted = mech_allocate_array(n, sizeof *sorted);
    bool known = true;
    if (!sorted) return mech_fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        sorted[i] = of[i].noise;
        known = known && !isnan(of[i].noise);
    }
    if (known) mech_sort_numbers(n, sorted);
    for (size_t i = 0; i < n && known; i++)
        of[i].noise_third = of[i].noise < sorted[n / 3] ? 0 : of[i].noise < sorted[2 * n / 3] ? 1 : 2;
    mech_release_array(sorted);
    return MECH_OK;
}

static mech_status find_traits(const mech_experiments *experiments, traits *of, mech_error *error) {
    const size_t n = mech_experiments_n(experiments);
    mech_status status = MECH_OK;
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        mech_run_set *runs = NULL;
        mech_truth *truth = NULL;
        status = mech_experiments_run_set(experiments, i, &runs, error);
        if (status == MECH_OK) status = mech_experiments_truth(experiments, i, &truth, error);
        if (status == MECH_OK) of[i] = traits_of(runs, truth);
        mech_run_set_free(runs);
        mech_truth_free(truth);
    }
    return status == MECH_OK ? divide_by_noise(n, of, error) : status;
}

/* Experiments whose trait at that offset has that value. */
typedef struct question {
    const char *kind;
    size_t trait;
    int value;
    const char *words; /* NULL: the value */
} question;

#define OF(name) offsetof(traits, name)
static const question questions[] = {
    {"runs", OF(runs), 1, NULL},
    {"runs", OF(runs), 2, NULL},
    {"runs", OF(runs), 3, NULL},
    {"runs", OF(runs), 4, NULL},
    {"runs", OF(runs), 5, NULL},
    {"runs", OF(runs), 6, NULL},
    {"runs", OF(runs), 7, NULL},
    {"runs", OF(runs), 8, NULL},
    {"runs", OF(runs), 9, NULL},
    {"runs", OF(runs), 10, NULL},
    {"runs", OF(runs), 11, NULL},
    {"runs", OF(runs), 12, NULL},
    {"runs", OF(runs), 13, NULL},
    {"runs", OF(runs), 14, NULL},
    {"runs", OF(runs), 15, NULL},
    {"runs", OF(runs), 16, NULL},
    {"species", OF(species), 0, "S and P"},
    {"species", OF(species), 1, "S"},
    {"species", OF(species), 2, "P"},
    {"noise", OF(noise_third), 0, "least third"},
    {"noise", OF(noise_third), 1, "middle third"},
    {"noise", OF(noise_third), 2, "largest third"},
    {"loading errors", OF(loading_error), 0, "none"},
    {"loading errors", OF(loading_error), 1, "below 5 %"},
    {"loading errors", OF(loading_error), 2, "5 % and more"},
    {"a plateau", OF(plateau), 0, "no"},
    {"a plateau", OF(plateau), 1, "yes"},
    {"loadings' scale", OF(scale), 1, "below 0.1"},
    {"loadings' scale", OF(scale), 0, "0.1 and more"},
};
#undef OF

static int trait_at(const traits *t, size_t offset) {
    int value;
    memcpy(&value, (const char *)t + offset, sizeof value);
    return value;
}

/* Judges those of whom the answer is yes; rows and labels have room for all. */
static mech_status judge_slice(const mech_predictions *p, const mech_evaluate_options *options, const traits *of,
                               const question *q, float *rows, uint8_t *labels, judgement *j, mech_error *error) {
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (trait_at(&of[i], q->trait) != q->value) continue;
        memcpy(rows + n * p->n_labels, p->probabilities + i * p->n_labels, p->n_labels * sizeof *rows);
        labels[n++] = p->labels[i];
    }
    if (!n) return MECH_OK;
    mech_evaluate_options without = *options;
    without.resamples = 0;
    const size_t number = j->shown.n_slices;
    if (q->words)
        snprintf(j->words[number], sizeof j->words[number], "%s", q->words);
    else
        snprintf(j->words[number], sizeof j->words[number], "%d", q->value);
    const mech_status status =
        mech_evaluate_intervals(n, p->n_labels, rows, labels, &without, &j->of_slices[number], NULL, NULL, error);
    j->slices[number] = (mech_slice){.kind = q->kind, .words = j->words[number], .metrics = j->of_slices[number]};
    j->shown.n_slices += status == MECH_OK;
    return status;
}

mech_status mech_find_slices(const mech_predictions *p, const mech_evaluate_options *options, judgement *j,
                             mech_error *error) {
    if (p->samples || !p->experiments) return MECH_OK;
    traits *of = mech_allocate_array(p->n, sizeof *of);
    float *rows = mech_allocate_array(p->n, p->n_labels * sizeof *rows);
    uint8_t *labels = mech_allocate_array(p->n, sizeof *labels);
    mech_status status = of && rows && labels ? find_traits(p->experiments, of, error) : mech_fail_memory(error);
    for (size_t i = 0; i < sizeof questions / sizeof questions[0] && status == MECH_OK; i++)
        status = judge_slice(p, options, of, &questions[i], rows, labels, j, error);
    mech_release_array(of);
    mech_release_array(rows);
    mech_release_array(labels);
    return status;
}
