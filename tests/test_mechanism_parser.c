/* Mechanism files: what they mean, and what is said about those that mean nothing. */
#include "base/random.h"
#include "chemistry/mechanism.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CORE "cat + S <=> catS : k1, k-1\ncatS <=> cat + P : k2, k-2\n"

static mech_mechanism *parse(const char *text) {
    mech_mechanism *mechanism = NULL;
    mech_error error = {0};
    if (mech_mechanism_parse(text, strlen(text), "file", &mechanism, &error) != MECH_OK) fail_msg("%s", error.message);
    return mechanism;
}

static const struct {
    const char *text, *message; /* behind "file:" */
} refused[] = {
    {"", "1:1: there is no reaction; expected lines such as 'cat + S <=> catS : k1, k-1'"},
    {"# only a comment\n", "1:1: there is no reaction; expected lines such as 'cat + S <=> catS : k1, k-1'"},
    {"cat + S <=> catS : k1\n", "1:22: the line ends; expected ',' and the rate constant of the way back"},
    {"cat + S <=> catS : k1,\n", "1:23: the line ends; expected the name of a rate constant"},
    {"cat + S <=> catS\n", "1:17: the line ends; expected '+' or ':' and the reaction's rate constants"},
    {"cat + S : k1\n", "1:9: ':' is out of place; expected '+', '->' or '<=>'"},
    {"cat + S = catS : k1\n", "1:9: '=' is out of place; expected '+', '->' or '<=>'"},
    {"cat + -> catS : k1\n", "1:7: '->' is out of place; expected the name of a species"},
    {"-> catS : k1\n", "1:1: '->' is out of place; expected the name of a species"},
    {"cat -> : k1\n", "1:8: ':' is out of place; expected the name of a species"},
    {"cat + S -> catS : k1, k-1\n", "1:21: a second rate constant for a one-way reaction; expected '<=>' or one"},
    {"cat + S -> catS : k1 k2\n", "1:22: 'k2' is out of place; expected the end of the line"},
    {"cat + S <=> catS : k1, k1\n", "1:24: rate constant 'k1' is taken since line 1; expected one for each direction"},
    {"4 cat -> dead : k1\n", "1:1: '4' is out of place; expected a number of molecules from 1 to 3"},
    {"1.5 cat -> dead : k1\n", "1:1: '1.5' is out of place; expected a number of molecules from 1 to 3"},
    {"0 cat -> dead : k1\n", "1:1: '0' is out of place; expected a number of molecules from 1 to 3"},
    {"2 cat + 2 S -> dead : k1\n", "1:9: too many molecules on one side; expected at most 3"},
    {"cat + S -> S + cat : k1\n", "1:1: both sides of the reaction are the same; expected a change"},
    {"averyveryverylongname -> P : k1\n", "1:1: the name 'averyveryverylo...' is too long; expected at most 15 bytes"},
    {"A -> B : averyveryverylongname\n", "1:10: the name 'averyveryverylo...' is too long; expected at most 15 bytes"},
    {"catalist: cat\n", "1:1: 'catalist' is no keyword; expected name, title, substrate, product, catalyst, "
                        "precatalyst, off-cycle, inactive, additive, reactant, other, cat0, start, drawn, class, "
                        "order, shows or a reaction"},
    {"name:\n", "1:6: the line ends; expected the name"},
    {"name: one\nname: two\n", "2:6: the name was said before; expected it once"},
    {"name: a,b\n", "1:7: the name 'a,b' has a blank, comma, quote or '='; expected one word"},
    {"name:  a b # two\n", "1:8: the name 'a b' has a blank, comma, quote or '='; expected one word"},
    {"name: a-name-of-more-than-forty-seven-bytes-is-too-long-for-tables\n",
     "1:7: the name is too long; expected at most 47 bytes"},
    {"class: core\nclass: core\n", "2:8: the class was said before; expected it once"},
    {"class: dull\n",
     "1:8: 'dull' is out of place; expected core, bicatalytic, activation, deactivation, composed or user"},
    {"reactant: B (0)\n", "1:14: '0' is out of place; expected its stoichiometric coefficient, above 0 and up to 1000"},
    {"reactant: B (2\n", "1:15: the line ends; expected ')'"},
    {"drawn: X\n", "1:9: the line ends; expected '=' and the range of the start amount"},
    {"drawn: X = 2 to 1\n", "1:17: '1' is out of place; expected a number from the lower end of the range on"},
    {"drawn: X = 1, X = 1\n", "1:15: how 'X' is drawn was said before; expected it once"},
    {CORE "drawn: catS = 1\n", "3:8: 'catS' is drawn, but is no additive; expected a line such as 'additive: catS'"},
    {CORE "shows:\n", "3:7: the line ends; expected the name of a species"},
    {CORE "shows: cat\n", "3:11: the line ends; expected 'at'"},
    {CORE "shows: cat + 1.5 catS at conversion 0.5 above 0.1\n",
     "3:14: a species counts 1.5 times; expected a whole number"},
    {CORE "shows: cat at conversion 2 above 0.1\n", "3:26: '2' is out of place; expected a conversion from 0 to 1"},
    {CORE "shows: cat at conversion 0.5 around 0.1\n",
     "3:30: 'around' is out of place; expected 'above', 'below' or 'within' and the bounds"},
    {CORE "shows: cat at conversion 0.5 within 0.5 to 0.1\n",
     "3:44: '0.1' is out of place; expected an amount from the lower bound on"},
    {CORE "shows: largest cat at conversion 0.5 above 0.1\n", "3:20: 'at' is out of place; expected 'from'"},
    {CORE "shows: largest cat from conversion 0.5 to 0.2 above 0.1\n",
     "3:43: '0.2' is out of place; expected a conversion from 0 to 1"},
    {CORE "shows: smallest cat until conversion 0.5\n",
     "3:41: the line ends; expected 'above', 'below' or 'within' and the bounds"},
    {CORE "shows: through k9 until conversion 0.5 above 1\n",
     "3:16: there is no rate constant 'k9' above; expected one of the reactions"},
    {CORE "shows: cat at conversion 0.5 above 0.1, 0.03\n", "3:41: '0.03' is out of place; expected 'loading'"},
    {CORE "shows: cat at conversion 0.5 above 0.1, loading 0\n",
     "3:49: a loading of 0; expected one above 0 and up to 1"},
    {CORE "shows: cat at conversion 0.5 above 0.1, loading 0.1 or 0.2 or 0.3 or 0.4 or 0.5\n",
     "3:77: too many loadings; expected at most 4"},
    {CORE "shows: dead at conversion 0.5 above 0.1\n",
     "3:8: 'dead' takes part in no reaction; expected a species of the reactions"},
    {"substrate: A, B\n", "1:13: more than one substrate; expected a single species"},
    {"substrate: A\nsubstrate: B\n", "2:12: the substrate was named before; expected a single species"},
    {"substrate: A (2)\n", "1:12: units of catalyst in a species declared as substrate; expected none"},
    {"substrate: A\nproduct: A\n", "2:10: 'A' was declared as substrate before; expected one role"},
    {"off-cycle: cat2 (x)\n", "1:18: 'x' is out of place; expected how many units of catalyst it holds, from 1 to 100"},
    {"off-cycle: cat2 (2\n", "1:19: the line ends; expected ')'"},
    {"off-cycle: cat2 (0)\n", "1:18: '0' is out of place; expected how many units of catalyst it holds, from 1 to 100"},
    {"catalyst:\n", "1:10: the line ends; expected the name of a species"},
    {CORE "start: X\n", "3:9: the line ends; expected '=' and the start amount"},
    {CORE "start: X = much\n", "3:12: 'much' is out of place; expected a number from 0 on"},
    {CORE "start: X = -1\n", "3:12: '-' is out of place; expected a number from 0 on"},
    {CORE "start: X = 1, X = 2\n", "3:15: the start amount of 'X' was said before; expected it once"},
    {CORE "start: X = 1\n", "3:8: 'X' takes part in no reaction; expected a species of the reactions"},
    {CORE "start: S = 1\n", "3:8: the start amount of 'S' is said by each run; expected none in the mechanism"},
    {CORE "start: X = 1, cat = 2\ncat + X <=> catX : k3, k-3\n",
     "3:15: the start amount of 'cat' is said by each run; expected none in the mechanism"},
    {CORE "order: k1 k-1 k2\n", "3:17: rate constant 'k-2' is missing; expected all of them"},
    {CORE "order: k1 k-1 k2 k3\n", "3:18: there is no rate constant 'k3' above; expected those of the reactions"},
    {CORE "order: k1 k-1 k2 k2\n", "3:18: rate constant 'k2' stands twice; expected it once"},
    {CORE "order: k1 k-1 k2 k-2\ncat -> dead : k3\n", "4:1: a reaction behind the order; expected all before it"},
    {CORE "inactive: dead\n", "3:11: 'dead' takes part in no reaction; expected a species of the reactions"},
    {CORE "cat -> A + B : k3\n", "3:8: the reactions do not tell how much catalyst 'A' holds; expected a line such as "
                                 "'off-cycle: A (1)' or 'additive: A'"},
    {CORE "2 cat -> dead : k3\ninactive: dead (3)\n",
     "3:1: the reaction makes 1 unit of catalyst; expected as many on the right as on the left"},
    {CORE "cat + S -> P : k3\n",
     "3:1: the reaction loses 1 unit of catalyst; expected as many on the right as on the left"},
    {CORE "cat0: S\n", "1:7: 'S' is weighed in as the catalyst, but declared as substrate"},
    {CORE "inactive: P\n", "1:1: there is no product; expected a species P or a line such as 'product: B'"},
    {CORE "cat0: cat\ncat0: catS\n", "4:7: the catalyst weighed in was named before; expected one"},
    {"cat + A <=> catA : k1, k-1\ncatA -> cat + P : k2\n",
     "1:1: there is no substrate; expected a species S or a line such as 'substrate: A'"},
    {"cat + S <=> catS : k1, k-1\ncatS -> cat + B : k2\n",
     "1:1: there is no product; expected a species P or a line such as 'product: B'"},
    {"Ru + S <=> RuS : k1, k-1\nRuS -> Ru + P : k2\n",
     "1:1: there is no catalyst; expected a species cat or a line such as 'cat0: Ru'"},
    {CORE "S -> X : k3\ncatalyst: X\n", "3:6: 'X' is declared as catalyst, but the reactions put no catalyst in it"},
    {CORE "3 dead <=> 2 cat : k3, k-3\ncatalyst: cat (1)\n",
     "3:3: no whole number of catalyst units of 'dead' conserves the catalyst in the reaction with rate constant 'k3'"},
    {"cat + S <=> catS : k1, k-1 ; fast\n", "1:28: ';' is out of place; expected the end of the line"},
    {"cat + S @ catS\n", "1:9: '@' is out of place; expected '+', '->' or '<=>'"},
    {"cat \xFF"
     " S\n",
     "1:5: a byte that is not UTF-8; expected text"},
    {"\xE2\x86\x92\xE2\x87\n", "1:2: a byte that is not UTF-8; expected text"},
    {"caf\xC3\xA9"
     " + S @\n",
     "1:10: '@' is out of place; expected '+', '->' or '<=>'"},
    {"a\nb\x01\n", "2:2: a control character; expected text"},
    {"A -> B : k1\r\nB -> @\r\n", "2:6: '@' is out of place; expected the name of a species"},
    {"A -> B : k1\rB -> @\r", "2:6: '@' is out of place; expected the name of a species"},
    {"\xEF\xBB\xBF@\n", "1:1: '@' is out of place; expected the name of a species"},
    {"A1 -> A2 : k1\nA3 -> A4 : k2\nA5 -> A6 : k3\nA7 -> A8 : k4\nA9 -> B1 : k5\nB2 -> B3 : k6\nB4 -> B5 : k7\nB6 -> "
     "B7 : k8\nB8 -> B9 : k9\n",
     "9:1: 'B8' is one species too many; expected at most 16"},
};

static void what_means_nothing_is_refused_with_place_and_expectation(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        mech_mechanism *mechanism = NULL;
        mech_error error = {0};
        assert_int_equal(mech_mechanism_parse(refused[i].text, strlen(refused[i].text), "file", &mechanism, &error),
                         MECH_INVALID_INPUT);
        assert_null(mechanism);
        assert_memory_equal(error.message, "file:", 5);
        assert_string_equal(error.message + 5, refused[i].message);
    }
}

static void limits_are_said(void **state) {
    (void)state;
    static char large[65537];
    char many[1024] = "";
    mech_mechanism *mechanism = NULL;
    mech_error error = {0};
    memset(large, '\n', sizeof large);
    assert_int_equal(mech_mechanism_parse(large, sizeof large, "file", &mechanism, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "file: the mechanism takes 65537 bytes; expected at most 65536");
    for (int i = 0; i < 33; i++) snprintf(many + strlen(many), sizeof many - strlen(many), "A -> B : k%d\n", i);
    assert_int_equal(mech_mechanism_parse(many, strlen(many), "file", &mechanism, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "file:33:10: 'k32' is one rate constant too many; expected at most 32");
    assert_int_equal(mech_mechanism_parse("a\0b", 3, "file", &mechanism, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "file:1:2: a control character; expected text");
}

/* The library's mechanisms as text, here only what the reactions do not tell. */
static const struct {
    const char *id, *text;
} same[] = {
    {"M1", CORE},
    {"M2", CORE "2 cat <=> cat2 : k3, k-3\n"},
    {"M3", "cat2 + S <=> cat2S : k1, k-1\ncat2S <=> cat2 + P : k2, k-2\ncat + cat <=> cat2 : k3, k-3"},
    {"M4", "cat + S <=> catS + X : k1, k-1\ncatS + X <=> cat + P : k2, k-2\nadditive: X\nstart: X = 1"},
    {"M5", "cat + S <=> catS : k1, k-1\ncatS + cat <=> catP + cat : k2, k-2\ncatP <=> cat + P : k3, k-3"},
    {"M6", "cat -> cat* : k3\ncat* + S <=> cat*S : k1, k-1\ncat*S <=> cat* + P : k2, k-2\norder: k1 k-1, k2, k-2 k3"},
    {"M7", "cat + S <=> catS : k3, k-3\ncatS + S <=> catS2 : k1, k-1\ncatS2 <=> catS + P : k2, k-2\n"
           "order: k1 k-1 k2 k-2 k3 k-3\nprecatalyst: cat"},
    {"M8", "cat <=> cat* + L : k3, k-3\ncat* + S <=> cat*S : k1, k-1\ncat*S <=> cat* + P : k2, k-2\n"
           "order: k1 k-1 k2 k-2 k3 k-3\nadditive: L\nstart: L = 1"},
    {"M10", CORE "cat + I -> inactive : k3\nadditive: I\nstart: I = 1"},
    {"M15", CORE "catS + I -> inactive : k3\nstart: I = 1"},
    {"M13", CORE "cat + cat -> inactive2 : k3"},
    {"M16", CORE "catS + S -> inactive : k3"},
    {"M18", CORE "2 catS -> inactive2 : k3"},
    {"M20", CORE "cat -> inactive : k3\ncatS -> inactive' : k4"},
};

static void a_mechanism_written_as_text_is_that_of_the_library(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        const mech_mechanism *builtin = mech_builtin_find(same[i].id);
        mech_mechanism *mechanism = parse(same[i].text);
        double k[MAX_RATE_CONSTANTS], y[MAX_SPECIES], start[MAX_SPECIES], f[MAX_SPECIES], g[MAX_SPECIES];
        double own_y[MAX_SPECIES], own_start[MAX_SPECIES];
        assert_int_equal(mechanism->mechanism_class, MECH_CLASS_USER);
        assert_int_equal(mechanism->n_species, builtin->n_species);
        assert_int_equal(mechanism->n_rate_constants, builtin->n_rate_constants);
        for (int j = 0; j < builtin->n_rate_constants; j++) {
            assert_string_equal(mechanism->rate_constants[j], builtin->rate_constants[j]);
            k[j] = 1 + 0.25 * j;
        }
        for (int s = 0; s < builtin->n_species; s++) y[s] = 1 + 0.125 * s;
        mech_mechanism_derivative(builtin, k, y, f);
        mech_mechanism_start(builtin, 1, 0.5, 0.25, start);
        mech_mechanism_start(mechanism, 1, 0.5, 0.25, own_start);
        for (int s = 0; s < mechanism->n_species; s++)
            own_y[s] = y[mech_mechanism_find_species(builtin, mechanism->species[s].name)];
        mech_mechanism_derivative(mechanism, k, own_y, g);
        for (int s = 0; s < mechanism->n_species; s++) {
            const int b = mech_mechanism_find_species(builtin, mechanism->species[s].name);
            assert_true(g[s] - f[b] < 1e-12 && f[b] - g[s] < 1e-12);
            assert_true(own_start[s] == start[b]);
            assert_int_equal(mechanism->species[s].catalyst_units, builtin->species[b].catalyst_units);
            if (mechanism->species[s].role != builtin->species[b].role)
                fail_msg("%s: the role of %s is %s, not %s", same[i].id, mechanism->species[s].name,
                         mech_role_name(mechanism->species[s].role), mech_role_name(builtin->species[b].role));
        }
        mech_mechanism_free(mechanism);
    }
}

static void every_declaration_has_its_effect(void **state) {
    (void)state;
    mech_mechanism *mechanism = parse("\xEF\xBB\xBF# a dimer that dissolves\r\n"
                                      "name: Dimer # the id\r\n"
                                      "Title:\t A resting  dimer \r\n"
                                      "\r\n"
                                      "Ru2 \xE2\x87\x8C 2 Ru : k3, k-3 # falls apart\r\n"
                                      "Ru + A + L\xE2\x86\x92"
                                      "RuA:k1\r\n"
                                      "RuA->Ru+B+\xCE\xB2:k2\r\n"
                                      "substrate: A\r\nproduct: B\r\n"
                                      "precatalyst: Ru2 (2)\r\ncatalyst: Ru, RuA\r\nadditive: L\r\n"
                                      "cat0: Ru2\r\nstart: L = 2.5e-1\r\norder: k1 k2 k3 k-3");
    assert_string_equal(mechanism->id, "Dimer");
    assert_string_equal(mechanism->title, "A resting  dimer");
    static const struct {
        const char *name;
        mech_role role;
        int units;
    } species[] = {{"A", MECH_ROLE_SUBSTRATE, 0},   {"B", MECH_ROLE_PRODUCT, 0},  {"Ru2", MECH_ROLE_PRECATALYST, 2},
                   {"Ru", MECH_ROLE_CATALYST, 1},   {"L", MECH_ROLE_ADDITIVE, 0}, {"RuA", MECH_ROLE_CATALYST, 1},
                   {"\xCE\xB2", MECH_ROLE_OTHER, 0}};
    assert_int_equal(mechanism->n_species, sizeof species / sizeof species[0]);
    for (int s = 0; s < mechanism->n_species; s++) {
        assert_string_equal(mechanism->species[s].name, species[s].name);
        assert_int_equal(mechanism->species[s].role, species[s].role);
        assert_int_equal(mechanism->species[s].catalyst_units, species[s].units);
    }
    double start[MAX_SPECIES];
    mech_mechanism_start(mechanism, 1, 0, 0.05, start);
    assert_true(start[2] == 0.05 && start[4] == 0.25 && start[3] == 0);
    assert_int_equal(mechanism->n_reactions, 4);
    assert_int_equal(mechanism->reactions[0].rate_constant, 2);
    assert_int_equal(mechanism->reactions[1].reverse, 1);
    mech_mechanism_free(mechanism);
}

static void a_dimer_that_is_weighed_in_holds_two_units(void **state) {
    (void)state;
    static const char *const texts[] = {
        "Ru2 <=> 2 Ru : k3, k-3\nRu + S <=> RuS : k1, k-1\nRuS -> Ru + P : k2\ncat0: Ru2\n",
        "Ru2 <=> 2 Ru : k3, k-3\nRu + S <=> RuS : k1, k-1\nRuS -> Ru + P : k2\ncat0: Ru2\ncatalyst: Ru (1)\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        mech_mechanism *mechanism = parse(texts[i]);
        assert_string_equal(mechanism->species[mechanism->catalyst].name, "Ru2");
        assert_int_equal(mechanism->species[mechanism->catalyst].catalyst_units, 2);
        assert_int_equal(mechanism->species[mechanism->catalyst].role, MECH_ROLE_PRECATALYST);
        assert_int_equal(mechanism->species[mech_mechanism_find_species(mechanism, "RuS")].catalyst_units, 1);
        mech_mechanism_free(mechanism);
    }
}

static void any_line_end_will_do(void **state) {
    (void)state;
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    for (int i = 0; i < 3; i++) {
        char text[128];
        snprintf(text, sizeof text, "cat + S <=> catS : k1, k-1%scatS <=> cat + P : k2, k-2%s", ends[i], ends[i]);
        mech_mechanism *mechanism = parse(text);
        assert_int_equal(mechanism->n_reactions, 4);
        mech_mechanism_free(mechanism);
    }
}

/* A second of changed, lost and doubled bytes; the fuzzer goes further (fuzz/fuzz_network.c). */
static void damaged_files_are_read_or_refused(void **state) {
    (void)state;
    static const char text[] = "name: x\n" CORE "2 cat <=> cat2 : k3, k-3\noff-cycle: cat2 (2)\ncat + I -> dead : "
                               "k4\nstart: I = 1\norder: k1 k2 k3 k-1 k-2 k-3 k4\n";
    static const char signs[] = "\n\r\t #:,+-<=>()*'0129.eSPkcat\xE2\x86\x92\x80\xFF\0";
    random_stream r = mech_random_open(1, RANDOM_TEST, 3, 0);
    size_t n_read = 0;
    const size_t n = 20000;
    for (size_t i = 0; i < n; i++) {
        char damaged[sizeof text + 8];
        size_t length = sizeof text - 1;
        memcpy(damaged, text, length);
        for (uint32_t change = 1 + mech_random_below(&r, 4); change; change--) {
            const size_t at = mech_random_below(&r, (uint32_t)length);
            switch (mech_random_below(&r, 3)) {
            case 0:
                damaged[at] = signs[mech_random_below(&r, sizeof signs)];
                break;
            case 1:
                memmove(damaged + at, damaged + at + 1, --length - at);
                break;
            default:
                memmove(damaged + at + 1, damaged + at, length++ - at);
            }
        }
        mech_mechanism *mechanism = NULL;
        mech_error error = {0};
        const mech_status status = mech_mechanism_parse(damaged, length, "file", &mechanism, &error);
        assert_int_equal(status, mechanism ? MECH_OK : MECH_INVALID_INPUT);
        assert_true(mechanism ? !error.message[0] : strncmp(error.message, "file:", 5) == 0);
        if (mechanism) assert_int_equal(mech_mechanism_check(mechanism, "file", NULL), MECH_OK);
        n_read += mechanism != NULL;
        mech_mechanism_free(mechanism);
    }
    assert_true(n_read > n / 50 && n_read < n / 2);
}

static void every_beginning_of_a_file_is_read_or_refused(void **state) {
    (void)state;
    static const char text[] = "name: x\n" CORE "2 cat <=> cat2 : k3, k-3\noff-cycle: cat2 (2)\nstart: X = 1\n";
    for (size_t length = 0; length < sizeof text; length++) {
        mech_mechanism *mechanism = NULL;
        mech_error error = {0};
        const mech_status status = mech_mechanism_parse(text, length, "file", &mechanism, &error);
        assert_true((status == MECH_OK) == (mechanism != NULL));
        assert_true((status == MECH_OK) == (error.message[0] == '\0'));
        mech_mechanism_free(mechanism);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_means_nothing_is_refused_with_place_and_expectation),
        cmocka_unit_test(limits_are_said),
        cmocka_unit_test(a_mechanism_written_as_text_is_that_of_the_library),
        cmocka_unit_test(every_declaration_has_its_effect),
        cmocka_unit_test(any_line_end_will_do),
        cmocka_unit_test(a_dimer_that_is_weighed_in_holds_two_units),
        cmocka_unit_test(damaged_files_are_read_or_refused),
        cmocka_unit_test(every_beginning_of_a_file_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
