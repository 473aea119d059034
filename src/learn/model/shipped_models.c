/* The models that come with the library, found by name. */
#include "base/error.h"
#include "base/files/file.h"
#include "base/files/text.h"
#include "base/memory.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char ENDING[] = ".safetensors";

struct mech_shipped_models {
    size_t n;
    mech_shipped_model *models; /* [n], in the order of their names; the objects are in the members below */
    mech_model **read;          /* [n] */
    size_t n_left_out;
    char **left_out; /* [n_left_out]: sentences */
    arena *memory;
};

static bool is_folder(const char *path) {
    struct stat there;
    return stat(path, &there) == 0 && S_ISDIR(there.st_mode);
}

/* Where models may lie, from the folder of the library or of the program: beside bin/ and lib/ of an installed tree
 * (lib/ may have a folder for the processor), or in the folder of a build. */
static const char *const nearby[] = {"../share/mechanist/models", "../../share/mechanist/models",
                                     "share/mechanist/models"};

/* Where they lie if the system does not say where the program is, as in a root without /proc: where the build was meant
 * to be installed, and where packages are. */
static const char *const installed[] = {MECHANIST_MODELS_FOLDER, "/usr/share/mechanist/models"};

/* Appends the folder of a file with a slash at its end. */
static bool append_folder_of(const char *path, text *folder) {
    const char *slash = strrchr(path, '/');
    if (!slash) return false;
    mech_text_append(folder, path, (size_t)(slash + 1 - path));
    return !folder->failed;
}

/* Appends the folder of the shared object or program that this code is in; false where the system does not say it. */
static bool library_folder(text *folder) {
    Dl_info found;
    /* Any object of this file will do. */
    if (!dladdr(nearby, &found) || !found.dli_fname || found.dli_fname[0] != '/') return false;
    return append_folder_of(found.dli_fname, folder);
}

/* The same of the running program. */
static bool program_folder(text *folder) {
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    if (length <= 0 || (size_t)length == sizeof path) return false;
    path[length] = '\0';
    return append_folder_of(path, folder);
}

/* Looks for models near a folder; false, and nothing in *found, where there are none. */
static bool find_nearby(bool (*append_folder)(text *folder), text *found) {
    for (size_t i = 0; i < sizeof nearby / sizeof nearby[0]; i++) {
        found->length = 0;
        if (!append_folder(found)) return false;
        mech_text_add(found, nearby[i]);
        if (!found->failed && is_folder(found->characters)) return true;
    }
    return false;
}

/* A folder as the system names it, without detours such as "..". */
static mech_status take_folder(text *found, char **folder, mech_error *error) {
    char *plain = found->failed ? NULL : realpath(found->characters, NULL);
    if (!plain) return mech_text_take(found, folder, error);
    mech_text_free(found);
    *folder = plain;
    return MECH_OK;
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
        return take_folder(&found, folder, error);
    }
    /* The library comes first: the program may be one that many use, as /usr/bin/python3. */
    if (find_nearby(library_folder, &found) || find_nearby(program_folder, &found))
        return take_folder(&found, folder, error);
    for (size_t i = 0; i < sizeof installed / sizeof installed[0]; i++) {
        found.length = 0;
        mech_text_add(&found, installed[i]);
        if (is_folder(installed[i])) return take_folder(&found, folder, error);
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

/* Reads a model. A file that cannot be read is told of and left out: one damaged file must not disable the others. */
static mech_status add_model(mech_shipped_models *shipped, const char *folder, const char *file, mech_error *error) {
    mech_shipped_model *models = realloc(shipped->models, (shipped->n + 1) * sizeof *models);
    if (models) shipped->models = models;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    mech_model **read = realloc(shipped->read, (shipped->n + 1) * sizeof *read);
    if (read) shipped->read = read;
    char **left_out = realloc(shipped->left_out, (shipped->n_left_out + 1) * sizeof *left_out);
    if (left_out) shipped->left_out = left_out;
    text path = {0};
    mech_text_format(&path, "%s/%s", folder, file);
    mech_shipped_model added = {.name = mech_arena_text(shipped->memory, file, strlen(file) - (sizeof ENDING - 1))};
    if (!path.failed) added.path = mech_arena_text(shipped->memory, path.characters, path.length);
    mech_text_free(&path);
    if (!models || !read || !left_out || !added.name || !added.path) return mech_fail_memory(error);
    mech_error why = {0};
    mech_model *model = NULL;
    const mech_status status = mech_model_read(added.path, &model, &why);
    if (status == MECH_OUT_OF_MEMORY) return mech_fail_memory(error);
    if (status != MECH_OK) {
        char *words = mech_arena_text(shipped->memory, why.message, strlen(why.message));
        if (!words) return mech_fail_memory(error);
        left_out[shipped->n_left_out++] = words;
        return MECH_OK;
    }
    added.model = model;
    models[shipped->n] = added;
    read[shipped->n++] = model;
    return MECH_OK;
}

static int compare_names(const void *first, const void *second) {
    return strcmp(((const mech_shipped_model *)first)->name, ((const mech_shipped_model *)second)->name);
}

static mech_status read_folder(mech_shipped_models *shipped, const char *folder, mech_error *error) {
    DIR *entries = opendir(folder);
    if (!entries) return mech_fail(error, MECH_FILE_ERROR, "%s: cannot be read: %s", folder, strerror(errno));
    mech_status status = MECH_OK;
    const struct dirent *entry;
    while (status == MECH_OK && (entry = readdir(entries)))
        if (is_model_file(entry->d_name)) status = add_model(shipped, folder, entry->d_name, error);
    closedir(entries);
    if (status == MECH_OK && shipped->n > 1) qsort(shipped->models, shipped->n, sizeof *shipped->models, compare_names);
    return status;
}

mech_status mech_shipped_models_read(mech_shipped_models **shipped, mech_error *error) {
    char *folder = NULL;
    *shipped = NULL;
    mech_status status = find_folder(&folder, error);
    if (status != MECH_OK) return status;
    mech_shipped_models *made = calloc(1, sizeof *made);
    if (made) made->memory = mech_arena_new();
    status = made && made->memory ? read_folder(made, folder, error) : mech_fail_memory(error);
    mech_free(folder);
    if (status == MECH_OK)
        *shipped = made;
    else
        mech_shipped_models_free(made);
    return status;
}

void mech_shipped_models_free(mech_shipped_models *shipped) {
    if (!shipped) return;
    for (size_t i = 0; i < shipped->n; i++) mech_model_free(shipped->read[i]);
    free(shipped->models);
    free(shipped->read);
    free(shipped->left_out);
    mech_arena_free(shipped->memory);
    free(shipped);
}

size_t mech_shipped_models_n(const mech_shipped_models *shipped) { return shipped->n; }

const mech_shipped_model *mech_shipped_models_model(const mech_shipped_models *shipped, size_t index) {
    return index < shipped->n ? &shipped->models[index] : NULL;
}

size_t mech_shipped_models_n_left_out(const mech_shipped_models *shipped) { return shipped->n_left_out; }

const char *mech_shipped_models_left_out(const mech_shipped_models *shipped, size_t index) {
    return index < shipped->n_left_out ? shipped->left_out[index] : NULL;
}

/* The validation accuracy of a model that can answer by default, raised by 1 where it takes any run set; negative for
 * models that cannot, those of the design fixed-window. With `of_four` models of design nature come first. */
static double worth_of(const mech_model *model, bool of_four) {
    const char *sample_design = mech_model_metadata(model, "protocol");
    const char *accuracy = mech_model_metadata(model, "validation_accuracy");
    const bool sets = mech_model_reads_run_sets(model);
    double number = 0;
    if (!sets && (!sample_design || strcmp(sample_design, "nature") != 0)) return -1;
    if (accuracy && !mech_parse_number(accuracy, strlen(accuracy), '.', &number)) number = 0;
    return number + (sets == !of_four ? 1 : 0);
}

static mech_status find_best(bool of_four, char **path, mech_error *error) {
    mech_shipped_models *shipped = NULL;
    const mech_shipped_model *best = NULL;
    mech_status status = mech_shipped_models_read(&shipped, error);
    for (size_t i = 0; status == MECH_OK && i < shipped->n; i++) {
        const mech_shipped_model *candidate = &shipped->models[i];
        if (worth_of(candidate->model, of_four) < 0) continue;
        if (!best || worth_of(candidate->model, of_four) > worth_of(best->model, of_four)) best = candidate;
    }
    if (best)
        status = join(best->path, "", "", path, error);
    else if (status == MECH_OK)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "no model of run sets or of design nature comes with this program; expected a model to be "
                           "named");
    mech_shipped_models_free(shipped);
    return status;
}

/* Where a shipped model of that name would lie. */
static mech_status path_of_name(const char *folder, const char *name, char **path, mech_error *error) {
    text t = {0};
    mech_text_format(&t, "%s/%s%s", folder, name, ENDING);
    return mech_text_take(&t, path, error);
}

/* The model that a line of the file `default` in `folder` names: the second one names what answers about four exact
 * runs; a file of one line says the same of both. */
static mech_status read_default(const char *folder, const char *file, bool of_four, char **path, mech_error *error) {
    enum { LONGEST_FILE = 512 };
    char *names = NULL;
    size_t length = 0;
    mech_status status = mech_file_read(file, LONGEST_FILE, &names, &length, error);
    if (status != MECH_OK) return status;
    char *name = names, *second = names + strcspn(names, "\n");
    second += *second == '\n';
    const bool says_both = second[strspn(second, " \r\n")] != '\0';
    if (of_four && says_both) name = second;
    name[strcspn(name, "\r\n")] = '\0';
    status = path_of_name(folder, name, path, error);
    if (status == MECH_OK && (!*name || strchr(name, '/') || !mech_file_exists(*path))) {
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: line %d: '%.64s' is no model of this folder; expected the name of one", file,
                           name == names ? 1 : 2, name);
        mech_free(*path);
        *path = NULL;
    }
    mech_free(names);
    return status;
}

static mech_status find_default(bool of_four, char **path, mech_error *error) {
    char *folder = NULL, *file = NULL;
    mech_status status = find_folder(&folder, error);
    if (status == MECH_OK) status = join(folder, "/", "default", &file, error);
    if (status == MECH_OK)
        status =
            mech_file_exists(file) ? read_default(folder, file, of_four, path, error) : find_best(of_four, path, error);
    mech_free(folder);
    mech_free(file);
    return status;
}

mech_status mech_model_find_for_four(char **path, mech_error *error) {
    *path = NULL;
    return find_default(true, path, error);
}

/* Models of the design fixed-window were called NETWORK-seed until version 0.1.0. */
static const char *current_name(const char *name, char *buffer, size_t room) {
    static const char OLD[] = "-seed";
    const size_t length = strlen(name), end = sizeof OLD - 1;
    if (length <= end || strcmp(name + length - end, OLD) != 0) return name;
    const int written = snprintf(buffer, room, "%.*s-fixed-window", (int)(length - end), name);
    return written > 0 && (size_t)written < room ? buffer : name;
}

/* The path of the shipped model of that name or of the one that had it once; NULL where there is none. */
static mech_status find_shipped(const char *folder, const char *name, char **path, mech_error *error) {
    char current[64];
    const char *const names[] = {name, current_name(name, current, sizeof current)};
    mech_status status = MECH_OK;
    *path = NULL;
    for (size_t i = 0; i < 2 && status == MECH_OK && !*path; i++) {
        char *candidate = NULL;
        status = path_of_name(folder, names[i], &candidate, error);
        if (status == MECH_OK && mech_file_exists(candidate))
            *path = candidate;
        else
            mech_free(candidate);
    }
    return status;
}

mech_status mech_model_find(const char *name_or_path, char **path, mech_error *error) {
    char *folder = NULL;
    *path = NULL;
    if (!name_or_path) return find_default(false, path, error);
    if (mech_file_exists(name_or_path)) return join(name_or_path, "", "", path, error);
    /* A name with a slash or an ending can only have meant a file. */
    const bool is_name = !strchr(name_or_path, '/') && !strchr(name_or_path, '.');
    if (is_name && find_folder(&folder, error) == MECH_OK) {
        const mech_status status = find_shipped(folder, name_or_path, path, error);
        mech_free(folder);
        if (status != MECH_OK || *path) return status;
    }
    return mech_fail(error, MECH_INVALID_INPUT,
                     "there is no model '%s'; expected a file or one that 'mechanist models' lists", name_or_path);
}

mech_status mech_model_open(const char *name_or_path, mech_model **model, mech_error *error) {
    char *path = NULL;
    *model = NULL;
    mech_status status = mech_model_find(name_or_path, &path, error);
    if (status == MECH_OK) status = mech_model_read(path, model, error);
    mech_free(path);
    return status;
}
