#include "experiment/words/phrases.h"

#include "base/files/text.h"
#include "experiment/words/names.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80; }

/* A number with a unit behind it within a text. */
typedef struct quantity {
    size_t from, to; /* characters of the text */
    said_amount amount;
} quantity;

/* How long the unit is that a text begins with, the longest that is known; 0: none. */
static size_t unit_length(const char *said, table_unit *unit) {
    enum { LONGEST = 14 };
    size_t best = 0;
    for (size_t n = 1; n <= LONGEST && said[n - 1]; n++) {
        /* It ends where a word does. */
        if (is_letter(said[n - 1]) && is_letter(said[n])) continue;
        if (is_digit(said[n]) || said[n - 1] == ' ' || said[n - 1] == '(' || said[n - 1] == '[') continue;
        const table_unit u = mech_read_unit(said, n);
        if (u.kind == UNIT_NONE) continue;
        best = n;
        *unit = u;
    }
    return best;
}

/* The first number with a unit from said[at] on. */
static bool find_quantity(const char *said, size_t at, quantity *q) {
    for (; said[at]; at++) {
        /* A hyphen behind a letter parts words, "run-1mol%"; behind a digit it is a range. */
        if (!is_digit(said[at])) continue;
        const char before = at ? said[at - 1] : ' ';
        if (is_letter(before) || before == '.' || is_digit(before) ||
            (before == '-' && !(at > 1 && is_letter(said[at - 2]))))
            continue;
        size_t n = strspn(said + at, "0123456789.,");
        while (n && strchr(".,", said[at + n - 1])) n--;
        char number[32];
        size_t behind = at + n;
        if (n && n < sizeof number) {
            memcpy(number, said + at, n);
            number[n] = '\0';
            for (char *c = number; *c; c++)
                if (*c == ',') *c = '.';
            while (said[behind] == ' ' || (unsigned char)said[behind] == 0xC2 || (unsigned char)said[behind] == 0xA0)
                behind++;
            /* A micro sign begins with the same byte as a hard space. */
            if (behind > at + n && (unsigned char)said[behind] == 0xB5) behind--;
            table_unit unit = {.kind = UNIT_NONE};
            const size_t length = unit_length(said + behind, &unit);
            double value;
            if (length && mech_parse_number(number, n, '.', &value)) {
                *q = (quantity){at, behind + length, {value, unit}};
                return true;
            }
        }
        at += n ? n - 1 : 0;
    }
    return false;
}

/* The part of a text between commas, semicolons and bars around said[at]. A comma between digits is none of them. */
static void part_around(const char *said, size_t at, size_t *from, size_t *to) {
    *from = at;
    while (*from && !strchr(",;|\n", said[*from - 1])) (*from)--;
    *to = at;
    while (said[*to] && !(strchr(";|\n", said[*to]) ||
                          (said[*to] == ',' && !(is_digit(said[*to + 1]) && *to > at && is_digit(said[*to - 1])))))
        (*to)++;
}

static bool has_catalyst_word(const char *said, size_t from, size_t to) {
    for (size_t at = from; at < to;) {
        if (!is_letter(said[at])) {
            at++;
            continue;
        }
        size_t n = 1;
        while (at + n < to && (is_letter(said[at + n]) || is_digit(said[at + n]))) n++;
        char word[MAX_HEADER_NAME];
        mech_reduce_name(said + at, n, word);
        /* A metal is written with one capital letter; "co" and "in" are words. */
        const bool short_word = n <= 2;
        if (mech_is_catalyst_word(word) && (!short_word || (said[at] >= 'A' && said[at] <= 'Z'))) return true;
        at += n;
    }
    return false;
}

static bool has_letter(const char *said, size_t from, size_t to) {
    for (; from < to; from++)
        if (is_letter(said[from])) return true;
    return false;
}

/* Whether a quantity within its part of a text is one of catalyst. Of several quantities in one part, "0.5 M ArBr 2 mM
 * Pd" or "ArBr 0.5 M Pd 2 mM", each has the words behind it or before it, whichever way the part is written. */
static bool is_of_catalyst(const char *said, const quantity *q) {
    size_t from, to;
    part_around(said, q->from, &from, &to);
    size_t before = from, behind = to, n_others = 0, first = q->from, last = q->to;
    quantity other = {.to = 0};
    for (size_t at = from; find_quantity(said, at, &other) && other.from < to; at = other.to) {
        if (other.from == q->from) continue;
        n_others++;
        if (other.from < q->from) before = other.to;
        if (other.from > q->from && other.from < behind) behind = other.from;
        if (other.from < first) first = other.from;
        if (other.to > last) last = other.to;
    }
    if (!n_others) return has_catalyst_word(said, from, to);
    const bool names_first = has_letter(said, from, first) && !has_letter(said, last, to);
    return names_first ? has_catalyst_word(said, before, q->from) : has_catalyst_word(said, q->to, behind);
}

static bool is_mole_share(const table_unit *u) {
    return u->kind == UNIT_SHARE && (strncasecmp(u->name, "mol", 3) == 0 || strcasecmp(u->name, "ppm") == 0);
}

said_amount mech_loading_in_text(const char *words, bool bare) {
    said_amount none = {.value = NAN}, share = none;
    size_t n_shares = 0;
    quantity q = {.to = 0};
    for (size_t at = 0; find_quantity(words, at, &q); at = q.to) {
        const table_unit *u = &q.amount.unit;
        if (u->kind != UNIT_SHARE && u->kind != UNIT_CONCENTRATION) continue;
        const bool named = is_of_catalyst(words, &q);
        /* A percent sign alone is a yield or a purity. */
        if (strcmp(u->name, "%") == 0 && !named) continue;
        if (named) return q.amount;
        if (is_mole_share(u) && !n_shares++) share = q.amount;
        if (bare && q.from == strspn(words, " ([<=") && !words[q.to + strspn(words + q.to, " )]")]) return q.amount;
    }
    return n_shares == 1 ? share : none;
}

size_t mech_starts_in_text(const char *words, said_start *starts, size_t n) {
    quantity q = {.to = 0};
    for (size_t at = 0; n < MOST_SAID_STARTS && find_quantity(words, at, &q); at = q.to) {
        if (q.amount.unit.kind != UNIT_CONCENTRATION) continue;
        size_t from, to;
        part_around(words, q.from, &from, &to);
        size_t end = q.from;
        while (end > from && strchr(" =:", words[end - 1])) end--;
        while (from < end && words[from] == ' ') from++;
        char name[MAX_HEADER_NAME];
        if (end <= from || end - from >= sizeof name) continue;
        /* What stands before a colon is the run's name. */
        for (size_t k = from; k < end; k++)
            if (words[k] == ':' && k + 1 < end) from = k + 1 + strspn(words + k + 1, " ");
        snprintf(name, sizeof name, "%.*s", (int)(end - from), words + from);
        const header_meaning m = mech_read_header(name);
        const bool of_substrate = m.role == COLUMN_S0 || m.role == COLUMN_SUBSTRATE;
        if (!of_substrate && (!m.start || m.role != N_COLUMN_ROLES)) continue;
        starts[n] = (said_start){.amount = q.amount};
        if (!of_substrate) memcpy(starts[n].of, m.base, sizeof m.base);
        n++;
    }
    return n;
}

/* What enclosed or parted something that was taken out goes with it. */
static void tidy(char *species) {
    static const char *const empty[] = {"()", "[]", "( )", ",,"};
    for (size_t i = 0; i < COUNT(empty); i++)
        for (char *pair = strstr(species, empty[i]); pair; pair = strstr(species, empty[i]))
            memmove(pair, pair + strlen(empty[i]), strlen(pair + strlen(empty[i])) + 1);
    size_t k = strlen(species);
    while (k && strchr(" ,;:_-@", species[k - 1])) species[--k] = '\0';
    const size_t lead = strspn(species, " ,;:_-@");
    memmove(species, species + lead, strlen(species + lead) + 1);
    for (char *two = strstr(species, "  "); two; two = strstr(species, "  "))
        memmove(two, two + 1, strlen(two + 1) + 1);
}

static const char *const run_words[] = {"run",     "exp",      "expt",   "experiment", "reaction", "rxn",
                                        "versuch", "reaktion", "lauf",   "essai",      "rep",      "replicate",
                                        "trial",   "reactor",  "vessel", "assay"};

/* Finds "run 3" in header[length]; where it begins and ends. */
static bool find_run_words(const char *header, size_t *at, size_t *end) {
    const size_t length = strlen(header);
    for (size_t i = 0; i < length; i++) {
        if (i && (is_letter(header[i - 1]) || is_digit(header[i - 1]))) continue;
        for (size_t w = COUNT(run_words); w-- > 0;) {
            const size_t n = strlen(run_words[w]);
            if (strncasecmp(header + i, run_words[w], n) != 0) continue;
            size_t from = i + n;
            while (header[from] && strchr(" .#_:", header[from])) from++;
            size_t to = from;
            while (header[to] && !strchr(" )]_,;:/", header[to])) to++;
            /* "runs" and "experimental" are no runs; "run" alone is the column of runs. */
            if (to == from || header[from] == '(' || (from == i + n && !is_digit(header[from]))) continue;
            *at = i;
            *end = to;
            return true;
        }
    }
    return false;
}

bool mech_begins_with_run(const char *words) {
    size_t from, to;
    return find_run_words(words, &from, &to) && from == 0;
}

bool mech_split_run_header(const char *header, char *species, char *run) {
    const size_t length = strlen(header);
    size_t from, to;
    if (length >= MAX_HEADER_NAME) return false;
    if (!find_run_words(header, &from, &to)) {
        quantity q = {.to = 0};
        bool found = false;
        /* The ppm of a signal are no loading. */
        if (mech_read_header(header).unit.kind == UNIT_AREA) return false;
        for (size_t at = 0; !found && find_quantity(header, at, &q); at = q.to) found = is_mole_share(&q.amount.unit);
        if (!found) return false;
        from = q.from;
        to = q.to;
    }
    snprintf(run, MAX_HEADER_NAME, "%.*s", (int)(to - from), header + from);
    snprintf(species, MAX_HEADER_NAME, "%.*s%s", (int)from, header, header + to);
    tidy(species);
    return true;
}

bool mech_split_suffix(const char *header, size_t way, char *species, char *suffix) {
    size_t name = 0;
    mech_split_unit(header, &name);
    while (name && header[name - 1] == ' ') name--;
    if (name < 2 || strlen(header) >= MAX_HEADER_NAME) return false;
    const char *rest = header + name;
    if (way == 0) { /* digits at the end: "S1", "[S]2", "S_12" */
        size_t from = name;
        while (from && is_digit(header[from - 1])) from--;
        if (from == name || !from || name - from > 3 || header[from] == '0') return false;
        snprintf(suffix, MAX_HEADER_NAME, "%.*s", (int)(name - from), header + from);
        while (from && strchr(" _-.#", header[from - 1])) from--;
        snprintf(species, MAX_HEADER_NAME, "%.*s%s", (int)from, header, rest);
    } else if (way == 1) { /* a word behind a mark: "S_A", "P - std", "S (A)" */
        const bool enclosed = header[name - 1] == ')';
        size_t from = name - (enclosed ? 1 : 0);
        const size_t end = from;
        while (from && !strchr(enclosed ? "(" : "_-:", header[from - 1])) from--;
        if (from < 2 || from == end) return false;
        size_t begin = from;
        while (header[begin] == ' ') begin++;
        snprintf(suffix, MAX_HEADER_NAME, "%.*s", (int)(end - begin), header + begin);
        from--;
        while (from && header[from - 1] == ' ') from--;
        snprintf(species, MAX_HEADER_NAME, "%.*s%s", (int)from, header, rest);
    } else if (way == 2) { /* one capital letter behind a blank: "S A" */
        if (name < 3 || header[name - 2] != ' ' || header[name - 1] < 'A' || header[name - 1] > 'Z') return false;
        snprintf(suffix, MAX_HEADER_NAME, "%c", header[name - 1]);
        snprintf(species, MAX_HEADER_NAME, "%.*s%s", (int)(name - 2), header, rest);
    } else if (way == 3) { /* before a mark: "A_S", "1: P", "std - S" */
        const size_t n = strcspn(header, "_:-");
        if (n == 0 || n + 1 >= name) return false;
        size_t end = n;
        while (end && header[end - 1] == ' ') end--;
        snprintf(suffix, MAX_HEADER_NAME, "%.*s", (int)end, header);
        size_t from = n + 1;
        while (header[from] == ' ') from++;
        snprintf(species, MAX_HEADER_NAME, "%s", header + from);
    } else if (way == 4) { /* a short word with a number: "Ester E1", "SM exp2" */
        size_t from = name;
        while (from && header[from - 1] != ' ') from--;
        if (from < 2 || name - from > 6 || !is_digit(header[name - 1]) || !is_letter(header[from])) return false;
        snprintf(suffix, MAX_HEADER_NAME, "%.*s", (int)(name - from), header + from);
        snprintf(species, MAX_HEADER_NAME, "%.*s%s", (int)(from - 1), header, rest);
    } else if (way == 5) { /* one capital letter before a blank: "A [S]" */
        if (name < 3 || header[0] < 'A' || header[0] > 'Z' || header[1] != ' ') return false;
        snprintf(suffix, MAX_HEADER_NAME, "%c", header[0]);
        snprintf(species, MAX_HEADER_NAME, "%s", header + 2);
    } else {
        return false;
    }
    tidy(species);
    return *species && *suffix;
}
