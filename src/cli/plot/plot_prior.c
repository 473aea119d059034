/* Figures of the rate constants that are accepted: those of a data set, or drawn anew. */
#include "cli/options/options.h"
#include "cli/plot/plot_request.h"

#include "base/error.h"
#include "base/memory.h"
#include "data/conditions/protocol.h"
#include "data/dataset/dataset.h"
#include "data/reading/dataset_mechanisms.h"
#include "data/reading/distinct_thetas.h"
#include "draw/canvas/notation.h"
#include "draw/samples/sample_figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Thetas that are drawn for each mechanism where the command line does not say how many: of all of them, of one. */
enum { EACH_OF_ALL = 3000, OF_ONE = 10000 };

/* The thetas of a set of mechanisms. */
typedef struct theta_set {
    dataset_mechanisms known; /* those of the data set, or {0} */
    mech_mechanism *own;      /* the user's, or NULL */
    size_t n;
    const mech_mechanism **mechanisms; /* [n] */
    mech_protocol protocol;
    prior *prior;             /* NULL: not known */
    theta_pool *pools;        /* [n] */
    mech_draw_counts *counts; /* [n]; NULL: they were not drawn */
} theta_set;

static void free_theta_set(theta_set *set) {
    for (size_t m = 0; set->pools && m < set->n; m++) mech_theta_pool_free(&set->pools[m]);
    mech_release_array(set->pools);
    mech_release_array(set->counts);
    mech_release_array(set->mechanisms);
    mech_prior_free(set->prior);
    mech_mechanism_free(set->own);
    mech_dataset_mechanisms_free(&set->known);
}

/* The mechanisms of the data set, or the one that is asked for, or those of the library. */
static mech_status choose_mechanisms(const plot_request *r, theta_set *set, mech_error *error) {
    mech_status status = MECH_OK;
    if (r->data)
        status = mech_dataset_mechanisms_read(r->data, &set->known, error);
    else if (r->subject && !mech_builtin_find(r->subject))
        status = mech_compose(NULL, r->subject, &set->own, error);
    else if (r->mechanism_file)
        status = mech_mechanism_read(r->mechanism_file, &set->own, error);
    if (status != MECH_OK) return status;
    set->n = r->data ? set->known.n : set->own || r->subject ? 1 : mech_builtin_count();
    set->mechanisms = mech_allocate_array(set->n, sizeof(const mech_mechanism *));
    set->pools = mech_allocate_array(set->n, sizeof *set->pools);
    if (!set->mechanisms || !set->pools) return mech_fail_memory(error);
    for (size_t m = 0; m < set->n; m++)
        set->mechanisms[m] = r->data      ? set->known.of[m]
                             : set->own   ? set->own
                             : r->subject ? mech_builtin_find(r->subject)
                                          : mech_builtin(m);
    return MECH_OK;
}

static mech_status draw_each(const plot_request *r, size_t n_thetas, team *t, const mech_progress *progress,
                             theta_set *set, mech_error *error) {
    const mech_solver_options solver = mech_solver_options_default();
    theta_register taken = {0};
    mech_status status = MECH_OK;
    for (size_t m = 0; m < set->n && status == MECH_OK; m++) {
        const theta_draw draw = {.mechanism = set->mechanisms[m],
                                 .label = m,
                                 .split = SPLIT_TRAIN,
                                 .protocol = set->protocol,
                                 .seed = r->seed,
                                 .prior = set->prior,
                                 .solver = &solver,
                                 .team = t,
                                 .progress = progress,
                                 .done_before = m * n_thetas,
                                 .total = set->n * n_thetas};
        status = mech_draw_thetas(&draw, n_thetas, &taken, &set->pools[m], &set->counts[m], error);
    }
    mech_theta_register_free(&taken);
    return status;
}

/* Draws thetas from the prior as generate does. */
static mech_status draw_anew(const plot_request *r, theta_set *set, mech_error *error) {
    const size_t n_thetas = r->thetas ? (size_t)r->thetas : set->n > 1 ? EACH_OF_ALL : OF_ONE;
    set->protocol = MECH_PROTOCOL_NATURE;
    if (r->protocol) (void)mech_find_protocol(r->protocol, &set->protocol);
    set->counts = mech_allocate_array(set->n, sizeof *set->counts);
    if (!set->counts) return mech_fail_memory(error);
    mech_status status = mech_prior_new(r->prior ? r->prior : "wide", set->mechanisms, set->n, &set->prior, error);
    if (status != MECH_OK) return status;
    team *t = mech_team_new(r->threads);
    if (!t) return mech_fail_memory(error);
    const mech_progress progress = terminal_progress();
    status = draw_each(r, n_thetas, t, &progress, set, error);
    terminal_progress_end();
    mech_team_free(t);
    return status;
}

/* Takes the thetas of the training split. */
static mech_status take_from_data(const plot_request *r, theta_set *set, mech_error *error) {
    char *words = NULL, *ranges = NULL;
    mech_status status = mech_distinct_thetas(r->data, SPLIT_TRAIN, set->n, set->pools, error);
    if (status == MECH_OK) status = mech_dataset_attribute(r->data, "protocol", &words, error);
    if (status == MECH_OK) status = mech_dataset_attribute(r->data, "prior", &ranges, error);
    if (status == MECH_OK && ranges)
        status = mech_prior_parse(ranges, "prior of the data set", set->mechanisms, set->n, &set->prior, error);
    set->protocol = MECH_PROTOCOL_SEED;
    if (words) (void)mech_find_protocol(words, &set->protocol);
    mech_free(words);
    mech_free(ranges);
    return status;
}

static accepted_thetas thetas_of(const theta_set *set, size_t m) {
    const theta_pool *pool = &set->pools[m];
    return (accepted_thetas){
        .mechanism = set->mechanisms[m],
        .n = pool->n,
        .n_k = pool->n_k,
        .k = pool->k,
        .ranges = set->prior ? mech_prior_ranges(set->prior, m) : NULL,
        .accepted_share = set->counts ? (double)set->counts[m].accepted / (double)set->counts[m].candidates : NAN};
}

static mech_status draw_one(const theta_set *set, size_t m, picture_target target, mech_error *error) {
    const accepted_thetas thetas = thetas_of(set, m);
    char what[640], origin[400];
    if (!thetas.n)
        return mech_fail(error, MECH_INVALID_INPUT, "there are no thetas of %s", mech_mechanism_id(thetas.mechanism));
    const char *noun = thetas.n == 1 ? "theta" : "thetas";
    if (set->counts)
        snprintf(origin, sizeof origin, "%s accepted %s of %s candidates (%s %%)", mech_set_count(thetas.n).words, noun,
                 mech_set_count(set->counts[m].candidates).words,
                 mech_set_number(100 * thetas.accepted_share, 2).words);
    else
        snprintf(origin, sizeof origin, "%s %s of the training split", mech_set_count(thetas.n).words, noun);
    snprintf(what, sizeof what, "Rate constants: %s, protocol %s.%s", origin, mech_protocol_name(set->protocol),
             set->prior ? " Dashed: the prior." : "");
    return mech_draw_prior_pairs(&thetas, what, target, error);
}

static mech_status draw_all(const theta_set *set, picture_target target, mech_error *error) {
    accepted_thetas *thetas = mech_allocate_array(set->n, sizeof *thetas);
    size_t least = SIZE_MAX, most = 0, n = 0;
    char what[640], numbers[220];
    if (!thetas) return mech_fail_memory(error);
    for (size_t m = 0; m < set->n; m++) {
        const accepted_thetas of = thetas_of(set, m);
        if (!of.n) continue;
        least = of.n < least ? of.n : least;
        most = of.n > most ? of.n : most;
        thetas[n++] = of;
    }
    snprintf(numbers, sizeof numbers, "%s%s%s", mech_set_count(least).words, least < most ? " to " : "",
             least < most ? mech_set_count(most).words : "");
    snprintf(what, sizeof what, "%s %s%s of each mechanism%s, protocol %s.%s%s", numbers,
             set->counts ? "accepted " : "", most == 1 ? "theta" : "thetas",
             set->counts ? "" : " in the training split", mech_protocol_name(set->protocol),
             set->prior ? " Dashed: the prior." : "",
             set->counts ? " Below each name: accepted share of the candidates." : "");
    mech_status status = mech_draw_prior(thetas, n, what, target, error);
    mech_release_array(thetas);
    return status;
}

mech_status plot_prior(const plot_request *r, mech_error *error) {
    theta_set set = {0};
    int wanted = r->subject || r->mechanism_file ? 0 : -1; /* -1: all */
    mech_status status = choose_mechanisms(r, &set, error);
    if (status == MECH_OK && r->data && r->subject) {
        wanted = mech_dataset_mechanisms_find(&set.known, r->subject);
        if (wanted < 0) status = mech_fail(error, MECH_INVALID_INPUT, "%s: has no mechanism '%s'", r->data, r->subject);
    }
    if (status == MECH_OK) status = r->data ? take_from_data(r, &set, error) : draw_anew(r, &set, error);
    if (status == MECH_OK)
        status = wanted >= 0 ? draw_one(&set, (size_t)wanted, r->target, error) : draw_all(&set, r->target, error);
    free_theta_set(&set);
    return status;
}
