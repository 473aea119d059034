/* The text of a design: lines `key: distribution`, in any order, each key once. */
#include "base/error.h"
#include "base/files/file.h"
#include "base/files/text.h"
#include "chemistry/parser/lexer.h"
#include "data/design/keys.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 32 };

typedef struct parser {
    const char *source;
    mech_error *error;
    design *d;
    char *name; /* the design's, [LONGEST_NAME + 1] */
    int line;
    lexer words;
    token word;
    int said[N_DESIGN_USES][N_DESIGN_KEYS]; /* the line that says it; 0: none */
} parser;

static void advance(parser *p) { p->word = mech_lexer_next(&p->words); }

static bool wrong(parser *p, int column, const char *what, const char *was_expected) {
    mech_fail(p->error, MECH_INVALID_INPUT, "%s:%d:%d: %s; expected %s", p->source, p->line, column, what,
              was_expected);
    return false;
}

/* Refuses the word at hand. */
static bool refuse(parser *p, const char *was_expected) {
    if (p->word.kind == TOKEN_END) return wrong(p, p->word.column, "the line ends", was_expected);
    mech_fail(p->error, MECH_INVALID_INPUT, "%s:%d:%d: '%.*s' does not fit; expected %s", p->source, p->line,
              p->word.column, (int)(p->word.length < 40 ? p->word.length : 40), p->word.text, was_expected);
    return false;
}

static bool is_word(const parser *p, const char *name) {
    return p->word.kind == TOKEN_NAME && p->word.length == strlen(name) &&
           memcmp(p->word.text, name, p->word.length) == 0;
}

/* A number in the bounds of the rule. */
static bool read_number(parser *p, const design_rule *rule, double *number) {
    double value = 0;
    if (p->word.kind != TOKEN_NUMBER || !mech_parse_number(p->word.text, p->word.length, '.', &value) ||
        value < rule->low || value > rule->high || (rule->whole && value != floor(value)))
        return refuse(p, rule->what);
    *number = value;
    advance(p);
    return true;
}

static bool read_range(parser *p, const design_rule *rule, choice *c) {
    if (!read_number(p, rule, &c->low)) return false;
    const int column = p->word.column;
    if (!read_number(p, rule, &c->high)) return false;
    if (c->high < c->low) return wrong(p, column, "the range ends below its beginning", "the lower number first");
    if (c->kind == CHOICE_LOG_UNIFORM && !(c->low > 0))
        return wrong(p, column, "a log-uniform range begins at 0", "a number above 0");
    return true;
}

/* What stands behind the name of some kinds. */
static bool read_parameter(parser *p, choice *c) {
    static const design_rule ratio = {.low = 1e-6, .high = 0.99, .what = "the first time's share of the run"};
    static const design_rule power = {.low = 1, .high = 10, .what = "a power from 1 to 10"};
    static const design_rule grid = {.low = 2, .high = 1e6, .whole = true, .what = "how many times the grid has"};
    if (c->kind == CHOICE_GEOMETRIC) return read_number(p, &ratio, &c->low);
    if (c->kind == CHOICE_DENSE) return read_number(p, &power, &c->low);
    if (c->kind == CHOICE_GRID) return read_number(p, &grid, &c->low);
    return true;
}

/* "S and P", "S" or "P". */
static bool read_species(parser *p, const design_rule *rule, choice *c) {
    if (!is_word(p, "S") && !is_word(p, "P")) return refuse(p, rule->what);
    c->kind = is_word(p, "S") ? CHOICE_SUBSTRATE : CHOICE_PRODUCT;
    advance(p);
    if (c->kind == CHOICE_PRODUCT || !is_word(p, "and")) return true;
    advance(p);
    if (!is_word(p, "P")) return refuse(p, "P");
    c->kind = CHOICE_BOTH;
    advance(p);
    return true;
}

/* What may come: a number, a range or a word. */
static bool read_thing(parser *p, const design_rule *rule, choice *c) {
    static const struct {
        const char *name;
        choice_kind kind;
    } words[] = {{"uniform", CHOICE_UNIFORM}, {"log-uniform", CHOICE_LOG_UNIFORM}, {"rest", CHOICE_REST},
                 {"end", CHOICE_END},         {"as-written", CHOICE_AS_WRITTEN},   {"even", CHOICE_EVEN},
                 {"random", CHOICE_RANDOM},   {"geometric", CHOICE_GEOMETRIC},     {"dense", CHOICE_DENSE},
                 {"grid", CHOICE_GRID}};
    if (rule->kinds & KIND(CHOICE_BOTH)) return read_species(p, rule, c);
    const bool one = rule->yes_or_no && is_word(p, "yes"), zero = is_word(p, rule->yes_or_no ? "no" : "none");
    if (one || (zero && rule->low <= 0 && (rule->kinds & KIND(CHOICE_NUMBER)))) {
        *c = (choice){c->share, CHOICE_NUMBER, one, one};
        advance(p);
        return true;
    }
    if (p->word.kind == TOKEN_NUMBER && (rule->kinds & KIND(CHOICE_NUMBER)) && !rule->yes_or_no) {
        c->kind = CHOICE_NUMBER;
        if (!read_number(p, rule, &c->low)) return false;
        c->high = c->low;
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!is_word(p, words[i].name) || !(rule->kinds & KIND(words[i].kind))) continue;
        c->kind = words[i].kind;
        advance(p);
        if (c->kind == CHOICE_UNIFORM || c->kind == CHOICE_LOG_UNIFORM) return read_range(p, rule, c);
        return read_parameter(p, c);
    }
    return refuse(p, rule->what);
}

/* "40 %" or "else" before a thing; *left is what other choices have left of 1. A choice alone needs neither. */
static bool read_share(parser *p, bool first, double *left, choice *c, bool *is_last) {
    static const design_rule percent = {.low = 0, .high = 100, .what = "a share in %"};
    const int column = p->word.column;
    *is_last = is_word(p, "else");
    c->share = *left;
    if (*is_last) {
        if (first || *left <= 0) return wrong(p, column, "'else' has nothing left", "shares below 100 % before it");
        advance(p);
        return true;
    }
    lexer ahead = p->words;
    const token next = mech_lexer_next(&ahead);
    if (p->word.kind == TOKEN_NUMBER && next.length == 1 && next.text[0] == '%') {
        if (!read_number(p, &percent, &c->share)) return false;
        c->share /= 100;
        *left -= c->share;
        if (*left < -1e-9) return wrong(p, column, "the shares are more than 100 %", "100 % together");
        advance(p);
        return true;
    }
    *is_last = true;
    return first ? true : refuse(p, "a share in % or 'else'");
}

static bool read_distribution(parser *p, const design_rule *rule, distribution *to) {
    design *d = p->d;
    double left = 1;
    to->choices = d->choices + d->n_choices;
    to->n = 0;
    for (bool is_last = false;;) {
        const int column = p->word.column;
        choice c = {0};
        if (is_last) return refuse(p, "the end of the line: nothing is left");
        if (d->n_choices == MOST_DESIGN_CHOICES)
            return wrong(p, column, "the design has too many choices", "at most 512");
        if (!read_share(p, to->n == 0, &left, &c, &is_last) || !read_thing(p, rule, &c)) return false;
        d->choices[d->n_choices++] = c;
        to->n++;
        if (is_last) left = 0;
        if (p->word.kind == TOKEN_COMMA) {
            advance(p);
            continue;
        }
        if (left > 1e-9) return wrong(p, p->word.column, "the shares are less than 100 %", "100 % together, or 'else'");
        return true;
    }
}

/* Loadings may differ from run to run: "uniform 0.01 0.02 then uniform 0.05 0.06". */
static bool read_places(parser *p, const design_rule *rule, design_use use) {
    design *d = p->d;
    for (d->n_loadings[use] = 0;;) {
        if (d->n_loadings[use] == MECH_MOST_RUNS) return refuse(p, "at most 16 loadings");
        if (!read_distribution(p, rule, &d->loadings[use][d->n_loadings[use]])) return false;
        d->n_loadings[use]++;
        if (!is_word(p, "then")) break;
        advance(p);
    }
    d->of[use][DESIGN_LOADINGS] = d->loadings[use][0];
    return true;
}

static bool read_name(parser *p) {
    if (p->name[0]) return wrong(p, p->word.column, "the name was said before", "it once");
    if (p->word.kind != TOKEN_NAME || p->word.length > LONGEST_NAME) return refuse(p, "a word of at most 32 bytes");
    memcpy(p->name, p->word.text, p->word.length);
    advance(p);
    return true;
}

static bool read_line(parser *p, const char *line, size_t length) {
    p->words = mech_lexer_open(line, length);
    advance(p);
    if (p->word.kind == TOKEN_END) return true;
    design_use use = DESIGN_FOR_TRAINING;
    if (is_word(p, "test")) {
        use = DESIGN_FOR_TEST;
        advance(p);
    }
    const token word = p->word;
    const bool name = use == DESIGN_FOR_TRAINING && is_word(p, "name");
    const design_key key = word.kind == TOKEN_NAME ? mech_design_find_key(word.text, word.length) : N_DESIGN_KEYS;
    if (key == N_DESIGN_KEYS && !name) return refuse(p, "a key such as runs, loadings, points or noise");
    advance(p);
    if (p->word.kind != TOKEN_COLON) return refuse(p, "':' behind the key");
    advance(p);
    if (name) {
        if (!read_name(p)) return false;
    } else {
        if (p->said[use][key]) return wrong(p, word.column, "the key was said before", "it once");
        p->said[use][key] = p->line;
        const design_rule *rule = mech_design_rule(key);
        if (!(key == DESIGN_LOADINGS ? read_places(p, rule, use) : read_distribution(p, rule, &p->d->of[use][key])))
            return false;
    }
    return p->word.kind == TOKEN_END || refuse(p, "the end of the line");
}

/* Refuses bytes that are no text; tells where. */
static bool check_characters(parser *p, const char *characters, size_t length) {
    int column = 1;
    p->line = 1;
    for (size_t i = 0; i < length;) {
        const size_t n = mech_utf8_character(characters + i, length - i);
        const unsigned char c = (unsigned char)characters[i];
        if (!n || (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
            return wrong(p, column, n ? "a control character" : "a byte that is not UTF-8", "text");
        i += n;
        column++;
        if (c == '\n') {
            p->line++;
            column = 1;
        }
    }
    p->line = 0;
    return true;
}

static bool read_lines(parser *p, const char *characters, size_t length) {
    for (size_t at = 0; at < length;) {
        const char *end = memchr(characters + at, '\n', length - at);
        const size_t whole = end ? (size_t)(end - characters) - at : length - at;
        size_t used = whole;
        while (used > 0 && characters[at + used - 1] == '\r') used--;
        p->line++;
        if (!read_line(p, characters + at, used)) return false;
        at += whole + 1;
    }
    return true;
}

/* What was not said: test is drawn as training is, and training as the keys say. */
static bool fill_in(parser *p) {
    design *d = p->d;
    if (!p->line) p->line = 1;
    for (int k = 0; k < N_DESIGN_KEYS; k++) {
        const design_rule *rule = mech_design_rule((design_key)k);
        if (!p->said[DESIGN_FOR_TRAINING][k]) {
            if (rule->required) {
                mech_fail(p->error, MECH_INVALID_INPUT, "%s:%d:1: '%s' is missing; expected %s", p->source, p->line,
                          rule->name, rule->what);
                return false;
            }
            d->of[DESIGN_FOR_TRAINING][k] = (distribution){1, &rule->otherwise};
        }
        if (!p->said[DESIGN_FOR_TEST][k]) d->of[DESIGN_FOR_TEST][k] = d->of[DESIGN_FOR_TRAINING][k];
    }
    if (!p->said[DESIGN_FOR_TEST][DESIGN_LOADINGS]) {
        memcpy(d->loadings[DESIGN_FOR_TEST], d->loadings[DESIGN_FOR_TRAINING], sizeof d->loadings[0]);
        d->n_loadings[DESIGN_FOR_TEST] = d->n_loadings[DESIGN_FOR_TRAINING];
    }
    return true;
}

static double most_of(const design *d, design_use use, design_key key) {
    double low, high;
    mech_distribution_range(&d->of[use][key], &low, &high);
    return high;
}

static double least_of(const design *d, design_use use, design_key key) {
    double low, high;
    mech_distribution_range(&d->of[use][key], &low, &high);
    return low;
}

/* Refuses what fits key by key but not together, at the line of one of them. */
static bool check_together(parser *p, design_use use) {
    const design *d = p->d;
    const int *said = p->said[use], *before = p->said[DESIGN_FOR_TRAINING];
    const double runs = most_of(d, use, DESIGN_RUNS), ratio = most_of(d, use, DESIGN_LOADINGS_RATIO);
    const double drawn = most_of(d, use, DESIGN_LOADINGS_OF_A_THETA);
    size_t fewest, most;
    mech_design_readings(d, use, &fewest, &most);
    p->line = said[DESIGN_POINTS] ? said[DESIGN_POINTS] : before[DESIGN_POINTS];
    if (most > MOST_READINGS) return wrong(p, 1, "a run can have more than 2000 readings", "fewer points");
    for (size_t i = 0; i < d->of[use][DESIGN_TIMES].n; i++) {
        const choice *c = &d->of[use][DESIGN_TIMES].choices[i];
        /* Without a reading at 0 the grid's first time is none of them. */
        if (c->kind == CHOICE_GRID && (double)most > c->low - (least_of(d, use, DESIGN_READING_AT_0) > 0 ? 0 : 1))
            return wrong(p, 1, "a run can have more readings than the grid has times", "fewer points");
    }
    p->line = said[DESIGN_LOADINGS_OF_A_THETA] ? said[DESIGN_LOADINGS_OF_A_THETA] : before[DESIGN_LOADINGS_OF_A_THETA];
    for (size_t i = 0; i < d->of[use][DESIGN_LOADINGS_OF_A_THETA].n; i++) {
        const double of_theta = d->of[use][DESIGN_LOADINGS_OF_A_THETA].choices[i].low;
        if (of_theta > 0 && of_theta < runs)
            return wrong(p, 1, "a theta has fewer loadings than runs", "at least as many");
    }
    p->line = said[DESIGN_LOADINGS_RATIO] ? said[DESIGN_LOADINGS_RATIO] : before[DESIGN_LOADINGS_RATIO];
    if (ratio <= 1) return true;
    const distribution *loadings = &d->loadings[use][0];
    for (size_t i = 0; i < loadings->n; i++)
        if (d->n_loadings[use] > 1 || drawn > 0 || loadings->choices[i].kind == CHOICE_NUMBER ||
            pow(ratio, 2 * runs) > loadings->choices[i].high / loadings->choices[i].low * ratio * ratio)
            return wrong(p, 1, "the loadings leave no room for so many runs that far apart",
                         "a wide range of loadings, or a smaller ratio");
    return true;
}

mech_status mech_design_parse(const char *characters, size_t length, const char *source, design **d,
                              mech_error *error) {
    *d = NULL;
    if (length > LONGEST_DESIGN)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: the design takes %zu bytes; expected at most %d", source,
                         length, LONGEST_DESIGN);
    parser p = {.source = source, .error = error};
    p.d = calloc(1, sizeof *p.d);
    p.name = calloc(1, LONGEST_NAME + 1);
    char *copy = calloc(length + 1, 1);
    if (!p.d || !p.name || !copy) {
        free(p.d);
        free(p.name);
        free(copy);
        return mech_fail_memory(error);
    }
    memcpy(copy, characters, length);
    p.d->text = copy;
    p.d->name = p.name;
    bool well = check_characters(&p, characters, length) && read_lines(&p, characters, length) && fill_in(&p);
    for (int use = 0; well && use < N_DESIGN_USES; use++) well = check_together(&p, (design_use)use);
    if (!well) {
        mech_design_free(p.d);
        return MECH_INVALID_INPUT;
    }
    if (!p.name[0]) memcpy(p.name, "own", sizeof "own");
    *d = p.d;
    return MECH_OK;
}

void mech_design_free(design *d) {
    if (!d) return;
    free((char *)d->text);
    free((char *)d->name);
    free(d);
}

mech_status mech_design_open(const char *name_or_file, design **d, mech_error *error) {
    const char *name = strcmp(name_or_file, "seed") == 0 ? "fixed-window" : name_or_file, *known = NULL,
               *characters = NULL;
    for (size_t i = 0; (characters = mech_design_builtin(i, &known)); i++)
        if (strcmp(name, known) == 0) return mech_design_parse(characters, strlen(characters), known, d, error);
    char *content = NULL;
    size_t length = 0;
    *d = NULL;
    mech_status status = mech_file_read(name_or_file, LONGEST_DESIGN, &content, &length, error);
    if (status == MECH_OK)
        status = mech_design_parse(content, length, strcmp(name_or_file, "-") == 0 ? "standard input" : name_or_file, d,
                                   error);
    mech_free(content);
    return status;
}
