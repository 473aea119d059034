/* What makes a table one that cannot be trusted, and which runs are wanted. */
#include "base/files/text.h"
#include "experiment/runs/builder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

mech_status mech_check_option(const char *what, const char *option, size_t n, size_t n_runs, const char *source,
                              mech_error *error) {
    if (n <= 1 || n == n_runs) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT,
                     "%s: %s (%s) has %zu values, but the file has %zu run%s; expected one for each, or one for all",
                     source, option, what, n, n_runs, n_runs == 1 ? "" : "s");
}

mech_status mech_refuse_texts(const builder *b, mech_error *error) {
    for (size_t k = 0; k < b->l->n_blocks; k++)
        for (size_t v = 0; v < b->l->n_variables; v++) {
            const table_series *s = &b->n->series[k][v];
            const table_variable *at = &b->l->variables[v];
            const bool matters = (at->role != N_COLUMN_ROLES && at->role != COLUMN_RUN && at->role != COLUMN_SPECIES &&
                                  at->role != COLUMN_STANDARD) ||
                                 at->as_reactant;
            if (!matters || !s->n_texts) continue;
            const table_block *in = &b->l->blocks[k];
            const char *cell = mech_sheet_cell(in->cells, s->first_text, in->column[v]);
            return mech_fail(
                error, MECH_INVALID_INPUT, "%s: %s: '%.40s' is not a number%s; expected one like 0%c25",
                mech_place_of(in->cells, s->first_text, in->column[v]).text, mech_label_variable(b->l, in, v).text,
                cell,
                strpbrk(cell, ".,") && cell[0] >= '0' && cell[0] <= '9' ? " in the way the others are written" : "",
                s->decimal);
        }
    for (size_t k = 0; k < b->l->n_blocks; k++)
        for (size_t v = 0; v < b->l->n_variables; v++) {
            const table_series *s = &b->n->series[k][v];
            const table_block *in = &b->l->blocks[k];
            if (!s->n_moments || v == b->n->time || b->l->variables[v].role == N_COLUMN_ROLES || v == b->n->run)
                continue;
            return mech_fail(error, MECH_INVALID_INPUT, "%s: %s holds dates or times of day; expected concentrations",
                             mech_place_of(in->cells, s->first_moment, in->column[v]).text,
                             mech_label_variable(b->l, in, v).text);
        }
    return MECH_OK;
}

mech_status mech_refuse_long_rows(const table_layout *l, mech_error *error) {
    for (size_t k = 0; k < l->n_blocks; k++) {
        const table_block *b = &l->blocks[k];
        if (b->header_row == SIZE_MAX || b->cells->separator == ' ' ||
            (k && l->blocks[k - 1].first == b->first && l->blocks[k - 1].cells == b->cells))
            continue;
        size_t n_long = 0, n_doubled = 0, row_of = 0, n_rows = 0;
        for (size_t row = b->first; row < b->end; row++) {
            const sheet_row *r = &b->cells->rows[row];
            if (r->remark) continue;
            n_rows++;
            if (r->n_cells <= b->value_columns) continue;
            bool number = false;
            for (size_t c = b->value_columns; c < r->n_cells; c++) {
                double value;
                const char *cell = mech_sheet_cell(b->cells, row, c);
                number |= *cell && (mech_read_number(cell, '.', &value) || mech_read_number(cell, ',', &value));
            }
            if (!number) continue;
            if (!n_long++) row_of = row;
            n_doubled += r->n_cells + 1 >= 2 * b->value_columns;
        }
        if (!n_long) continue;
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s: has %u cells, but the header in line %u has %zu; expected as many%s",
                         mech_place_of(b->cells, row_of, SIZE_MAX).text, b->cells->rows[row_of].n_cells,
                         b->cells->rows[b->header_row].line, b->value_columns,
                         n_doubled == n_rows && b->cells->separator == ',' && b->value_columns > 1
                             ? " (decimal commas need semicolons, tabs or quotes)"
                             : "");
    }
    return MECH_OK;
}

/* The names of runs, for a message. */
static void list_runs(const mech_experiment *e, char *list, size_t room) {
    size_t n = 0;
    list[0] = '\0';
    for (size_t r = 0; r < e->n_runs && n < room; r++) {
        if (r == 8) {
            snprintf(list + n, room - n, " and %zu more", e->n_runs - r);
            return;
        }
        const int more = snprintf(list + n, room - n, "%s'%.30s'", r ? ", " : "", e->runs[r].name);
        n += more > 0 ? (size_t)more : 0;
    }
}

/* Marks the runs of that name, else the run of that number. */
static mech_status choose_run(const char *said, size_t length, mech_experiment *e, mech_error *error) {
    uint64_t number = 0;
    bool found = false;
    for (size_t r = 0; r < e->n_runs; r++) {
        if (strlen(e->runs[r].name) != length || strncmp(e->runs[r].name, said, length) != 0) continue;
        e->accounts[r].used = true;
        found = true;
    }
    if (found) return MECH_OK;
    if (mech_parse_whole(said, length, &number) && number >= 1 && number <= e->n_runs) {
        e->accounts[number - 1].used = true;
        return MECH_OK;
    }
    char names[360];
    list_runs(e, names, sizeof names);
    return mech_fail(error, MECH_INVALID_INPUT, "%s: there is no run '%.*s'; its runs are %s", e->source,
                     length < 40 ? (int)length : 40, said, names);
}

mech_status mech_choose_runs(const char *runs, mech_experiment *e, mech_error *error) {
    mech_status status = MECH_OK;
    for (size_t r = 0; r < e->n_runs; r++) e->accounts[r].used = !runs;
    for (const char *at = runs; at && *at && status == MECH_OK;) {
        const bool quoted = *at == '"';
        if (quoted) at++;
        const size_t n = strcspn(at, quoted ? "\"" : ",");
        size_t length = n;
        while (!quoted && length && at[length - 1] == ' ') length--;
        if (length) status = choose_run(at, length, e, error);
        at += n;
        at += *at == '"';
        at += strspn(at, " ");
        at += *at == ',';
        at += strspn(at, " ");
    }
    size_t n_used = 0;
    for (size_t r = 0; r < e->n_runs; r++) {
        n_used += e->accounts[r].used;
        if (!e->accounts[r].used) e->accounts[r].left_out = "not among the runs that were asked for";
    }
    return status == MECH_OK && !n_used ? choose_run("", 0, e, error) : status;
}
