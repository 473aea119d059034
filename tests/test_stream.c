/* Samples that are simulated while a network learns: what they are does not depend on threads or on where work begins,
 * and they are distributed as a data set's. */
#include "draw_counts.h"
#include "training_case.h"
#include "uniformity.h"

#include "data/stream/stream.h"
#include "data/stream/theta_groups.h"
#include "learn/model/model.h"

/* Quick mechanisms of each kind: M1, M4, M6, M10. */
static const mech_mechanism *mechanisms[4];

static mech_stream_options small_stream(void) {
    mech_stream_options o = mech_stream_options_default();
    static const int numbers[4] = {0, 3, 5, 9};
    for (size_t m = 0; m < 4; m++) mechanisms[m] = mech_builtin((size_t)numbers[m]);
    o.mechanisms = mechanisms;
    o.n_mechanisms = 4;
    o.n_train = 400;
    o.n_validation = 42;
    o.n_thetas = 300;
    o.renew = 0.3;
    o.reuse = 4;
    return o;
}

static stream *open_stream(const mech_stream_options *o, int threads) {
    stream *s = NULL;
    mech_error error;
    if (mech_stream_new(o, 7, threads, NULL, &s, &error) != MECH_OK) fail_msg("%s", error.message);
    return s;
}

static void start(stream *s, uint64_t pass) {
    mech_error error;
    if (mech_stream_start(s, pass, NULL, &error) != MECH_OK) fail_msg("%s", error.message);
}

static size_t open_pass(const sample_source *source, uint64_t pass) {
    size_t first = 0;
    mech_error error;
    if (source->open(source->context, pass, &first, &error) != MECH_OK) fail_msg("%s", error.message);
    return first;
}

/* Sample i of a window that begins at `first`, as one of the ring. */
static size_t place_of(const sample_source *source, size_t first, size_t i) { return (first + i) % source->samples->n; }

static void assert_same_sample(const mech_samples *a, size_t i, const mech_samples *b, size_t j) {
    const size_t size = a->n_times * SAMPLE_COLUMNS;
    assert_memory_equal(a->x1 + i * N_RUNS, b->x1 + j * N_RUNS, N_RUNS * sizeof *a->x1);
    assert_memory_equal(a->x2 + i * size, b->x2 + j * size, size * sizeof *a->x2);
    assert_memory_equal(a->theta + i * a->n_theta, b->theta + j * b->n_theta, a->n_theta * sizeof *a->theta);
    assert_int_equal(a->y[i], b->y[j]);
    assert_true(a->additive[i] == b->additive[j]);
}

static void windows_are_the_same_for_any_threads_and_any_beginning(void **state) {
    (void)state;
    enum { PASSES = 12, LATE = 7 };
    const mech_stream_options o = small_stream();
    stream *alone = open_stream(&o, 1), *many = open_stream(&o, 3), *late = open_stream(&o, 2);
    start(alone, 0);
    start(many, 0);
    start(late, LATE);
    const sample_source a = mech_stream_source(alone), b = mech_stream_source(many), c = mech_stream_source(late);
    assert_int_equal(a.n, 400);
    assert_int_equal(a.samples->n, 500);
    for (uint64_t pass = 0; pass < PASSES; pass++) {
        const size_t at_a = open_pass(&a, pass), at_b = open_pass(&b, pass);
        const size_t at_c = pass < LATE ? 0 : open_pass(&c, pass);
        for (size_t i = 0; i < a.n; i++) {
            assert_same_sample(a.samples, place_of(&a, at_a, i), b.samples, place_of(&b, at_b, i));
            if (pass >= LATE) assert_same_sample(a.samples, place_of(&a, at_a, i), c.samples, place_of(&c, at_c, i));
            assert_int_equal(a.samples->y[place_of(&a, at_a, i)], i % 4);
        }
    }
    mech_stream_free(alone);
    mech_stream_free(many);
    mech_stream_free(late);
}

/* How many samples of a window stand in another one. */
static size_t count_common(const float *x2, const float *others, size_t n, size_t size) {
    size_t common = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (memcmp(x2 + i * size, others + j * size, size * sizeof *x2) == 0) {
                common++;
                break;
            }
    return common;
}

static void each_pass_exchanges_one_block(void **state) {
    (void)state;
    const mech_stream_options o = small_stream();
    stream *s = open_stream(&o, 1);
    start(s, 0);
    const sample_source source = mech_stream_source(s);
    const size_t size = source.samples->n_times * SAMPLE_COLUMNS;
    float *first = calloc(source.n, size * sizeof *first), *now = calloc(source.n, size * sizeof *now);
    assert_non_null(first);
    assert_non_null(now);
    for (uint64_t pass = 0; pass < 6; pass++) {
        const size_t at = open_pass(&source, pass);
        for (size_t i = 0; i < source.n; i++)
            memcpy((pass ? now : first) + i * size, source.samples->x2 + place_of(&source, at, i) * size,
                   size * sizeof *now);
        if (!pass) assert_int_equal(count_common(first, first + size, source.n - 1, size), source.n - 2);
        if (pass) assert_int_equal(count_common(now, first, source.n, size), pass < 4 ? (4 - pass) * 100 : 0);
    }
    free(first);
    free(now);
    mech_stream_free(s);
}

/* How often a theta of `a` stands among n samples of b from number `from` on, modulo b->n. */
static size_t count_shared_thetas(const mech_samples *a, const mech_samples *b, size_t from, size_t n) {
    size_t shared = 0;
    for (size_t i = 0; i < a->n; i++)
        for (size_t of_window = 0; of_window < n; of_window++) {
            const size_t j = (from + of_window) % b->n;
            bool same = true;
            for (size_t k = 0; k < a->n_theta; k++) {
                const double x = a->theta[i * a->n_theta + k], y = b->theta[j * b->n_theta + k];
                same &= x == y || (isnan(x) && isnan(y));
            }
            shared += same;
        }
    return shared;
}

static void thetas_of_validation_are_not_learned_from(void **state) {
    (void)state;
    /* Ranges so narrow that M1 has few thetas: 11 of k1 and 11 of k-2. */
    FILE *file = fopen("stream_narrow.txt", "w");
    assert_non_null(file);
    fputs("M1 k1 5.00 5.10\nM1 k-1 1 1\nM1 k2 5e3 5e3\nM1 k-2 0.0100 0.0110\n", file);
    fclose(file);
    mech_stream_options o = small_stream();
    o.prior = "stream_narrow.txt";
    o.n_mechanisms = 1;
    o.n_validation = 30;
    o.n_thetas = 60;
    o.renew = 1;
    stream *s = open_stream(&o, 2);
    start(s, 0);
    const sample_source source = mech_stream_source(s);
    size_t changed = 0;
    double before = 0;
    for (uint64_t pass = 0; pass < 8; pass++) {
        const size_t at = open_pass(&source, pass);
        changed += before != source.samples->theta[at * source.samples->n_theta];
        before = source.samples->theta[at * source.samples->n_theta];
        /* What lies outside the window is being made by another thread. */
        assert_int_equal(count_shared_thetas(mech_stream_validation(s), source.samples, at, source.n), 0);
    }
    assert_true(changed > 2);
    const mech_samples *validation = mech_stream_validation(s);
    assert_int_equal(count_shared_thetas(validation, validation, 0, validation->n), 30);
    assert_non_null(strstr(mech_stream_prior(s), "M1 k1 5 5.1\n"));
    mech_stream_free(s);
    unlink("stream_narrow.txt");
}

static void validation_is_the_one_of_a_data_set(void **state) {
    (void)state;
    const mech_stream_options o = small_stream();
    mech_generate_options g = mech_generate_options_default();
    g.design = o.design;
    g.seed = 7;
    g.mechanisms = mechanisms;
    g.n_mechanisms = 4;
    g.n_train = 0;
    g.n_validation = o.n_validation;
    g.n_test = 0;
    mech_error error;
    if (mech_generate(&g, "stream_validation.h5", NULL, NULL, &error) != MECH_OK) fail_msg("%s", error.message);
    mech_samples *read = NULL;
    assert_int_equal(mech_samples_read("stream_validation.h5", "validation", &read, &error), MECH_OK);
    stream *s = open_stream(&o, 2);
    assert_int_equal(read->n, mech_stream_validation(s)->n);
    for (size_t i = 0; i < read->n; i++) assert_same_sample(read, i, mech_stream_validation(s), i);
    mech_stream_free(s);
    mech_samples_free(read);
    unlink("stream_validation.h5");
}

/* A number of a sample that its distribution can be seen by. */
static double look(const mech_samples *s, size_t i, size_t what) {
    const size_t last = s->n_times - 1, middle = s->n_times / 2;
    const float *x2 = s->x2 + i * s->n_times * SAMPLE_COLUMNS;
    const double numbers[] = {
        log10(s->theta[i * s->n_theta]),
        log10(s->theta[i * s->n_theta + 2]),
        (double)s->x1[i * N_RUNS],
        (double)s->x1[i * N_RUNS + 3],
        (double)x2[last * SAMPLE_COLUMNS + 1],                     /* S of run 1 at the end */
        (double)x2[middle * SAMPLE_COLUMNS + 2 * RUN_COLUMNS + 2], /* P of run 3 in the middle */
        (double)x2[3 * RUN_COLUMNS + 1],                           /* S of run 4 at the start */
        (double)x2[middle * SAMPLE_COLUMNS + 3 * RUN_COLUMNS],     /* t of run 4 in the middle */
        (double)x2[last * SAMPLE_COLUMNS + RUN_COLUMNS],           /* t of run 2 at the end */
    };
    return numbers[what];
}

static void samples_are_distributed_as_those_of_a_data_set(void **state) {
    (void)state;
    enum { N = 1200, LOOKS = 9 };
    for (int sample_design = 0; sample_design < 2; sample_design++) {
        /* One theta for each sample, so that samples are independent: from passes that have no block in common. */
        mech_stream_options o = small_stream();
        o.design = mech_sample_design_name((mech_sample_design)sample_design);
        o.n_train = N;
        o.n_thetas = 600;
        o.renew = 1;
        o.reuse = 2;
        mech_generate_options g = mech_generate_options_default();
        g.design = o.design;
        g.seed = 1234;
        g.mechanisms = mechanisms;
        g.n_mechanisms = 4;
        g.n_train = g.n_thetas = N;
        g.n_validation = g.n_test = 0;
        mech_error error;
        if (mech_generate(&g, "stream_set.h5", NULL, NULL, &error) != MECH_OK) fail_msg("%s", error.message);
        mech_samples *set = NULL;
        assert_int_equal(mech_samples_read("stream_set.h5", "train", &set, &error), MECH_OK);
        unlink("stream_set.h5");
        stream *s = open_stream(&o, 2);
        start(s, 0);
        const sample_source source = mech_stream_source(s);
        for (uint64_t pass = 0; pass < 3; pass++) (void)open_pass(&source, pass);
        const size_t at = open_pass(&source, 3);
        assert_int_equal(source.n, N);
        for (size_t what = 0; what < LOOKS; what++) {
            double *a = calloc(N, sizeof *a), *b = calloc(N, sizeof *b);
            assert_non_null(a);
            assert_non_null(b);
            for (size_t i = 0; i < N; i++) {
                a[i] = look(set, i, what);
                b[i] = look(source.samples, place_of(&source, at, i), what);
            }
            const double distance = distribution_distance(a, N, b, N);
            if (distance > UNIFORM_AT_0_001)
                fail_msg("protocol %d, number %zu: distance %.2f", sample_design, what, distance);
            free(a);
            free(b);
        }
        mech_stream_free(s);
        mech_samples_free(set);
    }
}

static void groups_are_replaced_at_the_rate_that_was_asked_for(void **state) {
    (void)state;
    theta_groups_plan plan = {.n_groups = 5};
    for (uint64_t visit = 0; visit < 40; visit++) assert_int_equal(mech_group_at_visit(&plan, visit), visit % 5);
    plan.renewed_a_visit = 1; /* a new one each time */
    for (uint64_t visit = 0; visit < 40; visit++) assert_int_equal(mech_group_at_visit(&plan, visit), visit);
    plan.renewed_a_visit = 0.1;
    uint64_t latest = 0, in_place[5] = {0, 1, 2, 3, 4};
    for (uint64_t visit = 0; visit < 1000; visit++) {
        const uint64_t group = mech_group_at_visit(&plan, visit), place = visit % 5;
        assert_int_equal(group % 5, place);
        assert_true(group == in_place[place] || group == in_place[place] + 5); /* the oldest goes first */
        in_place[place] = group;
        if (group > latest) latest = group;
    }
    assert_true(latest >= 4 + 97 && latest <= 4 + 100);
}

static void all_that_is_drawn_is_counted(void **state) {
    (void)state;
    const mech_stream_options o = small_stream();
    mech_draw_counts counts[4] = {{0}};
    uint64_t samples = 0, accepted = 0;
    stream *s = open_stream(&o, 1);
    start(s, 0);
    mech_draw_report *report = NULL;
    assert_int_equal(mech_stream_report(s, &report, NULL), MECH_OK);
    take_counts(report, mechanisms, counts);
    for (size_t m = 0; m < 4; m++) {
        const mech_draw_counts *c = &counts[m];
        assert_string_equal(c->mechanism, mech_mechanism_id(mechanisms[m]));
        assert_int_equal(c->candidates,
                         c->refused_by_yield + c->refused_by_rule + c->duplicates + c->solver_failures + c->accepted);
        samples += c->samples;
        accepted += c->accepted;
    }
    /* Those of validation and the first window. */
    assert_int_equal(samples, 42 + 400);
    assert_int_equal(accepted, 42 + 300);
    assert_int_equal(mech_stream_failures(s), 0);
    mech_stream_free(s);
}

static void meaningless_options_are_refused(void **state) {
    (void)state;
    mech_error error;
    stream *s = NULL;
#define CASE(words, field, value)                                                                                      \
    do {                                                                                                               \
        mech_stream_options o = small_stream();                                                                        \
        o.field = value;                                                                                               \
        assert_int_equal(mech_stream_new(&o, 1, 1, NULL, &s, &error), MECH_INVALID_ARGUMENT);                          \
        assert_null(s);                                                                                                \
        if (!strstr(error.message, words)) fail_msg("'%s' lacks '%s'", error.message, words);                          \
    } while (0)
    CASE("training samples: 0", n_train, 0);
    CASE("validation samples: 0", n_validation, 0);
    CASE("thetas: 0", n_thetas, 0);
    CASE("uses of a sample: 0", reuse, 0);
    CASE("uses of a sample: 1001", reuse, 1001);
    CASE("renewed thetas: -0.1", renew, -0.1);
    CASE("renewed thetas: nan", renew, NAN);
    CASE("the set has 0 mechanisms", n_mechanisms, 0);
#undef CASE
}

static mech_train_options small_training(void) {
    mech_train_options o = case_options();
    o.epochs = 0;
    o.steps = 40; /* seven passes: batches of 64, six of them from a window of 400 */
    o.validation_interval = 10;
    return o;
}

static mech_status train_on_stream(const training_case *c, const mech_train_options *o, const char *model,
                                   const mech_progress *progress, mech_error *error) {
    char path[128];
    const mech_stream_options s = small_stream();
    return mech_train_stream(o, &s, case_path(c, model, path), progress, NULL, error);
}

static bool stop_in_time(void *context) {
    int *left = context;
    return (*left)-- <= 0;
}

static void training_ends_with_the_same_bits_for_any_threads_and_after_interruptions(void **state) {
    (void)state;
    training_case c = case_open(10, 10);
    mech_train_options o = small_training();
    mech_error error = {.message = ""};
    assert_int_equal(train_on_stream(&c, &o, "model.safetensors", NULL, &error), MECH_OK);
    o.threads = 3;
    assert_int_equal(train_on_stream(&c, &o, "other.safetensors", NULL, &error), MECH_OK);
    assert_true(case_same(&c, "model.safetensors", "other.safetensors"));
    assert_true(case_same(&c, "model.history.csv", "other.history.csv"));
    /* Stopped at the 1st, 25th, ... look, in the drawing of thetas, too; resumed where there is a checkpoint. */
    int parts = 0;
    for (mech_status status = MECH_STOPPED; status != MECH_OK; parts++) {
        int looks = 1 + 24 * parts;
        const mech_progress progress = {.should_stop = stop_in_time, .context = &looks};
        o.threads = 1 + parts % 3;
        o.resume = case_has(&c, "other.checkpoint");
        status = train_on_stream(&c, &o, "other.safetensors", &progress, &error);
        if (status != MECH_OK && status != MECH_STOPPED) fail_msg("%s", error.message);
    }
    assert_true(parts > 2);
    assert_true(case_same(&c, "model.safetensors", "other.safetensors"));
    assert_true(case_same(&c, "model.history.csv", "other.history.csv"));
    case_close(&c);
}

static void network_learns_from_a_stream(void **state) {
    (void)state;
    training_case c = case_open(10, 10);
    mech_train_options o = small_training();
    mech_stream_options s = small_stream();
    char path[128];
    mech_error error;
    s.n_train = 2000;
    s.n_validation = 400;
    s.n_thetas = 1500;
    o.hidden = 16;
    o.steps = 900;
    o.validation_interval = 900;
    o.threads = 2;
    mech_draw_counts counts[4] = {{0}};
    mech_draw_report *report = NULL;
    if (mech_train_stream(&o, &s, case_path(&c, "model.safetensors", path), NULL, &report, &error) != MECH_OK)
        fail_msg("%s", error.message);
    take_counts(report, mechanisms, counts);
    /* Of four mechanisms, guessing gets one in four right. */
    const double accuracy = case_history(&c, "model.history.csv", 0, 7, NULL);
    print_message("validation accuracy %.3f\n", accuracy);
    assert_true(accuracy > 0.45);
    mech_model *model = NULL;
    assert_int_equal(mech_model_read(path, &model, &error), MECH_OK);
    static const char origin[] = "--stream --design nature --train 2000 --validation 400 --thetas 1500 --renew 0.3 "
                                 "--reuse 4 --mechanisms M1,M4,M6,M10";
    assert_string_equal(mech_model_metadata(model, "data"), origin);
    assert_non_null(strstr(mech_model_metadata(model, "options"), origin));
    assert_string_equal(mech_model_metadata(model, "mechanisms"), "M1,M4,M6,M10");
    assert_string_equal(mech_model_metadata(model, "loadings"), "0.01,0.1");
    assert_string_equal(mech_model_metadata(model, "prior"), "wide");
    for (size_t m = 0; m < 4; m++) {
        assert_string_equal(counts[m].mechanism, mech_mechanism_id(mechanisms[m]));
        assert_true(counts[m].samples >= 600); /* 100 for validation and the first window's */
    }
    mech_model_free(model);
    case_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_are_the_same_for_any_threads_and_any_beginning),
        cmocka_unit_test(each_pass_exchanges_one_block),
        cmocka_unit_test(thetas_of_validation_are_not_learned_from),
        cmocka_unit_test(validation_is_the_one_of_a_data_set),
        cmocka_unit_test(samples_are_distributed_as_those_of_a_data_set),
        cmocka_unit_test(groups_are_replaced_at_the_rate_that_was_asked_for),
        cmocka_unit_test(all_that_is_drawn_is_counted),
        cmocka_unit_test(meaningless_options_are_refused),
        cmocka_unit_test(training_ends_with_the_same_bits_for_any_threads_and_after_interruptions),
        cmocka_unit_test(network_learns_from_a_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
