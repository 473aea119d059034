#include "experiment/templates/templates.h"

#include "experiment/words/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Where the template has what. */
typedef struct data_columns {
    size_t header; /* the row */
    size_t run, type, protein, reactant, first;
} data_columns;

static bool find_columns(const sheet *s, data_columns *at) {
    enum { ROWS_LOOKED_AT = 10 };
    for (size_t row = 0; row + 2 < s->n_rows && row < ROWS_LOOKED_AT; row++) {
        *at = (data_columns){row, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
        for (size_t c = 0; c < s->rows[row].n_cells; c++) {
            const char *cell = mech_sheet_cell(s, row, c);
            if (strcasecmp(cell, "Experiment ID") == 0) at->run = c;
            if (strcasecmp(cell, "Type") == 0) at->type = c;
            if (strcasecmp(cell, "Protein") == 0) at->protein = c;
            if (strcasecmp(cell, "Reactant") == 0) at->reactant = c;
            if (strncasecmp(cell, "Enter data", 10) == 0) at->first = c;
        }
        if (at->run == SIZE_MAX || at->type == SIZE_MAX || at->protein == SIZE_MAX || at->reactant == SIZE_MAX)
            continue;
        if (at->first == SIZE_MAX) at->first = at->reactant + 3;
        return true;
    }
    return false;
}

static mech_status add(sheet *s, const char *cell, mech_error *error) {
    return mech_sheet_add_text(s, cell, strlen(cell), error);
}

/* A number and the unit that another cell names. */
static mech_status add_amount(sheet *s, const char *number, const char *unit, mech_error *error) {
    char cell[160];
    snprintf(cell, sizeof cell, "%.60s%s%.60s", number, *number ? " " : "", *number ? unit : "");
    return add(s, cell, error);
}

/* Writes one series of the template as rows of the long table. */
static mech_status write_series(sheet *to, const sheet *s, const data_columns *at, size_t times, size_t row,
                                mech_error *error) {
    const char *type = mech_sheet_cell(s, row, at->type), *unit = mech_sheet_cell(s, row, at->reactant + 2);
    const bool conversion = strncasecmp(type, "Conversion", 10) == 0;
    double start = 0;
    mech_status status = MECH_OK;
    if (conversion && !mech_read_number(mech_sheet_cell(s, row, at->reactant + 1), '.', &start))
        return mech_fail(error, MECH_INVALID_INPUT, "%s: a conversion without an initial concentration; expected one",
                         mech_place_of(s, row, at->reactant + 1).text);
    for (size_t c = at->first; c < s->rows[times].n_cells && status == MECH_OK; c++) {
        const char *time = mech_sheet_cell(s, times, c), *value = mech_sheet_cell(s, row, c);
        char converted[40];
        double share;
        if (!*time || !*value) continue;
        if (conversion && mech_read_number(value, '.', &share)) {
            snprintf(converted, sizeof converted, "%.9g", start * (1 - share / 100));
            value = converted;
        }
        status = mech_sheet_begin_row(to, s->rows[row].line, error);
        if (status == MECH_OK) status = add(to, mech_sheet_cell(s, row, at->run), error);
        if (status == MECH_OK) status = add(to, time, error);
        if (status == MECH_OK) status = add(to, mech_sheet_cell(s, row, at->reactant), error);
        if (status == MECH_OK) status = add_amount(to, value, unit, error);
        if (status == MECH_OK)
            status = add_amount(to, mech_sheet_cell(s, row, at->protein + 1), mech_sheet_cell(s, row, at->protein + 2),
                                error);
        if (status == MECH_OK) mech_sheet_end_row(to);
    }
    return status;
}

mech_status mech_read_enzymeml(workbook *book, notes *list, mech_error *error) {
    data_columns at = {.header = 0};
    size_t data = SIZE_MAX;
    for (size_t i = 0; i < book->n_sheets && data == SIZE_MAX; i++)
        if (find_columns(&book->sheets[i], &at)) data = i;
    if (data == SIZE_MAX) return MECH_OK;
    const sheet *s = &book->sheets[data];
    sheet made = {.source = s->source, .of_workbook = true};
    memcpy(made.name, s->name, sizeof made.name);
    size_t times = SIZE_MAX, n_left = 0;
    mech_status status = MECH_OK;
    for (size_t row = at.header + 1; row < s->n_rows && status == MECH_OK; row++) {
        const char *type = mech_sheet_cell(s, row, at.type), *unit = strchr(type, '[');
        if (strncasecmp(type, "Time", 4) == 0) {
            char header[64];
            const bool first = times == SIZE_MAX;
            times = row;
            if (!first) continue;
            snprintf(header, sizeof header, "time %.40s", unit ? unit : "");
            status = mech_sheet_begin_row(&made, s->rows[at.header].line, error);
            static const char *const headers[] = {"run", NULL, "species", "concentration", "cat"};
            for (size_t k = 0; k < sizeof headers / sizeof *headers && status == MECH_OK; k++)
                status = add(&made, headers[k] ? headers[k] : header, error);
            if (status == MECH_OK) mech_sheet_end_row(&made);
        } else if (times != SIZE_MAX && *type && s->rows[row].n_cells > at.first) {
            const bool known = strncasecmp(type, "Concentration", 13) == 0 ||
                               strncasecmp(type, "Conversion", 10) == 0 || strncasecmp(type, "Total conc", 10) == 0;
            if (known)
                status = write_series(&made, s, &at, times, row, error);
            else
                n_left++;
        }
    }
    if (status == MECH_OK && made.n_rows < 2)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s, sheet '%s': this EnzymeML spreadsheet has no series of concentrations; expected some",
                           s->source, s->name);
    if (status != MECH_OK) {
        mech_sheet_free(&made);
        return status;
    }
    for (size_t i = 0; i < book->n_sheets; i++) mech_sheet_free(&book->sheets[i]);
    book->sheets[0] = made;
    book->n_sheets = 1;
    mech_note(list, "an EnzymeML spreadsheet: its proteins are the catalyst");
    if (n_left)
        mech_note(list, "%zu series of areas or absorptions %s passed over", n_left, n_left == 1 ? "was" : "were");
    return MECH_OK;
}
