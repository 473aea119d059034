/* What a model's metadata may say where it means something to this program. */
#include "base/error.h"
#include "base/files/text.h"
#include "data/design/design.h"
#include "learn/model/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A list of numbers that a key of the metadata holds. */
typedef struct number_list {
    const char *key;
    size_t fewest, most; /* numbers */
    double low, high;    /* of each, both included */
    bool above_low;      /* low itself is excluded */
    bool whole, ascending;
    const char *expected; /* for messages */
} number_list;

enum { MANY = 64 };

/* Loadings are shares of [S]0; a design may go beyond 1 (docs/designs.md), and none is ten times that. */
static const number_list lists[] = {
    {"loadings", 2, 2, 0, 10, true, false, true, "two numbers above 0 and at most 10, ascending"},
    {"points", 1, MANY, 1, MOST_READINGS, false, true, false, "whole numbers from 1 to 2000 with commas"},
    {"noise", 1, MANY, 0, 1, false, false, false, "numbers from 0 to 1 with commas"},
    {"missing", 1, 1, 0, 1, false, false, false, "a number from 0 to 1"},
};

static bool holds(const number_list *l, const char *said) {
    double before = -INFINITY, number = 0;
    size_t n = 0, length;
    const char *word;
    while (mech_next_word(&said, &word, &length)) {
        if (!mech_parse_number(word, length, '.', &number) || number < l->low || number > l->high) return false;
        if ((l->above_low && number == l->low) || (l->whole && number != floor(number))) return false;
        if ((l->ascending && number < before) || ++n > l->most) return false;
        before = number;
    }
    return n >= l->fewest;
}

/* "0.1.0" of this program or one before the next major version. */
static bool is_known_version(const char *version) {
    unsigned major = 0, minor = 0, patch = 0, own = 0;
    char rest = 0;
    return strlen(version) < 16 && sscanf(version, "%u.%u.%u%c", &major, &minor, &patch, &rest) == 3 &&
           sscanf(mech_version(), "%u", &own) == 1 && major <= own;
}

mech_status mech_model_check_metadata(const mech_model *model, mech_error *error) {
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const char *said = mech_model_metadata(model, lists[i].key);
        if (said && !holds(&lists[i], said))
            return mech_fail(error, MECH_INVALID_INPUT, "%s: metadata '%s': is '%.32s'; expected %s", model->source,
                             lists[i].key, said, lists[i].expected);
    }
    const char *version = mech_model_metadata(model, "version");
    if (version && !is_known_version(version))
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: metadata 'version': is '%.32s'; expected major.minor.patch, not of a later major version "
                         "than %s",
                         model->source, version, mech_version());
    return MECH_OK;
}
