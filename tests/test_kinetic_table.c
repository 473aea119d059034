/* However a table is laid out, the same measurements are read. */
#include "experiment/runs/experiment.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Two runs: time, S, P; catalyst 0.01 and 0.02. */
static const double times[2][3] = {{0, 1.5, 10}, {0, 2.25, 8}};
static const double substrates[2][3] = {{0.5, 0.4, 0.05}, {0.25, 0.2, 0.0125}};
static const double products[2][3] = {{0, 0.1, 0.45}, {0, 0.05, 0.2375}};
static const double catalysts[2] = {0.01, 0.02};

static mech_experiment *parse(const char *text, size_t length, const mech_experiment_options *options) {
    mech_experiment *e = NULL;
    mech_error error = {0};
    if (mech_experiment_parse(text, length, "table", options, &e, &error) != MECH_OK) fail_msg("%s", error.message);
    return e;
}

static void assert_same_runs(const mech_experiment *e, const char *species, const char *layout) {
    bool s = strchr(species, 'S') != NULL, p = strchr(species, 'P') != NULL;
    if (mech_experiment_n_runs(e) != 2) fail_msg("%s: %zu runs", layout, mech_experiment_n_runs(e));
    for (size_t i = 0; i < 2; i++) {
        const mech_run *run = mech_experiment_run(e, i);
        if (run->n_readings != 3) fail_msg("%s: run %zu has %zu points", layout, i, run->n_readings);
        if ((run->substrate != NULL) != s || (run->product != NULL) != p) fail_msg("%s: other species", layout);
        if (run->s0 != substrates[i][0] || run->p0 != 0 || fabs(run->cat0 - catalysts[i]) > 1e-15)
            fail_msg("%s: run %zu starts at %g, %g, %g", layout, i, run->s0, run->p0, run->cat0);
        for (size_t j = 0; j < 3; j++) {
            if (run->time[j] != times[i][j]) fail_msg("%s: run %zu, point %zu: time %g", layout, i, j, run->time[j]);
            if (s && run->substrate[j] != substrates[i][j])
                fail_msg("%s: run %zu, point %zu: S %g", layout, i, j, run->substrate[j]);
            if (p && run->product[j] != products[i][j])
                fail_msg("%s: run %zu, point %zu: P %g", layout, i, j, run->product[j]);
        }
    }
}

static const struct layout {
    const char *name, *species, *text;
} layouts[] = {
    {"long", "SP",
     "run,time,S,P,cat\na,0,0.5,0,0.01\na,1.5,0.4,0.1,0.01\na,10,0.05,0.45,0.01\n"
     "b,0,0.25,0,0.02\nb,2.25,0.2,0.05,0.02\nb,8,0.0125,0.2375,0.02\n"},
    {"runs interleaved", "SP",
     "run,time,S,P,cat\na,0,0.5,0,0.01\nb,0,0.25,0,0.02\na,1.5,0.4,0.1,0.01\nb,2.25,0.2,0.05,0.02\n"
     "a,10,0.05,0.45,0.01\nb,8,0.0125,0.2375,0.02\n"},
    {"columns in another order", "SP",
     "cat,P,S,time,run\n0.01,0,0.5,0,a\n0.01,0.1,0.4,1.5,a\n0.01,0.45,0.05,10,a\n"
     "0.02,0,0.25,0,b\n0.02,0.05,0.2,2.25,b\n0.02,0.2375,0.0125,8,b\n"},
    {"no run column", "SP",
     "time,S,P,cat\n0,0.5,0,0.01\n1.5,0.4,0.1,0.01\n10,0.05,0.45,0.01\n"
     "0,0.25,0,0.02\n2.25,0.2,0.05,0.02\n8,0.0125,0.2375,0.02\n"},
    {"blocks", "SP",
     "Time,S,P,catT,Time,S,P,catT\n0,0.5,0,0.01,0,0.25,0,0.02\n1.5,0.4,0.1,0.01,2.25,0.2,0.05,0.02\n"
     "10,0.05,0.45,0.01,8,0.0125,0.2375,0.02\n"},
    {"blocks, substrate only", "S",
     "Time,S,catT,Time,S,catT\n0,0.5,0.01,0,0.25,0.02\n1.5,0.4,0.01,2.25,0.2,0.02\n10,0.05,0.01,8,0.0125,0.02\n"},
    {"blocks with a blank column between, the shorter one padded", "S",
     "Time,S,catT,,Time,S,catT\n0,0.5,0.01,,0,0.25,0.02\n1.5,0.4,0.01,,2.25,0.2,0.02\n3,,0.01,,8,0.0125,0.02\n"
     "10,0.05,0.01,,,,\n"},
    {"blocks that begin with S", "S",
     "S,Time,cat,S,Time,cat\n0.5,0,0.01,0.25,0,0.02\n0.4,1.5,0.01,0.2,2.25,0.02\n0.05,10,0.01,0.0125,8,0.02\n"},
    {"product only with a column S0", "P",
     "run,time,P,cat,S0\na,0,0,0.01,0.5\na,1.5,0.1,0.01,\na,10,0.45,0.01,\n"
     "b,0,0,0.02,0.25\nb,2.25,0.05,0.02,0.25\nb,8,0.2375,0.02,0.25\n"},
    {"start from columns, no row at time 0", "SP",
     "run,time,S,P,cat,[S]0,[P]0\na,1.5,0.4,0.1,0.01,0.5,0\na,10,0.05,0.45,0.01,0.5,0\n"
     "b,2.25,0.2,0.05,0.02,0.25,0\nb,8,0.0125,0.2375,0.02,0.25,0\n"},
    {"catalyst in the first row only", "SP",
     "run,time,S,P,cat\na,0,0.5,0,0.01\na,1.5,0.4,0.1\na,10,0.05,0.45,\n"
     "b,0,0.25,0,0.02\nb,2.25,0.2,0.05\nb,8,0.0125,0.2375,\n"},
    {"loading in mol %", "SP",
     "run,time,S,P,loading (mol %)\na,0,0.5,0,2\na,1.5,0.4,0.1,2\na,10,0.05,0.45,2\n"
     "b,0,0.25,0,8\nb,2.25,0.2,0.05,8\nb,8,0.0125,0.2375,8\n"},
    {"loading in ppm", "SP",
     "run,time,S,P,cat / ppm\na,0,0.5,0,20000\na,1.5,0.4,0.1,20000\na,10,0.05,0.45,20000\n"
     "b,0,0.25,0,80000\nb,2.25,0.2,0.05,80000\nb,8,0.0125,0.2375,80000\n"},
    {"a point without S is dropped", "S",
     "run,time,S,cat\na,0,0.5,0.01\na,1,,0.01\na,1.5,0.4,0.01\na,10,0.05,0.01\n"
     "b,0,0.25,0.02\nb,2.25,0.2,0.02\nb,3,n/a,0.02\nb,8,0.0125,0.02\n"},
    {"other columns between", "SP",
     "run,time,S,water,P,comment,cat\na,0,0.5,3,0,first,0.01\na,1.5,0.4,3,0.1,,0.01\na,10,0.05,3,0.45,,0.01\n"
     "b,0,0.25,3,0,\"x, y\",0.02\nb,2.25,0.2,3,0.05,,0.02\nb,8,0.0125,3,0.2375,,0.02\n"},
};

static void layouts_read_alike(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        mech_experiment *e = parse(layouts[i].text, strlen(layouts[i].text), NULL);
        assert_same_runs(e, layouts[i].species, layouts[i].name);
        mech_experiment_free(e);
    }
}

enum { WITH_BOM = 1, WITH_COMMENTS = 2, WITH_QUOTES = 4, WITH_BLANK_LINES = 8, WITH_TRAILING = 16, VARIANTS = 32 };

/* Writes a layout of commas, points and LF anew with another separator, decimal mark and line end, and with what the
 * variant asks for. Cells that hold the separator are quoted in any case. */
static size_t rewrite(const char *text, char separator, char decimal, const char *line_end, int variant, char *to) {
    char *at = to;
    if (variant & WITH_BOM) at += sprintf(at, "\xEF\xBB\xBF");
    if (variant & WITH_COMMENTS)
        at += sprintf(at, "# a comment; with, all\tkinds of \"marks%s  %% another%s", line_end, line_end);
    bool quoted_in_source = false;
    while (*text) {
        char cell[64];
        size_t n = 0;
        for (; *text && (quoted_in_source || (*text != ',' && *text != '\n')); text++) {
            if (*text == '"')
                quoted_in_source = !quoted_in_source;
            else
                cell[n++] = *text == '.' ? decimal : *text;
        }
        cell[n] = '\0';
        bool quote = (variant & WITH_QUOTES) || strchr(cell, separator);
        at += sprintf(at, quote ? "\"%s\"" : "%s", cell);
        bool ends = *text != ',';
        if (*text) text++;
        if (!ends) {
            *at++ = separator;
            continue;
        }
        if (variant & WITH_TRAILING) {
            *at++ = separator;
            *at++ = separator;
        }
        at += sprintf(at, "%s", line_end);
        if (variant & WITH_BLANK_LINES) at += sprintf(at, "%s \t%s", line_end, line_end);
    }
    return (size_t)(at - to);
}

static void separators_marks_and_line_ends_read_alike(void **state) {
    (void)state;
    static const char separators[] = ",;\t", decimals[] = ".,";
    static const char *const line_ends[] = {"\n", "\r\n", "\r"};
    char text[8192], name[128];
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++)
        for (const char *s = separators; *s; s++)
            for (const char *d = decimals; *d; d++)
                for (size_t l = 0; l < 3; l++)
                    for (int variant = 0; variant < VARIANTS; variant++) {
                        size_t n = rewrite(layouts[i].text, *s, *d, line_ends[l], variant, text);
                        snprintf(name, sizeof name, "%s: separator %c, decimal %c, line end %zu, variant %d",
                                 layouts[i].name, *s, *d, l, variant);
                        mech_experiment *e = parse(text, n, NULL);
                        assert_same_runs(e, layouts[i].species, name);
                        mech_experiment_free(e);
                    }
}

/* Each header makes the column of a one-run table; the others keep plain names. */
static void headers_are_understood(void **state) {
    (void)state;
    static const char *const time_headers[] = {
        "t",   "time",  "Time",      "TIME / s", "Time (min)",         "t (hours)",
        "t/h", "t [s]", "Time in s", "Time_(s)", "reaction time / min"};
    static const char *const substrate_headers[] = {
        "S", "[S]", "s", "[S] / M", "S (mM)", "[S] (M)", "SM", "Substrate", "starting material", "Substrate / mM"};
    static const char *const catalyst_headers[] = {"cat",
                                                   "catT",
                                                   "cat0",
                                                   "[cat]0",
                                                   "Catalyst",
                                                   "[Catalyst]0",
                                                   "catalyst loading",
                                                   "Loading",
                                                   "cat (mol%)",
                                                   "loading / mol %",
                                                   "mol %",
                                                   "mol% cat",
                                                   "cat mol-%"};
    struct {
        const char *const *headers;
        size_t n;
        const char *pattern;
    } groups[] = {
        {time_headers, sizeof time_headers / sizeof *time_headers, "%s;S;cat\n0;1;2\n5;0.5;2\n"},
        {substrate_headers, sizeof substrate_headers / sizeof *substrate_headers, "t;%s;cat\n0;1;2\n5;0.5;2\n"},
        {catalyst_headers, sizeof catalyst_headers / sizeof *catalyst_headers, "t;S;%s\n0;1;2\n5;0.5;2\n"},
    };
    for (size_t g = 0; g < 3; g++)
        for (size_t i = 0; i < groups[g].n; i++) {
            char text[128];
            const char *header = groups[g].headers[i];
            char *to = text;
            for (const char *c = groups[g].pattern; *c; c++) {
                if (c[0] == '%' && c[1] == 's') {
                    to += sprintf(to, "%s", header);
                    c++;
                } else {
                    *to++ = *c;
                }
            }
            mech_experiment *e = parse(text, (size_t)(to - text), NULL);
            const mech_run *run = mech_experiment_run(e, 0);
            assert_int_equal(run->n_readings, 2);
            assert_true(run->time[1] == 5 && run->substrate[1] == 0.5);
            double cat0 = g == 2 && (strstr(header, "mol")) ? 0.02 : 2;
            if (fabs(run->cat0 - cat0) > 1e-12) fail_msg("%s: catalyst %g", header, run->cat0);
            mech_experiment_free(e);
        }
}

static void units_are_kept_as_written(void **state) {
    (void)state;
    static const char text[] = "Time / min,[S] (mM),cat (mol%)\n0,10,5\n1,9,5\n";
    mech_experiment *e = parse(text, sizeof text - 1, NULL);
    assert_string_equal(mech_experiment_time_unit(e), "min");
    assert_string_equal(mech_experiment_concentration_unit(e), "mM");
    assert_true(fabs(mech_experiment_run(e, 0)->cat0 - 0.5) < 1e-12);
    mech_experiment_free(e);
}

static void columns_can_be_chosen(void **state) {
    (void)state;
    static const char text[] = "Exp,clock,Silanol,Silane,Mn\nx,0,0,1,0.1\nx,3,0.4,0.6,0.1\n";
    static const char *const choices[] = {"time=clock,S=Silane,P=Silanol,cat=Mn", "time=2,S=4,P=3,cat=5",
                                          "run=Exp,time=\"clock\",s=silane,p=3,CAT=Mn"};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        mech_experiment *e =
            parse(text, sizeof text - 1,
                  &(mech_experiment_options){.size = sizeof(mech_experiment_options), .columns = choices[i]});
        const mech_run *run = mech_experiment_run(e, 0);
        assert_string_equal(run->name, "x");
        assert_true(run->time[1] == 3 && run->substrate[1] == 0.6 && run->product[1] == 0.4 && run->cat0 == 0.1);
        mech_experiment_free(e);
    }
}

static void given_starts_go_before_the_table(void **state) {
    (void)state;
    static const char text[] = "run,time,P,cat,P0\na,0,0,0.1,0.2\na,3,0.5,0.1,0.2\nb,1,0.3,0.1,\nb,2,0.6,0.1,\n";
    const double s0[] = {1, 2}, p0[] = {0.125, 0.25};
    const mech_experiment_options given = {.size = sizeof given, .n_s0 = 2, .s0 = s0, .n_p0 = 2, .p0 = p0};
    mech_experiment *e = parse(text, sizeof text - 1, &given);
    for (size_t i = 0; i < 2; i++) {
        assert_true(mech_experiment_run(e, i)->s0 == s0[i]);
        assert_true(mech_experiment_run(e, i)->p0 == p0[i]);
    }
    const mech_run *b = mech_experiment_run(e, 1);
    assert_int_equal(b->n_readings, 3);
    assert_true(b->time[0] == 0 && b->product[0] == 0.25 && b->time[1] == 1 && b->product[1] == 0.3);
    mech_experiment_free(e);
}

/* The sentences a reader gets, for tables that leave something open. */
static void assumptions_are_told(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *warnings[2];
    } cases[] = {
        {"t,S,cat\n0,1,0.1\n1,0.5,0.1\n",
         {"the product was not measured: [P] = [P]0 + [S]0 - [S] from the mass balance, with [P]0 = 0 assumed"}},
        {"t,S,cat,P0\n0,1,0.1,0.2\n1,0.5,0.1,0.2\n",
         {"the product was not measured: [P] = [P]0 + [S]0 - [S] from the mass balance, with [P]0 as given"}},
        {"t,P,cat,S0\n0,0,0.1,1\n1,0.5,0.1,1\n",
         {"the substrate was not measured: [S] = [S]0 + [P]0 - [P] from the mass balance, with [P]0 as given"}},
        {"t,S,P,cat\n0,1,,0.1\n1,0.5,0.5,0.1\n", {"the product at time 0 was not measured: [P]0 = 0 assumed"}},
        {"t,S,P,cat\n0,1,0,0.1\n1,0.5,,0.1\n2,,0.7,0.1\n3,0.2,0.8,0.1\n",
         {"run 1: 2 points with a blank cell were left out"}},
        {"run,t,S,P,cat\na,0,1,0,0.1\na,1,0.5,0.5,0.1\nb,0,1,,0.1\nb,1,0.5,,0.1\n",
         {"the product was not measured in 1 of 2 runs: [P] = [P]0 + [S]0 - [S] from the mass balance, with [P]0 = 0 "
          "assumed where it is not given"}},
        {"t,S,P,cat\n0,1,0,0.1\n1,0.5,0.5,0.1\n", {NULL}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mech_experiment *e = parse(cases[i].text, strlen(cases[i].text), NULL);
        size_t n = 0;
        while (n < 2 && cases[i].warnings[n]) n++;
        assert_int_equal(mech_experiment_n_warnings(e), n);
        for (size_t j = 0; j < n; j++) assert_string_equal(mech_experiment_warning(e, j), cases[i].warnings[j]);
        assert_null(mech_experiment_warning(e, n));
        mech_experiment_free(e);
    }
}

static void old_spreadsheets_and_quoted_names_are_read(void **state) {
    (void)state;
    static const char latin[] = "run;t;S;cat\nl\xF6sung;0;1;0.1\nl\xF6sung;1;0.5;0.1\n";
    static const char quoted[] = "sep=;\nrun;t;S;cat\n\"a \"\"b\"\"; c\nd\";0;1;0.1\n\"a \"\"b\"\"; c\nd\";1;0.5;0.1\n";
    mech_experiment *e = parse(latin, sizeof latin - 1, NULL);
    assert_string_equal(mech_experiment_run(e, 0)->name, "l\xC3\xB6sung");
    mech_experiment_free(e);
    e = parse(quoted, sizeof quoted - 1, NULL);
    assert_int_equal(mech_experiment_n_runs(e), 1);
    assert_string_equal(mech_experiment_run(e, 0)->name, "a \"b\"; c\nd");
    mech_experiment_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_read_alike),     cmocka_unit_test(separators_marks_and_line_ends_read_alike),
        cmocka_unit_test(headers_are_understood), cmocka_unit_test(units_are_kept_as_written),
        cmocka_unit_test(columns_can_be_chosen),  cmocka_unit_test(given_starts_go_before_the_table),
        cmocka_unit_test(assumptions_are_told),   cmocka_unit_test(old_spreadsheets_and_quoted_names_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
