/* Figures of the rate constants that are accepted: those of a data set, or drawn anew. */
#include "study/figures/figures.h"

#include "base/error.h"

#include <strings.h>

/* Thetas that are drawn for each mechanism where nobody says how many: of all of them, of one. */
enum { EACH_OF_ALL = 3000, OF_ONE = 10000 };

/* Draws thetas from the prior as generate does: of the mechanism that is asked for, or of those of the library. */
static mech_status draw_anew(const figure_request *r, mech_mechanism **composed, mech_thetas **thetas,
                             mech_error *error) {
    mech_thetas_options options = mech_thetas_options_default();
    const mech_mechanism *one = NULL;
    if (r->own) {
        const int label = r->of.subject ? mech_library_find(r->own, r->of.subject) : -1;
        options.mechanisms = mech_library_mechanisms(r->own);
        options.n_mechanisms = mech_library_size(r->own);
        if (label >= 0 || options.n_mechanisms == 1)
            one = mech_library_mechanism(r->own, label >= 0 ? (size_t)label : 0);
    } else if (r->of.subject && !(one = mech_builtin_find(r->of.subject))) {
        const mech_status status = mech_compose(NULL, r->of.subject, composed, error);
        if (status != MECH_OK) return status;
        one = *composed;
    }
    if (one) {
        options.mechanisms = &one;
        options.n_mechanisms = 1;
    }
    options.n_thetas = r->of.thetas ? r->of.thetas : one ? OF_ONE : EACH_OF_ALL;
    if (r->of.design) (void)mech_find_sample_design(r->of.design, &options.design);
    if (r->of.prior) options.prior = r->of.prior;
    options.seed = r->of.seed;
    options.threads = r->of.threads;
    return mech_thetas_draw(&options, r->progress, thetas, error);
}

/* The number of a mechanism in the set, or -1. */
static int find(const mech_thetas *thetas, const char *id) {
    for (size_t m = 0; m < mech_thetas_n_mechanisms(thetas); m++)
        if (strcasecmp(mech_mechanism_id(mech_thetas_mechanism(thetas, m)), id) == 0) return (int)m;
    return -1;
}

mech_status mech_figure_prior(figure_request *r, mech_error *error) {
    mech_thetas *thetas = NULL;
    mech_mechanism *composed = NULL;
    mech_status status = r->of.data ? mech_thetas_read(r->of.data, r->of.split, &thetas, error)
                                    : draw_anew(r, &composed, &thetas, error);
    int wanted = !r->of.data && status == MECH_OK && mech_thetas_n_mechanisms(thetas) == 1 ? 0 : -1; /* -1: all */
    if (status == MECH_OK && r->of.data && r->of.subject) {
        wanted = find(thetas, r->of.subject);
        if (wanted < 0)
            status = mech_fail(error, MECH_INVALID_INPUT, "%s: has no mechanism '%s'", r->of.data, r->of.subject);
    }
    if (status == MECH_OK)
        status = wanted >= 0 ? mech_draw_theta_pairs(thetas, (size_t)wanted, r->target, error)
                             : mech_draw_theta_set(thetas, r->target, error);
    mech_thetas_free(thetas);
    mech_mechanism_free(composed);
    return status;
}
