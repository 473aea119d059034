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

mech_status tell_left_out(const char *name_or_path, mech_error *error) {
    char *path = NULL;
    text file = {0};
    mech_shipped_models *shipped = NULL;
    mech_status status = name_or_path ? MECH_OK : mech_model_find(NULL, &path, error);
    if (status != MECH_OK || !path) return status;
    mech_text_append(&file, path, (size_t)(strrchr(path, '/') + 1 - path));
    mech_text_add(&file, "default");
    if (!file.failed && !mech_file_exists(file.characters) && read_shipped_models(&shipped, NULL) == MECH_OK)
        mech_shipped_models_free(shipped);
    mech_text_free(&file);
    mech_free(path);
    return MECH_OK;
}

mech_status find_model(const char *name_or_path, char **path, mech_error *error) {
    const mech_status status = tell_left_out(name_or_path, error);
    return status == MECH_OK ? mech_model_find(name_or_path, path, error) : status;
}

void tell_notes(const char *notes) {
    for (const char *line = notes; line && *line; line += strcspn(line, "\n"), line += *line == '\n')
        fprintf(stderr, "mechanist: %.*s\n", (int)strcspn(line, "\n"), line);
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
