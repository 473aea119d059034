#include "data/reading/dataset_mechanisms.h"

#include "base/error.h"
#include "base/memory.h"
#include "data/dataset/dataset.h"
#include "data/samples/classes.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

void mech_dataset_mechanisms_free(dataset_mechanisms *m) {
    mech_release_array(m->of);
    mech_release_array(m->named);
    *m = (dataset_mechanisms){0};
}

/* Takes the names of the rate constants, "k1, k-1, k2", from a description (mech_mechanism_describe()). */
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

/* What mechanism number i is, whose name is id[length]. */
static mech_status identify(const char *path, const char *id, size_t length, size_t i, dataset_mechanisms *m,
                            mech_error *error) {
    char name[sizeof "mechanism " + MAX_NAME], *description = NULL;
    mech_mechanism *named = &m->named[i];
    snprintf(named->id, sizeof named->id, "%.*s", (int)length, id);
    snprintf(name, sizeof name, "mechanism %s", named->id);
    named->mechanism_class = MECH_CLASS_USER;
    m->of[i] = named;
    mech_status status = mech_dataset_attribute(path, name, &description, error);
    const mech_mechanism *builtin = mech_builtin_find(named->id);
    /* A user's mechanism may have the name of one of the library; the file then describes it. */
    if (status == MECH_OK && description)
        take_rate_constants(description, named);
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
    status = mech_count_classes(ids, path, &n, error);
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
        if (!at) {
            m->of[i] = mech_builtin(i);
            continue;
        }
        const size_t length = strcspn(at, ",");
        status = identify(path, at, length, i, m, error);
        at += length + 1;
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
