/* The engine's passes: accuracy of the activations, agreement of instruction sets and of float32 with float64, what one
 * sample cannot do to another, and bad input. */
#include "engine_case.h"

static const graph_shape published = {.static_width = 4, .series_width = 12, .n_labels = 20};
static const graph_shape odd = {.static_width = 3, .series_width = 7, .n_labels = 5, .hidden = 19};

/* Largest errors of both activations over `count` numbers. */
static void measure_activations_float32(const engine_kernel *kernel, const float *x, size_t count,
                                        double *sigmoid_error, double *tanh_error) {
    float *sigmoid = case_array(count, sizeof(float)), *hyperbolic = case_array(count, sizeof(float));
    kernel->activate(count, x, sigmoid, hyperbolic);
    *sigmoid_error = *tanh_error = 0;
    for (size_t i = 0; i < count; i++) {
        const double s = fabs(sigmoid[i] - 1 / (1 + exp(-(double)x[i]))), h = fabs(hyperbolic[i] - tanh((double)x[i]));
        /* Written so that a NaN counts. */
        *sigmoid_error = s <= *sigmoid_error ? *sigmoid_error : s;
        *tanh_error = h <= *tanh_error ? *tanh_error : h;
    }
    mech_release_array(sigmoid);
    mech_release_array(hyperbolic);
}

/* Every 61st number of the whole range of float32, and a fine grid where the functions bend. */
static void activations_in_float32_are_within_3e_7(void **state) {
    (void)state;
    enum { STRIDE = 1021, GRID = 400001 };
    size_t count = 0;
    float *x = case_array((size_t)UINT32_MAX / STRIDE + GRID, sizeof *x);
    for (uint64_t bits = 0; bits <= UINT32_MAX; bits += STRIDE) {
        const uint32_t pattern = (uint32_t)bits;
        memcpy(&x[count], &pattern, sizeof pattern);
        if (!isnan(x[count])) count++;
    }
    for (int i = 0; i < GRID; i++) x[count++] = (float)(i - GRID / 2) * 1e-4f;
    for (int set = 0; set < N_INSTRUCTION_SETS; set++) {
        if (!mech_processor_has((instruction_set)set)) continue;
        double sigmoid_error, tanh_error;
        measure_activations_float32(mech_engine_kernel_of((instruction_set)set, ENGINE_FLOAT32), x, count,
                                    &sigmoid_error, &tanh_error);
        print_message("%s: largest error of sigmoid %.2g, of tanh %.2g\n",
                      mech_instruction_set_name((instruction_set)set), sigmoid_error, tanh_error);
        assert_true(sigmoid_error <= 3e-7);
        assert_true(tanh_error <= 3e-7);
    }
    mech_release_array(x);
}

static void activations_in_float64_are_within_1e_15(void **state) {
    (void)state;
    enum { GRID = 200001 };
    double *x = case_array(GRID, sizeof *x), *s = case_array(GRID, sizeof *s), *h = case_array(GRID, sizeof *h);
    for (int i = 0; i < GRID; i++) x[i] = (i - GRID / 2) * 8e-3 + (i % 7) * 1e-9;
    for (int set = 0; set < N_INSTRUCTION_SETS; set++) {
        if (!mech_processor_has((instruction_set)set)) continue;
        mech_engine_kernel_of((instruction_set)set, ENGINE_FLOAT64)->activate(GRID, x, s, h);
        for (int i = 0; i < GRID; i++) {
            assert_true(fabs(s[i] - 1 / (1 + exp(-x[i]))) <= 1e-15);
            assert_true(fabs(h[i] - tanh(x[i])) <= 1e-15);
        }
    }
    mech_release_array(x);
    mech_release_array(s);
    mech_release_array(h);
}

static void activations_keep_limits_and_nan(void **state) {
    (void)state;
    const float x[] = {INFINITY, -INFINITY, NAN, 0, -0.0f, 1e-30f, 1e-6f};
    float s[7], h[7];
    for (int set = 0; set < N_INSTRUCTION_SETS; set++) {
        if (!mech_processor_has((instruction_set)set)) continue;
        mech_engine_kernel_of((instruction_set)set, ENGINE_FLOAT32)->activate(7, x, s, h);
        assert_true(s[0] == 1 && h[0] == 1);
        assert_true(s[1] >= 0 && s[1] < 1e-37f && h[1] == -1);
        assert_true(isnan(s[2]) && isnan(h[2]));
        assert_true(s[3] == 0.5f && h[3] == 0 && h[4] == 0);
        /* tanh is exact where it is small, relative to its size. */
        assert_true(fabsf(h[5] - 1e-30f) <= 1e-36f && fabsf(h[6] - 1e-6f) <= 1e-12f);
    }
}

static double largest_difference(size_t count, const float *a, const double *b) {
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        const double d = fabs(a[i] - b[i]);
        largest = d <= largest ? largest : d;
    }
    return largest;
}

static double largest_size(size_t count, const double *a) {
    double largest = 0;
    for (size_t i = 0; i < count; i++) largest = fmax(largest, fabs(a[i]));
    return largest;
}

static void check_against_float64(const char *network, graph_shape shape, size_t n, size_t n_times) {
    engine_case c = case_new(network, shape, n, n_times, 11);
    const size_t n_p = c.g.n_parameters, n_results = n * shape.n_labels;
    float *gradient = case_array(n_p, sizeof *gradient), *p = case_array(n_results, sizeof *p);
    double *exact_gradient = case_array(n_p, sizeof(double)), *exact_p = case_array(n_results, sizeof(double));
    const engine_kernel *reference = mech_engine_kernel_of(LANES_BASELINE, ENGINE_FLOAT64);
    const engine_loss exact = case_gradient(&c, reference, 1, 0.1, exact_gradient);
    case_predict(&c, reference, 1, exact_p);
    const double size = largest_size(n_p, exact_gradient);
    for (int set = 0; set < N_INSTRUCTION_SETS; set++) {
        if (!mech_processor_has((instruction_set)set)) continue;
        const engine_kernel *kernel = mech_engine_kernel_of((instruction_set)set, ENGINE_FLOAT32);
        const engine_loss loss = case_gradient(&c, kernel, 1, 0.1, gradient);
        case_predict(&c, kernel, 1, p);
        const double error = largest_difference(n_p, gradient, exact_gradient) / size;
        const double p_error = largest_difference(n_results, p, exact_p);
        if (!(error <= 1e-5 && p_error <= 1e-5))
            fail_msg("%s, %zu steps, %s: gradient off by %g of its largest number, probabilities by %g", network,
                     n_times, mech_instruction_set_name((instruction_set)set), error, p_error);
        assert_true(fabs(loss.cross_entropy - exact.cross_entropy) <= 1e-5 * exact.cross_entropy);
        assert_int_equal(loss.correct, exact.correct);
    }
    for (int set = LANES_BASELINE + 1; set < N_INSTRUCTION_SETS; set++) {
        if (!mech_processor_has((instruction_set)set)) continue;
        double *other = case_array(n_p, sizeof *other);
        case_gradient(&c, mech_engine_kernel_of((instruction_set)set, ENGINE_FLOAT64), 1, 0.1, other);
        for (size_t i = 0; i < n_p; i++) assert_true(fabs(other[i] - exact_gradient[i]) <= 1e-12 * size);
        mech_release_array(other);
    }
    mech_release_array(gradient);
    mech_release_array(p);
    mech_release_array(exact_gradient);
    mech_release_array(exact_p);
    case_free(&c);
}

static void instruction_sets_agree_with_float64(void **state) {
    (void)state;
    for (size_t i = 0; mech_graph_network_name(i); i++) {
        const char *network = mech_graph_network_name(i);
        const graph_shape wide = {
            .static_width = 4, .series_width = 12, .n_labels = 20, .hidden = strcmp(network, "nature") == 0 ? 72 : 0};
        check_against_float64(network, wide, 51, 4);
        check_against_float64(network, odd, 29, 1);
        check_against_float64(network, odd, 5, 9);
    }
}

/* Depths of more than one block of the product, more steps than any network was trained on. */
static void wide_layers_and_long_series_agree_with_float64(void **state) {
    (void)state;
    check_against_float64("nature",
                          (graph_shape){.static_width = 5, .series_width = 150, .n_labels = 33, .hidden = 200}, 7, 3);
    check_against_float64("hadamard",
                          (graph_shape){.static_width = 4, .series_width = 12, .n_labels = 20, .hidden = 16}, 3, 400);
}

static void a_sample_does_not_depend_on_its_neighbours(void **state) {
    (void)state;
    engine_case c = case_new("hadamard", published, 67, 6, 2);
    float *together = case_array(c.n * 20, sizeof(float)), alone[20];
    for (int set = 0; set < N_INSTRUCTION_SETS; set++) {
        if (!mech_processor_has((instruction_set)set)) continue;
        const engine_kernel *kernel = mech_engine_kernel_of((instruction_set)set, ENGINE_FLOAT32);
        case_predict(&c, kernel, 1, together);
        for (size_t i = 0; i < c.n; i++) {
            engine_case one = c;
            one.n = 1;
            one.x1 += i * 4;
            one.x2 += i * c.n_times * 12;
            case_predict(&one, kernel, 1, alone);
            assert_memory_equal(alone, together + i * 20, sizeof alone);
        }
    }
    mech_release_array(together);
    case_free(&c);
}

static void an_engine_used_again_gives_the_same_bits(void **state) {
    (void)state;
    engine_case small = case_new("attention", odd, 30, 2, 3), large = case_new("attention", odd, 70, 8, 3);
    const engine_kernel *kernel = mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT32);
    const size_t n_p = small.g.n_parameters;
    float *fresh = case_array(n_p, sizeof *fresh), *again = case_array(n_p, sizeof *again);
    case_gradient(&small, kernel, 1, 0, fresh);
    engine *e = case_engine(&small, kernel, 1);
    const engine_part small_part = case_part(&small), large_part = case_part(&large);
    engine_loss loss;
    mech_error error;
    assert_int_equal(mech_engine_gradient(e, large.parameters, 1, &large_part, 0, again, &loss, &error), MECH_OK);
    assert_int_equal(mech_engine_gradient(e, small.parameters, 1, &small_part, 0, again, &loss, &error), MECH_OK);
    assert_memory_equal(fresh, again, n_p * sizeof *fresh);
    mech_engine_free(e);
    mech_release_array(fresh);
    mech_release_array(again);
    case_free(&small);
    case_free(&large);
}

/* Parts with 2, 8 and 5 time steps, one of them without samples: the gradient is the mean of the parts' with the
 * weights of their samples, whatever the threads. */
static void the_gradient_of_parts_is_their_mean(void **state) {
    (void)state;
    engine_case cases[] = {case_new("hadamard", odd, 30, 2, 3), case_new("hadamard", odd, 70, 8, 4),
                           case_new("hadamard", odd, 1, 3, 5), case_new("hadamard", odd, 25, 5, 6)};
    enum { PARTS = sizeof cases / sizeof cases[0], EMPTY = 2 };
    const engine_kernel *kernel = mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT64);
    const size_t n_p = cases[0].g.n_parameters;
    double *mean = case_array(n_p, sizeof *mean), *one = case_array(n_p, sizeof *one);
    double *together = case_array(n_p, sizeof *together), *again = case_array(n_p, sizeof *again);
    engine_part parts[PARTS];
    double cross_entropy = 0, n = 0;
    size_t correct = 0;
    for (size_t i = 0; i < PARTS; i++) {
        parts[i] = case_part(&cases[i]);
        memcpy(cases[i].parameters_float64, cases[0].parameters_float64, n_p * sizeof(double));
        if (i == EMPTY)
            parts[i].n = 0;
        else
            n += (double)parts[i].n;
    }
    for (size_t i = 0; i < PARTS; i++) {
        if (i == EMPTY) continue;
        const double share = (double)parts[i].n / n;
        const engine_loss loss = case_gradient(&cases[i], kernel, 1, 0.1, one);
        for (size_t j = 0; j < n_p; j++) mean[j] += share * one[j];
        cross_entropy += share * loss.cross_entropy;
        correct += loss.correct;
    }
    for (int threads = 1; threads <= 3; threads += 2) {
        engine *e = case_engine(&cases[0], kernel, threads);
        engine_loss loss;
        mech_error error;
        assert_int_equal(mech_engine_gradient_reals(e, cases[0].parameters_float64, PARTS, parts, 0.1,
                                                    threads == 1 ? together : again, &loss, &error),
                         MECH_OK);
        assert_true(fabs(loss.cross_entropy - cross_entropy) < 1e-12);
        assert_int_equal(loss.correct, correct);
        mech_engine_free(e);
    }
    for (size_t j = 0; j < n_p; j++) assert_true(fabs(together[j] - mean[j]) < 1e-12);
    assert_memory_equal(together, again, n_p * sizeof *together);
    mech_release_array(mean);
    mech_release_array(one);
    mech_release_array(together);
    mech_release_array(again);
    for (size_t i = 0; i < PARTS; i++) case_free(&cases[i]);
}

static void the_loss_is_that_of_the_probabilities(void **state) {
    (void)state;
    for (size_t network = 0; mech_graph_network_name(network); network++) {
        engine_case c = case_new(mech_graph_network_name(network), odd, 100, 3, 4);
        const engine_kernel *kernel = mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT32);
        float *gradient = case_array(c.g.n_parameters, sizeof *gradient), *p = case_array(c.n * 5, sizeof *p);
        const engine_loss loss = case_gradient(&c, kernel, 1, 0.3, gradient);
        case_predict(&c, kernel, 1, p);
        double sum = 0;
        size_t correct = 0;
        for (size_t i = 0; i < c.n; i++) {
            double total = 0;
            size_t best = 0;
            for (size_t j = 0; j < 5; j++) {
                total += p[i * 5 + j];
                if (p[i * 5 + j] > p[i * 5 + best]) best = j;
            }
            assert_true(fabs(total - 1) < 1e-6);
            sum -= log(p[i * 5 + c.y[i]]);
            correct += best == c.y[i];
        }
        assert_true(fabs(loss.cross_entropy - sum / (double)c.n) <= 1e-6 * loss.cross_entropy);
        assert_int_equal(loss.correct, correct);
        mech_release_array(gradient);
        mech_release_array(p);
        case_free(&c);
    }
}

static void what_is_not_a_number_stays_in_its_sample(void **state) {
    (void)state;
    for (size_t network = 0; mech_graph_network_name(network); network++) {
        engine_case c = case_new(mech_graph_network_name(network), odd, 30, 3, 6);
        const engine_kernel *kernel = mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT32);
        float *clean = case_array(c.n * 5, sizeof *clean), *p = case_array(c.n * 5, sizeof *p);
        float *gradient = case_array(c.g.n_parameters, sizeof *gradient);
        case_predict(&c, kernel, 1, clean);
        c.x2[(13 * c.n_times + 1) * c.g.series_width + 3] = NAN;
        c.y[13] = 0;
        case_predict(&c, kernel, 1, p);
        for (size_t i = 0; i < c.n * 5; i++) {
            if (i / 5 == 13)
                assert_true(isnan(p[i]));
            else
                assert_memory_equal(p + i, clean + i, sizeof *p);
        }
        const engine_loss loss = case_gradient(&c, kernel, 1, 0, gradient);
        assert_true(isnan(loss.cross_entropy));
        assert_true(loss.correct < c.n);
        size_t lstm = 0;
        while (strcmp(c.g.tensors[lstm].name, "lstm_1/kernel") != 0) lstm++;
        assert_true(isnan(gradient[c.g.tensors[lstm].offset]));
        mech_release_array(clean);
        mech_release_array(p);
        mech_release_array(gradient);
        case_free(&c);
    }
}

/* Weights so large that probabilities underflow: everything stays finite. */
static void saturated_networks_stay_finite(void **state) {
    (void)state;
    for (size_t network = 0; mech_graph_network_name(network); network++) {
        engine_case c = case_new(mech_graph_network_name(network), odd, 30, 3, 6);
        for (size_t i = 0; i < c.g.n_parameters; i++) c.parameters[i] *= 300;
        for (int set = 0; set < N_INSTRUCTION_SETS; set++) {
            if (!mech_processor_has((instruction_set)set)) continue;
            float *gradient = case_array(c.g.n_parameters, sizeof *gradient);
            const engine_loss loss =
                case_gradient(&c, mech_engine_kernel_of((instruction_set)set, ENGINE_FLOAT32), 1, 0, gradient);
            assert_true(isfinite(loss.cross_entropy) && loss.cross_entropy > 1);
            for (size_t i = 0; i < c.g.n_parameters; i++) assert_true(isfinite(gradient[i]));
            mech_release_array(gradient);
        }
        case_free(&c);
    }
}

static void exact_engines_take_and_give_float32(void **state) {
    (void)state;
    engine_case c = case_new("gate", odd, 40, 4, 8);
    const size_t n_p = c.g.n_parameters;
    double *exact_gradient = case_array(n_p, sizeof(double)), *exact_p = case_array(c.n * 5, sizeof(double));
    float *gradient = case_array(n_p, sizeof *gradient), *p = case_array(c.n * 5, sizeof *p);
    const engine_kernel *kernel = mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT64);
    case_gradient(&c, kernel, 1, 0, exact_gradient);
    case_predict(&c, kernel, 1, exact_p);
    engine *e;
    engine_loss loss;
    mech_error error;
    assert_int_equal(mech_engine_new_exact(&c.g, 1, &e, &error), MECH_OK);
    assert_int_equal(mech_engine_predict(e, c.parameters, c.n, c.n_times, c.x1, c.x2, p, &error), MECH_OK);
    const engine_part part = case_part(&c);
    assert_int_equal(mech_engine_gradient(e, c.parameters, 1, &part, 0, gradient, &loss, &error), MECH_OK);
    for (size_t i = 0; i < n_p; i++) assert_true(gradient[i] == (float)exact_gradient[i]);
    for (size_t i = 0; i < c.n * 5; i++) assert_true(p[i] == (float)exact_p[i]);
    mech_engine_free(e);
    mech_release_array(exact_gradient);
    mech_release_array(exact_p);
    mech_release_array(gradient);
    mech_release_array(p);
    case_free(&c);
}

static void batches_without_meaning_are_refused(void **state) {
    (void)state;
    engine_case c = case_new("average", odd, 4, 2, 8);
    float *gradient = case_array(c.g.n_parameters, sizeof *gradient), p[20];
    engine *e;
    engine_loss loss;
    mech_error error;
    assert_int_equal(mech_engine_new(&c.g, 1, &e, &error), MECH_OK);
    assert_int_equal(mech_engine_predict(e, c.parameters, 0, 2, c.x1, c.x2, p, &error), MECH_OK);
    assert_int_equal(mech_engine_predict(e, c.parameters, 4, 0, c.x1, c.x2, p, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "samples without time steps: expected at least one");
    const engine_part none = {.n_times = 2, .x1 = c.x1, .x2 = c.x2, .y = c.y};
    assert_int_equal(mech_engine_gradient(e, c.parameters, 1, &none, 0, gradient, &loss, &error),
                     MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "a batch without samples has no gradient: expected at least one");
    c.y[2] = 5;
    const engine_part part = case_part(&c);
    assert_int_equal(mech_engine_gradient(e, c.parameters, 1, &part, 0, gradient, &loss, &error),
                     MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "sample 2 has label 5: expected one below 5, the number of labels");
    assert_int_equal(mech_engine_predict(e, c.parameters, 4, SIZE_MAX / 4, c.x1, c.x2, p, &error), MECH_OUT_OF_MEMORY);
    mech_engine_free(e);
    mech_release_array(gradient);
    case_free(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(activations_in_float32_are_within_3e_7),
        cmocka_unit_test(activations_in_float64_are_within_1e_15),
        cmocka_unit_test(activations_keep_limits_and_nan),
        cmocka_unit_test(instruction_sets_agree_with_float64),
        cmocka_unit_test(wide_layers_and_long_series_agree_with_float64),
        cmocka_unit_test(a_sample_does_not_depend_on_its_neighbours),
        cmocka_unit_test(an_engine_used_again_gives_the_same_bits),
        cmocka_unit_test(the_gradient_of_parts_is_their_mean),
        cmocka_unit_test(the_loss_is_that_of_the_probabilities),
        cmocka_unit_test(what_is_not_a_number_stays_in_its_sample),
        cmocka_unit_test(saturated_networks_stay_finite),
        cmocka_unit_test(exact_engines_take_and_give_float32),
        cmocka_unit_test(batches_without_meaning_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
