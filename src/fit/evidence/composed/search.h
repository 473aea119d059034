/* The search for the compositions that explain a run set best: from the cycles on, parts are added, dropped and
 * exchanged, and the ten best so far go on (a beam). A composition is weighed by Laplace's approximation of its
 * evidence; what is found is fitted in earnest by the caller. */
#ifndef MECH_FIT_COMPOSED_SEARCH_H
#define MECH_FIT_COMPOSED_SEARCH_H

#include "base/machine/team.h"
#include "fit/evidence/evidence.h"

enum { MOST_ROWS = 40 };

/* The parts of a mechanism: choice[row] is the number of its part among mech_parts_name(), -1 where it has none of that
 * row. Row 0 is the cycle. */
typedef struct composition {
    int choice[MOST_ROWS];
    mech_mechanism *mechanism;
    double odds;                  /* before the readings: see mech_composition_odds() */
    double log_evidence;          /* Laplace's approximation */
    size_t n_theta;               /* 0: could not be simulated */
    double theta[FIT_MOST_THETA]; /* at its best */
    theta_draws draws;            /* of its prior */
    bool expanded;
} composition;

/* The rows of parts, in their order. */
typedef struct part_rows {
    const mech_parts *parts;
    size_t n_parts, n;
    const char *name[MOST_ROWS];
    size_t size[MOST_ROWS]; /* how many parts each has */
} part_rows;

typedef struct composition_list {
    part_rows rows;
    size_t n, room, n_searched;
    composition *all; /* [n], most probable first */
} composition_list;

/* parts: NULL for the built-in ones; outlive the rows. */
part_rows mech_part_rows(const mech_parts *parts);

/* The row of part `number`. */
size_t mech_part_row(const part_rows *rows, size_t number);

/* Prior odds of a composition: whether a row has a part is even, and the parts of a row share alike. Cycles are alike.
 */
double mech_composition_odds(const part_rows *rows, const int *chosen);

/* Searches. q: how to fit; its space and prior are not read. What is found, at most `most` whose evidence times odds is
 * within reach of the best, belongs to the list, which is freed with mech_composition_list_free() in any case.
 * MECH_STOPPED where `progress`, which may be NULL, asks for it. */
mech_status mech_search_compositions(const observations *data, const optima_request *q, const error_levels *levels,
                                     const mech_parts *parts, team *t, const mech_progress *progress, size_t most,
                                     composition_list *list, mech_error *error);
/* A mechanism of the library whose fit is done. */
typedef struct search_start {
    const mech_mechanism *mechanism;
    double log_evidence; /* Laplace's approximation */
    size_t n_theta;
    const double *theta; /* [n_theta]: at its best */
} search_start;

/* Weighs the compositions that are one part more, one less or another one than a mechanism of from[n_from], and the
 * single choices, as far as the library does not have them. The best of them is all that the list has in the end. Else
 * as mech_search_compositions(). */
mech_status mech_search_beyond(const observations *data, const optima_request *q, const error_levels *levels,
                               size_t n_from, const search_start *from, team *t, const mech_progress *progress,
                               composition_list *list, mech_error *error);
void mech_composition_list_free(composition_list *list);

#endif
