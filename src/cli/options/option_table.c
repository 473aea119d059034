#include "cli/options/option_table.h"

#include <string.h>

static bool is_single_text(const option *o) {
    return o->kind == OPTION_TEXT || o->kind == OPTION_OUTPUT || o->kind == OPTION_RENEWED;
}

bool is_text_option(const option *o) { return is_single_text(o) || o->kind == OPTION_LIST; }

const char *text_of_option(const option *o) { return is_single_text(o) ? *(const char *const *)o->value : NULL; }

const option *find_option(const command_line *line, const char *name, size_t length) {
    for (size_t i = 0; i < line->n_options; i++)
        if (strlen(line->options[i].name) == length && strncmp(line->options[i].name, name, length) == 0)
            return &line->options[i];
    return NULL;
}
