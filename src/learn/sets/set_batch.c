#include "learn/sets/set_batch.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/random.h"
#include "data/runs/run_set.h"
#include "learn/inputs/run_inputs.h"
#include "learn/inputs/side.h"

#include <math.h>
#include <stdlib.h>

/* Readings of a set in double precision, S or P measured, and what the inputs are made with. */
typedef struct set_batch_member {
    input_memory *inputs;
    double *columns; /* [3][room] */
    size_t room;
} set_batch_member;

enum { SETS_A_PIECE = 8 };

void mech_set_batch_free(set_batch *b) {
    void *const arrays[] = {b->run_offset, b->reading_offset, b->of_sets, b->of_runs, b->of_readings, b->targets, b->y};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) mech_release_array(arrays[i]);
    for (size_t i = 0; i < b->n_members; i++) {
        mech_input_memory_free(b->members[i].inputs);
        mech_release_array(b->members[i].columns);
    }
    free(b->members);
    *b = (set_batch){0};
}

static bool renew(void **array, size_t count, size_t size) {
    mech_release_array(*array);
    *array = mech_allocate_array(count ? count : 1, size);
    return *array != NULL;
}

static mech_status make_room(set_batch *b, size_t n, size_t n_runs, size_t n_readings, mech_error *error) {
    bool enough = true;
    if (n > b->room || !b->run_offset) {
        enough = renew((void **)&b->run_offset, n + 1, sizeof *b->run_offset) &&
                 renew((void **)&b->of_sets, n, SET_INPUTS * sizeof *b->of_sets) &&
                 renew((void **)&b->targets, n, SIDE_TARGETS * sizeof *b->targets) &&
                 renew((void **)&b->y, n, sizeof *b->y);
        b->room = enough ? n : 0;
    }
    if (enough && (n_runs > b->room_runs || !b->reading_offset)) {
        enough = renew((void **)&b->reading_offset, n_runs + 1, sizeof *b->reading_offset) &&
                 renew((void **)&b->of_runs, n_runs, RUN_INPUTS * sizeof *b->of_runs);
        b->room_runs = enough ? n_runs : 0;
    }
    if (enough && n_readings > b->room_readings) {
        enough = renew((void **)&b->of_readings, n_readings, READING_INPUTS * sizeof *b->of_readings);
        b->room_readings = enough ? n_readings : 0;
    }
    b->sets = (engine_sets){.n = n,
                            .run_offset = b->run_offset,
                            .reading_offset = b->reading_offset,
                            .of_sets = b->of_sets,
                            .of_runs = b->of_runs,
                            .of_readings = b->of_readings,
                            .y = b->y,
                            .targets = b->targets};
    return enough ? MECH_OK : mech_fail_memory(error);
}

/* Working memory for a team, for sets of up to so many readings. */
static mech_status make_members(set_batch *b, const team *t, size_t most_readings, mech_error *error) {
    const size_t size = (size_t)mech_team_size(t);
    if (size > b->n_members) {
        set_batch_member *more = realloc(b->members, size * sizeof *more);
        if (!more) return mech_fail_memory(error);
        b->members = more;
        for (size_t i = b->n_members; i < size; i++)
            b->members[i] = (set_batch_member){.inputs = mech_input_memory_new()};
        b->n_members = size;
    }
    for (size_t i = 0; i < size; i++) {
        set_batch_member *m = &b->members[i];
        if (!m->inputs) return mech_fail_memory(error);
        if (most_readings <= m->room) continue;
        if (!renew((void **)&m->columns, most_readings, 3 * sizeof *m->columns)) {
            m->room = 0;
            return mech_fail_memory(error);
        }
        m->room = most_readings;
    }
    return MECH_OK;
}

/* A reading on its way into a member's columns: only where S or P was measured. */
static void add_reading(double *columns, size_t room, size_t *n, double time, double substrate, double product) {
    if (isnan(substrate) && isnan(product)) return;
    columns[*n] = time;
    columns[room + *n] = substrate;
    columns[2 * room + *n] = product;
    (*n)++;
}

static run_curve curve_at(const double *columns, size_t room, size_t n) {
    return (run_curve){.n = n, .time = columns, .substrate = columns + room, .product = columns + 2 * room};
}

static void fill_set(const set_batch *b, size_t set, set_batch_member *m, const run_curve *curves,
                     const mech_told_errors *told) {
    const size_t first = b->run_offset[set], n_runs = b->run_offset[set + 1] - first;
    mech_fill_inputs(m->inputs, n_runs, curves, told, b->of_sets + set * SET_INPUTS, b->of_runs + first * RUN_INPUTS,
                     b->of_readings + b->reading_offset[first] * READING_INPUTS);
}

/* A batch in the filling from run sets of the one kind or the other. */
typedef struct filling {
    set_batch *b;
    const run_sets *const *from;
    size_t a_block;
    const uint32_t *order;
    const telling *tells;
    const mech_run_set *const *measured;
    const mech_told_errors *told;
} filling;

static const run_sets *block_of(const filling *f, size_t i) { return f->from[f->order[i] / f->a_block]; }

static size_t place_of(const filling *f, size_t i) { return f->order[i] % f->a_block; }

static float side_error(double error) { return (float)((log(error + SIDE_LEAST) + SIDE_LOG_OFFSET) * SIDE_LOG_SCALE); }

/* The noise of a reading of average size. */
static double noise_of(const run_sets *s, size_t set) {
    double squares = 0, count = 0;
    const size_t from = (size_t)s->reading_offset[s->run_offset[set]];
    const size_t to = (size_t)s->reading_offset[s->run_offset[set + 1]];
    for (size_t i = from; i < to; i++) {
        const double values[] = {(double)s->substrate[i], (double)s->product[i]};
        for (int k = 0; k < 2; k++)
            if (!isnan(values[k])) {
                squares += values[k] * values[k];
                count++;
            }
    }
    const double absolute = s->set_truths[TRUTH_NOISE][set], relative = s->set_truths[TRUTH_RELATIVE_NOISE][set];
    return sqrt(absolute * absolute + relative * relative * (count > 0 ? squares / count : 0));
}

static void fill_targets(const run_sets *s, size_t set, float *targets) {
    targets[SIDE_NOISE] = targets[SIDE_LOADING] = targets[SIDE_CLOCK] = NAN;
    if (!s->has_truths) return;
    targets[SIDE_NOISE] = side_error(noise_of(s, set));
    targets[SIDE_LOADING] = side_error(s->set_truths[TRUTH_LOADING_SPREAD][set]);
    targets[SIDE_CLOCK] = side_error(s->set_truths[TRUTH_CLOCK_SPREAD][set]);
}

/* What is told of the errors of a simulated experiment. */
static mech_told_errors draw_told(const filling *f, size_t i) {
    const run_sets *s = block_of(f, i);
    const size_t set = place_of(f, i);
    mech_told_errors told = {.size = sizeof told, .loading = NAN, .clock = NAN, .start = NAN, .noise = NAN};
    if (!f->tells || !s->has_truths) return told;
    random_stream r = mech_random_open(f->tells->seed, RANDOM_AUGMENTATION, f->tells->use, f->tells->position + i);
    const uint32_t bits = mech_random_bits(&r);
    if (bits & 1) return told;
    if (bits & 2) told.loading = s->set_truths[TRUTH_LOADING_SPREAD][set];
    if (bits & 4) told.clock = s->set_truths[TRUTH_CLOCK_SPREAD][set];
    if (bits & 8) told.start = s->set_truths[TRUTH_START_SPREAD][set];
    if (bits & 16) told.noise = noise_of(s, set);
    return told;
}

static void take_set(const filling *f, size_t i, set_batch_member *m) {
    const run_sets *s = block_of(f, i);
    const size_t set = place_of(f, i), first = (size_t)s->run_offset[set];
    const size_t n_runs = (size_t)s->run_offset[set + 1] - first;
    run_curve curves[MECH_MOST_RUNS];
    double *columns = m->columns;
    for (size_t k = 0; k < n_runs; k++) {
        const size_t run = first + k;
        size_t n = 0;
        for (size_t j = (size_t)s->reading_offset[run]; j < s->reading_offset[run + 1]; j++)
            add_reading(columns, m->room, &n, (double)s->time[j], (double)s->substrate[j], (double)s->product[j]);
        curves[k] = curve_at(columns, m->room, n);
        curves[k].s0 = (double)s->s0[run];
        curves[k].p0 = (double)s->p0[run];
        curves[k].cat = (double)s->cat0[run];
        columns += n;
    }
    const mech_told_errors told = draw_told(f, i);
    fill_set(f->b, i, m, curves, &told);
    f->b->y[i] = s->label[set];
    fill_targets(s, set, f->b->targets + i * SIDE_TARGETS);
}

static double value_at(const double *values, size_t i) { return values ? values[i] : NAN; }

static void take_measured(const filling *f, size_t i, set_batch_member *m) {
    const mech_run_set *s = f->measured[i];
    const double end = mech_run_set_end(s), standard = mech_run_set_standard(s), time_unit = end > 0 ? end : 1;
    run_curve curves[MECH_MOST_RUNS];
    double *columns = m->columns;
    for (size_t k = 0; k < s->n_runs; k++) {
        const mech_run *run = &s->runs[k];
        size_t n = 0;
        for (size_t j = 0; j < run->n_readings; j++)
            add_reading(columns, m->room, &n, run->time[j] / time_unit, value_at(run->substrate, j) / standard,
                        value_at(run->product, j) / standard);
        curves[k] = curve_at(columns, m->room, n);
        curves[k].s0 = run->s0 / standard;
        curves[k].p0 = run->p0 / standard;
        curves[k].cat = run->cat0 / standard;
        columns += n;
    }
    fill_set(f->b, i, m, curves, f->told ? &f->told[i] : NULL);
    f->b->y[i] = 0;
    for (int j = 0; j < SIDE_TARGETS; j++) f->b->targets[i * SIDE_TARGETS + (size_t)j] = NAN;
}

static void fill_piece(void *context, size_t piece, int member) {
    const filling *f = context;
    const size_t begin = piece * SETS_A_PIECE, end = begin + SETS_A_PIECE;
    for (size_t i = begin; i < end && i < f->b->sets.n; i++)
        (f->from ? take_set : take_measured)(f, i, &f->b->members[member]);
}

/* Readings of S or P of a run, however it is held. */
static size_t measured_readings(const filling *f, size_t i, size_t run) {
    size_t n = 0;
    if (f->from) {
        const run_sets *s = block_of(f, i);
        const size_t r = (size_t)s->run_offset[place_of(f, i)] + run;
        for (size_t j = (size_t)s->reading_offset[r]; j < s->reading_offset[r + 1]; j++)
            n += !isnan(s->substrate[j]) || !isnan(s->product[j]);
    } else {
        const mech_run *of = &f->measured[i]->runs[run];
        for (size_t j = 0; j < of->n_readings; j++)
            n += !isnan(value_at(of->substrate, j)) || !isnan(value_at(of->product, j));
    }
    return n;
}

static size_t runs_of(const filling *f, size_t i) {
    if (!f->from) return f->measured[i]->n_runs;
    const uint64_t *offset = block_of(f, i)->run_offset + place_of(f, i);
    return (size_t)(offset[1] - offset[0]);
}

/* Lays out n sets and fills them. */
static mech_status fill_batch(filling *f, size_t n, size_t number, team *t, mech_error *error) {
    set_batch *b = f->b;
    size_t n_runs = 0, n_rows = 0, most_readings = 1;
    for (size_t i = 0; i < n; i++) n_runs += runs_of(f, i);
    mech_status status = make_room(b, n, n_runs, 0, error);
    if (status != MECH_OK) return status;
    b->run_offset[0] = b->reading_offset[0] = 0;
    for (size_t i = 0, run = 0; i < n; i++) {
        size_t n_readings = 0;
        for (size_t k = 0; k < runs_of(f, i); k++, run++) {
            const size_t here = measured_readings(f, i, k);
            if (!here)
                return mech_fail(error, MECH_INVALID_INPUT,
                                 "run set %zu, run %zu: there is no reading of S or P; expected one", number + i,
                                 k + 1);
            n_readings += here;
            n_rows += mech_input_rows(here);
            b->reading_offset[run + 1] = n_rows;
        }
        if (!runs_of(f, i))
            return mech_fail(error, MECH_INVALID_INPUT, "run set %zu has no runs; expected one", number + i);
        if (n_readings > most_readings) most_readings = n_readings;
        b->run_offset[i + 1] = run;
    }
    status = make_room(b, n, n_runs, n_rows, error);
    if (status == MECH_OK) status = make_members(b, t, most_readings, error);
    if (status == MECH_OK) mech_team_share(t, (n + SETS_A_PIECE - 1) / SETS_A_PIECE, fill_piece, f);
    return status;
}

mech_status mech_set_batch_take(set_batch *b, const run_sets *const *from, size_t a_block, size_t n,
                                const uint32_t *order, const telling *tells, team *t, mech_error *error) {
    filling f = {.b = b, .from = from, .a_block = a_block, .order = order, .tells = tells};
    return fill_batch(&f, n, tells ? (size_t)tells->position : 0, t, error);
}

mech_status mech_check_told(size_t n, const mech_told_errors *told, mech_error *error) {
    for (size_t i = 0; told && i < n; i++)
        if (told[i].size != sizeof *told)
            return mech_fail(error, MECH_INVALID_ARGUMENT,
                             "what is told of run set %zu has size %zu; expected sizeof(mech_told_errors), %zu", i,
                             told[i].size, sizeof *told);
    return MECH_OK;
}

mech_status mech_set_batch_measured(set_batch *b, size_t n, const mech_run_set *const *sets,
                                    const mech_told_errors *told, size_t number, team *t, mech_error *error) {
    filling f = {.b = b, .measured = sets, .told = told};
    return fill_batch(&f, n, number, t, error);
}
