#include "experiment/words/choice.h"

#include "base/files/text.h"

#include <string.h>
#include <strings.h>

static mech_status choice_malformed(const char *choice, const char *option, mech_error *error) {
    return mech_fail(error, MECH_INVALID_ARGUMENT,
                     "%s '%s': expected NAME=%s,... with NAME one of time, S, P, B, cat, active, run, S0, P0, B0, "
                     "conversion, yield, species, value, standard, each once",
                     option, choice,
                     strcmp(option, "unit") == 0       ? "UNIT"
                     : strcmp(option, "response") == 0 ? "FACTOR"
                                                       : "HEADER");
}

mech_status mech_read_choice(const char *said, const char *option, column_choice *choice, mech_error *error) {
    *choice = (column_choice){0};
    for (const char *at = said; said;) {
        size_t name = strcspn(at, "=");
        column_role role = 0;
        while (role < N_COLUMN_ROLES && !(strlen(mech_column_role_name(role)) == name &&
                                          strncasecmp(mech_column_role_name(role), at, name) == 0))
            role++;
        if (role == N_COLUMN_ROLES || at[name] != '=' || choice->header[role])
            return choice_malformed(said, option, error);
        at += name + 1;
        bool quoted = *at == '"';
        if (quoted) at++;
        size_t length = strcspn(at, quoted ? "\"" : ",");
        if (!length || (quoted && !at[length])) return choice_malformed(said, option, error);
        choice->header[role] = at;
        choice->length[role] = length;
        at += length + (quoted ? 1 : 0);
        if (!*at) return MECH_OK;
        if (*at != ',') return choice_malformed(said, option, error);
        at++;
    }
    return MECH_OK;
}

size_t mech_chosen_number(const column_choice *choice, column_role role) {
    uint64_t number = 0;
    if (!choice->header[role] || !mech_parse_whole(choice->header[role], choice->length[role], &number)) return 0;
    return number > 1000000 ? 1000000 : (size_t)number;
}

bool mech_is_chosen(const column_choice *choice, column_role role, const char *words) {
    return choice->header[role] && strlen(words) == choice->length[role] &&
           strncasecmp(words, choice->header[role], choice->length[role]) == 0;
}
