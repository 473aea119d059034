#include "cli/reading/each_experiment.h"

#include <stdio.h>
#include <stdlib.h>

int parse_experiment_files(const command_line *line, int argc, char **argv, experiment_files **files) {
    *files = calloc(1, sizeof **files);
    return *files ? parse_command_line(line, argc, argv, (*files)->paths, &(*files)->n) : report_memory();
}

int each_experiment(const experiment_round *round, const experiment_files *files) {
    const char *const *paths = files->paths;
    const size_t n = files->n, step = are_one_experiment(&files->reading, paths, n) ? n : 1;
    int exit_status = EXIT_DONE;
    bool printed = false;
    for (size_t i = 0; i < sizeof round->for_one / sizeof round->for_one[0] && step < n; i++)
        if (round->for_one[i])
            return report_usage(round->command, "%s goes with one experiment, not with %zu files", round->for_one[i],
                                n);
    for (size_t i = 0; i < n; i += step) {
        text t = {0};
        mech_error error;
        if (round->work(round->request, &files->reading, paths + i, step, &t, &error) != MECH_OK) {
            exit_status = report_error(&error);
        } else if (t.length) {
            if (printed && !round->lines) putchar('\n');
            fputs(t.characters, stdout);
            fflush(stdout); /* the next may take its time */
            printed = true;
        }
        mech_text_free(&t);
    }
    return exit_status;
}
