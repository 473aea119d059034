/* A mechanism file that is being read (docs/mechanism-files.md), and the words that its lines are made of. Functions
 * that read return false after a message with the place. */
#ifndef MECH_CHEMISTRY_PARSER_PARSER_H
#define MECH_CHEMISTRY_PARSER_PARSER_H

#include "chemistry/parser/draft.h"
#include "chemistry/parser/lexer.h"

typedef struct parser {
    draft d;
    int line;
    lexer words;
    token word; /* the one to be read next */
    bool has_name, has_title, has_order, has_catalyst, has_class;
} parser;

/* Where the next word is, and the step to the one behind it. */
place mech_parser_here(const parser *p);
void mech_parser_advance(parser *p);

/* Reports that something else was expected where the next word is; false. */
bool mech_parser_expected(const parser *p, const char *what);

bool mech_parser_expect(parser *p, token_kind kind, const char *what);

/* Whether the next word is that one, in letters of any case. */
bool mech_parser_is(const parser *p, const char *word);

/* Reads a name into name[MAX_NAME]; a species, which becomes known if it was not; a number within least and most. */
bool mech_parser_name(parser *p, const char *what, char *name);
bool mech_parser_species(parser *p, int *species);
bool mech_parser_number(parser *p, const char *what, double least, double most, double *number);

/* The rate constant of that name, or -1. */
int mech_parser_rate_constant(const mech_mechanism *mechanism, const char *name);

/* Reads what follows "shows:": a clause of the mechanism. (shows.c) */
bool mech_parser_shows(parser *p);

/* mech_mechanism_parse() of lines of which the first has that number in its source. */
mech_status mech_parse_lines(const char *characters, size_t length, const char *source, int line,
                             mech_mechanism **mechanism, mech_error *error);

#endif
