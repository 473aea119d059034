/* Updates of the weights and learning rates against values worked out by hand. */
#include "learn/optimiser/optimiser.h"
#include "learn/optimiser/schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

static void adam_takes_the_steps_worked_out_by_hand(void **state) {
    (void)state;
    /* Rate 0.1, gradients 2, -1, 0.5 of a weight that starts at 1. After the first, m = 0.2 and v = 0.004, and
     * sqrt(1 - 0.999) / (1 - 0.9) m / sqrt(v) = 1, as of any first gradient. Then m = 0.08, v = 0.004996: the step is
     * sqrt(0.001999) / 0.19 0.08 / sqrt(0.004996) = 0.26634. Then m = 0.122, v = 0.005241. */
    static const float gradients[] = {2, -1, 0.5f};
    const double m3 = 0.122, v3 = 0.999 * 0.004996 + 0.00025;
    const double steps[] = {1, sqrt(0.001999) / 0.19 * 0.08 / sqrt(0.004996),
                            sqrt(1 - 0.997002999) / 0.271 * m3 / sqrt(v3)};
    float weight = 1, first = 0, second = 0;
    double expected = 1;
    for (uint64_t i = 0; i < 3; i++) {
        mech_adam_step(1, i, 0.1, 1, &gradients[i], &weight, &first, &second);
        expected -= 0.1 * steps[i];
        assert_near(weight, expected, 1e-6);
    }
    assert_near(first, m3, 1e-7);
    assert_near(second, v3, 1e-8);
}

static void adam_sees_gradients_as_scaled(void **state) {
    (void)state;
    enum { N = 7 };
    float gradient[N], scaled[N], a[N] = {0}, a1[N] = {0}, a2[N] = {0}, b[N] = {0}, b1[N] = {0}, b2[N] = {0};
    for (int i = 0; i < N; i++) {
        gradient[i] = (float)(i - 3);
        scaled[i] = gradient[i] / 4;
    }
    for (uint64_t step = 0; step < 5; step++) {
        mech_adam_step(N, step, 0.01, 0.25, gradient, a, a1, a2);
        mech_adam_step(N, step, 0.01, 1, scaled, b, b1, b2);
    }
    assert_memory_equal(a, b, sizeof a);
    assert_memory_equal(a2, b2, sizeof a2);
    assert_true(a[0] > 0 && a[6] < 0); /* against the gradient */
    assert_true(a[3] == 0);            /* no gradient, no step */
}

static void adam_finds_a_minimum(void **state) {
    (void)state;
    /* (x - 3)^2 + 100 (y + 1)^2: steps do not depend on how steep a direction is. */
    float at[2] = {0, 0}, first[2] = {0}, second[2] = {0};
    for (uint64_t step = 0; step < 3000; step++) {
        const float gradient[2] = {2 * (at[0] - 3), 200 * (at[1] + 1)};
        mech_adam_step(2, step, 0.01, 1, gradient, at, first, second);
    }
    assert_near(at[0], 3, 1e-3);
    assert_near(at[1], -1, 1e-3);
}

static void gradient_norm_is_euclidean_and_shows_what_is_not_finite(void **state) {
    (void)state;
    float gradient[] = {3, 0, -4, 12};
    assert_near(mech_gradient_norm(4, gradient), 13, 0);
    gradient[1] = NAN;
    assert_true(!isfinite(mech_gradient_norm(4, gradient)));
    gradient[1] = INFINITY;
    assert_true(!isfinite(mech_gradient_norm(4, gradient)));
    /* The sum of squares is beyond single precision, the norm is not. */
    const float large[] = {3e30f, 4e30f};
    assert_near(mech_gradient_norm(2, large) / 5e30, 1, 1e-6);
}

static void decay_spares_the_biases(void **state) {
    (void)state;
    const graph_shape shape = {.static_width = 2, .series_width = 3, .n_labels = 2, .hidden = 2};
    graph g;
    assert_int_equal(mech_graph_build("average", &shape, &g, NULL), MECH_OK);
    float parameters[512];
    assert_true(g.n_parameters <= 512);
    for (size_t i = 0; i < g.n_parameters; i++) parameters[i] = 1;
    mech_decay_kernels(&g, 0.25, parameters);
    size_t n_biases = 0;
    for (int i = 0; i < g.n_tensors; i++) {
        const graph_tensor *t = &g.tensors[i];
        const size_t n = (t->rows ? t->rows : 1) * t->columns;
        n_biases += t->rows == 0;
        for (size_t j = 0; j < n; j++) assert_near(parameters[t->offset + j], t->rows ? 0.75 : 1, 0);
    }
    assert_int_equal(n_biases, 5);
}

static void average_forgets_the_start_and_then_follows_slowly(void **state) {
    (void)state;
    assert_near(mech_averaging_decay(0.999, 0), 0.1, 1e-15);
    assert_near(mech_averaging_decay(0.999, 8), 0.5, 1e-15);
    assert_near(mech_averaging_decay(0.999, 8989), 8990.0 / 8999, 1e-15);
    assert_near(mech_averaging_decay(0.999, 8990), 0.999, 1e-15);
    assert_near(mech_averaging_decay(0.05, 0), 0.05, 0);
    float average = 8;
    const float weight = 0;
    mech_average_step(1, 0, 0.999, &weight, &average);
    assert_near(average, 0.8, 1e-6);
    mech_average_step(1, 8, 0.999, &weight, &average);
    assert_near(average, 0.4, 1e-6);
    mech_average_step(1, 1000000, 0.999, &weight, &average);
    assert_near(average, 0.4 * 0.999, 1e-6);
}

static void schedules_have_the_stated_values(void **state) {
    (void)state;
    static const struct {
        schedule s;
        uint64_t step;
        double rate;
    } cases[] = {
        {{MECH_SCHEDULE_CONSTANT, 2, 0, 10}, 0, 2},
        {{MECH_SCHEDULE_CONSTANT, 2, 0, 10}, 9, 2},
        {{MECH_SCHEDULE_CONSTANT, 2, 0.4, 10}, 0, 0.5},
        {{MECH_SCHEDULE_CONSTANT, 2, 0.4, 10}, 2, 1.5},
        {{MECH_SCHEDULE_CONSTANT, 2, 0.4, 10}, 3, 2},
        {{MECH_SCHEDULE_CONSTANT, 2, 0.4, 10}, 4, 2},
        {{MECH_SCHEDULE_COSINE, 1, 0, 101}, 0, 1},
        {{MECH_SCHEDULE_COSINE, 1, 0, 101}, 50, 0.505},
        {{MECH_SCHEDULE_COSINE, 1, 0, 101}, 100, 0.01},
        {{MECH_SCHEDULE_COSINE, 1, 0.1, 110}, 10, 1},     /* the last of 11 steps of warm-up */
        {{MECH_SCHEDULE_COSINE, 1, 0.1, 111}, 60, 0.505}, /* half-way from step 10 to step 110 */
        {{MECH_SCHEDULE_COSINE, 1, 0.1, 111}, 110, 0.01},
        {{MECH_SCHEDULE_COSINE, 3, 0, 1}, 0, 3},
        {{MECH_SCHEDULE_ONE_CYCLE, 1, 0, 100}, 29, 1}, /* 30 % of the steps rise */
        {{MECH_SCHEDULE_ONE_CYCLE, 1, 0, 100}, 99, 1.0 / 250000},
        {{MECH_SCHEDULE_ONE_CYCLE, 1, 0.5, 100}, 24, 0.52}, /* half-way from 1/25 to 1 */
        {{MECH_SCHEDULE_ONE_CYCLE, 1, 0.5, 100}, 49, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const double rate = mech_scheduled_rate(&cases[i].s, cases[i].step);
        if (!(fabs(rate - cases[i].rate) < 1e-12)) fail_msg("case %zu: %.15g is not %.15g", i, rate, cases[i].rate);
    }
}

static void schedules_rise_to_their_peak_and_never_rise_again(void **state) {
    (void)state;
    static const mech_schedule shapes[] = {MECH_SCHEDULE_CONSTANT, MECH_SCHEDULE_COSINE, MECH_SCHEDULE_ONE_CYCLE};
    static const double warm_ups[] = {0, 0.02, 0.5, 0.99};
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 4; j++)
            for (uint64_t steps = 1; steps < 200; steps += 33) {
                const schedule s = {shapes[i], 0.5, warm_ups[j], steps};
                double before = 0, largest = 0;
                bool falling = false;
                for (uint64_t step = 0; step < steps; step++) {
                    const double rate = mech_scheduled_rate(&s, step);
                    assert_true(rate > 0 && rate <= 0.5);
                    falling |= step && rate < before;
                    assert_false(falling && rate > before);
                    largest = fmax(largest, rate);
                    before = rate;
                }
                assert_near(largest, 0.5, 1e-12);
            }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adam_takes_the_steps_worked_out_by_hand),
        cmocka_unit_test(adam_sees_gradients_as_scaled),
        cmocka_unit_test(adam_finds_a_minimum),
        cmocka_unit_test(gradient_norm_is_euclidean_and_shows_what_is_not_finite),
        cmocka_unit_test(decay_spares_the_biases),
        cmocka_unit_test(average_forgets_the_start_and_then_follows_slowly),
        cmocka_unit_test(schedules_have_the_stated_values),
        cmocka_unit_test(schedules_rise_to_their_peak_and_never_rise_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
