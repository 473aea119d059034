/* Excel's workbooks: ECMA-376, part 1, chapter 18 (SpreadsheetML). */
#include "base/files/text.h"
#include "base/memory.h"
#include "experiment/cells/formats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_NAME = 256, MOST_STYLES = 65536 };

typedef enum moment_style { STYLE_NUMBER, STYLE_DATE, STYLE_TIME } moment_style;

typedef struct listed_sheet {
    char name[MAX_NAME], relation[MAX_NAME], part[MAX_NAME];
    bool hidden;
} listed_sheet;

/* A workbook while it is read. */
typedef struct reader {
    const char *bytes, *source;
    size_t length;
    workbook *book;
    notes *list;
    mech_error *error;
    mech_status status;
    listed_sheet *listed; /* [n_listed], those of workbook.xml */
    size_t n_listed;
    bool from_1904; /* days are counted from 1904-01-01 */
    /* Shared strings: their texts one after the other, each closed by a NUL. */
    text strings;
    uint32_t *string_at;
    size_t n_strings, string_room;
    int depth_phonetic;
    /* Styles of cells: what kind of number each shows. */
    unsigned char *styles;
    size_t n_styles;
    struct {
        long id;
        moment_style style;
    } * formats;
    size_t n_formats;
    bool in_cell_formats;
    /* The cell at hand. */
    sheet *s;
    bool in_row, in_cell, takes_text;
    uint32_t row;
    size_t column, filled;
    char kind; /* "n" a number, "s" a shared text, "b" a truth value, "t" a text of its own */
    size_t style;
    text value;
} reader;

static void short_of_memory(reader *r) { r->status = mech_fail_memory(r->error); }

static void copy_name(char *to, const char *from) { snprintf(to, MAX_NAME, "%s", from ? from : ""); }

static void workbook_start(void *data, const char *name, const char **attributes) {
    reader *r = data;
    if (strcmp(name, "workbookPr") == 0) {
        const char *value = mech_xml_attribute(attributes, "date1904");
        r->from_1904 = value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
    }
    if (strcmp(name, "sheet") != 0) return;
    if (r->n_listed >= MAX_SHEETS) {
        r->status = mech_fail(r->error, MECH_INVALID_INPUT, "%s: more than %d sheets; expected fewer", r->source,
                              (int)MAX_SHEETS);
        return;
    }
    listed_sheet *grown = realloc(r->listed, (r->n_listed + 1) * sizeof *grown);
    if (!grown) {
        short_of_memory(r);
        return;
    }
    r->listed = grown;
    listed_sheet *s = &grown[r->n_listed++];
    *s = (listed_sheet){.hidden = false};
    copy_name(s->name, mech_xml_attribute(attributes, "name"));
    copy_name(s->relation, mech_xml_attribute(attributes, "id"));
    const char *state = mech_xml_attribute(attributes, "state");
    s->hidden = state && strcmp(state, "visible") != 0;
}

static void relations_start(void *data, const char *name, const char **attributes) {
    reader *r = data;
    const char *id = mech_xml_attribute(attributes, "Id"), *target = mech_xml_attribute(attributes, "Target");
    if (strcmp(name, "Relationship") != 0 || !id || !target) return;
    for (size_t i = 0; i < r->n_listed; i++)
        if (strcmp(r->listed[i].relation, id) == 0)
            snprintf(r->listed[i].part, MAX_NAME, "%s%s", *target == '/' ? "" : "xl/", target + (*target == '/'));
}

static void strings_start(void *data, const char *name, const char **attributes) {
    reader *r = data;
    (void)attributes;
    if (strcmp(name, "si") == 0) {
        if (r->n_strings == r->string_room) {
            size_t room = r->string_room ? 2 * r->string_room : 256;
            uint32_t *grown = realloc(r->string_at, room * sizeof *grown);
            if (!grown) {
                short_of_memory(r);
                return;
            }
            r->string_at = grown;
            r->string_room = room;
        }
        if (r->strings.length + r->n_strings * sizeof *r->string_at > mech_sheet_limit(r->length)) {
            r->status = mech_fail(r->error, MECH_INVALID_INPUT,
                                  "%s: its shared texts take up far more than a file of this size holds; expected a "
                                  "workbook that was not made to burst",
                                  r->source);
            return;
        }
        r->string_at[r->n_strings++] = (uint32_t)r->strings.length;
    }
    if (strcmp(name, "rPh") == 0) r->depth_phonetic++;
    r->takes_text = strcmp(name, "t") == 0 && !r->depth_phonetic && r->n_strings;
}

static void strings_end(void *data, const char *name) {
    reader *r = data;
    if (strcmp(name, "t") == 0) r->takes_text = false;
    if (strcmp(name, "rPh") == 0) r->depth_phonetic--;
    if (strcmp(name, "si") == 0) mech_text_append(&r->strings, "", 1);
    if (r->strings.failed) short_of_memory(r);
}

static void strings_characters(void *data, const char *characters, int length) {
    reader *r = data;
    if (r->takes_text) mech_text_append(&r->strings, characters, (size_t)length);
    if (r->strings.failed) short_of_memory(r);
}

/* What a number format of one's own shows: letters outside of quotes, colours and escapes. */
static moment_style style_of_code(const char *code) {
    bool date = false, time = false;
    for (const char *c = code; *c && *c != ';'; c++) {
        if (*c == '"') {
            while (c[1] && c[1] != '"') c++;
            if (c[1]) c++;
        } else if (*c == '\\' || *c == '_' || *c == '*') {
            if (c[1]) c++;
        } else if (*c == '[') {
            time |= strncasecmp(c, "[h", 2) == 0 || strncasecmp(c, "[m", 2) == 0 || strncasecmp(c, "[s", 2) == 0;
            while (c[1] && *c != ']') c++;
        } else if (strchr("yYdD", *c)) {
            date = true;
        } else if (strchr("hHsS", *c)) {
            time = true;
        } else if (strncasecmp(c, "general", 7) == 0) {
            return STYLE_NUMBER;
        }
    }
    return date ? STYLE_DATE : time ? STYLE_TIME : STYLE_NUMBER;
}

static moment_style style_of_format(const reader *r, long id) {
    for (size_t i = 0; i < r->n_formats; i++)
        if (r->formats[i].id == id) return r->formats[i].style;
    if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return STYLE_DATE;
    return (id >= 18 && id <= 21) || (id >= 45 && id <= 47) ? STYLE_TIME : STYLE_NUMBER;
}

static void styles_start(void *data, const char *name, const char **attributes) {
    reader *r = data;
    const char *id = mech_xml_attribute(attributes, "numFmtId");
    if (strcmp(name, "cellXfs") == 0) r->in_cell_formats = true;
    if (strcmp(name, "numFmt") == 0 && id && r->n_formats < MOST_STYLES) {
        const char *code = mech_xml_attribute(attributes, "formatCode");
        void *grown = realloc(r->formats, (r->n_formats + 1) * sizeof *r->formats);
        if (!grown) {
            short_of_memory(r);
            return;
        }
        r->formats = grown;
        r->formats[r->n_formats].id = strtol(id, NULL, 10);
        r->formats[r->n_formats++].style = style_of_code(code ? code : "");
    }
    if (strcmp(name, "xf") == 0 && r->in_cell_formats && r->n_styles < MOST_STYLES) {
        unsigned char *grown = realloc(r->styles, r->n_styles + 1);
        if (!grown) {
            short_of_memory(r);
            return;
        }
        r->styles = grown;
        r->styles[r->n_styles++] = (unsigned char)style_of_format(r, id ? strtol(id, NULL, 10) : 0);
    }
}

static void styles_end(void *data, const char *name) {
    reader *r = data;
    if (strcmp(name, "cellXfs") == 0) r->in_cell_formats = false;
}

static void no_characters(void *data, const char *characters, int length) {
    (void)data, (void)characters, (void)length;
}
static void no_end(void *data, const char *name) { (void)data, (void)name; }

/* "B4" to column 1 (from 0) and line 4; leaves both where it is no reference. */
static void read_reference(const char *reference, size_t *column, uint32_t *line) {
    size_t c = 0, digits = 0;
    const char *at = reference;
    for (; *at >= 'A' && *at <= 'Z' && c < 1000000; at++) c = c * 26 + (size_t)(*at - 'A' + 1);
    uint32_t n = 0;
    for (; *at >= '0' && *at <= '9' && digits < 9; at++, digits++) n = n * 10 + (uint32_t)(*at - '0');
    if (!c || *at) return;
    *column = c - 1;
    if (digits) *line = n;
}

static char kind_of_cell(const char *kind) {
    return strcmp(kind, "s") == 0 ? 's' : strcmp(kind, "b") == 0 ? 'b' : strcmp(kind, "n") == 0 ? 'n' : 't';
}

static void sheet_start(void *data, const char *name, const char **attributes) {
    reader *r = data;
    if (name[0] == 'r' && strcmp(name, "row") == 0) {
        const char *line = mech_xml_attribute(attributes, "r");
        const unsigned long number = line ? strtoul(line, NULL, 10) : 0;
        r->row = number && number < 100000000 ? (uint32_t)number : r->row + 1;
        r->status = mech_sheet_begin_row(r->s, r->row, r->error);
        r->in_row = true;
        r->column = 0;
        r->filled = 0;
    } else if (name[0] == 'c' && !name[1] && r->in_row) {
        uint32_t line = r->row;
        r->kind = 'n';
        r->style = 0;
        for (; *attributes; attributes += 2) {
            const char *attribute = attributes[0], *value = attributes[1];
            if (attribute[1]) continue;
            if (*attribute == 'r') read_reference(value, &r->column, &line);
            if (*attribute == 't') r->kind = kind_of_cell(value);
            if (*attribute == 's') r->style = strtoul(value, NULL, 10);
        }
        r->value.length = 0;
        r->in_cell = true;
    } else if (strcmp(name, "rPh") == 0) {
        r->depth_phonetic++;
    }
    r->takes_text = r->in_cell && !r->depth_phonetic && (*name == 'v' || *name == 't') && !name[1];
}

/* Puts the cell's text into the sheet, behind blanks where cells were left out. */
static void take_cell(reader *r) {
    const char *value = r->value.length ? r->value.characters : "";
    size_t length = r->value.length;
    char moment[64];
    if (r->kind == 's') {
        uint64_t index = 0;
        const bool known = mech_parse_whole(value, length, &index) && index < r->n_strings;
        value = known ? r->strings.characters + r->string_at[index] : "";
        length = strlen(value);
    } else if (r->kind == 'b') {
        value = length && *value == '1' ? "TRUE" : "FALSE";
        length = strlen(value);
    } else if (r->kind == 'n' && length && r->style < r->n_styles && r->styles[r->style] != STYLE_NUMBER) {
        double days = 0;
        if (mech_parse_number(value, length, '.', &days)) {
            const bool date = r->styles[r->style] == STYLE_DATE;
            mech_write_moment(days + (date && r->from_1904 ? 1462 : 0), date, moment, sizeof moment);
            value = moment;
            length = strlen(moment);
        }
    }
    while (r->status == MECH_OK && length && r->filled < r->column) {
        r->status = mech_sheet_add_text(r->s, "", 0, r->error);
        r->filled++;
    }
    /* A cell that stands before one that was read is out of order; the later one counts no more than the former. */
    if (r->status == MECH_OK && length && r->filled == r->column) {
        r->status = mech_sheet_add_text(r->s, value, length, r->error);
        r->filled++;
    }
    r->column++;
}

static void sheet_end(void *data, const char *name) {
    reader *r = data;
    if (!name[1]) {
        if (*name == 'v' || *name == 't') r->takes_text = false;
        if (*name == 'c' && r->in_cell) {
            take_cell(r);
            r->in_cell = false;
        }
    } else if (strcmp(name, "rPh") == 0) {
        r->depth_phonetic--;
    } else if (strcmp(name, "row") == 0 && r->in_row) {
        mech_sheet_end_row(r->s);
        r->in_row = false;
    }
    if (r->value.failed) short_of_memory(r);
}

static void sheet_characters(void *data, const char *characters, int length) {
    reader *r = data;
    if (r->takes_text) mech_text_append(&r->value, characters, (size_t)length);
}

static mech_status parse_part(reader *r, const char *part, bool needed, const xml_pass *pass) {
    return mech_part_parse(r->bytes, r->length, part, needed, pass, r->source, r->error);
}

static mech_status parse_sheet(reader *r, const listed_sheet *listed) {
    const xml_pass pass = {sheet_start, sheet_end, sheet_characters, r, &r->status};
    if (!*listed->part) return MECH_OK; /* a chart */
    if (listed->hidden) {
        mech_note(r->list, "the hidden sheet '%.60s' was passed over", listed->name);
        return MECH_OK;
    }
    r->s = mech_workbook_add(r->book, listed->name, r->length, r->source, r->error);
    if (!r->s) return MECH_OUT_OF_MEMORY;
    r->in_row = r->in_cell = r->takes_text = false;
    r->row = 0;
    r->depth_phonetic = 0;
    mech_status status = parse_part(r, listed->part, true, &pass);
    if (status == MECH_OK && !r->s->n_rows) {
        mech_sheet_free(r->s);
        r->book->n_sheets--;
    }
    return status;
}

mech_status mech_xlsx_parse(const char *bytes, size_t length, const char *source, workbook *book, notes *list,
                            mech_error *error) {
    reader r = {.bytes = bytes, .length = length, .source = source, .book = book, .list = list, .error = error};
    const xml_pass sheets = {workbook_start, no_end, no_characters, &r, &r.status};
    const xml_pass relations = {relations_start, no_end, no_characters, &r, &r.status};
    const xml_pass strings = {strings_start, strings_end, strings_characters, &r, &r.status};
    const xml_pass styles = {styles_start, styles_end, no_characters, &r, &r.status};
    mech_status status = parse_part(&r, "xl/workbook.xml", true, &sheets);
    if (status == MECH_OK) status = parse_part(&r, "xl/_rels/workbook.xml.rels", true, &relations);
    if (status == MECH_OK) status = parse_part(&r, "xl/sharedStrings.xml", false, &strings);
    if (status == MECH_OK) status = parse_part(&r, "xl/styles.xml", false, &styles);
    for (size_t i = 0; i < r.n_listed && status == MECH_OK; i++) status = parse_sheet(&r, &r.listed[i]);
    free(r.listed);
    free(r.string_at);
    free(r.styles);
    free(r.formats);
    mech_text_free(&r.strings);
    mech_text_free(&r.value);
    return status;
}
