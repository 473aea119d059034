/* The kinds of figures: plot draws one of them, study all. */
#ifndef MECH_CLI_PLOT_PLOT_REQUEST_H
#define MECH_CLI_PLOT_PLOT_REQUEST_H

#include "cli/evaluate/predictions.h"

/* Among how many training samples distances are searched where nobody says. */
enum { SEARCHED_SAMPLES = 200000 };

/* What a figure is drawn of, as plot's command line says it. */
typedef struct plot_request {
    const char *subject; /* the argument behind the kind; NULL: none */
    const char *model, *data, *figure;
    const mech_library *library; /* mechanisms of files; NULL or empty: none */
    const char *split;           /* of prior NULL: the first one that has samples */
    const char *design, *prior;  /* NULL: not said */
    uint64_t sample, points, seed;
    uint64_t thetas; /* 0: not said */
    uint64_t train_samples;
    double noise; /* in % of [S]0 */
    int threads;
    const mech_experiment_options *experiment;
    mech_picture_target target;
} plot_request;

typedef struct plot_kind {
    const char *name;
    mech_status (*plot)(const plot_request *r, mech_error *error);
    const char *subject; /* what the argument behind the kind is, in brackets if it may be missing; NULL: none */
    bool takes_data;
    const char *summary;
} plot_kind;

/* plot.c: whether mechanisms of files are drawn. */
bool plots_own_mechanisms(const plot_request *r);

/* plot.c: the kind of that name, or NULL. */
const plot_kind *find_plot_kind(const char *name);

/* plot_prior.c: rate constants that are accepted, of one mechanism or of all. */
mech_status plot_prior(const plot_request *r, mech_error *error);

/* plot_samples.c: how many samples there are, one of them, and how far test samples are from training samples. */
mech_status plot_profiles(const plot_request *r, mech_error *error);
mech_status plot_counts(const plot_request *r, mech_error *error);
mech_status plot_distances(const plot_request *r, mech_error *error);

/* plot_samples.c: twelve simulated experiments of r->design. */
mech_status plot_designed(const plot_request *r, mech_error *error);

/* plot_judgements.c: what a model is asked for a figure. */
prediction_request asked_of_model(const plot_request *r);

/* plot_judgements.c: the kinds that show several models, r->model being "MODEL,MODEL,...". */
mech_status plot_entropy(const plot_request *r, mech_error *error);
mech_status plot_credible_sets(const plot_request *r, mech_error *error);

#endif
