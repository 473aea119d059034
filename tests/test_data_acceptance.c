/* The acceptance rules: thetas on either side of every bound, the share that is accepted, mechanisms without a rule. */
#include "chemistry/mechanism.h"
#include "data/conditions/additive.h"
#include "data/conditions/conditions.h"
#include "data/prior/acceptance.h"
#include "data/prior/prior.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_CONSTANTS = 6, N_GRID = 3001 };

static verdict judge(const mech_mechanism *mechanism, const double *k, double additive) {
    const mech_solver_options options = mech_solver_options_default();
    const candidates c = {.n = 1, .k = k, .additive = &additive};
    mech_error error;
    uint8_t decision = 99;
    if (mech_judge_candidates(mechanism, &options, &c, &decision, &error) != MECH_OK) fail_msg("%s", error.message);
    return (verdict)decision;
}

/* A theta, what becomes of it, and the quantity that decides: the conversion at a loading of 0.01 (yield), or the share
 * of the loading that the rule looks at, at 0.03, 0.05 and 0.07. With X = L = I = 1. */
typedef struct rule_case {
    const char *mechanism;
    double k[MOST_CONSTANTS];
    verdict verdict;
    double shares[3];
} rule_case;

static const rule_case yield_cases[] = {
    /* 0.5 is the bound: k2 of the last two makes the difference. */
    {"M1", {0.919, 0.000568, 88200, 0.117}, ACCEPTED, {0.601}},
    {"M1", {0.682, 5.3e-05, 36.7, 0.224}, REFUSED_BY_YIELD, {0.489}},
    {"M4", {34100, 1.59, 3.47, 27600}, ACCEPTED, {0.729}},
    {"M4", {11.1, 0.437, 0.525, 9.33e-05}, REFUSED_BY_YIELD, {0.481}},
    {"M5", {364, 4170, 1120, 2.16, 14500, 1180}, ACCEPTED, {0.563}},
    {"M5", {0.84, 33.3, 14200, 0.67, 8700, 75.5}, REFUSED_BY_YIELD, {0.491}},
};

/* Refused by yield would be another matter: all of these convert at least half. */
static const rule_case rule_cases[] = {
    /* largest [cat2] from X = 0.2 to 0.5 at 0.05 above 0.10 */
    {"M2", {370, 3230, 73200, 0.000787, 78.7, 8.48e-05}, ACCEPTED, {0.132, 0.132, 0.132}},
    {"M2", {16200, 0.22, 18400, 88.4, 3600, 0.00206}, REFUSED_BY_RULE, {0.087, 0.087, 0.088}},
    /* smallest [cat] up to X = 0.1 at 0.05 above 0.05; at other loadings it does not count */
    {"M3", {1690, 1.53e-05, 425, 0.000229, 15200, 0.000193}, ACCEPTED, {0.049, 0.0515, 0.055}},
    {"M3", {94.2, 0.997, 9.82, 2.02e-05, 502, 9.81e-05}, REFUSED_BY_RULE, {0.041, 0.044, 0.048}},
    /* active at X = 0.2 within 0.1 and 0.9 */
    {"M6", {21200, 0.0678, 13.2, 29.8, 0.0366}, ACCEPTED, {0.178, 0.139, 0.118}},
    {"M6", {3510, 1.61e-05, 7430, 4.59e-05, 606}, ACCEPTED, {0.936, 0.855, 0.789}},
    {"M6", {8250, 6.46, 27300, 0.00114, 4.21}, REFUSED_BY_RULE, {0.095, 0.074, 0.063}},
    {"M6", {4.89, 1.78e-05, 2.59, 3.45, 1.02}, REFUSED_BY_RULE, {0.994, 0.964, 0.922}},
    /* active at X = 0.2 within 0.1 and 0.8 */
    {"M7", {53100, 1.94e-05, 11.1, 494, 0.0213, 0.00359}, ACCEPTED, {0.141, 0.110, 0.093}},
    {"M7", {76.9, 1.56e-05, 3940, 0.00155, 17.2, 1.31e-05}, ACCEPTED, {0.890, 0.780, 0.695}},
    {"M7", {2210, 273, 2070, 6.25, 0.779, 0.1}, REFUSED_BY_RULE, {0.095, 0.074, 0.063}},
    {"M7", {38, 0.000241, 211, 0.000547, 53200, 9820}, REFUSED_BY_RULE, {0.832, 0.832, 0.832}},
    /* active at X = 0.5 within 0.1 and 0.9 */
    {"M8", {31000, 690, 17500, 2.92e-05, 5.94, 5.05}, ACCEPTED, {0.134, 0.105, 0.090}},
    {"M8", {6860, 0.0487, 123, 0.00131, 11.1, 0.551}, ACCEPTED, {0.906, 0.810, 0.736}},
    {"M8", {90900, 0.0162, 55.9, 0.109, 0.0156, 0.04}, REFUSED_BY_RULE, {0.093, 0.073, 0.062}},
    {"M8", {416, 0.221, 110, 323, 18.4, 0.482}, REFUSED_BY_RULE, {0.990, 0.967, 0.932}},
    /* living catalyst at X = 0.5 within 0.5 and 0.9 */
    {"M9", {1110, 0.0034, 1720, 0.0273, 9.7}, ACCEPTED, {0.807, 0.879, 0.914}},
    {"M9", {12.4, 0.657, 59200, 3.68, 0.0397}, REFUSED_BY_RULE, {0.926, 0.956, 0.968}},
    {"M11", {145, 0.0096, 16100, 0.000494, 2.21}, ACCEPTED, {0.750, 0.849, 0.892}},
    {"M11", {10.4, 0.348, 45200, 8.88, 0.0279}, REFUSED_BY_RULE, {0.955, 0.973, 0.981}},
    {"M12", {106, 15.4, 15400, 6.89, 5.02}, ACCEPTED, {0.849, 0.877, 0.896}},
    {"M12", {2.28, 12.6, 12500, 1.29, 0.0101}, REFUSED_BY_RULE, {0.972, 0.983, 0.988}},
    {"M14", {955, 0.0212, 53.1, 32.1, 0.812}, ACCEPTED, {0.755, 0.859, 0.903}},
    {"M14", {13, 45.7, 18200, 0.652, 72.4}, REFUSED_BY_RULE, {0.932, 0.960, 0.971}},
    {"M16", {22800, 714, 3800, 1.61, 77}, ACCEPTED, {0.766, 0.865, 0.908}},
    {"M16", {19.2, 11000, 3690, 0.0197, 13.2}, REFUSED_BY_RULE, {0.956, 0.973, 0.981}},
    {"M17", {302, 0.167, 581, 13, 41.5}, ACCEPTED, {0.764, 0.830, 0.881}},
    {"M17", {133, 2.03e-05, 204, 254, 2.1}, REFUSED_BY_RULE, {0.931, 0.955, 0.968}},
    /* the same within 0.5 and 0.8 */
    {"M13", {17.7, 0.000201, 9580, 28300, 10.7}, ACCEPTED, {0.611, 0.607, 0.603}},
    {"M13", {17100, 26700, 26500, 1.22, 5910}, REFUSED_BY_RULE, {0.457, 0.457, 0.457}},
    {"M13", {18600, 83900, 521, 60, 24.9}, REFUSED_BY_RULE, {0.847, 0.847, 0.848}},
    {"M18", {1890, 8.86, 2380, 0.00984, 4070}, ACCEPTED, {0.550, 0.563, 0.575}},
    {"M18", {12200, 0.000159, 4890, 65.9, 6530}, REFUSED_BY_RULE, {0.444, 0.460, 0.475}},
    {"M18", {807, 0.000261, 15.9, 0.00499, 3.42}, REFUSED_BY_RULE, {0.821, 0.827, 0.834}},
    {"M19", {29.8, 0.0137, 1800, 0.809, 564}, ACCEPTED, {0.732, 0.735, 0.735}},
    {"M19", {1.4, 0.000592, 21200, 0.000145, 21100}, REFUSED_BY_RULE, {0.469, 0.431, 0.414}},
    {"M19", {15.1, 8.38e-05, 1.42, 3.11, 2.41}, REFUSED_BY_RULE, {0.825, 0.827, 0.828}},
    /* inactive at X = 0.5 at least 0.1 */
    {"M10", {39000, 219, 802, 317, 239}, ACCEPTED, {0.174, 0.106, 0.076}},
    {"M10", {48.8, 1.53, 64500, 0.00311, 0.197}, REFUSED_BY_RULE, {0.094, 0.056, 0.040}},
    {"M15", {84.8, 5.09, 416, 0.0227, 4.52}, ACCEPTED, {0.178, 0.106, 0.076}},
    {"M15", {47.6, 3.37, 14700, 0.263, 60.9}, REFUSED_BY_RULE, {0.070, 0.042, 0.030}},
    /* living catalyst at X = 0.5 within 0.5 and 0.9, and both dead forms above 0.05 */
    {"M20", {132, 3.91e-05, 515, 52.3, 0.777, 3.39}, ACCEPTED, {0.753, 0.844, 0.889}},
    {"M20", {336, 1.35e-05, 16300, 36.4, 2.74, 107}, ACCEPTED, {0.722, 0.820, 0.870}},
    {"M20", {123, 1.84e-05, 64300, 1.31e-05, 1.44, 40.8}, REFUSED_BY_RULE, {0.750, 0.835, 0.880}}, /* 0.24 and 0.010 */
    {"M20", {195, 900, 19800, 0.0119, 2.68, 2.63e-05}, REFUSED_BY_RULE, {0.722, 0.808, 0.859}},    /* 0.28 and 0 */
};

/* The reference solution of a run at a loading with [S]0 = 1 on a logarithmic grid of times. */
typedef struct reference {
    size_t n_species;
    double y[N_GRID * MAX_SPECIES];
} reference;

static reference solution; /* too large for the stack */

static void solve_reference(const mech_mechanism *mechanism, const double *k, double additive, double loading) {
    static double times[N_GRID];
    double start[MAX_SPECIES];
    mech_solver_options options = mech_solver_options_default();
    mech_error error;
    options.solver = MECH_SOLVER_CVODE;
    options.rtol = 1e-9;
    options.atol = 1e-13;
    for (int i = 1; i < N_GRID; i++) times[i] = pow(10, -7 + 9.0 * (i - 1) / (N_GRID - 2));
    times[N_GRID - 1] = 100;
    mech_start_run(mechanism, 1, 0, loading, additive, start);
    solution.n_species = mech_mechanism_n_species(mechanism);
    const mech_problems problems = {.n_problems = 1, .k = k, .start = start, .times = times, .n_times = N_GRID};
    if (mech_simulate(mechanism, &options, &problems, solution.y, NULL, &error) != MECH_OK)
        fail_msg("%s", error.message);
}

static double sum_of(size_t time, const int *forms) {
    double sum = 0;
    for (int i = 0; i < 2; i++)
        if (forms[i] >= 0) sum += solution.y[time * solution.n_species + (size_t)forms[i]];
    return sum;
}

static double conversion(size_t time) {
    const double end = solution.y[(N_GRID - 1) * solution.n_species];
    return (1 - solution.y[time * solution.n_species]) / (1 - end);
}

/* The sum of two species where X passes x for the first time, by interpolation on the grid. */
static double sum_at(double x, const int *forms) {
    size_t i = 1;
    while (conversion(i) < x) i++;
    const double share = (x - conversion(i - 1)) / (conversion(i) - conversion(i - 1));
    return sum_of(i - 1, forms) + share * (sum_of(i, forms) - sum_of(i - 1, forms));
}

/* What the rule of a mechanism looks at, written down a second time, without its code. */
static double share_seen(const mech_mechanism *mechanism, double loading) {
    static const struct {
        const char *mechanism, *first, *second;
        double x;
    } looks[] = {{"M6", "cat*", "cat*S", 0.2},
                 {"M7", "catS", "catS2", 0.2},
                 {"M8", "cat*", "cat*S", 0.5},
                 {"M10", "inactive", "", 0.5},
                 {"M15", "inactive", "", 0.5}};
    const char *id = mech_mechanism_id(mechanism);
    int forms[2] = {mech_mechanism_find_species(mechanism, "cat"), mech_mechanism_find_species(mechanism, "catS")};
    double extreme = strcmp(id, "M2") == 0 ? 0 : 1, x = 0.5;
    if (strcmp(id, "M2") == 0 || strcmp(id, "M3") == 0) {
        const int form[2] = {mech_mechanism_find_species(mechanism, strcmp(id, "M2") == 0 ? "cat2" : "cat"), -1};
        for (size_t i = 0; i < N_GRID; i++) {
            const double now = conversion(i), sum = sum_of(i, form);
            if (strcmp(id, "M2") == 0 && now >= 0.2 && now <= 0.5) extreme = fmax(extreme, sum);
            if (strcmp(id, "M3") == 0 && now < 0.1) extreme = fmin(extreme, sum);
        }
        return extreme / loading;
    }
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++)
        if (strcmp(looks[i].mechanism, id) == 0) {
            forms[0] = mech_mechanism_find_species(mechanism, looks[i].first);
            forms[1] = mech_mechanism_find_species(mechanism, looks[i].second);
            x = looks[i].x;
        }
    return sum_at(x, forms) / loading;
}

static void the_yield_rule_divides_at_one_half(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof yield_cases / sizeof yield_cases[0]; i++) {
        const rule_case *c = &yield_cases[i];
        const mech_mechanism *mechanism = mech_builtin_find(c->mechanism);
        solve_reference(mechanism, c->k, 1, 0.01);
        const double yield = 1 - solution.y[(N_GRID - 1) * solution.n_species];
        if (fabs(yield - c->shares[0]) > 1e-3) fail_msg("%s, case %zu: yield %.4f", c->mechanism, i, yield);
        assert_int_equal(judge(mechanism, c->k, 1), c->verdict);
    }
}

static void each_rule_divides_at_its_bounds(void **state) {
    (void)state;
    static const double loadings[3] = {0.03, 0.05, 0.07};
    for (size_t i = 0; i < sizeof rule_cases / sizeof rule_cases[0]; i++) {
        const rule_case *c = &rule_cases[i];
        const mech_mechanism *mechanism = mech_builtin_find(c->mechanism);
        const verdict decision = judge(mechanism, c->k, 1);
        if (decision != c->verdict) fail_msg("%s, case %zu: verdict %d", c->mechanism, i, decision);
        for (size_t l = 0; l < 3; l++) {
            solve_reference(mechanism, c->k, 1, loadings[l]);
            const double share = share_seen(mechanism, loadings[l]);
            if (fabs(share - c->shares[l]) > 2e-3)
                fail_msg("%s, case %zu: %.4f at %g", c->mechanism, i, share, loadings[l]);
        }
    }
}

/* The share of candidates that is accepted, against that of an independent implementation on 40,000 candidates each. */
static void as_many_are_accepted_as_by_an_independent_implementation(void **state) {
    (void)state;
    static const struct {
        const char *mechanism;
        double seed, nature;
    } rates[] = {{"M1", 0.211, 0.211},  {"M2", 0.026, 0.026}, {"M3", 0.071, 0.071},  {"M4", 0.212, 0.133},
                 {"M6", 0.055, 0.055},  {"M8", 0.043, 0.054}, {"M10", 0.010, 0.032}, {"M15", 0.010, 0.030},
                 {"M13", 0.010, 0.010}, {"M17", 0.009, 0.009}};
    enum { N = 6000, N_REFERENCE = 40000 };
    static double k[N * MOST_CONSTANTS], additive[N];
    static uint8_t verdicts[N];
    const mech_solver_options options = mech_solver_options_default();
    mech_error error;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        const mech_mechanism *mechanism = mech_builtin_find(rates[i].mechanism);
        const size_t n_k = mech_mechanism_n_rate_constants(mechanism);
        prior *p = NULL;
        assert_int_equal(mech_prior_new("wide", &mechanism, 1, &p, &error), MECH_OK);
        for (int sample_design = 0; sample_design < 2; sample_design++) {
            const double rate = sample_design == MECH_DESIGN_FIXED_WINDOW ? rates[i].seed : rates[i].nature;
            size_t accepted = 0, failed = 0;
            for (size_t j = 0; j < N; j++) {
                random_stream r = mech_random_open(5, RANDOM_TEST, i, j);
                mech_prior_draw(p, 0, &r, k + j * n_k);
                additive[j] = mech_draw_additive(mechanism, (mech_sample_design)sample_design, &r);
            }
            const candidates c = {.n = N, .k = k, .additive = additive};
            assert_int_equal(mech_judge_candidates(mechanism, &options, &c, verdicts, &error), MECH_OK);
            for (size_t j = 0; j < N; j++) {
                accepted += verdicts[j] == ACCEPTED;
                failed += verdicts[j] == SOLVER_FAILED;
            }
            /* Both shares are measured; theirs is rounded to 0.001. Beyond four deviations with probability 6e-5. */
            const double deviation = sqrt(rate * (1 - rate) * (1.0 / N + 1.0 / N_REFERENCE));
            if (fabs((double)accepted / N - rate) > 4 * deviation + 0.0005)
                fail_msg("%s, protocol %d: %zu of %d accepted, expected a share of %g", rates[i].mechanism,
                         sample_design, accepted, N, rate);
            assert_int_equal(failed, 0);
        }
        mech_prior_free(p);
    }
}

static void verdicts_do_not_depend_on_the_candidates_beside(void **state) {
    (void)state;
    enum { N = 300 };
    static double k[N * MOST_CONSTANTS], additive[N];
    static uint8_t together[N];
    const mech_mechanism *mechanism = mech_builtin_find("M7");
    const mech_solver_options options = mech_solver_options_default();
    mech_error error;
    prior *p = NULL;
    size_t n_accepted = 0;
    assert_int_equal(mech_prior_new("wide", &mechanism, 1, &p, &error), MECH_OK);
    for (size_t j = 0; j < N; j++) {
        random_stream r = mech_random_open(6, RANDOM_TEST, 0, j);
        mech_prior_draw(p, 0, &r, k + j * 6);
    }
    const candidates c = {.n = N, .k = k, .additive = additive};
    assert_int_equal(mech_judge_candidates(mechanism, &options, &c, together, &error), MECH_OK);
    for (size_t j = 0; j < N; j++) {
        assert_int_equal(judge(mechanism, k + j * 6, 0), together[j]);
        n_accepted += together[j] == ACCEPTED;
    }
    assert_true(n_accepted > 0);
    mech_prior_free(p);
}

static void a_mechanism_of_a_user_needs_only_its_yield(void **state) {
    (void)state;
    static const char text[] = "name: M6\n"
                               "cat -> act : k3\n"
                               "act + S <=> actS : k1, k-1\n"
                               "actS <=> act + P : k2, k-2\n";
    mech_mechanism *mechanism = NULL;
    mech_error error;
    if (mech_mechanism_parse(text, strlen(text), "m6.txt", &mechanism, &error) != MECH_OK)
        fail_msg("%s", error.message);
    /* In the order k3, k1, k-1, k2, k-2 of the text: the theta whose catalyst is active too soon for the rule of M6. */
    static const double k[5] = {1.02, 4.89, 1.78e-05, 2.59, 3.45};
    assert_int_equal(judge(mechanism, k, 0), ACCEPTED);
    static const double slow[5] = {1.02, 0.5, 1.78e-05, 2.59, 3.45};
    assert_int_equal(judge(mechanism, slow, 0), REFUSED_BY_YIELD);
    mech_mechanism_free(mechanism);
}

static void what_the_solver_cannot_do_is_counted_as_its_failure(void **state) {
    (void)state;
    mech_solver_options options = mech_solver_options_default();
    options.max_steps = 3;
    const candidates c = {.n = 1, .k = rule_cases[0].k, .additive = (const double[]){0}};
    mech_error error;
    uint8_t decision = 99;
    assert_int_equal(mech_judge_candidates(mech_builtin_find("M2"), &options, &c, &decision, &error), MECH_OK);
    assert_int_equal(decision, SOLVER_FAILED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_yield_rule_divides_at_one_half),
        cmocka_unit_test(each_rule_divides_at_its_bounds),
        cmocka_unit_test(as_many_are_accepted_as_by_an_independent_implementation),
        cmocka_unit_test(verdicts_do_not_depend_on_the_candidates_beside),
        cmocka_unit_test(a_mechanism_of_a_user_needs_only_its_yield),
        cmocka_unit_test(what_the_solver_cannot_do_is_counted_as_its_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
