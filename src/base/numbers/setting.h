/* Numbers as words. */
#ifndef MECH_BASE_NUMBERS_SETTING_H
#define MECH_BASE_NUMBERS_SETTING_H

#include <stdint.h>

enum { MAX_SETTING = 96 }; /* room for a name or a number as it is set */

typedef struct setting {
    char words[MAX_SETTING];
} setting;

/* "4,950,000" */
setting mech_set_count(uint64_t count);

/* Four digits that count, for terminals: "0", "0.01574", "761400"; "2.1e-05" and "7.614e+07" where zeros would not
 * be read. */
setting mech_set_plain(double number);

#endif
