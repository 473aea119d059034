/* Muon: the iteration on every instruction set against its polynomial applied to known singular values, steps against
 * the formulas, and with several threads the same bits. */
#include "engine_case.h"

#include "learn/optimiser/muon.h"
#include "learn/optimiser/optimiser.h"

enum { ROWS = 37, COLUMNS = 21, LONGEST_STRIDE = 32 };

/* What five steps of the iteration make of a singular value. */
static double iterated(double x) {
    for (int i = 0; i < 5; i++) x = 3.4445 * x - 4.775 * x * x * x + 2.0315 * x * x * x * x * x;
    return x;
}

/* Orthonormal columns u[rows][columns] (Gram and Schmidt, twice for accuracy). */
static void draw_orthonormal(size_t rows, size_t columns, double *u, random_stream *r) {
    for (size_t j = 0; j < columns; j++) {
        for (size_t i = 0; i < rows; i++) u[i * columns + j] = mech_random_normal(r);
        for (int twice = 0; twice < 2; twice++)
            for (size_t k = 0; k <= j; k++) {
                double product = 0;
                for (size_t i = 0; i < rows; i++) product += u[i * columns + j] * u[i * columns + k];
                for (size_t i = 0; i < rows; i++)
                    u[i * columns + j] =
                        k < j ? u[i * columns + j] - product * u[i * columns + k] : u[i * columns + j] / sqrt(product);
            }
    }
}

/* matrix[ROWS][COLUMNS] = U diag(values) V^T. */
static void compose(const double *u, const double *values, const double *v, double *matrix) {
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLUMNS; j++) {
            matrix[i * COLUMNS + j] = 0;
            for (size_t k = 0; k < COLUMNS; k++)
                matrix[i * COLUMNS + j] += u[i * COLUMNS + k] * values[k] * v[j * COLUMNS + k];
        }
}

static void check_iteration(const engine_kernel *kernel, const double *matrix, const double *expected) {
    const bool exact = kernel->real_bytes == sizeof(double);
    const size_t stride = (COLUMNS + kernel->lanes - 1) / kernel->lanes * kernel->lanes;
    unsigned char *padded = case_array(ROWS * stride, kernel->real_bytes);
    unsigned char *workspace = case_array((ROWS + 2 * COLUMNS + 1) * stride, kernel->real_bytes);
    assert_true(stride <= LONGEST_STRIDE);
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        const size_t at = i / COLUMNS * stride + i % COLUMNS;
        if (exact)
            ((double *)padded)[at] = matrix[i];
        else
            ((float *)padded)[at] = (float)matrix[i];
    }
    kernel->orthogonalise(ROWS, COLUMNS, padded, workspace);
    double worst = 0;
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        const size_t at = i / COLUMNS * stride + i % COLUMNS;
        const double value = exact ? ((double *)padded)[at] : (double)((float *)padded)[at];
        worst = fmax(worst, fabs(value - expected[i]));
    }
    if (!(worst < (exact ? 1e-12 : 1e-4))) fail_msg("off by %g with %zu lanes", worst, kernel->lanes);
    mech_release_array(padded);
    mech_release_array(workspace);
}

static void iteration_keeps_singular_vectors_and_levels_values(void **state) {
    (void)state;
    double u[ROWS * COLUMNS], v[COLUMNS * COLUMNS], values[COLUMNS], levelled[COLUMNS], norm = 0;
    double matrix[ROWS * COLUMNS], expected[ROWS * COLUMNS];
    random_stream r = mech_random_open(5, RANDOM_TEST, 0, 0);
    draw_orthonormal(ROWS, COLUMNS, u, &r);
    draw_orthonormal(COLUMNS, COLUMNS, v, &r);
    for (size_t k = 0; k < COLUMNS; k++) {
        values[k] = 300 * pow(10, -2.5 * (double)k / COLUMNS);
        norm += values[k] * values[k];
    }
    for (size_t k = 0; k < COLUMNS; k++) {
        levelled[k] = iterated(values[k] / sqrt(norm));
        assert_true(levelled[k] > 0.6 && levelled[k] < 1.25);
    }
    compose(u, values, v, matrix);
    compose(u, levelled, v, expected);
    for (int set = 0; set < N_INSTRUCTION_SETS; set++)
        for (int precision = 0; precision < 2; precision++)
            if (mech_processor_has((instruction_set)set))
                check_iteration(mech_engine_kernel_of((instruction_set)set, (engine_precision)precision), matrix,
                                expected);
}

static void matrix_of_zeros_stays(void **state) {
    (void)state;
    float matrix[4 * LONGEST_STRIDE] = {0}, workspace[13 * LONGEST_STRIDE];
    mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT32)->orthogonalise(4, 4, matrix, workspace);
    for (size_t i = 0; i < sizeof matrix / sizeof matrix[0]; i++) assert_true(matrix[i] == 0);
}

/* Five steps with gradients that are a function of the step. */
static void take_steps(const engine_case *c, int threads, float *parameters) {
    const size_t n = c->g.n_parameters;
    float *gradient = case_array(n, sizeof(float)), *first = case_array(n, sizeof(float));
    float *second = case_array(n, sizeof(float));
    muon *m = NULL;
    assert_int_equal(mech_muon_new(&c->g, threads, &m, NULL), MECH_OK);
    memcpy(parameters, c->parameters, n * sizeof *parameters);
    for (uint64_t step = 0; step < 5; step++) {
        random_stream r = mech_random_open(step, RANDOM_TEST, 1, 0);
        for (size_t i = 0; i < n; i++) gradient[i] = (float)mech_random_normal(&r);
        mech_muon_step(m, step, 0.01, 0.5, gradient, parameters, first, second);
    }
    mech_muon_free(m);
    mech_release_array(gradient);
    mech_release_array(first);
    mech_release_array(second);
}

static engine_case kinetic_case(void) {
    const graph_shape shape = {.static_width = 2, .series_width = 6, .n_labels = 3, .hidden = 9};
    return case_new("kinetic", shape, 1, 2, 1);
}

static void several_threads_take_the_same_steps(void **state) {
    (void)state;
    engine_case c = kinetic_case();
    const size_t bytes = c.g.n_parameters * sizeof(float);
    float *one = case_array(c.g.n_parameters, sizeof(float)), *three = case_array(c.g.n_parameters, sizeof(float));
    take_steps(&c, 1, one);
    take_steps(&c, 3, three);
    assert_memory_equal(one, three, bytes);
    mech_release_array(one);
    mech_release_array(three);
    case_free(&c);
}

static const graph_tensor *tensor_named(const graph *g, const char *name) {
    for (int i = 0; i < g->n_tensors; i++)
        if (strcmp(g->tensors[i].name, name) == 0) return &g->tensors[i];
    fail_msg("no tensor %s", name);
    return NULL;
}

/* The largest singular value of block[rows][columns], whose rows are `step` apart, by the power method. */
static double largest_singular_value(const float *block, size_t rows, size_t columns, size_t step) {
    double x[256], y[256], norm = 0;
    for (size_t j = 0; j < columns; j++) x[j] = 1 + 0.01 * (double)j;
    for (int round = 0; round < 300; round++) {
        norm = 0;
        for (size_t i = 0; i < rows; i++) {
            y[i] = 0;
            for (size_t j = 0; j < columns; j++) y[i] += (double)block[i * step + j] * x[j];
        }
        for (size_t j = 0; j < columns; j++) {
            x[j] = 0;
            for (size_t i = 0; i < rows; i++) x[j] += (double)block[i * step + j] * y[i];
            norm += x[j] * x[j];
        }
        norm = sqrt(norm);
        for (size_t j = 0; j < columns; j++) x[j] /= norm;
    }
    return sqrt(norm);
}

static void check_step_of(const engine_case *c, const float *moved, const char *name, size_t gates) {
    const graph_tensor *tensor = tensor_named(&c->g, name);
    const size_t columns = tensor->columns / gates, rows = tensor->rows;
    const double longer = (double)(rows > columns ? rows : columns),
                 shorter = rows > columns ? (double)columns : (double)rows;
    for (size_t gate = 0; gate < gates; gate++) {
        const float *block = moved + tensor->offset + gate * columns;
        double sum = 0;
        for (size_t i = 0; i < rows * columns; i++)
            sum += pow((double)block[i / columns * tensor->columns + i % columns], 2);
        /* All singular values of the step are near rate 0.2 sqrt(the longer side). */
        const double unit = 0.01 * 0.2 * sqrt(longer);
        const double largest = largest_singular_value(block, rows, columns, tensor->columns) / unit;
        const double mean = sqrt(sum / shorter) / unit;
        if (!(largest < 1.25 && mean > 0.65 && mean <= largest))
            fail_msg("%s, gate %zu: singular values up to %g, %g in the mean", name, gate, largest, mean);
    }
}

static void each_kernel_takes_a_step_of_one_size_in_all_directions(void **state) {
    (void)state;
    engine_case c = kinetic_case();
    const size_t n = c.g.n_parameters;
    float *gradient = case_array(n, sizeof(float)), *first = case_array(n, sizeof(float));
    float *second = case_array(n, sizeof(float)), *moved = case_array(n, sizeof(float));
    float *by_adam = case_array(n, sizeof(float)), *mean = case_array(n, sizeof(float));
    muon *m = NULL;
    assert_int_equal(mech_muon_new(&c.g, 1, &m, NULL), MECH_OK);
    random_stream r = mech_random_open(3, RANDOM_TEST, 0, 0);
    for (size_t i = 0; i < n; i++) gradient[i] = (float)mech_random_normal(&r);
    mech_adam_step(n, 0, 0.01, 0.5, gradient, by_adam, mean, second);
    memset(second, 0, n * sizeof *second);
    mech_muon_step(m, 0, 0.01, 0.5, gradient, moved, first, second);
    check_step_of(&c, moved, "lstm_1/kernel", 4);
    check_step_of(&c, moved, "lstm_1/recurrent_kernel", 4);
    check_step_of(&c, moved, "lstm_2/kernel", 4);
    check_step_of(&c, moved, "lstm_2/recurrent_kernel", 4);
    check_step_of(&c, moved, "joined/kernel", 1);
    for (int i = 0; i < c.g.n_tensors; i++) {
        const graph_tensor *tensor = &c.g.tensors[i];
        const bool last = tensor->columns == c.g.n_labels;
        const size_t count = (tensor->rows ? tensor->rows : 1) * tensor->columns;
        for (size_t j = tensor->offset; j < tensor->offset + count; j++)
            if (!tensor->rows || last) {
                assert_true(moved[j] == by_adam[j]);
            } else {
                assert_true(first[j] == 0.5F * gradient[j]);
            }
    }
    mech_muon_free(m);
    mech_release_array(gradient);
    mech_release_array(first);
    mech_release_array(second);
    mech_release_array(moved);
    mech_release_array(by_adam);
    mech_release_array(mean);
    case_free(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iteration_keeps_singular_vectors_and_levels_values),
        cmocka_unit_test(matrix_of_zeros_stays),
        cmocka_unit_test(several_threads_take_the_same_steps),
        cmocka_unit_test(each_kernel_takes_a_step_of_one_size_in_all_directions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
