/* Mechanisms composed of parts, by their names. */
#include "base/files/file.h"
#include "base/files/text.h"
#include "chemistry/composition/own_part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_OWN_PARTS = 32, MOST_PART_FILE = 1 << 16 };

struct mech_parts {
    own_part own[MOST_OWN_PARTS]; /* [n_own] */
    size_t n_own;
    double coefficient;
};

/* What was chosen: a built-in part or an own one of each row. */
typedef struct choice {
    const part *chosen[N_ROWS];
    const own_part *own[MOST_OWN_PARTS]; /* [n_own] */
    size_t n_own;
} choice;

mech_status mech_parts_new(mech_parts **parts, mech_error *error) {
    *parts = calloc(1, sizeof **parts);
    if (!*parts) return mech_fail_memory(error);
    (*parts)->coefficient = 1;
    return MECH_OK;
}

void mech_parts_free(mech_parts *parts) {
    if (!parts) return;
    for (size_t i = 0; i < parts->n_own; i++) mech_free(parts->own[i].lines);
    free(parts);
}

mech_status mech_parts_set_coefficient(mech_parts *parts, double coefficient, mech_error *error) {
    if (!(coefficient >= 1e-3 && coefficient <= 1e3))
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the coefficient of B is %g; expected 0.001 to 1000",
                         coefficient);
    parts->coefficient = coefficient;
    return MECH_OK;
}

double mech_parts_coefficient(const mech_parts *parts) { return parts ? parts->coefficient : 1; }

mech_status mech_parts_add_text(mech_parts *parts, const char *characters, size_t length, const char *source,
                                mech_error *error) {
    own_part p;
    if (parts->n_own == MOST_OWN_PARTS)
        return mech_fail(error, MECH_INVALID_INPUT, "%s: is one part too many; expected at most %d", source,
                         MOST_OWN_PARTS);
    mech_status status = mech_own_part_read(characters, length, source, &p, error);
    for (size_t i = 0; i < parts->n_own && status == MECH_OK; i++)
        if (strcasecmp(parts->own[i].name, p.name) == 0)
            status = mech_fail(error, MECH_INVALID_INPUT, "%s:1:1: there is a part '%s' already; expected another name",
                               source, parts->own[i].name);
    if (status == MECH_OK)
        parts->own[parts->n_own++] = p;
    else
        mech_free(p.lines);
    return status;
}

mech_status mech_parts_add_path(mech_parts *parts, const char *path, mech_error *error) {
    char *characters = NULL;
    size_t length = 0;
    mech_status status = mech_file_read(path, MOST_PART_FILE, &characters, &length, error);
    if (status == MECH_OK)
        status =
            mech_parts_add_text(parts, characters, length, strcmp(path, "-") == 0 ? "standard input" : path, error);
    mech_free(characters);
    return status;
}

size_t mech_parts_size(const mech_parts *parts) { return mech_parts_table_size() + (parts ? parts->n_own : 0); }

static const own_part *own_of(const mech_parts *parts, size_t number) {
    const size_t n = mech_parts_table_size();
    return parts && number >= n && number - n < parts->n_own ? &parts->own[number - n] : NULL;
}

const char *mech_parts_name(const mech_parts *parts, size_t number) {
    const own_part *own = own_of(parts, number);
    return own ? own->name : number < mech_parts_table_size() ? mech_parts_table[number].name : NULL;
}

const char *mech_parts_row(const mech_parts *parts, size_t number) {
    const own_part *own = own_of(parts, number);
    return own ? own->row : number < mech_parts_table_size() ? mech_row_name(mech_parts_table[number].row) : NULL;
}

const char *mech_parts_title(const mech_parts *parts, size_t number) {
    const own_part *own = own_of(parts, number);
    return own ? own->phrase : number < mech_parts_table_size() ? mech_parts_table[number].phrase : NULL;
}

static const part *cycle_m1(void) { return &mech_parts_table[0]; }

/* Why a choice cannot be: NULL, or words in room[n]. */
static const char *conflict(const choice *c, char *room, size_t n) {
    for (size_t i = 0; i < c->n_own; i++) {
        for (part_row row = 0; row < N_ROWS; row++)
            if (c->chosen[row] && strcasecmp(c->own[i]->row, mech_row_name(row)) == 0) {
                snprintf(room, n, "%s and %s are both of the row '%s'; expected one of them", c->chosen[row]->name,
                         c->own[i]->name, c->own[i]->row);
                return room;
            }
        for (size_t j = 0; j < i; j++)
            if (strcasecmp(c->own[i]->row, c->own[j]->row) == 0) {
                snprintf(room, n, "%s and %s are both of the row '%s'; expected one of them", c->own[j]->name,
                         c->own[i]->name, c->own[i]->row);
                return room;
            }
    }
    return mech_parts_conflict(c->chosen);
}

/* Adds what a piece[length] of a name says. */
static mech_status choose(const mech_parts *parts, const char *name, const char *piece, size_t length, choice *c,
                          mech_error *error) {
    for (size_t i = 0; i < mech_parts_size(parts); i++) {
        const char *known = mech_parts_name(parts, i);
        if (strlen(known) != length || strncasecmp(known, piece, length) != 0) continue;
        const own_part *own = own_of(parts, i);
        if (own) {
            c->own[c->n_own++] = own;
            return MECH_OK;
        }
        const part *chosen = &mech_parts_table[i];
        if (c->chosen[chosen->row])
            return mech_fail(error, MECH_INVALID_ARGUMENT,
                             "%.60s: %s and %s are both of the row '%s'; expected one of them", name,
                             c->chosen[chosen->row]->name, chosen->name, mech_row_name(chosen->row));
        c->chosen[chosen->row] = chosen;
        return MECH_OK;
    }
    return mech_fail(
        error, MECH_INVALID_ARGUMENT,
        "there is no mechanism '%.60s'; expected M1 to M20, or parts as in B2+PI+M9 ('mechanist mechanisms "
        "--parts' lists them)",
        name);
}

static mech_status read_name(const mech_parts *parts, const char *name, choice *c, mech_error *error) {
    char why[160];
    size_t n_pieces = 1;
    for (const char *at = name; *at; at++) n_pieces += *at == '+';
    if (n_pieces > (size_t)N_ROWS + MOST_OWN_PARTS || strlen(name) >= MAX_ID)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "the name '%.60s' is too long; expected at most %d bytes", name,
                         MAX_ID - 1);
    *c = (choice){.n_own = 0};
    for (const char *at = name;;) {
        const size_t length = strcspn(at, "+");
        const mech_status status = choose(parts, name, at, length, c, error);
        if (status != MECH_OK) return status;
        if (!at[length]) break;
        at += length + 1;
    }
    if (!c->chosen[ROW_CYCLE]) c->chosen[ROW_CYCLE] = cycle_m1();
    const char *words = conflict(c, why, sizeof why);
    return words ? mech_fail(error, MECH_INVALID_ARGUMENT, "%.60s: %s", name, words) : MECH_OK;
}

mech_status mech_compose(const mech_parts *parts, const char *name, mech_mechanism **mechanism, mech_error *error) {
    choice c;
    slot_species slots;
    *mechanism = NULL;
    mech_status status = read_name(parts, name, &c, error);
    if (status != MECH_OK) return status;
    mech_mechanism *made = malloc(sizeof *made);
    if (!made) return mech_fail_memory(error);
    mech_assemble(c.chosen, parts ? parts->coefficient : 1, made, &slots);
    for (size_t i = 0; i < c.n_own && status == MECH_OK; i++) {
        mech_mechanism *extended = NULL;
        status = mech_own_part_add(c.own[i], made, &slots, &extended, error);
        if (status != MECH_OK) break;
        /* Substrate, product and the catalyst weighed in come first there, and the others in their order: slots stay.
         */
        free(made);
        made = extended;
    }
    if (status == MECH_OK)
        *mechanism = made;
    else
        free(made);
    return status;
}

bool mech_decompose(const mech_mechanism *mechanism, const part **chosen) {
    choice c;
    mech_error error;
    if (read_name(NULL, mechanism->id, &c, &error) != MECH_OK) return false;
    mech_mechanism *same = malloc(sizeof *same);
    if (!same) return false;
    double coefficient = 1;
    for (int s = 0; s < mechanism->n_species; s++)
        if (mechanism->species[s].role == MECH_ROLE_REACTANT)
            coefficient = mech_mechanism_coefficient(mechanism, (size_t)s);
    mech_assemble(c.chosen, coefficient, same, NULL);
    const bool equal = mech_mechanism_equal(same, mechanism);
    memcpy(chosen, c.chosen, sizeof c.chosen);
    free(same);
    return equal;
}

/* Adds the name of what is chosen, where its parts go together, and those with own parts from number `from` on. */
static void add_own_names(const mech_parts *parts, const choice *so_far, size_t from, size_t parts_left, text *names) {
    char room[160], id[MAX_ID];
    if (!conflict(so_far, room, sizeof room)) {
        mech_name_composition(so_far->chosen, id);
        mech_text_add(names, id);
        for (size_t i = 0; i < so_far->n_own; i++) mech_text_format(names, "+%s", so_far->own[i]->name);
        mech_text_add(names, "\n");
    }
    for (size_t i = from; parts && i < parts->n_own && parts_left; i++) {
        choice c = *so_far;
        if (parts->own[i].needs_b && strchr(c.chosen[ROW_CYCLE]->name, 'B') == NULL) continue;
        c.own[c.n_own++] = &parts->own[i];
        add_own_names(parts, &c, i + 1, parts_left - 1, names);
    }
}

static void add_names(const mech_parts *parts, const choice *so_far, part_row row, size_t parts_left, text *names) {
    if (row == N_ROWS) {
        add_own_names(parts, so_far, 0, parts_left, names);
        return;
    }
    choice c = *so_far;
    if (row != ROW_CYCLE) add_names(parts, &c, row + 1, parts_left, names);
    for (size_t i = 0; i < mech_parts_table_size() && (parts_left || row == ROW_CYCLE); i++) {
        if (mech_parts_table[i].row != row) continue;
        c.chosen[row] = &mech_parts_table[i];
        add_names(parts, &c, row + 1, parts_left - (row != ROW_CYCLE), names);
    }
}

mech_status mech_compositions(const mech_parts *parts, size_t most_parts, char **names, mech_error *error) {
    const choice none = {.n_own = 0};
    text t = {0};
    *names = NULL;
    add_names(parts, &none, ROW_CYCLE, most_parts, &t);
    return mech_text_take(&t, names, error);
}
