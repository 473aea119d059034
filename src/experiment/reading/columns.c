#include "experiment/reading/columns.h"

#include "base/files/text.h"
#include "experiment/reading/header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What the user says about the columns: for each role a header or a column number. */
typedef struct column_choice {
    const char *header[N_COLUMN_ROLES]; /* not closed by a NUL; NULL: nothing said */
    size_t length[N_COLUMN_ROLES];
    bool found[N_COLUMN_ROLES];
} column_choice;

static mech_status choice_malformed(const char *choice, mech_error *error) {
    return mech_fail(error, MECH_INVALID_ARGUMENT,
                     "columns '%s': expected NAME=HEADER,... with NAME one of time, S, P, cat, run, S0, P0, each once",
                     choice);
}

static mech_status read_choice(const char *said, column_choice *choice, mech_error *error) {
    *choice = (column_choice){0};
    for (const char *at = said; said;) {
        size_t name = strcspn(at, "=");
        column_role role = 0;
        while (role < N_COLUMN_ROLES && !(strlen(mech_column_role_name(role)) == name &&
                                          strncasecmp(mech_column_role_name(role), at, name) == 0))
            role++;
        if (role == N_COLUMN_ROLES || at[name] != '=' || choice->header[role]) return choice_malformed(said, error);
        at += name + 1;
        bool quoted = *at == '"';
        if (quoted) at++;
        size_t length = strcspn(at, quoted ? "\"" : ",");
        if (!length || (quoted && !at[length])) return choice_malformed(said, error);
        choice->header[role] = at;
        choice->length[role] = length;
        at += length + (quoted ? 1 : 0);
        if (!*at) return MECH_OK;
        if (*at != ',') return choice_malformed(said, error);
        at++;
    }
    return MECH_OK;
}

/* The headers as a message shows them: 'run', 'Time / s', ... */
static void list_headers(const table *t, text *list) {
    size_t n = t->rows[0].n_cells, shown = n > 12 ? 10 : n;
    for (size_t i = 0; i < shown; i++) mech_text_format(list, "%s'%.24s'", i ? ", " : "", mech_table_cell(t, 0, i));
    if (n > shown) mech_text_format(list, " and %zu more", n - shown);
    mech_text_append(list, "", 0);
}

/* Refuses the headers: where, what is wrong, what they are, and how to help. */
static mech_status refuse_headers(const table *t, const char *source, const char *what, const char *expected,
                                  mech_error *error) {
    text list = {0};
    list_headers(t, &list);
    mech_status status =
        list.failed
            ? mech_fail_memory(error)
            : mech_fail(error, MECH_INVALID_INPUT,
                        "%s:%zu: %s; expected %s, or a choice of columns (--columns S=HEADER,...); the headers are %s",
                        source, t->rows[0].line, what, expected, list.characters);
    mech_text_free(&list);
    return status;
}

/* The role that the user gives a column; N_COLUMN_ROLES: none. A number counts columns where no header is that text. */
static column_role chosen_role(const table *t, size_t column, column_choice *choice) {
    const char *header = mech_table_cell(t, 0, column);
    for (column_role role = 0; role < N_COLUMN_ROLES; role++) {
        const char *wanted = choice->header[role];
        size_t length = choice->length[role];
        if (!wanted) continue;
        uint64_t number = 0;
        bool is_number = mech_parse_whole(wanted, length, &number);
        for (size_t i = 0; is_number && i < t->rows[0].n_cells; i++) {
            const char *other = mech_table_cell(t, 0, i);
            if (strlen(other) == length && strncmp(other, wanted, length) == 0) is_number = false;
        }
        bool same =
            is_number ? number == column + 1 : strlen(header) == length && strncasecmp(header, wanted, length) == 0;
        if (same) {
            choice->found[role] = true;
            return role;
        }
    }
    return N_COLUMN_ROLES;
}

/* The meaning of each header; a role that the user gave to a column is not looked for in the others. */
static mech_status read_headers(const table *t, column_choice *choice, const char *source, header_meaning *meanings,
                                mech_error *error) {
    size_t n = t->rows[0].n_cells;
    for (size_t i = 0; i < n; i++) {
        column_role chosen = chosen_role(t, i, choice);
        meanings[i] = mech_read_header(mech_table_cell(t, 0, i), chosen);
        if (chosen == N_COLUMN_ROLES && meanings[i].role < N_COLUMN_ROLES && choice->header[meanings[i].role])
            meanings[i].role = N_COLUMN_ROLES;
    }
    for (column_role role = 0; role < N_COLUMN_ROLES; role++) {
        if (!choice->header[role] || choice->found[role]) continue;
        char what[128];
        text shown = {0};
        mech_text_append(&shown, choice->header[role], choice->length[role]);
        if (shown.failed) return mech_fail_memory(error);
        snprintf(what, sizeof what, "there is no column '%.40s' for %s", shown.characters, mech_column_role_name(role));
        mech_text_free(&shown);
        return refuse_headers(t, source, what, "one of the headers", error);
    }
    return MECH_OK;
}

/* Takes over a column's unit, or refuses it where another column had a different one. */
static mech_status settle_unit(const table *t, size_t column, const char *unit, char *settled, const char *source,
                               mech_error *error) {
    if (!mech_same_unit(unit, settled))
        return mech_fail(error, MECH_INVALID_INPUT, "%s:%zu: %s is in %s, a column before it in %s; expected one unit",
                         source, t->rows[0].line, mech_label_column(t, column).text, unit, settled);
    if (!*settled) memcpy(settled, unit, strlen(unit) + 1);
    return MECH_OK;
}

/* Two columns of one role in a table that has only one time column. */
static mech_status refuse_twins(const table *t, size_t first, size_t second, column_role role, const char *source,
                                mech_error *error) {
    char what[192];
    snprintf(what, sizeof what, "%s and %s both look like %s", mech_label_column(t, first).text,
             mech_label_column(t, second).text, mech_column_role_name(role));
    return refuse_headers(t, source, what, "one such column", error);
}

/* Cuts the columns into blocks: a new one begins with a column whose role the current one has already. */
static mech_status collect_blocks(const table *t, const header_meaning *meanings, const char *source,
                                  column_layout *layout, mech_error *error) {
    size_t n = t->rows[0].n_cells, n_times = 0;
    for (size_t i = 0; i < n; i++) n_times += meanings[i].role == COLUMN_TIME;
    layout->blocks = calloc(n + 1, sizeof *layout->blocks);
    if (!layout->blocks) return mech_fail_memory(error);
    column_block *block = NULL;
    for (size_t i = 0; i < n; i++) {
        column_role role = meanings[i].role;
        if (role == N_COLUMN_ROLES) continue;
        if (!block || block->column[role] >= 0) {
            if (block && n_times < 2) return refuse_twins(t, (size_t)block->column[role], i, role, source, error);
            block = &layout->blocks[layout->n_blocks++];
            block->first_column = i;
            for (int r = 0; r < N_COLUMN_ROLES; r++) block->column[r] = -1;
        }
        block->column[role] = (int)i;
        if (role == COLUMN_CATALYST) block->loading_scale = meanings[i].loading_scale;
        if (role == COLUMN_RUN) continue;
        mech_status status =
            settle_unit(t, i, meanings[i].unit, role == COLUMN_TIME ? layout->time_unit : layout->concentration_unit,
                        source, error);
        if (status != MECH_OK) return status;
    }
    return MECH_OK;
}

static mech_status check_blocks(const table *t, const char *source, const column_layout *layout, mech_error *error) {
    static const char usual[] = "headers such as run, time, S, P, cat";
    if (t->rows[0].n_cells == 1)
        return mech_fail(
            error, MECH_INVALID_INPUT,
            "%s:%zu: the header '%.80s' is a single cell; expected cells separated by commas, semicolons or tabs",
            source, t->rows[0].line, mech_table_cell(t, 0, 0));
    if (!layout->n_blocks) return refuse_headers(t, source, "no header is known", usual, error);
    for (size_t b = 0; b < layout->n_blocks; b++) {
        const int *column = layout->blocks[b].column;
        const char *missing = column[COLUMN_TIME] < 0                                      ? "time"
                              : column[COLUMN_SUBSTRATE] < 0 && column[COLUMN_PRODUCT] < 0 ? "the substrate or product"
                              : column[COLUMN_CATALYST] < 0                                ? "the catalyst"
                                                                                           : NULL;
        char what[96];
        if (missing && layout->n_blocks == 1)
            snprintf(what, sizeof what, "there is no column for %s", missing);
        else if (missing)
            snprintf(what, sizeof what, "block %zu of %zu has no column for %s", b + 1, layout->n_blocks, missing);
        else if (layout->n_blocks > 1 && column[COLUMN_RUN] >= 0)
            snprintf(what, sizeof what, "a table of blocks side by side has a column for run");
        else
            continue;
        return refuse_headers(t, source, what, usual, error);
    }
    return MECH_OK;
}

mech_status mech_find_columns(const table *t, const char *choice, const char *source, column_layout *layout,
                              mech_error *error) {
    *layout = (column_layout){0};
    column_choice chosen;
    mech_status status = read_choice(choice, &chosen, error);
    if (status != MECH_OK) return status;
    header_meaning *meanings = calloc(t->rows[0].n_cells, sizeof *meanings);
    if (!meanings) return mech_fail_memory(error);
    status = read_headers(t, &chosen, source, meanings, error);
    if (status == MECH_OK) status = collect_blocks(t, meanings, source, layout, error);
    if (status == MECH_OK) status = check_blocks(t, source, layout, error);
    free(meanings);
    if (status != MECH_OK) mech_column_layout_free(layout);
    return status;
}

void mech_column_layout_free(column_layout *layout) {
    free(layout->blocks);
    *layout = (column_layout){0};
}
