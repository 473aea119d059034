/* Training as a whole: what it reaches, what it writes, what it refuses. */
#include "training_case.h"

#include "base/files/digest.h"
#include "learn/model/model.h"
#include "learn/training/course.h"

static mech_model *read_model(const training_case *c, const char *name) {
    char path[128];
    mech_model *model = NULL;
    mech_error error;
    if (mech_model_read(case_path(c, name, path), &model, &error) != MECH_OK) fail_msg("%s", error.message);
    return model;
}

static float *probabilities_of(const mech_model *model, const mech_samples *s) {
    float *p = calloc(s->n * s->n_labels, sizeof *p);
    assert_non_null(p);
    assert_int_equal(mech_model_predict(model, s->n, s->n_times, s->x1, s->x2, 1, p, NULL), MECH_OK);
    return p;
}

static double accuracy_of(const mech_model *model, const mech_samples *s) {
    float *p = probabilities_of(model, s);
    size_t correct = 0;
    for (size_t i = 0; i < s->n; i++) {
        size_t best = 0;
        for (size_t k = 1; k < s->n_labels; k++)
            if (p[i * s->n_labels + k] > p[i * s->n_labels + best]) best = k;
        correct += best == s->y[i];
    }
    free(p);
    return (double)correct / (double)s->n;
}

static void training_learns_what_an_untrained_network_cannot_know(void **state) {
    (void)state;
    training_case c = case_open(1000, 300);
    mech_train_options o = case_options();
    o.epochs = 30;
    /* The largest class has less than half of the samples, and weights that stay as drawn cannot do much better. */
    mech_train_options still = o;
    still.epochs = 1;
    still.learning_rate = 1e-12;
    case_train(&c, &still, "other.safetensors");
    case_train(&c, &o, "model.safetensors");
    mech_model *before = read_model(&c, "other.safetensors"), *after = read_model(&c, "model.safetensors");
    mech_samples *fresh = case_samples(500, 3);
    print_message("accuracy: %.3f untrained, %.3f trained\n", accuracy_of(before, fresh), accuracy_of(after, fresh));
    assert_true(accuracy_of(before, fresh) < 0.7);
    assert_true(accuracy_of(after, fresh) > 0.95);
    mech_samples_free(fresh);
    mech_model_free(before);
    mech_model_free(after);
    case_close(&c);
}

static void model_says_where_it_comes_from(void **state) {
    (void)state;
    training_case c = case_open(300, 100);
    mech_train_options o = case_options();
    o.seed = 18446744073709551615u;
    case_train(&c, &o, "model.safetensors");
    mech_model *model = read_model(&c, "model.safetensors");
    static const char *const entries[][2] = {
        {"format", "mechanist"},
        {"model", "hadamard"},
        {"protocol", "nature"},
        {"prior", "none"},
        {"mechanisms", "first,zeroth,sigmoid"},
        {"data", "made for a test"},
        {"loadings", "0.01,0.1"},
        {"points", "3,5,8"},
        {"noise", "0,0.01"},
        {"seed", "18446744073709551615"},
        {"options",
         "--network hadamard --hidden 8 --seed 18446744073709551615 --batch 64 --epochs 4 --validation-interval 0 "
         "--patience 0 --schedule cosine --learning-rate 0.01 --warm-up 0.02 --weight-decay 0 --clip 1 --average 0.9 "
         "--label-smoothing 0 --points 3,5,8 --noise 0,1 --optimiser adam"},
    };
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
        assert_string_equal(mech_model_metadata(model, entries[i][0]), entries[i][1]);
    assert_int_equal(mech_model_n_labels(model), CASE_CLASSES);
    mech_model_free(model);
    case_close(&c);
}

static void training_starts_from_a_model(void **state) {
    (void)state;
    training_case c = case_open(300, 100);
    mech_train_options o = case_options();
    case_train(&c, &o, "model.safetensors");
    mech_model *first = read_model(&c, "model.safetensors");
    /* With a rate that moves nothing, weights stay those of the model, and it is named by their mech_digest. */
    char path[128];
    o.start = case_path(&c, "model.safetensors", path);
    o.epochs = 1;
    o.learning_rate = 1e-30;
    case_train(&c, &o, "other.safetensors");
    mech_model *second = read_model(&c, "other.safetensors");
    const size_t bytes = first->g.n_parameters * sizeof *first->parameters;
    assert_memory_equal(first->parameters, second->parameters, bytes);
    char named[64];
    snprintf(named, sizeof named, " --start %016llx",
             (unsigned long long)mech_digest(DIGEST_START, first->parameters, bytes));
    assert_non_null(strstr(mech_model_metadata(second, "options"), named));
    mech_model_free(first);
    mech_model_free(second);
    char other[128];
    mech_error error = {.message = ""};
    assert_int_equal(mech_train_source(&o, &c.data, path, NULL, &error), MECH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "model.safetensors is what the training writes, too"));
    training_data turned = c.data;
    turned.mechanisms = "zeroth,first,sigmoid";
    case_path(&c, "third.safetensors", other);
    assert_int_equal(mech_train_source(&o, &turned, other, NULL, &error), MECH_INVALID_INPUT);
    assert_non_null(
        strstr(error.message, "tells mechanisms first,zeroth,sigmoid apart; expected zeroth,first,sigmoid"));
    o.hidden = 4;
    assert_int_equal(mech_train_source(&o, &c.data, other, NULL, &error), MECH_INVALID_INPUT);
    assert_non_null(
        strstr(error.message, "network hadamard with 8 units for 3 labels; expected hadamard with 4 for 3"));
    o.second_start = o.start;
    o.start = NULL;
    assert_int_equal(mech_train_source(&o, &c.data, other, NULL, &error), MECH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "start: a second model without a first one"));
    case_close(&c);
}

/* The comparisons' weights are zero at first, so that both networks give the same. */
static void comparative_starts_from_kinetic(void **state) {
    (void)state;
    training_case c = case_open(300, 100);
    mech_train_options o = case_options();
    o.network = "kinetic";
    case_train(&c, &o, "model.safetensors");
    char path[128];
    o.network = "comparative";
    o.start = case_path(&c, "model.safetensors", path);
    o.epochs = 1;
    o.learning_rate = 1e-30;
    case_train(&c, &o, "other.safetensors");
    mech_model *kinetic = read_model(&c, "model.safetensors"), *comparative = read_model(&c, "other.safetensors");
    assert_true(comparative->g.n_parameters > kinetic->g.n_parameters);
    mech_samples *fresh = case_samples(50, 3);
    float *before = probabilities_of(kinetic, fresh), *after = probabilities_of(comparative, fresh);
    for (size_t i = 0; i < 50 * CASE_CLASSES; i++) assert_true(fabsf(before[i] - after[i]) < 1e-6F);
    free(before);
    free(after);
    mech_samples_free(fresh);
    mech_model_free(kinetic);
    mech_model_free(comparative);
    case_close(&c);
}

/* Two experts keep apart what they know, and the mean of their logits is the geometric mean of their probabilities. */
static void experts_start_from_two_models(void **state) {
    (void)state;
    training_case c = case_open(300, 100);
    mech_train_options o = case_options();
    o.network = "kinetic";
    case_train(&c, &o, "model.safetensors");
    o.network = "comparative";
    o.seed = 2;
    case_train(&c, &o, "other.safetensors");
    char first[128], second[128], refused[128];
    o.network = "experts";
    o.start = case_path(&c, "model.safetensors", first);
    o.second_start = case_path(&c, "other.safetensors", second);
    o.epochs = 1;
    o.learning_rate = 1e-30;
    case_train(&c, &o, "third.safetensors");
    mech_samples *fresh = case_samples(50, 3);
    mech_model *models[3] = {read_model(&c, "model.safetensors"), read_model(&c, "other.safetensors"),
                             read_model(&c, "third.safetensors")};
    float *p[3];
    for (size_t i = 0; i < 3; i++) p[i] = probabilities_of(models[i], fresh);
    for (size_t i = 0; i < 50 * CASE_CLASSES; i += CASE_CLASSES) {
        double means[CASE_CLASSES], sum = 0;
        for (size_t k = 0; k < CASE_CLASSES; k++) sum += means[k] = sqrt((double)p[0][i + k] * (double)p[1][i + k]);
        for (size_t k = 0; k < CASE_CLASSES; k++) assert_true(fabs(means[k] / sum - (double)p[2][i + k]) < 1e-5);
    }
    for (size_t i = 0; i < 3; i++) {
        free(p[i]);
        mech_model_free(models[i]);
    }
    mech_samples_free(fresh);
    mech_error error = {.message = ""};
    o.hidden = 6;
    assert_int_equal(mech_train_source(&o, &c.data, case_path(&c, "fourth.safetensors", refused), NULL, &error),
                     MECH_INVALID_INPUT);
    assert_non_null(
        strstr(error.message, "network kinetic with 8 units for 3 labels; expected comparative or kinetic with 6"));
    o.network = "comparative";
    assert_int_equal(mech_train_source(&o, &c.data, refused, NULL, &error), MECH_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "start: two models"));
    case_close(&c);
}

static void muon_learns_the_same_from_fewer_steps(void **state) {
    (void)state;
    training_case c = case_open(1000, 300);
    mech_train_options o = case_options();
    o.epochs = 20;
    case_train(&c, &o, "other.safetensors");
    o.optimiser = MECH_OPTIMISER_MUON;
    o.learning_rate = 0.03;
    case_train(&c, &o, "model.safetensors");
    mech_model *adam = read_model(&c, "other.safetensors"), *muon = read_model(&c, "model.safetensors");
    mech_samples *fresh = case_samples(500, 3);
    print_message("accuracy: %.3f by adam, %.3f by muon\n", accuracy_of(adam, fresh), accuracy_of(muon, fresh));
    assert_non_null(strstr(mech_model_metadata(muon, "options"), " --optimiser muon"));
    assert_true(accuracy_of(muon, fresh) > 0.95);
    assert_true(accuracy_of(adam, fresh) < 0.8);
    mech_samples_free(fresh);
    mech_model_free(adam);
    mech_model_free(muon);
    case_close(&c);
}

static void best_weights_are_kept(void **state) {
    (void)state;
    training_case c = case_open(300, 100);
    mech_train_options o = case_options();
    o.epochs = 15;
    o.average = 0;
    o.schedule = MECH_SCHEDULE_CONSTANT;
    o.learning_rate = 0.1; /* so large that accuracy goes up and down */
    case_train(&c, &o, "model.safetensors");
    size_t n = 0, best = 0;
    (void)case_history(&c, "model.history.csv", 0, 7, &n);
    assert_int_equal(n, 15);
    double highest = -1;
    for (size_t i = 0; i < n; i++) {
        const double accuracy = case_history(&c, "model.history.csv", i, 7, NULL);
        if (!(accuracy > highest)) continue;
        highest = accuracy;
        best = i;
    }
    assert_true(best + 1 < n); /* else the last weights would do */
    mech_model *model = read_model(&c, "model.safetensors");
    assert_true(strtod(mech_model_metadata(model, "validation_accuracy"), NULL) == highest);
    assert_true(strtod(mech_model_metadata(model, "epoch"), NULL) == (double)best + 1);
    mech_model_free(model);
    /* The same training, ended at its best epoch, has the same weights. */
    o.epochs = best + 1;
    case_train(&c, &o, "other.safetensors");
    mech_model *a = read_model(&c, "model.safetensors"), *b = read_model(&c, "other.safetensors");
    assert_memory_equal(a->parameters, b->parameters, a->g.n_parameters * sizeof *a->parameters);
    mech_model_free(a);
    mech_model_free(b);
    case_close(&c);
}

static void training_stops_where_nothing_gets_better(void **state) {
    (void)state;
    training_case c = case_open(200, 100);
    mech_train_options o = case_options();
    o.epochs = 50;
    o.learning_rate = 1e-12;
    o.patience = 3;
    case_train(&c, &o, "model.safetensors");
    size_t n = 0;
    (void)case_history(&c, "model.history.csv", 0, 0, &n);
    assert_int_equal(n, 1 + 3);
    assert_false(case_has(&c, "model.checkpoint"));
    case_close(&c);
}

static void history_counts_epochs_steps_and_samples(void **state) {
    (void)state;
    /* 200 samples: three batches of 64 and one of 8. */
    training_case c = case_open(200, 100);
    mech_train_options o = case_options();
    o.steps = 10;
    o.validation_interval = 3;
    case_train(&c, &o, "model.safetensors");
    static const double rows[][3] = {{0.75, 3, 192}, {1.5, 6, 328}, {2.25, 9, 464}, {2.5, 10, 528}};
    size_t n = 0;
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 3; j++) assert_true(case_history(&c, "model.history.csv", i, j, &n) == rows[i][j]);
    assert_int_equal(n, 4);
    assert_true(fabs(case_history(&c, "model.history.csv", 3, 3, NULL) - 0.01 * o.learning_rate) < 1e-12);
    case_close(&c);
}

/* Whatever the sizes of the batches, an epoch is an epoch, and ends at the same learning rate. */
static void growing_batches_keep_epochs_and_learning_rates(void **state) {
    (void)state;
    training_case c = case_open(260, 100); /* four samples of a pass fit into no batch of 64 */
    mech_train_options o = case_options();
    o.batch = 16;
    o.largest_batch = 64;
    o.epochs = 6;
    o.warm_up = 0.25;
    case_train(&c, &o, "model.safetensors");
    static const double steps[] = {16, 32, 40, 48, 52, 56};
    size_t n = 0;
    for (size_t i = 0; i < 6; i++) {
        const double expected[] = {(double)i + 1, steps[i], 256 * ((double)i + 1)};
        for (size_t j = 0; j < 3; j++) assert_true(case_history(&c, "model.history.csv", i, j, &n) == expected[j]);
    }
    assert_int_equal(n, 6);
    const training_course even = {
        .sizes = {.first = 16},
        .rates = {.shape = MECH_SCHEDULE_COSINE, .peak = o.learning_rate, .warm_up = o.warm_up, .steps = 96}};
    for (size_t i = 0; i < 6; i++)
        assert_true(case_history(&c, "model.history.csv", i, 3, NULL) == mech_course_rate(&even, 16 * (i + 1) - 1));
    case_close(&c);
}

static void result_does_not_depend_on_the_threads(void **state) {
    (void)state;
    training_case c = case_open(500, 200);
    mech_train_options o = case_options();
    o.batch = 96;
    o.largest_batch = 192;
    o.epochs = 3;
    case_train(&c, &o, "model.safetensors");
    for (int threads = 2; threads <= 5; threads += 3) {
        o.threads = threads;
        case_train(&c, &o, "other.safetensors");
        assert_true(case_same(&c, "model.safetensors", "other.safetensors"));
        assert_true(case_same(&c, "model.history.csv", "other.history.csv"));
    }
    case_close(&c);
}

/* Each option, changed alone. */
typedef struct change {
    const char *name;
    void (*make)(mech_train_options *o);
} change;

static void change_network(mech_train_options *o) { o->network = "gate"; }
static void change_hidden(mech_train_options *o) { o->hidden = 9; }
static void change_seed(mech_train_options *o) { o->seed = 2; }
static void change_batch(mech_train_options *o) { o->batch = 63; }
static void change_epochs(mech_train_options *o) { o->epochs = 5; }
static void change_steps(mech_train_options *o) { o->steps = 15; }
static void change_growth(mech_train_options *o) { o->largest_batch = 128; }
static void change_rate(mech_train_options *o) { o->learning_rate = 0.011; }
static void change_schedule(mech_train_options *o) { o->schedule = MECH_SCHEDULE_ONE_CYCLE; }
static void change_warm_up(mech_train_options *o) { o->warm_up = 0.5; }
static void change_decay(mech_train_options *o) { o->weight_decay = 0.1; }
static void change_clip(mech_train_options *o) { o->clip = 0.01; }
static void change_average(mech_train_options *o) { o->average = 0.05; }
static void change_smoothing(mech_train_options *o) { o->label_smoothing = 0.1; }
static void change_points(mech_train_options *o) { o->n_points = 1; }
static void change_noise(mech_train_options *o) { o->n_noise = 1; }

static const change changes[] = {
    {"--network", change_network},     {"--hidden", change_hidden},
    {"--seed", change_seed},           {"--batch", change_batch},
    {"--batch 64:128", change_growth}, {"--epochs", change_epochs},
    {"--steps", change_steps},         {"--learning-rate", change_rate},
    {"--clip", change_clip},           {"--schedule", change_schedule},
    {"--warm-up", change_warm_up},     {"--average", change_average},
    {"--weight-decay", change_decay},  {"--label-smoothing", change_smoothing},
    {"--points", change_points},       {"--noise", change_noise},
};

static void every_option_has_a_say_and_is_written_down(void **state) {
    (void)state;
    training_case c = case_open(200, 50);
    const mech_train_options standard = case_options();
    case_train(&c, &standard, "model.safetensors");
    mech_model *first = read_model(&c, "model.safetensors");
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        mech_train_options o = standard;
        changes[i].make(&o);
        case_train(&c, &o, "other.safetensors");
        mech_model *other = read_model(&c, "other.safetensors");
        const size_t n = first->g.n_parameters;
        if (other->g.n_parameters == n && memcmp(first->parameters, other->parameters, n * sizeof(float)) == 0)
            fail_msg("%s changes nothing", changes[i].name);
        const char *options = mech_model_metadata(other, "options");
        assert_non_null(strstr(options, changes[i].name));
        assert_string_not_equal(options, mech_model_metadata(first, "options"));
        mech_model_free(other);
    }
    mech_model_free(first);
    case_close(&c);
}

static void refuse_with(const training_case *c, const mech_train_options *o, mech_status expected, const char *words) {
    char path[128];
    mech_error error = {.message = ""};
    assert_int_equal(mech_train_source(o, &c->data, case_path(c, "model.safetensors", path), NULL, &error), expected);
    if (!strstr(error.message, words)) fail_msg("'%s' lacks '%s'", error.message, words);
    assert_false(case_has(c, "model.safetensors") || case_has(c, "model.history.csv") ||
                 case_has(c, "model.checkpoint"));
}

static void options_without_meaning_are_refused(void **state) {
    (void)state;
    training_case c = case_open(100, 50);
    static const size_t none[] = {0}, many[] = {3, 9};
    static const double negative[] = {0, -0.01}, large[] = {1.5};
#define CASE(status, words, field, value)                                                                              \
    do {                                                                                                               \
        mech_train_options o = case_options();                                                                         \
        o.field = value;                                                                                               \
        refuse_with(&c, &o, status, words);                                                                            \
    } while (0)
    CASE(MECH_INVALID_ARGUMENT, "learning rate: 0", learning_rate, 0);
    CASE(MECH_INVALID_ARGUMENT, "learning rate: nan", learning_rate, NAN);
    CASE(MECH_INVALID_ARGUMENT, "warm-up: 1", warm_up, 1);
    CASE(MECH_INVALID_ARGUMENT, "weight decay: -1", weight_decay, -1);
    CASE(MECH_INVALID_ARGUMENT, "clip: -1", clip, -1);
    CASE(MECH_INVALID_ARGUMENT, "average: 1", average, 1);
    CASE(MECH_INVALID_ARGUMENT, "label smoothing: 1", label_smoothing, 1);
    CASE(MECH_INVALID_ARGUMENT, "minutes between checkpoints: -1", checkpoint_minutes, -1);
    CASE(MECH_INVALID_ARGUMENT, "batch: 0", batch, 0);
    CASE(MECH_INVALID_ARGUMENT, "batch: 64:100", largest_batch, 100);
    CASE(MECH_INVALID_ARGUMENT, "batch: 64:32", largest_batch, 32);
    CASE(MECH_INVALID_ARGUMENT, "batch: 64:2097152", largest_batch, 2097152);
    CASE(MECH_INVALID_ARGUMENT, "epochs: 0", epochs, 0);
    CASE(MECH_INVALID_ARGUMENT, "schedule: 7", schedule, (mech_schedule)7);
    CASE(MECH_INVALID_ARGUMENT, "optimiser: 2", optimiser, (mech_optimiser)2);
    CASE(MECH_INVALID_ARGUMENT, "hidden: 5000", hidden, 5000);
    CASE(MECH_INVALID_ARGUMENT, "nonesuch", network, "nonesuch");
    CASE(MECH_INVALID_ARGUMENT, "points: 0", points, none);
    CASE(MECH_INVALID_ARGUMENT, "noise: -0.01", noise, negative);
    CASE(MECH_INVALID_ARGUMENT, "noise: 1.5", noise, large);
#undef CASE
    mech_train_options o = case_options();
    o.points = many;
    o.n_points = 2;
    refuse_with(&c, &o, MECH_INVALID_INPUT, "9 points after t = 0");
    o = case_options();
    o.largest_batch = 128;
    refuse_with(&c, &o, MECH_INVALID_INPUT, "batch: 64:128; there are only 100 samples");
    o.batch = 8;
    o.largest_batch = 64;
    o.epochs = 3;
    refuse_with(&c, &o, MECH_INVALID_INPUT,
                "batch: 8:64; the training has 3 steps, and batches of all sizes take at least");
    o.steps = 14;
    refuse_with(&c, &o, MECH_INVALID_ARGUMENT, "steps: 14; batches of 8:64 samples take at least 15");
    case_close(&c);
}

static void data_that_do_not_fit_are_refused(void **state) {
    (void)state;
    training_case c = case_open(100, 50);
    const mech_train_options o = case_options();
    c.validation->n_labels = 4;
    refuse_with(&c, &o, MECH_INVALID_INPUT, "differ in protocol, labels");
    c.validation->n_labels = CASE_CLASSES;
    const size_t n = c.validation->n;
    c.validation->n = 0;
    refuse_with(&c, &o, MECH_INVALID_INPUT, "0 for validation");
    c.validation->n = n;
    /* What is not finite shows in the first step, and no file is left. */
    c.train->x1[0] = NAN;
    mech_train_options whole = o;
    whole.batch = 128;
    refuse_with(&c, &whole, MECH_NUMERICAL_FAILURE, "at step 1;");
    case_close(&c);
}

static void protocols_bring_their_own_choices(void **state) {
    (void)state;
    const augmentation seed = mech_design_augmentation(MECH_DESIGN_FIXED_WINDOW, 21);
    const augmentation nature = mech_design_augmentation(MECH_DESIGN_NATURE, 21);
    assert_int_equal(seed.n_points, 10);
    assert_int_equal(seed.n_noise, 3);
    assert_int_equal(nature.n_points, 11);
    assert_int_equal(nature.n_noise, 6);
    assert_int_equal(nature.points[10], 20);
    /* Samples with fewer times narrow the choice. */
    assert_int_equal(mech_design_augmentation(MECH_DESIGN_FIXED_WINDOW, 7).n_points, 4);
    mech_train_options o = mech_train_options_default();
    augmentation chosen;
    assert_int_equal(mech_choose_augmentation(&o, MECH_DESIGN_FIXED_WINDOW, 3, &chosen, NULL), MECH_INVALID_INPUT);
    assert_int_equal(mech_choose_augmentation(&o, MECH_DESIGN_NATURE, 3, &chosen, NULL), MECH_OK);
    assert_int_equal(chosen.n_points, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(training_learns_what_an_untrained_network_cannot_know),
        cmocka_unit_test(model_says_where_it_comes_from),
        cmocka_unit_test(training_starts_from_a_model),
        cmocka_unit_test(comparative_starts_from_kinetic),
        cmocka_unit_test(experts_start_from_two_models),
        cmocka_unit_test(muon_learns_the_same_from_fewer_steps),
        cmocka_unit_test(best_weights_are_kept),
        cmocka_unit_test(training_stops_where_nothing_gets_better),
        cmocka_unit_test(history_counts_epochs_steps_and_samples),
        cmocka_unit_test(growing_batches_keep_epochs_and_learning_rates),
        cmocka_unit_test(result_does_not_depend_on_the_threads),
        cmocka_unit_test(every_option_has_a_say_and_is_written_down),
        cmocka_unit_test(options_without_meaning_are_refused),
        cmocka_unit_test(data_that_do_not_fit_are_refused),
        cmocka_unit_test(protocols_bring_their_own_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
