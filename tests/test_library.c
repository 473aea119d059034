/* Libraries of mechanisms: labels lead to mechanisms, ids are unique, what is written is read back, and an id that a
 * built-in mechanism has means no more than any other. */
#include "base/files/file.h"
#include "chemistry/mechanism.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define CYCLE "cat + S <=> catS : k1, k-1\ncatS <=> cat + P : k2, k-2\n"

static mech_library *read_text(const char *text) {
    mech_library *library = NULL;
    mech_error error;
    assert_int_equal(mech_library_new(&library, &error), MECH_OK);
    if (mech_library_add_text(library, text, strlen(text), "text", &error) != MECH_OK) fail_msg("%s", error.message);
    return library;
}

static void the_built_in_mechanisms_are_read_back_as_themselves(void **state) {
    (void)state;
    mech_library *library = NULL;
    char *text = NULL;
    assert_int_equal(mech_library_new(&library, NULL), MECH_OK);
    assert_int_equal(mech_library_add_builtin(library, NULL), MECH_OK);
    assert_int_equal(mech_library_size(library), 20);
    assert_int_equal(mech_library_text(library, &text, NULL), MECH_OK);
    mech_library *again = read_text(text);
    assert_int_equal(mech_library_size(again), 20);
    for (size_t i = 0; i < 20; i++) assert_ptr_equal(mech_library_mechanism(again, i), mech_builtin(i));
    assert_null(mech_library_mechanism(again, 20));
    assert_int_equal(mech_library_find(again, "M6"), 5);
    assert_int_equal(mech_library_find(again, "m6"), -1);
    mech_free(text);
    mech_library_free(again);
    mech_library_free(library);
}

/* Each field of a mechanism, and one that the built-in ones do not use. */
static void what_is_written_is_read_back(void **state) {
    (void)state;
    static const char own[] =
        "mechanism: own\n"
        "title: everything that a file can say\n"
        "class: activation\n"
        "Ru2 <=> 2 Ru : k3, k-3\n"
        "Ru + A <=> RuA + L : k1, k-1\n"
        "RuA + B -> Ru + C + W : k2\n"
        "A -> C : kb\n"
        "Ru + I -> dead : k4\n"
        "substrate: A\nproduct: C\ncat0: Ru2\nprecatalyst: Ru2 (2)\n"
        "reactant: B (1.5)\nother: W\nadditive: L, I\nstart: L = 1, I = 0.005, B = 3\n"
        "drawn: I = 0.002 to 0.02, L = 0\n"
        "order: k1 k-1 k2 k3 k-3 kb k4\n"
        "shows: 2 Ru2 + Ru at conversion 0.3 within 0.05 to 0.875 and dead at conversion 0.5 below "
        "0.5, loading 0.02 or 0.1\n"
        "shows: largest RuA from conversion 0.1 to 0.9 above 0.01\n"
        "shows: smallest Ru until conversion 0.4 above 0.001\n"
        "shows: through kb until conversion 0.5 within 1 to 5\n";
    mech_library *library = read_text(own);
    const mech_mechanism *m = mech_library_mechanism(library, 0);
    char *text = NULL;
    mech_mechanism *again = NULL;
    mech_error error;
    assert_int_equal(mech_mechanism_text(m, &text, NULL), MECH_OK);
    if (mech_mechanism_parse(text, strlen(text), "text", &again, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_true(mech_mechanism_equal(m, again));
    assert_int_equal(mech_mechanism_class(again), MECH_CLASS_ACTIVATION);
    assert_int_equal(again->n_clauses, 4);
    assert_int_equal(again->clauses[1].n_loadings, 3); /* the usual ones */
    const int b = mech_mechanism_find_species(again, "B");
    assert_int_equal(mech_mechanism_role(again, (size_t)b), MECH_ROLE_REACTANT);
    assert_true(mech_mechanism_coefficient(again, (size_t)b) == 1.5);
    double start[MAX_SPECIES];
    mech_mechanism_start(again, 1, 0, 0.01, start);
    assert_true(start[b] == 2); /* 3 of B are enough for two turnovers of 1.5 */
    mech_free(text);
    mech_mechanism_free(again);
    mech_library_free(library);
}

static void an_own_mechanism_may_have_any_id(void **state) {
    (void)state;
    mech_library *library = read_text("mechanism: M6\ntitle: mine\n" CYCLE "mechanism: M1\ntitle: mine, too\n" CYCLE);
    assert_int_equal(mech_library_size(library), 2);
    const mech_mechanism *own = mech_library_mechanism(library, 0);
    assert_string_equal(mech_mechanism_title(own), "mine");
    assert_int_equal(mech_mechanism_class(own), MECH_CLASS_USER);
    assert_false(mech_is_builtin(own));
    assert_false(mech_is_builtin(mech_library_mechanism(library, 1)));
    mech_library_free(library);
}

static const struct {
    const char *text, *message;
} refused[] = {
    {"mechanism: a\n" CYCLE "\nmechanism: a\n" CYCLE,
     "text:5:1: the library has two mechanisms 'a'; expected each id once"},
    {"mechanism: a\n" CYCLE "mechanism: A\n" CYCLE,
     "text:4:1: the library has mechanisms 'a' and 'A'; expected ids that differ in more than capital letters"},
    {CYCLE "mechanism: a\n" CYCLE,
     "text:3:1: a mechanism begins behind lines of another; expected 'mechanism: ID' before them"},
    {"mechanism: a\n" CYCLE "mechanism: b\ncat + S <=> catS : k1\n",
     "text:5:22: the line ends; expected ',' and the rate constant of the way back"},
    {"", "text:1:1: there is no reaction; expected lines such as 'cat + S <=> catS : k1, k-1'"},
};

static void what_is_no_library_is_refused_with_its_place(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        mech_library *library = NULL;
        mech_error error = {.message = ""};
        assert_int_equal(mech_library_new(&library, NULL), MECH_OK);
        assert_int_equal(mech_library_add_text(library, refused[i].text, strlen(refused[i].text), "text", &error),
                         MECH_INVALID_INPUT);
        assert_string_equal(error.message, refused[i].message);
        mech_library_free(library);
    }
}

static void write_file(const char *path, const char *text) {
    assert_int_equal(mech_file_write(path, text, strlen(text), NULL), MECH_OK);
}

static void a_folder_is_read_in_the_order_of_its_names(void **state) {
    (void)state;
    mech_library *library = NULL;
    mech_error error = {.message = ""};
    assert_int_equal(mkdir("library_of_test", 0755), 0);
    assert_int_equal(mech_library_new(&library, NULL), MECH_OK);
    assert_int_equal(mech_library_add_path(library, "library_of_test", &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "library_of_test: the folder has no mechanism files; expected some '*.txt'");
    write_file("library_of_test/b.txt", "name: first\n" CYCLE);
    write_file("library_of_test/c.txt", "mechanism: second\n" CYCLE "mechanism: third\n" CYCLE);
    write_file("library_of_test/a.md", "no mechanism");
    assert_int_equal(mech_library_add_path(library, "library_of_test", &error), MECH_OK);
    assert_int_equal(mech_library_size(library), 3);
    assert_int_equal(mech_library_find(library, "first"), 0);
    assert_int_equal(mech_library_find(library, "third"), 2);
    assert_ptr_equal(mech_library_mechanisms(library)[1], mech_library_mechanism(library, 1));
    assert_int_equal(mech_library_add_path(library, "library_of_test/none.txt", &error), MECH_FILE_ERROR);
    unlink("library_of_test/a.md");
    unlink("library_of_test/b.txt");
    unlink("library_of_test/c.txt");
    rmdir("library_of_test");
    mech_library_free(library);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_mechanisms_are_read_back_as_themselves),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(an_own_mechanism_may_have_any_id),
        cmocka_unit_test(what_is_no_library_is_refused_with_its_place),
        cmocka_unit_test(a_folder_is_read_in_the_order_of_its_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
