/* What the parts of the study share. */
#include "study/page/study.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *mech_study_text(study *s, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *words = length < 0 ? NULL : mech_arena_allocate(s->memory, (size_t)length + 1, 1);
    if (!words) {
        s->failed = true;
        return "";
    }
    va_start(arguments, format);
    vsnprintf(words, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return words;
}

void mech_study_command_word(text *t, const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,-+=:%@";
    mech_text_add(t, " ");
    if (*word && word[strspn(word, plain)] == '\0') {
        mech_text_add(t, word);
        return;
    }
    mech_text_add(t, "'");
    for (; *word; word++) {
        /* Within single quotes a shell takes all but the quote itself as it is. */
        if (*word == '\'')
            mech_text_add(t, "'\\''");
        else
            mech_text_append(t, word, 1);
    }
    mech_text_add(t, "'");
}

mech_status mech_study_go_on(const study *s, mech_error *error) {
    if (s->progress.should_stop && s->progress.should_stop(s->progress.context))
        return mech_fail(error, MECH_STOPPED, "stopped");
    return MECH_OK;
}
