#include "data/prior/prior_ranges.h"

#include "base/error.h"
#include "base/files/file.h"
#include "base/files/text.h"
#include "base/memory.h"
#include "chemistry/mechanism.h"

#include <math.h>
#include <string.h>

enum { LARGEST_FILE = 1 << 20, N_WORDS = 4 };

typedef struct word {
    const char *start;
    size_t length;
    int column; /* from 1 */
} word;

/* What a line says; the file is read with it. */
typedef struct ranges_reader {
    const char *path;
    int line;
    const mech_mechanism *const *mechanisms;
    size_t n_mechanisms;
    prior_range *ranges;
    int *said_in; /* [n_mechanisms][MAX_RATE_CONSTANTS]: the line that named this mechanism; negative: its '*'; 0: none
                   */
    mech_error *error;
} ranges_reader;

static mech_status refuse(const ranges_reader *r, const word *w, const char *what) {
    return mech_fail(r->error, MECH_INVALID_INPUT, "%s:%d:%d: '%.*s' %s", r->path, r->line, w->column, (int)w->length,
                     w->start, what);
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* Cuts a line[length] into words up to a '#'; returns how many there are, of which words[N_WORDS + 1] holds the first.
 */
static size_t cut_line(const char *line, size_t length, word *words) {
    size_t n = 0;
    for (size_t i = 0; i < length && line[i] != '#';) {
        const size_t from = i;
        while (i < length && !is_blank(line[i]) && line[i] != '#') i++;
        if (i > from && n <= N_WORDS) words[n++] = (word){line + from, i - from, (int)from + 1};
        while (i < length && is_blank(line[i])) i++;
    }
    return n;
}

static bool is_named(const word *w, const char *name) {
    return strlen(name) == w->length && strncmp(name, w->start, w->length) == 0;
}

static int find_rate_constant(const mech_mechanism *mechanism, const word *w) {
    for (int i = 0; i < mechanism->n_rate_constants; i++)
        if (is_named(w, mechanism->rate_constants[i])) return i;
    return -1;
}

/* Whether the library has that mechanism with that rate constant: a file may speak of more than the set. */
static bool library_has(const word *mechanism, const word *constant, bool *mechanism_known) {
    bool found = false;
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        if (!is_named(mechanism, "*") && !is_named(mechanism, mech_mechanism_id(mech_builtin(m)))) continue;
        *mechanism_known = true;
        found |= find_rate_constant(mech_builtin(m), constant) >= 0;
    }
    return found;
}

/* Sets the range of one rate constant. A line that names the mechanism goes before one with '*', wherever it stands. */
static mech_status set_range(const ranges_reader *r, const word *words, size_t place, prior_range range) {
    const bool general = is_named(&words[0], "*");
    const int before = r->said_in[place], said = general ? -r->line : r->line;
    if ((before > 0 && said > 0) || (before < 0 && said < 0))
        return mech_fail(r->error, MECH_INVALID_INPUT, "%s:%d:%d: '%.*s %.*s' has a range in line %d already", r->path,
                         r->line, words[0].column, (int)words[0].length, words[0].start, (int)words[1].length,
                         words[1].start, before < 0 ? -before : before);
    if (before > 0) return MECH_OK;
    r->said_in[place] = said;
    r->ranges[place] = range;
    return MECH_OK;
}

static mech_status read_line(const ranges_reader *r, const word *words, size_t n) {
    prior_range range;
    if (n != N_WORDS)
        return mech_fail(r->error, MECH_INVALID_INPUT,
                         "%s:%d:%d: expected four words: mechanism (or *), rate constant, lowest and highest value",
                         r->path, r->line, n > N_WORDS ? words[N_WORDS].column : words[n - 1].column);
    if (!mech_parse_number(words[2].start, words[2].length, '.', &range.low) || !(range.low > 0))
        return refuse(r, &words[2], "is not a lowest value; expected a number above 0");
    if (!mech_parse_number(words[3].start, words[3].length, '.', &range.high) || !(range.high > 0))
        return refuse(r, &words[3], "is not a highest value; expected a number above 0");
    if (range.high < range.low) return refuse(r, &words[3], "is below the lowest value");
    bool mechanism_known = false, found = library_has(&words[0], &words[1], &mechanism_known);
    for (size_t m = 0; m < r->n_mechanisms; m++) {
        if (!is_named(&words[0], "*") && !is_named(&words[0], mech_mechanism_id(r->mechanisms[m]))) continue;
        mechanism_known = true;
        const int constant = find_rate_constant(r->mechanisms[m], &words[1]);
        if (constant < 0) continue;
        found = true;
        mech_status status = set_range(r, words, m * MAX_RATE_CONSTANTS + (size_t)constant, range);
        if (status != MECH_OK) return status;
    }
    if (!mechanism_known) return refuse(r, &words[0], "is not a mechanism; expected one of the set, or *");
    if (!found) return refuse(r, &words[1], "is not a rate constant of that mechanism");
    return MECH_OK;
}

mech_status mech_parse_prior_ranges(const char *content, size_t length, const char *source,
                                    const mech_mechanism *const *mechanisms, size_t n_mechanisms, prior_range *ranges,
                                    mech_error *error) {
    ranges_reader r = {.path = source,
                       .mechanisms = mechanisms,
                       .n_mechanisms = n_mechanisms,
                       .ranges = ranges,
                       .said_in = mech_allocate_array(n_mechanisms, MAX_RATE_CONSTANTS * sizeof *r.said_in),
                       .error = error};
    if (!r.said_in) return mech_fail_memory(error);
    mech_status status = MECH_OK;
    for (size_t i = 0; status == MECH_OK && i < length;) {
        const char *line = content + i, *end = memchr(line, '\n', length - i);
        const size_t line_length = end ? (size_t)(end - line) : length - i;
        word words[N_WORDS + 1];
        r.line++;
        const size_t n = cut_line(line, line_length, words);
        if (n) status = read_line(&r, words, n);
        i += line_length + 1;
    }
    mech_release_array(r.said_in);
    return status;
}

mech_status mech_read_prior_ranges(const char *path, const mech_mechanism *const *mechanisms, size_t n_mechanisms,
                                   prior_range *ranges, mech_error *error) {
    char *content = NULL;
    size_t length = 0;
    mech_status status = mech_file_read(path, LARGEST_FILE, &content, &length, error);
    if (status == MECH_OK)
        status = mech_parse_prior_ranges(content, length, path, mechanisms, n_mechanisms, ranges, error);
    mech_free(content);
    return status;
}
