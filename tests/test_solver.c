/* The batched solver: analytic solutions, stiff classics against CVODE, failures, and independence of neighbours,
 * threads and instruction set. */
#include "base/machine/processor.h"
#include "base/memory.h"
#include "base/random.h"
#include "chemistry/mechanism.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_TIMES = 41 };

#define ONE_WAY(k, r0, r1, p0, p1)                                                                                     \
    { .reactants = {r0, r1, -1}, .products = {p0, p1, -1}, .rate_constant = k }

static const mech_mechanism decay = {
    .n_species = 2, .n_reactions = 1, .n_rate_constants = 1, .reactions = {ONE_WAY(0, 0, -1, 1, -1)}};
static const mech_mechanism equilibrium = {.n_species = 2,
                                           .n_reactions = 2,
                                           .n_rate_constants = 2,
                                           .reactions = {ONE_WAY(0, 0, -1, 1, -1), ONE_WAY(1, 1, -1, 0, -1)}};
static const mech_mechanism chain = {.n_species = 3,
                                     .n_reactions = 2,
                                     .n_rate_constants = 2,
                                     .reactions = {ONE_WAY(0, 0, -1, 1, -1), ONE_WAY(1, 1, -1, 2, -1)}};
static const mech_mechanism pairing = {
    .n_species = 2, .n_reactions = 1, .n_rate_constants = 1, .reactions = {ONE_WAY(0, 0, 0, 1, -1)}};
static const mech_mechanism addition = {
    .n_species = 3, .n_reactions = 1, .n_rate_constants = 1, .reactions = {ONE_WAY(0, 0, 1, 2, -1)}};
/* H. H. Robertson's autocatalysis (Hairer & Wanner, Solving Ordinary Differential Equations II, eq. IV.1.4). */
static const mech_mechanism robertson = {
    .n_species = 3,
    .n_reactions = 3,
    .n_rate_constants = 3,
    .reactions = {ONE_WAY(0, 0, -1, 1, -1), ONE_WAY(1, 1, 1, 1, 2), ONE_WAY(2, 1, 2, 0, 2)}};
/* E + S <=> ES -> E + P */
static const mech_mechanism enzyme = {
    .n_species = 4,
    .n_reactions = 3,
    .n_rate_constants = 3,
    .reactions = {ONE_WAY(0, 0, 1, 2, -1), ONE_WAY(1, 2, -1, 0, 1), ONE_WAY(2, 2, -1, 0, 3)}};

static void fill_times(double t_end, size_t n, double *times) {
    for (size_t i = 0; i < n; i++) times[i] = t_end * (double)i / (double)(n - 1);
}

/* One run of a mechanism at N_TIMES uniform times. */
static void run(const mech_mechanism *mechanism, mech_solver_options options, const double *k, const double *start,
                double t_end, double *y) {
    double times[N_TIMES];
    mech_error error = {0};
    mech_solver_statistics statistics = {.size = sizeof statistics};
    fill_times(t_end, N_TIMES, times);
    const mech_problems problems = {.n_problems = 1, .k = k, .start = start, .times = times, .n_times = N_TIMES};
    if (mech_simulate(mechanism, &options, &problems, y, &statistics, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(statistics.failures, 0);
}

static mech_solver_options tolerances(mech_solver solver, double rtol, double atol) {
    mech_solver_options options = mech_solver_options_default();
    options.solver = solver;
    options.rtol = rtol;
    options.atol = atol;
    return options;
}

static void decay_law(const double *k, double t, double *y) {
    y[0] = exp(-k[0] * t);
    y[1] = 1 - y[0];
}
static void equilibrium_law(const double *k, double t, double *y) {
    const double sum = k[0] + k[1];
    y[0] = (k[1] + k[0] * exp(-sum * t)) / sum;
    y[1] = 1 - y[0];
}
static void chain_law(const double *k, double t, double *y) {
    y[0] = exp(-k[0] * t);
    y[1] = k[0] / (k[1] - k[0]) * (exp(-k[0] * t) - exp(-k[1] * t));
    y[2] = 1 - y[0] - y[1];
}
static void pairing_law(const double *k, double t, double *y) {
    y[0] = 1 / (1 + 2 * k[0] * t);
    y[1] = (1 - y[0]) / 2;
}
static void addition_law(const double *k, double t, double *y) {
    /* From 1 and 0.5: the ratio of the two grows as exp(k (1 - 0.5) t). */
    const double ratio = 2 * exp(k[0] * 0.5 * t);
    y[0] = 0.5 * ratio / (ratio - 1);
    y[1] = y[0] - 0.5;
    y[2] = 1 - y[0];
}

static void solutions_are_the_analytic_ones(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const mech_mechanism *mechanism;
        void (*law)(const double *, double, double *);
        double k[2], start[3], t_end;
    } cases[] = {
        {"A -> B", &decay, decay_law, {0.7}, {1}, 10},
        {"A -> B, fast", &decay, decay_law, {1e5}, {1}, 100},
        {"A <=> B", &equilibrium, equilibrium_law, {0.3, 0.2}, {1}, 10},
        {"A <=> B, stiff", &equilibrium, equilibrium_law, {3e4, 2e4}, {1}, 100},
        {"A -> B -> C", &chain, chain_law, {0.5, 0.1}, {1}, 30},
        {"A -> B -> C, stiff", &chain, chain_law, {0.02, 1e5}, {1}, 100},
        {"2 A -> B", &pairing, pairing_law, {2}, {1}, 10},
        {"A + B -> C", &addition, addition_law, {1.5}, {1, 0.5}, 10},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
        for (int solver = 0; solver < 2; solver++) {
            const int n = cases[c].mechanism->n_species;
            double y[N_TIMES * 3], expected[3];
            run(cases[c].mechanism, tolerances(solver ? MECH_SOLVER_CVODE : MECH_SOLVER_BATCH, 1e-8, 1e-11), cases[c].k,
                cases[c].start, cases[c].t_end, y);
            for (int i = 0; i < N_TIMES; i++) {
                cases[c].law(cases[c].k, cases[c].t_end * i / (N_TIMES - 1), expected);
                for (int s = 0; s < n; s++)
                    if (!(fabs(y[i * n + s] - expected[s]) < 2e-6))
                        fail_msg("%s, time %d, species %d: %.12g is not %.12g", cases[c].name, i, s, y[i * n + s],
                                 expected[s]);
            }
        }
}

static void the_error_follows_the_tolerance(void **state) {
    (void)state;
    const double k[2] = {0.5, 0.1}, start[3] = {1};
    double y[N_TIMES * 3], expected[3], last = 1;
    for (double rtol = 1e-3; rtol > 1e-10; rtol /= 100) {
        double worst = 0;
        run(&chain, tolerances(MECH_SOLVER_BATCH, rtol, rtol), k, start, 30, y);
        for (int i = 0; i < N_TIMES; i++) {
            chain_law(k, 30.0 * i / (N_TIMES - 1), expected);
            for (int s = 0; s < 3; s++) worst = fmax(worst, fabs(y[i * 3 + s] - expected[s]));
        }
        assert_true(worst < 20 * rtol);
        assert_true(worst < last / 5);
        last = worst;
    }
}

static void robertson_agrees_with_cvode(void **state) {
    (void)state;
    const double k[3] = {0.04, 3e7, 1e4}, start[3] = {1};
    double y[N_TIMES * 3], reference[N_TIMES * 3];
    run(&robertson, tolerances(MECH_SOLVER_BATCH, 1e-7, 1e-12), k, start, 4e4, y);
    run(&robertson, tolerances(MECH_SOLVER_CVODE, 1e-10, 1e-16), k, start, 4e4, reference);
    for (int i = 0; i < N_TIMES * 3; i++) assert_true(fabs(y[i] - reference[i]) < 2e-6);
    assert_true(reference[(N_TIMES - 1) * 3] < 0.05); /* almost all has reacted */
}

static void a_scarce_enzyme_obeys_the_integrated_michaelis_menten_law(void **state) {
    (void)state;
    const double k[3] = {1e4, 5, 15}, start[4] = {1e-5, 0.01}, km = (k[1] + k[2]) / k[0], vmax = k[2] * start[0];
    double y[N_TIMES * 4];
    run(&enzyme, tolerances(MECH_SOLVER_BATCH, 1e-9, 1e-15), k, start, 100, y);
    for (int i = 1; i < N_TIMES; i++) {
        /* S0 - S + Km ln(S0 / S) = Vmax t, up to the share E0 / (S0 + Km) of the quasi-steady state. */
        const double s = y[i * 4 + 1], t = 100.0 * i / (N_TIMES - 1);
        const double left = start[1] - s + km * log(start[1] / s);
        assert_true(fabs(left - vmax * t) < 2 * start[0] / (start[1] + km) * fmax(vmax * t, start[1]));
    }
    assert_true(y[(N_TIMES - 1) * 4 + 1] < 0.002);
}

/* Problems of one mechanism over the whole prior, and room for their solution. */
typedef struct problem_set {
    const mech_mechanism *mechanism;
    mech_problems problems;
    double *k, *start, *times, *y;
    size_t values; /* of one problem's solution */
} problem_set;

static problem_set draw_problems(const mech_mechanism *mechanism, size_t n, double exponent, uint64_t number) {
    const size_t n_k = (size_t)mechanism->n_rate_constants, n_s = (size_t)mechanism->n_species;
    problem_set set = {.mechanism = mechanism,
                       .k = mech_allocate_array(n * n_k, sizeof(double)),
                       .start = mech_allocate_array(n * n_s, sizeof(double)),
                       .times = mech_allocate_array(N_TIMES, sizeof(double)),
                       .y = mech_allocate_array(n * N_TIMES * n_s, sizeof(double)),
                       .values = N_TIMES * n_s};
    random_stream r = mech_random_open(7, RANDOM_TEST, 3, number);
    assert_non_null(set.y);
    for (size_t i = 0; i < n * n_k; i++) set.k[i] = pow(10, exponent * (2 * mech_random_uniform(&r) - 1));
    for (size_t i = 0; i < n; i++)
        mech_mechanism_start(mechanism, 1, 0, 0.01 + 0.09 * mech_random_uniform(&r), set.start + i * n_s);
    fill_times(100, N_TIMES, set.times);
    set.problems = (mech_problems){
        .n_problems = n, .k = set.k, .start = set.start, .times = set.times, .n_times = N_TIMES, .times_shared = true};
    return set;
}

static void free_problems(problem_set *set) {
    mech_release_array(set->k);
    mech_release_array(set->start);
    mech_release_array(set->times);
    mech_release_array(set->y);
}

static void solve(problem_set *set, int threads) {
    mech_solver_options options = mech_solver_options_default();
    mech_error error = {0};
    options.threads = threads;
    if (mech_simulate(set->mechanism, &options, &set->problems, set->y, NULL, &error) != MECH_OK)
        fail_msg("%s", error.message);
}

static void a_solution_does_not_depend_on_its_neighbours(void **state) {
    (void)state;
    enum { N = 37 };
    static const char *const ids[] = {"M1", "M13", "M20"};
    for (size_t m = 0; m < 3; m++) {
        problem_set together = draw_problems(mech_builtin_find(ids[m]), N, 5, m);
        problem_set other = draw_problems(together.mechanism, N, 5, m);
        const size_t n_k = (size_t)together.mechanism->n_rate_constants, n_s = (size_t)together.mechanism->n_species;
        solve(&together, 1);
        uint32_t order[N];
        random_stream r = mech_random_open(7, RANDOM_TEST, 4, m);
        mech_random_permutation(&r, N, order);
        for (size_t i = 0; i < N; i++) {
            memcpy(other.k + i * n_k, together.k + order[i] * n_k, n_k * sizeof(double));
            memcpy(other.start + i * n_s, together.start + order[i] * n_s, n_s * sizeof(double));
        }
        solve(&other, 1);
        for (size_t i = 0; i < N; i++)
            assert_memory_equal(other.y + i * other.values, together.y + order[i] * other.values,
                                other.values * sizeof(double));
        for (size_t i = 0; i < N; i += 6) { /* alone */
            other.problems.n_problems = 1;
            other.problems.k = together.k + i * n_k;
            other.problems.start = together.start + i * n_s;
            solve(&other, 1);
            assert_memory_equal(other.y, together.y + i * other.values, other.values * sizeof(double));
        }
        free_problems(&together);
        free_problems(&other);
    }
}

static void solutions_do_not_depend_on_the_number_of_threads(void **state) {
    (void)state;
    enum { N = 300 };
    problem_set one = draw_problems(mech_builtin_find("M8"), N, 5, 10);
    problem_set many = draw_problems(mech_builtin_find("M8"), N, 5, 10);
    solve(&one, 1);
    solve(&many, 4);
    assert_memory_equal(one.y, many.y, N * one.values * sizeof(double));
    free_problems(&one);
    free_problems(&many);
}

static void all_instruction_sets_agree_to_rounding(void **state) {
    (void)state;
    enum { N = 16 };
    int compared = 0;
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        problem_set baseline = draw_problems(mech_builtin(m), N, 2, 20 + m);
        problem_set wide = draw_problems(mech_builtin(m), N, 2, 20 + m);
        setenv("MECHANIST_LANES", mech_instruction_set_name(LANES_BASELINE), 1);
        solve(&baseline, 1);
        for (int set = LANES_BASELINE + 1; set < N_INSTRUCTION_SETS; set++) {
            if (!mech_processor_has((instruction_set)set)) continue;
            setenv("MECHANIST_LANES", mech_instruction_set_name((instruction_set)set), 1);
            solve(&wide, 1);
            for (size_t i = 0; i < N * wide.values; i++)
                if (!(fabs(wide.y[i] - baseline.y[i]) < 1e-9))
                    fail_msg("%s, %s: %.17g is not %.17g", mech_builtin(m)->id,
                             mech_instruction_set_name((instruction_set)set), wide.y[i], baseline.y[i]);
            compared++;
        }
        free_problems(&baseline);
        free_problems(&wide);
    }
    unsetenv("MECHANIST_LANES");
    if (!compared) {
        print_message("this processor runs the baseline only: nothing to compare\n");
        skip();
    }
}

static void a_copy_of_a_builtin_network_has_the_same_solution(void **state) {
    (void)state;
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        const mech_mechanism copy = *mech_builtin(m);
        problem_set special = draw_problems(mech_builtin(m), 8, 2, 50 + m);
        problem_set general = draw_problems(&copy, 8, 2, 50 + m);
        solve(&special, 1);
        solve(&general, 1);
        for (size_t i = 0; i < 8 * special.values; i++) assert_true(fabs(special.y[i] - general.y[i]) < 1e-9);
        free_problems(&special);
        free_problems(&general);
    }
}

static void statistics_count_what_was_done(void **state) {
    (void)state;
    problem_set set = draw_problems(mech_builtin_find("M1"), 10, 3, 80);
    mech_solver_options options = mech_solver_options_default();
    mech_solver_statistics s = {.size = sizeof s}, twice = {.size = sizeof twice};
    assert_int_equal(mech_simulate(set.mechanism, &options, &set.problems, set.y, &s, NULL), MECH_OK);
    assert_true(s.steps >= 100 && s.rejected_steps < s.steps / 2);
    assert_int_equal(s.derivative_evaluations, 6 * s.steps);
    assert_int_equal(s.factorisations, s.steps);
    assert_int_equal(s.failures, 0);
    set.problems.n_problems = 5;
    assert_int_equal(mech_simulate(set.mechanism, &options, &set.problems, set.y, &twice, NULL), MECH_OK);
    assert_true(twice.steps < s.steps);
    set.problems.n_problems = 0;
    assert_int_equal(mech_simulate(set.mechanism, &options, &set.problems, set.y, &twice, NULL), MECH_OK);
    assert_int_equal(twice.steps, 0);
    free_problems(&set);
}

static void a_failure_is_nan_from_there_on_and_touches_no_neighbour(void **state) {
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        problem_set well = draw_problems(mech_builtin_find("M9"), 5, 1, 90);
        problem_set ill = draw_problems(mech_builtin_find("M9"), 5, 1, 90);
        const size_t n_s = (size_t)ill.mechanism->n_species;
        mech_solver_options options = mech_solver_options_default();
        mech_solver_statistics statistics = {.size = sizeof statistics};
        if (kind == 0) ill.k[2 * 5] = NAN;
        if (kind == 1) ill.k[2 * 5] = INFINITY;
        if (kind == 2) ill.k[2 * 5] = 1e306, ill.k[2 * 5 + 1] = 1e-306, ill.start[2 * n_s] = 1e300;
        solve(&well, 1);
        assert_int_equal(mech_simulate(ill.mechanism, &options, &ill.problems, ill.y, &statistics, NULL), MECH_OK);
        assert_int_equal(statistics.failures, 1);
        for (size_t i = 0; i < 5; i++)
            if (i != 2)
                assert_memory_equal(ill.y + i * ill.values, well.y + i * ill.values, ill.values * sizeof(double));
        assert_memory_equal(ill.y + 2 * ill.values, ill.start + 2 * n_s, n_s * sizeof(double));
        for (size_t i = n_s; i < ill.values; i++) assert_true(isnan(ill.y[2 * ill.values + i]));
        free_problems(&well);
        free_problems(&ill);
    }
}

static void a_solution_cut_short_by_max_steps_is_right_as_far_as_it_goes(void **state) {
    (void)state;
    const double k = 0.5, start[2] = {1, 0};
    double times[N_TIMES], y[N_TIMES * 2];
    mech_solver_options options = tolerances(MECH_SOLVER_BATCH, 1e-8, 1e-11);
    mech_solver_statistics statistics = {.size = sizeof statistics};
    options.max_steps = 40;
    fill_times(20, N_TIMES, times);
    const mech_problems problems = {.n_problems = 1, .k = &k, .start = start, .times = times, .n_times = N_TIMES};
    assert_int_equal(mech_simulate(&decay, &options, &problems, y, &statistics, NULL), MECH_OK);
    assert_int_equal(statistics.failures, 1);
    size_t known = 0;
    for (; known < N_TIMES && !isnan(y[2 * known]); known++)
        assert_true(fabs(y[2 * known] - exp(-k * times[known])) < 1e-6);
    assert_true(known > 1 && known < N_TIMES);
    for (size_t i = known; i < N_TIMES; i++) assert_true(isnan(y[2 * i]) && isnan(y[2 * i + 1]));
}

static void times_may_repeat_or_stand_at_zero(void **state) {
    (void)state;
    const double k = 1, start[2] = {1, 0}, times[2][4] = {{0, 0, 0, 0}, {0, 1, 1, 2}};
    double y[2][4][2];
    const mech_solver_options options = mech_solver_options_default();
    for (int i = 0; i < 2; i++) {
        const mech_problems problems = {.n_problems = 1, .k = &k, .start = start, .times = times[i], .n_times = 4};
        assert_int_equal(mech_simulate(&decay, &options, &problems, &y[i][0][0], NULL, NULL), MECH_OK);
        for (int j = 0; j < 4; j++) assert_true(fabs(y[i][j][0] - exp(-times[i][j])) < 2e-6);
    }
}

static void requests_without_meaning_are_refused(void **state) {
    (void)state;
    const double k = 1, start[2] = {1, 0};
    double y[6];
    static const struct {
        double rtol, atol, times[3];
        size_t max_steps, n_times;
        const char *message;
    } cases[] = {
        {0, 1e-9, {0, 1, 2}, 10, 3, "tolerances are rtol = 0 and atol = 1e-09; expected positive numbers"},
        {1e-6, -1, {0, 1, 2}, 10, 3, "tolerances are rtol = 1e-06 and atol = -1; expected positive numbers"},
        {NAN, 1, {0, 1, 2}, 10, 3, "tolerances are rtol = nan and atol = 1; expected positive numbers"},
        {1e-6, 1e-9, {0, 2, 1}, 10, 3, "problem 0: time 2 is 1; expected ascending times from 0 on"},
        {1e-6, 1e-9, {-1, 0, 1}, 10, 3, "problem 0: time 0 is -1; expected ascending times from 0 on"},
        {1e-6, 1e-9, {0, 1, NAN}, 10, 3, "problem 0: time 2 is nan; expected ascending times from 0 on"},
        {1e-6, 1e-9, {0, 1, 2}, 0, 3, "at most 0 steps; expected one or more"},
        {1e-6, 1e-9, {0, 1, 2}, 10, 0, "there is no time to write the solution at"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        mech_solver_options options = tolerances(MECH_SOLVER_BATCH, cases[c].rtol, cases[c].atol);
        mech_error error = {0};
        options.max_steps = cases[c].max_steps;
        const mech_problems problems = {
            .n_problems = 1, .k = &k, .start = start, .times = cases[c].times, .n_times = cases[c].n_times};
        assert_int_equal(mech_simulate(&decay, &options, &problems, y, NULL, &error), MECH_INVALID_ARGUMENT);
        assert_string_equal(error.message, cases[c].message);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solutions_are_the_analytic_ones),
        cmocka_unit_test(the_error_follows_the_tolerance),
        cmocka_unit_test(robertson_agrees_with_cvode),
        cmocka_unit_test(a_scarce_enzyme_obeys_the_integrated_michaelis_menten_law),
        cmocka_unit_test(a_solution_does_not_depend_on_its_neighbours),
        cmocka_unit_test(solutions_do_not_depend_on_the_number_of_threads),
        cmocka_unit_test(all_instruction_sets_agree_to_rounding),
        cmocka_unit_test(a_copy_of_a_builtin_network_has_the_same_solution),
        cmocka_unit_test(statistics_count_what_was_done),
        cmocka_unit_test(a_failure_is_nan_from_there_on_and_touches_no_neighbour),
        cmocka_unit_test(a_solution_cut_short_by_max_steps_is_right_as_far_as_it_goes),
        cmocka_unit_test(times_may_repeat_or_stand_at_zero),
        cmocka_unit_test(requests_without_meaning_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
