/* mechanisms: what the library brings along, what can be composed, and one mechanism in full. */
#include "cli/options/commands.h"
#include "cli/options/mechanism_options.h"
#include "cli/options/options.h"

#include "base/files/file.h"
#include "base/files/text.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* How one mechanism is shown: described by the library, as a mechanism file, as a model, or drawn. */
typedef enum showing { SHOW_DESCRIBED, SHOW_FILE, SHOW_SBML, SHOW_DRAWN } showing;

static const struct {
    const char *name;
    mech_format format;
    showing showing;
    bool lists; /* whether all mechanisms can be listed in it */
} formats[] = {{"text", MECH_FORMAT_TEXT, SHOW_DESCRIBED, true},    {"json", MECH_FORMAT_JSON, SHOW_DESCRIBED, true},
               {"latex", MECH_FORMAT_LATEX, SHOW_DESCRIBED, false}, {"file", MECH_FORMAT_TEXT, SHOW_FILE, true},
               {"sbml", MECH_FORMAT_TEXT, SHOW_SBML, false},        {"svg", MECH_FORMAT_TEXT, SHOW_DRAWN, false}};

/* What the command line says. */
typedef struct arguments {
    const char *id, *format, *output;
    text_list files, part_files;
    double coefficient;
    uint64_t most_parts;
    bool json, composed, parts;
} arguments;

static mech_status take_json(json_t *all, char **content, mech_error *error) {
    char *dump = json_dumps(all, JSON_INDENT(2));
    json_decref(all);
    text t = {0};
    if (dump) mech_text_format(&t, "%s\n", dump);
    t.failed |= !dump;
    mech_free(dump);
    return mech_text_take(&t, content, error);
}

/* A line of a list, or an object of one. */
static void list_mechanism(const mech_mechanism *mechanism, int width, text *t, json_t *all) {
    const char *id = mech_mechanism_id(mechanism), *title = mech_mechanism_title(mechanism);
    const char *own_class = mech_class_name(mech_mechanism_class(mechanism));
    if (all)
        json_array_append_new(all, json_pack("{s:s, s:s, s:s}", "id", id, "class", own_class, "title", title));
    else
        mech_text_format(t, "%-*s %-13s %s\n", width, id, own_class, title);
}

static mech_status list_library(const mech_library *library, mech_format format, char **content, mech_error *error) {
    text t = {0};
    json_t *all = format == MECH_FORMAT_JSON ? json_array() : NULL;
    int width = 4;
    for (size_t i = 0; i < mech_library_size(library); i++) {
        const int length = (int)strlen(mech_mechanism_id(mech_library_mechanism(library, i)));
        if (length > width) width = length;
    }
    for (size_t i = 0; i < mech_library_size(library); i++)
        list_mechanism(mech_library_mechanism(library, i), width, &t, all);
    return all ? take_json(all, content, error) : mech_text_take(&t, content, error);
}

/* All compositions with up to so many parts beside the cycle. They are composed one by one: there are thousands. */
static mech_status list_compositions(const mech_parts *parts, const arguments *a, mech_format format, char **content,
                                     mech_error *error) {
    text t = {0};
    json_t *all = format == MECH_FORMAT_JSON ? json_array() : NULL;
    char *names = NULL;
    mech_status status = mech_compositions(parts, (size_t)a->most_parts, &names, error);
    for (char *name = names, *end; status == MECH_OK && *name; name = end + 1) {
        mech_mechanism *mechanism = NULL;
        end = strchr(name, '\n');
        *end = '\0';
        status = mech_compose(parts, name, &mechanism, error);
        if (status == MECH_OK) list_mechanism(mechanism, 18, &t, all);
        mech_mechanism_free(mechanism);
    }
    mech_free(names);
    if (status == MECH_OK) return all ? take_json(all, content, error) : mech_text_take(&t, content, error);
    json_decref(all);
    mech_text_free(&t);
    return status;
}

static mech_status list_parts(const mech_parts *parts, mech_format format, char **content, mech_error *error) {
    text t = {0};
    json_t *all = format == MECH_FORMAT_JSON ? json_array() : NULL;
    for (size_t i = 0; i < mech_parts_size(parts); i++) {
        const char *name = mech_parts_name(parts, i), *row = mech_parts_row(parts, i);
        const char *title = mech_parts_title(parts, i);
        if (all)
            json_array_append_new(all, json_pack("{s:s, s:s, s:s}", "part", name, "row", row, "title", title));
        else
            mech_text_format(&t, "%-11s %-4s %s\n", row, name, title);
    }
    return all ? take_json(all, content, error) : mech_text_take(&t, content, error);
}

static mech_status describe(const mech_mechanism *mechanism, mech_format format, char **content, mech_error *error) {
    char *description = NULL;
    mech_status status = mech_mechanism_describe(mechanism, format, &description, error);
    if (status != MECH_OK) return status;
    text t = {0};
    mech_text_add(&t, description);
    mech_free(description);
    if (t.length && t.characters[t.length - 1] != '\n') mech_text_add(&t, "\n");
    return mech_text_take(&t, content, error);
}

static mech_status show(const mech_mechanism *mechanism, size_t format, char **content, mech_error *error) {
    switch (formats[format].showing) {
    case SHOW_DRAWN: {
        const mech_picture_target target = mech_picture_memory(MECH_PICTURE_SVG, content, NULL);
        return mech_draw_mechanism(mechanism, &target, error);
    }
    case SHOW_SBML:
        return mech_mechanism_sbml(mechanism, NULL, content, error);
    case SHOW_FILE:
        return mech_mechanism_text(mechanism, content, error);
    default:
        return describe(mechanism, formats[format].format, content, error);
    }
}

/* The built-in mechanisms, or those of files. */
static mech_status collect(const arguments *a, mech_library *library, mech_error *error) {
    mech_status status = a->files.n ? MECH_OK : mech_library_add_builtin(library, error);
    for (size_t i = 0; i < a->files.n && status == MECH_OK; i++)
        status = mech_library_add_path(library, a->files.texts[i], error);
    return status;
}

static mech_status open_parts(const arguments *a, mech_parts **parts, mech_error *error) {
    mech_status status = mech_parts_new(parts, error);
    if (status == MECH_OK) status = mech_parts_set_coefficient(*parts, a->coefficient, error);
    for (size_t i = 0; i < a->part_files.n && status == MECH_OK; i++)
        status = mech_parts_add_path(*parts, a->part_files.texts[i], error);
    return status;
}

/* Writes what is asked for into *content; the exit status after a message, or -1. */
static int write_content(const arguments *a, size_t format, char **content) {
    mech_parts *parts = NULL;
    mech_library *library = NULL;
    mech_mechanism *composed = NULL;
    mech_error error;
    int result = -1;
    mech_status status = open_parts(a, &parts, &error);
    if (status == MECH_OK) status = mech_library_new(&library, &error);
    if (status == MECH_OK) status = collect(a, library, &error);
    if (status != MECH_OK) goto cleanup;
    const bool lists = a->composed || a->parts || (!a->id && (!a->files.n || mech_library_size(library) > 1));
    const mech_format listed = formats[format].format;
    const mech_mechanism *mechanism = NULL;
    if (lists && !formats[format].lists) {
        result = report_usage("mechanisms", "--format %s shows one mechanism; expected an ID or --mechanism-file",
                              formats[format].name);
        goto cleanup;
    }
    if (lists && formats[format].showing == SHOW_FILE && !a->composed && !a->parts)
        status = mech_library_text(library, content, &error);
    else if (a->parts)
        status = list_parts(parts, listed, content, &error);
    else if (a->composed)
        status = list_compositions(parts, a, listed, content, &error);
    else if (lists)
        status = list_library(library, listed, content, &error);
    else if (a->id && a->files.n && mech_library_find(library, a->id) < 0)
        result = report_usage("mechanisms", "the files have no mechanism '%s'", a->id);
    else if (a->files.n)
        mechanism = mech_library_mechanism(library, a->id ? (size_t)mech_library_find(library, a->id) : 0);
    else if (!(mechanism = mech_builtin_find(a->id)) && mech_compose(parts, a->id, &composed, &error) != MECH_OK)
        result = report_usage("mechanisms", "%s", error.message);
    if (composed) mechanism = composed;
    if (status == MECH_OK && mechanism) status = show(mechanism, format, content, &error);
cleanup:
    mech_mechanism_free(composed);
    mech_library_free(library);
    mech_parts_free(parts);
    return status == MECH_OK ? result : report_error(&error);
}

int command_mechanisms(int argc, char **argv) {
    arguments a = {.output = "-", .coefficient = 1, .most_parts = 3};
    const option options[] = {
        {"--mechanism-file", OPTION_LIST, &a.files, "FILE",
         "show the mechanisms of this file or folder (docs/mechanism-files.md); may be given again"},
        {"--composed", OPTION_FLAG, &a.composed, NULL,
         "list what can be composed of parts (docs/composed-mechanisms.md)"},
        {"--most-parts", OPTION_WHOLE, &a.most_parts, "N",
         "of --composed: parts beside the cycle, at most (default: 3)"},
        {"--parts", OPTION_FLAG, &a.parts, NULL, "list the parts"},
        {"--part-file", OPTION_LIST, &a.part_files, "FILE", "a part of one's own; may be given again"},
        {"--b-coefficient", OPTION_NUMBER, &a.coefficient, "N", "how much B goes into one turnover (default: 1)"},
        {"--format", OPTION_TEXT, &a.format, "FORMAT", "text, json, latex, file, sbml, svg (default: text)"},
        {"--json", OPTION_FLAG, &a.json, NULL, "the same as --format json"},
        {"-o", OPTION_OUTPUT, &a.output, "FILE", "where to write (default: -, standard output)"},
    };
    const command_line line = {
        .usage = "mechanist mechanisms [ID | --mechanism-file FILE] [options]",
        .summary = "Lists the mechanisms of the library; with an ID (M6, or composed: B2+PI+M9) or a file shows the\n"
                   "reactions, rate constants, differential equations, conservation laws and class of one.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .most_arguments = 1,
    };
    size_t n_arguments = 0;
    int usage = parse_command_line(&line, argc, argv, &a.id, &n_arguments);
    if (usage >= 0) return usage;
    if (a.composed + a.parts + (a.id || a.files.n) > 1)
        return report_usage("mechanisms", "--composed, --parts and an ID or --mechanism-file exclude each other");
    if (a.json && a.format && strcmp(a.format, "json") != 0)
        return report_usage("mechanisms", "--json and --format %s exclude each other", a.format);
    if (!a.format) a.format = a.json ? "json" : "text";
    size_t f = 0;
    while (f < sizeof formats / sizeof formats[0] && strcmp(formats[f].name, a.format) != 0) f++;
    if (f == sizeof formats / sizeof formats[0])
        return report_usage("mechanisms", "--format takes text, json, latex, file, sbml or svg, not '%s'", a.format);
    char *content = NULL;
    mech_error error;
    const int result = write_content(&a, f, &content);
    if (result >= 0) return result;
    const mech_status status = mech_file_write(a.output, content, strlen(content), &error);
    mech_free(content);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}
