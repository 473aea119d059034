/* How a table was read, kept in a file beside it: a line "NAME = VALUE" for each option. */
#include "base/files/file.h"
#include "base/files/text.h"
#include "base/interface.h"
#include "experiment/runs/experiment.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_SAVED_BYTES = 1 << 16, MOST_VALUES = 1000 };

static const char ENDING[] = ".mechanist";

struct saved_reading {
    char *content;
    double *values[4]; /* of s0, p0, b0, cat0 */
};

/* The path of the file beside a table: its ending is replaced. */
static mech_status saved_path(const char *table, char **path, mech_error *error) {
    text t = {0};
    const char *slash = strrchr(table, '/'), *dot = strrchr(slash ? slash : table, '.');
    mech_text_append(&t, table,
                     dot && dot != table && (!slash || dot > slash + 1) ? (size_t)(dot - table) : strlen(table));
    mech_text_add(&t, ENDING);
    return mech_text_take(&t, path, error);
}

void mech_saved_reading_free(saved_reading *read) {
    if (!read) return;
    for (size_t i = 0; i < 4; i++) free(read->values[i]);
    free(read->content);
    free(read);
}

/* Reads "0.25, 0.5" into values[MOST_VALUES]; 0 where it is no such list. */
static size_t read_values(const char *list, double *values) {
    size_t n = 0;
    for (const char *at = list; *at;) {
        at += strspn(at, " ");
        const size_t length = strcspn(at, " ,");
        if (n >= MOST_VALUES || !mech_parse_number(at, length, '.', &values[n])) return 0;
        n++;
        at += length;
        at += strspn(at, " ");
        if (*at && *at != ',') return 0;
        at += *at == ',';
    }
    return n;
}

static mech_status take_values(saved_reading *read, size_t which, const char *value, size_t *n, const double **values,
                               const char *path, size_t line, mech_error *error) {
    double *room = malloc(MOST_VALUES * sizeof *room);
    if (!room) return mech_fail_memory(error);
    free(read->values[which]);
    read->values[which] = room;
    const size_t count = read_values(value, room);
    if (!count) return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: '%.60s' is no list of numbers", path, line, value);
    if (!*n) {
        *n = count;
        *values = room;
    }
    return MECH_OK;
}

static mech_status take_line(saved_reading *read, char *name, char *value, mech_experiment_options *options,
                             const char *path, size_t line, mech_error *error) {
    const struct {
        const char *name;
        const char **to;
    } texts[] = {{"columns", &options->columns},    {"runs", &options->runs},
                 {"unit", &options->unit},          {"loading-basis", &options->loading_basis},
                 {"response", &options->response},  {"s0-unit", &options->s0_unit},
                 {"p0-unit", &options->p0_unit},    {"b0-unit", &options->b0_unit},
                 {"cat0-unit", &options->cat0_unit}};
    const struct {
        const char *name;
        bool given; /* values that do not stand in the file */
    } amounts[] = {{"s0-unit", options->n_s0 && options->s0 != read->values[0]},
                   {"p0-unit", options->n_p0 && options->p0 != read->values[1]},
                   {"b0-unit", options->n_b0 && options->b0 != read->values[2]},
                   {"cat0-unit", options->n_cat0 && options->cat0 != read->values[3]}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(name, texts[i].name) != 0) continue;
        /* The unit belongs to the values that stand with it. */
        bool given = *texts[i].to != NULL;
        for (size_t k = 0; k < sizeof amounts / sizeof *amounts; k++)
            given |= amounts[k].given && strcmp(name, amounts[k].name) == 0;
        if (!given) *texts[i].to = value;
        return MECH_OK;
    }
    if (strcmp(name, "s0") == 0) return take_values(read, 0, value, &options->n_s0, &options->s0, path, line, error);
    if (strcmp(name, "p0") == 0) return take_values(read, 1, value, &options->n_p0, &options->p0, path, line, error);
    if (strcmp(name, "b0") == 0) return take_values(read, 2, value, &options->n_b0, &options->b0, path, line, error);
    if (strcmp(name, "cat0") == 0)
        return take_values(read, 3, value, &options->n_cat0, &options->cat0, path, line, error);
    return mech_fail(
        error, MECH_INVALID_INPUT,
        "%s:%zu: '%.40s' is not known; expected columns, runs, unit, loading-basis, response, s0, p0, b0, cat0 or "
        "the unit of one of these, s0-unit",
        path, line, name);
}

mech_status mech_saved_reading_find(const char *table, mech_experiment_options *options, saved_reading **read,
                                    notes *list, mech_error *error) {
    char *path = NULL;
    *read = NULL;
    if (options->ignore_saved || strcmp(table, "-") == 0) return MECH_OK;
    mech_status status = saved_path(table, &path, error);
    if (status != MECH_OK) return status;
    if (!mech_file_exists(path)) {
        mech_free(path);
        return MECH_OK;
    }
    saved_reading *r = calloc(1, sizeof *r);
    size_t length = 0;
    status = r ? mech_file_read(path, MAX_SAVED_BYTES, &r->content, &length, error) : mech_fail_memory(error);
    size_t line = 0;
    for (char *at = status == MECH_OK ? r->content : NULL; at && *at && status == MECH_OK;) {
        char *end = at + strcspn(at, "\r\n"), *next = *end ? end + 1 : end;
        line++;
        *end = '\0';
        char *name = at + strspn(at, " \t"), *equals = strchr(name, '=');
        at = next;
        if (!*name || *name == '#') continue;
        if (!equals) {
            status = mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: '%.60s' has no =; expected NAME = VALUE", path, line,
                               name);
            break;
        }
        char *name_end = equals, *value = equals + 1 + strspn(equals + 1, " \t");
        while (name_end > name && strchr(" \t", name_end[-1])) name_end--;
        *name_end = '\0';
        for (size_t n = strlen(value); n && strchr(" \t", value[n - 1]); n--) value[n - 1] = '\0';
        status = take_line(r, name, value, options, path, line, error);
    }
    if (status == MECH_OK) {
        mech_note(list, "read as %s says", path);
        *read = r;
    } else {
        mech_saved_reading_free(r);
    }
    mech_free(path);
    return status;
}

mech_status mech_saved_reading_pass_over(const char *table, notes *list, mech_error *error) {
    char *path = NULL;
    const mech_status status = saved_path(table, &path, error);
    if (status == MECH_OK && mech_file_exists(path))
        mech_note(list, "%s says how one table is read: it was passed over, as several were read together", path);
    mech_free(path);
    return status;
}

static void write_values(text *t, const char *name, size_t n, const double *values) {
    if (!n) return;
    mech_text_format(t, "%s = ", name);
    for (size_t i = 0; i < n; i++) {
        if (i) mech_text_add(t, ",");
        mech_text_number(t, values[i]);
    }
    mech_text_add(t, "\n");
}

mech_status mech_experiment_save_reading(const char *path, const mech_experiment_options *chosen, char **written,
                                         mech_error *error) {
    mech_experiment_options own = mech_experiment_options_default();
    const mech_experiment_options *options = &own;
    char *to = NULL;
    text t = {0};
    if (written) *written = NULL;
    mech_status status = mech_take_options(&own, sizeof own, chosen, "mech_experiment_options", error);
    if (status != MECH_OK) return status;
    if (strcmp(path, "-") == 0)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "standard input has no file beside which its reading could be kept");
    status = saved_path(path, &to, error);
    if (status != MECH_OK) return status;
    mech_text_add(&t, "# How mechanist reads the table of this name; options on the command line go before it.\n");
    if (options->columns) mech_text_format(&t, "columns = %s\n", options->columns);
    if (options->runs) mech_text_format(&t, "runs = %s\n", options->runs);
    if (options->unit) mech_text_format(&t, "unit = %s\n", options->unit);
    if (options->loading_basis) mech_text_format(&t, "loading-basis = %s\n", options->loading_basis);
    if (options->response) mech_text_format(&t, "response = %s\n", options->response);
    write_values(&t, "s0", options->n_s0, options->s0);
    write_values(&t, "p0", options->n_p0, options->p0);
    write_values(&t, "b0", options->n_b0, options->b0);
    write_values(&t, "cat0", options->n_cat0, options->cat0);
    if (options->s0_unit) mech_text_format(&t, "s0-unit = %s\n", options->s0_unit);
    if (options->p0_unit) mech_text_format(&t, "p0-unit = %s\n", options->p0_unit);
    if (options->b0_unit) mech_text_format(&t, "b0-unit = %s\n", options->b0_unit);
    if (options->cat0_unit) mech_text_format(&t, "cat0-unit = %s\n", options->cat0_unit);
    status = t.failed ? mech_fail_memory(error) : mech_file_write(to, t.characters, t.length, error);
    mech_text_free(&t);
    if (status == MECH_OK && written) {
        *written = to;
        to = NULL;
    }
    mech_free(to);
    return status;
}
