/* The gradient of every network against central differences, the same kernels in float64. */
#include "engine_case.h"

/* The loss that engine_gradient() differentiates, from the probabilities. */
static double smoothed_loss(const engine_case *c, engine *e, double label_smoothing, double *probabilities) {
    const size_t n_classes = c->g.n_classes;
    double sum = 0;
    mech_error error;
    if (engine_predict_reals(e, c->parameters_float64, c->n, c->n_times, c->x1, c->x2, probabilities, &error) !=
        MECH_OK)
        fail_msg("%s", error.message);
    for (size_t i = 0; i < c->n; i++)
        for (size_t j = 0; j < n_classes; j++) {
            const double target = (j == c->y[i] ? 1 - label_smoothing : 0) + label_smoothing / (double)n_classes;
            sum -= target * log(probabilities[i * n_classes + j]);
        }
    return sum / (double)c->n;
}

/* Differences of fourth order: (8 (L(+h) - L(-h)) - (L(+2h) - L(-2h))) / 12 h. */
static double difference(engine_case *c, engine *e, double label_smoothing, size_t parameter, double *probabilities) {
    const double middle = c->parameters_float64[parameter], h = 2e-4;
    double losses[4];
    const double steps[4] = {h, -h, 2 * h, -2 * h};
    for (size_t i = 0; i < 4; i++) {
        c->parameters_float64[parameter] = middle + steps[i];
        losses[i] = smoothed_loss(c, e, label_smoothing, probabilities);
    }
    c->parameters_float64[parameter] = middle;
    return (8 * (losses[0] - losses[1]) - (losses[2] - losses[3])) / (12 * h);
}

static void check_gradient(const char *network, graph_shape shape, size_t n, size_t n_times, double label_smoothing) {
    engine_case c = case_new(network, shape, n, n_times, 5);
    double *gradient = case_array(c.g.n_parameters, sizeof *gradient);
    double *probabilities = case_array(n * shape.n_classes, sizeof *probabilities);
    case_gradient(&c, &engine_kernel_baseline_float64, 1, label_smoothing, gradient);
    engine *e = case_engine(&c, &engine_kernel_baseline_float64, 1);
    for (int i = 0; i < c.g.n_tensors; i++) {
        const graph_tensor *t = &c.g.tensors[i];
        const size_t count = (t->rows ? t->rows : 1) * t->columns;
        double largest = 0, error = 0;
        for (size_t j = t->offset; j < t->offset + count; j++) {
            const double expected = difference(&c, e, label_smoothing, j, probabilities);
            largest = fmax(largest, fabs(expected));
            error = fmax(error, fabs(gradient[j] - expected));
        }
        /* The first step's states are zero, so with one step only the recurrent kernel has no influence. */
        if (n_times > 1 || !strstr(t->name, "recurrent")) assert_true(largest > 1e-6);
        if (!(error <= 1e-6 * largest))
            fail_msg("%s, %zu steps, %s: error %g of %g", network, n_times, t->name, error, largest);
    }
    engine_free(e);
    release_array(gradient);
    release_array(probabilities);
    case_free(&c);
}

static void gradients_match_differences(void **state) {
    (void)state;
    static const struct {
        graph_shape shape;
        size_t n, n_times;
        double label_smoothing;
    } cases[] = {
        {{.static_width = 4, .series_width = 12, .n_classes = 20, .hidden = 4}, 3, 1, 0},
        {{.static_width = 3, .series_width = 9, .n_classes = 7, .hidden = 5}, 2, 2, 0.1},
        {{.static_width = 1, .series_width = 3, .n_classes = 2, .hidden = 3}, 27, 5, 0.05},
    };
    for (size_t i = 0; graph_network_name(i); i++)
        for (size_t j = 0; j < sizeof cases / sizeof cases[0]; j++)
            check_gradient(graph_network_name(i), cases[j].shape, cases[j].n, cases[j].n_times,
                           cases[j].label_smoothing);
}

/* A dense layer over a series, a node that three others use, every way to combine and a product of a node with itself:
 * what no published network has. */
static void build_unusual_graph(graph *g) {
    const int x = graph_static(g);
    const int steps = graph_dense(g, "steps", graph_series(g), 3, ACTIVATION_SIGMOID, INITIALISE_GLOROT_UNIFORM);
    const int states = graph_lstm(g, "lstm_1", steps, 3, true);
    const int both = graph_combine(g, NODE_SUM, states, steps);
    const int a = graph_lstm(g, "lstm_2", both, 5, false), b = graph_lstm(g, "lstm_3", states, 5, false);
    const int squared = graph_combine(g, NODE_PRODUCT, a, a);
    const int mean = graph_combine(g, NODE_MEAN, graph_combine(g, NODE_PRODUCT, a, b), squared);
    const int joined = graph_combine(g, NODE_CONCATENATION, x, mean);
    const int twice = graph_combine(g, NODE_CONCATENATION, joined, joined);
    const int weights = graph_dense(g, "weights", twice, g->n_classes, ACTIVATION_SOFTMAX, INITIALISE_GLOROT_UNIFORM);
    const int other = graph_dense(g, "other", joined, g->n_classes, ACTIVATION_SOFTMAX, INITIALISE_GLOROT_UNIFORM);
    graph_combine(g, NODE_MEAN, weights, other);
}

static void gradients_of_any_graph_match_differences(void **state) {
    (void)state;
    engine_case c = case_new("average", (graph_shape){2, 3, 3, 20}, 26, 3, 9);
    memset(&c.g, 0, sizeof c.g);
    c.g.static_width = 2;
    c.g.series_width = 3;
    c.g.n_classes = 3;
    build_unusual_graph(&c.g);
    double *gradient = case_array(c.g.n_parameters, sizeof *gradient);
    double *probabilities = case_array(c.n * c.g.n_classes, sizeof *probabilities);
    case_gradient(&c, &engine_kernel_baseline_float64, 1, 0.2, gradient);
    engine *e = case_engine(&c, &engine_kernel_baseline_float64, 1);
    for (size_t j = 0; j < c.g.n_parameters; j++) {
        const double expected = difference(&c, e, 0.2, j, probabilities);
        if (!(fabs(gradient[j] - expected) <= 1e-10 + 1e-6 * fabs(expected)))
            fail_msg("parameter %zu: %.12g is not %.12g", j, gradient[j], expected);
    }
    engine_free(e);
    release_array(gradient);
    release_array(probabilities);
    case_free(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_match_differences),
        cmocka_unit_test(gradients_of_any_graph_match_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
