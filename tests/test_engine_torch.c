/* Probabilities and gradients of every network against PyTorch's, written independently (torch_networks.py), in
 * float64. Skipped where Python has no PyTorch. */
#include "engine_case.h"

#include <stdlib.h>
#include <unistd.h>

enum { PATH_LENGTH = 512, SKIPPED = 77 };

/* The interpreter found first in PATH may be another one than the system's, which has Debian's packages. */
static const char *const pythons[] = {"python3", "/usr/bin/python3"};
static const char *python;

static char folder[] = "/tmp/mechanist-torch-XXXXXX";

static const graph_shape shape = {.static_width = 4, .series_width = 12, .n_labels = 20, .hidden = 30};
enum { SAMPLES = 50, MOST_STEPS = 6 };
/* Comparisons of runs take other branches where there are next to no readings. */
static const size_t steps[] = {2, 3, MOST_STEPS};
enum { LENGTHS = sizeof steps / sizeof steps[0] };
static const double label_smoothing = 0.1;

/* folder/NETWORK-STEPS.NAME */
static void join(char path[PATH_LENGTH], const char *network, size_t n_times, const char *name) {
    snprintf(path, PATH_LENGTH, "%s/%s-%zu.%s", folder, network, n_times, name);
}

static void write_file(const engine_case *c, const char *name, const void *content, size_t bytes) {
    char path[PATH_LENGTH];
    join(path, c->g.network, c->n_times, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content, 1, bytes, file), bytes);
    assert_int_equal(fclose(file), 0);
}

static double *read_numbers(const engine_case *c, const char *name, size_t count) {
    char path[PATH_LENGTH];
    join(path, c->g.network, c->n_times, name);
    double *numbers = case_array(count, sizeof *numbers);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(numbers, sizeof *numbers, count, file), count);
    fclose(file);
    return numbers;
}

/* NETWORK-STEPS.case: network, samples, steps, widths, smoothing; then a line for each tensor. The other files are
 * plain numbers.
 */
static void write_case(const engine_case *c) {
    char path[PATH_LENGTH];
    join(path, c->g.network, c->n_times, "case");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%s %zu %zu %zu %zu %.17g\n", c->g.network, c->n, c->n_times, c->g.static_width, c->g.series_width,
            label_smoothing);
    for (int i = 0; i < c->g.n_tensors; i++)
        fprintf(file, "%s %zu %zu\n", c->g.tensors[i].name, c->g.tensors[i].rows, c->g.tensors[i].columns);
    assert_int_equal(fclose(file), 0);
    write_file(c, "parameters", c->parameters_float64, c->g.n_parameters * sizeof(double));
    write_file(c, "x1", c->x1, c->n * c->g.static_width * sizeof(float));
    write_file(c, "x2", c->x2, c->n * c->n_times * c->g.series_width * sizeof(float));
    write_file(c, "y", c->y, c->n);
}

static engine_case case_of(const char *network, size_t n_times) {
    return case_new(network, shape, SAMPLES, n_times, 17);
}

static void check_network(const char *network, size_t n_times) {
    engine_case c = case_of(network, n_times);
    const size_t n_p = c.g.n_parameters, n_results = SAMPLES * shape.n_labels;
    double *gradient = case_array(n_p, sizeof *gradient), *p = case_array(n_results, sizeof *p);
    double *expected_gradient = read_numbers(&c, "gradient", n_p);
    double *expected_p = read_numbers(&c, "probabilities", n_results);
    const engine_kernel *kernel = mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT64);
    case_gradient(&c, kernel, 1, label_smoothing, gradient);
    case_predict(&c, kernel, 1, p);
    for (size_t i = 0; i < n_results; i++)
        if (!(fabs(p[i] - expected_p[i]) <= 1e-12))
            fail_msg("%s, %zu steps, probability %zu: %.15g is not %.15g", network, n_times, i, p[i], expected_p[i]);
    double largest = 0;
    for (size_t i = 0; i < n_p; i++) largest = fmax(largest, fabs(expected_gradient[i]));
    for (size_t i = 0; i < n_p; i++)
        if (!(fabs(gradient[i] - expected_gradient[i]) <= 1e-12 * largest))
            fail_msg("%s, %zu steps, gradient %zu: %.15g is not %.15g", network, n_times, i, gradient[i],
                     expected_gradient[i]);
    mech_release_array(gradient);
    mech_release_array(p);
    mech_release_array(expected_gradient);
    mech_release_array(expected_p);
    case_free(&c);
}

static void networks_agree_with_pytorch(void **state) {
    (void)state;
    for (size_t i = 0; mech_graph_network_name(i); i++)
        for (size_t j = 0; j < LENGTHS; j++) {
            engine_case c = case_of(mech_graph_network_name(i), steps[j]);
            write_case(&c);
            case_free(&c);
        }
    char command[2 * PATH_LENGTH];
    snprintf(command, sizeof command, "%s %s/tests/torch_gradient.py %s", python, SOURCE_DIR, folder);
    assert_int_equal(system(command), 0);
    for (size_t i = 0; mech_graph_network_name(i); i++)
        for (size_t j = 0; j < LENGTHS; j++) check_network(mech_graph_network_name(i), steps[j]);
}

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    static const char *const names[] = {"case", "parameters", "x1", "x2", "y", "probabilities", "gradient"};
    for (size_t network = 0; mech_graph_network_name(network); network++)
        for (size_t i = 0; i < sizeof names / sizeof names[0] * LENGTHS; i++) {
            char path[PATH_LENGTH];
            join(path, mech_graph_network_name(network), steps[i % LENGTHS], names[i / LENGTHS]);
            remove(path);
        }
    return rmdir(folder);
}

int main(void) {
    for (size_t i = 0; i < sizeof pythons / sizeof pythons[0] && !python; i++) {
        char command[PATH_LENGTH];
        snprintf(command, sizeof command, "%s -c 'import torch' 2>/dev/null", pythons[i]);
        if (system(command) == 0) python = pythons[i];
    }
    if (!python) {
        printf("skipped: python3 has no PyTorch (Debian: python3-torch)\n");
        return SKIPPED;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(networks_agree_with_pytorch)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
