/* The continuous solution: values, first crossings and extrema of piecewise cubics. */
#include "simulate/path.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "support.h"

/* Two species on [0, 1] and [1, 3]:
 *   f(t) = t^3 - 1.5 t^2 + 0.5 t on the first step (zeros 0, 0.5, 1), then the line (t - 1) / 2;
 *   g(t) = 1 - t on the first step, then constantly 0. */
static const double knots[3] = {0, 1, 3};
static const double cubics[2][2][4] = {{{0, 0.5, -1.5, 1}, {1, -1, 0, 0}}, {{0, 1, 0, 0}, {0, 0, 0, 0}}};
static const path example = {.n_species = 2, .n_steps = 2, .t = knots, .cubic = &cubics[0][0][0]};

static double f(double t) { return t < 1 ? ((t - 1.5) * t + 0.5) * t : (t - 1) / 2; }

static void values_are_those_of_the_cubics(void **state) {
    (void)state;
    double times[31], values[31][2], y[2];
    for (int i = 0; i <= 30; i++) times[i] = i / 10.0;
    mech_path_at_times(&example, times, 31, &values[0][0]);
    for (int i = 0; i <= 30; i++) {
        mech_path_at(&example, times[i], y);
        assert_near(values[i][0], f(times[i]), 1e-15);
        assert_near(values[i][1], times[i] < 1 ? 1 - times[i] : 0, 1e-15);
        assert_near(y[0], values[i][0], 0);
        assert_near(y[1], values[i][1], 0);
    }
}

static void times_outside_are_taken_at_the_ends(void **state) {
    (void)state;
    double y[2];
    mech_path_at(&example, -1, y);
    assert_near(y[0], 0, 0);
    assert_near(y[1], 1, 0);
    mech_path_at(&example, 10, y);
    assert_near(y[0], 1, 0);
    assert_near(y[1], 0, 0);
}

static void the_first_crossing_is_found_from_either_side(void **state) {
    (void)state;
    const double top = 0.5 - sqrt(1.0 / 12); /* where f is largest on the first step */
    static const struct {
        int species;
        double level, time;
    } cases[] = {
        {1, 0.25, 0.75},      {1, 1, 0}, {1, 0, 1}, {0, 0.5, 2}, {0, 1, 3}, {0, 0, 0},
        {0, -0.046875, 0.75}, /* f(0.75) on the way down */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double time = -1;
        assert_true(mech_path_first_crossing(&example, cases[i].species, cases[i].level, &time));
        assert_near(time, cases[i].time, 1e-11);
    }
    /* A level that is reached between the ends of a step only, just below its largest value. */
    double time = -1;
    assert_true(mech_path_first_crossing(&example, 0, f(top) - 1e-6, &time));
    assert_true(time < top && time > top - 0.01);
    assert_near(f(time), f(top) - 1e-6, 1e-12);
}

static void a_level_beyond_is_never_crossed(void **state) {
    (void)state;
    double time = -1;
    assert_false(mech_path_first_crossing(&example, 0, 1.001, &time));
    assert_false(mech_path_first_crossing(&example, 1, -0.001, &time));
    assert_false(mech_path_first_crossing(&example, 1, NAN, &time));
    assert_near(time, -1, 0);
}

static void extrema_count_those_inside_steps(void **state) {
    (void)state;
    const double root = sqrt(1.0 / 12), top = f(0.5 - root), bottom = f(0.5 + root);
    const struct {
        double from, to, smallest, largest;
    } cases[] = {
        {0, 1, bottom, top},   {0, 3, bottom, 1},          {0.3, 0.4, f(0.4), f(0.3)}, {0.1, 0.6, f(0.6), top},
        {0.9, 2, f(0.9), 0.5}, {0.6, 0.9, bottom, f(0.6)}, {2, 2, 0.5, 0.5},           {1, 3, 0, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double smallest = NAN, largest = NAN;
        mech_path_extrema(&example, 0, cases[i].from, cases[i].to, &smallest, &largest);
        assert_near(smallest, cases[i].smallest, 1e-14);
        assert_near(largest, cases[i].largest, 1e-14);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_of_the_cubics),
        cmocka_unit_test(times_outside_are_taken_at_the_ends),
        cmocka_unit_test(the_first_crossing_is_found_from_either_side),
        cmocka_unit_test(a_level_beyond_is_never_crossed),
        cmocka_unit_test(extrema_count_those_inside_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
