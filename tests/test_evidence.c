/* The evidence of a mechanism (bench/evidence/): that of simpler integration where this can do it, and what densities
 * of two mechanisms owe each other. */
#include "base/random.h"
#include "chemistry/mechanism.h"
#include "evidence/sample.h"
#include "evidence/tempering.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* Samples of two mechanisms, one of which has an additive of unknown amount: M1 and M10. */
typedef struct two_mechanisms {
    const mech_mechanism *mechanisms[2];
    mech_solver_options solver;
    mech_samples *samples;
} two_mechanisms;

static mech_samples *make_samples(const two_mechanisms *two, mech_sample_design sample_design, size_t n, size_t points,
                                  double noise) {
    mech_generate_options options = mech_generate_options_default();
    options.design = mech_sample_design_name(sample_design);
    options.n_train = options.n_validation = 0;
    options.n_test = n;
    options.mechanisms = two->mechanisms;
    options.n_mechanisms = 2;
    char path[64];
    snprintf(path, sizeof path, "evidence-%ld.h5", (long)getpid());
    mech_samples *all = NULL, *thinned = NULL;
    mech_error error = {.message = ""};
    if (mech_generate(&options, path, NULL, NULL, &error) != MECH_OK) fail_msg("%s", error.message);
    if (mech_samples_read(path, "test", &all, &error) != MECH_OK) fail_msg("%s", error.message);
    if (mech_samples_thin(all, points, noise, 1, &thinned, &error) != MECH_OK) fail_msg("%s", error.message);
    unlink(path);
    mech_samples_free(all);
    return thinned;
}

static two_mechanisms two_mechanisms_open(mech_sample_design sample_design, size_t n_samples, size_t points,
                                          double noise) {
    two_mechanisms two = {{mech_builtin(0), mech_builtin(9)}, mech_solver_options_default(), NULL};
    two.samples = make_samples(&two, sample_design, n_samples, points, noise);
    return two;
}

static theta_pool pool_of(const two_mechanisms *two, size_t mechanism, size_t n) {
    theta_pool pool = {0};
    mech_error error = {.message = ""};
    team *t = mech_team_new(1);
    assert_non_null(t);
    if (draw_pool(two->mechanisms[mechanism], two->samples->design, n, t, &pool, &error) != MECH_OK)
        fail_msg("%s", error.message);
    mech_team_free(t);
    return pool;
}

static double evidence_of(const two_mechanisms *two, size_t mechanism, const theta_pool *pool, const observation *o,
                          uint64_t repetition) {
    const tempering t = {.p = parameters_of(two->mechanisms[mechanism], two->samples->design),
                         .solver = &two->solver,
                         .pool = pool,
                         .n_particles = 100,
                         .most_sweeps = 8};
    random_stream r = mech_random_open(1, RANDOM_TEST, mechanism, repetition);
    mech_error error = {.message = ""};
    double evidence = 0;
    if (find_evidence(&t, o, -INFINITY, &r, &evidence, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_true(isfinite(evidence));
    return evidence;
}

/* A mean of n numbers and its standard error. */
typedef struct moments {
    double n, sum, squares;
} moments;

static void moments_add(moments *m, double x) {
    m->n++;
    m->sum += x;
    m->squares += x * x;
}

static double mean_of(const moments *m) { return m->sum / m->n; }

static double error_of(const moments *m) {
    return sqrt(fmax(m->squares / m->n - mean_of(m) * mean_of(m), 0) / (m->n - 1));
}

/* The likelihood over thetas of the prior, each at one time that its windows allow: nothing is searched, so that it
 * takes many thetas and readings that say little. */
static moments plain_evidence(const two_mechanisms *two, size_t mechanism, const theta_pool *pool,
                              const observation *o) {
    const parameters p = parameters_of(two->mechanisms[mechanism], o->design);
    double *x = calloc(pool->n * p.n, sizeof *x);
    probability *found = calloc(pool->n, sizeof *found);
    likelihood *l = likelihood_new(&p, &two->solver, pool->n);
    random_stream r = mech_random_open(2, RANDOM_TEST, mechanism, 0);
    mech_error error = {.message = ""};
    moments result = {0};
    assert_true(x && found && l);
    for (size_t i = 0; i < pool->n; i++) {
        for (size_t j = 0; j < p.n_k; j++) x[i * p.n + j] = log10(pool->k[i * p.n_k + j]);
        if (p.has_additive) x[i * p.n + p.n_k + 1] = pool->additive[i];
    }
    /* Once for the windows, which do not hang on the time, once at it. */
    for (int pass = 0; pass < 2; pass++) {
        if (likelihood_evaluate(l, o, pool->n, x, found, &error) != MECH_OK) fail_msg("%s", error.message);
        for (size_t i = 0; pass == 0 && i < pool->n; i++)
            x[i * p.n + p.n_k] = found[i].least + (found[i].most - found[i].least) * mech_random_uniform(&r);
    }
    for (size_t i = 0; i < pool->n; i++)
        moments_add(&result, isinf(found[i].log_likelihood) ? 0 : exp(found[i].log_likelihood - found[i].log_start));
    likelihood_free(l);
    free(found);
    free(x);
    return result;
}

/* One reading with 20 % noise leaves a good part of the prior possible. */
static void it_is_the_mean_likelihood_over_the_prior(void **state) {
    (void)state;
    enum { SAMPLES = 4, REPETITIONS = 6 };
    const double sigma = 0.2;
    two_mechanisms two = two_mechanisms_open(MECH_DESIGN_NATURE, SAMPLES, 1, sigma);
    for (size_t m = 0; m < 2; m++) {
        theta_pool few = pool_of(&two, m, 300), many = pool_of(&two, m, 10000);
        for (size_t i = 0; i < SAMPLES; i++) {
            const observation o = observe(two.samples, i, sigma);
            const moments plain = plain_evidence(&two, m, &many, &o);
            moments searched = {0};
            for (uint64_t j = 0; j < REPETITIONS; j++)
                moments_add(&searched, exp(evidence_of(&two, m, &few, &o, i * REPETITIONS + j)));
            const double difference = mean_of(&searched) / mean_of(&plain) - 1;
            const double error = hypot(error_of(&searched), error_of(&plain)) / mean_of(&plain);
            print_message("M%d, sample %zu: e^%.2f, %+.3f +- %.3f\n", m ? 10 : 1, i, log(mean_of(&plain)), difference,
                          error);
            /* The repetitions share their first population, whose own scatter is not in the error. */
            if (!(fabs(difference) < 0.3)) fail_msg("%g apart, error %g", difference, error);
            assert_true(error < 0.2);
        }
        mech_theta_pool_free(&few);
        mech_theta_pool_free(&many);
    }
    mech_samples_free(two.samples);
}

/* As both densities integrate to 1, the probability of the other mechanism is the same in the mean over samples of
 * either one, whatever the two are: the integral of pq / (p + q). It would not be if a factor of one was missing, or
 * if times or noise were read wrongly. */
static void each_is_as_probable_on_samples_of_the_other(mech_sample_design sample_design, size_t points) {
    enum { SAMPLES = 40 };
    const double sigma = 0.1;
    two_mechanisms two = two_mechanisms_open(sample_design, SAMPLES, points, sigma);
    theta_pool pools[2] = {pool_of(&two, 0, 300), pool_of(&two, 1, 300)};
    moments other[2] = {{0}};
    for (size_t i = 0; i < SAMPLES; i++) {
        const observation o = observe(two.samples, i, sigma);
        const size_t truth = two.samples->y[i];
        const double own = evidence_of(&two, truth, &pools[truth], &o, i);
        moments_add(&other[truth], 1 / (1 + exp(own - evidence_of(&two, 1 - truth, &pools[1 - truth], &o, i))));
    }
    const double difference = mean_of(&other[1]) - mean_of(&other[0]);
    const double error = hypot(error_of(&other[0]), error_of(&other[1]));
    print_message("%.3f and %.3f, error %.3f\n", mean_of(&other[0]), mean_of(&other[1]), error);
    if (!(fabs(difference) < 3 * error)) fail_msg("%g apart, error %g", difference, error);
    assert_true(error < 0.1);
    mech_theta_pool_free(&pools[0]);
    mech_theta_pool_free(&pools[1]);
    mech_samples_free(two.samples);
}

static void nature_each_is_as_probable_on_samples_of_the_other(void **state) {
    (void)state;
    each_is_as_probable_on_samples_of_the_other(MECH_DESIGN_NATURE, 2);
}

static void seed_each_is_as_probable_on_samples_of_the_other(void **state) {
    (void)state;
    each_is_as_probable_on_samples_of_the_other(MECH_DESIGN_FIXED_WINDOW, 4);
}

/* Times of design fixed-window are shares of each run's last one; what they stood for is restored, or the curves of the
 * true rate constants would not go through the readings. */
static void seed_true_rate_constants_fit(void **state) {
    (void)state;
    enum { SAMPLES = 40 };
    const double sigma = 1e-4;
    two_mechanisms two = two_mechanisms_open(MECH_DESIGN_FIXED_WINDOW, SAMPLES, 6, 0);
    double x[MAX_RATE_CONSTANTS];
    mech_error error = {.message = ""};
    for (size_t i = 0; i < SAMPLES; i++) {
        const observation o = observe(two.samples, i, sigma);
        const parameters p = parameters_of(two.mechanisms[two.samples->y[i]], o.design);
        likelihood *l = likelihood_new(&p, &two.solver, 1);
        probability found;
        assert_non_null(l);
        assert_int_equal(p.n, p.n_k);
        for (size_t j = 0; j < p.n_k; j++) x[j] = log10(two.samples->theta[i * two.samples->n_theta + j]);
        if (likelihood_evaluate(l, &o, 1, x, &found, &error) != MECH_OK) fail_msg("%s", error.message);
        for (size_t run = 0; run < N_RUNS; run++) assert_in_range(o.n_units[run], 1, MOST_UNITS);
        /* Each run is as probable as the share of its units that is right. */
        double open = 0;
        for (size_t run = 0; run < N_RUNS; run++) open += log((double)o.n_units[run]);
        if (!(found.misfit < open + 0.01)) fail_msg("sample %zu: misfit %g", i, found.misfit);
        likelihood_free(l);
    }
    mech_samples_free(two.samples);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_mean_likelihood_over_the_prior),
        cmocka_unit_test(nature_each_is_as_probable_on_samples_of_the_other),
        cmocka_unit_test(seed_each_is_as_probable_on_samples_of_the_other),
        cmocka_unit_test(seed_true_rate_constants_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
