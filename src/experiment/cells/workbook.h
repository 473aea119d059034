/* Whatever holds tables, as sheets of cells: delimited texts, Excel's workbooks (.xlsx), OpenDocument's (.ods). */
#ifndef MECH_EXPERIMENT_CELLS_WORKBOOK_H
#define MECH_EXPERIMENT_CELLS_WORKBOOK_H

#include "experiment/cells/sheet.h"
#include "experiment/notes/notes.h"

enum { MAX_SHEETS = 256 };

typedef struct workbook {
    sheet *sheets; /* [n_sheets]; owned */
    size_t n_sheets;
} workbook;

/* Reads bytes[length] by what they are, not by the file's name, which `source` gives for messages and which must live
 * as long as *book. A text whose *owned is `bytes` may be taken over (mech_decode_text()); owned may be NULL. Hidden
 * and empty sheets are passed over, hidden ones with a note. */
mech_status mech_workbook_parse(const char *bytes, size_t length, char **owned, const char *source, workbook *book,
                                notes *list, mech_error *error);
void mech_workbook_free(workbook *book);

#endif
