#include "data/stream/theta_groups.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

struct theta_groups {
    theta_groups_plan plan;
    theta_group *places; /* [n_groups] */
};

/* Groups 0, ..., n_groups - 1 are the first ones; group g stands in place g modulo n_groups. */
uint64_t mech_group_at_visit(const theta_groups_plan *plan, uint64_t visit) {
    const uint64_t place = visit % plan->n_groups;
    const uint64_t begun = plan->n_groups + (uint64_t)floor((double)visit * plan->renewed_a_visit);
    return place + (begun - 1 - place) / plan->n_groups * plan->n_groups;
}

static void empty(const theta_groups *g, theta_group *group) {
    for (size_t m = 0; group->pools && m < g->plan.n_mechanisms; m++) mech_theta_pool_free(&group->pools[m]);
    group->drawn = false;
}

mech_status mech_theta_groups_new(const theta_groups_plan *plan, theta_groups **g, mech_error *error) {
    *g = NULL;
    theta_groups *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    made->plan = *plan;
    made->places = mech_allocate_array(plan->n_groups, sizeof *made->places);
    bool memory = made->places != NULL;
    for (size_t i = 0; memory && i < plan->n_groups; i++) {
        made->places[i].pools = mech_allocate_array(plan->n_mechanisms, sizeof *made->places[i].pools);
        memory = made->places[i].pools != NULL;
    }
    if (!memory) {
        mech_theta_groups_free(made);
        return mech_fail_memory(error);
    }
    *g = made;
    return MECH_OK;
}

void mech_theta_groups_free(theta_groups *g) {
    if (!g) return;
    for (size_t i = 0; g->places && i < g->plan.n_groups; i++) {
        empty(g, &g->places[i]);
        mech_release_array(g->places[i].pools);
    }
    mech_release_array(g->places);
    free(g);
}

static uint64_t seed_of_group(uint64_t seed, uint64_t number) {
    random_stream r = mech_random_open(seed, RANDOM_GROUP, 0, number);
    const uint64_t high = mech_random_bits(&r);
    return high << 32 | mech_random_bits(&r);
}

static mech_status draw_group(const theta_groups_plan *plan, theta_group *group, const mech_progress *progress,
                              size_t done_before, size_t total, mech_draw_counts *counts, mech_error *error) {
    theta_register taken = {0};
    mech_status status = mech_theta_register_copy(plan->excluded, &taken) ? MECH_OK : mech_fail_memory(error);
    for (size_t m = 0; m < plan->n_mechanisms && status == MECH_OK; m++) {
        const theta_draw draw = {.mechanism = plan->mechanisms[m],
                                 .label = m,
                                 .split = SPLIT_TRAIN,
                                 .design = plan->sample_design,
                                 .additive = plan->additive,
                                 .seed = group->seed,
                                 .prior = plan->prior,
                                 .solver = plan->solver,
                                 .team = plan->team,
                                 .progress = progress,
                                 .done_before = done_before + m * plan->n_thetas,
                                 .total = total};
        status = mech_draw_thetas(&draw, plan->n_thetas, &taken, &group->pools[m], &counts[m], error);
    }
    mech_theta_register_free(&taken);
    return status;
}

mech_status mech_theta_groups_visit(theta_groups *g, uint64_t visit, const mech_progress *progress, size_t done_before,
                                    size_t total, const theta_group **found, mech_draw_counts *counts,
                                    mech_error *error) {
    const uint64_t number = mech_group_at_visit(&g->plan, visit);
    theta_group *group = &g->places[number % g->plan.n_groups];
    *found = group;
    if (group->drawn && group->number == number) return MECH_OK;
    empty(g, group);
    group->number = number;
    group->seed = seed_of_group(g->plan.seed, number);
    mech_status status = draw_group(&g->plan, group, progress, done_before, total, counts, error);
    group->drawn = status == MECH_OK;
    return status;
}
