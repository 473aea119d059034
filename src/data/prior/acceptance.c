#include "data/prior/acceptance.h"

#include "base/memory.h"
#include "chemistry/mechanism.h"
#include "data/conditions/conditions.h"
#include "data/prior/yield_bound.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <string.h>

/* The yield rule: at this loading the conversion (S0 - S(100)) / S0 lies in [0.5, 1]. The solution at the end may be
 * below zero by the solver's error. */
static const double YIELD_LOADING = 0.01, LEAST_YIELD = 0.5, MOST_YIELD = 1 + 1e-6;

/* A candidate is not integrated where the exact solution must miss the yield by more than the solver could err. */
static const double SOLVER_ERROR = 1e-4;

enum { MOST_FORMS = 2, MOST_CONDITIONS = 3, MOST_LOADINGS = 3 };

/* What of a sum of species is looked at. X(t) = (S0 - S(t)) / (S0 - S(100)) is the conversion scaled to its own end; it
 * is `x` for the first time at t(x). */
typedef enum measure {
    NO_CONDITION,
    VALUE_AT,        /* at t(x_to) */
    LARGEST_BETWEEN, /* from t(x_from) to t(x_to), of one species */
    SMALLEST_UNTIL   /* from 0 to t(x_to), of one species */
} measure;

typedef struct condition {
    measure measure;
    const char *forms[MOST_FORMS];
    double x_from, x_to;
    double low, high; /* the bounds, in units of the loading */
} condition;

/* A mechanism shows itself where, at one of the loadings, all conditions hold. */
typedef struct rule {
    const char *mechanism;
    double loadings[MOST_LOADINGS]; /* 0 ends the list */
    condition conditions[MOST_CONDITIONS];
} rule;

#define ANY_OF_THREE                                                                                                   \
    { 0.03, 0.05, 0.07 }
#define ONE_IN_TWENTY                                                                                                  \
    { 0.05 }
#define ACTIVE_AT(x, a, b, low, high)                                                                                  \
    { VALUE_AT, {a, b}, 0, x, low, high }
#define LIVING(high)                                                                                                   \
    { ACTIVE_AT(0.5, "cat", "catS", 0.5, high) }
#define DEAD(form, low)                                                                                                \
    { VALUE_AT, {form}, 0, 0.5, low, HUGE_VAL }

/* M1, M4 and M5 show themselves in every reaction that goes. */
static const rule rules[] = {
    {"M2", ONE_IN_TWENTY, {{LARGEST_BETWEEN, {"cat2"}, 0.2, 0.5, 0.10, HUGE_VAL}}},
    {"M3", ONE_IN_TWENTY, {{SMALLEST_UNTIL, {"cat"}, 0, 0.1, 0.05, HUGE_VAL}}},
    {"M6", ANY_OF_THREE, {ACTIVE_AT(0.2, "cat*", "cat*S", 0.1, 0.9)}},
    {"M7", ANY_OF_THREE, {ACTIVE_AT(0.2, "catS", "catS2", 0.1, 0.8)}},
    {"M8", ANY_OF_THREE, {ACTIVE_AT(0.5, "cat*", "cat*S", 0.1, 0.9)}},
    {"M9", ANY_OF_THREE, LIVING(0.9)},
    {"M10", ANY_OF_THREE, {DEAD("inactive", 0.1)}},
    {"M11", ANY_OF_THREE, LIVING(0.9)},
    {"M12", ANY_OF_THREE, LIVING(0.9)},
    {"M13", ANY_OF_THREE, LIVING(0.8)},
    {"M14", ANY_OF_THREE, LIVING(0.9)},
    {"M15", ANY_OF_THREE, {DEAD("inactive", 0.1)}},
    {"M16", ANY_OF_THREE, LIVING(0.9)},
    {"M17", ANY_OF_THREE, LIVING(0.9)},
    {"M18", ANY_OF_THREE, LIVING(0.8)},
    {"M19", ANY_OF_THREE, LIVING(0.8)},
    {"M20", ANY_OF_THREE, {ACTIVE_AT(0.5, "cat", "catS", 0.5, 0.9), DEAD("inactive", 0.05), DEAD("inactive'", 0.05)}},
};

/* NULL for a mechanism without one; a user's mechanism of the same name has none. */
static const rule *find_rule(const mech_mechanism *mechanism) {
    if (mech_builtin_find(mechanism->id) != mechanism) return NULL;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (strcmp(rules[i].mechanism, mechanism->id) == 0) return &rules[i];
    return NULL;
}

/* One job of the solver: a list of candidates at one loading. */
typedef struct judging {
    const mech_mechanism *mechanism;
    const candidates *candidates;
    uint32_t *list; /* [n_list]: which candidates */
    size_t n_list;
    double loading;
    const rule *rule;
    uint8_t *verdicts; /* [candidates->n] */
} judging;

static bool next_candidate(void *context, size_t problem, double *k, double *start, double *t_end) {
    const judging *j = context;
    if (problem >= j->n_list) return false;
    const size_t c = j->list[problem], n_k = (size_t)j->mechanism->n_rate_constants;
    memcpy(k, j->candidates->k + c * n_k, n_k * sizeof *k);
    mech_start_run(j->mechanism, 1, 0, j->loading, j->candidates->additive[c], start);
    *t_end = LAST_TIME;
    return true;
}

static bool all_finite(const double *values, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i])) return false;
    return true;
}

static void judge_yield(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    (void)solution;
    const judging *j = context;
    const double conversion = 1 - end[j->mechanism->substrate];
    uint8_t *decision = &j->verdicts[j->list[problem]];
    if (failed || !all_finite(end, (size_t)j->mechanism->n_species))
        *decision = SOLVER_FAILED;
    else
        *decision = conversion >= LEAST_YIELD && conversion <= MOST_YIELD ? ACCEPTED : REFUSED_BY_YIELD;
}

/* The time at which the conversion, scaled to its own end, is x for the first time. */
static bool time_at(const judging *j, const path *solution, const double *end, double x, double *time) {
    const int s = j->mechanism->substrate;
    const double s0 = solution->cubic[4 * s];
    return mech_path_first_crossing(solution, s, s0 + x * (end[s] - s0), time);
}

static bool condition_holds(const judging *j, const condition *c, const path *solution, const double *end) {
    double from = 0, to = 0, y[MAX_SPECIES], smallest = 0, largest = 0, value = 0;
    if (!time_at(j, solution, end, c->x_to, &to)) return false;
    const int first = mech_mechanism_find_species(j->mechanism, c->forms[0]);
    switch (c->measure) {
    case VALUE_AT:
        mech_path_at(solution, to, y);
        for (size_t i = 0; i < MOST_FORMS && c->forms[i]; i++)
            value += y[mech_mechanism_find_species(j->mechanism, c->forms[i])];
        break;
    case LARGEST_BETWEEN:
        if (!time_at(j, solution, end, c->x_from, &from)) return false;
        mech_path_extrema(solution, first, from, to, &smallest, &largest);
        value = largest;
        break;
    case SMALLEST_UNTIL:
        mech_path_extrema(solution, first, 0, to, &smallest, &largest);
        value = smallest;
        break;
    case NO_CONDITION:
        return true;
    }
    return value >= c->low * j->loading && value <= c->high * j->loading;
}

static void judge_rule(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    const judging *j = context;
    uint8_t *decision = &j->verdicts[j->list[problem]];
    if (failed || !solution->n_steps || !all_finite(end, (size_t)j->mechanism->n_species)) {
        *decision = SOLVER_FAILED;
        return;
    }
    bool shows = true;
    for (size_t i = 0; i < MOST_CONDITIONS && j->rule->conditions[i].measure != NO_CONDITION && shows; i++)
        shows = condition_holds(j, &j->rule->conditions[i], solution, end);
    *decision = shows ? ACCEPTED : REFUSED_BY_RULE;
}

/* Integrates all that could reach the yield. */
static mech_status judge_by_yield(judging *j, const mech_solver_options *options, mech_error *error) {
    const yield_bound bound = mech_yield_bound_find(j->mechanism);
    const size_t n_k = (size_t)j->mechanism->n_rate_constants;
    const integration_job job = {.next = next_candidate, .finished = judge_yield, .context = j};
    mech_solver_statistics statistics = {0};
    j->n_list = 0;
    j->loading = YIELD_LOADING;
    for (size_t c = 0; c < j->candidates->n; c++) {
        j->verdicts[c] = REFUSED_BY_YIELD;
        if (mech_largest_conversion(&bound, j->candidates->k + c * n_k, 1, j->loading, LAST_TIME) >=
            LEAST_YIELD - SOLVER_ERROR)
            j->list[j->n_list++] = (uint32_t)c;
    }
    return mech_rosenbrock_run(j->mechanism, options, &job, &statistics, error);
}

/* Tries one loading after another on those that no loading before it decided. */
static mech_status judge_by_rule(judging *j, const mech_solver_options *options, mech_error *error) {
    const integration_job job = {.next = next_candidate, .finished = judge_rule, .context = j, .records = true};
    mech_solver_statistics statistics = {0};
    mech_status status = MECH_OK;
    for (size_t i = 0; i < MOST_LOADINGS && j->rule->loadings[i] > 0 && status == MECH_OK; i++) {
        const uint8_t undecided = i == 0 ? ACCEPTED : REFUSED_BY_RULE;
        j->n_list = 0;
        j->loading = j->rule->loadings[i];
        for (size_t c = 0; c < j->candidates->n; c++)
            if (j->verdicts[c] == undecided) j->list[j->n_list++] = (uint32_t)c;
        status = mech_rosenbrock_run(j->mechanism, options, &job, &statistics, error);
    }
    return status;
}

mech_status mech_judge_candidates(const mech_mechanism *mechanism, const mech_solver_options *options,
                                  const candidates *c, uint8_t *verdicts, mech_error *error) {
    judging j = {.mechanism = mechanism, .candidates = c, .rule = find_rule(mechanism)};
    j.verdicts = verdicts;
    j.list = mech_allocate_array(c->n, sizeof *j.list);
    if (!j.list) return mech_fail_memory(error);
    mech_status status = judge_by_yield(&j, options, error);
    if (status == MECH_OK && j.rule) status = judge_by_rule(&j, options, error);
    mech_release_array(j.list);
    return status;
}
