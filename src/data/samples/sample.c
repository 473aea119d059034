#include "data/samples/sample.h"

#include "base/error.h"
#include "base/memory.h"
#include "chemistry/mechanism.h"
#include "simulate/rosenbrock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_MEASURED = 21 };

/* Protocol nature: a run that hardly reacts is followed to LAST_TIME. */
static const double LEAST_CHANGE = 0.01;

/* Conditions that a sample is tried under before its theta is given up. */
enum { MOST_ATTEMPTS = 60 };

size_t mech_measured_times(mech_sample_design sample_design, dataset_split s) {
    return sample_design == MECH_DESIGN_FIXED_WINDOW && s == SPLIT_TEST ? 7 : 21;
}

/* Samples on their way through the solver: four problems each. */
typedef struct measurement {
    const sample_series *series;
    size_t first, count, n_times;
    conditions *conditions; /* [count] */
    double *times;          /* [count][N_RUNS][n_times]: in the solver's unit */
    float *values;          /* [count][n_times][SAMPLE_COLUMNS]: a whole sample, but for the times */
    bool *failed;           /* [count] */
    uint32_t *list;         /* [n_list]: which samples are simulated */
    size_t n_list;
    uint64_t attempt;
} measurement;

/* The number of a stream of random numbers that belongs to one mechanism and split. */
static uint64_t series_number(const sample_series *s) { return s->label * N_SPLITS + (uint64_t)s->split; }

static void draw_sample_conditions(measurement *m, size_t i) {
    const sample_series *s = m->series;
    const size_t number = m->first + i;
    random_stream theta = mech_random_open(s->seed, RANDOM_LOADINGS, series_number(s), number % s->pool->n);
    random_stream own = mech_random_open(s->seed, RANDOM_CONDITIONS, series_number(s), number | m->attempt << 32);
    mech_draw_conditions(s->split, &theta, &own, &m->conditions[i]);
}

static bool next_run(void *context, size_t problem, double *k, double *start, double *t_end) {
    const measurement *m = context;
    const sample_series *s = m->series;
    if (problem >= m->n_list * N_RUNS) return false;
    const size_t i = m->list[problem / N_RUNS], run = problem % N_RUNS, theta = (m->first + i) % s->pool->n;
    const conditions *c = &m->conditions[i];
    memcpy(k, s->pool->k + theta * s->pool->n_k, s->pool->n_k * sizeof *k);
    mech_start_run(s->mechanism, c->s0[run], c->p0[run], c->loadings[run], s->pool->additive[theta], start);
    *t_end = LAST_TIME;
    return true;
}

/* Puts `value` into ascending numbers[n], which has room for it. */
static void insert_ascending(double *numbers, size_t n, double value) {
    for (; n > 0 && numbers[n - 1] > value; n--) numbers[n] = numbers[n - 1];
    numbers[n] = value;
}

static bool holds_number(const double *numbers, size_t n, double value) {
    for (size_t i = 0; i < n; i++)
        if (numbers[i] == value) return true;
    return false;
}

/* t = 0 and others of the uniform times, without repeats. */
static void draw_dense_times(random_stream *r, size_t n_times, double *times) {
    times[0] = 0;
    for (size_t n = 1; n < n_times;) {
        const double number = 1 + mech_random_below(r, DENSE_TIMES - 1);
        if (holds_number(times, n, number)) continue;
        insert_ascending(times, n++, number);
    }
    for (size_t i = 0; i < n_times; i++) times[i] = times[i] * LAST_TIME / (DENSE_TIMES - 1);
}

bool mech_is_followed_to_share(double change) { return fabs(change) >= LEAST_CHANGE; }

double mech_window_of_share(const mech_mechanism *mechanism, double s0, double change, double share,
                            const path *solution) {
    double window = LAST_TIME;
    if (mech_is_followed_to_share(change) &&
        !mech_path_first_crossing(solution, mechanism->substrate, s0 + share * change, &window))
        window = LAST_TIME;
    return window;
}

static double draw_window(random_stream *r, const mech_mechanism *mechanism, const double *end, const path *solution) {
    const double s0 = solution->cubic[4 * mechanism->substrate], change = end[mechanism->substrate] - s0;
    const double share = LEAST_SHARE + (MOST_SHARE - LEAST_SHARE) * mech_random_uniform(r);
    return mech_window_of_share(mechanism, s0, change, share, solution);
}

/* t = 0, the end of the window and uniform times between. */
static void draw_window_times(random_stream *r, double window, size_t n_times, double *times) {
    times[0] = 0;
    for (size_t n = 1; n + 1 < n_times; n++) insert_ascending(times, n, window * mech_random_uniform(r));
    times[n_times - 1] = window;
}

static void measure_run(void *context, size_t problem, bool failed, const double *end, const path *solution) {
    measurement *m = context;
    const sample_series *s = m->series;
    const size_t i = m->list[problem / N_RUNS], run = problem % N_RUNS, n_species = (size_t)s->mechanism->n_species;
    if (failed || !solution->n_steps) {
        m->failed[i] = true;
        return;
    }
    random_stream r =
        mech_random_open(s->seed, RANDOM_TIMES, series_number(s), (m->first + i) | (m->attempt * N_RUNS + run) << 32);
    double *times = m->times + (i * N_RUNS + run) * m->n_times, y[MOST_MEASURED * MAX_SPECIES];
    if (s->design == MECH_DESIGN_FIXED_WINDOW)
        draw_dense_times(&r, m->n_times, times);
    else
        draw_window_times(&r, draw_window(&r, s->mechanism, end, solution), m->n_times, times);
    mech_path_at_times(solution, times, m->n_times, y);
    for (size_t t = 0; t < m->n_times; t++) {
        float *values = m->values + (i * m->n_times + t) * SAMPLE_COLUMNS + run * RUN_COLUMNS;
        values[1] = (float)y[t * n_species + (size_t)s->mechanism->substrate];
        values[2] = (float)y[t * n_species + (size_t)s->mechanism->product];
        if (!isfinite(values[1]) || !isfinite(values[2])) m->failed[i] = true;
    }
}

/* Simulates the samples of the list. */
static mech_status measure_list(measurement *m, mech_error *error) {
    mech_solver_statistics statistics = {0};
    for (size_t l = 0; l < m->n_list; l++) {
        draw_sample_conditions(m, m->list[l]);
        m->failed[m->list[l]] = false;
    }
    const integration_job job = {.next = next_run, .finished = measure_run, .context = m, .records = true};
    return mech_rosenbrock_run(m->series->mechanism, m->series->solver, &job, &statistics, error);
}

/* Scales the times of sample i and copies it to a place of the block. */
static void hand_over(const measurement *m, size_t i, mech_samples *block, size_t place) {
    const sample_series *s = m->series;
    const size_t theta = (m->first + i) % s->pool->n;
    const double *times = m->times + i * N_RUNS * m->n_times;
    float *values = m->values + i * m->n_times * SAMPLE_COLUMNS;
    double longest = 0;
    for (size_t run = 0; run < N_RUNS; run++) longest = fmax(longest, times[(run + 1) * m->n_times - 1]);
    for (size_t run = 0; run < N_RUNS; run++) {
        const double unit = s->design == MECH_DESIGN_NATURE ? longest : times[(run + 1) * m->n_times - 1];
        for (size_t t = 0; t < m->n_times; t++)
            values[t * SAMPLE_COLUMNS + run * RUN_COLUMNS] = (float)(times[run * m->n_times + t] / unit);
        block->x1[place * N_RUNS + run] = (float)m->conditions[i].loadings[run];
    }
    memcpy(block->x2 + place * m->n_times * SAMPLE_COLUMNS, values, m->n_times * SAMPLE_COLUMNS * sizeof *values);
    block->y[place] = (uint8_t)s->label;
    for (size_t j = 0; j < block->n_theta; j++)
        block->theta[place * block->n_theta + j] = j < s->pool->n_k ? s->pool->k[theta * s->pool->n_k + j] : NAN;
    block->additive[place] = s->pool->additive[theta];
}

mech_status mech_simulate_samples(const sample_series *series, size_t first, size_t count, mech_samples *block,
                                  size_t place, size_t stride, uint64_t *failures, mech_error *error) {
    mech_status status = MECH_OK;
    measurement m = {.series = series, .first = first, .count = count, .n_times = block->n_times, .n_list = count};
    m.conditions = mech_allocate_array(count, sizeof *m.conditions);
    m.times = mech_allocate_array(count, N_RUNS * m.n_times * sizeof *m.times);
    m.values = mech_allocate_array(count, m.n_times * SAMPLE_COLUMNS * sizeof *m.values);
    m.failed = mech_allocate_array(count, sizeof *m.failed);
    m.list = mech_allocate_array(count, sizeof *m.list);
    if (!m.conditions || !m.times || !m.values || !m.failed || !m.list) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    for (size_t i = 0; i < count; i++) m.list[i] = (uint32_t)i;
    for (; m.n_list && m.attempt < MOST_ATTEMPTS; m.attempt++) {
        status = measure_list(&m, error);
        if (status != MECH_OK) goto cleanup;
        size_t n_failed = 0;
        for (size_t l = 0; l < m.n_list; l++)
            if (m.failed[m.list[l]]) m.list[n_failed++] = m.list[l];
        *failures += m.n_list = n_failed;
    }
    if (m.n_list) {
        status =
            mech_fail(error, MECH_NUMERICAL_FAILURE, "%s: the solver failed under all of %d conditions of one theta",
                      mech_mechanism_id(series->mechanism), MOST_ATTEMPTS);
        goto cleanup;
    }
    for (size_t i = 0; i < count; i++) hand_over(&m, i, block, place + i * stride);
cleanup:
    mech_release_array(m.conditions);
    mech_release_array(m.times);
    mech_release_array(m.values);
    mech_release_array(m.failed);
    mech_release_array(m.list);
    return status;
}
