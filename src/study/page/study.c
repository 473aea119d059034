/* Everything that the published study shows, made anew into one folder. */
#include "study/page/study.h"

#include "base/error.h"
#include "base/files/file.h"
#include "base/interface.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_SAMPLES = 100000000, MOST_RESAMPLES = 1000000 };

void mech_study_options_init(mech_study_options *options, size_t size) {
    const mech_study_options defaults = {.folder = "study", .n_samples = 10000, .resamples = 1000, .seed = 1};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

static mech_status check_options(const mech_study_options *o, mech_error *error) {
    if (!o->folder || !*o->folder || strcmp(o->folder, "-") == 0)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "'%s' names no folder; expected one",
                         o->folder ? o->folder : "");
    if (o->n_samples < 1 || o->n_samples > MOST_SAMPLES)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%zu samples; expected 1 to %d", o->n_samples, MOST_SAMPLES);
    if (o->resamples > MOST_RESAMPLES)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%zu resamples; expected at most %d", o->resamples,
                         MOST_RESAMPLES);
    return MECH_OK;
}

static mech_status make_folders(study *s, mech_error *error) {
    const char *const folders[] = {s->folder, mech_study_text(s, "%s/figures", s->folder),
                                   mech_study_text(s, "%s/tables", s->folder)};
    mech_status status = s->failed ? mech_fail_memory(error) : MECH_OK;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0] && status == MECH_OK; i++)
        status = mech_folder_make(folders[i], error);
    return status;
}

static mech_status make_study(study *s, mech_error *error) {
    mech_status status = make_folders(s, error);
    if (status == MECH_OK) status = mech_study_find_models(s, error);
    if (status == MECH_OK) status = mech_study_prepare_data(s, error);
    if (status == MECH_OK) status = mech_study_judge(s, error);
    if (status == MECH_OK) status = mech_study_draw(s, error);
    if (status == MECH_OK) status = mech_study_write_page(s, error);
    return status;
}

/* What is judged, and on what. */
static const study nothing_yet = {
    .protocols =
        {
            {.protocol = MECH_DESIGN_FIXED_WINDOW,
             .name = "fixed-window",
             .called = "design fixed-window",
             .about = "Every run is followed over the same fixed window, and rate constants come from ten orders of "
                      "magnitude. Many reactions are over before their second point: accuracy is limited by what "
                      "the curves hold. The published figures hold on ranges that were narrowed mechanism by "
                      "mechanism.",
             .n_cells = 1,
             .cells = {{0, 0}}},
            {.protocol = MECH_DESIGN_NATURE,
             .name = "nature",
             .called = "design nature",
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

mech_status mech_study(const mech_study_options *chosen, const mech_progress *progress, char **page,
                       mech_error *error) {
    mech_study_options o = mech_study_options_default();
    study s = nothing_yet;
    text path = {0};
    if (page) *page = NULL;
    mech_status status = mech_take_options(&o, sizeof o, chosen, "mech_study_options", error);
    if (status == MECH_OK) status = check_options(&o, error);
    if (status != MECH_OK) return status;
    s.folder = o.folder;
    s.n_samples = o.n_samples;
    s.resamples = o.resamples;
    s.seed = o.seed;
    s.threads = o.threads;
    s.protocols[0].data = o.fixed_window;
    s.protocols[1].data = o.nature;
    s.protocols[2].data = o.laboratory;
    if (progress) s.progress = *progress;
    s.memory = mech_arena_new();
    status = s.memory ? make_study(&s, error) : mech_fail_memory(error);
    if (status == MECH_OK && page) {
        mech_text_format(&path, "%s/index.html", s.folder);
        status = mech_text_take(&path, page, error);
    }
    free(s.figures);
    mech_study_models_free(&s);
    mech_arena_free(s.memory);
    return status;
}
