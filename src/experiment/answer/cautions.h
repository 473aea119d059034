/* What to beware of when a model answers to measured runs. */
#ifndef MECH_EXPERIMENT_ANSWER_CAUTIONS_H
#define MECH_EXPERIMENT_ANSWER_CAUTIONS_H

#include "experiment/view/conventions.h"

/* What a model was trained on. */
typedef struct training_range {
    mech_sample_design protocol;
    double least_loading, most_loading; /* fractions of [S]0 */
    double most_noise;                  /* standard deviation in units of [S]0 */
    size_t fewest_points;               /* after t = 0 */
} training_range;

/* The ranges that the model's metadata name; those of its protocol where they name none. A file without a protocol
 * holds published weights, which are of protocol seed. */
training_range mech_training_range_of(const mech_model *model);

/* What the same-excess run lacks at its start of the product that would have formed, [P]0 = 1 - [S]0, with which models
 * are trained, in concentration units of the view; 0 where it is as expected or where there is no such run. */
double mech_missing_product(const mech_experiment *experiment, const model_view *view);

/* Adds a sentence for each way in which the runs leave what the model was trained on or contradict themselves. */
void mech_note_cautions(const mech_experiment *experiment, const model_view *view, const training_range *trained,
                        notes *list);

/* The same of a run set that a network of run sets is asked about: what the design that it was trained on has not. */
mech_status mech_note_set_cautions(const mech_run_set *set, const mech_model *model, notes *list, mech_error *error);

/* Adds a sentence where the best fit, that of mechanism `best`, misses the readings by more than noise explains: the
 * reaction may follow another mechanism. deviation: root mean square as a share of the standard [S]0, which is `unit`
 * in the experiment's concentrations; bulk: the same without stray readings, which no noise explains and no mechanism
 * either. */
void mech_note_misfit(const mech_experiment *experiment, double unit, const char *best, double deviation, double bulk,
                      notes *list);

/* Adds a sentence for each two runs that start alike and end further apart than noise explains. */
void mech_note_unlike_runs(const mech_experiment *experiment, double unit, notes *list);

#endif
