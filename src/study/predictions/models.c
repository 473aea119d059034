/* Which models belong to which data. */
#include "study/predictions/predictions.h"

#include "base/error.h"

#include <stdio.h>
#include <string.h>

/* Refuses a model whose labels stand for other mechanisms than those of the data. */
static mech_status check_labels(const char *path_of_data, const mech_dataset *data, const char *path,
                                const mech_model *model, mech_error *error) {
    if (mech_dataset_n_mechanisms(data) != mech_model_n_labels(model))
        return mech_fail(error, MECH_INVALID_INPUT, "%s: the data set has %zu labels; the model %s knows %zu",
                         path_of_data, mech_dataset_n_mechanisms(data), path, mech_model_n_labels(model));
    for (size_t i = 0; i < mech_dataset_n_mechanisms(data); i++) {
        const mech_mechanism *known = mech_model_mechanism(model, i), *labelled = mech_dataset_mechanism(data, i);
        const char *id = mech_mechanism_id(labelled);
        if (!mech_model_metadata(model, "mechanisms") && !known) continue;
        if (strcmp(id, mech_model_label(model, i)) != 0)
            return mech_fail(error, MECH_INVALID_INPUT, "%s: label %zu is %s; of the model %s it is %s", path_of_data,
                             i, id, path, mech_model_label(model, i));
        if (known && mech_mechanism_n_species(labelled) && !mech_mechanism_equal(known, labelled))
            return mech_fail(error, MECH_INVALID_INPUT, "%s: its %s is another mechanism than that of the model %s",
                             path_of_data, id, path);
    }
    return MECH_OK;
}

/* The name of the design of samples that a file calls by its name or an older one; returns its length. */
static size_t samples_name(const char **name) {
    mech_sample_design design;
    if (*name && mech_find_sample_design(*name, &design)) *name = mech_sample_design_name(design);
    return *name ? strlen(*name) : 0;
}

/* The name that a design's text gives itself: its length, and where it begins. */
static size_t design_name(const char *design, const char **name) {
    static const char key[] = "name:";
    for (const char *line = design; line && *line; line += strcspn(line, "\n"), line += *line == '\n') {
        if (strncmp(line, key, sizeof key - 1) != 0) continue;
        *name = line + sizeof key - 1;
        *name += strspn(*name, " \t");
        return strcspn(*name, " \t\r\n#");
    }
    *name = "own";
    return strlen(*name);
}

mech_status mech_find_origin(const char *path, const mech_dataset *data, char **made_by, mech_error *error) {
    const bool runs = mech_dataset_format(data) == 2;
    char *value = NULL;
    text t = {0};
    *made_by = NULL;
    mech_status status = mech_dataset_attribute(path, runs ? "design" : "protocol", &value, error);
    if (status == MECH_OK && (value || !runs)) {
        const char *name = value ? value : "seed"; /* as files of other programs are read (docs/data.md) */
        const size_t length = runs ? design_name(value, &name) : samples_name(&name);
        mech_text_format(&t, "design %.*s", (int)length, name);
        status = mech_text_take(&t, made_by, error);
    }
    mech_free(value);
    return status;
}

/* Says where a model was trained on something else. */
static mech_status compare_origins(const model_request *r, const char *path, const mech_model *model, char **note,
                                   mech_error *error) {
    char *trained_by = NULL, *made_by = NULL;
    text t = {0};
    mech_status status = mech_model_design(model, &trained_by, error);
    if (status == MECH_OK && trained_by) status = mech_find_origin(r->path_of_data, r->data, &made_by, error);
    if (status == MECH_OK && made_by && strcmp(made_by + strlen("design "), trained_by) != 0) {
        mech_text_format(&t, "mind that %s was trained on design %s and %s is of %s", path, trained_by, r->path_of_data,
                         made_by);
        status = mech_text_take(&t, note, error);
    }
    mech_free(made_by);
    mech_free(trained_by);
    return status;
}

mech_status mech_read_model_for(const model_request *r, char **path, mech_model **model, char **note,
                                mech_error *error) {
    *note = NULL;
    mech_status status = mech_model_find(r->name, path, error);
    if (status == MECH_OK) status = mech_model_read(*path, model, error);
    if (status == MECH_OK && r->library && mech_library_size(r->library))
        status = mech_model_use_library(*model, r->library, error);
    if (status == MECH_OK) status = check_labels(r->path_of_data, r->data, *path, *model, error);
    if (status == MECH_OK && r->asked && mech_dataset_format(r->data) == 2 && !mech_model_reads_run_sets(*model))
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: is of format 2, with runs of any shape; the model %s reads samples of four runs; "
                           "expected a model of network set, or data of format 1",
                           r->path_of_data, *path);
    return status == MECH_OK && r->asked ? compare_origins(r, *path, *model, note, error) : status;
}

mech_status mech_refuse_own_training(const mech_model *model, const char *data, const char *split, mech_error *error) {
    const char *trained_on = mech_model_metadata(model, "data");
    char *made_with = NULL;
    if (strcmp(split, "train") != 0 || !trained_on) return MECH_OK;
    mech_status status = mech_dataset_attribute(data, "options", &made_with, error);
    if (status == MECH_OK && made_with && strcmp(made_with, trained_on) == 0)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: the model was trained on this split, and is better on it than on anything else; "
                           "expected other samples, or --own-training to judge these all the same",
                           data);
    mech_free(made_with);
    return status;
}

mech_status mech_note_unchecked(const char *path, char **note, mech_error *error) {
    bool checked = true;
    text t = {0};
    *note = NULL;
    const mech_status status = mech_data_is_checked(path, &checked, error);
    if (status != MECH_OK || checked) return status;
    mech_text_format(&t, "mind that %s has no digests of its samples: damage to them would not be noticed", path);
    return mech_text_take(&t, note, error);
}

mech_status mech_model_design(const mech_model *model, char **name, mech_error *error) {
    const char *design = mech_model_metadata(model, "design"), *found = mech_model_metadata(model, "protocol");
    text t = {0};
    *name = NULL;
    if (mech_model_reads_run_sets(model) && !design) return MECH_OK;
    const size_t length = mech_model_reads_run_sets(model) ? design_name(design, &found) : samples_name(&found);
    if (!found) return MECH_OK;
    mech_text_append(&t, found, length);
    return mech_text_take(&t, name, error);
}

mech_status mech_name_model(const char *path, char **name, mech_error *error) {
    static const char ENDING[] = ".safetensors";
    text t = {0};
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path, *ending = strstr(base, ENDING);
    mech_text_append(&t, base, ending ? (size_t)(ending - base) : strlen(base));
    return mech_text_take(&t, name, error);
}
