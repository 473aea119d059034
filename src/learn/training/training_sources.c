/* Training on data files and streams. */
#include "base/error.h"
#include "base/interface.h"
#include "data/dataset/dataset.h"
#include "data/reading/dataset_mechanisms.h"
#include "data/stream/experiment_stream.h"
#include "learn/training/training.h"

#include <string.h>

static bool reads_run_sets(const mech_train_options *options) { return strcmp(options->network, SET_NETWORK) == 0; }

/* The training split of a data file: one block, read anew for each pass. */
typedef struct file_source {
    const char *path;
    run_sets *first; /* what was read to see how much there is, until it is asked for */
} file_source;

static mech_status read_train(const char *path, run_sets **sets, mech_error *error) {
    return mech_run_sets_read(path, "train", 0, SIZE_MAX, sets, error);
}

static mech_status make_from_file(void *context, uint64_t block, run_sets **sets, mech_error *error) {
    file_source *f = context;
    (void)block;
    *sets = f->first;
    f->first = NULL;
    return *sets ? MECH_OK : read_train(f->path, sets, error);
}

static mech_status train_on_run_sets(const mech_train_options *options, const char *path, const char *model_path,
                                     const mech_progress *progress, mech_error *error) {
    char *mechanisms = NULL, *prior = NULL, *origin = NULL, *design_text = NULL, *library = NULL;
    run_sets *held_out = NULL;
    file_source file = {.path = path};
    mech_status status = read_train(path, &file.first, error);
    if (status == MECH_OK) status = mech_run_sets_read(path, "validation", 0, SIZE_MAX, &held_out, error);
    if (status == MECH_OK) status = mech_dataset_attribute(path, "mechanisms", &mechanisms, error);
    if (status == MECH_OK) status = mech_dataset_attribute(path, "prior", &prior, error);
    if (status == MECH_OK) status = mech_dataset_attribute(path, "options", &origin, error);
    if (status == MECH_OK) status = mech_dataset_attribute(path, "design", &design_text, error);
    if (status == MECH_OK) status = mech_dataset_library_text(path, &library, error);
    if (status == MECH_OK) {
        const run_set_source source = {.a_block = file.first->n,
                                       .reuse = 1,
                                       .n_labels = file.first->n_labels,
                                       .validation = held_out,
                                       .design = design_text,
                                       .library = library,
                                       .make = make_from_file,
                                       .context = &file};
        const training_data data = {.sets = &source,
                                    .an_epoch = source.a_block,
                                    .mechanisms = mechanisms,
                                    .library = library,
                                    .prior = prior,
                                    .origin = origin};
        status = mech_train_source(options, &data, model_path, progress, error);
    }
    mech_run_sets_free(file.first);
    mech_run_sets_free(held_out);
    char *const texts[] = {mechanisms, prior, origin, design_text, library};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) mech_free(texts[i]);
    return status;
}

/* A report that cannot be given is a failure where nothing else failed. */
static void keep_report(mech_status reported, const mech_error *why, mech_status *status, mech_error *error) {
    if (reported == MECH_OK || *status != MECH_OK) return;
    *status = reported;
    if (error) *error = *why;
}

static mech_status train_on_experiments(const mech_train_options *options, const mech_stream_options *chosen,
                                        const char *model_path, const mech_progress *progress,
                                        mech_draw_report **report, mech_error *error) {
    experiment_stream *s = NULL;
    mech_error unreported;
    mech_stream_options of_design = *chosen;
    if (!chosen->design) of_design.design = "laboratory";
    mech_status status = mech_experiment_stream_new(&of_design, options->seed, options->threads, progress, &s, error);
    if (status != MECH_OK) return status;
    const run_set_source source = mech_experiment_stream_source(s);
    const training_data data = {.sets = &source,
                                .an_epoch = chosen->n_train,
                                .mechanisms = mech_experiment_stream_mechanisms(s),
                                .library = source.library,
                                .prior = mech_experiment_stream_prior(s),
                                .origin = mech_experiment_stream_origin(s)};
    status = mech_train_source(options, &data, model_path, progress, error);
    keep_report(mech_experiment_stream_report(s, report, &unreported), &unreported, &status, error);
    mech_experiment_stream_free(s);
    return status;
}

static mech_status train_on_samples(const mech_train_options *options, const char *path, const char *model_path,
                                    const mech_progress *progress, mech_error *error) {
    mech_samples *seen = NULL, *held_out = NULL;
    char *mechanisms = NULL, *library = NULL, *prior = NULL, *origin = NULL;
    mech_status status = mech_samples_read(path, "train", &seen, error);
    if (status == MECH_OK) status = mech_samples_read(path, "validation", &held_out, error);
    if (status == MECH_OK) status = mech_dataset_attribute(path, "mechanisms", &mechanisms, error);
    if (status == MECH_OK) status = mech_dataset_library_text(path, &library, error);
    if (status == MECH_OK) status = mech_dataset_attribute(path, "prior", &prior, error);
    if (status == MECH_OK) status = mech_dataset_attribute(path, "options", &origin, error);
    const training_data data = {.train = seen,
                                .validation = held_out,
                                .mechanisms = mechanisms,
                                .library = library,
                                .prior = prior,
                                .origin = origin};
    if (status == MECH_OK) status = mech_train_source(options, &data, model_path, progress, error);
    mech_samples_free(seen);
    mech_samples_free(held_out);
    mech_free(mechanisms);
    mech_free(library);
    mech_free(prior);
    mech_free(origin);
    return status;
}

mech_status mech_train(const mech_train_options *chosen, const char *data_path, const char *model_path,
                       const mech_progress *progress, mech_error *error) {
    mech_train_options options = mech_train_options_default();
    mech_status status = mech_take_options(&options, sizeof options, chosen, "mech_train_options", error);
    if (status == MECH_OK) status = mech_check_training_options(&options, error);
    if (status != MECH_OK) return status;
    return reads_run_sets(&options) ? train_on_run_sets(&options, data_path, model_path, progress, error)
                                    : train_on_samples(&options, data_path, model_path, progress, error);
}

mech_status mech_train_samples(const mech_train_options *chosen, const mech_samples *train,
                               const mech_samples *held_out, const char *mechanisms, const char *model_path,
                               const mech_progress *progress, mech_error *error) {
    mech_train_options options = mech_train_options_default();
    const training_data data = {.train = train, .validation = held_out, .mechanisms = mechanisms};
    mech_status status = mech_take_options(&options, sizeof options, chosen, "mech_train_options", error);
    if (status == MECH_OK) status = mech_check_training_options(&options, error);
    if (status == MECH_OK && reads_run_sets(&options))
        status = mech_fail(error, MECH_INVALID_ARGUMENT, "network %s learns from run sets; expected one of the others",
                           options.network);
    return status == MECH_OK ? mech_train_source(&options, &data, model_path, progress, error) : status;
}

static mech_status train_on_stream(const mech_train_options *options, const mech_stream_options *of_stream,
                                   const char *model_path, const mech_progress *progress, mech_draw_report **report,
                                   mech_error *error) {
    stream *s = NULL;
    mech_error unreported;
    mech_status status = mech_stream_new(of_stream, options->seed, options->threads, progress, &s, error);
    if (status != MECH_OK) return status;
    const training_data data = {.validation = mech_stream_validation(s),
                                .stream = s,
                                .an_epoch = of_stream->n_train,
                                .mechanisms = mech_stream_mechanisms(s),
                                .library = mech_stream_library(s),
                                .prior = mech_stream_prior(s),
                                .origin = mech_stream_origin(s)};
    status = mech_train_source(options, &data, model_path, progress, error);
    keep_report(mech_stream_report(s, report, &unreported), &unreported, &status, error);
    mech_stream_free(s);
    return status;
}

mech_status mech_train_stream(const mech_train_options *chosen, const mech_stream_options *chosen_stream,
                              const char *model_path, const mech_progress *progress, mech_draw_report **report,
                              mech_error *error) {
    if (report) *report = NULL;
    mech_train_options options = mech_train_options_default();
    mech_stream_options of_stream = mech_stream_options_default();
    mech_status status = mech_take_options(&options, sizeof options, chosen, "mech_train_options", error);
    if (status == MECH_OK)
        status = mech_take_options(&of_stream, sizeof of_stream, chosen_stream, "mech_stream_options", error);
    if (status == MECH_OK) status = mech_check_training_options(&options, error);
    if (status == MECH_OK) status = mech_probe_model(model_path, error);
    if (status != MECH_OK) return status;
    return (reads_run_sets(&options) ? train_on_experiments : train_on_stream)(&options, &of_stream, model_path,
                                                                               progress, report, error);
}
