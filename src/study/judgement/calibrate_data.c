/* A calibration on a split of a data file, with the checks that model and data belong together. */
#include "study/predictions/predictions.h"

#include "base/error.h"
#include "base/interface.h"

/* Where the samples come from: the split and the options that its file was generated with. The caller frees *origin. */
static mech_status name_origin(const mech_calibrate_source *source, char **origin, mech_error *error) {
    char *options = NULL;
    text t = {0};
    mech_status status = mech_dataset_attribute(source->data, "options", &options, error);
    if (status != MECH_OK) return status;
    mech_text_format(&t, "%s of %s", source->split, options ? options : "a data set that does not say how it was made");
    mech_free(options);
    return mech_text_take(&t, origin, error);
}

static mech_status calibrate_samples(const mech_calibrate_source *source, const mech_calibrate_options *how,
                                     const char *origin, mech_model *model, mech_calibration_report *report,
                                     mech_error *error) {
    mech_samples *samples = NULL;
    mech_status status = MECH_OK;
    if (mech_model_reads_run_sets(model))
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: is of format 1; expected format 2: a network of run sets is calibrated on experiments "
                           "of the design that it was trained on",
                           source->data);
    if (status == MECH_OK) status = mech_samples_read(source->data, source->split, &samples, error);
    if (status == MECH_OK) status = mech_calibrate(model, samples, how, origin, report, error);
    mech_samples_free(samples);
    return status;
}

static mech_status calibrate_experiments(const mech_calibrate_source *source, const mech_calibrate_options *how,
                                         const char *origin, mech_model *model, mech_calibration_report *report,
                                         mech_error *error) {
    mech_experiments *experiments = NULL;
    mech_status status = MECH_OK;
    if (how->n_points || how->n_noise)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: is of format 2, whose experiments are taken as they are; expected no --points or "
                           "--noise",
                           source->data);
    if (status == MECH_OK) status = mech_experiments_read(source->data, source->split, &experiments, error);
    if (status == MECH_OK) status = mech_calibrate_experiments(model, experiments, how, origin, report, error);
    mech_experiments_free(experiments);
    return status;
}

mech_status mech_calibrate_data(const mech_calibrate_source *given, const mech_calibrate_options *chosen,
                                mech_model **calibrated, mech_calibration_report *report, char **notes,
                                mech_error *error) {
    mech_calibrate_source source = {.size = sizeof source};
    mech_calibrate_options options = mech_calibrate_options_default();
    mech_dataset *data = NULL;
    mech_model *model = NULL;
    char *path = NULL, *note = NULL, *unchecked = NULL, *origin = NULL;
    text both = {0};
    *calibrated = NULL;
    if (notes) *notes = NULL;
    mech_status status = mech_take_options(&source, sizeof source, given, "mech_calibrate_source", error);
    if (status == MECH_OK)
        status = mech_take_options(&options, sizeof options, chosen, "mech_calibrate_options", error);
    if (status != MECH_OK) return status;
    if (!source.data) return mech_fail(error, MECH_INVALID_ARGUMENT, "no data file is named; expected one");
    if (!source.split) source.split = "validation";
    status = mech_dataset_read(source.data, &data, error);
    const model_request request = {.name = source.model, .path_of_data = source.data, .data = data, .asked = true};
    if (status == MECH_OK) status = mech_read_model_for(&request, &path, &model, &note, error);
    if (status == MECH_OK) status = mech_note_unchecked(source.data, &unchecked, error);
    if (status == MECH_OK && !source.own_training)
        status = mech_refuse_own_training(model, source.data, source.split, error);
    if (status == MECH_OK) status = name_origin(&source, &origin, error);
    if (status == MECH_OK)
        status = (mech_dataset_format(data) == 2 ? calibrate_experiments : calibrate_samples)(&source, &options, origin,
                                                                                              model, report, error);
    if (status == MECH_OK) {
        *calibrated = model;
        model = NULL;
    }
    if (note) mech_text_format(&both, "%s\n", note);
    if (unchecked) mech_text_format(&both, "%s\n", unchecked);
    if (notes && both.length) (void)mech_text_take(&both, notes, NULL);
    mech_free(path);
    mech_free(note);
    mech_free(unchecked);
    mech_text_free(&both);
    mech_free(origin);
    mech_model_free(model);
    mech_dataset_free(data);
    return status;
}
