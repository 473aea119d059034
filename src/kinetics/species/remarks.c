#include "kinetics/species/remarks.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 600 };

PRINTF_LIKE(2, 0) static const char *write_sentence(remark_list *r, const char *format, va_list arguments) {
    char words[LONGEST];
    vsnprintf(words, sizeof words, format, arguments);
    const char *sentence = mech_arena_text(r->memory, words, strlen(words));
    if (!sentence) r->failed = true;
    return sentence ? sentence : "";
}

void mech_remark(remark_list *r, const char *format, ...) {
    if (r->n == MOST_REMARKS) return;
    va_list arguments;
    va_start(arguments, format);
    r->sentences[r->n++] = write_sentence(r, format, arguments);
    va_end(arguments);
}

const char *mech_sentence(remark_list *r, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const char *sentence = write_sentence(r, format, arguments);
    va_end(arguments);
    return sentence;
}
