/* Mechanism files: one declaration or reaction a line (docs/mechanism-files.md). */
#include "chemistry/parser/parser.h"
#include "base/files/file.h"
#include "base/files/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_BYTES = 65536, MOST_UNITS = 100 };

static const double MOST_COEFFICIENT = 1000;

place mech_parser_here(const parser *p) { return (place){p->line, p->word.column}; }

void mech_parser_advance(parser *p) { p->word = mech_lexer_next(&p->words); }

/* Reports that something else was expected where the next word is. */
bool mech_parser_expected(const parser *p, const char *what) {
    if (p->word.kind == TOKEN_END)
        return mech_draft_wrong(&p->d, mech_parser_here(p), "the line ends; expected %s", what);
    const int length = (int)(p->word.length < 40 ? p->word.length : 40);
    return mech_draft_wrong(&p->d, mech_parser_here(p), "'%.*s' is out of place; expected %s", length, p->word.text,
                            what);
}

bool mech_parser_expect(parser *p, token_kind kind, const char *what) {
    if (p->word.kind != kind) return mech_parser_expected(p, what);
    mech_parser_advance(p);
    return true;
}

/* Reads a name into name[MAX_NAME]. */
bool mech_parser_name(parser *p, const char *what, char *name) {
    if (p->word.kind != TOKEN_NAME) return mech_parser_expected(p, what);
    if (p->word.length >= MAX_NAME)
        return mech_draft_wrong(&p->d, mech_parser_here(p), "the name '%.*s...' is too long; expected at most %d bytes",
                                MAX_NAME - 1, p->word.text, MAX_NAME - 1);
    memcpy(name, p->word.text, p->word.length);
    name[p->word.length] = '\0';
    mech_parser_advance(p);
    return true;
}

/* Reads the name of a species, which becomes known if it was not; *species is its number. */
bool mech_parser_species(parser *p, int *species) {
    mech_mechanism *mechanism = &p->d.mechanism;
    const place where = mech_parser_here(p);
    char name[MAX_NAME];
    if (!mech_parser_name(p, "the name of a species", name)) return false;
    *species = mech_mechanism_find_species(mechanism, name);
    if (*species >= 0) return true;
    if (mechanism->n_species == MAX_SPECIES)
        return mech_draft_wrong(&p->d, where, "'%s' is one species too many; expected at most %d", name, MAX_SPECIES);
    *species = mechanism->n_species++;
    memcpy(mechanism->species[*species].name, name, sizeof name);
    p->d.species[*species].first = where;
    return true;
}

bool mech_parser_number(parser *p, const char *what, double least, double most, double *number) {
    double value = 0;
    if (p->word.kind != TOKEN_NUMBER || !mech_parse_number(p->word.text, p->word.length, '.', &value) ||
        !(value >= least) || !(value <= most))
        return mech_parser_expected(p, what);
    *number = value;
    mech_parser_advance(p);
    return true;
}

bool mech_parser_is(const parser *p, const char *word) {
    return p->word.kind == TOKEN_NAME && p->word.length == strlen(word) &&
           strncasecmp(p->word.text, word, p->word.length) == 0;
}

static bool read_whole(parser *p, const char *what, int most, int *number) {
    uint64_t value = 0;
    if (p->word.kind != TOKEN_NUMBER || !mech_parse_whole(p->word.text, p->word.length, &value) || value < 1 ||
        value > (uint64_t)most)
        return mech_parser_expected(p, what);
    *number = (int)value;
    mech_parser_advance(p);
    return true;
}

/* One side of a reaction: "2 cat + S". */
static bool read_side(parser *p, int *molecules) {
    for (int n = 0;;) {
        const place where = mech_parser_here(p);
        int count = 1, species = 0;
        if (p->word.kind == TOKEN_NUMBER && !read_whole(p, "a number of molecules from 1 to 3", MAX_MOLECULES, &count))
            return false;
        if (!mech_parser_species(p, &species)) return false;
        if (n + count > MAX_MOLECULES)
            return mech_draft_wrong(&p->d, where, "too many molecules on one side; expected at most %d", MAX_MOLECULES);
        while (count-- > 0) molecules[n++] = species;
        if (p->word.kind != TOKEN_PLUS) {
            while (n < MAX_MOLECULES) molecules[n++] = -1;
            return true;
        }
        mech_parser_advance(p);
    }
}

int mech_parser_rate_constant(const mech_mechanism *mechanism, const char *name) {
    for (int k = 0; k < mechanism->n_rate_constants; k++)
        if (strcmp(mechanism->rate_constants[k], name) == 0) return k;
    return -1;
}

/* A new rate constant's name. */
static bool read_rate_constant(parser *p, int *rate_constant) {
    mech_mechanism *mechanism = &p->d.mechanism;
    const place where = mech_parser_here(p);
    char name[MAX_NAME];
    if (!mech_parser_name(p, "the name of a rate constant", name)) return false;
    const int known = mech_parser_rate_constant(mechanism, name);
    if (known >= 0)
        return mech_draft_wrong(&p->d, where,
                                "rate constant '%s' is taken since line %d; expected one for each direction", name,
                                p->d.rate_constants[known].line);
    if (mechanism->n_rate_constants == MAX_RATE_CONSTANTS)
        return mech_draft_wrong(&p->d, where, "'%s' is one rate constant too many; expected at most %d", name,
                                MAX_RATE_CONSTANTS);
    *rate_constant = mechanism->n_rate_constants++;
    memcpy(mechanism->rate_constants[*rate_constant], name, sizeof name);
    p->d.rate_constants[*rate_constant] = where;
    return true;
}

static bool changes_something(const mechanism_reaction *r) {
    for (int i = 0; i < MAX_MOLECULES; i++)
        if ((r->reactants[i] >= 0 && mech_reaction_change(r, r->reactants[i])) ||
            (r->products[i] >= 0 && mech_reaction_change(r, r->products[i])))
            return true;
    return false;
}

/* The mechanism has room: each direction has a rate constant of its own, of which there are fewer than reactions. */
static void add_reaction(draft *d, place where, mechanism_reaction r) {
    d->reactions[d->mechanism.n_reactions] = where;
    d->mechanism.reactions[d->mechanism.n_reactions++] = r;
}
_Static_assert((int)MAX_RATE_CONSTANTS <= (int)MAX_REACTIONS, "rate constants run out before reactions do");

static bool read_reaction(parser *p) {
    mechanism_reaction forward = {.reverse = 0};
    const place where = mech_parser_here(p);
    if (!read_side(p, forward.reactants)) return false;
    const bool reversible = p->word.kind == TOKEN_REVERSIBLE;
    if (!reversible && p->word.kind != TOKEN_FORWARD) return mech_parser_expected(p, "'+', '->' or '<=>'");
    mech_parser_advance(p);
    if (!read_side(p, forward.products) ||
        !mech_parser_expect(p, TOKEN_COLON, "'+' or ':' and the reaction's rate constants"))
        return false;
    if (!changes_something(&forward))
        return mech_draft_wrong(&p->d, where, "both sides of the reaction are the same; expected a change");
    if (!read_rate_constant(p, &forward.rate_constant)) return false;
    add_reaction(&p->d, where, forward);
    if (!reversible) {
        if (p->word.kind == TOKEN_COMMA)
            return mech_draft_wrong(&p->d, mech_parser_here(p),
                                    "a second rate constant for a one-way reaction; expected '<=>' or one");
        return true;
    }
    mechanism_reaction backward = {.reverse = 1};
    memcpy(backward.reactants, forward.products, sizeof backward.reactants);
    memcpy(backward.products, forward.reactants, sizeof backward.products);
    if (!mech_parser_expect(p, TOKEN_COMMA, "',' and the rate constant of the way back") ||
        !read_rate_constant(p, &backward.rate_constant))
        return false;
    add_reaction(&p->d, where, backward);
    return true;
}

/* "(1.5)": how much of a reactant counts as one molecule of it in the reactions. */
static bool read_coefficient(parser *p, mechanism_species *species) {
    mech_parser_advance(p);
    if (!mech_parser_number(p, "its stoichiometric coefficient, above 0 and up to 1000", 1 / MOST_COEFFICIENT,
                            MOST_COEFFICIENT, &species->coefficient) ||
        !mech_parser_expect(p, TOKEN_CLOSE, "')'"))
        return false;
    if (species->coefficient == 1) species->coefficient = 0;
    return true;
}

/* "cat, catS, cat2 (2)": species with a role and, if they say so, catalyst units. */
static bool read_role(parser *p, mech_role role) {
    const bool alone = role == MECH_ROLE_SUBSTRATE || role == MECH_ROLE_PRODUCT;
    for (int n = 0;; n++) {
        const place where = mech_parser_here(p);
        int s = 0;
        if (!mech_parser_species(p, &s)) return false;
        draft_species *species = &p->d.species[s];
        if (species->has_role)
            return mech_draft_wrong(&p->d, where, "'%s' was declared as %s before; expected one role",
                                    p->d.mechanism.species[s].name, mech_role_name(p->d.mechanism.species[s].role));
        p->d.mechanism.species[s].role = role;
        species->has_role = true;
        if (p->word.kind == TOKEN_OPEN && role == MECH_ROLE_REACTANT) {
            if (!read_coefficient(p, &p->d.mechanism.species[s])) return false;
        } else if (p->word.kind == TOKEN_OPEN) {
            mech_parser_advance(p);
            if (!read_whole(p, "how many units of catalyst it holds, from 1 to 100", MOST_UNITS,
                            &p->d.mechanism.species[s].catalyst_units) ||
                !mech_parser_expect(p, TOKEN_CLOSE, "')'"))
                return false;
            if (alone || role == MECH_ROLE_ADDITIVE || role == MECH_ROLE_OTHER)
                return mech_draft_wrong(&p->d, where, "units of catalyst in a species declared as %s; expected none",
                                        mech_role_name(role));
            species->has_units = true;
        }
        if (p->word.kind != TOKEN_COMMA) return true;
        if (alone)
            return mech_draft_wrong(&p->d, mech_parser_here(p), "more than one %s; expected a single species",
                                    mech_role_name(role));
        mech_parser_advance(p);
    }
}

static bool has_role(const parser *p, mech_role role) {
    for (int s = 0; s < p->d.mechanism.n_species; s++)
        if (p->d.species[s].has_role && p->d.mechanism.species[s].role == role) return true;
    return false;
}

static bool read_catalyst(parser *p) {
    if (p->has_catalyst)
        return mech_draft_wrong(&p->d, mech_parser_here(p), "the catalyst weighed in was named before; expected one");
    p->has_catalyst = true;
    return mech_parser_species(p, &p->d.mechanism.catalyst);
}

/* "X = 1, I = 0.005" */
static bool read_start(parser *p) {
    for (;;) {
        const place where = mech_parser_here(p);
        int s = 0;
        double amount = 0;
        if (!mech_parser_species(p, &s) || !mech_parser_expect(p, TOKEN_EQUALS, "'=' and the start amount") ||
            !mech_parser_number(p, "a number from 0 on", 0, HUGE_VAL, &amount))
            return false;
        if (p->d.species[s].has_start)
            return mech_draft_wrong(&p->d, where, "the start amount of '%s' was said before; expected it once",
                                    p->d.mechanism.species[s].name);
        p->d.mechanism.species[s].start = amount;
        p->d.species[s].has_start = true;
        p->d.species[s].start = where;
        if (p->word.kind != TOKEN_COMMA) return true;
        mech_parser_advance(p);
    }
}

/* "I = 0.001 to 0.01, X = 0": start amounts that designs draw. */
static bool read_drawn(parser *p) {
    for (;;) {
        const place where = mech_parser_here(p);
        int s = 0;
        if (!mech_parser_species(p, &s)) return false;
        mechanism_species *species = &p->d.mechanism.species[s];
        if (species->drawn)
            return mech_draft_wrong(&p->d, where, "how '%s' is drawn was said before; expected it once", species->name);
        if (!mech_parser_expect(p, TOKEN_EQUALS, "'=' and the range of the start amount") ||
            !mech_parser_number(p, "a number from 0 on", 0, HUGE_VAL, &species->drawn_low))
            return false;
        species->drawn_high = species->drawn_low;
        if (mech_parser_is(p, "to")) {
            mech_parser_advance(p);
            if (!mech_parser_number(p, "a number from the lower end of the range on", species->drawn_low, HUGE_VAL,
                                    &species->drawn_high))
                return false;
        }
        species->drawn = true;
        p->d.species[s].drawn = where;
        if (p->word.kind != TOKEN_COMMA) return true;
        mech_parser_advance(p);
    }
}

/* The places of rate constants in theta: all of them, each once. Comes after the reactions. */
static bool read_order(parser *p) {
    mech_mechanism *mechanism = &p->d.mechanism;
    const mech_mechanism met = *mechanism;
    int to[MAX_RATE_CONSTANTS], n = 0;
    if (p->has_order)
        return mech_draft_wrong(&p->d, mech_parser_here(p), "the order was said before; expected it once");
    p->has_order = true;
    for (int k = 0; k < MAX_RATE_CONSTANTS; k++) to[k] = -1;
    while (p->word.kind != TOKEN_END) {
        const place where = mech_parser_here(p);
        char name[MAX_NAME];
        if (!mech_parser_name(p, "the name of a rate constant", name)) return false;
        const int k = mech_parser_rate_constant(mechanism, name);
        if (k < 0)
            return mech_draft_wrong(&p->d, where,
                                    "there is no rate constant '%s' above; expected those of the reactions", name);
        if (to[k] >= 0)
            return mech_draft_wrong(&p->d, where, "rate constant '%s' stands twice; expected it once", name);
        to[k] = n++;
        if (p->word.kind == TOKEN_COMMA) mech_parser_advance(p);
    }
    for (int k = 0; k < met.n_rate_constants; k++)
        if (to[k] < 0)
            return mech_draft_wrong(&p->d, mech_parser_here(p), "rate constant '%s' is missing; expected all of them",
                                    met.rate_constants[k]);
    for (int k = 0; k < met.n_rate_constants; k++)
        memcpy(mechanism->rate_constants[to[k]], met.rate_constants[k], MAX_NAME);
    for (int j = 0; j < met.n_reactions; j++)
        mechanism->reactions[j].rate_constant = to[met.reactions[j].rate_constant];
    for (int i = 0; i < met.n_clauses; i++)
        for (int j = 0; j < met.clauses[i].n_conditions; j++) {
            shown_condition *condition = &mechanism->clauses[i].conditions[j];
            if (condition->measure == SHOWN_THROUGH) condition->rate_constant = to[condition->rate_constant];
        }
    return true;
}

/* The rest of the line as a text of fewer than `room` bytes. */
static bool read_text(parser *p, bool *seen, const char *what, size_t room, char *characters) {
    const place start = {p->line, p->words.column};
    const token rest = mech_lexer_rest(&p->words);
    if (*seen) return mech_draft_wrong(&p->d, start, "the %s was said before; expected it once", what);
    *seen = true;
    if (rest.kind == TOKEN_END) return mech_draft_wrong(&p->d, start, "the line ends; expected the %s", what);
    if (rest.length >= room)
        return mech_draft_wrong(&p->d, (place){p->line, rest.column}, "the %s is too long; expected at most %zu bytes",
                                what, room - 1);
    memset(characters, 0, room);
    memcpy(characters, rest.text, rest.length);
    mech_parser_advance(p);
    return true;
}

/* The name of the mechanism. Data sets and models list such names with commas, tables part them with blanks. */
static bool read_id(parser *p, mech_mechanism *mechanism) {
    lexer ahead = p->words;
    const place start = {p->line, mech_lexer_rest(&ahead).column};
    if (!read_text(p, &p->has_name, "name", sizeof mechanism->id, mechanism->id)) return false;
    if (!strpbrk(mechanism->id, ", \t\"=")) return true;
    return mech_draft_wrong(&p->d, start, "the name '%s' has a blank, comma, quote or '='; expected one word",
                            mechanism->id);
}

static bool read_class(parser *p) {
    const place where = mech_parser_here(p);
    if (p->has_class) return mech_draft_wrong(&p->d, where, "the class was said before; expected it once");
    p->has_class = true;
    for (mech_class c = MECH_CLASS_CORE; c <= MECH_CLASS_COMPOSED; c++) {
        if (!mech_parser_is(p, mech_class_name(c))) continue;
        p->d.mechanism.mechanism_class = c;
        mech_parser_advance(p);
        return true;
    }
    return mech_parser_expected(p, "core, bicatalytic, activation, deactivation, composed or user");
}

static bool read_declaration(parser *p, const token *keyword) {
    static const struct {
        const char *name;
        mech_role role;
    } roles[] = {
        {"substrate", MECH_ROLE_SUBSTRATE},     {"product", MECH_ROLE_PRODUCT},     {"catalyst", MECH_ROLE_CATALYST},
        {"precatalyst", MECH_ROLE_PRECATALYST}, {"off-cycle", MECH_ROLE_OFF_CYCLE}, {"inactive", MECH_ROLE_INACTIVE},
        {"additive", MECH_ROLE_ADDITIVE},       {"reactant", MECH_ROLE_REACTANT},   {"other", MECH_ROLE_OTHER}};
    char name[MAX_NAME] = "";
    if (keyword->length < sizeof name) memcpy(name, keyword->text, keyword->length);
    mech_mechanism *mechanism = &p->d.mechanism;
    if (strcasecmp(name, "name") == 0 || strcasecmp(name, "mechanism") == 0) return read_id(p, mechanism);
    if (strcasecmp(name, "title") == 0)
        return read_text(p, &p->has_title, "title", sizeof mechanism->title, mechanism->title);
    mech_parser_advance(p);
    if (strcasecmp(name, "cat0") == 0) return read_catalyst(p);
    if (strcasecmp(name, "start") == 0) return read_start(p);
    if (strcasecmp(name, "order") == 0) return read_order(p);
    if (strcasecmp(name, "drawn") == 0) return read_drawn(p);
    if (strcasecmp(name, "class") == 0) return read_class(p);
    if (strcasecmp(name, "shows") == 0) return mech_parser_shows(p);
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (strcasecmp(name, roles[i].name) != 0) continue;
        const bool alone = roles[i].role == MECH_ROLE_SUBSTRATE || roles[i].role == MECH_ROLE_PRODUCT;
        if (alone && has_role(p, roles[i].role))
            return mech_draft_wrong(&p->d, mech_parser_here(p), "the %s was named before; expected a single species",
                                    name);
        return read_role(p, roles[i].role);
    }
    return mech_draft_wrong(
        &p->d, (place){p->line, keyword->column},
        "'%.*s' is no keyword; expected name, title, substrate, product, catalyst, precatalyst, "
        "off-cycle, inactive, additive, reactant, other, cat0, start, drawn, class, order, shows or a "
        "reaction",
        (int)(keyword->length < 40 ? keyword->length : 40), keyword->text);
}

static bool read_line(parser *p, const char *line, size_t length) {
    p->words = mech_lexer_open(line, length);
    mech_parser_advance(p);
    if (p->word.kind == TOKEN_END) return true;
    const token first = p->word;
    const lexer after_first = p->words;
    bool well = false;
    if (first.kind == TOKEN_NAME && mech_lexer_next(&p->words).kind == TOKEN_COLON) {
        well = read_declaration(p, &first);
    } else {
        p->words = after_first;
        if (p->has_order)
            return mech_draft_wrong(&p->d, mech_parser_here(p), "a reaction behind the order; expected all before it");
        well = read_reaction(p);
    }
    if (!well) return false;
    return p->word.kind == TOKEN_END || mech_parser_expected(p, "the end of the line");
}

/* Refuses what is not text, once for all. */
static bool check_characters(parser *p, const char *characters, size_t length) {
    place where = {p->line + 1, 1};
    for (size_t i = 0; i < length;) {
        const size_t n = mech_utf8_character(characters + i, length - i);
        if (!n) return mech_draft_wrong(&p->d, where, "a byte that is not UTF-8; expected text");
        const unsigned char c = (unsigned char)characters[i];
        if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
            return mech_draft_wrong(&p->d, where, "a control character; expected text");
        i += n;
        where.column++;
        if (c == '\n' || (c == '\r' && !(i < length && characters[i] == '\n'))) where = (place){where.line + 1, 1};
    }
    return true;
}

static bool read_lines(parser *p, const char *characters, size_t length) {
    for (size_t at = 0; at < length;) {
        size_t end = at;
        while (end < length && characters[end] != '\n' && characters[end] != '\r') end++;
        p->line++;
        if (!read_line(p, characters + at, end - at)) return false;
        at = end + (end + 1 < length && characters[end] == '\r' && characters[end + 1] == '\n' ? 2 : 1);
    }
    if (p->d.mechanism.n_reactions) return true;
    return mech_draft_wrong(&p->d, (place){p->line ? p->line : 1, 1},
                            "there is no reaction; expected lines such as 'cat + S <=> catS : k1, k-1'");
}

mech_status mech_parse_lines(const char *characters, size_t length, const char *source, int line,
                             mech_mechanism **mechanism, mech_error *error) {
    *mechanism = NULL;
    parser p = {.line = line - 1,
                .d = {.source = source,
                      .error = error,
                      .mechanism = {.id = "user",
                                    .title = "a user's mechanism",
                                    .mechanism_class = MECH_CLASS_USER,
                                    .substrate = -1,
                                    .product = -1,
                                    .catalyst = -1}}};
    if (length > MOST_BYTES)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: the mechanism takes %zu bytes; expected at most %d", source,
                         length, MOST_BYTES);
    if (length >= 3 && memcmp(characters, "\xEF\xBB\xBF", 3) == 0) { /* byte order mark */
        characters += 3;
        length -= 3;
    }
    if (!check_characters(&p, characters, length) || !read_lines(&p, characters, length) || !mech_draft_complete(&p.d))
        return MECH_INVALID_INPUT;
    *mechanism = malloc(sizeof **mechanism);
    if (!*mechanism) return mech_fail_memory(error);
    **mechanism = p.d.mechanism;
    return MECH_OK;
}

mech_status mech_mechanism_parse(const char *characters, size_t length, const char *source, mech_mechanism **mechanism,
                                 mech_error *error) {
    return mech_parse_lines(characters, length, source, 1, mechanism, error);
}

mech_status mech_mechanism_read(const char *path, mech_mechanism **mechanism, mech_error *error) {
    char *characters = NULL;
    size_t length = 0;
    *mechanism = NULL;
    mech_status status = mech_file_read(path, MOST_BYTES, &characters, &length, error);
    if (status == MECH_OK)
        status = mech_mechanism_parse(characters, length, strcmp(path, "-") == 0 ? "standard input" : path, mechanism,
                                      error);
    mech_free(characters);
    return status;
}
