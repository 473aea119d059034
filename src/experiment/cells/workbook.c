#include "experiment/cells/workbook.h"

#include "base/files/text.h"
#include "experiment/cells/archive.h"
#include "experiment/cells/encoding.h"
#include "experiment/cells/formats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

sheet *mech_workbook_add(workbook *book, const char *name, size_t length, const char *source, mech_error *error) {
    if (book->n_sheets >= MAX_SHEETS) {
        mech_fail(error, MECH_INVALID_INPUT, "%s: more than %d sheets; expected fewer", source, (int)MAX_SHEETS);
        return NULL;
    }
    sheet *grown = realloc(book->sheets, (book->n_sheets + 1) * sizeof *grown);
    if (!grown) {
        mech_fail_memory(error);
        return NULL;
    }
    book->sheets = grown;
    sheet *s = &grown[book->n_sheets++];
    *s = (sheet){.source = source, .of_workbook = true, .most_bytes = mech_sheet_limit(length)};
    snprintf(s->name, sizeof s->name, "%.60s", name);
    mech_drop_broken_characters(s->name);
    return s;
}

void mech_workbook_free(workbook *book) {
    for (size_t i = 0; i < book->n_sheets; i++) mech_sheet_free(&book->sheets[i]);
    free(book->sheets);
    *book = (workbook){0};
}

/* The name of an element or attribute without its prefix. */
static const char *local_name(const char *name) {
    const char *local = name;
    for (const char *c = name; *c; c++)
        if (*c == ':') local = c + 1;
    return local;
}

const char *mech_xml_attribute(const char **attributes, const char *name) {
    for (; *attributes; attributes += 2) {
        const char *own = local_name(attributes[0]);
        if (*own == *name && strcmp(own, name) == 0) return attributes[1];
    }
    return NULL;
}

/* What stops a parser. */
typedef struct watched {
    const xml_pass *pass;
    XML_Parser parser;
    bool doctype, moved; /* whether anything was found since it was unset */
} watched;

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **attributes) {
    watched *w = data;
    w->moved = true;
    w->pass->start(w->pass->data, local_name(name), attributes);
    if (*w->pass->status != MECH_OK) XML_StopParser(w->parser, XML_FALSE);
}

static void XMLCALL on_end(void *data, const XML_Char *name) {
    watched *w = data;
    w->moved = true;
    if (*w->pass->status == MECH_OK) w->pass->end(w->pass->data, local_name(name));
    if (*w->pass->status != MECH_OK) XML_StopParser(w->parser, XML_FALSE);
}

static void XMLCALL on_characters(void *data, const XML_Char *characters, int length) {
    watched *w = data;
    w->moved = true;
    if (*w->pass->status == MECH_OK) w->pass->characters(w->pass->data, characters, length);
    if (*w->pass->status != MECH_OK) XML_StopParser(w->parser, XML_FALSE);
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                               int has_subset) {
    watched *w = data;
    (void)name, (void)system, (void)public, (void)has_subset;
    w->doctype = true;
    XML_StopParser(w->parser, XML_FALSE);
}

/* Hands the member to the parser piece by piece. A tag that does not end within a piece is looked at from its begin
 * once more with the next, which therefore is twice as long. */
static mech_status feed(watched *w, archive_member *member, const char *source, const char *part, bool *parsed,
                        mech_error *error) {
    enum { PIECE = 1 << 16, LONGEST_TAG = 1 << 22 };
    size_t piece = PIECE, n = 1;
    *parsed = true;
    while (n && *parsed) {
        char *to = XML_GetBuffer(w->parser, (int)piece);
        if (!to) return mech_fail_memory(error);
        const mech_status status = mech_archive_next(member, to, piece, &n, error);
        if (status != MECH_OK) return status;
        w->moved = false;
        *parsed = XML_ParseBuffer(w->parser, (int)n, n == 0) == XML_STATUS_OK;
        piece = w->moved ? PIECE : 2 * piece;
        if (piece > LONGEST_TAG)
            return mech_fail(error, MECH_INVALID_INPUT,
                             "%s: a tag in its part '%.60s' is longer than %d MB; expected "
                             "a workbook",
                             source, part, LONGEST_TAG >> 20);
    }
    return MECH_OK;
}

static mech_status parse_xml(archive_member *member, const xml_pass *pass, const char *source, const char *part,
                             mech_error *error) {
    watched w = {.pass = pass, .parser = XML_ParserCreate(NULL)};
    if (!w.parser) return mech_fail_memory(error);
    XML_SetUserData(w.parser, &w);
    XML_SetElementHandler(w.parser, on_start, on_end);
    XML_SetCharacterDataHandler(w.parser, on_characters);
    XML_SetStartDoctypeDeclHandler(w.parser, on_doctype);
    bool parsed = false;
    mech_status status = feed(&w, member, source, part, &parsed, error);
    if (status != MECH_OK) {
        XML_ParserFree(w.parser);
        return status;
    }
    if (*pass->status != MECH_OK)
        status = *pass->status;
    else if (w.doctype)
        status = mech_fail(error, MECH_INVALID_INPUT,
                           "%s: its part '%.60s' declares a document type, which no workbook does", source, part);
    else if (!parsed && XML_GetErrorCode(w.parser) == XML_ERROR_NO_MEMORY)
        status = mech_fail_memory(error);
    else if (!parsed)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s: is a broken workbook: line %lu of its part '%.60s': %s",
                           source, (unsigned long)XML_GetCurrentLineNumber(w.parser), part,
                           XML_ErrorString(XML_GetErrorCode(w.parser)));
    XML_ParserFree(w.parser);
    return status;
}

mech_status mech_part_parse(const char *bytes, size_t length, const char *part, bool needed, const xml_pass *pass,
                            const char *source, mech_error *error) {
    archive_member *member = NULL;
    mech_status status = mech_archive_open(bytes, length, part, mech_part_limit(length), source, &member, error);
    if (status == MECH_OK && member)
        status = parse_xml(member, pass, source, part, error);
    else if (status == MECH_OK && needed)
        status =
            mech_fail(error, MECH_INVALID_INPUT, "%s: is a broken workbook: it lacks its part '%.60s'", source, part);
    mech_archive_close(member);
    return status;
}

/* The civil date of a day counted from 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms"). */
static void civil_date(long day, long *year, long *month, long *of_month) {
    day += 719468;
    const long era = (day >= 0 ? day : day - 146096) / 146097, of_era = day - era * 146097;
    const long year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const long of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const long shifted = (5 * of_year + 2) / 153;
    *of_month = of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted < 10 ? shifted + 3 : shifted - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

void mech_write_moment(double days, bool date, char *to, size_t room) {
    static const long FIRST_DAY = -25569; /* 1899-12-30 */
    if (!(fabs(days) < 1e6)) {
        snprintf(to, room, "#VALUE!");
        return;
    }
    const double whole = date ? floor(days) : 0, milliseconds = round((days - whole) * 86400e3);
    const double magnitude = fabs(milliseconds);
    const long hours = (long)(magnitude / 3600e3);
    const int minutes = (int)(fmod(magnitude, 3600e3) / 60e3);
    const double seconds = fmod(magnitude, 60e3) / 1e3;
    size_t n = 0;
    if (date) {
        long year, month, day;
        civil_date((long)whole + FIRST_DAY + hours / 24, &year, &month, &day);
        n = (size_t)snprintf(to, room, "%04ld-%02ld-%02ld ", year, month, day);
    }
    if (n < room)
        snprintf(to + n, room - n, "%s%02ld:%02d:%06.3f", milliseconds < 0 ? "-" : "", date ? hours % 24 : hours,
                 minutes, seconds);
    for (char *c = to; *c; c++)
        if (*c == ',') *c = '.';
}

mech_status mech_workbook_parse(const char *bytes, size_t length, char **owned, const char *source, workbook *book,
                                notes *list, mech_error *error) {
    *book = (workbook){0};
    mech_status status = MECH_OK;
    if (mech_is_archive(bytes, length)) {
        if (!mech_archive_is_whole(bytes, length))
            status = mech_fail(error, MECH_INVALID_INPUT,
                               "%s: is a broken workbook: its end is missing; was it copied or saved whole?", source);
        else if (mech_archive_holds(bytes, length, "xl/workbook.xml"))
            status = mech_xlsx_parse(bytes, length, source, book, list, error);
        else if (mech_archive_holds(bytes, length, "content.xml"))
            status = mech_ods_parse(bytes, length, source, book, list, error);
        else
            status = mech_fail(
                error, MECH_INVALID_INPUT,
                "%s: is a zip archive without a workbook in it; expected a table (CSV, TSV, XLSX or ODS)", source);
        if (status == MECH_OK && !book->n_sheets)
            status = mech_fail(error, MECH_INVALID_INPUT, "%s: its sheets are empty; expected a table", source);
    } else {
        char *decoded = NULL;
        size_t n = 0;
        status = mech_decode_text(bytes, length, source, owned, &decoded, &n, error);
        if (status == MECH_OK) {
            sheet *s = mech_workbook_add(book, "", length, source, error);
            if (s)
                status = mech_sheet_cut(s, decoded, n, source, error);
            else
                status = MECH_OUT_OF_MEMORY, free(decoded);
        }
    }
    if (status != MECH_OK) mech_workbook_free(book);
    return status;
}
