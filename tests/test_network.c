/* Networks: rates, Jacobians and conservation laws of the mechanisms of the library. */
#include "base/random.h"
#include "chemistry/network.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void assert_near(double value, double expected, double tolerance) {
    if (!(fabs(value - expected) <= tolerance)) fail_msg("%.12g is not %.12g +- %g", value, expected, tolerance);
}

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
    for (int i = 0; i < n; i++) numbers[i] = 0.05 + random_uniform(r);
}

static void derivative_is_the_rate_law_written_by_hand(void **state) {
    (void)state;
    static const struct {
        const char *id;
        void (*law)(const double *, const double *, double *);
    } cases[] = {{"M5", m5}, {"M8", m8}, {"M13", m13}, {"M18", m18}};
    random_stream r = random_open(1, RANDOM_TEST, 1, 0);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        const mech_network *network = mech_builtin_find(cases[c].id);
        double k[MAX_RATE_CONSTANTS], y[MAX_SPECIES], f[MAX_SPECIES], expected[MAX_SPECIES];
        draw_numbers(&r, network->n_rate_constants, k);
        draw_numbers(&r, network->n_species, y);
        mech_network_derivative(network, k, y, f);
        cases[c].law(k, y, expected);
        for (int s = 0; s < network->n_species; s++) assert_near(f[s], expected[s], 1e-14);
    }
}

static void jacobian_matches_central_differences(void **state) {
    (void)state;
    random_stream r = random_open(1, RANDOM_TEST, 2, 0);
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        const mech_network *network = mech_builtin(m);
        const int n = network->n_species;
        double k[MAX_RATE_CONSTANTS], y[MAX_SPECIES], jacobian[MAX_SPECIES * MAX_SPECIES];
        draw_numbers(&r, network->n_rate_constants, k);
        draw_numbers(&r, n, y);
        mech_network_jacobian(network, k, y, jacobian);
        for (int column = 0; column < n; column++) {
            /* Rates are of second order at most: central differences are exact but for rounding. */
            const double h = 1e-3, value = y[column];
            double above[MAX_SPECIES], below[MAX_SPECIES];
            y[column] = value + h;
            mech_network_derivative(network, k, y, above);
            y[column] = value - h;
            mech_network_derivative(network, k, y, below);
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

static void check_basis(const mech_network *network, const int *laws, int n_laws) {
    const int n = network->n_species;
    double changes[MAX_REACTIONS * MAX_SPECIES], copies[MAX_SPECIES * MAX_SPECIES];
    for (int j = 0; j < network->n_reactions; j++)
        for (int s = 0; s < n; s++) changes[j * n + s] = reaction_change(&network->reactions[j], s);
    for (int i = 0; i < n_laws; i++)
        for (int j = 0; j < network->n_reactions; j++) {
            double sum = 0;
            for (int s = 0; s < n; s++) sum += laws[i * n + s] * changes[j * n + s];
            assert_near(sum, 0, 0);
        }
    for (int i = 0; i < n_laws * n; i++) copies[i] = laws[i];
    assert_int_equal(rank_of(n_laws, n, copies), n_laws);
    assert_int_equal(n_laws + rank_of(network->n_reactions, n, changes), n);
}

static void conservation_laws_are_a_basis_of_the_left_null_space(void **state) {
    (void)state;
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        const mech_network *network = mech_builtin(m);
        int laws[MAX_SPECIES * MAX_SPECIES];
        const int n_laws = (int)mech_network_conservation_laws(network, laws);
        check_basis(network, laws, n_laws);
        for (int i = 0; i < n_laws * network->n_species; i++) assert_true(laws[i] >= 0);
    }
}

/* Reactions between random molecules: few laws are semiflows, many networks have none. */
static void random_networks_have_all_their_laws(void **state) {
    (void)state;
    random_stream r = random_open(1, RANDOM_TEST, 4, 0);
    int n_with_laws = 0, n_with_signs = 0;
    for (int trial = 0; trial < 2000; trial++) {
        mech_network network = {.n_rate_constants = 1, .product = 1};
        network.n_species = 2 + (int)random_below(&r, MAX_SPECIES - 1);
        network.n_reactions = 1 + (int)random_below(&r, (uint32_t)network.n_species);
        for (int j = 0; j < network.n_reactions; j++)
            for (int side = 0; side < 2; side++) {
                int *molecules = side ? network.reactions[j].products : network.reactions[j].reactants;
                const int n = 1 + (int)random_below(&r, MAX_MOLECULES);
                for (int i = 0; i < MAX_MOLECULES; i++)
                    molecules[i] = i < n ? (int)random_below(&r, (uint32_t)network.n_species) : -1;
            }
        int laws[MAX_SPECIES * MAX_SPECIES];
        const int n_laws = (int)mech_network_conservation_laws(&network, laws);
        check_basis(&network, laws, n_laws);
        n_with_laws += n_laws > 0;
        for (int i = 0; i < n_laws * network.n_species; i++)
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
    mech_network network = *mech_builtin_find("M1");
    network.n_species = 6;
    network.species[4] = (network_species){"Pd", MECH_ROLE_OFF_CYCLE, 1, 0};
    network.species[5] = (network_species){"Pd2", MECH_ROLE_OFF_CYCLE, 2, 0};
    network.reactions[network.n_reactions++] = (network_reaction){{4, 4, -1}, {5, -1, -1}, 0, 0};
    int laws[MAX_SPECIES * MAX_SPECIES];
    const int n_laws = (int)mech_network_conservation_laws(&network, laws);
    assert_int_equal(n_laws, 3);
    check_basis(&network, laws, n_laws);
    for (int s = 0; s < network.n_species; s++) assert_int_equal(laws[s], network.species[s].catalyst_units);
}

/* Molecules of substrate that a form of the library's mechanisms carries, worked out from the reactions by hand. */
static int substrate_carried(const mech_network *network, const char *name) {
    static const struct {
        const char *mechanism, *species;
        int carried;
    } forms[] = {{"M7", "catS2", 2},      {"M11", "inactive", 1}, {"M12", "inactive", 1}, {"M14", "inactive", 1},
                 {"M15", "inactive", 1},  {"M16", "inactive", 2}, {"M17", "inactive", 2}, {"M18", "inactive2", 2},
                 {"M19", "inactive2", 1}, {"M20", "inactive'", 1}};
    static const char *const one[] = {"S", "P", "catS", "cat2S", "catP", "cat*S"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (strcmp(network->id, forms[i].mechanism) == 0 && strcmp(name, forms[i].species) == 0)
            return forms[i].carried;
    for (size_t i = 0; i < sizeof one / sizeof one[0]; i++)
        if (strcmp(name, one[i]) == 0) return 1;
    return 0;
}

static void the_first_two_laws_are_total_catalyst_and_total_substrate_material(void **state) {
    (void)state;
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        const mech_network *network = mech_builtin(m);
        int laws[MAX_SPECIES * MAX_SPECIES];
        assert_true(mech_network_conservation_laws(network, laws) >= 2);
        for (int s = 0; s < network->n_species; s++) {
            assert_int_equal(laws[s], network->species[s].catalyst_units);
            assert_int_equal(laws[network->n_species + s], substrate_carried(network, network->species[s].name));
        }
    }
}

static mech_network core_cycle(void) { return *mech_builtin_find("M1"); }

static void laws_with_negative_coefficients_complete_the_basis(void **state) {
    (void)state;
    /* A + B -> nothing keeps A - B, and nothing else. */
    mech_network network = {.id = "U", .n_species = 2, .n_reactions = 1, .n_rate_constants = 1, .product = 1};
    strcpy(network.species[0].name, "A");
    strcpy(network.species[1].name, "B");
    network.reactions[0] = (network_reaction){.reactants = {0, 1, -1}, .products = {-1, -1, -1}};
    int laws[4];
    assert_int_equal(mech_network_conservation_laws(&network, laws), 1);
    assert_int_equal(laws[0] + laws[1], 0);
    assert_int_equal(laws[0] * laws[0], 1);
}

static void a_network_of_many_equal_forms_has_all_its_laws(void **state) {
    (void)state;
    /* 3 A_i -> 2 A_(i+1) + A_(i+2): sixteen species, large coefficients, laws that must still be exact. */
    mech_network network = {.n_species = MAX_SPECIES, .n_rate_constants = 1, .product = 1};
    network.n_reactions = MAX_SPECIES - 2;
    for (int j = 0; j < network.n_reactions; j++)
        network.reactions[j] = (network_reaction){.reactants = {j, j, j}, .products = {j + 1, j + 1, j + 2}};
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n_laws = mech_network_conservation_laws(&network, laws);
    assert_int_equal(n_laws, 2);
    for (size_t i = 0; i < n_laws; i++)
        for (int j = 0; j < network.n_reactions; j++) {
            const int *law = laws + i * MAX_SPECIES;
            assert_true(3L * law[j] == 2L * law[j + 1] + law[j + 2]);
        }
}

static void a_network_that_makes_no_sense_is_refused(void **state) {
    (void)state;
    mech_error error;
    mech_network network = core_cycle();
    assert_int_equal(network_check(&network, "file", &error), MECH_OK);
    network.substrate = -1;
    assert_int_equal(network_check(&network, "file", &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "file: the mechanism has no substrate; expected one among its species");
    network = core_cycle();
    strcpy(network.species[network.n_species++].name, "X");
    assert_int_equal(network_check(&network, "file", &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "file: species 'X' takes part in no reaction");
    network = core_cycle();
    network.species[3].catalyst_units = 2;
    assert_int_equal(network_check(&network, "file", &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "file: the reaction with rate constant 'k1' makes 1 unit of catalyst; expected "
                                       "as many before as after");
    network = core_cycle();
    network.reactions[1].rate_constant = 0;
    assert_int_equal(network_check(&network, "file", &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "file: rate constant 'k1' belongs to 2 reactions; expected one");
    network = core_cycle();
    network.catalyst = 0;
    assert_int_equal(network_check(&network, "file", &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "file: 'S', the catalyst weighed in, holds no catalyst");
    for (size_t m = 0; m < mech_builtin_count(); m++)
        assert_int_equal(network_check(mech_builtin(m), mech_builtin(m)->id, NULL), MECH_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
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
