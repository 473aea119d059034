/* Every marginal of the design `laboratory`: what a plan draws follows the text, each distribution by chi-squared or
 * Kolmogorov & Smirnov at the level 0.001. */
#include "data/laboratory/plan.h"
#include "data/laboratory/times.h"
#include "uniformity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 20000 };

static const planned_reactant no_reactant = {.written = NAN};

static design *laboratory;
static experiment_plan *plans;   /* [N] */
static experiment_shape *shapes; /* [N] */
static double values[8 * N];
static size_t n_values;

static int draw_plans(void **state) {
    (void)state;
    mech_error error;
    plans = calloc(N, sizeof *plans);
    shapes = calloc(N, sizeof *shapes);
    if (!plans || !shapes || mech_design_open("laboratory", &laboratory, &error) != MECH_OK) return 1;
    for (uint64_t i = 0; i < N; i++) {
        random_stream shape = mech_random_open(3, RANDOM_SHAPE, 0, i),
                      own = mech_random_open(3, RANDOM_CONDITIONS, 0, i);
        random_stream theta = mech_random_open(3, RANDOM_LOADINGS, 0, i);
        mech_draw_shape(laboratory, DESIGN_FOR_TRAINING, &shape, &shapes[i]);
        mech_draw_plan(laboratory, DESIGN_FOR_TRAINING, shapes[i].n_runs, &no_reactant, &theta, &own, &plans[i]);
    }
    return 0;
}

static int free_plans(void **state) {
    (void)state;
    free(plans);
    free(shapes);
    mech_design_free(laboratory);
    return 0;
}

static void note(double value) {
    assert_true(n_values < sizeof values / sizeof values[0]);
    values[n_values++] = value;
}

/* Whether what was noted is uniform; forgets it. */
static void check_uniform(const char *what, double low, double high) {
    assert_true(n_values > 300);
    const double distance = uniformity_distance(values, n_values, low, high);
    if (distance > UNIFORM_AT_0_001) fail_msg("%s: not uniform, %g of %zu", what, distance, n_values);
    n_values = 0;
}

static void check_log_uniform(const char *what, double low, double high) {
    for (size_t i = 0; i < n_values; i++) values[i] = log(values[i]);
    check_uniform(what, log(low), log(high));
}

static void check_normal(const char *what) {
    for (size_t i = 0; i < n_values; i++) values[i] = 0.5 * erfc(-values[i] / sqrt(2));
    check_uniform(what, 0, 1);
}

/* Pearson's test of counts[n] against shares[n] of 1; chi-squared beyond these with probability 0.001. */
static void check_counts(const char *what, const size_t *counts, const double *shares, size_t n) {
    static const double bounds[] = {0,     10.83, 13.82, 16.27, 18.47, 20.52, 22.46, 24.32, 26.12,
                                    27.88, 29.59, 31.26, 32.91, 34.53, 36.12, 37.70, 39.25};
    double all = 0, statistic = 0;
    for (size_t i = 0; i < n; i++) all += (double)counts[i];
    for (size_t i = 0; i < n; i++) {
        assert_true(all * shares[i] > 5);
        statistic += pow((double)counts[i] - all * shares[i], 2) / (all * shares[i]);
    }
    if (statistic > bounds[n - 1]) fail_msg("%s: chi-squared %g with %zu degrees of freedom", what, statistic, n - 1);
}

static void check_share(const char *what, size_t n, size_t of, double share) {
    const size_t counts[] = {n, of - n};
    const double shares[] = {share, 1 - share};
    check_counts(what, counts, shares, 2);
}

static void runs_and_readings(void **state) {
    (void)state;
    static const double shares[] = {.05, .10, .20, .30, .15, .10, .05, .05};
    /* Readings of a run: bins up to and including these. */
    static const uint32_t ends[] = {2, 3, 4, 6, 9, 13, 20, 30, 45, 60, 83};
    enum { BINS = sizeof ends / sizeof ends[0], GRID = 2000 };
    size_t runs[8] = {0}, readings[BINS] = {0};
    double expected[BINS] = {0};
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(plans[i].n_runs, shapes[i].n_runs);
        runs[shapes[i].n_runs - 1]++;
        size_t sum = 0, bin = 0;
        for (size_t r = 0; r < shapes[i].n_runs; r++) sum += shapes[i].readings[r];
        assert_int_equal(sum, shapes[i].n_readings);
        while (shapes[i].readings[0] > ends[bin]) bin++; /* of one run: those of an experiment go together */
        readings[bin]++;
    }
    check_counts("runs", runs, shares, 8);
    for (int a = 0; a < GRID; a++)
        for (int b = 0; b < GRID; b++) {
            const double n = 2 * pow(32, (a + 0.5) / GRID), factor = 0.7 + 0.6 * (b + 0.5) / GRID;
            const double rounded = fmax(2, nearbyint(n * factor));
            size_t bin = 0;
            while (rounded > ends[bin]) bin++;
            expected[bin] += 1.0 / GRID / GRID;
        }
    check_counts("readings", readings, expected, BINS);
}

static void loadings_and_their_scale(void **state) {
    (void)state;
    static double pairs[N], reference[N];
    size_t n_ones = 0, n_pairs = 0, n_reference = 0;
    for (size_t i = 0; i < N; i++) {
        if (plans[i].scale == 1)
            n_ones++;
        else
            note(plans[i].scale);
    }
    check_share("scale 1", n_ones, N, 0.5);
    check_log_uniform("scale", 0.001, 2.5);
    for (size_t i = 0; i < N; i++) {
        const experiment_plan *p = &plans[i];
        for (size_t r = 0; r < p->n_runs; r++) {
            const double loading = p->runs[r].cat0 / p->scale;
            assert_true(loading >= 0.01 * (1 - 1e-12) && loading <= 0.1 * (1 + 1e-12));
            for (size_t q = 0; q < r; q++) {
                const double other = p->runs[q].cat0 / p->scale, ratio = fmax(other, loading) / fmin(other, loading);
                assert_true(ratio < 1 + 1e-9 || ratio >= 1.15 * (1 - 1e-12));
            }
        }
        if (p->n_runs == 1) note(p->runs[0].cat0 / p->scale);
        if (p->n_runs == 2) pairs[n_pairs++] = fmin(p->runs[0].cat0, p->runs[1].cat0) / p->scale;
    }
    check_uniform("loading of a single run", 0.01, 0.1);
    random_stream r = mech_random_open(4, RANDOM_TEST, 0, 0);
    while (n_reference < n_pairs) {
        const double a = 0.01 + 0.09 * mech_random_uniform(&r);
        for (;;) {
            const double b = 0.01 + 0.09 * mech_random_uniform(&r);
            if (fmax(a, b) < 1.15 * fmin(a, b)) continue;
            reference[n_reference++] = fmin(a, b);
            break;
        }
    }
    assert_true(distribution_distance(pairs, n_pairs, reference, n_reference) < UNIFORM_AT_0_001);
}

static bool starts_alike(const planned_run *a, const planned_run *b) {
    return a->s0 == b->s0 && a->p0 == b->p0 && a->cat0 == b->cat0;
}

static void runs_of_other_starts(void **state) {
    (void)state;
    static const double same_shares[] = {0.30, 0.35, 0.35}, p0_shares[] = {0.5, 0.3, 0.2};
    static const double same_of_three[] = {0.30, 0.35 + 0.35 * (1 - 0.85 * 0.9), 0.35 * 0.85 * 0.9};
    size_t same_counts[3] = {0}, three_counts[3] = {0}, p0_counts[3] = {0}, places[4] = {0}, n_large = 0, n_added = 0,
           n_repeated = 0, n_four = 0, added_of_four = 0, repeated_of_four = 0;
    static double added[N], p0[N];
    size_t n_added_values = 0, n_p0 = 0;
    for (size_t i = 0; i < N; i++) {
        const experiment_plan *p = &plans[i];
        size_t distinct = 0, same = 0, with_product = 0, plain = 0, place = 0;
        for (size_t r = 0; r < p->n_runs; r++) {
            const planned_run *run = &p->runs[r];
            bool is_new = true, known_loading = false;
            for (size_t q = 0; q < r; q++) is_new &= !starts_alike(run, &p->runs[q]);
            if (!is_new) continue;
            distinct++;
            if (run->s0 != 1) {
                same++;
                place = r;
                note(run->s0);
                const bool rest = fabs(run->p0 - (1 - run->s0)) < 1e-15;
                p0_counts[run->p0 == 0 ? 0 : rest ? 1 : 2]++;
                if (run->p0 != 0 && !rest) p0[n_p0++] = run->p0;
            } else if (run->p0 > 0) {
                with_product++;
                added[n_added_values++] = run->p0;
            } else
                plain++;
            for (size_t q = 0; q < p->n_runs; q++)
                known_loading |= p->runs[q].s0 == 1 && p->runs[q].p0 == 0 && p->runs[q].cat0 == run->cat0;
            assert_true(known_loading);
        }
        assert_true(plain >= 1);
        if (p->n_runs < 3) assert_int_equal(plain, p->n_runs);
        if (p->n_runs == 3) three_counts[same]++;
        if (p->n_runs == 4) {
            n_four++;
            added_of_four += with_product;
            repeated_of_four += p->n_runs - distinct;
            if (same == 1 && distinct == 4) places[place]++;
        }
        if (p->n_runs < 5) continue;
        n_large++;
        same_counts[same]++;
        n_added += with_product;
        n_repeated += p->n_runs - distinct;
    }
    check_uniform("[S]0 of same excess", 0.3, 0.8);
    check_counts("same excess", same_counts, same_shares, 3);
    check_counts("same excess of three runs", three_counts, same_of_three, 3);
    check_counts("[P]0 of same excess", p0_counts, p0_shares, 3);
    check_share("product added", n_added, n_large, 0.15);
    check_share("repeated", n_repeated, n_large, 0.10);
    check_share("product added, of four runs", added_of_four, n_four, 0.15);
    check_share("repeated, of four runs", repeated_of_four, n_four, 0.10);
    static const double quarters[] = {0.25, 0.25, 0.25, 0.25};
    check_counts("place of the same excess", places, quarters, 4);
    for (size_t i = 0; i < n_added_values; i++) note(added[i]);
    check_uniform("[P]0 added", 0.1, 0.6);
    for (size_t i = 0; i < n_p0; i++) note(p0[i]);
    check_uniform("[P]0 of same excess", 0, 0.6);
}

static void lengths(void **state) {
    (void)state;
    static const double quarters[] = {0.25, 0.25, 0.25, 0.25};
    size_t n_common = 0, n_going_on = 0, which[4] = {0}, common[4] = {0};
    for (size_t i = 0; i < N; i++) {
        note(plans[i].runs[0].share);
        n_common += plans[i].common_end < plans[i].n_runs;
        if (plans[i].n_runs == 4 && plans[i].common_end < 4) common[plans[i].common_end]++;
    }
    check_uniform("share of the final conversion", 0.3, 0.99);
    check_share("common end", n_common, N, 0.25);
    check_counts("whose end is common", common, quarters, 4);
    for (size_t i = 0; i < N; i++) {
        size_t going_on = 0;
        for (size_t r = 0; r < plans[i].n_runs; r++) {
            if (plans[i].runs[r].goes_on == 1) continue;
            going_on++;
            note(plans[i].runs[r].goes_on);
            if (plans[i].n_runs == 4) which[r]++;
        }
        assert_true(going_on <= 1);
        n_going_on += going_on;
    }
    check_uniform("a run goes on", 1, 3);
    check_share("experiments in which a run goes on", n_going_on, N, 0.15);
    check_counts("which run goes on", which, quarters, 4);
}

static void times_and_species(void **state) {
    (void)state;
    static const double quarters[] = {0.25, 0.25, 0.25, 0.25}, species_shares[] = {0.4, 0.3, 0.3};
    size_t kinds[4] = {0}, species[3] = {0}, at_0 = 0;
    for (size_t i = 0; i < N; i++) {
        const choice_kind kind = plans[i].times->kind;
        kinds[kind == CHOICE_EVEN ? 0 : kind == CHOICE_RANDOM ? 1 : kind == CHOICE_GEOMETRIC ? 2 : 3]++;
        species[plans[i].species == CHOICE_BOTH ? 0 : plans[i].species == CHOICE_SUBSTRATE ? 1 : 2]++;
        at_0 += plans[i].reading_at_0;
    }
    check_counts("kinds of times", kinds, quarters, 4);
    check_counts("species", species, species_shares, 3);
    check_share("reading at 0", at_0, N, 0.7);
}

static void spreads_of_errors(void **state) {
    (void)state;
    static const struct {
        set_truth truth;
        double none, low, high;
    } spreads[] = {{TRUTH_LOADING_SPREAD, 0.20, 0.01, 0.2}, {TRUTH_CLOCK_SPREAD, 0.25, 0.002, 0.05},
                   {TRUTH_START_SPREAD, 0.25, 0.003, 0.05}, {TRUTH_RESPONSE_SPREAD, 0.5, 0.003, 0.05},
                   {TRUTH_NOISE, 0, 0.0005, 0.05},          {TRUTH_RELATIVE_NOISE, 0.5, 0.001, 0.05}};
    for (size_t s = 0; s < sizeof spreads / sizeof spreads[0]; s++) {
        const char *name = mech_set_truth_name(spreads[s].truth);
        size_t n_none = 0;
        for (size_t i = 0; i < N; i++) {
            const double spread = plans[i].truths[spreads[s].truth];
            if (spread == 0)
                n_none++;
            else
                note(spread);
        }
        check_log_uniform(name, spreads[s].low, spreads[s].high);
        if (spreads[s].none > 0)
            check_share(name, n_none, N, spreads[s].none);
        else
            assert_int_equal(n_none, 0);
    }
}

static void errors_of_runs(void **state) {
    (void)state;
    static const struct {
        run_truth truth;
        set_truth spread;
        bool logarithm;
    } errors[] = {{TRUTH_CATALYST_FACTOR, TRUTH_LOADING_SPREAD, true},
                  {TRUTH_CLOCK_OFFSET, TRUTH_CLOCK_SPREAD, false},
                  {TRUTH_START_FACTOR, TRUTH_START_SPREAD, true},
                  {TRUTH_START_P_FACTOR, TRUTH_START_SPREAD, true}};
    for (size_t e = 0; e < sizeof errors / sizeof errors[0]; e++) {
        for (size_t i = 0; i < N; i++) {
            const double spread = plans[i].truths[errors[e].spread];
            const double value = (double)plans[i].run_truths[errors[e].truth][plans[i].n_runs - 1];
            if (spread > 0)
                note((errors[e].logarithm ? log(value) : value) / spread);
            else
                assert_true(value == (errors[e].logarithm ? 1 : 0));
        }
        check_normal(mech_run_truth_name(errors[e].truth));
    }
    for (size_t i = 0; i < N; i++)
        for (size_t r = 0; r < plans[i].n_runs; r++) {
            const planned_run *run = &plans[i].runs[r];
            const double weighed = run->cat0 * (double)plans[i].run_truths[TRUTH_CATALYST_FACTOR][r];
            assert_true(fabs(run->true_cat0 - (weighed - plans[i].truths[TRUTH_DEAD_CATALYST])) < 1e-6 * weighed);
            assert_true(run->true_cat0 > 0);
        }
}

static void errors_of_the_whole(void **state) {
    (void)state;
    static const set_truth responses[] = {TRUTH_SUBSTRATE_FACTOR, TRUTH_PRODUCT_FACTOR};
    size_t n_dead = 0, n_share = 0, n_outliers = 0;
    for (int t = 0; t < 2; t++) {
        for (size_t i = 0; i < N; i++)
            if (plans[i].truths[TRUTH_RESPONSE_SPREAD] > 0)
                note(log(plans[i].truths[responses[t]]) / plans[i].truths[TRUTH_RESPONSE_SPREAD]);
        check_normal(mech_set_truth_name(responses[t]));
    }
    for (size_t i = 0; i < N; i++) {
        double least = INFINITY;
        for (size_t r = 0; r < plans[i].n_runs; r++) least = fmin(least, plans[i].runs[r].cat0);
        if (plans[i].truths[TRUTH_DEAD_CATALYST] == 0) continue;
        n_dead++;
        note(plans[i].truths[TRUTH_DEAD_CATALYST] / least);
    }
    check_uniform("dead catalyst", 0, 0.3);
    check_share("dead catalyst", n_dead, N, 0.2);
    for (size_t i = 0; i < N; i++) {
        if (plans[i].truths[TRUTH_PRODUCT_SHARE] == 1) continue;
        n_share++;
        note(plans[i].truths[TRUTH_PRODUCT_SHARE]);
    }
    check_uniform("product share", 0.7, 1);
    check_share("product share", n_share, N, 0.2);
    for (size_t i = 0; i < N; i++)
        if (plans[i].truths[TRUTH_OUTLIER_SHARE] > 0) note(plans[i].truths[TRUTH_OUTLIER_SHARE]);
    n_outliers = n_values;
    check_uniform("share of outliers", 0, 0.08);
    check_share("outliers", n_outliers, N, 0.15);
    for (size_t i = 0; i < N; i++)
        if (plans[i].truths[TRUTH_OUTLIER_SHARE] > 0) note(plans[i].truths[TRUTH_OUTLIER_SPREAD]);
    check_uniform("spread of outliers", 0.1, 0.3);
}

/* Each kind of times, with and without one at 0, from two readings on. */
static void times_are_spread_as_said(void **state) {
    (void)state;
    const choice even = {1, CHOICE_EVEN, 0, 0}, random = {1, CHOICE_RANDOM, 0, 0},
                 geometric = {1, CHOICE_GEOMETRIC, 0.03, 0}, dense = {1, CHOICE_DENSE, 2, 0},
                 grid = {1, CHOICE_GRID, 101, 0};
    const choice *const kinds[] = {&even, &random, &geometric, &dense, &grid};
    random_stream r = mech_random_open(5, RANDOM_TEST, 0, 0);
    double times[40];
    for (size_t k = 0; k < 5; k++)
        for (size_t n = 2; n <= 40; n++)
            for (int at_0 = 0; at_0 < 2; at_0++) {
                mech_draw_times(kinds[k], at_0, 7, n, &r, times);
                assert_true(at_0 ? times[0] == 0 : times[0] > 0);
                for (size_t i = 1; i < n; i++) assert_true(times[i] > times[i - 1]);
                assert_true(kinds[k] == &grid ? times[n - 1] <= 7 : times[n - 1] == 7);
            }
    mech_draw_times(&even, false, 7, 7, &r, times);
    assert_true(fabs(times[2] - 3) < 1e-12);
    mech_draw_times(&geometric, true, 7, 4, &r, times);
    assert_true(fabs(times[1] - 0.21) < 1e-12 && fabs(times[2] / times[1] - times[3] / times[2]) < 1e-9);
    mech_draw_times(&dense, false, 8, 4, &r, times);
    assert_true(fabs(times[1] - 2) < 1e-12);
    for (int i = 0; i < 2000; i++) {
        mech_draw_times(&random, true, 1, 6, &r, times);
        note(pow(1 - times[1], 4)); /* the least of four: 1 - (1 - x)^4 */
    }
    check_uniform("random times", 0, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_and_readings),        cmocka_unit_test(loadings_and_their_scale),
        cmocka_unit_test(runs_of_other_starts),     cmocka_unit_test(lengths),
        cmocka_unit_test(times_and_species),        cmocka_unit_test(spreads_of_errors),
        cmocka_unit_test(errors_of_runs),           cmocka_unit_test(errors_of_the_whole),
        cmocka_unit_test(times_are_spread_as_said),
    };
    return cmocka_run_group_tests(tests, draw_plans, free_plans);
}
