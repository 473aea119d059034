#include "kinetics/analysis/analysis.h"

#include "base/error.h"

#include <math.h>
#include <string.h>

/* What a pair is compared in. */
typedef struct comparison {
    mech_pair_kind kind;
    size_t species; /* that differs; of the excess and the catalyst */
} comparison;

static double amount(const analysis *a, size_t species, size_t run) { return a->followed.species[species].start[run]; }

/* The scale of amounts of a species against which a difference counts: of what is made or used up, the extent. */
static double scale_of(const analysis *a, size_t species) {
    return a->followed.species[species].of == MECH_ORDER_OF_PRODUCT ? a->followed.axis : 0;
}

/* Whether the second run starts where the first, with more substrate, comes to: every reactant lower by what goes with
 * the difference in S, everything else the same, product apart. Sets whether the product is there, too. */
static bool is_same_excess(const analysis *a, size_t first, size_t second, bool *with_product) {
    const double reacted = amount(a, 1, first) - amount(a, 1, second);
    for (size_t k = 0; k < a->followed.n_species; k++) {
        const kinetic_species *s = &a->followed.species[k];
        if (!s->known) continue;
        if (s->of == MECH_ORDER_OF_PRODUCT) {
            *with_product = mech_same_amount(s->start[second], s->start[first] + reacted, a->followed.axis);
            if (!*with_product && !mech_same_amount(s->start[second], s->start[first], a->followed.axis)) return false;
        } else if (!mech_same_amount(s->start[second], s->start[first] - fmax(s->consumed, 0) * reacted, 0)) {
            return false;
        }
    }
    return true;
}

/* How two runs differ; false where in more than one thing, or where an amount is not known. May exchange them. */
static bool compare(const analysis *a, size_t *first, size_t *second, comparison *c) {
    size_t n_different = 0, different = 0;
    bool with_product = false;
    for (size_t k = 0; k < a->followed.n_species; k++) {
        if (!a->followed.species[k].known) continue;
        if (mech_same_amount(amount(a, k, *first), amount(a, k, *second), scale_of(a, k))) continue;
        n_different++;
        different = k;
    }
    *c = (comparison){MECH_PAIR_REPEAT, different};
    if (n_different == 0) return true;
    if (amount(a, 1, *second) > amount(a, 1, *first) ||
        (n_different == 1 && amount(a, different, *second) < amount(a, different, *first) && different != 1)) {
        const size_t kept = *first;
        *first = *second;
        *second = kept;
    }
    if (!mech_same_amount(amount(a, 1, *first), amount(a, 1, *second), 0) &&
        is_same_excess(a, *first, *second, &with_product)) {
        c->kind = with_product ? MECH_PAIR_SAME_EXCESS_PRODUCT : MECH_PAIR_SAME_EXCESS;
        return true;
    }
    if (n_different != 1) return false;
    switch (a->followed.species[different].of) {
    case MECH_ORDER_OF_CATALYST:
        c->kind = MECH_PAIR_DIFFERENT_CATALYST;
        return true;
    case MECH_ORDER_OF_PRODUCT:
        c->kind = MECH_PAIR_PRODUCT_ADDED;
        return true;
    case MECH_ORDER_OF_SUBSTRATE:
    case MECH_ORDER_OF_REACTANT:
        c->kind = MECH_PAIR_DIFFERENT_EXCESS;
        return true;
    }
    return false;
}

/* The concentrations of S over which both runs were watched. */
static bool find_overlap(const analysis *a, mech_run_pair *pair) {
    const mech_kinetic_run *first = &a->runs[pair->first], *second = &a->runs[pair->second];
    pair->to = fmin(first->start_substrate, second->start_substrate);
    pair->from =
        fmax(first->start_substrate * (1 - first->conversion), second->start_substrate * (1 - second->conversion));
    return pair->to - pair->from > 0.1 * a->followed.axis;
}

/* "Run 4 is 12 % faster at the same [S] (8 to 16 %)". */
static const char *say_ratio(analysis *a, const mech_run_pair *pair, double *sign) {
    const mech_estimate r = pair->ratio;
    *sign = r.low > 1 ? 1 : r.high < 1 ? -1 : 0;
    return mech_sentence(&a->remarks, "at the same [S] run %.40s reacts %.3g times as fast as run %.40s (%.3g to %.3g)",
                         a->runs[pair->second].name, r.value, a->runs[pair->first].name, r.low, r.high);
}

static const char *interpret(analysis *a, const mech_run_pair *pair) {
    double sign = 0;
    const char *words = isnan(pair->ratio.value) ? "" : say_ratio(a, pair, &sign), *meaning = "";
    switch (pair->kind) {
    case MECH_PAIR_REPEAT:
        meaning = sign != 0 ? "the repeat does not agree" : "the repeat agrees";
        break;
    case MECH_PAIR_SAME_EXCESS:
        meaning = sign > 0   ? "loss of catalyst, or product that slows the reaction, is indicated"
                  : sign < 0 ? "catalyst that has to form, or product that speeds the reaction up, is indicated"
                             : "neither loss of catalyst nor an effect of the product is indicated";
        break;
    case MECH_PAIR_SAME_EXCESS_PRODUCT:
        meaning = sign > 0 ? "loss of catalyst, or something besides the product that forms and slows it, is indicated"
                  : sign < 0 ? "catalyst that has to form is indicated"
                             : "neither loss nor formation of catalyst is indicated";
        break;
    case MECH_PAIR_PRODUCT_ADDED:
        meaning = sign > 0   ? "the product speeds the reaction up"
                  : sign < 0 ? "the product slows the reaction"
                             : "no effect of the product is indicated";
        break;
    case MECH_PAIR_DIFFERENT_EXCESS:
    case MECH_PAIR_DIFFERENT_CATALYST:
        return mech_sentence(&a->remarks, "these two runs alone give order %.2f in %.40s (%.2f to %.2f)",
                             pair->order.value, pair->species, pair->order.low, pair->order.high);
    }
    return mech_sentence(&a->remarks, "%s: %s", words, meaning);
}

/* ln of the ratio of rates, as the coefficient of a term that is e in the second run and 1 in the first. */
static void add_indicator(course_problem *problem) {
    memmove(problem->orders + 1, problem->orders, problem->n_terms * sizeof *problem->orders);
    problem->orders[0] = 0;
    for (size_t i = 0; i < problem->n_runs; i++) {
        course_run *r = &problem->runs[i];
        memmove(r->terms + 1, r->terms, problem->n_terms * sizeof *r->terms);
        r->terms[0] = (course_term){.start = i ? exp(1) : 1, .least = 1};
    }
    problem->n_terms++;
}

static mech_status compare_pair(analysis *a, const comparison *c, mech_run_pair *pair, size_t stream,
                                mech_error *error) {
    const size_t runs[2] = {pair->first, pair->second}, species[1] = {c->species};
    const bool by_order = c->kind == MECH_PAIR_DIFFERENT_CATALYST || c->kind == MECH_PAIR_DIFFERENT_EXCESS;
    course_problem problem;
    course_fit fit;
    const course_settings settings = {.told_spread = fmax(a->options.loading_error, 1e-4),
                                      .spread_held = true, /* two runs do not tell how much runs spread */
                                      .least_shapes = 1,
                                      .most_shapes = COURSE_MOST_SHAPES,
                                      .n_draws = a->options.n_draws,
                                      .seed = a->options.seed,
                                      .stream = stream};
    /* Runs of different excess are compared at the same extent, all others at the same [S]. */
    mech_followed_problem(&a->followed, 2, runs, by_order, species, !by_order, &problem);
    if (!by_order && problem.n_terms < COURSE_MOST_TERMS) add_indicator(&problem);
    const mech_status status = mech_course_fit(&problem, &settings, &fit, error);
    if (status == MECH_OK) {
        const mech_estimate e = mech_course_estimate(&fit, 0, a->options.level);
        if (by_order)
            pair->order = e;
        else
            pair->ratio = (mech_estimate){exp(e.value), exp(e.low), exp(e.high)};
        pair->compared = true;
        pair->finding = interpret(a, pair);
    }
    mech_course_fit_free(&fit);
    return status;
}

static bool knows_reactants(const analysis *a) {
    for (size_t k = 0; k < a->followed.n_species; k++)
        if (a->followed.species[k].of == MECH_ORDER_OF_REACTANT) return true;
    return false;
}

mech_status mech_find_pairs(analysis *a, mech_error *error) {
    bool same_excess = false;
    const size_t n = a->followed.n_runs;
    mech_run_pair *pairs = mech_arena_allocate(a->memory, n * (n - 1) / 2 + 1, sizeof *pairs);
    if (!pairs) return mech_fail_memory(error);
    a->result.pairs = pairs;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            if (!a->followed.runs[i].used || !a->followed.runs[j].used) continue;
            size_t first = i, second = j;
            comparison c;
            if (!compare(a, &first, &second, &c)) continue;
            mech_run_pair *pair = &pairs[a->result.n_pairs++];
            *pair = (mech_run_pair){.kind = c.kind,
                                    .first = first,
                                    .second = second,
                                    .species = c.kind == MECH_PAIR_REPEAT ? "" : a->orders[c.species].species,
                                    .ratio = {NAN, NAN, NAN},
                                    .order = {NAN, NAN, NAN},
                                    .finding = "the runs were not watched over a common range of [S]"};
            same_excess = same_excess || c.kind == MECH_PAIR_SAME_EXCESS || c.kind == MECH_PAIR_SAME_EXCESS_PRODUCT;
            if (!find_overlap(a, pair)) continue;
            const mech_status status = compare_pair(a, &c, pair, STREAM_PAIR + i * MECH_MOST_RUNS + j, error);
            if (status != MECH_OK) return status;
        }
    if (same_excess && !knows_reactants(a))
        mech_remark(&a->remarks, "No second reactant is known: runs that start with less S are taken to have the same "
                                 "excess.");
    return MECH_OK;
}
