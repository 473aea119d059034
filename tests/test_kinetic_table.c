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
    mech_experiment_options own = options ? *options : mech_experiment_options_default();
    own.size = sizeof own;
    if (mech_experiment_parse(text, length, "table", &own, &e, &error) != MECH_OK) fail_msg("%s", error.message);
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
    {"lines above the header, a row of units, remarks behind rows", "SP",
     "Kinetics of the cyclisation,25 \xC2\xB0"
     "C,,\nrun,time,S,P,cat\n,min,M,M,M\na,0,0.5,0,0.01\na,1.5,0.4,0.1,0.01,stirrer "
     "stopped\na,10,0.05,0.45,0.01\nb,0,0.25,0,0.02\nb,2.25,0.2,0.05,0.02\nb,8,0.0125,0.2375,0.02\n"},
    {"runs above the headers of their blocks", "SP",
     "a,a,a,a,b,b,b,b\nt,S,P,cat,t,S,P,cat\n0,0.5,0,0.01,0,0.25,0,0.02\n1.5,0.4,0.1,,2.25,0.2,0.05,\n"
     "10,0.05,0.45,,8,0.0125,0.2375,\n"},
    {"merged cells over one time and two runs", "S",
     ",run a,,run b,\ntime,S,cat,S,cat\n0,0.5,0.01,0.25,0.02\n1.5,0.4,,,\n2.25,,,0.2,\n8,,,0.0125,\n10,0.05,,,\n"},
    {"runs in headers", "S",
     "time,S (run a),cat (run a),S (run b),cat (run b)\n0,0.5,0.01,0.25,0.02\n1.5,0.4,,,\n2.25,,,0.2,\n8,,,0.0125,\n"
     "10,0.05,,,\n"},
    {"tables below each other", "SP",
     "a\ntime,S,P,cat\n0,0.5,0,0.01\n1.5,0.4,0.1,0.01\n10,0.05,0.45,0.01\nb\ntime,S,P,cat\n0,0.25,0,0.02\n"
     "2.25,0.2,0.05,0.02\n8,0.0125,0.2375,0.02\n"},
    {"species in a column", "SP",
     "run,time,species,value,cat\na,0,S,0.5,0.01\na,0,P,0,0.01\na,1.5,S,0.4,0.01\na,1.5,P,0.1,0.01\na,10,P,0.45,0.01\n"
     "a,10,S,0.05,0.01\nb,0,S,0.25,0.02\nb,0,P,0,0.02\nb,2.25,S,0.2,0.02\nb,2.25,P,0.05,0.02\nb,8,S,0.0125,0.02\n"
     "b,8,P,0.2375,0.02\n"},
    {"names that only the numbers explain", "SP",
     "which,clock,ArBr,Ar-Ar,Pd\na,0,0.5,0,0.01\na,1.5,0.4,0.1,0.01\na,10,0.05,0.45,0.01\nb,0,0.25,0,0.02\n"
     "b,2.25,0.2,0.05,0.02\nb,8,0.0125,0.2375,0.02\n"},
    {"catalyst in another unit", "SP",
     "run,time,S / M,P / M,cat / mM\na,0,0.5,0,10\na,1.5,0.4,0.1,10\na,10,0.05,0.45,10\nb,0,0.25,0,20\n"
     "b,2.25,0.2,0.05,20\nb,8,0.0125,0.2375,20\n"},
    {"loading in the title of each run", "SP",
     "a: 2 mol%\ntime,S,P\n0,0.5,0\n1.5,0.4,0.1\n10,0.05,0.45\nb: 8 mol%\ntime,S,P\n0,0.25,0\n2.25,0.2,0.05\n"
     "8,0.0125,0.2375\n"},
    {"on its side", "SP",
     "run,a,a,a,b,b,b\ntime,0,1.5,10,0,2.25,8\nS,0.5,0.4,0.05,0.25,0.2,0.0125\nP,0,0.1,0.45,0,0.05,0.2375\n"
     "cat,0.01,0.01,0.01,0.02,0.02,0.02\n"},
    {"rows out of order", "SP",
     "run,time,S,P,cat\na,0,0.5,0,0.01\na,10,0.05,0.45,0.01\na,1.5,0.4,0.1,0.01\nb,8,0.0125,0.2375,0.02\n"
     "b,0,0.25,0,0.02\nb,2.25,0.2,0.05,0.02\n"},
    {"the name of a run in its first row only", "SP",
     "run,time,S,P,cat\na,0,0.5,0,0.01\n,1.5,0.4,0.1,0.01\n,10,0.05,0.45,0.01\nb,0,0.25,0,0.02\n,2.25,0.2,0.05,0.02\n"
     ",8,0.0125,0.2375,0.02\n"},
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
    char text[8192], name[192];
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
        {time_headers, sizeof time_headers / sizeof *time_headers, "%s;S;cat\n0;1;0.2\n5;0.5;0.2\n"},
        {substrate_headers, sizeof substrate_headers / sizeof *substrate_headers, "t;%s;cat\n0;1;0.2\n5;0.5;0.2\n"},
        {catalyst_headers, sizeof catalyst_headers / sizeof *catalyst_headers, "t;S;%s\n0;1;0.2\n5;0.5;0.2\n"},
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
            double cat0 = g == 2 && (strstr(header, "mol")) ? 0.002 : 0.2;
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
    /* What was not measured is no reading. */
    assert_int_equal(b->n_readings, 2);
    assert_true(b->time[0] == 1 && b->product[0] == 0.3);
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
         {"2 readings after time 0 lack one of the measured species"}},
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

/* One cell of a table of two runs is put in other words; S, P and time of the second reading stay what they are. */
static void cells_are_understood(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double time, s, p, s0, cat0;
    } cases[] = {
        {"t / min,S / M,P / M,cat\n0,1,0,.1\n1.5 min,0.25 M,750 mM,.1\n", 1.5, 0.25, 0.75, 1, 0.1},
        {"t / h,S / M,cat / M\n0,1,.1\n90 min,0.25,.1\n", 1.5, 0.25, NAN, 1, 0.1},
        {"time,S,cat\n00:00:00,1,.1\n01:30:00,0.25,.1\n", 90, 0.25, NAN, 1, 0.1},
        {"time (mm:ss),S,cat\n00:00,1,.1\n90:30,0.25,.1\n", 90.5, 0.25, NAN, 1, 0.1},
        {"time / min,S,cat\n0:00,1,.1\n1:30,0.25,.1\n", 1.5, 0.25, NAN, 1, 0.1},
        {"timestamp,S,cat\n2023-05-01 23:30,1,.1\n2023-05-02T00:15:00,0.25,.1\n", 45, 0.25, NAN, 1, 0.1},
        {"timestamp;S;cat\n01.05.2023 23:30;1;0,1\n02.05.2023 00:15;0,25;0,1\n", 45, 0.25, NAN, 1, 0.1},
        {"t;S;cat\n0;1.000,5;0,1\n1;0,25;0,1\n", 1, 0.25, NAN, 1000.5, 0.1},
        {"t;S;cat\n0;1 000,5;0,1\n1;0,25;0,1\n", 1, 0.25, NAN, 1000.5, 0.1},
        {"t,S,cat\n0,2.5,.1\n\"1,600\",0.25,.1\n", 1600, 0.25, NAN, 2.5, 0.1},
        {"t\tS\tcat\n0\t1\t.1\n1.5\t0.25 \xC2\xB1 0.01\t.1\n", 1.5, 0.25, NAN, 1, 0.1},
        {"t,S,P,cat\n0,1,\xE2\x88\x92"
         "0.001,.1\n1,0.25,0.75,.1\n",
         1, 0.25, 0.75, 1, 0.1},
        {"t,S,P,cat\n0,1,0,.1\n1,0.25,<LOD,.1\n2,.1,.9,.1\n", 1, 0.25, NAN, 1, 0.1},
        {"t,S,P,cat\n0,1,0,.1\n1,0.25,<0.8,.1\n2,.1,.9,.1\n", 1, 0.25, NAN, 1, 0.1},
        {"t,S,P,cat\n0,1,0,.1\n1,0.25,#DIV/0!,.1\n2,.1,.9,.1\n", 1, 0.25, NAN, 1, 0.1},
        {"t,conversion / %,S0,cat\n0,0,2,.1\n1,75,2,.1\n", 1, 0.5, NAN, 2, 0.1},
        {"t,conv,S0,cat\n0,0,2,.1\n1,0.75,2,.1\n", 1, 0.5, NAN, 2, 0.1},
        {"t,NMR yield (%),S0,cat\n0,0,2,.1\n1,75,2,.1\n", 1, NAN, 1.5, 2, 0.1},
        {"t,S / %,P / %,S0 / M,cat / M\n0,100,0,2,.1\n1,25,75,2,.1\n", 1, 0.5, 1.5, 2, 0.1},
        {"t,\"S, mol/L\",\"cat, mmol/L\"\n0,1,100\n1,0.25,100\n", 1, 0.25, NAN, 1, 0.1},
        {"t,S in mol/L,cat in mmol L-1\n0,1,100\n1,0.25,100\n", 1, 0.25, NAN, 1, 0.1},
        {"time_h,S_mM,cat_\xC2\xB5M\n0,1,100\n1,0.25,100\n", 1, 0.25, NAN, 1, 0.1},
        {"t / min  S / M  cat / M\n0 1 0.1\n1 0.25 0.1\n", 1, 0.25, NAN, 1, 0.1},
        {"t S cat\n0 1,0 0,1\n1 0,25 0,1\n", 1, 0.25, NAN, 1, 0.1},
        {"time / s,S,cat,time / min,S,cat\n0,1,.1,0,1,.1\n30,.25,.1,2,.1,.1\n", 30, 0.25, NAN, 1, 0.1},
        {"t,S,cat,Internal Std.\n0,1,5 mol%,3\n1,0.25,5 mol%,3\n", 1, 0.25, NAN, 1, 0.05},
        {"# Time\tS\tcat\n0\t1\t.1\n1\t0.25\t.1\n", 1, 0.25, NAN, 1, 0.1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mech_experiment *e = parse(cases[i].text, strlen(cases[i].text), NULL);
        const mech_run *run = mech_experiment_run(e, 0);
        const double s = run->substrate ? run->substrate[1] : NAN, p = run->product ? run->product[1] : NAN;
        const bool right = fabs(run->time[1] - cases[i].time) < 1e-9 && fabs(run->s0 - cases[i].s0) < 1e-12 &&
                           fabs(run->cat0 - cases[i].cat0) < 1e-12 &&
                           (isnan(cases[i].s) ? isnan(s) : fabs(s - cases[i].s) < 1e-12) &&
                           (isnan(cases[i].p) ? isnan(p) : fabs(p - cases[i].p) < 1e-12);
        if (!right)
            fail_msg("case %zu: time %g, S %g, P %g, [S]0 %g, catalyst %g", i, run->time[1], s, p, run->s0, run->cat0);
        mech_experiment_free(e);
    }
}

/* UTF-16 of both orders, with and without a mark, is the same text. */
static void utf16_is_read(void **state) {
    (void)state;
    static const char ascii[] = "run,time,S,P,cat\na,0,0.5,0,0.01\na,1.5,0.4,0.1,0.01\na,10,0.05,0.45,0.01\n"
                                "b,0,0.25,0,0.02\nb,2.25,0.2,0.05,0.02\nb,8,0.0125,0.2375,0.02\n";
    char wide[2 * sizeof ascii + 2];
    for (int variant = 0; variant < 4; variant++) {
        const bool big = variant & 1, marked = variant & 2;
        size_t n = 0;
        if (marked) {
            wide[n++] = (char)(big ? 0xFE : 0xFF);
            wide[n++] = (char)(big ? 0xFF : 0xFE);
        }
        for (const char *c = ascii; *c; c++) {
            wide[n++] = big ? 0 : *c;
            wide[n++] = big ? *c : 0;
        }
        mech_experiment *e = parse(wide, n, NULL);
        assert_same_runs(e, "SP", "UTF-16");
        mech_experiment_free(e);
    }
}

/* A catalyst that falls behind its first value is active catalyst; a second reactant is B. */
static void further_species_end_in_the_runs(void **state) {
    (void)state;
    static const char text[] = "run,time,Silane,Silanol,water,cat,ligand\na,0,1,0,3,0.1,0.2\na,1,0.5,0.5,2.5,0.08,0.2\n"
                               "a,2,0.2,0.8,2.2,0.09,0.2\nb,0,1,0,3,0.1,0.4\nb,1,0.6,0.4,2.6,0.08,0.4\n";
    mech_experiment *e = parse(text, sizeof text - 1, NULL);
    const mech_run *run = mech_experiment_run(e, 0);
    assert_true(run->cat0 == 0.1 && run->active && run->active[0] == 0.1 && run->active[1] == 0.08);
    assert_int_equal(run->n_reactants, 2);
    assert_string_equal(run->reactants[0].species, "B");
    assert_true(run->reactants[0].start == 3 && run->reactants[0].concentration[2] == 2.2);
    assert_string_equal(run->reactants[1].species, "ligand");
    assert_true(run->reactants[1].start == 0.2);
    assert_string_equal(mech_experiment_account(e, 1)->kind, "different excess");
    mech_experiment_free(e);
    /* [B]0 alone can be told. */
    static const char plain[] = "run,t,S,cat\na,0,1,.1\na,1,.5,.1\nb,0,1,.1\nb,1,.4,.1\n";
    const double b0[] = {2, 4};
    e = parse(plain, sizeof plain - 1, &(mech_experiment_options){.n_b0 = 2, .b0 = b0});
    assert_true(mech_experiment_run(e, 1)->n_reactants == 1 && mech_experiment_run(e, 1)->reactants[0].start == 4);
    mech_experiment_free(e);
}

/* Blanks, runs that were not asked for and surplus ones do not come into run sets. */
static void run_sets_hold_what_can_be_used(void **state) {
    (void)state;
    static const char text[] =
        "run,t,S,P,cat\na,0,1,0,.1\na,1,.5,.5,.1\nb,0,1,0,0\nb,1,.99,.01,0\nc,0,1,0,.2\nc,1,.2,.8,.2\n";
    mech_experiment *e = parse(text, sizeof text - 1, NULL);
    assert_int_equal(mech_experiment_n_runs(e), 3);
    assert_int_equal(mech_run_set_n_runs(mech_experiment_runs(e)), 2);
    assert_string_equal(mech_experiment_account(e, 1)->kind, "blank");
    assert_false(mech_experiment_account(e, 1)->used);
    mech_experiment_free(e);
    e = parse(text, sizeof text - 1, &(mech_experiment_options){.runs = "c"});
    assert_int_equal(mech_run_set_n_runs(mech_experiment_runs(e)), 1);
    assert_string_equal(mech_run_set_run(mech_experiment_runs(e), 0)->name, "c");
    mech_experiment_free(e);
    char many[8192];
    int n = snprintf(many, sizeof many, "run,t,S,cat\n");
    for (int i = 0; i < 20; i++)
        n += snprintf(many + n, sizeof many - (size_t)n, "r%d,0,1,%g\nr%d,1,.5,%g\n", i, 0.01 * (1 + i / 2), i,
                      0.01 * (1 + i / 2));
    e = parse(many, (size_t)n, NULL);
    assert_int_equal(mech_experiment_n_runs(e), 20);
    assert_int_equal(mech_run_set_n_runs(mech_experiment_runs(e)), MECH_MOST_RUNS);
    /* Each of the ten loadings is still there. */
    for (int k = 1; k <= 10; k++) {
        bool found = false;
        for (size_t i = 0; i < MECH_MOST_RUNS; i++)
            found |= fabs(mech_run_set_run(mech_experiment_runs(e), i)->cat0 - 0.01 * k) < 1e-9;
        assert_true(found);
    }
    mech_experiment_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_read_alike),
        cmocka_unit_test(separators_marks_and_line_ends_read_alike),
        cmocka_unit_test(headers_are_understood),
        cmocka_unit_test(units_are_kept_as_written),
        cmocka_unit_test(columns_can_be_chosen),
        cmocka_unit_test(given_starts_go_before_the_table),
        cmocka_unit_test(cells_are_understood),
        cmocka_unit_test(utf16_is_read),
        cmocka_unit_test(further_species_end_in_the_runs),
        cmocka_unit_test(run_sets_hold_what_can_be_used),
        cmocka_unit_test(assumptions_are_told),
        cmocka_unit_test(old_spreadsheets_and_quoted_names_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
