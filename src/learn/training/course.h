/* The course of a training: how many steps it has, of which size, at which learning rate, and where weights are judged.
 * All of it follows from options and data, so that a training that is resumed needs only the number of its step. */
#ifndef MECH_LEARN_TRAINING_COURSE_H
#define MECH_LEARN_TRAINING_COURSE_H

#include "learn/batches/batch_sizes.h"
#include "learn/optimiser/schedule.h"
#include "learn/training/training.h"

typedef struct training_course {
    sample_source source;
    batch_sizes sizes;
    uint64_t steps;
    uint64_t an_epoch; /* units (batch_sizes.h) */
    uint64_t interval; /* steps from one validation to the next; 0: an epoch's */
    schedule rates;    /* over units: the share of the samples, not of the steps, sets the rate */
} training_course;

/* MECH_INVALID_INPUT where there are too few samples or steps for batches that grow. The options were checked. */
mech_status mech_course_plan(const mech_train_options *options, const training_data *data, training_course *c,
                             mech_error *error);

/* The learning rate of a step, which counts from 0. */
double mech_course_rate(const training_course *c, uint64_t step);

/* Samples, epochs and passes over the source in the first so many steps; whether weights are judged after them. */
uint64_t mech_course_samples(const training_course *c, uint64_t steps);
double mech_course_epochs(const training_course *c, uint64_t steps);
uint64_t mech_course_passes(const training_course *c, uint64_t steps);
bool mech_course_validates(const training_course *c, uint64_t steps);

#endif
