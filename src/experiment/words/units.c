#include "experiment/words/units.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* Spellings without blanks. Those of times and shares are known in small and capital letters; in concentrations M and m
 * differ. */
static const struct {
    const char *name;
    unit_kind kind;
    double scale;
} spellings[] = {
    {"us", UNIT_TIME, 1e-6},
    {"\xC2\xB5s", UNIT_TIME, 1e-6}, /* micro sign */
    {"\xCE\xBCs", UNIT_TIME, 1e-6}, /* small mu */
    {"ms", UNIT_TIME, 1e-3},
    {"s", UNIT_TIME, 1},
    {"ks", UNIT_TIME, 1e3},
    {"sec", UNIT_TIME, 1},
    {"secs", UNIT_TIME, 1},
    {"second", UNIT_TIME, 1},
    {"seconds", UNIT_TIME, 1},
    {"min", UNIT_TIME, 60},
    {"mins", UNIT_TIME, 60},
    {"minute", UNIT_TIME, 60},
    {"minutes", UNIT_TIME, 60},
    {"h", UNIT_TIME, 3600},
    {"hr", UNIT_TIME, 3600},
    {"hrs", UNIT_TIME, 3600},
    {"hour", UNIT_TIME, 3600},
    {"hours", UNIT_TIME, 3600},
    {"d", UNIT_TIME, 86400},
    {"day", UNIT_TIME, 86400},
    {"days", UNIT_TIME, 86400},
    {"min.", UNIT_TIME, 60},
    {"minuten", UNIT_TIME, 60},
    {"sek", UNIT_TIME, 1},
    {"sek.", UNIT_TIME, 1},
    {"sekunden", UNIT_TIME, 1},
    {"std", UNIT_TIME, 3600},
    {"std.", UNIT_TIME, 3600},
    {"stunden", UNIT_TIME, 3600},
    {"heures", UNIT_TIME, 3600},
    {"tage", UNIT_TIME, 86400},
    {"jours", UNIT_TIME, 86400},
    {"mol%", UNIT_SHARE, 0.01},
    {"%mol", UNIT_SHARE, 0.01},
    {"mol-%", UNIT_SHARE, 0.01},
    {"mole%", UNIT_SHARE, 0.01},
    {"mol.%", UNIT_SHARE, 0.01},
    {"molpercent", UNIT_SHARE, 0.01},
    {"molepercent", UNIT_SHARE, 0.01},
    {"molpct", UNIT_SHARE, 0.01},
    {"%molar", UNIT_SHARE, 0.01},
    {"molar%", UNIT_SHARE, 0.01},
    {"%mol.", UNIT_SHARE, 0.01},
    {"%(mol)", UNIT_SHARE, 0.01},
    {"%mole", UNIT_SHARE, 0.01},
    {"%moles", UNIT_SHARE, 0.01},
    {"pct", UNIT_SHARE, 0.01},
    {"fl%", UNIT_SHARE, 0.01},
    {"fl.%", UNIT_SHARE, 0.01},
    {"fl.-%", UNIT_SHARE, 0.01},
    {"area%", UNIT_SHARE, 0.01},
    {"a%", UNIT_SHARE, 0.01},
    {"lcap", UNIT_SHARE, 0.01},
    {"wt%", UNIT_OTHER, 1},
    {"w%", UNIT_OTHER, 1},
    {"gew.%", UNIT_OTHER, 1},
    {"gew.-%", UNIT_OTHER, 1},
    {"%", UNIT_SHARE, 0.01},
    {"percent", UNIT_SHARE, 0.01},
    {"ppm", UNIT_SHARE, 1e-6},
    {"molppm", UNIT_SHARE, 1e-6},
    {"ppm(mol)", UNIT_SHARE, 1e-6},
    {"ppmmol", UNIT_SHARE, 1e-6},
    {"ppb", UNIT_SHARE, 1e-9},
    {"fraction", UNIT_SHARE, 1},
    {"molefraction", UNIT_SHARE, 1},
    {"eq", UNIT_SHARE, 1},
    {"eq.", UNIT_SHARE, 1},
    {"equiv", UNIT_SHARE, 1},
    {"equiv.", UNIT_SHARE, 1},
    {"equivalents", UNIT_SHARE, 1},
    {"equivalent", UNIT_SHARE, 1},
    {"\xC3\xA4q.", UNIT_SHARE, 1},
    {"\xC3\x84q.", UNIT_SHARE, 1},
    {"\xC3\xA4q", UNIT_SHARE, 1},
    {"\xC3\x84q", UNIT_SHARE, 1},
    {"hh:mm:ss", UNIT_CLOCK, 3600},
    {"h:mm:ss", UNIT_CLOCK, 3600},
    {"h:m:s", UNIT_CLOCK, 3600},
    {"hh:mm", UNIT_CLOCK, 3600},
    {"h:mm", UNIT_CLOCK, 3600},
    {"mm:ss", UNIT_CLOCK, 60},
    {"m:ss", UNIT_CLOCK, 60},
    {"min:sec", UNIT_CLOCK, 60},
    {"min:s", UNIT_CLOCK, 60},
    {"area", UNIT_AREA, 1},
    {"areas", UNIT_AREA, 1},
    {"peakarea", UNIT_AREA, 1},
    {"integral", UNIT_AREA, 1},
    {"integrals", UNIT_AREA, 1},
    {"counts", UNIT_AREA, 1},
    {"int", UNIT_AREA, 1},
    {"int.", UNIT_AREA, 1},
    {"a.u.", UNIT_AREA, 1},
    {"au", UNIT_AREA, 1},
    {"mau", UNIT_AREA, 1},
    {"mau*s", UNIT_AREA, 1},
    {"is", UNIT_AREA, 1}, /* "S/IS": what was divided by an internal standard */
    {"istd", UNIT_AREA, 1},
    {"19fint", UNIT_AREA, 1},
    {"1hint", UNIT_AREA, 1},
    {"k", UNIT_OTHER, 1},
    {"c", UNIT_OTHER, 1},
    {"degc", UNIT_OTHER, 1},
    {"\xC2\xB0"
     "c",
     UNIT_OTHER, 1},
    {"\xC2\xB0"
     "C",
     UNIT_OTHER, 1},
    {"bar", UNIT_OTHER, 1},
    {"mbar", UNIT_OTHER, 1},
    {"atm", UNIT_OTHER, 1},
    {"psi", UNIT_OTHER, 1},
    {"kpa", UNIT_OTHER, 1},
    {"mpa", UNIT_OTHER, 1},
    {"rpm", UNIT_OTHER, 1},
    {"ml", UNIT_OTHER, 1},
    {"ul", UNIT_OTHER, 1},
    {"\xC2\xB5l", UNIT_OTHER, 1},
    {"\xC2\xB5L", UNIT_OTHER, 1},
    {"l", UNIT_OTHER, 1},
    {"mg", UNIT_OTHER, 1},
    {"g", UNIT_OTHER, 1},
    {"g/mol", UNIT_OTHER, 1},
    {"g/l", UNIT_OTHER, 1},
    {"mg/l", UNIT_OTHER, 1},
    {"mg/ml", UNIT_OTHER, 1},
    {"ug/ml", UNIT_OTHER, 1},
    {"\xC2\xB5g/ml", UNIT_OTHER, 1},
    {"u/ml", UNIT_OTHER, 1},
    {"u/l", UNIT_OTHER, 1},
    {"u", UNIT_OTHER, 1},
    {"u/mg", UNIT_OTHER, 1},
    {"u/ul", UNIT_OTHER, 1},
    {"u/\xC2\xB5l", UNIT_OTHER, 1},
    {"iu/ml", UNIT_OTHER, 1},
    {"kat", UNIT_OTHER, 1},
    {"nkat", UNIT_OTHER, 1},
    {"\xC2\xB5kat", UNIT_OTHER, 1},
    {"kat/l", UNIT_OTHER, 1},
    {"nkat/l", UNIT_OTHER, 1},
    {"nkat/ml", UNIT_OTHER, 1},
    {"\xC2\xB5kat/l", UNIT_OTHER, 1},
    {"ukat/l", UNIT_OTHER, 1},
    {"kg", UNIT_OTHER, 1},
    {"\xC2\xB5g", UNIT_OTHER, 1},
    {"nm", UNIT_OTHER, 1},
    {"v", UNIT_OTHER, 1},
};

/* Amounts and volumes whose quotients are concentrations, in mol and in L. */
static const struct {
    const char *name;
    double scale;
} amounts[] = {{"kmol", 1e3},         {"mole", 1},    {"mmole", 1e-3}, {"umole", 1e-6},
               {"nmole", 1e-9},       {"mol", 1},     {"mmol", 1e-3},  {"\xC2\xB5mol", 1e-6},
               {"\xCE\xBCmol", 1e-6}, {"umol", 1e-6}, {"nmol", 1e-9}},
  volumes[] = {{"m3", 1e3},   {"m^3", 1e3},   {"dm3", 1},   {"dm^3", 1},         {"l", 1},
               {"cm3", 1e-3}, {"cm^3", 1e-3}, {"ml", 1e-3}, {"\xC2\xB5l", 1e-6}, {"ul", 1e-6}},
  molars[] = {{"M", 1},     {"mM", 1e-3}, {"\xC2\xB5M", 1e-6}, {"\xCE\xBCM", 1e-6},
              {"uM", 1e-6}, {"nM", 1e-9}, {"kM", 1e3}};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The scale of "mol/L", "mmolL-1", "mol.dm^-3"; 0 where it is no such quotient. */
static double scale_of_quotient(const char *name) {
    for (size_t a = 0; a < COUNT(amounts); a++) {
        const size_t n = strlen(amounts[a].name);
        if (strncasecmp(name, amounts[a].name, n) != 0) continue;
        const char *at = name + n;
        if (!*at) continue;
        const bool slash = *at == '/';
        if (slash || *at == '.' || *at == '*') at++;
        if (strncmp(at, "\xC2\xB7", 2) == 0) at += 2; /* middle dot */
        for (size_t v = 0; v < COUNT(volumes); v++) {
            const char *volume = volumes[v].name;
            if (slash) {
                if (strcasecmp(at, volume) == 0) return amounts[a].scale / volumes[v].scale;
                continue;
            }
            /* "L-1", "L^-1", "dm-3" with a hyphen, a minus sign (U+2212) or raised digits. */
            size_t length = strlen(volume);
            char power = '1';
            if (length > 1 && volume[length - 1] == '3') {
                power = '3';
                length -= length > 2 && volume[length - 2] == '^' ? 2 : 1;
            }
            if (strncasecmp(at, volume, length) != 0) continue;
            const char *raised = at + length;
            if (*raised == '^') raised++;
            if (strcmp(raised, power == '1' ? "\xE2\x81\xBB\xC2\xB9" : "\xE2\x81\xBB\xC2\xB3") == 0)
                return amounts[a].scale / volumes[v].scale;
            const size_t sign = *raised == '-' ? 1 : strncmp(raised, "\xE2\x88\x92", 3) == 0 ? 3 : 0;
            if (sign && raised[sign] == power && !raised[sign + 1]) return amounts[a].scale / volumes[v].scale;
        }
    }
    return 0;
}

/* "10^3s", "x10^-3M": a unit with a power of ten before it. Returns where the unit begins, and the power; name where
 * there is none. */
static const char *pass_power_of_ten(const char *name, double *power) {
    const char *at = name;
    *power = 1;
    if (*at == 'x' || *at == '*') at++;
    if (strncmp(at, "\xC3\x97", 2) == 0) at += 2; /* multiplication sign */
    if (strncmp(at, "10^", 3) != 0) return name;
    at += 3;
    const bool negative = *at == '-' || strncmp(at, "\xE2\x88\x92", 3) == 0;
    if (negative) at += *at == '-' ? 1 : 3;
    if (*at < '1' || *at > '9' || (at[1] >= '0' && at[1] <= '9')) return name;
    *power = pow(10, negative ? -(*at - '0') : *at - '0');
    return at + 1;
}

static table_unit read_plain_unit(const char *text, size_t length) {
    table_unit u = {.kind = UNIT_NONE, .scale = 1};
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r')) continue;
        if (i + 1 < length && memcmp(text + i, "\xC2\xA0", 2) == 0) {
            i++;
            continue;
        }
        if (n + 1 >= sizeof u.name) {
            u.name[0] = '\0';
            return u;
        }
        u.name[n++] = text[i];
    }
    u.name[n] = '\0';
    /* "SM (Conc.)" says what was measured, and in no unit. */
    if (strcasecmp(u.name, "conc.") == 0 || strcasecmp(u.name, "conc") == 0) u.name[0] = '\0';
    if (!*u.name) return u;
    for (size_t i = 0; i < COUNT(molars); i++)
        if (strcmp(molars[i].name, u.name) == 0) {
            u.kind = UNIT_CONCENTRATION;
            u.scale = molars[i].scale;
            return u;
        }
    for (size_t i = 0; i < COUNT(spellings); i++)
        if (strcasecmp(spellings[i].name, u.name) == 0) {
            u.kind = spellings[i].kind;
            u.scale = spellings[i].scale;
            return u;
        }
    const double scale = scale_of_quotient(u.name);
    if (scale > 0) {
        u.kind = UNIT_CONCENTRATION;
        u.scale = scale;
    }
    return u;
}

table_unit mech_read_unit(const char *text, size_t length) {
    table_unit u = read_plain_unit(text, length);
    double power;
    const char *behind = pass_power_of_ten(u.name, &power);
    if (u.kind != UNIT_NONE || behind == u.name) return u;
    const table_unit plain = read_plain_unit(behind, strlen(behind));
    if (plain.kind != UNIT_TIME && plain.kind != UNIT_CONCENTRATION) return u;
    u.kind = plain.kind;
    u.scale = plain.scale * power;
    return u;
}

bool mech_same_unit(const table_unit *a, const table_unit *b) {
    if (a->kind != b->kind) return false;
    if (a->kind == UNIT_NONE) return strcmp(a->name, b->name) == 0;
    return fabs(a->scale - b->scale) <= 1e-9 * b->scale;
}
