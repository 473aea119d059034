/* mechanisms: what the library brings along, and one mechanism in full. */
#include "cli/options/commands.h"
#include "cli/options/options.h"

#include "base/files/file.h"
#include "base/files/text.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* How one mechanism is shown: described by the library, or drawn. */
static const struct {
    const char *name;
    mech_format format;
    bool drawn, lists; /* whether it is a drawing, and whether all mechanisms can be listed in it */
} formats[] = {{"text", MECH_FORMAT_TEXT, false, true},
               {"json", MECH_FORMAT_JSON, false, true},
               {"latex", MECH_FORMAT_LATEX, false, false},
               {"svg", MECH_FORMAT_TEXT, true, false}};

static mech_status list_as_text(char **content, mech_error *error) {
    text t = {0};
    for (size_t i = 0; i < mech_builtin_count(); i++) {
        const mech_mechanism *mechanism = mech_builtin(i);
        mech_text_format(&t, "%-4s %-13s %s\n", mech_mechanism_id(mechanism),
                         mech_class_name(mech_mechanism_class(mechanism)), mech_mechanism_title(mechanism));
    }
    return mech_text_take(&t, content, error);
}

static mech_status list_as_json(char **content, mech_error *error) {
    json_t *all = json_array();
    for (size_t i = 0; i < mech_builtin_count(); i++) {
        const mech_mechanism *mechanism = mech_builtin(i);
        json_array_append_new(all, json_pack("{s:s, s:s, s:s}", "id", mech_mechanism_id(mechanism), "class",
                                             mech_class_name(mech_mechanism_class(mechanism)), "title",
                                             mech_mechanism_title(mechanism)));
    }
    char *dump = json_dumps(all, JSON_INDENT(2));
    json_decref(all);
    text t = {0};
    if (dump) mech_text_format(&t, "%s\n", dump);
    t.failed |= !dump;
    mech_free(dump);
    return mech_text_take(&t, content, error);
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

int command_mechanisms(int argc, char **argv) {
    const char *id = NULL, *file = NULL, *format_name = NULL, *path = "-";
    bool as_json = false;
    const option options[] = {
        {"--mechanism-file", OPTION_TEXT, &file, "FILE", "show the mechanism in this file (docs/mechanism-files.md)"},
        {"--format", OPTION_TEXT, &format_name, "FORMAT", "text, json, latex, svg (default: text)"},
        {"--json", OPTION_FLAG, &as_json, NULL, "the same as --format json"},
        {"-o", OPTION_OUTPUT, &path, "FILE", "where to write (default: -, standard output)"},
    };
    const command_line line = {
        .usage = "mechanist mechanisms [ID | --mechanism-file FILE] [options]",
        .summary = "Lists the mechanisms of the library; with an ID or a file shows the reactions, rate constants,\n"
                   "differential equations, conservation laws and class of one.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .most_arguments = 1,
    };
    size_t n_arguments = 0;
    int usage = parse_command_line(&line, argc, argv, &id, &n_arguments);
    if (usage >= 0) return usage;
    if (id && file) return report_usage("mechanisms", "an ID and --mechanism-file exclude each other");
    if (as_json && format_name && strcmp(format_name, "json") != 0)
        return report_usage("mechanisms", "--json and --format %s exclude each other", format_name);
    if (!format_name) format_name = as_json ? "json" : "text";
    size_t f = 0;
    while (f < sizeof formats / sizeof formats[0] && strcmp(formats[f].name, format_name) != 0) f++;
    if (f == sizeof formats / sizeof formats[0])
        return report_usage("mechanisms", "--format takes text, json, latex or svg, not '%s'", format_name);
    const bool lists = !id && !file;
    if (lists && !formats[f].lists)
        return report_usage("mechanisms", "--format %s shows one mechanism; expected an ID or --mechanism-file",
                            format_name);

    mech_error error;
    mech_mechanism *read = NULL;
    char *content = NULL;
    const mech_picture_target target = mech_picture_memory(MECH_PICTURE_SVG, &content, NULL);
    const mech_mechanism *mechanism = id ? find_mechanism("mechanisms", id) : NULL;
    if (id && !mechanism) return EXIT_USAGE;
    mech_status status = file ? mech_mechanism_read(file, &read, &error) : MECH_OK;
    if (file) mechanism = read;
    if (status == MECH_OK && !lists && formats[f].drawn)
        status = mech_draw_mechanism(mechanism, &target, &error);
    else if (status == MECH_OK && !lists)
        status = describe(mechanism, formats[f].format, &content, &error);
    if (lists)
        status =
            formats[f].format == MECH_FORMAT_JSON ? list_as_json(&content, &error) : list_as_text(&content, &error);
    if (status == MECH_OK) status = mech_file_write(path, content, strlen(content), &error);
    mech_mechanism_free(read);
    mech_free(content);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}
