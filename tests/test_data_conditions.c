/* Conditions of the four runs of a sample. */
#include "chemistry/mechanism.h"
#include "data/conditions/conditions.h"
#include "uniformity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N_DRAWS = 20000 };

static conditions draw(dataset_split split, uint64_t theta, uint64_t number) {
    conditions c;
    random_stream of_theta = mech_random_open(1, RANDOM_LOADINGS, 0, theta);
    random_stream own = mech_random_open(1, RANDOM_TEST, (uint64_t)split, number);
    mech_draw_conditions(split, &of_theta, &own, &c);
    return c;
}

static void loadings_of_a_theta_are_thirty_with_ten_for_each_run(void **state) {
    (void)state;
    double seen[3][64];
    size_t n_seen[3] = {0}, counts[3][10] = {{0}};
    for (uint64_t i = 0; i < N_DRAWS; i++) {
        const conditions c = draw(SPLIT_TRAIN, 5, i);
        assert_true(c.loadings[0] < c.loadings[1] && c.loadings[1] < c.loadings[2]);
        for (size_t run = 0; run < 3; run++) {
            size_t j = 0;
            while (j < n_seen[run] && seen[run][j] != c.loadings[run]) j++;
            assert_true(j < 10);
            if (j == n_seen[run]) seen[run][n_seen[run]++] = c.loadings[run];
            counts[run][j]++;
        }
    }
    for (size_t run = 0; run < 3; run++) {
        assert_int_equal(n_seen[run], 10);
        /* Ten alike: beyond 27.9 with probability 0.001. */
        assert_true(chi_squared(counts[run], 10) < 27.9);
    }
    /* The thirds of one sorted draw do not overlap. */
    for (size_t run = 0; run < 2; run++)
        for (size_t a = 0; a < 10; a++)
            for (size_t b = 0; b < 10; b++) assert_true(seen[run][a] < seen[run + 1][b]);
}

static void loadings_over_all_thetas_are_uniform(void **state) {
    (void)state;
    static double loadings[N_DRAWS];
    for (int s = SPLIT_TRAIN; s <= SPLIT_VALIDATION; s++) {
        /* One of the three runs at a time: each third is as likely as the others. */
        for (uint64_t i = 0; i < N_DRAWS; i++) loadings[i] = draw((dataset_split)s, i, i).loadings[i % 3];
        assert_true(uniformity_distance(loadings, N_DRAWS, 0.01, 0.10) < UNIFORM_AT_0_001);
    }
}

static void test_loadings_come_from_three_regions(void **state) {
    (void)state;
    static const double regions[3][2] = {{0.01, 0.02}, {0.045, 0.055}, {0.09, 0.10}};
    static double loadings[N_DRAWS];
    for (size_t run = 0; run < 3; run++) {
        for (uint64_t i = 0; i < N_DRAWS; i++) loadings[i] = draw(SPLIT_TEST, i, i).loadings[run];
        assert_true(uniformity_distance(loadings, N_DRAWS, regions[run][0], regions[run][1]) < UNIFORM_AT_0_001);
        assert_true(loadings[0] >= regions[run][0] && loadings[N_DRAWS - 1] <= regions[run][1]);
    }
}

static void run_four_starts_as_if_part_had_reacted(void **state) {
    (void)state;
    static double s0[N_DRAWS];
    for (int s = 0; s < N_SPLITS; s++) {
        size_t counts[3] = {0};
        for (uint64_t i = 0; i < N_DRAWS; i++) {
            const conditions c = draw((dataset_split)s, i, i);
            size_t same = 0;
            while (same < 3 && c.loadings[same] != c.loadings[3]) same++;
            assert_true(same < 3);
            counts[same]++;
            for (size_t run = 0; run < 3; run++) assert_true(c.s0[run] == 1 && c.p0[run] == 0);
            assert_true(c.p0[3] == 1 - c.s0[3]);
            s0[i] = c.s0[3];
        }
        /* Three alike: beyond 13.8 with probability 0.001. */
        assert_true(chi_squared(counts, 3) < 13.8);
        assert_true(uniformity_distance(s0, N_DRAWS, 0.4, 0.8) < UNIFORM_AT_0_001);
        assert_true(s0[0] >= 0.4 && s0[N_DRAWS - 1] <= 0.8);
    }
}

static void a_run_starts_with_the_amount_of_its_additive(void **state) {
    (void)state;
    double start[MAX_SPECIES];
    const mech_mechanism *mechanism = mech_builtin_find("M10");
    mech_start_run(mechanism, 0.6, 0.4, 0.05, 0.004, start);
    for (size_t s = 0; s < mech_mechanism_n_species(mechanism); s++) {
        const char *name = mech_mechanism_species(mechanism, s);
        const double expected = strcmp(name, "S") == 0     ? 0.6
                                : strcmp(name, "P") == 0   ? 0.4
                                : strcmp(name, "cat") == 0 ? 0.05
                                : strcmp(name, "I") == 0   ? 0.004
                                                           : 0;
        assert_true(start[s] == expected);
    }
    mech_start_run(mech_builtin(0), 1, 0, 0.03, 0, start);
    assert_true(start[0] == 1 && start[1] == 0 && start[2] == 0.03 && start[3] == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loadings_of_a_theta_are_thirty_with_ten_for_each_run),
        cmocka_unit_test(loadings_over_all_thetas_are_uniform),
        cmocka_unit_test(test_loadings_come_from_three_regions),
        cmocka_unit_test(run_four_starts_as_if_part_had_reacted),
        cmocka_unit_test(a_run_starts_with_the_amount_of_its_additive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
