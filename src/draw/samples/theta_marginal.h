/* The distribution of one rate constant among accepted thetas, on a decimal logarithmic axis. */
#ifndef MECH_DRAW_SAMPLES_THETA_MARGINAL_H
#define MECH_DRAW_SAMPLES_THETA_MARGINAL_H

#include "draw/axes/axes.h"
#include "draw/canvas/notation.h"
#include "draw/samples/sample_figures.h"

enum { MARGINAL_BINS = 24 };

typedef struct theta_marginal {
    setting name;                  /* as it is set */
    range logs;                    /* of the prior or, where that is not known, of the thetas */
    double density[MARGINAL_BINS]; /* of equal bins of that range, in units of what a uniform one would have */
    bool has_prior;
} theta_marginal;

/* What the axis is called. */
static const char THETA_AXIS[] = "rate constant (units: [S]_{0} = 1, window = 100)";

/* `logs` is the range where that of the prior is not known; NULL: that of the thetas. */
void mech_find_marginal(const accepted_thetas *thetas, size_t constant, const range *logs, theta_marginal *m);

/* Draws it into the panel, whose x is m->logs and whose y begins at 0: bins, and the prior as a dashed line. */
void mech_draw_marginal(canvas *c, const panel *p, const theta_marginal *m, colour ink);

#endif
