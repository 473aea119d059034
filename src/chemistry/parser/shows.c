/* How a mechanism shows itself: the declaration `shows` of mechanism files.
 *
 *   shows     = condition { "and" condition } [ "," "loading" NUMBER { "or" NUMBER } ]
 *   condition = form { "+" form } "at" conversion range
 *             | "largest" form "from" conversion "to" NUMBER range
 *             | "smallest" form "until" conversion range
 *             | "through" RATE-CONSTANT "until" conversion range
 *   form      = [ NUMBER ] SPECIES
 *   conversion = "conversion" NUMBER
 *   range     = "above" NUMBER | "below" NUMBER | "within" NUMBER "to" NUMBER
 */
#include "chemistry/parser/parser.h"

#include <math.h>
#include <stdio.h>

enum { MOST_WEIGHT = 100 };

/* Where nothing is said of them. */
static const double usual_loadings[] = {0.03, 0.05, 0.07};
enum { N_USUAL = sizeof usual_loadings / sizeof usual_loadings[0] };

static bool read_word(parser *p, const char *word) {
    char what[32];
    if (!mech_parser_is(p, word)) {
        snprintf(what, sizeof what, "'%s'", word);
        return mech_parser_expected(p, what);
    }
    mech_parser_advance(p);
    return true;
}

/* "2 cat2" */
static bool read_form(parser *p, shown_condition *c) {
    double weight = 1;
    if (c->n_forms == MAX_FORMS)
        return mech_draft_wrong(&p->d, mech_parser_here(p), "too many species in a sum; expected at most %d",
                                MAX_FORMS);
    const place where = mech_parser_here(p);
    if (p->word.kind == TOKEN_NUMBER &&
        !mech_parser_number(p, "how often the species counts, a whole number from 1 to 100", 1, MOST_WEIGHT, &weight))
        return false;
    if (weight != floor(weight))
        return mech_draft_wrong(&p->d, where, "a species counts %g times; expected a whole number", weight);
    shown_form *form = &c->forms[c->n_forms++];
    form->weight = (int)weight;
    return mech_parser_species(p, &form->species);
}

static bool read_conversion(parser *p, double least, double *x) {
    return mech_parser_number(p, "a conversion from 0 to 1", least, 1, x);
}

static bool read_range(parser *p, shown_condition *c) {
    static const char amount[] = "an amount from 0 on, in units of the loading";
    c->low = -HUGE_VAL;
    c->high = HUGE_VAL;
    if (mech_parser_is(p, "above")) {
        mech_parser_advance(p);
        return mech_parser_number(p, amount, 0, HUGE_VAL, &c->low);
    }
    if (mech_parser_is(p, "below")) {
        mech_parser_advance(p);
        return mech_parser_number(p, amount, 0, HUGE_VAL, &c->high);
    }
    if (!mech_parser_is(p, "within")) return mech_parser_expected(p, "'above', 'below' or 'within' and the bounds");
    mech_parser_advance(p);
    return mech_parser_number(p, amount, 0, HUGE_VAL, &c->low) && read_word(p, "to") &&
           mech_parser_number(p, "an amount from the lower bound on", c->low, HUGE_VAL, &c->high);
}

/* "k3", which a reaction above has. */
static bool read_known_constant(parser *p, int *rate_constant) {
    const place where = mech_parser_here(p);
    char name[MAX_NAME];
    if (!mech_parser_name(p, "the name of a rate constant", name)) return false;
    *rate_constant = mech_parser_rate_constant(&p->d.mechanism, name);
    return *rate_constant >= 0 ||
           mech_draft_wrong(&p->d, where, "there is no rate constant '%s' above; expected one of the reactions", name);
}

static bool read_condition(parser *p, shown_condition *c) {
    if (mech_parser_is(p, "largest")) {
        c->measure = SHOWN_LARGEST;
        mech_parser_advance(p);
        return read_form(p, c) && read_word(p, "from") && read_word(p, "conversion") &&
               read_conversion(p, 0, &c->x_from) && read_word(p, "to") && read_conversion(p, c->x_from, &c->x_to) &&
               read_range(p, c);
    }
    if (mech_parser_is(p, "smallest") || mech_parser_is(p, "through")) {
        c->measure = mech_parser_is(p, "through") ? SHOWN_THROUGH : SHOWN_SMALLEST;
        mech_parser_advance(p);
        return (c->measure == SHOWN_THROUGH ? read_known_constant(p, &c->rate_constant) : read_form(p, c)) &&
               read_word(p, "until") && read_word(p, "conversion") && read_conversion(p, 0, &c->x_to) &&
               read_range(p, c);
    }
    c->measure = SHOWN_AT;
    while (read_form(p, c)) {
        if (p->word.kind != TOKEN_PLUS)
            return read_word(p, "at") && read_word(p, "conversion") && read_conversion(p, 0, &c->x_to) &&
                   read_range(p, c);
        mech_parser_advance(p);
    }
    return false;
}

static bool read_loadings(parser *p, shown_clause *clause) {
    mech_parser_advance(p); /* the comma */
    if (!read_word(p, "loading")) return false;
    for (clause->n_loadings = 0;;) {
        const place where = mech_parser_here(p);
        if (clause->n_loadings == MAX_LOADINGS)
            return mech_draft_wrong(&p->d, where, "too many loadings; expected at most %d", MAX_LOADINGS);
        double *loading = &clause->loadings[clause->n_loadings++];
        if (!mech_parser_number(p, "a loading above 0 and up to 1", 0, 1, loading)) return false;
        if (!(*loading > 0)) return mech_draft_wrong(&p->d, where, "a loading of 0; expected one above 0 and up to 1");
        if (!mech_parser_is(p, "or")) return true;
        mech_parser_advance(p);
    }
}

bool mech_parser_shows(parser *p) {
    if (p->d.mechanism.n_clauses == MAX_CLAUSES)
        return mech_draft_wrong(&p->d, mech_parser_here(p), "too many lines 'shows'; expected at most %d", MAX_CLAUSES);
    shown_clause *clause = &p->d.mechanism.clauses[p->d.mechanism.n_clauses++];
    for (clause->n_loadings = 0; clause->n_loadings < N_USUAL; clause->n_loadings++)
        clause->loadings[clause->n_loadings] = usual_loadings[clause->n_loadings];
    for (;;) {
        if (clause->n_conditions == MAX_CONDITIONS)
            return mech_draft_wrong(&p->d, mech_parser_here(p), "too many conditions in one line; expected at most %d",
                                    MAX_CONDITIONS);
        if (!read_condition(p, &clause->conditions[clause->n_conditions++])) return false;
        if (!mech_parser_is(p, "and")) break;
        mech_parser_advance(p);
    }
    return p->word.kind != TOKEN_COMMA || read_loadings(p, clause);
}
