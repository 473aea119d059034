#include "data/reading/dataset_mechanisms.h"

#include "base/error.h"
#include "base/files/text.h"
#include "base/memory.h"
#include "data/dataset/dataset.h"
#include "data/samples/byte_labels.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

void mech_dataset_mechanisms_free(dataset_mechanisms *m) {
    mech_release_array(m->of);
    mech_release_array(m->named);
    *m = (dataset_mechanisms){0};
}

/* Takes the names of the rate constants, "k1, k-1, k2", from a description (mech_mechanism_describe()), which is all
 * that files of version 0.1.0 have of a user's mechanism. */
static void take_rate_constants(const char *description, mech_mechanism *named) {
    const char *at = strstr(description, "\nRate constants");
    at = at ? strchr(at + 1, '\n') : NULL;
    if (!at) return;
    const char *end = at + 1 + strcspn(at + 1, "\n");
    while (named->n_rate_constants < MAX_RATE_CONSTANTS) {
        at += strspn(at, "\n ,");
        const size_t length = strcspn(at, ",\n");
        if (at >= end || !length) return;
        snprintf(named->rate_constants[named->n_rate_constants++], MAX_NAME, "%.*s", (int)length, at);
        at += length;
    }
}

/* Takes a user's mechanism from its text. */
static mech_status take_text(const char *path, const char *name, const char *characters, mech_mechanism *named,
                             mech_error *error) {
    static const char beginning[] = "mechanism:";
    char source[256];
    mech_mechanism *read = NULL;
    if (strncmp(characters, beginning, sizeof beginning - 1) != 0) {
        take_rate_constants(characters, named);
        return MECH_OK;
    }
    snprintf(source, sizeof source, "%.180s: %s", path, name);
    mech_status status = mech_mechanism_parse(characters, strlen(characters), source, &read, error);
    if (status == MECH_OK && strcmp(read->id, named->id) != 0)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: is the text of '%s'", source, read->id);
    if (status == MECH_OK) *named = *read;
    mech_mechanism_free(read);
    return status;
}

/* What mechanism number i is, whose name is id[length]. */
static mech_status identify(const char *path, const char *id, size_t length, size_t i, dataset_mechanisms *m,
                            mech_error *error) {
    char name[sizeof "mechanism " + MAX_ID], *description = NULL;
    mech_mechanism *named = &m->named[i];
    if (length == 0 || length >= sizeof named->id)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: its attribute 'mechanisms' has an id of %zu bytes; expected 1 to %zu", path, length,
                         sizeof named->id - 1);
    snprintf(named->id, sizeof named->id, "%.*s", (int)length, id);
    snprintf(name, sizeof name, "mechanism %s", named->id);
    named->mechanism_class = MECH_CLASS_USER;
    m->of[i] = named;
    mech_status status = mech_dataset_attribute(path, name, &description, error);
    const mech_mechanism *builtin = mech_builtin_find(named->id);
    /* A user's mechanism may have the id of a built-in one; the file then has its text. */
    if (status == MECH_OK && description)
        status = take_text(path, name, description, named, error);
    else if (status == MECH_OK && builtin)
        m->of[i] = builtin;
    mech_free(description);
    return status;
}

mech_status mech_dataset_mechanisms_read(const char *path, dataset_mechanisms *m, mech_error *error) {
    char *ids = NULL;
    *m = (dataset_mechanisms){0};
    mech_status status = mech_dataset_attribute(path, "mechanisms", &ids, error);
    if (status != MECH_OK) return status;
    size_t n = 0;
    status = mech_count_labels(ids, path, &n, error);
    if (status != MECH_OK) goto cleanup;
    m->n = n;
    m->of = mech_allocate_array(n, sizeof(const mech_mechanism *));
    m->named = mech_allocate_array(n, sizeof *m->named);
    if (!m->of || !m->named) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    const char *at = ids;
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        if (!ids) {
            m->of[i] = mech_builtin(i);
            continue;
        }
        const char *id;
        size_t length;
        (void)mech_next_word(&at, &id, &length);
        status = identify(path, id, length, i, m, error);
        for (size_t other = 0; other < i && status == MECH_OK; other++)
            if (strcasecmp(m->of[other]->id, m->of[i]->id) == 0)
                status = mech_fail(error, MECH_INVALID_INPUT,
                                   "%s: its attribute 'mechanisms' names '%s' and '%s'; expected ids that differ in "
                                   "more than capital letters",
                                   path, m->of[other]->id, m->of[i]->id);
    }
cleanup:
    mech_free(ids);
    if (status != MECH_OK) mech_dataset_mechanisms_free(m);
    return status;
}

int mech_dataset_mechanisms_find(const dataset_mechanisms *m, const char *id) {
    for (size_t i = 0; i < m->n; i++)
        if (strcasecmp(mech_mechanism_id(m->of[i]), id) == 0) return (int)i;
    return -1;
}

/* The library of what was read; *library is NULL, and `missing` the label, where one mechanism has no text. */
static mech_status collect(const dataset_mechanisms *m, size_t *missing, mech_library **library, mech_error *error) {
    mech_library *made = NULL;
    *library = NULL;
    mech_status status = mech_library_new(&made, error);
    for (*missing = 0; *missing < m->n && status == MECH_OK && m->of[*missing]->n_reactions; ++*missing)
        status = mech_library_add(made, m->of[*missing], error);
    if (status == MECH_OK && *missing == m->n)
        *library = made;
    else
        mech_library_free(made);
    return status;
}

mech_status mech_data_library(const char *path, mech_library **library, mech_error *error) {
    dataset_mechanisms m;
    size_t missing = 0;
    *library = NULL;
    mech_status status = mech_dataset_mechanisms_read(path, &m, error);
    if (status == MECH_OK) status = collect(&m, &missing, library, error);
    if (status == MECH_OK && !*library)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: does not say what '%s' is; expected a data file that has the text of its mechanisms",
                           path, m.of[missing]->id);
    mech_dataset_mechanisms_free(&m);
    return status;
}

mech_status mech_dataset_library_text(const char *path, char **characters, mech_error *error) {
    dataset_mechanisms m;
    mech_library *library = NULL;
    size_t missing = 0;
    *characters = NULL;
    mech_status status = mech_dataset_mechanisms_read(path, &m, error);
    if (status == MECH_OK) status = collect(&m, &missing, &library, error);
    if (status == MECH_OK && library) status = mech_library_text(library, characters, error);
    mech_library_free(library);
    mech_dataset_mechanisms_free(&m);
    return status;
}
