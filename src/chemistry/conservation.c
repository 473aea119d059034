/* Conservation laws: whole-numbered vectors c with c N = 0, N being the stoichiometric matrix (species by reactions).
 *
 * The laws with no negative coefficient and the least support (semiflows) come from Farkas' algorithm as given by
 * J. Martinez & M. Silva, "A simple and fast algorithm to obtain all invariants of a generalised Petri net",
 * Informatik- Fachberichte 52, 301-310 (1982); where they do not span the left null space, elimination completes the
 * basis.
 *
 * Size of the numbers: every row kept here is a primitive multiple of a vector of minors of [N | I]. Divided by its
 * common factor, a column of N with three molecules on either side has a Euclidean norm of at most sqrt(14)
 * (3 A -> 2 B + C), so that minors of up to sixteen species are below 14^8 < 2^31 (Hadamard): products of two and
 * their difference fit 64 bits. */
#include "chemistry/mechanism.h"

#include <stdint.h>
#include <string.h>

enum { MOST_SEMIFLOWS = 256 };

/* A row of [N | I] under elimination. */
typedef struct law_row {
    int64_t reactions[MAX_REACTIONS];
    int64_t species[MAX_SPECIES];
} law_row;

static int64_t common_factor(int64_t a, int64_t b) {
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    while (b) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static void make_primitive(law_row *row) {
    int64_t factor = 0;
    for (int i = 0; i < MAX_REACTIONS; i++) factor = common_factor(factor, row->reactions[i]);
    for (int i = 0; i < MAX_SPECIES; i++) factor = common_factor(factor, row->species[i]);
    if (factor < 2) return;
    for (int i = 0; i < MAX_REACTIONS; i++) row->reactions[i] /= factor;
    for (int i = 0; i < MAX_SPECIES; i++) row->species[i] /= factor;
}

/* a x + b y, made primitive. */
static law_row combine(int64_t a, const law_row *x, int64_t b, const law_row *y) {
    law_row sum;
    for (int i = 0; i < MAX_REACTIONS; i++) sum.reactions[i] = a * x->reactions[i] + b * y->reactions[i];
    for (int i = 0; i < MAX_SPECIES; i++) sum.species[i] = a * x->species[i] + b * y->species[i];
    make_primitive(&sum);
    return sum;
}

/* Fills rows[n_species] with [N | I]; a backward reaction adds nothing to its forward one and is left zero. */
static void start_rows(const mech_mechanism *mechanism, law_row *rows) {
    memset(rows, 0, (size_t)mechanism->n_species * sizeof *rows);
    for (int s = 0; s < mechanism->n_species; s++) rows[s].species[s] = 1;
    for (int j = 0; j < mechanism->n_reactions; j++) {
        if (mechanism->reactions[j].reverse) continue;
        int64_t factor = 0;
        for (int s = 0; s < mechanism->n_species; s++)
            factor = common_factor(factor, mech_reaction_change(&mechanism->reactions[j], s));
        for (int s = 0; s < mechanism->n_species && factor; s++)
            rows[s].reactions[j] = mech_reaction_change(&mechanism->reactions[j], s) / factor;
    }
}

/* A basis of the left null space by elimination without fractions; returns its size. */
static int eliminate(const mech_mechanism *mechanism, law_row *rows) {
    int n = mechanism->n_species;
    start_rows(mechanism, rows);
    for (int j = 0; j < mechanism->n_reactions; j++) {
        int pivot = 0;
        while (pivot < n && rows[pivot].reactions[j] == 0) pivot++;
        if (pivot == n) continue;
        const law_row by = rows[pivot];
        rows[pivot] = rows[--n];
        for (int i = 0; i < n; i++)
            if (rows[i].reactions[j]) rows[i] = combine(by.reactions[j], &rows[i], -rows[i].reactions[j], &by);
    }
    return n;
}

static bool support_within(const law_row *inner, const law_row *outer) {
    for (int s = 0; s < MAX_SPECIES; s++)
        if (inner->species[s] && !outer->species[s]) return false;
    return true;
}

/* Keeps the rows of least support, one of those that are alike; returns how many. */
static int keep_minimal(law_row *rows, int n) {
    for (int i = 0; i < n;) {
        bool minimal = true;
        for (int j = 0; j < n && minimal; j++)
            if (j != i && support_within(&rows[j], &rows[i])) minimal = false;
        if (minimal)
            i++;
        else
            rows[i] = rows[--n];
    }
    return n;
}

/* The minimal non-negative laws in rows[2 MOST_SEMIFLOWS]; returns how many, 0 where they become too many. */
static int semiflows(const mech_mechanism *mechanism, law_row *rows) {
    int n = mechanism->n_species;
    start_rows(mechanism, rows);
    for (int j = 0; j < mechanism->n_reactions; j++) {
        int n_new = n;
        for (int a = 0; a < n; a++)
            for (int b = 0; b < n; b++) {
                if (rows[a].reactions[j] <= 0 || rows[b].reactions[j] >= 0) continue;
                if (n_new == 2 * MOST_SEMIFLOWS) return 0;
                rows[n_new++] = combine(-rows[b].reactions[j], &rows[a], rows[a].reactions[j], &rows[b]);
            }
        int kept = 0;
        for (int i = 0; i < n_new; i++)
            if (rows[i].reactions[j] == 0) rows[kept++] = rows[i];
        n = keep_minimal(rows, kept);
        if (n > MOST_SEMIFLOWS) return 0;
    }
    return n;
}

/* Total catalyst, where the mechanism conserves it. */
static bool catalyst_total(const mech_mechanism *mechanism, law_row *law) {
    memset(law, 0, sizeof *law);
    bool any = false;
    for (int s = 0; s < mechanism->n_species; s++) {
        law->species[s] = mechanism->species[s].catalyst_units;
        any = any || law->species[s];
    }
    for (int j = 0; j < mechanism->n_reactions; j++) {
        int64_t change = 0;
        for (int s = 0; s < mechanism->n_species; s++)
            change += law->species[s] * mech_reaction_change(&mechanism->reactions[j], s);
        if (change) return false;
    }
    return any;
}

/* Where a law stands in the order behind total catalyst: total substrate material (the law of substrate and product
 * with no additive in it), then the others, each kind by the number of its species. */
static int rank_of_law(const mech_mechanism *mechanism, const int64_t *law) {
    int n_species = 0, n_additives = 0;
    for (int s = 0; s < mechanism->n_species; s++) {
        n_species += law[s] != 0;
        n_additives += law[s] != 0 && mechanism->species[s].role == MECH_ROLE_ADDITIVE;
    }
    const bool substrate = law[mechanism->substrate] && law[mechanism->product];
    return (substrate && !n_additives ? 0 : MAX_SPECIES) + n_species;
}

static int compare_laws(const mech_mechanism *mechanism, const law_row *a, const law_row *b) {
    const int order = rank_of_law(mechanism, a->species) - rank_of_law(mechanism, b->species);
    if (order) return order;
    for (int s = 0; s < mechanism->n_species; s++)
        if (a->species[s] != b->species[s]) return a->species[s] > b->species[s] ? -1 : 1;
    return 0;
}

/* Rows reduced modulo a prime, to see whether one more is independent of them. Independent modulo the prime means
 * independent; the reverse fails only where the prime divides a determinant, for which the caller looks. */
typedef struct residues {
    uint64_t rows[MAX_SPECIES][MAX_SPECIES];
    int leading[MAX_SPECIES], n;
} residues;

static const uint64_t PRIME = 2147483647;

static uint64_t inverse_residue(uint64_t a) {
    uint64_t power = a, result = 1;
    for (uint64_t exponent = PRIME - 2; exponent; exponent >>= 1) { /* Fermat */
        if (exponent & 1) result = result * power % PRIME;
        power = power * power % PRIME;
    }
    return result;
}

static bool add_if_independent(residues *known, const int64_t *law) {
    uint64_t row[MAX_SPECIES];
    for (int s = 0; s < MAX_SPECIES; s++) row[s] = (uint64_t)(law[s] % (int64_t)PRIME + (int64_t)PRIME) % PRIME;
    for (int i = 0; i < known->n; i++) {
        const uint64_t factor = PRIME - row[known->leading[i]];
        for (int s = 0; s < MAX_SPECIES; s++) row[s] = (row[s] + factor * known->rows[i][s]) % PRIME;
    }
    int leading = 0;
    while (leading < MAX_SPECIES && !row[leading]) leading++;
    if (leading == MAX_SPECIES) return false;
    const uint64_t inverse = inverse_residue(row[leading]);
    for (int s = 0; s < MAX_SPECIES; s++) known->rows[known->n][s] = row[s] * inverse % PRIME;
    known->leading[known->n++] = leading;
    return true;
}

static void store_law(const mech_mechanism *mechanism, const law_row *law, int *to) {
    for (int s = 0; s < mechanism->n_species; s++) to[s] = (int)law->species[s];
}

size_t mech_mechanism_conservation_laws(const mech_mechanism *mechanism, int *laws) {
    law_row basis[MAX_SPECIES], rows[2 * MOST_SEMIFLOWS];
    const int n_laws = eliminate(mechanism, basis), n_flows = semiflows(mechanism, rows);
    for (int i = 1; i < n_flows; i++) { /* insertion sort: few rows, and no context for qsort */
        const law_row row = rows[i];
        int j = i;
        for (; j > 0 && compare_laws(mechanism, &rows[j - 1], &row) > 0; j--) rows[j] = rows[j - 1];
        rows[j] = row;
    }
    residues known = {.n = 0};
    law_row catalyst;
    if (catalyst_total(mechanism, &catalyst) && add_if_independent(&known, catalyst.species))
        store_law(mechanism, &catalyst, laws);
    for (int i = 0; i < n_flows + n_laws && known.n < n_laws; i++) {
        const law_row *law = i < n_flows ? &rows[i] : &basis[i - n_flows];
        if (add_if_independent(&known, law->species))
            store_law(mechanism, law, laws + (known.n - 1) * mechanism->n_species);
    }
    for (int i = 0; i < n_laws && known.n < n_laws; i++)
        store_law(mechanism, &basis[i], laws + i * mechanism->n_species);
    return (size_t)n_laws;
}
