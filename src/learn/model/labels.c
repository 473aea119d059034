/* What a model's labels stand for. */
#include "base/error.h"
#include "chemistry/mechanism.h"
#include "learn/model/model.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char separators[] = ", \t";

/* The ids that the metadata `mechanisms` lists, by their places; a label beyond them is called "label N", N counted
 * from 0. */
static mech_status take_ids(mech_model *model, const char *ids, mech_error *error) {
    const size_t n = model->g.n_labels;
    for (size_t i = 0; i < n; i++) {
        char number[32];
        ids += strspn(ids, separators);
        const size_t length = strcspn(ids, separators);
        snprintf(number, sizeof number, "label %zu", i);
        model->labels[i] = mech_arena_text(model->memory, length ? ids : number, length ? length : strlen(number));
        if (!model->labels[i]) return mech_fail_memory(error);
        ids += length;
        for (size_t other = 0; other < i; other++)
            if (strcasecmp(model->labels[other], model->labels[i]) == 0)
                return mech_fail(
                    error, MECH_INVALID_INPUT,
                    "%s: metadata 'mechanisms': names '%s' and '%s'; expected ids that differ in more than "
                    "capital letters",
                    model->source, model->labels[other], model->labels[i]);
    }
    return MECH_OK;
}

/* The mechanisms of the metadata `library`. */
static mech_status take_library(mech_model *model, const char *characters, mech_error *error) {
    char source[256];
    snprintf(source, sizeof source, "%.200s: metadata 'library'", model->source);
    mech_status status = mech_library_new(&model->library, error);
    if (status == MECH_OK)
        status = mech_library_add_text(model->library, characters, strlen(characters), source, error);
    if (status != MECH_OK) return status;
    const size_t n = mech_library_size(model->library);
    if (n != model->g.n_labels)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: has %zu mechanisms; expected one for each of the %zu labels",
                         source, n, model->g.n_labels);
    for (size_t i = 0; i < n; i++) {
        model->mechanisms[i] = mech_library_mechanism(model->library, i);
        model->labels[i] = mech_mechanism_id(model->mechanisms[i]);
    }
    return MECH_OK;
}

mech_status mech_model_identify(mech_model *model, mech_error *error) {
    const size_t n = model->g.n_labels;
    const char *library = mech_model_metadata(model, "library"), *ids = mech_model_metadata(model, "mechanisms");
    model->labels = mech_arena_allocate(model->memory, n, sizeof *model->labels);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    model->mechanisms = mech_arena_allocate(model->memory, n, sizeof *model->mechanisms);
    mech_library_free(model->library);
    model->library = NULL;
    if (!model->labels || !model->mechanisms) return mech_fail_memory(error);
    mech_status status = take_ids(model, ids ? ids : "", error);
    if (status != MECH_OK || library) return status == MECH_OK ? take_library(model, library, error) : status;
    for (size_t i = 0; i < n; i++) {
        if (ids)
            model->mechanisms[i] = mech_builtin_find(model->labels[i]);
        else if (n == mech_builtin_count())
            model->mechanisms[i] = mech_builtin(i);
        if (!ids && model->mechanisms[i]) model->labels[i] = mech_mechanism_id(model->mechanisms[i]);
    }
    return MECH_OK;
}

const char *mech_model_label(const mech_model *model, size_t label) {
    return label < model->g.n_labels ? model->labels[label] : NULL;
}

const mech_mechanism *mech_model_mechanism(const mech_model *model, size_t label) {
    return label < model->g.n_labels ? model->mechanisms[label] : NULL;
}

mech_status mech_model_use_library(mech_model *model, const mech_library *library, mech_error *error) {
    const size_t n = model->g.n_labels;
    mech_library *ordered = NULL;
    char *characters = NULL;
    mech_status status = mech_library_new(&ordered, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        const int found = mech_library_find(library, model->labels[i]);
        const mech_mechanism *own = found >= 0 ? mech_library_mechanism(library, (size_t)found) : model->mechanisms[i];
        if (!own)
            status = mech_fail(error, MECH_INVALID_INPUT,
                               "%s: label '%s' is no mechanism of the library; expected one for each label",
                               model->source, model->labels[i]);
        else if (model->library && own != model->mechanisms[i] && !mech_mechanism_equal(own, model->mechanisms[i]))
            status = mech_fail(error, MECH_INVALID_INPUT,
                               "%s: was trained on another mechanism '%s' than that of the library", model->source,
                               model->labels[i]);
        else
            status = mech_library_add(ordered, own, error);
    }
    for (size_t i = 0; i < mech_library_size(library) && status == MECH_OK; i++) {
        const char *id = mech_mechanism_id(mech_library_mechanism(library, i));
        if (mech_library_find(ordered, id) < 0)
            status = mech_fail(error, MECH_INVALID_INPUT, "%s: has no label '%s'; expected mechanisms that it knows",
                               model->source, id);
    }
    if (status == MECH_OK) status = mech_library_text(ordered, &characters, error);
    if (status == MECH_OK) status = mech_model_describe(model, "library", characters, error);
    mech_library_free(ordered);
    mech_free(characters);
    return status;
}
