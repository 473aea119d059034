/* OpenDocument's spreadsheets: OASIS OpenDocument 1.3, part 3, chapters 9 (tables) and 19 (attributes). */
#include "base/files/text.h"
#include "experiment/cells/formats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_STYLE_NAME = 64, MOST_HIDDEN_STYLES = 1024, MOST_REPEATED_CELLS = 1 << 20 /* of a sheet */ };

typedef struct reader {
    const char *source;
    size_t length; /* of the file */
    workbook *book;
    notes *list;
    mech_error *error;
    mech_status status;
    char style[MAX_STYLE_NAME];     /* the table style at hand */
    char (*hidden)[MAX_STYLE_NAME]; /* [n_hidden]: styles of tables that are not shown */
    size_t n_hidden;
    sheet *s;             /* NULL: outside of a table, or in a hidden one */
    uint32_t line;        /* of the row at hand */
    size_t repeated_rows; /* how often it stands there */
    size_t blanks;        /* cells without text since the last one with text */
    bool in_row, in_cell, has_value;
    size_t repeated_cells;
    size_t n_repeated; /* cells that repetitions of rows have added */
    int depth_annotation, n_paragraphs;
    size_t cells_within; /* of a table that stands in the cell at hand, which is passed over */
    text value;
} reader;

static void short_of_memory(reader *r) { r->status = mech_fail_memory(r->error); }

static bool is_hidden_style(const reader *r, const char *style) {
    for (size_t i = 0; style && i < r->n_hidden; i++)
        if (strcmp(r->hidden[i], style) == 0) return true;
    return false;
}

static size_t repetition(const char **attributes, const char *name) {
    const char *value = mech_xml_attribute(attributes, name);
    const unsigned long n = value ? strtoul(value, NULL, 10) : 1;
    return n < 1 ? 1 : n > 2000000 ? 2000000 : n;
}

static void start_table(reader *r, const char **attributes) {
    const char *name = mech_xml_attribute(attributes, "name");
    if (is_hidden_style(r, mech_xml_attribute(attributes, "style-name"))) {
        mech_note(r->list, "the hidden sheet '%.60s' was passed over", name ? name : "");
        return;
    }
    r->s = mech_workbook_add(r->book, name ? name : "", r->length, r->source, r->error);
    if (!r->s) r->status = MECH_OUT_OF_MEMORY;
    r->line = 0;
    r->n_repeated = 0;
}

/* "PT1H02M03.5S" as hours, minutes and seconds. */
static bool write_duration(const char *duration, char *to, size_t room) {
    double parts[3] = {0, 0, 0};
    static const char marks[] = "HMS";
    if (strncmp(duration, "PT", 2) != 0) return false;
    for (const char *at = duration + 2; *at;) {
        size_t n = strspn(at, "0123456789.");
        const char *mark = at[n] ? strchr(marks, at[n]) : NULL;
        if (!mark || !mech_parse_number(at, n, '.', &parts[mark - marks])) return false;
        at += n + 1;
    }
    mech_write_moment((parts[0] * 3600 + parts[1] * 60 + parts[2]) / 86400, false, to, room);
    return true;
}

static void start_cell(reader *r, const char **attributes) {
    const char *kind = mech_xml_attribute(attributes, "value-type");
    const char *value = NULL;
    char moment[64];
    r->in_cell = true;
    r->repeated_cells = repetition(attributes, "number-columns-repeated");
    r->value.length = 0;
    r->n_paragraphs = 0;
    if (kind && (strcmp(kind, "float") == 0 || strcmp(kind, "currency") == 0)) {
        value = mech_xml_attribute(attributes, "value");
    } else if (kind && strcmp(kind, "percentage") == 0) {
        double share = 0;
        value = mech_xml_attribute(attributes, "value");
        if (value && mech_parse_number(value, strlen(value), '.', &share)) {
            mech_text_number(&r->value, 100 * share);
            mech_text_add(&r->value, "%");
            value = NULL;
            r->has_value = true;
            return;
        }
    } else if (kind && strcmp(kind, "date") == 0) {
        value = mech_xml_attribute(attributes, "date-value");
    } else if (kind && strcmp(kind, "time") == 0) {
        value = mech_xml_attribute(attributes, "time-value");
        if (value && write_duration(value, moment, sizeof moment)) value = moment;
    }
    r->has_value = value != NULL;
    if (value) mech_text_add(&r->value, value);
}

static bool is_cell(const char *name) {
    return strcmp(name, "table-cell") == 0 || strcmp(name, "covered-table-cell") == 0;
}

static void on_start(void *data, const char *name, const char **attributes) {
    reader *r = data;
    if (strcmp(name, "style") == 0) {
        const char *style = mech_xml_attribute(attributes, "name");
        snprintf(r->style, sizeof r->style, "%s", style ? style : "");
    } else if (strcmp(name, "table-properties") == 0) {
        const char *display = mech_xml_attribute(attributes, "display");
        if (!display || strcmp(display, "false") != 0 || r->n_hidden >= MOST_HIDDEN_STYLES) return;
        void *grown = realloc(r->hidden, (r->n_hidden + 1) * sizeof *r->hidden);
        if (!grown) {
            short_of_memory(r);
            return;
        }
        r->hidden = grown;
        memcpy(r->hidden[r->n_hidden++], r->style, sizeof r->style);
    } else if (strcmp(name, "table") == 0 && !r->s) {
        start_table(r, attributes);
    } else if (r->s && strcmp(name, "table-row") == 0 && !r->in_row) {
        r->repeated_rows = repetition(attributes, "number-rows-repeated");
        r->status = mech_sheet_begin_row(r->s, r->line + 1, r->error);
        r->in_row = true;
        r->blanks = 0;
    } else if (r->in_row && is_cell(name)) {
        if (r->in_cell)
            r->cells_within++;
        else
            start_cell(r, attributes);
    } else if (r->in_cell && strcmp(name, "annotation") == 0) {
        r->depth_annotation++;
    } else if (r->in_cell && !r->cells_within && !r->depth_annotation && !r->has_value) {
        if (strcmp(name, "p") == 0 && r->n_paragraphs++) mech_text_add(&r->value, " ");
        if (strcmp(name, "s") == 0 || strcmp(name, "tab") == 0) mech_text_add(&r->value, " ");
    }
    if (r->value.failed) short_of_memory(r);
}

static void take_cell(reader *r) {
    if (!r->value.length) {
        r->blanks += r->repeated_cells;
        return;
    }
    for (; r->status == MECH_OK && r->blanks; r->blanks--) r->status = mech_sheet_add_text(r->s, "", 0, r->error);
    for (size_t i = 0; r->status == MECH_OK && i < r->repeated_cells; i++)
        r->status = i ? mech_sheet_add_offset(r->s, r->s->cells[r->s->n_cells - 1], r->error)
                      : mech_sheet_add_text(r->s, r->value.characters, r->value.length, r->error);
}

/* A row that stands there several times is written down as often. */
static void repeat_row(reader *r) {
    const sheet_row row = r->s->rows[r->s->n_rows - 1];
    r->n_repeated += (r->repeated_rows - 1) * row.n_cells;
    if (r->n_repeated > MOST_REPEATED_CELLS) {
        r->status = mech_fail(r->error, MECH_INVALID_INPUT, "%s: stands there %zu times; expected a table without it",
                              mech_place_of(r->s, r->s->n_rows - 1, SIZE_MAX).text, r->repeated_rows);
        return;
    }
    for (size_t k = 1; k < r->repeated_rows && r->status == MECH_OK; k++) {
        r->status = mech_sheet_begin_row(r->s, r->line + (uint32_t)k + 1, r->error);
        for (size_t i = 0; i < row.n_cells && r->status == MECH_OK; i++)
            r->status = mech_sheet_add_offset(r->s, r->s->cells[row.first_cell + i], r->error);
        if (r->status == MECH_OK) mech_sheet_end_row(r->s);
    }
}

static void on_end(void *data, const char *name) {
    reader *r = data;
    if (r->in_cell && strcmp(name, "annotation") == 0) {
        r->depth_annotation--;
    } else if (r->in_cell && is_cell(name) && r->cells_within) {
        r->cells_within--;
    } else if (r->in_cell && is_cell(name)) {
        r->in_cell = false;
        take_cell(r);
    } else if (r->in_row && !r->in_cell && strcmp(name, "table-row") == 0) {
        const size_t n_rows = r->s->n_rows;
        r->in_row = false;
        mech_sheet_end_row(r->s);
        if (r->s->n_rows == n_rows) repeat_row(r);
        r->line += (uint32_t)r->repeated_rows;
    } else if (r->s && !r->in_row && strcmp(name, "table") == 0) {
        if (!r->s->n_rows) {
            mech_sheet_free(r->s);
            r->book->n_sheets--;
        }
        r->s = NULL;
    }
}

static void on_characters(void *data, const char *characters, int length) {
    reader *r = data;
    if (r->in_cell && !r->cells_within && !r->depth_annotation && !r->has_value && r->n_paragraphs)
        mech_text_append(&r->value, characters, (size_t)length);
    if (r->value.failed) short_of_memory(r);
}

/* A password leaves the part's name and scrambles what it holds: the list of parts says so. */
static void manifest_start(void *data, const char *name, const char **attributes) {
    reader *r = data;
    (void)attributes;
    if (strcmp(name, "encryption-data") == 0)
        r->status = mech_fail(r->error, MECH_INVALID_INPUT, "%s: is encrypted; expected a workbook without a password",
                              r->source);
}
static void no_end(void *data, const char *name) { (void)data, (void)name; }
static void no_characters(void *data, const char *characters, int length) {
    (void)data, (void)characters, (void)length;
}

mech_status mech_ods_parse(const char *bytes, size_t length, const char *source, workbook *book, notes *list,
                           mech_error *error) {
    reader r = {.source = source, .length = length, .book = book, .list = list, .error = error};
    const xml_pass manifest = {manifest_start, no_end, no_characters, &r, &r.status};
    const xml_pass content = {on_start, on_end, on_characters, &r, &r.status};
    mech_status status = mech_part_parse(bytes, length, "META-INF/manifest.xml", false, &manifest, source, error);
    if (status == MECH_OK) status = mech_part_parse(bytes, length, "content.xml", true, &content, source, error);
    free(r.hidden);
    mech_text_free(&r.value);
    return status;
}
