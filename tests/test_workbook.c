/* Workbooks are read cell by cell as the texts that they could be saved as; what is broken or made to burst is refused.
 */
#include "../fuzz/archive.h"
#include "mechanist.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char BOOK[] = "<workbook><sheets><sheet name=\"a\" id=\"r1\"/><sheet name=\"b\" id=\"r2\"/>"
                           "<sheet name=\"old\" state=\"hidden\" id=\"r1\"/></sheets></workbook>";
static const char RELATIONS[] = "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/>"
                                "<Relationship Id=\"r2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>";
static const char STRINGS[] = "<sst><si><t>time</t></si><si><r><t>S / </t></r><r><t>mM</t></r><rPh><t>x</t></rPh></si>"
                              "<si><t>cat</t></si></sst>";
static const char STYLES[] =
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"[h]:mm:ss\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"0.00&quot;d&quot;\"/></numFmts><cellXfs><xf "
    "numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"22\"/><xf numFmtId=\"165\"/></cellXfs>"
    "</styleSheet>";

#define HEADER                                                                                                         \
    "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"D1\" "                        \
    "t=\"s\"><v>2</v></c></row>"

static mech_status parse_xlsx(const char *first, const char *second, mech_experiment **e, mech_error *error) {
    const archive_part parts[] = {{"xl/workbook.xml", BOOK, sizeof BOOK - 1},
                                  {"xl/_rels/workbook.xml.rels", RELATIONS, sizeof RELATIONS - 1},
                                  {"xl/sharedStrings.xml", STRINGS, sizeof STRINGS - 1},
                                  {"xl/styles.xml", STYLES, sizeof STYLES - 1},
                                  {"xl/worksheets/sheet1.xml", first, strlen(first)},
                                  {"xl/worksheets/sheet2.xml", second, strlen(second)}};
    size_t length = 0;
    char *bytes = make_archive(parts, 6, &length);
    assert_non_null(bytes);
    mech_status status = mech_experiment_parse(bytes, length, "f.xlsx", NULL, e, error);
    free(bytes);
    return status;
}

static void sheets_strings_and_styles_are_read(void **state) {
    (void)state;
    /* Times in a format of hours, a formula's value, a cell with a text of its own; a date and time in the second. */
    static const char first[] = "<worksheet><sheetData>" HEADER
                                "<row r=\"2\"><c r=\"A2\" s=\"1\"><v>0</v></c><c r=\"B2\"><f>1+1</f><v>2</v></c>"
                                "<c r=\"D2\" s=\"3\"><v>0.5</v></c></row><row r=\"4\"><c r=\"A4\" "
                                "s=\"1\"><v>1.0625</v></c><c r=\"B4\"><v>1</v></c>"
                                "</row></sheetData></worksheet>";
    static const char second[] =
        "<worksheet><sheetData>" HEADER "<row r=\"2\"><c r=\"A2\" s=\"2\"><v>45000.5</v></c><c r=\"B2\"><v>4</v></c><c "
        "r=\"D2\"><v>0.5</v></c></row><row r=\"3\"><c r=\"A3\" s=\"2\"><v>45000.75</v></c><c r=\"B3\" "
        "t=\"inlineStr\"><is><t>"
        "n.d.</t></is></c></row><row r=\"4\"><c r=\"A4\" s=\"2\"><v>45001</v></c><c r=\"B4\" "
        "t=\"str\"><v>1e0</v></c></row>"
        "</sheetData></worksheet>";
    mech_experiment *e = NULL;
    mech_error error = {0};
    if (parse_xlsx(first, second, &e, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(mech_experiment_n_runs(e), 2);
    const mech_run *a = mech_experiment_run(e, 0), *b = mech_experiment_run(e, 1);
    assert_string_equal(a->name, "a");
    assert_string_equal(mech_experiment_concentration_unit(e), "mM");
    assert_true(a->s0 == 2 && a->cat0 == 0.5 && a->n_readings == 2 && fabs(a->time[1] - 25.5 * 60) < 1e-6);
    assert_true(b->s0 == 4 && b->n_readings == 2 && b->time[0] == 0 && fabs(b->time[1] - 12 * 60) < 1e-6);
    bool told = false;
    for (size_t i = 0; i < mech_experiment_n_warnings(e); i++)
        told |= strcmp(mech_experiment_warning(e, i), "the hidden sheet 'old' was passed over") == 0;
    assert_true(told);
    mech_experiment_free(e);
}

static void bad_cells_are_named(void **state) {
    (void)state;
    static const struct {
        const char *row, *message;
    } cases[] = {
        {"<row r=\"3\"><c r=\"A3\"><v>1</v></c><c r=\"B3\" t=\"inlineStr\"><is><t>one</t></is></c></row>",
         "f.xlsx, sheet 'a', cell B3: column 2 ('S / mM'): 'one' is not a number; expected one like 0.25"},
        {"<row r=\"3\"><c r=\"A3\"><v>1</v></c><c r=\"B3\" s=\"2\"><v>45000</v></c></row>",
         "f.xlsx, sheet 'a', cell B3: column 2 ('S / mM') holds dates or times of day; expected concentrations"},
        {"<row r=\"3\"><c r=\"A3\"><v>1</v></c><c r=\"B3\"><v>-1</v></c></row>",
         "f.xlsx, sheet 'a', cell B3: column 2 ('S / mM'): the concentration -1 is negative; expected 0 or more (noise "
         "down "
         "to -0.1 is taken)"},
        {"<row r=\"3\"><c r=\"ZZZ3\"><v>1</v></c></row>",
         "f.xlsx, sheet 'a', row 3: more than 4096 cells in one line; expected a table of kinetic runs"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char sheet[2048];
        mech_experiment *e = NULL;
        mech_error error = {0};
        snprintf(sheet, sizeof sheet,
                 "<worksheet><sheetData>" HEADER "<row r=\"2\"><c r=\"A2\"><v>0</v></c><c r=\"B2\"><v>2</v></c><c "
                 "r=\"D2\"><v>0.5</v></c></row>%s<row r=\"4\"><c r=\"A4\"><v>4</v></c><c r=\"B4\"><v>1</v></c></row>"
                 "</sheetData></worksheet>",
                 cases[i].row);
        assert_int_equal(parse_xlsx(sheet, "<worksheet/>", &e, &error), MECH_INVALID_INPUT);
        assert_string_equal(error.message, cases[i].message);
    }
}

#define NAMES "<o xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\" xmlns:style=\"s\">"
#define WORD(word) "<table:table-cell office:value-type=\"string\"><text:p>" word "</text:p></table:table-cell>"
#define NUMBER(n)                                                                                                      \
    "<table:table-cell office:value-type=\"float\" office:value=\"" n "\"><text:p>shown</text:p></table:table-cell>"

static mech_status parse_ods(const char *content, mech_experiment **e, mech_error *error) {
    const archive_part part = {"content.xml", content, strlen(content)};
    size_t length = 0;
    char *bytes = make_archive(&part, 1, &length);
    assert_non_null(bytes);
    mech_status status = mech_experiment_parse(bytes, length, "f.ods", NULL, e, error);
    free(bytes);
    return status;
}

static void open_documents_are_read(void **state) {
    (void)state;
    static const char content[] = NAMES
        "<style:style style:name=\"h\"><style:table-properties table:display=\"false\"/></style:style>"
        "<table:table table:name=\"notes\" table:style-name=\"h\"><table:table-row>" WORD(
            "x") "</table:table-row></table:table>"
                 "<table:table table:name=\"data\"><table:table-row>" WORD("time") WORD(
                     "S") "<table:table-cell "
                          "table:number-columns-repeated=\"2\"/>" WORD(
                              "cat") "</table:table-row><table:table-row><table:table-cell "
                                     "office:value-type=\"time\" "
                                     "office:time-value=\"PT00H00M00S\"/>" NUMBER(
                                         "2") "<table:table-cell/><table:table-cell/"
                                              ">" NUMBER("0.5") "</"
                                                                "table:table-row><table:"
                                                                "table-row><table:table-"
                                                                "cell "
                                                                "office:value-type=\"time\" "
                                                                "office:time-value="
                                                                "\"PT01H30M00S\"><office:"
                                                                "annotation><text:p>late</"
                                                                "text:p></"
                                                                "office:annotation></"
                                                                "table:table-cell>" NUMBER("1") "</"
                                                                                                "table:table-row><"
                                                                                                "table:table-row "
                                                                                                "table:number-rows-"
                                                                                                "repeated="
                                                                                                "\"1048570\"><"
                                                                                                "table:table-cell "
                                                                                                "table:number-"
                                                                                                "columns-repeated="
                                                                                                "\"16384\"/></"
                                                                                                "table:table-row></"
                                                                                                "table:table></o>";
    mech_experiment *e = NULL;
    mech_error error = {0};
    if (parse_ods(content, &e, &error) != MECH_OK) fail_msg("%s", error.message);
    const mech_run *run = mech_experiment_run(e, 0);
    assert_true(run->n_readings == 2 && run->time[1] == 90 && run->substrate[1] == 1 && run->cat0 == 0.5);
    mech_experiment_free(e);
}

/* Deflates an element of so many blanks into an archive of one part; the caller frees it. */
static char *make_bomb(const char *name, size_t n_blanks, size_t *length) {
    unsigned char blanks[4096];
    size_t room = n_blanks / 500 + 4096;
    memset(blanks, ' ', sizeof blanks);
    memcpy(blanks, "<a>", 3);
    unsigned char *packed = malloc(room);
    z_stream z = {.next_out = packed, .avail_out = (uInt)room};
    assert_non_null(packed);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
    for (size_t done = 0; done < n_blanks; done += sizeof blanks) {
        z.next_in = blanks;
        z.avail_in = sizeof blanks;
        assert_int_equal(deflate(&z, done + sizeof blanks < n_blanks ? Z_NO_FLUSH : Z_FINISH),
                         done + sizeof blanks < n_blanks ? Z_OK : Z_STREAM_END);
        memset(blanks, ' ', 3);
    }
    const archive_part part = {name, (const char *)packed, z.total_out};
    deflateEnd(&z);
    char *bytes = make_archive(&part, 1, length);
    assert_non_null(bytes);
    bytes[8] = 8; /* the method, here and in the directory */
    char *entry = bytes + *length - 22 - 46 - strlen(name);
    entry[10] = 8;
    free(packed);
    return bytes;
}

static void broken_and_bursting_archives_are_refused(void **state) {
    (void)state;
    mech_experiment *e = NULL;
    mech_error error = {0};
    size_t length = 0;
    char *bomb = make_bomb("content.xml", (size_t)64 << 20, &length);
    assert_int_equal(mech_experiment_parse(bomb, length, "f.ods", NULL, &e, &error), MECH_INVALID_INPUT);
    assert_non_null(strstr(error.message, "unpacks to more than"));
    free(bomb);
    assert_int_equal(parse_ods("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", &e, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message,
                        "f.ods: its part 'content.xml' declares a document type, which no workbook does");
    assert_int_equal(parse_ods("<a><b></a>", &e, &error), MECH_INVALID_INPUT);
    assert_non_null(strstr(error.message, "f.ods: is a broken workbook: line 1"));
    assert_int_equal(parse_ods(NAMES "</o>", &e, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "f.ods: its sheets are empty; expected a table");
    const archive_part part = {"word/document.xml", "x", 1};
    char *other = make_archive(&part, 1, &length);
    assert_int_equal(mech_experiment_parse(other, length, "f.docx", NULL, &e, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message,
                        "f.docx: is a zip archive without a workbook in it; expected a table (CSV, TSV, XLSX or ODS)");
    /* Each byte of the directory may be wrong, and every part may be cut. */
    const archive_part content = {"content.xml", "<a/>", 4};
    free(other);
    other = make_archive(&content, 1, &length);
    for (size_t i = 0; i < length; i++) {
        char *cut = malloc(i + 1);
        assert_non_null(cut);
        memcpy(cut, other, i);
        assert_int_not_equal(mech_experiment_parse(cut, i, "f.ods", NULL, &e, &error), MECH_OK);
        free(cut);
        const char kept = other[i];
        other[i] = (char)(kept ^ 0x41);
        assert_int_not_equal(mech_experiment_parse(other, length, "f.ods", NULL, &e, &error), MECH_OK);
        other[i] = kept;
    }
    free(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sheets_strings_and_styles_are_read),
        cmocka_unit_test(bad_cells_are_named),
        cmocka_unit_test(open_documents_are_read),
        cmocka_unit_test(broken_and_bursting_archives_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
