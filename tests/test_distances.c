/* Distances to the nearest training sample: curves by interpolation, a search that finds what comparing with all finds.
 * The same for any number of threads. */
#include "base/memory.h"
#include "base/random.h"
#include "data/samples/samples.h"
#include "judge/distances/nearest.h"
#include "judge/distances/principal_axes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Sets the times and one species of one run of a sample. */
static void set_run(mech_samples *s, size_t sample, size_t run, size_t species, const float *times,
                    const float *values) {
    for (size_t i = 0; i < s->n_times; i++) {
        float *point = s->x2 + (sample * s->n_times + i) * SAMPLE_COLUMNS + run * RUN_COLUMNS;
        point[0] = times[i];
        point[1 + species] = values[i];
    }
}

static curve_set curves_of(const mech_samples *s) {
    curve_set set;
    team *t = mech_team_new(1);
    assert_non_null(t);
    assert_int_equal(mech_curve_set_new(s, t, &set, NULL), MECH_OK);
    mech_team_free(t);
    return set;
}

static void curves_are_lines_between_the_times_and_hold_the_last_value(void **state) {
    (void)state;
    static const struct {
        float times[4], values[4];
        struct {
            size_t at; /* scaled time times 20 */
            double value;
        } expected[4];
    } cases[] = {
        /* between times */
        {{0, 0.25F, 0.5F, 1}, {1, 0.5F, 0.25F, 0}, {{0, 1}, {2, 0.8}, {5, 0.5}, {15, 0.125}}},
        /* beyond the end of a run that is shorter than the longest one */
        {{0, 0.1F, 0.2F, 0.5F}, {0, 0.25F, 0.5F, 0.75F}, {{4, 0.5}, {10, 0.75}, {11, 0.75}, {20, 0.75}}},
        /* of several values at one time the last one goes on */
        {{0, 0.5F, 0.5F, 1}, {0, 1, 3, 5}, {{5, 0.5}, {10, 3}, {15, 4}, {20, 5}}},
        /* nothing but t = 0 */
        {{0, 0, 0, 0}, {7, 7, 7, 0.5F}, {{0, 0.5}, {1, 0.5}, {10, 0.5}, {20, 0.5}}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t column = 0; column < CURVE_COLUMNS; column++) {
            mech_samples *s = mech_samples_new(MECH_DESIGN_NATURE, 2, 4, 1, 1);
            assert_non_null(s);
            set_run(s, 1, column / 2, column % 2, cases[i].times, cases[i].values);
            curve_set set = curves_of(s);
            const float *curve = set.curves + CURVE_LENGTH + column * CURVE_POINTS;
            for (size_t j = 0; j < 4; j++)
                assert_true(fabs((double)curve[cases[i].expected[j].at] - cases[i].expected[j].value) < 1e-6);
            assert_int_equal(set.measured[1], ALL_COLUMNS);
            mech_curve_set_free(&set);
            mech_samples_free(s);
        }
}

static void columns_that_were_not_measured_are_noted(void **state) {
    (void)state;
    static const float times[3] = {0, 0.5F, 1}, values[3] = {1, 2, 3}, nothing[3] = {NAN, NAN, NAN};
    mech_samples *s = mech_samples_new(MECH_DESIGN_FIXED_WINDOW, 1, 3, 1, 1);
    assert_non_null(s);
    for (size_t run = 0; run < N_RUNS; run++) {
        set_run(s, 0, run, 0, times, values);
        set_run(s, 0, run, 1, times, run == 2 ? nothing : values);
    }
    curve_set set = curves_of(s);
    assert_int_equal(set.measured[0], ALL_COLUMNS & ~(1 << 5));
    for (size_t i = 0; i < CURVE_LENGTH; i++) assert_true(i / CURVE_POINTS != 5 || set.curves[i] == 0);
    mech_curve_set_free(&set);
    mech_samples_free(s);
}

/* Curves at random: `directions` numbers decide each of them (0: every point is drawn by itself), some come twice. */
static curve_set random_curves(size_t n, int directions, uint64_t seed) {
    random_stream r = mech_random_open(seed, RANDOM_TEST, 40, 0);
    curve_set set = {.n = n,
                     .curves = mech_allocate_array(n ? n : 1, CURVE_LENGTH * sizeof *set.curves),
                     .measured = mech_allocate_array(n ? n : 1, sizeof *set.measured)};
    assert_true(set.curves && set.measured);
    for (size_t i = 0; i < n; i++) {
        float *curve = set.curves + i * CURVE_LENGTH;
        double numbers[8];
        for (int d = 0; d < directions; d++) numbers[d] = mech_random_normal(&r);
        for (size_t j = 0; j < CURVE_LENGTH; j++) {
            double sum = directions ? 0 : mech_random_uniform(&r);
            for (int d = 0; d < directions; d++) sum += numbers[d] * sin(0.1 * (double)((d + 1) * (int)j) + d);
            curve[j] = (float)sum;
        }
        if (i && mech_random_below(&r, 8) == 0)
            memcpy(curve, set.curves + mech_random_below(&r, (uint32_t)i) * CURVE_LENGTH, CURVE_LENGTH * sizeof *curve);
        set.measured[i] = ALL_COLUMNS;
    }
    return set;
}

/* What comparing with every curve that has the columns finds. */
static double compare_with_all(const curve_set *set, unsigned columns, const float *curve, size_t *nearest) {
    double best = INFINITY;
    *nearest = set->n;
    for (size_t i = 0; i < set->n; i++) {
        if ((set->measured[i] & columns) != columns) continue;
        const double square = mech_squared_distance(curve, set->curves + i * CURVE_LENGTH, columns);
        if (square >= best) continue;
        best = square;
        *nearest = i;
    }
    return best;
}

static void check_search(const curve_set *set, const curve_set *asked, unsigned columns, team *t) {
    nearest_tree *tree = NULL;
    assert_int_equal(mech_nearest_tree_new(set, columns, t, &tree, NULL), MECH_OK);
    for (size_t i = 0; i < asked->n; i++) {
        size_t found, expected;
        const float *curve = asked->curves + i * CURVE_LENGTH;
        const double by_tree = mech_nearest_tree_find(tree, curve, &found);
        const double by_all = compare_with_all(set, columns, curve, &expected);
        assert_int_equal(found, expected);
        assert_true(by_tree == by_all);
    }
    mech_nearest_tree_free(tree);
}

static void the_search_finds_what_comparing_with_all_finds(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 16, 17, 33, 100, 1000, 5000};
    static const unsigned columns[] = {ALL_COLUMNS, 0x55, 0x01, 0xf0};
    team *t = mech_team_new(2);
    assert_non_null(t);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (int directions = 0; directions <= 6; directions += 2) {
            curve_set set = random_curves(sizes[i], directions, i + 1);
            curve_set asked = random_curves(50, directions, 100 + i);
            check_search(&set, &asked, columns[(i + (size_t)directions / 2) % 4], t);
            /* Curves of the set itself, and others far away. */
            if (set.n <= 100) check_search(&set, &set, ALL_COLUMNS, t);
            for (size_t j = 0; j < 50 * CURVE_LENGTH; j++) asked.curves[j] = asked.curves[j] * 1000 + 1e6F;
            check_search(&set, &asked, ALL_COLUMNS, t);
            mech_curve_set_free(&set);
            mech_curve_set_free(&asked);
        }
    mech_team_free(t);
}

static void axes_are_orthonormal_and_as_many_as_there_are_directions(void **state) {
    (void)state;
    enum { N = 500, LENGTH = 12, AXES = 5, DIRECTIONS = 3 };
    double points[N * LENGTH], mean[LENGTH], axes[LENGTH * AXES];
    random_stream r = mech_random_open(1, RANDOM_TEST, 41, 0);
    for (size_t i = 0; i < N; i++) {
        const double a = 5 * mech_random_normal(&r), b = mech_random_normal(&r), c = 0.1 * mech_random_normal(&r);
        for (size_t j = 0; j < LENGTH; j++)
            points[i * LENGTH + j] = 3 + a * (j == 2) + b * (j == 7) + c * ((double)(j == 0) - (double)(j == 11));
    }
    assert_true(mech_principal_axes(N, LENGTH, points, AXES, mean, axes));
    for (size_t a = 0; a < AXES; a++)
        for (size_t b = 0; b < AXES; b++) {
            double product = 0;
            for (size_t j = 0; j < LENGTH; j++) product += axes[j * AXES + a] * axes[j * AXES + b];
            assert_true(fabs(product - (a == b && a < DIRECTIONS)) < 1e-12);
        }
    assert_true(fabs(axes[2 * AXES]) > 0.999 && fabs(axes[7 * AXES + 1]) > 0.99);
    assert_true(fabs(axes[2] - -axes[11 * AXES + 2]) < 1e-3 && fabs(axes[2]) > 0.7);
    assert_true(fabs(mean[4] - 3) < 1e-12);
}

static const char path[] = "test_distances.h5";

enum { N_TRAIN = 2000, N_TEST = 40 };

/* Training and test samples of all mechanisms as generate makes them. */
static void generate(mech_sample_design sample_design, mech_samples **train, mech_samples **test) {
    mech_generate_options options = mech_generate_options_default();
    mech_error error;
    options.design = mech_sample_design_name(sample_design);
    options.n_train = N_TRAIN;
    options.n_validation = 0;
    options.n_test = N_TEST;
    options.n_thetas = 40;
    options.threads = 2;
    if (mech_generate(&options, path, NULL, NULL, &error) != MECH_OK ||
        mech_samples_read(path, "train", train, &error) != MECH_OK ||
        mech_samples_read(path, "test", test, &error) != MECH_OK)
        fail_msg("%s", error.message);
    unlink(path);
}

static void distances_of_real_samples_are_exact_and_0_to_themselves_on_any_number_of_threads(void **state) {
    (void)state;
    for (int sample_design = 0; sample_design < 2; sample_design++) {
        mech_samples *train = NULL, *test = NULL;
        generate((mech_sample_design)sample_design, &train, &test);
        curve_set known = curves_of(train), asked = curves_of(test);
        double first[N_TEST], again[N_TEST], own[N_TRAIN];
        size_t nearest[N_TEST];
        for (int threads = 1; threads <= 5; threads += 2) {
            mech_error error;
            double *distances = threads == 1 ? first : again;
            assert_int_equal(mech_nearest_distances(test, train, threads, distances, nearest, &error), MECH_OK);
            assert_memory_equal(first, distances, sizeof first);
            for (size_t i = 0; i < test->n; i++) {
                size_t expected;
                const double square = compare_with_all(&known, ALL_COLUMNS, asked.curves + i * CURVE_LENGTH, &expected);
                assert_true(distances[i] == sqrt(square) && distances[i] > 0);
                assert_int_equal(nearest[i], expected);
            }
        }
        /* A sample lies at distance 0 from itself. */
        assert_int_equal(mech_nearest_distances(train, train, 2, own, NULL, NULL), MECH_OK);
        for (size_t i = 0; i < train->n; i++) assert_true(own[i] == 0);
        mech_curve_set_free(&known);
        mech_curve_set_free(&asked);
        mech_samples_free(train);
        mech_samples_free(test);
    }
}

/* Samples whose columns are constants: value[column], NaN where one was not measured. */
static mech_samples *constant_samples(size_t n, const float values[][CURVE_COLUMNS]) {
    static const float times[2] = {0, 1};
    mech_samples *s = mech_samples_new(MECH_DESIGN_FIXED_WINDOW, n, 2, 1, 1);
    assert_non_null(s);
    for (size_t i = 0; i < n; i++)
        for (size_t column = 0; column < CURVE_COLUMNS; column++) {
            const float twice[2] = {values[i][column], values[i][column]};
            set_run(s, i, column / 2, column % 2, times, twice);
        }
    return s;
}

static void distances_are_over_what_was_measured(void **state) {
    (void)state;
    static const float train_values[3][CURVE_COLUMNS] = {
        {0, 0, 0, 0, 0, 0, 0, 0}, {1, NAN, 1, NAN, 1, NAN, 1, NAN}, {3, 3, 3, 3, 3, 3, 3, 3}};
    static const float test_values[4][CURVE_COLUMNS] = {{1, 1, 1, 1, 1, 1, 1, 1},
                                                        {1.5F, NAN, 1.5F, NAN, 1.5F, NAN, 1.5F, NAN},
                                                        {NAN, 2.5F, NAN, NAN, NAN, NAN, NAN, NAN},
                                                        {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN}};
    mech_samples *train = constant_samples(3, train_values), *test = constant_samples(4, test_values);
    double distances[4];
    size_t nearest[4];
    assert_int_equal(mech_nearest_distances(test, train, 1, distances, nearest, NULL), MECH_OK);
    /* All is measured: the second training sample, which lacks P, is not compared with. */
    assert_int_equal(nearest[0], 0);
    assert_true(fabs(distances[0] - sqrt(168)) < 1e-9);
    /* S alone: it is; 84 squares of 0.5 count twice. */
    assert_int_equal(nearest[1], 1);
    assert_true(fabs(distances[1] - sqrt(2 * 84 * 0.25)) < 1e-9);
    /* P of run 1 alone: 21 squares of 0.5 count eight times. */
    assert_int_equal(nearest[2], 2);
    assert_true(fabs(distances[2] - sqrt(8 * 21 * 0.25)) < 1e-9);
    assert_true(nearest[3] == 3 && isnan(distances[3]));
    /* Nobody has what is asked for. */
    mech_samples last = *train;
    last.n = 1;
    last.x2 += 2 * SAMPLE_COLUMNS;
    assert_int_equal(mech_nearest_distances(test, &last, 1, distances, nearest, NULL), MECH_OK);
    assert_true(isnan(distances[0]) && nearest[0] == 1 && distances[1] > 0);
    mech_samples_free(train);
    mech_samples_free(test);
}

static void concentrations_that_are_none_are_refused(void **state) {
    (void)state;
    static const float values[2][CURVE_COLUMNS] = {{0, 0, 0, 0, 0, 0, 0, 0}, {0, 0, 0, INFINITY, 0, 0, 0, 0}};
    mech_samples *s = constant_samples(2, values);
    mech_samples sound = *s;
    mech_error error;
    double distances[2];
    sound.n = 1;
    assert_int_equal(mech_nearest_distances(s, &sound, 1, distances, NULL, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "sample 1 has a concentration that is not finite or beyond 1e+15");
    assert_int_equal(mech_nearest_distances(&sound, s, 1, distances, NULL, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "training sample 1 has a concentration that is not finite or beyond 1e+15");
    mech_samples_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_are_lines_between_the_times_and_hold_the_last_value),
        cmocka_unit_test(columns_that_were_not_measured_are_noted),
        cmocka_unit_test(the_search_finds_what_comparing_with_all_finds),
        cmocka_unit_test(axes_are_orthonormal_and_as_many_as_there_are_directions),
        cmocka_unit_test(distances_of_real_samples_are_exact_and_0_to_themselves_on_any_number_of_threads),
        cmocka_unit_test(distances_are_over_what_was_measured),
        cmocka_unit_test(concentrations_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
