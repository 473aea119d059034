/* A pool of accepted thetas that is renewed piece by piece. The pool is cut into groups, each of all mechanisms; they
 * are visited in turn, and now and then a group is replaced by a new one before its visit. What a visit finds is a
 * function of its number, so that work can begin anywhere. */
#ifndef MECH_DATA_STREAM_THETA_GROUPS_H
#define MECH_DATA_STREAM_THETA_GROUPS_H

#include "data/prior/thetas.h"

typedef struct theta_group {
    bool drawn;
    uint64_t number;   /* in the order in which groups replace one another */
    uint64_t seed;     /* of its thetas and of the samples made from them */
    theta_pool *pools; /* [n_mechanisms] */
} theta_group;

typedef struct theta_groups_plan {
    const mech_mechanism *const *mechanisms; /* [n_mechanisms] */
    size_t n_mechanisms;
    mech_sample_design sample_design;
    const distribution *additive; /* as in theta_draw */
    uint64_t seed;
    const prior *prior;
    const mech_solver_options *solver;
    const theta_register *excluded; /* thetas that no group may hold */
    team *team;
    size_t n_groups, n_thetas; /* thetas of each mechanism in a group */
    double renewed_a_visit;    /* groups that are replaced from one visit to the next, 0 to 1 or a little more */
} theta_groups_plan;

typedef struct theta_groups theta_groups;

/* What the plan points to outlives the groups. No theta is drawn yet. The caller frees *g. */
mech_status mech_theta_groups_new(const theta_groups_plan *plan, theta_groups **g, mech_error *error);
void mech_theta_groups_free(theta_groups *g);

/* The number of the group that a visit finds. */
uint64_t mech_group_at_visit(const theta_groups_plan *plan, uint64_t visit);

/* The group that a visit finds, drawn if it is not there. It is valid until another group takes its place. Thetas of
 * one group differ from each other and from the excluded ones. MECH_STOPPED where the progress object asks for it;
 * done_before and total are for its report. Adds what was drawn to counts[n_mechanisms]. */
mech_status mech_theta_groups_visit(theta_groups *g, uint64_t visit, const mech_progress *progress, size_t done_before,
                                    size_t total, const theta_group **found, mech_draw_counts *counts,
                                    mech_error *error);

#endif
