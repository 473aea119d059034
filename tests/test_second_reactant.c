/* A second reactant in designs: what runs start with of it, its errors and its readings are as the design says, files
 * hold them, and without a second reactant nothing of it is drawn. */
#include "base/memory.h"
#include "chemistry/mechanism.h"
#include "data/laboratory/blocks.h"
#include "data/laboratory/plan.h"
#include "uniformity.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define RUNS "runs: 50 % 4, else 6\nloadings: uniform 0.01 0.10\nfollowed-to: uniform 0.6 0.9\npoints: 6\ntimes: even\n"
#define REACTANT "reactant: uniform 0.8 3\nreactant-read: 25 % yes, else no\n"
#define CHANGED "same-excess: 1\nreactant-changed: 40 % none, 30 % 1, else 2\nreactant-changed-to: log-uniform 0.3 3\n"
#define ERRORS "start-error: 0.04\nresponse-error: 0.05\n"
#define MECHANISM                                                                                                      \
    "mechanism: B\ncat + S <=> catS : k1, k-1\ncatS + B -> cat + P : k2\nreactant: B (1.5)\nstart: B = 0.8\n"

enum { N = 20000 };

static design *parse(const char *text) {
    design *d;
    mech_error error;
    if (mech_design_parse(text, strlen(text), "test", &d, &error) != MECH_OK) fail_msg("%s", error.message);
    return d;
}

static void draw(const design *d, uint64_t i, size_t n_runs, const planned_reactant *reactant, experiment_plan *plan) {
    random_stream own = mech_random_open(3, RANDOM_CONDITIONS, 0, i),
                  theta = mech_random_open(3, RANDOM_LOADINGS, 0, i);
    mech_draw_plan(d, DESIGN_FOR_TRAINING, n_runs, reactant, &theta, &own, plan);
}

/* Within 3.3 standard deviations of the binomial distribution: missed with probability 0.001. */
static void check_share(size_t found, size_t of, double share) {
    assert_true(fabs((double)found - (double)of * share) < 3.3 * sqrt((double)of * share * (1 - share)));
}

static double normal_below(double x) { return 0.5 * erfc(-x / sqrt(2)); }

static void amounts_and_errors_are_drawn_as_said(void **state) {
    (void)state;
    static double standard[N], ratio[2 * N], start[6 * N], response[N];
    size_t n_ratio = 0, n_start = 0, n_read = 0, changed[3] = {0};
    const planned_reactant reactant = {.written = 1, .coefficient = 1.5};
    design *d = parse(RUNS REACTANT CHANGED ERRORS);
    for (uint64_t i = 0; i < N; i++) {
        experiment_plan plan;
        size_t n_changed = 0;
        draw(d, i, 6, &reactant, &plan);
        standard[i] = plan.runs[0].b0; /* plain runs come first where they are not shuffled */
        for (size_t r = 0; r < plan.n_runs; r++) {
            const planned_run *run = &plan.runs[r];
            if (run->s0 < 1) {
                assert_true(fabs(run->b0 - fmax(0, standard[i] - 1.5 * (1 - run->s0))) < 1e-12);
            } else if (run->b0 != standard[i]) {
                assert_true(run->p0 == 0 && run->s0 == 1);
                n_changed++;
                ratio[n_ratio++] = log(run->b0 / standard[i]);
            }
            assert_true(fabs(run->true_b0 - run->b0 * (double)plan.run_truths[TRUTH_START_B_FACTOR][r]) < 1e-6);
            start[n_start++] = normal_below(log((double)plan.run_truths[TRUTH_START_B_FACTOR][r]) / 0.04);
        }
        changed[n_changed]++;
        response[i] = normal_below(log(plan.truths[TRUTH_REACTANT_FACTOR]) / 0.05);
        n_read += plan.reads_reactant;
    }
    check_share(changed[0], N, 0.4);
    check_share(changed[1], N, 0.3);
    check_share(changed[2], N, 0.3);
    check_share(n_read, N, 0.25);
    assert_true(uniformity_distance(standard, N, 0.8, 3) < UNIFORM_AT_0_001);
    assert_true(uniformity_distance(ratio, n_ratio, log(0.3), log(3)) < UNIFORM_AT_0_001);
    assert_true(uniformity_distance(start, n_start, 0, 1) < UNIFORM_AT_0_001);
    assert_true(uniformity_distance(response, N, 0, 1) < UNIFORM_AT_0_001);
    mech_design_free(d);
}

static void without_a_second_reactant_nothing_of_it_is_drawn(void **state) {
    (void)state;
    const planned_reactant none = {.written = NAN}, some = {.written = 0.8, .coefficient = 1};
    design *with = parse(RUNS REACTANT CHANGED ERRORS), *without = parse(RUNS "same-excess: 1\n" ERRORS);
    for (uint64_t i = 0; i < 300; i++) {
        experiment_plan a, b, c;
        draw(with, i, 4, &none, &a);
        draw(without, i, 4, &none, &b);
        draw(without, i, 4, &some, &c);
        for (size_t r = 0; r < 4; r++) {
            assert_true(a.runs[r].true_s0 == b.runs[r].true_s0 && a.runs[r].true_cat0 == b.runs[r].true_cat0);
            assert_true(isnan(a.runs[r].b0) && isnan(a.run_truths[TRUTH_START_B_FACTOR][r]));
            assert_true(c.runs[r].true_s0 == b.runs[r].true_s0 && c.runs[r].true_p0 == b.runs[r].true_p0);
            assert_true(fabs(c.runs[r].b0 - fmax(0, 0.8 - (1 - c.runs[r].s0))) < 1e-12);
        }
        assert_true(!a.reads_reactant && isnan(a.truths[TRUTH_REACTANT_FACTOR]));
    }
    mech_design_free(with);
    mech_design_free(without);
}

/* The readings of B of a run against the simulation that starts as the truth says. */
static void compare_run(const mech_mechanism *m, const mech_run *run, const mech_truth *truth, size_t r) {
    enum { MOST = 16 };
    double times[MOST], start[MAX_SPECIES], y[MOST * MAX_SPECIES];
    const size_t n_species = mech_mechanism_n_species(m), n = run->n_readings;
    const int b = mech_mechanism_find_species(m, "B");
    assert_true(n <= MOST && run->n_reactants == 1 && strcmp(run->reactants[0].species, "B") == 0);
    mech_mechanism_start(m, run->s0 * truth->start_factor[r], run->p0 * truth->start_p_factor[r], run->cat0, start);
    start[b] = run->reactants[0].start * truth->start_b_factor[r] / 1.5;
    for (size_t i = 0; i < n; i++) times[i] = run->time[i] * truth->time_unit;
    mech_solver_options options = mech_solver_options_default();
    options.rtol = 1e-9;
    options.atol = 1e-12;
    const mech_problems problems = {.n_problems = 1, .k = truth->k, .start = start, .times = times, .n_times = n};
    assert_int_equal(mech_simulate(m, &options, &problems, y, NULL, NULL), MECH_OK);
    for (size_t i = 0; i < n; i++) {
        const double there = 1.5 * y[i * n_species + (size_t)b] * truth->reactant_factor;
        assert_true(fabs(run->reactants[0].concentration[i] - there) < 2e-5);
    }
}

static void a_file_holds_what_was_read_of_it(void **state) {
    (void)state;
    char folder[] = "/tmp/mechanist-reactant-XXXXXX", design_path[64], path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(design_path, sizeof design_path, "%s/design.txt", folder);
    snprintf(path, sizeof path, "%s/data.h5", folder);
    FILE *stream = fopen(design_path, "w");
    assert_non_null(stream);
    fputs(RUNS CHANGED ERRORS "reactant: log-uniform 0.6 2\nreactant-read: yes\n", stream);
    assert_int_equal(fclose(stream), 0);
    mech_mechanism *m;
    mech_error error;
    assert_int_equal(mech_mechanism_parse(MECHANISM, strlen(MECHANISM), "test", &m, &error), MECH_OK);
    const mech_mechanism *const set[] = {mech_builtin(0), m};
    mech_generate_options options = mech_generate_options_default();
    options.n_train = options.n_validation = 0;
    options.n_test = 60;
    options.design = design_path;
    options.mechanisms = set;
    options.n_mechanisms = 2;
    options.threads = 1;
    if (mech_generate(&options, path, NULL, NULL, &error) != MECH_OK) fail_msg("%s", error.message);
    mech_experiments *experiments;
    if (mech_experiments_read(path, "test", &experiments, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(mech_experiments_n(experiments), 60);
    const uint8_t *labels = mech_experiments_labels(experiments);
    for (size_t i = 0; i < 60; i++) {
        mech_run_set *runs;
        mech_truth *truth;
        assert_int_equal(mech_experiments_run_set(experiments, i, &runs, &error), MECH_OK);
        assert_int_equal(mech_experiments_truth(experiments, i, &truth, &error), MECH_OK);
        assert_true(truth->goes_on == 1 && truth->label == labels[i]);
        for (size_t r = 0; r < mech_run_set_n_runs(runs); r++) {
            const mech_run *run = mech_run_set_run(runs, r);
            if (labels[i] == 1)
                compare_run(m, run, truth, r);
            else
                assert_true(run->n_reactants == 0 && isnan(truth->start_b_factor[r]) && isnan(truth->reactant_factor));
        }
        mech_run_set_free(runs);
        mech_truth_free(truth);
    }
    mech_run_set *runs;
    assert_int_equal(mech_experiments_run_set(experiments, 60, &runs, &error), MECH_INVALID_ARGUMENT);
    mech_experiments_free(experiments);
    mech_mechanism_free(m);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(design_path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_and_errors_are_drawn_as_said),
        cmocka_unit_test(without_a_second_reactant_nothing_of_it_is_drawn),
        cmocka_unit_test(a_file_holds_what_was_read_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
