/* Units of time, concentration and loading, as tables write them. */
#ifndef MECH_EXPERIMENT_WORDS_UNITS_H
#define MECH_EXPERIMENT_WORDS_UNITS_H

#include <stdbool.h>
#include <stddef.h>

enum { MAX_UNIT = 16 };

typedef enum unit_kind {
    UNIT_NONE,          /* none that is known */
    UNIT_TIME,          /* scale: seconds */
    UNIT_CONCENTRATION, /* scale: mol/L */
    UNIT_SHARE,         /* mol %, %, ppm, equiv; scale: of the whole */
    UNIT_CLOCK,         /* hh:mm:ss; scale: seconds of the first number of two, "12:30" */
    UNIT_AREA,          /* of a peak or an integral: in proportion to a concentration */
    UNIT_OTHER          /* degrees, bar, volumes, masses: nothing that kinetics are read from */
} unit_kind;

typedef struct table_unit {
    unit_kind kind;
    double scale;
    char name[MAX_UNIT]; /* as written, without blanks; "" where there is none */
} table_unit;

/* The unit that text[length] names; UNIT_NONE with the name where it is not known, with the empty name where that is
 * too long for one. */
table_unit mech_read_unit(const char *text, size_t length);

/* Whether two units are one and the same. */
bool mech_same_unit(const table_unit *a, const table_unit *b);

#endif
