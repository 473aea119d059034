/* Sentences for the reader of a result: what was assumed, what to beware of. */
#ifndef MECH_EXPERIMENT_NOTES_NOTES_H
#define MECH_EXPERIMENT_NOTES_NOTES_H

#include "base/error.h"

/* Starts as {0}. When memory runs short `failed` is set, so that a writer needs to look only once, at the end. */
typedef struct notes {
    char **sentences; /* [n], each freed with mech_free */
    size_t n, room;
    bool failed;
} notes;

PRINTF_LIKE(2, 3) void mech_note(notes *list, const char *format, ...);
void mech_notes_free(notes *list);

#endif
