/* The batches that training sees: all samples, each once an epoch, with the points and the noise that were asked for.
 */
#include "training_case.h"

#include "learn/batches/batches.h"

/* Samples that say which they are: x1 holds the number, x2 the time's number and zeros. */
static mech_samples *numbered_samples(size_t n) {
    mech_samples *s = mech_samples_new(MECH_DESIGN_NATURE, n, CASE_TIMES, 1, CASE_CLASSES);
    assert_non_null(s);
    for (size_t i = 0; i < n; i++) {
        s->y[i] = (uint8_t)(i % CASE_CLASSES);
        for (size_t run = 0; run < N_RUNS; run++) {
            s->x1[i * N_RUNS + run] = (float)i;
            for (size_t j = 0; j < CASE_TIMES; j++)
                s->x2[(i * CASE_TIMES + j) * SAMPLE_COLUMNS + run * RUN_COLUMNS] = (float)j;
        }
    }
    return s;
}

static const batch *take(batches *b) {
    const batch *next = NULL;
    mech_error error;
    if (mech_batches_next(b, &next, &error) != MECH_OK) fail_msg("%s", error.message);
    return next;
}

static void each_epoch_shows_each_sample_once(void **state) {
    (void)state;
    enum { N = 150, BATCH = 64, AN_EPOCH = 3, EPOCHS = 4 };
    mech_samples *s = numbered_samples(N);
    const augmentation choices = {.n_points = 2, .points = {2, 8}, .n_noise = 1};
    const batches_plan plan = {.source = fixed_source(s),
                               .choices = &choices,
                               .sizes = {.first = BATCH},
                               .seed = 3,
                               .steps = AN_EPOCH * EPOCHS,
                               .threads = 2};
    batches *b = NULL;
    assert_int_equal(mech_batches_a_pass(N, BATCH), AN_EPOCH);
    assert_int_equal(mech_batches_new(&plan, &b, NULL), MECH_OK);
    size_t first_of_epoch[EPOCHS];
    bool seen_points[9] = {false};
    for (size_t epoch = 0; epoch < EPOCHS; epoch++) {
        int seen[N] = {0};
        for (size_t i = 0; i < AN_EPOCH; i++) {
            const batch *next = take(b);
            assert_int_equal(next->n, i + 1 < AN_EPOCH ? BATCH : N % BATCH);
            seen_points[next->parts[0].n_times - 1] = true;
            for (size_t j = 0; j < next->n; j++) {
                const size_t sample = (size_t)next->x1[j * N_RUNS];
                assert_int_equal(next->y[j], sample % CASE_CLASSES);
                seen[sample]++;
                if (!i && !j) first_of_epoch[epoch] = sample;
            }
        }
        for (size_t i = 0; i < N; i++) assert_int_equal(seen[i], 1);
    }
    mech_batches_free(b);
    /* Another order each time, and both choices of points. */
    assert_false(first_of_epoch[0] == first_of_epoch[1] && first_of_epoch[1] == first_of_epoch[2]);
    assert_true(seen_points[2] && seen_points[8]);
    assert_int_equal(mech_samples_before(N, BATCH, 4), N + BATCH);
    mech_samples_free(s);
}

/* Four passes of 150 samples, of which 144 fill whole batches of 48: 12 such batches' worth, a third for each size. The
 * sizes change in the midst of passes, too. */
static void growing_batches_show_each_sample_at_most_once_a_pass(void **state) {
    (void)state;
    enum { N = 150, USED = 144, FIRST = 12, PASSES = 4, STEPS = 16 + 8 + 4 };
    mech_samples *s = numbered_samples(N);
    const augmentation choices = {.n_points = 1, .points = {8}, .n_noise = 1};
    batches_plan plan = {.source = fixed_source(s), .choices = &choices, .seed = 3, .steps = STEPS, .threads = 2};
    plan.source.used = USED;
    assert_true(mech_batch_sizes_between(FIRST, 4 * FIRST, &plan.sizes));
    mech_share_out_units(PASSES * USED / FIRST, &plan.sizes);
    assert_int_equal(mech_steps_of(&plan.sizes, PASSES * USED / FIRST), STEPS);
    batches *b = NULL;
    assert_int_equal(mech_batches_new(&plan, &b, NULL), MECH_OK);
    size_t step = 0, shown = 0;
    for (size_t pass = 0; pass < PASSES; pass++) {
        int seen[N] = {0};
        size_t different = 0;
        while (shown < (pass + 1) * USED) {
            const batch *next = take(b);
            assert_int_equal(next->n, step < 16 ? FIRST : step < 24 ? 2 * FIRST : 4 * FIRST);
            for (size_t j = 0; j < next->n; j++) different += !seen[(size_t)next->x1[j * N_RUNS]]++;
            shown += next->n;
            step++;
        }
        assert_int_equal(shown, (pass + 1) * USED); /* no batch goes over from one pass to the next */
        assert_int_equal(different, USED);
    }
    assert_int_equal(step, STEPS);
    mech_batches_free(b);
    mech_samples_free(s);
}

static void sizes_share_out_steps_and_samples(void **state) {
    (void)state;
    static const struct {
        size_t first, largest;
        uint64_t steps, of_each[4];
    } cases[] = {{512, 512, 5, {5}},           {512, 1024, 3, {2, 1}},     {512, 1024, 5, {2, 3}},
                 {512, 2048, 7, {4, 2, 1}},    {512, 2048, 13, {4, 2, 7}}, {512, 2048, 70, {40, 20, 10}},
                 {1, 8, 155, {80, 40, 20, 15}}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        batch_sizes b;
        assert_true(mech_batch_sizes_between(cases[i].first, cases[i].largest, &b));
        assert_int_equal(mech_largest_batch(&b), cases[i].largest);
        assert_true(mech_fewest_steps(&b) <= cases[i].steps);
        mech_share_out_steps(cases[i].steps, &b);
        uint64_t of_each[4] = {0}, units = 0;
        for (uint64_t step = 0; step < cases[i].steps; step++) {
            const uint64_t size = mech_units_of(&b, step);
            assert_int_equal(mech_units_before(&b, step), units);
            assert_int_equal(mech_steps_of(&b, units), step);
            of_each[size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : 3]++;
            units += size;
        }
        assert_memory_equal(of_each, cases[i].of_each, sizeof of_each);
    }
    batch_sizes b;
    assert_false(mech_batch_sizes_between(512, 2000, &b));
    assert_false(mech_batch_sizes_between(512, 256, &b));
    assert_false(mech_batch_sizes_between(0, 256, &b));
    assert_false(mech_batch_sizes_between(3, SIZE_MAX, &b));
    /* What does not divide into three goes to the last size. */
    assert_true(mech_batch_sizes_between(10, 40, &b));
    mech_share_out_units(4 * 8, &b);
    assert_int_equal(mech_steps_of(&b, 4 * 8), 8 + 4 + 4);
}

static void samples_of_a_batch_keep_points_of_their_own(void **state) {
    (void)state;
    enum { N = 6000, POINTS = 3 };
    mech_samples *s = numbered_samples(N);
    const augmentation choices = {.n_points = 1, .points = {POINTS}, .n_noise = 1};
    uint32_t *order = calloc(N, sizeof *order);
    assert_non_null(order);
    for (uint32_t i = 0; i < N; i++) order[i] = i;
    batch b;
    team *t = mech_team_new(1);
    assert_int_equal(mech_batch_new(N, POINTS + 1, &b, NULL), MECH_OK);
    const batch_recipe recipe = {.samples = s, .choices = &choices, .order = order, .n = N, .seed = 5};
    mech_batch_fill(&recipe, t, &b);
    /* Before they were divided by the last one, the kept times were the first and three of eight. How often the last is
     * the eighth, seventh, ... follows from counting: C(k - 1, 2) of C(8, 3) = 56. */
    size_t last_is[CASE_TIMES] = {0};
    for (size_t i = 0; i < N; i++) {
        const float *x2 = b.x2 + i * (POINTS + 1) * SAMPLE_COLUMNS;
        assert_true(x2[0] == 0 && x2[POINTS * SAMPLE_COLUMNS] == 1);
        /* Times are whole multiples of 1/k, k being the last kept one. */
        for (size_t k = POINTS; k < CASE_TIMES; k++) {
            bool fits = true;
            for (size_t j = 1; j < POINTS; j++) {
                const float time = x2[j * SAMPLE_COLUMNS] * (float)k;
                fits &= fabsf(time - rintf(time)) < 1e-4f;
            }
            last_is[k] += fits;
        }
    }
    /* 8 of 8: 21/56, and what is whole in eighths but comes from quarters (k = 4: 3/56) is counted, too. */
    assert_true(fabs((double)last_is[8] / N - 24.0 / 56) < 0.03);
    assert_true(fabs((double)last_is[7] / N - 15.0 / 56) < 0.03);
    mech_team_free(t);
    mech_batch_free(&b);
    free(order);
    mech_samples_free(s);
}

/* Every sample has its own number of points and noise; those with the same number stand together, and each is there
 * once with its own label. */
static void each_sample_draws_for_itself(void **state) {
    (void)state;
    enum { N = 6000, CHOICES = 3 };
    mech_samples *s = numbered_samples(N);
    const augmentation choices = {
        .n_points = CHOICES, .points = {2, 5, 8}, .n_noise = 2, .noise = {0, 0.1}, .each_sample = true, .missing = 0.3};
    uint32_t *order = calloc(N, sizeof *order);
    int *seen = calloc(N, sizeof *seen);
    assert_true(order && seen);
    for (uint32_t i = 0; i < N; i++) order[i] = N - 1 - i;
    batch b;
    team *t = mech_team_new(3);
    assert_int_equal(mech_batch_new(N, 9, &b, NULL), MECH_OK);
    const batch_recipe recipe = {.samples = s, .choices = &choices, .order = order, .n = N, .seed = 5};
    mech_batch_fill(&recipe, t, &b);
    assert_int_equal(b.n_parts, CHOICES);
    size_t first = 0, noisy = 0, hidden[3] = {0}, hidden_at_start = 0;
    for (size_t p = 0; p < b.n_parts; p++) {
        const engine_part *part = &b.parts[p];
        assert_ptr_equal(part->y, b.y + first);
        assert_int_equal(part->n_times, choices.points[p] + 1);
        assert_true(fabs((double)part->n / N - 1.0 / CHOICES) < 5 * sqrt(2.0 / 9 / N));
        for (size_t i = 0; i < part->n; i++) {
            const float *x2 = part->x2 + i * part->n_times * SAMPLE_COLUMNS,
                        *last = x2 + choices.points[p] * SAMPLE_COLUMNS;
            const size_t sample = (size_t)b.x1[(first + i) * N_RUNS];
            seen[sample]++;
            assert_int_equal(b.y[first + i], sample % CASE_CLASSES);
            assert_true(x2[0] == 0 && last[0] == 1);
            for (size_t column = 1; column <= 2; column++) hidden[column] += isnan(last[column]) != 0;
            hidden_at_start += isnan(x2[1]) || isnan(x2[2]);
            assert_false(isnan(last[1]) && isnan(last[2]));
            noisy += isnan(last[1]) ? last[2] != 0 : last[1] != 0;
        }
        first += part->n;
    }
    assert_int_equal(first, N);
    for (size_t i = 0; i < N; i++) assert_int_equal(seen[i], 1);
    /* Shares, each within five standard errors. */
    assert_true(fabs((double)noisy / N - 0.5) < 5 * sqrt(0.25 / N));
    for (size_t column = 1; column <= 2; column++)
        assert_true(fabs((double)hidden[column] / N - 0.15) < 5 * sqrt(0.15 * 0.85 / N));
    assert_true(fabs((double)hidden_at_start / N - 0.15) < 5 * sqrt(0.15 * 0.85 / N));
    mech_team_free(t);
    mech_batch_free(&b);
    free(order);
    free(seen);
    mech_samples_free(s);
}

static void noise_has_the_chosen_deviation(void **state) {
    (void)state;
    enum { N = 1000, POINTS = 8 };
    mech_samples *s = numbered_samples(N);
    const augmentation choices = {.n_points = 1, .points = {POINTS}, .n_noise = 1, .noise = {0.05}};
    uint32_t *order = calloc(N, sizeof *order);
    assert_non_null(order);
    for (uint32_t i = 0; i < N; i++) order[i] = i;
    batch b, again;
    team *t = mech_team_new(3);
    assert_int_equal(mech_batch_new(N, POINTS + 1, &b, NULL), MECH_OK);
    assert_int_equal(mech_batch_new(N, POINTS + 1, &again, NULL), MECH_OK);
    batch_recipe recipe = {.samples = s, .choices = &choices, .order = order, .n = N, .seed = 5};
    mech_batch_fill(&recipe, t, &b);
    double sum = 0, squares = 0, fourths = 0, product = 0;
    const double n = (double)N * POINTS * N_RUNS * 2;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j <= POINTS; j++)
            for (size_t run = 0; run < N_RUNS; run++) {
                const float *columns = b.x2 + (i * (POINTS + 1) + j) * SAMPLE_COLUMNS + run * RUN_COLUMNS;
                if (!j) assert_true(columns[1] == 0 && columns[2] == 0); /* what was weighed in is known */
                for (size_t column = 1; column <= 2; column++) {
                    const double z = (double)columns[column] / 0.05;
                    sum += z;
                    squares += z * z;
                    fourths += z * z * z * z;
                }
                product += (double)columns[1] * (double)columns[2] / (0.05 * 0.05);
            }
    /* Moments of the standard normal, 0, 1, 3 and, of S with P, 0, each within five standard errors. */
    assert_true(fabs(sum / n) < 5 / sqrt(n));
    assert_true(fabs(squares / n - 1) < 5 * sqrt(2 / n));
    assert_true(fabs(fourths / n - 3) < 5 * sqrt(96 / n));
    assert_true(fabs(2 * product / n) < 5 * sqrt(2 / n));
    /* Validation draws from streams of its own, and so does another position. */
    recipe.use = BATCH_VALIDATION;
    mech_batch_fill(&recipe, t, &again);
    assert_memory_not_equal(b.x2, again.x2, N * (POINTS + 1) * SAMPLE_COLUMNS * sizeof *b.x2);
    recipe.use = BATCH_TRAINING;
    recipe.position = N;
    mech_batch_fill(&recipe, t, &again);
    assert_memory_not_equal(b.x2, again.x2, N * (POINTS + 1) * SAMPLE_COLUMNS * sizeof *b.x2);
    recipe.position = 0;
    mech_batch_fill(&recipe, t, &again);
    assert_memory_equal(b.x2, again.x2, N * (POINTS + 1) * SAMPLE_COLUMNS * sizeof *b.x2);
    mech_team_free(t);
    mech_batch_free(&b);
    mech_batch_free(&again);
    free(order);
    mech_samples_free(s);
}

static void batches_are_the_same_wherever_they_begin_and_whoever_makes_them(void **state) {
    (void)state;
    enum { N = 150, BATCH = 32, STEPS = 12 };
    static const size_t largest[] = {BATCH, 2 * BATCH, 4 * BATCH}, begins[] = {7, 9, 5};
    mech_samples *s = case_samples(N, 1);
    const augmentation choices = mech_design_augmentation(MECH_DESIGN_NATURE, CASE_TIMES);
    batches *all = NULL, *late = NULL;
    batches_plan plan = {.source = fixed_source(s), .choices = &choices, .seed = 3, .steps = STEPS};
    for (size_t kind = 0; kind < 3; kind++) {
        assert_true(mech_batch_sizes_between(BATCH, largest[kind], &plan.sizes));
        mech_share_out_steps(STEPS, &plan.sizes);
        plan.source.used = kind ? N - N % largest[kind] : N;
        plan.first_step = 0;
        plan.threads = 1;
        assert_int_equal(mech_batches_new(&plan, &all, NULL), MECH_OK);
        plan.first_step = begins[kind];
        plan.threads = 3;
        assert_int_equal(mech_batches_new(&plan, &late, NULL), MECH_OK);
        for (size_t i = 0; i < STEPS; i++) {
            const batch *a = take(all);
            if (i < begins[kind]) continue;
            const batch *b = take(late);
            assert_int_equal(a->n, b->n);
            assert_int_equal(a->n_parts, b->n_parts);
            assert_memory_equal(a->x1, b->x1, a->n * N_RUNS * sizeof *a->x1);
            for (size_t p = 0; p < a->n_parts; p++) {
                const engine_part *one = &a->parts[p], *other = &b->parts[p];
                assert_true(one->y - a->y == other->y - b->y && one->n == other->n && one->n_times == other->n_times);
                assert_memory_equal(one->x2, other->x2, one->n * one->n_times * SAMPLE_COLUMNS * sizeof *one->x2);
            }
            assert_memory_equal(a->y, b->y, a->n);
        }
        mech_batches_free(all);
        mech_batches_free(late);
    }
    /* Batches that nobody takes are no obstacle to the end. */
    plan.first_step = 0;
    assert_int_equal(mech_batches_new(&plan, &all, NULL), MECH_OK);
    mech_batches_free(all);
    mech_samples_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_epoch_shows_each_sample_once),
        cmocka_unit_test(growing_batches_show_each_sample_at_most_once_a_pass),
        cmocka_unit_test(sizes_share_out_steps_and_samples),
        cmocka_unit_test(samples_of_a_batch_keep_points_of_their_own),
        cmocka_unit_test(each_sample_draws_for_itself),
        cmocka_unit_test(noise_has_the_chosen_deviation),
        cmocka_unit_test(batches_are_the_same_wherever_they_begin_and_whoever_makes_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
