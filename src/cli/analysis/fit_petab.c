#include "cli/analysis/fits.h"

#include "base/error.h"
#include "base/files/file.h"
#include "base/memory.h"

#include <string.h>

/* FOLDER/ID, the id as one name of a folder. */
static void add_folder(text *t, const char *folder, const char *id) {
    mech_text_format(t, "%s/", folder);
    for (const char *c = id; *c; c++)
        mech_text_append(t, *c == '/' || *c == '\\' || (*c == '.' && c == id) ? "_" : c, 1);
}

static mech_status make_folder(const char *folder, const char *id, const char *below, mech_error *error) {
    text t = {0};
    char *path = NULL;
    add_folder(&t, folder, id);
    mech_text_add(&t, below);
    mech_status status = mech_text_take(&t, &path, error);
    if (status == MECH_OK) status = mech_folder_make(path, error);
    mech_free(path);
    return status;
}

static mech_status write_file(const char *folder, const char *id, const mech_petab_file *file, mech_error *error) {
    text t = {0};
    char *path = NULL;
    add_folder(&t, folder, id);
    mech_text_format(&t, "/%s", file->path);
    mech_status status = mech_text_take(&t, &path, error);
    if (status == MECH_OK) status = mech_file_write(path, file->content, strlen(file->content), error);
    mech_free(path);
    return status;
}

static mech_status write_problem(const char *folder, const char *id, const mech_petab *petab, mech_error *error) {
    mech_status status = make_folder(folder, id, "", error);
    if (status == MECH_OK) status = make_folder(folder, id, "/v2", error);
    for (size_t i = 0; i < petab->n_files && status == MECH_OK; i++)
        status = write_file(folder, id, &petab->files[i], error);
    return status;
}

mech_status write_fit_petab(const char *folder, bool every, const fitted_file *f, mech_error *error) {
    const mech_fits *fits = f->fits;
    const size_t n = every ? fits->n_mechanisms : 1;
    mech_petab **problems = mech_allocate_array(n, sizeof(mech_petab *));
    mech_status status = problems ? MECH_OK : mech_fail_memory(error);
    for (size_t i = 0; i < n && status == MECH_OK; i++)
        if (fits->mechanisms[i].fitted) status = mech_fits_petab(fits, i, &problems[i], error);
    if (status == MECH_OK) status = mech_folder_make(folder, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++)
        if (problems[i])
            status = write_problem(folder, mech_mechanism_id(fits->mechanisms[i].mechanism), problems[i], error);
    for (size_t i = 0; problems && i < n; i++) mech_petab_free(problems[i]);
    mech_release_array(problems);
    return status;
}
