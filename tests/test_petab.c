/* Fits as problems of PEtab: whoever simulates the model with the tables, of either version, finds the deviations of
 * the fit. */
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

enum { MOST_ROWS = 512, MOST_COLUMNS = 32, MOST_TIMES = 128 };

/* A table whose columns tabs part; row 0 is the header. */
typedef struct table {
    char *text;
    size_t n_rows, n_columns;
    const char *cells[MOST_ROWS][MOST_COLUMNS];
} table;

static const char *file_of(const mech_petab *petab, const char *path) {
    for (size_t i = 0; i < petab->n_files; i++)
        if (strcmp(petab->files[i].path, path) == 0) return petab->files[i].content;
    fail_msg("the problem has no file '%s'", path);
    return NULL;
}

static table *read_table(const mech_petab *petab, int version, const char *name) {
    char path[64];
    snprintf(path, sizeof path, "%s%s.tsv", version == 2 ? "v2/" : "", name);
    table *t = check(calloc(1, sizeof *t));
    t->text = check(strdup(file_of(petab, path)));
    for (char *line = t->text, *end; *line; line = end + 1) {
        size_t column = 0;
        end = strchr(line, '\n');
        assert_non_null(end);
        assert_true(t->n_rows < MOST_ROWS);
        *end = '\0';
        for (char *cell = line; cell; column++) {
            char *tab = strchr(cell, '\t');
            if (tab) *tab = '\0';
            assert_true(column < MOST_COLUMNS);
            t->cells[t->n_rows][column] = cell;
            cell = tab ? tab + 1 : NULL;
        }
        if (!t->n_rows) t->n_columns = column;
        assert_int_equal(column, t->n_columns);
        t->n_rows++;
    }
    return t;
}

static void free_table(table *t) {
    free(t->text);
    free(t);
}

static const char *cell(const table *t, size_t row, const char *column) {
    for (size_t c = 0; c < t->n_columns; c++)
        if (strcmp(t->cells[0][c], column) == 0) return t->cells[row][c];
    fail_msg("the table has no column '%s'", column);
    return NULL;
}

static double number(const char *text) {
    char *end = NULL;
    const double value = strtod(text, &end);
    if (end == text || *end) fail_msg("'%s' is no number", text);
    return value;
}

/* Nominal values, which have to lie within their bounds. */
static void set_parameters(sbml_reader *r, const table *parameters, int version) {
    for (size_t i = 1; i < parameters->n_rows; i++) {
        const double value = number(cell(parameters, i, "nominalValue"));
        const double low = number(cell(parameters, i, "lowerBound")), high = number(cell(parameters, i, "upperBound"));
        assert_true(low <= value && value <= high && low < high);
        assert_true(version == 2 || low > 0 || strcmp(cell(parameters, i, "parameterScale"), "lin") == 0);
        sbml_set(r, cell(parameters, i, "parameterId"), value);
    }
}

static double setting(sbml_reader *r, const char *word) {
    const symbol *s = sbml_find(r, word);
    return s ? s->value : number(word);
}

static void set_condition(sbml_reader *r, const table *conditions, int version, const char *id) {
    size_t found = 0;
    for (size_t i = 1; i < conditions->n_rows; i++) {
        if (strcmp(cell(conditions, i, "conditionId"), id) != 0) continue;
        found++;
        for (size_t c = 2; c < conditions->n_columns && version == 1; c++)
            sbml_condition(r, conditions->cells[0][c], setting(r, conditions->cells[i][c]));
        if (version == 2)
            sbml_condition(r, cell(conditions, i, "targetId"), setting(r, cell(conditions, i, "targetValue")));
    }
    assert_true(version == 1 ? found == 1 : found > 1);
}

static size_t find_row(const table *t, const char *column, const char *word) {
    for (size_t i = 1; i < t->n_rows; i++)
        if (strcmp(cell(t, i, column), word) == 0) return i;
    fail_msg("no row of '%s' is '%s'", column, word);
    return 0;
}

static int by_size(const void *a, const void *b) {
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* What PEtab says of a problem: the squared deviations in units of the noise, of all measurements. */
static double chi2_of(const mech_petab *petab, int version, size_t n_runs, size_t *n) {
    table *parameters = read_table(petab, version, "parameters"),
          *conditions = read_table(petab, version, "conditions"),
          *observables = read_table(petab, version, "observables"),
          *measurements = read_table(petab, version, "measurements"),
          *experiments = version == 2 ? read_table(petab, version, "experiments") : NULL;
    const char *run_column = version == 1 ? "simulationConditionId" : "experimentId";
    sbml_reader *r = check(calloc(1, sizeof *r));
    double chi2 = 0;
    *n = 0;
    for (size_t run = 1; run <= n_runs; run++) {
        char id[32];
        double times[MOST_TIMES], y[MOST_TIMES * 16];
        size_t n_times = 0;
        snprintf(id, sizeof id, "run%zu", run);
        sbml_open(r, file_of(petab, "model.xml"));
        set_parameters(r, parameters, version);
        set_condition(r, conditions, version,
                      experiments ? cell(experiments, find_row(experiments, "experimentId", id), "conditionId") : id);
        for (size_t i = 1; i < measurements->n_rows; i++)
            if (strcmp(cell(measurements, i, run_column), id) == 0) {
                assert_true(n_times < MOST_TIMES);
                times[n_times++] = number(cell(measurements, i, "time"));
            }
        qsort(times, n_times, sizeof *times, by_size);
        sbml_simulate(r, n_times, times, 1, y);
        for (size_t i = 1; i < measurements->n_rows; i++) {
            if (strcmp(cell(measurements, i, run_column), id) != 0) continue;
            const double time = number(cell(measurements, i, "time"));
            const double *at = bsearch(&time, times, n_times, sizeof *times, by_size);
            assert_non_null(at);
            for (size_t s = 0; s < r->n_species; s++) r->symbols[s].value = y[(size_t)(at - times) * r->n_species + s];
            const char *observable = cell(measurements, i, "observableId");
            const size_t row = find_row(observables, "observableId", observable);
            char reading[64];
            snprintf(reading, sizeof reading, "%s%s", version == 1 ? "noiseParameter1_" : "reading_", observable);
            if (measurements->n_columns > 4) sbml_set(r, reading, number(cell(measurements, i, "noiseParameters")));
            const double deviation = sbml_formula(r, cell(observables, row, "observableFormula")) -
                                     number(cell(measurements, i, "measurement"));
            const double noise = sbml_formula(r, cell(observables, row, "noiseFormula"));
            assert_string_equal(cell(observables, row, "noiseDistribution"), "normal");
            chi2 += deviation * deviation / (noise * noise);
            ++*n;
        }
        sbml_close(r);
    }
    free(r);
    free_table(parameters);
    free_table(conditions);
    free_table(observables);
    free_table(measurements);
    if (experiments) free_table(experiments);
    return chi2;
}

/* Fits a table by one mechanism and compares, for both versions; `wanted` is a parameter that has to be there, or NULL.
 */
static void compare(const char *text, const char *mechanism, const mech_fit_options *given, const char *wanted) {
    mech_error error;
    mech_experiment *experiment = NULL;
    mech_mechanism *composed = NULL;
    mech_fits *fits = NULL;
    mech_petab *petab = NULL;
    size_t n = 0;
    if (mech_compose(given->parts, mechanism, &composed, &error) != MECH_OK ||
        mech_experiment_parse(text, strlen(text), "table", NULL, &experiment, &error) != MECH_OK)
        fail_msg("%s", error.message);
    const mech_mechanism *const mechanisms[] = {composed};
    mech_fit_options options = *given;
    options.mechanisms = mechanisms;
    options.n_mechanisms = 1;
    options.fast = true;
    if (mech_fit_run_set(mech_experiment_runs(experiment), &options, NULL, &fits, &error) != MECH_OK ||
        mech_fits_petab(fits, 0, &petab, &error) != MECH_OK)
        fail_msg("%s", error.message);
    const double chi2 = fits->mechanisms[0].chi2;
    if (wanted && !strstr(file_of(petab, "parameters.tsv"), wanted)) fail_msg("nothing is called %s", wanted);
    for (int version = 1; version <= 2; version++) {
        const double found = chi2_of(petab, version, fits->n_runs, &n);
        assert_near(found / chi2, 1, 1e-3); /* fits are solved to 1e-5 */
        assert_int_equal(n, fits->n_readings);
    }
    mech_petab_free(petab);
    assert_int_equal(mech_fits_petab(fits, 1, &petab, &error), MECH_INVALID_ARGUMENT);
    assert_null(petab);
    mech_fits_free(fits);
    mech_experiment_free(experiment);
    mech_mechanism_free(composed);
}

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s cannot be read", path);
    char *text = check(calloc(1, 1 << 16));
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    return text;
}

static void petab_of_the_iron_data_has_the_deviations_of_the_fit(void **state) {
    (void)state;
    char *text = read_file(SOURCE_DIR "/examples/iron-cycloisomerization.csv");
    const mech_fit_options options = mech_fit_options_default();
    compare(text, "M6", &options, NULL);
    compare(text, "M10", &options, "start_amount_of_I"); /* an unknown amount of inhibitor */
    free(text);
}

static const char second[] = "run,t (min),S (mM),P (mM),B (mM),cat (mM)\n"
                             "a,0,100,0,120,5\na,1,80,19,101,5\na,2,62,37,83,5\na,4,36,62,58,5\na,8,12,86,34,5\n"
                             "a,14,3,95,25,5\n"
                             "b,0,60,40,120,5\nb,1,46,53,107,5\nb,2,35,63,97,5\nb,4,20,79,82,5\nb,8,7,92,69,5\n"
                             "c,0,100,0,120,10\nc,1,63,35,84,10\nc,2,38,60,60,10\nc,4,13,85,34,10\nc,8,2,96,24,10\n";

static void a_second_reactant_is_weighed(void **state) {
    (void)state;
    mech_fit_options options = mech_fit_options_default();
    mech_parts *parts = NULL;
    assert_int_equal(mech_parts_new(&parts, NULL), MECH_OK);
    assert_int_equal(mech_parts_set_coefficient(parts, 0.9, NULL), MECH_OK);
    options.parts = parts;
    compare(second, "B2+PI", &options, NULL);
    compare(second, "M9", &options, NULL); /* B stands by and falls as P is made */
    mech_parts_free(parts);
}

static void told_errors_are_numbers(void **state) {
    (void)state;
    mech_fit_options options = mech_fit_options_default();
    options.loading_error = options.start_error = options.clock_error = options.response_error = 0;
    options.noise = 0.01;
    options.gaussian = true;
    compare(second, "M1", &options, NULL);
}

/* Six runs of M1, one without catalyst: of the catalyst `dead` is dead, of what S becomes the share `seen` is P; one
 * run starts with product. */
static void write_runs(double dead, double seen, char *text, size_t room) {
    const mech_mechanism *m = mech_builtin_find("M1");
    static const double loadings[] = {0.02, 0.03, 0.05, 0.1, 0.05, 0}, products[] = {0, 0, 0, 0, 0.4, 0};
    const double k[] = {20, 1, 3, 0.01};
    enum { N = 13, SPECIES = 4 };
    size_t length = (size_t)snprintf(text, room, "run,t (min),S (M),P (M),[P]0 (M),cat (M)\n");
    assert_int_equal(mech_mechanism_n_species(m), SPECIES);
    for (size_t r = 0; r < 6; r++) {
        double start[SPECIES], times[N], y[N * SPECIES];
        for (size_t i = 0; i < N; i++) times[i] = 3 * (double)i;
        mech_mechanism_start(m, 1 - products[r], products[r], fmax(loadings[r] - dead, 0), start);
        const mech_problems problems = {.n_problems = 1, .k = k, .start = start, .times = times, .n_times = N};
        assert_int_equal(mech_simulate(m, NULL, &problems, y, NULL, NULL), MECH_OK);
        for (size_t i = 0; i < N; i++)
            length += (size_t)snprintf(text + length, room - length, "%zu,%g,%.4f,%.4f,%g,%g\n", r + 1, times[i],
                                       y[i * SPECIES], products[r] + seen * (y[i * SPECIES + 1] - products[r]),
                                       products[r], loadings[r]);
        assert_true(length < room);
    }
}

static void dead_catalyst_and_selectivity_are_there(void **state) {
    (void)state;
    const mech_fit_options options = mech_fit_options_default();
    char text[8192];
    write_runs(0.005, 1, text, sizeof text);
    compare(text, "M1", &options, "dead_catalyst");
    write_runs(0, 0.8, text, sizeof text);
    compare(text, "M1", &options, "selectivity");
}

static const char active[] = "run,time (s),S (M),active (M),cat (M),I (M)\n"
                             "a,0,1,0.05,0.05,0.02\na,10,0.85,0.046,0.05,0.02\na,20,0.72,0.042,0.05,0.02\n"
                             "a,40,0.53,0.036,0.05,0.02\na,80,0.31,0.027,0.05,0.02\n"
                             "b,0,1,0.1,0.1,0.02\nb,10,0.72,0.094,0.1,0.02\nb,20,0.52,0.088,0.1,0.02\n"
                             "b,40,0.29,0.081,0.1,0.02\nb,80,0.1,0.073,0.1,0.02\n";

static void active_catalyst_and_additives_are_there(void **state) {
    (void)state;
    const mech_fit_options options = mech_fit_options_default();
    compare(active, "M10", &options, NULL);
    compare(active, "M13", &options, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(petab_of_the_iron_data_has_the_deviations_of_the_fit),
        cmocka_unit_test(a_second_reactant_is_weighed),
        cmocka_unit_test(told_errors_are_numbers),
        cmocka_unit_test(dead_catalyst_and_selectivity_are_there),
        cmocka_unit_test(active_catalyst_and_additives_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
