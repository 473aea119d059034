#include "experiment/templates/templates.h"

#include "experiment/words/header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The column of a header in a sheet's first row; SIZE_MAX: none. */
static size_t column_of(const sheet *s, const char *header) {
    for (size_t c = 0; s->n_rows && c < s->rows[0].n_cells; c++)
        if (strcmp(mech_sheet_cell(s, 0, c), header) == 0) return c;
    return SIZE_MAX;
}

/* Whether an observable's name is that of a species: "S", "obs_S", "observable_S". */
static bool observes(const char *observable, const char *species) {
    const size_t n = strlen(observable), m = strlen(species);
    return strcmp(observable, species) == 0 ||
           (n > m && strcmp(observable + n - m, species) == 0 && observable[n - m - 1] == '_');
}

/* "[S]0" for what is measured, too, or has a known name; else the name, to be told by its numbers. */
static void name_condition(const sheet *measured, size_t observables, const char *name, char *header, size_t room) {
    const column_role role = mech_read_header(name).role;
    bool start = role == COLUMN_SUBSTRATE || role == COLUMN_PRODUCT || role == COLUMN_SECOND;
    for (size_t row = 1; !start && observables != SIZE_MAX && row < measured->n_rows; row++)
        start = observes(mech_sheet_cell(measured, row, observables), name);
    snprintf(header, room, start ? "[%.40s]0" : "%.40s", name);
}

static mech_status join(sheet *measured, const sheet *conditions, size_t key, size_t id, mech_error *error) {
    sheet joined = {.source = measured->source, .separator = measured->separator};
    memcpy(joined.name, measured->name, sizeof joined.name);
    joined.of_workbook = measured->of_workbook;
    const size_t observables = column_of(measured, "observableId"), called = column_of(conditions, "conditionName");
    mech_status status = MECH_OK;
    size_t last = 0;
    for (size_t row = 0; row < measured->n_rows && status == MECH_OK; row++) {
        size_t from = 0;
        const char *name = mech_sheet_cell(measured, row, key);
        if (last && strcmp(mech_sheet_cell(conditions, last, id), name) == 0) from = last;
        for (size_t k = 1; row && !from && k < conditions->n_rows; k++)
            if (strcmp(mech_sheet_cell(conditions, k, id), name) == 0) from = k;
        if (row && !from) {
            status = mech_fail(error, MECH_INVALID_INPUT, "%s: the condition '%.60s' is not in %s; expected it there",
                               mech_place_of(measured, row, key).text, name, conditions->source);
            break;
        }
        last = from;
        status = mech_sheet_begin_row(&joined, measured->rows[row].line, error);
        for (size_t c = 0; c < measured->n_columns && status == MECH_OK; c++) {
            const char *cell = mech_sheet_cell(measured, row, c);
            status = mech_sheet_add_text(&joined, cell, strlen(cell), error);
        }
        for (size_t c = 0; c < conditions->n_columns && status == MECH_OK; c++) {
            if (c == id || c == called) continue;
            char header[64];
            const char *cell = mech_sheet_cell(conditions, from, c);
            if (!row) {
                name_condition(measured, observables, cell, header, sizeof header);
                cell = header;
            }
            status = mech_sheet_add_text(&joined, cell, strlen(cell), error);
        }
        if (status == MECH_OK) mech_sheet_end_row(&joined);
    }
    if (status != MECH_OK) {
        mech_sheet_free(&joined);
        return status;
    }
    mech_sheet_free(measured);
    *measured = joined;
    return MECH_OK;
}

mech_status mech_join_petab(workbook *books, size_t *n, notes *list, mech_error *error) {
    size_t conditions = SIZE_MAX, measured = SIZE_MAX;
    for (size_t i = 0; i < *n; i++) {
        const sheet *s = &books[i].sheets[0];
        if (column_of(s, "simulationConditionId") != SIZE_MAX)
            measured = i;
        else if (column_of(s, "conditionId") != SIZE_MAX && column_of(s, "time") == SIZE_MAX)
            conditions = i;
    }
    if (measured == SIZE_MAX || conditions == SIZE_MAX) return MECH_OK;
    sheet *s = &books[measured].sheets[0];
    const sheet *c = &books[conditions].sheets[0];
    mech_status status = join(s, c, column_of(s, "simulationConditionId"), column_of(c, "conditionId"), error);
    if (status != MECH_OK) return status;
    mech_note(list, "conditions were read from %s", c->source);
    mech_workbook_free(&books[conditions]);
    memmove(books + conditions, books + conditions + 1, (*n - conditions - 1) * sizeof *books);
    books[--*n] = (workbook){0};
    return MECH_OK;
}

char *mech_petab_conditions_path(const char *measurements) {
    static const struct {
        const char *from, *to;
    } names[] = {
        {"measurementData", "experimentalCondition"}, {"measurements", "conditions"}, {"measurement", "condition"}};
    const char *slash = strrchr(measurements, '/'), *name = slash ? slash + 1 : measurements;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *at = strstr(name, names[i].from);
        if (!at) continue;
        const size_t room = strlen(measurements) + strlen(names[i].to) + 1;
        char *path = malloc(room);
        if (path)
            snprintf(path, room, "%.*s%s%s", (int)(at - measurements), measurements, names[i].to,
                     at + strlen(names[i].from));
        return path;
    }
    return NULL;
}
