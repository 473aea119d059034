/* Delimited text as cells. */
#include "experiment/cells/sheet.h"

#include "experiment/cells/encoding.h"

#include <math.h>
#include <string.h>

enum { LINES_LOOKED_AT = 64, MOST_REMARKS = 4096 };

/* A place in the text while it is cut into cells in place: cells never grow, so writing never overtakes reading. */
typedef struct cutter {
    sheet *s;
    char *at, *end; /* a NUL stands at the end */
    uint32_t line;
    size_t n_remarks;
    bool ends[256]; /* characters that end a cell: the separator, line ends, NUL */
} cutter;

static bool is_line_end(char c) { return c == '\n' || c == '\r'; }
static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static void pass_line_end(cutter *c) {
    if (c->at >= c->end) return;
    if (*c->at == '\r' && c->at + 1 < c->end && c->at[1] == '\n') c->at++;
    c->at++;
    c->line++;
}

static char *end_of_line(char *from, const char *end) {
    while (from < end && !is_line_end(*from)) from++;
    return from;
}

static bool may_be_blank(char c) { return is_blank(c) || c == '\xC2' || c == '\xA0'; }

/* Trims spaces, also those that do not break (U+00A0, which spreadsheets leave behind). */
static char *trimmed(char *cell, char *end) {
    for (;;) {
        if (cell < end && is_blank(*cell))
            cell++;
        else if (end - cell >= 2 && memcmp(cell, "\xC2\xA0", 2) == 0)
            cell += 2;
        else
            break;
    }
    for (;;) {
        if (cell < end && is_blank(end[-1]))
            end--;
        else if (end - cell >= 2 && memcmp(end - 2, "\xC2\xA0", 2) == 0)
            end -= 2;
        else
            break;
    }
    *end = '\0';
    return cell;
}

/* What the first lines hold outside quotes. */
typedef struct separators {
    size_t lines, tab, semicolon, comma, blank;
    size_t bare_numbers; /* lines that are nothing but two or more numbers between blanks */
} separators;

/* Whether from...end is nothing but numbers between blanks, at least two of them, with a point or a comma in each at
 * most once. */
static bool is_numbers_between_blanks(const char *from, const char *end) {
    size_t n = 0;
    while (from < end) {
        while (from < end && is_blank(*from)) from++;
        size_t digits = 0, marks = 0;
        for (; from < end && !is_blank(*from); from++) {
            if (*from >= '0' && *from <= '9')
                digits++;
            else if (*from == ',' || *from == '.')
                marks++;
            else if (!strchr("+-eE", *from))
                return false;
        }
        if (marks > 1 || (marks && !digits)) return false;
        n += digits > 0;
    }
    return n > 1;
}

static void look_at_line(const char *from, const char *end, separators *found) {
    bool quoted = false, tab = false, semicolon = false, comma = false, blank = false;
    for (const char *p = from; p < end; p++) {
        if (*p == '"') quoted = !quoted;
        if (quoted) continue;
        tab |= *p == '\t';
        semicolon |= *p == ';';
        comma |= *p == ',';
        blank |= *p == ' ' && p > from && p + 1 < end;
    }
    found->lines++;
    found->tab += tab;
    found->semicolon += semicolon;
    found->comma += comma;
    found->blank += blank;
    found->bare_numbers += is_numbers_between_blanks(from, end);
}

static char find_separator(const cutter *c) {
    separators found = {0};
    for (char *from = c->at; from < c->end && found.lines < LINES_LOOKED_AT;) {
        char *end = end_of_line(from, c->end), *text = from;
        while (text < end && is_blank(*text)) text++;
        if (text < end && *text != '#' && *text != '%') look_at_line(from, end, &found);
        from = end + 1;
    }
    if (2 * found.tab >= found.lines && found.tab) return '\t';
    if (2 * found.semicolon >= found.lines && found.semicolon) return ';';
    if (found.bare_numbers && 2 * found.bare_numbers >= found.lines) return ' ';
    if (2 * found.comma >= found.lines && found.comma) return ',';
    if (2 * found.blank >= found.lines && found.blank && !found.tab && !found.semicolon && !found.comma) return ' ';
    return found.tab ? '\t' : found.semicolon ? ';' : ',';
}

/* Cuts a quoted cell; the cutter stands at its opening quote and is left behind its closing one. */
static mech_status cut_quoted(cutter *c, char **cell, char **cell_end, mech_error *error) {
    uint32_t opened = c->line;
    char *to = c->at, *from = c->at + 1;
    *cell = to;
    for (;; from++) {
        if (from >= c->end)
            return mech_fail(error, MECH_INVALID_INPUT, "%s:%u: a quote is not closed; expected another \"",
                             c->s->source, opened);
        if (*from == '"') {
            if (from + 1 < c->end && from[1] == '"')
                from++;
            else
                break;
        } else if (*from == '\n' || (*from == '\r' && !(from + 1 < c->end && from[1] == '\n'))) {
            c->line++;
        }
        *to++ = *from;
    }
    *cell_end = to;
    c->at = from + 1;
    return MECH_OK;
}

/* Cuts one cell. The cutter is left at the separator, the line's end or the text's. */
static mech_status cut_cell(cutter *c, char separator, char **cell, char **cell_end, mech_error *error) {
    char *at = c->at, *const end = c->end;
    while (is_blank(*at) && *at != separator) at++;
    c->at = *cell = *cell_end = at;
    if (at < end && *at == '"') {
        mech_status status = cut_quoted(c, cell, cell_end, error);
        if (status != MECH_OK) return status;
        while (c->at < c->end && is_blank(*c->at) && *c->at != separator) c->at++;
        if (c->at < c->end && *c->at != separator && !is_line_end(*c->at))
            return mech_fail(error, MECH_INVALID_INPUT, "%s:%u: text follows a closing quote; expected a separator",
                             c->s->source, c->line);
        return MECH_OK;
    }
    while (!c->ends[(unsigned char)*at]) at++;
    c->at = *cell_end = at;
    return MECH_OK;
}

/* Cuts a line at its separators into a new row, which ends with the line. */
static mech_status cut_row(cutter *c, mech_error *error) {
    sheet *s = c->s;
    mech_status status = mech_sheet_begin_row(s, c->line, error);
    for (bool more = status == MECH_OK; more;) {
        char *cell, *end;
        status = cut_cell(c, s->separator, &cell, &end, error);
        if (status != MECH_OK) return status;
        /* Look at what ends the cell before trimming puts a NUL there. */
        more = c->at < c->end && *c->at == s->separator;
        bool line_over = c->at < c->end && is_line_end(*c->at);
        if (line_over) pass_line_end(c);
        if (more) c->at++;
        if (end > cell && (may_be_blank(*cell) || may_be_blank(end[-1])))
            cell = trimmed(cell, end);
        else
            *end = '\0';
        if (mech_sheet_push(s, (size_t)(cell - s->content))) continue;
        status = mech_sheet_add_offset(s, (size_t)(cell - s->content), error);
        if (status != MECH_OK) return status;
    }
    if (status == MECH_OK) mech_sheet_end_row(s);
    return status;
}

/* The end of a cell between blanks: two blanks or a tab end it always; one blank does, unless what follows is a unit,
 * "/ min" or "(min)". */
static char *end_of_word(char *at, const char *end) {
    for (;;) {
        while (at < end && !is_blank(*at)) at++;
        if (end - at < 3 || at[0] != ' ' || is_blank(at[1])) return at;
        const bool slash = at[1] == '/' && at[2] == ' ' && end - at > 3;
        if (!slash && at[1] != '(') return at;
        at += slash ? 3 : 1;
    }
}

static mech_status cut_words(cutter *c, mech_error *error) {
    char *end = end_of_line(c->at, c->end), *at = c->at;
    uint32_t line = c->line;
    c->at = end;
    pass_line_end(c);
    mech_status status = mech_sheet_begin_row(c->s, line, error);
    while (status == MECH_OK) {
        while (at < end && is_blank(*at)) at++;
        if (at >= end) break;
        char *from = at, *over = end_of_word(at, end);
        at = over < end ? over + 1 : end;
        if (*from == '"' && over - from >= 2 && over[-1] == '"') from++, over--;
        *over = '\0';
        status = mech_sheet_add_offset(c->s, (size_t)(from - c->s->content), error);
    }
    if (status == MECH_OK) mech_sheet_end_row(c->s);
    return status;
}

/* A comment is a row as well, without quotes and without its mark. */
static mech_status cut_remark(cutter *c, mech_error *error) {
    char *end = end_of_line(c->at, c->end), *at = c->at;
    uint32_t line = c->line;
    c->at = end;
    pass_line_end(c);
    if (c->n_remarks++ >= MOST_REMARKS) return MECH_OK;
    mech_status status = mech_sheet_begin_row(c->s, line, error);
    while (at < end && (is_blank(*at) || *at == '#' || *at == '%')) at++;
    const char separator = c->s->separator;
    while (status == MECH_OK && at < end) {
        while (separator == ' ' && at < end && is_blank(*at)) at++;
        if (at >= end) break;
        char *over = separator == ' ' ? end_of_word(at, end) : memchr(at, separator, (size_t)(end - at));
        if (!over) over = end;
        char *next = over < end ? over + 1 : end;
        status = mech_sheet_add_offset(c->s, (size_t)(trimmed(at, over) - c->s->content), error);
        at = next;
    }
    if (status != MECH_OK) return status;
    c->s->rows[c->s->n_rows - 1].remark = true;
    const size_t n_columns = c->s->n_columns;
    mech_sheet_end_row(c->s);
    c->s->n_columns = n_columns;
    return MECH_OK;
}

/* Passes lines that are blank; says whether a remark begins here. */
static bool pass_idle_lines(cutter *c) {
    for (;;) {
        char *from = c->at;
        while (from < c->end && is_blank(*from)) from++;
        if (from < c->end && (*from == '#' || *from == '%')) {
            c->at = from;
            return true;
        }
        if (from < c->end && !is_line_end(*from)) return false;
        c->at = from;
        if (from >= c->end) return false;
        pass_line_end(c);
    }
}

/* A first line "sep=;" is a spreadsheet's way to say how cells are separated. */
static bool pass_separator_line(cutter *c, char *separator) {
    if (c->end - c->at < 5 || memcmp(c->at, "sep=", 4) != 0) return false;
    char said = c->at[4];
    if ((said != ',' && said != ';' && said != '\t') || (c->end - c->at > 5 && !is_line_end(c->at[5]))) return false;
    c->at += 5;
    pass_line_end(c);
    *separator = said;
    return true;
}

/* Makes room for what follows if it goes on as the first lines do: growing would copy what is there again and again. */
static void reserve_rows(const cutter *c, sheet *s) {
    size_t n_lines = 0, n_cells = 0;
    const char *at = c->at;
    for (; at < c->end && n_lines < LINES_LOOKED_AT; at++) {
        n_lines += is_line_end(*at);
        n_cells += c->ends[(unsigned char)*at] || (s->separator == ' ' && is_blank(*at));
    }
    const double more = 1.05 * (double)(c->end - c->at) / (double)(at - c->at + 1);
    if (n_lines < LINES_LOOKED_AT || more < 2) return;
    mech_sheet_reserve(s, (size_t)(more * (double)n_lines), (size_t)fmin(more * (double)n_cells, MAX_TABLE_CELLS));
}

/* The cells are cut in place. */
/* NOLINTNEXTLINE(readability-non-const-parameter): through s->content */
mech_status mech_sheet_cut(sheet *s, char *text, size_t length, const char *source, mech_error *error) {
    *s = (sheet){.content = text, .length = length, .room = length + 1, .source = source};
    cutter c = {.s = s, .at = text, .end = text + length, .line = 1};
    mech_status status = MECH_OK;
    if (!pass_separator_line(&c, &s->separator)) s->separator = find_separator(&c);
    c.ends[(unsigned char)s->separator] = c.ends['\n'] = c.ends['\r'] = c.ends[0] = true;
    reserve_rows(&c, s);
    size_t n_remarks = 0;
    while (status == MECH_OK) {
        bool remark = pass_idle_lines(&c);
        if (c.at >= c.end) break;
        size_t before = s->n_rows;
        status = remark ? cut_remark(&c, error) : s->separator == ' ' ? cut_words(&c, error) : cut_row(&c, error);
        n_remarks += remark && s->n_rows > before;
    }
    if (status == MECH_OK && s->n_rows == n_remarks)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s:%u: the file holds no table; expected a line of column headers", source, c.line);
    if (status != MECH_OK) mech_sheet_free(s);
    return status;
}

mech_status mech_sheet_parse(const char *bytes, size_t length, const char *source, sheet *s, mech_error *error) {
    char *decoded = NULL;
    size_t n = 0, kept = 0;
    *s = (sheet){0};
    mech_status status = mech_decode_text(bytes, length, source, NULL, &decoded, &n, error);
    if (status == MECH_OK) status = mech_sheet_cut(s, decoded, n, source, error);
    if (status != MECH_OK) return status;
    for (size_t row = 0; row < s->n_rows; row++)
        if (!s->rows[row].remark) s->rows[kept++] = s->rows[row];
    s->n_rows = kept;
    return MECH_OK;
}
