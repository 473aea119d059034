/* Experiments: without noise a reading is the simulation under the errors that are written down, what noise is added is
 * what is written down, and neither threads nor neighbours matter. Also the old designs, said as designs. */
#include "base/memory.h"
#include "chemistry/mechanism.h"
#include "data/laboratory/blocks.h"
#include "data/samples/sample.h"
#include "data/samples/samples.h"
#include "uniformity.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_THETAS = 4, N_MECHANISMS = 20, MOST_VALUES = 40000 };

static const mech_mechanism *mechanisms[N_MECHANISMS];
static theta_pool pools[N_MECHANISMS];
static mech_solver_options solver;
static team *threads[2]; /* of one and of three */

static int draw_pools(void **state) {
    (void)state;
    mech_error error;
    solver = mech_solver_options_default();
    threads[0] = mech_team_new(1);
    threads[1] = mech_team_new(3);
    for (size_t m = 0; m < N_MECHANISMS; m++) {
        mechanisms[m] = mech_builtin(m);
        if (mech_draw_wide_thetas(mechanisms[m], MECH_DESIGN_NATURE, 3, N_THETAS, threads[0], &pools[m], &error) !=
            MECH_OK)
            return 1;
    }
    return 0;
}

static int free_pools(void **state) {
    (void)state;
    for (size_t m = 0; m < N_MECHANISMS; m++) mech_theta_pool_free(&pools[m]);
    mech_team_free(threads[0]);
    mech_team_free(threads[1]);
    return 0;
}

/* The design laboratory without the lines that begin with one of these words, so that their defaults hold. */
static design *laboratory_without(const char *const *keys, size_t n) {
    const char *name;
    char text[LONGEST_DESIGN];
    size_t length = 0;
    mech_error error;
    design *d;
    for (size_t i = 0; (mech_design_builtin(i, &name)); i++) {
        if (strcmp(name, "laboratory") != 0) continue;
        for (const char *line = mech_design_builtin(i, &name); *line;) {
            const size_t whole = strcspn(line, "\n") + 1;
            bool kept = true;
            for (size_t k = 0; k < n; k++) kept &= strncmp(line, keys[k], strlen(keys[k])) != 0;
            if (kept) {
                memcpy(text + length, line, whole);
                length += whole;
            }
            line += whole;
        }
    }
    if (mech_design_parse(text, length, "laboratory", &d, &error) != MECH_OK) fail_msg("%s", error.message);
    return d;
}

static design *open_design(const char *name) {
    mech_error error;
    design *d;
    if (mech_design_open(name, &d, &error) != MECH_OK) fail_msg("%s", error.message);
    return d;
}

static experiment_source source_of(const design *d, dataset_split split) {
    return (experiment_source){.mechanisms = mechanisms,
                               .n_mechanisms = N_MECHANISMS,
                               .pools = pools,
                               .split = split,
                               .design = d,
                               .seed = 9,
                               .solver = &solver,
                               .n_theta = 6};
}

static run_sets *simulate(const design *d, dataset_split split, size_t first, size_t n, team *t) {
    const experiment_source source = source_of(d, split);
    uint64_t failures[N_MECHANISMS] = {0};
    mech_error error;
    run_sets *sets;
    if (mech_simulate_block(&source, first, n, t, &sets, failures, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(sets->n, n);
    return sets;
}

/* Runs that CVODE gave up at these tolerances: one in some thousand. */
static size_t n_given_up, n_references;

/* S and P of run r of set i at times of theta, by CVODE: values[n][2]. False where it gave up. */
static bool reference(const run_sets *s, size_t i, size_t r, const double *times, size_t n, double *values) {
    const mech_mechanism *mechanism = mechanisms[s->label[i]];
    mech_solver_options options = mech_solver_options_default();
    double start[MAX_SPECIES];
    mech_error error;
    options.solver = MECH_SOLVER_CVODE;
    options.rtol = 1e-9;
    options.atol = 1e-9 * (double)s->cat0[r];
    const double catalyst =
        (double)s->cat0[r] * (double)s->run_truths[TRUTH_CATALYST_FACTOR][r] - s->set_truths[TRUTH_DEAD_CATALYST][i];
    mech_mechanism_start(mechanism, (double)s->s0[r] * (double)s->run_truths[TRUTH_START_FACTOR][r],
                         (double)s->p0[r] * (double)s->run_truths[TRUTH_START_P_FACTOR][r], catalyst, start);
    for (int j = 0; j < mechanism->n_species; j++)
        if (mechanism->species[j].role == MECH_ROLE_ADDITIVE) start[j] = s->additive[i];
    double *y = mech_allocate_array(n, (size_t)mechanism->n_species * sizeof *y);
    assert_non_null(y);
    const mech_problems problems = {
        .n_problems = 1, .k = s->theta + i * s->n_theta, .start = start, .times = times, .n_times = n};
    mech_solver_statistics statistics = {.size = sizeof statistics};
    if (mech_simulate(mechanism, &options, &problems, y, &statistics, &error) != MECH_OK) fail_msg("%s", error.message);
    n_references++;
    n_given_up += statistics.failures;
    for (size_t t = 0; t < n; t++) {
        values[2 * t] = y[t * (size_t)mechanism->n_species + (size_t)mechanism->substrate];
        values[2 * t + 1] = y[t * (size_t)mechanism->n_species + (size_t)mechanism->product];
    }
    mech_release_array(y);
    return statistics.failures == 0;
}

static void forget_references(void) {
    assert_true(n_references > 500 && n_given_up * 500 <= n_references);
    n_references = n_given_up = 0;
}

/* What the readings of run r of set i are without noise, under all errors that are written down: values[n][2].
 * False where they are not known. */
static bool expected_readings(const run_sets *s, size_t i, size_t r, double *values) {
    const size_t from = (size_t)s->reading_offset[r], n = (size_t)s->reading_offset[r + 1] - from;
    double times[MOST_READINGS] = {0};
    for (size_t t = 0; t < n; t++)
        times[t] = fmax(0, (double)s->time[from + t] + (double)s->run_truths[TRUTH_CLOCK_OFFSET][r]) *
                   s->set_truths[TRUTH_TIME_UNIT][i];
    if (!reference(s, i, r, times, n, values)) return false;
    const double p0 = (double)s->p0[r] * (double)s->run_truths[TRUTH_START_P_FACTOR][r];
    for (size_t t = 0; t < n; t++) {
        const double made = values[2 * t + 1] - p0;
        values[2 * t] *= s->set_truths[TRUTH_SUBSTRATE_FACTOR][i];
        values[2 * t + 1] = s->set_truths[TRUTH_PRODUCT_FACTOR][i] *
                            (p0 + made * (made > 0 ? s->set_truths[TRUTH_PRODUCT_SHARE][i] : 1));
    }
    return true;
}

static void readings_without_noise_are_the_simulation(void **state) {
    (void)state;
    static const char *const noise[] = {"noise:", "relative-noise:", "outliers:", "outlier-error:"};
    static double values[2 * MOST_READINGS];
    design *d = laboratory_without(noise, 4);
    run_sets *s = simulate(d, SPLIT_TRAIN, 0, 12 * N_MECHANISMS, threads[0]);
    double largest = 0;
    size_t n_compared = 0;
    for (size_t i = 0; i < s->n; i++)
        for (size_t r = (size_t)s->run_offset[i]; r < s->run_offset[i + 1]; r++) {
            if (!expected_readings(s, i, r, values)) continue;
            const size_t from = (size_t)s->reading_offset[r];
            for (size_t t = 0; t < 2 * (s->reading_offset[r + 1] - from); t++) {
                const float reading = t % 2 ? s->product[from + t / 2] : s->substrate[from + t / 2];
                if (isnan(reading)) continue;
                n_compared++;
                largest = fmax(largest, fabs((double)reading - values[t]));
            }
        }
    /* The solver's error; of times, starts and factors single precision is kept. */
    if (largest > 2e-5) fail_msg("a reading is off by %g", largest);
    assert_true(n_compared > 10000);
    forget_references();
    mech_run_sets_free(s);
    mech_design_free(d);
}

static void noise_is_what_is_written_down(void **state) {
    (void)state;
    static double values[2 * MOST_READINGS], residuals[MOST_VALUES];
    design *d = open_design("laboratory");
    run_sets *s = simulate(d, SPLIT_TRAIN, 0, 12 * N_MECHANISMS, threads[0]);
    size_t n = 0, n_outliers = 0;
    double outliers = 0;
    for (size_t i = 0; i < s->n; i++)
        for (size_t r = (size_t)s->run_offset[i]; r < s->run_offset[i + 1]; r++) {
            if (!expected_readings(s, i, r, values)) continue;
            const double a = s->set_truths[TRUTH_NOISE][i], share = s->set_truths[TRUTH_OUTLIER_SHARE][i],
                         spread = s->set_truths[TRUTH_OUTLIER_SPREAD][i];
            const size_t from = (size_t)s->reading_offset[r];
            for (size_t t = 0; t < 2 * (s->reading_offset[r + 1] - from); t++) {
                const float reading = t % 2 ? s->product[from + t / 2] : s->substrate[from + t / 2];
                if (isnan(reading)) continue;
                const double b = s->set_truths[TRUTH_RELATIVE_NOISE][i] * values[t], off = (double)reading - values[t];
                if (share > 0) {
                    outliers += off * off / (a * a + b * b + share * spread * spread);
                    n_outliers++;
                } else {
                    assert_true(n < MOST_VALUES);
                    residuals[n++] = 0.5 * erfc(-off / sqrt(2 * (a * a + b * b)));
                }
            }
        }
    assert_true(n > 10000 && uniformity_distance(residuals, n, 0, 1) < UNIFORM_AT_0_001);
    /* Few and large: the mean square of so many is known to about 15 %. */
    assert_true(n_outliers > 1000);
    assert_true(fabs(outliers / (double)n_outliers - 1) < 0.4);
    forget_references();
    mech_run_sets_free(s);
    mech_design_free(d);
}

/* To which share of its own final conversion each run is followed, and how long all of them are. */
static void runs_are_followed_as_said(void **state) {
    (void)state;
    static const char *const errors[] = {
        "noise:",   "relative-noise:", "outliers:",   "outlier-error:", "clock-error",    "response-error",
        "goes-on:", "species:",        "start-error", "dead-catalyst",  "loading-error:", "common-end:"};
    static double shares[4000];
    design *d = laboratory_without(errors, sizeof errors / sizeof errors[0]);
    run_sets *s = simulate(d, SPLIT_TRAIN, 0, 40 * N_MECHANISMS, threads[0]);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        double longest = 0;
        for (size_t r = (size_t)s->run_offset[i]; r < s->run_offset[i + 1]; r++) {
            const double last = (double)s->time[s->reading_offset[r + 1] - 1], unit = s->set_truths[TRUTH_TIME_UNIT][i];
            const double times[] = {last * unit, fmax(last * unit, 100 / s->set_truths[TRUTH_SCALE][i])};
            double values[4];
            longest = fmax(longest, last);
            if (!reference(s, i, r, times, 2, values)) continue;
            const double change = values[2] - (double)s->s0[r];
            if (fabs(change) < 0.0101) continue; /* followed to the end */
            shares[n++] = (values[0] - (double)s->s0[r]) / change;
        }
        assert_true(longest == 1);
    }
    assert_true(n > 2000 && uniformity_distance(shares, n, 0.3, 0.99) < UNIFORM_AT_0_001);
    forget_references();
    mech_run_sets_free(s);
    mech_design_free(d);
}

static design *design_of(const char *text) {
    design *d;
    mech_error error;
    if (mech_design_parse(text, strlen(text), "own", &d, &error) != MECH_OK) fail_msg("%s", error.message);
    return d;
}

/* A run that goes on ends so many times later than the share of its final conversion to which it is followed. */
static void runs_that_go_on_do_so_beyond_their_end(void **state) {
    (void)state;
    enum { SETS = 25 * N_MECHANISMS };
    static double shares[SETS], lengths[SETS];
    design *d = design_of("runs: 1\nloadings: uniform 0.01 0.10\nfollowed-to: uniform 0.3 0.99\ngoes-on: uniform 1 3\n"
                          "points: 5\ntimes: even\nadditive: uniform 0.001 0.01\n");
    run_sets *s = simulate(d, SPLIT_TRAIN, 0, SETS, threads[0]);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        const double unit = s->set_truths[TRUTH_TIME_UNIT][i], end = unit / s->set_truths[TRUTH_GOES_ON][i];
        const double times[] = {end, fmax(unit, 100)};
        double values[4];
        lengths[i] = s->set_truths[TRUTH_GOES_ON][i];
        if (!reference(s, i, i, times, 2, values) || fabs(values[2] - 1) < 0.0101) continue;
        shares[n++] = (values[0] - 1) / (values[2] - 1);
    }
    assert_true(n > SETS / 2 && uniformity_distance(shares, n, 0.3, 0.99) < UNIFORM_AT_0_001);
    assert_true(uniformity_distance(lengths, SETS, 1, 3) < UNIFORM_AT_0_001);
    n_references = n_given_up = 0;
    mech_run_sets_free(s);
    mech_design_free(d);
}

/* The clock of a run is off by a share of its own length, whatever the other runs are; an additive that the design
 * draws is scaled as the loadings are. */
static void clocks_go_by_the_run_and_additives_by_the_scale(void **state) {
    (void)state;
    enum { SETS = 40 * N_MECHANISMS };
    static double offsets[4 * SETS];
    design *d =
        design_of("runs: 4\nloadings: uniform 0.01 0.10\nfollowed-to: uniform 0.3 0.99\npoints: 3\ntimes: even\n"
                  "clock-error: log-uniform 0.002 0.05\nscale: log-uniform 0.001 2.5\n"
                  "additive: uniform 0.001 0.01\n");
    run_sets *s = simulate(d, SPLIT_TRAIN, 0, SETS, threads[0]);
    size_t n = 0, n_additives = 0;
    for (size_t i = 0; i < s->n; i++) {
        const mech_mechanism *mechanism = mechanisms[s->label[i]];
        const theta_pool *pool = &pools[s->label[i]];
        for (size_t r = (size_t)s->run_offset[i]; r < s->run_offset[i + 1]; r++) {
            const double length = (double)s->time[s->reading_offset[r + 1] - 1];
            const double off = (double)s->run_truths[TRUTH_CLOCK_OFFSET][r] / length;
            offsets[n++] = 0.5 * erfc(-off / s->set_truths[TRUTH_CLOCK_SPREAD][i] / sqrt(2));
        }
        if (strcmp(mech_mechanism_id(mechanism), "M10") != 0 && strcmp(mech_mechanism_id(mechanism), "M15") != 0)
            continue;
        bool is_scaled = false;
        for (size_t j = 0; j < pool->n; j++)
            is_scaled |= fabs(s->additive[i] / (pool->additive[j] * s->set_truths[TRUTH_SCALE][i]) - 1) < 1e-12;
        assert_true(is_scaled);
        n_additives++;
    }
    assert_true(uniformity_distance(offsets, n, 0, 1) < UNIFORM_AT_0_001);
    assert_int_equal(n_additives, 2 * SETS / N_MECHANISMS);
    mech_run_sets_free(s);
    mech_design_free(d);
}

static void common_ends_are_common(void **state) {
    (void)state;
    design *d = open_design("laboratory");
    run_sets *s = simulate(d, SPLIT_TRAIN, 0, 40 * N_MECHANISMS, threads[0]);
    size_t n = 0, n_common = 0;
    for (size_t i = 0; i < s->n; i++) {
        const size_t from = (size_t)s->run_offset[i], to = (size_t)s->run_offset[i + 1];
        size_t alike = 0;
        if (to - from < 4) continue;
        for (size_t r = from; r < to; r++)
            for (size_t q = from; q < r; q++)
                alike += fabs(s->time[s->reading_offset[r + 1] - 1] - s->time[s->reading_offset[q + 1] - 1]) < 1e-6f;
        n++;
        /* All but perhaps one that goes on. */
        if (alike >= (to - from - 1) * (to - from - 2) / 2) n_common++;
    }
    assert_true(fabs((double)n_common / (double)n - 0.25) < 3.3 * sqrt(0.25 * 0.75 / (double)n));
    mech_run_sets_free(s);
    mech_design_free(d);
}

static void assert_same_sets(const run_sets *a, size_t i, const run_sets *b, size_t j) {
    const size_t ra = (size_t)a->run_offset[i], rb = (size_t)b->run_offset[j];
    const size_t n_runs = (size_t)a->run_offset[i + 1] - ra;
    assert_int_equal(n_runs, b->run_offset[j + 1] - rb);
    const size_t ma = (size_t)a->reading_offset[ra], mb = (size_t)b->reading_offset[rb];
    const size_t n = (size_t)a->reading_offset[ra + n_runs] - ma;
    assert_int_equal(n, b->reading_offset[rb + n_runs] - mb);
    assert_int_equal(a->label[i], b->label[j]);
    assert_memory_equal(a->theta + i * a->n_theta, b->theta + j * b->n_theta, a->n_theta * sizeof *a->theta);
    assert_memory_equal(a->cat0 + ra, b->cat0 + rb, n_runs * sizeof *a->cat0);
    assert_memory_equal(a->time + ma, b->time + mb, n * sizeof *a->time);
    assert_memory_equal(a->substrate + ma, b->substrate + mb, n * sizeof *a->substrate);
    assert_memory_equal(a->product + ma, b->product + mb, n * sizeof *a->product);
    for (int t = 0; t < N_SET_TRUTHS; t++)
        assert_true(!a->held.of_set[t] || a->set_truths[t][i] == b->set_truths[t][j]);
    for (int t = 0; t < N_RUN_TRUTHS; t++)
        assert_memory_equal(a->run_truths[t] + ra, b->run_truths[t] + rb, n_runs * sizeof(float));
}

static void neither_threads_nor_neighbours_matter(void **state) {
    (void)state;
    enum { WHOLE = 15 * N_MECHANISMS, FIRST = 107, PART = 90 };
    design *d = open_design("laboratory");
    run_sets *whole = simulate(d, SPLIT_VALIDATION, 0, WHOLE, threads[0]),
             *part = simulate(d, SPLIT_VALIDATION, FIRST, PART, threads[1]),
             *other = simulate(d, SPLIT_TEST, 0, N_MECHANISMS, threads[0]);
    for (size_t i = 0; i < PART; i++) assert_same_sets(part, i, whole, FIRST + i);
    assert_true(other->n_runs != whole->run_offset[N_MECHANISMS] || other->time[1] != whole->time[1]);
    mech_run_sets_free(whole);
    mech_run_sets_free(part);
    mech_run_sets_free(other);
    mech_design_free(d);
}

/* Column `column` of the last reading of run `run` of all samples; 3 the loading. */
static size_t collect_samples(const mech_samples *s, size_t run, size_t column, size_t time, double *values) {
    for (size_t i = 0; i < s->n; i++)
        values[i] = column == 3 ? (double)s->x1[i * N_RUNS + run]
                                : (double)s->x2[(i * s->n_times + time) * SAMPLE_COLUMNS + run * RUN_COLUMNS + column];
    return s->n;
}

static size_t collect_sets(const run_sets *s, size_t run, size_t column, size_t time, bool own_time, double *values) {
    for (size_t i = 0; i < s->n; i++) {
        const size_t r = (size_t)s->run_offset[i] + run, from = (size_t)s->reading_offset[r];
        const double unit = own_time ? (double)s->time[s->reading_offset[r + 1] - 1] : 1;
        values[i] = column == 3   ? (double)s->cat0[r]
                    : column == 0 ? (double)s->time[from + time] / unit
                    : column == 1 ? (double)s->substrate[from + time]
                                  : (double)s->product[from + time];
    }
    return s->n;
}

/* The texts of the old designs say what the old generators do: loadings, starts, times and concentrations of both are
 * distributed alike. */
static void old_protocols_are_what_their_texts_say(void **state) {
    (void)state;
    static const struct {
        const char *name;
        mech_sample_design design;
        dataset_split split;
    } cases[] = {{"nature", MECH_DESIGN_NATURE, SPLIT_TRAIN},
                 {"nature", MECH_DESIGN_NATURE, SPLIT_TEST},
                 {"seed", MECH_DESIGN_FIXED_WINDOW, SPLIT_TRAIN},
                 {"fixed-window", MECH_DESIGN_FIXED_WINDOW, SPLIT_TEST}};
    static double old[2000], new[2000];
    enum { EACH = 2000, LABEL = 0 };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        design *d = open_design(cases[c].name);
        const size_t n_times = mech_measured_times(cases[c].design, cases[c].split);
        const sample_series series = {.mechanism = mechanisms[LABEL],
                                      .label = LABEL,
                                      .split = cases[c].split,
                                      .design = cases[c].design,
                                      .seed = 9, /* that thetas have the same loadings */
                                      .solver = &solver,
                                      .pool = &pools[LABEL]};
        experiment_source source = source_of(d, cases[c].split);
        uint64_t failures = 0;
        mech_error error;
        run_sets *sets;
        source.n_mechanisms = 1;
        mech_samples *samples = mech_samples_new(cases[c].design, EACH, n_times, 6, 1);
        assert_non_null(samples);
        assert_int_equal(mech_simulate_samples(&series, 0, EACH, samples, 0, 1, &failures, &error), MECH_OK);
        assert_int_equal(mech_simulate_block(&source, 0, EACH, threads[0], &sets, &failures, &error), MECH_OK);
        assert_int_equal(sets->n_runs, EACH * N_RUNS);
        assert_int_equal(sets->n_readings, EACH * N_RUNS * n_times);
        for (size_t run = 0; run < N_RUNS; run++)
            for (size_t column = 0; column < 4; column++) {
                const size_t time = column ? n_times - 1 : 3;
                collect_samples(samples, run, column, time, old);
                collect_sets(sets, run, column, time, cases[c].design == MECH_DESIGN_FIXED_WINDOW, new);
                const double distance = distribution_distance(old, EACH, new, EACH);
                if (distance > UNIFORM_AT_0_001)
                    fail_msg("%s, case %zu, run %zu, column %zu: %g", cases[c].name, c, run, column, distance);
            }
        mech_run_sets_free(sets);
        mech_samples_free(samples);
        mech_design_free(d);
    }
}

/* A second reactant: what a run starts with of it is noted, less where the run starts with less S, and it is used up.
 */
static void second_reactants_are_noted(void **state) {
    (void)state;
    static const char text[] = "name: own\ncat + S <=> catS : k1, k-1\ncatS + B -> cat + P : k2\nreactant: B\n"
                               "start: B = 1.3\n";
    mech_mechanism *own;
    mech_error error;
    uint64_t failures[2] = {0};
    theta_pool both[2] = {pools[0], {0}};
    if (mech_mechanism_parse(text, sizeof text - 1, "own", &own, &error) != MECH_OK) fail_msg("%s", error.message);
    if (mech_draw_wide_thetas(own, MECH_DESIGN_NATURE, 3, 2, threads[0], &both[1], &error) != MECH_OK)
        fail_msg("%s", error.message);
    const mech_mechanism *two[] = {mechanisms[0], own};
    design *d = open_design("laboratory");
    experiment_source source = source_of(d, SPLIT_TRAIN);
    source.mechanisms = two;
    source.n_mechanisms = 2;
    source.pools = both;
    run_sets *s;
    assert_int_equal(mech_simulate_block(&source, 0, 100, threads[0], &s, failures, &error), MECH_OK);
    assert_non_null(s->b0);
    size_t n_less = 0;
    for (size_t i = 0; i < s->n; i++)
        for (size_t r = (size_t)s->run_offset[i]; r < s->run_offset[i + 1]; r++) {
            assert_true(i % 2 ? fabsf(s->b0[r] - (1.3f - (1 - s->s0[r]))) < 1e-6f : isnan(s->b0[r]));
            n_less += i % 2 && s->b0[r] < 1.29f;
            assert_true(isnan(s->b[s->reading_offset[r]]));
        }
    assert_true(n_less > 10);
    mech_run_sets_free(s);
    mech_theta_pool_free(&both[1]);
    mech_design_free(d);
    mech_mechanism_free(own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readings_without_noise_are_the_simulation),
        cmocka_unit_test(noise_is_what_is_written_down),
        cmocka_unit_test(runs_are_followed_as_said),
        cmocka_unit_test(runs_that_go_on_do_so_beyond_their_end),
        cmocka_unit_test(clocks_go_by_the_run_and_additives_by_the_scale),
        cmocka_unit_test(common_ends_are_common),
        cmocka_unit_test(neither_threads_nor_neighbours_matter),
        cmocka_unit_test(old_protocols_are_what_their_texts_say),
        cmocka_unit_test(second_reactants_are_noted),
    };
    return cmocka_run_group_tests(tests, draw_pools, free_pools);
}
