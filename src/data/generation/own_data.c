/* Data files of samples and run sets that a caller has. */
#include "base/error.h"
#include "data/dataset/dataset.h"
#include "data/reading/split_reader.h"
#include "data/samples/samples.h"

#include <math.h>
#include <string.h>

/* Opens the file, has it filled and closes it. */
static mech_status write_file(const char *path, const dataset_plan *plan, const void *content,
                              mech_status (*fill)(dataset *d, const dataset_plan *plan, const char *path,
                                                  const void *content, mech_error *error),
                              mech_error *error) {
    dataset *d = NULL;
    mech_status status = mech_dataset_create(path, plan, &d, error);
    if (status != MECH_OK) return status;
    status = fill(d, plan, path, content, error);
    if (status == MECH_OK) return mech_dataset_commit(d, error);
    mech_dataset_discard(d);
    return status;
}

static dataset_plan plan_of(const mech_library *library) {
    return (dataset_plan){
        .own = true, .mechanisms = mech_library_mechanisms(library), .n_mechanisms = mech_library_size(library)};
}

static mech_status refuse_empty(const char *path, mech_error *error) {
    return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: there are no samples to write", path);
}

/* Copies samples first, ..., first + block->n - 1 into `block`, whose theta may be wider. */
static void copy_samples(const mech_samples *from, size_t first, mech_samples *block) {
    const size_t n = block->n, values = from->n_times * SAMPLE_COLUMNS;
    memcpy(block->x1, from->x1 + first * N_RUNS, n * N_RUNS * sizeof *block->x1);
    memcpy(block->x2, from->x2 + first * values, n * values * sizeof *block->x2);
    memcpy(block->y, from->y + first, n * sizeof *block->y);
    memcpy(block->additive, from->additive + first, n * sizeof *block->additive);
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < block->n_theta; c++)
            block->theta[i * block->n_theta + c] =
                c < from->n_theta ? from->theta[(first + i) * from->n_theta + c] : NAN;
}

static mech_status check_samples(const mech_samples *s, const dataset_plan *plan, const char *path, const char *split,
                                 mech_error *error) {
    const split_reader r = {.path = path, .split = split, .error = error};
    mech_status status = MECH_OK;
    for (size_t i = 0; i < s->n && status == MECH_OK; i++) {
        if (s->y[i] >= plan->n_mechanisms)
            return mech_fail(error, MECH_INVALID_INPUT, "%s: %s: sample %zu has label %d; expected less than %zu", path,
                             split, i, s->y[i], plan->n_mechanisms);
        status = mech_split_reader_check(&r, s, i, i);
    }
    return status;
}

static mech_status fill_samples(dataset *d, const dataset_plan *plan, const char *path, const void *content,
                                mech_error *error) {
    const mech_samples *const *splits = content;
    mech_status status = MECH_OK;
    for (dataset_split s = 0; s < N_SPLITS && status == MECH_OK; s++) {
        const size_t n = plan->n_samples[s], most = n < A_BLOCK ? n : A_BLOCK;
        if (!n) continue;
        status = check_samples(splits[s], plan, path, mech_split_name(s), error);
        mech_samples *block =
            mech_samples_new(plan->sample_design, most, plan->n_times[s], plan->n_theta, plan->n_mechanisms);
        if (!block && status == MECH_OK) status = mech_fail_memory(error);
        for (size_t first = 0; first < n && status == MECH_OK; first += most) {
            uint64_t sum = 0;
            block->n = n - first < most ? n - first : most;
            copy_samples(splits[s], first, block);
            status = mech_dataset_write(d, s, first, block, &sum, error);
        }
        mech_samples_free(block);
    }
    return status;
}

mech_status mech_samples_write(const char *path, const mech_samples *const *splits, const mech_library *library,
                               mech_error *error) {
    dataset_plan plan = plan_of(library);
    const mech_samples *first = NULL;
    plan.n_theta = LEAST_THETA;
    if (!plan.n_mechanisms || plan.n_mechanisms > MECH_MOST_LABELS)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: the library has %zu mechanisms; expected 1 to %d", path,
                         plan.n_mechanisms, MECH_MOST_LABELS);
    for (dataset_split s = 0; s < N_SPLITS; s++) {
        const mech_samples *of = splits[s];
        plan.n_times[s] = 2;
        if (!of || !of->n) continue;
        if (!first) first = of;
        if (of->design != first->design)
            return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: %s samples are of design %s, others of %s", path,
                             mech_split_name(s), mech_sample_design_name(of->design),
                             mech_sample_design_name(first->design));
        plan.n_samples[s] = of->n;
        plan.n_times[s] = of->n_times;
        plan.sample_design = of->design;
        if (of->n_theta > plan.n_theta) plan.n_theta = of->n_theta;
    }
    return first ? write_file(path, &plan, splits, fill_samples, error) : refuse_empty(path, error);
}

/* The run sets of a caller, by split. */
typedef struct own_run_sets {
    const size_t *n;
    const mech_labelled_run_set *const *sets;
} own_run_sets;

static void add_size(const mech_run_set *set, run_set_place *size) {
    size->set++;
    size->run += mech_run_set_n_runs(set);
    for (size_t r = 0; r < mech_run_set_n_runs(set); r++) size->reading += mech_run_set_run(set, r)->n_readings;
}

static mech_status write_block(dataset *d, const dataset_plan *plan, dataset_split s, size_t first, size_t n,
                               const mech_labelled_run_set *of, run_set_place *from, mech_error *error) {
    run_set_place size = {0};
    uint64_t sum = 0;
    mech_status status = MECH_OK;
    for (size_t i = 0; i < n; i++) add_size(of[first + i].runs, &size);
    run_sets *block =
        mech_run_sets_new(size.set, size.run, size.reading, plan->n_theta, plan->n_mechanisms, plan->has_b);
    if (!block) return mech_fail_memory(error);
    block->held = mech_truths_held(plan->has_b);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        mech_error why;
        status = mech_run_sets_add(block, of[first + i].runs, of[first + i].label, of[first + i].truth, &why);
        if (status != MECH_OK)
            (void)mech_fail(error, status, "%s run set %zu: %s", mech_split_name(s), first + i, why.message);
    }
    if (status == MECH_OK) status = mech_dataset_write_runs(d, s, from, block, &sum, error);
    from->set += size.set;
    from->run += size.run;
    from->reading += size.reading;
    mech_run_sets_free(block);
    return status;
}

static mech_status fill_run_sets(dataset *d, const dataset_plan *plan, const char *path, const void *content,
                                 mech_error *error) {
    const own_run_sets *own = content;
    mech_status status = MECH_OK;
    (void)path;
    for (dataset_split s = 0; s < N_SPLITS && status == MECH_OK; s++) {
        run_set_place from = {0};
        for (size_t first = 0; first < own->n[s] && status == MECH_OK; first += A_BLOCK) {
            const size_t left = own->n[s] - first;
            status = write_block(d, plan, s, first, left < A_BLOCK ? left : A_BLOCK, own->sets[s], &from, error);
        }
    }
    return status;
}

/* Takes up what one run set needs. */
static void plan_run_set(const mech_labelled_run_set *of, dataset_split s, dataset_plan *plan) {
    run_set_place size = {0};
    add_size(of->runs, &size);
    plan->n_runs[s] += size.run;
    plan->n_readings[s] += size.reading;
    if (of->truth && of->truth->n_rate_constants > plan->n_theta) plan->n_theta = of->truth->n_rate_constants;
    for (size_t r = 0; r < size.run; r++) plan->has_b |= mech_second_reactant(mech_run_set_run(of->runs, r)) != NULL;
}

mech_status mech_run_sets_write(const char *path, const size_t *n, const mech_labelled_run_set *const *sets,
                                const mech_library *library, mech_error *error) {
    dataset_plan plan = plan_of(library);
    const own_run_sets own = {n, sets};
    plan.has_runs = true;
    plan.n_theta = LEAST_THETA;
    if (!plan.n_mechanisms || plan.n_mechanisms > UINT16_MAX)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: the library has %zu mechanisms; expected 1 to %d", path,
                         plan.n_mechanisms, UINT16_MAX);
    for (dataset_split s = 0; s < N_SPLITS; s++) {
        plan.n_samples[s] = n[s];
        for (size_t i = 0; i < n[s]; i++) plan_run_set(&sets[s][i], s, &plan);
    }
    return n[SPLIT_TRAIN] + n[SPLIT_VALIDATION] + n[SPLIT_TEST] ? write_file(path, &plan, &own, fill_run_sets, error)
                                                                : refuse_empty(path, error);
}
