/* The networks as graphs: sizes, names and layouts of their tensors, and where these start. */
#include "base/files/text.h"
#include "base/memory.h"
#include "learn/network/graph.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const graph_shape published = {.static_width = 4, .series_width = 12, .n_labels = 20};

static void build(const char *network, const graph_shape *shape, graph *g) {
    mech_error error;
    if (mech_graph_build(network, shape, g, &error) != MECH_OK) fail_msg("%s", error.message);
}

static void networks_have_their_published_sizes(void **state) {
    (void)state;
    static const struct {
        const char *network;
        size_t n_parameters;
    } sizes[] = {
        {"average", 55656},  {"attention", 79124},    {"gate", 75156},     {"hadamard", 70996}, {"nature", 576420},
        {"kinetic", 285844}, {"comparative", 287636}, {"experts", 707348}, {"joint", 81876},    {"separate", 154516},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        graph g;
        build(sizes[i].network, &published, &g);
        assert_string_equal(g.network, sizes[i].network);
        assert_string_equal(mech_graph_network_name(i), sizes[i].network);
        assert_int_equal(g.n_parameters, sizes[i].n_parameters);
    }
    assert_null(mech_graph_network_name(sizeof sizes / sizeof sizes[0]));
    text names = {0};
    for (size_t i = 0; mech_graph_network_name(i); i++) {
        mech_text_add(&names, mech_graph_network_name(i));
        mech_text_add(&names, mech_graph_network_name(i + 1) ? ", " : " or " SET_NETWORK);
    }
    assert_string_equal(names.characters, NETWORK_NAMES);
    mech_text_free(&names);
}

typedef struct expected_tensor {
    const char *name;
    size_t rows, columns;
} expected_tensor;

#define BRANCHES                                                                                                       \
    {"static/kernel", 4, 64}, {"static/bias", 0, 64}, {"lstm_1/kernel", 12, 256},                                      \
        {"lstm_1/recurrent_kernel", 64, 256}, {"lstm_1/bias", 0, 256}, {"lstm_2/kernel", 64, 256},                     \
        {"lstm_2/recurrent_kernel", 64, 256}, {                                                                        \
        "lstm_2/bias", 0, 256                                                                                          \
    }
#define DENSE(name, inputs, outputs)                                                                                   \
    {name "/kernel", inputs, outputs}, { name "/bias", 0, outputs }
#define HEAD(inputs) DENSE("hidden", inputs, 64), DENSE("output", 64, 20)
#define PROJECTIONS DENSE("static_projection", 64, 64), DENSE("dynamic_projection", 64, 64)

static void tensors_have_the_names_and_layouts_of_the_format(void **state) {
    (void)state;
    static const struct {
        const char *network;
        expected_tensor tensors[24];
    } cases[] = {
        {"average", {BRANCHES, DENSE("static_output", 64, 20), DENSE("dynamic_output", 64, 20)}},
        {"attention", {BRANCHES, DENSE("attention", 128, 128), HEAD(128)}},
        {"gate", {BRANCHES, PROJECTIONS, DENSE("static_gate", 64, 64), DENSE("dynamic_gate", 64, 64), HEAD(64)}},
        {"hadamard", {BRANCHES, PROJECTIONS, DENSE("combined", 64, 64), HEAD(64)}},
        {"nature",
         {DENSE("static", 4, 200),
          {"lstm_1/kernel", 12, 800},
          {"lstm_1/recurrent_kernel", 200, 800},
          {"lstm_1/bias", 0, 800},
          {"lstm_2/kernel", 200, 800},
          {"lstm_2/recurrent_kernel", 200, 800},
          {"lstm_2/bias", 0, 800},
          DENSE("hidden", 400, 200),
          DENSE("output", 200, 20)}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        graph g;
        build(cases[i].network, &published, &g);
        size_t offset = 0;
        int n_tensors = 0;
        for (const expected_tensor *t = cases[i].tensors; t->name; t++, n_tensors++) {
            assert_true(n_tensors < g.n_tensors);
            assert_string_equal(g.tensors[n_tensors].name, t->name);
            assert_int_equal(g.tensors[n_tensors].rows, t->rows);
            assert_int_equal(g.tensors[n_tensors].columns, t->columns);
            assert_int_equal(g.tensors[n_tensors].offset, offset);
            offset += (t->rows ? t->rows : 1) * t->columns;
        }
        assert_int_equal(g.n_tensors, n_tensors);
        assert_int_equal(g.n_parameters, offset);
    }
}

static void widths_follow_the_shape(void **state) {
    (void)state;
    const graph_shape shape = {.static_width = 6, .series_width = 31, .n_labels = 3, .hidden = 10};
    graph g;
    build("attention", &shape, &g);
    /* static 6 * 10 + 10, LSTMs (31 + 10 + 1) * 40 and (10 + 10 + 1) * 40, attention 20 * 20 + 20, head 20 * 10 + 10
     * and 10 * 3 + 3 */
    assert_int_equal(g.n_parameters, 70 + 1680 + 840 + 420 + 210 + 33);
    assert_int_equal(g.nodes[g.n_nodes - 1].width, 3);
}

static void what_cannot_be_built_is_refused(void **state) {
    (void)state;
    graph g;
    mech_error error;
    assert_int_equal(mech_graph_build("transformer", &published, &g, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "no network is called \"transformer\": expected " NETWORK_NAMES);
    const graph_shape no_classes = {.static_width = 4, .series_width = 12};
    assert_int_equal(mech_graph_build("gate", &no_classes, &g, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "a network of 4 static and 12 series columns and 0 labels has no meaning: "
                                       "expected at least one of each");
}

static const graph_tensor *find(const graph *g, const char *name) {
    for (int i = 0; i < g->n_tensors; i++)
        if (strcmp(g->tensors[i].name, name) == 0) return &g->tensors[i];
    fail_msg("no tensor %s", name);
    return NULL;
}

/* Mean square of a kernel, which is limit^2 / 3 for numbers uniform on [-limit, limit]; none lies beyond. */
static void assert_uniform(const graph *g, const float *parameters, const char *name, double limit) {
    const graph_tensor *t = find(g, name);
    const size_t count = t->rows * t->columns;
    double square = 0, sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double w = parameters[t->offset + i];
        assert_true(fabs(w) <= limit * (1 + 1e-6));
        square += w * w;
        sum += w;
    }
    /* Five standard deviations: var(w^2) = 4 limit^4 / 45, var(w) = limit^2 / 3. */
    assert_true(fabs(square / (double)count - limit * limit / 3) < 5 * limit * limit * sqrt(4.0 / 45 / (double)count));
    assert_true(fabs(sum / (double)count) < 5 * limit * sqrt(1.0 / 3 / (double)count));
}

static void kernels_start_at_their_scale(void **state) {
    (void)state;
    graph g;
    build("hadamard", &published, &g);
    float *parameters = mech_allocate_array(g.n_parameters, sizeof *parameters);
    assert_non_null(parameters);
    mech_graph_initialise(&g, 1, parameters);
    assert_uniform(&g, parameters, "static/kernel", sqrt(6.0 / 68));
    assert_uniform(&g, parameters, "lstm_1/kernel", sqrt(6.0 / 268));
    assert_uniform(&g, parameters, "combined/kernel", sqrt(6.0 / 128));
    assert_uniform(&g, parameters, "hidden/kernel", sqrt(6.0 / 64)); /* He */
    assert_uniform(&g, parameters, "output/kernel", sqrt(6.0 / 84));
    const graph_tensor *forget = find(&g, "lstm_2/bias"), *bias = find(&g, "hidden/bias");
    for (size_t i = 0; i < 256; i++) assert_true(parameters[forget->offset + i] == (i >= 64 && i < 128 ? 1.0f : 0.0f));
    for (size_t i = 0; i < 64; i++) assert_true(parameters[bias->offset + i] == 0);
    mech_release_array(parameters);
}

static void recurrent_kernels_start_orthogonal(void **state) {
    (void)state;
    graph g;
    build("gate", &published, &g);
    float *parameters = mech_allocate_array(g.n_parameters, sizeof *parameters);
    assert_non_null(parameters);
    mech_graph_initialise(&g, 7, parameters);
    const float *kernel = parameters + find(&g, "lstm_1/recurrent_kernel")->offset;
    for (size_t i = 0; i < 64; i++)
        for (size_t j = 0; j <= i; j++) {
            double product = 0;
            for (size_t k = 0; k < 256; k++) product += (double)kernel[i * 256 + k] * (double)kernel[j * 256 + k];
            assert_true(fabs(product - (i == j)) < 1e-6);
        }
    mech_release_array(parameters);
}

static void parameters_are_a_function_of_the_seed(void **state) {
    (void)state;
    graph g;
    build("average", &published, &g);
    const size_t bytes = g.n_parameters * sizeof(float);
    float *first = mech_allocate_array(g.n_parameters, sizeof(float)),
          *again = mech_allocate_array(g.n_parameters, sizeof(float));
    assert_non_null(first);
    assert_non_null(again);
    mech_graph_initialise(&g, 3, first);
    mech_graph_initialise(&g, 3, again);
    assert_memory_equal(first, again, bytes);
    mech_graph_initialise(&g, 4, again);
    assert_memory_not_equal(first, again, bytes);
    /* The tensors of equal shape differ, too. */
    const graph_tensor *a = find(&g, "static_output/kernel"), *b = find(&g, "dynamic_output/kernel");
    assert_memory_not_equal(first + a->offset, first + b->offset, a->rows * a->columns * sizeof(float));
    mech_release_array(first);
    mech_release_array(again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_have_their_published_sizes),
        cmocka_unit_test(tensors_have_the_names_and_layouts_of_the_format),
        cmocka_unit_test(widths_follow_the_shape),
        cmocka_unit_test(what_cannot_be_built_is_refused),
        cmocka_unit_test(kernels_start_at_their_scale),
        cmocka_unit_test(recurrent_kernels_start_orthogonal),
        cmocka_unit_test(parameters_are_a_function_of_the_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
