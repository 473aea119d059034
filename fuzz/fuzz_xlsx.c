/* Any sheet, shared strings and styles of an Excel workbook, and any archive, are read or refused. The three parts
 * stand one after the other with a byte 0x01 between them. */
#include "archive.h"
#include "soundness.h"

static const char WORKBOOK[] = "<workbook><sheets><sheet name=\"run A\" r:id=\"rId1\" xmlns:r=\"r\"/>"
                               "<sheet name=\"run B\" r:id=\"rId2\" xmlns:r=\"r\"/></sheets></workbook>";
static const char RELATIONS[] = "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/>"
                                "<Relationship Id=\"rId2\" Target=\"/xl/worksheets/sheet1.xml\"/></Relationships>";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *bytes = (const char *)data;
    if (size > 4 && memcmp(bytes, "PK\3\4", 4) == 0) {
        mech_experiment_free(read_soundly(bytes, size));
        return 0;
    }
    const char *first = size ? memchr(bytes, 1, size) : NULL;
    const size_t sheet = first ? (size_t)(first - bytes) : size, rest = first ? sheet + 1 : size;
    const char *second = rest < size ? memchr(bytes + rest, 1, size - rest) : NULL;
    const size_t strings_end = second ? (size_t)(second - bytes) : size, styles = second ? strings_end + 1 : size;
    const archive_part parts[] = {
        {"xl/workbook.xml", WORKBOOK, sizeof WORKBOOK - 1},
        {"xl/_rels/workbook.xml.rels", RELATIONS, sizeof RELATIONS - 1},
        {"xl/worksheets/sheet1.xml", bytes, sheet},
        {"xl/sharedStrings.xml", bytes + rest, strings_end - rest},
        {"xl/styles.xml", bytes + styles, size - styles},
    };
    const size_t n = styles < size ? 5 : rest < size ? 4 : 3;
    size_t length = 0;
    char *archive = make_archive(parts, n, &length);
    require(archive != NULL);
    mech_experiment_free(read_soundly(archive, length));
    free(archive);
    return 0;
}
