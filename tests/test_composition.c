/* Composed mechanisms: M1 to M20 are the single choices, every composition is a sound mechanism that conserves what it
 * must and simulates, names lead back to what they name, and parts of one's own go with the built-in ones. */
#include "chemistry/mechanism.h"
#include "data/conditions/conditions.h"
#include "data/prior/acceptance.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static mech_mechanism *compose(const mech_parts *parts, const char *name) {
    mech_mechanism *mechanism = NULL;
    mech_error error;
    if (mech_compose(parts, name, &mechanism, &error) != MECH_OK) fail_msg("%s", error.message);
    return mechanism;
}

static void the_twenty_are_the_single_choices(void **state) {
    (void)state;
    for (size_t i = 0; i < mech_builtin_count(); i++) {
        mech_mechanism *composed = compose(NULL, mech_mechanism_id(mech_builtin(i)));
        if (!mech_mechanism_equal(composed, mech_builtin(i)))
            fail_msg("%s is composed otherwise than its table says", mech_mechanism_id(mech_builtin(i)));
        mech_mechanism_free(composed);
    }
}

/* Calls a check for every composition. */
static size_t for_all(void (*check)(const mech_mechanism *)) {
    char *names = NULL;
    size_t n = 0;
    assert_int_equal(mech_compositions(NULL, 99, &names, NULL), MECH_OK);
    for (char *name = names, *end; *name; name = end + 1, n++) {
        end = strchr(name, '\n');
        *end = '\0';
        mech_mechanism *mechanism = compose(NULL, name);
        assert_string_equal(mech_mechanism_id(mechanism), name);
        check(mechanism);
        mech_mechanism_free(mechanism);
    }
    mech_free(names);
    return n;
}

static void check_soundness(const mech_mechanism *m) {
    mech_error error;
    mech_mechanism *again = NULL;
    char *text = NULL;
    if (mech_mechanism_check(m, m->id, &error) != MECH_OK) fail_msg("%s", error.message);
    for (int a = 0; a < m->n_species; a++)
        for (int b = 0; b < a; b++)
            if (strcmp(m->species[a].name, m->species[b].name) == 0)
                fail_msg("%s has two %s", m->id, m->species[a].name);
    assert_int_equal(mech_mechanism_text(m, &text, NULL), MECH_OK);
    if (mech_mechanism_parse(text, strlen(text), m->id, &again, &error) != MECH_OK) fail_msg("%s", error.message);
    if (!mech_mechanism_equal(m, again)) fail_msg("%s is not read back as it was written", m->id);
    mech_mechanism_free(again);
    mech_free(text);
}

/* Molecules of substrate material: S, P and what the names of forms say that they carry. */
static int material_of(const mechanism_species *species) {
    const char *name = species->name;
    if (species->role == MECH_ROLE_SUBSTRATE || species->role == MECH_ROLE_PRODUCT) return 1;
    int n = 0;
    for (const char *c = name; species->catalyst_units && *c; c++)
        if (*c == 'S' || *c == 'P') n += c[1] >= '2' && c[1] <= '9' ? c[1] - '0' : 1;
    return n;
}

static void check_laws(const mech_mechanism *m) {
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n = (size_t)m->n_species, n_laws = mech_mechanism_conservation_laws(m, laws);
    bool loses = false;
    assert_true(n_laws >= 2);
    for (size_t s = 0; s < n; s++) {
        assert_int_equal(laws[s], m->species[s].catalyst_units);
        loses |= m->species[s].role == MECH_ROLE_INACTIVE;
    }
    for (size_t law = 0; law < n_laws; law++)
        for (int j = 0; j < m->n_reactions; j++) {
            int change = 0;
            for (int s = 0; s < m->n_species; s++)
                change += laws[law * n + (size_t)s] * mech_reaction_change(&m->reactions[j], s);
            assert_int_equal(change, 0);
        }
    /* What dead forms carry their names do not say. */
    for (int j = 0; j < m->n_reactions && !loses; j++) {
        int change = 0;
        for (int s = 0; s < m->n_species; s++)
            change += material_of(&m->species[s]) * mech_reaction_change(&m->reactions[j], s);
        if (change) fail_msg("%s: reaction %d makes or loses substrate material", m->id, j + 1);
    }
}

static void check_composition(const mech_mechanism *m) {
    check_soundness(m);
    check_laws(m);
}

static void every_composition_is_sound_and_conserves(void **state) {
    (void)state;
    const size_t n = for_all(check_composition);
    assert_true(n > 5000);
}

/* Rate constants with which all steps matter. */
static void choose_constants(const mech_mechanism *m, double *k) {
    for (int i = 0; i < m->n_rate_constants; i++) {
        const bool back = strchr(m->rate_constants[i], '-') != NULL;
        k[i] = i < 4 ? (i == 0 ? 40 : i == 2 ? 200 : 0.2) : back ? 0.5 : 0.7;
    }
}

static void simulate(const mech_mechanism *m, mech_solver solver, double *y) {
    double k[MAX_RATE_CONSTANTS], start[MAX_SPECIES];
    static const double times[] = {0, 20};
    mech_solver_options options = mech_solver_options_default();
    mech_error error;
    options.solver = solver;
    if (solver == MECH_SOLVER_CVODE) {
        options.rtol = 1e-9;
        options.atol = 1e-12;
    }
    choose_constants(m, k);
    mech_mechanism_start(m, 1, 0, 0.05, start);
    const mech_problems problems = {.n_problems = 1, .k = k, .start = start, .times = times, .n_times = 2};
    if (mech_simulate(m, &options, &problems, y, NULL, &error) != MECH_OK) fail_msg("%s", error.message);
}

static void check_simulation(const mech_mechanism *m) {
    double y[2 * MAX_SPECIES];
    int laws[MAX_SPECIES * MAX_SPECIES];
    const size_t n = (size_t)m->n_species, n_laws = mech_mechanism_conservation_laws(m, laws);
    simulate(m, MECH_SOLVER_BATCH, y);
    const double *end = y + n;
    if (!(end[m->product] > 1e-3 && end[m->substrate] < 0.995)) fail_msg("%s: nothing happens", m->id);
    for (size_t s = 0; s < n; s++)
        if (!(end[s] > -1e-5)) fail_msg("%s: [%s] is %g", m->id, m->species[s].name, end[s]);
    for (size_t law = 0; law < n_laws; law++) {
        double before = 0, after = 0;
        for (size_t s = 0; s < n; s++) {
            before += laws[law * n + s] * y[s];
            after += laws[law * n + s] * end[s];
        }
        if (fabs(after - before) > 1e-9) fail_msg("%s: law %zu changes by %g", m->id, law, after - before);
    }
}

static void every_composition_simulates_and_keeps_its_laws(void **state) {
    (void)state;
    for_all(check_simulation);
}

static void the_solvers_agree_on_compositions(void **state) {
    (void)state;
    static const char *const names[] = {"B1+PI+M12",    "B2+SI+M19+BG", "M6+PD+PI",       "M3+M7+PD+SI+M20",
                                        "M4+M8+M2+M15", "M5+M6+LI+M13", "B2+M8+PI+M9+AC", "M1+LI+M10"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        mech_mechanism *m = compose(NULL, names[i]);
        double batch[2 * MAX_SPECIES], reference[2 * MAX_SPECIES];
        simulate(m, MECH_SOLVER_BATCH, batch);
        simulate(m, MECH_SOLVER_CVODE, reference);
        for (int s = 0; s < 2 * m->n_species; s++)
            if (!(fabs(batch[s] - reference[s]) < 2e-5))
                fail_msg("%s: %g by the batched solver, %g by CVODE", names[i], batch[s], reference[s]);
        mech_mechanism_free(m);
    }
}

/* What a name leads to, whatever the order and case of its parts. */
static const struct {
    const char *name, *id;
} names[] = {{"b2+pi", "B2+PI"},
             {"M9+PI+B2", "B2+PI+M9"},
             {"M1+M6+M12", "M6+M12"},
             {"pi", "M1+PI"},
             {"M6+M1", "M6"},
             {"bg+m9", "M9+BG"},
             {"LI+M10", "M1+LI+M10"},
             {"M3+PI+M6+PD", "M3+M6+PD+PI"},
             {"AC+M20+PI+M8", "M8+PI+M20+AC"}};

static void names_lead_to_what_they_name(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        mech_mechanism *m = compose(NULL, names[i].name);
        assert_string_equal(mech_mechanism_id(m), names[i].id);
        mech_mechanism_free(m);
    }
}

static const struct {
    const char *name, *message;
} refused[] = {
    {"M21", "there is no mechanism 'M21'; expected M1 to M20, or parts as in B2+PI+M9 ('mechanist mechanisms --parts' "
            "lists them)"},
    {"M6+", "there is no mechanism 'M6+'; expected M1 to M20, or parts as in B2+PI+M9 ('mechanist mechanisms --parts' "
            "lists them)"},
    {"M6+M7", "M6+M7: M6 and M7 are both of the row 'activation'; expected one of them"},
    {"M9+M9", "M9+M9: M9 and M9 are both of the row 'loss'; expected one of them"},
    {"M3+M2", "M3+M2: the dimer is the catalyst already; expected one of both"},
    {"M9+PD", "M9+PD: there is no precatalyst that could rest; expected M6, M7 or M8 besides"},
    {"B2+AC", "B2+AC: there is no precatalyst of which product could make catalyst; expected M6 or M8 besides"},
};

static void what_does_not_go_together_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        mech_mechanism *m = NULL;
        mech_error error = {.message = ""};
        assert_int_equal(mech_compose(NULL, refused[i].name, &m, &error), MECH_INVALID_ARGUMENT);
        assert_null(m);
        assert_string_equal(error.message, refused[i].message);
    }
}

static void classes_and_roles_follow_from_the_parts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        mech_class own;
    } cases[] = {{"B2", MECH_CLASS_CORE},         {"B2+M12", MECH_CLASS_DEACTIVATION}, {"B1+M6", MECH_CLASS_ACTIVATION},
                 {"M6+M12", MECH_CLASS_COMPOSED}, {"M1+PI", MECH_CLASS_COMPOSED},      {"M3+M9", MECH_CLASS_COMPOSED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mech_mechanism *m = compose(NULL, cases[i].name);
        assert_int_equal(mech_mechanism_class(m), cases[i].own);
        mech_mechanism_free(m);
    }
    mech_parts *parts = NULL;
    mech_error error;
    assert_int_equal(mech_parts_new(&parts, &error), MECH_OK);
    assert_int_equal(mech_parts_set_coefficient(parts, 0, &error), MECH_INVALID_ARGUMENT);
    assert_int_equal(mech_parts_set_coefficient(parts, 2, &error), MECH_OK);
    mech_mechanism *m = compose(parts, "B2+PI");
    const int b = mech_mechanism_find_species(m, "B");
    assert_int_equal(mech_mechanism_role(m, (size_t)b), MECH_ROLE_REACTANT);
    assert_true(mech_mechanism_coefficient(m, (size_t)b) == 2);
    assert_int_equal(mech_mechanism_role(m, (size_t)mech_mechanism_find_species(m, "catP")), MECH_ROLE_OFF_CYCLE);
    mech_mechanism_free(m);
    m = compose(NULL, "M3+M7+PD");
    assert_int_equal(m->species[mech_mechanism_find_species(m, "cat2S3")].catalyst_units, 2);
    assert_int_equal(mech_mechanism_role(m, (size_t)mech_mechanism_find_species(m, "catS")), MECH_ROLE_PRECATALYST);
    mech_mechanism_free(m);
    mech_parts_free(parts);
}

/* Each part must show itself: with the same rate constants but one a composition is accepted or not. */
static verdict judge(const mech_mechanism *m, const double *k) {
    const mech_solver_options options = mech_solver_options_default();
    const double additive = 0;
    const candidates one = {.n = 1, .k = k, .additive = &additive};
    uint8_t decision = 99;
    mech_error error;
    if (mech_judge_candidates(m, &options, &one, &decision, &error) != MECH_OK) fail_msg("%s", error.message);
    return (verdict)decision;
}

static void each_part_must_show_itself(void **state) {
    (void)state;
    mech_mechanism *m = compose(NULL, "B2+PI+M9+BG");
    /* k1 k-1 k2 k-2, product binding k3 k-3, loss k4, background k5 */
    const double shown[] = {200, 0.1, 200, 0.01, 50, 20, 2.5, 0.5};
    assert_int_equal(m->n_rate_constants, 8);
    assert_int_equal(judge(m, shown), ACCEPTED);
    for (int i = 4; i < 8; i++) {
        double k[8];
        memcpy(k, shown, sizeof k);
        if (i == 5)
            k[i] = 1e4; /* product leaves at once */
        else
            k[i] = 1e-5;
        if (judge(m, k) != REFUSED_BY_RULE) fail_msg("%s does not matter", m->rate_constants[i]);
    }
    mech_mechanism_free(m);
}

/* What goes through a step: S -> P : kb of a mechanism whose catalyst does nothing turns over kb [S] dt, which is all
 * that is converted: half of [S]0 until half of it is converted, and 1 / (2 loading) loadings. */
static void what_a_step_turns_over_is_its_integral(void **state) {
    (void)state;
    static const char form[] = "cat + S <=> catS : k1, k-1\ncatS -> cat + P : k2\nS -> P : kb\n"
                               "shows: through kb until conversion 0.5 within %s, loading 0.05\n";
    static const struct {
        const char *range;
        verdict verdict;
    } cases[] = {{"9.98 to 10.02", ACCEPTED}, {"10.02 to 20", REFUSED_BY_RULE}, {"0 to 9.98", REFUSED_BY_RULE}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[400];
        mech_mechanism *m = NULL;
        mech_error error;
        const double k[] = {1e-9, 1e-9, 1e-9, 0.2};
        const int length = snprintf(text, sizeof text, form, cases[i].range);
        if (mech_mechanism_parse(text, (size_t)length, "text", &m, &error) != MECH_OK) fail_msg("%s", error.message);
        assert_int_equal(judge(m, k), cases[i].verdict);
        mech_mechanism_free(m);
    }
}

static const char own_part[] = "part: AX\n"
                               "row: loss\n"
                               "title: an additive A kills the bound catalyst\n"
                               "bound + A -> dead : ka\n"
                               "additive: A\n"
                               "start: A = 0.01\n"
                               "shows: dead at conversion 0.5 above 0.1\n";

static void a_part_of_ones_own_goes_with_the_others(void **state) {
    (void)state;
    mech_parts *parts = NULL;
    mech_error error = {.message = ""};
    char *all = NULL;
    assert_int_equal(mech_parts_new(&parts, NULL), MECH_OK);
    const size_t n_built_in = mech_parts_size(parts);
    if (mech_parts_add_text(parts, own_part, strlen(own_part), "own", &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(mech_parts_size(parts), n_built_in + 1);
    assert_string_equal(mech_parts_name(parts, n_built_in), "AX");
    assert_string_equal(mech_parts_row(parts, n_built_in), "loss");
    mech_mechanism *m = compose(parts, "M3+M6+PI+ax");
    assert_string_equal(mech_mechanism_id(m), "M3+M6+PI+AX");
    /* The bound form is a dimer there, and so is what is left of it. */
    assert_true(mech_mechanism_find_species(m, "cat*2S") >= 0);
    assert_int_equal(m->species[mech_mechanism_find_species(m, "dead")].catalyst_units, 2);
    assert_string_equal(m->rate_constants[m->n_rate_constants - 1], "ka");
    check_simulation(m);
    mech_mechanism_free(m);
    assert_int_equal(mech_compose(parts, "M9+AX", &m, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "M9+AX: M9 and AX are both of the row 'loss'; expected one of them");
    assert_int_equal(mech_compositions(parts, 1, &all, NULL), MECH_OK);
    assert_non_null(strstr(all, "\nB2+AX\n"));
    assert_null(strstr(all, "M9+AX"));
    mech_free(all);
    mech_parts_free(parts);
}

static const struct {
    const char *text, *message;
} no_parts[] = {
    {"free -> dead : ka\n", "own:1:1: the part has no name; expected a line such as 'part: AX'"},
    {"part: M9\nfree -> dead : ka\n", "own:1:1: 'M9' is a built-in part; expected another name"},
    {"part: AX\nfree -> dead : k7\n",
     "own:2:16: 'k7' is a rate constant of the cycle or of built-in parts; expected another name such as 'ka'"},
    {"part: AX\n\nfree -> dead\n", "own:3:13: the line ends; expected '+' or ':' and the reaction's rate constants"},
    {"part: AX\nfree -> dead : ka\nname: other\n",
     "own:3:1: 'name' is said by the composition; expected a part without it"},
    {"part: AX\n", "own:1:1: the part has no reaction; expected one"},
    {"part: AX\nrow: cycle\nfree -> dead : ka\n",
     "own:1:1: a part cannot be a cycle; expected a mechanism file for another cycle"},
};

static void what_is_no_part_is_refused_with_its_place(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof no_parts / sizeof no_parts[0]; i++) {
        mech_parts *parts = NULL;
        mech_error error = {.message = ""};
        assert_int_equal(mech_parts_new(&parts, NULL), MECH_OK);
        assert_int_equal(mech_parts_add_text(parts, no_parts[i].text, strlen(no_parts[i].text), "own", &error),
                         MECH_INVALID_INPUT);
        assert_string_equal(error.message, no_parts[i].message);
        mech_parts_free(parts);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_twenty_are_the_single_choices),
        cmocka_unit_test(every_composition_is_sound_and_conserves),
        cmocka_unit_test(every_composition_simulates_and_keeps_its_laws),
        cmocka_unit_test(the_solvers_agree_on_compositions),
        cmocka_unit_test(names_lead_to_what_they_name),
        cmocka_unit_test(what_does_not_go_together_is_refused),
        cmocka_unit_test(classes_and_roles_follow_from_the_parts),
        cmocka_unit_test(each_part_must_show_itself),
        cmocka_unit_test(what_a_step_turns_over_is_its_integral),
        cmocka_unit_test(a_part_of_ones_own_goes_with_the_others),
        cmocka_unit_test(what_is_no_part_is_refused_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
