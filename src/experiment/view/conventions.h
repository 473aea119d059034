/* From measured runs to what a model sees. */
#ifndef MECH_EXPERIMENT_VIEW_CONVENTIONS_H
#define MECH_EXPERIMENT_VIEW_CONVENTIONS_H

#include "data/conditions/layout.h"
#include "experiment/runs/experiment.h"

enum {
    MODEL_RUNS = N_RUNS,
    MOST_POINTS = 20, /* after t = 0 that the models were trained on */
    MODEL_COLUMNS = SAMPLE_COLUMNS
};

/* A model is not shown larger loadings: single precision ends. */
static const double MOST_LOADING_SHOWN = 1e6;

/* One sample of a model, and how it came about. */
typedef struct model_view {
    size_t order[MODEL_RUNS];    /* the experiment's run that became run 1, 2, 3 and 4 */
    size_t last[MODEL_RUNS];     /* of each of the experiment's runs: the last point that counts */
    size_t n_points;             /* after t = 0, of each run */
    double concentration_unit;   /* [S]0 of run 1 */
    double time_unit;            /* the longest run's last time that counts */
    double loadings[MODEL_RUNS]; /* in concentration units */
    bool own_times;              /* times are in units of each run's own last time */
    bool same_excess;            /* run 4 has another [S]0 than the others */
    float x1[MODEL_RUNS];        /* the loadings */
    float *x2;                   /* [n_points + 1][12]: t, S, P of run 1, ..., t, S, P of run 4; NaN where S or P was
                                    not measured after t = 0; owned */
} model_view;

/* Maps four runs: the one whose [S]0 differs becomes run 4, the others are sorted by loading; for a model of design
 * nature each run ends where its reaction is over (mech_end_of_reaction()), as in training; each is thinned evenly to
 * the same number of points; concentrations are divided by run 1's [S]0, times by the longest run's last time (nature)
 * or each by its own run's (seed). The result does not depend on the order of the runs in the file nor on its units.
 * Fails where there are not four runs, no three of them start alike or none of them shows a reaction. On success, and
 * only then, the caller frees *view with mech_model_view_free(). */
mech_status mech_view_experiment(const mech_experiment *experiment, mech_sample_design sample_design, model_view *view,
                                 mech_error *error);
void mech_model_view_free(model_view *view);

#endif
