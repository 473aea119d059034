/* Results are the same to the last bit, however many threads compute them. */
#include "engine_case.h"

static void check_threads(const char *network, size_t n, size_t n_times) {
    const graph_shape shape = {.static_width = 4, .series_width = 12, .n_labels = 20, .hidden = 24};
    engine_case c = case_new(network, shape, n, n_times, 21);
    const size_t gradient_bytes = c.g.n_parameters * sizeof(float), p_bytes = n * 20 * sizeof(float);
    float *gradient = case_array(gradient_bytes, 1), *p = case_array(p_bytes, 1);
    float *other_gradient = case_array(gradient_bytes, 1), *other_p = case_array(p_bytes, 1);
    const engine_kernel *kernel = mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT32);
    const engine_loss loss = case_gradient(&c, kernel, 1, 0.1, gradient);
    case_predict(&c, kernel, 1, p);
    for (int threads = 2; threads <= 3; threads++)
        for (int repeat = 0; repeat < 3; repeat++) {
            const engine_loss other = case_gradient(&c, kernel, threads, 0.1, other_gradient);
            case_predict(&c, kernel, threads, other_p);
            assert_memory_equal(other_gradient, gradient, gradient_bytes);
            assert_memory_equal(other_p, p, p_bytes);
            assert_memory_equal(&other.cross_entropy, &loss.cross_entropy, sizeof loss.cross_entropy);
            assert_int_equal(other.correct, loss.correct);
        }
    mech_release_array(gradient);
    mech_release_array(p);
    mech_release_array(other_gradient);
    mech_release_array(other_p);
    case_free(&c);
}

static void results_do_not_depend_on_the_number_of_threads(void **state) {
    (void)state;
    for (size_t i = 0; mech_graph_network_name(i); i++) check_threads(mech_graph_network_name(i), 1000, 3);
    check_threads("hadamard", 1, 5);   /* fewer tiles than threads */
    check_threads("hadamard", 121, 2); /* fewer tiles than slices */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(results_do_not_depend_on_the_number_of_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
