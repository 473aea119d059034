/* What the command line of plot says, and the kinds of figures that have files of their own. */
#ifndef MECH_CLI_PLOT_REQUEST_H
#define MECH_CLI_PLOT_REQUEST_H

#include "draw/canvas.h"

typedef struct plot_request {
    const char *subject; /* the argument behind the kind; NULL: none */
    const char *mechanism_file, *model, *data, *split, *figure;
    const char *protocol, *prior; /* NULL: not said */
    uint64_t sample, points;
    uint64_t thetas; /* 0: not said */
    uint64_t train_samples, seed;
    double noise; /* in % of [S]0 */
    int threads;
    const mech_experiment_options *experiment;
    picture_target target;
} plot_request;

/* plot_prior.c: rate constants that are accepted, of one mechanism or of all. */
mech_status plot_prior(const plot_request *r, mech_error *error);

/* plot_samples.c: how many samples there are, and how far test samples are from training samples. */
mech_status plot_counts(const plot_request *r, mech_error *error);
mech_status plot_distances(const plot_request *r, mech_error *error);

#endif
