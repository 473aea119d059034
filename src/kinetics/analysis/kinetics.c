#include "base/error.h"
#include "base/interface.h"
#include "data/runs/run_set.h"
#include "kinetics/analysis/analysis.h"

#include <math.h>
#include <stdlib.h>

void mech_kinetics_options_init(mech_kinetics_options *options, size_t size) {
    const mech_kinetics_options defaults = {.seed = 1, .n_draws = 400, .level = 0.95, .loading_error = 0.05};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

const char *mech_pair_kind_name(mech_pair_kind kind) {
    switch (kind) {
    case MECH_PAIR_REPEAT:
        return "repeat";
    case MECH_PAIR_SAME_EXCESS:
        return "same excess";
    case MECH_PAIR_SAME_EXCESS_PRODUCT:
        return "same excess with product";
    case MECH_PAIR_PRODUCT_ADDED:
        return "product added";
    case MECH_PAIR_DIFFERENT_EXCESS:
        return "different excess";
    case MECH_PAIR_DIFFERENT_CATALYST:
        return "different catalyst";
    }
    return "";
}

static mech_status check_options(const mech_kinetics_options *o, mech_error *error) {
    if (o->n_draws < 20 || o->n_draws > 10000)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%zu draws of the bootstrap; expected 20 to 10,000", o->n_draws);
    if (!(o->level > 0 && o->level < 1))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the level is %g; expected more than 0 and less than 1",
                         o->level);
    if (!(o->loading_error >= 0 && o->loading_error <= 1))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the loading error is %g; expected 0 to 1", o->loading_error);
    if (o->follow && o->follow != 'S' && o->follow != 'P')
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the species to follow is none of S and P");
    return MECH_OK;
}

mech_status mech_kinetics_analyse(const mech_run_set *set, const mech_kinetics_options *chosen,
                                  mech_kinetics **kinetics, mech_error *error) {
    *kinetics = NULL;
    mech_kinetics_options options = mech_kinetics_options_default();
    mech_status status = mech_take_options(&options, sizeof options, chosen, "mech_kinetics_options", error);
    if (status == MECH_OK) status = check_options(&options, error);
    if (status != MECH_OK) return status;
    analysis *a = calloc(1, sizeof *a);
    if (!a) return mech_fail_memory(error);
    a->options = options;
    a->memory = mech_arena_new();
    a->runs = a->memory ? mech_arena_allocate(a->memory, MECH_MOST_RUNS, sizeof *a->runs) : NULL;
    a->orders = a->memory ? mech_arena_allocate(a->memory, MOST_SPECIES, sizeof *a->orders) : NULL;
    a->remarks.memory = a->memory;
    if (!a->runs || !a->orders) status = mech_fail_memory(error);
    if (status == MECH_OK) {
        a->result.time_unit = mech_sentence(&a->remarks, "%s", mech_run_set_time_unit(set));
        a->result.concentration_unit = mech_sentence(&a->remarks, "%s", mech_run_set_concentration_unit(set));
        status = mech_follow_runs(set, a->options.follow, a->memory, &a->remarks, &a->followed, error);
    }
    if (status == MECH_OK) status = mech_find_rates(a, error);
    if (status == MECH_OK) status = mech_find_orders(a, error);
    if (status == MECH_OK) status = mech_find_pairs(a, error);
    if (status == MECH_OK && a->remarks.failed) status = mech_fail_memory(error);
    a->result.level = a->options.level;
    a->result.n_runs = a->followed.n_runs;
    a->result.runs = a->runs;
    a->result.n_orders = a->followed.n_species;
    a->result.orders = a->orders;
    a->result.n_remarks = a->remarks.n;
    a->result.remarks = a->remarks.sentences;
    if (status == MECH_OK)
        *kinetics = &a->result;
    else
        mech_kinetics_free(&a->result);
    return status;
}

void mech_kinetics_free(mech_kinetics *kinetics) {
    if (!kinetics) return;
    analysis *a = (analysis *)kinetics;
    for (size_t i = 0; i < MECH_MOST_RUNS; i++) mech_course_fit_free(&a->own_fits[i]);
    mech_arena_free(a->memory);
    free(a);
}
