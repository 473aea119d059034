#include "data/laboratory/plan.h"

#include <math.h>

/* Draws of all loadings until they are far enough apart, before the search is given up. The design's check leaves room
 * for them (a thousand are never needed). */
enum { MOST_TRIES = 1000, TRIES_OF_ONE = 64, MOST_OF_A_THETA = 64 };

/* However much of it is dead, a run keeps this share of its catalyst. */
static const double LEAST_ALIVE = 0.01;

/* What the functions of a plan share. */
typedef struct planning {
    const design *design;
    design_use use;
    random_stream *own;
    const planned_reactant *reactant; /* NULL: the shape alone is planned */
} planning;

static const choice *choose(const planning *p, design_key key) {
    return mech_distribution_choose(&p->design->of[p->use][key], p->own);
}

static double number(const planning *p, design_key key) {
    return mech_distribution_number(&p->design->of[p->use][key], p->own);
}

static bool decide(const planning *p, design_key key) { return number(p, key) > 0; }

void mech_draw_shape(const design *d, design_use use, random_stream *own, experiment_shape *shape) {
    const planning p = {d, use, own, NULL};
    *shape = (experiment_shape){.n_runs = (size_t)number(&p, DESIGN_RUNS)};
    const double points = number(&p, DESIGN_POINTS);
    for (size_t r = 0; r < shape->n_runs; r++) {
        shape->readings[r] = (uint32_t)fmax(2, nearbyint(points * number(&p, DESIGN_POINTS_OF_RUN)));
        shape->n_readings += shape->readings[r];
    }
}

static const distribution *place_of(const planning *p, size_t run) {
    const size_t n = p->design->n_loadings[p->use];
    return &p->design->loadings[p->use][run < n ? run : n - 1];
}

static void sort_ascending(double *numbers, size_t n) {
    for (size_t i = 1; i < n; i++) {
        const double value = numbers[i];
        size_t place = i;
        for (; place > 0 && numbers[place - 1] > value; place--) numbers[place] = numbers[place - 1];
        numbers[place] = value;
    }
}

/* One of each of n parts of the loadings that the theta has. */
static void take_loadings_of_theta(const planning *p, random_stream *theta, size_t of_theta, size_t n,
                                   double *loadings) {
    double all[MOST_OF_A_THETA];
    for (size_t i = 0; i < of_theta; i++) all[i] = mech_distribution_number(place_of(p, 0), theta);
    sort_ascending(all, of_theta);
    const uint32_t part = (uint32_t)(of_theta / n);
    for (size_t i = 0; i < n; i++) loadings[i] = all[i * part + mech_random_below(p->own, part)];
}

static bool is_apart(const double *loadings, size_t n, double loading, double ratio) {
    for (size_t i = 0; i < n; i++)
        if (loading < loadings[i] * ratio && loadings[i] < loading * ratio) return false;
    return true;
}

/* Draws n loadings one by one, each until it is apart from those before it; all again where one finds no place. */
static void draw_apart(const planning *p, double ratio, size_t n, double *loadings) {
    for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
        size_t found = 0;
        for (int tries = 0; found < n && tries < TRIES_OF_ONE; tries++) {
            loadings[found] = mech_distribution_number(place_of(p, found), p->own);
            if (ratio > 1 && !is_apart(loadings, found, loadings[found], ratio)) continue;
            found++;
            tries = 0;
        }
        if (found == n) return;
    }
    for (size_t i = 0; i < n; i++) loadings[i] = mech_distribution_number(place_of(p, i), p->own);
}

/* Which runs there are. Plain ones differ in their loading alone; the further ones leave at least one of them. */
typedef struct composition {
    size_t plain, same_excess, product_added, reactant_changed, repeated;
} composition;

static bool has_reactant(const planning *p) { return !isnan(p->reactant->written); }

static composition draw_composition(const planning *p, size_t n_runs) {
    composition c = {.plain = n_runs};
    if ((double)n_runs < number(p, DESIGN_FURTHER_RUNS_FROM)) return c;
    c.same_excess = (size_t)number(p, DESIGN_SAME_EXCESS);
    c.product_added = (size_t)number(p, DESIGN_PRODUCT_ADDED);
    c.repeated = (size_t)number(p, DESIGN_REPEATED);
    if (has_reactant(p)) c.reactant_changed = (size_t)number(p, DESIGN_REACTANT_CHANGED);
    while (c.same_excess + c.product_added + c.reactant_changed + c.repeated >= n_runs) {
        size_t *given_up = &c.same_excess;
        if (c.same_excess <= 1 && c.repeated)
            given_up = &c.repeated;
        else if (c.same_excess <= 1 && c.product_added)
            given_up = &c.product_added;
        else if (c.same_excess <= 1 && c.reactant_changed)
            given_up = &c.reactant_changed;
        --*given_up;
    }
    c.plain = n_runs - c.same_excess - c.product_added - c.reactant_changed - c.repeated;
    return c;
}

/* Of the second reactant at the standard [S]0; NaN where there is none. */
static double reactant_amount(const planning *p) {
    if (!has_reactant(p)) return NAN;
    const choice *amount = choose(p, DESIGN_REACTANT);
    return amount->kind == CHOICE_AS_WRITTEN ? p->reactant->written : mech_choice_number(amount, p->own);
}

/* The same excess: what is less of S is less of the second reactant. */
static double with_less_substrate(const planning *p, double standard, double s0) {
    if (!has_reactant(p)) return NAN;
    return s0 < 1 ? fmax(0, standard - (1 - s0) * p->reactant->coefficient) : standard;
}

static void draw_nominal(const planning *p, random_stream *theta, experiment_plan *plan) {
    const composition c = draw_composition(p, plan->n_runs);
    const size_t of_theta = (size_t)number(p, DESIGN_LOADINGS_OF_A_THETA);
    double loadings[MECH_MOST_RUNS];
    if (of_theta)
        take_loadings_of_theta(p, theta, of_theta, c.plain, loadings);
    else
        draw_apart(p, number(p, DESIGN_LOADINGS_RATIO), c.plain, loadings);
    const double standard = reactant_amount(p);
    size_t n = 0;
    for (; n < c.plain; n++) plan->runs[n] = (planned_run){.s0 = 1, .cat0 = plan->scale * loadings[n], .b0 = standard};
    for (size_t i = 0; i < c.same_excess; i++) {
        planned_run *run = &plan->runs[n++];
        run->cat0 = plan->runs[mech_random_below(p->own, (uint32_t)c.plain)].cat0;
        run->s0 = number(p, DESIGN_SAME_EXCESS_S0);
        run->b0 = with_less_substrate(p, standard, run->s0);
        const choice *product = choose(p, DESIGN_SAME_EXCESS_P0);
        run->p0 = product->kind == CHOICE_REST ? fmax(0, 1 - run->s0) : mech_choice_number(product, p->own);
    }
    for (size_t i = 0; i < c.product_added; i++) {
        planned_run *run = &plan->runs[n++];
        run->cat0 = plan->runs[mech_random_below(p->own, (uint32_t)c.plain)].cat0;
        run->s0 = 1;
        run->b0 = standard;
        run->p0 = number(p, DESIGN_PRODUCT_ADDED_P0);
    }
    for (size_t i = 0; i < c.reactant_changed; i++) {
        planned_run *run = &plan->runs[n++];
        run->cat0 = plan->runs[mech_random_below(p->own, (uint32_t)c.plain)].cat0;
        run->s0 = 1;
        run->b0 = standard * number(p, DESIGN_REACTANT_CHANGED_TO);
    }
    for (size_t i = 0; i < c.repeated; i++, n++) plan->runs[n] = plan->runs[mech_random_below(p->own, (uint32_t)n)];
    if (!decide(p, DESIGN_SHUFFLED)) return;
    for (size_t i = n; i > 1; i--) {
        const size_t other = mech_random_below(p->own, (uint32_t)i);
        const planned_run moved = plan->runs[other];
        plan->runs[other] = plan->runs[i - 1];
        plan->runs[i - 1] = moved;
    }
}

static void draw_lengths(const planning *p, experiment_plan *plan) {
    for (size_t r = 0; r < plan->n_runs; r++) {
        const choice *followed = choose(p, DESIGN_FOLLOWED_TO);
        plan->runs[r].share = followed->kind == CHOICE_END ? NAN : mech_choice_number(followed, p->own);
        plan->runs[r].goes_on = 1;
    }
    plan->common_end = decide(p, DESIGN_COMMON_END) ? mech_random_below(p->own, (uint32_t)plan->n_runs) : plan->n_runs;
    const double goes_on = number(p, DESIGN_GOES_ON);
    plan->truths[TRUTH_GOES_ON] = goes_on;
    if (goes_on > 1) plan->runs[mech_random_below(p->own, (uint32_t)plan->n_runs)].goes_on = goes_on;
}

/* What is true of the experiment as a whole. */
static void draw_set_truths(const planning *p, experiment_plan *plan) {
    double *truths = plan->truths, least = INFINITY;
    for (size_t r = 0; r < plan->n_runs; r++) least = fmin(least, plan->runs[r].cat0);
    truths[TRUTH_SCALE] = plan->scale;
    truths[TRUTH_LOADING_SPREAD] = number(p, DESIGN_LOADING_ERROR);
    truths[TRUTH_DEAD_CATALYST] = number(p, DESIGN_DEAD_CATALYST) * least;
    truths[TRUTH_CLOCK_SPREAD] = number(p, DESIGN_CLOCK_ERROR);
    truths[TRUTH_START_SPREAD] = number(p, DESIGN_START_ERROR);
    truths[TRUTH_RESPONSE_SPREAD] = number(p, DESIGN_RESPONSE_ERROR);
    truths[TRUTH_SUBSTRATE_FACTOR] = exp(truths[TRUTH_RESPONSE_SPREAD] * mech_random_normal(p->own));
    truths[TRUTH_PRODUCT_FACTOR] = exp(truths[TRUTH_RESPONSE_SPREAD] * mech_random_normal(p->own));
    truths[TRUTH_PRODUCT_SHARE] = number(p, DESIGN_PRODUCT_SHARE);
    truths[TRUTH_NOISE] = number(p, DESIGN_NOISE);
    truths[TRUTH_RELATIVE_NOISE] = number(p, DESIGN_RELATIVE_NOISE);
    truths[TRUTH_OUTLIER_SHARE] = number(p, DESIGN_OUTLIERS);
    truths[TRUTH_OUTLIER_SPREAD] = truths[TRUTH_OUTLIER_SHARE] > 0 ? number(p, DESIGN_OUTLIER_ERROR) : 0;
}

static void draw_run_truths(const planning *p, experiment_plan *plan) {
    const double *truths = plan->truths;
    for (size_t r = 0; r < plan->n_runs; r++) {
        planned_run *run = &plan->runs[r];
        const double catalyst = exp(truths[TRUTH_LOADING_SPREAD] * mech_random_normal(p->own));
        const double s0 = exp(truths[TRUTH_START_SPREAD] * mech_random_normal(p->own));
        const double p0 = exp(truths[TRUTH_START_SPREAD] * mech_random_normal(p->own));
        run->clock_offset = truths[TRUTH_CLOCK_SPREAD] * mech_random_normal(p->own);
        run->true_cat0 = fmax(run->cat0 * catalyst - truths[TRUTH_DEAD_CATALYST], LEAST_ALIVE * run->cat0 * catalyst);
        run->true_s0 = run->s0 * s0;
        run->true_p0 = run->p0 * p0;
        plan->run_truths[TRUTH_CATALYST_FACTOR][r] = (float)catalyst;
        plan->run_truths[TRUTH_START_FACTOR][r] = (float)s0;
        plan->run_truths[TRUTH_START_P_FACTOR][r] = (float)p0;
        plan->run_truths[TRUTH_CLOCK_OFFSET][r] = (float)run->clock_offset;
    }
}

/* What goes wrong with the second reactant. */
static void draw_reactant_truths(const planning *p, experiment_plan *plan) {
    plan->truths[TRUTH_REACTANT_FACTOR] = NAN;
    for (size_t r = 0; r < plan->n_runs; r++) {
        plan->runs[r].true_b0 = NAN;
        plan->run_truths[TRUTH_START_B_FACTOR][r] = NAN;
    }
    if (!has_reactant(p)) return;
    plan->reads_reactant = decide(p, DESIGN_REACTANT_READ);
    plan->truths[TRUTH_REACTANT_FACTOR] = exp(plan->truths[TRUTH_RESPONSE_SPREAD] * mech_random_normal(p->own));
    for (size_t r = 0; r < plan->n_runs; r++) {
        const double factor = exp(plan->truths[TRUTH_START_SPREAD] * mech_random_normal(p->own));
        plan->runs[r].true_b0 = plan->runs[r].b0 * factor;
        plan->run_truths[TRUTH_START_B_FACTOR][r] = (float)factor;
    }
}

void mech_draw_plan(const design *d, design_use use, size_t n_runs, const planned_reactant *reactant,
                    random_stream *theta, random_stream *own, experiment_plan *plan) {
    const planning p = {d, use, own, reactant};
    *plan = (experiment_plan){.n_runs = n_runs, .scale = number(&p, DESIGN_SCALE)};
    draw_nominal(&p, theta, plan);
    draw_lengths(&p, plan);
    plan->times = choose(&p, DESIGN_TIMES);
    plan->reading_at_0 = decide(&p, DESIGN_READING_AT_0);
    plan->species = choose(&p, DESIGN_SPECIES)->kind;
    draw_set_truths(&p, plan);
    draw_run_truths(&p, plan);
    draw_reactant_truths(&p, plan);
}
