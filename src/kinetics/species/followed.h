/* The runs of a set as a kinetic analysis sees them: extents by time, and what the rate could depend on. */
#ifndef MECH_KINETICS_SPECIES_FOLLOWED_H
#define MECH_KINETICS_SPECIES_FOLLOWED_H

#include "base/memory.h"
#include "kinetics/course/course.h"
#include "kinetics/species/remarks.h"

enum { MOST_SPECIES = COURSE_MOST_TERMS, MOST_FOLLOWED = 60 /* readings of a run */ };

/* A species that a rate law could have. */
typedef struct kinetic_species {
    const char *name;
    mech_order_of of;
    double start[MECH_MOST_RUNS]; /* by run of the set; NaN: not known */
    double consumed;              /* with one unit of extent; negative: formed */
    double reference;             /* concentrations count in units of it: the largest start */
    double least;                 /* counts as no smaller than this: what readings cannot tell from nothing */
    bool known;                   /* its start is known in all runs that are used */
    bool varies;                  /* and differs between two of them */
} kinetic_species;

typedef struct followed_run {
    bool used, product; /* product: what was read; else the substrate */
    const mech_run *run;
    size_t n;                            /* the first is the start */
    double *time, *extent;               /* in the units of the set */
    double *scaled_time, *scaled_extent; /* in units of the set's time and axis below */
    size_t n_active;                     /* active catalyst as a share of what was weighed in, by the smooth extent */
    double *active_extent, *active_log;
} followed_run;

typedef struct followed_set {
    const mech_run_set *set;
    size_t n_runs, n_species;
    followed_run runs[MECH_MOST_RUNS];
    kinetic_species species[MOST_SPECIES];
    double axis, time; /* the largest extent and the longest time of runs that are used */
} followed_set;

/* Reads extents and species out of a run set; arrays come from `memory`, sentences go to `remarks`. MECH_INVALID_INPUT
 * where no run can be used. */
mech_status mech_follow_runs(const mech_run_set *set, char follow, arena *memory, remark_list *remarks,
                             followed_set *followed, mech_error *error);

/* A problem of some of the runs, runs[n_runs], with some of the species as terms, species[n_species]. What runs out
 * first is added as a last term where it is not among them: it gives the common function its fall. Runs start on the
 * axis where S stands in them, below the highest [S]0 of these runs, with on_substrate; else all at 0. */
void mech_followed_problem(const followed_set *followed, size_t n_runs, const size_t *runs, size_t n_species,
                           const size_t *species, bool on_substrate, course_problem *problem);

/* Whether amounts of a species in two runs are the same within what a chemist would call so: 2 % of the larger one, or
 * of `scale` where that is more. */
bool mech_same_amount(double a, double b, double scale);

#endif
