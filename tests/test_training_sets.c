/* Training on ragged run sets: mechanisms are told apart, an interruption changes no bit, nor do threads, and what a
 * model says of itself. */
#include "base/files/file.h"
#include "base/random.h"
#include "data/runs/run_sets.h"
#include "draw_counts.h"
#include "learn/model/model.h"
#include "learn/training/training.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What the labels are called; what is learned from is made below. */
#define ANY_CYCLE "cat + S <=> catS : k1, k-1\ncatS -> cat + P : k2\n"
#define LIBRARY "mechanism: first\n" ANY_CYCLE "mechanism: second\n" ANY_CYCLE "mechanism: dying\n" ANY_CYCLE

enum { LABELS = 3, A_BLOCK = 192, REUSE = 2 };

/* S of the three mechanisms: first order in the catalyst, second order, and first order in a catalyst that dies. With
 * one run and few readings they cannot be told apart; with several runs they can. */
static double substrate_at(size_t label, double loading, double rate, double t) {
    if (label == 0) return exp(-rate * loading * t);
    if (label == 1) return exp(-rate * loading * loading / 0.05 * t);
    return exp(-rate * loading * (1 - exp(-4 * t)) / 2);
}

static run_sets *make_sets(uint64_t series, uint64_t first, size_t n) {
    run_sets *s = mech_run_sets_new(n, n * 6, n * 6 * 20, 1, LABELS, false);
    assert_non_null(s);
    for (size_t i = 0; i < n; i++) {
        random_stream r = mech_random_open(3, RANDOM_TEST, series, first + i);
        const size_t n_runs = 3 + mech_random_below(&r, 4), label = mech_random_below(&r, LABELS);
        const double rate = 40 * exp(mech_random_uniform(&r)), noise = 0.004 * mech_random_uniform(&r);
        const uint32_t species = mech_random_below(&r, 3);
        s->label[i] = (uint16_t)label;
        s->set_truths[TRUTH_NOISE][i] = noise;
        for (size_t k = 0; k < n_runs; k++, s->n_runs++) {
            const size_t readings = 5 + mech_random_below(&r, 16);
            const double loading = 0.02 + 0.08 * (double)k / (double)n_runs;
            s->s0[s->n_runs] = 1;
            s->cat0[s->n_runs] = (float)loading;
            for (size_t j = 0; j < readings; j++, s->n_readings++) {
                const double t = ((double)j + mech_random_uniform(&r)) / (double)readings;
                const double substrate = substrate_at(label, loading, rate, t) + noise * mech_random_normal(&r);
                s->time[s->n_readings] = (float)t;
                s->substrate[s->n_readings] = species == 1 ? NAN : (float)substrate;
                s->product[s->n_readings] = species == 2 ? NAN : (float)(1 - substrate);
            }
            s->reading_offset[s->n_runs + 1] = s->n_readings;
        }
        s->run_offset[i + 1] = s->n_runs;
    }
    s->n = n;
    return s;
}

static mech_status make_block(void *context, uint64_t block, run_sets **sets, mech_error *error) {
    (void)error;
    if (context) ++*(size_t *)context;
    *sets = make_sets(0, block * A_BLOCK, A_BLOCK);
    return MECH_OK;
}

typedef struct sets_training {
    char folder[64];
    run_sets *validation;
    run_set_source source;
    training_data data;
    size_t n_made;
} sets_training;

static void training_open(sets_training *t) {
    strcpy(t->folder, "/tmp/mechanist-sets-XXXXXX");
    assert_non_null(mkdtemp(t->folder));
    t->n_made = 0;
    t->validation = make_sets(1, 0, 300);
    t->source = (run_set_source){.a_block = A_BLOCK,
                                 .reuse = REUSE,
                                 .n_labels = LABELS,
                                 .validation = t->validation,
                                 .design = "name: of a test\n",
                                 .library = LIBRARY,
                                 .make = make_block,
                                 .context = &t->n_made};
    t->data = (training_data){.sets = &t->source,
                              .an_epoch = 960,
                              .mechanisms = "first,second,dying",
                              .prior = "none",
                              .origin = "--stream made for a test"};
}

static const char *path_of(const sets_training *t, const char *name, char path[128]) {
    snprintf(path, 128, "%s/%s", t->folder, name);
    return path;
}

static void training_close(sets_training *t) {
    static const char *const names[] = {"a.safetensors", "a.history.csv", "b.safetensors", "b.history.csv"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) (void)unlink(path_of(t, names[i], path));
    assert_int_equal(rmdir(t->folder), 0);
    mech_run_sets_free(t->validation);
}

static mech_train_options options_of(size_t epochs, int threads) {
    mech_train_options o = mech_train_options_default();
    o.network = "set";
    o.hidden = 8;
    o.batch = 32;
    o.epochs = epochs;
    o.learning_rate = 0.005;
    o.average = 0.98;
    o.threads = threads;
    return o;
}

static bool same_files(const sets_training *t, const char *first, const char *second) {
    char path[128], *a = NULL, *b = NULL;
    size_t n = 0, m = 0;
    assert_int_equal(mech_file_read(path_of(t, first, path), 1 << 24, &a, &n, NULL), MECH_OK);
    assert_int_equal(mech_file_read(path_of(t, second, path), 1 << 24, &b, &m, NULL), MECH_OK);
    const bool same = n > 0 && n == m && memcmp(a, b, n) == 0;
    mech_free(a);
    mech_free(b);
    return same;
}

static void three_mechanisms_are_told_apart(void **state) {
    (void)state;
    sets_training t;
    char path[128];
    mech_model *model;
    mech_error error;
    training_open(&t);
    const mech_train_options o = options_of(8, 2);
    if (mech_train_source(&o, &t.data, path_of(&t, "a.safetensors", path), NULL, &error) != MECH_OK)
        fail_msg("%s", error.message);
    if (mech_model_read(path, &model, &error) != MECH_OK) fail_msg("%s", error.message);
    const double accuracy = strtod(mech_model_metadata(model, "validation_accuracy"), NULL);
    print_message("right on %.1f %% of run sets of 3 to 6 runs\n", 100 * accuracy);
    assert_true(accuracy > 0.9); /* 0.33 by chance */
    assert_string_equal(mech_model_metadata(model, "design"), "name: of a test\n");
    assert_string_equal(mech_model_metadata(model, "library"), LIBRARY);
    assert_string_equal(mech_model_metadata(model, "mechanisms"), "first,second,dying");
    assert_null(mech_model_metadata(model, "protocol"));
    /* Nothing was made that no pass goes through: 8 epochs of 960 in passes of 384. */
    assert_int_equal(t.n_made, 8 * 960 / (A_BLOCK * REUSE) + REUSE - 1);

    /* The public function, which is given S and P in other units, agrees with what validation said of it. */
    size_t right = 0;
    for (size_t i = 0; i < t.validation->n; i++) {
        mech_run_set *set;
        float p[LABELS];
        mech_run_set_views *views;
        assert_int_equal(mech_run_sets_get(t.validation, i, &set, NULL), MECH_OK);
        const mech_run_set *const one[] = {set};
        if (mech_model_predict_run_sets(model, 1, one, NULL, 1, p, &views, &error) != MECH_OK)
            fail_msg("%s", error.message);
        size_t best = 0;
        for (size_t j = 1; j < LABELS; j++)
            if (p[j] > p[best]) best = j;
        right += best == t.validation->label[i];
        assert_true(mech_run_set_views_view(views, 0)->noise >= 0);
        mech_run_set_views_free(views);
        mech_run_set_free(set);
    }
    assert_true(fabs((double)right / (double)t.validation->n - accuracy) < 0.03); /* told errors differ */
    mech_model_free(model);
    training_close(&t);
}

static bool stop_now(void *context) { return (*(int *)context)-- <= 0; }

static void an_interruption_changes_no_bit(void **state) {
    (void)state;
    sets_training t;
    char path[128];
    mech_error error;
    training_open(&t);
    mech_train_options o = options_of(2, 1);
    if (mech_train_source(&o, &t.data, path_of(&t, "a.safetensors", path), NULL, &error) != MECH_OK)
        fail_msg("%s", error.message);
    /* In the middle of a pass, on two threads, then on three, and then to the end. */
    mech_status status = MECH_STOPPED;
    for (int part = 0; status == MECH_STOPPED; part++) {
        int steps = 17;
        const mech_progress progress = {.should_stop = stop_now, .context = &steps};
        o.threads = 2 + part % 2;
        o.resume = part > 0;
        status = mech_train_source(&o, &t.data, path_of(&t, "b.safetensors", path), &progress, &error);
        assert_true(part < 9);
    }
    if (status != MECH_OK) fail_msg("%s", error.message);
    assert_true(same_files(&t, "a.safetensors", "b.safetensors"));
    assert_true(same_files(&t, "a.history.csv", "b.history.csv"));
    training_close(&t);
}

static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    sets_training t;
    char path[128];
    mech_error error;
    training_open(&t);
    mech_train_options o = options_of(1, 1);
    o.network = "hadamard";
    assert_int_equal(mech_train_source(&o, &t.data, path_of(&t, "a.safetensors", path), NULL, &error),
                     MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message,
                        "network hadamard learns from samples of one shape; expected these, not run sets");
    o.network = "set";
    o.missing = 0.5;
    assert_int_equal(mech_train_source(&o, &t.data, path, NULL, &error), MECH_INVALID_ARGUMENT);
    o.missing = 0;
    assert_int_equal(mech_train(&o, "no-such-file.h5", path, NULL, &error), MECH_FILE_ERROR);
    mech_stream_options s = mech_stream_options_default();
    s.design = "laboratory";
    o.network = "hadamard";
    assert_int_equal(mech_train_stream(&o, &s, path, NULL, NULL, &error), MECH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "expected one whose experiments are samples of four runs"));
    training_close(&t);
}

/* Experiments of the design laboratory, as the command trains on them. */
static void the_laboratory_can_be_learned_from(void **state) {
    (void)state;
    sets_training t;
    char path[128];
    mech_error error;
    mech_model *model;
    training_open(&t);
    mech_train_options o = options_of(2, 2);
    mech_stream_options s = mech_stream_options_default();
    const mech_mechanism *const mechanisms[] = {mech_builtin(0), mech_builtin(8)};
    s.mechanisms = mechanisms;
    s.n_mechanisms = 2;
    s.n_train = 256;
    s.n_validation = 64;
    s.n_thetas = 64;
    s.reuse = 2;
    mech_draw_counts counts[2];
    if (mech_train_stream(&o, &s, path_of(&t, "a.safetensors", path), NULL, NULL, &error) != MECH_OK)
        fail_msg("%s", error.message);
    o.threads = 1;
    mech_draw_report *report = NULL;
    if (mech_train_stream(&o, &s, path_of(&t, "b.safetensors", path), NULL, &report, &error) != MECH_OK)
        fail_msg("%s", error.message);
    assert_int_equal(mech_draw_report_n(report), 2);
    assert_null(mech_draw_report_counts(report, 2));
    take_counts(report, mechanisms, counts);
    assert_true(same_files(&t, "a.safetensors", "b.safetensors"));
    if (mech_model_read(path, &model, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_non_null(strstr(mech_model_metadata(model, "design"), "name: laboratory"));
    assert_non_null(strstr(mech_model_metadata(model, "library"), "M9"));
    assert_string_equal(mech_model_metadata(model, "mechanisms"), "M1,M9");
    assert_string_equal(counts[1].mechanism, "M9");
    /* 2 epochs of 256 in passes of 256 over two blocks of 128, and validation */
    assert_int_equal(counts[0].samples + counts[1].samples, 3 * 128 + 64);
    mech_model_free(model);
    training_close(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_mechanisms_are_told_apart),
        cmocka_unit_test(an_interruption_changes_no_bit),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(the_laboratory_can_be_learned_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
