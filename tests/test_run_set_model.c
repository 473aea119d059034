/* Models that read run sets: their files, predictions of run sets of any size, and what is refused. */
#include "base/files/text.h"
#include "base/memory.h"
#include "base/random.h"
#include "learn/model/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N = 30, CLASSES = 7 };

static mech_model *random_model(void) {
    const graph_shape shape = {.n_labels = CLASSES, .hidden = 16};
    graph g;
    mech_model *model;
    mech_error error;
    if (mech_graph_build(SET_NETWORK, &shape, &g, &error) != MECH_OK) fail_msg("%s", error.message);
    if (mech_model_new(&g, &model, &error) != MECH_OK) fail_msg("%s", error.message);
    mech_graph_initialise(&g, 5, model->parameters);
    assert_int_equal(mech_model_describe(model, "design", "name: laboratory\n", NULL), MECH_OK);
    return model;
}

/* A run set of random size, times in units of time_unit and concentrations in those of unit. */
static mech_run_set *random_set(uint64_t number, double time_unit, double unit) {
    random_stream r = mech_random_open(2, RANDOM_TEST, 0, number);
    mech_run_set *set;
    assert_int_equal(mech_run_set_new("s", "M", &set, NULL), MECH_OK);
    const size_t n_runs = 1 + mech_random_below(&r, MECH_MOST_RUNS);
    const uint32_t species = mech_random_below(&r, 3);
    for (size_t k = 0; k < n_runs; k++) {
        double time[150], substrate[150], product[150];
        const size_t n = 1 + mech_random_below(&r, number % 7 ? 20 : 150);
        const double loading = 0.01 + 0.1 * mech_random_uniform(&r);
        for (size_t i = 0; i < n; i++) {
            const double t = ((double)i + mech_random_uniform(&r)) / (double)n;
            const double s = exp(-60 * loading * t) + 0.01 * mech_random_normal(&r);
            time[i] = time_unit * t;
            substrate[i] = species == 1 ? NAN : unit * s;
            product[i] = species == 2 ? NAN : unit * (1 - s);
        }
        const mech_run run = {.size = sizeof run,
                              .name = "run",
                              .n_readings = n,
                              .time = time,
                              .substrate = substrate,
                              .product = species == 2 ? NULL : product,
                              .s0 = unit,
                              .p0 = 0,
                              .cat0 = unit * loading};
        mech_error error;
        if (mech_run_set_add(set, &run, &error) != MECH_OK) fail_msg("%s", error.message);
    }
    return set;
}

typedef struct set_list {
    mech_run_set *all[N];
} set_list;

static set_list random_sets(double time_unit, double unit) {
    set_list s;
    for (size_t i = 0; i < N; i++) s.all[i] = random_set(i, time_unit, unit);
    return s;
}

static void free_sets(set_list *s) {
    for (size_t i = 0; i < N; i++) mech_run_set_free(s->all[i]);
}

static void predict(const mech_model *m, size_t n, mech_run_set *const *all, int threads, float *p,
                    mech_run_set_views **views) {
    mech_error error;
    if (mech_model_predict_run_sets(m, n, (const mech_run_set *const *)all, NULL, threads, p, views, &error) != MECH_OK)
        fail_msg("%s", error.message);
}

static void a_file_says_the_same(void **state) {
    (void)state;
    mech_model *model = random_model(), *read;
    mech_error error;
    text bytes = {0};
    set_list s = random_sets(1, 1);
    float p[N * CLASSES], q[N * CLASSES];
    assert_int_equal(mech_model_serialise(model, &bytes, &error), MECH_OK);
    if (mech_model_parse(bytes.characters, bytes.length, "set.safetensors", &read, &error) != MECH_OK)
        fail_msg("%s", error.message);
    assert_string_equal(mech_model_network(read), "set");
    assert_string_equal(mech_model_metadata(read, "transform"), "run-sets");
    assert_string_equal(mech_model_metadata(read, "design"), "name: laboratory\n");
    assert_true(mech_model_reads_run_sets(read));
    assert_int_equal(mech_model_n_labels(read), CLASSES);
    predict(model, N, s.all, 1, p, NULL);
    predict(read, N, s.all, 1, q, NULL);
    assert_memory_equal(p, q, sizeof p);
    mech_model_free(read);
    /* A file that another transform's name stands in. */
    char *name = strstr(bytes.characters + 8, "run-sets");
    assert_non_null(name);
    name[0] = 'R';
    assert_int_equal(mech_model_parse(bytes.characters, bytes.length, "set.safetensors", &read, &error),
                     MECH_INVALID_INPUT);
    assert_non_null(strstr(error.message, "the network set expects run-sets"));
    free_sets(&s);
    mech_text_free(&bytes);
    mech_model_free(model);
}

/* The default width, by which the shipped file will be measured. */
static void it_is_below_8_megabytes(void **state) {
    (void)state;
    const graph_shape shape = {.n_labels = 20};
    graph g;
    assert_int_equal(mech_graph_build(SET_NETWORK, &shape, &g, NULL), MECH_OK);
    assert_true(g.n_parameters * sizeof(float) < 8000000);
    assert_true(mech_graph_reads_run_sets(&g));
    assert_int_equal(mech_graph_hidden(&g), 64);
}

static void predictions_do_not_depend_on_company_threads_or_units(void **state) {
    (void)state;
    mech_model *model = random_model();
    set_list s = random_sets(1, 1), in_minutes = random_sets(60, 0.25);
    float p[N * CLASSES], q[N * CLASSES];
    mech_run_set_views *views, *alone;
    predict(model, N, s.all, 1, p, &views);
    assert_null(mech_run_set_views_view(views, N));
    for (int threads = 2; threads <= 3; threads++) {
        predict(model, N, s.all, threads, q, NULL);
        assert_memory_equal(p, q, sizeof p);
    }
    for (size_t i = 0; i < N; i++) {
        double sum = 0;
        predict(model, 1, &s.all[i], 1, q, &alone);
        assert_memory_equal(q, p + i * CLASSES, CLASSES * sizeof *q);
        const mech_run_set_view *view = mech_run_set_views_view(views, i);
        assert_memory_equal(mech_run_set_views_view(alone, 0), view, sizeof *view);
        mech_run_set_views_free(alone);
        for (size_t j = 0; j < CLASSES; j++) sum += (double)q[j];
        assert_true(fabs(sum - 1) < 1e-6);
        assert_true(view->noise >= 0 && view->loading >= 0 && view->clock >= 0);
    }
    predict(model, N, in_minutes.all, 2, q, NULL);
    for (size_t i = 0; i < sizeof p / sizeof p[0]; i++) assert_true(fabsf(p[i] - q[i]) < 1e-4F);
    mech_run_set_views_free(views);
    free_sets(&s);
    free_sets(&in_minutes);
    mech_model_free(model);
}

static void what_is_told_is_heard(void **state) {
    (void)state;
    mech_model *model = random_model();
    mech_run_set *set = random_set(3, 1, 1);
    const mech_run_set *const sets[] = {set};
    const mech_told_errors nothing = {sizeof nothing, NAN, NAN, NAN, NAN}, exact = {sizeof exact, 0, 0, 0, 0};
    float silent[CLASSES], none[CLASSES], told[CLASSES];
    predict(model, 1, &set, 1, silent, NULL);
    assert_int_equal(mech_model_predict_run_sets(model, 1, sets, &nothing, 1, none, NULL, NULL), MECH_OK);
    assert_int_equal(mech_model_predict_run_sets(model, 1, sets, &exact, 1, told, NULL, NULL), MECH_OK);
    assert_memory_equal(silent, none, sizeof none);
    assert_memory_not_equal(silent, told, sizeof told);
    mech_run_set_free(set);
    mech_model_free(model);
}

/* Inputs for other programs: those of each set alone, with zeros behind them and a mask that says where. */
static void inputs_are_padded_to_one_shape(void **state) {
    (void)state;
    set_list s = random_sets(3, 0.25);
    mech_run_set_inputs *all = NULL, *one = NULL;
    mech_error error;
    size_t n_padded = 0;
    const mech_run_set *const *sets = (const mech_run_set *const *)s.all;
    if (mech_run_set_inputs_new(N, sets, NULL, 3, &all, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(all->n, N);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(mech_run_set_inputs_new(1, sets + i, NULL, 1, &one, &error), MECH_OK);
        assert_int_equal(one->n_runs, mech_run_set_n_runs(s.all[i]));
        assert_memory_equal(one->sets, all->sets + i * all->set_width, all->set_width * sizeof(float));
        for (size_t r = 0; r < all->n_runs; r++) {
            const size_t place = i * all->n_runs + r, width = all->reading_width;
            if (r < one->n_runs)
                assert_memory_equal(one->runs + r * all->run_width, all->runs + place * all->run_width,
                                    all->run_width * sizeof(float));
            for (size_t t = 0; t < all->n_rows; t++) {
                const bool there = r < one->n_runs && t < one->n_rows && one->mask[r * one->n_rows + t] > 0;
                const float *row = all->readings + (place * all->n_rows + t) * width;
                assert_true(all->mask[place * all->n_rows + t] == (there ? 1 : 0));
                if (there) assert_memory_equal(one->readings + (r * one->n_rows + t) * width, row, width * sizeof *row);
                for (size_t j = 0; j < width && !there; j++) assert_true(row[j] == 0);
                n_padded += !there;
            }
        }
        mech_run_set_inputs_free(one);
    }
    assert_true(n_padded > 0);
    mech_run_set_inputs_free(all);
    free_sets(&s);
}

static void what_it_cannot_read_is_refused(void **state) {
    (void)state;
    mech_model *model = random_model(), *fixed;
    mech_run_set *set;
    mech_error error;
    const double time[] = {0, 1}, active[] = {0.01, 0.02};
    const mech_run run = {
        .size = sizeof run, .name = "1", .n_readings = 2, .time = time, .active = active, .s0 = 1, .cat0 = 0.02};
    float p[CLASSES], zeros[12] = {0}, loadings[4] = {0.01F, 0.02F, 0.03F, 0.02F};
    assert_int_equal(mech_run_set_new(NULL, NULL, &set, NULL), MECH_OK);
    const mech_run_set *const one[] = {set};
    assert_int_equal(mech_model_predict_run_sets(model, 1, one, NULL, 1, p, NULL, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "run set 0 has no runs; expected one");
    assert_int_equal(mech_run_set_add(set, &run, NULL), MECH_OK);
    assert_int_equal(mech_model_predict_run_sets(model, 1, one, NULL, 1, p, NULL, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "run set 0, run 1: there is no reading of S or P; expected one");
    assert_int_equal(mech_model_predict(model, 1, 1, loadings, zeros, 1, p, &error), MECH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "reads run sets"));
    mech_run_set_inputs *inputs = NULL;
    assert_int_equal(mech_run_set_inputs_new(0, one, NULL, 1, &inputs, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "inputs of 0 run sets were asked for; expected some");
    assert_int_equal(mech_run_set_inputs_new(1, one, NULL, 1, &inputs, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "run set 0, run 1: there is no reading of S or P; expected one");
    assert_null(inputs);
    const graph_shape published = {.static_width = 4, .series_width = 12, .n_labels = CLASSES};
    graph g;
    assert_int_equal(mech_graph_build("hadamard", &published, &g, NULL), MECH_OK);
    assert_int_equal(mech_model_new(&g, &fixed, NULL), MECH_OK);
    assert_int_equal(mech_model_predict_run_sets(fixed, 1, one, NULL, 1, p, NULL, &error), MECH_INVALID_ARGUMENT);
    assert_false(mech_model_reads_run_sets(fixed));
    mech_run_set_free(set);
    mech_model_free(fixed);
    mech_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_says_the_same),
        cmocka_unit_test(it_is_below_8_megabytes),
        cmocka_unit_test(predictions_do_not_depend_on_company_threads_or_units),
        cmocka_unit_test(what_is_told_is_heard),
        cmocka_unit_test(inputs_are_padded_to_one_shape),
        cmocka_unit_test(what_it_cannot_read_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
