#include "data/laboratory/blocks.h"

#include "base/error.h"
#include "base/memory.h"
#include "data/conditions/conditions.h"

/* Experiments of one mechanism that a thread simulates at a time: enough to keep the solver's lanes filled. */
enum { A_PIECE = 128 };

static experiment_series series_of(const experiment_source *source, size_t label) {
    return (experiment_series){.mechanism = source->mechanisms[label],
                               .label = label,
                               .split = source->split,
                               .design = source->design,
                               .seed = source->seed,
                               .solver = source->solver,
                               .pool = &source->pools[label]};
}

static void shape_of(const experiment_source *source, size_t i, experiment_shape *shape) {
    const experiment_series series = series_of(source, i % source->n_mechanisms);
    mech_experiment_shape(&series, i / source->n_mechanisms, shape);
}

bool mech_any_reactant(const mech_mechanism *const *mechanisms, size_t n_mechanisms) {
    for (size_t m = 0; m < n_mechanisms; m++)
        if (mech_reactant_species(mechanisms[m]) >= 0) return true;
    return false;
}

void mech_experiments_extent(const experiment_source *source, size_t first, size_t n, size_t *n_runs,
                             size_t *n_readings) {
    experiment_shape shape;
    *n_runs = *n_readings = 0;
    for (size_t i = first; i < first + n; i++) {
        shape_of(source, i, &shape);
        *n_runs += shape.n_runs;
        *n_readings += shape.n_readings;
    }
}

/* A block, cut into pieces of one mechanism each. */
typedef struct block_work {
    const experiment_source *source;
    size_t first, n;
    run_sets *sets;
    mech_status *status; /* [pieces] */
    uint64_t *failures;  /* [pieces] */
    mech_error *errors;  /* [pieces] */
} block_work;

static void simulate_piece(void *context, size_t piece, int member) {
    (void)member;
    block_work *w = context;
    const size_t n_mechanisms = w->source->n_mechanisms, m = piece % n_mechanisms, part = piece / n_mechanisms;
    /* The block's first experiment of this mechanism, and how many there are. */
    const size_t place = (m + n_mechanisms - w->first % n_mechanisms) % n_mechanisms;
    if (place >= w->n) return;
    const size_t all = (w->n - place + n_mechanisms - 1) / n_mechanisms, from = part * A_PIECE;
    if (from >= all) return;
    const experiment_series series = series_of(w->source, m);
    w->status[piece] = mech_simulate_experiments(
        &series, (w->first + place) / n_mechanisms + from, all - from < A_PIECE ? all - from : A_PIECE, w->sets,
        place + from * n_mechanisms, n_mechanisms, &w->failures[piece], &w->errors[piece]);
}

static bool has_reactant(const experiment_source *source) {
    for (size_t m = 0; m < source->n_mechanisms; m++)
        if (mech_reactant_species(source->mechanisms[m]) >= 0) return true;
    return false;
}

run_sets *mech_lay_out_block(const experiment_source *source, size_t first, size_t n) {
    size_t n_runs, n_readings;
    experiment_shape shape;
    mech_experiments_extent(source, first, n, &n_runs, &n_readings);
    run_sets *sets =
        mech_run_sets_new(n, n_runs, n_readings, source->n_theta, source->n_mechanisms, has_reactant(source));
    if (!sets) return NULL;
    for (size_t i = 0; i < n; i++) {
        shape_of(source, first + i, &shape);
        for (size_t r = 0; r < shape.n_runs; r++, sets->n_runs++)
            sets->reading_offset[sets->n_runs + 1] = sets->reading_offset[sets->n_runs] + shape.readings[r];
        sets->run_offset[i + 1] = sets->n_runs;
    }
    sets->n = n;
    sets->n_readings = n_readings;
    return sets;
}

mech_status mech_fill_block(const experiment_source *source, size_t first, team *t, run_sets *sets, uint64_t *failures,
                            mech_error *error) {
    const size_t n_mechanisms = source->n_mechanisms, n = sets->n;
    const size_t parts = (n / n_mechanisms + 1 + A_PIECE - 1) / A_PIECE, n_pieces = parts * n_mechanisms;
    block_work w = {.source = source, .first = first, .n = n, .sets = sets};
    w.status = mech_allocate_array(n_pieces, sizeof *w.status);
    w.failures = mech_allocate_array(n_pieces, sizeof *w.failures);
    w.errors = mech_allocate_array(n_pieces, sizeof *w.errors);
    mech_status status = w.status && w.failures && w.errors ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) mech_team_share(t, n_pieces, simulate_piece, &w);
    for (size_t p = 0; p < n_pieces && w.status && w.failures && w.errors; p++) {
        failures[p % n_mechanisms] += w.failures[p];
        if (w.status[p] == MECH_OK || status != MECH_OK) continue;
        status = w.status[p];
        if (error) *error = w.errors[p];
    }
    mech_release_array(w.status);
    mech_release_array(w.failures);
    mech_release_array(w.errors);
    return status;
}

mech_status mech_simulate_block(const experiment_source *source, size_t first, size_t n, team *t, run_sets **sets,
                                uint64_t *failures, mech_error *error) {
    *sets = mech_lay_out_block(source, first, n);
    const mech_status status =
        *sets ? mech_fill_block(source, first, t, *sets, failures, error) : mech_fail_memory(error);
    if (status != MECH_OK) {
        mech_run_sets_free(*sets);
        *sets = NULL;
    }
    return status;
}
