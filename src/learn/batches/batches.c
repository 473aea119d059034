#include "learn/batches/batches.h"

#include "base/error.h"
#include "base/memory.h"
#include "data/samples/mass_balance.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES_A_PIECE = 64, SLOTS = 2 };

/* Uses of RANDOM_AUGMENTATION: what a batch draws, and what each of its samples draws. */
enum { STREAM_BATCH, STREAM_SAMPLE, STREAMS_A_USE };

static const size_t seed_points[] = {3, 4, 5, 6, 7, 8, 9, 10, 15, 20};
static const double seed_noise[] = {0, 0.005, 0.012};
static const size_t nature_points[] = {2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20};
/* 0 twice: clean data are what the accuracy without noise is won on. */
static const double nature_noise[] = {0, 0, 0.005, 0.01, 0.02, 0.05};

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

augmentation mech_protocol_augmentation(mech_protocol protocol, size_t n_times) {
    augmentation a = {0};
    const bool nature = protocol == MECH_PROTOCOL_NATURE;
    const size_t *points = nature ? nature_points : seed_points;
    const double *noise = nature ? nature_noise : seed_noise;
    for (size_t i = 0; i < (nature ? LENGTH(nature_points) : LENGTH(seed_points)); i++)
        if (points[i] < n_times) a.points[a.n_points++] = points[i];
    for (size_t i = 0; i < (nature ? LENGTH(nature_noise) : LENGTH(seed_noise)); i++) a.noise[a.n_noise++] = noise[i];
    return a;
}

mech_status mech_batch_new(size_t most, size_t most_times, batch *b, mech_error *error) {
    *b = (batch){.x1 = mech_allocate_array(most, SAMPLE_LOADINGS * sizeof *b->x1),
                 .x2 = mech_allocate_array(most, sample_size(1, most_times) * sizeof *b->x2),
                 .y = mech_allocate_array(most, sizeof *b->y),
                 .places = mech_allocate_array(most, sizeof *b->places),
                 .chosen = mech_allocate_array(most, sizeof *b->chosen)};
    return b->x1 && b->x2 && b->y && b->places && b->chosen ? MECH_OK : mech_fail_memory(error);
}

void mech_batch_free(batch *b) {
    mech_release_array(b->x1);
    mech_release_array(b->x2);
    mech_release_array(b->y);
    mech_release_array(b->places);
    mech_release_array(b->chosen);
    *b = (batch){0};
}

/* A batch in the filling. */
typedef struct filling {
    const batch_recipe *recipe;
    batch *b;
    double noise; /* of all samples, unless each has its own */
} filling;

static double choose_noise(const augmentation *choices, random_stream *r) {
    return choices->noise[mech_random_below(r, (uint32_t)choices->n_noise)];
}

static void fill_sample(const filling *f, size_t i) {
    const batch_recipe *recipe = f->recipe;
    const mech_samples *s = recipe->samples;
    const augmentation *choices = recipe->choices;
    const engine_part *part = &f->b->parts[f->b->chosen[i]];
    const size_t from = recipe->order[i], place = f->b->places[i];
    uint8_t kept[MOST_SAMPLE_TIMES];
    random_stream r = mech_random_open(recipe->seed, RANDOM_AUGMENTATION,
                                       (uint64_t)recipe->use * STREAMS_A_USE + STREAM_SAMPLE, recipe->position + i);
    const size_t within = place - (size_t)(part->y - f->b->y);
    float *thinned = f->b->x2 + (part->x2 - f->b->x2) + (ptrdiff_t)sample_size(within, part->n_times);
    mech_draw_kept_times(&r, s->n_times, part->n_times - 1, kept);
    const double noise = choices->each_sample ? choose_noise(choices, &r) : f->noise;
    mech_augment_sample(s->protocol, readings_of_sample(s->x2, s->n_times, from), kept, part->n_times, noise, &r,
                        thinned);
    const bool has_gaps = mech_has_unmeasured(thinned, sample_size(1, part->n_times));
    if (has_gaps && !(choices->missing > 0)) {
        mech_complete_by_mass_balance(thinned, part->n_times);
    } else if (!has_gaps && mech_random_uniform(&r) < choices->missing) {
        const uint32_t kind = mech_random_below(&r, 4);
        mech_hide_species(thinned, part->n_times, kind & 1 ? SPECIES_SUBSTRATE : SPECIES_PRODUCT, kind & 2);
    }
    memcpy(f->b->x1 + place * SAMPLE_LOADINGS, loadings_of_sample(s->x1, from), SAMPLE_LOADINGS * sizeof *s->x1);
    f->b->y[place] = s->y[from];
}

static void fill_piece(void *context, size_t piece, int member) {
    (void)member;
    const filling *f = context;
    const size_t begin = piece * SAMPLES_A_PIECE, end = begin + SAMPLES_A_PIECE;
    for (size_t i = begin; i < end && i < f->b->n; i++) fill_sample(f, i);
}

/* The samples of a batch from `first` on, whose curves begin at x2. */
static engine_part part_of_batch(const batch *b, size_t first, size_t n, size_t n_times, const float *x2) {
    engine_part part = {.n = n, .n_times = n_times};
    part.x1 = b->x1 + first * SAMPLE_LOADINGS;
    part.x2 = x2;
    part.y = b->y + first;
    return part;
}

/* One part for all samples. */
static void take_together(size_t points, batch *b) {
    b->n_parts = 1;
    b->parts[0] = part_of_batch(b, 0, b->n, points + 1, b->x2);
    for (size_t i = 0; i < b->n; i++) {
        b->places[i] = (uint32_t)i;
        b->chosen[i] = 0;
    }
}

/* Draws each sample's number of points and lays out a part for each that came up. */
static void take_apart(const augmentation *choices, random_stream *r, batch *b) {
    size_t counts[MOST_CHOICES] = {0}, firsts[MOST_CHOICES], part_of[MOST_CHOICES], filled[MOST_CHOICES] = {0};
    const float *x2 = b->x2;
    for (size_t i = 0; i < b->n; i++) {
        b->chosen[i] = (uint8_t)mech_random_below(r, (uint32_t)choices->n_points);
        counts[b->chosen[i]]++;
    }
    b->n_parts = 0;
    for (size_t c = 0, first = 0; c < choices->n_points; c++) {
        if (!counts[c]) continue;
        const size_t n_times = choices->points[c] + 1;
        firsts[c] = first;
        part_of[c] = b->n_parts;
        b->parts[b->n_parts++] = part_of_batch(b, first, counts[c], n_times, x2);
        x2 += sample_size(counts[c], n_times);
        first += counts[c];
    }
    for (size_t i = 0; i < b->n; i++) {
        const size_t c = b->chosen[i];
        b->places[i] = (uint32_t)(firsts[c] + filled[c]++);
        b->chosen[i] = (uint8_t)part_of[c];
    }
}

void mech_batch_fill(const batch_recipe *recipe, team *t, batch *b) {
    const augmentation *choices = recipe->choices;
    random_stream r = mech_random_open(recipe->seed, RANDOM_AUGMENTATION,
                                       (uint64_t)recipe->use * STREAMS_A_USE + STREAM_BATCH, recipe->number);
    filling f = {.recipe = recipe, .b = b};
    b->n = recipe->n;
    if (choices->each_sample) {
        take_apart(choices, &r, b);
    } else {
        take_together(choices->points[mech_random_below(&r, (uint32_t)choices->n_points)], b);
        f.noise = choose_noise(choices, &r);
    }
    mech_team_share(t, (b->n + SAMPLES_A_PIECE - 1) / SAMPLES_A_PIECE, fill_piece, &f);
}

uint64_t mech_batches_a_pass(size_t n_samples, size_t batch_size) { return (n_samples + batch_size - 1) / batch_size; }

uint64_t mech_samples_before(size_t n_samples, size_t batch_size, uint64_t steps) {
    const uint64_t epoch = mech_batches_a_pass(n_samples, batch_size);
    return steps / epoch * n_samples + steps % epoch * batch_size;
}

struct batches {
    batches_plan plan;
    team *preparers;
    uint32_t *order; /* [source.n]: places of samples, of the pass being prepared */
    uint64_t order_pass;
    bool order_drawn;
    batch slots[SLOTS]; /* step i is prepared in slot i % SLOTS */
    pthread_t producer;
    bool has_producer;
    pthread_mutex_t mutex;
    pthread_cond_t prepared_changed, released_changed;
    uint64_t prepared; /* steps below this number are prepared */
    uint64_t taken;    /* steps below this number were handed out; all but the last of them are released */
    bool closing;
    mech_status status; /* of the step to prepare: a source that fails ends the preparation */
    mech_error error;
};

/* Opens a pass and draws its order. */
static mech_status open_pass(batches *b, uint64_t pass, mech_error *error) {
    const sample_source *source = &b->plan.source;
    size_t first = 0;
    mech_status status = source->open ? source->open(source->context, pass, &first, error) : MECH_OK;
    if (status != MECH_OK) return status;
    random_stream r = mech_random_open(b->plan.seed, RANDOM_SHUFFLE, 0, pass);
    mech_random_permutation(&r, (uint32_t)source->n, b->order);
    for (size_t i = 0; first && i < source->n; i++)
        b->order[i] = (uint32_t)((first + b->order[i]) % source->samples->n);
    b->order_pass = pass;
    b->order_drawn = true;
    return MECH_OK;
}

static mech_status prepare(batches *b, uint64_t step, mech_error *error) {
    const batches_plan *plan = &b->plan;
    const size_t n = plan->source.used;
    const uint64_t before = mech_units_before(&plan->sizes, step), a_pass = mech_batches_a_pass(n, plan->sizes.first);
    const uint64_t pass = before / a_pass;
    const size_t begin = (size_t)(before % a_pass) * plan->sizes.first;
    const size_t size = (size_t)mech_units_of(&plan->sizes, step) * plan->sizes.first;
    if (!b->order_drawn || b->order_pass != pass) {
        const mech_status status = open_pass(b, pass, error);
        if (status != MECH_OK) return status;
    }
    const batch_recipe recipe = {.samples = plan->source.samples,
                                 .choices = plan->choices,
                                 .order = b->order + begin,
                                 .n = begin + size < n ? size : n - begin,
                                 .seed = plan->seed,
                                 .use = BATCH_TRAINING,
                                 .number = step,
                                 .position = mech_samples_before(n, plan->sizes.first, before)};
    mech_batch_fill(&recipe, b->preparers, &b->slots[step % SLOTS]);
    return MECH_OK;
}

/* Whether the slot of the next step to prepare is free: the step before the last one handed out no longer is in use. */
static bool may_prepare(const batches *b) { return b->prepared < b->plan.steps && b->prepared < b->taken + SLOTS - 1; }

static void *produce(void *argument) {
    batches *b = argument;
    pthread_mutex_lock(&b->mutex);
    while (!b->closing && b->status == MECH_OK && b->prepared < b->plan.steps) {
        if (!may_prepare(b)) {
            pthread_cond_wait(&b->released_changed, &b->mutex);
            continue;
        }
        const uint64_t step = b->prepared;
        pthread_mutex_unlock(&b->mutex);
        mech_error error;
        const mech_status status = prepare(b, step, &error);
        pthread_mutex_lock(&b->mutex);
        b->status = status;
        if (status == MECH_OK)
            b->prepared = step + 1;
        else
            b->error = error;
        pthread_cond_signal(&b->prepared_changed);
    }
    pthread_mutex_unlock(&b->mutex);
    return NULL;
}

mech_status mech_batches_new(const batches_plan *plan, batches **b, mech_error *error) {
    size_t most_points = 0;
    for (size_t i = 0; i < plan->choices->n_points; i++)
        if (plan->choices->points[i] > most_points) most_points = plan->choices->points[i];
    *b = NULL;
    batches *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    made->plan = *plan;
    made->prepared = made->taken = plan->first_step;
    pthread_mutex_init(&made->mutex, NULL);
    pthread_cond_init(&made->prepared_changed, NULL);
    pthread_cond_init(&made->released_changed, NULL);
    mech_status status = MECH_OK;
    made->preparers = mech_team_new(plan->threads);
    made->order = mech_allocate_array(plan->source.n, sizeof *made->order);
    if (!made->preparers || !made->order) status = mech_fail_memory(error);
    const size_t largest = mech_largest_batch(&plan->sizes);
    const size_t most = largest < plan->source.used ? largest : plan->source.used;
    for (size_t i = 0; i < SLOTS && status == MECH_OK; i++)
        status = mech_batch_new(most, most_points + 1, &made->slots[i], error);
    if (status == MECH_OK && mech_team_size(made->preparers) > 1) {
        made->has_producer = pthread_create(&made->producer, NULL, produce, made) == 0;
        if (!made->has_producer) status = mech_fail_memory(error);
    }
    if (status == MECH_OK)
        *b = made;
    else
        mech_batches_free(made);
    return status;
}

void mech_batches_free(batches *b) {
    if (!b) return;
    if (b->has_producer) {
        pthread_mutex_lock(&b->mutex);
        b->closing = true;
        pthread_cond_signal(&b->released_changed);
        pthread_mutex_unlock(&b->mutex);
        pthread_join(b->producer, NULL);
    }
    for (size_t i = 0; i < SLOTS; i++) mech_batch_free(&b->slots[i]);
    pthread_cond_destroy(&b->released_changed);
    pthread_cond_destroy(&b->prepared_changed);
    pthread_mutex_destroy(&b->mutex);
    mech_release_array(b->order);
    mech_team_free(b->preparers);
    free(b);
}

mech_status mech_batches_next(batches *b, const batch **next, mech_error *error) {
    const uint64_t step = b->taken;
    *next = &b->slots[step % SLOTS];
    if (!b->has_producer) {
        b->taken = step + 1;
        return prepare(b, step, error);
    }
    pthread_mutex_lock(&b->mutex);
    /* Taking this step releases the one before it. */
    b->taken = step + 1;
    pthread_cond_signal(&b->released_changed);
    while (b->prepared <= step && b->status == MECH_OK) pthread_cond_wait(&b->prepared_changed, &b->mutex);
    const mech_status status = b->prepared > step ? MECH_OK : b->status;
    if (status != MECH_OK && error) *error = b->error;
    pthread_mutex_unlock(&b->mutex);
    return status;
}
