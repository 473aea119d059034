/* study: everything that the published study shows, made anew into one folder. */
#include "cli/study/study.h"

#include "cli/options/commands.h"
#include "cli/options/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static mech_status make_folder(const char *path, mech_error *error) {
    struct stat there;
    if (mkdir(path, 0777) == 0) return MECH_OK;
    const int why = errno;
    if (why == EEXIST && stat(path, &there) == 0 && S_ISDIR(there.st_mode)) return MECH_OK;
    return mech_fail(error, MECH_FILE_ERROR, "%s: the folder cannot be made: %s", path,
                     why == EEXIST ? "a file of that name is there" : strerror(why));
}

static mech_status make_folders(study *s, mech_error *error) {
    const char *const folders[] = {s->folder, study_text(s, "%s/figures", s->folder),
                                   study_text(s, "%s/tables", s->folder)};
    mech_status status = s->failed ? mech_fail_memory(error) : MECH_OK;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0] && status == MECH_OK; i++)
        status = make_folder(folders[i], error);
    return status;
}

static mech_status make_study(study *s, mech_error *error) {
    mech_status status = make_folders(s, error);
    if (status == MECH_OK) status = study_find_models(s, error);
    if (status == MECH_OK) status = study_prepare_data(s, error);
    if (status == MECH_OK) status = study_judge(s, error);
    if (status == MECH_OK) status = study_draw(s, error);
    if (status == MECH_OK) status = study_write_page(s, error);
    return status;
}

static int check_options(const study *s) {
    if (!*s->folder || strcmp(s->folder, "-") == 0)
        return report_usage("study", "-o takes a folder, not '%s'", s->folder);
    if (s->n_samples < 1 || s->n_samples > 100000000)
        return report_usage("study", "--samples takes a whole number from 1 to 100000000");
    if (s->resamples > 1000000) return report_usage("study", "--resamples takes at most 1000000");
    return -1;
}

int command_study(int argc, char **argv) {
    study s = {
        .folder = "study",
        .n_samples = 10000,
        .seed = 1,
        .resamples = 1000,
        .protocols =
            {
                {.protocol = MECH_PROTOCOL_SEED,
                 .name = "seed",
                 .called = "protocol seed",
                 .about =
                     "Every run is followed over the same fixed window, and rate constants come from ten orders of "
                     "magnitude. Many reactions are over before their second point: accuracy is limited by what "
                     "the curves hold. The published figures hold on ranges that were narrowed mechanism by "
                     "mechanism.",
                 .n_cells = 1,
                 .cells = {{0, 0}}},
                {.protocol = MECH_PROTOCOL_NATURE,
                 .name = "nature",
                 .called = "protocol nature",
                 .about = "Every run is followed over the course of its own reaction, as a chemist would. The windows "
                          "behind the published figures were chosen in a way that is not public.",
                 .n_cells = 5,
                 .cells = {{6, 0}, {20, 1}, {6, 1}, {2, 1}, {6, 5}}},
                {.name = "laboratory",
                 .called = "design laboratory",
                 .is_design = true,
                 .about = "Experiments as chemists do them: one to eight runs with irregular readings of S, P or both, "
                          "and with errors of loadings, clocks and starts that nobody told. What can be known of "
                          "them differs from one to the next.",
                 .n_cells = 1,
                 .cells = {{0, 0}}},
            },
    };
    const option options[] = {
        {"-o", OPTION_TEXT, &s.folder, "FOLDER", "where to (default: study)"},
        {"--samples", OPTION_WHOLE, &s.n_samples, "N", "test samples of each protocol that are made (default: 10000)"},
        {"--seed-data", OPTION_TEXT, &s.protocols[0].data, "DATA.h5", "judge on the test split of this file instead"},
        {"--nature-data", OPTION_TEXT, &s.protocols[1].data, "DATA.h5", "the same for protocol nature"},
        {"--laboratory-data", OPTION_TEXT, &s.protocols[2].data, "DATA.h5", "the same for the design laboratory"},
        {"--resamples", OPTION_WHOLE, &s.resamples, "N", "of the bootstrap; 0: no intervals (default: 1000)"},
        {"--seed", OPTION_WHOLE, &s.seed, "N", "of data, points, noise and resamples (default: 1)"},
        {"--threads", OPTION_THREADS, &s.threads, "N", "threads (default: all cores)"},
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
    if (usage < 0) usage = check_options(&s);
    if (usage >= 0) return usage;
    mech_error error;
    s.progress = terminal_progress();
    s.memory = mech_arena_new();
    const mech_status status = s.memory ? make_study(&s, &error) : mech_fail_memory(&error);
    terminal_progress_end();
    if (status == MECH_OK) printf("%s/index.html\n", s.folder);
    free(s.figures);
    study_models_free(&s);
    mech_arena_free(s.memory);
    if (status == MECH_STOPPED) {
        fprintf(stderr, "mechanist: %s; the same command goes on\n", error.message);
        return EXIT_CANNOT;
    }
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}
