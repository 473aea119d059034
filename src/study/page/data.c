/* The test data of a study. */
#include "study/page/study.h"

#include "base/files/digest.h"
#include "base/files/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Training samples for each test sample: those that distances are taken to. */
enum { TRAINING_SHARE = 5, A_PIECE = 1 << 20 };

static mech_generate_options options_of(const study *s, const study_protocol *p) {
    mech_generate_options options = mech_generate_options_default();
    options.design = p->name;
    options.n_train = p->is_design ? 0 : TRAINING_SHARE * s->n_samples;
    options.n_validation = 0;
    options.n_test = s->n_samples;
    options.seed = s->seed;
    options.threads = s->threads;
    return options;
}

/* Whether the attribute of a data file has that value. A file that cannot be read has not. */
static bool attribute_is(const char *path, const char *name, const char *value) {
    char *found = NULL;
    const bool is = mech_dataset_attribute(path, name, &found, NULL) == MECH_OK && found && strcmp(found, value) == 0;
    mech_free(found);
    return is;
}

/* Whether the file is what generating would write. */
static mech_status is_made(const mech_generate_options *options, const char *path, bool *made, mech_error *error) {
    char *normalised = NULL;
    mech_status status = mech_generated_options(options, &normalised, error);
    *made = status == MECH_OK && mech_file_exists(path) && attribute_is(path, "options", normalised) &&
            attribute_is(path, "version", mech_version());
    mech_free(normalised);
    return status;
}

/* Makes the data of a protocol, or goes on where an interruption left them. */
static mech_status make_data(study *s, study_protocol *p, mech_error *error) {
    mech_generate_options options = options_of(s, p);
    bool made = false;
    text command = {0};
    p->data = mech_study_text(s, "%s/%s.h5", s->folder, p->name);
    mech_text_format(&command, "mechanist generate --%s --train %zu --test %zu --seed %llu -o", p->called,
                     options.n_train, options.n_test, (unsigned long long)options.seed);
    mech_study_command_word(&command, p->data);
    p->command = mech_study_text(s, "%s", command.failed ? "" : command.characters);
    mech_text_free(&command);
    const char *journal = mech_study_text(s, "%s.journal", p->data);
    if (s->failed) return mech_fail_memory(error);
    mech_status status = is_made(&options, p->data, &made, error);
    if (status != MECH_OK || made) return status;
    options.resume = mech_file_exists(journal);
    if (s->progress.report) {
        const char *phase = mech_study_text(s, "data of %s", p->called);
        s->progress.report(s->progress.context, phase, 0, 0, "");
    }
    return mech_generate(&options, p->data, &s->progress, NULL, error);
}

static mech_status digest_file(const char *path, uint64_t *sum, mech_error *error) {
    *sum = DIGEST_START;
    char *piece = malloc(A_PIECE);
    FILE *stream = piece ? fopen(path, "rb") : NULL;
    mech_status status = MECH_OK;
    if (!piece)
        status = mech_fail_memory(error);
    else if (!stream)
        status = mech_fail(error, MECH_FILE_ERROR, "%s: cannot be opened: %s", path, strerror(errno));
    for (size_t n; status == MECH_OK && (n = fread(piece, 1, A_PIECE, stream)) > 0;) *sum = mech_digest(*sum, piece, n);
    if (status == MECH_OK && ferror(stream)) status = mech_fail(error, MECH_FILE_ERROR, "%s: cannot be read", path);
    if (stream) fclose(stream);
    free(piece);
    return status;
}

static mech_status look_at_experiments(study_protocol *p, mech_error *error) {
    mech_dataset *data = NULL;
    char *made_by = NULL;
    mech_status status = mech_dataset_read(p->data, &data, error);
    if (status == MECH_OK) status = mech_find_origin(p->data, data, &made_by, error);
    if (status == MECH_OK && (mech_dataset_format(data) != 2 || !made_by || strcmp(made_by, p->called) != 0))
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: these experiments are not of design %s; expected some that 'mechanist generate "
                           "--design %s' made",
                           p->data, p->name, p->name);
    for (size_t i = 0; status == MECH_OK && i < mech_dataset_n_mechanisms(data); i++)
        p->n += (size_t)mech_dataset_n_samples(data, MECH_SPLIT_TEST, i);
    if (status == MECH_OK && p->n == 0)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: there are no test samples; expected some", p->data);
    mech_free(made_by);
    mech_dataset_free(data);
    return status == MECH_OK ? digest_file(p->data, &p->sum, error) : status;
}

/* Looks at the samples, so that unfit data show before hours of work. */
static mech_status look_at_data(study_protocol *p, mech_error *error) {
    if (p->is_design) return look_at_experiments(p, error);
    mech_samples *samples = NULL;
    mech_status status = mech_samples_read(p->data, "test", &samples, error);
    if (status == MECH_OK && samples->design != p->protocol)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: these samples are not of design %s; expected some that 'mechanist "
                           "generate --design %s' made",
                           p->data, p->name, p->name);
    if (status == MECH_OK && samples->n == 0)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: there are no test samples; expected some", p->data);
    if (status == MECH_OK) {
        p->n = samples->n;
        p->n_points = samples->n_times - 1;
        for (size_t i = 0; i < p->n_cells && status == MECH_OK; i++)
            if (p->cells[i].points > p->n_points)
                status =
                    mech_fail(error, MECH_INVALID_INPUT, "%s: the samples have %zu points after t = 0; expected %zu",
                              p->data, p->n_points, p->cells[i].points);
    }
    mech_samples_free(samples);
    return status == MECH_OK ? digest_file(p->data, &p->sum, error) : status;
}

mech_status mech_study_prepare_data(study *s, mech_error *error) {
    mech_status status = MECH_OK;
    /* What was given first: a mistake in it shows at once. */
    for (int i = 0; i < N_PROTOCOLS && status == MECH_OK; i++)
        if (s->protocols[i].data) status = look_at_data(&s->protocols[i], error);
    for (int i = 0; i < N_PROTOCOLS && status == MECH_OK; i++) {
        if (s->protocols[i].data || s->protocols[i].left_out) continue;
        status = make_data(s, &s->protocols[i], error);
        if (status == MECH_OK) status = look_at_data(&s->protocols[i], error);
    }
    return status;
}
