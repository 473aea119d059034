/* Loadings scaled by one factor, rate constants carried over: the same course, more slowly. Exact in the limit in which
 * the catalyst carries no substrate, and as much off it as there is catalyst. */
#include "chemistry/mechanism.h"
#include "data/laboratory/scaling.h"
#include "data/prior/thetas.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { N_TIMES = 40, N_THETAS = 3 };

/* Curves may be off by what substrate the catalyst carries: at most two molecules (M7), and what that does on. */
static const double LOADING = 0.05, MOST_CARRIED = 3;

/* S and P at N_TIMES times from 0 to 100 / scale, with all catalyst scaled. Directly simulated, by CVODE. */
static void course(const mech_mechanism *mechanism, const double *k, double additive, double scale, double *s,
                   double *p) {
    double scaled[MAX_RATE_CONSTANTS], start[MAX_SPECIES], times[N_TIMES], y[N_TIMES * MAX_SPECIES];
    mech_scale_theta(mechanism, scale, k, scaled);
    mech_mechanism_start(mechanism, 1, 0, LOADING * scale, start);
    for (int i = 0; i < mechanism->n_species; i++)
        if (mechanism->species[i].role == MECH_ROLE_ADDITIVE) start[i] = additive;
    mech_scale_additives(mechanism, scale, start);
    for (int i = 0; i < N_TIMES; i++) times[i] = 100 / scale * pow((double)i / (N_TIMES - 1), 3);
    mech_solver_options options = mech_solver_options_default();
    options.solver = MECH_SOLVER_CVODE;
    options.rtol = 1e-9;
    options.atol = 1e-9 * LOADING * scale;
    const mech_problems problems = {
        .n_problems = 1, .k = scaled, .start = start, .times = times, .n_times = N_TIMES, .times_shared = true};
    mech_solver_statistics statistics = {.size = sizeof statistics};
    mech_error error;
    if (mech_simulate(mechanism, &options, &problems, y, &statistics, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(statistics.failures, 0);
    for (int i = 0; i < N_TIMES; i++) {
        s[i] = y[i * mechanism->n_species + mechanism->substrate];
        p[i] = y[i * mechanism->n_species + mechanism->product];
    }
}

static double distance(const double *a, const double *b) {
    double largest = 0;
    for (int i = 0; i < N_TIMES; i++) largest = fmax(largest, fabs(a[i] - b[i]));
    return largest;
}

/* How far the course at a scale is from that at a thousandth of it. */
static double distance_to_limit(const mech_mechanism *mechanism, const double *k, double additive, double scale) {
    double s[2][N_TIMES], p[2][N_TIMES];
    course(mechanism, k, additive, scale, s[0], p[0]);
    course(mechanism, k, additive, scale / 1000, s[1], p[1]);
    return fmax(distance(s[0], s[1]), distance(p[0], p[1]));
}

static void courses_stay_the_same_in_the_limit(void **state) {
    (void)state;
    team *t = mech_team_new(1);
    mech_error error;
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        const mech_mechanism *mechanism = mech_builtin(m);
        theta_pool pool;
        if (mech_draw_wide_thetas(mechanism, MECH_DESIGN_NATURE, 5, N_THETAS, t, &pool, &error) != MECH_OK)
            fail_msg("%s", error.message);
        for (size_t i = 0; i < pool.n; i++) {
            const double *k = pool.k + i * pool.n_k;
            const double at[3] = {distance_to_limit(mechanism, k, pool.additive[i], 0.1),
                                  distance_to_limit(mechanism, k, pool.additive[i], 0.01),
                                  distance_to_limit(mechanism, k, pool.additive[i], 0.001)};
            for (int j = 0; j < 3; j++)
                if (!(at[j] <= MOST_CARRIED * LOADING * pow(10, -1 - j)))
                    fail_msg("%s, theta %zu: off by %g at a loading of %g", mech_mechanism_id(mechanism), i, at[j],
                             LOADING * pow(10, -1 - j));
            /* And linear in the loading, so that nothing else is wrong with it. */
            assert_true(fabs(at[1] / at[0] * 10 - 1) < 0.15 && fabs(at[2] / at[1] * 10 - 1) < 0.02);
        }
        mech_theta_pool_free(&pool);
    }
    mech_team_free(t);
}

/* The exponents of M8, whose ligand is of the catalyst's scale, of M5, whose cycle takes two catalysts, and of a
 * mechanism of one's own with a step without catalyst and product bound beside the cycle. */
static void exponents_follow_from_the_table(void **state) {
    (void)state;
    static const char own[] = "cat + S <=> catS : k1, k-1\ncatS -> cat + P : k2\nS -> P : k3\n"
                              "cat + P <=> catP : k4, k-4\noff-cycle: catP\n";
    mech_mechanism *mechanism;
    mech_error error;
    int exponents[MAX_RATE_CONSTANTS];
    const int of_m8[] = {0, 0, 0, 0, 1, 0}, of_m5[] = {0, 0, -1, -1, 0, 0}, of_own[] = {0, 0, 0, 1, 1, 1};
    mech_scaling_exponents(mech_builtin_find("M8"), exponents);
    assert_memory_equal(exponents, of_m8, sizeof of_m8);
    mech_scaling_exponents(mech_builtin_find("M5"), exponents);
    assert_memory_equal(exponents, of_m5, sizeof of_m5);
    if (mech_mechanism_parse(own, sizeof own - 1, "own", &mechanism, &error) != MECH_OK) fail_msg("%s", error.message);
    mech_scaling_exponents(mechanism, exponents);
    assert_memory_equal(exponents, of_own, sizeof of_own);
    mech_mechanism_free(mechanism);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(courses_stay_the_same_in_the_limit),
        cmocka_unit_test(exponents_follow_from_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
