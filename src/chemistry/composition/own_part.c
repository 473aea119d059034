#include "chemistry/composition/own_part.h"

#include "base/files/text.h"
#include "chemistry/equations/mechanism_text.h"
#include "chemistry/parser/parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_PART_BYTES = 16384 };

/* What a part is read behind, to see that it makes sense: a mechanism whose forms are called as the slots are. */
static const char behind[] = "pre <=> active : k01, k-01\n"
                             "active <=> free : k02, k-02\n"
                             "free + S <=> bound : k1, k-1\n"
                             "bound + B <=> free + P : k2, k-2\n"
                             "cat0: pre\n"
                             "precatalyst: pre, active\n"
                             "catalyst: free, bound\n"
                             "reactant: B\n";
enum { LINES_BEHIND = 8 };

static const struct {
    const char *word;
    slot slot;
} slot_words[] = {{"pre", SLOT_PRE}, {"active", SLOT_ACTIVE}, {"free", SLOT_FREE}, {"bound", SLOT_BOUND}};
enum { N_SLOT_WORDS = sizeof slot_words / sizeof slot_words[0] };

static bool is_word(const token *t, const char *word) {
    return t->kind == TOKEN_NAME && t->length == strlen(word) && strncasecmp(t->text, word, t->length) == 0;
}

static mech_status refuse(const char *source, int line, int column, const char *what, const char *which, size_t length,
                          mech_error *error) {
    return mech_fail(error, MECH_INVALID_INPUT, "%s:%d:%d: '%.*s' %s", source, line, column,
                     (int)(length < 40 ? length : 40), which, what);
}

/* k1, k-2: what the cycle and built-in parts call theirs. */
static bool is_numbered(const token *t) {
    size_t i = 1;
    if (t->kind != TOKEN_NAME || t->length < 2 || t->text[0] != 'k') return false;
    if (t->text[i] == '-') i++;
    for (; i < t->length; i++)
        if (t->text[i] < '0' || t->text[i] > '9') return false;
    return t->length > 1;
}

/* Takes the rest of a line as one word or text into room[n]. */
static mech_status take_rest(lexer *words, const char *source, int line, const char *what, size_t n, char *room,
                             mech_error *error) {
    const int column = words->column;
    const token rest = mech_lexer_rest(words);
    if (room[0]) return refuse(source, line, column, "was said before; expected it once", what, strlen(what), error);
    if (rest.kind == TOKEN_END || rest.length >= n)
        return mech_fail(error, MECH_INVALID_INPUT, "%s:%d:%d: expected the %s, at most %zu bytes", source, line,
                         rest.column, what, n - 1);
    memcpy(room, rest.text, rest.length);
    room[rest.length] = '\0';
    return MECH_OK;
}

/* Understands a line that begins with a keyword; *taken: it is not for the mechanism's parser. */
static mech_status read_keyword(own_part *p, const token *keyword, lexer *words, const char *source, int line,
                                bool *taken, mech_error *error) {
    static const char *const not_of_parts[] = {"name", "mechanism", "class",   "order",
                                               "cat0", "substrate", "product", NULL};
    *taken = true;
    if (is_word(keyword, "part")) return take_rest(words, source, line, "part", sizeof p->name, p->name, error);
    if (is_word(keyword, "row")) return take_rest(words, source, line, "row", sizeof p->row, p->row, error);
    if (is_word(keyword, "title")) return take_rest(words, source, line, "title", sizeof p->phrase, p->phrase, error);
    *taken = false;
    for (size_t i = 0; not_of_parts[i]; i++)
        if (is_word(keyword, not_of_parts[i]))
            return refuse(source, line, keyword->column, "is said by the composition; expected a part without it",
                          keyword->text, keyword->length, error);
    return MECH_OK;
}

/* Looks over a line: what it says of the part itself is taken, what a part must not say is refused. */
static mech_status look_over(own_part *p, const char *line, size_t length, const char *source, int number, text *kept,
                             mech_error *error) {
    lexer words = mech_lexer_open(line, length);
    const token first = mech_lexer_next(&words);
    bool taken = false;
    lexer behind_first = words;
    if (first.kind == TOKEN_NAME && mech_lexer_next(&behind_first).kind == TOKEN_COLON) {
        const mech_status status = read_keyword(p, &first, &behind_first, source, number, &taken, error);
        if (status != MECH_OK) return status;
    }
    words = mech_lexer_open(line, length);
    for (token t = mech_lexer_next(&words); !taken && t.kind != TOKEN_END; t = mech_lexer_next(&words)) {
        if (is_numbered(&t))
            return refuse(source, number, t.column,
                          "is a rate constant of the cycle or of built-in parts; expected another name such as 'ka'",
                          t.text, t.length, error);
        p->needs_b |= t.kind == TOKEN_NAME && t.length == 1 && t.text[0] == 'B';
    }
    if (!taken) mech_text_append(kept, line, length);
    mech_text_add(kept, "\n");
    return MECH_OK;
}

/* Whether the part makes sense behind a mechanism; messages have its own places. */
static mech_status try_out(const own_part *p, const char *source, mech_error *error) {
    text whole = {0};
    mech_mechanism *mechanism = NULL;
    mech_text_add(&whole, behind);
    mech_text_add(&whole, p->lines);
    mech_status status =
        whole.failed ? mech_fail_memory(error)
                     : mech_parse_lines(whole.characters, whole.length, source, 1 - LINES_BEHIND, &mechanism, error);
    if (status == MECH_OK && mechanism->n_reactions == 8)
        status = mech_fail(error, MECH_INVALID_INPUT, "%s:1:1: the part has no reaction; expected one", source);
    mech_mechanism_free(mechanism);
    mech_text_free(&whole);
    return status;
}

static mech_status check_name(const own_part *p, const char *source, mech_error *error) {
    if (!p->name[0])
        return mech_fail(error, MECH_INVALID_INPUT, "%s:1:1: the part has no name; expected a line such as 'part: AX'",
                         source);
    if (strpbrk(p->name, "+, \t\"="))
        return mech_fail(error, MECH_INVALID_INPUT, "%s:1:1: the part's name '%s' has a sign; expected one word",
                         source, p->name);
    for (size_t i = 0; i < mech_parts_table_size(); i++)
        if (strcasecmp(mech_parts_table[i].name, p->name) == 0)
            return mech_fail(error, MECH_INVALID_INPUT, "%s:1:1: '%s' is a built-in part; expected another name",
                             source, p->name);
    if (strcasecmp(p->row, mech_row_name(ROW_CYCLE)) == 0)
        return mech_fail(error, MECH_INVALID_INPUT,
                         "%s:1:1: a part cannot be a cycle; expected a mechanism file for another cycle", source);
    return MECH_OK;
}

mech_status mech_own_part_read(const char *characters, size_t length, const char *source, own_part *p,
                               mech_error *error) {
    text kept = {0};
    mech_status status = MECH_OK;
    *p = (own_part){.name = ""};
    if (length > MOST_PART_BYTES)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: the part takes %zu bytes; expected at most %d", source, length,
                         MOST_PART_BYTES);
    if (memchr(characters, '\0', length))
        return mech_fail(error, MECH_INVALID_INPUT, "%s:1:1: a control character; expected text", source);
    for (size_t at = 0, line = 1; at < length && status == MECH_OK; line++) {
        size_t end = at;
        while (end < length && characters[end] != '\n' && characters[end] != '\r') end++;
        status = look_over(p, characters + at, end - at, source, (int)line, &kept, error);
        at = end + (end + 1 < length && characters[end] == '\r' && characters[end + 1] == '\n' ? 2 : 1);
    }
    if (!kept.length) mech_text_add(&kept, "\n");
    if (status == MECH_OK) status = check_name(p, source, error);
    if (status == MECH_OK) status = mech_text_take(&kept, &p->lines, error);
    if (status == MECH_OK) status = try_out(p, source, error);
    if (status == MECH_OK && !p->phrase[0]) snprintf(p->phrase, sizeof p->phrase, "%s", p->name);
    if (status == MECH_OK && !p->row[0]) snprintf(p->row, sizeof p->row, "%s", p->name);
    mech_text_free(&kept);
    return status;
}

/* Appends a line in which the slots are called as in the composition. */
static void write_line(text *t, const char *line, size_t length, const mech_mechanism *base,
                       const slot_species *slots) {
    lexer words = mech_lexer_open(line, length);
    size_t at = 0;
    for (token word = mech_lexer_next(&words); word.kind != TOKEN_END; word = mech_lexer_next(&words)) {
        const size_t begin = (size_t)(word.text - line);
        const char *name = NULL;
        for (size_t i = 0; i < N_SLOT_WORDS; i++)
            if (word.kind == TOKEN_NAME && word.length == strlen(slot_words[i].word) &&
                strncmp(word.text, slot_words[i].word, word.length) == 0)
                name = base->species[slots->of[slot_words[i].slot]].name;
        mech_text_append(t, line + at, begin - at);
        if (name)
            mech_text_add(t, name);
        else
            mech_text_append(t, word.text, word.length);
        at = begin + word.length;
    }
    mech_text_add(t, "\n");
}

/* The rate constants of the base in their order, those of the part behind them. */
static void write_order(text *t, const mech_mechanism *base, const char *lines) {
    mech_text_add(t, "order:");
    for (int k = 0; k < base->n_rate_constants; k++) mech_text_format(t, " %s", base->rate_constants[k]);
    for (const char *line = lines; *line;) {
        const size_t length = strcspn(line, "\n");
        lexer words = mech_lexer_open(line, length);
        const token first = mech_lexer_next(&words);
        token next = mech_lexer_next(&words);
        const bool declares = first.kind == TOKEN_NAME && next.kind == TOKEN_COLON;
        bool constants = false;
        for (; !declares && first.kind != TOKEN_END && next.kind != TOKEN_END; next = mech_lexer_next(&words)) {
            if (constants && next.kind == TOKEN_NAME) mech_text_format(t, " %.*s", (int)next.length, next.text);
            constants |= next.kind == TOKEN_COLON;
        }
        line += length + (line[length] == '\n');
    }
    mech_text_add(t, "\n");
}

mech_status mech_own_part_add(const own_part *p, const mech_mechanism *base, const slot_species *slots,
                              mech_mechanism **extended, mech_error *error) {
    text whole = {0};
    mech_error why;
    *extended = NULL;
    if (p->needs_b && slots->of[SLOT_B] < 0)
        return mech_fail(error, MECH_INVALID_ARGUMENT,
                         "'%s' needs the second reactant B; expected it with a cycle such as B2", p->name);
    mech_mechanism *named = malloc(sizeof *named);
    if (!named) return mech_fail_memory(error);
    *named = *base;
    const size_t id = strlen(named->id), title = strlen(named->title);
    snprintf(named->id + id, sizeof named->id - id, "+%s", p->name);
    snprintf(named->title + title, sizeof named->title - title, "; %s", p->phrase);
    named->mechanism_class = MECH_CLASS_COMPOSED;
    mech_write_mechanism_unordered(&whole, named);
    for (const char *line = p->lines; *line;) {
        const size_t length = strcspn(line, "\n");
        write_line(&whole, line, length, named, slots);
        line += length + (line[length] == '\n');
    }
    write_order(&whole, named, p->lines);
    mech_status status = whole.failed ? mech_fail_memory(error)
                                      : mech_mechanism_parse(whole.characters, whole.length, named->id, extended, &why);
    if (status == MECH_INVALID_INPUT)
        status =
            mech_fail(error, MECH_INVALID_ARGUMENT, "'%s' does not go with %s: %s", p->name, base->id, why.message);
    mech_text_free(&whole);
    free(named);
    return status;
}
