/* How probable a run set is under a mechanism: the integral of likelihood and prior over theta, noise and the errors of
 * the experiment. The errors are integrated out in closed form (fit/likelihood/errors.h) while the rest is sampled: by
 * importance sampling from the prior and from mixtures of Student's t about the optima, adapted up to five times to
 * what was found (Cornuet, Marin, Mira & Robert, Scand. J. Stat. 39 (2012) 798). The closed form takes readings for
 * normal; in the end each sample draws its errors from it and is weighed by its likelihood itself, which makes the
 * evidence exact up to its numerical error (Tran, Scharth, Pitt & Kohn, arXiv:1309.3339). Or all is Laplace's
 * approximation. */
#ifndef MECH_FIT_EVIDENCE_EVIDENCE_H
#define MECH_FIT_EVIDENCE_EVIDENCE_H

#include "fit/likelihood/levels.h"
#include "fit/optima/optima.h"

#include <math.h>

enum {
    EVIDENCE_MOST_OPTIMA = 4,
    EVIDENCE_MOST_SCOUTS = 24,
    EVIDENCE_MOST_MODES = EVIDENCE_MOST_OPTIMA + EVIDENCE_MOST_SCOUTS,
    EVIDENCE_MOST_SAMPLED = FIT_MOST_THETA + 2
};

/* One optimum, or the end of a scout, with what is known about it. */
typedef struct fit_mode {
    optimum at;
    error_normal normal; /* of errors and theta */
    double log_evidence; /* Laplace's approximation; of a scout ln of the posterior beside the best optimum's */
    double
        *precision[2]; /* [n_theta][n_theta]: Cholesky factors of theta's, under the likeliest and the loosest level */
    double *centre[2]; /* [n_theta] */
    size_t likeliest;  /* level */
} fit_mode;

/* A sample of the posterior: theta, then, where noise is not told, ln of its two parts. */
typedef struct fit_sample {
    double at[EVIDENCE_MOST_SAMPLED];
    double log_target, log_weight;
    double log_prior;   /* of theta and noise */
    double log_mixture; /* what the components together would have drawn it with */
    double log_likely;  /* the likelihood to second order at its errors */
    size_t mode;        /* the nearest optimum */
    size_t level;       /* of the evidence's, under which its errors were drawn */
    bool exact;         /* whether correction is known */
    double correction;  /* the likelihood itself over its closed form at the errors drawn, as ln; 0: not known */
} fit_sample;

typedef struct fit_evidence {
    const fit_space *space;
    const theta_prior *prior;
    const error_levels *all_levels;
    bool noise_is_told, found; /* found: false where no simulation came to its end */
    size_t n_optima, n_modes;  /* scouts stand behind the optima */
    fit_mode modes[EVIDENCE_MOST_MODES];
    double *scouts;             /* [EVIDENCE_MOST_SCOUTS][n_theta]: where they begin */
    error_levels *levels;       /* those of all_levels that matter here */
    double log_evidence, error; /* error: standard error of the logarithm; INFINITY of Laplace's approximation */
    size_t n_samples;
    fit_sample *samples; /* [n_samples]; NULL: none */
    double *errors;      /* [n_samples][space->n_errors]: a draw of what they may be at each sample */
    double effective;    /* as many independent ones they are worth */
    /* What they were drawn from: components, and the prior with a share of its own. */
    size_t n_components, generation, n_inherited; /* the last generation begins at, and so many have offspring */
    struct proposal *components;
    double from_prior;
    size_t n_rounds; /* of sampling so far */
} fit_evidence;

/* ln(exp(a) + exp(b)). */
static inline double mech_add_logarithms(double a, double b) {
    const double most = fmax(a, b);
    return most > -INFINITY ? most + log(exp(a - most) + exp(b - most)) : -INFINITY;
}

/* Searches and approximates: log_evidence is Laplace's. Freed with mech_fit_evidence_free() in any case. */
mech_status mech_fit_evidence_new(const optima_request *q, const error_levels *levels, fit_evidence *e,
                                  mech_error *error);
void mech_fit_evidence_free(fit_evidence *e);

/* Sends the scouts out: where the readings leave a valley, samples are drawn along it. q as it was for the evidence. */
mech_status mech_fit_evidence_scout(const optima_request *q, fit_evidence *e, mech_error *error);

/* Samples that are worth fewer than this tell little of the evidence. */
static const double FEW_EFFECTIVE = 25;

/* Samples: log_evidence and its error are those of importance sampling. The first rounds, and then more until the
 * samples are worth so many independent ones or are `most`; beyond that while they are worth few. What was sampled
 * before is kept, so that it can be called again to ask for more. A function of seed and `stream`. */
mech_status mech_fit_evidence_sample(fit_evidence *e, double rtol, double worth, size_t most, uint64_t seed,
                                     size_t stream, mech_error *error);

/* Where samples are worth so few, draws of chains that start from these come in their place (fit/evidence/chain.h); the
 * evidence stays what it is, and no more can be sampled. */
mech_status mech_fit_evidence_move(fit_evidence *e, double rtol, uint64_t seed, size_t stream, mech_error *error);

/* Samples from Laplace's approximation itself, all alike in weight, where an evidence of that kind is enough. */
mech_status mech_fit_evidence_approximate(fit_evidence *e, uint64_t seed, size_t stream, mech_error *error);

/* The noise that a sample stands for. */
noise_level mech_fit_sample_noise(const fit_evidence *e, const fit_sample *sample);

/* Fills x[space->n] with a sample's theta and errors. */
void mech_fit_sample_point(const fit_evidence *e, size_t sample, double *x);

#endif
