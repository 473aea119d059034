/* The learning rate as a function of the step. */
#ifndef MECH_LEARN_OPTIMISER_SCHEDULE_H
#define MECH_LEARN_OPTIMISER_SCHEDULE_H

#include "mechanist.h"

typedef struct schedule {
    mech_schedule shape;
    double peak;    /* the largest learning rate */
    double warm_up; /* share of all steps in which it is reached */
    uint64_t steps; /* all of them */
} schedule;

/* The learning rate of step 0, ..., steps - 1. Constant and cosine rise linearly over the warm-up, whose last step has
 * the peak; cosine then falls to 1 % at the last step. One cycle (Smith & Topin 2019, arXiv 1708.07120, with the half
 * cosines of PyTorch's OneCycleLR) rises from 1/25 of the peak and falls to 1/250,000 of it; without a warm-up its rise
 * takes 30 % of the steps. */
double mech_scheduled_rate(const schedule *s, uint64_t step);

#endif
