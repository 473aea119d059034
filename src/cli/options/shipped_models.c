#include "cli/options/shipped_models.h"

#include "base/error.h"
#include "base/files/file.h"
#include "base/files/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char ENDING[] = ".safetensors";

static bool is_folder(const char *path) {
    struct stat there;
    return stat(path, &there) == 0 && S_ISDIR(there.st_mode);
}

/* Where models may lie, from the program's own folder: installed beside it, or in the source tree whose build folder
 * (build/ or build/PRESET/) it runs in. */
static const char *const near_program[] = {"../share/mechanist/models", "../models", "../../models"};

/* Where they lie if the system does not say where the program is, as in a root without /proc: where the build was meant
 * to be installed, and where packages are. */
static const char *const installed[] = {MECHANIST_MODELS_FOLDER, "/usr/share/mechanist/models"};

/* Appends the folder of the running program with a slash at its end; false where the system does not say it. */
static bool program_folder(text *folder) {
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    if (length <= 0 || (size_t)length == sizeof path) return false;
    size_t end = (size_t)length;
    while (end && path[end - 1] != '/') end--;
    mech_text_append(folder, path, end);
    return !folder->failed;
}

/* The folder of shipped models; the caller frees *folder. */
static mech_status find_folder(char **folder, mech_error *error) {
    text found = {0};
    const char *named = getenv("MECHANIST_MODELS");
    if (named && *named) {
        if (!is_folder(named))
            return mech_fail(error, MECH_FILE_ERROR, "there is no folder of shipped models at '%s' (MECHANIST_MODELS)",
                             named);
        mech_text_add(&found, named);
        return mech_text_take(&found, folder, error);
    }
    for (size_t i = 0; i < sizeof near_program / sizeof near_program[0]; i++) {
        found.length = 0;
        if (!program_folder(&found)) break;
        mech_text_add(&found, near_program[i]);
        if (!found.failed && is_folder(found.characters)) return mech_text_take(&found, folder, error);
    }
    for (size_t i = 0; i < sizeof installed / sizeof installed[0]; i++) {
        found.length = 0;
        mech_text_add(&found, installed[i]);
        if (is_folder(installed[i])) return mech_text_take(&found, folder, error);
    }
    mech_text_free(&found);
    return mech_fail(
        error, MECH_FILE_ERROR,
        "there is no folder of shipped models at '%s'; the environment variable MECHANIST_MODELS can name one",
        MECHANIST_MODELS_FOLDER);
}

static mech_status join(const char *first, const char *second, const char *third, char **joined, mech_error *error) {
    text t = {0};
    mech_text_add(&t, first);
    mech_text_add(&t, second);
    mech_text_add(&t, third);
    return mech_text_take(&t, joined, error);
}

static bool is_model_file(const char *name) {
    const size_t length = strlen(name), ending = sizeof ENDING - 1;
    return length > ending && name[0] != '.' && strcmp(name + length - ending, ENDING) == 0;
}

/* A file that cannot be read is told of and left out: one damaged file must not disable the others. */
static mech_status add_model(shipped_models *shipped, const char *folder, const char *file, mech_error *error) {
    shipped_model *grown = realloc(shipped->models, (shipped->n + 1) * sizeof *grown);
    if (!grown) return mech_fail_memory(error);
    shipped->models = grown;
    shipped_model *added = &grown[shipped->n++];
    *added = (shipped_model){0};
    mech_status status = join(folder, "/", file, &added->path, error);
    if (status == MECH_OK) status = join(file, "", "", &added->name, error);
    if (status != MECH_OK) return status;
    added->name[strlen(file) - (sizeof ENDING - 1)] = '\0';
    mech_error why = {0};
    status = mech_model_read(added->path, &added->model, &why);
    if (status == MECH_OK) return MECH_OK;
    if (status == MECH_OUT_OF_MEMORY) return mech_fail_memory(error);
    fprintf(stderr, "mechanist: left out: %s\n", why.message);
    mech_free(added->name);
    mech_free(added->path);
    shipped->n--;
    return MECH_OK;
}

static int compare_names(const void *first, const void *second) {
    return strcmp(((const shipped_model *)first)->name, ((const shipped_model *)second)->name);
}

mech_status shipped_models_read(shipped_models *shipped, mech_error *error) {
    char *folder = NULL;
    *shipped = (shipped_models){0};
    mech_status status = find_folder(&folder, error);
    if (status != MECH_OK || !folder) return status;
    DIR *entries = opendir(folder);
    if (entries) {
        const struct dirent *entry;
        while (status == MECH_OK && (entry = readdir(entries)))
            if (is_model_file(entry->d_name)) status = add_model(shipped, folder, entry->d_name, error);
        closedir(entries);
    } else {
        status = mech_fail(error, MECH_FILE_ERROR, "%s: cannot be read: %s", folder, strerror(errno));
    }
    if (status == MECH_OK && shipped->n > 1) qsort(shipped->models, shipped->n, sizeof *shipped->models, compare_names);
    mech_free(folder);
    return status;
}

void shipped_models_free(shipped_models *shipped) {
    for (size_t i = 0; i < shipped->n; i++) {
        mech_free(shipped->models[i].name);
        mech_free(shipped->models[i].path);
        mech_model_free(shipped->models[i].model);
    }
    free(shipped->models);
    *shipped = (shipped_models){0};
}

/* The validation accuracy of a model of protocol nature, negative for others. */
static double nature_accuracy(const mech_model *model) {
    const char *protocol = mech_model_metadata(model, "protocol");
    const char *accuracy = mech_model_metadata(model, "validation_accuracy");
    double number = 0;
    if (!protocol || strcmp(protocol, "nature") != 0) return -1;
    if (accuracy && !mech_parse_number(accuracy, strlen(accuracy), '.', &number)) number = 0;
    return number;
}

static mech_status find_best(char **path, mech_error *error) {
    shipped_models shipped;
    const shipped_model *best = NULL;
    mech_status status = shipped_models_read(&shipped, error);
    for (size_t i = 0; status == MECH_OK && i < shipped.n; i++) {
        const shipped_model *candidate = &shipped.models[i];
        if (nature_accuracy(candidate->model) < 0) continue;
        if (!best || nature_accuracy(candidate->model) > nature_accuracy(best->model)) best = candidate;
    }
    if (best)
        status = join(best->path, "", "", path, error);
    else if (status == MECH_OK)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "no model of protocol nature comes with this program; expected --model MODEL");
    shipped_models_free(&shipped);
    return status;
}

/* Where a shipped model of that name would lie. */
static mech_status path_of_name(const char *folder, const char *name, char **path, mech_error *error) {
    text t = {0};
    mech_text_format(&t, "%s/%s%s", folder, name, ENDING);
    return mech_text_take(&t, path, error);
}

/* The model that the file `default` in `folder` names. */
static mech_status read_default(const char *folder, const char *file, char **path, mech_error *error) {
    enum { LONGEST_NAME = 255 };
    char *name = NULL;
    size_t length = 0;
    mech_status status = mech_file_read(file, LONGEST_NAME, &name, &length, error);
    if (status != MECH_OK) return status;
    name[strcspn(name, "\r\n")] = '\0';
    status = path_of_name(folder, name, path, error);
    if (status == MECH_OK && (!*name || strchr(name, '/') || !mech_file_exists(*path))) {
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: line 1: '%.64s' is no model of this folder; expected the name of one", file, name);
        mech_free(*path);
        *path = NULL;
    }
    mech_free(name);
    return status;
}

static mech_status find_default(char **path, mech_error *error) {
    char *folder = NULL, *file = NULL;
    mech_status status = find_folder(&folder, error);
    if (status == MECH_OK) status = join(folder, "/", "default", &file, error);
    if (status == MECH_OK)
        status = mech_file_exists(file) ? read_default(folder, file, path, error) : find_best(path, error);
    mech_free(folder);
    mech_free(file);
    return status;
}

/* Models of the design fixed-window were called NETWORK-seed until version 0.1.0. */
static const char *current_name(const char *name, char *buffer, size_t room) {
    static const char OLD[] = "-seed";
    const size_t length = strlen(name), end = sizeof OLD - 1;
    if (length <= end || strcmp(name + length - end, OLD) != 0) return name;
    const int written = snprintf(buffer, room, "%.*s-fixed-window", (int)(length - end), name);
    return written > 0 && (size_t)written < room ? buffer : name;
}

mech_status find_model(const char *name_or_path, char **path, mech_error *error) {
    char *folder = NULL, *shipped = NULL;
    *path = NULL;
    if (!name_or_path) return find_default(path, error);
    if (mech_file_exists(name_or_path)) return join(name_or_path, "", "", path, error);
    /* A name with a slash or an ending can only have meant a file. */
    const bool is_name = !strchr(name_or_path, '/') && !strchr(name_or_path, '.');
    if (is_name && find_folder(&folder, error) == MECH_OK) {
        char current[64];
        const char *const names[] = {name_or_path, current_name(name_or_path, current, sizeof current)};
        mech_status status = MECH_OK;
        for (size_t i = 0; i < 2 && status == MECH_OK && !*path; i++) {
            status = path_of_name(folder, names[i], &shipped, error);
            if (status != MECH_OK) break;
            if (mech_file_exists(shipped))
                *path = shipped;
            else
                mech_free(shipped);
        }
        mech_free(folder);
        if (status != MECH_OK || *path) return status;
    }
    return mech_fail(error, MECH_INVALID_INPUT,
                     "there is no model '%s'; expected a file or one that 'mechanist models' lists", name_or_path);
}

mech_status name_model(const char *said, const char *path, char **name, mech_error *error) {
    text t = {0};
    const char *slash = strrchr(path, '/'), *base = said ? said : slash ? slash + 1 : path;
    const char *ending = said ? NULL : strstr(base, ENDING);
    mech_text_append(&t, base, ending ? (size_t)(ending - base) : strlen(base));
    return mech_text_take(&t, name, error);
}
