#include "cli/options/mechanism_options.h"

#include "base/files/file.h"
#include "cli/options/options.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_MECHANISMS = 256 }; /* labels are bytes */

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
    if (status == MECH_OK && mech_library_size(library) > MOST_MECHANISMS)
        return report_usage(command, "expected at most %d mechanisms", MOST_MECHANISMS);
    if (status == MECH_INVALID_INPUT && !file) return report_usage(command, "%s", error.message);
    return status == MECH_OK ? -1 : report_error(&error);
}

/* Adds what a list with commas names; a file may have commas in its name. */
static int add_list(const char *command, const char *list, const mech_parts *parts, bool files, mech_library *library) {
    int result = -1;
    if (files && mech_file_exists(list)) return add_named(command, list, parts, files, library);
    for (const char *from = list; from && result < 0;) {
        const size_t length = strcspn(from, ",");
        char *name = strndup(from, length);
        if (!name) return report_memory();
        result = add_named(command, name, parts, files, library);
        free(name);
        from = from[length] ? from + length + 1 : NULL;
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
