/* What is said of a run in titles, names of runs and headers: loadings, starts, names. */
#ifndef MECH_EXPERIMENT_WORDS_PHRASES_H
#define MECH_EXPERIMENT_WORDS_PHRASES_H

#include "experiment/words/header.h"

/* A number with its unit; NaN: none. */
typedef struct said_amount {
    double value;
    table_unit unit; /* a share or a concentration */
} said_amount;

/* A loading within a text, "A: 1 mol%", "[cat] = 2.5 mM" or "20 ppm". Concentrations and equivalents are loadings where
 * a word for a catalyst stands in the same part of the text, or where they are all of it and `bare` is set. */
said_amount mech_loading_in_text(const char *words, bool bare);

/* What a run starts with by a text. */
typedef struct said_start {
    said_amount amount;
    char of[MAX_HEADER_NAME]; /* "" of the substrate, "[S]0 = 0.25 M"; else of what has that name, "[ArBr]0 = 0.5 M" */
} said_start;
enum { MOST_SAID_STARTS = 3 };

/* Adds what a text says of starts to starts[n], at most MOST_SAID_STARTS; returns how many there are then. */
size_t mech_starts_in_text(const char *words, said_start *starts, size_t n);

/* Splits "[S] (run A)", "S exp 2", "Run 3 P" or "S (1 mol%)" into what was measured and the run; false where no run is
 * named. Both texts have room for MAX_HEADER_NAME characters. */
bool mech_split_run_header(const char *header, char *species, char *run);

/* Whether a text begins with a word for a run and a name: "Run 1", "Versuch 3". */
bool mech_begins_with_run(const char *words);

/* Splits "S1 (M)", "P_A", "A: S" into "S (M)" and "1": a number or letter at either end of the name that may tell runs
 * apart. `way` counts the ways to do so, from 0 on. */
bool mech_split_suffix(const char *header, size_t way, char *species, char *suffix);

#endif
