/* Networks: rates, Jacobians and conservation laws of the mechanisms of the library. */
#include "base/random.h"
#include "chemistry/mechanism.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

/* Rate laws written out by hand from the reactions, species in the order of the table. */
static void m5(const double *k, const double *y, double *f) {
    const double S = y[0], P = y[1], cat = y[2], catS = y[3], catP = y[4];
    const double bind = k[0] * cat * S - k[1] * catS, turn = k[2] * catS * cat - k[3] * catP * cat;
    const double leave = k[4] * catP - k[5] * cat * P;
    f[0] = -bind, f[1] = leave, f[2] = -bind + leave, f[3] = bind - turn, f[4] = turn - leave;
}
static void m8(const double *k, const double *y, double *f) {
    const double S = y[0], P = y[1], cat = y[2], active = y[3], activeS = y[4], L = y[5];
    const double lose = k[4] * cat - k[5] * active * L;
    const double bind = k[0] * active * S - k[1] * activeS, turn = k[2] * activeS - k[3] * active * P;
    f[0] = -bind, f[1] = turn, f[2] = -lose, f[3] = lose - bind + turn, f[4] = bind - turn, f[5] = lose;
}
static void m13(const double *k, const double *y, double *f) {
    const double S = y[0], P = y[1], cat = y[2], catS = y[3];
    const double bind = k[0] * cat * S - k[1] * catS, turn = k[2] * catS - k[3] * cat * P, die = k[4] * cat * cat;
    f[0] = -bind, f[1] = turn, f[2] = -bind + turn - 2 * die, f[3] = bind - turn, f[4] = die;
}
static void m18(const double *k, const double *y, double *f) {
    const double S = y[0], P = y[1], cat = y[2], catS = y[3];
    const double bind = k[0] * cat * S - k[1] * catS, turn = k[2] * catS - k[3] * cat * P, die = k[4] * catS * catS;
    f[0] = -bind, f[1] = turn, f[2] = -bind + turn, f[3] = bind - turn - 2 * die, f[4] = die;
}

static void draw_numbers(random_stream *r, int n, double *numbers) {
    for (int i = 0; i < n; i++) numbers[i] = 0.05 + mech_random_uniform(r);
}

static void derivative_is_the_rate_law_written_by_hand(void **state) {
    (void)state;
    static const struct {
        const char *id;
        void (*law)(const double *, const double *, double *);
    } cases[] = {{"M5", m5}, {"M8", m8}, {"M13", m13}, {"M18", m18}};
    random_stream r = mech_random_open(1, RANDOM_TEST, 1, 0);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const mech_mechanism *mechanism = mech_builtin_find(cases[c].id);
        double k[MAX_RATE_CONSTANTS], y[MAX_SPECIES], f[MAX_SPECIES], expected[MAX_SPECIES];
        draw_numbers(&r, mechanism->n_rate_constants, k);
        draw_numbers(&r, mechanism->n_species, y);
        mech_mechanism_derivative(mechanism, k, y, f);
        cases[c].law(k, y, expected);
        for (int s = 0; s < mechanism->n_species; s++) assert_near(f[s], expected[s], 1e-14);
    }
}

static void jacobian_matches_central_differences(void **state) {
    (void)state;
    random_stream r = mech_random_open(1, RANDOM_TEST, 2, 0);
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        const mech_mechanism *mechanism = mech_builtin(m);
        const int n = mechanism->n_species;
        double k[MAX_RATE_CONSTANTS], y[MAX_SPECIES], jacobian[MAX_SPECIES * MAX_SPECIES];
        draw_numbers(&r, mechanism->n_rate_constants, k);
        draw_numbers(&r, n, y);
        mech_mechanism_jacobian(mechanism, k, y, jacobian);
        for (int column = 0; column < n; column++) {
            /* Rates are of second order at most: central differences are exact but for rounding. */
            const double h = 1e-3, value = y[column];
            double above[MAX_SPECIES], below[MAX_SPECIES];
            y[column] = value + h;
            mech_mechanism_derivative(mechanism, k, y, above);
            y[column] = value - h;
            mech_mechanism_derivative(mechanism, k, y, below);
            y[column] = value;
            for (int row = 0; row < n; row++)
                assert_near(jacobian[row * n + column], (above[row] - below[row]) / (2 * h), 1e-11);
        }
    }
}

/* Rank by elimination in floating point with full pivoting; the matrices hold small whole numbers. */
static int rank_of(int n_rows, int n_columns, double *a) {
    int rank = 0;
    for (; rank < n_rows; rank++) {
        int row = rank, column = 0;
        for (int i = rank; i < n_rows; i++)
            for (int j = 0; j < n_columns; j++)
                if (fabs(a[i * n_columns + j]) > fabs(a[row * n_columns + column])) row = i, column = j;
        if (fabs(a[row * n_columns + column]) < 1e-9) break;
        for (int j = 0; j < n_columns; j++) {
            const double kept = a[rank * n_columns + j];
            a[rank * n_columns + j] = a[row * n_columns + j];
            a[row * n_columns + j] = kept;
        }
        for (int i = rank + 1; i < n_rows; i++) {
            const double factor = a[i * n_columns + column] / a[rank * n_columns + column];
            for (int j = 0; j < n_columns; j++) a[i * n_columns + j] -= factor * a[rank * n_columns + j];
        }
    }
    return rank;
}

static void check_basis(const mech_mechanism *mechanism, const int *laws, int n_laws) {
    const int n = mechanism->n_species;
    double changes[MAX_REACTIONS * MAX_SPECIES], copies[MAX_SPECIES * MAX_SPECIES];
    for (int j = 0; j < mechanism->n_reactions; j++)
        for (int s = 0; s < n; s++) changes[j * n + s] = mech_reaction_change(&mechanism->reactions[j], s);
    for (int i = 0; i < n_laws; i++)
        for (int j = 0; j < mechanism->n_reactions; j++) {
            double sum = 0;
            for (int s = 0; s < n; s++) sum += laws[i * n + s] * changes[j * n + s];
            assert_near(sum, 0, 0);
        }
    for (int i = 0; i < n_laws * n; i++) copies[i] = laws[i];
    assert_int_equal(rank_of(n_laws, n, copies), n_laws);
    assert_int_equal(n_laws + rank_of(mechanism->n_reactions, n, changes), n);
}

static void conservation_laws_are_a_basis_of_the_left_null_space(void **state) {
    (void)state;
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        const mech_mechanism *mechanism = mech_builtin(m);
        int laws[MAX_SPECIES * MAX_SPECIES];
        const int n_laws = (int)mech_mechanism_conservation_laws(mechanism, laws);
        check_basis(mechanism, laws, n_laws);
        for (int i = 0; i < n_laws * mechanism->n_species; i++) assert_true(laws[i] >= 0);
    }
}

/* Reactions between random molecules: few laws are semiflows, many mechanisms have none. */
static void random_networks_have_all_their_laws(void **state) {
    (void)state;
    random_stream r = mech_random_open(1, RANDOM_TEST, 4, 0);
    int n_with_laws = 0, n_with_signs = 0;
    for (int trial = 0; trial < 2000; trial++) {
        mech_mechanism mechanism = {.n_rate_constants = 1, .product = 1};
        mechanism.n_species = 2 + (int)mech_random_below(&r, MAX_SPECIES - 1);
        mechanism.n_reactions = 1 + (int)mech_random_below(&r, (uint32_t)mechanism.n_species);
        for (int j = 0; j < mechanism.n_reactions; j++)
            for (int side = 0; side < 2; side++) {
                int *molecules = side ? mechanism.reactions[j].products : mechanism.reactions[j].reactants;
                const int n = 1 + (int)mech_random_below(&r, MAX_MOLECULES);
                for (int i = 0; i < MAX_MOLECULES; i++)
                    molecules[i] = i < n ? (int)mech_random_below(&r, (uint32_t)mechanism.n_species) : -1;
            }
        int laws[MAX_SPECIES * MAX_SPECIES];
        const int n_laws = (int)mech_mechanism_conservation_laws(&mechanism, laws);
        check_basis(&mechanism, laws, n_laws);
        n_with_laws += n_laws > 0;
        for (int i = 0; i < n_laws * mechanism.n_species; i++)
            if (laws[i] < 0) {
                n_with_signs++;
                break;
            }
    }
    assert_true(n_with_laws > 500 && n_with_signs > 100);
}

static void total_catalyst_comes_first_where_it_is_no_minimal_law(void **state) {
    (void)state;
    /* Two metals that never exchange: each is conserved by itself, and so is their total. */
    mech_mechanism mechanism = *mech_builtin_find("M1");
    mechanism.n_species = 6;
    mechanism.species[4] = (mechanism_species){.name = "Pd", .role = MECH_ROLE_OFF_CYCLE, .catalyst_units = 1};
    mechanism.species[5] = (mechanism_species){.name = "Pd2", .role = MECH_ROLE_OFF_CYCLE, .catalyst_units = 2};
    mechanism.reactions[mechanism.n_reactions++] = (mechanism_reaction){{4, 4, -1}, {5, -1, -1}, 0, 0};
    int laws[MAX_SPECIES * MAX_SPECIES];
    const int n_laws = (int)mech_mechanism_conservation_laws(&mechanism, laws);
    assert_int_equal(n_laws, 3);
    check_basis(&mechanism, laws, n_laws);
    for (int s = 0; s < mechanism.n_species; s++) assert_int_equal(laws[s], mechanism.species[s].catalyst_units);
}

/* Molecules of substrate that a form of the library's mechanisms carries, worked out from the reactions by hand. */
static int substrate_carried(const mech_mechanism *mechanism, const char *name) {
    static const struct {
        const char *mechanism, *species;
        int carried;
    } forms[] = {{"M7", "catS2", 2},      {"M11", "inactive", 1}, {"M12", "inactive", 1}, {"M14", "inactive", 1},
                 {"M15", "inactive", 1},  {"M16", "inactive", 2}, {"M17", "inactive", 2}, {"M18", "inactive2", 2},
                 {"M19", "inactive2", 1}, {"M20", "inactive'", 1}};
    static const char *const one[] = {"S", "P", "catS", "cat2S", "catP", "cat*S"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (strcmp(mechanism->id, forms[i].mechanism) == 0 && strcmp(name, forms[i].species) == 0)
            return forms[i].carried;
    for (size_t i = 0; i < sizeof one / sizeof one[0]; i++)
        if (strcmp(name, one[i]) == 0) return 1;
    return 0;
}

static void the_first_two_laws_are_total_catalyst_and_total_substrate_material(void **state) {
    (void)state;
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        const mech_mechanism *mechanism = mech_builtin(m);
        int laws[MAX_SPECIES * MAX_SPECIES];
        assert_true(mech_mechanism_conservation_laws(mechanism, laws) >= 2);
        for (int s = 0; s < mechanism->n_species; s++) {
            assert_int_equal(laws[s], mechanism->species[s].catalyst_units);
            assert_int_equal(laws[mechanism->n_species + s], substrate_carried(mechanism, mechanism->species[s].name));
        }
    }
}

static mech_mechanism core_cycle(void) { return *mech_builtin_find("M1"); }

static void laws_with_negative_coefficients_complete_the_basis(void **state) {
    (void)state;
    /* A + B -> nothing keeps A - B, and nothing else. */
    mech_mechanism mechanism = {.id = "U", .n_species = 2, .n_reactions = 1, .n_rate_constants = 1, .product = 1};
    strcpy(mechanism.species[0].name, "A");
    strcpy(mechanism.species[1].name, "B");
    mechanism.reactions[0] = (mechanism_reaction){.reactants = {0, 1, -1}, .products = {-1, -1, -1}};
    int laws[4];
    assert_int_equal(mech_mechanism_conservation_laws(&mechanism, laws), 1);
    assert_int_equal(laws[0] + laws[1], 0);
    assert_int_equal(laws[0] * laws[0], 1);
}

static void a_network_of_many_equal_forms_has_all_its_laws(void **state) {
    (void)state;
    /* 3 A_i -> 2 A_(i+1) + A_(i+2): sixteen species, large coefficients, laws that must still be exact. */
    mech_mechanism mechanism = {.n_species = MAX_SPECIES, .n_rate_constants = 1, .product = 1};
    mechanism.n_reactions = MAX_SPECIES - 2;
    for (int j = 0; j < mechanism.n_reactions; j++)
        mechanism.reactions[j] = (mechanism_reaction){.reactants = {j, j, j}, .products = {j + 1, j + 1, j + 2}};
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n_laws = mech_mechanism_conservation_laws(&mechanism, laws);
    assert_int_equal(n_laws, 2);
    for (size_t i = 0; i < n_laws; i++)
        for (int j = 0; j < mechanism.n_reactions; j++) {
            const int *law = laws + i * MAX_SPECIES;
            assert_true(3L * law[j] == 2L * law[j + 1] + law[j + 2]);
        }
}

static void a_network_that_makes_no_sense_is_refused(void **state) {
    (void)state;
    mech_error error;
    mech_mechanism mechanism = core_cycle();
    assert_int_equal(mech_mechanism_check(&mechanism, "file", &error), MECH_OK);
    mechanism.substrate = -1;
    assert_int_equal(mech_mechanism_check(&mechanism, "file", &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "file: the mechanism has no substrate; expected one among its species");
    mechanism = core_cycle();
    strcpy(mechanism.species[mechanism.n_species++].name, "X");
    assert_int_equal(mech_mechanism_check(&mechanism, "file", &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "file: species 'X' takes part in no reaction");
    mechanism = core_cycle();
    mechanism.species[3].catalyst_units = 2;
    assert_int_equal(mech_mechanism_check(&mechanism, "file", &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "file: the reaction with rate constant 'k1' makes 1 unit of catalyst; expected "
                                       "as many before as after");
    mechanism = core_cycle();
    mechanism.reactions[1].rate_constant = 0;
    assert_int_equal(mech_mechanism_check(&mechanism, "file", &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "file: rate constant 'k1' belongs to 2 reactions; expected one");
    mechanism = core_cycle();
    mechanism.catalyst = 0;
    assert_int_equal(mech_mechanism_check(&mechanism, "file", &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "file: 'S', the catalyst weighed in, holds no catalyst");
    for (size_t m = 0; m < mech_builtin_count(); m++)
        assert_int_equal(mech_mechanism_check(mech_builtin(m), mech_builtin(m)->id, NULL), MECH_OK);
}

/* What lies behind the last species, rate constant and reaction is none, not memory of something else. */
static void indices_out_of_range_are_none(void **state) {
    (void)state;
    const mech_mechanism *m = mech_builtin(0);
    const size_t s = mech_mechanism_n_species(m), k = mech_mechanism_n_rate_constants(m);
    int reactants[MECH_MOST_MOLECULES], products[MECH_MOST_MOLECULES];
    assert_non_null(mech_mechanism_species(m, s - 1));
    assert_null(mech_mechanism_species(m, s));
    assert_int_equal(mech_mechanism_role(m, s), MECH_ROLE_OTHER);
    assert_true(mech_mechanism_coefficient(m, s) == 1);
    assert_non_null(mech_mechanism_rate_constant(m, k - 1));
    assert_null(mech_mechanism_rate_constant(m, k));
    assert_int_equal(mech_mechanism_order(m, k), 0);
    assert_true(mech_mechanism_reaction(m, 0, reactants, products) == 0 && reactants[0] >= 0);
    assert_int_equal(mech_mechanism_reaction(m, mech_mechanism_n_reactions(m), reactants, products), -1);
    for (size_t i = 0; i < MECH_MOST_MOLECULES; i++) assert_true(reactants[i] == -1 && products[i] == -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indices_out_of_range_are_none),
        cmocka_unit_test(derivative_is_the_rate_law_written_by_hand),
        cmocka_unit_test(jacobian_matches_central_differences),
        cmocka_unit_test(conservation_laws_are_a_basis_of_the_left_null_space),
        cmocka_unit_test(random_networks_have_all_their_laws),
        cmocka_unit_test(total_catalyst_comes_first_where_it_is_no_minimal_law),
        cmocka_unit_test(the_first_two_laws_are_total_catalyst_and_total_substrate_material),
        cmocka_unit_test(laws_with_negative_coefficients_complete_the_basis),
        cmocka_unit_test(a_network_of_many_equal_forms_has_all_its_laws),
        cmocka_unit_test(a_network_that_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
