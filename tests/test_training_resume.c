/* Interrupted trainings go on to the same bits, and only with the options and data that they began with. */
#include "training_case.h"

/* Asks to stop after so many looks. */
typedef struct interruption {
    size_t looks, stop_at;
} interruption;

static bool stop_after(void *context) {
    interruption *i = context;
    return ++i->looks > i->stop_at;
}

/* Trains until it is stopped after `steps` more steps; whether it was. */
static bool train_some(const training_case *c, mech_train_options o, const char *model, size_t steps) {
    char path[128], stem[64];
    interruption interrupt = {.stop_at = steps};
    const mech_progress progress = {.should_stop = stop_after, .context = &interrupt};
    mech_error error = {.message = ""};
    snprintf(stem, sizeof stem, "%.*s.checkpoint", (int)strcspn(model, "."), model);
    o.resume = case_has(c, stem);
    const mech_status status = mech_train_source(&o, &c->data, case_path(c, model, path), &progress, &error);
    if (status != MECH_OK && status != MECH_STOPPED) fail_msg("%s", error.message);
    if (status == MECH_STOPPED) {
        assert_non_null(strstr(error.message, "other.checkpoint holds what resuming needs"));
        assert_true(case_has(c, stem));
    } else {
        assert_false(case_has(c, stem));
    }
    return status == MECH_STOPPED;
}

static void interrupted_training_ends_with_the_same_bits(void **state) {
    (void)state;
    /* 300 samples make five steps an epoch, the last one smaller; validations fall in the middle of epochs, too. In the
     * last case batches grow, 8 steps of 32, 4 of 64 and 8 of 128, and steps are Muon's. */
    training_case c = case_open(300, 100);
    mech_train_options o = case_options();
    o.validation_interval = 3;
    o.weight_decay = 0.01;
    static const size_t pieces[] = {0, 1, 2, 3, 7, 19, 3};
    const size_t n_pieces = sizeof pieces / sizeof pieces[0];
    for (size_t i = 0; i < n_pieces; i++) {
        if (i == n_pieces - 1) {
            o.batch = 32;
            o.largest_batch = 128;
            o.steps = 20;
            o.optimiser = MECH_OPTIMISER_MUON;
        }
        case_train(&c, &o, "model.safetensors");
        int threads = 1;
        size_t parts = 1;
        /* A piece of no steps at all leaves a checkpoint that is as good as a start. */
        if (pieces[i] == 0) assert_true(train_some(&c, o, "other.safetensors", 0));
        while (train_some(&c, o, "other.safetensors", pieces[i] ? pieces[i] : 8)) {
            o.threads = threads = 3 - threads;
            parts++;
        }
        o.threads = 1;
        assert_int_equal(parts, (20 + (pieces[i] ? pieces[i] : 8) - 1) / (pieces[i] ? pieces[i] : 8));
        assert_true(case_same(&c, "model.safetensors", "other.safetensors"));
        assert_true(case_same(&c, "model.history.csv", "other.history.csv"));
    }
    case_close(&c);
}

/* A copy of a checkpoint that a run wrote on its way, as a crash would leave it. */
static void training_goes_on_from_any_checkpoint_on_the_way(void **state) {
    (void)state;
    training_case c = case_open(300, 100);
    mech_train_options o = case_options();
    case_train(&c, &o, "model.safetensors");
    o.checkpoint_minutes = 0; /* after each step */
    assert_true(train_some(&c, o, "other.safetensors", 9));
    char path[128], *early = NULL;
    size_t length = 0;
    assert_int_equal(mech_file_read(case_path(&c, "other.checkpoint", path), 1 << 24, &early, &length, NULL), MECH_OK);
    assert_true(train_some(&c, o, "other.safetensors", 9));
    /* Model and history are ahead of the checkpoint now, as when a crash loses the last minutes. */
    assert_int_equal(mech_file_write(path, early, length, NULL), MECH_OK);
    mech_free(early);
    assert_false(train_some(&c, o, "other.safetensors", 1000));
    assert_true(case_same(&c, "model.safetensors", "other.safetensors"));
    assert_true(case_same(&c, "model.history.csv", "other.history.csv"));
    case_close(&c);
}

static void refuse_resuming(const training_case *c, const mech_train_options *o, const char *words) {
    char path[128];
    mech_error error = {.message = ""};
    mech_train_options again = *o;
    again.resume = true;
    assert_int_equal(mech_train_source(&again, &c->data, case_path(c, "other.safetensors", path), NULL, &error),
                     MECH_INVALID_INPUT);
    if (!strstr(error.message, words)) fail_msg("'%s' lacks '%s'", error.message, words);
}

static void resuming_with_other_options_or_data_is_refused_by_name(void **state) {
    (void)state;
    training_case c = case_open(300, 100);
    const mech_train_options o = case_options();
    assert_true(train_some(&c, o, "other.safetensors", 4));
    static const size_t points[] = {3, 5};
    static const double noise[] = {0, 0.02};
    mech_train_options changed[] = {o, o, o, o, o, o, o, o, o, o, o, o};
    static const char *const words[] = {
        "made with --network hadamard, not --network gate",
        "made with --seed 1, not --seed 7",
        "made with --batch 64, not --batch 32",
        "made with --epochs 4, not --epochs 5",
        "made with --epochs 4, not --steps 20",
        "made with --learning-rate 0.01, not --learning-rate 0.02",
        "made with --schedule cosine, not --schedule constant",
        "made with --points 3,5,8, not --points 3,5",
        "made with --noise 0,1, not --noise 0,2",
        "made with --batch 64, not --batch 64:128",
        "made with --optimiser adam, not --optimiser muon",
        "made without --each-sample; resuming",
    };
    changed[0].network = "gate";
    changed[1].seed = 7;
    changed[2].batch = 32;
    changed[3].epochs = 5;
    changed[4].steps = 20;
    changed[5].learning_rate = 0.02;
    changed[6].schedule = MECH_SCHEDULE_CONSTANT;
    changed[7].points = points;
    changed[7].n_points = 2;
    changed[8].noise = noise;
    changed[9].largest_batch = 128;
    changed[10].optimiser = MECH_OPTIMISER_MUON;
    changed[11].each_sample = true;
    for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++) refuse_resuming(&c, &changed[i], words[i]);
    c.train->x2[100] += 0.01f;
    refuse_resuming(&c, &o, "made with other data");
    c.train->x2[100] -= 0.01f;
    /* A training that would overwrite the checkpoint of another is refused, too. */
    char path[128];
    mech_error error = {.message = ""};
    assert_int_equal(mech_train_source(&o, &c.data, case_path(&c, "other.safetensors", path), NULL, &error),
                     MECH_INVALID_INPUT);
    assert_non_null(strstr(error.message, "an interrupted training left it"));
    /* All that left the checkpoint as it was. */
    assert_false(train_some(&c, o, "other.safetensors", 1000));
    case_close(&c);
}

static void damaged_checkpoints_are_refused(void **state) {
    (void)state;
    training_case c = case_open(100, 50);
    const mech_train_options o = case_options();
    assert_true(train_some(&c, o, "other.safetensors", 4));
    char path[128], *whole = NULL;
    size_t length = 0;
    assert_int_equal(mech_file_read(case_path(&c, "other.checkpoint", path), 1 << 24, &whole, &length, NULL), MECH_OK);
    random_stream r = mech_random_open(1, RANDOM_TEST, 0, 0);
    for (int i = 0; i < 40; i++) { /* one bit anywhere */
        const size_t at = mech_random_below(&r, (uint32_t)length);
        const char before = whole[at];
        whole[at] = (char)(whole[at] ^ 1 << mech_random_below(&r, 8));
        assert_int_equal(mech_file_write(path, whole, length, NULL), MECH_OK);
        refuse_resuming(&c, &o, "other.checkpoint: is damaged or no checkpoint");
        whole[at] = before;
    }
    for (size_t cut = 0; cut < length; cut += 1 + length / 17) {
        assert_int_equal(mech_file_write(path, whole, cut, NULL), MECH_OK);
        refuse_resuming(&c, &o, "other.checkpoint: is damaged or no checkpoint");
    }
    mech_free(whole);
    case_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interrupted_training_ends_with_the_same_bits),
        cmocka_unit_test(training_goes_on_from_any_checkpoint_on_the_way),
        cmocka_unit_test(resuming_with_other_options_or_data_is_refused_by_name),
        cmocka_unit_test(damaged_checkpoints_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
