/* The engine on run sets of different sizes: gradients against differences, the same bits on several threads and in any
 * batch, the same result whatever the order of runs, and what is refused. */
#include "base/memory.h"
#include "base/random.h"
#include "data/laboratory/blocks.h"
#include "learn/engine/engine_reals.h"
#include "learn/inputs/run_inputs.h"
#include "learn/inputs/side.h"
#include "padding.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { STATIC = 5, OF_RUN = 7, OF_READING = 6, SIDE = SIDE_TARGETS };

typedef struct sets_case {
    graph g;
    engine_sets sets;
    size_t *run_offset, *reading_offset;
    float *of_sets, *of_runs, *of_readings, *targets;
    uint16_t *y;
    float *parameters;
    double *parameters_float64;
} sets_case;

static void *array_of(size_t count, size_t size) {
    void *array = mech_allocate_array(count, size);
    assert_non_null(array);
    return array;
}

static void fill_normal(random_stream *r, size_t count, float *numbers) {
    for (size_t i = 0; i < count; i++) numbers[i] = (float)mech_random_normal(r);
}

/* n sets of 1 to most_runs runs of 1 to most_readings readings; a quarter of the targets are not known. */
static sets_case case_of(size_t n, size_t most_runs, size_t most_readings, size_t hidden, size_t n_labels) {
    const graph_shape shape = {.static_width = STATIC,
                               .run_width = OF_RUN,
                               .reading_width = OF_READING,
                               .n_labels = n_labels,
                               .hidden = hidden};
    sets_case c = {0};
    mech_error error;
    if (mech_graph_build(SET_NETWORK, &shape, &c.g, &error) != MECH_OK) fail_msg("%s", error.message);
    random_stream r = mech_random_open(11, RANDOM_TEST, 0, n);
    const size_t room_runs = n * most_runs;
    c.run_offset = array_of(n + 1, sizeof *c.run_offset);
    c.reading_offset = array_of(room_runs + 1, sizeof *c.reading_offset);
    for (size_t i = 0, run = 0; i < n; i++) {
        const size_t n_runs = 1 + mech_random_below(&r, (uint32_t)most_runs);
        for (size_t k = 0; k < n_runs; k++, run++)
            c.reading_offset[run + 1] = c.reading_offset[run] + 1 + mech_random_below(&r, (uint32_t)most_readings);
        c.run_offset[i + 1] = run;
    }
    const size_t n_runs = c.run_offset[n], n_readings = c.reading_offset[n_runs];
    c.of_sets = array_of(n, STATIC * sizeof(float));
    c.of_runs = array_of(n_runs, OF_RUN * sizeof(float));
    c.of_readings = array_of(n_readings, OF_READING * sizeof(float));
    c.targets = array_of(n, SIDE * sizeof(float));
    c.y = array_of(n, sizeof *c.y);
    fill_normal(&r, n * STATIC, c.of_sets);
    fill_normal(&r, n_runs * OF_RUN, c.of_runs);
    fill_normal(&r, n_readings * OF_READING, c.of_readings);
    fill_normal(&r, n * SIDE, c.targets);
    for (size_t i = 0; i < n * SIDE; i++)
        if (mech_random_below(&r, 4) == 0) c.targets[i] = NAN;
    for (size_t i = 0; i < n; i++) c.y[i] = (uint16_t)mech_random_below(&r, (uint32_t)n_labels);
    c.parameters = array_of(c.g.n_parameters, sizeof *c.parameters);
    c.parameters_float64 = array_of(c.g.n_parameters, sizeof *c.parameters_float64);
    mech_graph_initialise(&c.g, 3, c.parameters);
    for (size_t i = 0; i < c.g.n_parameters; i++) {
        c.parameters[i] += (float)(0.1 * mech_random_normal(&r));
        c.parameters_float64[i] = c.parameters[i];
    }
    c.sets = (engine_sets){n, c.run_offset, c.reading_offset, c.of_sets, c.of_runs, c.of_readings, c.y, c.targets};
    return c;
}

static void case_end(sets_case *c) {
    void *const arrays[] = {c->run_offset, c->reading_offset, c->of_sets,
                            c->of_runs,    c->of_readings,    c->targets,
                            c->y,          c->parameters,     c->parameters_float64};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) mech_release_array(arrays[i]);
}

static engine *engine_of(const sets_case *c, const engine_kernel *kernel, int threads) {
    engine *e;
    mech_error error;
    if (mech_engine_new_with(kernel, &c->g, threads, &e, &error) != MECH_OK) fail_msg("%s", error.message);
    return e;
}

static const void *parameters_for(const sets_case *c, const engine_kernel *kernel) {
    return kernel->real_bytes == sizeof(double) ? (const void *)c->parameters_float64 : c->parameters;
}

static void predict(const sets_case *c, const engine_sets *sets, const engine_kernel *kernel, int threads,
                    void *probabilities, void *side) {
    mech_error error;
    engine *e = engine_of(c, kernel, threads);
    if (mech_engine_predict_sets_reals(e, parameters_for(c, kernel), sets, probabilities, side, &error) != MECH_OK)
        fail_msg("%s", error.message);
    mech_engine_free(e);
}

static engine_loss differentiate(const sets_case *c, const engine_kernel *kernel, int threads, void *gradient) {
    mech_error error;
    engine_loss loss = {0};
    engine *e = engine_of(c, kernel, threads);
    if (mech_engine_gradient_sets_reals(e, parameters_for(c, kernel), &c->sets, 0.1, 0.3, gradient, &loss, &error) !=
        MECH_OK)
        fail_msg("%s", error.message);
    mech_engine_free(e);
    return loss;
}

/* The loss that is differentiated, from predictions. */
static double loss_of(const sets_case *c, engine *e, double *probabilities, double *side) {
    const size_t n_labels = c->g.n_labels;
    mech_error error;
    double sum = 0;
    if (mech_engine_predict_sets_reals(e, c->parameters_float64, &c->sets, probabilities, side, &error) != MECH_OK)
        fail_msg("%s", error.message);
    for (size_t i = 0; i < c->sets.n; i++) {
        for (size_t j = 0; j < n_labels; j++) {
            const double target = (j == c->y[i] ? 0.9 : 0) + 0.1 / (double)n_labels;
            sum -= target * log(probabilities[i * n_labels + j]);
        }
        for (size_t j = 0; j < SIDE; j++) {
            const double target = (double)c->targets[i * SIDE + j];
            if (!isnan(target)) sum += 0.3 * 0.5 * (side[i * SIDE + j] - target) * (side[i * SIDE + j] - target);
        }
    }
    return sum / (double)c->sets.n;
}

/* By differences of fourth order; a ReLU that bends within their reach spoils them, so that the closest of several
 * reaches counts. A gradient that is wrong comes close to none. */
static double closest_difference(sets_case *c, engine *e, size_t parameter, double gradient, double close_enough,
                                 double *probabilities, double *side) {
    static const double steps[] = {2e-4, 2e-5, 2e-6}, offsets[] = {1, -1, 2, -2}, weights[] = {8, -8, -1, 1};
    const double middle = c->parameters_float64[parameter];
    double closest = INFINITY;
    for (size_t k = 0; k < 3 && !(fabs(gradient - closest) <= close_enough); k++) {
        double sum = 0;
        for (size_t i = 0; i < 4; i++) {
            c->parameters_float64[parameter] = middle + offsets[i] * steps[k];
            sum += weights[i] * loss_of(c, e, probabilities, side);
        }
        c->parameters_float64[parameter] = middle;
        const double found = sum / (12 * steps[k]);
        if (fabs(gradient - found) < fabs(gradient - closest)) closest = found;
    }
    return closest;
}

/* Of each tensor the number with the largest gradient and random ones: gamma and beta of each normalisation, queries,
 * keys, values, scores, and all that stands before them. */
static void check_gradient(size_t n, size_t most_runs, size_t most_readings, size_t hidden, size_t n_labels,
                           size_t compared) {
    sets_case c = case_of(n, most_runs, most_readings, hidden, n_labels);
    double *gradient = array_of(c.g.n_parameters, sizeof *gradient);
    double *probabilities = array_of(n * n_labels, sizeof *probabilities), *side = array_of(n * SIDE, sizeof *side);
    random_stream r = mech_random_open(5, RANDOM_TEST, 2, 0);
    differentiate(&c, &mech_engine_kernel_baseline_float64, 1, gradient);
    engine *e = engine_of(&c, &mech_engine_kernel_baseline_float64, 1);
    for (int i = 0; i < c.g.n_tensors; i++) {
        const graph_tensor *t = &c.g.tensors[i];
        const double *of_tensor = gradient + t->offset;
        const size_t count = (t->rows ? t->rows : 1) * t->columns;
        size_t largest = 0;
        for (size_t k = 1; k < count; k++)
            if (fabs(of_tensor[k]) > fabs(of_tensor[largest])) largest = k;
        const double size = fabs(of_tensor[largest]);
        for (size_t k = 0; k < compared; k++) {
            const size_t chosen = k ? mech_random_below(&r, (uint32_t)count) : largest;
            const double found = of_tensor[chosen];
            const double expected =
                closest_difference(&c, e, t->offset + chosen, found, 1e-6 * size, probabilities, side);
            if (!(fabs(found - expected) <= 1e-6 * size + 1e-10))
                fail_msg("%zu sets of %zu x %zu, %zu units, %s, number %zu: %.12g is not %.12g", n, most_runs,
                         most_readings, hidden, t->name, chosen, found, expected);
        }
    }
    mech_engine_free(e);
    mech_release_array(gradient);
    mech_release_array(probabilities);
    mech_release_array(side);
    case_end(&c);
}

static void gradients_match_differences(void **state) {
    (void)state;
    check_gradient(1, 1, 1, 4, 3, 3); /* one reading: attention has nothing to choose from */
    check_gradient(5, 4, 9, 8, 20, 6);
    check_gradient(3, 16, 3, 5, 2, 4); /* widths that fill no vector */
    check_gradient(2, 2, 64, 12, 7, 4);
    check_gradient(9, 5, 40, 16, 5, 2); /* several tiles */
}

static void results_do_not_depend_on_the_number_of_threads(void **state) {
    (void)state;
    enum { N = 150, CLASSES = 20 };
    sets_case c = case_of(N, 6, 30, 32, CLASSES);
    const engine_kernel *kernel = mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT32);
    const size_t bytes = c.g.n_parameters * sizeof(float);
    float *gradient = array_of(bytes, 1), *other_gradient = array_of(bytes, 1);
    float *p = array_of(N * CLASSES, sizeof *p), *other_p = array_of(N * CLASSES, sizeof *p);
    const engine_loss loss = differentiate(&c, kernel, 1, gradient);
    predict(&c, &c.sets, kernel, 1, p, NULL);
    for (int threads = 2; threads <= 4; threads++) {
        const engine_loss other = differentiate(&c, kernel, threads, other_gradient);
        predict(&c, &c.sets, kernel, threads, other_p, NULL);
        assert_memory_equal(gradient, other_gradient, bytes);
        assert_memory_equal(p, other_p, N * CLASSES * sizeof *p);
        assert_true(loss.cross_entropy == other.cross_entropy && loss.side == other.side);
        assert_int_equal(loss.correct, other.correct);
    }
    mech_release_array(gradient);
    mech_release_array(other_gradient);
    mech_release_array(p);
    mech_release_array(other_p);
    case_end(&c);
}

/* A set alone, whatever stands before and behind it. */
static engine_sets set_alone(const sets_case *c, size_t i, size_t *offsets) {
    const size_t first = c->run_offset[i], n_runs = c->run_offset[i + 1] - first;
    offsets[0] = 0;
    offsets[1] = n_runs;
    for (size_t k = 0; k <= n_runs; k++) offsets[2 + k] = c->reading_offset[first + k] - c->reading_offset[first];
    return (engine_sets){1,
                         offsets,
                         offsets + 2,
                         c->of_sets + i * STATIC,
                         c->of_runs + first * OF_RUN,
                         c->of_readings + c->reading_offset[first] * OF_READING,
                         c->y + i,
                         NULL};
}

#if defined(__SANITIZE_ADDRESS__)
#define INSTRUMENTED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INSTRUMENTED
#endif
#endif

/* Instrumented by AddressSanitizer, a product's block of one row and one vector multiplies and adds in one rounding,
 * the other blocks in two: there results are the same to rounding. */
static void assert_same_bits(size_t n, const float *a, const float *b) {
#ifdef INSTRUMENTED
    for (size_t i = 0; i < n; i++) assert_true(fabsf(a[i] - b[i]) <= 1e-5F * (1 + fabsf(b[i])));
#else
    assert_memory_equal(a, b, n * sizeof *a);
#endif
}

static void a_set_has_the_same_bits_in_any_batch(void **state) {
    (void)state;
    enum { N = 40, CLASSES = 20 };
    sets_case c = case_of(N, 8, 64, 24, CLASSES);
    float p[N * CLASSES], alone[CLASSES], side[N * SIDE], side_alone[SIDE];
    for (int set = 0; set < N_INSTRUCTION_SETS; set++) {
        if (!mech_processor_has((instruction_set)set)) continue;
        const engine_kernel *kernel = mech_engine_kernel_of((instruction_set)set, ENGINE_FLOAT32);
        predict(&c, &c.sets, kernel, 2, p, side);
        for (size_t i = 0; i < N; i++) {
            size_t offsets[32];
            const engine_sets one = set_alone(&c, i, offsets);
            predict(&c, &one, kernel, 1, alone, side_alone);
            assert_same_bits(CLASSES, alone, p + i * CLASSES);
            assert_same_bits(SIDE, side_alone, side + i * SIDE);
        }
    }
    case_end(&c);
}

static void instruction_sets_and_precisions_agree(void **state) {
    (void)state;
    enum { N = 30, CLASSES = 20 };
    sets_case c = case_of(N, 5, 20, 64, CLASSES);
    double exact[N * CLASSES], *gradient = array_of(c.g.n_parameters, sizeof *gradient), size = 0;
    float p[N * CLASSES], *single = array_of(c.g.n_parameters, sizeof *single);
    predict(&c, &c.sets, &mech_engine_kernel_baseline_float64, 1, exact, NULL);
    differentiate(&c, &mech_engine_kernel_baseline_float64, 1, gradient);
    for (size_t i = 0; i < c.g.n_parameters; i++) size = fmax(size, fabs(gradient[i]));
    for (int set = 0; set < N_INSTRUCTION_SETS; set++) {
        if (!mech_processor_has((instruction_set)set)) continue;
        double other[N * CLASSES];
        predict(&c, &c.sets, mech_engine_kernel_of((instruction_set)set, ENGINE_FLOAT64), 1, other, NULL);
        predict(&c, &c.sets, mech_engine_kernel_of((instruction_set)set, ENGINE_FLOAT32), 1, p, NULL);
        differentiate(&c, mech_engine_kernel_of((instruction_set)set, ENGINE_FLOAT32), 1, single);
        for (size_t i = 0; i < N * CLASSES; i++) {
            assert_true(fabs(other[i] - exact[i]) <= 1e-12);
            assert_true(fabs((double)p[i] - exact[i]) <= 2e-5);
        }
        for (size_t i = 0; i < c.g.n_parameters; i++) assert_true(fabs((double)single[i] - gradient[i]) <= 1e-4 * size);
    }
    mech_release_array(gradient);
    mech_release_array(single);
    case_end(&c);
}

/* Rows stand behind each other; what is padded are vectors. On experiments of the design laboratory that is little. */
static void little_is_computed_on_padding(void **state) {
    (void)state;
    enum { SETS = 500 };
    const graph_shape shape = {.n_labels = 20};
    graph g;
    design *d;
    mech_error error;
    if (mech_design_open("laboratory", &d, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(mech_graph_build(SET_NETWORK, &shape, &g, &error), MECH_OK);
    size_t *run_offset = array_of(SETS + 1, sizeof *run_offset);
    size_t *reading_offset = array_of(SETS * MECH_MOST_RUNS + 1, sizeof *reading_offset);
    for (size_t i = 0, run = 0; i < SETS; i++) {
        const experiment_series series = {.mechanism = mech_builtin(0), .design = d, .seed = 1};
        experiment_shape drawn;
        mech_experiment_shape(&series, i, &drawn);
        for (size_t r = 0; r < drawn.n_runs; r++, run++)
            reading_offset[run + 1] = reading_offset[run] + mech_input_rows(drawn.readings[r]);
        run_offset[i + 1] = run;
    }
    const engine_sets sets = {.n = SETS, .run_offset = run_offset, .reading_offset = reading_offset};
    /* Numbers in the vectors of all instruction sets, in float64 and float32. */
    for (size_t lanes = 2; lanes <= 16; lanes *= 2) {
        const double share = padding_share(&g, &sets, lanes);
        if (!(share > 0 && share < 0.15)) fail_msg("vectors of %zu: %.1f %% are padding", lanes, 100 * share);
        print_message("vectors of %zu: of the multiplications %.2f %% are padding\n", lanes, 100 * share);
    }
    mech_release_array(run_offset);
    mech_release_array(reading_offset);
    mech_design_free(d);
}

/* The runs of a set in reverse order, their readings with them. */
static void the_order_of_runs_does_not_matter(void **state) {
    (void)state;
    enum { CLASSES = 20 };
    sets_case c = case_of(1, 16, 10, 16, CLASSES);
    const size_t n_runs = c.run_offset[1], n_readings = c.reading_offset[n_runs];
    size_t reversed_offset[17] = {0};
    float *runs = array_of(n_runs * OF_RUN, sizeof *runs), *readings = array_of(n_readings * OF_READING, sizeof *runs);
    assert_true(n_runs > 2);
    for (size_t k = 0; k < n_runs; k++) {
        const size_t from = n_runs - 1 - k, first = c.reading_offset[from], n = c.reading_offset[from + 1] - first;
        memcpy(runs + k * OF_RUN, c.of_runs + from * OF_RUN, OF_RUN * sizeof *runs);
        memcpy(readings + reversed_offset[k] * OF_READING, c.of_readings + first * OF_READING,
               n * OF_READING * sizeof *readings);
        reversed_offset[k + 1] = reversed_offset[k] + n;
    }
    engine_sets reversed = c.sets;
    reversed.reading_offset = reversed_offset;
    reversed.of_runs = runs;
    reversed.of_readings = readings;
    double p[CLASSES], q[CLASSES];
    predict(&c, &c.sets, &mech_engine_kernel_baseline_float64, 1, p, NULL);
    predict(&c, &reversed, &mech_engine_kernel_baseline_float64, 1, q, NULL);
    for (size_t j = 0; j < CLASSES; j++) assert_true(fabs(p[j] - q[j]) <= 1e-13);
    mech_release_array(runs);
    mech_release_array(readings);
    case_end(&c);
}

static void what_has_no_meaning_is_refused(void **state) {
    (void)state;
    sets_case c = case_of(3, 2, 4, 8, 5);
    float p[15], *gradient = array_of(c.g.n_parameters, sizeof *gradient);
    engine_loss loss;
    mech_error error;
    engine *e;
    assert_int_equal(mech_engine_new(&c.g, 1, &e, &error), MECH_OK);
    assert_int_equal(mech_engine_predict(e, c.parameters, 1, 3, c.of_sets, c.of_readings, p, &error),
                     MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "network set reads run sets; expected these, not samples of one shape");
    c.y[1] = 5;
    assert_int_equal(mech_engine_gradient_sets(e, c.parameters, &c.sets, 0, 0, gradient, &loss, &error),
                     MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "run set 1 has label 5: expected one below 5, the number of labels");
    engine_sets none = c.sets;
    none.n = 0;
    assert_int_equal(mech_engine_gradient_sets(e, c.parameters, &none, 0, 0, gradient, &loss, &error),
                     MECH_INVALID_ARGUMENT);
    assert_int_equal(mech_engine_predict_sets(e, c.parameters, &none, p, NULL, &error), MECH_OK);
    const size_t empty[] = {0, 0, 1};
    const engine_sets no_readings = {1, (const size_t[]){0, 2}, empty, c.of_sets, c.of_runs, c.of_readings, c.y, NULL};
    assert_int_equal(mech_engine_predict_sets(e, c.parameters, &no_readings, p, NULL, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "run 1 of set 1 has no readings");
    mech_engine_free(e);
    const graph_shape published = {.static_width = 4, .series_width = 12, .n_labels = 20};
    graph fixed;
    assert_int_equal(mech_graph_build("hadamard", &published, &fixed, &error), MECH_OK);
    assert_int_equal(mech_engine_new(&fixed, 1, &e, &error), MECH_OK);
    assert_int_equal(mech_engine_predict_sets(e, c.parameters, &c.sets, p, NULL, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "network hadamard reads samples of one shape; expected these, not run sets");
    mech_engine_free(e);
    mech_release_array(gradient);
    case_end(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_match_differences),
        cmocka_unit_test(results_do_not_depend_on_the_number_of_threads),
        cmocka_unit_test(a_set_has_the_same_bits_in_any_batch),
        cmocka_unit_test(instruction_sets_and_precisions_agree),
        cmocka_unit_test(little_is_computed_on_padding),
        cmocka_unit_test(the_order_of_runs_does_not_matter),
        cmocka_unit_test(what_has_no_meaning_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
