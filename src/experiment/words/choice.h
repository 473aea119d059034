/* What a user says about columns: "time=1,S=Silane,P=Silanol". */
#ifndef MECH_EXPERIMENT_WORDS_CHOICE_H
#define MECH_EXPERIMENT_WORDS_CHOICE_H

#include "base/error.h"
#include "experiment/words/header.h"

/* For each role a header or the number of a column. */
typedef struct column_choice {
    const char *header[N_COLUMN_ROLES]; /* not closed by a NUL; NULL: nothing said */
    size_t length[N_COLUMN_ROLES];
} column_choice;

/* Reads NAME=HEADER,... (headers with commas in quotes); `said` may be NULL and must outlive *choice. What is malformed
 * is MECH_INVALID_ARGUMENT. `option` names the list in messages: "columns", "unit". */
mech_status mech_read_choice(const char *said, const char *option, column_choice *choice, mech_error *error);

/* The number, from 1 on, that a choice is; 0 where it is a text. */
size_t mech_chosen_number(const column_choice *choice, column_role role);

/* Whether the choice of a role is this text, in small or capital letters. */
bool mech_is_chosen(const column_choice *choice, column_role role, const char *words);

#endif
