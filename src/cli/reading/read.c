/* read: what is understood of a kinetic table, before anything is concluded from it. */
#include "base/files/file.h"
#include "cli/options/commands.h"
#include "cli/reading/each_experiment.h"
#include "cli/reading/understood.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct request {
    bool json, save, headers;
    const char *tidy, *figure;
} request;

/* Lists what the columns of one experiment's tables are headed with. */
static mech_status list_headers(const request *r, const experiment_reading *reading, const char *const *paths, size_t n,
                                text *t, mech_error *error) {
    size_t n_headers = 0;
    char **headers = NULL;
    mech_status status = mech_experiment_list_headers(n, paths, &reading->options, &n_headers, &headers, error);
    if (status == MECH_OK && r->json) status = write_headers_json(t, paths[0], n_headers, headers, error);
    for (size_t i = 0; i < n_headers && !r->json; i++) mech_text_format(t, "%s\n", headers[i]);
    if (status == MECH_OK && t->failed) status = mech_fail_memory(error);
    mech_free(headers);
    return status;
}

/* Reads one experiment; *t receives what is to be printed. */
static mech_status read_one(const void *asked, const experiment_reading *reading, const char *const *paths, size_t n,
                            text *t, mech_error *error) {
    const request *r = asked;
    if (r->headers) return list_headers(r, reading, paths, n, t, error);
    mech_experiment *e = NULL;
    text tidy = {0};
    mech_status status = mech_experiment_read_files(n, paths, &reading->options, &e, error);
    if (status == MECH_OK && r->save && n > 1)
        status = mech_fail(error, MECH_INVALID_ARGUMENT,
                           "--save-reading keeps how one table is read, and %zu files were read as one experiment; "
                           "--apart reads each alone",
                           n);
    if (status == MECH_OK && r->json)
        status = write_understood_json(t, paths[0], e, error);
    else if (status == MECH_OK)
        write_understood_text(t, paths[0], e);
    if (status == MECH_OK && r->tidy) write_tidy(&tidy, e);
    if (status == MECH_OK && (t->failed || tidy.failed)) status = mech_fail_memory(error);
    if (status == MECH_OK && r->figure) {
        const mech_picture_target target = mech_picture_file(r->figure);
        status = mech_draw_experiment(e, NULL, &target, error);
    }
    if (status == MECH_OK && r->tidy) status = mech_file_write(r->tidy, tidy.characters, tidy.length, error);
    if (status == MECH_OK && r->save) status = mech_experiment_save_reading(paths[0], &reading->options, NULL, error);
    /* Where the tidy table goes to standard output nothing else does. */
    if (r->tidy && strcmp(r->tidy, "-") == 0) mech_text_free(t);
    mech_text_free(&tidy);
    mech_experiment_free(e);
    return status;
}

int command_read(int argc, char **argv) {
    request r = {.json = false};
    experiment_words words = {0};
    const option options[] = {
        {"--json", OPTION_FLAG, &r.json, NULL, "one JSON object a line for each experiment"},
        {"--headers", OPTION_FLAG, &r.headers, NULL, "list the headers that --columns may name, and nothing else"},
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
    experiment_files *files = NULL;
    int exit_status = parse_experiment_files(&line, argc, argv, &files);
    if (exit_status < 0 && r.figure && strcmp(r.figure, "-") == 0)
        exit_status = report_usage("read", "--figure takes a file; standard output has the runs");
    if (exit_status < 0 && r.headers && (r.tidy || r.figure || r.save))
        exit_status = report_usage("read", "--headers lists headers only; it goes with no %s",
                                   r.tidy     ? "--tidy"
                                   : r.figure ? "--figure"
                                              : "--save-reading");
    if (exit_status < 0) exit_status = understand_experiment_words("read", &words, &files->reading);
    if (exit_status < 0) {
        const experiment_round round = {.command = "read",
                                        .work = read_one,
                                        .request = &r,
                                        .lines = r.json,
                                        .for_one = {r.figure ? "--figure" : NULL, r.tidy ? "--tidy" : NULL}};
        exit_status = each_experiment(&round, files);
    }
    free(files);
    return exit_status;
}
