#include "experiment/words/header.h"

#include "base/files/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const role_names[N_COLUMN_ROLES] = {"time",       "S",     "P",       "B",     "cat",
                                                       "active",     "run",   "S0",      "P0",    "B0",
                                                       "conversion", "yield", "species", "value", "standard"};

const char *mech_column_role_name(column_role role) { return role < N_COLUMN_ROLES ? role_names[role] : "nothing"; }

/* Headers, reduced to small letters and digits. */
static const struct {
    const char *name;
    column_role role;
} known_names[] = {
    {"t", COLUMN_TIME},
    {"time", COLUMN_TIME},
    {"reactiontime", COLUMN_TIME},
    {"elapsedtime", COLUMN_TIME},
    {"relativetime", COLUMN_TIME},
    {"runtime", COLUMN_TIME},
    {"timestamp", COLUMN_TIME},
    {"datetime", COLUMN_TIME},
    {"acquisitiontime", COLUMN_TIME},
    {"samplingtime", COLUMN_TIME},
    {"zeit", COLUMN_TIME},
    {"temps", COLUMN_TIME},
    {"minutes", COLUMN_TIME},
    {"hours", COLUMN_TIME},
    {"seconds", COLUMN_TIME},
    {"min", COLUMN_TIME},
    {"sec", COLUMN_TIME},
    {"hrs", COLUMN_TIME},
    {"s", COLUMN_SUBSTRATE},
    {"st", COLUMN_SUBSTRATE},
    {"substrate", COLUMN_SUBSTRATE},
    {"sm", COLUMN_SUBSTRATE},
    {"startingmaterial", COLUMN_SUBSTRATE},
    {"substrat", COLUMN_SUBSTRATE},
    {"edukt", COLUMN_SUBSTRATE},
    {"p", COLUMN_PRODUCT},
    {"pt", COLUMN_PRODUCT},
    {"prod", COLUMN_PRODUCT},
    {"product", COLUMN_PRODUCT},
    {"produkt", COLUMN_PRODUCT},
    {"produit", COLUMN_PRODUCT},
    {"b", COLUMN_SECOND},
    {"reactantb", COLUMN_SECOND},
    {"reagentb", COLUMN_SECOND},
    {"cosubstrate", COLUMN_SECOND},
    {"coreactant", COLUMN_SECOND},
    {"secondreactant", COLUMN_SECOND},
    {"secondsubstrate", COLUMN_SECOND},
    {"cat", COLUMN_CATALYST},
    {"cat0", COLUMN_CATALYST},
    {"cat\xE2\x82\x80", COLUMN_CATALYST},
    {"catt", COLUMN_CATALYST},
    {"cattotal", COLUMN_CATALYST},
    {"totalcat", COLUMN_CATALYST},
    {"totalcatalyst", COLUMN_CATALYST},
    {"catalyst", COLUMN_CATALYST},
    {"catalyst0", COLUMN_CATALYST},
    {"catalysttotal", COLUMN_CATALYST},
    {"precatalyst", COLUMN_CATALYST},
    {"loading", COLUMN_CATALYST},
    {"catloading", COLUMN_CATALYST},
    {"catalystloading", COLUMN_CATALYST},
    {"molcat", COLUMN_CATALYST},
    {"molcatalyst", COLUMN_CATALYST},
    {"catconc", COLUMN_CATALYST},
    {"catalystconcentration", COLUMN_CATALYST},
    {"katalysator", COLUMN_CATALYST},
    {"kat", COLUMN_CATALYST},
    {"catalyseur", COLUMN_CATALYST},
    {"active", COLUMN_ACTIVE},
    {"activecat", COLUMN_ACTIVE},
    {"activecatalyst", COLUMN_ACTIVE},
    {"catactive", COLUMN_ACTIVE},
    {"catalystactive", COLUMN_ACTIVE},
    {"freecat", COLUMN_ACTIVE},
    {"freecatalyst", COLUMN_ACTIVE},
    {"catfree", COLUMN_ACTIVE},
    {"run", COLUMN_RUN},
    {"runno", COLUMN_RUN},
    {"runnr", COLUMN_RUN},
    {"runnumber", COLUMN_RUN},
    {"runid", COLUMN_RUN},
    {"runname", COLUMN_RUN},
    {"exp", COLUMN_RUN},
    {"expt", COLUMN_RUN},
    {"expno", COLUMN_RUN},
    {"experiment", COLUMN_RUN},
    {"experimentno", COLUMN_RUN},
    {"experimentid", COLUMN_RUN},
    {"reaction", COLUMN_RUN},
    {"reactionid", COLUMN_RUN},
    {"rxn", COLUMN_RUN},
    {"trial", COLUMN_RUN},
    {"versuch", COLUMN_RUN},
    {"condition", COLUMN_RUN},
    {"conditions", COLUMN_RUN},
    {"conditionid", COLUMN_RUN},
    {"simulationconditionid", COLUMN_RUN},
    {"series", COLUMN_RUN},
    {"s0", COLUMN_S0},
    {"s\xE2\x82\x80", COLUMN_S0}, /* subscript zero */
    {"substrate0", COLUMN_S0},
    {"initialsubstrate", COLUMN_S0},
    {"initials", COLUMN_S0},
    {"p0", COLUMN_P0},
    {"p\xE2\x82\x80", COLUMN_P0},
    {"product0", COLUMN_P0},
    {"initialproduct", COLUMN_P0},
    {"b0", COLUMN_B0},
    {"b\xE2\x82\x80", COLUMN_B0},
    {"initialb", COLUMN_B0},
    {"conversion", COLUMN_CONVERSION},
    {"conv", COLUMN_CONVERSION},
    {"umsatz", COLUMN_CONVERSION},
    {"yield", COLUMN_YIELD},
    {"nmryield", COLUMN_YIELD},
    {"gcyield", COLUMN_YIELD},
    {"hplcyield", COLUMN_YIELD},
    {"ausbeute", COLUMN_YIELD},
    {"species", COLUMN_SPECIES},
    {"compound", COLUMN_SPECIES},
    {"analyte", COLUMN_SPECIES},
    {"observable", COLUMN_SPECIES},
    {"observableid", COLUMN_SPECIES},
    {"component", COLUMN_SPECIES},
    {"variable", COLUMN_SPECIES},
    {"value", COLUMN_VALUE},
    {"concentration", COLUMN_VALUE},
    {"conc", COLUMN_VALUE},
    {"c", COLUMN_VALUE},
    {"measurement", COLUMN_VALUE},
    {"amount", COLUMN_VALUE},
    {"internalstandard", COLUMN_STANDARD},
    {"internalstd", COLUMN_STANDARD},
    {"intstd", COLUMN_STANDARD},
    {"intstandard", COLUMN_STANDARD},
    {"istd", COLUMN_STANDARD},
    {"is", COLUMN_STANDARD},
    {"standard", COLUMN_STANDARD},
};

/* Columns that are no species and no condition of the reaction. */
static const char *const idle_names[] = {
    "comment",
    "comments",
    "remark",
    "remarks",
    "note",
    "notes",
    "sample",
    "sampleno",
    "vial",
    "step",
    "point",
    "no",
    "nr",
    "entry",
    "index",
    "id",
    "operator",
    "temperature",
    "temp",
    "pressure",
    "ph",
    "file",
    "date",
    "massbalance",
    "balance",
    "total",
    "sum",
    "replicate",
    "injection",
    "scan",
    "noiseparameters",
    "observableparameters",
    "preequilibrationconditionid",
    "datasetid",
    "replicateid",
    "rate",
    "dt",
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Character classes of ASCII, whatever the locale. */
static char small_letter(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }
static bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* Keeps letters, made small, and digits; a name that does not fit becomes the empty one. */
static void reduce_name(const char *from, size_t length, char *to) {
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        const char c = small_letter(from[i]);
        if (!is_name_character(c)) continue;
        if (n + 1 >= MAX_HEADER_NAME) {
            n = 0;
            break;
        }
        to[n++] = c;
    }
    to[n] = '\0';
}

static column_role known_role(const char *key) {
    for (size_t i = 0; i < COUNT(known_names); i++)
        if (strcmp(known_names[i].name, key) == 0) return known_names[i].role;
    return N_COLUMN_ROLES;
}

column_role mech_role_of_species(const char *name) {
    char key[MAX_HEADER_NAME];
    reduce_name(name, strlen(name), key);
    if (strncmp(key, "obs", 3) == 0 && key[3]) memmove(key, key + 3, strlen(key + 3) + 1);
    const column_role role = known_role(key);
    return role == COLUMN_TIME || role == COLUMN_RUN || role == COLUMN_VALUE || role == COLUMN_SPECIES ? N_COLUMN_ROLES
                                                                                                       : role;
}

/* Where a header may be split into name and unit: the name's length and where the unit begins and ends. */
typedef struct split {
    size_t name, from, to;
} split;

/* All splits of "Time / s", "Time (s)", "t [s]", "Time, s", "Time in s", "time_s" and "Time s", the likeliest first.
 * Brackets that enclose the name itself ("[S]", "[cat]0") or a zero ("S[0]") are part of it. */
static size_t list_splits(const char *header, split *splits) {
    const size_t length = strlen(header);
    size_t n = 0;
    if (!length) return 0;
    const char last = header[length - 1];
    const char *opening = last == ')' ? strrchr(header, '(') : last == ']' ? strrchr(header, '[') : NULL;
    if (opening && opening > header && !(last == ']' && strcmp(opening, "[0]") == 0))
        splits[n++] = (split){(size_t)(opening - header), (size_t)(opening + 1 - header), length - 1};
    const char *mark = strrchr(header, ',');
    if (mark && mark > header) splits[n++] = (split){(size_t)(mark - header), (size_t)(mark + 1 - header), length};
    mark = strstr(header, " in ");
    if (mark && mark > header) splits[n++] = (split){(size_t)(mark - header), (size_t)(mark + 4 - header), length};
    mark = strchr(header, '/');
    if (mark && mark > header) splits[n++] = (split){(size_t)(mark - header), (size_t)(mark + 1 - header), length};
    mark = strrchr(header, '_');
    if (mark && mark > header) splits[n++] = (split){(size_t)(mark - header), (size_t)(mark + 1 - header), length};
    mark = strrchr(header, ' ');
    if (mark && mark > header) splits[n++] = (split){(size_t)(mark - header), (size_t)(mark + 1 - header), length};
    return n;
}

enum { MOST_SPLITS = 6, SURE_SPLITS = 4 };

/* A loading's relative unit may also stand in the name: "mol % cat", "cat mol%". */
static bool names_mol_percent(const char *header) {
    char dense[MAX_HEADER_NAME];
    size_t n = 0;
    for (const char *c = header; *c && n + 1 < sizeof dense; c++)
        if (*c != ' ') dense[n++] = small_letter(*c);
    dense[n] = '\0';
    return strstr(dense, "mol%") || strstr(dense, "mol-%") || strstr(dense, "mole%");
}

/* Splits off the unit; the name is header[0...name_length - 1]. A unit that is not known is taken from marks that stand
 * before nothing else: brackets, a slash, a comma, "in". */
static table_unit split_unit(const char *header, size_t *name_length) {
    split splits[MOST_SPLITS];
    const size_t n = list_splits(header, splits);
    for (size_t i = 0; i < n; i++) {
        const table_unit u = mech_read_unit(header + splits[i].from, splits[i].to - splits[i].from);
        if (u.kind == UNIT_NONE) continue;
        /* "time_s" has a unit, "sample_s" or "area_C" hardly: a single letter behind a blank is one of time only. */
        const bool loose = splits[i].from && (header[splits[i].from - 1] == '_' || header[splits[i].from - 1] == ' ') &&
                           !(splits[i].from > 3 && strncmp(header + splits[i].from - 4, " in ", 4) == 0);
        if (loose && (u.kind == UNIT_OTHER || (u.kind == UNIT_TIME && u.name[1] == '\0'))) {
            char key[MAX_HEADER_NAME];
            reduce_name(header, splits[i].name, key);
            if (u.kind == UNIT_OTHER || known_role(key) != COLUMN_TIME) continue;
        }
        *name_length = splits[i].name;
        return u;
    }
    for (size_t i = 0; i < n; i++) {
        if (header[splits[i].from - 1] == '_' || header[splits[i].from - 1] == ' ') continue;
        if (header[splits[i].from - 1] == ',' && strchr(header, '/')) continue;
        table_unit u = mech_read_unit(header + splits[i].from, splits[i].to - splits[i].from);
        *name_length = splits[i].name;
        return u;
    }
    *name_length = strlen(header);
    return mech_read_unit("", 0);
}

static bool contains(const char *key, const char *part) { return strstr(key, part) != NULL; }

static bool ends_with(const char *key, const char *end) {
    const size_t n = strlen(key), m = strlen(end);
    return n >= m && strcmp(key + n - m, end) == 0;
}

/* What parts of a name speak for. */
static void find_hints(header_meaning *m) {
    const char *key = m->key;
    m->by_product =
        contains(key, "byproduct") || contains(key, "sideproduct") || contains(key, "impurity") || ends_with(key, "bp");
    if (contains(key, "internalst") || contains(key, "intst") || ends_with(key, "istd"))
        m->hint = COLUMN_STANDARD;
    else if (contains(key, "conversion"))
        m->hint = COLUMN_CONVERSION;
    else if (contains(key, "yield"))
        m->hint = COLUMN_YIELD;
    else if (m->by_product)
        m->hint = N_COLUMN_ROLES;
    else if (contains(key, "product"))
        m->hint = COLUMN_PRODUCT;
    else if (contains(key, "substrate") || contains(key, "startingmaterial") || contains(key, "limiting"))
        m->hint = COLUMN_SUBSTRATE;
    else if (contains(key, "catalyst") || strncmp(key, "cat", 3) == 0 || ends_with(key, "cat") ||
             contains(key, "loading"))
        m->hint = COLUMN_CATALYST;
}

header_meaning mech_read_header(const char *header) {
    header_meaning m = {.role = N_COLUMN_ROLES, .hint = N_COLUMN_ROLES};
    size_t name_length;
    m.unit = split_unit(header, &name_length);
    reduce_name(header, name_length, m.key);
    m.role = known_role(m.key);
    /* "cat mol%", "loading mol %" and plain "mol %": what is left without the unit is the name. */
    if (names_mol_percent(header)) {
        size_t n = strlen(m.key);
        const bool plain = n >= 3 && strcmp(m.key + n - 3, "mol") == 0;
        if (m.role == N_COLUMN_ROLES && plain && n == 3) {
            m.role = COLUMN_CATALYST;
            snprintf(m.key, sizeof m.key, "cat");
        } else if (m.role == N_COLUMN_ROLES && plain) {
            m.key[n - 3] = '\0';
            m.role = known_role(m.key);
        }
        if (m.unit.kind != UNIT_SHARE) m.unit = mech_read_unit("mol%", 4);
    }
    /* A header that is nothing but a unit of time is a column of times, but "S" is the substrate. */
    const table_unit whole = mech_read_unit(header, strlen(header));
    if (m.role == N_COLUMN_ROLES && (header[0] == 'h' || strlen(header) > 1) &&
        (whole.kind == UNIT_TIME || whole.kind == UNIT_CLOCK))
        m.role = COLUMN_TIME;
    if (m.role == COLUMN_TIME && m.unit.kind == UNIT_NONE && whole.kind == UNIT_TIME && strcmp(m.key, "t") != 0)
        m.unit = whole;
    /* "T / K" is a temperature. */
    if (m.role == COLUMN_TIME && m.unit.kind != UNIT_TIME && m.unit.kind != UNIT_CLOCK && *m.unit.name) {
        m.role = N_COLUMN_ROLES;
        m.no_species = true;
    }
    for (size_t i = 0; i < COUNT(idle_names); i++) m.no_species |= strcmp(idle_names[i], m.key) == 0;
    if (m.role == N_COLUMN_ROLES) find_hints(&m);
    return m;
}

bool mech_is_time_header(const char *header) {
    const char first = small_letter(*header);
    /* Most cells are numbers: they are none. */
    if ((first >= '0' && first <= '9') || first == '-' || first == '.' || !first) return false;
    return mech_read_header(header).role == COLUMN_TIME;
}

double mech_loading_in_text(const char *words) {
    for (const char *at = words; *at; at++) {
        if (*at < '0' || *at > '9' || (at > words && (is_name_character(small_letter(at[-1])) || at[-1] == '.')))
            continue;
        size_t digits = strspn(at, "0123456789.,");
        char number[32];
        if (digits + 1 < sizeof number) {
            memcpy(number, at, digits);
            number[digits] = '\0';
            for (char *c = number; *c; c++)
                if (*c == ',') *c = '.';
            double value;
            const char *behind = at + digits;
            while (*behind == ' ' || (unsigned char)*behind == 0xC2 || (unsigned char)*behind == 0xA0) behind++;
            static const struct {
                const char *name;
                double scale;
            } shares[] = {{"mol%", 0.01},   {"mol %", 0.01}, {"mol-%", 0.01},  {"mole%", 0.01},
                          {"mole %", 0.01}, {"ppm", 1e-6},   {"mol ppm", 1e-6}};
            for (size_t i = 0; i < COUNT(shares); i++)
                if (strncasecmp(behind, shares[i].name, strlen(shares[i].name)) == 0 &&
                    mech_parse_number(number, strlen(number), '.', &value))
                    return value * shares[i].scale;
        }
        at += digits - 1;
    }
    return NAN;
}

bool mech_split_run_header(const char *header, char *species, char *run) {
    static const char *const words[] = {"run", "exp", "expt", "experiment", "reaction", "rxn"};
    const size_t length = strlen(header);
    if (length >= MAX_HEADER_NAME) return false;
    for (size_t i = 0; i < length; i++) {
        if (i && (is_name_character(small_letter(header[i - 1])))) continue;
        for (size_t w = COUNT(words); w-- > 0;) {
            const size_t n = strlen(words[w]);
            if (strncasecmp(header + i, words[w], n) != 0) continue;
            size_t from = i + n;
            while (header[from] == ' ' || header[from] == '.' || header[from] == '#' || header[from] == '_') from++;
            size_t to = from;
            while (header[to] && !strchr(" )]_,;:/", header[to])) to++;
            /* "runs" and "experimental" are no runs; "run" alone is the column of runs. */
            if (to == from || (from == i + n && !(header[from] >= '0' && header[from] <= '9'))) continue;
            snprintf(run, MAX_HEADER_NAME, "%.*s", (int)(to - i), header + i);
            size_t k = 0;
            for (size_t c = 0; c < length; c++)
                if (c < i || c >= to) species[k++] = header[c];
            species[k] = '\0';
            /* What enclosed the run or parted it goes with it. */
            for (char *pair = strstr(species, "()"); pair; pair = strstr(species, "()"))
                memmove(pair, pair + 2, strlen(pair + 2) + 1);
            while (k && (k = strlen(species)) && strchr(" ,;:_-", species[k - 1])) species[k - 1] = '\0';
            size_t lead = strspn(species, " ,;:_-");
            memmove(species, species + lead, strlen(species + lead) + 1);
            return true;
        }
    }
    return false;
}
