#include "experiment/notes/notes.h"

#include "base/files/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void mech_note(notes *list, const char *format, ...) {
    if (list->failed) return;
    if (list->n == list->room) {
        size_t room = list->room ? 2 * list->room : 8;
        char **grown = realloc(list->sentences, room * sizeof *grown);
        if (!grown) {
            list->failed = true;
            return;
        }
        list->sentences = grown;
        list->room = room;
    }
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *sentence = length < 0 ? NULL : malloc((size_t)length + 1);
    if (sentence) {
        vsnprintf(sentence, (size_t)length + 1, format, again);
        mech_drop_broken_characters(sentence); /* of names that were cut */
        list->sentences[list->n++] = sentence;
    } else {
        list->failed = true;
    }
    va_end(again);
}

void mech_notes_free(notes *list) {
    for (size_t i = 0; i < list->n; i++) free(list->sentences[i]);
    free(list->sentences);
    *list = (notes){0};
}
