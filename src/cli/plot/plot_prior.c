/* Figures of the rate constants that are accepted: those of a data set, or drawn anew. */
#include "cli/options/options.h"
#include "cli/plot/plot_request.h"

#include "base/error.h"

#include <strings.h>

/* Thetas that are drawn for each mechanism where the command line does not say how many: of all of them, of one. */
enum { EACH_OF_ALL = 3000, OF_ONE = 10000 };

/* Draws thetas from the prior as generate does: of the mechanism that is asked for, or of those of the library. */
static mech_status draw_anew(const plot_request *r, mech_mechanism **composed, mech_thetas **thetas,
                             mech_error *error) {
    mech_thetas_options options = mech_thetas_options_default();
    const mech_mechanism *one = NULL;
    if (plots_own_mechanisms(r)) {
        const int label = r->subject ? mech_library_find(r->library, r->subject) : -1;
        if (label >= 0) one = mech_library_mechanism(r->library, (size_t)label);
        options.mechanisms = mech_library_mechanisms(r->library);
        options.n_mechanisms = mech_library_size(r->library);
        if (options.n_mechanisms == 1) one = options.mechanisms[0];
    } else if (r->subject && !(one = mech_builtin_find(r->subject))) {
        const mech_status status = mech_compose(NULL, r->subject, composed, error);
        if (status != MECH_OK) return status;
        one = *composed;
    }
    if (one) {
        options.mechanisms = &one;
        options.n_mechanisms = 1;
    }
    options.n_thetas = r->thetas ? (size_t)r->thetas : one ? OF_ONE : EACH_OF_ALL;
    if (r->design) (void)mech_find_sample_design(r->design, &options.design);
    if (r->prior) options.prior = r->prior;
    options.seed = r->seed;
    options.threads = r->threads;
    const mech_progress progress = terminal_progress();
    const mech_status status = mech_thetas_draw(&options, &progress, thetas, error);
    terminal_progress_end();
    return status;
}

/* The number of a mechanism in the set, or -1. */
static int find(const mech_thetas *thetas, const char *id) {
    for (size_t m = 0; m < mech_thetas_n_mechanisms(thetas); m++)
        if (strcasecmp(mech_mechanism_id(mech_thetas_mechanism(thetas, m)), id) == 0) return (int)m;
    return -1;
}

mech_status plot_prior(const plot_request *r, mech_error *error) {
    mech_thetas *thetas = NULL;
    mech_mechanism *composed = NULL;
    mech_status status =
        r->data ? mech_thetas_read(r->data, r->split, &thetas, error) : draw_anew(r, &composed, &thetas, error);
    int wanted = !r->data && status == MECH_OK && mech_thetas_n_mechanisms(thetas) == 1 ? 0 : -1; /* -1: all */
    if (status == MECH_OK && r->data && r->subject) {
        wanted = find(thetas, r->subject);
        if (wanted < 0) status = mech_fail(error, MECH_INVALID_INPUT, "%s: has no mechanism '%s'", r->data, r->subject);
    }
    if (status == MECH_OK)
        status = wanted >= 0 ? mech_draw_theta_pairs(thetas, (size_t)wanted, &r->target, error)
                             : mech_draw_theta_set(thetas, &r->target, error);
    mech_thetas_free(thetas);
    mech_mechanism_free(composed);
    return status;
}
