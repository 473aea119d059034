#include "experiment/reading/header.h"

#include <string.h>
#include <strings.h>

enum { MAX_HEADER_NAME = 48 };

static const char *const role_names[N_COLUMN_ROLES] = {"time", "S", "P", "cat", "run", "S0", "P0"};

const char *mech_column_role_name(column_role role) { return role_names[role]; }

/* Headers, reduced to small letters and digits. */
static const struct {
    const char *name;
    column_role role;
} known_names[] = {
    {"t", COLUMN_TIME},
    {"time", COLUMN_TIME},
    {"reactiontime", COLUMN_TIME},
    {"elapsedtime", COLUMN_TIME},
    {"s", COLUMN_SUBSTRATE},
    {"substrate", COLUMN_SUBSTRATE},
    {"sm", COLUMN_SUBSTRATE},
    {"startingmaterial", COLUMN_SUBSTRATE},
    {"p", COLUMN_PRODUCT},
    {"prod", COLUMN_PRODUCT},
    {"product", COLUMN_PRODUCT},
    {"cat", COLUMN_CATALYST},
    {"cat0", COLUMN_CATALYST},
    {"cat\xE2\x82\x80", COLUMN_CATALYST},
    {"catt", COLUMN_CATALYST},
    {"cattotal", COLUMN_CATALYST},
    {"catalyst", COLUMN_CATALYST},
    {"catalyst0", COLUMN_CATALYST},
    {"loading", COLUMN_CATALYST},
    {"catloading", COLUMN_CATALYST},
    {"catalystloading", COLUMN_CATALYST},
    {"molcat", COLUMN_CATALYST},
    {"molcatalyst", COLUMN_CATALYST},
    {"run", COLUMN_RUN},
    {"runno", COLUMN_RUN},
    {"runnumber", COLUMN_RUN},
    {"exp", COLUMN_RUN},
    {"expt", COLUMN_RUN},
    {"experiment", COLUMN_RUN},
    {"s0", COLUMN_S0},
    {"s\xE2\x82\x80", COLUMN_S0}, /* subscript zero */
    {"substrate0", COLUMN_S0},
    {"p0", COLUMN_P0},
    {"p\xE2\x82\x80", COLUMN_P0},
    {"product0", COLUMN_P0},
};

static const struct {
    const char *name, *unit;
} time_units[] = {
    {"us", "us"},   {"\xC2\xB5s", "us"}, {"\xCE\xBCs", "us"}, /* micro sign, small mu */
    {"ms", "ms"},   {"s", "s"},          {"sec", "s"},        {"secs", "s"},      {"second", "s"}, {"seconds", "s"},
    {"min", "min"}, {"mins", "min"},     {"minute", "min"},   {"minutes", "min"}, {"h", "h"},      {"hr", "h"},
    {"hrs", "h"},   {"hour", "h"},       {"hours", "h"},      {"d", "d"},         {"day", "d"},    {"days", "d"},
};

/* Units of a loading that count it relative to [S]0. */
static const struct {
    const char *name;
    double scale;
} relative_units[] = {
    {"mol%", 0.01}, {"mol-%", 0.01}, {"%", 0.01},  {"mole%", 0.01}, {"ppm", 1e-6},
    {"eq", 1},      {"eq.", 1},      {"equiv", 1}, {"equiv.", 1},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The name of a time unit by one of its spellings; NULL where it is none. */
static const char *time_unit(const char *unit) {
    for (size_t i = 0; i < COUNT(time_units); i++)
        if (strcasecmp(time_units[i].name, unit) == 0) return time_units[i].unit;
    return NULL;
}

bool mech_same_unit(const char *a, const char *b) {
    if (!*a || !*b || strcmp(a, b) == 0) return true;
    const char *time_a = time_unit(a), *time_b = time_unit(b);
    return time_a && time_b && strcmp(time_a, time_b) == 0;
}

/* Character classes of ASCII, whatever the locale. */
static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static char small_letter(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }
static bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* Copies without blanks, in small letters if asked; a text that does not fit becomes the empty one. */
static void copy_dense(const char *from, size_t length, bool small, char *to, size_t room) {
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        if (is_space(from[i])) continue;
        if (n + 1 >= room) {
            n = 0;
            break;
        }
        to[n++] = small ? small_letter(from[i]) : from[i];
    }
    to[n] = '\0';
}

/* Keeps letters, made small, and digits of the name; a name that does not fit is none that is known. */
static void reduce_name(const char *from, size_t length, char *to, size_t room) {
    copy_dense(from, length, true, to, room);
    size_t n = 0;
    for (const char *c = to; *c; c++)
        if (is_name_character(*c)) to[n++] = *c;
    to[n] = '\0';
}

/* Splits a header into name and unit: "Time / s", "Time/s", "Time (s)", "t [s]", "Time, s" and "Time in s" have the
 * unit s; brackets that enclose the name itself ("[S]", "[cat]0") or a zero ("S[0]") are part of it.
 */
static void split_header(const char *header, size_t *name_length, char *unit) {
    size_t length = strlen(header);
    *name_length = length;
    unit[0] = '\0';
    if (!length) return;
    char last = header[length - 1];
    const char *opening = last == ')' ? strrchr(header, '(') : last == ']' ? strrchr(header, '[') : NULL;
    if (opening && opening > header && !(last == ']' && strcmp(opening, "[0]") == 0)) {
        copy_dense(opening + 1, (size_t)(header + length - 1 - opening - 1), false, unit, MAX_UNIT);
        *name_length = (size_t)(opening - header);
        return;
    }
    const char *mark = strchr(header, '/');
    size_t width = 1;
    if (!mark) mark = strrchr(header, ',');
    if (!mark) {
        mark = strstr(header, " in ");
        width = 4;
    }
    if (!mark || mark == header) return;
    copy_dense(mark + width, strlen(mark + width), false, unit, MAX_UNIT);
    *name_length = (size_t)(mark - header);
}

/* A loading's relative unit may also stand in the name: "mol % cat", "cat mol%". */
static bool names_mol_percent(const char *header) {
    char dense[MAX_HEADER_NAME];
    copy_dense(header, strlen(header), true, dense, sizeof dense);
    return strstr(dense, "mol%") || strstr(dense, "mol-%") || strstr(dense, "mole%");
}

static double relative_unit(const char *unit) {
    for (size_t i = 0; i < COUNT(relative_units); i++)
        if (strcasecmp(relative_units[i].name, unit) == 0) return relative_units[i].scale;
    return 0;
}

static column_role find_role(const char *header, size_t name_length) {
    char name[MAX_HEADER_NAME];
    reduce_name(header, name_length, name, sizeof name);
    for (size_t i = 0; i < COUNT(known_names); i++)
        if (strcmp(known_names[i].name, name) == 0) return known_names[i].role;
    /* "cat mol%", "loading mol %" and plain "mol %": what is left without the unit is the name. */
    size_t n = strlen(name);
    if (names_mol_percent(header) && n >= 3 && strcmp(name + n - 3, "mol") == 0) {
        name[n - 3] = '\0';
        if (n == 3) return COLUMN_CATALYST;
        for (size_t i = 0; i < COUNT(known_names); i++)
            if (strcmp(known_names[i].name, name) == 0) return known_names[i].role;
    }
    return N_COLUMN_ROLES;
}

header_meaning mech_read_header(const char *header, column_role role) {
    header_meaning meaning = {.role = role};
    size_t name_length;
    split_header(header, &name_length, meaning.unit);
    if (role == N_COLUMN_ROLES) meaning.role = find_role(header, name_length);
    if (meaning.role == COLUMN_TIME && *meaning.unit && !time_unit(meaning.unit)) {
        /* "T / K" is a temperature; a header that the user chose is a time in whatever unit. */
        if (role == N_COLUMN_ROLES) meaning.role = N_COLUMN_ROLES;
    }
    if (meaning.role == COLUMN_CATALYST) {
        meaning.loading_scale = relative_unit(meaning.unit);
        if (meaning.loading_scale == 0 && names_mol_percent(header)) meaning.loading_scale = 0.01;
        if (meaning.loading_scale > 0) meaning.unit[0] = '\0';
    }
    if (meaning.role == COLUMN_RUN) meaning.unit[0] = '\0';
    return meaning;
}
