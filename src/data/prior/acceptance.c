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
static const double YIELD_LOADING = 0.01, MOST_YIELD = 1 + 1e-6;

/* A candidate is not integrated where the exact solution must miss the yield by more than the solver could err. */
static const double SOLVER_ERROR = 1e-4;

/* Of a candidate at which no loading of a clause was tried yet that decides; never handed out. */
enum { UNDECIDED = SOLVER_FAILED + 1 };

/* One job of the solver: a list of candidates at one loading. */
typedef struct judging {
    const mech_mechanism *mechanism;
    const candidates *candidates;
    uint32_t *list; /* [n_list]: which candidates */
    size_t n_list;
    double loading;
    const shown_clause *clause;
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

/* What reaction `r` turns over until `time`: its rate integrated over each step by Gauss and Legendre's rule of three
 * points, which is exact for rates of up to the fifth degree in time. */
static double turned_over(const judging *j, size_t candidate, const mechanism_reaction *r, const path *solution,
                          double time) {
    static const double places[] = {0.1127016653792583, 0.5, 0.8872983346207417},
                        weights[] = {5.0 / 18, 8.0 / 18, 5.0 / 18};
    const double k = j->candidates->k[candidate * (size_t)j->mechanism->n_rate_constants + (size_t)r->rate_constant];
    double sum = 0, y[MAX_SPECIES];
    for (size_t step = 0; step < solution->n_steps && solution->t[step] < time; step++) {
        const double from = solution->t[step], to = fmin(solution->t[step + 1], time);
        for (int i = 0; i < 3; i++) {
            double rate = k;
            mech_path_at(solution, from + places[i] * (to - from), y);
            for (int m = 0; m < MAX_MOLECULES && r->reactants[m] >= 0; m++) rate *= y[r->reactants[m]];
            sum += weights[i] * (to - from) * rate;
        }
    }
    return sum;
}

static const mechanism_reaction *reaction_of(const mech_mechanism *mechanism, int rate_constant) {
    for (int i = 0; i < mechanism->n_reactions; i++)
        if (mechanism->reactions[i].rate_constant == rate_constant) return &mechanism->reactions[i];
    return NULL;
}

static bool condition_holds(const judging *j, size_t candidate, const shown_condition *c, const path *solution,
                            const double *end) {
    double from = 0, to = 0, y[MAX_SPECIES], smallest = 0, largest = 0, value = 0;
    const mechanism_reaction *r = NULL;
    if (!time_at(j, solution, end, c->x_to, &to)) return false;
    switch (c->measure) {
    case SHOWN_AT:
        mech_path_at(solution, to, y);
        for (int i = 0; i < c->n_forms; i++) value += (double)c->forms[i].weight * y[c->forms[i].species];
        break;
    case SHOWN_LARGEST:
        if (!time_at(j, solution, end, c->x_from, &from)) return false;
        mech_path_extrema(solution, c->forms[0].species, from, to, &smallest, &largest);
        value = (double)c->forms[0].weight * largest;
        break;
    case SHOWN_SMALLEST:
        mech_path_extrema(solution, c->forms[0].species, 0, to, &smallest, &largest);
        value = (double)c->forms[0].weight * smallest;
        break;
    case SHOWN_THROUGH:
        r = reaction_of(j->mechanism, c->rate_constant);
        value = r ? turned_over(j, candidate, r, solution, to) : 0;
        break;
    }
    return value >= c->low * j->loading && value <= c->high * j->loading;
}

static void judge_clause(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    const judging *j = context;
    uint8_t *decision = &j->verdicts[j->list[problem]];
    if (failed || !solution->n_steps || !all_finite(end, (size_t)j->mechanism->n_species)) {
        *decision = SOLVER_FAILED;
        return;
    }
    bool shows = true;
    for (int i = 0; i < j->clause->n_conditions && shows; i++)
        shows = condition_holds(j, j->list[problem], &j->clause->conditions[i], solution, end);
    *decision = shows ? ACCEPTED : UNDECIDED;
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
static mech_status judge_by_clause(judging *j, const mech_solver_options *options, mech_error *error) {
    const integration_job job = {.next = next_candidate, .finished = judge_clause, .context = j, .records = true};
    const shown_clause *clause = j->clause;
    mech_solver_statistics statistics = {0};
    mech_status status = MECH_OK;
    for (size_t c = 0; c < j->candidates->n; c++)
        if (j->verdicts[c] == ACCEPTED) j->verdicts[c] = UNDECIDED;
    for (int i = 0; i < clause->n_loadings && status == MECH_OK; i++) {
        j->n_list = 0;
        j->loading = clause->loadings[i];
        for (size_t c = 0; c < j->candidates->n; c++)
            if (j->verdicts[c] == UNDECIDED) j->list[j->n_list++] = (uint32_t)c;
        status = mech_rosenbrock_run(j->mechanism, options, &job, &statistics, error);
    }
    for (size_t c = 0; c < j->candidates->n; c++)
        if (j->verdicts[c] == UNDECIDED) j->verdicts[c] = REFUSED_BY_RULE;
    return status;
}

mech_status mech_judge_candidates(const mech_mechanism *mechanism, const mech_solver_options *options,
                                  const candidates *c, uint8_t *verdicts, mech_error *error) {
    judging j = {.mechanism = mechanism, .candidates = c};
    j.verdicts = verdicts;
    j.list = mech_allocate_array(c->n, sizeof *j.list);
    if (!j.list) return mech_fail_memory(error);
    mech_status status = judge_by_yield(&j, options, error);
    for (int i = 0; i < mechanism->n_clauses && status == MECH_OK; i++) {
        j.clause = &mechanism->clauses[i];
        status = judge_by_clause(&j, options, error);
    }
    mech_release_array(j.list);
    return status;
}
