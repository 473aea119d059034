#include "learn/engine/engine.h"

#include "base/machine/clock.h"
#include "base/machine/team.h"
#include "base/memory.h"
#include "learn/engine/engine_reals.h"

#include <string.h>

/* A batch is cut into so many slices of consecutive tiles, whatever the threads; each adds up a gradient of its own and
 * these are added in order, so that the sum does not depend on who computed what. */
enum { MOST_SLICES = 16, ADD_PIECE = 8192 };

enum { MOST_PEAK_THREADS = 64 };

/* Memory that grows as needed and is kept from call to call. */
typedef struct room {
    void *bytes;
    size_t size;
} room;

struct engine {
    graph g;
    const engine_kernel *kernel;
    team *t;
    room layouts;           /* [n_parts] */
    room packed, gradients; /* [packed_size]; [n_slices][gradient_size] */
    room *workspaces;       /* [threads] */
    room results;           /* of an engine in float64: what the caller wants as floats */
    room side_results;      /* the same of the side node */
    room tiles;             /* [n_tiles + 1], of run sets: where tiles begin */
};

/* One call's batch. */
typedef struct pass {
    const engine *e;
    const engine_part *parts;
    size_t n_parts, n_slices, n_tiles;
    const engine_sets *sets; /* in place of parts, with one layout; else NULL */
    const size_t *tiles;     /* [n_tiles + 1]: their first sets */
    const plan *layouts;     /* [n_parts], which lay out parameters and gradient alike */
    bool training;
    unsigned char *probabilities; /* of reals, of the only part; NULL in training */
    unsigned char *side_values;   /* of reals, of run sets; NULL: not wanted */
    double label_smoothing, side_weight;
    rank_share own;                        /* slices that this rank differentiates */
    engine_loss slice_losses[MOST_SLICES]; /* sums, not means */
} pass;

static bool make_room(room *r, size_t count, size_t size) {
    if (r->bytes && r->size / size >= count) return true;
    mech_release_array(r->bytes);
    r->size = 0;
    r->bytes = mech_allocate_array(count, size);
    if (r->bytes) r->size = count * size;
    return r->bytes != NULL;
}

const engine_kernel *mech_engine_kernel_of(instruction_set set, engine_precision precision) {
    static const engine_kernel *const kernels[N_INSTRUCTION_SETS][2] = {
        [LANES_BASELINE] = {&mech_engine_kernel_baseline, &mech_engine_kernel_baseline_float64},
#ifdef MECHANIST_AVX2_LANES
        [LANES_AVX2] = {&mech_engine_kernel_avx2, &mech_engine_kernel_avx2_float64},
#endif
#ifdef MECHANIST_AVX512_LANES
        [LANES_AVX512] = {&mech_engine_kernel_avx512, &mech_engine_kernel_avx512_float64},
#endif
    };
    return kernels[set][precision];
}

mech_status mech_engine_new_with(const engine_kernel *kernel, const graph *g, int threads, engine **e,
                                 mech_error *error) {
    *e = mech_allocate_array(1, sizeof **e);
    if (!*e) return mech_fail_memory(error);
    (*e)->g = *g;
    (*e)->kernel = kernel;
    (*e)->t = mech_team_new(threads);
    if ((*e)->t) (*e)->workspaces = mech_allocate_array((size_t)mech_team_size((*e)->t), sizeof *(*e)->workspaces);
    if ((*e)->workspaces) return MECH_OK;
    mech_engine_free(*e);
    *e = NULL;
    return mech_fail_memory(error);
}

mech_status mech_engine_new(const graph *g, int threads, engine **e, mech_error *error) {
    return mech_engine_new_with(mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT32), g, threads, e, error);
}

mech_status mech_engine_new_exact(const graph *g, int threads, engine **e, mech_error *error) {
    return mech_engine_new_with(mech_engine_kernel_of(mech_processor_lanes(), ENGINE_FLOAT64), g, threads, e, error);
}

void mech_engine_free(engine *e) {
    if (!e) return;
    if (e->workspaces)
        for (int i = 0; i < mech_team_size(e->t); i++) mech_release_array(e->workspaces[i].bytes);
    mech_release_array(e->workspaces);
    mech_release_array(e->layouts.bytes);
    mech_release_array(e->packed.bytes);
    mech_release_array(e->gradients.bytes);
    mech_release_array(e->results.bytes);
    mech_release_array(e->side_results.bytes);
    mech_release_array(e->tiles.bytes);
    mech_team_free(e->t);
    mech_release_array(e);
}

void mech_engine_join_ranks(engine *e) { mech_team_join_ranks(e->t); }

static size_t round_up(size_t n, size_t multiple) { return (n + multiple - 1) / multiple * multiple; }

static size_t tiles_of(const engine_part *part) { return (part->n + TILE_ROWS - 1) / TILE_ROWS; }

/* Parameters of the kernel's real type or, `single`, floats. */
typedef struct given_parameters {
    const void *numbers;
    bool single;
} given_parameters;

static mech_status refuse_shape(const engine *e, mech_error *error) {
    return mech_fail(error, MECH_INVALID_ARGUMENT, "network %s reads %s", e->g.network,
                     mech_graph_reads_run_sets(&e->g) ? "run sets; expected these, not samples of one shape"
                                                      : "samples of one shape; expected these, not run sets");
}

/* Cuts the run sets into tiles of whole sets and finds the most that any of them holds. */
static mech_status cut_tiles(engine *e, pass *p, ragged_rows *most, size_t *most_sets, mech_error *error) {
    const engine_sets *s = p->sets;
    if (!make_room(&e->tiles, s->n + 1, sizeof(size_t))) return mech_fail_memory(error);
    size_t *tiles = e->tiles.bytes;
    const size_t lanes = e->kernel->lanes;
    p->tiles = tiles;
    *most = (ragged_rows){0};
    *most_sets = 0;
    for (size_t set = 0; set < s->n;) {
        ragged_rows rows = {0};
        const size_t first = set;
        for (; set < s->n; set++) {
            const size_t from = s->run_offset[set], to = s->run_offset[set + 1], n_runs = to - from;
            const size_t n_readings = s->reading_offset[to] - s->reading_offset[from];
            if (set > first && (rows.readings + n_readings > TILE_READINGS || rows.runs + n_runs > TILE_READINGS))
                break;
            rows.runs += n_runs;
            rows.readings += n_readings;
            rows.run_pairs += n_runs * round_up(n_runs, lanes);
            if (n_runs > most->longest) most->longest = n_runs;
            for (size_t run = from; run < to; run++) {
                const size_t n = s->reading_offset[run + 1] - s->reading_offset[run];
                if (!n)
                    return mech_fail(error, MECH_INVALID_ARGUMENT, "run %zu of set %zu has no readings", run - from + 1,
                                     set + 1);
                rows.reading_pairs += n * round_up(n, lanes);
                if (n > most->longest) most->longest = n;
            }
            if (!n_runs) return mech_fail(error, MECH_INVALID_ARGUMENT, "set %zu has no runs", set + 1);
        }
        if (rows.runs > most->runs) most->runs = rows.runs;
        if (rows.readings > most->readings) most->readings = rows.readings;
        if (rows.run_pairs > most->run_pairs) most->run_pairs = rows.run_pairs;
        if (rows.reading_pairs > most->reading_pairs) most->reading_pairs = rows.reading_pairs;
        if (set - first > *most_sets) *most_sets = set - first;
        tiles[p->n_tiles++] = first;
    }
    tiles[p->n_tiles] = s->n;
    return MECH_OK;
}

/* Lays the parts, or the run sets, out. */
static mech_status lay_out(engine *e, pass *p, size_t *workspace, mech_error *error) {
    const size_t bytes = e->kernel->real_bytes;
    if ((p->sets != NULL) != mech_graph_reads_run_sets(&e->g)) return refuse_shape(e, error);
    if (!make_room(&e->layouts, p->n_parts, sizeof(plan))) return mech_fail_memory(error);
    plan *layouts = e->layouts.bytes;
    p->layouts = layouts;
    if (p->sets) {
        ragged_rows most;
        size_t most_sets = 0;
        const mech_status status = cut_tiles(e, p, &most, &most_sets, error);
        if (status != MECH_OK) return status;
        if (!mech_plan_run_sets(layouts, &e->g, e->kernel->lanes, bytes, most_sets, &most, p->training))
            return mech_fail_memory(error);
        *workspace = layouts->workspace_size;
        return MECH_OK;
    }
    for (size_t i = 0; i < p->n_parts; i++) {
        const size_t n_times = p->parts[i].n_times;
        if (!n_times)
            return mech_fail(error, MECH_INVALID_ARGUMENT, "samples without time steps: expected at least one");
        if (!mech_plan_make(&layouts[i], &e->g, e->kernel->lanes, bytes, p->parts[i].n, n_times, p->training))
            return mech_fail_memory(error);
        p->n_tiles += tiles_of(&p->parts[i]);
        if (layouts[i].workspace_size > *workspace) *workspace = layouts[i].workspace_size;
    }
    return MECH_OK;
}

/* Lays everything out, makes room and packs the parameters. */
static mech_status prepare(engine *e, pass *p, given_parameters given, mech_error *error) {
    const size_t bytes = e->kernel->real_bytes;
    size_t workspace = 0;
    const mech_status status = lay_out(e, p, &workspace, error);
    if (status != MECH_OK) return status;
    const plan *layouts = p->layouts;
    p->n_slices = p->n_tiles < MOST_SLICES ? p->n_tiles : MOST_SLICES;
    bool enough = make_room(&e->packed, layouts->packed_size, bytes);
    if (p->training) enough = enough && make_room(&e->gradients, p->n_slices * layouts->gradient_size, bytes);
    for (int i = 0; i < mech_team_size(e->t); i++) enough = enough && make_room(&e->workspaces[i], workspace, bytes);
    if (!enough) return mech_fail_memory(error);
    e->kernel->pack(layouts, given.numbers, given.single, e->packed.bytes);
    return MECH_OK;
}

static unsigned char *slice_gradient(const pass *p, size_t slice) {
    return (unsigned char *)p->e->gradients.bytes + slice * p->layouts->gradient_size * p->e->kernel->real_bytes;
}

static tile_job job_of_sets(const pass *p, size_t tile, int member) {
    const size_t first = p->tiles[tile], bytes = p->e->kernel->real_bytes;
    const size_t side_bytes = p->e->g.nodes[p->e->g.side].width * bytes;
    return (tile_job){.layout = p->layouts,
                      .packed = p->e->packed.bytes,
                      .workspace = p->e->workspaces[member].bytes,
                      .n_rows = p->tiles[tile + 1] - first,
                      .x1 = p->sets->of_sets + first * p->e->g.static_width,
                      .sets = p->sets,
                      .first_set = first,
                      .probabilities = p->probabilities ? p->probabilities + first * p->e->g.n_labels * bytes : NULL,
                      .side_values = p->side_values ? p->side_values + first * side_bytes : NULL,
                      .label_smoothing = p->label_smoothing,
                      .side_weight = p->side_weight};
}

static tile_job job_of_tile(const pass *p, size_t tile, int member) {
    if (p->sets) return job_of_sets(p, tile, member);
    const graph *g = &p->e->g;
    size_t i = 0;
    for (; tile >= tiles_of(&p->parts[i]); i++) tile -= tiles_of(&p->parts[i]);
    const engine_part *part = &p->parts[i];
    const size_t first = tile * TILE_ROWS, rest = part->n - first, row_bytes = g->n_labels * p->e->kernel->real_bytes;
    return (tile_job){.layout = &p->layouts[i],
                      .packed = p->e->packed.bytes,
                      .workspace = p->e->workspaces[member].bytes,
                      .n_rows = rest < TILE_ROWS ? rest : TILE_ROWS,
                      .x1 = part->x1 + first * g->static_width,
                      .x2 = part->x2 + first * part->n_times * g->series_width,
                      .probabilities = p->probabilities ? p->probabilities + first * row_bytes : NULL,
                      .labels = p->training ? part->y + first : NULL,
                      .label_smoothing = p->label_smoothing};
}

static void predict_tile(void *context, size_t tile, int member) {
    const pass *p = context;
    tile_job job = job_of_tile(p, tile, member);
    p->e->kernel->run_tile(&job);
}

static void differentiate_slice(void *context, size_t own, int member) {
    pass *p = context;
    const size_t slice = p->own.begin + own;
    engine_loss *loss = &p->slice_losses[slice];
    unsigned char *gradient = slice_gradient(p, slice);
    memset(gradient, 0, p->layouts->gradient_size * p->e->kernel->real_bytes);
    for (size_t tile = slice * p->n_tiles / p->n_slices; tile < (slice + 1) * p->n_tiles / p->n_slices; tile++) {
        tile_job job = job_of_tile(p, tile, member);
        job.gradient = gradient;
        p->e->kernel->run_tile(&job);
        loss->cross_entropy += job.cross_entropy;
        loss->side += job.side_loss;
        loss->correct += job.correct;
    }
}

/* Adds one piece of all slices' gradients to that of the first. */
static void add_piece(void *context, size_t piece, int member) {
    const pass *p = context;
    (void)member;
    const size_t first = piece * ADD_PIECE, rest = p->layouts->gradient_size - first;
    const size_t offset = first * p->e->kernel->real_bytes;
    for (size_t slice = 1; slice < p->n_slices; slice++)
        p->e->kernel->add(rest < ADD_PIECE ? rest : ADD_PIECE, slice_gradient(p, slice) + offset,
                          slice_gradient(p, 0) + offset);
}

/* Adds all slices' gradients to that of the first, and tells all ranks their losses. */
static void add_slices(pass *p) {
    const engine *e = p->e;
    ranks *others = mech_team_ranks(e->t);
    if (others) {
        mech_ranks_sum(others, p->n_slices, p->layouts->gradient_size, e->kernel->real_bytes, e->gradients.bytes,
                       e->kernel->add);
        mech_ranks_gather(others, p->n_slices, sizeof *p->slice_losses, p->slice_losses);
    } else {
        mech_team_share(e->t, (p->layouts->gradient_size + ADD_PIECE - 1) / ADD_PIECE, add_piece, p);
    }
}

static mech_status predict(engine *e, given_parameters given, size_t n, size_t n_times, const float *x1,
                           const float *x2, void *probabilities, mech_error *error) {
    const engine_part part = {.n = n, .n_times = n_times, .x1 = x1, .x2 = x2};
    pass p = {.e = e, .parts = &part, .n_parts = 1, .probabilities = probabilities};
    const mech_status status = prepare(e, &p, given, error);
    if (status != MECH_OK) return status;
    mech_team_share(e->t, p.n_tiles, predict_tile, &p);
    return MECH_OK;
}

mech_status mech_engine_predict_reals(engine *e, const void *parameters, size_t n, size_t n_times, const float *x1,
                                      const float *x2, void *probabilities, mech_error *error) {
    return predict(e, (given_parameters){parameters, false}, n, n_times, x1, x2, probabilities, error);
}

/* The gradient and the loss of a pass over n samples. */
static mech_status differentiate_pass(engine *e, pass *p, given_parameters given, size_t n, void *gradient,
                                      engine_loss *loss, mech_error *error) {
    if (!n)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "a batch without samples has no gradient: expected at least one");
    const mech_status status = prepare(e, p, given, error);
    if (status != MECH_OK) return status;
    p->own = mech_rank_share(mech_team_ranks(e->t), p->n_slices);
    mech_team_share(e->t, p->own.end - p->own.begin, differentiate_slice, p);
    add_slices(p);
    e->kernel->unpack_gradient(p->layouts, slice_gradient(p, 0), 1 / (double)n, gradient);
    *loss = (engine_loss){0};
    for (size_t i = 0; i < p->n_slices; i++) {
        loss->cross_entropy += p->slice_losses[i].cross_entropy / (double)n;
        loss->side += p->slice_losses[i].side / (double)n;
        loss->correct += p->slice_losses[i].correct;
    }
    return MECH_OK;
}

static mech_status differentiate(engine *e, given_parameters given, size_t n_parts, const engine_part *parts,
                                 double label_smoothing, void *gradient, engine_loss *loss, mech_error *error) {
    size_t n = 0;
    for (size_t i = 0; i < n_parts; n += parts[i++].n)
        for (size_t j = 0; j < parts[i].n; j++)
            if (parts[i].y[j] >= e->g.n_labels)
                return mech_fail(error, MECH_INVALID_ARGUMENT,
                                 "sample %zu has label %d: expected one below %zu, the number of labels", n + j,
                                 parts[i].y[j], e->g.n_labels);
    pass p = {.e = e, .parts = parts, .n_parts = n_parts, .training = true, .label_smoothing = label_smoothing};
    return differentiate_pass(e, &p, given, n, gradient, loss, error);
}

static mech_status predict_sets(engine *e, given_parameters given, const engine_sets *sets, void *probabilities,
                                void *side_values, mech_error *error) {
    pass p = {.e = e, .n_parts = 1, .sets = sets, .probabilities = probabilities, .side_values = side_values};
    if (side_values && !e->g.side)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "network %s learns nothing on the side", e->g.network);
    const mech_status status = prepare(e, &p, given, error);
    if (status != MECH_OK) return status;
    mech_team_share(e->t, p.n_tiles, predict_tile, &p);
    return MECH_OK;
}

mech_status mech_engine_predict_sets_reals(engine *e, const void *parameters, const engine_sets *sets,
                                           void *probabilities, void *side_values, mech_error *error) {
    return predict_sets(e, (given_parameters){parameters, false}, sets, probabilities, side_values, error);
}

static mech_status differentiate_sets(engine *e, given_parameters given, const engine_sets *sets,
                                      double label_smoothing, double side_weight, void *gradient, engine_loss *loss,
                                      mech_error *error) {
    for (size_t i = 0; i < sets->n; i++)
        if (sets->y[i] >= e->g.n_labels)
            return mech_fail(error, MECH_INVALID_ARGUMENT,
                             "run set %zu has label %d: expected one below %zu, the number of labels", i, sets->y[i],
                             e->g.n_labels);
    pass p = {.e = e,
              .n_parts = 1,
              .sets = sets,
              .training = true,
              .label_smoothing = label_smoothing,
              .side_weight = side_weight};
    return differentiate_pass(e, &p, given, sets->n, gradient, loss, error);
}

mech_status mech_engine_gradient_sets_reals(engine *e, const void *parameters, const engine_sets *sets,
                                            double label_smoothing, double side_weight, void *gradient,
                                            engine_loss *loss, mech_error *error) {
    return differentiate_sets(e, (given_parameters){parameters, false}, sets, label_smoothing, side_weight, gradient,
                              loss, error);
}

mech_status mech_engine_gradient_reals(engine *e, const void *parameters, size_t n_parts, const engine_part *parts,
                                       double label_smoothing, void *gradient, engine_loss *loss, mech_error *error) {
    return differentiate(e, (given_parameters){parameters, false}, n_parts, parts, label_smoothing, gradient, loss,
                         error);
}

static bool in_float64(const engine *e) { return e->kernel->real_bytes == sizeof(double); }

/* Where the kernel writes `count` results that are wanted as floats at `results`; NULL: out of memory. */
static void *place_of_results(const engine *e, room *r, size_t count, float *results) {
    if (!in_float64(e)) return results;
    return make_room(r, count, sizeof(double)) ? r->bytes : NULL;
}

static void convert_results(const engine *e, const room *r, size_t count, float *results) {
    if (!in_float64(e)) return;
    const double *from = r->bytes;
    for (size_t i = 0; i < count; i++) results[i] = (float)from[i];
}

mech_status mech_engine_predict(engine *e, const float *parameters, size_t n, size_t n_times, const float *x1,
                                const float *x2, float *probabilities, mech_error *error) {
    const size_t count = n * e->g.n_labels;
    void *results = place_of_results(e, &e->results, count, probabilities);
    if (!results) return mech_fail_memory(error);
    const mech_status status = predict(e, (given_parameters){parameters, true}, n, n_times, x1, x2, results, error);
    if (status == MECH_OK) convert_results(e, &e->results, count, probabilities);
    return status;
}

mech_status mech_engine_gradient(engine *e, const float *parameters, size_t n_parts, const engine_part *parts,
                                 double label_smoothing, float *gradient, engine_loss *loss, mech_error *error) {
    void *results = place_of_results(e, &e->results, e->g.n_parameters, gradient);
    if (!results) return mech_fail_memory(error);
    const mech_status status =
        differentiate(e, (given_parameters){parameters, true}, n_parts, parts, label_smoothing, results, loss, error);
    if (status == MECH_OK) convert_results(e, &e->results, e->g.n_parameters, gradient);
    return status;
}

mech_status mech_engine_predict_sets(engine *e, const float *parameters, const engine_sets *sets, float *probabilities,
                                     float *side_values, mech_error *error) {
    const size_t count = sets->n * e->g.n_labels, side_count = sets->n * e->g.nodes[e->g.side].width;
    if (!sets->n) return MECH_OK;
    void *results = place_of_results(e, &e->results, count, probabilities), *side = NULL;
    if (side_values) side = place_of_results(e, &e->side_results, side_count, side_values);
    if (!results || (side_values && !side)) return mech_fail_memory(error);
    const mech_status status = predict_sets(e, (given_parameters){parameters, true}, sets, results, side, error);
    if (status != MECH_OK) return status;
    convert_results(e, &e->results, count, probabilities);
    if (side_values) convert_results(e, &e->side_results, side_count, side_values);
    return MECH_OK;
}

mech_status mech_engine_gradient_sets(engine *e, const float *parameters, const engine_sets *sets,
                                      double label_smoothing, double side_weight, float *gradient, engine_loss *loss,
                                      mech_error *error) {
    void *results = place_of_results(e, &e->results, e->g.n_parameters, gradient);
    if (!results) return mech_fail_memory(error);
    const mech_status status = differentiate_sets(e, (given_parameters){parameters, true}, sets, label_smoothing,
                                                  side_weight, results, loss, error);
    if (status == MECH_OK) convert_results(e, &e->results, e->g.n_parameters, gradient);
    return status;
}

typedef struct peak_measurement {
    const engine_kernel *kernel;
    double rates[MOST_PEAK_THREADS];
} peak_measurement;

static void measure_peak(void *context, size_t piece, int member) {
    enum { REPEATS = 20, ROUNDS = 200000 };
    peak_measurement *p = context;
    double best = 0;
    (void)member;
    for (int i = 0; i < REPEATS; i++) {
        double result = 0;
        const double from = mech_thread_time_s();
        const double operations = p->kernel->multiply_and_add(ROUNDS, &result);
        const double seconds = mech_thread_time_s() - from;
        if (operations > best * seconds) best = operations / seconds;
    }
    p->rates[piece] = best;
}

double mech_engine_peak(const engine *e) {
    peak_measurement p = {.kernel = e->kernel};
    const size_t size = (size_t)mech_team_size(e->t), n = size < MOST_PEAK_THREADS ? size : MOST_PEAK_THREADS;
    double sum = 0;
    mech_team_share(e->t, n, measure_peak, &p);
    for (size_t i = 0; i < n; i++) sum += p.rates[i];
    return sum;
}
