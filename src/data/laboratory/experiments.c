#include "data/laboratory/experiments.h"

#include "base/error.h"
#include "base/memory.h"
#include "chemistry/mechanism.h"
#include "data/conditions/conditions.h"
#include "data/laboratory/scaling.h"
#include "data/laboratory/times.h"
#include "data/samples/sample.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <string.h>

/* Plans of one experiment before its theta is given up. */
enum { MOST_ATTEMPTS = 16 };

/* The problem of a run. */
typedef struct run_place {
    uint32_t experiment, run;
} run_place;

/* Experiments on their way through the solver. */
typedef struct session {
    const experiment_series *series;
    size_t first, place, stride;
    run_sets *sets;
    experiment_plan *plans; /* [count] */
    double *length;         /* [count][MECH_MOST_RUNS]: of each run, in the solver's unit */
    bool *failed;           /* [count] */
    run_place *problems;    /* [n_problems]: what is simulated now */
    size_t n_problems;
    double *noted, *true_times, *y; /* of one run: [MOST_READINGS], [MOST_READINGS], [MOST_READINGS][n_species] */
    uint64_t attempt;
} session;

static uint64_t series_number(const experiment_series *s) { return s->label * N_SPLITS + (uint64_t)s->split; }

static design_use use_of(dataset_split split) { return split == SPLIT_TEST ? DESIGN_FOR_TEST : DESIGN_FOR_TRAINING; }

void mech_experiment_shape(const experiment_series *series, size_t number, experiment_shape *shape) {
    random_stream own = mech_random_open(series->seed, RANDOM_SHAPE, series_number(series), number);
    mech_draw_shape(series->design, use_of(series->split), &own, shape);
}

static size_t set_of(const session *s, size_t experiment) { return s->place + experiment * s->stride; }

static size_t run_of(const session *s, run_place at) {
    return (size_t)s->sets->run_offset[set_of(s, at.experiment)] + at.run;
}

/* What the mechanism says of its second reactant. */
static planned_reactant reactant_of(const mech_mechanism *mechanism) {
    const int species = mech_reactant_species(mechanism);
    double start[MAX_SPECIES];
    if (species < 0) return (planned_reactant){.written = NAN};
    const double coefficient = mech_mechanism_coefficient(mechanism, (size_t)species);
    mech_mechanism_start(mechanism, 1, 0, 0, start);
    return (planned_reactant){.written = start[species] * coefficient, .coefficient = coefficient};
}

/* Plans an experiment and writes down what is known of it without simulating. */
static void plan_experiment(session *s, size_t i) {
    const experiment_series *series = s->series;
    run_sets *sets = s->sets;
    const size_t number = s->first + i, set = set_of(s, i), theta = number % series->pool->n;
    const size_t n_runs = (size_t)(sets->run_offset[set + 1] - sets->run_offset[set]);
    random_stream of_theta = mech_random_open(series->seed, RANDOM_LOADINGS, series_number(series), theta);
    random_stream own =
        mech_random_open(series->seed, RANDOM_CONDITIONS, series_number(series), number | s->attempt << 32);
    experiment_plan *plan = &s->plans[i];
    const planned_reactant reactant = reactant_of(series->mechanism);
    mech_draw_plan(series->design, use_of(series->split), n_runs, &reactant, &of_theta, &own, plan);
    double *k = sets->theta + set * sets->n_theta;
    mech_scale_theta(series->mechanism, plan->scale, series->pool->k + theta * series->pool->n_k, k);
    for (size_t j = series->pool->n_k; j < sets->n_theta; j++) k[j] = NAN;
    sets->label[set] = (uint16_t)series->label;
    sets->additive[set] = plan->scale * series->pool->additive[theta];
    for (int t = 0; t < N_SET_TRUTHS; t++) sets->set_truths[t][set] = plan->truths[t];
    for (size_t r = 0; r < n_runs; r++) {
        const size_t run = (size_t)sets->run_offset[set] + r;
        sets->s0[run] = (float)plan->runs[r].s0;
        sets->p0[run] = (float)plan->runs[r].p0;
        sets->cat0[run] = (float)plan->runs[r].cat0;
        if (sets->b0) sets->b0[run] = (float)plan->runs[r].b0;
        for (int t = 0; t < N_RUN_TRUTHS; t++) sets->run_truths[t][run] = plan->run_truths[t][r];
    }
    s->failed[i] = false;
}

/* The end of a run's simulation in which its final conversion is reached. */
static double last_time(const experiment_plan *plan) { return LAST_TIME / plan->scale; }

/* Whether a run ends when another does: it is simulated when that one's end is known. */
static bool waits(const experiment_plan *plan, size_t run) {
    return plan->common_end < plan->n_runs && plan->common_end != run;
}

static bool next_run(void *context, size_t problem, double *k, double *start, double *t_end) {
    const session *s = context;
    const experiment_series *series = s->series;
    if (problem >= s->n_problems) return false;
    const run_place at = s->problems[problem];
    const experiment_plan *plan = &s->plans[at.experiment];
    const planned_run *run = &plan->runs[at.run];
    const size_t set = set_of(s, at.experiment);
    memcpy(k, s->sets->theta + set * s->sets->n_theta, series->pool->n_k * sizeof *k);
    mech_mechanism_start(series->mechanism, run->true_s0, run->true_p0, run->true_cat0, start);
    mech_spend_reactants(series->mechanism, run->s0, start); /* as it was meant to be weighed in */
    const int reactant = mech_reactant_species(series->mechanism);
    if (reactant >= 0) start[reactant] = run->true_b0 / mech_mechanism_coefficient(series->mechanism, (size_t)reactant);
    mech_scale_additives(series->mechanism, plan->scale, start);
    const int additive = mech_additive_species(series->mechanism);
    if (additive >= 0) start[additive] = s->sets->additive[set];
    const double *lengths = s->length + at.experiment * MECH_MOST_RUNS;
    const double length = waits(plan, at.run) ? lengths[plan->common_end] : last_time(plan);
    *t_end = length * run->goes_on * (1 + fmax(0, run->clock_offset));
    return true;
}

/* How long a run is followed, before it goes on. */
static double followed_length(const session *s, run_place at, const path *solution) {
    const experiment_plan *plan = &s->plans[at.experiment];
    const planned_run *run = &plan->runs[at.run];
    const int substrate = s->series->mechanism->substrate;
    const double last = last_time(plan), *lengths = s->length + at.experiment * MECH_MOST_RUNS;
    if (waits(plan, at.run)) return lengths[plan->common_end] / plan->runs[plan->common_end].goes_on;
    if (isnan(run->share)) return last;
    double end[MAX_SPECIES], time = last;
    mech_path_at(solution, last, end);
    const double change = end[substrate] - run->true_s0;
    if (!mech_is_followed_to_share(change)) return last;
    return mech_path_first_crossing(solution, substrate, run->true_s0 + run->share * change, &time) ? fmin(time, last)
                                                                                                    : last;
}

/* A reading of `value` with its noise and, it may be, an outlier's error. */
static float measure(const double *truths, double value, double normal, random_stream *r) {
    const double relative = truths[TRUTH_RELATIVE_NOISE] * value;
    double reading = value + normal * sqrt(truths[TRUTH_NOISE] * truths[TRUTH_NOISE] + relative * relative);
    if (truths[TRUTH_OUTLIER_SHARE] > 0 && mech_random_uniform(r) < truths[TRUTH_OUTLIER_SHARE])
        reading += truths[TRUTH_OUTLIER_SPREAD] * mech_random_normal(r);
    return (float)reading;
}

/* Reading i of the second reactant. */
static float read_reactant(const session *s, const experiment_plan *plan, size_t i, random_stream *r) {
    const mech_mechanism *mechanism = s->series->mechanism;
    const size_t species = (size_t)mech_reactant_species(mechanism);
    const double amount =
        s->y[i * (size_t)mechanism->n_species + species] * mech_mechanism_coefficient(mechanism, species);
    const bool noise = plan->truths[TRUTH_NOISE] > 0 || plan->truths[TRUTH_RELATIVE_NOISE] > 0;
    return measure(plan->truths, plan->truths[TRUTH_REACTANT_FACTOR] * amount, noise ? mech_random_normal(r) : 0, r);
}

/* Takes the readings of a run out of its solution. */
static void read_run(session *s, run_place at, const path *solution) {
    const experiment_plan *plan = &s->plans[at.experiment];
    const planned_run *run = &plan->runs[at.run];
    const mech_mechanism *mechanism = s->series->mechanism;
    const size_t r = run_of(s, at), from = (size_t)s->sets->reading_offset[r], n_species = (size_t)mechanism->n_species;
    const size_t n = (size_t)s->sets->reading_offset[r + 1] - from;
    const double length = followed_length(s, at, solution) * run->goes_on, *truths = plan->truths;
    random_stream own = mech_random_open(s->series->seed, RANDOM_READINGS, series_number(s->series),
                                         (s->first + at.experiment) | (s->attempt * MECH_MOST_RUNS + at.run) << 32);
    s->length[at.experiment * MECH_MOST_RUNS + at.run] = length;
    mech_draw_times(plan->times, plan->reading_at_0, length, n, &own, s->noted);
    for (size_t i = 0; i < n; i++) s->true_times[i] = fmax(0, s->noted[i] + run->clock_offset * length);
    mech_path_at_times(solution, s->true_times, n, s->y);
    const bool noise = truths[TRUTH_NOISE] > 0 || truths[TRUTH_RELATIVE_NOISE] > 0;
    for (size_t i = 0; i < n; i++) {
        const double substrate = s->y[i * n_species + (size_t)mechanism->substrate];
        const double product = s->y[i * n_species + (size_t)mechanism->product];
        const double made = product - run->true_p0;
        const double seen = run->true_p0 + (made > 0 ? truths[TRUTH_PRODUCT_SHARE] : 1) * made;
        float normals[2] = {0};
        if (noise) mech_random_normal_pair(&own, normals);
        s->sets->substrate[from + i] =
            measure(truths, truths[TRUTH_SUBSTRATE_FACTOR] * substrate, (double)normals[0], &own);
        s->sets->product[from + i] = measure(truths, truths[TRUTH_PRODUCT_FACTOR] * seen, (double)normals[1], &own);
        if (!isfinite(s->sets->substrate[from + i]) || !isfinite(s->sets->product[from + i]))
            s->failed[at.experiment] = true;
        if (plan->species == CHOICE_SUBSTRATE) s->sets->product[from + i] = NAN;
        if (plan->species == CHOICE_PRODUCT) s->sets->substrate[from + i] = NAN;
        if (s->sets->b) s->sets->b[from + i] = plan->reads_reactant ? read_reactant(s, plan, i, &own) : NAN;
        s->sets->time[from + i] = (float)(s->noted[i] / length); /* for now in units of the run's own length */
    }
}

static void finish_run(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    (void)end;
    session *s = context;
    const run_place at = s->problems[problem];
    if (failed || !solution->n_steps)
        s->failed[at.experiment] = true;
    else
        read_run(s, at, solution);
}

/* Simulates the runs of the experiments list[n] that wait, or those that do not. */
static mech_status simulate_runs(session *s, const uint32_t *list, size_t n, bool waiting, mech_error *error) {
    mech_solver_statistics statistics = {0};
    s->n_problems = 0;
    for (size_t l = 0; l < n; l++) {
        const experiment_plan *plan = &s->plans[list[l]];
        for (uint32_t run = 0; run < plan->n_runs && !s->failed[list[l]]; run++)
            if (waits(plan, run) == waiting) s->problems[s->n_problems++] = (run_place){list[l], run};
    }
    const integration_job job = {.next = next_run, .finished = finish_run, .context = s, .records = true};
    return mech_rosenbrock_run(s->series->mechanism, s->series->solver, &job, &statistics, error);
}

/* Brings times and clocks to units of the longest run's last reading. */
static void share_time_unit(session *s, size_t i) {
    run_sets *sets = s->sets;
    const size_t set = set_of(s, i);
    const double *lengths = s->length + i * MECH_MOST_RUNS;
    double unit = 0;
    for (uint32_t run = 0; run < s->plans[i].n_runs; run++) {
        const size_t behind = (size_t)sets->reading_offset[run_of(s, (run_place){(uint32_t)i, run}) + 1];
        unit = fmax(unit, (double)sets->time[behind - 1] * lengths[run]);
    }
    for (uint32_t run = 0; run < s->plans[i].n_runs; run++) {
        const size_t r = run_of(s, (run_place){(uint32_t)i, run});
        const double factor = lengths[run] / unit;
        for (size_t j = (size_t)sets->reading_offset[r]; j < sets->reading_offset[r + 1]; j++)
            sets->time[j] = (float)((double)sets->time[j] * factor);
        sets->run_truths[TRUTH_CLOCK_OFFSET][r] = (float)(s->plans[i].runs[run].clock_offset * factor);
    }
    sets->set_truths[TRUTH_TIME_UNIT][set] = unit;
}

/* Plans and simulates those of list[*n]; keeps in the list those that failed. */
static mech_status attempt(session *s, uint32_t *list, size_t *n, mech_error *error) {
    for (size_t l = 0; l < *n; l++) plan_experiment(s, list[l]);
    mech_status status = simulate_runs(s, list, *n, false, error);
    if (status == MECH_OK) status = simulate_runs(s, list, *n, true, error);
    size_t n_failed = 0;
    for (size_t l = 0; l < *n && status == MECH_OK; l++) {
        if (s->failed[list[l]])
            list[n_failed++] = list[l];
        else
            share_time_unit(s, list[l]);
    }
    *n = n_failed;
    return status;
}

mech_status mech_simulate_experiments(const experiment_series *series, size_t first, size_t count, run_sets *sets,
                                      size_t place, size_t stride, uint64_t *failures, mech_error *error) {
    session s = {.series = series, .first = first, .place = place, .stride = stride, .sets = sets};
    uint32_t *list = mech_allocate_array(count, sizeof *list);
    s.plans = mech_allocate_array(count, sizeof *s.plans);
    s.length = mech_allocate_array(count, MECH_MOST_RUNS * sizeof *s.length);
    s.failed = mech_allocate_array(count, sizeof *s.failed);
    s.problems = mech_allocate_array(count, MECH_MOST_RUNS * sizeof *s.problems);
    s.noted = mech_allocate_array(MOST_READINGS, sizeof *s.noted);
    s.true_times = mech_allocate_array(MOST_READINGS, sizeof *s.true_times);
    s.y = mech_allocate_array(MOST_READINGS, (size_t)series->mechanism->n_species * sizeof *s.y);
    mech_status status = list && s.plans && s.length && s.failed && s.problems && s.noted && s.true_times && s.y
                             ? MECH_OK
                             : mech_fail_memory(error);
    size_t n = count;
    for (size_t i = 0; list && i < count; i++) list[i] = (uint32_t)i;
    for (; n && s.attempt < MOST_ATTEMPTS && status == MECH_OK; s.attempt++) {
        status = attempt(&s, list, &n, error);
        *failures += n;
    }
    if (n && status == MECH_OK)
        status =
            mech_fail(error, MECH_NUMERICAL_FAILURE, "%s: the solver failed under all of %d plans of one experiment",
                      mech_mechanism_id(series->mechanism), MOST_ATTEMPTS);
    void *const arrays[] = {list, s.plans, s.length, s.failed, s.problems, s.noted, s.true_times, s.y};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) mech_release_array(arrays[i]);
    return status;
}
