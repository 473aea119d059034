#include "study/figures/figures.h"

#include "base/error.h"
#include "base/interface.h"

#include <string.h>

/* Among how many training samples distances are searched where nobody says. */
enum { SEARCHED_SAMPLES = 200000 };

void mech_figure_options_init(mech_figure_options *options, size_t size) {
    const mech_figure_options defaults = {.figure = "top1", .train_samples = SEARCHED_SAMPLES, .seed = 1};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

static mech_status draw_mechanisms(figure_request *r, mech_error *error) {
    return mech_draw_mechanisms(r->target, error);
}

static mech_status draw_mechanism(figure_request *r, mech_error *error) {
    mech_mechanism *mechanism = NULL;
    if (r->own) {
        if (!r->of.subject && mech_library_size(r->own) > 1)
            return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: has %zu mechanisms; expected the ID of one of them",
                             r->of.mechanism_file, mech_library_size(r->own));
        const int label = r->of.subject ? mech_library_find(r->own, r->of.subject) : 0;
        return mech_draw_mechanism(mech_library_mechanism(r->own, (size_t)label), r->target, error);
    }
    mech_status status = mech_compose(NULL, r->of.subject, &mechanism, error);
    if (status == MECH_OK) status = mech_draw_mechanism(mechanism, r->target, error);
    mech_mechanism_free(mechanism);
    return status;
}

static mech_status draw_experiment(figure_request *r, mech_error *error) {
    mech_experiment *experiment = NULL;
    if (r->of.design) return mech_figure_designed(r, error);
    mech_status status = mech_experiment_read(r->of.subject, r->of.experiment, &experiment, error);
    if (status == MECH_OK) status = mech_draw_experiment(experiment, NULL, r->target, error);
    mech_experiment_free(experiment);
    return status;
}

static mech_status draw_grid(figure_request *r, mech_error *error) {
    mech_grid *grid = NULL;
    mech_status status = mech_grid_read(r->of.subject, r->of.figure, &grid, error);
    if (status == MECH_OK) status = mech_draw_grid(grid, r->of.figure, r->target, error);
    mech_grid_free(grid);
    return status;
}

static mech_status draw_solver(figure_request *r, mech_error *error) { return mech_draw_solver(r->target, error); }

/* What may take the place of a subject. */
typedef enum instead { NOTHING, A_MECHANISM_FILE, A_MODEL, A_DESIGN } instead;

static const struct kind {
    mech_figure_kind shown;
    draw_kind *draw;
    instead instead;
} kinds[] = {
    {{"mechanisms", NULL, false, "the mechanisms of the library in their classes"}, draw_mechanisms, NOTHING},
    {{"network", "ID", false, "one mechanism, also of --mechanism-file"}, draw_mechanism, A_MECHANISM_FILE},
    {{"experiment", "FILE", false, "measured runs of a kinetic table, or twelve simulated ones of a --design"},
     draw_experiment,
     A_DESIGN},
    {{"architecture", "NETWORK", false, "the layers of a network, or of a --model"}, mech_figure_architecture, A_MODEL},
    {{"history", "MODEL.history.csv,...", false, "loss and accuracy while a network was trained"},
     mech_figure_history,
     NOTHING},
    {{"counts", NULL, true, "samples by mechanism in the splits of --data"}, mech_figure_counts, NOTHING},
    {{"prior", "[ID]", false, "accepted rate constants, drawn anew or of --data; of one ID with all pairs"},
     mech_figure_prior,
     NOTHING},
    {{"distances", NULL, true, "from samples of --data to the nearest training sample"},
     mech_figure_distances,
     NOTHING},
    {{"profiles", NULL, true, "the runs of one --sample of --data"}, mech_figure_profiles, NOTHING},
    {{"confusion", NULL, true, "what a --model takes the samples of --data for"}, mech_figure_confusion, NOTHING},
    {{"grid", "GRID.csv", false, "a --figure of a table that evaluate --grid --csv wrote"}, draw_grid, NOTHING},
    {{"reliability", NULL, true, "how often a --model is right against how sure it is"},
     mech_figure_reliability,
     NOTHING},
    {{"entropy", NULL, true, "how sure one or more --model are when right and when wrong"},
     mech_figure_entropy,
     NOTHING},
    {{"credible-sets", NULL, true, "sizes of the credible sets of one or more --model"},
     mech_figure_credible_sets,
     NOTHING},
    {{"solver", NULL, false, "five textbook reactions, integrated"}, draw_solver, NOTHING},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

const mech_figure_kind *mech_figure_kind_at(size_t index) { return index < N_KINDS ? &kinds[index].shown : NULL; }

static const struct kind *find_kind(const char *name) {
    for (size_t i = 0; i < N_KINDS; i++)
        if (strcmp(kinds[i].shown.name, name) == 0) return &kinds[i];
    return NULL;
}

/* Whether all is there that the kind needs. */
static mech_status check_request(const struct kind *kind, const mech_figure_options *of, mech_error *error) {
    const char *in_place = kind->instead == A_MECHANISM_FILE ? of->mechanism_file
                           : kind->instead == A_MODEL        ? of->model
                           : kind->instead == A_DESIGN       ? of->design
                                                             : NULL;
    if (kind->shown.subject && kind->shown.subject[0] != '[' && !of->subject && !in_place)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%s needs a subject; expected %s", kind->shown.name,
                         kind->shown.subject);
    if (kind->shown.takes_data && !of->data)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%s needs a data file", kind->shown.name);
    return MECH_OK;
}

/* The mechanisms of files, among which the subject is, if there is one. */
static mech_status read_own(figure_request *r, bool names_one, mech_error *error) {
    if (!r->of.mechanism_file) return MECH_OK;
    mech_status status = mech_library_new(&r->own, error);
    if (status == MECH_OK) status = mech_library_add_path(r->own, r->of.mechanism_file, error);
    if (status == MECH_OK && !mech_library_size(r->own))
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: has no mechanisms; expected one", r->of.mechanism_file);
    if (status == MECH_OK && names_one && r->of.subject && mech_library_find(r->own, r->of.subject) < 0)
        status =
            mech_fail(error, MECH_INVALID_INPUT, "%s: has no mechanism '%.60s'", r->of.mechanism_file, r->of.subject);
    return status;
}

mech_status mech_draw_figure(const char *name, const mech_figure_options *options, const mech_progress *progress,
                             const mech_picture_target *target, char **notes, mech_error *error) {
    figure_request r = {.of = mech_figure_options_default(), .target = target, .progress = progress};
    const struct kind *kind = find_kind(name);
    if (notes) *notes = NULL;
    if (!kind) return mech_fail(error, MECH_INVALID_ARGUMENT, "there is no figure of kind '%.40s'", name);
    mech_status status = mech_take_options(&r.of, sizeof r.of, options, "mech_figure_options", error);
    if (status == MECH_OK) status = check_request(kind, &r.of, error);
    if (status != MECH_OK) return status;
    if (!r.of.split && kind->draw != mech_figure_prior) r.of.split = "test";
    if (!r.of.figure) r.of.figure = "top1";
    status = read_own(&r, kind->draw == draw_mechanism || kind->draw == mech_figure_prior, error);
    if (status == MECH_OK) status = kind->draw(&r, error);
    mech_library_free(r.own);
    if (notes && r.notes.length && !r.notes.failed && mech_text_take(&r.notes, notes, NULL) == MECH_OK) return status;
    mech_text_free(&r.notes);
    return status;
}
