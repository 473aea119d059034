#include "cli/evaluate/shipped_models.h"

#include "base/files/file.h"
#include "base/files/text.h"

#include <stdio.h>
#include <string.h>

mech_status read_shipped_models(mech_shipped_models **shipped, mech_error *error) {
    const mech_status status = mech_shipped_models_read(shipped, error);
    if (status != MECH_OK) return status;
    for (size_t i = 0; i < mech_shipped_models_n_left_out(*shipped); i++)
        fprintf(stderr, "mechanist: left out: %s\n", mech_shipped_models_left_out(*shipped, i));
    return MECH_OK;
}

mech_status find_model(const char *name_or_path, char **path, mech_error *error) {
    const mech_status status = mech_model_find(name_or_path, path, error);
    if (status != MECH_OK || name_or_path) return status;
    text file = {0};
    mech_text_append(&file, *path, (size_t)(strrchr(*path, '/') + 1 - *path));
    mech_text_add(&file, "default");
    mech_shipped_models *shipped = NULL;
    if (!file.failed && !mech_file_exists(file.characters) && read_shipped_models(&shipped, NULL) == MECH_OK)
        mech_shipped_models_free(shipped);
    mech_text_free(&file);
    return MECH_OK;
}

mech_status name_model(const char *said, const char *path, char **name, mech_error *error) {
    static const char ENDING[] = ".safetensors";
    text t = {0};
    const char *slash = strrchr(path, '/'), *base = said ? said : slash ? slash + 1 : path;
    const char *ending = said ? NULL : strstr(base, ENDING);
    mech_text_append(&t, base, ending ? (size_t)(ending - base) : strlen(base));
    return mech_text_take(&t, name, error);
}

const char *list_networks(char *words, size_t room) {
    size_t n = 0;
    for (size_t i = 0; mech_network_name(i) && n < room; i++)
        n += (size_t)snprintf(words + n, room - n, "%s%s", i ? ", " : "", mech_network_name(i));
    if (n < room) snprintf(words + n, room - n, " or set");
    return words;
}

size_t design_name(const char *design, const char **name) {
    static const char key[] = "name:";
    for (const char *line = design; line && *line; line += strcspn(line, "\n"), line += *line == '\n') {
        if (strncmp(line, key, sizeof key - 1) != 0) continue;
        *name = line + sizeof key - 1;
        *name += strspn(*name, " \t");
        return strcspn(*name, " \t\r\n#");
    }
    *name = "own";
    return strlen(*name);
}
