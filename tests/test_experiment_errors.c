/* A table that cannot be used is refused in one line that says where and why; no bytes make the reader misbehave. */
#include "base/random.h"
#include "experiment/runs/experiment.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct bad_table {
    const char *text;
    size_t length;
    const char *message;
} bad_tables[] = {
    {TEXT(""), "f.csv:1: the file holds no table; expected a line of column headers"},
    {TEXT("\n\n"), "f.csv:3: the file holds no table; expected a line of column headers"},
    {TEXT("# only\n# comments\n"), "f.csv:3: the file holds no table; expected a line of column headers"},
    {TEXT("time,S,cat\n"), "f.csv:1: no rows follow the header; expected measured points"},
    {TEXT("time,S,cat\n,,\n"), "f.csv:1: no rows follow the header; expected measured points"},
    {TEXT("\x89PNG\r\n\x1A\n\0\0"), "f.csv: is a PNG picture; expected a table (CSV, TSV, XLSX or ODS)"},
    {TEXT("t,S,cat\n0,1,0.1\n1,\0,0.1\n"),
     "f.csv:3: holds the control character 0x00; expected a text table (CSV or TSV), not a binary file"},
    {TEXT("t,S,cat\n0,1,\x07\n"),
     "f.csv:2: holds the control character 0x07; expected a text table (CSV or TSV), not a binary file"},
    {TEXT("0,1,0.1\n1,0.5,0.1\n"), "f.csv:1: the table has no header; expected one, or the columns by number: "
                                   "--columns 'time=1,S=2,cat=3' or as it should be"},
    {TEXT("S,cat\n1,0.1\n"), "f.csv:1: there is no column for time; expected headers such as run, time, S, P, cat, or "
                             "a choice of columns (--columns time=HEADER,...); the headers are 'S', 'cat'"},
    {TEXT("time,cat\n0,0.1\n"),
     "f.csv:1: there is no column for the substrate or product; expected headers such as run, time, S, P, cat, or a "
     "choice of columns (--columns S=HEADER,...); the headers are 'time', 'cat'"},
    {TEXT("time,S\n0,1\n1,0.5\n"), "f.csv:2: there is no column for the catalyst; expected one, or the catalyst of "
                                   "each run (1): --cat0 '0.0025,...' or --cat0 '1 mol %,...'"},
    {TEXT("time,S,Substrate,cat\n0,1,1,0.1\n"),
     "f.csv:1: column 2 ('S') and column 3 ('Substrate') both look like S; expected --columns 'S=S' or 'S=Substrate'; "
     "the headers are 'time', 'S', 'Substrate', 'cat'"},
    {TEXT("time,S,cat,loading (mol%)\n0,1,1,0.1\n"),
     "f.csv:1: column 3 ('cat') and column 4 ('loading (mol%)') both look like cat; expected --columns 'cat=cat' or "
     "'cat=loading (mol%)'; the headers are 'time', 'S', 'cat', 'loading (mol%)'"},
    {TEXT("run,Time,S,cat,Time,S,cat\n1,0,1,0.1,0,1,0.1\n"),
     "f.csv:1: a table of blocks side by side has a column for run, 'run'; expected one or the other"},
    {TEXT("Time,S,cat,Time,S\n0,1,0.1,0,1\n1,0.5,,1,0.5\n"),
     "f.csv:2: 'cat' is blank throughout run 2; expected its catalyst, or --cat0"},
    {TEXT("Time,S,cat,S,cat,Time,S,cat\n0,1,1,1,1,0,1,1\n"),
     "f.csv:1: column 2 ('S') and column 4 ('S') both look like S; expected --columns 'S=2' or 'S=4'; the headers are "
     "'Time', 'S', 'cat', 'S', 'cat'"},
    {TEXT("T / K,S,cat\n300,1,0.1\n"),
     "f.csv:1: there is no column for time; expected headers such as run, time, S, P, cat, or a choice of columns "
     "(--columns time=HEADER,...); the headers are 'T / K', 'S', 'cat'"},
    {TEXT("t,S,cat\n0,1,0.1,7\n"), "f.csv:2: has 4 cells, but the header in line 1 has 3; expected as many"},
    {TEXT("t,S,cat\n0,5,0,6,0,1\n"), "f.csv:2: has 6 cells, but the header in line 1 has 3; expected as many (decimal "
                                     "commas need semicolons, tabs or quotes)"},
    {TEXT("t;S;cat\n0;1;0,1;5\n"), "f.csv:2: has 4 cells, but the header in line 1 has 3; expected as many"},
    {TEXT("t,S,cat\n0,\"1,0.1\n1,0.5,0.1\n"), "f.csv:2: a quote is not closed; expected another \""},
    {TEXT("t,S,cat\n0,\"1\"x,0.1\n"), "f.csv:2: text follows a closing quote; expected a separator"},
    {TEXT("t,S,cat\n0,one,0.1\n"), "f.csv:2: column 2 ('S'): 'one' is not a number; expected one like 0.25"},
    {TEXT("t,S,cat\n0,1.2.3,0.1\n"),
     "f.csv:2: column 2 ('S'): '1.2.3' is not a number in the way the others are written; expected one like 0.25"},
    {TEXT("t;S;cat\n0;1,5;0,1\n1;0.7;0,1\n"),
     "f.csv:3: column 2 ('S'): '0.7' is not a number in the way the others are written; expected one like 0,25"},
    {TEXT("t,S,cat\n0,1e999,0.1\n"), "f.csv:2: column 2 ('S'): '1e999' is not a number; expected one like 0.25"},
    {TEXT("t,S,cat\n0,inf,0.1\n"), "f.csv:2: column 2 ('S'): 'inf' is not a number; expected one like 0.25"},
    {TEXT("t,S,cat\n0,0x10,0.1\n"), "f.csv:2: column 2 ('S'): '0x10' is not a number; expected one like 0.25"},
    {TEXT("t,S,cat\n,1,0.1\n"), "f.csv:2: column 1 ('t') is blank; expected a time"},
    {TEXT("t,S,cat\n-1,1,0.1\n"), "f.csv:2: column 1 ('t'): the time -1 is negative; expected 0 or later"},
    {TEXT("t,S,cat\n0,1,0.1\n2,0.5,0.1\n1,0.4,0.1\n"),
     "f.csv:4: column 1 ('t'): the time 1 lies before 2 in the row above; expected ascending times (a new run begins "
     "at time 0, or name runs in a column 'run')"},
    {TEXT("t,S,cat\n0,1,0.1\n0,1,0.1\n"), "f.csv:2: run 1 has no point after time 0; expected at least one"},
    {TEXT("t,S,cat\n0,1,0.1\n1,0.5,0.2\n"), "f.csv:3: column 3 ('cat') changes from 0.1 to 0.2 within a run; expected "
                                            "one value for each run, or what is left of the first"},
    {TEXT("t,S,cat\n1,1,0.1\n2,0.5,0.2\n"),
     "f.csv:2: run 1 begins at time 1; expected its first row at time 0, a column S0, or [S]0 of each run: --s0 (and "
     "--p0 where it starts with product)"},
    {TEXT("t,S,cat,S0\n0,1,0.1,1\n1,0.5,0.1,2\n"),
     "f.csv:3: column 4 ('S0') changes from 1 to 2 within a run; expected one value for each run"},
    {TEXT("t,S,cat,P0\n0,1,0.1,0\n1,0.5,0.1,0.1\n"),
     "f.csv:3: column 4 ('P0') changes from 0 to 0.1 within a run; expected one value for each run"},
    {TEXT("t,S,cat\n0,1,0\n1,0.5,0\n"), "f.csv: no run has a catalyst; expected one that has"},
    {TEXT("t,S,cat\n0,1,-0.1\n1,0.5,-0.1\n"), "f.csv:2: column 3 ('cat') is -0.1; expected a positive number"},
    {TEXT("t,S,cat\n0,1,\n1,0.5,\n"),
     "f.csv:2: column 3 ('cat') is blank throughout run 1; expected its catalyst, or --cat0"},
    {TEXT("t,S,cat (mol%)\n0,1e-320,1e-300\n1,1e-321,1e-300\n"),
     "f.csv:2: the catalyst of run 1 is too small or too large"},
    {TEXT("t,S,cat\n5,1,0.1\n6,0.5,0.1\n"),
     "f.csv:2: run 1 begins at time 5; expected its first row at time 0, a column S0, or [S]0 of each run: --s0 (and "
     "--p0 where it starts with product)"},
    {TEXT("t,P,cat\n0,0,0.1\n1,0.5,0.1\n"),
     "f.csv:2: [S]0 of run 1 is not known, as the substrate was not measured; expected a column S0, [S]0 of each run "
     "(--s0), or a choice of the substrate's column (--columns S=HEADER)"},
    {TEXT("t,S,cat\n0,,0.1\n1,0.5,0.1\n"),
     "f.csv:2: column 2 ('S') is blank at time 0; expected [S]0 of run 1 there, in a column S0, or by --s0"},
    {TEXT("t,S,cat\n0,0,0.1\n1,0.5,0.1\n"), "f.csv:2: [S]0 of run 1 is 0; expected a positive concentration"},
    {TEXT("t,S,cat\n0,-1,0.1\n1,0.5,0.1\n"), "f.csv:2: [S]0 of run 1 is -1; expected a positive concentration"},
    {TEXT("t,S,cat\n0,1,0.1\n1,-0.2,0.1\n"),
     "f.csv:3: column 2 ('S'): the concentration -0.2 is negative; expected 0 or more (noise down to -0.05 is taken)"},
    {TEXT("t,S,P,cat\n0,1,0,0.1\n1,0.5,-0.1,0.1\n"),
     "f.csv:3: column 3 ('P'): the concentration -0.1 is negative; expected 0 or more (noise down to -0.05 is taken)"},
    {TEXT("t,S,cat\n0,1,0.1\n"), "f.csv:2: run 1 has no point after time 0; expected at least one"},
    {TEXT("run,t,S,P,cat\na,0,,,0.1\na,1,,,0.1\n"),
     "f.csv:2: run a holds neither substrate nor product; expected one of them"},
    {TEXT("run,t,S,P,cat\na,0,1,,0.1\na,1,,,0.1\n"), "f.csv:2: run a has no point after time 0; expected at least one"},
    {TEXT("t,S,cat,S0\n0,1,0.1,0\n"), "f.csv:2: column 4 ('S0') is 0; expected a positive number"},
    {TEXT("%PDF-1.7\n"), "f.csv: is a PDF document; expected a table (CSV, TSV, XLSX or ODS)"},
    {TEXT("PK\3\4 no directory follows"),
     "f.csv: is a broken workbook: its end is missing; was it copied or saved whole?"},
    {TEXT("run,\n,\nx,\n"), "f.csv:1: no row holds a time and a concentration; expected a line of headers (run, time, "
                            "S, P, cat) and rows of numbers"},
    {TEXT("\"S\", t\n"), "f.csv:1: no rows follow the header; expected measured points"},
    {TEXT("run,time,S,P,cat\n,0,1,0,0.1\na,1,0.5,0.5,0.1\n"),
     "f.csv:2: column 1 ('run') is blank; expected the name of the run"},
    {TEXT("run,time,S,cat\na,0,0.25 M,0.1\na,1,0.1 min,0.1\n"),
     "f.csv:3: column 3 ('S'): '0.1 min' is in min, a cell before it in M; expected one unit"},
    {TEXT("run,time,S,cat\na,0,1,0.1\na,1,2023-03-02,0.1\n"),
     "f.csv:3: column 3 ('S') holds dates or times of day; expected concentrations"},
    {TEXT("run,time,Xylene,NBS,Imide,product,Sulfide,Silver\na,0,1,1,0,0,0.1,0.2\na,1,0.5,0.5,0.5,0.5,0.1,0.2\n"
          "b,0,1,1,0,0,0.2,0.1\nb,1,0.4,0.4,0.6,0.6,0.2,0.1\n"),
     "f.csv:1: 'Xylene' or 'NBS' may be S, 'Sulfide' or 'Silver' may be cat: they do the same; expected a choice: "
     "--columns 'S=Xylene,cat=Sulfide' or 'S=NBS,cat=Silver'"},
    {TEXT("time,1 mol %,3 mol %\n0,1,1\n1,-0.9,0.5\n"), "f.csv:3: column 2 ('1 mol %'): the concentration -0.9 is "
                                                        "negative; expected 0 or more (noise down to -0.05 is taken)"},
};

static void bad_tables_are_refused_by_line(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bad_tables / sizeof *bad_tables; i++) {
        mech_experiment *e = (mech_experiment *)&e;
        mech_error error = {0};
        mech_status status = mech_experiment_parse(bad_tables[i].text, bad_tables[i].length, "f.csv", NULL, &e, &error);
        if (status != MECH_INVALID_INPUT) fail_msg("case %zu: status %d", i, (int)status);
        assert_null(e);
        assert_int_equal(error.status, MECH_INVALID_INPUT);
        if (strcmp(error.message, bad_tables[i].message) != 0)
            fail_msg("case %zu says\n  %s\ninstead of\n  %s", i, error.message, bad_tables[i].message);
    }
}

static const char sound[] = "run,time,S,P,cat\na,0,1,0,0.1\na,1,0.5,0.5,0.1\nb,0,1,0,0.2\nb,1,0.2,0.8,0.2\n";

static void bad_options_are_refused(void **state) {
    (void)state;
    static const double values[] = {1, -1, 1};
    static const struct {
        mech_experiment_options options;
        mech_status status;
        const char *message;
    } cases[] = {
        {{.columns = "S"},
         MECH_INVALID_ARGUMENT,
         "columns 'S': expected NAME=HEADER,... with NAME one of time, S, P, B, cat, active, run, S0, P0, B0, "
         "conversion, yield, species, value, standard, each once"},
        {{.columns = ""},
         MECH_INVALID_ARGUMENT,
         "columns '': expected NAME=HEADER,... with NAME one of time, S, P, B, cat, active, run, S0, P0, B0, "
         "conversion, yield, species, value, standard, each once"},
        {{.columns = "S=S,S=P"},
         MECH_INVALID_ARGUMENT,
         "columns 'S=S,S=P': expected NAME=HEADER,... with NAME one of time, S, P, B, cat, active, run, S0, P0, B0, "
         "conversion, yield, species, value, standard, each once"},
        {{.columns = "S=\"S"},
         MECH_INVALID_ARGUMENT,
         "columns 'S=\"S': expected NAME=HEADER,... with NAME one of time, S, P, B, cat, active, run, S0, P0, B0, "
         "conversion, yield, species, value, standard, each once"},
        {{.columns = "water=S"},
         MECH_INVALID_ARGUMENT,
         "columns 'water=S': expected NAME=HEADER,... with NAME one of time, S, P, B, cat, active, run, S0, P0, B0, "
         "conversion, yield, species, value, standard, each once"},
        {{.columns = "S=,cat=cat"},
         MECH_INVALID_ARGUMENT,
         "columns 'S=,cat=cat': expected NAME=HEADER,... with NAME one of time, S, P, B, cat, active, run, S0, P0, B0, "
         "conversion, yield, species, value, standard, each once"},
        {{.columns = "S=Silane"},
         MECH_INVALID_INPUT,
         "f.csv:1: there is no column 'Silane' for S; the headers are 'run', 'time', 'S', 'P', 'cat'"},
        {{.columns = "S=6"},
         MECH_INVALID_INPUT,
         "f.csv:1: there is no column '6' for S; the headers are 'run', 'time', 'S', 'P', 'cat'"},
        {{.n_p0 = 3, .p0 = values},
         MECH_INVALID_INPUT,
         "f.csv: --p0 ([P]0) has 3 values, but the file has 2 runs; expected one for each, or one for all"},
        {{.n_s0 = 3, .s0 = values},
         MECH_INVALID_INPUT,
         "f.csv: --s0 ([S]0) has 3 values, but the file has 2 runs; expected one for each, or one for all"},
        {{.loading_basis = "mine"}, MECH_INVALID_ARGUMENT, "loading basis 'mine': expected own or standard"},
        {{.runs = "c,d"}, MECH_INVALID_INPUT, "f.csv: there is no run 'c'; its runs are 'a', 'b'"},
        {{.unit = "time"},
         MECH_INVALID_ARGUMENT,
         "unit 'time': expected NAME=UNIT,... with NAME one of time, S, P, B, cat, active, run, S0, P0, B0, "
         "conversion, yield, species, value, standard, each once"},
        {{.n_s0 = 2, .s0 = values},
         MECH_INVALID_INPUT,
         "f.csv:4: [S]0 of run b is -1; expected a positive concentration"},
        {{.n_p0 = 2, .p0 = values}, MECH_INVALID_INPUT, "f.csv:4: [P]0 of run b is -1; expected 0 or more"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mech_experiment *e = NULL;
        mech_error error = {0};
        mech_experiment_options options = cases[i].options;
        options.size = sizeof options;
        mech_status status = mech_experiment_parse(TEXT(sound), "f.csv", &options, &e, &error);
        if (status != cases[i].status) fail_msg("case %zu: status %d", i, (int)status);
        if (strcmp(error.message, cases[i].message) != 0)
            fail_msg("case %zu says\n  %s\ninstead of\n  %s", i, error.message, cases[i].message);
    }
}

static void missing_and_unreadable_files_are_named(void **state) {
    (void)state;
    mech_experiment *e = NULL;
    mech_error error = {0};
    assert_int_equal(mech_experiment_read("no/such/file.csv", NULL, &e, &error), MECH_FILE_ERROR);
    assert_string_equal(error.message, "no/such/file.csv: cannot be opened: No such file or directory");
    assert_int_equal(mech_experiment_read(".", NULL, &e, &error), MECH_FILE_ERROR);
    assert_null(e);
    assert_int_equal(mech_experiment_read(".", NULL, &e, NULL), MECH_FILE_ERROR);
}

/* Tables beyond the limits, too long to write out. */
static void limits_hold(void **state) {
    (void)state;
    static const struct {
        const char *header, *piece;
        size_t n;
        const char *message;
    } cases[] = {
        {"t", ",S", 5000, "f.csv:1: more than 4096 cells in one line; expected a table of kinetic runs"},
        {"t,S,cat\n", "0,0,0\n0,0,1\n", 6000000, "f.csv:5592406: more than 16777216 cells; expected a smaller table"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t head = strlen(cases[i].header), piece = strlen(cases[i].piece);
        char *text = malloc(head + piece * cases[i].n + 1);
        assert_non_null(text);
        memcpy(text, cases[i].header, head);
        for (size_t j = 0; j < cases[i].n; j++) memcpy(text + head + j * piece, cases[i].piece, piece);
        mech_experiment *e = NULL;
        mech_error error = {0};
        assert_int_equal(mech_experiment_parse(text, head + piece * cases[i].n, "f.csv", NULL, &e, &error),
                         MECH_INVALID_INPUT);
        assert_string_equal(error.message, cases[i].message);
        free(text);
    }
}

static void a_thousand_runs_are_enough(void **state) {
    (void)state;
    char text[32768];
    int n = snprintf(text, sizeof text, "run,t,S,cat\n");
    for (int i = 0; i <= 1000; i++) n += snprintf(text + n, sizeof text - (size_t)n, "r%d,0,1,0.1\n", i);
    mech_experiment *e = NULL;
    mech_error error = {0};
    assert_int_equal(mech_experiment_parse(text, (size_t)n, "f.csv", NULL, &e, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "f.csv:1002: more than 1000 runs; expected fewer: is this the run column?");
}

/* What holds for every experiment that is read at all. */
static void assert_sound(const mech_experiment *e) {
    assert_true(mech_experiment_n_runs(e) >= 1);
    for (size_t i = 0; i < mech_experiment_n_runs(e); i++) {
        const mech_run *run = mech_experiment_run(e, i);
        assert_true(run->n_readings >= 1 && run->s0 > 0 && run->p0 >= 0 && run->cat0 >= 0);
        assert_true(run->substrate || run->product);
        assert_true(run->time[0] >= 0);
        for (size_t j = 1; j < run->n_readings; j++) assert_true(run->time[j] >= run->time[j - 1]);
        for (size_t j = 0; j < run->n_readings; j++) {
            if (run->substrate) assert_true(!isinf(run->substrate[j]));
            if (run->product) assert_true(!isinf(run->product[j]));
        }
    }
}

/* Bytes of sound tables are changed, removed, doubled and swapped three thousand times: each outcome is a sound
 * experiment or a refusal of one line that begins with the file's name. */
static void mutated_tables_are_read_or_refused(void **state) {
    (void)state;
    static const char wide[] =
        "Time\tS\tcatT\tTime\tS\tcatT\n0\t0,6\t0,01\t0\t\"0,3\"\t0,02\n1\t0,5\t0,01\t2\t0,2\t0,02\n";
    static const char bytes[] = ",;\t\n\r\"#%.0123456789eE+-SPt[] \0\xFF\xEF\xBB\xBF/()naN";
    random_stream r = mech_random_open(1, RANDOM_TEST, 7, 0);
    size_t read = 0, refused = 0;
    char text[256];
    for (size_t trial = 0; trial < 3000; trial++) {
        bool from_wide = mech_random_below(&r, 2);
        size_t length = from_wide ? sizeof wide - 1 : sizeof sound - 1;
        memcpy(text, from_wide ? wide : sound, length);
        for (uint32_t changes = 1 + mech_random_below(&r, 4); changes--;) {
            size_t at = mech_random_below(&r, (uint32_t)length);
            switch (mech_random_below(&r, 3)) {
            case 0:
                text[at] = bytes[mech_random_below(&r, sizeof bytes - 1)];
                break;
            case 1:
                memmove(text + at, text + at + 1, --length - at);
                break;
            default:
                memmove(text + at + 1, text + at, length++ - at);
            }
        }
        char *exact = malloc(length); /* so that a sanitizer sees a byte read too many */
        assert_non_null(exact);
        memcpy(exact, text, length);
        mech_experiment *e = NULL;
        mech_error error = {0};
        mech_status status = mech_experiment_parse(exact, length, "f.csv", NULL, &e, &error);
        free(exact);
        if (status == MECH_OK) {
            assert_sound(e);
            mech_experiment_free(e);
            read++;
        } else {
            assert_int_equal(status, MECH_INVALID_INPUT);
            assert_int_equal(strncmp(error.message, "f.csv:", 6), 0);
            assert_null(strpbrk(error.message, "\n\r"));
            refused++;
        }
    }
    assert_true(read > 100 && refused > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_tables_are_refused_by_line),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(missing_and_unreadable_files_are_named),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(a_thousand_runs_are_enough),
        cmocka_unit_test(mutated_tables_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
