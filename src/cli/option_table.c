#include "cli/option_table.h"

#include <string.h>

const option *find_option(const command_line *line, const char *name, size_t length) {
    for (size_t i = 0; i < line->n_options; i++)
        if (strlen(line->options[i].name) == length && strncmp(line->options[i].name, name, length) == 0)
            return &line->options[i];
    return NULL;
}
