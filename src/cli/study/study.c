/* study: everything that the published study shows, made anew into one folder. */
#include "cli/evaluate/shipped_models.h"
#include "cli/options/commands.h"
#include "cli/options/options.h"

#include <stdio.h>
#include <string.h>

static int check_options(const mech_study_options *o, uint64_t n_samples, uint64_t resamples) {
    if (!*o->folder || strcmp(o->folder, "-") == 0)
        return report_usage("study", "-o takes a folder, not '%s'", o->folder);
    if (n_samples < 1 || n_samples > 100000000)
        return report_usage("study", "--samples takes a whole number from 1 to 100000000");
    if (resamples > 1000000) return report_usage("study", "--resamples takes at most 1000000");
    return -1;
}

int command_study(int argc, char **argv) {
    mech_study_options o = mech_study_options_default();
    uint64_t n_samples = o.n_samples, resamples = o.resamples;
    const option options[] = {
        {"-o", OPTION_TEXT, &o.folder, "FOLDER", "where to (default: study)"},
        {"--samples", OPTION_WHOLE, &n_samples, "N", "test samples of each design that are made (default: 10000)"},
        {"--fixed-window-data", OPTION_TEXT, &o.fixed_window, "DATA.h5",
         "judge design fixed-window on the test split of this file instead"},
        {"--nature-data", OPTION_TEXT, &o.nature, "DATA.h5", "the same for design nature"},
        {"--laboratory-data", OPTION_TEXT, &o.laboratory, "DATA.h5", "the same for design laboratory"},
        {"--seed-data", OPTION_TEXT, &o.fixed_window, "DATA.h5", "older name of --fixed-window-data"},
        {"--resamples", OPTION_WHOLE, &resamples, "N", "of the bootstrap; 0: no intervals (default: 1000)"},
        {"--seed", OPTION_WHOLE, &o.seed, "N", "of data, points, noise and resamples (default: 1)"},
        {"--threads", OPTION_THREADS, &o.threads, "N", "threads (default: all cores)"},
    };
    const command_line line = {
        .usage = "mechanist study [-o FOLDER] [options]",
        .summary =
            "Makes every table and figure of the published study, and the grid of points and noise, for the shipped\n"
            "networks: test data, tables, figures, and the page FOLDER/index.html with all of them and the commands\n"
            "that made them (docs/study.md). Run again, it takes up what is there.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
    };
    size_t n_arguments = 0;
    int usage = parse_command_line(&line, argc, argv, NULL, &n_arguments);
    if (usage < 0) usage = check_options(&o, n_samples, resamples);
    if (usage >= 0) return usage;
    o.n_samples = (size_t)n_samples;
    o.resamples = (size_t)resamples;
    mech_error error;
    char *page = NULL;
    const mech_progress progress = terminal_progress();
    mech_shipped_models *shipped = NULL;
    mech_status status = read_shipped_models(&shipped, &error);
    mech_shipped_models_free(shipped);
    if (status == MECH_OK) status = mech_study(&o, &progress, &page, &error);
    terminal_progress_end();
    if (status == MECH_OK) printf("%s\n", page);
    mech_free(page);
    if (status == MECH_STOPPED) {
        fprintf(stderr, "mechanist: %s; the same command goes on\n", error.message);
        return EXIT_CANNOT;
    }
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}
