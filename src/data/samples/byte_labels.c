#include "data/samples/byte_labels.h"
#include "base/files/text.h"

#include "data/samples/samples.h"

#include <string.h>
#include <strings.h>

mech_status mech_check_distinct(const mech_mechanism *const *mechanisms, size_t n_mechanisms, mech_error *error) {
    for (size_t m = 0; m < n_mechanisms; m++)
        for (size_t other = 0; other < m; other++)
            if (strcmp(mech_mechanism_id(mechanisms[m]), mech_mechanism_id(mechanisms[other])) == 0)
                return mech_fail(error, MECH_INVALID_ARGUMENT, "the set holds two mechanisms '%s'",
                                 mech_mechanism_id(mechanisms[m]));
            else if (strcasecmp(mech_mechanism_id(mechanisms[m]), mech_mechanism_id(mechanisms[other])) == 0)
                return mech_fail(error, MECH_INVALID_ARGUMENT,
                                 "the set holds mechanisms '%s' and '%s'; expected ids that differ in more than "
                                 "capital letters",
                                 mech_mechanism_id(mechanisms[other]), mech_mechanism_id(mechanisms[m]));
    return MECH_OK;
}

mech_status mech_count_labels(const char *mechanisms, const char *path, size_t *n, mech_error *error) {
    *n = mechanisms ? mech_count_words(mechanisms) : mech_builtin_count();
    if (*n <= MECH_MOST_LABELS) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT, "%s: names %zu mechanisms; expected at most %d", path, *n,
                     MECH_MOST_LABELS);
}
