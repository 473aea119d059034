/* The gradient of every network against central differences, the same kernels in float64. */
#include "engine_case.h"

/* The loss that mech_engine_gradient() differentiates, from the probabilities. */
static double smoothed_loss(const engine_case *c, engine *e, double label_smoothing, double *probabilities) {
    const size_t n_labels = c->g.n_labels;
    double sum = 0;
    mech_error error;
    if (mech_engine_predict_reals(e, c->parameters_float64, c->n, c->n_times, c->x1, c->x2, probabilities, &error) !=
        MECH_OK)
        fail_msg("%s", error.message);
    for (size_t i = 0; i < c->n; i++)
        for (size_t j = 0; j < n_labels; j++) {
            const double target = (j == c->y[i] ? 1 - label_smoothing : 0) + label_smoothing / (double)n_labels;
            sum -= target * log(probabilities[i * n_labels + j]);
        }
    return sum / (double)c->n;
}

/* Differences of fourth order: sum of weights[i] L(parameter + offsets[i] h) / 12 h. */
enum { MOST_OFFSETS = 5 };
typedef struct formula {
    size_t n;
    double offsets[MOST_OFFSETS], weights[MOST_OFFSETS];
} formula;

static const formula central = {4, {1, -1, 2, -2}, {8, -8, -1, 1}};
static const formula forward = {5, {0, 1, 2, 3, 4}, {-25, 48, -36, 16, -3}};
static const formula backward = {5, {0, -1, -2, -3, -4}, {25, -48, 36, -16, 3}};

static double difference(engine_case *c, engine *e, double label_smoothing, size_t parameter, const formula *f,
                         double h, double *probabilities) {
    const double middle = c->parameters_float64[parameter];
    double sum = 0;
    for (size_t i = 0; i < f->n; i++) {
        c->parameters_float64[parameter] = middle + f->offsets[i] * h;
        sum += f->weights[i] * smoothed_loss(c, e, label_smoothing, probabilities);
    }
    c->parameters_float64[parameter] = middle;
    return sum / (12 * h);
}

/* The central difference or, where a ReLU bends within its reach, so that it has little to do with the gradient, one to
 * the side where none does, or one of a shorter reach: whichever comes closest to the gradient, until that is close
 * enough. A gradient that is wrong comes close to none. */
static double closest_difference(engine_case *c, engine *e, double label_smoothing, size_t parameter, double gradient,
                                 double close_enough, double *probabilities) {
    static const formula *const formulas[] = {&central, &forward, &backward};
    double closest = INFINITY;
    static const double steps[] = {2e-4, 2e-5, 2e-6};
    for (size_t i = 0; i < 9 && !(fabs(gradient - closest) <= close_enough); i++) {
        const double h = steps[i / 3];
        const double found = difference(c, e, label_smoothing, parameter, formulas[i % 3], h, probabilities);
        if (fabs(gradient - found) < fabs(gradient - closest)) closest = found;
    }
    return closest;
}

/* Which numbers[count] of a tensor are compared: all or, of large ones, that with the largest gradient and random ones.
 * Returns how many. */
static size_t choose_numbers(const double *gradient, size_t count, size_t most, random_stream *r, size_t *chosen) {
    size_t largest = 0;
    for (size_t i = 1; i < count; i++)
        if (fabs(gradient[i]) > fabs(gradient[largest])) largest = i;
    const bool all = count <= most;
    for (size_t i = 0; i < (all ? count : most); i++)
        chosen[i] = all ? i : i ? mech_random_below(r, (uint32_t)count) : largest;
    return all ? count : most;
}

typedef struct gradient_case {
    graph_shape shape;
    size_t n, n_times;
    double label_smoothing;
    size_t most; /* numbers of each tensor that are compared, at most MOST_COMPARED */
} gradient_case;

enum { MOST_COMPARED = 4096, FEW_UNITS = 20 };

static void check_gradient(const char *network, const gradient_case *g) {
    const graph_shape shape = g->shape;
    const size_t n = g->n, n_times = g->n_times;
    const double label_smoothing = g->label_smoothing;
    static size_t chosen[MOST_COMPARED];
    random_stream r = mech_random_open(7, RANDOM_TEST, 1, 0);
    engine_case c = case_new(network, shape, n, n_times, 5);
    double *gradient = case_array(c.g.n_parameters, sizeof *gradient);
    double *probabilities = case_array(n * shape.n_labels, sizeof *probabilities);
    case_gradient(&c, &mech_engine_kernel_baseline_float64, 1, label_smoothing, gradient);
    engine *e = case_engine(&c, &mech_engine_kernel_baseline_float64, 1);
    for (int i = 0; i < c.g.n_tensors; i++) {
        const graph_tensor *t = &c.g.tensors[i];
        const double *tensor_gradient = gradient + t->offset;
        const size_t n_numbers = (t->rows ? t->rows : 1) * t->columns;
        const size_t count = choose_numbers(tensor_gradient, n_numbers, g->most, &r, chosen);
        double largest = 0, error = 0;
        for (size_t k = 0; k < count; k++) largest = fmax(largest, fabs(tensor_gradient[chosen[k]]));
        for (size_t k = 0; k < count; k++) {
            const double found = tensor_gradient[chosen[k]];
            const double expected =
                closest_difference(&c, e, label_smoothing, t->offset + chosen[k], found, 1e-6 * largest, probabilities);
            error = fmax(error, fabs(found - expected));
        }
        /* The first step's states are zero, so with one step only the recurrent kernel has no influence; and where few
         * units see few samples, none may get through a ReLU. */
        if ((n_times > 1 || !strstr(t->name, "recurrent")) && n * shape.hidden >= FEW_UNITS)
            assert_true(largest > 1e-6);
        /* The second term: what rounding leaves of a difference. */
        if (!(error <= 1e-6 * largest + 3e-11))
            fail_msg("%s, %zu units, %zu classes, %zu steps, %s: error %g of %g", network, shape.hidden, shape.n_labels,
                     n_times, t->name, error, largest);
    }
    mech_engine_free(e);
    mech_release_array(gradient);
    mech_release_array(probabilities);
    case_free(&c);
}

static void gradients_match_differences(void **state) {
    (void)state;
    enum { ALL = MOST_COMPARED };
    static const gradient_case cases[] = {
        {{.static_width = 4, .series_width = 12, .n_labels = 20, .hidden = 4}, 3, 1, 0, ALL},
        {{.static_width = 3, .series_width = 5, .n_labels = 7, .hidden = 5}, 2, 2, 0.1, ALL},
        {{.static_width = 1, .series_width = 1, .n_labels = 2, .hidden = 3}, 27, 5, 0.05, ALL},
        {{.static_width = 4, .series_width = 12, .n_labels = 20, .hidden = 64}, 2, 3, 0, 6},
        {{.static_width = 4, .series_width = 12, .n_labels = 20, .hidden = 200}, 2, 2, 0.1, 2},
    };
    for (size_t i = 0; mech_graph_network_name(i); i++)
        for (size_t j = 0; j < sizeof cases / sizeof cases[0]; j++)
            check_gradient(mech_graph_network_name(i), &cases[j]);
}

/* From one to 40 steps; the other sizes go through what does and does not fill vectors, panels and tiles: 1 to 34
 * units, 2 to 80 labels, 1 to 8 runs with one to four columns each. */
static void gradients_match_differences_whatever_the_sizes(void **state) {
    (void)state;
    for (size_t i = 0; mech_graph_network_name(i); i++)
        for (size_t n_times = 1; n_times <= 40; n_times++) {
            const size_t runs = 1 + n_times % 8, columns = 1 + n_times % 4;
            const gradient_case g = {.shape = {.static_width = runs,
                                               .series_width = runs * columns,
                                               .n_labels = 2 * n_times,
                                               .hidden = 1 + (7 * n_times + 11 * i) % 34},
                                     .n = 1 + n_times % 3,
                                     .n_times = n_times,
                                     .label_smoothing = n_times % 3 ? 0.1 : 0,
                                     .most = 3};
            check_gradient(mech_graph_network_name(i), &g);
        }
}

/* A dense layer over a series, a node that three others use, every way to combine and a product of a node with itself:
 * what no published network has. */
static void build_unusual_graph(graph *g) {
    const int x = mech_graph_static(g);
    const int steps =
        mech_graph_dense(g, "steps", mech_graph_series(g), 3, ACTIVATION_SIGMOID, INITIALISE_GLOROT_UNIFORM);
    const int states = mech_graph_lstm(g, "lstm_1", steps, 3, true);
    const int both = mech_graph_combine(g, NODE_SUM, states, steps);
    const int a = mech_graph_lstm(g, "lstm_2", both, 5, false), b = mech_graph_lstm(g, "lstm_3", states, 5, false);
    const int squared = mech_graph_combine(g, NODE_PRODUCT, a, a);
    const int mean = mech_graph_combine(g, NODE_MEAN, mech_graph_combine(g, NODE_PRODUCT, a, b), squared);
    const int joined = mech_graph_combine(g, NODE_CONCATENATION, x, mean);
    const int twice = mech_graph_combine(g, NODE_CONCATENATION, joined, joined);
    const int weights =
        mech_graph_dense(g, "weights", twice, g->n_labels, ACTIVATION_SOFTMAX, INITIALISE_GLOROT_UNIFORM);
    const int other = mech_graph_dense(g, "other", joined, g->n_labels, ACTIVATION_SOFTMAX, INITIALISE_GLOROT_UNIFORM);
    mech_graph_combine(g, NODE_MEAN, weights, other);
}

static void gradients_of_any_graph_match_differences(void **state) {
    (void)state;
    engine_case c =
        case_new("average", (graph_shape){.static_width = 2, .series_width = 3, .n_labels = 3, .hidden = 20}, 26, 3, 9);
    memset(&c.g, 0, sizeof c.g);
    c.g.static_width = 2;
    c.g.series_width = 3;
    c.g.n_labels = 3;
    build_unusual_graph(&c.g);
    double *gradient = case_array(c.g.n_parameters, sizeof *gradient);
    double *probabilities = case_array(c.n * c.g.n_labels, sizeof *probabilities);
    case_gradient(&c, &mech_engine_kernel_baseline_float64, 1, 0.2, gradient);
    engine *e = case_engine(&c, &mech_engine_kernel_baseline_float64, 1);
    for (size_t j = 0; j < c.g.n_parameters; j++) {
        const double expected = difference(&c, e, 0.2, j, &central, 2e-4, probabilities);
        if (!(fabs(gradient[j] - expected) <= 1e-10 + 1e-6 * fabs(expected)))
            fail_msg("parameter %zu: %.12g is not %.12g", j, gradient[j], expected);
    }
    mech_engine_free(e);
    mech_release_array(gradient);
    mech_release_array(probabilities);
    case_free(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_match_differences),
        cmocka_unit_test(gradients_match_differences_whatever_the_sizes),
        cmocka_unit_test(gradients_of_any_graph_match_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
