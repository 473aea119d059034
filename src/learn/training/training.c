#include "learn/training/training.h"

#include "base/files/digest.h"
#include "base/files/file.h"
#include "base/machine/clock.h"
#include "base/machine/file_lock.h"
#include "base/machine/ranks.h"
#include "base/memory.h"
#include "learn/batches/validation.h"
#include "learn/engine/engine.h"
#include "learn/model/model.h"
#include "learn/model/start.h"
#include "learn/optimiser/muon.h"
#include "learn/optimiser/optimiser.h"
#include "learn/sets/set_lessons.h"
#include "learn/training/checkpoint.h"
#include "learn/training/course.h"
#include "learn/training/provenance.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char MODEL_ENDING[] = ".safetensors";

/* The files of a training. */
typedef struct training_paths {
    const char *model; /* the caller's */
    char *history, *checkpoint, *lock;
} training_paths;

/* A training under way. */
typedef struct trainer {
    const mech_train_options *options;
    const training_data *data;
    const mech_progress *progress;
    mech_error *error;
    training_paths paths;
    graph g;
    augmentation choices;
    char *normalised; /* options */
    training_identity identity;
    training_course course;
    training_state state;
    float *gradient; /* [n_parameters] */
    engine *e;
    muon *m; /* NULL: the optimiser is Adam */
    batches *training_batches;
    validation *validation_set;
    file_lock *lock;          /* no other training writes this model */
    set_lessons *lessons;     /* in place of both, of run sets */
    double checkpoint_time_s; /* when the last one was written, or training began */
} trainer;

/* "MODEL.history.csv" for "MODEL.safetensors". */
static mech_status path_beside(const char *model, const char *ending, char **path, mech_error *error) {
    const size_t length = strlen(model), standard = sizeof MODEL_ENDING - 1;
    const bool stripped = length > standard && strcmp(model + length - standard, MODEL_ENDING) == 0;
    text t = {0};
    mech_text_append(&t, model, stripped ? length - standard : length);
    mech_text_add(&t, ending);
    return mech_text_take(&t, path, error);
}

static uint64_t digest_samples(uint64_t before, const mech_samples *s) {
    const uint64_t shape[] = {s->n, s->n_times, s->n_labels, (uint64_t)s->design};
    uint64_t sum = mech_digest(before, shape, sizeof shape);
    sum = mech_digest(sum, s->x1, s->n * SAMPLE_LOADINGS * sizeof *s->x1);
    sum = mech_digest(sum, s->x2, sample_size(s->n, s->n_times) * sizeof *s->x2);
    return mech_digest(sum, s->y, s->n * sizeof *s->y);
}

/* The readings of run sets and their labels. */
static uint64_t digest_run_sets(uint64_t before, const run_sets *s) {
    const uint64_t shape[] = {s->n, s->n_runs, s->n_readings, s->n_labels};
    uint64_t sum = mech_digest(before, shape, sizeof shape);
    sum = mech_digest(sum, s->label, s->n * sizeof *s->label);
    sum = mech_digest(sum, s->cat0, s->n_runs * sizeof *s->cat0);
    sum = mech_digest(sum, s->time, s->n_readings * sizeof *s->time);
    return mech_digest(sum, s->substrate, s->n_readings * sizeof *s->substrate);
}

/* A stream is known by its options, which are compared, and by the samples that it makes for validation. */
static uint64_t digest_data(const training_data *data) {
    if (data->sets) {
        const uint64_t sum = data->prior ? mech_digest(DIGEST_START, data->prior, strlen(data->prior)) : DIGEST_START;
        return digest_run_sets(sum, data->sets->validation);
    }
    const uint64_t sum = data->stream ? mech_digest(DIGEST_START, data->prior, strlen(data->prior))
                                      : digest_samples(DIGEST_START, data->train);
    return digest_samples(sum, data->validation);
}

static mech_status check_data(const training_data *data, mech_error *error) {
    if (data->sets) {
        const size_t n = data->sets->validation->n;
        if (n && n <= UINT32_MAX && data->sets->a_block <= UINT32_MAX / data->sets->reuse) return MECH_OK;
        return mech_fail(error, MECH_INVALID_INPUT, "there are %zu run sets for validation; expected 1 to %u", n,
                         UINT32_MAX);
    }
    const mech_samples *seen = data->train ? data->train : mech_stream_source(data->stream).samples;
    const mech_samples *held_out = data->validation;
    if (!seen->n || seen->n > UINT32_MAX || !held_out->n || held_out->n > UINT32_MAX)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "there are %zu samples for training and %zu for validation; expected 1 to %u of each", seen->n,
                         held_out->n, UINT32_MAX);
    if (seen->n_labels != held_out->n_labels || seen->design != held_out->design || seen->n_times != held_out->n_times)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "the samples for training and validation differ in protocol, labels or number of times");
    return MECH_OK;
}

mech_status mech_probe_model(const char *path, mech_error *error) {
    output *out = NULL;
    if (strcmp(path, "-") == 0)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "a model cannot go to standard output: its history stands beside it");
    mech_status status = mech_output_open(path, &out, NULL, error);
    mech_output_discard(out);
    return status;
}

/* Weights that the model's file would replace could not be started from again after an interruption. */
static mech_status check_starts(const mech_train_options *o, const char *model_path, mech_error *error) {
    const char *const starts[] = {o->start, o->second_start};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (starts[i] && mech_same_file(starts[i], model_path))
            return mech_fail(error, MECH_INVALID_ARGUMENT,
                             "start: %s is what the training writes, too; expected another file for its model",
                             starts[i]);
    return MECH_OK;
}

/* Everything that follows from options and data, and the state from which to go on. */
static mech_status trainer_open(trainer *t, const char *model_path) {
    const mech_train_options *o = t->options;
    t->paths.model = model_path;
    mech_status status = mech_check_training_options(o, t->error);
    if (status == MECH_OK) status = check_starts(o, model_path, t->error);
    if (status == MECH_OK) status = check_data(t->data, t->error);
    if (status == MECH_OK && !t->data->sets) {
        const mech_samples *like = t->data->validation;
        status = mech_choose_augmentation(o, like->design, like->n_times, &t->choices, t->error);
    }
    if (status == MECH_OK) status = mech_probe_model(model_path, t->error);
    if (status == MECH_OK) status = path_beside(model_path, ".history.csv", &t->paths.history, t->error);
    if (status == MECH_OK) status = path_beside(model_path, ".checkpoint", &t->paths.checkpoint, t->error);
    if (status == MECH_OK) status = path_beside(model_path, ".lock", &t->paths.lock, t->error);
    if (status == MECH_OK) status = mech_file_lock_take(t->paths.lock, &t->lock, t->error);
    if (status != MECH_OK) return status;
    /* Nobody else writes these: what a killed training left half written is of no use. */
    mech_output_remove_remains(model_path);
    mech_output_remove_remains(t->paths.history);
    mech_output_remove_remains(t->paths.checkpoint);
    if (!o->resume && mech_file_exists(t->paths.checkpoint))
        return mech_fail(t->error, MECH_INVALID_INPUT,
                         "%s: an interrupted training left it; resume that one, or remove the file to begin anew",
                         t->paths.checkpoint);
    /* A training that was ended before its first checkpoint, or never begun, begins. */
    const bool resumes = o->resume && mech_file_exists(t->paths.checkpoint);

    const graph_shape shape = {.static_width = SAMPLE_LOADINGS,
                               .series_width = SAMPLE_ROW,
                               .n_labels = t->data->sets ? t->data->sets->n_labels : t->data->validation->n_labels,
                               .hidden = o->hidden};
    status = mech_graph_build(o->network, &shape, &t->g, t->error);
    if (status != MECH_OK) return status;
    if (mech_graph_reads_run_sets(&t->g) != (t->data->sets != NULL))
        return mech_fail(t->error, MECH_INVALID_ARGUMENT, "network %s learns from %s", o->network,
                         t->data->sets ? "samples of one shape; expected these, not run sets"
                                       : "run sets; expected these (design laboratory), not samples of one shape");
    uint64_t start_digest = 0;
    status = mech_training_state_new(t->g.n_parameters, &t->state, t->error);
    const start_models from = {o->start, o->second_start, t->data->mechanisms};
    if (status == MECH_OK && o->start)
        status = mech_start_read(&from, &t->g, t->state.parameters, &start_digest, t->error);
    if (status != MECH_OK) return status;
    const char *origin = t->data->stream || t->data->sets ? t->data->origin : NULL;
    status = mech_normalise_training_options(o, mech_graph_hidden(&t->g), start_digest, &t->choices, origin,
                                             &t->normalised, t->error);
    if (status != MECH_OK) return status;
    t->identity = (training_identity){t->normalised, digest_data(t->data)};

    status = mech_course_plan(o, t->data, &t->course, t->error);
    if (status != MECH_OK) return status;
    if (resumes) {
        status = mech_checkpoint_read(t->paths.checkpoint, &t->identity, &t->state, t->error);
    } else {
        if (!o->start) mech_graph_initialise(&t->g, o->seed, t->state.parameters);
        memcpy(t->state.average, t->state.parameters, t->g.n_parameters * sizeof *t->state.average);
    }
    return status;
}

/* What samples of one shape are learned from and judged by. */
static mech_status start_batches(trainer *t) {
    const batches_plan plan = {.source = t->course.source,
                               .choices = &t->choices,
                               .sizes = t->course.sizes,
                               .seed = t->options->seed,
                               .first_step = t->state.step,
                               .steps = t->course.steps,
                               .threads = t->options->threads};
    const uint64_t pass = mech_course_passes(&t->course, t->state.step);
    mech_status status =
        mech_validation_new(t->data->validation, &t->choices, t->options->threads, &t->validation_set, t->error);
    if (status == MECH_OK && t->data->stream) status = mech_stream_start(t->data->stream, pass, t->progress, t->error);
    if (status == MECH_OK) status = mech_batches_new(&plan, &t->training_batches, t->error);
    return status;
}

/* What computes. */
static mech_status trainer_start(trainer *t) {
    t->gradient = mech_allocate_array(t->g.n_parameters, sizeof *t->gradient);
    mech_status status = t->gradient ? MECH_OK : mech_fail_memory(t->error);
    if (status == MECH_OK) status = mech_engine_new(&t->g, t->options->threads, &t->e, t->error);
    if (status == MECH_OK) mech_engine_join_ranks(t->e);
    if (status == MECH_OK && t->options->optimiser == MECH_OPTIMISER_MUON)
        status = mech_muon_new(&t->g, t->options->threads, &t->m, t->error);
    if (status == MECH_OK)
        status = t->data->sets ? mech_set_lessons_new(t->data->sets, &t->course.sizes, t->options->seed,
                                                      t->options->threads, &t->lessons, t->error)
                               : start_batches(t);
    t->checkpoint_time_s = mech_clock_s();
    return status;
}

static void trainer_close(trainer *t) {
    mech_batches_free(t->training_batches);
    mech_validation_free(t->validation_set);
    mech_set_lessons_free(t->lessons);
    mech_engine_free(t->e);
    mech_muon_free(t->m);
    mech_release_array(t->gradient);
    mech_training_state_free(&t->state);
    mech_free(t->normalised);
    mech_file_lock_release(t->lock);
    mech_free(t->paths.lock);
    mech_free(t->paths.history);
    mech_free(t->paths.checkpoint);
}

/* The learning rate's step: clips, decays, updates and averages the weights. */
static void update_weights(trainer *t, double norm) {
    const mech_train_options *o = t->options;
    training_state *s = &t->state;
    const size_t n = t->g.n_parameters;
    const double rate = mech_course_rate(&t->course, s->step);
    const double scale = o->clip > 0 && norm > o->clip ? o->clip / norm : 1;
    if (o->weight_decay > 0) mech_decay_kernels(&t->g, rate * o->weight_decay, s->parameters);
    if (t->m)
        mech_muon_step(t->m, s->step, rate, scale, t->gradient, s->parameters, s->first, s->second);
    else
        mech_adam_step(n, s->step, rate, scale, t->gradient, s->parameters, s->first, s->second);
    if (o->average > 0) mech_average_step(n, s->step, o->average, s->parameters, s->average);
    s->step++;
}

/* What one unit of what is learned on the side counts beside one nat of the mechanism. */
static const double SIDE_WEIGHT = 0.1;

/* The gradient of the next step's batch of n samples or run sets. */
static mech_status differentiate_batch(trainer *t, engine_loss *loss, size_t *n) {
    const training_state *s = &t->state;
    const double smoothing = t->options->label_smoothing;
    if (t->lessons) {
        const engine_sets *sets = NULL;
        const mech_status status = mech_set_lessons_next(t->lessons, s->step, &sets, t->error);
        if (status != MECH_OK) return status;
        *n = sets->n;
        return mech_engine_gradient_sets(t->e, s->parameters, sets, smoothing, SIDE_WEIGHT, t->gradient, loss,
                                         t->error);
    }
    const batch *b = NULL;
    const mech_status status = mech_batches_next(t->training_batches, &b, t->error);
    if (status != MECH_OK) return status;
    *n = b->n;
    return mech_engine_gradient(t->e, s->parameters, b->n_parts, b->parts, smoothing, t->gradient, loss, t->error);
}

static mech_status train_step(trainer *t) {
    training_state *s = &t->state;
    engine_loss loss;
    size_t n = 0;
    const mech_status status = differentiate_batch(t, &loss, &n);
    if (status != MECH_OK) return status;
    const double norm = mech_gradient_norm(t->g.n_parameters, t->gradient);
    if (!isfinite(loss.cross_entropy) || !isfinite(norm))
        return mech_fail(t->error, MECH_NUMERICAL_FAILURE,
                         "the loss left the finite numbers at step %llu; a lower learning rate or gradients that are "
                         "clipped may help",
                         (unsigned long long)s->step + 1);
    s->loss_sum += loss.cross_entropy * (double)n;
    s->correct += loss.correct;
    s->seen += n;
    update_weights(t, norm);
    return MECH_OK;
}

/* Writes the best weights so far with all that is known of their origin. */
static mech_status write_model(const trainer *t) {
    const training_state *s = &t->state;
    const provenance known = {.data = t->data,
                              .choices = &t->choices,
                              .options = t->normalised,
                              .data_digest = t->identity.data,
                              .seed = t->options->seed,
                              .step = s->best_step,
                              .epoch = mech_course_epochs(&t->course, s->best_step),
                              .validation_accuracy = s->best_accuracy,
                              .validation_loss = s->best_loss};
    mech_model *model = NULL;
    mech_status status = mech_model_new(&t->g, &model, t->error);
    if (status != MECH_OK) return status;
    memcpy(model->parameters, s->best, t->g.n_parameters * sizeof *s->best);
    status = mech_describe_provenance(&known, model, t->error);
    if (status == MECH_OK) status = mech_model_write(model, t->paths.model, t->error);
    mech_model_free(model);
    return status;
}

/* Judges the weights, extends the learning curve and keeps the weights where they are the best so far. */
static mech_status take_stock(trainer *t) {
    training_state *s = &t->state;
    const float *weights = t->options->average > 0 ? s->average : s->parameters;
    verdict v;
    mech_status status = t->lessons ? mech_set_lessons_judge(t->lessons, t->e, &t->g, weights, &v, t->error)
                                    : mech_validate(t->validation_set, t->e, &t->g, weights, &v, t->error);
    if (status != MECH_OK) return status;
    const double seen = (double)s->seen;
    const history_row row = {.step = s->step,
                             .samples = mech_course_samples(&t->course, s->step),
                             .epoch = mech_course_epochs(&t->course, s->step),
                             .learning_rate = mech_course_rate(&t->course, s->step - 1),
                             .training_loss = s->loss_sum / seen,
                             .training_accuracy = (double)s->correct / seen,
                             .validation_loss = v.cross_entropy,
                             .validation_accuracy = v.accuracy};
    s->loss_sum = 0;
    s->correct = s->seen = 0;
    status = mech_history_add(&s->curve, &row, t->error);
    if (status == MECH_OK) status = mech_history_write(&s->curve, t->paths.history, t->error);
    if (status != MECH_OK) return status;
    s->waited++;
    if (v.accuracy > s->best_accuracy) {
        memcpy(s->best, weights, t->g.n_parameters * sizeof *s->best);
        s->best_accuracy = v.accuracy;
        s->best_loss = v.cross_entropy;
        s->best_step = s->step;
        s->waited = 0;
        status = write_model(t);
    }
    return status;
}

static bool is_over(const trainer *t) {
    return t->state.step >= t->course.steps || (t->options->patience && t->state.waited >= t->options->patience);
}

static mech_status save(trainer *t) {
    t->checkpoint_time_s = mech_clock_s();
    return mech_checkpoint_write(&t->state, &t->identity, t->paths.checkpoint, t->error);
}

static void report(const trainer *t) {
    const training_state *s = &t->state;
    char detail[160] = "";
    if (!t->progress || !t->progress->report) return;
    if (s->seen)
        snprintf(detail, sizeof detail, "loss %.4f, accuracy %.2f %%", s->loss_sum / (double)s->seen,
                 100 * (double)s->correct / (double)s->seen);
    if (s->curve.n) {
        const history_row *last = &s->curve.rows[s->curve.n - 1];
        const size_t length = strlen(detail);
        snprintf(detail + length, sizeof detail - length, "%svalidation %.4f, %.2f %%", length ? ", " : "",
                 last->validation_loss, 100 * last->validation_accuracy);
    }
    const uint64_t failures = t->data->stream ? mech_stream_failures(t->data->stream) : 0;
    if (failures) {
        const size_t length = strlen(detail);
        snprintf(detail + length, sizeof detail - length, "%s%llu solver failures", length ? ", " : "",
                 (unsigned long long)failures);
    }
    t->progress->report(t->progress->context, "training", (double)mech_course_samples(&t->course, s->step),
                        (double)mech_course_samples(&t->course, t->course.steps), detail);
}

static mech_status run_training(trainer *t) {
    mech_status status = MECH_OK;
    report(t);
    while (status == MECH_OK && !is_over(t)) {
        if (t->progress && t->progress->should_stop && t->progress->should_stop(t->progress->context)) {
            status = save(t);
            return status != MECH_OK
                       ? status
                       : mech_fail(t->error, MECH_STOPPED, "stopped after step %llu; %s holds what resuming needs",
                                   (unsigned long long)t->state.step, t->paths.checkpoint);
        }
        status = train_step(t);
        if (status != MECH_OK) break;
        report(t);
        if (mech_course_validates(&t->course, t->state.step)) status = take_stock(t);
        if (status == MECH_OK && t->state.step < t->course.steps &&
            mech_clock_s() - t->checkpoint_time_s >= 60 * t->options->checkpoint_minutes)
            status = save(t);
    }
    return status;
}

/* The files as they are meant to stay: a run that was cut off may have come to the end without rewriting them. */
static mech_status finish(const trainer *t) {
    mech_status status = write_model(t);
    if (status == MECH_OK) status = mech_history_write(&t->state.curve, t->paths.history, t->error);
    if (status == MECH_OK && mech_rank() == 0) (void)unlink(t->paths.checkpoint);
    return status;
}

mech_status mech_train_source(const mech_train_options *options, const training_data *data, const char *model_path,
                              const mech_progress *progress, mech_error *error) {
    trainer t = {.options = options, .data = data, .progress = progress, .error = error};
    mech_status status = trainer_open(&t, model_path);
    if (status == MECH_OK) status = trainer_start(&t);
    if (status == MECH_OK) status = run_training(&t);
    if (status == MECH_OK) status = finish(&t);
    mech_ranks_settle(status, error);
    trainer_close(&t);
    return status;
}
