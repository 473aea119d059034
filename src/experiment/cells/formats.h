/* The readers of single formats, for workbook.c. */
#ifndef MECH_EXPERIMENT_CELLS_FORMATS_H
#define MECH_EXPERIMENT_CELLS_FORMATS_H

#include "experiment/cells/workbook.h"

#include <expat.h>

/* How many bytes one file inside a workbook of that length may unpack to: sheets pack to a twentieth at best, what
 * packs to less than a hundredth is made to burst. */
static inline size_t mech_part_limit(size_t length) {
    const size_t limit = ((size_t)16 << 20) + 100 * length, most = (size_t)1 << 30;
    return limit < most ? limit : most;
}

mech_status mech_xlsx_parse(const char *bytes, size_t length, const char *source, workbook *book, notes *list,
                            mech_error *error);
mech_status mech_ods_parse(const char *bytes, size_t length, const char *source, workbook *book, notes *list,
                           mech_error *error);

/* A new sheet of the book, whose cells may take up mech_sheet_limit(length) bytes; NULL where memory is short or there
 * are too many, with *error filled. */
sheet *mech_workbook_add(workbook *book, const char *name, size_t length, const char *source, mech_error *error);

/* How many bytes a sheet's cells may take up: what a file of that length holds takes a third of it at most. */
static inline size_t mech_sheet_limit(size_t length) { return ((size_t)16 << 20) + 8 * length; }

/* One pass of expat over a part of a workbook, piece by piece. Handlers set *status, with its message in *error, to
 * stop. A document type, which no workbook has and entities could hide in, is refused. A part that is not there is
 * passed over unless it is needed. */
typedef struct xml_pass {
    XML_StartElementHandler start;
    XML_EndElementHandler end;
    XML_CharacterDataHandler characters;
    void *data;
    mech_status *status;
} xml_pass;
mech_status mech_part_parse(const char *bytes, size_t length, const char *part, bool needed, const xml_pass *pass,
                            const char *source, mech_error *error);

/* An attribute by its name without prefix; NULL where there is none. */
const char *mech_xml_attribute(const char **attributes, const char *name);

/* A moment or a length of time, counted in days, as the text that tables have for it: a date with time from 1899-12-30
 * on, or hours, minutes and seconds. */
void mech_write_moment(double days, bool date, char *to, size_t room);

#endif
