#include "cli/analysis/fits.h"
#include "cli/options/options.h"

#include "base/error.h"
#include "base/files/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { CURVES, FIGURE, CONSTANTS, REPORT, N_OUTPUTS };

typedef struct named_output {
    const char *name, *path;
    bool is_picture;
} named_output;

static void list_outputs(const fit_outputs *o, named_output *list) {
    list[CURVES] = (named_output){"--curves", o->curves, false};
    list[FIGURE] = (named_output){"--figure", o->figure, true};
    list[CONSTANTS] = (named_output){"--pairs", o->constants, true};
    list[REPORT] = (named_output){"--report", o->report, false};
}

int check_fit_outputs(const fit_outputs *o) {
    named_output list[N_OUTPUTS];
    mech_error error;
    mech_picture_format format;
    if (o->petab && strcmp(o->petab, "-") == 0) return report_usage("fit", "--petab takes a folder");
    list_outputs(o, list);
    for (const named_output *out = list; out < list + N_OUTPUTS; out++) {
        if (!out->path) continue;
        if (strcmp(out->path, "-") == 0)
            return report_usage("fit", "%s takes a file; standard output has the answer", out->name);
        if (out->is_picture && mech_picture_format_of(out->path, &format, &error) != MECH_OK)
            return report_usage("fit", "%s", error.message);
    }
    return -1;
}

typedef struct made_output {
    char *bytes;
    size_t length;
} made_output;

static mech_status make_curves(const fitted_file *f, made_output *made, mech_error *error) {
    text curves = {0};
    mech_status status = write_fit_curves(&curves, f, error);
    made->length = curves.length;
    if (status == MECH_OK) return mech_text_take(&curves, &made->bytes, error);
    mech_text_free(&curves);
    return status;
}

/* Without its folders. */
static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static mech_status make_output(size_t which, const char *path, const fitted_file *f, made_output *made,
                               mech_error *error) {
    mech_picture_format format = MECH_PICTURE_SVG;
    mech_status status = MECH_OK;
    if (which == CURVES) return make_curves(f, made, error);
    if (which == REPORT) {
        const mech_report_options options = {.size = sizeof options, .name = name_of(f->path)};
        status = mech_report_fits(f->experiment, f->fits, &options, &made->bytes, error);
        made->length = made->bytes ? strlen(made->bytes) : 0;
        return status;
    }
    status = mech_picture_format_of(path, &format, error);
    const mech_picture_target target = mech_picture_memory(format, &made->bytes, &made->length);
    if (status == MECH_OK && which == FIGURE) status = mech_draw_fits(f->fits, name_of(f->path), &target, error);
    if (status == MECH_OK && which == CONSTANTS)
        status = mech_draw_fit_constants(f->fits, 0, name_of(f->path), &target, error);
    return status;
}

mech_status write_fit_outputs(const fit_outputs *o, const fitted_file *f, mech_error *error) {
    named_output list[N_OUTPUTS];
    output *files[N_OUTPUTS] = {NULL};
    mech_status status = MECH_OK;
    list_outputs(o, list);
    for (size_t i = 0; i < N_OUTPUTS && status == MECH_OK; i++) {
        made_output made = {0};
        FILE *stream = NULL;
        if (!list[i].path) continue;
        status = make_output(i, list[i].path, f, &made, error);
        if (status == MECH_OK) status = mech_output_open(list[i].path, &files[i], &stream, error);
        if (status == MECH_OK && (fwrite(made.bytes, 1, made.length, stream) != made.length || fflush(stream) != 0))
            status = mech_fail(error, MECH_FILE_ERROR, "%s: cannot be written: %s", list[i].path, strerror(errno));
        mech_free(made.bytes);
    }
    if (status == MECH_OK && o->petab) status = write_fit_petab(o->petab, o->every_petab, f, error);
    for (size_t i = 0; i < N_OUTPUTS; i++) {
        if (files[i] && status == MECH_OK)
            status = mech_output_commit(files[i], error);
        else
            mech_output_discard(files[i]);
    }
    return status;
}
