/* What to measure next: the runs advised, what they are expected to tell, and that it is a function of the seed. */
#include "chemistry/mechanism.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N_TIMES = 8, N_MECHANISMS = 2 };

static void succeed(mech_status status, const mech_error *error) {
    if (status != MECH_OK) fail_msg("%s", error->message);
}

/* A catalyst that dies, and one that the product binds: both slow down as the reaction goes on, and a run that starts
 * with product tells them apart. */
static mech_library *two_cycles(void) {
    static const char words[] = "mechanism: bound\nsubstrate: S\nproduct: P\ncatalyst: cat, catS, catP\ncat0: cat\n"
                                "cat + S <=> catS : k1, k-1\ncatS -> cat + P : k2\ncat + P <=> catP : k3, k-3\n\n"
                                "mechanism: dying\nsubstrate: S\nproduct: P\ncatalyst: cat, catS\ninactive: dead\n"
                                "cat0: cat\ncat + S <=> catS : k1, k-1\ncatS -> cat + P : k2\ncat -> dead : k3\n";
    mech_library *library = NULL;
    mech_error error = {.message = ""};
    succeed(mech_library_new(&library, &error), &error);
    succeed(mech_library_add_text(library, words, sizeof words - 1, "two cycles", &error), &error);
    return library;
}

/* One run of d[S]/dt = -0.12 [S] / (1 + 3 [P]) per minute, with a scatter of 0.008. */
static mech_run_set *measure(void) {
    static const double time[N_TIMES] = {2, 4, 6, 8, 10, 12, 14, 16};
    static const double substrate[N_TIMES] = {0.8154, 0.7176, 0.6474, 0.5636, 0.5208, 0.4562, 0.4278, 0.4043};
    mech_run_set *set = NULL;
    mech_error error = {.message = ""};
    succeed(mech_run_set_new("min", "M", &set, &error), &error);
    const mech_run run = {.size = sizeof run,
                          .name = "one",
                          .n_readings = N_TIMES,
                          .time = time,
                          .substrate = substrate,
                          .s0 = 1,
                          .cat0 = 0.02};
    succeed(mech_run_set_add(set, &run, &error), &error);
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

static double drop_of(const mech_advice *advice, const char *what) {
    for (size_t i = 0; i < advice->n; i++)
        if (strcmp(advice->runs[i].what, what) == 0) return advice->runs[i].expected_drop;
    fail_msg("there is no '%s'", what);
    return NAN;
}

static void product_is_advised_where_product_tells(void **state) {
    (void)state;
    mech_library *library = two_cycles();
    mech_run_set *set = measure();
    mech_fits *fits = fit(set, library, N_MECHANISMS);
    mech_advice *advice = advise(fits, 1, 1);
    assert_true(advice->n >= 10 && advice->entropy > 0.1 && advice->entropy <= log(2) + 1e-12);
    for (size_t i = 0; i < advice->n; i++) {
        const mech_advised_run *run = &advice->runs[i];
        assert_true(run->expected_drop >= 0 && run->expected_drop <= advice->entropy);
        assert_true(i == 0 || run->expected_drop <= advice->runs[i - 1].expected_drop);
        assert_true(run->error >= 0 && run->cat0 > 0 && run->length > 0 && run->n_readings >= 6);
    }
    /* Only the product differs, and it tells most of what there is to be told. */
    const double added = drop_of(advice, "product added: all of the substrate and half as much product");
    assert_true(added > advice->entropy / 2);
    assert_true(added > drop_of(advice, "the run of the lowest loading once more") + 0.2);
    assert_true(drop_of(advice, "same excess: half of the substrate and the product of the other half") >
                drop_of(advice, "same excess: half of the substrate, no product"));
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
