#include "cli/library/mechanism_options.h"

#include "cli/options/options.h"

#include <stdlib.h>
#include <string.h>

void free_mechanism_set(mechanism_set *set) {
    for (size_t i = 0; i < set->n; i++) mech_mechanism_free(set->read[i]);
}

static size_t count_names(const char *list) {
    size_t n = list != NULL;
    for (; list && *list; list++) n += *list == ',';
    return n;
}

/* Adds the mechanisms of a list of ids or of files. */
static int add_mechanisms(const char *command, const char *list, bool files, mechanism_set *set) {
    for (const char *from = list; from;) {
        const size_t length = strcspn(from, ",");
        mech_error error;
        char *name = strndup(from, length);
        if (!name) return report_memory();
        int status = -1;
        if (!files)
            set->mechanisms[set->n] = find_mechanism(command, name);
        else if (mech_mechanism_read(name, &set->read[set->n], &error) == MECH_OK)
            set->mechanisms[set->n] = set->read[set->n];
        else
            status = report_error(&error);
        free(name);
        if (status >= 0) return status;
        if (!set->mechanisms[set->n]) return EXIT_USAGE;
        set->n++;
        from = from[length] ? from + length + 1 : NULL;
    }
    return -1;
}

int collect_mechanisms(const char *command, const char *ids, const char *files, mechanism_set *set) {
    if (count_names(ids) + count_names(files) > MOST_MECHANISMS)
        return report_usage(command, "expected at most %d mechanisms", MOST_MECHANISMS);
    const int status = add_mechanisms(command, ids, false, set);
    return status >= 0 ? status : add_mechanisms(command, files, true, set);
}
