/* Mechanisms in words: every format is made from the table and says what the table says. */
#include "chemistry/mechanism.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char *describe(const mech_mechanism *mechanism, mech_format format) {
    char *description = NULL;
    mech_error error;
    if (mech_mechanism_describe(mechanism, format, &description, &error) != MECH_OK) fail_msg("%s", error.message);
    return description;
}

/* Whether a text has the line. */
static bool has_line(const char *text, const char *line) {
    const size_t length = strlen(line);
    for (const char *at = text; (at = strstr(at, line)); at++)
        if ((at == text || at[-1] == '\n') && (at[length] == '\n' || !at[length])) return true;
    return false;
}

static void equations_are_those_of_the_mechanism(void **state) {
    (void)state;
    static const struct {
        const char *id;
        mech_format format;
        const char *line;
    } cases[] = {
        {"M1", MECH_FORMAT_TEXT, "  d[S]/dt = -k1 [cat][S] + k-1 [catS]"},
        {"M1", MECH_FORMAT_TEXT, "  [cat] + [catS] = total catalyst"},
        {"M1", MECH_FORMAT_TEXT, "  [S] + [P] + [catS] = total substrate material"},
        {"M2", MECH_FORMAT_TEXT, "  [cat] + [catS] + 2 [cat2] = total catalyst"},
        {"M5", MECH_FORMAT_TEXT, "  d[catS]/dt = k1 [cat][S] - k-1 [catS] - k2 [catS][cat] + k-2 [catP][cat]"},
        {"M6", MECH_FORMAT_TEXT, "  cat -> cat* : k3"},
        {"M7", MECH_FORMAT_TEXT, "  [S] + [P] + [catS] + 2 [catS2] = total substrate material"},
        {"M8", MECH_FORMAT_TEXT, "  d[L]/dt = k3 [cat] - k-3 [cat*][L]"},
        {"M13", MECH_FORMAT_TEXT, "  d[inactive2]/dt = k3 [cat]^2"},
        {"M18", MECH_FORMAT_TEXT, "  d[catS]/dt = k1 [cat][S] - k-1 [catS] - k2 [catS] + k-2 [cat][P] - 2 k3 [catS]^2"},
        {"M20", MECH_FORMAT_TEXT, "  d[inactive']/dt = k4 [catS]"},
        {"M20", MECH_FORMAT_TEXT, "Class: deactivation"},
        {"M1", MECH_FORMAT_LATEX,
         "\\frac{\\mathrm{d}[\\mathrm{S}]}{\\mathrm{d}t} &= -k_{1}\\,[\\mathrm{cat}][\\mathrm{S}] + "
         "k_{-1}\\,[\\mathrm{catS}] \\\\"},
        {"M2", MECH_FORMAT_LATEX,
         "2 \\mathrm{cat} &\\underset{k_{-3}}{\\overset{k_{3}}{\\rightleftharpoons}} \\mathrm{cat_{2}}"},
        {"M6", MECH_FORMAT_LATEX, "\\mathrm{cat} &\\xrightarrow{k_{3}} \\mathrm{cat^{*}{}} \\\\"},
        {"M20", MECH_FORMAT_LATEX, "\\mathrm{catS} &\\xrightarrow{k_{4}} \\mathrm{inactive'}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *description = describe(mech_builtin_find(cases[i].id), cases[i].format);
        if (!has_line(description, cases[i].line))
            fail_msg("%s lacks the line '%s':\n%s", cases[i].id, cases[i].line, description);
        mech_free(description);
    }
}

static const char *string_at(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static void json_says_what_the_table_says(void **state) {
    (void)state;
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        const mech_mechanism *mechanism = mech_builtin(m);
        char *description = describe(mechanism, MECH_FORMAT_JSON);
        json_t *object = json_loads(description, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(object);
        assert_string_equal(string_at(object, "id"), mechanism->id);
        assert_string_equal(string_at(object, "title"), mechanism->title);
        assert_string_equal(string_at(object, "class"), mech_class_name(mechanism->mechanism_class));
        const json_t *species = json_object_get(object, "species");
        const json_t *constants = json_object_get(object, "rate_constants");
        assert_int_equal(json_array_size(species), mechanism->n_species);
        assert_int_equal(json_array_size(constants), mechanism->n_rate_constants);
        assert_int_equal(json_object_size(json_object_get(object, "rate_equations")), mechanism->n_species);
        for (int s = 0; s < mechanism->n_species; s++) {
            const json_t *one = json_array_get(species, (size_t)s);
            assert_string_equal(string_at(one, "name"), mechanism->species[s].name);
            assert_string_equal(string_at(one, "role"), mech_role_name(mechanism->species[s].role));
            assert_int_equal(json_integer_value(json_object_get(one, "catalyst_units")),
                             mechanism->species[s].catalyst_units);
            assert_true(json_number_value(json_object_get(one, "start")) == mechanism->species[s].start);
        }
        size_t n_one_way = 0, i;
        const json_t *reaction;
        json_array_foreach(json_object_get(object, "reactions"), i, reaction) {
            const bool reversible = json_is_true(json_object_get(reaction, "reversible"));
            assert_int_equal(strstr(string_at(reaction, "reaction"), "<=>") != NULL, reversible);
            assert_int_equal(json_array_size(json_object_get(reaction, "rate_constants")), reversible ? 2 : 1);
            n_one_way += reversible ? 2 : 1;
        }
        assert_int_equal(n_one_way, mechanism->n_reactions);
        json_decref(object);
        mech_free(description);
    }
}

/* The value of a printed sum such as "-k1 [cat][S] + 2 k-1 [catS]^2". */
static double value_of(const char *sum, const mech_mechanism *mechanism, const double *k, const double *y) {
    double total = 0, term = 1;
    for (const char *at = sum; *at;) {
        char name[MAX_NAME] = "";
        int used = 0;
        if (*at == ' ') {
            at++;
        } else if ((*at == '+' || *at == '-') && (at[1] == ' ' || at == sum)) {
            if (at != sum) total += term;
            term = *at++ == '-' ? -1 : 1;
        } else if (sscanf(at, "[%15[^]]]%n", name, &used) == 1 && used) {
            const double concentration = y[mech_mechanism_find_species(mechanism, name)];
            at += used;
            term *= concentration;
            for (int power = *at == '^' ? at[1] - '0' : 1; power > 1; power--) term *= concentration;
            if (*at == '^') at += 2;
        } else if (*at >= '0' && *at <= '9') {
            term *= *at++ - '0';
        } else {
            assert_int_equal(sscanf(at, "%15[^ ]%n", name, &used), 1);
            int constant = 0;
            while (strcmp(mechanism->rate_constants[constant], name) != 0)
                if (++constant == mechanism->n_rate_constants) fail_msg("'%s' is no rate constant: %s", name, sum);
            term *= k[constant];
            at += used;
        }
    }
    return total + term;
}

static void printed_rate_equations_evaluate_to_the_derivative(void **state) {
    (void)state;
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        const mech_mechanism *mechanism = mech_builtin(m);
        double k[MAX_RATE_CONSTANTS], y[MAX_SPECIES], derivative[MAX_SPECIES];
        for (int i = 0; i < mechanism->n_rate_constants; i++) k[i] = 1 + 0.375 * i;
        for (int s = 0; s < mechanism->n_species; s++) y[s] = 0.5 + 0.25 * s * s;
        mech_mechanism_derivative(mechanism, k, y, derivative);
        char *description = describe(mechanism, MECH_FORMAT_JSON);
        json_t *object = json_loads(description, 0, NULL);
        for (int s = 0; s < mechanism->n_species; s++) {
            const char *sum = string_at(json_object_get(object, "rate_equations"), mechanism->species[s].name);
            const double value = value_of(sum, mechanism, k, y);
            if (!(fabs(value - derivative[s]) < 1e-11))
                fail_msg("%s: d[%s]/dt = %s is %.15g, not %.15g", mechanism->id, mechanism->species[s].name, sum, value,
                         derivative[s]);
        }
        json_decref(object);
        mech_free(description);
    }
}

static void latex_is_balanced_and_escaped(void **state) {
    (void)state;
    static const char text[] = "name: a_b&c\ntitle: 50 % of {this} \\ that ~ ^ $ and more\n"
                               "cat + S <=> cat_S*2' : k_1, kback\ncat_S*2' -> cat + P : off\n2 cat -> \xCE\xB2"
                               "12 : k3\n";
    mech_mechanism *user = NULL;
    assert_int_equal(mech_mechanism_parse(text, sizeof text - 1, "file", &user, NULL), MECH_OK);
    for (size_t m = 0; m <= mech_builtin_count(); m++) {
        char *description = describe(m ? mech_builtin(m - 1) : user, MECH_FORMAT_LATEX);
        int depth = 0;
        for (const char *c = description; *c; c++) {
            if (*c == '\\' && c[1]) {
                c++;
                continue;
            }
            depth += (*c == '{') - (*c == '}');
            assert_true(depth >= 0);
        }
        assert_int_equal(depth, 0);
        mech_free(description);
    }
    char *description = describe(user, MECH_FORMAT_LATEX);
    static const char *const parts[] = {"a\\_b\\&c", "50 \\% of \\{this\\} \\textbackslash{} that \\~{} \\^{} \\$ and",
                                        "\\mathrm{cat\\_S^{*}{}_{2}'}", "\xCE\xB2_{12}", "\\mathrm{off}"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (!strstr(description, parts[i])) fail_msg("no '%s' in:\n%s", parts[i], description);
    mech_free(description);
    mech_mechanism_free(user);
}

static void an_unknown_format_is_refused(void **state) {
    (void)state;
    char *description = NULL;
    mech_error error;
    assert_int_equal(mech_mechanism_describe(mech_builtin(0), (mech_format)7, &description, &error),
                     MECH_INVALID_ARGUMENT);
    assert_null(description);
    assert_string_equal(error.message, "there is no format 7; expected text, JSON or LaTeX");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equations_are_those_of_the_mechanism),
        cmocka_unit_test(json_says_what_the_table_says),
        cmocka_unit_test(printed_rate_equations_evaluate_to_the_derivative),
        cmocka_unit_test(latex_is_balanced_and_escaped),
        cmocka_unit_test(an_unknown_format_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
