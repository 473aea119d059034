#define _DEFAULT_SOURCE /* readlink */
#include "cli/shipped_models.h"

#include "base/text.h"
#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path) {
    struct stat there;
    return stat(path, &there) == 0 && S_ISDIR(there.st_mode);
}

static bool is_file(const char *path) {
    struct stat there;
    return stat(path, &there) == 0 && !S_ISDIR(there.st_mode);
}

/* The folder of the running program, with its closing slash; false where the system does not tell. */
static bool program_folder(char *folder, size_t size) {
    ssize_t length = readlink("/proc/self/exe", folder, size - 1);
    if (length <= 0) return false;
    folder[length] = '\0';
    char *slash = strrchr(folder, '/');
    if (!slash) return false;
    slash[1] = '\0';
    return true;
}

char *shipped_models_folder(void) {
    const char *wanted = getenv("MECHANIST_MODELS");
    if (wanted && *wanted) return is_folder(wanted) ? strdup(wanted) : NULL;
    char folder[4096];
    if (program_folder(folder, sizeof folder)) {
        static const char *const places[] = {"../share/mechanist/models", "../models"};
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            char path[4200];
            snprintf(path, sizeof path, "%s%s", folder, places[i]);
            if (is_folder(path)) return strdup(path);
        }
    }
    return is_folder(MECHANIST_MODELS_FOLDER) ? strdup(MECHANIST_MODELS_FOLDER) : NULL;
}

mech_model *open_model(const char *name) {
    mech_model *model = NULL;
    mech_error error;
    char *folder = NULL;
    text path = {0};
    text_add(&path, name);
    if (!strchr(name, '/') && !is_file(name)) {
        folder = shipped_models_folder();
        if (folder) {
            text_free(&path);
            text_format(&path, "%s/%s.safetensors", folder, name);
        }
        if (!folder || path.failed || !is_file(path.characters)) {
            fprintf(stderr,
                    "mechanist: there is no model '%s', neither as a file nor among the shipped ones; see 'mechanist "
                    "models'\n",
                    name);
            goto cleanup;
        }
    }
    if (path.failed) {
        fprintf(stderr, "mechanist: out of memory\n");
        goto cleanup;
    }
    if (mech_model_read(path.characters, &model, &error) != MECH_OK) {
        report_error(&error);
        model = NULL;
    }
cleanup:
    text_free(&path);
    free(folder);
    return model;
}
