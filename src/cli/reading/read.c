/* read: what is understood of a kinetic table, before anything is concluded from it. */
#include "base/files/file.h"
#include "cli/options/commands.h"
#include "cli/reading/experiment_options.h"
#include "cli/reading/understood.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FILES = 4096 };

typedef struct request {
    const experiment_reading *reading;
    bool json, save;
    const char *tidy, *figure;
} request;

/* Reads one experiment; *t receives what is to be printed. */
static mech_status read_one(const request *r, const char *const *paths, size_t n, text *t, mech_error *error) {
    mech_experiment *e = NULL;
    text tidy = {0};
    mech_status status = mech_experiment_read_files(n, paths, &r->reading->options, &e, error);
    if (status == MECH_OK && r->json)
        status = write_understood_json(t, paths[0], e, error);
    else if (status == MECH_OK)
        write_understood_text(t, paths[0], e);
    if (status == MECH_OK && r->tidy) write_tidy(&tidy, e);
    if (status == MECH_OK && (t->failed || tidy.failed)) status = mech_fail_memory(error);
    const mech_picture_target figure = mech_picture_file(r->figure);
    if (status == MECH_OK && r->figure) status = mech_draw_experiment(e, NULL, &figure, error);
    if (status == MECH_OK && r->tidy) status = mech_file_write(r->tidy, tidy.characters, tidy.length, error);
    if (status == MECH_OK && r->save)
        status = mech_experiment_save_reading(paths[0], &r->reading->options, NULL, error);
    mech_text_free(&tidy);
    mech_experiment_free(e);
    return status;
}

static int read_all(const request *r, const char *const *paths, size_t n) {
    const size_t step = are_one_experiment(r->reading, paths, n) ? n : 1;
    int exit_status = EXIT_DONE;
    bool printed = false;
    if (step < n && (r->figure || r->tidy))
        return report_usage("read", "%s goes with one experiment, not with %zu files",
                            r->figure ? "--figure" : "--tidy", n);
    for (size_t i = 0; i < n; i += step) {
        text t = {0};
        mech_error error;
        if (read_one(r, paths + i, step, &t, &error) == MECH_OK) {
            if (printed && !r->json) putchar('\n');
            /* Where the tidy table goes to standard output nothing else does. */
            if (!r->tidy || strcmp(r->tidy, "-") != 0) fputs(t.characters, stdout);
            printed = true;
        } else {
            exit_status = report_error(&error);
        }
        mech_text_free(&t);
    }
    return exit_status;
}

int command_read(int argc, char **argv) {
    request r = {.json = false};
    experiment_words words = {0};
    experiment_reading *reading = calloc(1, sizeof *reading);
    const option options[] = {
        {"--json", OPTION_FLAG, &r.json, NULL, "one JSON object a line for each experiment"},
        {"--tidy", OPTION_OUTPUT, &r.tidy, "OUT.csv", "write the long table that needs no help to be read"},
        {"--figure", OPTION_OUTPUT, &r.figure, "FILE", "draw the runs to .svg, .pdf or .png"},
        {"--save-reading", OPTION_FLAG, &r.save, NULL, "keep these options in NAME.mechanist beside the table"},
        EXPERIMENT_OPTIONS(words),
    };
    const command_line line = {
        .usage = "mechanist read FILE... [options]",
        .summary =
            "Reads kinetic tables and workbooks (docs/kinetic-tables.md) and shows what was understood: which column\n"
            "is what, the runs with their starts and loadings, and what was assumed.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .least_arguments = 1,
        .most_arguments = MOST_FILES,
    };
    const char **paths = calloc(MOST_FILES, sizeof *paths);
    size_t n = 0;
    int exit_status = EXIT_CANNOT;
    if (!paths || !reading) {
        exit_status = report_memory();
        goto cleanup;
    }
    exit_status = parse_command_line(&line, argc, argv, paths, &n);
    if (exit_status < 0 && r.figure && strcmp(r.figure, "-") == 0)
        exit_status = report_usage("read", "--figure takes a file; standard output has the runs");
    if (exit_status < 0) exit_status = understand_experiment_words("read", &words, reading);
    if (exit_status < 0) {
        r.reading = reading;
        exit_status = read_all(&r, paths, n);
    }
cleanup:
    free(reading);
    free(paths);
    return exit_status;
}
