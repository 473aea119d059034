/* JSON as text. */
#ifndef MECH_BASE_PAGE_JSON_H
#define MECH_BASE_PAGE_JSON_H

#include "base/files/text.h"

#include <jansson.h>

/* Appends an object on one line, with so many digits, and releases it. NULL is an object for which memory was short. */
mech_status mech_text_json(text *t, json_t *object, int digits, mech_error *error);

#endif
