#include "learn/training/training.h"

#include "base/error.h"
#include "base/interface.h"
#include "learn/network/graph.h"

#include <math.h>
#include <string.h>

static const char *const schedule_names[] = {"constant", "cosine", "one-cycle"};
static const char *const optimiser_names[] = {"adam", "muon"};

void mech_train_options_init(mech_train_options *options, size_t size) {
    const mech_train_options defaults = {.network = "hadamard",
                                         .seed = 1,
                                         .batch = 2048,
                                         .epochs = 100,
                                         .schedule = MECH_SCHEDULE_COSINE,
                                         .learning_rate = 1e-3,
                                         .warm_up = 0.02,
                                         .clip = 1,
                                         .average = 0.999,
                                         .checkpoint_minutes = 5};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

bool mech_choose_batch_sizes(const mech_train_options *o, batch_sizes *sizes) {
    return mech_batch_sizes_between(o->batch, o->largest_batch ? o->largest_batch : o->batch, sizes);
}

/* Refuses sizes of batches that have no meaning. */
static mech_status check_batch_sizes(const mech_train_options *o, mech_error *error) {
    enum { MOST = 1 << 20 };
    batch_sizes sizes;
    if (o->batch < 1 || o->batch > MOST)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "batch: %zu; expected 1 to %d samples", o->batch, MOST);
    if (o->largest_batch > MOST || !mech_choose_batch_sizes(o, &sizes))
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "batch: %zu:%zu; expected a last size that is the first one doubled once or more, at most %d",
                         o->batch, o->largest_batch, MOST);
    if (o->steps && o->steps < mech_fewest_steps(&sizes))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "steps: %zu; batches of %zu:%zu samples take at least %llu",
                         o->steps, o->batch, o->largest_batch, (unsigned long long)mech_fewest_steps(&sizes));
    return MECH_OK;
}

typedef struct bounds {
    const char *name;
    double value, least, most; /* most is excluded */
    bool above;                /* least is excluded, too */
} bounds;

mech_status mech_check_training_options(const mech_train_options *o, mech_error *error) {
    const bounds all[] = {
        {"learning rate", o->learning_rate, 0, 1e3, true},
        {"warm-up", o->warm_up, 0, 1, false},
        {"weight decay", o->weight_decay, 0, 1e3, false},
        {"clip", o->clip, 0, 1e30, false},
        {"average", o->average, 0, 1, false},
        {"label smoothing", o->label_smoothing, 0, 1, false},
        {"minutes between checkpoints", o->checkpoint_minutes, 0, 1e6, false},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (!(all[i].value >= all[i].least && all[i].value < all[i].most) ||
            (all[i].above && all[i].value == all[i].least))
            return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: %g; expected a number %s %g and below %g", all[i].name,
                             all[i].value, all[i].above ? "above" : "from", all[i].least, all[i].most);
    if (!(o->missing >= 0 && o->missing <= 1))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "missing: %g; expected a share of 0 to 1", o->missing);
    if ((unsigned)o->schedule >= sizeof schedule_names / sizeof schedule_names[0])
        return mech_fail(error, MECH_INVALID_ARGUMENT, "schedule: %d; expected a value of mech_schedule",
                         (int)o->schedule);
    if ((unsigned)o->optimiser >= sizeof optimiser_names / sizeof optimiser_names[0])
        return mech_fail(error, MECH_INVALID_ARGUMENT, "optimiser: %d; expected a value of mech_optimiser",
                         (int)o->optimiser);
    if (o->second_start && !o->start)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "start: a second model without a first one; expected both");
    if (!o->epochs && !o->steps) return mech_fail(error, MECH_INVALID_ARGUMENT, "epochs: 0; expected at least 1");
    if (o->hidden > 4096)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "hidden: %zu; expected at most 4096", o->hidden);
    if (o->n_points > MOST_CHOICES || o->n_noise > MOST_CHOICES)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "there are more than %d choices of points or noise",
                         MOST_CHOICES);
    for (size_t i = 0; i < o->n_points; i++)
        if (!o->points[i]) return mech_fail(error, MECH_INVALID_ARGUMENT, "points: 0; expected at least 1 after t = 0");
    for (size_t i = 0; i < o->n_noise; i++)
        if (!(o->noise[i] >= 0 && o->noise[i] <= 1))
            return mech_fail(error, MECH_INVALID_ARGUMENT, "noise: %g; expected 0 to 1 in units of [S]0", o->noise[i]);
    const graph_shape shape = {.static_width = SAMPLE_LOADINGS, .series_width = SAMPLE_ROW, .n_labels = 1};
    graph g;
    mech_status status = check_batch_sizes(o, error);
    if (status == MECH_OK) status = mech_graph_build(o->network, &shape, &g, error);
    if (status == MECH_OK && mech_graph_reads_run_sets(&g) &&
        (o->n_points || o->n_noise || o->each_sample || o->missing > 0))
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "points, noise and missing: network %s learns from run sets as their design says; expected "
                         "none of these options",
                         o->network);
    if (status == MECH_OK && o->missing > 0 && !mech_graph_transform(&g))
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "missing: network %s takes S and P as they come; expected one that reads kinetics",
                         o->network);
    return status;
}

mech_status mech_choose_augmentation(const mech_train_options *options, mech_protocol protocol, size_t n_times,
                                     augmentation *choices, mech_error *error) {
    *choices = mech_protocol_augmentation(protocol, n_times);
    choices->each_sample = options->each_sample;
    choices->missing = options->missing;
    if (options->n_points) {
        choices->n_points = options->n_points;
        memcpy(choices->points, options->points, options->n_points * sizeof *options->points);
    }
    if (options->n_noise) {
        choices->n_noise = options->n_noise;
        memcpy(choices->noise, options->noise, options->n_noise * sizeof *options->noise);
    }
    size_t most = 0;
    for (size_t i = 0; i < choices->n_points; i++)
        if (choices->points[i] > most) most = choices->points[i];
    if (!choices->n_points || most >= n_times)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "batches of %zu points after t = 0 were asked for, but the samples have %zu", most,
                         n_times ? n_times - 1 : 0);
    return MECH_OK;
}

static void add_number(text *t, const char *name, double number) {
    mech_text_format(t, " --%s ", name);
    mech_text_number(t, number);
}

mech_status mech_normalise_training_options(const mech_train_options *o, size_t hidden, uint64_t start_digest,
                                            const augmentation *choices, const char *origin, char **normalised,
                                            mech_error *error) {
    text t = {0};
    mech_text_format(&t, "--network %s --hidden %zu --seed %llu --batch %zu", o->network, hidden,
                     (unsigned long long)o->seed, o->batch);
    if (o->largest_batch > o->batch) mech_text_format(&t, ":%zu", o->largest_batch);
    if (o->steps)
        mech_text_format(&t, " --steps %zu", o->steps);
    else
        mech_text_format(&t, " --epochs %zu", o->epochs);
    mech_text_format(&t, " --validation-interval %zu --patience %zu --schedule %s", o->validation_interval, o->patience,
                     schedule_names[o->schedule]);
    add_number(&t, "learning-rate", o->learning_rate);
    add_number(&t, "warm-up", o->warm_up);
    add_number(&t, "weight-decay", o->weight_decay);
    add_number(&t, "clip", o->clip);
    add_number(&t, "average", o->average);
    add_number(&t, "label-smoothing", o->label_smoothing);
    for (size_t i = 0; i < choices->n_points; i++)
        mech_text_format(&t, "%s%zu", i ? "," : " --points ", choices->points[i]);
    for (size_t i = 0; i < choices->n_noise; i++) {
        mech_text_add(&t, i ? "," : " --noise ");
        /* In % of [S]0; rounded, as 0.012 has no exact hundredfold. */
        mech_text_number(&t, rint(choices->noise[i] * 1e10) / 1e8);
    }
    mech_text_format(&t, " --optimiser %s", optimiser_names[o->optimiser]);
    if (o->start) mech_text_format(&t, " --start %016llx", (unsigned long long)start_digest);
    if (choices->each_sample) mech_text_add(&t, " --each-sample");
    if (choices->missing > 0) {
        mech_text_add(&t, " --missing ");
        mech_text_number(&t, rint(choices->missing * 1e10) / 1e8);
    }
    if (origin) mech_text_format(&t, " %s", origin);
    return mech_text_take(&t, normalised, error);
}
