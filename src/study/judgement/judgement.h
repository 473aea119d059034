/* Judgements of predictions, and the forms in which they are written. */
#ifndef MECH_STUDY_JUDGEMENT_JUDGEMENT_H
#define MECH_STUDY_JUDGEMENT_JUDGEMENT_H

#include "study/predictions/predictions.h"

enum { MOST_SLICES = 48 };

/* The library's own side of mech_judgement, which it begins with. */
typedef struct judgement {
    mech_judgement shown;
    mech_metrics *metrics, *lower, *upper;
    mech_slice slices[MOST_SLICES];
    mech_metrics *of_slices[MOST_SLICES];
    char words[MOST_SLICES][32];
    char *rival;
    mech_mcnemar mcnemar;
} judgement;

/* slices.c: by number of runs, species, noise and loading errors, and whether a run was watched beyond its end, as far
 * as the experiments tell; none of samples. */
mech_status mech_find_slices(const mech_predictions *p, const mech_evaluate_options *options, judgement *j,
                             mech_error *error);

/* The grid that is judged where no other is named: points after t = 0, and noise in % of [S]0. */
enum { N_GRID_POINTS = 8, N_GRID_NOISE = 5 };
extern const double mech_grid_points[N_GRID_POINTS], mech_grid_noise[N_GRID_NOISE];

#endif
