#include "experiment/words/header.h"

#include "experiment/words/names.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Character classes of ASCII, whatever the locale. */
static char small_letter(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }
static bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

void mech_reduce_name(const char *from, size_t length, char *to) {
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

column_role mech_role_of_species(const char *name) {
    char key[MAX_HEADER_NAME];
    mech_reduce_name(name, strlen(name), key);
    if (strncmp(key, "obs", 3) == 0 && key[3]) memmove(key, key + 3, strlen(key + 3) + 1);
    const column_role role = mech_known_role(key);
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

static bool is_ppm(const table_unit *u) { return u->kind == UNIT_SHARE && u->scale < 1e-3; }

/* Splits off the unit; the name is header[0...name_length - 1]. A unit that is not known is taken from marks that stand
 * before nothing else: brackets, a slash, a comma, "in". */
table_unit mech_split_unit(const char *header, size_t *name_length) {
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
            mech_reduce_name(header, splits[i].name, key);
            if (u.kind == UNIT_OTHER || mech_known_role(key) != COLUMN_TIME) continue;
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

/* "[ArBr]0", "[S]\xE2\x82\x80", "c0(Edukt)", "initial amine", "ArBr start": what starts is written to base. */
static bool names_start(const char *header, size_t length, char *base) {
    static const struct {
        const char *before, *behind;
    } marks[] = {{"initial concentration of ", ""},
                 {"initial conc. of ", ""},
                 {"initial [", "]"},
                 {"initial ", ""},
                 {"start ", ""},
                 {"c0(", ")"},
                 {"c0 (", ")"},
                 {"c0, ", ""},
                 {"c0 ", ""},
                 {"[", "]0"},
                 {"[", "]_0"},
                 {"[", "] 0"},
                 {"[", "]o"},
                 {"[", "]\xE2\x82\x80"},
                 {"", " initial"},
                 {"", " start"},
                 {"", "_0"},
                 {"", " at t=0"},
                 {"", "_init"},
                 {"", "_initial"}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const size_t n = strlen(marks[i].before), m = strlen(marks[i].behind);
        if (length <= n + m || strncasecmp(header, marks[i].before, n) != 0 ||
            strncasecmp(header + length - m, marks[i].behind, m) != 0)
            continue;
        mech_reduce_name(header + n, length - n - m, base);
        return *base != '\0';
    }
    return false;
}

/* "A340", "Abs 420 nm", "OD600". */
static bool is_absorbance(const char *whole) {
    const size_t letters = strncmp(whole, "abs", 3) == 0 ? 3 : strncmp(whole, "od", 2) == 0 ? 2 : whole[0] == 'a';
    const char *digits = whole + letters;
    return letters && digits[0] >= '2' && digits[0] <= '9' && strspn(digits, "0123456789") == 3 &&
           (!digits[3] || strcmp(digits + 3, "nm") == 0);
}

/* "ln([S]0/[S])", "1/[S]": worked out of what was measured. */
static bool is_worked_out_of_readings(const char *header) {
    static const char *const begins[] = {"ln(",  "ln (", "ln[", "ln [", "ln ",  "-ln",
                                         "log(", "log[", "1/[", "1/c",  "1 / ["};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncasecmp(header, begins[i], strlen(begins[i])) == 0) return true;
    return false;
}

/* "Peak at 1690 cm-1", "Abs (420 nm)": what a spectrometer saw. */
static bool is_spectral(const char *whole) {
    const size_t n = strlen(whole);
    if (is_absorbance(whole)) return true;
    const bool wavenumber = n > 4 && strpbrk(whole, "0123456789") && strcmp(whole + n - 3, "cm1") == 0;
    return wavenumber || strncmp(whole, "absorb", 6) == 0 || strncmp(whole, "extinktion", 10) == 0 ||
           strncmp(whole, "absorption", 10) == 0;
}

/* Areas and integrals are in proportion to concentrations, whatever unit seems to stand behind them. */
static void read_signal(const char *header, header_meaning *m) {
    const char *key = m->key;
    char whole[MAX_HEADER_NAME];
    mech_reduce_name(header, strlen(header), whole);
    for (const char *at = strpbrk(header, "123456789"); at; at = strpbrk(at + 1, "123456789")) {
        const size_t digits = strspn(at, "0123456789");
        if (at[digits] != 'H' || is_name_character(small_letter(at[digits + 1])) || digits > 2) continue;
        if (at > header && !strchr("( ,_", at[-1])) continue;
        m->protons = (unsigned)(at[0] - '0') * (digits > 1 ? 10u : 1u) + (digits > 1 ? (unsigned)(at[1] - '0') : 0u);
        break;
    }
    const bool integral = strncmp(whole, "int", 3) == 0 || strstr(whole, "integral") != NULL || m->protons > 0;
    const bool area = strstr(whole, "area") != NULL || strstr(whole, "fl\303\244che") != NULL ||
                      strstr(whole, "counts") != NULL || strstr(whole, "peakheight") != NULL || is_spectral(whole);
    if ((!integral && !area) || m->unit.kind == UNIT_CONCENTRATION || m->unit.kind == UNIT_TIME ||
        strstr(whole, "yield") || m->unit.kind == UNIT_CLOCK || strncmp(whole, "internal", 8) == 0 ||
        strncmp(whole, "intst", 5) == 0)
        return;
    if (m->unit.kind == UNIT_SHARE && strstr(whole, "area")) return; /* "area %" is a share of all */
    m->unit = mech_read_unit(integral ? "integral" : "area", integral ? 8 : 4);
    if (m->role != N_COLUMN_ROLES) return;
    /* "Int. SM (2H)", "Area product": what is left without those words is the name. */
    static const char *const words[] = {"integral", "peakarea", "area", "integ", "int", "counts", "fl\303\244che"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t n = strlen(words[i]), length = strlen(key);
        char rest[MAX_HEADER_NAME] = "";
        if (strncmp(key, words[i], n) == 0)
            snprintf(rest, sizeof rest, "%s", key + n);
        else if (length > n && strcmp(key + length - n, words[i]) == 0)
            snprintf(rest, sizeof rest, "%.*s", (int)(length - n), key);
        if (strncmp(rest, "of", 2) == 0) memmove(rest, rest + 2, strlen(rest + 2) + 1);
        const column_role role = mech_known_role(rest);
        if (!*rest || role == COLUMN_TIME || role == COLUMN_RUN) continue;
        if (role != N_COLUMN_ROLES) {
            m->role = role;
            return;
        }
    }
}

/* A header that is a quantity of a species: "A(SM)", "Area [Prod]", "x(SM)", "c_{R} [mM]", "C_A". */
typedef enum stated_quantity {
    QUANTITY_NONE,
    QUANTITY_AREA,
    QUANTITY_CONCENTRATION,
    QUANTITY_FRACTION
} stated_quantity;

/* Writes what is left of such a header without its quantity to rest[MAX_HEADER_NAME]. */
static stated_quantity strip_quantity(const char *header, char *rest) {
    static const struct {
        const char *name;
        stated_quantity quantity;
    } quantities[] = {{"A", QUANTITY_AREA},
                      {"Area", QUANTITY_AREA},
                      {"Peak area", QUANTITY_AREA},
                      {"PA", QUANTITY_AREA},
                      {"Int", QUANTITY_AREA},
                      {"Integral", QUANTITY_AREA},
                      {"I", QUANTITY_AREA},
                      {"c", QUANTITY_CONCENTRATION},
                      {"C", QUANTITY_CONCENTRATION},
                      {"Conc", QUANTITY_CONCENTRATION},
                      {"conc", QUANTITY_CONCENTRATION},
                      {"Conc.", QUANTITY_CONCENTRATION},
                      {"x", QUANTITY_FRACTION},
                      {"chi", QUANTITY_FRACTION},
                      {"\xCF\x87", QUANTITY_FRACTION},
                      {"Mole fraction", QUANTITY_FRACTION}};
    const size_t length = strlen(header);
    if (!length || length >= MAX_HEADER_NAME) return QUANTITY_NONE;
    for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++) {
        const size_t n = strlen(quantities[i].name);
        if (length <= n || strncmp(header, quantities[i].name, n) != 0) continue;
        const size_t from = n + strspn(header + n, " ");
        const char open = header[from], *close = strchr(header + from, open == '(' ? ')' : ']');
        if ((open != '(' && open != '[') || from + 2 >= length || close != header + length - 1) continue;
        /* "A (mAU)" and "c (M)" have units, but "c(S)" no seconds; "Integral (7.5)" has a place in the spectrum. */
        const table_unit u = mech_read_unit(header + from + 1, length - from - 2);
        if ((u.kind != UNIT_NONE && u.kind != UNIT_TIME) || (header[from + 1] >= '0' && header[from + 1] <= '9'))
            return QUANTITY_NONE;
        snprintf(rest, MAX_HEADER_NAME, "%.*s", (int)(length - from - 2), header + from + 1);
        return quantities[i].quantity;
    }
    if ((header[0] != 'c' && header[0] != 'C') || header[1] != '_' || (header[2] >= '0' && header[2] <= '9'))
        return QUANTITY_NONE;
    const char *index = header + 2, *close = *index == '{' ? strchr(index, '}') : NULL;
    if (close)
        snprintf(rest, MAX_HEADER_NAME, "%.*s%s", (int)(close - index - 1), index + 1, close + 1);
    else
        snprintf(rest, MAX_HEADER_NAME, "%s", index);
    return *rest && *rest != ' ' ? QUANTITY_CONCENTRATION : QUANTITY_NONE;
}

static header_meaning read_plain_header(const char *header) {
    header_meaning m = {.role = N_COLUMN_ROLES, .hint = N_COLUMN_ROLES};
    size_t name_length;
    m.unit = mech_split_unit(header, &name_length);
    /* "% ArBr" is a share of what stands behind it. */
    if (m.unit.kind == UNIT_NONE && !*m.unit.name && header[0] == '%' && name_length == strlen(header))
        m.unit = mech_read_unit("%", 1);
    /* The brackets of "c0(ArBr)" hold no unit. */
    if (m.unit.kind == UNIT_NONE && *m.unit.name && names_start(header, strlen(header), m.base)) {
        name_length = strlen(header);
        m.unit = mech_read_unit("", 0);
        m.base[0] = '\0';
    }
    while (name_length && header[name_length - 1] == ' ') name_length--;
    mech_reduce_name(header, name_length, m.key);
    m.role = mech_known_role(m.key);
    /* "[Pd]T" is all of the palladium, "Pdt" the product. */
    if (m.role == COLUMN_PRODUCT && strcmp(m.key, "pdt") == 0 && strncmp(header, "[Pd]", 4) == 0)
        m.role = COLUMN_CATALYST;
    /* So much per mole of "Pt" is platinum, not what P is at time t. */
    if (m.role == COLUMN_PRODUCT && mech_is_catalyst_word(m.key) && (names_mol_percent(header) || is_ppm(&m.unit)))
        m.role = COLUMN_CATALYST;
    /* "Datum/Uhrzeit" is one name. */
    if (m.unit.kind == UNIT_NONE && *m.unit.name) {
        char all[MAX_HEADER_NAME];
        mech_reduce_name(header, strlen(header), all);
        if (mech_known_role(all) != N_COLUMN_ROLES) {
            m.role = mech_known_role(all);
            memcpy(m.key, all, sizeof all);
            m.unit = mech_read_unit("", 0);
        }
    }
    /* "cat mol%", "loading mol %" and plain "mol %": what is left without the unit is the name. */
    if (names_mol_percent(header)) {
        size_t n = strlen(m.key);
        const bool plain = n >= 3 && strcmp(m.key + n - 3, "mol") == 0;
        if (m.role == N_COLUMN_ROLES && plain && n == 3) {
            m.role = COLUMN_CATALYST;
            snprintf(m.key, sizeof m.key, "cat");
        } else if (m.role == N_COLUMN_ROLES && plain) {
            m.key[n - 3] = '\0';
            m.role = mech_known_role(m.key);
        }
        if (m.role == N_COLUMN_ROLES && strncmp(m.key, "mol", 3) == 0 && mech_is_catalyst_name(m.key + 3)) {
            memmove(m.key, m.key + 3, n - 2); /* "mol% Pd" */
            m.role = mech_known_role(m.key);
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
    /* "p / bar" is a pressure, "S / mg" no concentration. */
    if (m.role != N_COLUMN_ROLES && m.role != COLUMN_RUN && m.role != COLUMN_TIME && m.unit.kind == UNIT_OTHER) {
        m.role = N_COLUMN_ROLES;
        m.no_species = true;
    }
    if (m.role == N_COLUMN_ROLES && m.unit.kind != UNIT_TIME) m.start = names_start(header, name_length, m.base);
    if (m.start) {
        const column_role of = mech_known_role(m.base);
        m.role = of == COLUMN_SUBSTRATE  ? COLUMN_S0
                 : of == COLUMN_PRODUCT  ? COLUMN_P0
                 : of == COLUMN_SECOND   ? COLUMN_B0
                 : of == COLUMN_CATALYST ? COLUMN_CATALYST
                                         : N_COLUMN_ROLES;
        bool by_product;
        if (m.role == N_COLUMN_ROLES && mech_hinted_role(m.base, &by_product) == COLUMN_CATALYST)
            m.role = COLUMN_CATALYST;
    }
    if (m.role == N_COLUMN_ROLES && mech_is_active_name(m.key)) m.role = COLUMN_ACTIVE;
    if (is_worked_out_of_readings(header)) {
        m.role = N_COLUMN_ROLES;
        m.start = false;
        m.no_species = true;
    }
    m.no_species |= mech_is_idle_name(m.key) || mech_is_deviation_name(m.key) || mech_is_idle_name(m.base);
    read_signal(header, &m);
    if (m.role == N_COLUMN_ROLES) m.hint = mech_hinted_role(m.key, &m.by_product);
    /* A signal's name may stand where units do: "6.08 ppm (TMB, 3H)". */
    if (m.role == N_COLUMN_ROLES && m.hint == N_COLUMN_ROLES && m.unit.kind == UNIT_AREA) {
        char all[MAX_HEADER_NAME];
        mech_reduce_name(header, strlen(header), all);
        m.hint = mech_hinted_role(all, &m.by_product);
    }
    return m;
}

header_meaning mech_read_header(const char *header) {
    char rest[MAX_HEADER_NAME];
    const stated_quantity quantity = strip_quantity(header, rest);
    header_meaning m = read_plain_header(quantity == QUANTITY_NONE ? header : rest);
    if (quantity == QUANTITY_AREA) m.unit = mech_read_unit("area", 4);
    if (quantity == QUANTITY_FRACTION) m.unit = mech_read_unit("fraction", 8);
    return m;
}

bool mech_is_time_header(const char *header) {
    const char first = small_letter(*header);
    /* Most cells are numbers: they are none. */
    if ((first >= '0' && first <= '9') || first == '-' || first == '.' || !first) return false;
    return mech_read_header(header).role == COLUMN_TIME;
}
