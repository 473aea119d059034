#include "experiment/runs/experiment.h"

#include "base/files/file.h"
#include "base/interface.h"
#include "experiment/reading/roles.h"
#include "experiment/reading/rows.h"
#include "experiment/templates/templates.h"
#include "experiment/words/choice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One file's bytes, before they are understood. */
typedef struct table_bytes {
    const char *bytes, *name;
    size_t length;
    char **owned; /* bytes that may be taken over; NULL: they belong to the caller */
} table_bytes;

/* Headers, where nothing but they are asked for. */
typedef struct header_list {
    size_t n;
    char **texts;
} header_list;

void mech_experiment_options_init(mech_experiment_options *options, size_t size) {
    const mech_experiment_options defaults = {.size = 0};
    mech_give_options(options, size, &defaults, sizeof defaults);
}

/* The names of files without folders, endings and what all of them begin with up to a mark, for the runs that they
 * hold. */
static void name_files(const workbook *books, size_t n, char (*names)[MAX_LABEL]) {
    size_t shared = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        const char *path = books[i].sheets[0].source, *slash = strrchr(path, '/');
        snprintf(names[i], MAX_LABEL, "%.60s", slash ? slash + 1 : path);
        char *dot = strrchr(names[i], '.');
        if (dot && dot > names[i]) *dot = '\0';
        size_t alike = 0;
        while (names[0][alike] && names[0][alike] == names[i][alike]) alike++;
        if (i && alike < shared) shared = alike;
    }
    if (n < 2) return;
    while (shared && !strchr("-_ .", names[0][shared - 1])) shared--;
    for (size_t i = 0; shared && i < n; i++)
        if (names[i][shared]) memmove(names[i], names[i] + shared, strlen(names[i] + shared) + 1);
}

/* Finds the tables of the books. */
static mech_status find_tables(workbook *books, size_t n_books, const column_choice *choice, table_layout *l,
                               notes *list, mech_error *error) {
    char(*names)[MAX_LABEL] = calloc(n_books, sizeof *names);
    if (!names) return mech_fail_memory(error);
    name_files(books, n_books, names);
    mech_status status = MECH_OK;
    for (size_t i = 0; i < n_books && status == MECH_OK; i++)
        for (size_t k = 0; k < books[i].n_sheets && status == MECH_OK; k++) {
            if (!mech_is_on_its_side(&books[i].sheets[k])) continue;
            mech_note(list, "the table lies on its side: its rows were read as columns");
            status = mech_sheet_turn(&books[i].sheets[k], error);
        }
    for (size_t i = 0; i < n_books && status == MECH_OK; i++)
        status = mech_find_tables(&books[i], i, n_books > 1 ? names[i] : NULL, choice, l, list, error);
    /* A file may say in its name what nothing in it does: "run 3 mol%.csv". */
    for (size_t k = 0; k < l->n_blocks && status == MECH_OK; k++)
        if (isnan(l->blocks[k].loading.value))
            l->blocks[k].loading = mech_loading_in_text(names[l->blocks[k].file], false);
    free(names);
    return status;
}

/* Finds tables, roles and runs in the books. */
static mech_status understand(workbook *books, size_t n_books, const mech_experiment_options *options,
                              mech_experiment *e, mech_error *error) {
    table_layout l = {0};
    table_numbers n = {0};
    column_choice choice;
    mech_status status = mech_read_choice(options->columns, "columns", &choice, error);
    if (status == MECH_OK) status = find_tables(books, n_books, &choice, &l, &e->warnings, error);
    if (status == MECH_OK) status = mech_apply_choice(&l, &choice, error);
    if (status == MECH_OK) status = mech_read_series(&l, e->memory, &n, error);
    if (status == MECH_OK) status = mech_find_axes(&l, &n, &e->warnings, error);
    if (status == MECH_OK) status = mech_find_runs(&n, mech_find_loading(&l), &e->warnings, error);
    if (status == MECH_OK) status = mech_follow_courses(&n, error);
    if (status == MECH_OK) status = mech_find_roles(&l, &n, &e->warnings, error);
    if (status == MECH_OK) status = mech_take_signals(&l, &n, options, &e->warnings, error);
    if (status == MECH_OK) status = mech_build_runs(&l, &n, options, e, error);
    if (status == MECH_OK) status = mech_account_for_runs(e, error);
    mech_numbers_free(&n);
    mech_layout_free(&l);
    return status;
}

/* The headers of the books' tables, whatever they mean: pointers and texts in one piece of memory. */
static mech_status list_headers(workbook *books, size_t n_books, const mech_experiment_options *options, notes *list,
                                header_list *headers, mech_error *error) {
    table_layout l = {0};
    column_choice choice;
    mech_status status = mech_read_choice(options->columns, "columns", &choice, error);
    if (status == MECH_OK) status = find_tables(books, n_books, &choice, &l, list, error);
    if (status == MECH_OK) {
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
        headers->texts = malloc((l.n_variables + 1) * (sizeof *headers->texts + MAX_LABEL));
        if (!headers->texts) status = mech_fail_memory(error);
    }
    for (size_t v = 0; v < l.n_variables && status == MECH_OK; v++) {
        char *text = (char *)(headers->texts + l.n_variables + 1) + v * MAX_LABEL;
        memcpy(text, l.variables[v].label, MAX_LABEL);
        if (*text) headers->texts[headers->n++] = text;
    }
    mech_layout_free(&l);
    return status;
}

static mech_status check_options(const mech_experiment_options *options, mech_error *error) {
    const char *basis = options->loading_basis;
    if (basis && strcmp(basis, "own") != 0 && strcmp(basis, "standard") != 0)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "loading basis '%.40s': expected own or standard", basis);
    return MECH_OK;
}

/* Understands the tables, or lists their headers where `headers` is not NULL; *experiment stays NULL then. */
static mech_status parse_tables(const table_bytes *tables, size_t n, const mech_experiment_options *options,
                                const char *saved_beside, header_list *headers, mech_experiment **experiment,
                                mech_error *error) {
    mech_experiment_options merged = mech_experiment_options_default();
    saved_reading *saved = NULL;
    *experiment = NULL;
    mech_status status = mech_take_options(&merged, sizeof merged, options, "mech_experiment_options", error);
    if (status == MECH_OK) status = check_options(&merged, error);
    if (status != MECH_OK) return status;
    mech_experiment *e = calloc(1, sizeof *e);
    workbook *books = calloc(n, sizeof *books);
    if (e) e->memory = mech_arena_new();
    if (e && e->memory) e->source = mech_arena_text(e->memory, tables[0].name, strlen(tables[0].name));
    if (!e || !books || !e->source) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    if (saved_beside) status = mech_saved_reading_find(saved_beside, &merged, &saved, &e->warnings, error);
    for (size_t i = 0; i < n && n > 1 && !saved_beside && !merged.ignore_saved && status == MECH_OK; i++)
        status = mech_saved_reading_pass_over(tables[i].name, &e->warnings, error);
    if (status == MECH_OK) status = check_options(&merged, error);
    for (size_t i = 0; i < n && status == MECH_OK; i++)
        status = mech_workbook_parse(tables[i].bytes, tables[i].length, tables[i].owned, tables[i].name, &books[i],
                                     &e->warnings, error);
    size_t n_books = n;
    for (size_t i = 0; i < n && status == MECH_OK; i++) status = mech_read_enzymeml(&books[i], &e->warnings, error);
    if (status == MECH_OK) status = mech_join_petab(books, &n_books, &e->warnings, error);
    if (status == MECH_OK && n_books > 1) mech_note(&e->warnings, "%zu files were read as one experiment", n_books);
    if (status == MECH_OK && headers)
        status = list_headers(books, n_books, &merged, &e->warnings, headers, error);
    else if (status == MECH_OK)
        status = understand(books, n_books, &merged, e, error);
    if (status == MECH_OK && e->warnings.failed) status = mech_fail_memory(error);
cleanup:
    for (size_t i = 0; books && i < n; i++) mech_workbook_free(&books[i]);
    free(books);
    mech_saved_reading_free(saved);
    if (status == MECH_OK && !headers)
        *experiment = e;
    else
        mech_experiment_free(e);
    return status;
}

mech_status mech_experiment_parse(const char *bytes, size_t length, const char *name,
                                  const mech_experiment_options *options, mech_experiment **experiment,
                                  mech_error *error) {
    return parse_tables(&(table_bytes){bytes, name, length, NULL}, 1, options, NULL, NULL, experiment, error);
}

static mech_status parse_files(size_t n_files, const char *const *paths, const mech_experiment_options *options,
                               header_list *headers, mech_experiment **experiment, mech_error *error) {
    *experiment = NULL;
    if (!n_files) return mech_fail(error, MECH_INVALID_ARGUMENT, "no files; expected one or more");
    table_bytes *tables = calloc(n_files + 1, sizeof *tables);
    char **contents = calloc(n_files + 1, sizeof *contents);
    /* Measurements of PEtab are read with the conditions beside them. */
    char *beside = mech_petab_conditions_path(paths[0]);
    for (size_t i = 0; beside && i < n_files; i++)
        if (strcmp(paths[i], beside) == 0 || strstr(paths[i], "ondition")) *beside = '\0';
    const size_t n = n_files + (beside && *beside && mech_file_exists(beside) ? 1 : 0);
    mech_status status = tables && contents ? MECH_OK : mech_fail_memory(error);
    for (size_t i = 0; i < n && status == MECH_OK; i++) {
        const char *path = i < n_files ? paths[i] : beside;
        status = mech_file_read(path, MAX_TABLE_BYTES, &contents[i], &tables[i].length, error);
        tables[i].bytes = contents[i];
        tables[i].owned = &contents[i];
        tables[i].name = strcmp(path, "-") == 0 ? "standard input" : path;
    }
    /* What is kept of one table is not said of several. */
    if (status == MECH_OK)
        status = parse_tables(tables, n, options, n_files == 1 ? paths[0] : NULL, headers, experiment, error);
    for (size_t i = 0; contents && i < n; i++) mech_free(contents[i]);
    free(beside);
    free(contents);
    free(tables);
    return status;
}

mech_status mech_experiment_read_files(size_t n_files, const char *const *paths, const mech_experiment_options *options,
                                       mech_experiment **experiment, mech_error *error) {
    return parse_files(n_files, paths, options, NULL, experiment, error);
}

mech_status mech_experiment_list_headers(size_t n_files, const char *const *paths,
                                         const mech_experiment_options *options, size_t *n_headers, char ***headers,
                                         mech_error *error) {
    header_list list = {0};
    mech_experiment *none = NULL;
    const mech_status status = parse_files(n_files, paths, options, &list, &none, error);
    *n_headers = list.n;
    *headers = list.texts;
    return status;
}

mech_status mech_experiment_read(const char *path, const mech_experiment_options *options, mech_experiment **experiment,
                                 mech_error *error) {
    return mech_experiment_read_files(1, &path, options, experiment, error);
}

void mech_experiment_free(mech_experiment *experiment) {
    if (!experiment) return;
    mech_notes_free(&experiment->warnings);
    mech_run_set_free(experiment->set);
    mech_run_set_free(experiment->given);
    mech_arena_free(experiment->memory);
    free(experiment);
}

const mech_run_set *mech_experiment_runs(const mech_experiment *experiment) { return experiment->set; }

size_t mech_experiment_n_runs(const mech_experiment *experiment) { return experiment->n_runs; }

const mech_run *mech_experiment_run(const mech_experiment *experiment, size_t run) {
    return run < experiment->n_runs ? &experiment->runs[run] : NULL;
}

const mech_run_account *mech_experiment_account(const mech_experiment *experiment, size_t run) {
    return run < experiment->n_runs ? &experiment->accounts[run] : NULL;
}

size_t mech_experiment_n_columns(const mech_experiment *experiment) { return experiment->n_columns; }

const char *mech_experiment_column_role(const mech_experiment *experiment, size_t column) {
    return column < experiment->n_columns ? experiment->columns[column].role : NULL;
}

const char *mech_experiment_column_header(const mech_experiment *experiment, size_t column) {
    return column < experiment->n_columns ? experiment->columns[column].header : NULL;
}

const char *mech_experiment_time_unit(const mech_experiment *experiment) { return experiment->time_unit; }

const char *mech_experiment_concentration_unit(const mech_experiment *experiment) {
    return experiment->concentration_unit;
}

size_t mech_experiment_n_warnings(const mech_experiment *experiment) { return experiment->warnings.n; }

const char *mech_experiment_warning(const mech_experiment *experiment, size_t warning) {
    return warning < experiment->warnings.n ? experiment->warnings.sentences[warning] : NULL;
}
