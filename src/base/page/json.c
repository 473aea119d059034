#include "base/page/json.h"

#include "base/error.h"

#include <stdlib.h>

mech_status mech_text_json(text *t, json_t *object, int digits, mech_error *error) {
    char *dump = object ? json_dumps(object, (size_t)JSON_REAL_PRECISION(digits)) : NULL;
    json_decref(object);
    if (!dump) return mech_fail_memory(error);
    mech_text_format(t, "%s\n", dump);
    free(dump);
    return t->failed ? mech_fail_memory(error) : MECH_OK;
}
