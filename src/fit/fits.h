/* What the parts of a fit of a run set share. */
#ifndef MECH_FIT_FITS_H
#define MECH_FIT_FITS_H

#include "base/machine/team.h"
#include "base/memory.h"
#include "fit/evidence/composed/search.h"
#include "fit/posterior/posterior.h"

/* Of the solver, in searches and in sampling. */
static const double FIT_RTOL = 1e-5;

/* An interval this wide, as a ratio, is still a number. */
static const double FIT_WIDEST = 10;

enum { FIT_MOST_WARNINGS = 3 };

/* TOF, TON and half-life. */
enum { FIT_TURNOVERS = 3 };

/* One mechanism on its way. */
typedef struct mechanism_case {
    const mech_mechanism *mechanism;
    double odds;
    const int *choice;  /* of its parts, where it was found by a search; NULL: it was asked for */
    const double *warm; /* where its fit may begin, theta; NULL: not known */
    fit_space space;
    theta_draws draws; /* of what was known beforehand */
    theta_prior prior;
    fit_evidence evidence;
    double approximate; /* its ln by Laplace's approximation, -INFINITY: none found; and the best theta by it */
    double approximate_best[FIT_MOST_THETA];
    const double *best;     /* [space.n]: the best point; belongs to the evidence */
    noise_level noise;      /* there */
    size_t level;           /* of the spreads, likeliest there */
    posterior_draws points; /* whole points of the posterior; none where it is out of reach */
    double drawn;           /* room for what its evidence may be */
    mech_mechanism_fit fit;
    mech_quantity *derived; /* fit.derived, with room for FIT_TURNOVERS more */
    mech_status status;
    mech_error error;
} mechanism_case;

/* What is behind a mech_fits; the public part comes first. */
typedef struct fit_result {
    mech_fits fits;
    mech_run_set *set; /* a copy */
    arena *memory;
    observations data;
    composition_list found;  /* by a search: none of other fits */
    composition_list beyond; /* at most one: the best composition that is not among the cases */
    mech_better_composition better;
    size_t n_cases;
    const mech_mechanism **mechanisms; /* [n_cases]: of the cases, in `memory`; NULL with `ranges` */
    prior *ranges;                     /* of their rate constants; NULL: the wide prior */
    mechanism_case *cases;
    size_t *order;  /* [n_cases]: of the cases by rank */
    double pattern; /* the score of the deviations of the first: mech_posterior_pattern() */
    const char *warnings[FIT_MOST_WARNINGS];
} fit_result;

/* Fits all mechanisms of complete options and weighs them against each other: the cases' probabilities. The caller
 * frees *result, which is NULL where this fails, with mech_fits_free(). */
mech_status mech_fit_weigh(const mech_run_set *set, const mech_fit_options *options, team *t,
                           const mech_progress *progress, fit_result **result, mech_error *error);

/* Deviations, criteria, rate constants, derived quantities and runs of a case whose evidence is known; what they point
 * to goes into `memory`. n_draws: whole points of the posterior that runs are described by. */
mech_status mech_fit_report(mechanism_case *c, size_t n_draws, const char *time_unit, uint64_t seed, size_t stream,
                            arena *memory, mech_error *error);

/* The active catalyst of all runs, over all cases by their probability. */
mech_status mech_fit_active(fit_result *r, uint64_t seed, mech_error *error);

/* What a search says of each part; nothing of other fits. */
mech_status mech_fit_presence(fit_result *r, mech_error *error);

/* Whether any explains the readings. */
mech_status mech_fit_check(fit_result *r, double told_noise, mech_error *error);

/* The classes of mechanisms[n] with the sums of their probabilities[n], most probable first, in `memory`. */
mech_status mech_add_up_classes(size_t n, const mech_mechanism *const *mechanisms, const double *probabilities,
                                arena *memory, const mech_class_probability **classes, size_t *n_classes,
                                mech_error *error);

#endif
