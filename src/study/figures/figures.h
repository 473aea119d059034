/* The kinds of figures: mech_draw_figure() draws one of them, a study all. */
#ifndef MECH_STUDY_FIGURES_FIGURES_H
#define MECH_STUDY_FIGURES_FIGURES_H

#include "study/predictions/predictions.h"

/* One figure that is asked for. */
typedef struct figure_request {
    mech_figure_options of;
    const mech_picture_target *target;
    const mech_progress *progress; /* NULL: nobody listens */
    mech_library *own;             /* mechanisms of files; NULL: none */
    text notes;                    /* what to mind, a sentence a line */
} figure_request;

typedef mech_status draw_kind(figure_request *r, mech_error *error);

/* of_prior.c: rate constants that are accepted, of one mechanism or of all. */
draw_kind mech_figure_prior;

/* of_samples.c: how many samples there are, one of them, and how far test samples are from training samples. */
draw_kind mech_figure_profiles, mech_figure_counts, mech_figure_distances;

/* of_samples.c: twelve simulated experiments of the design. */
draw_kind mech_figure_designed;

/* of_models.c: what a model makes of samples. */
draw_kind mech_figure_confusion, mech_figure_reliability;

/* of_models.c: the same of several models, "MODEL,MODEL,...". */
draw_kind mech_figure_entropy, mech_figure_credible_sets;

/* of_training.c: the layers of a network, and how one learned or several did. */
draw_kind mech_figure_architecture, mech_figure_history;

#endif
