#include "cli/options/mechanism_options.h"

#include "base/files/file.h"
#include "base/files/text.h"
#include "cli/options/options.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const mech_mechanism *find_mechanism(const char *command, const char *id, const mech_parts *parts,
                                     mech_mechanism **composed) {
    mech_error error;
    *composed = NULL;
    const mech_mechanism *builtin = mech_builtin_find(id);
    if (builtin) return builtin;
    if (mech_compose(parts, id, composed, &error) != MECH_OK) report_usage(command, "%s", error.message);
    return *composed;
}

/* Adds the mechanism of an ID, or those of a file or folder. */
static int add_named(const char *command, const char *name, const mech_parts *parts, bool file, mech_library *library) {
    mech_error error;
    mech_mechanism *composed = NULL;
    mech_status status = MECH_OK;
    if (file) {
        status = mech_library_add_path(library, name, &error);
    } else {
        const mech_mechanism *mechanism = find_mechanism(command, name, parts, &composed);
        if (!mechanism) return EXIT_USAGE;
        status = mech_library_add(library, mechanism, &error);
    }
    mech_mechanism_free(composed);
    if (status == MECH_OK && mech_library_size(library) > MECH_MOST_LABELS)
        return report_usage(command, "expected at most %d mechanisms", MECH_MOST_LABELS);
    if (status == MECH_INVALID_INPUT && !file) return report_usage(command, "%s", error.message);
    return status == MECH_OK ? -1 : report_error(&error);
}

/* Adds what a list with commas names; a file may have commas in its name. */
static int add_list(const char *command, const char *list, const mech_parts *parts, bool files, mech_library *library) {
    int result = -1;
    if (files && mech_file_exists(list)) return add_named(command, list, parts, files, library);
    const char *word;
    size_t length;
    while (result < 0 && mech_next_word(&list, &word, &length)) {
        char *name = strndup(word, length);
        if (!name) return report_memory();
        result = add_named(command, name, parts, files, library);
        free(name);
    }
    return result;
}

int collect_mechanisms(const char *command, const char *ids, const mech_parts *parts, const text_list *files,
                       mech_library **library) {
    mech_error error;
    if (mech_library_new(library, &error) != MECH_OK) return report_error(&error);
    int result = ids ? add_list(command, ids, parts, false, *library) : -1;
    for (size_t i = 0; i < files->n && result < 0; i++)
        result = add_list(command, files->texts[i], parts, true, *library);
    return result;
}

/* The mechanism of the library of that id, whatever its capital letters; NULL where there is none. */
static const mech_mechanism *find_own(const mech_library *library, const char *id, size_t length) {
    for (size_t i = 0; i < mech_library_size(library); i++) {
        const mech_mechanism *mechanism = mech_library_mechanism(library, i);
        const char *own = mech_mechanism_id(mechanism);
        if (strlen(own) == length && strncasecmp(own, id, length) == 0) return mechanism;
    }
    return NULL;
}

mech_status add_builtin_beside(mech_library *library, mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t i = 0; i < mech_builtin_count() && status == MECH_OK; i++) {
        const char *id = mech_mechanism_id(mech_builtin(i));
        if (!find_own(library, id, strlen(id))) status = mech_library_add(library, mech_builtin(i), error);
    }
    return status;
}

/* Adds what `among` names, of the user's own or of all others; *n_own counts the former. */
static int add_among(const char *command, const char *among, const mech_parts *parts, const mech_library *own,
                     mech_library *library, size_t *n_own) {
    const char *word;
    size_t length;
    int result = -1;
    mech_error error;
    while (result < 0 && mech_next_word(&among, &word, &length)) {
        const mech_mechanism *mechanism = find_own(own, word, length);
        char *name = strndup(word, length);
        if (!name) return report_memory();
        if (!mechanism)
            result = add_named(command, name, parts, false, library);
        else if (mech_library_add(library, mechanism, &error) != MECH_OK)
            result = report_usage(command, "%s", error.message);
        *n_own += mechanism != NULL;
        free(name);
    }
    return result;
}

int collect_fitted_mechanisms(const char *command, const char *among, const mech_parts *parts, const text_list *files,
                              mech_library **library) {
    mech_error error;
    mech_library *own = NULL;
    size_t n_own = 0;
    *library = NULL;
    if (!among) {
        const int result = collect_mechanisms(command, NULL, parts, files, library);
        return result < 0 && add_builtin_beside(*library, &error) != MECH_OK ? report_error(&error) : result;
    }
    int result = collect_mechanisms(command, NULL, parts, files, &own);
    if (result < 0 && mech_library_new(library, &error) != MECH_OK) result = report_error(&error);
    if (result < 0) result = add_among(command, among, parts, own, *library, &n_own);
    for (size_t i = 0; result < 0 && !n_own && i < mech_library_size(own); i++)
        if (mech_library_add(*library, mech_library_mechanism(own, i), &error) != MECH_OK)
            result = report_error(&error);
    mech_library_free(own);
    return result;
}
