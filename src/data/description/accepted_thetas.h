/* Thetas of a set of mechanisms that were accepted (mech_thetas of the public header). */
#ifndef MECH_DATA_DESCRIPTION_ACCEPTED_THETAS_H
#define MECH_DATA_DESCRIPTION_ACCEPTED_THETAS_H

#include "data/prior/thetas.h"
#include "data/reading/dataset_mechanisms.h"

struct mech_thetas {
    dataset_mechanisms known; /* those of the data set, or {0} */
    size_t n;
    const mech_mechanism **mechanisms; /* [n] */
    mech_sample_design design;
    const char *split;        /* of the data set that they are of; NULL: they were drawn */
    bool of_run_sets;         /* they are of a data file of format 2, scaled as its experiments are */
    prior *prior;             /* NULL: not known */
    theta_pool *pools;        /* [n] */
    mech_draw_counts *counts; /* [n]; NULL: they were not drawn */
};

#endif
