/* What to measure next: the runs advised, what they are expected to tell, and that it is a function of the seed. */
#include "chemistry/mechanism.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N_TIMES = 8, N_RUNS = 2, N_MECHANISMS = 2 };

static void succeed(mech_status status, const mech_error *error) {
    if (status != MECH_OK) fail_msg("%s", error->message);
}

/* A cycle, and the same with a catalyst that the product binds: only product tells them apart. */
static mech_library *two_cycles(void) {
    static const char words[] = "mechanism: plain\nsubstrate: S\nproduct: P\ncatalyst: cat, catS\ncat0: cat\n"
                                "cat + S <=> catS : k1, k-1\ncatS -> cat + P : k2\n\n"
                                "mechanism: bound\nsubstrate: S\nproduct: P\ncatalyst: cat, catS, catP\ncat0: cat\n"
                                "cat + S <=> catS : k1, k-1\ncatS -> cat + P : k2\ncat + P <=> catP : k3, k-3\n";
    mech_library *library = NULL;
    mech_error error = {.message = ""};
    succeed(mech_library_new(&library, &error), &error);
    succeed(mech_library_add_text(library, words, sizeof words - 1, "two cycles", &error), &error);
    return library;
}

/* Early readings of S of two loadings, with little noise: hardly any product was there. */
static mech_run_set *measure(void) {
    mech_run_set *set = NULL;
    mech_error error = {.message = ""};
    succeed(mech_run_set_new("min", "M", &set, &error), &error);
    for (int r = 0; r < N_RUNS; r++) {
        double time[N_TIMES], substrate[N_TIMES];
        for (int i = 0; i < N_TIMES; i++) {
            time[i] = 1 + i;
            substrate[i] = 1 - 0.015 * (r + 1) * time[i] + 0.002 * ((i * 7 + r * 3) % 5 - 2);
        }
        const mech_run run = {.size = sizeof run,
                              .name = r ? "two" : "one",
                              .n_readings = N_TIMES,
                              .time = time,
                              .substrate = substrate,
                              .s0 = 1,
                              .cat0 = 0.02 * (r + 1)};
        succeed(mech_run_set_add(set, &run, &error), &error);
    }
    return set;
}

static mech_fits *fit(const mech_run_set *set, const mech_library *library, size_t n) {
    mech_fits *fits = NULL;
    mech_error error = {.message = ""};
    mech_fit_options options = mech_fit_options_default();
    options.mechanisms = mech_library_mechanisms(library);
    options.n_mechanisms = n;
    options.threads = 1;
    succeed(mech_fit_run_set(set, &options, NULL, &fits, &error), &error);
    return fits;
}

static mech_advice *advise(const mech_fits *fits, uint64_t seed, int threads) {
    mech_advice *advice = NULL;
    mech_error error = {.message = ""};
    mech_advice_options options = mech_advice_options_default();
    options.seed = seed;
    options.threads = threads;
    succeed(mech_fits_advise(fits, &options, &advice, &error), &error);
    return advice;
}

static void product_is_advised_where_product_tells(void **state) {
    (void)state;
    mech_library *library = two_cycles();
    mech_run_set *set = measure();
    mech_fits *fits = fit(set, library, N_MECHANISMS);
    mech_advice *advice = advise(fits, 1, 1);
    double without = 0;
    assert_true(advice->n >= 10 && advice->entropy > 0.1 && advice->entropy <= log(2) + 1e-12);
    assert_true(advice->runs[0].p0 > 0);
    for (size_t i = 0; i < advice->n; i++) {
        const mech_advised_run *run = &advice->runs[i];
        assert_true(run->expected_drop >= 0 && run->expected_drop <= advice->entropy);
        assert_true(i == 0 || run->expected_drop <= advice->runs[i - 1].expected_drop);
        assert_true(run->error >= 0 && run->cat0 > 0 && run->length > 0 && run->n_readings >= 6);
        if (strcmp(run->what, "the run of the lowest loading once more") == 0) without = run->expected_drop;
    }
    assert_true(advice->runs[0].expected_drop > without + 2 * advice->runs[0].error);
    mech_advice_free(advice);
    mech_fits_free(fits);
    mech_run_set_free(set);
    mech_library_free(library);
}

static void the_seed_fixes_every_bit(void **state) {
    (void)state;
    mech_library *library = two_cycles();
    mech_run_set *set = measure();
    mech_fits *fits = fit(set, library, N_MECHANISMS);
    mech_advice *one = advise(fits, 3, 1), *same = advise(fits, 3, 2), *other = advise(fits, 4, 1);
    bool differs = false;
    for (size_t i = 0; i < one->n; i++) {
        assert_string_equal(one->runs[i].what, same->runs[i].what);
        assert_true(one->runs[i].expected_drop == same->runs[i].expected_drop &&
                    one->runs[i].error == same->runs[i].error);
        differs = differs || one->runs[i].error != other->runs[i].error;
    }
    assert_true(differs);
    mech_advice_free(one);
    mech_advice_free(same);
    mech_advice_free(other);
    mech_fits_free(fits);
    mech_run_set_free(set);
    mech_library_free(library);
}

static void one_mechanism_needs_no_advice(void **state) {
    (void)state;
    mech_library *library = two_cycles();
    mech_run_set *set = measure();
    mech_fits *fits = fit(set, library, 1);
    mech_advice *advice = advise(fits, 1, 1);
    mech_error error = {.message = ""};
    assert_true(advice->n == 0 && advice->entropy == 0);
    mech_advice_free(advice);
    for (size_t n = 18; n <= 21; n += 3) { /* too few, and an odd number */
        mech_advice_options options = mech_advice_options_default();
        options.n_draws = n;
        assert_int_equal(mech_fits_advise(fits, &options, &advice, &error), MECH_INVALID_ARGUMENT);
        assert_null(advice);
    }
    mech_fits_free(fits);
    mech_run_set_free(set);
    mech_library_free(library);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(product_is_advised_where_product_tells),
        cmocka_unit_test(the_seed_fixes_every_bit),
        cmocka_unit_test(one_mechanism_needs_no_advice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
