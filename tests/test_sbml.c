/* Mechanisms as models of SBML: libsbml finds nothing to say against them, and CVODE makes of them what mechanist does.
 */
#include "mechanist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#ifndef HAVE_LIBSBML
int main(void) {
    puts("skipped: libsbml is not there (scripts/install-dependencies --tests)");
    return 77;
}
#else

#include "sbml_reader.h"
#include "support.h"

enum { N_TIMES = 26, MOST = 64 };

static const char *const composed[] = {"B2",        "B1",     "B2+PI+M9", "B1+M12",       "M6+M12",  "M4+PI",
                                       "B2+M2+M20", "M3+M13", "M8+M16",   "B2+M6+PI+M11", "M5+M7+M9"};

static const char additive[] = "mechanism: Ru2\n"
                               "title: a dimer <that falls apart> & \"more\"\n"
                               "Ru2 <=> 2 Ru* : k-1, k_minus1\n"
                               "Ru* + A <=> RuA + run1 : kb', kb_prime\n"
                               "RuA + 2 time -> Ru* + Pi : reaction_1\n"
                               "Ru* + I -> dead : exp\n"
                               "substrate: A\nproduct: Pi\ncat0: Ru2\nadditive: run1, I\nreactant: time (1.5)\n"
                               "start: run1 = 1, I = 0.005, time = 3\n";

/* Rate constants that differ, and a reaction that takes its course. */
static void choose(const mech_mechanism *m, double *k, double *start) {
    const size_t n = mech_mechanism_n_species(m);
    for (size_t i = 0; i < mech_mechanism_n_rate_constants(m); i++)
        k[i] = (mech_mechanism_order(m, i) > 1 ? 3.7 : 0.11) * (1 + 0.37 * (double)i);
    mech_mechanism_start(m, 0.9, 0.1, 0.07, start);
    for (size_t s = 0; s < n; s++)
        if (mech_mechanism_role(m, s) == MECH_ROLE_ADDITIVE) start[s] *= 0.02; /* or an inhibitor stops it at once */
    for (size_t s = 0; s < n; s++)
        if (mech_mechanism_role(m, s) == MECH_ROLE_REACTANT && start[s] == 0) start[s] = 1.3;
}

/* Writes, validates, integrates and compares: what differs most, in the largest start amount. */
static double difference(const mech_mechanism *m, const char *time_unit, const char *concentration_unit) {
    double k[MOST], start[MOST], times[N_TIMES], own[N_TIMES * MOST], others[N_TIMES * MOST], most = 0, scale = 0;
    const size_t n = mech_mechanism_n_species(m);
    char *text = NULL;
    choose(m, k, start);
    for (size_t i = 0; i < N_TIMES; i++) times[i] = 4.0 * (double)i;
    const mech_problems problems = {.n_problems = 1, .k = k, .start = start, .times = times, .n_times = N_TIMES};
    mech_solver_options solver = mech_solver_options_default();
    solver.rtol = 1e-9;
    solver.atol = 1e-12;
    assert_int_equal(mech_simulate(m, &solver, &problems, own, NULL, NULL), MECH_OK);
    mech_sbml_options options = mech_sbml_options_default();
    options.k = k;
    options.start = start;
    options.time_unit = time_unit;
    options.concentration_unit = concentration_unit;
    assert_int_equal(mech_mechanism_sbml(m, &options, &text, NULL), MECH_OK);
    sbml_reader *r = check(calloc(1, sizeof *r));
    sbml_open(r, text);
    assert_int_equal(r->n_species, n);
    assert_int_equal(Model_getNumReactions(r->model), mech_mechanism_n_reactions(m));
    for (unsigned s = 0; s < n; s++)
        assert_string_equal(Species_getName(Model_getSpecies(r->model, s)), mech_mechanism_species(m, s));
    for (unsigned i = 0; i < mech_mechanism_n_rate_constants(m); i++)
        assert_string_equal(Parameter_getName(Model_getParameter(r->model, i)), mech_mechanism_rate_constant(m, i));
    for (size_t s = 0; s < n; s++) scale = fmax(scale, start[s]);
    sbml_simulate(r, N_TIMES, times, 1, others);
    for (size_t i = 0; i < N_TIMES; i++)
        for (size_t s = 0; s < n; s++)
            most = fmax(most, fabs(own[i * n + s] * mech_mechanism_coefficient(m, s) - others[i * n + s]) / scale);
    /* It is a reaction, or nothing is compared: the substrate falls. */
    for (size_t i = 0; i < n; i++)
        if (mech_mechanism_role(m, i) == MECH_ROLE_SUBSTRATE && !(own[(N_TIMES - 1) * n + i] < 0.95 * start[i]))
            fail_msg("%s does nothing", mech_mechanism_id(m));
    sbml_close(r);
    free(r);
    mech_free(text);
    return most;
}

static void sbml_of_the_twenty_is_valid_and_simulates_alike(void **state) {
    (void)state;
    for (size_t i = 0; i < mech_builtin_count(); i++) assert_near(difference(mech_builtin(i), NULL, NULL), 0, 1e-6);
}

static void units_are_consistent(void **state) {
    (void)state;
    static const char *const times[] = {"s", "min", "h", "d", "", "?"};
    static const char *const concentrations[] = {"M", "mM", "uM", "", "\xC2\xB5M", "mol/L"};
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 6; j++)
            assert_near(difference(mech_builtin(i + 2), times[i], concentrations[j]), 0, 1e-6);
}

static void compositions_with_a_second_reactant_simulate_alike(void **state) {
    (void)state;
    mech_parts *parts = NULL;
    assert_int_equal(mech_parts_new(&parts, NULL), MECH_OK);
    assert_int_equal(mech_parts_set_coefficient(parts, 1.5, NULL), MECH_OK);
    for (size_t i = 0; i < sizeof composed / sizeof *composed; i++) {
        mech_mechanism *m = NULL;
        mech_error error;
        if (mech_compose(parts, composed[i], &m, &error) != MECH_OK) fail_msg("%s", error.message);
        assert_near(difference(m, "h", "mM"), 0, 1e-6);
        mech_mechanism_free(m);
    }
    mech_parts_free(parts);
}

/* Names that are no ids, that would become one id, or that SBML and PEtab use otherwise. */
static void own_mechanisms_keep_their_names(void **state) {
    (void)state;
    mech_mechanism *m = NULL;
    mech_error error;
    if (mech_mechanism_parse(additive, sizeof additive - 1, "own", &m, &error) != MECH_OK)
        fail_msg("%s", error.message);
    assert_near(difference(m, "min", "mM"), 0, 1e-6);
    mech_mechanism_free(m);
}

static void rate_constants_are_one_without_values(void **state) {
    (void)state;
    char *text = NULL;
    assert_int_equal(mech_mechanism_sbml(mech_builtin_find("M8"), NULL, &text, NULL), MECH_OK);
    sbml_reader *r = check(calloc(1, sizeof *r));
    sbml_open(r, text);
    assert_near(sbml_find(r, "k_minus1")->value, 1, 0);
    assert_near(sbml_find(r, "S")->value, 1, 0);
    assert_near(sbml_find(r, "cat")->value, 0.05, 0);
    assert_near(sbml_find(r, "L")->value, 1, 0);
    assert_non_null(sbml_find(r, "cat_starS"));
    sbml_close(r);
    free(r);
    mech_free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sbml_of_the_twenty_is_valid_and_simulates_alike),
        cmocka_unit_test(units_are_consistent),
        cmocka_unit_test(compositions_with_a_second_reactant_simulate_alike),
        cmocka_unit_test(own_mechanisms_keep_their_names),
        cmocka_unit_test(rate_constants_are_one_without_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
